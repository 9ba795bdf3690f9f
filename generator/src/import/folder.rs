//! The content folder being made. A new one is made beside its place and moved there whole; one that is there already
//! gets its new files one by one, each whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ImportError;

/// Where files are put.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Where the files go now.
    root: PathBuf,
    /// Where they belong, when that is elsewhere.
    target: Option<PathBuf>,
    /// How many files were put.
    pub(crate) files: usize,
}

impl Folder {
    /// A folder that is not there yet, or is empty.
    pub(crate) fn new(target: &Path) -> Result<Self, ImportError> {
        let name = target.file_name().ok_or_else(|| ImportError::NotAFolder(target.to_owned()))?;
        let root = target.with_file_name(format!(".{}.yima-import", name.to_string_lossy()));
        remove(&root)?;
        fs::create_dir_all(&root).map_err(ImportError::write(&root))?;
        Ok(Self { root, target: Some(target.to_owned()), files: 0 })
    }

    /// A folder that is there.
    pub(crate) fn existing(target: &Path) -> Self {
        Self { root: target.to_owned(), target: None, files: 0 }
    }

    /// Puts a file.
    pub(crate) fn put(&mut self, path: &str, text: &str) -> Result<(), ImportError> {
        let place = self.root.join(path);
        let failed = ImportError::write(&place);
        let put = || -> io::Result<()> {
            if let Some(parent) = place.parent() {
                fs::create_dir_all(parent)?;
            }
            if self.target.is_some() {
                return fs::File::create(&place)?.write_all(text.as_bytes());
            }
            // A hidden name: a half-written file is never read as content.
            let part = place.with_file_name(".yima-import.part");
            fs::File::create(&part)?.write_all(text.as_bytes())?;
            fs::rename(&part, &place)
        };
        put().map_err(failed)?;
        self.files += 1;
        Ok(())
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Moves a new folder to its place.
    pub(crate) fn finish(self) -> Result<usize, ImportError> {
        if let Some(target) = &self.target {
            fs::rename(&self.root, target).map_err(ImportError::write(target))?;
        }
        Ok(self.files)
    }

    /// Leaves everything as it was.
    pub(crate) fn abandon(self) -> Result<(), ImportError> {
        if self.target.is_some() { remove(&self.root) } else { Ok(()) }
    }
}

/// Whether nothing stands there that could be lost.
pub(crate) fn is_free(target: &Path) -> Result<bool, ImportError> {
    match fs::read_dir(target) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(ImportError::NotAFolder(target.to_owned())),
        Err(error) => Err(ImportError::Write { path: target.to_owned(), error }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the staging folder of an earlier import, named and made by this room")]
fn remove(staging: &Path) -> Result<(), ImportError> {
    match fs::remove_dir_all(staging) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(ImportError::Write { path: staging.to_owned(), error })
        }
        _ => Ok(()),
    }
}
