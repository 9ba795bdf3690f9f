//! `cargo xtask bench pocket`: a large city taken along whole, with ours and with the worker of workbox-build, the
//! update of a week, and of twelve weeks with a release each, into `docs/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::build::DATE;
use crate::args::Args;
use crate::city::{self, plan::Size, week};
use crate::process::{Outcome, run as run_program, run_quiet};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// Where the table is kept.
const TABLE: &str = "docs/offline-large.md";

/// Weeks between the first release and the last.
const WEEKS: usize = 12;

/// The day of each release: the first is of [`DATE`].
const DAYS: [&str; WEEKS + 1] = [
    DATE,
    "2026-10-08",
    "2026-10-15",
    "2026-10-22",
    "2026-10-29",
    "2026-11-05",
    "2026-11-12",
    "2026-11-19",
    "2026-11-26",
    "2026-12-03",
    "2026-12-10",
    "2026-12-17",
    "2026-12-24",
];

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
    let size = grown(size);
    let contents = |week: usize| work.join(format!("city-{week:02}"));
    all_contents(&yima, size, &work, &contents)?;
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
    let (first, later) = (contents(0), contents(1));
    build(&first, DAYS[0], &app, "Yima-first", None)?;
    build(&later, DAYS[1], &app, "Yima-later", Some("Yima-first"))?;
    // What a run before has left there has published codes that are still to come.
    disk::remove_folder(&work.join("Yima-last"))?;
    for (week, day) in DAYS.iter().enumerate().skip(2) {
        let before = if week == 2 { "Yima-later" } else { "Yima-last" };
        build(&contents(week), day, &app, "Yima-last", Some(before))?;
    }
    build(&first, DAYS[0], &bare, "Workbox-first", None)?;
    build(&later, DAYS[1], &bare, "Workbox-later", None)?;
    let mut tests = tools::cargo();
    tests.args(["test", "--locked", "--package", "yima-tests", "--", "--nocapture", "--ignored", "a_large_city"]);
    tests.env("YIMA_POCKET", &work).env("YIMA_WORKBOX", peers).env("YIMA_POCKET_TABLE", &table);
    tests.env("CHROMIUM", browser.program).current_dir(disk::root());
    run_program("the city in a pocket", &mut tests)
}

/// The city that has the wanted size before all the weeks.
fn grown(size: Size) -> Size {
    let (policies, questions) = (size.policies + WEEKS * week::NEW, size.questions + WEEKS * week::ASKED);
    let codes = size.codes + Size::usual_codes(policies, questions) - Size::usual_codes(size.policies, size.questions);
    Size { policies, questions, codes, ..size }
}

/// The contents of all weeks, with their codes as a city gives them out: those of the week before stay, new ones come
/// behind.
fn all_contents(yima: &Path, size: Size, work: &Path, folder: &impl Fn(usize) -> PathBuf) -> Outcome {
    let stamp = work.join("city.size");
    let wanted = format!("{size:?}\n");
    if stamp.is_file() && disk::read(&stamp)? == wanted {
        return Ok(());
    }
    for (week, day) in DAYS.iter().enumerate() {
        let content = folder(week);
        disk::remove_folder(&content)?;
        city::write_before(size, WEEKS - week, &content)?;
        if week > 0 {
            disk::write(&content.join("codes.csv"), disk::read_bytes(&folder(week - 1).join("codes.csv"))?)?;
        }
        let mut codes = Command::new(yima);
        codes.args(["codes", "--lang", "en", "--date", day, "--content"]).arg(&content);
        run_quiet(&format!("codes of the generated city, week {week}"), &mut codes)?;
    }
    // Last, so that what an interrupted run left is made anew.
    disk::write(&stamp, wanted)
}
