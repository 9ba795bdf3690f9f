//! Permanent codes: which records have one, and which it is.

use std::collections::BTreeMap;
use std::fmt;

use yima_model::{Code, Date, Stage};

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
#[derive(Clone, Debug, Default)]
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
