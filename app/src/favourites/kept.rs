//! The list as a signal, written to the device at every change.

use leptos::ev;
use leptos::prelude::*;

use super::list::{KEY, List};
use crate::browser;

/// What a person keeps on this device.
#[derive(Clone, Copy)]
pub(crate) struct Kept(RwSignal<List>);

impl Kept {
    /// Reads the list, and follows what other tabs and the page script make of it.
    pub(crate) fn load() -> Self {
        let kept = Self(RwSignal::new(read()));
        window_event_listener(ev::storage, move |event| {
            if event.key().is_none_or(|key| key == KEY) {
                kept.0.set(read());
            }
        });
        // A page taken back from the browser's memory has missed what happened meanwhile.
        window_event_listener_untyped("pageshow", move |_| kept.0.set(read()));
        kept
    }

    /// The list as it is now; views follow it.
    pub(crate) fn with<T>(self, look: impl FnOnce(&List) -> T) -> T {
        self.0.with(look)
    }

    /// Changes the list; whether the device could keep it.
    pub(crate) fn change<T>(self, act: impl FnOnce(&mut List) -> T) -> (T, bool) {
        // What other tabs have added meanwhile stays.
        let mut list = read();
        let outcome = act(&mut list);
        let stored = browser::store(KEY, &list.to_json());
        self.0.set(list);
        (outcome, stored)
    }
}

/// The list on the device; empty when there is none.
fn read() -> List {
    browser::stored(KEY).map(|json| List::parse_stored(&json)).unwrap_or_default()
}

/// 收藏 or 已收藏, for one policy.
#[component]
pub(crate) fn Keep(kept: Kept, id: String, title: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let on = Memo::new(move |_| kept.with(|list| id.with_value(|id| list.contains(id))));
    let toggle = move |_| {
        kept.change(|list| {
            id.with_value(|id| {
                if !list.add(id) {
                    list.remove(id);
                }
            });
        });
    };
    let mut label = title;
    label.insert_str(0, "收藏 ");
    view! {
        <button
            type="button"
            class="favourite"
            aria-pressed=move || if on.get() { "true" } else { "false" }
            aria-label=label
            on:click=toggle
        >
            {move || if on.get() { "已收藏" } else { "收藏" }}
        </button>
    }
}
