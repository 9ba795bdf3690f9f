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

/// Links of the first results, in order; the list grows with the screen.
const LINKS: &str = "return JSON.stringify([...document.querySelectorAll('.finder .row-title a')].slice(0, 5).map(el => el.getAttribute('href').split('#')[0]))";

/// What the finder says itself: count, switches, filters.
const CONTROLS: &str = "return [...document.querySelectorAll('.finder-controls, .finder-facets summary, .finder-more, .finder > * .note')].map(el => el.innerText).join(' ')";

fn find(tab: &Tab, text: &str) {
    tab.js(&format!(
        "const field = document.querySelector('#finder input[name=q]'); field.value = {};
         field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
        serde_json::json!(text)
    ));
    // It has begun, and is done.
    tab.wait(&format!(
        "return new URLSearchParams(location.search).get('q') === {} && document.querySelector('.finder-results').ariaBusy === 'false' && document.querySelectorAll('.finder .row-title a').length > 0",
        serde_json::json!(text)
    ));
}

#[test]
fn what_the_finder_says_is_read_in_the_reading_chosen() {
    let Some(tab) = Tab::with_app() else { return };
    tab.screen(1280, 800);
    tab.open_ready("/search/?q=%E7%A7%9F%E6%88%BF%E8%A1%A5%E8%B4%B4");
    tab.wait("return document.querySelector('.finder-results').ariaBusy === 'false'");
    let count = || tab.text("return document.querySelector('.finder-count').textContent.replace(/\\D/g, '')");
    let (links, found) = (tab.text(LINKS), count());
    choose(&tab, "hant");
    assert_eq!(tab.text(LINKS), links, "a reading changes no address");
    let titles = "return [...document.querySelectorAll('.row-title')].map(el => el.textContent).join(' ')";
    assert!(tab.text(titles).contains("租房補貼") && !tab.text(titles).contains('贴'), "{}", tab.text(titles));
    assert!(tab.text("return document.querySelector('.finder-facets').innerText").contains("社會"), "filters too");
    // Typed in traditional script, the same is found, and what Leptos draws anew is shown in it.
    find(&tab, "醫保");
    let marked = tab.text("return document.querySelector('.row-title mark').textContent");
    assert!(["醫保", "醫療保障"].contains(&marked.as_str()), "{marked}");
    find(&tab, "租房補貼");
    assert_eq!((tab.text(LINKS), count()), (links, found));
    assert_eq!(
        tab.text("return document.querySelector('#finder input[name=q]').value"),
        "租房補貼",
        "what is typed stays"
    );
    assert!(tab.text("return location.search").contains("%E8%A3%9C"), "{}", tab.text("return location.search"));
    for (typed, said) in
        [("徵收", "徵收"), ("gjj", "按拼音“gjj”找“公積金”。"), ("租房補帖", "按讀音相同的“租房補貼”查找")]
    {
        find(&tab, typed);
        let said = serde_json::json!(said);
        tab.wait(&format!("return document.querySelector('.finder-results').innerText.includes({said})"));
    }
    choose(&tab, "en");
    find(&tab, "租房补贴");
    let (said, shown) = (tab.text(CONTROLS), tab.text("return document.querySelector('.finder-count').textContent"));
    assert!(!said.chars().any(|ch| ('\u{4e00}'..='\u{9fff}').contains(&ch)), "Chinese in: {said}");
    assert!(shown.ends_with("found"), "{shown}");
    choose(&tab, "");
    assert!(tab.text(titles).contains("租房补贴"));
    tab.assert_quiet("the finder in its readings");
}

#[test]
fn what_the_desk_says_is_read_in_the_reading_chosen() {
    let Some(tab) = Tab::with_app() else { return };
    tab.open("/ask/");
    tab.wait("return document.querySelector('#ask')?.dataset.app === 'ready'");
    choose(&tab, "hant");
    let ask = |text: &str| {
        tab.click(".ask-form input");
        tab.write(text);
        tab.press(thirtyfour::Key::Enter);
        tab.wait(&format!(
            "return document.querySelector('.ask-turn:last-child .ask-mine')?.textContent.includes({}) === true
                && !!document.querySelector('.ask-turn:last-child .ask-said-last')",
            serde_json::json!(text)
        ));
        tab.text("return document.querySelector('.ask-turn:last-child').innerText")
    };
    let said = ask("買輪椅政府補貼多少？");
    assert_eq!(tab.text("return document.querySelector('.ask-said-last').innerText"), "買輪椅政府補貼多少？");
    for part in ["審核過的回答", "依據", "第五條", "核對日期", "接著問"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let href = "return document.querySelector('.ask-turn:last-child .ask-ways a').getAttribute('href')";
    assert_eq!(tab.text(href), "/question/canji-001/");
    let said = ask("補貼怎麼申請");
    assert!(said.contains("您是替誰問？") || said.contains("您問的是哪"), "{said}");
    let said = ask("火星移民要帶什麼行李");
    assert!(said.contains("問題單") && said.contains("火星移民要帶什麼行李"), "{said}");
    choose(&tab, "en");
    let said = tab.text("return document.querySelector('.ask-turn:last-child .ask-said-last').innerText");
    assert!(said.is_ascii(), "{said}");
    let asked = tab.text("return document.querySelector('.ask-turn:last-child .ask-mine').textContent");
    assert!(asked.contains("火星移民要帶什麼行李"), "what was typed stays: {asked}");
    choose(&tab, "");
    assert!(tab.text("return document.querySelector('.ask-turn').innerText").contains("买轮椅政府补贴多少"));
    tab.assert_quiet("the desk in its readings");
}
