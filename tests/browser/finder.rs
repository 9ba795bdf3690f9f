//! The app: filters with counts, address and back; favourites; and the pages without it.

use serde_json::json;

use super::tab::Tab;

const COUNT: &str = "return +document.querySelector('.finder-count').innerText.replace(/\\D/g, '')";

/// Chooses the value of a facet by its name, as a click does; how many the tally beside it promises.
fn choose(tab: &Tab, name: &str) -> f64 {
    tab.number(&format!(
        "const label = [...document.querySelectorAll('.facet-value')].find(el => el.children[1].textContent.trim() === '{name}');
         const promised = +label.querySelector('.tally').textContent; label.querySelector('input').click(); return promised"
    ))
}

#[test]
fn filters_count_and_the_address_remembers() {
    let Some(tab) = Tab::with_app() else { return };
    tab.open_ready("/search/");
    let all = tab.number(COUNT);
    assert!(all > 100.0, "the finder knows {all} records");
    let promised = choose(&tab, "住房保障");
    assert!(promised > 0.0 && promised < all, "{promised} of {all}");
    tab.wait("return location.search !== ''");
    assert_eq!(tab.number(COUNT), promised, "the tally keeps its word");
    let one = tab.text("return location.search");
    assert!(one.contains("zhufang"), "{one}");

    let second = choose(&tab, "高校毕业生");
    tab.wait(&format!("return location.search !== {}", json!(one)));
    assert!(second <= promised);
    assert_eq!(tab.number(COUNT), second);
    let two = tab.text("return location.search");

    tab.back();
    tab.wait(&format!("return location.search === {}", json!(one)));
    assert_eq!(tab.number(COUNT), promised, "one step back is one filter less");
    tab.back();
    tab.wait("return location.search === ''");
    assert_eq!(tab.number(COUNT), all);

    // The address alone brings everything back, on another device as well.
    tab.open_ready(&format!("/search/{two}"));
    assert_eq!(tab.number(COUNT), second);
    let chips = tab.text("return document.querySelector('.finder-chosen').innerText");
    assert!(chips.contains("住房保障") && chips.contains("高校毕业生"), "{chips}");

    // What a result promises is there.
    let (title, href) = (
        tab.text("return document.querySelector('.finder .row a').innerText"),
        tab.text("return document.querySelector('.finder .row a').getAttribute('href')"),
    );
    tab.open(&href);
    let page = tab.text("return document.querySelector('main').innerText");
    assert!(page.contains(title.trim()), "{href} does not say {title}");
    tab.assert_quiet("the finder");
}

/// Opens the finder with a text, and waits until the answer is as good as it gets.
fn ask(tab: &Tab, words: &str) {
    let query = tab.text(&format!("return encodeURIComponent({})", json!(words)));
    tab.open_ready(&format!("/search/?q={query}"));
    settle(tab);
}

fn settle(tab: &Tab) {
    tab.wait("return document.querySelector('.finder-results').ariaBusy === 'false'");
}

const SAID: &str = "return document.querySelector('.finder-count').innerText.trim()";
const FIRST: &str = "return document.querySelector('.finder .row')?.innerText ?? '(nothing)'";

#[test]
fn words_find_what_holds_them() {
    let Some(tab) = Tab::with_app() else { return };
    for (words, expected) in [("租房补贴", "租房"), ("青屿政办规〔2025〕6号", "青年"), ("青屿政办规[2025]6号", "青年")]
    {
        ask(&tab, words);
        assert_eq!(tab.text("return document.querySelector('#finder input[name=q]').value"), words);
        let first = tab.text(FIRST);
        assert!(first.contains(expected), "{words} finds {first}");
        assert!(tab.text(SAID).starts_with("找到 "), "{words}: {}", tab.text(SAID));
    }
    assert!(tab.js("return !!document.querySelector('.finder .row-title mark')") == true, "what was typed is marked");
    tab.assert_quiet("a search");
}

#[test]
fn what_only_comes_near_says_so() {
    let Some(tab) = Tab::with_app() else { return };
    ask(&tab, "毕业生租房的补贴zzzz到底给几年");
    assert!(tab.text(SAID).starts_with("相近的 "), "{}", tab.text(SAID));
    let said = tab.text("return document.querySelector('.finder-near').innerText");
    assert!(said.contains("没有整句相同的") && said.contains("zz"), "{said}");
    assert!(tab.text(FIRST).contains("毕业生"), "{}", tab.text(FIRST));
    ask(&tab, "zzzzzz");
    tab.wait("return !!document.querySelector('.finder-nothing')");
    assert_eq!(tab.text(SAID), "没有找到");
}

#[test]
fn a_part_of_the_text_leads_to_its_article() {
    let Some(tab) = Tab::with_app() else { return };
    ask(&tab, "应当自");
    tab.wait("return !!document.querySelector('.row-part mark')");
    let row = "document.querySelector('.row:has(.row-part)')";
    let (part, href, words) = (
        tab.text(&format!("return {row}.querySelector('.row-part').innerText")),
        tab.text(&format!("return {row}.querySelector('.row-title a').getAttribute('href')")),
        tab.text(&format!("return {row}.querySelector('.row-part mark').innerText")),
    );
    assert!(href.contains("#article-") && href.contains(":~:text="), "{href}");
    tab.open(&href);
    let there = tab.text("return document.querySelector(location.hash).parentElement.innerText");
    assert!(part.contains('第') && there.contains(&words), "{href} leads to {there}");
}

#[test]
fn newer_typing_wins() {
    let Some(tab) = Tab::with_app() else { return };
    ask(&tab, "公积金");
    let (count, first) = (tab.text(SAID), tab.text("return document.querySelector('.row-title').innerText"));
    tab.open_ready("/search/");
    tab.js("document.querySelector('#finder input[name=q]').focus()");
    for piece in ["医", "保", "报销"] {
        tab.write(piece);
    }
    tab.js("const field = document.querySelector('#finder input[name=q]'); field.value = '公积金'; field.dispatchEvent(new InputEvent('input'))");
    settle(&tab);
    assert_eq!((tab.text(SAID), tab.text("return document.querySelector('.row-title').innerText")), (count, first));
}

#[test]
fn whatever_is_typed_is_answered() {
    let Some(tab) = Tab::with_app() else { return };
    tab.open_ready("/search/");
    let long = "document.querySelector('#finder input[name=q]').removeAttribute('maxlength');";
    for text in [
        "'补贴'.repeat(5000)",
        "'《》——，。！？'",
        "'\\u0000\\u0007\\u202e\\ufeff'",
        "'😀'.repeat(300)",
        "Array.from({ length: 10000 }, (_, at) => String.fromCharCode(0x4E00 + at)).join('')",
        "'%_*\\\\()['",
    ] {
        let milliseconds = tab.number(&format!(
            "{long} const field = document.querySelector('#finder input[name=q]'); const start = performance.now();
             field.value = {text}; field.dispatchEvent(new InputEvent('input')); return performance.now() - start"
        ));
        assert!(milliseconds < 500.0, "{text} takes {milliseconds} ms");
        settle(&tab);
        assert!(!tab.text(SAID).is_empty(), "{text}");
    }
    tab.assert_quiet("odd input");
}

#[test]
fn a_file_that_cannot_be_had_leaves_a_way_on() {
    let Some(tab) = Tab::with_app() else { return };
    tab.cdp("Network.enable", &json!({}));
    tab.open_ready("/search/");
    tab.wait("return !!document.querySelector('.finder .row-title')");
    tab.cdp("Network.setBlockedURLs", &json!({ "urls": ["*/titles-*"] }));
    tab.js("document.querySelector('#finder input[name=q]').focus()");
    tab.write("租房补贴");
    tab.wait("return !!document.querySelector('.finder-results .app-message a[href=\"/policies/\"]')");
    tab.cdp("Network.setBlockedURLs", &json!({ "urls": [] }));
    tab.click(".finder-results .app-message button");
    tab.wait("return document.querySelector('.finder .row')?.innerText.includes('租房') ?? false");
    assert!(tab.js("return !document.querySelector('.finder-results .app-message')") == true);
}

#[test]
fn searches_stay_on_the_device_until_forgotten() {
    let Some(tab) = Tab::with_app() else { return };
    tab.open_ready("/search/");
    tab.js("document.querySelector('#finder input[name=q]').focus()");
    tab.write("公积金");
    tab.press(thirtyfour::Key::Enter);
    settle(&tab);
    tab.open_ready("/search/");
    assert!(tab.js("return !document.querySelector('.finder-recent')") == true, "only with the focus in the field");
    tab.click("#finder input[name=q]");
    tab.wait("return document.querySelector('.finder-recent')?.innerText.includes('公积金') ?? false");
    tab.click(".finder-recent li button");
    tab.wait("return new URLSearchParams(location.search).get('q') === '公积金'");
    tab.open_ready("/search/");
    tab.click("#finder input[name=q]");
    tab.wait("return !!document.querySelector('.finder-forget')");
    tab.click(".finder-forget");
    tab.wait("return !document.querySelector('.finder-recent')");
    assert!(tab.js("return localStorage.getItem('yima.searches') === null") == true);
}

#[test]
fn what_is_shown_can_be_shared() {
    let Some(tab) = Tab::with_app() else { return };
    ask(&tab, "租房补贴");
    tab.click(".finder-share");
    tab.wait("return document.querySelector('.share').open && !!document.querySelector('.share-symbol path')");
    let (said, shown) =
        (tab.text("return document.querySelector('.share-address').innerText"), tab.text("return location.href"));
    assert_eq!(said, shown);
    tab.press(thirtyfour::Key::Escape);
    tab.wait("return !document.querySelector('.share').open");
}

#[test]
fn arrow_keys_walk_through_the_results() {
    let Some(tab) = Tab::with_app() else { return };
    ask(&tab, "租房补贴");
    tab.js("document.querySelector('#finder input[name=q]').focus()");
    let focus = "return [...document.querySelectorAll('.row-title a')].indexOf(document.activeElement)";
    for (key, place) in [(thirtyfour::Key::Down, 0.0), (thirtyfour::Key::Down, 1.0), (thirtyfour::Key::Up, 0.0)] {
        tab.press(key);
        tab.wait(&format!("{focus} === {place}"));
    }
    tab.press(thirtyfour::Key::Up);
    tab.wait("return document.activeElement.name === 'q'");
}

#[test]
fn every_page_leads_to_the_finder() {
    let Some(tab) = Tab::with_app() else { return };
    tab.screen(1280, 800);
    tab.open("/policy/2025-qingnian-zufang-butie/");
    tab.js("document.querySelector('.find input').focus()");
    tab.write("公积金");
    tab.press(thirtyfour::Key::Enter);
    tab.wait("return location.pathname === '/search/' && document.querySelector('#finder')?.dataset.app === 'ready'");
    settle(&tab);
    assert!(tab.text(FIRST).contains("公积金"), "{}", tab.text(FIRST));
    tab.open(&super::site::cards("policy")[0]);
    assert!(tab.js("return !document.querySelector('.find')") == true, "a card carries no search");
}

#[test]
fn without_the_module_the_page_stays_whole() {
    let Some(tab) = Tab::with_app() else { return };
    tab.cdp("Network.enable", &json!({}));
    for blocked in ["*.wasm", "*/index.bin", "*/facts-*"] {
        tab.cdp("Network.setBlockedURLs", &json!({ "urls": [blocked] }));
        tab.open("/search/");
        tab.wait("return !!document.querySelector('.app-message')?.innerText.trim()");
        let themes = tab.number("return [...document.querySelectorAll('main a[href^=\"/theme/\"]')].filter(el => el.checkVisibility()).length");
        assert!(themes >= 20.0, "without {blocked} {themes} themes are left");
        assert!(tab.js("return document.querySelector('form.search input').checkVisibility()") == true);
    }
}

#[test]
fn an_index_that_is_none_says_why_and_leaves_the_lists() {
    let Some(tab) = Tab::with_app() else { return };
    let themes =
        "return [...document.querySelectorAll('main a[href^=\"/theme/\"]')].filter(el => el.checkVisibility()).length";
    for (file, change, said) in [
        ("index", "bytes.slice(0, bytes.length / 2)", "目录数据不完整"),
        ("index", "bytes.slice(0, 3)", "目录数据不完整"),
        ("index", "bytes.with(8, bytes[8] + 1)", "页面已更新，请刷新"),
        ("index", "bytes.with(bytes.length - 1, bytes[bytes.length - 1] ^ 1)", "目录数据损坏"),
        ("index", "new TextEncoder().encode('<!doctype html>')", "页面已更新，请刷新"),
        ("facts", "bytes.slice(0, bytes.length - 1)", "目录数据不完整"),
    ] {
        // What a host, or something on the way to it, makes of the file.
        let source = format!(
            "{{ const real = window.fetch;
             window.fetch = async (address, options) => {{
                const answer = await real(address, options);
                if (!String(address).includes('/search/{file}')) return answer;
                const bytes = new Uint8Array(await answer.arrayBuffer());
                return new Response({change});
             }} }}"
        );
        let added = tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": source }));
        tab.open("/search/");
        tab.wait("return !!document.querySelector('.app-message')?.innerText.trim()");
        let message = tab.text("return document.querySelector('.app-message').innerText");
        assert!(message.contains(said), "{file}, {change}: {message}");
        assert!(tab.number(themes) >= 20.0, "{file}, {change}: the lists are gone");
        assert!(tab.js("return document.querySelector('form.search input').checkVisibility()") == true);
        tab.cdp("Page.removeScriptToEvaluateOnNewDocument", &json!({ "identifier": added["identifier"] }));
    }
}

#[test]
fn the_app_stays_away_from_cards_and_texts() {
    let Some(tab) = Tab::with_app() else { return };
    for page in ["/", "/policy/2025-qingnian-zufang-butie/", "/policies/", &super::site::cards("policy")[0]] {
        tab.open(page);
        let requests = tab.traffic().requests;
        assert!(requests.iter().all(|address| !address.contains(".wasm")), "{page} loads the app: {requests:?}");
    }
}

#[test]
fn a_favourite_stays_on_the_device() {
    let Some(tab) = Tab::with_app() else { return };
    let policy = "2025-qingnian-zufang-butie";
    tab.open(&format!("/policy/{policy}/"));
    let title = tab.text("return document.querySelector('h1').innerText");
    tab.click(&format!("[data-favourite=\"{policy}\"]"));
    tab.wait("return document.querySelector('[data-favourite]').getAttribute('aria-pressed') === 'true'");
    tab.open_ready("/favourites/");
    let link = format!("return !!document.querySelector('#favourites a[href=\"/policy/{policy}/\"]')");
    tab.wait(&link);
    assert!(tab.text("return document.querySelector('#favourites').innerText").contains(title.trim()), "{title}");
    tab.assert_quiet("favourites");
    // Taken back on the page itself, gone from the list.
    tab.open(&format!("/policy/{policy}/"));
    tab.click(&format!("[data-favourite=\"{policy}\"]"));
    tab.open_ready("/favourites/");
    assert!(tab.js(&link) == false);
}
