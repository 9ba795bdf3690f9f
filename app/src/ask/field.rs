//! The question being typed: the page's own field, kept, with questions like it offered below.

use leptos::ev;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, InputEvent, KeyboardEvent};
use yima_search::query::MAX_TEXT;

use super::desk::Desk;
use crate::browser;

/// Shorter texts are like too much.
const SHORTEST: usize = 2;

/// The form of the page, a child of `place`, and its text field; made when the page has none.
pub(super) fn keep(place: &HtmlElement) -> Option<(HtmlElement, HtmlInputElement)> {
    let form = match browser::find::<HtmlElement>(place, ":scope > form") {
        Some(form) => form,
        None => {
            let form = browser::create("form", "search ask-form")?;
            let _ = form.set_attribute("role", "search");
            place.insert_before(&form, place.first_child().as_ref()).ok()?;
            form
        }
    };
    let _ = form.remove_attribute("hidden");
    let input = match browser::find::<HtmlInputElement>(&form, "input[name=q]") {
        Some(input) => input,
        None => {
            let input: HtmlInputElement = browser::create("input", "")?.dyn_into().ok()?;
            input.set_type("search");
            let _ = input.set_attribute("aria-label", "用自己的话问一句");
            form.append_child(&input).ok()?;
            input
        }
    };
    Some((form, input))
}

/// What is offered below the field.
#[derive(Clone, Copy)]
struct Offers {
    desk: Desk,
    list: RwSignal<Vec<String>>,
    /// The one the arrow keys stand on.
    active: RwSignal<Option<usize>>,
    /// Counts what was typed: an answer to older text is late.
    typed: StoredValue<u32>,
}

impl Offers {
    fn follow(self, text: &str) {
        self.active.set(None);
        let number = self.typed.with_value(|number| number.wrapping_add(1));
        self.typed.set_value(number);
        if text.trim().chars().count() < SHORTEST {
            self.list.set(Vec::new());
            return;
        }
        self.desk.offer(text.to_owned(), move |list| {
            if self.typed.get_value() == number {
                self.list.set(list);
            }
        });
    }

    fn close(self) {
        self.typed.update_value(|number| *number = number.wrapping_add(1));
        self.list.set(Vec::new());
        self.active.set(None);
    }

    /// One up or down, with a place between the ends where the typed text stands.
    fn step(self, down: bool) {
        let count = self.list.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        self.active.update(|active| {
            *active = match (*active, down) {
                (None, true) => Some(0),
                (None, false) => Some(count - 1),
                (Some(at), true) => (at + 1 < count).then_some(at + 1),
                (Some(at), false) => at.checked_sub(1),
            };
        });
    }

    fn take(self, at: usize) {
        if let Some(text) = self.list.with_untracked(|list| list.get(at).cloned()) {
            self.close();
            self.desk.ask(&text);
        }
    }
}

/// Follows what is typed, asks what is sent, and offers questions like it.
pub(super) fn listen(desk: Desk, form: &HtmlElement, input: &HtmlInputElement) {
    input.set_max_length(i32::try_from(MAX_TEXT).unwrap_or(i32::MAX));
    let offers =
        Offers { desk, list: RwSignal::new(Vec::new()), active: RwSignal::new(None), typed: StoredValue::new(0) };
    for (name, value) in [("role", "combobox"), ("aria-autocomplete", "list"), ("aria-controls", "ask-offers")] {
        let _ = input.set_attribute(name, value);
    }
    if let Some(ground) = browser::create("div", "ask-offers")
        && form.append_child(&ground).is_ok()
    {
        mount_to(ground, move || view! { <List offers/> }).forget();
    }
    let field = StoredValue::new_local(input.clone());
    Effect::new(move |_| {
        let open = offers.list.with(|list| !list.is_empty());
        let active = offers.active.get();
        field.with_value(|field| {
            let _ = field.set_attribute("aria-expanded", if open { "true" } else { "false" });
            let _ = match active {
                Some(at) => field.set_attribute("aria-activedescendant", &format!("ask-offer-{at}")),
                None => field.remove_attribute("aria-activedescendant"),
            };
        });
    });
    // The first run only shows what the address said; what was typed before the app was there stays.
    Effect::new(move |seen: Option<()>| {
        let text = desk.field.get();
        if seen.is_some() || desk.log.with_untracked(|log| !log.is_empty()) {
            field.with_value(|field| field.set_value(&text));
        }
    });
    browser::on(input, "input", move |event| {
        // While pinyin is being written there is nothing to look for yet.
        if !event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
            field.with_value(|field| offers.follow(&field.value()));
        }
    });
    browser::on(input, "compositionend", move |_| field.with_value(|field| offers.follow(&field.value())));
    browser::on(input, "blur", move |_| offers.close());
    browser::on(input, "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().filter(|key| !key.is_composing()) else { return };
        let open = offers.list.with_untracked(|list| !list.is_empty());
        match key.key().as_str() {
            "ArrowDown" | "ArrowUp" if open => offers.step(key.key() == "ArrowDown"),
            "Enter" if offers.active.get_untracked().is_some() => {
                offers.take(offers.active.get_untracked().unwrap_or_default());
            }
            "Escape" if open => offers.close(),
            _ => return,
        }
        event.prevent_default();
    });
    browser::on(form, "submit", move |event| {
        event.prevent_default();
        let text = field.with_value(HtmlInputElement::value);
        if !text.trim().is_empty() {
            offers.close();
            desk.ask(&text);
        }
    });
    window_event_listener(ev::popstate, move |_| desk.follow_address());
}

#[component]
fn List(offers: Offers) -> impl IntoView {
    let item = move |(at, text): (usize, String)| {
        let active = move || offers.active.get() == Some(at);
        view! {
            <li
                id=format!("ask-offer-{at}")
                role="option"
                aria-selected=move || if active() { "true" } else { "false" }
                class:active=active
                // The field would lose the focus, and the list go away before the click.
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| offers.take(at)
            >
                {text}
            </li>
        }
    };
    view! {
        <ul id="ask-offers" role="listbox" aria-label="审核过的问答" hidden=move || offers.list.with(Vec::is_empty)>
            {move || offers.list.get().into_iter().enumerate().map(item).collect_view()}
        </ul>
    }
}
