//! What stands in the output folder already.

use std::fs::{self, DirEntry, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::{Doing, WriteError};
use super::place::MARKER;

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// Files, sorted by path.
    files: Vec<Found>,
    /// Folders below it, as `a/b/`, in no order.
    pub(super) folders: Vec<String>,
    /// Links, sockets, names that are not Unicode: never read, never taken over.
    pub(super) strange: Vec<PathBuf>,
}

/// A file.
#[derive(Debug)]
struct Found {
    /// Path below the folder, with `/`.
    path: String,
    /// Two names with the same number are one file; `None` where the system does not number files.
    number: Option<u64>,
}

impl Present {
    /// Walks `folder`. A folder that is not there holds nothing.
    pub(super) fn look(folder: &Path) -> Result<Self, WriteError> {
        if !folder.exists() {
            return Ok(Self::default());
        }
        let mut present = walk(folder, "")?;
        present.files.retain(|file| file.path != MARKER);
        present.files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(present)
    }

    /// Forgets all files but these.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.files.retain(|file| is_kept(&file.path));
    }

    /// Whether nothing is here.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// Whether `path` is a file here.
    pub(super) fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// Whether `path` is one and the same file here and in `other`.
    pub(super) fn shares(&self, path: &str, other: &Self) -> bool {
        let number = |present: &Self| present.find(path).and_then(|file| file.number);
        number(self).is_some_and(|mine| number(other) == Some(mine))
    }

    /// The paths of all files.
    pub(super) fn paths(&self) -> impl ExactSizeIterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    fn find(&self, path: &str) -> Option<&Found> {
        let place = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(place)
    }
}

fn walk(root: &Path, below: &str) -> Result<Present, WriteError> {
    let folder = root.join(below);
    let mut here = Present::default();
    for entry in fs::read_dir(&folder).map_err(WriteError::disk(Doing::Look, &folder))? {
        let entry = entry.map_err(WriteError::disk(Doing::Look, &folder))?;
        let kind = entry.file_type().map_err(WriteError::disk(Doing::Look, &folder))?;
        let name = entry.file_name();
        match name.to_str() {
            Some(name) if kind.is_file() => {
                here.files.push(Found { path: format!("{below}{name}"), number: number(&entry) });
            }
            Some(name) if kind.is_dir() => here.folders.push(format!("{below}{name}/")),
            _ => here.strange.push(entry.path()),
        }
    }
    let below: Vec<Present> = here.folders.par_iter().map(|folder| walk(root, folder)).collect::<Result<_, _>>()?;
    for part in below {
        here.files.extend(part.files);
        here.folders.extend(part.folders);
        here.strange.extend(part.strange);
    }
    Ok(here)
}

#[cfg(unix)]
fn number(entry: &DirEntry) -> Option<u64> {
    use std::os::unix::fs::DirEntryExt;
    Some(entry.ino())
}

#[cfg(not(unix))]
fn number(_: &DirEntry) -> Option<u64> {
    None
}

/// Whether the file holds exactly `bytes`. `buffer` is reused from file to file.
pub(super) fn holds(path: &Path, bytes: &[u8], buffer: &mut Vec<u8>) -> Result<bool, WriteError> {
    // One byte more than expected, so that a longer file is seen without asking for its length.
    let wanted = bytes.len() + 1;
    if buffer.len() < wanted {
        buffer.resize(wanted, 0);
    }
    let mut file = File::open(path).map_err(WriteError::disk(Doing::Look, path))?;
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..wanted) {
        match file.read(rest).map_err(WriteError::disk(Doing::Look, path))? {
            0 => break,
            count => filled += count,
        }
        if filled == wanted {
            return Ok(false);
        }
        // A regular file gives all it has at once: the full length in one read needs no second one to see the end,
        // because one byte more was asked for.
        if filled == bytes.len() {
            break;
        }
    }
    Ok(buffer.get(..filled) == Some(bytes))
}
