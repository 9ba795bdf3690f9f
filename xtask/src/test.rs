//! `cargo xtask test`: what CI runs, and nothing else decides.

use crate::args::Args;
use crate::process::{Outcome, Trouble, run};
use crate::site::{self, Profile};
use crate::{check, disk, tools};

/// Installs, checks, builds, tests. With words only the tests that carry one of them in their name, without the checks.
///
/// The whole-program tests are told where things are:
/// - `YIMA`: the generator, a release build
/// - `YIMA_APP`: folder with the script and the module of the app, a release build
/// - `YIMA_SITE`: the demonstration city built from both
/// - `CHROMEDRIVER`, `AXE`: the driver of Chromium and `axe.min.js`
pub(crate) fn run_chore(mut args: Args) -> Outcome {
    let words = args.words();
    args.finish()?;
    tools::for_app()?;
    let browser = tools::for_browser()?;
    if words.is_empty() {
        check::all(&[])?;
    }

    // One moment for both builds, or at midnight they would differ.
    let now = moment();
    let app = site::app(Profile::Release)?;
    let yima = site::generator(Profile::Release)?;
    let built = disk::target().join("test/site");
    let by_trunk = disk::target().join("test/trunk");
    // A release numbers on from the one it finds: both start from nothing.
    for site in [&built, &by_trunk] {
        disk::remove_folder(site)?;
    }
    let mut build = site::build_command(&yima, &disk::root().join("content"));
    build.arg("--app").arg(&app).arg("--out").arg(&built).env("SOURCE_DATE_EPOCH", &now);
    run("the demonstration city", &mut build)?;
    let mut trunk = site::trunk_command("Trunk.toml", &by_trunk);
    run("the same by Trunk alone", trunk.arg("--release").env("SOURCE_DATE_EPOCH", &now))?;
    if let Some(path) = disk::difference(&built, &by_trunk)? {
        return Err(Trouble::new(format!("trunk build and yima build differ in {}", path.display())));
    }

    let mut tests = tools::cargo();
    tests.args(["test", "--locked", "--workspace", "--no-fail-fast"]);
    tests.env("YIMA", &yima).env("YIMA_APP", &app).env("YIMA_SITE", &built);
    tests.env("CHROMEDRIVER", &browser.driver).env("AXE", &browser.axe);
    if !words.is_empty() {
        tests.arg("--").args(&words);
    }
    run("tests", &mut tests)
}

/// Seconds since 1970, as the builds take them.
#[expect(clippy::disallowed_methods, reason = "the site is built for today, as it is published")]
fn moment() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_secs().to_string()
}
