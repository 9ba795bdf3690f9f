//! The command `yima`.

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;
use yima::cli::{Cli, Failure, run};

/// A city is some million small texts, made on all threads: the system's allocator took an eighth of a build for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // What clap refuses ends with 2 as well.
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Mistakes) => ExitCode::from(1),
        Err(Failure::Trouble(why)) => {
            eprintln!("{}{why}", cli.language().pick("错误：", "error: "));
            ExitCode::from(2)
        }
    }
}
