//! Offline, in a real browser, against a host that misbehaves, on a device that loses things.
//!
//! - [`site`]: three releases of the small city, and one that somebody else signed
//! - [`host`]: a host with faults on demand; [`browser`]: Chromium on a profile, to be killed; [`visit`]: both together
//! - [`large`]: a large city, measured beside Workbox
//! - [`case`]: a row of the table; [`update`], [`store`], [`power`], [`strange`], [`request`]: the rows
//!
//! After every fault the browser's own cache is emptied and the host shut, and every page and file of the release must be
//! there: bytes and headers. `YIMA_FAULTS=words` picks rows. With `YIMA_WORKBOX`, which `cargo xtask bench offline` sets,
//! the same faults meet the worker of workbox-build, and both columns go into `YIMA_FAULTS_TABLE`.

mod browser;
mod case;
mod host;
mod large;
mod power;
mod request;
mod site;
mod store;
mod strange;
mod table;
mod update;
mod visit;

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use self::case::{Case, Verdict};
use self::site::Peer;
use self::visit::Visit;
use crate::city::put;

/// Rows that are tried at the same time.
const TOGETHER: usize = 2;

fn cases() -> Vec<Case> {
    let picked = std::env::var("YIMA_FAULTS").unwrap_or_default();
    let all = update::cases().into_iter().chain(store::cases()).chain(power::cases());
    let all = all.chain(strange::cases()).chain(request::cases());
    all.filter(|case| case.name.contains(&picked)).collect()
}

/// Every case in order, with what came of it.
fn verdicts(peer: Peer, cases: &[Case]) -> Vec<Option<Verdict>> {
    site::releases(peer);
    let mut verdicts: Vec<Option<Verdict>> = Vec::new();
    verdicts.resize_with(cases.len(), || None);
    let (next, said) = (Mutex::new(0..cases.len()), Mutex::new(&mut verdicts));
    std::thread::scope(|scope| {
        for _ in 0..TOGETHER {
            scope.spawn(|| {
                while let Some(place) = next.lock().ok().and_then(|mut next| next.next()) {
                    let case = &cases[place];
                    if peer != Peer::Yima && !case.both {
                        continue;
                    }
                    let start = Instant::now();
                    let mut visit = Visit::new(peer);
                    let verdict = (case.run)(&mut visit);
                    let mark = if verdict.is_ok() { "成" } else { "败" };
                    let text = verdict.as_ref().unwrap_or_else(|why| why);
                    println!("{mark} {:4.1}s {peer:?} {}：{text}", start.elapsed().as_secs_f64(), case.name);
                    if let Ok(mut said) = said.lock() {
                        said[place] = Some(verdict);
                    }
                }
            });
        }
    });
    verdicts
}

#[test]
fn every_fault_leaves_a_whole_release() {
    if std::env::var_os("YIMA_NO_BROWSER").is_some() || std::env::var_os("YIMA_NO_APP").is_some() {
        return eprintln!("YIMA_NO_BROWSER or YIMA_NO_APP: left out");
    }
    let cases = cases();
    let verdicts = verdicts(Peer::Yima, &cases);
    if std::env::var_os("YIMA_WORKBOX").is_some() {
        let theirs = self::verdicts(Peer::Workbox, &cases);
        let file = std::env::var_os("YIMA_FAULTS_TABLE").expect("where the table is kept");
        put(Path::new(&file), table::table(&cases, &verdicts, &theirs).as_bytes());
    }
    let failed: Vec<&str> = cases
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| !matches!(verdict, Some(Ok(_))))
        .map(|(case, _)| case.name.as_str())
        .collect();
    assert!(failed.is_empty(), "{} of {} failed: {failed:#?}", failed.len(), cases.len());
}
