//! The state as signals, and the one place where a change passes: state, results, address.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlInputElement;
use yima_model::Date;
use yima_search::{Found, Query, Shelf};

use super::state::{Change, State};
use crate::browser::{self, Trace};
use crate::favourites::Kept;

/// Everything the views of the finder share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) shelf: StoredValue<Arc<Shelf>>,
    pub(super) state: RwSignal<State>,
    pub(super) today: RwSignal<Date>,
    pub(super) found: Memo<Found>,
    /// What would be found without any choice: values that no record has are not worth a line.
    pub(super) all: StoredValue<Found>,
    pub(super) kept: Kept,
    /// Whether there is room for filters beside the results.
    pub(super) roomy: RwSignal<bool>,
}

impl Desk {
    pub(super) fn new(shelf: Shelf, input: &HtmlInputElement) -> Self {
        let shelf = Arc::new(shelf);
        let today = RwSignal::new(browser::today());
        let mut start = State::of_address(&browser::query_string(), browser::remembered());
        // Typed before the app was there: that is what the person wants.
        let typed = input.value();
        if !typed.is_empty() && (browser::has_focus(input) || start.query.text().is_empty()) {
            start.query.set_text(&typed);
        }
        let state = RwSignal::new(start);
        let query = Memo::new(move |_| state.with(|state| state.query.clone()));
        let found = {
            let shelf = Arc::clone(&shelf);
            Memo::new(move |_| query.with(|query| shelf.run(query, today.get())))
        };
        let mut everything = Query::default();
        everything.set_live_only(false);
        let all = StoredValue::new(shelf.run(&everything, today.get_untracked()));
        let roomy = RwSignal::new(browser::is_roomy());
        let desk = Self { shelf: StoredValue::new(shelf), state, today, found, all, kept: Kept::load(), roomy };
        desk.follow_the_day();
        desk.follow_the_room();
        desk.remember(Trace::Replace);
        desk
    }

    /// Makes a change and writes it to the address.
    pub(super) fn change(self, change: Change) {
        let trace = self.state.try_maybe_update(|state| {
            let trace = state.apply(change);
            (trace.is_some(), trace)
        });
        if let Some(Some(trace)) = trace {
            self.remember(trace);
        }
    }

    /// Takes the state of the address, after a step back or forth.
    pub(super) fn follow_address(self) {
        self.state.set(State::of_address(&browser::query_string(), browser::remembered()));
    }

    fn remember(self, trace: Trace) {
        self.state.with_untracked(|state| {
            #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
            browser::remember(trace, &state.query.to_query_string(), state.shown as f64);
        });
    }

    /// Room changes with the window, and with 长者版, which a click turns on and off.
    fn follow_the_room(self) {
        for event in ["resize", "click"] {
            window_event_listener_untyped(event, move |_| {
                let roomy = browser::is_roomy();
                if self.roomy.get_untracked() != roomy {
                    self.roomy.set(roomy);
                }
            });
        }
    }

    /// A page left open over midnight shows the new day when one comes back to it.
    fn follow_the_day(self) {
        window_event_listener_untyped("focus", move |_| {
            let today = browser::today();
            if self.today.get_untracked() != today {
                self.today.set(today);
            }
        });
    }
}

/// The desk of the finder one stands in.
pub(super) fn desk() -> Desk {
    expect_context()
}
