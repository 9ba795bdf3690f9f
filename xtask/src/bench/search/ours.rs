//! Where our own engine comes in.
//!
//! An engine is three things, and the peers have the same (see `xtask/bench/search/engines/`):
//! 1. a program that reads `FOLDER/docs.jsonl` (`{"id", "title", "body"}` per line) and writes into `FOLDER/built/`
//!    everything a host must serve but the code: what is measured as the build;
//! 2. code in `FOLDER/built/`, written by [`prepare`], which is not measured: the module (`.wasm`), its glue (`.js`), and
//!    `engine.js`, an ES module with `export async function open(base, setting)`. `base` is where the files of `built/`
//!    are served, with a slash at the end;
//! 3. what `open` resolves to: `search(question, limit)`, a promise of `{ ids, title }` with the ids of the best
//!    `limit` records, the best first, and the title of the first as a person would read it, or `""`; and
//!    `containing(text)`, a promise of the ids of **all** records that hold this very text.
//!
//! It appears in the tables as soon as [`SETTINGS`] names a setting.

use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, Trouble, run_quiet};
use crate::{disk, tools};

/// The ways in which it is measured: there is one, the one a city gets.
pub(crate) const SETTINGS: &[&str] = &["as built"];

const CRATE: &str = "yima-bench-search";

/// Puts the code into `folder/built/`, and compiles the program that makes the index.
///
/// # Errors
/// When a tool is missing or something does not compile.
pub(crate) fn prepare(folder: &Path, _setting: &str) -> Outcome {
    tools::for_app()?;
    let mut index = tools::cargo();
    index.args(["build", "--locked", "--release", "--package", CRATE, "--bin", "yima-bench-index"]);
    run_quiet("the program that makes our index", &mut index)?;
    let mut module = tools::cargo();
    module.args(["build", "--locked", "--profile", "wasm-release", "--target", tools::WASM_TARGET]);
    module.args(["--package", CRATE, "--lib"]);
    run_quiet("our module", &mut module)?;
    let built = folder.join("built");
    let compiled = disk::target().join(tools::WASM_TARGET).join("wasm-release/yima_bench_search.wasm");
    let mut bind = tools::command("wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--out-name", "yima", "--out-dir"]).arg(&built).arg(compiled);
    run_quiet("its glue", &mut bind)?;
    let mut shrink = tools::command("wasm-opt");
    shrink.args(["-O3"]).arg(built.join("yima_bg.wasm")).arg("-o").arg(built.join("yima.wasm"));
    run_quiet("its size", &mut shrink)?;
    // Glue and module under the names the page knows; the unshrunk module is no part of it.
    std::fs::remove_file(built.join("yima_bg.wasm"))
        .map_err(|error| Trouble::new(format!("yima_bg.wasm cannot be removed: {error}")))?;
    disk::write(&built.join("engine.js"), disk::read_bytes(&disk::root().join("xtask/bench/search/ours.mjs"))?)
}

/// The program that makes the index from `folder/docs.jsonl`, with the table of words of the demonstration city.
pub(crate) fn build(folder: &Path, _setting: &str) -> Command {
    let mut command = Command::new(disk::target().join("release/yima-bench-index"));
    command.arg(folder).arg(disk::root().join("content/tables/words.toml"));
    command
}
