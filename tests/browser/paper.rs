//! Card and slip as a kiosk prints them: what is on them, and on which paper.

use serde_json::json;

use super::site::cards;
use super::tab::Tab;

/// Stands in for the printer, and for the browser that tells when it has printed.
const PRINTER: &str = "window.print = () => { window.printed = (window.printed || 0) + 1; };";

const POLICY: &str = "/policy/2025-qingnian-zufang-butie/";

/// Millimetres of a page, from the first `/MediaBox` of a PDF, whose unit is 1/72 inch.
fn paper(pdf: &[u8]) -> (f64, f64, usize) {
    let text = String::from_utf8_lossy(pdf);
    let numbers = text.split_once("/MediaBox [").expect("a page").1.split(']').next().expect("a box");
    let numbers: Vec<f64> = numbers.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let pages = text.matches("/Type /Page\n").count().max(text.matches("/MediaBox").count());
    (numbers[2] / 72.0 * 25.4, numbers[3] / 72.0 * 25.4, pages)
}

fn decoded(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0_u32, |bits, &byte| bits << 6 | u32::from(value(byte))) << (6 * (4 - four.len()));
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(four.len() - 1));
    }
    bytes
}

fn print(tab: &Tab, page: &str, size: &str) {
    tab.open(&format!("{page}?kiosk"));
    tab.wait("return !!document.querySelector('.kiosk-bar')");
    let button = "[...document.querySelectorAll('.kiosk-bar .kiosk-button')].find(el => el.textContent === '打印')";
    tab.js(&format!("{button}.click()"));
    tab.wait("return !!document.querySelector('.kiosk-dialog[open]')");
    let paper = format!(
        "[...document.querySelectorAll('.kiosk-dialog .kiosk-button')].find(el => el.textContent === '{size}')"
    );
    tab.js(&format!("{paper}.click()"));
    tab.wait("return window.printed === 1");
}

#[test]
fn a_card_fits_its_paper_and_says_it_all() {
    let Some(tab) = Tab::new() else { return };
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": PRINTER }));
    tab.screen(1080, 1920);
    let folder = std::env::var_os("YIMA_PAPER").map(std::path::PathBuf::from);
    let attachment = cards("attachment").remove(0);
    for (page, size, wide) in
        [(POLICY, "A4 纸", 210.0), (POLICY, "80 毫米小票", 80.0), (attachment.as_str(), "80 毫米小票", 80.0)]
    {
        print(&tab, page, size);
        let said = tab.text("return document.querySelector('.kiosk-paper').innerText");
        let code = tab.text("return document.querySelector('.kiosk-code b').textContent");
        assert_eq!(code.len(), 6, "{code}");
        for must in ["演示数据", "截至", "zc.qingyu.example", "0999-12345", "数据截至", &code] {
            assert!(said.contains(must), "{page} on {size}: no {must} in {said}");
        }
        let one = |selector: &str| tab.text(&format!("return document.querySelector('{selector}').textContent"));
        assert!(said.contains(one("main h1").trim()) && said.contains(one(".validity strong").trim()));
        if page == attachment {
            assert!(said.contains(&one("main .facts code")), "the hash of the file");
        }
        let big = tab.number("return parseFloat(getComputedStyle(document.querySelector('.kiosk-code b')).fontSize)");
        assert!(big >= 28.0, "the code is {big} pixels high");
        let printed = tab.cdp("Page.printToPDF", &json!({ "preferCSSPageSize": true }));
        let pdf = decoded(printed["data"].as_str().expect("a document"));
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{}-{code}.pdf", wide as u32)), &pdf).expect("the document is kept");
        }
        let (width, height, pages) = paper(&pdf);
        assert!((width - wide).abs() < 1.0, "{size} is {width} mm wide");
        assert_eq!(pages, 1, "{page} on {size}");
        assert!(height > 90.0 && height < 300.0, "{size} is {height} mm long");
        tab.js("window.dispatchEvent(new Event('afterprint'))");
        assert!(tab.js("return !document.querySelector('.kiosk-paper') && !document.documentElement.classList.contains('kiosk-printing')") == true);
    }
}

#[test]
fn paper_has_an_end() {
    let Some(tab) = Tab::new() else { return };
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": PRINTER }));
    tab.screen(1080, 1920);
    for _ in 0..6 {
        print(&tab, POLICY, "80 毫米小票");
    }
    tab.js("window.print()");
    assert_eq!(tab.number("return window.printed"), 1.0);
    assert!(tab.text("return document.querySelector('.kiosk-dialog').innerText").contains("六张"));
}
