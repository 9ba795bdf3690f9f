//! The answer desk: which move follows a question. Scores, facts and what was said so far come in, a [`Move`] goes out.
//!
//! The desk says nothing of its own. It shows an approved answer where it is sure which one is meant, asks back where
//! one word from the visitor tells several apart, and otherwise says that it does not know, with the nearest questions
//! and the department to call.

pub use self::side::Side;
use self::side::{of_row, values};
use yima_model::Date;
use yima_model::catalogue::{Facet, ValueIx};

use crate::asked::{Asked, is_stop_character};
use crate::engine::Score;
use crate::shelf::{Record, RowIx, Shelf};
use crate::text::{self, fold};

mod exchange;
mod side;

#[cfg(test)]
mod tests;

pub use exchange::Exchange;

/// From this [`confidence`] on an answer is shown without asking.
///
/// Measured in the demonstration city with one rewording of each of its 238 questions held out of the index, most of them
/// terse: an answer was shown for 28 and was the right one for 23; none of seven questions that the city has no answer to
/// got one. Of 4,644 rewordings of other questions 1,271 were answered, 1,266 of them rightly.
pub const CONFIDENT: f32 = 0.8;

/// A question with a lower score is not worth showing: three in four questions of another city stay below it.
const FAR: f32 = 0.32;

/// Below this score of the best nothing is asked back: what was asked may be something else altogether.
const WORTH_ASKING: f32 = 0.48;

/// Who types fewer telling characters (without 怎, 么, 吗, 的) names a subject, like 租房补贴, and asks nothing yet; a code or
/// an editor's best bet counts.
const SHORTEST: usize = 5;

/// The score of a record found under a code, or put first by an editor, is at least this.
const NAMED: f32 = 3.0;

/// Questions that come this near to the best are candidates.
const NEAR: f32 = 0.6;

/// How many of the best are looked at for the very words that were asked.
const NAMESAKES: usize = 6;

/// Most candidates.
const MOST: usize = 16;

/// Most values to choose from; what has none of them is found under 都不是.
const MOST_OPTIONS: usize = 6;

/// How often the desk asks back before it gives what it has.
pub const MOST_ASKED: usize = 2;

/// What a question back must tell, in bits; two equal halves are one bit.
const TELLING: f32 = 0.45;

/// What a question about the department keeps of what it tells: few know which one it is.
const HARD: f32 = 0.75;

/// What a dead answer keeps of its score: of two that fit alike the living one comes first.
const DEAD: f32 = 0.9;

/// How many questions are shown where none is sure.
pub const NEAREST: usize = 3;

/// What a visitor said to a question back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What was asked.
    pub side: Side,
    /// The id of the value (of an audience: the group); none for 都不是 and 不确定, which rules nothing out.
    pub value: Option<String>,
}

/// One value to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// What a [`Choice`] of it carries.
    pub value: String,
    /// The words on the button.
    pub name: String,
    /// How many candidates stay.
    pub count: usize,
}

/// What the desk does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// This is the question that is meant.
    Answer(RowIx),
    /// One word would tell.
    AskBack {
        /// About what.
        side: Side,
        /// The values, in the order of their table.
        options: Vec<Choosable>,
    },
    /// No answer is sure.
    Unsure {
        /// The nearest questions, best first; perhaps none.
        nearest: Vec<RowIx>,
        /// Owner of the nearest one.
        department: Option<ValueIx>,
    },
}

/// How likely it is that the best of several questions is the one that is meant: 0 to 1. Takes the scores of the two best.
///
/// A logistic function of the score (how much of the words, weighed, and how much of its title) and of the distance to
/// the second, fitted on rewordings that the index did not hold. Which part of the words as typed a question has adds
/// nothing: rewordings understood through the table of words have little of them, and a floor only kept right answers
/// back.
#[must_use]
pub fn confidence(best: f32, second: Option<f32>) -> f32 {
    let margin = 1.0 - second.map_or(0.0, |second| (second / best.max(f32::EPSILON)).clamp(0.0, 1.0));
    let sum = BASE + OF_SCORE * best.clamp(0.0, 1.5) + OF_MARGIN * margin.min(0.5);
    let likely = 1.0 / (1.0 + (-sum).exp());
    if margin < DOUBT { likely.min(0.5) } else { likely }
}

/// A second question that comes nearer than this leaves doubt, however well the best one fits: of 4,644 rewordings 751 have
/// another question before their own, and in 745 of these cases there is one as near.
const DOUBT: f32 = 0.38;

const BASE: f32 = -2.9;
const OF_SCORE: f32 = 2.1;
const OF_MARGIN: f32 = 6.5;

/// The questions whose faces [`decide`] wants to see: whoever asks in the very words of one means that one.
#[must_use]
pub fn to_be_read(shelf: &Shelf, scores: &[Score]) -> Vec<RowIx> {
    let first = shelf.catalogue().policies.len();
    scores.iter().map(|score| score.doc as RowIx).filter(|row| *row >= first).take(NAMESAKES).collect()
}

/// Decides the next move after what was `asked`. `scores` are those of all records, best first; only questions count.
///
/// A question in the very words of one that stands is that one, however sure the scores are; where several that stand
/// have the same words, what is asked back tells them apart.
#[must_use]
pub fn decide(shelf: &Shelf, asked: &Asked, scores: &[Score], choices: &[Choice], today: Date) -> Move {
    let mut candidates = Candidates::of(shelf, scores, choices, today);
    let namesakes = candidates.called(&asked.bare, today);
    if let [only] = namesakes.as_slice() {
        return Move::Answer(*only);
    }
    candidates.rows.retain(|(row, _)| namesakes.is_empty() || namesakes.contains(row));
    let Some((best, score, sure)) = candidates.best() else {
        return Move::Unsure { nearest: Vec::new(), department: None };
    };
    let telling = asked.bare.chars().filter(|ch| !is_stop_character(*ch)).count();
    let asks = telling >= SHORTEST || score >= NAMED;
    if asks && sure >= CONFIDENT && namesakes.is_empty() {
        return Move::Answer(best);
    }
    if (score >= WORTH_ASKING || !namesakes.is_empty())
        && let Some((side, options)) = candidates.ask_back(choices)
    {
        return Move::AskBack { side, options };
    }
    let nearest: Vec<RowIx> = candidates.rows.iter().take(NEAREST).map(|(row, _)| *row).collect();
    let department = shelf.column(Facet::Department).and_then(|column| column.of(best).first().copied());
    Move::Unsure { nearest, department }
}

/// Other questions that rest on the same policies as this one, or are of its theme; near ones first.
#[must_use]
pub fn related(shelf: &Shelf, row: RowIx, scores: &[Score], most: usize) -> Vec<RowIx> {
    let Some(Record::Question(this)) = shelf.record(row) else { return Vec::new() };
    let catalogue = shelf.catalogue();
    let first = catalogue.policies.len();
    let rank = |row: RowIx| scores.iter().position(|score| score.doc as RowIx == row).unwrap_or(usize::MAX);
    let kin = catalogue.questions.iter().zip(first..).filter(|(_, other)| *other != row);
    let mut kin: Vec<(bool, usize, RowIx)> = kin
        .filter_map(|(question, other)| {
            let shares = question.policies.iter().any(|policy| this.policies.contains(policy));
            (shares || question.theme.is_some() && question.theme == this.theme).then(|| (!shares, rank(other), other))
        })
        .collect();
    kin.sort_unstable();
    kin.into_iter().take(most).map(|(.., row)| row).collect()
}

/// The questions that may be meant.
struct Candidates<'a> {
    shelf: &'a Shelf,
    /// Best first, with their scores.
    rows: Vec<(RowIx, Score)>,
    /// The best score among those that are too far behind.
    beaten: f32,
}

impl<'a> Candidates<'a> {
    fn of(shelf: &'a Shelf, scores: &[Score], choices: &[Choice], today: Date) -> Self {
        let first = shelf.catalogue().policies.len();
        let questions = scores.iter().map(|score| (score.doc as RowIx, *score)).filter(|(row, _)| *row >= first);
        let mut rows: Vec<(RowIx, Score)> = questions
            .take(2 * MOST)
            .map(|(row, mut score)| {
                if !shelf.validity(row, today).is_live() {
                    score.score *= DEAD;
                }
                (row, score)
            })
            .collect();
        rows.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
        let best = rows.first().map_or(0.0, |(_, score)| score.score);
        let near = rows.partition_point(|(_, score)| score.score >= FAR.max(NEAR * best)).min(MOST);
        let beaten = rows.get(near).map_or(0.0, |(_, score)| score.score);
        rows.truncate(near);
        let mut candidates = Self { shelf, rows, beaten };
        for Choice { side, value } in choices {
            if let Some(value) = value {
                candidates.narrow(*side, value);
            }
        }
        candidates
    }

    /// The candidates that are called just this, folded and without punctuation: those that stand, else the best one.
    fn called(&self, bare: &str, today: Date) -> Vec<RowIx> {
        let is_called = |row: &RowIx| self.shelf.face(*row).is_some_and(|face| text::bare(&fold(face.title())) == bare);
        let called: Vec<RowIx> = self.rows.iter().map(|(row, _)| *row).filter(is_called).collect();
        let live: Vec<RowIx> =
            called.iter().copied().filter(|row| self.shelf.validity(*row, today).is_live()).collect();
        if live.is_empty() { called.into_iter().take(1).collect() } else { live }
    }

    /// Keeps what fits a value, and what fits any.
    fn narrow(&mut self, side: Side, value: &str) {
        let (shelf, values) = (self.shelf, values(self.shelf, side));
        let Some(value) = values.iter().position(|(id, _)| id == value) else { return };
        self.rows.retain(|(row, _)| {
            let of = of_row(shelf, side, &values, *row);
            of.is_empty() || of.contains(&value)
        });
    }

    /// The best one, its score, and how likely it is meant.
    fn best(&self) -> Option<(RowIx, f32, f32)> {
        let (row, best) = *self.rows.first()?;
        let second = self.rows.get(1).map_or(self.beaten, |(_, second)| second.score);
        Some((row, best.score, confidence(best.score, Some(second))))
    }

    /// The side that tells most, if any tells enough.
    fn ask_back(&self, choices: &[Choice]) -> Option<(Side, Vec<Choosable>)> {
        if choices.len() >= MOST_ASKED || self.rows.len() < 2 {
            return None;
        }
        let sides = Side::ALL.into_iter().filter(|side| choices.iter().all(|choice| choice.side != *side));
        let splits = sides.filter_map(|side| {
            let (mut gain, options) = self.split(side)?;
            if side == Side::Department {
                gain *= HARD;
            }
            (gain >= TELLING).then_some((gain, side, options))
        });
        // Of equals the first: the easiest to answer.
        let best = splits.reduce(|best, split| if split.0 > best.0 { split } else { best });
        best.map(|(_, side, options)| (side, options))
    }

    /// What a side tells, in bits, and its values; none where one of them would rule nothing out.
    ///
    /// The candidates are weighed by their scores. One with several values is as likely under each of them, one without
    /// (for everybody, in the whole city) as likely under all.
    fn split(&self, side: Side) -> Option<(f32, Vec<Choosable>)> {
        let values = values(self.shelf, side);
        let of_rows: Vec<Vec<usize>> =
            self.rows.iter().map(|(row, _)| of_row(self.shelf, side, &values, *row)).collect();
        let total: f32 = self.rows.iter().map(|(_, score)| score.score).sum();
        let weights: Vec<f32> = self.rows.iter().map(|(_, score)| score.score / total).collect();
        let weight = |value: usize| -> f32 {
            of_rows.iter().zip(&weights).filter(|(of, _)| of.contains(&value)).map(|(_, weight)| weight).sum()
        };
        let mut shown: Vec<usize> = of_rows.iter().flatten().copied().collect();
        shown.sort_unstable();
        shown.dedup();
        shown.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
        shown.truncate(MOST_OPTIONS);
        shown.sort_unstable();
        if shown.len() < 2 {
            return None;
        }
        // After the values shown: 都不是.
        let mut joint: Vec<Vec<f32>> = vec![vec![0.0; weights.len()]; shown.len() + 1];
        for (at, (of, weight)) in of_rows.iter().zip(&weights).enumerate() {
            let fits: Vec<usize> = (0..shown.len())
                .filter(|&place| of.is_empty() || shown.get(place).is_some_and(|value| of.contains(value)))
                .collect();
            let places = if fits.is_empty() { vec![shown.len()] } else { fits };
            for &place in &places {
                if let Some(cell) = joint.get_mut(place).and_then(|row| row.get_mut(at)) {
                    *cell = weight / as_f32(places.len());
                }
            }
        }
        let options: Vec<Choosable> = shown
            .iter()
            .zip(&joint)
            .filter_map(|(&value, joint)| {
                let (id, name) = values.get(value)?;
                let count = joint.iter().filter(|cell| **cell > 0.0).count();
                Some(Choosable { value: id.clone(), name: name.clone(), count })
            })
            .collect();
        if options.iter().any(|option| option.count == self.rows.len()) {
            return None;
        }
        let left: f32 = joint
            .iter()
            .map(|row| {
                let sum: f32 = row.iter().sum();
                if sum > 0.0 { sum * entropy(row.iter().map(|cell| cell / sum)) } else { 0.0 }
            })
            .sum();
        Some((entropy(weights.iter().copied()) - left, options))
    }
}

/// Shannon entropy in bits.
fn entropy(shares: impl Iterator<Item = f32>) -> f32 {
    shares.filter(|share| *share > 0.0).map(|share| -share * share.log2()).sum()
}

fn as_f32(count: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let count = count as f32;
    count
}
