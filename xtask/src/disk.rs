//! Files and folders, with the path in every error.
#![expect(clippy::disallowed_methods, reason = "the chores' own reader and writer; the site has `source` and `write`")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::{Outcome, Trouble};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| trouble("read", path, &error))
}

/// The bytes of a file.
pub(crate) fn read_bytes(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| trouble("read", path, &error))
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    fs::write(path, bytes).map_err(|error| trouble("write", path, &error))
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Outcome {
    fs::create_dir_all(path).map_err(|error| trouble("make", path, &error))
}

/// Removes a folder a chore made, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Outcome {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(trouble("remove", path, &error)),
        _ => Ok(()),
    }
}

/// How long ago a file was last written; none when it is not there.
pub(crate) fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).and_then(|found| found.modified()).ok()?.elapsed().ok()
}

/// Gives a file or folder another name on the same file system.
pub(crate) fn rename(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).map_err(|error| trouble("rename", from, &error))
}

/// Makes `link` a symbolic link to `target`, replacing what was there.
#[cfg(unix)]
pub(crate) fn link(target: &Path, link: &Path) -> Outcome {
    if let Some(folder) = link.parent() {
        make_folder(folder)?;
    }
    match fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(trouble("replace", link, &error)),
        _ => {}
    }
    std::os::unix::fs::symlink(target, link).map_err(|error| trouble("link", link, &error))
}

/// Every file below `folder`, in the order of their paths. A folder that is missing has none.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries = match fs::read_dir(&next) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| trouble("list", &next, &error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| trouble("list", &next, &error))?;
            let kind = entry.file_type().map_err(|error| trouble("look at", &entry.path(), &error))?;
            if kind.is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

/// The first file, by path, that is not the same in both folders.
pub(crate) fn difference(one: &Path, other: &Path) -> Outcome<Option<PathBuf>> {
    let below = |folder: &Path| -> Outcome<Vec<PathBuf>> {
        let files = files(folder)?;
        Ok(files.iter().filter_map(|file| file.strip_prefix(folder).ok().map(Path::to_path_buf)).collect())
    };
    let (left, right) = (below(one)?, below(other)?);
    if let Some((left, right)) = left.iter().zip(&right).find(|(left, right)| left != right) {
        return Ok(Some(left.min(right).clone()));
    }
    if let Some(extra) = left.get(right.len()).or_else(|| right.get(left.len())) {
        return Ok(Some(extra.clone()));
    }
    for path in left {
        if read_bytes(&one.join(&path))? != read_bytes(&other.join(&path))? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn trouble(verb: &str, path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!("cannot {verb} {}: {error}", path.display()))
}
