//! `cargo xtask check`: everything that can be said without running the program.

use std::path::PathBuf;

use crate::args::Args;
use crate::process::{Outcome, Trouble, line, run, say};
use crate::{tidy, tools};

/// One check.
struct Check {
    name: &'static str,
    run: fn() -> Outcome,
}

/// A module's first lines name its rooms, also the private ones: these pages are for people who work in them.
const DOC_LINTS: &str = "-D warnings -A rustdoc::private_intra_doc_links";

/// In the order in which they cost time.
const CHECKS: &[Check] = &[
    Check { name: "fmt", run: fmt },
    Check { name: "tidy", run: tidy::run },
    Check { name: "licences", run: licences },
    Check { name: "clippy", run: clippy },
    Check { name: "wasm", run: wasm },
    Check { name: "docs", run: docs },
];

/// Runs all checks, or those that were named, and reports all that failed.
pub(crate) fn run_chore(mut args: Args) -> Outcome {
    let wanted = args.words();
    args.finish()?;
    if let Some(word) = wanted.iter().find(|word| CHECKS.iter().all(|check| check.name != **word)) {
        let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
        return Err(Trouble::new(format!("there is no check `{word}`")).hint(names.join(", ")));
    }
    all(&wanted)
}

/// Runs the checks whose names are in `wanted`; all, if it is empty.
pub(crate) fn all(wanted: &[String]) -> Outcome {
    let mut failed = Vec::new();
    for check in CHECKS.iter().filter(|check| wanted.is_empty() || wanted.iter().any(|word| word == check.name)) {
        if let Err(trouble) = (check.run)() {
            eprintln!("\ncheck {}: {trouble}", check.name);
            failed.push(check.name);
        }
    }
    if failed.is_empty() {
        say("check: nothing to complain about");
        return Ok(());
    }
    Err(Trouble::new(format!("{} of the checks failed: {}", failed.len(), failed.join(", ")))
        .hint(format!("cargo xtask check {}", failed.join(" "))))
}

fn fmt() -> Outcome {
    run("check fmt", tools::cargo().args(["fmt", "--all", "--check"]))
        .map_err(|trouble| trouble.hint("cargo fmt --all"))
}

fn clippy() -> Outcome {
    tools::crates()?;
    let words = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    run("check clippy", tools::cargo().args(words))
}

/// What runs in the browser compiles for the browser, and nothing in it is suspicious.
fn wasm() -> Outcome {
    tools::wasm_target()?;
    tools::crates()?;
    let packages = ["--package", "yima-model", "--package", "yima-search", "--package", "yima-app"];
    let mut cargo = tools::cargo();
    cargo.args(["clippy", "--locked", "--target", tools::WASM_TARGET]).args(packages).args(["--", "-D", "warnings"]);
    run("check wasm", &mut cargo)
}

fn docs() -> Outcome {
    tools::crates()?;
    let mut host = tools::cargo();
    host.args(["doc", "--locked", "--workspace", "--exclude", "yima-app", "--no-deps", "--document-private-items"]);
    run("check docs", host.env("RUSTDOCFLAGS", DOC_LINTS))?;
    let mut app = tools::cargo();
    app.args(["doc", "--locked", "--package", "yima-app", "--target", tools::WASM_TARGET]);
    app.args(["--no-deps", "--document-private-items"]);
    run("check docs of the app", app.env("RUSTDOCFLAGS", DOC_LINTS))
}

/// Licences and sources need no network. Known weaknesses are looked up in the advisory database, which comes from a
/// code host; it is used where a person has fetched it and never fetched from here.
fn licences() -> Outcome {
    tools::for_licences()?;
    let mut deny = tools::command("cargo-deny");
    run("check licences", deny.args(["--offline", "check", "licenses", "bans", "sources"]))?;
    let mut advisories = tools::command("cargo-deny");
    advisories.args(["--offline", "check", "advisories"]);
    if !database_is_there() {
        say("check advisories: left out, the advisory database is not on this machine");
        eprintln!("    get it: PATH=target/tools/bin:$PATH cargo deny fetch db\n    then:   {}", line(&advisories));
        return Ok(());
    }
    run("check advisories", &mut advisories)
}

/// Whether cargo-deny has fetched its database before.
fn database_is_there() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let entries = home.and_then(|home| home.join("advisory-dbs").read_dir().ok());
    entries.is_some_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir())))
}
