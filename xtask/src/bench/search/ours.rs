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

use crate::process::{Outcome, Trouble};

/// The ways in which it is measured; none yet.
pub(crate) const SETTINGS: &[&str] = &[];

/// Puts the code into `folder/built/`.
///
/// # Errors
/// Always, until there is an engine.
pub(crate) fn prepare(_folder: &Path, _setting: &str) -> Outcome {
    Err(Trouble::new("our own engine is not there yet"))
}

/// The program that makes the index from `folder/docs.jsonl`.
pub(crate) fn build(_folder: &Path, _setting: &str) -> Command {
    Command::new("false")
}
