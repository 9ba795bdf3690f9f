//! Nothing but keys.

use thirtyfour::Key;

use super::tab::Tab;

/// What has the focus: tag, first class, text.
const FOCUS: &str = "
const el = document.activeElement;
return el.tagName + '.' + el.className + ' ' + (el.innerText || el.getAttribute('aria-label') || el.id).trim().slice(0, 30)";

#[test]
fn the_skip_link_comes_first_and_leads_to_the_text() {
    let Some(tab) = Tab::new() else { return };
    for page in ["/", "/policy/2025-qingnian-zufang-butie/", &super::site::cards("policy")[0]] {
        tab.open(page);
        tab.press(Key::Tab);
        assert!(tab.text(FOCUS).starts_with("A.skip"), "{page}: {}", tab.text(FOCUS));
        let top = tab.number("return document.activeElement.getBoundingClientRect().top");
        assert!(top >= 0.0, "{page}: the skip link can be seen when it has the focus");
        tab.press(Key::Enter);
        tab.wait("return location.hash === '#main' && document.activeElement.id === 'main'");
    }
}

#[test]
fn every_stop_shows_itself_and_none_is_a_trap() {
    let Some(tab) = Tab::new() else { return };
    for page in [
        "/",
        "/search/?q=%E7%A7%9F%E6%88%BF%E8%A1%A5%E8%B4%B4",
        "/policy/2025-qingnian-zufang-butie/",
        "/policy/2025-qingnian-zufang-butie/lifecycle/",
    ] {
        tab.open_ready(page);
        let count = || {
            tab.number(
            "return [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex=\"0\"]')].filter(el => el.checkVisibility()).length",
        )
        };
        let mut stops = count();
        let mut seen = 0.0;
        loop {
            tab.press(Key::Tab);
            if tab.js("return document.activeElement === document.body") == true {
                break;
            }
            let focus = tab.text(FOCUS);
            // A list of results grows while it is walked through.
            if seen > stops {
                stops = count();
            }
            assert!(seen <= stops, "{page}: the keys do not get past {focus}");
            // A ring, an underline that is not there otherwise, or the skip link itself.
            let shown = tab.js(
                "const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none'",
            );
            assert!(shown == true, "{page}: nobody sees that {focus} has the focus");
            // The page may glide to it.
            tab.wait(
                "const r = document.activeElement.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight && r.width > 0",
            );
            seen += 1.0;
        }
        assert!(seen >= 10.0 && seen >= stops * 0.9, "{page}: keys reach {seen} of {stops}");
    }
}

#[test]
fn a_search_without_the_app_is_an_ordinary_form() {
    let Some(tab) = Tab::new() else { return };
    tab.scripts(false);
    tab.open("/");
    tab.js("document.querySelector('#q').focus()");
    tab.write("租房");
    tab.press(Key::Enter);
    tab.wait("return location.pathname === '/search/' && new URLSearchParams(location.search).get('q') === '租房'");
    let ways = tab.number("return document.querySelectorAll('main a[href^=\"/theme/\"]').length");
    assert!(ways >= 20.0, "without script the search page leads to {ways} themes");
}

#[test]
fn the_finder_is_worked_with_keys() {
    let Some(tab) = Tab::with_app() else { return };
    tab.open_ready("/search/");
    tab.js("document.activeElement.blur()");
    tab.press("/");
    assert!(tab.text(FOCUS).starts_with("INPUT"), "a slash goes to the field: {}", tab.text(FOCUS));
    tab.write("租房");
    tab.wait("return new URLSearchParams(location.search).get('q') === '租房'");
    tab.wait("return document.querySelector('.finder-results').ariaBusy === 'false'");
    let found = tab.text("return document.querySelector('.finder-count').innerText");
    // From the field by keys alone: the switch, on and off again.
    for _ in 0..10 {
        tab.press(Key::Tab);
        if tab.js("return !!document.activeElement.closest('.finder-live')") == true {
            break;
        }
    }
    tab.press(Key::Space);
    tab.wait("return !document.querySelector('.finder-live input').checked");
    tab.press(Key::Space);
    tab.wait("return document.querySelector('.finder-live input').checked");
    assert_eq!(tab.text("return document.querySelector('.finder-count').innerText"), found);
    // A filter, and the chip that takes it back.
    for _ in 0..40 {
        tab.press(Key::Tab);
        if tab.js("return !!document.activeElement.closest('.facet-value')") == true {
            break;
        }
    }
    tab.press(Key::Space);
    tab.wait("return document.querySelectorAll('.finder-chosen .chip').length > 0");
    tab.assert_quiet("the finder");
}
