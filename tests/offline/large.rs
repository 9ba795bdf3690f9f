//! A large city on a device, taken along by ours and by Workbox: what it costs to fetch, to keep, to read, and to bring up
//! to date. `cargo xtask bench pocket` builds what this needs: for each of the two a site, and the same a week later.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::host::{Answer, Files, files};
use super::site::{Peer, Releases, workbox};
use super::visit::Visit;
use crate::city::{here, put};

/// No download takes longer.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Pages that are read without a network.
const READ: usize = 120;

/// What one of the two costs.
#[derive(Debug)]
struct Figures {
    first: Cost,
    /// Bytes that the browser says it stores for the site.
    stored: u64,
    /// Median and ninth decile of the milliseconds until a page is there, without a network.
    page: (f64, f64),
    /// Pages that were the ones of the release, of those that were read.
    right: usize,
    week: Cost,
    /// What twelve weeks cost, each with a release of its own, for a device that saw none of them.
    weeks: Option<Weeks>,
}

/// Twelve weeks in one go.
#[derive(Debug)]
struct Weeks {
    cost: Cost,
    /// As of [`Figures`], of the last release.
    page: (f64, f64),
    right: usize,
}

/// What a download costs.
#[derive(Debug)]
struct Cost {
    /// Visits it took: Chromium ends a worker that is busy for five minutes, and the next visit goes on.
    visits: usize,
    requests: usize,
    /// As a host sends them: texts compressed.
    bytes: u64,
    seconds: f64,
}

#[test]
#[ignore = "needs many builds of a large city and an hour: `cargo xtask bench pocket`"]
fn a_large_city_beside_workbox() {
    let sites = PathBuf::from(std::env::var_os("YIMA_POCKET").expect("YIMA_POCKET: `cargo xtask bench pocket`"));
    let out = std::env::var_os("YIMA_POCKET_TABLE").expect("where the table is kept");
    let ours = measure(Peer::Yima, &sites).expect("ours");
    println!("{ours:#?}");
    // What can be said of ours does not hang on whether the browser bears the other.
    let theirs = measure(Peer::Workbox, &sites);
    println!("{theirs:#?}");
    let right = ours.weeks.as_ref().map_or(0, |weeks| weeks.right);
    put(Path::new(&out), table(&ours, theirs.as_ref()).as_bytes());
    assert_eq!((ours.right, right), (READ, READ), "pages that are not the ones of the release");
}

fn measure(peer: Peer, sites: &Path) -> Result<Figures, String> {
    let [first_site, later_site] = ["first", "later"].map(|when| sites.join(format!("{peer:?}-{when}")));
    if peer == Peer::Workbox {
        workbox(&first_site);
        workbox(&later_site);
    }
    let [before, after] = [&first_site, &later_site].map(|site| files(site));
    let of = [before.clone(), after.clone(), after.clone()];
    let mut visit = Visit::with(peer, Box::leak(Box::new(Releases { of, foreign: after })));
    let start = Instant::now();
    visit.begin()?;
    let mut visits = until(&mut visit, "found?.active")?;
    if peer == Peer::Yima {
        visit.begin_ask(&json!({ "ask": "hold", "tier": "all" }))?;
        settled(&mut visit, 0.0)?;
    }
    let first = cost(&visit, &first_site, start, visits)?;
    if peer == Peer::Yima {
        visit.holds_all()?;
    }
    let stored = patiently(&mut visit, "return (await navigator.storage.estimate()).usage;")?;
    let stored = stored.as_u64().unwrap_or_default();
    let (page, right) = read(&mut visit, &before)?;
    visit.host.asked();
    let held = visit.ask(&json!({ "ask": "state" })).map_or(0.0, |state| sequence(&state));
    let start = Instant::now();
    visit.publish(1);
    match peer {
        Peer::Yima => {
            visit.begin_look()?;
            settled(&mut visit, held)?;
            visits = 1;
        }
        Peer::Workbox => {
            let update = "void (await navigator.serviceWorker.getRegistration()).update().catch(() => {});";
            patiently(&mut visit, update)?;
            visits = until(&mut visit, "found.waiting")?;
            let skip =
                "(await navigator.serviceWorker.getRegistration()).waiting.postMessage({ type: 'SKIP_WAITING' });";
            patiently(&mut visit, skip)?;
            until(&mut visit, "!found.waiting")?;
        }
    }
    let week = cost(&visit, &later_site, start, visits)?;
    let weeks = if peer == Peer::Yima { Some(weeks(&first_site, &sites.join("Yima-last"))?) } else { None };
    Ok(Figures { first, stored, page, right, week, weeks })
}

/// What a function's body gives on a page whose browser may not answer for minutes, as while it stores tens of thousands of
/// files.
fn patiently(visit: &mut Visit, body: &str) -> Result<Value, String> {
    for _ in 0..15 {
        match visit.js(body) {
            Err(error) if error.contains("no answer") => {}
            said => return said,
        }
    }
    Err(format!("a quarter of an hour without an answer to {body}"))
}

/// What it costs a device that has the first release to take the last one.
fn weeks(first: &Path, last: &Path) -> Result<Weeks, String> {
    let [before, after] = [first, last].map(files);
    let of = [before, after.clone(), after.clone()];
    let releases = Releases { of, foreign: after.clone() };
    let mut visit = Visit::with(Peer::Yima, Box::leak(Box::new(releases)));
    visit.begin()?;
    until(&mut visit, "found?.active")?;
    visit.begin_ask(&json!({ "ask": "hold", "tier": "all" }))?;
    settled(&mut visit, 0.0)?;
    visit.host.asked();
    let held = visit.ask(&json!({ "ask": "state" })).map_or(0.0, |state| sequence(&state));
    let start = Instant::now();
    visit.publish(1);
    visit.begin_look()?;
    settled(&mut visit, held)?;
    let cost = cost(&visit, last, start, 1)?;
    let (page, right) = read(&mut visit, &after)?;
    Ok(Weeks { cost, page, right })
}

fn sequence(state: &Value) -> f64 {
    state["releases"][0]["sequence"].as_f64().unwrap_or_default()
}

/// Waits until something is true of the registration; how many visits that took.
fn until(visit: &mut Visit, truth: &str) -> Result<usize, String> {
    let start = Instant::now();
    let look = format!(
        "const found = await navigator.serviceWorker.getRegistration();
        return {truth} ? 'yes' : found?.installing || found?.waiting ? 'soon' : 'no';"
    );
    let (mut visits, mut began) = (1, false);
    loop {
        // A browser that stores tens of thousands of files may not answer for a while.
        let said = visit.js(&look).unwrap_or(json!("soon"));
        if said == json!("yes") {
            return Ok(visits);
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("in vain for {truth}"));
        }
        began |= said == json!("soon");
        // Another visit, as the page of such a site would make it.
        if began && said == json!("no") && visit.peer == Peer::Workbox {
            began = false;
            // Not waited for: the browser takes its time, and the next look tells.
            let again =
                "void navigator.serviceWorker.register('/sw.js').then(found => found.update()).catch(() => {});";
            visit.js(again).ok();
            visits += 1;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Waits until a release after that number is held, and everything of it.
fn settled(visit: &mut Visit, after: f64) -> Result<(), String> {
    let start = Instant::now();
    let mut still = 0;
    while still < 3 {
        let state = visit.ask(&json!({ "ask": "state" }))?;
        let all = state["tiers"].as_array().and_then(|tiers| tiers.iter().find(|tier| tier["id"] == "all")).cloned();
        let whole = all.is_some_and(|all| all["missing"] == 0) && state["busy"].is_null();
        still = if whole && sequence(&state) > after { still + 1 } else { 0 };
        if start.elapsed() > PATIENCE || !state["trouble"].is_null() {
            return Err(format!("not held: {state}"));
        }
        // Asking makes work, too.
        std::thread::sleep(Duration::from_millis(250));
    }
    Ok(())
}

/// What was asked of the host since the last look.
fn cost(visit: &Visit, site: &Path, start: Instant, visits: usize) -> Result<Cost, String> {
    let seconds = start.elapsed().as_secs_f64();
    let mut paths: Vec<String> = Vec::new();
    for asked in visit.host.asked() {
        let path = asked.strip_prefix("GET /").unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        paths.push(if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path });
    }
    let mut node = Command::new("node")
        .arg(here().join("../xtask/bench/offline/transfer.mjs"))
        .arg(site)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let input = node.stdin.take().ok_or("no way to node")?;
    (&input).write_all(paths.join("\n").as_bytes()).map_err(|error| error.to_string())?;
    drop(input);
    let said = node.wait_with_output().map_err(|error| error.to_string())?;
    let bytes = String::from_utf8_lossy(&said.stdout).trim().parse().map_err(|error| format!("transfer: {error}"))?;
    Ok(Cost { visits, requests: paths.len(), bytes, seconds })
}

/// Reads pages from everywhere without a network, one after the other.
fn read(visit: &mut Visit, files: &Files) -> Result<((f64, f64), usize), String> {
    let held = |path: &&String| path.ends_with("/index.html") && path.split('/').count() > 2;
    let pages: Vec<&String> = files.keys().filter(held).collect();
    let pages: Vec<String> = pages
        .iter()
        .step_by((pages.len() / READ).max(1))
        .take(READ)
        .map(|path| format!("/{}", path.trim_end_matches("index.html")))
        .collect();
    visit.offline()?;
    visit.go("/")?;
    let said = visit.js(
        &"const found = [];
        for (const path of PATHS) {
          const start = performance.now(), body = await (await fetch(path)).arrayBuffer();
          found.push([performance.now() - start, body]);
        }
        const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
        return await Promise.all(found.map(async ([time, body]) => [time, hex(await crypto.subtle.digest('SHA-256', body))]));"
            .replace("PATHS", &json!(pages).to_string()),
    )?;
    visit.host.down(false);
    let said = said.as_array().cloned().unwrap_or_default();
    let is_right = |(path, found): &(&String, &Value)| {
        found[1] == json!(yima_pack::Sha::of(&Answer::of(files, path).body).to_string())
    };
    let right = pages.iter().zip(&said).filter(is_right).count();
    let mut times: Vec<f64> = said.iter().filter_map(|found| found[0].as_f64()).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 10).copied().unwrap_or(f64::NAN);
    Ok(((at(5), at(9)), right))
}

fn table(ours: &Figures, theirs: Result<&Figures, &String>) -> String {
    let today = jiff::Zoned::now().date();
    let mut text = format!(
        "# A large city in a pocket\n\n\
         Measured on {today} by `cargo xtask bench pocket`: the generated city (5,100 policies, 13,235 questions, some 48,600 \
         codes) taken along whole by our worker and by that of workbox-build (generateSW, a precache of the same files), in the \
         same Chromium, from a host on the same machine. Bytes are as a host sends them, texts compressed with Brotli (level \
         5). Each week some 150 records are new or changed (`cargo xtask city --weeks-before N` is the city before: 30 policies \
         are new, 15 repealed, 5 corrected, some 100 answers new or changed), and every page says the new day. A release a week; \
         for the last rows a device that has the first of them takes the thirteenth. Pages are read with the network off, \
         the browser's own cache empty and the worker asleep before the first. Chromium ends a worker whose installation takes \
         more than five minutes; the next visit goes on where it was.\n\n\
         | | Yima | Workbox |\n|---|---|---|\n"
    );
    let megabytes = |bytes: u64| format!("{:.2} MB", bytes as f64 / 1e6);
    let mut row = |what: &str, of: &dyn Fn(&Figures) -> String| {
        let _ = writeln!(text, "| {what} | {} | {} |", of(ours), theirs.map_or("–".to_owned(), of));
    };
    row("full download", &|of| megabytes(of.first.bytes));
    row("requests", &|of| of.first.requests.to_string());
    row("visits until it is there", &|of| of.first.visits.to_string());
    row("ready after", &|of| format!("{:.0} s", of.first.seconds));
    row("stored on the device", &|of| megabytes(of.stored));
    row("a page without a network, median", &|of| format!("{:.1} ms", of.page.0));
    row("the same, nine of ten", &|of| format!("{:.1} ms", of.page.1));
    row("pages that were right", &|of| format!("{} of {READ}", of.right));
    row("a week's update", &|of| megabytes(of.week.bytes));
    row("requests for it", &|of| of.week.requests.to_string());
    row("visits for it", &|of| of.week.visits.to_string());
    row("up to date after", &|of| format!("{:.0} s", of.week.seconds));
    let weeks = |of: &Figures, say: &dyn Fn(&Weeks) -> String| of.weeks.as_ref().map_or("–".to_owned(), say);
    row("twelve weeks with a release each, in one go", &|of| weeks(of, &|weeks| megabytes(weeks.cost.bytes)));
    row("requests for them", &|of| weeks(of, &|weeks| weeks.cost.requests.to_string()));
    row("a page then, median, and nine of ten", &|of| {
        weeks(of, &|weeks| format!("{:.1} ms, {:.1} ms", weeks.page.0, weeks.page.1))
    });
    row("pages that were right then", &|of| weeks(of, &|weeks| format!("{} of {READ}", weeks.right)));
    if let Err(why) = theirs {
        let _ = writeln!(text, "\nWorkbox was not measured to its end: {why}");
    }
    text
}
