//! 简, 繁 and EN: what a reader sees, that it holds from page to page, and that 简 is the page again.

use std::fmt::Write as _;

use super::every_page::{axe, look};
use super::site::cards;
use super::tab::Tab;

/// One page of every kind.
const PAGES: &[&str] = &[
    "/",
    "/about/",
    "/ask/",
    "/department/zfbgs/",
    "/favourites/",
    "/policy/2025-qingnian-zufang-butie/",
    "/policy/2025-qingnian-zufang-butie/lifecycle/",
    "/question/zhufang-001/",
    "/questions/",
    "/search/",
    "/theme/zhufang/",
];

/// Everything that must be the same in every reading: addresses, codes, names of fields, what is typed.
const FIXED: &str = "
const all = [...document.querySelectorAll('main a, main form, main input, .typed, code')];
return JSON.stringify(all.map(el => [el.getAttribute('href'), el.action, el.name, el.value,
  el.matches('.typed, code') && el.textContent, el.id]))";

/// What the page says, and in which language.
const SAID: &str = "
const langs = [...document.querySelectorAll('[lang]')].map(el => el.localName + el.lang);
return JSON.stringify([document.title, document.body.innerText, langs])";

fn choose(tab: &Tab, value: &str) {
    let button = format!(".reading button[value=\"{value}\"]");
    tab.click(&button);
    shown(tab, value);
}

fn shown(tab: &Tab, value: &str) {
    let button = format!(".reading button[value=\"{value}\"]");
    tab.wait(&format!("return document.querySelector('{button}').getAttribute('aria-pressed') === 'true'"));
}

#[test]
fn a_choice_holds_and_goes_without_a_trace() {
    let Some(tab) = Tab::new() else { return };
    tab.screen(1280, 800);
    let policy = "/policy/2025-qingnian-zufang-butie/";
    tab.open(policy);
    let (said, fixed) = (tab.text(SAID), tab.text(FIXED));
    choose(&tab, "hant");
    assert_eq!(tab.text("return document.documentElement.lang"), "zh-Hant");
    assert!(tab.text("return document.querySelector('h1').textContent").contains("青年人才租房補貼辦法"));
    assert_eq!(tab.text(FIXED), fixed);
    let later =
        "const p = document.createElement('p'); p.textContent = '发布'; document.querySelector('main').append(p);
        setTimeout(() => { arguments[0](p.textContent); p.remove(); }, 50)";
    assert_eq!(tab.js_later(later), "發佈", "what comes later is converted too");
    choose(&tab, "");
    assert_eq!(tab.text(SAID), said);
    choose(&tab, "en");
    assert_eq!(tab.text(FIXED), fixed);
    assert_eq!(tab.text("return document.querySelector('#facts-title').innerText"), "About the document");
    assert_eq!(tab.text("return document.querySelector('#facts-title').lang"), "en");
    assert!(tab.text("return document.querySelector('.official').textContent").contains("第一条"), "a document stays");
    tab.open(cards("policy").last().expect("a card"));
    shown(&tab, "en");
    assert_eq!(tab.text("return document.querySelector('.glance dt').textContent"), "For whom");
    choose(&tab, "");
    tab.open(policy);
    assert_eq!(tab.text(SAID), said);
    assert_eq!(tab.js("return document.querySelectorAll('.reading script').length"), 0, "nothing is loaded for 简");
    tab.assert_quiet(policy);
}

#[test]
fn every_reading_is_for_everyone() {
    let Some(tab) = Tab::new() else { return };
    let axe = axe();
    let mut failures = String::new();
    let card = cards("policy").remove(0);
    for page in PAGES.iter().copied().chain([card.as_str()]) {
        for value in ["hant", "en"] {
            tab.screen(1280, 800);
            tab.open_ready(page);
            choose(&tab, value);
            tab.js(&axe);
            look(&tab, page, value, &mut failures);
            for elder in [false, true] {
                tab.screen(360, 780);
                if elder {
                    tab.click(".elder-switch");
                }
                let wide = tab.number("return document.documentElement.scrollWidth");
                if wide > 360.0 {
                    let _ = writeln!(failures, "{page} in {value} is {wide} pixels wide on a screen of 360");
                }
            }
            tab.click(".elder-switch");
            tab.assert_quiet(page);
        }
    }
    choose(&tab, "");
    assert!(failures.is_empty(), "{failures}");
}
