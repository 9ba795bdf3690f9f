//! `cargo xtask bench offline`: the table of faults with ours and with the worker of workbox-build, into `docs/`.

use crate::args::Args;
use crate::disk;
use crate::process::{Outcome, run};
use crate::site::{self, Profile};
use crate::tools;

/// Where the table is kept.
const TABLE: &str = "docs/offline-faults.md";

/// The chore: every fault of `tests/offline`, in the same browser, against the same host.
pub(crate) fn run_bench(mut args: Args) -> Outcome {
    let table = args.path("out", TABLE)?;
    let picked = args.take::<String>("only")?.unwrap_or_default();
    args.finish()?;
    tools::for_app()?;
    let browser = tools::for_browser()?;
    let peers = tools::offline_peers()?;
    let app = site::app(Profile::Release)?;
    let mut tests = tools::cargo();
    tests.args(["test", "--locked", "--package", "yima-tests", "--", "--nocapture", "offline::every_fault"]);
    tests.env("YIMA_APP", app).env("YIMA_WORKBOX", peers).env("YIMA_FAULTS_TABLE", &table).env("YIMA_FAULTS", picked);
    tests.env("CHROMIUM", browser.program).current_dir(disk::root());
    run("every fault, with ours and with Workbox", &mut tests)
}
