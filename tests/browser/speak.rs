//! Reading aloud, with a voice that says when it has spoken: what is said, what is marked, pause, speed, the end.

use serde_json::json;

use super::every_page::{axe, look};
use super::site::cards;
use super::tab::Tab;

const POLICY: &str = "/policy/2025-qingnian-zufang-butie/";

/// Stands in for the voices of a browser before any script of a page runs. `said` is everything that was spoken; `end()`
/// ends what is being spoken.
const VOICES: &str = "
(() => {
  const said = window.said = [], voice = (lang, localService) => ({ lang, localService, name: lang, default: false, voiceURI: lang });
  let now = null;
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  window.last = () => now;
  window.end = () => { const was = now; now = null; if (was && was.onend) was.onend({}); };
  const speech = {
    speaking: false, pending: false, paused: false,
    getVoices: () => LANGS.map(lang => voice(lang, true)),
    speak: utterance => { now = utterance; said.push({ text: utterance.text, lang: utterance.lang, rate: utterance.rate }); },
    cancel: () => { now = null; said.push(null); },
    addEventListener() {}, pause() {}, resume() {}
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
})()";

/// Everything said so far, without the silences.
const SAID: &str = "return JSON.stringify(said.filter(Boolean).map(one => one.text))";

/// The sentence that is marked.
const MARKED: &str = "return [...(CSS.highlights.get('yima-speak') || [])].map(range => range.toString()).join('')";

fn tab(langs: &[&str]) -> Option<Tab> {
    let tab = Tab::new()?;
    let source = VOICES.replace("LANGS", &json!(langs).to_string());
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": source }));
    Some(tab)
}

fn said(tab: &Tab) -> Vec<String> {
    serde_json::from_str(&tab.text(SAID)).expect("texts")
}

fn begin(tab: &Tab) {
    tab.click(".speak");
    tab.wait("return !!document.querySelector('.speak-bar') && said.some(Boolean)");
}

#[test]
fn a_page_is_read_sentence_by_sentence() {
    let Some(tab) = tab(&["en-US", "zh-CN"]) else { return };
    tab.open(POLICY);
    let text = "return document.querySelector('main').textContent";
    let before = tab.text(text);
    let nodes = "return document.querySelectorAll('main *').length";
    let elements = tab.number(nodes);
    begin(&tab);
    assert!(tab.text("return said.filter(Boolean)[0].lang").starts_with("zh"));
    let mut marks = vec![tab.text(MARKED)];
    for _ in 0..400 {
        tab.js("end()");
        if tab.js("return !document.querySelector('.speak-bar')") == true {
            break;
        }
        marks.push(tab.text(MARKED));
    }
    let all = said(&tab);
    assert!(tab.js("return !document.querySelector('.speak').hidden") == true, "it ends by itself");
    assert!(all.len() > 40, "{} pieces", all.len());
    assert!(all.iter().all(|piece| piece.chars().count() <= 40), "a piece is one breath");
    assert!(marks.iter().all(|mark| !mark.is_empty()), "what is said is marked");
    for (piece, mark) in all.iter().zip(&marks) {
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        assert!(solid(mark).contains(&solid(piece)), "said {piece}, marked {mark}");
    }
    let whole = all.concat();
    assert!(whole.contains("青年人才租房补贴办法") && whole.contains("毕业不满五年") && whole.contains("第一条"));
    assert!(!whole.contains("政策身份证打印"), "buttons are not read");
    assert_eq!(tab.text(text), before);
    assert!((tab.number(nodes) - elements).abs() < 0.5, "no element came or went");
    tab.assert_quiet(POLICY);
}

#[test]
fn a_listener_can_pause_go_on_and_choose_the_speed() {
    let Some(tab) = tab(&["zh-CN"]) else { return };
    tab.open(&cards("policy")[1]);
    begin(&tab);
    let first = said(&tab).remove(0);
    assert_eq!(tab.text("return document.activeElement.className"), "speak-play");
    tab.click(".speak-play");
    assert_eq!(tab.text("return document.querySelector('.speak-play').textContent"), "继续");
    assert!(tab.js("return said[said.length - 1] === null") == true, "a pause is silence");
    tab.click(".speak-play");
    assert_eq!(said(&tab).last(), Some(&first), "it goes on where it paused");
    tab.click(".speak-bar button:nth-of-type(3)");
    let next = said(&tab).pop();
    assert_ne!(next.as_ref(), Some(&first));
    tab.click(".speak-bar button:first-of-type");
    assert_eq!(said(&tab).last(), Some(&first));
    let rate = || tab.number("return said.filter(Boolean).pop().rate");
    for (button, limit) in [(".speak-faster", 1.5), (".speak-slower", 0.7)] {
        for _ in 0..6 {
            if tab.js(&format!("return document.querySelector('{button}').disabled")) == false {
                tab.click(button);
            }
        }
        assert!((rate() - limit).abs() < 1e-9, "{button}: {}", rate());
    }
    tab.click(".speak-stop");
    assert!(tab.js("return said[said.length - 1] === null && !CSS.highlights.has('yima-speak')") == true);
    assert_eq!(tab.text("return document.activeElement.textContent"), "朗读");
    begin(&tab);
    tab.js("window.dispatchEvent(new PageTransitionEvent('pagehide'))");
    assert!(tab.js("return said[said.length - 1] === null") == true, "who leaves hears nothing more");
}

#[test]
fn a_voice_that_fails_does_not_race_through_the_page() {
    let Some(tab) = tab(&["zh-CN"]) else { return };
    tab.open(POLICY);
    begin(&tab);
    let fail = |error: &str| {
        tab.js(&format!("const u = window.last(); if (u && u.onerror) u.onerror({{ error: '{error}' }})"))
    };
    for _ in 0..3 {
        fail("synthesis-failed");
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    assert_eq!(tab.text("return document.querySelector('.speak-play').textContent"), "继续");
    let before = said(&tab).len();
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert_eq!(said(&tab).len(), before);
    assert!(before <= 3, "{before} pieces");
}

#[test]
fn every_script_has_its_voice() {
    let Some(tab) = tab(&["en-US", "zh-CN", "zh-HK", "zh-TW"]) else { return };
    let question = "/question/zhufang-001/";
    tab.open(question);
    begin(&tab);
    assert_eq!(tab.text("return said.filter(Boolean).pop().lang"), "zh-CN");
    tab.click(".speak-stop");
    tab.click(".reading button[value=hant]");
    tab.wait("return document.documentElement.lang === 'zh-Hant'");
    tab.js("said.length = 0");
    begin(&tab);
    assert!(["zh-HK", "zh-TW"].contains(&tab.text("return said.filter(Boolean).pop().lang").as_str()));
    // Another language while it reads is another text.
    tab.click(".reading button[value=en]");
    tab.wait("return !document.querySelector('.speak-bar')");
    tab.wait("return !!document.querySelector('main [lang=en]')");
    tab.js("said.length = 0");
    begin(&tab);
    for _ in 0..200 {
        tab.js("end()");
    }
    let whole = said(&tab).concat();
    assert!(!whole.contains("Sources") && !whole.contains("Checked"), "English words are not for a Chinese voice");
    assert!(whole.contains('。'));
    tab.click(".reading button[value='']");
}

#[test]
fn who_cannot_hear_is_offered_nothing() {
    let Some(tab) = tab(&["en-US", "de-DE"]) else { return };
    for page in [POLICY, &cards("policy")[0], "/question/zhufang-001/"] {
        tab.open(page);
        let offered = "return [...document.querySelectorAll('.speak')].some(el => el.checkVisibility())";
        assert!(tab.js(offered) == false, "{page}");
    }
    tab.scripts(false);
    tab.open(POLICY);
    assert!(tab.js("return document.querySelector('.speak').checkVisibility()") == false, "without script");
}

#[test]
fn the_bar_is_for_everyone() {
    let Some(tab) = tab(&["zh-CN"]) else { return };
    let (axe, mut failures) = (axe(), String::new());
    for page in [POLICY, &format!("{POLICY}lifecycle/"), &cards("article")[0]] {
        for dark in [false, true] {
            tab.screen(360, 780);
            tab.dark(dark);
            tab.open(page);
            begin(&tab);
            tab.js(&axe);
            look(&tab, page, if dark { "dark" } else { "light" }, &mut failures);
            let wide = tab.number("return document.documentElement.scrollWidth");
            assert!(wide <= 360.0, "{page} is {wide} pixels wide");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
