//! 分享: the address of what is shown, as text and as a QR symbol, drawn on the device.

use std::fmt::Write as _;

use leptos::html;
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen_futures::spawn_local;

use super::desk::desk;
use crate::browser;

/// Light modules around a symbol (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A button, and the sheet it opens.
#[component]
pub(super) fn Share() -> impl IntoView {
    let desk = desk();
    let sheet = NodeRef::<html::Dialog>::new();
    let address = RwSignal::new(String::new());
    let said = RwSignal::new("");
    let open = move |_| {
        address.set(desk.state.with_untracked(|state| browser::address(&state.query.to_query_string())));
        said.set("");
        if let Some(sheet) = sheet.get_untracked()
            && sheet.show_modal().is_err()
        {
            let _ = sheet.set_attribute("open", "");
        }
    };
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
    };
    let copy = move |_| {
        let address = address.get_untracked();
        spawn_local(async move {
            said.set(if browser::copy(&address).await {
                "已复制。"
            } else {
                "此浏览器不允许复制，请长按上面的网址。"
            });
        });
    };
    let symbol = move || {
        address.with(|address| symbol(address)).map(|(size, path)| {
            view! {
                <svg class="share-symbol" viewBox=format!("0 0 {size} {size}") role="img" aria-label="这个网址的二维码">
                    <path class="share-paper" d=format!("M0 0h{size}v{size}H0z")/>
                    <path d=path/>
                </svg>
            }
        })
    };
    view! {
        <button type="button" class="button finder-share" aria-haspopup="dialog" on:click=open>"分享"</button>
        <dialog class="share" aria-labelledby="finder-share" node_ref=sheet>
            <h2 id="finder-share">"分享现在的结果"</h2>
            {symbol}
            <p class="share-address">{address}</p>
            <p class="share-said" role="status" aria-live="polite">{said}</p>
            <button type="button" class="button primary" on:click=copy>"复制网址"</button>
            <button type="button" class="button" on:click=close>"关闭"</button>
        </dialog>
    }
}

/// Size and path of the symbol for a text, in modules; none where it is too long for one.
fn symbol(text: &str) -> Option<(i32, String)> {
    if text.is_empty() {
        return None;
    }
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += i32::try_from(run).unwrap_or(i32::MAX - x).max(1);
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_has_every_dark_module() {
        let text = "https://zc.qingyu.example/search/?q=%E7%A7%9F%E6%88%BF";
        let (size, path) = symbol(text).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        assert_eq!(size, code.size() + 8);
        let runs = path.split('M').filter(|run| !run.is_empty());
        let drawn: usize =
            runs.map(|run| run.split_once('h').unwrap().1.split_once('v').unwrap().0.parse::<usize>().unwrap()).sum();
        let dark = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|&(x, y)| code.get_module(x, y))
            .count();
        assert_eq!(drawn, dark);
        assert_eq!(symbol(""), None);
        assert_eq!(symbol(&"x".repeat(5_000)), None);
    }
}
