//! Finds and opens files, with the path in every error.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::ReadError;
use crate::mistake::{Fault, Mistakes, Place, is_invisible};

/// How much a content folder may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest file of content, in bytes.
    pub file_bytes: u64,
    /// The largest attachment, in bytes.
    pub attachment_bytes: u64,
    /// The most files.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 2 * 1024 * 1024, attachment_bytes: 50 * 1024 * 1024, files: 200_000 }
    }
}

/// How deep folders may nest.
const MAX_DEPTH: usize = 8;

/// All files below `folder` as relative paths with `/`, sorted. Hidden files are passed over; what is neither file nor
/// folder, and names that cannot be told apart, are reported. `None` when there are too many.
pub(super) fn files(
    folder: &Path,
    limits: Limits,
    mistakes: &mut Mistakes,
) -> Result<Option<Vec<Arc<str>>>, ReadError> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new(), 0_usize)];
    while let Some((path, prefix, depth)) = open.pop() {
        let entries = std::fs::read_dir(&path).map_err(|error| ReadError { path: path.clone(), error })?;
        for entry in entries {
            let entry = entry.map_err(|error| ReadError { path: path.clone(), error })?;
            let kind = entry.file_type().map_err(|error| ReadError { path: entry.path(), error })?;
            let name = entry.file_name();
            let lossy = name.to_string_lossy();
            if lossy.starts_with('.') {
                continue;
            }
            let relative: Arc<str> = Arc::from(format!("{prefix}{lossy}"));
            if name.to_str().is_none() || lossy.contains(|ch| is_invisible(ch) || matches!(ch, '\n' | '\r' | '\t')) {
                mistakes.add(Place::file(&relative), Fault::BadFileName);
            } else if kind.is_dir() && depth == MAX_DEPTH {
                mistakes.add(Place::file(&relative), Fault::FolderTooDeep { max: MAX_DEPTH.to_string() });
            } else if kind.is_dir() {
                open.push((entry.path(), format!("{relative}/"), depth + 1));
            } else if !kind.is_file() {
                // A link could lead out of the content folder.
                mistakes.add(Place::file(&relative), Fault::NotAFile);
            } else if found.len() == limits.files {
                let fault = Fault::TooManyFiles { cap: limits.files.to_string() };
                mistakes.add(Place::file(&Arc::from(".")), fault);
                return Ok(None);
            } else {
                found.push(relative);
            }
        }
    }
    found.sort();
    look_alikes(&found, mistakes);
    Ok(Some(found))
}

/// Names that a file system may fold into one: the second would silently take the first one's place.
fn look_alikes(files: &[Arc<str>], mistakes: &mut Mistakes) {
    // Other ASCII characters than capital letters fold into themselves: most names need no more than this look.
    let plain = |file: &str| file.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let mut folded: BTreeMap<String, Vec<&Arc<str>>> = BTreeMap::new();
    for file in files.iter().filter(|file| !plain(file)) {
        folded.entry(file.nfkc().flat_map(char::to_lowercase).collect()).or_default().push(file);
    }
    for (key, mut alike) in folded {
        alike.extend(
            files
                .binary_search_by(|file| (**file).cmp(&key))
                .ok()
                .map(|place| &files[place])
                .filter(|file| plain(file)),
        );
        alike.sort();
        for pair in alike.windows(2) {
            mistakes.add(Place::file(pair[1]), Fault::LookAlikeId { other: pair[0].to_string() });
        }
    }
}

/// A file as far as it was opened.
pub(super) enum Opened<'b> {
    Bytes(&'b [u8]),
    /// It has more bytes than it may have: so many.
    TooLarge(u64),
}

/// The bytes of a file that may have at most `cap` of them, in `buffer`, which only ever grows.
pub(super) fn read_capped<'b>(path: &Path, cap: u64, buffer: &'b mut Vec<u8>) -> Result<Opened<'b>, ReadError> {
    let mut read = || {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        if length > cap {
            return Ok(Err(length));
        }
        // Room for one byte more: a file that leaves it empty has given all it has, and is not asked again.
        let length = usize::try_from(length).map_err(io::Error::other)?;
        if buffer.len() <= length {
            buffer.resize(length + 1, 0);
        }
        let room = buffer.get_mut(..length + 1).unwrap_or_default();
        let filled = file.read(room)?;
        if filled == length {
            return Ok(Ok(length));
        }
        buffer.truncate(filled);
        file.read_to_end(buffer)?;
        Ok(Ok(buffer.len()))
    };
    match read().map_err(|error| ReadError { path: path.to_owned(), error })? {
        Ok(length) => Ok(Opened::Bytes(buffer.get(..length).unwrap_or_default())),
        Err(length) => Ok(Opened::TooLarge(length)),
    }
}

/// The bytes of a file.
#[expect(clippy::disallowed_methods, reason = "this is the one place that opens files")]
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(path).map_err(|error| ReadError { path: path.to_owned(), error })
}
