//! What is kept of a record while the files are made.

use yima_model::catalogue::{Face, Kind, PolicyRow, QuestionRow};

use super::{Lines, Record, Said};
use crate::term::{Pair, pairs, runs};
use crate::text::fold;

/// A record as the files of the search need it.
#[derive(Clone, Debug)]
pub struct Card {
    /// What a list shows.
    pub(super) face: Face,
    /// Its facts.
    pub(super) row: Row,
    /// What it is called.
    pub(super) titles: Vec<String>,
    /// What it is called as a whole.
    pub(super) identifiers: Vec<String>,
    /// Bytes of its titles and of what it says.
    pub(super) weight: usize,
    /// Words worth a key stroke, folded, with their weights; taken when they are counted.
    pub(super) words: Vec<(String, u32)>,
    /// What it says, line by line; nothing where whoever makes the files gives it when it is asked for.
    pub(super) body: String,
}

/// The facts of a record.
#[derive(Clone, Debug)]
pub(super) enum Row {
    Policy(PolicyRow),
    /// With the ids of its policies.
    Question(QuestionRow, Vec<String>),
}

impl Card {
    /// What a record gives to all files but what it says, for who takes that from elsewhere.
    #[must_use]
    pub fn new(record: Record) -> Self {
        Self::with_lines(record).0
    }

    /// The same with what it says.
    pub(super) fn with_body(record: Record) -> Self {
        let (card, body) = Self::with_lines(record);
        Self { body: body.join("\n"), ..card }
    }

    fn with_lines(record: Record) -> (Self, Vec<String>) {
        let face = record.face();
        let row = match &record.said {
            Said::Policy(policy) => Row::Policy(policy.row()),
            Said::Question(question) => Row::Question(question.row(), question.policies.clone()),
        };
        let words = record.words().into_iter().map(|(word, weight)| (fold(word), weight)).collect();
        let lines = record.into_lines();
        let weight = lines.len();
        let Lines { titles, identifiers, body } = lines;
        (Self { face, row, titles, identifiers, weight, words, body: String::new() }, body)
    }

    /// By what records are sorted: policies, then questions, each by their ids.
    pub(super) fn key(&self) -> (Kind, &str) {
        let kind = match self.face {
            Face::Policy(_) => Kind::Policy,
            Face::Question(_) => Kind::Question,
        };
        (kind, self.face.id())
    }

    /// What a list shows.
    #[must_use]
    pub const fn face(&self) -> &Face {
        &self.face
    }

    /// The pairs of what it is called, by which it is put beside its likes.
    #[must_use]
    pub fn features(&self) -> Vec<Pair> {
        self.titles.iter().flat_map(|title| runs(&fold(title)).flat_map(pairs).collect::<Vec<Pair>>()).collect()
    }
}
