//! Reads the content folder. The only room that reads the disk.
//!
//! Files are found in one sorted walk, read and parsed in parallel, and joined in the order of their paths, so that the
//! result does not depend on the number of threads or on the file system.

mod accept;
mod audio;
mod fields;
mod forms;
mod locate;
mod policy;
mod question;
mod quick;
mod syntax;
mod tables;
mod text;
mod walk;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use yima_model::record::{BestBet, SiteSettings, Tables, Tombstone, Words};

pub(crate) use accept::with_hashes;
pub(crate) use fields::{Fields, FileContext, instead};
pub use locate::report;
pub(crate) use policy::{PolicyFile, id_of};
pub(crate) use question::QuestionRow;
pub(crate) use tables::{TABLES, department, site, term};
pub(crate) use text::problems;
pub use walk::Limits;

use crate::mistake::{Fault, Mistakes, Place};

/// 大白话 ⇄ 术语
const WORDS: &str = "tables/words.toml";
/// 编辑推荐
pub(crate) const BEST_BETS: &str = "tables/best_bets.toml";

/// Everything read, not yet linked.
#[derive(Debug, Default)]
pub struct Sources {
    pub(crate) settings: Option<SiteSettings>,
    pub(crate) tables: Tables,
    pub(crate) policies: Vec<PolicyFile>,
    pub(crate) questions: Vec<QuestionRow>,
    pub(crate) tombstones: Vec<Tombstone>,
    /// Text of `codes.csv`; empty when there is none yet.
    pub(crate) ledger: Vec<u8>,
    /// Site path → bytes: the attachments.
    pub attachments: BTreeMap<String, Arc<[u8]>>,
    /// All mistakes so far.
    pub mistakes: Mistakes,
}

/// The disk said no.
#[derive(Debug)]
pub struct ReadError {
    /// Which file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "读不了 {}：{} (cannot read)", self.path.display(), self.error)
    }
}

impl std::error::Error for ReadError {}

/// Reads the content folder.
///
/// # Errors
/// [`ReadError`] when the folder or a file in it cannot be read; mistakes *in* the files are in [`Sources::mistakes`].
pub fn read(content: &Path, limits: Limits) -> Result<Sources, ReadError> {
    Reader::default().read(content, limits, &|_| true)
}

/// Reads the content folder again and again, and opens only what has changed.
#[derive(Debug, Default)]
pub struct Reader {
    parts: BTreeMap<Arc<str>, Part>,
    /// What finding the files complained about.
    walked: Mistakes,
    /// Whether the last reading came to its end. After one that did not, everything is read anew.
    complete: bool,
}

impl Reader {
    /// Reads the content folder. A file that was read before is opened again only when `changed`, asked for its path
    /// below the folder, says so; files that came or went are found in any case.
    ///
    /// # Errors
    /// As for [`read`].
    pub fn read(
        &mut self,
        content: &Path,
        limits: Limits,
        changed: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Sources, ReadError> {
        if !std::mem::take(&mut self.complete) {
            self.parts.clear();
        }
        self.walked = Mistakes::default();
        let Some(files) = walk::files(content, limits, &mut self.walked)? else {
            self.parts.clear();
            return Ok(Sources { mistakes: std::mem::take(&mut self.walked), ..Sources::default() });
        };
        self.open(content, limits, &files, changed)
    }

    /// [`Reader::read`] when no file came or went since the last time, and at most these have changed. Finding thirty
    /// thousand files costs more than reading one.
    ///
    /// # Errors
    /// As for [`read`].
    pub fn read_again(&mut self, content: &Path, limits: Limits, changed: &[&str]) -> Result<Sources, ReadError> {
        if !self.complete || !changed.iter().all(|file| self.parts.contains_key(*file)) {
            return self.read(content, limits, &|file| changed.contains(&file));
        }
        let files: Vec<Arc<str>> = self.parts.keys().cloned().collect();
        self.open(content, limits, &files, &|file| changed.contains(&file))
    }

    /// Opens what is new or has changed of `files`, which are sorted.
    fn open(
        &mut self,
        content: &Path,
        limits: Limits,
        files: &[Arc<str>],
        changed: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Sources, ReadError> {
        self.complete = false;
        let mut sources = Sources { mistakes: self.walked.clone(), ..Sources::default() };
        let known = &self.parts;
        let opened: Vec<(Arc<str>, Part)> = files
            .par_iter()
            .filter(|file| !known.contains_key(*file) || changed(file))
            .map_init(Vec::new, |buffer, file| Ok((Arc::clone(file), part(content, file, limits, buffer)?)))
            .collect::<Result<_, ReadError>>()?;
        self.parts.retain(|file, _| files.binary_search(file).is_ok());
        self.parts.extend(opened);
        attach(&mut self.parts, limits, &mut sources);
        audio::attach(&mut self.parts, &mut sources);
        forms::attach(&mut self.parts, &mut sources);
        for part in self.parts.values() {
            part.join(&mut sources);
        }
        missing_files(&mut sources);
        unused_attachments(files, &mut sources);
        self.complete = true;
        Ok(sources)
    }
}

/// Reads every file below `folder`: path below it → bytes. A folder that is not there is empty.
///
/// # Errors
/// [`ReadError`] when a file cannot be read.
pub fn read_folder(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, ReadError> {
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let files = walk::files(folder, Limits::default(), &mut Mistakes::default())?.unwrap_or_default();
    files.into_iter().map(|file| Ok((file.to_string(), walk::read(&folder.join(&*file))?))).collect()
}

/// Reads one text file outside a content folder, such as a mapping; what is not UTF-8 is shown as such.
///
/// # Errors
/// [`ReadError`] when it cannot be read.
pub(crate) fn read_text(path: &Path) -> Result<String, ReadError> {
    Ok(String::from_utf8_lossy(&walk::read(path)?).into_owned())
}

/// The bytes of a file, or `None` when it is not there.
///
/// # Errors
/// [`ReadError`] when it is there and cannot be read.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, ReadError> {
    match walk::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(ReadError { error, .. }) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What one file gave.
#[derive(Debug)]
struct Part {
    content: PartContent,
    mistakes: Mistakes,
}

#[derive(Debug)]
enum PartContent {
    Settings(Box<SiteSettings>),
    Departments(Vec<yima_model::record::Department>),
    Terms(&'static str, Vec<yima_model::record::Term>),
    Words(Vec<Words>),
    BestBets(Vec<BestBet>),
    Tombstones(Vec<Tombstone>),
    Policy(Option<PolicyFile>),
    Questions(Vec<QuestionRow>),
    Ledger(Arc<[u8]>),
    Attachment {
        bytes: Arc<[u8]>,
        sha256: String,
    },
    /// An attachment over the limit, which was not opened.
    Oversized(u64),
    Nothing,
}

impl Part {
    fn join(&self, sources: &mut Sources) {
        sources.mistakes.0.extend_from_slice(&self.mistakes.0);
        match &self.content {
            PartContent::Settings(settings) => sources.settings = Some((**settings).clone()),
            PartContent::Departments(rows) => sources.tables.departments.clone_from(rows),
            PartContent::Terms(kind, rows) => match *kind {
                "districts" => sources.tables.districts.clone_from(rows),
                "themes" => sources.tables.themes.clone_from(rows),
                "audiences" => sources.tables.audiences.clone_from(rows),
                "sectors" => sources.tables.sectors.clone_from(rows),
                _ => sources.tables.genres.clone_from(rows),
            },
            PartContent::Words(rows) => sources.tables.words.clone_from(rows),
            PartContent::BestBets(rows) => sources.tables.best_bets.clone_from(rows),
            PartContent::Tombstones(rows) => sources.tombstones.clone_from(rows),
            PartContent::Policy(policy) => sources.policies.extend(policy.clone()),
            PartContent::Questions(rows) => sources.questions.extend_from_slice(rows),
            PartContent::Ledger(bytes) => sources.ledger = bytes.to_vec(),
            PartContent::Attachment { .. } | PartContent::Oversized(_) | PartContent::Nothing => {}
        }
    }
}

/// Opens a file. `buffer` is reused from file to file.
fn part(content: &Path, file: &Arc<str>, limits: Limits, buffer: &mut Vec<u8>) -> Result<Part, ReadError> {
    let nothing = || Part { content: PartContent::Nothing, mistakes: Mistakes::default() };
    let table = file.strip_prefix("tables/").and_then(|name| name.strip_suffix(".toml"));
    let wanted = matches!(&**file, "site.toml" | "tombstones.toml" | "codes.csv" | WORDS | BEST_BETS)
        || table.is_some_and(|table| tables::TABLES.contains(&table))
        || (file.starts_with("policies/") && file.ends_with(".md") && !is_readme(file))
        || (file.starts_with("questions/") && file.ends_with(".toml"))
        || file.starts_with("attachments/");
    if !wanted {
        let mut part = nothing();
        let ours = ["policies/", "questions/", "tables/"].iter().any(|folder| file.starts_with(folder));
        if (ours || file.ends_with(".toml")) && !is_readme(file) {
            part.mistakes.add(Place::file(file), Fault::Unread);
        }
        return Ok(part);
    }
    let path = content.join(&**file);
    if file.starts_with("attachments/") {
        // Large, and to be kept.
        let content = match walk::read_capped(&path, limits.attachment_bytes, &mut Vec::new())? {
            walk::Opened::TooLarge(bytes) => PartContent::Oversized(bytes),
            walk::Opened::Bytes(bytes) => {
                let sha256 = hex(&Sha256::digest(bytes));
                PartContent::Attachment { bytes: bytes.into(), sha256 }
            }
        };
        return Ok(Part { content, ..nothing() });
    }
    let cap = if &**file == "codes.csv" { u64::MAX } else { limits.file_bytes };
    let bytes = match walk::read_capped(&path, cap, buffer)? {
        walk::Opened::TooLarge(bytes) => {
            let fault = Fault::TooLarge { bytes: bytes.to_string(), cap: limits.file_bytes.to_string() };
            return Ok(unread(Place::file(file), fault));
        }
        walk::Opened::Bytes(bytes) => bytes,
    };
    if &**file == "codes.csv" {
        return Ok(Part { content: PartContent::Ledger(bytes.into()), ..nothing() });
    }
    let mut part = nothing();
    let text = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = &bytes[..error.valid_up_to()];
            let line = good.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let place = Place::line(file, u32::try_from(line).unwrap_or(u32::MAX));
            return Ok(unread(place, Fault::NotUtf8));
        }
    };
    (part.content, part.mistakes) = if file.starts_with("policies/") {
        let (policy, mistakes) = policy::read(file, text);
        (PartContent::Policy(policy), mistakes)
    } else if file.starts_with("questions/") {
        let (rows, mistakes) = question::read(file, text);
        (PartContent::Questions(rows), mistakes)
    } else if let Some(kind) = table.and_then(|table| tables::TABLES.into_iter().find(|kind| *kind == table)) {
        if kind == "departments" {
            let (rows, mistakes) = tables::departments(file, text);
            (PartContent::Departments(rows), mistakes)
        } else {
            let (rows, mistakes) = tables::terms(file, text, kind);
            (PartContent::Terms(kind, rows), mistakes)
        }
    } else if &**file == WORDS {
        let (rows, mistakes) = words::words(file, text);
        (PartContent::Words(rows), mistakes)
    } else if &**file == BEST_BETS {
        let (rows, mistakes) = words::best_bets(file, text);
        (PartContent::BestBets(rows), mistakes)
    } else if &**file == "site.toml" {
        let (settings, mistakes) = tables::settings(file, text);
        (PartContent::Settings(Box::new(settings)), mistakes)
    } else {
        let (rows, mistakes) = tables::tombstones(file, text);
        (PartContent::Tombstones(rows), mistakes)
    };
    Ok(part)
}

/// Notes to the editors may stand in any folder.
fn is_readme(file: &str) -> bool {
    file.rsplit('/').next() == Some("README.md")
}

/// A file that could not be read at all.
fn unread(place: Place, fault: Fault) -> Part {
    let mut mistakes = Mistakes::default();
    mistakes.add(place, fault);
    Part { content: PartContent::Nothing, mistakes }
}

/// Reports the files that no city can do without. One that is there and could not be read was reported before.
fn missing_files(sources: &mut Sources) {
    let tables = &sources.tables;
    for (path, there) in [
        ("site.toml", sources.settings.is_some()),
        ("tables/departments.toml", !tables.departments.is_empty()),
        ("tables/themes.toml", !tables.themes.is_empty()),
        ("tables/genres.toml", !tables.genres.is_empty()),
    ] {
        let reported = sources.mistakes.0.iter().any(|mistake| &*mistake.place.file == path);
        if !there && !reported {
            sources.mistakes.add(Place::file(&Arc::from(path)), Fault::MissingFile { path: path.into() });
        }
    }
}

/// Reports attachments that no record lists.
fn unused_attachments(files: &[Arc<str>], sources: &mut Sources) {
    let listed: BTreeSet<String> = sources
        .policies
        .iter()
        .flat_map(|PolicyFile { policy, .. }| {
            let attachments = policy.attachments.iter().map(|attachment| &attachment.file);
            let files = attachments.chain(policy.audio.as_ref().map(|audio| &audio.file));
            files.map(|file| format!("attachments/{}/{file}", policy.id))
        })
        .chain(sources.questions.iter().flat_map(|QuestionRow { question, .. }| {
            question.forms.iter().map(|form| forms::path(&question.id, &form.file))
        }))
        .collect();
    // A policy that could not be read may list anything, and so may a question.
    let mut troubled: BTreeSet<&str> =
        sources.mistakes.0.iter().map(|mistake| policy::id_of(&mistake.place.file)).collect();
    if sources.mistakes.0.iter().any(|mistake| mistake.place.file.starts_with("questions/")) {
        troubled.insert("questions");
    }
    let unused: Vec<&Arc<str>> = files
        .iter()
        .filter(|file| {
            let owner = file.strip_prefix("attachments/").and_then(|name| name.split('/').next());
            owner.is_some_and(|owner| !troubled.contains(owner)) && !listed.contains(&***file)
        })
        .collect();
    for file in unused {
        sources.mistakes.add(Place::file(file), Fault::UnusedAttachment);
    }
}

/// Gives the attachments that policies name their size and hash, and the site their bytes.
fn attach(parts: &mut BTreeMap<Arc<str>, Part>, limits: Limits, sources: &mut Sources) {
    let mut found = Vec::new();
    for (file, part) in &*parts {
        let PartContent::Policy(Some(record)) = &part.content else { continue };
        for (position, row) in record.policy.attachments.iter().enumerate() {
            let relative = format!("attachments/{}/{}", record.policy.id, row.file);
            let place = || Place::row(&record.file, "attachments", "file", &row.file);
            match parts.get(relative.as_str()).map(|part| &part.content) {
                Some(PartContent::Attachment { bytes, sha256 }) => {
                    // A record that says so already is shared with the last reading and stays so.
                    if row.sha256 != *sha256 {
                        found.push((Arc::clone(file), position, bytes.len(), sha256.clone()));
                    }
                    let path = format!("attachment/{}/{}", record.policy.id, row.file);
                    sources.attachments.insert(path, Arc::clone(bytes));
                }
                Some(PartContent::Oversized(bytes)) => {
                    let fault = Fault::TooLarge { bytes: bytes.to_string(), cap: limits.attachment_bytes.to_string() };
                    sources.mistakes.add(place(), fault);
                }
                // Only what the walk found: a link could lead out of the content folder.
                _ => sources.mistakes.add(place(), Fault::AttachmentMissing { path: relative }),
            }
        }
    }
    for (file, position, bytes, sha256) in found {
        let Some(PartContent::Policy(Some(record))) = parts.get_mut(&file).map(|part| &mut part.content) else {
            continue;
        };
        if let Some(row) = Arc::make_mut(&mut record.policy).attachments.get_mut(position) {
            row.bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            row.sha256 = sha256;
        }
    }
}

/// The `id` of a record; empty when it cannot be used.
fn id(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> String {
    let id = f.required_text(ctx, "id");
    if !id.is_empty() && !is_id(&id) {
        ctx.add(f.offset("id"), Fault::BadId { value: id });
        return String::new();
    }
    id
}

/// Lower-case letters, digits and hyphens, 1 to 60 of them.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=60).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The name of an attached file: it becomes part of an address.
pub(crate) fn is_file_name(name: &str) -> bool {
    (1..=120).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Tells whether a file says what it said before. It is not meant to withstand anybody who wants two texts to look alike:
/// eight bytes at a time, multiplied and folded, in four rows that do not wait for each other.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let fold = |value: u64, word: u64| {
        let product = u128::from(value ^ word) * u128::from(FACTOR);
        ((product as u64) ^ ((product >> 64) as u64)).wrapping_add(FACTOR)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let (fours, rest) = words.as_chunks::<4>();
    let mut rows = [29, 31, 37, 41].map(|turn| bytes.len() as u64 ^ FACTOR.rotate_left(turn));
    for four in fours {
        for (row, word) in rows.iter_mut().zip(four) {
            *row = fold(*row, u64::from_le_bytes(*word));
        }
    }
    let rest = rest.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    rest.chain(rows).fold(FACTOR.rotate_left(17), fold)
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
