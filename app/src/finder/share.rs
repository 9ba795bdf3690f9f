//! 分享: the address of what is shown, as text and as a QR symbol, drawn on the device.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::desk::desk;
use crate::browser;
use crate::symbol::symbol;

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
