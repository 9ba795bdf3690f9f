//! Permanent codes: which records have one, which it is, and how it gets onto paper.
//!
//! - [`ledger`]: the text of `codes.csv` ⇄ lines
//! - [`permanence`]: whether a newer ledger keeps what a published one promised
//! - [`mod@assign`]: live records + ledger + tombstones → every code, new lines for the ledger, what would break
//! - [`qr`]: an address → the symbol that is printed
//! - [`describe`]: a record in words, for paper and for the terminal
//! - [`select`]: `theme:jiuye` and the like → records
//! - [`sheet`]: records → stickers, posters and table tents that print well
//! - [`wording`]: what a person reads when something is wrong
//!
//! Text in, text out: nothing here reads or writes a file.

pub mod assign;
mod cards;
pub mod describe;
#[cfg(test)]
pub(crate) mod example;
pub mod ledger;
mod pages;
pub mod permanence;
pub mod qr;
pub mod select;
pub mod sheet;
pub mod wording;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use yima_model::record::{Policy, Question};
use yima_model::{Code, Date, Stage, StageStatus};

pub use assign::{Assigned, CodeProblem, assign};
pub use cards::CardSymbols;
pub use ledger::Ledger;
pub use pages::PageSymbols;
pub use qr::Symbol;

/// A record that can have a code. Its text form `kind:id` stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKey {
    /// `policy:<policy id>`
    Policy(String),
    /// `stage:<policy id>/<stage id>`: a stage that is published or ongoing.
    Stage(String, Stage),
    /// `attachment:<policy id>/<file>`
    Attachment(String, String),
    /// `article:<policy id>/<number>`: an article its editor marked.
    Article(String, u16),
    /// `question:<question id>`
    Question(String),
}

impl RecordKey {
    /// Every kind, as it stands in the ledger.
    pub const KINDS: [&str; 5] = ["policy", "stage", "attachment", "article", "question"];

    /// The kind, one of [`RecordKey::KINDS`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Policy(_) => "policy",
            Self::Stage(..) => "stage",
            Self::Attachment(..) => "attachment",
            Self::Article(..) => "article",
            Self::Question(_) => "question",
        }
    }

    /// The policy that the record is, or is a part of.
    #[must_use]
    pub fn policy_id(&self) -> Option<&str> {
        match self {
            Self::Policy(id) | Self::Stage(id, _) | Self::Attachment(id, _) | Self::Article(id, _) => Some(id),
            Self::Question(_) => None,
        }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(id) => write!(f, "policy:{id}"),
            Self::Stage(id, stage) => write!(f, "stage:{id}/{}", stage.id()),
            Self::Attachment(id, file) => write!(f, "attachment:{id}/{file}"),
            Self::Article(id, number) => write!(f, "article:{id}/{number}"),
            Self::Question(id) => write!(f, "question:{id}"),
        }
    }
}

/// Why a text is not a `kind:id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No such kind, or no `:` at all.
    Kind,
    /// The id does not have the form of its kind.
    Id,
}

impl FromStr for RecordKey {
    type Err = KeyError;

    /// The inverse of its text form: what is read is written again letter for letter.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (kind, id) = text.split_once(':').ok_or(KeyError::Kind)?;
        let part = || id.split_once('/').filter(|(policy, part)| is_id(policy) && !part.is_empty()).ok_or(KeyError::Id);
        match kind {
            "policy" if is_id(id) => Ok(Self::Policy(id.to_owned())),
            "question" if is_id(id) => Ok(Self::Question(id.to_owned())),
            "policy" | "question" => Err(KeyError::Id),
            "stage" => {
                let (policy, stage) = part()?;
                Ok(Self::Stage(policy.to_owned(), Stage::from_id(stage).ok_or(KeyError::Id)?))
            }
            "attachment" => {
                let (policy, file) = part()?;
                let plain = !file.chars().any(|ch| ch == '/' || ch.is_control());
                plain.then(|| Self::Attachment(policy.to_owned(), file.to_owned())).ok_or(KeyError::Id)
            }
            "article" => {
                let (policy, number) = part()?;
                let article: u16 = number.parse().map_err(|_| KeyError::Id)?;
                // `03` and `+3` would be second names of one record.
                let canonical = article > 0 && number == article.to_string();
                canonical.then(|| Self::Article(policy.to_owned(), article)).ok_or(KeyError::Id)
            }
            _ => Err(KeyError::Kind),
        }
    }
}

/// Whether `text` can be an id at all; `check` is stricter about new ones.
fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|ch| ch == '/' || ch == ':' || ch.is_whitespace() || ch.is_control())
}

/// Everything of a policy that has a code: itself, its stages that are published or ongoing, its attachments, and the
/// articles its editor marked. Sorted.
#[must_use]
pub fn records_of(policy: &Policy) -> Vec<RecordKey> {
    let shown = |status| matches!(status, StageStatus::Published | StageStatus::Ongoing);
    let stages = policy.stages.iter().filter(|record| shown(record.status)).map(|record| record.stage);
    let mut records = vec![RecordKey::Policy(policy.id.clone())];
    records.extend(stages.map(|stage| RecordKey::Stage(policy.id.clone(), stage)));
    records.extend(policy.attachments.iter().map(|paper| RecordKey::Attachment(policy.id.clone(), paper.file.clone())));
    records.extend(policy.marked_articles.iter().map(|&number| RecordKey::Article(policy.id.clone(), number)));
    records.sort();
    records.dedup();
    records
}

/// Every record that must have a code, sorted: the `live` side of [`assign()`].
#[must_use]
pub fn live_records<'a>(
    policies: impl IntoIterator<Item = &'a Policy>,
    questions: impl IntoIterator<Item = &'a Question>,
) -> Vec<RecordKey> {
    let mut records: Vec<RecordKey> = policies.into_iter().flat_map(records_of).collect();
    records.extend(questions.into_iter().map(|question| RecordKey::Question(question.id.clone())));
    records.sort();
    records.dedup();
    records
}

/// One line of the ledger `codes.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// The code.
    pub code: Code,
    /// `kind:id` of its record, as text: the record may be gone.
    pub record: String,
    /// When the code was given out.
    pub since: Date,
}

/// The codes of all records of a city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// Record → code, for every live record.
    pub by_record: BTreeMap<RecordKey, Code>,
    /// Code → record, for the same.
    pub by_code: BTreeMap<Code, RecordKey>,
    /// Codes whose record is gone, with the index of its tombstone in [`crate::City::tombstones`].
    pub withdrawn: BTreeMap<Code, usize>,
}

impl Codes {
    /// The code of a record.
    #[must_use]
    pub fn of(&self, record: &RecordKey) -> Option<Code> {
        self.by_record.get(record).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_what_it_wrote() {
        for text in [
            "policy:2025-foo",
            "stage:2025-foo/basis",
            "attachment:2025-foo/form, new.pdf",
            "article:2025-foo/3",
            "question:jiuye-001",
        ] {
            let key: RecordKey = text.parse().unwrap();
            assert_eq!(key.to_string(), text);
            assert!(text.starts_with(&format!("{}:", key.kind())));
        }
    }

    #[test]
    fn what_is_no_key_says_which_half_is_wrong() {
        for text in ["2025-foo", "polcy:2025-foo", "Policy:2025-foo", ":2025-foo", ""] {
            assert_eq!(text.parse::<RecordKey>(), Err(KeyError::Kind), "{text}");
        }
        for text in [
            "policy:",
            "policy:a b",
            "policy:a/b",
            "stage:2025-foo",
            "stage:2025-foo/begin",
            "stage:/basis",
            "attachment:2025-foo/",
            "attachment:2025-foo/a/b.pdf",
            "article:2025-foo/03",
            "article:2025-foo/0",
            "article:2025-foo/65536",
            "question:a:b",
        ] {
            assert_eq!(text.parse::<RecordKey>(), Err(KeyError::Id), "{text}");
        }
    }
}
