//! The output folder and its neighbours: whose they are, how one takes the place of the other, how they are removed.
//!
//! For `dist` there may stand beside it:
//! - `.dist.yima-spare`: the site being prepared; between builds, the previous site. The next build turns it into the
//!   next site by changing only what differs, which for one page costs a hundredth of making the folders anew. Its
//!   files are second names of those in `dist`, so it takes little room; it may be removed at any time
//! - `.dist.yima-lock`: held by the build that runs
//! - `.dist.yima-old`: the old site for a moment, only where the system cannot exchange two folders in one step

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::{Doing, WriteError};

/// The file that says a folder was written by this program and may be replaced as a whole.
pub const MARKER: &str = ".yima";

const MARKER_TEXT: &[u8] =
    "这个文件夹由 yima 生成，下次构建会整体更换。\nWritten by yima; the next build replaces this folder as a whole.\n"
        .as_bytes();

/// Repositories that people keep in an output folder to publish it.
const REPOSITORIES: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Where a site goes, and the names beside it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) out: PathBuf,
    pub(super) parent: PathBuf,
    pub(super) lock: PathBuf,
    pub(super) spare: PathBuf,
    old: PathBuf,
}

impl Place {
    /// Finds the names for `out` and makes its parent folders.
    pub(super) fn of(out: &Path) -> Result<Self, WriteError> {
        // Through a link, and to a name also for `.` and `a/..`: what is replaced is the folder itself.
        let out = match fs::canonicalize(out) {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => out.to_path_buf(),
            Err(error) => return Err(WriteError::disk(Doing::Look, out)(error)),
        };
        let Some(name) = out.file_name() else { return Err(WriteError::NotOurs(out)) };
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(WriteError::disk(Doing::Stage, &parent))?;
        let beside = |what: &str| {
            let mut beside = OsString::from(".");
            beside.push(name);
            beside.push(what);
            parent.join(beside)
        };
        Ok(Self { lock: beside(".yima-lock"), spare: beside(".yima-spare"), old: beside(".yima-old"), out, parent })
    }

    /// Puts right what a killed build left. Call it with the lock held.
    pub(super) fn recover(&self) -> Result<(), WriteError> {
        if !self.out.exists() && self.old.join(MARKER).exists() {
            fs::rename(&self.old, &self.out).map_err(WriteError::disk(Doing::Exchange, &self.out))?;
        }
        for left in [&self.spare, &self.old] {
            if left.symlink_metadata().is_ok() && !is_ours(left)? {
                return Err(WriteError::NotOurs(left.clone()));
            }
        }
        if self.old.exists() { remove(&self.old) } else { Ok(()) }
    }

    /// Whether `out` is a site of ours.
    ///
    /// # Errors
    /// [`WriteError::NotOurs`] when it holds something else, unless the caller was `given` the folder to replace.
    pub(super) fn holds_site(&self, given: bool) -> Result<bool, WriteError> {
        if !self.out.exists() {
            return Ok(false);
        }
        for name in REPOSITORIES {
            let repository = self.out.join(name);
            if repository.exists() {
                return Err(WriteError::Versioned(repository));
            }
        }
        if !is_ours(&self.out)? && !given {
            return Err(WriteError::NotOurs(self.out.clone()));
        }
        Ok(self.out.join(MARKER).exists())
    }

    /// Makes the staging folder, unless a spare stands there, and marks it.
    pub(super) fn stage(&self) -> Result<(), WriteError> {
        fs::create_dir_all(&self.spare).map_err(WriteError::disk(Doing::Stage, &self.spare))?;
        mark(&self.spare)
    }

    /// Puts the staged site in place; keeps or removes the old one.
    pub(super) fn exchange(&self, durable: bool, keep: bool) -> Result<(), WriteError> {
        if self.out.exists() {
            // A folder that was given may lack it, and will be removed under a name that only marked folders have.
            mark(&self.out)?;
        }
        self.swap().map_err(WriteError::disk(Doing::Exchange, &self.out))?;
        if durable {
            flush_folder(&self.parent).map_err(WriteError::disk(Doing::Flush, &self.parent))?;
        }
        if self.spare.exists() && !keep { remove(&self.spare) } else { Ok(()) }
    }

    fn swap(&self) -> std::io::Result<()> {
        if !self.out.exists() {
            return fs::rename(&self.spare, &self.out);
        }
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            use rustix::io::Errno;
            match renameat_with(CWD, &self.spare, CWD, &self.out, RenameFlags::EXCHANGE) {
                // Old kernels and some network file systems do not know the exchange.
                Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => {}
                other => return other.map_err(Into::into),
            }
        }
        self.swap_in_two_steps()
    }

    /// A kill between the two steps leaves no site; [`Self::recover`] puts the old one back at the next start.
    pub(super) fn swap_in_two_steps(&self) -> std::io::Result<()> {
        fs::rename(&self.out, &self.old)?;
        fs::rename(&self.spare, &self.out).inspect_err(|_| {
            // Nothing better can be done when the way back fails too: `recover` tries again.
            let _ = fs::rename(&self.old, &self.out);
        })?;
        fs::rename(&self.old, &self.spare)
    }
}

/// Marks a folder as ours, once.
fn mark(folder: &Path) -> Result<(), WriteError> {
    let marker = folder.join(MARKER);
    match File::create_new(&marker).and_then(|mut file| file.write_all(MARKER_TEXT)) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(WriteError::disk(Doing::Stage, &marker)(error)),
        _ => Ok(()),
    }
}

/// Marked, or empty: a build killed between making a folder and marking it leaves an empty one.
fn is_ours(folder: &Path) -> Result<bool, WriteError> {
    if folder.join(MARKER).is_file() {
        return Ok(true);
    }
    let mut entries = fs::read_dir(folder).map_err(WriteError::disk(Doing::Look, folder))?;
    Ok(entries.next().is_none())
}

/// Removes a folder of ours. The marker goes last, so that a kill on the way leaves a folder that is still known.
pub(super) fn remove(folder: &Path) -> Result<(), WriteError> {
    let entries = fs::read_dir(folder).map_err(WriteError::disk(Doing::Clean, folder))?;
    let entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(WriteError::disk(Doing::Clean, folder))?;
    entries.into_par_iter().filter(|entry| entry.file_name() != MARKER).try_for_each(|entry| {
        let path = entry.path();
        #[expect(clippy::disallowed_methods, reason = "this is the one place that removes, and only what is marked")]
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
            Err(error) => Err(error),
        }
        .map_err(WriteError::disk(Doing::Clean, &path))
    })?;
    match fs::remove_file(folder.join(MARKER)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => fs::remove_dir(folder),
    }
    .map_err(WriteError::disk(Doing::Clean, folder))
}

/// Removes what stands in a marked folder.
#[expect(clippy::disallowed_methods, reason = "the one place that removes, and only in folders that carry our mark")]
pub(super) fn remove_folder(folder: &Path) -> std::io::Result<()> {
    fs::remove_dir_all(folder)
}

/// Waits until a rename in `folder` is on the disk.
fn flush_folder(folder: &Path) -> std::io::Result<()> {
    // Windows cannot open a folder as a file, and keeps its own order.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
