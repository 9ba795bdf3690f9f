//! The small city in `tests/city/` that whole-program tests start from: copied into a folder of its own, changed, read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use tempfile::TempDir;
use yima::mistake::{Mistakes, Report};
use yima::project::load_within;
use yima::source::{self, Limits};
use yima::{Loaded, NewCodes, Options};

/// The day on which the small city is looked at.
pub(crate) const TODAY: Date = date(2026, 10, 1);

/// Where this crate keeps its files.
pub(crate) fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the small city that a test may change.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// An unchanged copy.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, bytes) in tree(&here().join("city")) {
            put(&folder.path().join("content").join(path), &bytes);
        }
        Self { folder }
    }

    /// The content folder.
    pub(crate) fn content(&self) -> PathBuf {
        self.folder.path().join("content")
    }

    /// A folder beside the content, for what is not content.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.content().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file of the content.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        put(&self.content().join(path), bytes.as_ref());
    }

    /// Where everything stands, for the library.
    pub(crate) fn options(&self, new_codes: NewCodes) -> Options {
        Options { content: self.content(), public: self.beside("public"), app: None, today: TODAY, new_codes }
    }

    /// Reads, links and checks the city, as every command does.
    pub(crate) fn load(&self, new_codes: NewCodes, limits: Limits) -> Loaded {
        load_within(&self.options(new_codes), limits).expect("the folder can be read")
    }

    /// The mistakes as they are shown.
    pub(crate) fn report(&self, mistakes: Mistakes) -> Report {
        source::report(&self.content(), mistakes)
    }
}

/// Path below `folder` → bytes, hidden files and links left out.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
            let entry = entry.expect("an entry");
            let kind = entry.file_type().expect("a file type");
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                let relative = entry.path().strip_prefix(folder).expect("below the folder").to_owned();
                let bytes = std::fs::read(entry.path()).expect("a readable file");
                files.insert(relative.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    files
}

/// Writes a file and the folders above it.
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    let folder = path.parent().expect("a folder above");
    std::fs::create_dir_all(folder).expect("folders can be made");
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
