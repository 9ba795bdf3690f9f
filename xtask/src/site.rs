//! Building the two halves of the site: the app by Trunk, the pages by the generator.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::disk;
use crate::process::{Outcome, run};
use crate::tools;

/// How carefully the compiler works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Soon there, for working on it.
    Dev,
    /// As it is published.
    Release,
}

impl Profile {
    /// The name of cargo's folder.
    const fn name(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// `cargo xtask build`.
pub(crate) fn run_chore(mut args: Args) -> Outcome {
    let content = args.path("content", "content")?;
    let out = args.path("out", "dist")?;
    args.finish()?;
    tools::for_app()?;
    let app = app(Profile::Release)?;
    let yima = generator(Profile::Release)?;
    run("the site", build_command(&yima, &content).arg("--app").arg(app).arg("--out").arg(out))
}

/// Compiles the app; the folder holds its script and module.
pub(crate) fn app(profile: Profile) -> Outcome<PathBuf> {
    let folder = disk::target().join("app").join(profile.name());
    let mut trunk = trunk_command("app/Trunk.toml", &folder);
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    run("the app", &mut trunk)?;
    Ok(folder)
}

/// `trunk build` with a configuration of this repository, into a folder.
pub(crate) fn trunk_command(config: &str, dist: &Path) -> Command {
    let mut trunk = tools::command("trunk");
    trunk.args(["build", "--config", config, "--dist"]).arg(dist);
    // Trunk would fetch from a code host what it misses; it is to say so instead.
    trunk.args(["--offline=true", "--skip-version-check"]);
    trunk
}

/// Compiles the generator; the path is that of the program `yima`.
pub(crate) fn generator(profile: Profile) -> Outcome<PathBuf> {
    let mut cargo = tools::cargo();
    cargo.args(["build", "--locked", "--package", "yima"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    run("the generator", &mut cargo)?;
    Ok(disk::target().join(profile.name()).join("yima"))
}

/// `yima build` on a content folder, with this repository's `public/`.
pub(crate) fn build_command(yima: &Path, content: &Path) -> Command {
    let mut command = Command::new(yima);
    command.current_dir(disk::root()).args(["build", "--public", "public", "--content"]).arg(content);
    command
}
