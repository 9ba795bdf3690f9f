//! A card without script, on the first screen of a small phone.

use super::site::cards;
use super::tab::Tab;

/// The first screen of the phone that the design speaks of, in CSS pixels.
const WIDTH: u32 = 360;
const HEIGHT: u32 = 780;

/// What stands where: the lower edge of everything a person must see at first.
const SEEN: &str = "
const bottom = el => el && el.innerText.trim() ? el.getBoundingClientRect().bottom : 1e6;
const seen = { title: bottom(document.querySelector('h1')), validity: bottom(document.querySelector('.validity strong')) };
for (const dt of document.querySelectorAll('.glance dt')) seen[dt.innerText.trim()] = bottom(dt.nextElementSibling);
const tel = document.querySelector('.glance a[href^=\"tel:\"]');
seen.phone = bottom(tel);
return seen";

#[test]
fn the_first_screen_says_it_all_without_script() {
    let Some(tab) = Tab::new() else { return };
    tab.scripts(false);
    tab.screen(WIDTH, HEIGHT);
    let mut failures = Vec::new();
    let mut whole = 0;
    for card in cards("policy") {
        tab.open(&card);
        if tab.js("return !!document.querySelector('.validity.withdrawn')") == true {
            tab.traffic();
            continue;
        }
        whole += 1;
        let seen = tab.js(SEEN);
        for what in ["title", "validity", "给谁", "给什么", "到何时", "找谁问", "phone"] {
            let bottom = seen[what].as_f64().unwrap_or(f64::INFINITY);
            if bottom > f64::from(HEIGHT) {
                failures.push(format!("{card} {what} ends at {bottom}"));
            }
        }
        if tab.number("return document.documentElement.scrollWidth") > f64::from(WIDTH) {
            failures.push(format!("{card} is wider than the screen"));
        }
        if tab.js("return [...document.querySelectorAll('.tools')].some(el => el.checkVisibility())") == true {
            failures.push(format!("{card} shows buttons that nothing answers"));
        }
        // The symbol and the style stand in the page: one request, and what the browser asks for on its own.
        let asked = tab.traffic().requests;
        let own = ["/favicon", "/icons/", "/manifest.webmanifest"];
        let needed = asked.iter().filter(|address| !own.iter().any(|own| address.contains(own)));
        if needed.clone().count() != 1 {
            failures.push(format!("{card} asks for {:?}", needed.collect::<Vec<_>>()));
        }
    }
    assert!(whole >= 30, "only {whole} cards");
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_kind_of_card_can_be_read_without_script() {
    let Some(tab) = Tab::new() else { return };
    tab.scripts(false);
    tab.screen(WIDTH, HEIGHT);
    for kind in ["policy", "stage", "attachment", "article", "question"] {
        for card in [cards(kind).remove(0), cards(kind).pop().expect("a card")] {
            tab.open(&card);
            assert!(!tab.text("return document.querySelector('h1').innerText").is_empty(), "{card}");
            let typed = tab.text("return document.querySelector('.code .typed').innerText");
            assert!(typed.ends_with(card.trim_end_matches('/')), "{card} prints {typed}");
            let side = tab.number("return document.querySelector('.code svg.qr').getBoundingClientRect().width");
            assert!(side >= 72.0, "the symbol of {card} is {side} pixels wide");
            let ways = tab.number("return document.querySelectorAll('nav.ways a[href^=\"/\"]').length");
            assert!(
                ways > 0.0 || tab.js("return !!document.querySelector('.withdrawn')") == true,
                "{card} leads nowhere"
            );
            assert!(
                tab.number("return document.documentElement.scrollWidth") <= f64::from(WIDTH),
                "{card} is too wide"
            );
        }
    }
}
