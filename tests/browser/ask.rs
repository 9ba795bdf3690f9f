//! The answer desk: approved answers, questions back, "not sure", and the page without it.

use serde_json::json;
use thirtyfour::Key;

use super::every_page::{axe, look};
use super::tab::Tab;

/// The heading of the latest reply; empty while there is none.
const REPLY: &str = "return document.querySelector('.ask-turn:last-child .ask-said-last')?.innerText ?? ''";

/// A question of the demonstration city, and another way to ask it that the city does not list.
const EXACT: &str = "买轮椅政府补贴多少？";
const REWORDED: &str = "轮椅政府能补贴多少";

/// A question that several may mean, for persons and for firms.
const AMBIGUOUS: &str = "补贴怎么申请";

/// A question with a last day.
const ENDS: &str = "云帆卡的细则2027年1月到期，我的卡还能用吗？";

/// Opens the desk and waits until it works.
fn open(tab: &Tab, query: &str) {
    tab.open(&format!("/ask/{query}"));
    tab.wait("return document.querySelector('#ask')?.dataset.app === 'ready'");
}

/// Asks by hand and waits for the reply.
fn ask(tab: &Tab, text: &str) -> String {
    tab.click(".ask-form input");
    tab.write(text);
    tab.press(Key::Enter);
    tab.wait(&format!(
        "return document.querySelector('.ask-turn:last-child .ask-mine')?.innerText.includes({}) === true",
        json!(text)
    ));
    replied(tab)
}

fn replied(tab: &Tab) -> String {
    tab.wait(&format!("return (() => {{ {REPLY} }})() !== ''"));
    tab.text(REPLY)
}

#[test]
fn the_question_itself_and_another_wording_are_answered() {
    let Some(tab) = Tab::with_app() else { return };
    open(&tab, "");
    for text in [EXACT, REWORDED] {
        assert_eq!(ask(&tab, text), EXACT, "{text}");
        // The focus goes on where reading goes on.
        tab.wait("return document.activeElement === document.querySelector('.ask-turn:last-child .ask-said-last')");
        let said = tab.text("return document.querySelector('.ask-turn:last-child').innerText");
        for part in ["审核过的回答", "依据", "第五条", "回答单位", "核对日期", "接着问"] {
            assert!(said.contains(part), "{text} does not say {part}: {said}");
        }
        let phone = tab.text("return document.querySelector('.ask-turn:last-child a[href^=\"tel:\"]').innerText");
        assert!(phone.len() >= 7, "{phone}");
        let short = "return document.querySelector('.ask-turn:last-child .short-answer').innerText";
        assert!(tab.text(short).contains("50%"), "{}", tab.text(short));
        tab.click(".ask-turn:last-child .ask-clauses summary");
        tab.wait("return document.querySelector('.ask-turn:last-child .ask-clauses').innerText.includes('申请人到任一辅助器具服务点提出申请')");
    }
    // The same words as on the page of the question.
    let here = tab.text("return document.querySelector('.ask-turn:last-child .ask-article .prose').textContent.trim()");
    tab.open("/question/canji-001/");
    assert_eq!(tab.text("return document.querySelector('.prose').textContent.trim()"), here);
    tab.assert_quiet("the desk");
    // How many pages were opened is kept, for when to offer the site without a network; nothing that was said is.
    let kept =
        tab.text("return Object.keys({...localStorage, ...sessionStorage}).filter(key => key !== 'yima.pages').join()");
    assert_eq!(kept, "", "something is kept");
}

#[test]
fn an_address_holds_a_conversation_and_back_goes_back() {
    let Some(tab) = Tab::with_app() else { return };
    let query = tab.text(&format!("return encodeURIComponent({})", json!(EXACT)));
    open(&tab, &format!("?q={query}"));
    assert_eq!(replied(&tab), EXACT);
    assert!(!tab.js("return document.querySelector('.ask-static').checkVisibility()").as_bool().unwrap_or(true));
    let first = tab.text("return location.search");
    tab.click(".ask-answer .ask-others a");
    tab.wait("return document.querySelectorAll('.ask-turn').length === 2");
    let second = replied(&tab);
    assert_ne!(second, EXACT);
    tab.back();
    tab.wait(&format!("return location.search === {}", json!(first)));
    tab.wait("return document.querySelectorAll('.ask-turn').length === 1");
    tab.click(".ask-again button");
    tab.wait("return document.querySelectorAll('.ask-turn').length === 0 && location.search === ''");
    assert!(tab.js("return document.querySelector('.ask-static').checkVisibility()") == true);
    assert!(tab.js("return document.activeElement.name === 'q'") == true);
}

#[test]
fn one_word_is_asked_back() {
    let Some(tab) = Tab::with_app() else { return };
    open(&tab, "");
    ask(&tab, AMBIGUOUS);
    let options = "return document.querySelectorAll('.ask-options button').length";
    assert!(tab.number(options) >= 3.0, "values, and 都不是");
    let name = tab.text("return document.querySelector('.ask-options button').firstChild.textContent");
    let before = tab.text("return location.search");
    tab.click(".ask-options button");
    tab.wait(&format!("return location.search !== {}", json!(before)));
    let mine = tab.text("return [...document.querySelectorAll('.ask-mine')].pop().innerText");
    assert!(mine.contains(name.trim()), "{mine} does not say {name}");
    replied(&tab);
    // Whatever one says, it ends.
    for _ in 0..2 {
        if tab.number(options) > 0.0 {
            tab.click(".ask-options li:last-child button");
            replied(&tab);
        }
    }
    tab.wait("return document.querySelectorAll('.ask-options button').length === 0");
    assert!(tab.number("return document.querySelectorAll('.ask-answer, .ask-unsure').length") >= 1.0);
    tab.back();
    tab.wait("return document.querySelectorAll('.ask-options button').length > 0");
    tab.assert_quiet("a question back");
}

#[test]
fn nonsense_gets_no_answer_but_a_way_on() {
    let Some(tab) = Tab::with_app() else { return };
    open(&tab, "");
    for text in ["zzzz qqqq", "火星移民要带什么行李"] {
        ask(&tab, text);
        assert!(
            tab.number("return document.querySelectorAll('.ask-turn:last-child .ask-answer').length") == 0.0,
            "{text}"
        );
        let said = tab.text("return document.querySelector('.ask-turn:last-child .ask-unsure').innerText");
        assert!(said.contains("12345") && said.contains("问题单") && said.contains(text), "{said}");
        let near = tab.number("return document.querySelectorAll('.ask-turn:last-child .ask-others li').length");
        assert!(near <= 3.0);
        assert!(
            tab.js("return document.querySelector('.ask-turn:last-child .ask-carry path').checkVisibility()") == true
        );
    }
    // On paper only the slip.
    tab.js("window.print = () => { window.printed = document.querySelector('.ask-printed').innerText; }; document.querySelector('.ask-turn:last-child .ask-slip button').click()");
    assert!(tab.text("return window.printed").contains("火星"));
    assert!(
        tab.js("return !document.querySelector('.ask-printed') && !document.querySelector('.ask-printing')") == true
    );
}

#[test]
fn a_dead_answer_says_so_first() {
    let Some(tab) = Tab::with_app() else { return };
    let said = "return document.querySelector('.ask-turn:last-child .ask-answer').innerText";
    open(&tab, "");
    assert_eq!(ask(&tab, ENDS), ENDS);
    assert!(!tab.text(said).contains("已过期"), "it stands today: {}", tab.text(said));
    // The same site, opened when it no longer stands.
    let later = "const now = Date.now(); Date.now = () => now + 5 * 366 * 864e5";
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": later }));
    open(&tab, "");
    assert_eq!(ask(&tab, ENDS), ENDS);
    let said = tab.text(said);
    let (warning, basis) = (said.find("已过期"), said.find("回答单位"));
    assert!(warning.is_some() && warning < basis, "{said}");
    let standing = tab.text("return document.querySelector('.ask-standing').innerText");
    assert!(standing.contains("仅供查考"), "{standing}");
}

#[test]
fn questions_are_offered_while_one_types() {
    let Some(tab) = Tab::with_app() else { return };
    open(&tab, "");
    tab.click(".ask-form input");
    tab.write("轮椅补贴");
    tab.wait("return document.querySelectorAll('#ask-offers li').length > 0");
    assert!(tab.number("return document.querySelectorAll('#ask-offers li').length") <= 5.0);
    tab.press(Key::Down);
    tab.wait(
        "return document.querySelector('.ask-form input').getAttribute('aria-activedescendant') === 'ask-offer-0'",
    );
    let offered = tab.text("return document.querySelector('#ask-offer-0').innerText");
    tab.press(Key::Enter);
    tab.wait("return document.querySelectorAll('.ask-turn').length === 1");
    assert_eq!(replied(&tab), offered, "what is offered is answered");
    assert!(tab.number("return document.querySelectorAll('#ask-offers li').length") == 0.0);
}

#[test]
fn answers_are_read_aloud_sentence_by_sentence() {
    let Some(tab) = Tab::with_app() else { return };
    // No voice in the browser of the tests: one that says nothing, and ends.
    let voice = "window.said = [];
        speechSynthesis.getVoices = () => [{ lang: 'zh-CN', localService: true }];
        Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', { set() {} });
        speechSynthesis.cancel = () => {};
        speechSynthesis.speak = u => { said.push(u.text); if (said.length < 4) setTimeout(() => u.dispatchEvent(new Event('end')), 50); };";
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": voice }));
    open(&tab, "");
    ask(&tab, EXACT);
    tab.click(".ask-speech button");
    tab.wait("return window.said.length === 4");
    let (said, marked) = (
        tab.text("return window.said[3]"),
        tab.text("return [...document.querySelectorAll('.ask-article .ask-said')].map(el => el.textContent).join('')"),
    );
    assert_eq!(said, marked, "the sentence being read is marked");
    let whole = tab.text("return document.querySelector('.ask-article').textContent");
    assert!(whole.contains(&said) && said.ends_with(['。', '；', '！', '？']), "{said}");
    tab.click(".ask-speech button");
    tab.wait("return document.querySelector('.ask-speech button').innerText === '接着读'");
}

#[test]
fn without_the_data_the_page_stays_whole() {
    let Some(tab) = Tab::with_app() else { return };
    let whole = |what: &str| {
        tab.wait("return !!document.querySelector('.app-message')?.innerText.trim()");
        let shown = "return [...document.querySelectorAll('.ask-static a[href^=\"tel:\"], .ask-static .chips a')].filter(el => el.checkVisibility()).length";
        assert!(tab.number(shown) >= 20.0, "{what}: the page is not whole");
        assert!(
            tab.js("return !document.querySelector('.ask-form').checkVisibility()") == true,
            "{what}: a form that does nothing"
        );
    };
    tab.cdp("Network.enable", &json!({}));
    for blocked in ["*.wasm", "*index.bin*", "*facts-*"] {
        tab.cdp("Network.setBlockedURLs", &json!({ "urls": [blocked] }));
        tab.open("/ask/?q=%E7%A7%9F%E6%88%BF");
        whole(blocked);
    }
    tab.cdp("Network.setBlockedURLs", &json!({ "urls": [] }));
    let gone = "const all = window.fetch; window.fetch = (what, ...rest) => all(String(what.url ?? what).includes('index.bin') ? '/search/gone.bin' : what, ...rest)";
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": gone }));
    tab.open("/ask/?q=%E7%A7%9F%E6%88%BF");
    whole("a head that is gone");
    assert!(tab.text("return document.querySelector('.app-message').innerText").contains("刷新"));
}

#[test]
fn conversations_are_for_everyone() {
    let Some(tab) = Tab::with_app() else { return };
    let axe = axe();
    let mut failures = String::new();
    for text in [EXACT, AMBIGUOUS, "火星移民要带什么行李", ENDS] {
        tab.screen(1280, 800);
        open(&tab, "");
        ask(&tab, text);
        tab.js(&axe);
        look(&tab, text, "light", &mut failures);
        tab.dark(true);
        look(&tab, text, "dark", &mut failures);
        tab.dark(false);
        tab.click(".elder-switch");
        for width in [1280_u32, 360] {
            tab.screen(width, 780);
            look(&tab, text, "长者版", &mut failures);
            let wide = tab.number("return document.documentElement.scrollWidth");
            assert!(wide <= f64::from(width), "{text} is {wide} pixels wide on {width}");
        }
        tab.click(".elder-switch");
    }
    assert!(failures.is_empty(), "{failures}");
}
