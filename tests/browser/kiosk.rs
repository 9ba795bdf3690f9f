//! A page opened with `?kiosk`: what a visitor leaves is gone, nothing leads out, a hand can reach and type everything.
//!
//! The clock of the page is the test's: a script that runs before all others puts `ahead` milliseconds on it. A page
//! itself takes no such orders.

use serde_json::{Value, json};

use super::every_page::{axe, look};
use super::site::cards;
use super::tab::Tab;
use crate::qr;

const POLICY: &str = "/policy/2025-qingnian-zufang-butie/";

/// A clock that can be put ahead, and a printer without paper.
const CLOCK: &str = "
const real = performance.now.bind(performance);
performance.now = () => real() + (window.ahead || 0);
window.print = () => { window.printed = (window.printed || 0) + 1; };";

fn prepared(tab: Tab) -> Tab {
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": CLOCK }));
    tab.screen(1080, 1920);
    tab
}

/// Goes to a page and waits until it is a kiosk's.
fn open(tab: &Tab, page: &str) {
    tab.open_ready(page);
    ready(tab);
}

fn ready(tab: &Tab) {
    tab.wait("return !!document.querySelector('.kiosk-bar')");
}

fn press(tab: &Tab, name: &str) {
    let found = "[...document.querySelectorAll('.kiosk-button,.kiosk-key')].filter(el => el.checkVisibility())";
    let found = format!("{found}.filter(el => [el.textContent, el.ariaLabel].includes({})).pop()", json!(name));
    tab.js(&format!("const el = {found}; el.id = 'pressed'"));
    tab.click("#pressed");
    tab.js("const el = document.querySelector('#pressed'); if (el) el.removeAttribute('id')");
}

/// What the symbol in the open dialog says.
fn scanned(tab: &Tab) -> String {
    tab.wait("return !!document.querySelector('.kiosk-carry[open]')");
    let view = tab.text("return document.querySelector('.kiosk-carry .qr').getAttribute('viewBox')");
    let side: usize = view.split(' ').next_back().expect("a side").parse().expect("a number");
    let path = tab.text("return document.querySelector('.kiosk-carry .qr path:last-child').getAttribute('d')");
    let scale = 4;
    let mut luma = vec![255_u8; side * side * scale * scale];
    for run in path.split('M').filter(|run| !run.is_empty()) {
        let (at, rest) = run.split_once('h').expect("a run");
        let (x, y) = at.split_once(' ').expect("a place");
        let [x, y, run] =
            [x, y, rest.split('v').next().expect("a length")].map(|n| n.parse::<usize>().expect("modules"));
        for row in y * scale..(y + 1) * scale {
            luma[row * side * scale..][x * scale..(x + run) * scale].fill(0);
        }
    }
    qr::read(luma, side * scale)
}

const ATTRACTS: &str = "return location.pathname === '/' && !!document.querySelector('.kiosk-attract[open]')";

#[test]
fn nothing_of_a_visitor_is_left() {
    let Some(tab) = Tab::new().map(prepared) else { return };
    open(&tab, "/?kiosk");
    tab.wait(ATTRACTS);
    assert_eq!(tab.text("return location.search"), "", "the parameter is not carried along");
    tab.js("return caches.open('pack').then(cache => cache.put('/held', new Response('held')))");
    tab.click(".kiosk-start");
    tab.wait("return !document.querySelector('.kiosk-attract')");
    tab.js("window.ahead = 3600e3; document.querySelector('.foot-links a').click()");
    ready(&tab);
    // One after the other, as a visitor does; the flag holds without the parameter.
    open(&tab, POLICY);
    tab.click("[data-favourite]");
    tab.click(".elder-switch");
    tab.js("document.querySelector('.find input').value = '租房'; sessionStorage.setItem('yima.words x', 'y'); scrollTo(0, 900)");
    open(&tab, "/question/zhufang-001/");
    assert!(tab.number("return localStorage.length") >= 2.0);

    tab.js("window.ahead = 80e3");
    tab.wait("return !!document.querySelector('.kiosk-warning[open]')");
    assert_eq!(tab.text("return document.activeElement.textContent"), "继续使用");
    assert_eq!(tab.text("return document.querySelector('.kiosk-warning').getAttribute('role')"), "alertdialog");
    let left = tab.text("return document.querySelector('#kiosk-warned').textContent");
    let seconds: u32 = left.split(' ').nth(1).expect("a number").parse().expect("seconds");
    assert!((5..=15).contains(&seconds), "{left}");
    press(&tab, "继续使用");
    tab.wait("return !document.querySelector('.kiosk-warning')");
    assert!(tab.number("return localStorage.length") >= 2.0, "who goes on has lost nothing");

    tab.js("window.ahead += 91e3");
    tab.wait(ATTRACTS);
    assert_eq!(tab.number("return localStorage.length"), 0.0);
    assert_eq!(tab.js("return Object.keys(sessionStorage)"), json!(["yima.kiosk"]));
    assert_eq!(tab.js("return [document.querySelector('#q').value, scrollY]"), json!(["", 0]));
    assert!(
        tab.js("return document.documentElement.classList.contains('elder')") == true,
        "as the first visitor found it"
    );
    let held = tab.js_later("caches.match('/held').then(found => found.text()).then(arguments[0])");
    assert_eq!(held, "held", "the offline site stays");
    for _ in 0..6 {
        tab.back();
        std::thread::sleep(std::time::Duration::from_millis(150));
        // Whatever was there before the kiosk is not the kiosk's.
        if tab.text("return location.protocol") != "http:" {
            break;
        }
        assert_eq!(tab.text("return location.pathname"), "/", "Back leads to nothing that was looked at");
    }
    tab.assert_quiet("a visit");
}

#[test]
fn who_is_done_says_so_and_old_pages_lead_to_the_start() {
    let Some(tab) = Tab::new().map(prepared) else { return };
    open(&tab, &format!("{POLICY}?kiosk"));
    press(&tab, "用完了");
    tab.wait(ATTRACTS);
    // A screen that nobody uses fetches the site again now and then: it may be another one.
    tab.js("window.old = true; window.ahead = 901e3");
    tab.wait("return !window.old");
    tab.wait(ATTRACTS);
    tab.press("x");
    tab.wait("return !document.querySelector('.kiosk-attract')");
    open(&tab, "/about/");
    open(&tab, "/questions/");
    tab.back();
    ready(&tab);
    assert_eq!(tab.text("return location.pathname"), "/about/", "within a visit there is a way back");
    // Another visit has begun meanwhile: this entry is no longer anybody's.
    tab.js("const state = JSON.parse(sessionStorage['yima.kiosk']);
        sessionStorage['yima.kiosk'] = JSON.stringify(Object.assign(state, { visit: 99, entries: [] }))");
    open(&tab, "/questions/");
    tab.back();
    tab.wait("return location.pathname === '/'");
    tab.assert_quiet("old pages");
}

#[test]
fn nothing_leads_out() {
    let Some(tab) = Tab::with_app().map(prepared) else { return };
    let outside = "
        const out = [...document.querySelectorAll('a[href]')].filter(a => a.protocol !== 'http:' || a.host !== location.host || a.download !== '' || a.hasAttribute('download') || a.target);
        return [...new Set(out.map(a => a.getAttribute('href')))]";
    let mut kinds = std::collections::BTreeSet::new();
    for page in [POLICY, "/question/zhufang-001/", "/about/", "/ask/", &cards("attachment")[0], &cards("policy")[1]] {
        open(&tab, &format!("{page}?kiosk"));
        let here = tab.text("return location.href");
        for href in tab.js(outside).as_array().expect("addresses").iter().take(6) {
            let href = href.as_str().expect("an address");
            tab.click(&format!("a[href={}]", json!(href)));
            let read = scanned(&tab);
            let whole =
                if href.starts_with('/') { format!("https://zc.qingyu.example{href}") } else { href.to_owned() };
            assert_eq!(read, whole, "{page}");
            assert_eq!(tab.text("return location.href"), here, "{page}: {href}");
            kinds.insert(href.split(':').next().unwrap_or_default().split('/').nth(1).unwrap_or(href).to_owned());
            press(&tab, "关闭");
        }
    }
    assert!(kinds.len() >= 3, "only {kinds:?}");
    // Of files, text can be read here.
    open(&tab, &format!("{POLICY}?kiosk"));
    tab.click("a[href$='.csv'],a[href$='.txt'],a[href$='.md']");
    tab.wait("return !!document.querySelector('.kiosk-text')");
    assert!(tab.text("return document.querySelector('.kiosk-text').textContent").chars().count() > 20);
    press(&tab, "关闭");
    // What scripts start, and what belongs to the browser.
    assert!(tab.js("return window.open('/about/') === null") == true);
    tab.js("location.assign('https://www.example.com/')");
    assert_eq!(scanned(&tab), "https://www.example.com/");
    press(&tab, "关闭");
    let stopped = tab.js(
        "return ['contextmenu', 'dragstart', 'drop'].every(type => !document.querySelector('main').dispatchEvent(new Event(type, { bubbles: true, cancelable: true })))
        && ['p', 's', 'o', 'u'].every(key => !document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true })))",
    );
    assert_eq!(stopped, Value::Bool(true));
    // The app shares what a phone can open.
    open(&tab, "/search/?kiosk&q=%E7%A7%9F%E6%88%BF");
    tab.click(".finder-share");
    let shared = tab.text("return document.querySelector('.share-address').textContent");
    assert!(shared.starts_with("https://zc.qingyu.example/search/?q="), "{shared}");
}

#[test]
fn every_page_can_be_taken_along() {
    let Some(tab) = Tab::with_app().map(prepared) else { return };
    for page in ["/about/", "/search/?kiosk&q=%E7%A7%9F%E6%88%BF&theme=zhufang", POLICY, "/department/zfbgs/"] {
        tab.open(page);
        tab.js("sessionStorage['yima.kiosk'] = '{}'");
        open(&tab, page);
        tab.wait(
            "const place = document.querySelector('[data-search]'); return !place || place.dataset.app === 'ready'",
        );
        press(&tab, "带走这一页");
        let read = scanned(&tab);
        let shown = tab.text("return location.pathname + location.search + location.hash");
        assert_eq!(read, format!("https://zc.qingyu.example{shown}"));
        assert!(!read.contains("kiosk") && read.contains("theme=zhufang") == page.contains("theme"), "{read}");
        assert_eq!(tab.text("return document.querySelector('.kiosk-address').textContent"), read);
        press(&tab, "关闭");
    }
}

#[test]
fn chinese_is_typed_with_letters() {
    let Some(tab) = Tab::with_app().map(prepared) else { return };
    open(&tab, "/search/?kiosk");
    tab.wait("return document.querySelector('#finder').dataset.app === 'ready'");
    tab.click("#q");
    tab.wait("return document.querySelectorAll('.kiosk-choice').length > 5");
    for key in ["g", "j", "j"] {
        press(&tab, key);
    }
    tab.wait("return document.querySelector('.kiosk-choice').getAttribute('aria-label') === '公积金'");
    assert_eq!(tab.text("return document.querySelector('.kiosk-spelt').textContent"), "gjj");
    tab.click(".kiosk-choice");
    assert_eq!(tab.text("return document.querySelector('#q').value"), "公积金");
    assert_eq!(tab.text("return document.activeElement.id"), "q", "a touch leaves the focus in the field");
    tab.wait("return new URLSearchParams(location.search).get('q') === '公积金'");
    tab.wait("return document.querySelectorAll('.finder-results .row').length > 3");
    // Word by word, a character where there is no word, and back.
    for key in "tqk".chars() {
        press(&tab, &key.to_string());
    }
    press(&tab, "删除");
    press(&tab, "删除");
    press(&tab, "删除");
    press(&tab, "删除");
    assert_eq!(tab.text("return document.querySelector('#q').value"), "公积");
    press(&tab, "清空");
    assert_eq!(tab.text("return document.querySelector('#q').value"), "");
    // The same with a keyboard: letters, a digit that chooses, a digit that is one.
    tab.js("document.querySelector('#q').focus()");
    tab.press("zufang");
    tab.wait("return document.querySelector('.kiosk-choice').getAttribute('aria-label').includes('租房')");
    tab.press("1");
    tab.press("2");
    let value = tab.text("return document.querySelector('#q').value");
    assert!(value.starts_with("租房") && value.ends_with('2'), "{value}");
    press(&tab, "搜索");
    tab.wait("return document.querySelector('.kiosk-pad').hidden");
    tab.assert_quiet("the keypad");
}

#[test]
fn without_the_app_letters_can_be_typed_and_the_page_taken_along() {
    let Some(tab) = Tab::new().map(prepared) else { return };
    tab.cdp("Network.enable", &json!({}));
    tab.cdp("Network.setBlockedURLs", &json!({ "urls": ["*/app/*"] }));
    open(&tab, "/about/?kiosk");
    press(&tab, "带走这一页");
    tab.wait("return !!document.querySelector('.kiosk-carry .qr')");
    press(&tab, "关闭");
    open(&tab, "/");
    tab.js("document.querySelector('#q').focus()");
    tab.wait("return !!document.querySelector('.kiosk-pad') && !document.querySelector('.kiosk-note').hidden");
    for key in ["5", "g"] {
        press(&tab, key);
    }
    assert_eq!(tab.text("return document.querySelector('#q').value"), "5g");
}

/// Everything to touch that a hand would miss.
const SMALL: &str = "
const all = document.querySelectorAll('a[href],button,input,select,summary,textarea,audio,[role=button],[tabindex=\"0\"]');
return [...all].filter(el => el.checkVisibility({ visibilityProperty: true }) && !el.closest('svg') && el.type !== 'hidden' && !el.matches('.skip:not(:focus)')).filter(el => {
  const { width, height } = el.getBoundingClientRect();
  return width && (width < 59.5 || height < 59.5);
}).map(el => { const r = el.getBoundingClientRect(); return `${el.outerHTML.slice(0, 90)} ${r.width.toFixed()}x${r.height.toFixed()}`; }).slice(0, 5)";

#[test]
fn a_whole_hand_hits_everything() {
    let Some(tab) = Tab::new().map(prepared) else { return };
    let mut failures = Vec::new();
    let pages =
        ["/", "/search/", "/ask/", "/about/", "/theme/", "/theme/zhufang/", "/questions/zhufang/", "/favourites/"];
    let more =
        [POLICY, &format!("{POLICY}lifecycle/"), "/question/zhufang-001/", "/offline/", "/404.html", "/policies/"];
    let cards = ["policy", "stage", "article", "question", "attachment"].map(|kind| cards(kind)[1].clone());
    for page in pages.into_iter().chain(more).chain(cards.iter().map(String::as_str)) {
        for elder in [true, false] {
            tab.open(page);
            tab.js(&format!(
                "sessionStorage['yima.kiosk'] = '{{\"there\":true}}'; localStorage['yima.elder'] = '{}'",
                u8::from(elder)
            ));
            open(&tab, page);
            for small in tab.js(SMALL).as_array().expect("a list") {
                failures.push(format!(
                    "{page} {}: {}",
                    if elder { "elder" } else { "" },
                    small.as_str().unwrap_or_default()
                ));
            }
            let wide = tab.number("return document.documentElement.scrollWidth");
            if wide > 1080.0 {
                failures.push(format!("{page} is {wide} pixels wide"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_kiosk_is_for_everyone() {
    let Some(tab) = Tab::new().map(prepared) else { return };
    let (axe, mut failures) = (axe(), String::new());
    for (width, height) in [(1080, 1920), (1440, 900), (360, 780)] {
        for dark in [false, true] {
            let mode = format!("{width}x{height} {}", if dark { "dark" } else { "light" });
            tab.screen(width, height);
            tab.dark(dark);
            tab.open("/about/");
            tab.js("sessionStorage.clear()");
            open(&tab, "/?kiosk");
            tab.wait(ATTRACTS);
            tab.js(&axe);
            look(&tab, "nobody there", &mode, &mut failures);
            tab.click(".kiosk-field");
            tab.wait("return !!document.querySelector('.kiosk-pad:not([hidden])')");
            look(&tab, "keypad", &mode, &mut failures);
            assert!(
                tab.number("return document.documentElement.scrollWidth") <= f64::from(width),
                "{mode} is too wide"
            );
            for small in tab.js(SMALL).as_array().expect("a list") {
                failures.push_str(&format!("keypad {mode}: {small}\n"));
            }
            press(&tab, "收起");
            press(&tab, "带走这一页");
            tab.wait("return !!document.querySelector('.kiosk-carry')");
            look(&tab, "take along", &mode, &mut failures);
            press(&tab, "关闭");
            tab.js("window.ahead = (window.ahead || 0) + 78e3");
            tab.wait("return !!document.querySelector('.kiosk-warning')");
            look(&tab, "warning", &mode, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
