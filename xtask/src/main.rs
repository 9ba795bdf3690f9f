//! Every chore of Yima: `cargo xtask <chore>`. The table below is the list, and `cargo xtask help` prints it.

mod args;
mod bench;
mod check;
mod city;
mod disk;
mod kiosk;
mod process;
mod serve;
mod site;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use args::Args;
use process::Outcome;

/// One chore.
struct Chore {
    name: &'static str,
    /// What may follow the name.
    usage: &'static str,
    /// One line for `help`.
    purpose: &'static str,
    run: fn(Args) -> Outcome,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "serve",
        usage: "[--port 8080] [--content content]",
        purpose: "install what is missing, build app and site, serve them at http://127.0.0.1:8080, follow every change",
        run: serve::run,
    },
    Chore {
        name: "build",
        usage: "[--content content] [--out dist]",
        purpose: "the whole release site, app included, into dist/",
        run: site::run_chore,
    },
    Chore {
        name: "test",
        usage: "[words that pick tests]",
        purpose: "install what the tests need, run `check`, build everything, run every test",
        run: test::run_chore,
    },
    Chore {
        name: "check",
        usage: "[fmt|tidy|clippy|wasm|docs|licences …]",
        purpose: "formatting, lints, the browser crates, documentation, tidiness, licences and advisories",
        run: check::run_chore,
    },
    Chore {
        name: "kiosk",
        usage: "[--content content] [--work target/kiosk] [--port 8090] [--shot FILE.png]",
        purpose: "a kiosk to try: build the site, write a stick, take it, serve it, show it in Chromium",
        run: kiosk::run_chore,
    },
    Chore {
        name: "city",
        usage: "--out DIR [--policies 5100] [--questions 13235] [--codes N] [--seed 1] [--hugo DIR] [--weeks-before N]",
        purpose: "write a generated city; with --hugo also the same texts as a Hugo site; or the same city as it was some weeks before",
        run: city::run,
    },
    Chore {
        name: "bench",
        usage: "build [--rounds 3] [--policies 5100] [--questions 13235] [--content DIR] [--work DIR] [--json FILE]\n        \
                | search [--sets FILE.toml] [--only SETS] [--set NAME=DOCS,QUERIES] [--engines NAMES] [--rounds 1] [--seconds 600]\n        \
                | finder [--site DIR] [--questions FILE] [--typing 4] [--slowdown 4] [--pace 120] [--parts cold,typing,early,odd] [--work DIR] [--json FILE]\n        \
                | offline [--only WORDS] [--out docs/offline-faults.md]\n        \
                | pocket [--policies 5100] [--out docs/offline-large.md] [--work DIR]",
        purpose: "measure builds side by side with Hugo: CPU, memory, files; cold, warm, one change; \
                  or searches side by side with others: bytes, time, quality, exactness; \
                  or the finder of a large city: requests, bytes, tasks while typing; \
                  or what a broken host and a broken disk do to devices that are offline, beside Workbox; \
                  or what a large city costs to take along and to keep up to date, beside Workbox",
        run: bench::run,
    },
    Chore {
        name: "tools",
        usage: "",
        purpose: "install everything the other chores would install, and say where it is",
        run: tools::run_chore,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    if matches!(name.as_str(), "" | "help" | "--help" | "-h") {
        print!("{}", help());
        return if name.is_empty() { ExitCode::from(2) } else { ExitCode::SUCCESS };
    }
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprint!("cargo xtask knows no chore `{name}`\n\n{}", help());
        return ExitCode::from(2);
    };
    match (chore.run)(Args::new(words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\ncargo xtask {name}: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("Chores of Yima: cargo xtask <chore>\n\n");
    for chore in CHORES {
        text.push_str(&format!("  {} {}\n      {}\n", chore.name, chore.usage, chore.purpose));
    }
    text
}
