//! 问题单: the question on paper, or in a QR code to carry away.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use super::desk::{Office, desk};
use super::turn::print_only;
use crate::browser;
use crate::line::zh_date;

/// White modules around a symbol (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A slip with the question, whom to take it to, and a QR code that asks it again.
#[component]
pub(super) fn Slip(text: String, query: StoredValue<String>, office: Option<Office>) -> impl IntoView {
    let desk = desk();
    let hotline = desk.hotline.get_value();
    let symbol = query.with_value(|query| symbol(&browser::address(query))).map(|(size, path)| {
        let side = size + 2 * QUIET;
        view! {
            <figure class="ask-carry">
                <svg
                    viewBox=format!("{} {} {side} {side}", -QUIET, -QUIET)
                    role="img"
                    aria-label="这个问题的二维码"
                    shape-rendering="crispEdges"
                >
                    <path fill="#fff" d=format!("M{0} {0}h{side}v{side}h-{side}z", -QUIET)></path>
                    <path fill="#000" d=path></path>
                </svg>
                <figcaption>"用手机扫一扫，带走这个问题"</figcaption>
            </figure>
        }
    });
    view! {
        <section class="ask-slip">
            <h3>"问题单"</h3>
            <div class="ask-slip-body">
                <dl class="facts">
                    <dt>"想问"</dt>
                    <dd>{text}</dd>
                    {office
                        .map(|office| {
                            view! {
                                <dt>"问谁"</dt>
                                <dd>{office.name}{(!office.phone.is_empty()).then(|| format!("，{}", office.phone))}</dd>
                            }
                        })}
                    <dt>"热线"</dt>
                    <dd>{hotline}</dd>
                    <dt>"日期"</dt>
                    <dd>{zh_date(browser::today())}</dd>
                    <dt class="ask-paper">"回电"</dt>
                    <dd class="ask-paper"></dd>
                    <dt class="ask-paper">"答复"</dt>
                    <dd class="ask-paper ask-tall"></dd>
                </dl>
                {symbol}
            </div>
            <p class="actions">
                <button type="button" class="button" on:click=|event| print_only(&event, ".ask-slip")>
                    "打印问题单"
                </button>
            </p>
        </section>
    }
}

/// Modules of a side, and the path of the dark ones; none for a text that no symbol holds.
fn symbol(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                path.push_str(&format!("M{start} {y}h{}v1h-{}z", x - start, x - start));
            } else {
                x += 1;
            }
        }
    }
    Some((code.size(), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let text = "https://zc.qingyu.example/ask/?q=%E7%A7%9F%E6%88%BF";
        let code = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        let (size, path) = symbol(text).unwrap();
        let dark = (0..size * size).filter(|at| code.get_module(at % size, at / size)).count();
        let drawn: usize =
            path.split('M').filter_map(|run| run.split_once('h')?.1.split('v').next()?.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
        assert!(symbol(&"字".repeat(1_000)).is_none());
    }
}
