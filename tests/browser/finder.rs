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

#[test]
fn words_find_what_holds_them() {
    let Some(tab) = Tab::with_app() else { return };
    for (words, expected) in [("租房补贴", "租房"), ("青屿政办规〔2025〕6号", "青年"), ("青屿政办规[2025]6号", "青年")]
    {
        let query = tab.text(&format!("return encodeURIComponent({})", json!(words)));
        tab.open_ready(&format!("/search/?q={query}"));
        assert_eq!(tab.text("return document.querySelector('input[name=q]').value"), words);
        let first = tab.text("return document.querySelector('.finder .row')?.innerText ?? '(nothing)'");
        assert!(first.contains(expected), "{words} finds {first}");
    }
    tab.open_ready("/search/?q=zzzzzz");
    tab.wait("return !!document.querySelector('.finder-nothing')");
}

#[test]
fn without_the_module_the_page_stays_whole() {
    let Some(tab) = Tab::with_app() else { return };
    tab.cdp("Network.enable", &json!({}));
    for blocked in ["*.wasm", "*catalogue*"] {
        tab.cdp("Network.setBlockedURLs", &json!({ "urls": [blocked] }));
        tab.open("/search/");
        tab.wait("return !!document.querySelector('.app-message')?.innerText.trim()");
        let themes = tab.number("return [...document.querySelectorAll('main a[href^=\"/theme/\"]')].filter(el => el.checkVisibility()).length");
        assert!(themes >= 20.0, "without {blocked} {themes} themes are left");
        assert!(tab.js("return document.querySelector('form.search input').checkVisibility()") == true);
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
