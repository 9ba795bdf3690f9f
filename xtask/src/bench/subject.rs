//! What is measured: a generator on a folder, and how each of them is told to build, to follow, and what to forget.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk;
use crate::process::{Outcome, Trouble};

/// Which program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Yima,
    Hugo,
}

/// A generator on a folder.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) program: Program,
    /// The program itself.
    pub(crate) path: PathBuf,
    /// What it reads.
    pub(crate) input: PathBuf,
    /// Folder of its own, for what it writes.
    pub(crate) work: PathBuf,
    /// The build date, when the input is made for one.
    pub(crate) date: Option<&'static str>,
    /// The part of the site that is built, when it is not the whole.
    pub(crate) only: Option<&'static str>,
    /// The file that is changed; none when the input is not ours to change.
    pub(crate) edited: Option<PathBuf>,
}

impl Subject {
    /// Where the site goes: removed, with what stands beside it, before a cold build.
    pub(crate) fn out(&self) -> PathBuf {
        self.work.join("out/site")
    }

    /// Where a second build goes, to compare with the first.
    pub(crate) fn again(&self) -> PathBuf {
        self.work.join("out/again")
    }

    /// Whether it seals a release too, which no other generator has a counterpart of.
    pub(crate) fn seals(&self) -> bool {
        self.program == Program::Yima && self.only.is_none()
    }

    /// The command that builds the whole site at `out` and seals it.
    pub(crate) fn seal(&self, out: &Path) -> Command {
        let mut command = self.whole(out);
        // Not after what stands there: a release from nothing.
        command.arg("--anew");
        command
    }

    /// The command that builds the whole site at `out`, without a release.
    pub(crate) fn build(&self, out: &Path) -> Command {
        let mut command = self.whole(out);
        command.args(self.seals().then_some("--no-release"));
        command
    }

    fn whole(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.path);
        match self.program {
            Program::Yima => {
                command.current_dir(disk::root()).args(["build", "--lang", "en", "--public", "public", "--content"]);
                command.arg(&self.input).arg("--out").arg(out).args(self.date());
                command.args(self.only.into_iter().flat_map(|part| ["--only", part]));
            }
            Program::Hugo => {
                command.current_dir(&self.input).args(["build", "--quiet", "--logLevel", "error", "--destination"]);
                command.arg(out).arg("--cacheDir").arg(self.work.join("out/cache"));
            }
        }
        command
    }

    /// The command that serves and follows changes.
    pub(crate) fn serve(&self) -> Command {
        let mut command = Command::new(&self.path);
        match self.program {
            Program::Yima => {
                command.current_dir(disk::root()).args([
                    "serve",
                    "--lang",
                    "en",
                    "--port",
                    "18431",
                    "--public",
                    "public",
                    "--content",
                ]);
                command.arg(&self.input).args(self.date());
            }
            Program::Hugo => {
                command.current_dir(&self.input).args(["server", "--port", "18432", "--logLevel", "error"]);
                // As it does out of the box: the changed page and what depends on it, in memory.
                command.arg("--cacheDir").arg(self.work.join("out/cache"));
            }
        }
        command
    }

    fn date(&self) -> impl Iterator<Item = &'static str> {
        self.date.into_iter().flat_map(|date| ["--date", date])
    }

    /// Changes one sentence of one policy; the next call changes it again.
    pub(crate) fn edit(&self, round: usize) -> Outcome {
        let Some(file) = &self.edited else { return Ok(()) };
        let text = disk::read(file)?;
        let (kept, _) = text.split_once(EDITED).unwrap_or((&text, ""));
        disk::write(file, format!("{kept}{EDITED}{round}次。\n"))
    }

    /// Takes the change back.
    pub(crate) fn restore(&self) -> Outcome {
        let Some(file) = &self.edited else { return Ok(()) };
        let text = disk::read(file)?;
        match text.split_once(EDITED) {
            Some((kept, _)) => disk::write(file, kept),
            None => Ok(()),
        }
    }

    /// Forgets everything it built.
    pub(crate) fn forget(&self) -> Outcome {
        let out = self.work.join("out");
        self.put_aside(&out)?;
        disk::make_folder(&out)
    }

    /// Moves a folder out of the way, until [`Subject::tidy`]. Not removed between two measurements: for five minutes
    /// ext4 passes over every inode that was freed, one by one, whenever it looks for another. A build then takes several
    /// times its CPU, and as much more as the one before it had files.
    pub(crate) fn put_aside(&self, folder: &Path) -> Outcome {
        let past = self.work.join(PAST);
        disk::make_folder(&past)?;
        let free = (1..).map(|number: u32| past.join(number.to_string())).find(|place| !place.exists());
        match free {
            Some(place) if folder.exists() => disk::rename(folder, &place),
            _ => Ok(()),
        }
    }

    /// Removes what was put aside.
    pub(crate) fn tidy(&self) -> Outcome {
        disk::remove_folder(&self.work.join(PAST))
    }
}

/// What earlier runs built.
const PAST: &str = "past";

const EDITED: &str = "\n本段为测量而改，第";

/// The file in the middle of a folder: neither the first nor the newest record.
pub(crate) fn middle(folder: &Path) -> Outcome<PathBuf> {
    let files = disk::files(folder)?;
    let pages: Vec<_> = files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "md")).collect();
    pages.get(pages.len() / 2).cloned().ok_or_else(|| Trouble::new(format!("no page below {}", folder.display())))
}
