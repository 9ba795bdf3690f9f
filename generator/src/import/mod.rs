//! Other systems' records → a content folder.
//!
//! 1. [`mapping`] is read: which field becomes which key, by which [`rule`]
//! 2. [`rows`] come one by one from the input
//! 3. [`compose`] makes a record of each through a [`reader`], with [`clean`], [`dates`] and [`template`], and looks values up in the
//!    [`vocabulary`], which may grow
//! 4. [`records`] writes it as an editor would, [`folder`] puts it in its place
//!
//! Rows that cannot be taken in are reported with their line, all in one run; the others are written. `docs/import.md`
//! describes the mapping.

pub(crate) mod basis;
mod clean;
mod compose;
mod dates;
mod error;
mod folder;
mod keys;
mod mapping;
mod reader;
pub mod records;
mod rows;
mod rule;
mod summary;
pub(crate) mod table;
mod template;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use yima_model::record::Question;

pub use error::ImportError;
pub use mapping::Kind;

use crate::mistake::{Excerpt, Fault, Mistake, Mistakes, Place, Report, Severity};
use crate::source::{self, Limits, Sources};
use compose::{Made, State};
use folder::Folder;
use mapping::Mapping;

/// The mapping for the knowledge base of a 12345 hotline.
const KNOWLEDGE_BASE: &str = include_str!("../../../docs/import/12345.toml");
/// How many questions a file holds. Small files keep their mistakes, and what is built from them, apart.
const QUESTIONS_PER_FILE: usize = 200;
/// How many characters of a row a report shows.
const SHOWN: usize = 100;

/// What to import, and where to.
#[derive(Clone, Debug)]
pub struct Options {
    /// The mapping; without one, that for the knowledge base of a 12345 hotline.
    pub mapping: Option<PathBuf>,
    /// The input.
    pub from: PathBuf,
    /// The content folder.
    pub into: PathBuf,
    /// Whether the folder may hold something already.
    pub merge: bool,
}

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rows read.
    pub rows: usize,
    /// Records written.
    pub written: usize,
    /// Records that were there already, exactly so.
    pub unchanged: usize,
    /// Rows that the mapping passes over.
    pub skipped: usize,
    /// Rows with a mistake, not taken in.
    pub wrong: usize,
    /// Files written.
    pub files: usize,
    /// Rows added to the tables because a value asked for them, by table.
    pub rows_added: BTreeMap<&'static str, Vec<String>>,
    /// Keywords that say which facts rest on a fallback, and how many records have them.
    pub marks: BTreeMap<String, usize>,
    /// Invisible characters removed.
    pub removed: BTreeMap<char, usize>,
    /// What is wrong, by line of the input or of the mapping.
    pub report: Report,
}

impl Outcome {
    /// Whether everything went in that the mapping wants in.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.report.count(Severity::Error) == 0
    }
}

/// Imports. Good rows are written even when others are wrong; with a mistake in the mapping nothing is.
///
/// # Errors
/// [`ImportError`] when something cannot be read or written, or would be overwritten.
pub fn import(options: &Options) -> Result<Outcome, ImportError> {
    let free = folder::is_free(&options.into)?;
    if !free && !options.merge {
        return Err(ImportError::NotEmpty(options.into.clone()));
    }
    let mut mistakes = Mistakes::default();
    let (text, name) = match &options.mapping {
        Some(path) => (source::read_text(path)?, file_name(path)),
        None => (KNOWLEDGE_BASE.to_owned(), Arc::from("12345.toml")),
    };
    let Some(mapping) = mapping::read(&name, &text, &mut mistakes) else {
        let folder = options.mapping.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        return Ok(Outcome { report: source::report(folder, mistakes), ..Outcome::default() });
    };
    let present = if free { Sources::default() } else { source::read(&options.into, Limits::default())? };
    if mapping.site.is_none() && present.settings.is_none() {
        return Err(ImportError::NoSite);
    }
    let rows = rows::open(&options.from, &mapping)?;
    let folder = if free { Folder::new(&options.into)? } else { Folder::existing(&options.into) };
    let mut import = Import::new(&mapping, &present, folder, file_name(&options.from));
    match import.take(rows, &options.from).and_then(|()| import.frame(&options.into)) {
        Ok(()) => import.finish(),
        Err(error) => {
            import.folder.abandon()?;
            Err(error)
        }
    }
}

fn file_name(path: &Path) -> Arc<str> {
    path.file_name().map_or_else(|| Arc::from("-"), |name| Arc::from(name.to_string_lossy()))
}

struct Import<'a> {
    mapping: &'a Mapping,
    present: &'a Sources,
    folder: Folder,
    input: Arc<str>,
    state: State,
    /// Id → digest of the file, or the question, that is there already.
    policies: BTreeMap<&'a str, u64>,
    questions: BTreeMap<&'a str, &'a Question>,
    /// Id → line, of this input.
    taken: BTreeMap<String, u32>,
    /// Theme → questions waiting to be written.
    waiting: BTreeMap<String, Vec<Question>>,
    outcome: Outcome,
}

impl<'a> Import<'a> {
    fn new(mapping: &'a Mapping, present: &'a Sources, folder: Folder, input: Arc<str>) -> Self {
        let mut state = State::default();
        state.vocabulary.present(&present.tables);
        state.vocabulary.add(&mapping.tables);
        for file in &present.policies {
            for name in basis::names(&file.policy) {
                state.named.entry(name).or_insert_with(|| file.policy.id.clone());
            }
        }
        state.policies = present.policies.iter().map(|file| file.policy.id.clone()).collect();
        Self {
            mapping,
            present,
            folder,
            input,
            state,
            policies: present.policies.iter().map(|file| (file.policy.id.as_str(), file.digest)).collect(),
            questions: present.questions.iter().map(|row| (row.question.id.as_str(), &*row.question)).collect(),
            taken: BTreeMap::new(),
            waiting: BTreeMap::new(),
            outcome: Outcome::default(),
        }
    }

    fn take(&mut self, rows: rows::Rows, path: &Path) -> Result<(), ImportError> {
        let mut line = 0;
        for row in rows {
            let row = row.map_err(|error| ImportError::Input { path: path.to_owned(), line, error })?;
            line = row.line;
            self.outcome.rows += 1;
            let faults = match &row.fields {
                Err(fault) => vec![fault.clone()],
                Ok(fields) => match self.mapping.kind {
                    Kind::Policy => match compose::policy(self.mapping, fields, &mut self.state) {
                        Made::Record(made) => self.policy(&made.0, &made.1, line)?,
                        Made::Faults(faults) => faults,
                    },
                    Kind::Question => match compose::question(self.mapping, fields, &mut self.state) {
                        Made::Record(made) => self.question(*made, line)?,
                        Made::Faults(faults) => faults,
                    },
                },
            };
            self.report(&row, faults);
        }
        Ok(())
    }

    fn report(&mut self, row: &rows::RowRead, faults: Vec<Fault>) {
        if faults.is_empty() {
            return;
        }
        if faults.iter().all(|fault| fault.severity() == Severity::Warning) {
            self.outcome.skipped += 1;
        } else {
            self.outcome.wrong += 1;
        }
        let mut text: String = row.raw.chars().take(SHOWN).collect();
        if text.len() < row.raw.len() {
            text.push('…');
        }
        for fault in faults {
            if let Some((cell, text)) = self.cell(row, &fault) {
                let mistake = Mistake { place: Place::file(&cell), fault };
                self.outcome.report.0.push((mistake, Excerpt { line: 0, text }));
                continue;
            }
            let mistake = Mistake { place: Place::line(&self.input, row.line), fault };
            self.outcome.report.0.push((mistake, Excerpt { line: row.line, text: text.clone() }));
        }
    }

    /// The cell of a table in which a fault stands, and what it holds.
    fn cell(&self, row: &rows::RowRead, fault: &Fault) -> Option<(Arc<str>, String)> {
        let spot = row.spot.as_ref()?;
        let fields = match fault {
            Fault::RowField { key, .. }
            | Fault::RowDate { key, .. }
            | Fault::RowValue { key, .. }
            | Fault::TooLong { key, .. } => self.mapping.fields_of(key),
            Fault::RowBasis { .. } => self.mapping.fields_of("policies"),
            Fault::BadId { .. } | Fault::DuplicateId { .. } => self.mapping.fields_of("id"),
            Fault::BadDocumentNumber { .. } => self.mapping.fields_of("document_numbers"),
            Fault::RowSkipped { .. } => self.mapping.skips.iter().flat_map(|(when, _)| when.keys().cloned()).collect(),
            // The cell of a fault that was found in reading it.
            _ => vec![String::new()],
        };
        // Of several columns the one that says something is the one that is wrong.
        let text = |field: &str| row.fields.as_ref().ok()?.get(field)?.as_str();
        let filled = fields.iter().map(String::as_str).filter(|field| text(field).is_some());
        let cell = spot.cell(&self.input, filled.chain(fields.iter().map(String::as_str)));
        let shown = fields.iter().find_map(|field| text(field)).unwrap_or_default();
        Some((cell, shown.chars().take(SHOWN).map(|ch| if ch == '\n' { ' ' } else { ch }).collect()))
    }

    /// An id that is taken already, by this input or by what is there.
    fn other(&mut self, id: &str, line: u32, present: bool) -> Option<Vec<Fault>> {
        let other = match self.taken.insert(id.to_owned(), line) {
            Some(first) => {
                self.taken.insert(id.to_owned(), first);
                format!("{}:{first}", self.input)
            }
            None if present => "--into".to_owned(),
            None => return None,
        };
        Some(vec![Fault::DuplicateId { id: id.to_owned(), other }])
    }

    fn policy(
        &mut self,
        policy: &yima_model::record::Policy,
        body: &str,
        line: u32,
    ) -> Result<Vec<Fault>, ImportError> {
        let text = records::policy(policy, body);
        let cap = Limits::default().file_bytes;
        if u64::try_from(text.len()).is_ok_and(|bytes| bytes > cap) {
            return Ok(vec![Fault::TooLarge { bytes: text.len().to_string(), cap: cap.to_string() }]);
        }
        let there = self.policies.get(policy.id.as_str()).copied();
        let same = there == Some(source::digest(text.as_bytes()));
        if let Some(faults) = self.other(&policy.id, line, there.is_some() && !same) {
            return Ok(faults);
        }
        if same {
            self.outcome.unchanged += 1;
            return Ok(Vec::new());
        }
        self.folder.put(&format!("policies/{:04}/{}.md", policy.published.year(), policy.id), &text)?;
        self.outcome.written += 1;
        self.state.policies.insert(policy.id.clone());
        Ok(Vec::new())
    }

    fn question(&mut self, question: Question, line: u32) -> Result<Vec<Fault>, ImportError> {
        let there = self.questions.get(question.id.as_str()).copied();
        // Rows bring no pictures and no sound: what an editor added to a question does not make it another one.
        let same = there.is_some_and(|there| Question { forms: there.forms.clone(), ..question.clone() } == *there);
        if let Some(faults) = self.other(&question.id, line, there.is_some() && !same) {
            return Ok(faults);
        }
        if same {
            self.outcome.unchanged += 1;
            return Ok(Vec::new());
        }
        self.outcome.written += 1;
        let theme = question.theme.clone();
        let waiting = self.waiting.entry(theme.clone()).or_default();
        waiting.push(question);
        if waiting.len() == QUESTIONS_PER_FILE {
            let full = std::mem::take(waiting);
            self.put_questions(&theme, &full)?;
        }
        Ok(Vec::new())
    }

    fn put_questions(&mut self, theme: &str, questions: &[Question]) -> Result<(), ImportError> {
        let mut path = format!("questions/{theme}.toml");
        let mut number = 0;
        while self.folder.has(&path) {
            number += 1;
            path = format!("questions/{theme}/{number:04}.toml");
        }
        self.folder.put(&path, &records::questions(questions))
    }

    /// The last questions, the tables and the settings.
    fn frame(&mut self, into: &Path) -> Result<(), ImportError> {
        for (theme, questions) in std::mem::take(&mut self.waiting) {
            if !questions.is_empty() {
                self.put_questions(&theme, &questions)?;
            }
        }
        for (kind, rows) in self.state.vocabulary.new_rows() {
            let path = format!("tables/{kind}.toml");
            // An editor's file keeps its order and its comments: new rows go to its end.
            let before = if self.folder.has(&path) { source::read_text(&into.join(&path))? } else { String::new() };
            let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
            self.folder.put(&path, &format!("{before}{gap}{rows}"))?;
        }
        if self.present.settings.is_none()
            && let Some(site) = &self.mapping.site
        {
            self.folder.put("site.toml", &records::settings(site))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Outcome, ImportError> {
        let mut outcome = self.outcome;
        outcome.files = self.folder.finish()?;
        let asked = self.state.vocabulary.asked().into_iter();
        outcome.rows_added = asked.map(|(kind, names)| (kind, names.to_vec())).collect();
        outcome.marks = self.state.marks;
        outcome.removed = self.state.removed;
        Ok(outcome)
    }
}
