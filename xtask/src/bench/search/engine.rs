//! The engines, each with the settings that are tried, and the commands that make and measure their indexes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ours;
use crate::process::{Outcome, Trouble, run_quiet};
use crate::{disk, tools};

/// An engine in one of its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) setting: &'static str,
}

/// Ours, when it is there.
const OURS: &str = "yima";

/// The peers with the two settings that serve Chinese best, as far as their documentation and our trials tell.
/// lunr-languages is left out: its Chinese cuts with a native program that no browser has.
const PEERS: &[(&str, [&str; 2])] = &[
    ("pagefind", ["words", "characters"]),
    ("minisearch", ["characters and pairs", "pairs"]),
    ("flexsearch", ["pairs by field", "pairs"]),
    ("orama", ["mandarin", "pairs"]),
    ("lunr", ["pairs", "characters and pairs"]),
];

/// The engines of these names, each with all its settings or with the one after a colon; all when none is named.
///
/// # Errors
/// When there is no engine or no setting of a name.
pub(crate) fn named(names: &[String]) -> Outcome<Vec<Engine>> {
    let ours = ours::SETTINGS.iter().map(|setting| Engine { name: OURS, setting });
    let of = |&(name, settings): &(&'static str, [&'static str; 2])| settings.map(|setting| Engine { name, setting });
    let all: Vec<Engine> = ours.chain(PEERS.iter().flat_map(of)).collect();
    if let Some(name) = names.iter().find(|name| !all.iter().any(|engine| engine.is(name))) {
        let known: Vec<String> = all.iter().map(|engine| format!("{}:{}", engine.name, engine.setting)).collect();
        return Err(Trouble::new(format!("there is no engine `{name}`")).hint(known.join(", ")));
    }
    Ok(all.into_iter().filter(|engine| names.is_empty() || names.iter().any(|name| engine.is(name))).collect())
}

impl Engine {
    /// Whether it is meant by `NAME` or `NAME:SETTING`.
    fn is(self, name: &str) -> bool {
        name.split_once(':').map_or(name == self.name, |parts| parts == (self.name, self.setting))
    }
}

/// Node with the scripts beside the packages they use.
pub(crate) struct Scripts {
    home: PathBuf,
    /// Chromium.
    pub(crate) browser: PathBuf,
}

impl Scripts {
    /// Gets what is missing and lays the scripts beside it.
    pub(crate) fn ready() -> Outcome<Self> {
        let browser = tools::for_browser()?.program;
        let home = tools::search_peers()?;
        let from = disk::root().join("xtask/bench/search");
        for file in disk::files(&from)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "mjs")) {
            let below = file.strip_prefix(&from).unwrap_or(&file).to_path_buf();
            disk::write(&home.join(below), disk::read_bytes(&file)?)?;
        }
        Ok(Self { home, browser })
    }

    /// One of the scripts. The heap is what a machine for builds can give, not what a page is given.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = tools::command("node");
        command.arg("--max-old-space-size=6144").arg(self.home.join(name));
        command
    }

    /// Everything the engine takes for granted before it builds.
    pub(crate) fn prepare(&self, engine: Engine, folder: &Path) -> Outcome {
        disk::make_folder(&folder.join("built"))?;
        if engine.name == OURS {
            return ours::prepare(folder, engine.setting);
        }
        let mut command = self.script("build.mjs");
        command.args(["prepare", engine.name, engine.setting]).arg(folder);
        run_quiet("what it builds from", &mut command)
    }

    /// The build.
    pub(crate) fn build(&self, engine: Engine, folder: &Path) -> Command {
        if engine.name == OURS {
            return ours::build(folder, engine.setting);
        }
        let mut command = self.script("build.mjs");
        command.args(["build", engine.name, engine.setting]).arg(folder);
        command
    }

    /// What a host would send.
    pub(crate) fn pack(&self, engine: Engine, folder: &Path) -> Command {
        let mut command = self.script("pack.mjs");
        command.arg(engine.name).arg(folder);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn engines_are_chosen_by_name_and_setting() {
        let count =
            |names: &[&str]| named(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).map(|v| v.len());
        assert!(count(&[]).unwrap() >= 10);
        assert_eq!(count(&["lunr"]).unwrap(), 2);
        assert_eq!(count(&["lunr:pairs", "orama:mandarin"]).unwrap(), 2);
        assert!(count(&["lunr:words"]).is_err() && count(&["luner"]).is_err());
    }
}
