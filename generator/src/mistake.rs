//! Mistakes in the content: a list, each with its place, the reason and a hint.

use std::fmt;
use std::sync::Arc;

/// How much a mistake weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Stops the build.
    Error,
    /// Is reported; the build goes on.
    Warning,
    /// A suggestion to the editor.
    Suggestion,
}

/// Where in the content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path below the content folder, with `/`.
    pub file: Arc<str>,
    /// Where in the file.
    pub at: At,
}

/// Where in a file. Keys are turned into lines only when a mistake is shown, so that records need not carry spans.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The file as a whole.
    File,
    /// A byte offset.
    Offset(usize),
    /// A line, counted from 1.
    Line(u32),
    /// A key path in the TOML, such as `relations.0.to`; the nearest existing parent is used.
    Key(String),
}

impl Place {
    /// The whole file.
    #[must_use]
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), at: At::File }
    }

    /// A key of the file.
    #[must_use]
    pub fn key(file: &Arc<str>, key: impl Into<String>) -> Self {
        Self { file: Arc::clone(file), at: At::Key(key.into()) }
    }

    /// A line of the file, counted from 1.
    #[must_use]
    pub fn line(file: &Arc<str>, line: u32) -> Self {
        Self { file: Arc::clone(file), at: At::Line(line) }
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

/// All mistakes of one run.
#[derive(Clone, Debug, Default)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    /// Adds one.
    pub fn add(&mut self, place: Place, fault: Fault) {
        self.0.push(Mistake { place, fault });
    }
}

/// What can be wrong. Placeholder until `source` and `check` land.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Anything.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(text) => f.write_str(text),
        }
    }
}
