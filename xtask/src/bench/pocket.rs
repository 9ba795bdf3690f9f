//! `cargo xtask bench pocket`: a large city taken along whole, with ours and with the worker of workbox-build, and the
//! update of a week, into `docs/`.

use std::path::Path;
use std::process::Command;

use super::build::DATE;
use crate::args::Args;
use crate::city::{self, plan::Size};
use crate::process::{Outcome, run as run_program, run_quiet};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// Where the table is kept.
const TABLE: &str = "docs/offline-large.md";

/// A week after [`DATE`].
const LATER: &str = "2026-10-08";

/// The modules that a site needs to be taken along; without them the other worker has it to itself.
const OWN: [&str; 4] = ["yima-offline.js", "yima-offline_bg.wasm", "yima-maker.js", "yima-maker_bg.wasm"];

/// The chore.
pub(crate) fn run(mut args: Args) -> Outcome {
    let size = city::size(&mut args)?;
    let table = args.path("out", TABLE)?;
    let work = args.path("work", "target/bench/pocket")?;
    args.finish()?;
    tools::for_app()?;
    let browser = tools::for_browser()?;
    let peers = tools::offline_peers()?;
    let (app, yima) = (site::app(Profile::Release)?, site::generator(Profile::Release)?);
    let (first, later) = (work.join("city-before"), work.join("city"));
    contents(&yima, size, &first, &later)?;
    let bare = work.join("app");
    disk::remove_folder(&bare)?;
    for file in disk::files(&app)? {
        let name = file.strip_prefix(&app).unwrap_or(&file);
        if !OWN.iter().any(|own| name == Path::new(own)) {
            disk::write(&bare.join(name), disk::read_bytes(&file)?)?;
        }
    }
    let build = |content: &Path, date: &str, app: &Path, name: &str, after: Option<&str>| {
        let mut build = site::build_command(&yima, content);
        build.args(["--date", date, "--no-sync", "--app"]).arg(app).arg("--out").arg(work.join(name));
        match after {
            Some(after) => build.arg("--after").arg(work.join(after)),
            // What a run before has left there is not to be followed.
            None => build.arg("--anew"),
        };
        run_program(name, &mut build)
    };
    build(&first, DATE, &app, "Yima-first", None)?;
    build(&later, LATER, &app, "Yima-later", Some("Yima-first"))?;
    build(&first, DATE, &bare, "Workbox-first", None)?;
    build(&later, LATER, &bare, "Workbox-later", None)?;
    let mut tests = tools::cargo();
    tests.args(["test", "--locked", "--package", "yima-tests", "--", "--nocapture", "--ignored", "a_large_city"]);
    tests.env("YIMA_POCKET", &work).env("YIMA_WORKBOX", peers).env("YIMA_POCKET_TABLE", &table);
    tests.env("CHROMIUM", browser.program).current_dir(disk::root());
    run_program("the city in a pocket", &mut tests)
}

/// Both contents, with their codes as a city gives them out: those of the week before stay, new ones come behind.
fn contents(yima: &Path, size: Size, first: &Path, later: &Path) -> Outcome {
    let stamp = later.with_extension("size");
    let wanted = format!("{size:?}\n");
    if stamp.is_file() && disk::read(&stamp)? == wanted {
        return Ok(());
    }
    let codes = |content: &Path, date: &str| {
        let mut codes = Command::new(yima);
        codes.args(["codes", "--lang", "en", "--date", date, "--content"]).arg(content);
        run_quiet("codes of the generated city", &mut codes)
    };
    disk::remove_folder(first)?;
    disk::remove_folder(later)?;
    city::write_before(size, first)?;
    codes(first, DATE)?;
    city::write(size, later, None)?;
    disk::write(&later.join("codes.csv"), disk::read_bytes(&first.join("codes.csv"))?)?;
    codes(later, LATER)?;
    // Last, so that what an interrupted run left is made anew.
    disk::write(&stamp, wanted)
}
