//! The browser, as far as views do not show it: day, address, storage, files.

use leptos::prelude::{document, request_animation_frame, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Element, Event, EventTarget, HtmlAnchorElement, HtmlElement, MessageChannel, ShareData,
    Storage, Url, js_sys,
};
use yima_model::Date;
use yima_model::validity::day_in_beijing;

/// Today in China, whatever the zone of the device.
pub(crate) fn today() -> Date {
    day_in_china(js_sys::Date::now())
}

/// The day in UTC+8, where there is no summer time, at so many milliseconds after 1970-01-01T00:00Z.
fn day_in_china(milliseconds: f64) -> Date {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let milliseconds = milliseconds.floor() as i64;
    day_in_beijing(milliseconds).unwrap_or(Date::constant(1970, 1, 1))
}

/// The element with this id.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The first match of a CSS selector inside an element.
pub(crate) fn find<E: JsCast>(inside: &Element, selector: &str) -> Option<E> {
    inside.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// A new element, not yet on the page.
pub(crate) fn create(tag: &str, class: &str) -> Option<HtmlElement> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.dyn_into().ok()
}

/// Whether an element ends less than so many pixels below the screen.
pub(crate) fn ends_above(selector: &str, below: f64) -> bool {
    let Some(element) = document().query_selector(selector).ok().flatten() else { return false };
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    element.get_bounding_client_rect().bottom() < height + below
}

/// Whether a person is in this element, typing.
pub(crate) fn has_focus(element: &Element) -> bool {
    document().active_element().is_some_and(|active| active.is_same_node(Some(element)))
}

/// Gives the focus to the first of these that stands on the page once it shows the change just made: where a button
/// goes away under the finger, the focus must not fall back to the top of the page.
pub(crate) fn focus_next(selectors: Vec<String>) {
    request_animation_frame(move || {
        let found = |selector: &String| document().query_selector(selector).ok().flatten();
        if let Some(element) = selectors.iter().find_map(found).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Listens for as long as the page lives.
pub(crate) fn on(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(act);
    if target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()).is_ok() {
        closure.forget();
    }
}

/// Whether the browser's `navigator` or `window` has this.
pub(crate) fn has(object: &JsValue, name: &str) -> bool {
    js_sys::Reflect::get(object, &JsValue::from_str(name)).is_ok_and(|value| value.is_truthy())
}

/// Hands an address to whatever the person shares with; where the browser cannot, to the clipboard. What was done, if
/// anything could be done.
pub(crate) fn share(title: &str, path: &str) -> Option<Shared> {
    let address = format!("{}{path}", origin());
    let navigator = window().navigator();
    if has(&navigator, "share") {
        let data = ShareData::new();
        data.set_title(title);
        data.set_url(&address);
        let shared = JsFuture::from(navigator.share_with_data(&data));
        // Not to share after all is no error.
        spawn_local(async { drop(shared.await) });
        return Some(Shared::Handed);
    }
    if has(&navigator, "clipboard") {
        let copied = JsFuture::from(navigator.clipboard().write_text(&address));
        spawn_local(async { drop(copied.await) });
        return Some(Shared::Copied);
    }
    None
}

/// How an address was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    /// To the sheet of the system.
    Handed,
    /// To the clipboard.
    Copied,
}

/// The query string of the address, with its `?`.
pub(crate) fn query_string() -> String {
    window().location().search().unwrap_or_default()
}

/// What [`remember`] left with the entry of the history that is shown.
pub(crate) fn remembered() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

/// How a change shows in the history of the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trace {
    /// The entry changes: one does not go back letter by letter.
    Replace,
    /// A new entry: one can go back to before.
    Push,
}

/// Writes a query string to the address, and a number to the entry of the history.
pub(crate) fn remember(trace: Trace, query: &str, number: f64) {
    let path = window().location().pathname().unwrap_or_default();
    let address = if query.is_empty() { path } else { format!("{path}?{query}") };
    let Ok(history) = window().history() else { return };
    let number = JsValue::from_f64(number);
    // Browsers refuse very frequent changes; the next one carries the whole state again.
    let _ = match trace {
        Trace::Replace => history.replace_state_with_url(&number, "", Some(&address)),
        Trace::Push => history.push_state_with_url(&number, "", Some(&address)),
    };
}

/// Loads the page again, from the host.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Waits so many milliseconds.
pub(crate) async fn rest(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser take what came meanwhile, a key above all: returns in a task of its own. A message, because a timer
/// that follows a timer waits four milliseconds.
pub(crate) async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return rest(0).await };
    let (here, there) = (channel.port1(), channel.port2());
    let promise = js_sys::Promise::new(&mut |resolve, _| here.set_onmessage(Some(&resolve)));
    if there.post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    here.close();
}

/// Whether the person asked for few bytes (Network Information API, where the browser has it).
pub(crate) fn saves_data() -> bool {
    let get = |of: &JsValue, key: &str| js_sys::Reflect::get(of, &JsValue::from_str(key)).ok();
    let connection = get(&window().navigator(), "connection");
    connection
        .filter(JsValue::is_object)
        .and_then(|connection| get(&connection, "saveData")?.as_bool())
        .unwrap_or(false)
}

/// Whether the device knows that it has no network.
pub(crate) fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// Whether there is room for filters beside the results: a wide window (the same line as in `app.css`), and not the
/// large type of 长者版.
pub(crate) fn is_roomy() -> bool {
    let wide = window().match_media("(min-width: 60em)").ok().flatten().is_none_or(|query| query.matches());
    let elder = document().document_element().is_some_and(|root| root.class_list().contains("elder"));
    wide && !elder
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A text kept on this device.
pub(crate) fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text on this device; whether it could be kept.
pub(crate) fn store(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Takes away what is kept under a key.
pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Where the site is. What a kiosk shows comes from an address that no phone can reach: there it is the public one, which
/// every page names.
fn origin() -> String {
    let kiosk = document().document_element().is_some_and(|root| root.class_list().contains("kiosk"));
    let named = || {
        let meta = document().query_selector("meta[property='og:url']").ok()??;
        Some(Url::new(&meta.get_attribute("content")?).ok()?.origin())
    };
    let public = if kiosk { named() } else { None };
    public.or_else(|| window().location().origin().ok()).unwrap_or_default()
}

/// The full address of this page with another query string.
pub(crate) fn address(query: &str) -> String {
    let (origin, path) = (origin(), window().location().pathname().unwrap_or_default());
    if query.is_empty() { format!("{origin}{path}") } else { format!("{origin}{path}?{query}") }
}

/// Copies a text to the clipboard; whether the browser let it.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Pages without TLS have none.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Hands a text to the person as a file.
pub(crate) fn download(name: &str, text: &str) -> Option<()> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = create("a", "")?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        // 2026-11-22T00:00+08:00 is 2026-11-21T16:00Z.
        let midnight = 20_779.0 * 86_400_000.0 - 8.0 * 3_600_000.0;
        assert_eq!(day_in_china(midnight), Date::constant(2026, 11, 22));
        assert_eq!(day_in_china(midnight - 1.0), Date::constant(2026, 11, 21));
        assert_eq!(day_in_china(f64::NAN), Date::constant(1970, 1, 1));
    }
}
