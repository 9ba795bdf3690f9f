//! `cargo xtask bench`.

use crate::args::Args;
use crate::process::Outcome;

pub(crate) fn run(args: Args) -> Outcome {
    args.finish()
}
