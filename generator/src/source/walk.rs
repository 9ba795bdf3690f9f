//! Finds and opens files, with the path in every error.

use std::path::Path;
use std::sync::Arc;

use super::ReadError;
use crate::mistake::{Fault, Mistakes, Place};

/// The largest file of content, in bytes. Attachments may be larger.
pub const MAX_FILE_BYTES: usize = 2 * 1024 * 1024;
/// The most files a folder may hold.
pub const MAX_FILES: usize = 200_000;
/// How deep folders may nest.
const MAX_DEPTH: usize = 8;

/// All files below `folder` as relative paths with `/`, sorted. Hidden files, and links that are not plain files, are
/// passed over.
pub(super) fn files(folder: &Path, mistakes: &mut Mistakes) -> Result<Vec<Arc<str>>, ReadError> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new(), 0_usize)];
    while let Some((path, prefix, depth)) = open.pop() {
        let entries = std::fs::read_dir(&path).map_err(|error| ReadError { path: path.clone(), error })?;
        for entry in entries {
            let entry = entry.map_err(|error| ReadError { path: path.clone(), error })?;
            let kind = entry.file_type().map_err(|error| ReadError { path: entry.path(), error })?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let relative = format!("{prefix}{name}");
            if kind.is_dir() && depth < MAX_DEPTH {
                open.push((entry.path(), format!("{relative}/"), depth + 1));
            } else if kind.is_file() {
                if found.len() == MAX_FILES {
                    let fault = Fault::TooManyFiles { cap: MAX_FILES.to_string() };
                    mistakes.add(Place::file(&Arc::from(relative)), fault);
                    found.sort();
                    return Ok(found);
                }
                found.push(Arc::from(relative));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes of a file.
#[expect(clippy::disallowed_methods, reason = "this is the one place that opens files")]
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(path).map_err(|error| ReadError { path: path.to_owned(), error })
}
