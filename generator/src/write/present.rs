//! What stands in the output folder already.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use rayon::prelude::*;

use super::error::{Doing, WriteError};
use super::place::MARKER;

/// The files of a folder. Anything that is neither a file nor a folder counts as strange and is never read.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// Paths below the folder, with `/`, sorted.
    files: Vec<String>,
    /// Links, sockets and the like.
    pub(super) strange: usize,
}

impl Present {
    /// Walks `folder`. A folder that is not there holds nothing.
    pub(super) fn look(folder: &Path) -> Result<Self, WriteError> {
        if !folder.exists() {
            return Ok(Self::default());
        }
        let mut present = walk(folder, "")?;
        present.files.retain(|path| path != MARKER);
        present.files.par_sort_unstable();
        Ok(present)
    }

    /// Whether `path` is a file here.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok()
    }

    /// How many files.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }
}

fn walk(root: &Path, below: &str) -> Result<Present, WriteError> {
    let folder = root.join(below);
    let mut here = Present::default();
    let mut folders = Vec::new();
    for entry in fs::read_dir(&folder).map_err(WriteError::disk(Doing::Look, &folder))? {
        let entry = entry.map_err(WriteError::disk(Doing::Look, &folder))?;
        let kind = entry.file_type().map_err(WriteError::disk(Doing::Look, &folder))?;
        // No path of a site is anything but UTF-8.
        let Ok(name) = entry.file_name().into_string() else {
            here.strange += 1;
            continue;
        };
        if kind.is_file() {
            here.files.push(format!("{below}{name}"));
        } else if kind.is_dir() {
            folders.push(format!("{below}{name}/"));
        } else {
            here.strange += 1;
        }
    }
    let below: Vec<Present> = folders.par_iter().map(|folder| walk(root, folder)).collect::<Result<_, WriteError>>()?;
    for part in below {
        here.files.extend(part.files);
        here.strange += part.strange;
    }
    Ok(here)
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
