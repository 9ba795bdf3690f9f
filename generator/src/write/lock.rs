//! One build at a time: a lock file beside the output folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::{Doing, WriteError};

/// Held while a site is written. The system frees it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`; when another build has it, calls `waiting` once and waits.
    pub(super) fn take(path: PathBuf, waiting: impl FnOnce()) -> Result<Self, WriteError> {
        let mut waiting = Some(waiting);
        loop {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)
                .map_err(WriteError::disk(Doing::Lock, &path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                    file.lock().map_err(WriteError::disk(Doing::Lock, &path))?;
                }
                Err(TryLockError::Error(error)) => return Err(WriteError::disk(Doing::Lock, &path)(error)),
            }
            // The build that had the lock removes the file when it is done; a lock on a removed file excludes nobody.
            if still_there(&file, &path) {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while still held, so that whoever waits for it sees that it is gone and opens a new one. A file that
        // cannot be removed is harmless: it is not locked.
        if cfg!(unix) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_there(_: &File, _: &Path) -> bool {
    true
}
