//! `cargo xtask bench`: figures that anyone can measure again.

mod build;
mod finder;
mod measure;
mod offline;
mod pocket;
mod search;
mod subject;
mod table;

use crate::args::Args;
use crate::process::{Outcome, Trouble};

/// The chore: `bench build`, `bench search`, `bench finder`, `bench offline` or `bench pocket`.
pub(crate) fn run(mut args: Args) -> Outcome {
    match args.words().as_slice() {
        [what] if what == "build" => build::run(args),
        [what] if what == "search" => search::run(args),
        [what] if what == "finder" => finder::run(args),
        [what] if what == "offline" => offline::run_bench(args),
        [what] if what == "pocket" => pocket::run(args),
        _ => {
            Err(Trouble::new("what is to be measured?")
                .hint("cargo xtask bench build, search, finder, offline or pocket"))
        }
    }
}
