//! The page's own text field. It is kept, not replaced: what was typed, the cursor and a half-written pinyin stay.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget, HtmlElement, HtmlInputElement, InputEvent, KeyboardEvent};
use yima_search::query::MAX_TEXT;

use super::desk::Desk;
use super::recent;
use super::state::Change;
use crate::browser;

/// The search form of the page, a child of `place`, and its text field; made when the page has none.
pub(super) fn keep(place: &HtmlElement) -> Option<(HtmlElement, HtmlInputElement)> {
    let form = match browser::find::<HtmlElement>(place, ":scope > form") {
        Some(form) => form,
        None => {
            let form = browser::create("form", "search")?;
            let _ = form.set_attribute("role", "search");
            place.append_child(&form).ok()?;
            form
        }
    };
    let input = match browser::find::<HtmlInputElement>(&form, "input[name=q]") {
        Some(input) => input,
        None => {
            let input: HtmlInputElement = browser::create("input", "")?.dyn_into().ok()?;
            input.set_type("search");
            let _ = input.set_attribute("aria-label", "关键词、文号或者一码");
            form.append_child(&input).ok()?;
            input
        }
    };
    Some((form, input))
}

/// Follows what is typed, and shows in the field what the address says.
pub(super) fn listen(desk: Desk, form: &HtmlElement, input: &HtmlInputElement) {
    input.set_max_length(i32::try_from(MAX_TEXT).unwrap_or(i32::MAX));
    desk.state.with_untracked(|state| input.set_value(state.query.text()));

    on(input, "input", {
        let input = input.clone();
        move |event| {
            // While pinyin is being written there is nothing to look for yet.
            if !event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
                desk.change(Change::Typed(input.value()));
            }
        }
    });
    on(input, "compositionend", {
        let input = input.clone();
        move |_| desk.change(Change::Typed(input.value()))
    });
    on(input, "keydown", {
        let input = input.clone();
        move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            if key.key() == "ArrowDown" && !key.is_composing() {
                event.prevent_default();
                browser::focus_next(vec![".finder-recent button".to_owned(), ".finder .row-title a".to_owned()]);
            }
            if key.key() == "Escape" && !key.is_composing() {
                event.prevent_default();
                if input.value().is_empty() {
                    let _ = input.blur();
                } else {
                    input.set_value("");
                    desk.change(Change::Typed(String::new()));
                }
            }
        }
    });
    on(form, "submit", {
        let input = input.clone();
        move |event| {
            event.prevent_default();
            desk.change(Change::Typed(input.value()));
            recent::keep(&input.value());
            // Puts the keyboard of a phone away: the results are below it.
            let _ = input.blur();
        }
    });

    on(input, "focus", move |_| desk.at_field.set(true));
    window_event_listener(ev::focusin, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let near = target.is_some_and(|target| target.closest("#finder form, .finder-recent").ok().flatten().is_some());
        if desk.at_field.get_untracked() != near {
            desk.at_field.set(near);
        }
    });
    window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let near = target.is_some_and(|target| target.closest("#finder form, .finder-recent").ok().flatten().is_some());
        if !near && desk.at_field.get_untracked() {
            desk.at_field.set(false);
        }
    });

    let field = StoredValue::new_local(input.clone());
    window_event_listener(ev::popstate, move |_| {
        desk.follow_address();
        desk.state.with_untracked(|state| field.with_value(|field| field.set_value(state.query.text())));
    });
    window_event_listener(ev::keydown, move |event| {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        if event.key() == "/" && !modified && !types_text(&event) {
            event.prevent_default();
            field.with_value(|field| {
                let _ = field.focus();
                field.select();
            });
        }
    });
}

/// Whether the key goes to something one types into.
fn types_text(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| {
        target.is_content_editable() || matches!(target.tag_name().as_str(), "TEXTAREA" | "SELECT") || {
            let kind = target.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::type_);
            kind.is_some_and(|kind| !matches!(kind.as_str(), "checkbox" | "radio" | "button"))
        }
    })
}

/// Listens for as long as the page lives.
fn on(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(act);
    if target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()).is_ok() {
        closure.forget();
    }
}
