//! The city: all records, linked. Everything after this stage only reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use yima_model::record::{Policy, Question, SiteSettings, Tables, Tombstone};
use yima_model::{Date, Lifespan, RelationKind, Validity};

use crate::codes::Codes;
use crate::markdown::Body;

/// Index into [`City::policies`].
pub type PolicyIx = usize;
/// Index into [`City::questions`].
pub type QuestionIx = usize;

/// All records of a city on one day.
#[derive(Clone, Debug)]
pub struct City {
    /// The build date.
    pub today: Date,
    /// Settings.
    pub settings: SiteSettings,
    /// Controlled tables.
    pub tables: Tables,
    /// Sorted by id.
    pub policies: Vec<PolicyEntry>,
    /// Sorted by id.
    pub questions: Vec<QuestionEntry>,
    /// Sorted by record.
    pub tombstones: Vec<Tombstone>,
    /// Every code.
    pub codes: Codes,
    /// Policy id → index.
    pub policy_index: BTreeMap<String, PolicyIx>,
}

/// A policy and what the rest of the city says about it.
#[derive(Clone, Debug)]
pub struct PolicyEntry {
    /// The record.
    pub policy: Policy,
    /// Its full text.
    pub body: Body,
    /// Its file below the content folder.
    pub file: Arc<str>,
    /// First line of the text in the file, counted from 1; adds to the lines in [`Body`].
    pub body_line: u32,
    /// The dates that decide validity, amendments included.
    pub lifespan: Lifespan,
    /// Validity on [`City::today`].
    pub validity: Validity,
    /// Relations that point here, in order of kind, then of the other document's publication, newest first.
    pub incoming: Vec<Incoming>,
    /// Questions bound to it, in id order.
    pub questions: Vec<QuestionIx>,
    /// Digest of the record as read, for incremental builds.
    pub digest: u64,
}

/// A relation seen from the document it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// What kind.
    pub kind: RelationKind,
    /// Who has it.
    pub from: PolicyIx,
    /// Its scope.
    pub note: Option<String>,
}

/// A question and its parsed answer.
#[derive(Clone, Debug)]
pub struct QuestionEntry {
    /// The record.
    pub question: Question,
    /// Its answer as HTML and text.
    pub answer: Body,
    /// The policies of its bindings, in the same order.
    pub policies: Vec<PolicyIx>,
    /// Its file below the content folder.
    pub file: Arc<str>,
    /// Its place in the file: `questions.<n>`.
    pub position: usize,
    /// Digest of the record as read, for incremental builds.
    pub digest: u64,
}

impl City {
    /// The policy with this id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&PolicyEntry> {
        self.policy_index.get(id).and_then(|&ix| self.policies.get(ix))
    }
}
