//! Mistakes in the content: a list, each with its place, the reason and a hint.

mod fault;
mod report;

use std::sync::Arc;

pub use fault::Fault;
pub(crate) use report::is_invisible;
pub use report::{Excerpt, Report};

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
    /// A line, counted from 1.
    Line(u32),
    /// The first line below the head that holds these words.
    Words(String),
    /// A key path in the TOML, such as `relations.0.to`; the nearest existing parent is used.
    Key(String),
    /// In a list of tables, the key that holds this value: `relations`, `to`, `2021-foo`.
    Row(&'static str, &'static str, String),
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

    /// The row of a list of tables that is known by one value.
    #[must_use]
    pub fn row(file: &Arc<str>, list: &'static str, key: &'static str, value: &str) -> Self {
        Self { file: Arc::clone(file), at: At::Row(list, key, value.to_owned()) }
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

    /// How many stop the build.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|mistake| mistake.fault.severity() == Severity::Error).count()
    }

    /// In the order a person reads them: by file, then by place; the same mistake once.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.fault.severity().cmp(&b.fault.severity())));
        self.0.dedup();
    }
}
