//! Every kind of page in light, dark and 长者版: axe-core finds nothing, the console is silent, nothing is asked of
//! another host, no cookie is kept, nothing is wider than a phone, and nothing jumps while a page comes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::site::cards;
use super::tab::Tab;
use crate::city::here;

/// One address for every template, and for every state in which it looks different.
const PAGES: &[&str] = &[
    "/",
    "/404.html",
    "/about/",
    "/ask/",
    "/audience/",
    "/department/zfbgs/",
    "/favourites/",
    "/offline/",
    "/policies/",
    "/policy/2020-biyesheng-zufang/",
    "/policy/2020-haiandai-baohu/",
    "/policy/2025-qingnian-zufang-butie/",
    "/policy/2025-qingnian-zufang-butie/lifecycle/",
    "/question/zhufang-001/",
    "/questions/",
    "/questions/zhufang/",
    "/search/",
    "/theme/",
    "/theme/zhufang/",
    "/validity/repealed/",
    "/year/2025/",
];

/// Axe-core itself, as text.
pub(super) fn axe() -> String {
    let home = std::env::var("AXE").map_or_else(
        |_| here().join("../target/tools/npm/axe-core/node_modules/axe-core/axe.min.js"),
        std::path::PathBuf::from,
    );
    std::fs::read_to_string(&home).unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask test` installs axe-core; YIMA_NO_BROWSER=1 leaves this out", home.display())
    })
}

/// What axe-core has against the page: rule, and the first elements it means.
const VIOLATIONS: &str = "
const done = arguments[arguments.length - 1];
axe.run(document).then(
  found => done(found.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.html.slice(0, 120)).join(' | '))),
  error => done([String(error)]))";

pub(super) fn look(tab: &Tab, page: &str, mode: &str, failures: &mut String) {
    for violation in tab.js_later(VIOLATIONS).as_array().expect("a list") {
        let _ = writeln!(failures, "{page} in {mode}: {}", violation.as_str().unwrap_or_default());
    }
}

/// All three modes of one page. The switch for 长者版 is the one people press.
fn look_in_every_mode(tab: &Tab, page: &str, axe: &str, failures: &mut String) {
    tab.screen(1280, 800);
    tab.open_ready(page);
    tab.js(axe);
    look(tab, page, "light", failures);
    tab.dark(true);
    look(tab, page, "dark", failures);
    tab.dark(false);
    tab.click(".elder-switch");
    look(tab, page, "长者版", failures);
    for (mode, width) in [("长者版", 360_u32), ("light", 360)] {
        tab.screen(width, 780);
        if mode == "light" {
            tab.click(".elder-switch");
        }
        if tab.js("return !!document.querySelector('.finder-opener')") == true {
            tab.click(".finder-opener");
            look(tab, page, "the sheet", failures);
            tab.click(".finder-sheet-head button");
        }
        let found = tab.number("return document.documentElement.scrollWidth");
        if found > f64::from(width) {
            let _ = writeln!(failures, "{page} in {mode} is {found} pixels wide on a screen of {width}");
        }
    }
    let pressed = tab.js("return document.querySelector('.elder-switch').getAttribute('aria-pressed')");
    assert_eq!(pressed, Value::from("false"), "{page}: pressed twice, the switch is off again");
    tab.assert_quiet(page);
}

#[test]
fn axe_is_awake() {
    let Some(tab) = Tab::new() else { return };
    tab.open("/about/");
    tab.js(&axe());
    tab.js("document.documentElement.lang = ''; document.querySelector('main p').style.color = '#ccc'");
    let mut found = String::new();
    look(&tab, "/about/", "light", &mut found);
    assert!(found.contains("html-has-lang") && found.contains("color-contrast"), "{found}");
}

#[test]
fn pages_are_for_everyone() {
    let Some(tab) = Tab::new() else { return };
    let axe = axe();
    let mut failures = String::new();
    for page in PAGES {
        look_in_every_mode(&tab, page, &axe, &mut failures);
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn cards_are_for_everyone() {
    let Some(tab) = Tab::new() else { return };
    let axe = axe();
    let mut failures = String::new();
    let policies = cards("policy");
    let others = ["stage", "attachment", "article", "question"].map(|kind| cards(kind).remove(0));
    let pages: Vec<&String> = policies.iter().step_by(7).chain(policies.last()).chain(&others).collect();
    for page in pages {
        look_in_every_mode(&tab, page, &axe, &mut failures);
    }
    assert!(failures.is_empty(), "{failures}");
}

/// How far what stands on the page has moved while it came, as Cumulative Layout Shift counts it (a part of the screen times
/// a part of its height), and what moved most.
const MOVED: &str = "
const done = arguments[arguments.length - 1];
const all = [];
new PerformanceObserver(list => all.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true });
setTimeout(() => {
  const most = all.reduce((most, one) => one.value > (most ? most.value : 0) ? one : most, null);
  const named = most ? most.sources.map(({ node }) => node && (node.className || node.nodeName)).join(' ') : '';
  done([all.reduce((sum, one) => sum + one.value, 0), named]);
}, 700);";

/// Half of what Core Web Vitals call good.
const STILL: f64 = 0.05;

#[test]
fn nothing_jumps_while_a_page_comes() {
    let Some(tab) = Tab::new() else { return };
    let mut failures = String::new();
    let cards = ["policy", "question"].map(|kind| cards(kind).remove(0));
    // As slow as a cheap phone: what is painted early shows where it stands.
    tab.cdp("Emulation.setCPUThrottlingRate", &json!({ "rate": 4 }));
    for (width, height) in [(360, 780), (1280, 800)] {
        tab.screen(width, height);
        for page in PAGES.iter().copied().chain(cards.iter().map(String::as_str)) {
            tab.open_ready(page);
            let said = tab.js_later(MOVED);
            if said[0].as_f64().is_none_or(|moved| moved > STILL) {
                let _ = writeln!(failures, "{page} at {width} pixels: {said}");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
