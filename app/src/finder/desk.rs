//! The state as signals, and the one place where a change passes: state, results, address.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yima_model::Date;
use yima_search::index::texts::Snippet;
use yima_search::shelf::RowIx;
use yima_search::{Asked, Found, Query, Shelf};

use super::answered::{Matched, Phase, Progress};
use super::excerpts;
use super::state::{Change, State};
use crate::browser::{self, Trace};
use crate::favourites::Kept;
use crate::library::Library;
use crate::load::LoadError;

/// So many lines are shown as soon as they are here; the others follow.
pub(super) const FIRST_LINES: usize = 5;

/// Pixels below the screen that count as near.
const NEARLY: f64 = 400.0;

/// Milliseconds until the first lines are painted, and until tallies follow.
pub(super) const PAINT: i32 = 30;
const TALLY: i32 = 150;

/// Everything the views of the finder share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) library: StoredValue<Library, LocalStorage>,
    pub(super) state: RwSignal<State>,
    pub(super) today: RwSignal<Date>,
    /// Changes when the site was built anew: numbers of records mean something else then.
    pub(super) edition: RwSignal<u32>,
    /// Whether the facts of all records are here.
    pub(super) facts: RwSignal<bool>,
    /// The number of the latest question.
    pub(super) ticket: StoredValue<u32>,
    /// The number of the latest list.
    lines: StoredValue<u32>,
    /// The question, and what was chosen, of which the lines stand there.
    pub(super) stands_for: StoredValue<(String, Query)>,
    /// Whether somebody has gone down the list: lines are worth requests then.
    pub(super) read_on: RwSignal<bool>,
    /// How many lines have a place on the screen, or nearly: faces of others are not worth a request yet.
    pub(super) depth: RwSignal<usize>,
    /// What was made of the text that `matched` answers.
    pub(super) asked: RwSignal<Arc<Asked>>,
    pub(super) matched: RwSignal<Matched>,
    pub(super) progress: RwSignal<Progress>,
    /// What filters and order leave of it; nothing until the facts are here.
    pub(super) found: RwSignal<Found>,
    /// Whether anything was sifted since the facts are here.
    pub(super) sifted: RwSignal<bool>,
    /// The number of the latest sifting.
    pub(super) sifting: StoredValue<u32>,
    /// What was chosen: the query without its text.
    pub(super) filters: Memo<Query>,
    /// The same a moment later, for the tallies of the filters: they must not hold typing up.
    pub(super) tallied: RwSignal<Found>,
    /// What is marked in a line.
    pub(super) needles: Memo<Vec<String>>,
    /// What would be found without any choice: values that no record has are not worth a line.
    pub(super) all: RwSignal<Found>,
    /// How many facets may be shown: boxes are built one at a time.
    pub(super) boxes: RwSignal<usize>,
    /// The lines that stand on the page.
    pub(super) rows: RwSignal<Vec<RowIx>>,
    /// Changes when faces have come.
    pub(super) faces: RwSignal<u32>,
    /// Why lines could not be fetched.
    pub(super) trouble: RwSignal<Option<LoadError>>,
    /// Parts of texts for the first lines.
    pub(super) snippets: RwSignal<BTreeMap<RowIx, Snippet>>,
    pub(super) kept: Kept,
    /// Whether one is in the text field, or in the list below it.
    pub(super) at_field: RwSignal<bool>,
    field: StoredValue<HtmlInputElement, LocalStorage>,
    /// Whether there is room for filters beside the results.
    pub(super) roomy: RwSignal<bool>,
}

impl Desk {
    pub(super) fn new(library: Library, input: &HtmlInputElement) -> Self {
        let today = RwSignal::new(browser::today());
        let mut start = State::of_address(&browser::query_string(), browser::remembered());
        // Typed before the app was there: that is what the person wants.
        let typed = input.value();
        if !typed.is_empty() && (browser::has_focus(input) || start.query.text().is_empty()) {
            start.query.set_text(&typed);
        }
        let edition = RwSignal::new(library.edition());
        let facts = RwSignal::new(library.has_facts());
        let begins_with_text = !start.query.text().is_empty();
        let library = StoredValue::new_local(library);
        let state = RwSignal::new(start);
        let filters = Memo::new(move |_| {
            let mut query = state.with(|state| state.query.clone());
            query.set_text("");
            query
        });
        let text = Memo::new(move |_| state.with(|state| state.query.text().to_owned()));
        let matched = RwSignal::new(Matched::Pending);
        let asked: RwSignal<Arc<Asked>> = RwSignal::default();
        let desk = Self {
            library,
            state,
            today,
            edition,
            facts,
            ticket: StoredValue::new(0),
            lines: StoredValue::new(0),
            stands_for: StoredValue::default(),
            read_on: RwSignal::new(false),
            depth: RwSignal::new(FIRST_LINES),
            asked,
            matched,
            progress: RwSignal::new(Progress::looking()),
            found: RwSignal::default(),
            sifted: RwSignal::new(false),
            sifting: StoredValue::new(0),
            filters,
            tallied: RwSignal::default(),
            needles: Memo::new(move |_| {
                asked.with(|asked| asked.needles().into_iter().map(|(word, _)| word).collect())
            }),
            all: RwSignal::default(),
            boxes: RwSignal::new(0),
            rows: RwSignal::default(),
            faces: RwSignal::new(0),
            trouble: RwSignal::new(None),
            snippets: RwSignal::default(),
            kept: Kept::load(),
            at_field: RwSignal::new(browser::has_focus(input)),
            field: StoredValue::new_local(input.clone()),
            roomy: RwSignal::new(browser::is_roomy()),
        };
        Effect::new(move |_| text.with(|text| desk.seek(text, false)));
        // Who comes with a text sees results before this filter would be here; who does not is about to type.
        if !begins_with_text {
            library.with_value(Library::send_for_instant);
        }
        desk.follow_the_choices();
        desk.follow_the_facts();
        desk.follow_the_hits();
        desk.follow_the_tallies();
        excerpts::follow_the_rows(desk);
        desk.follow_the_day();
        desk.follow_the_room();
        desk.follow_the_screen();
        desk.remember(Trace::Replace);
        desk
    }

    /// Looks at the facts and faces that are here.
    pub(super) fn with_shelf<T>(self, look: impl FnOnce(&Shelf) -> T) -> T {
        self.library.with_value(|library| library.with_shelf(look))
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

    /// Shows a text in the field.
    pub(super) fn fill(self, text: &str) {
        self.field.with_value(|field| field.set_value(text));
    }

    /// Takes the state of the address, after a step back or forth.
    pub(super) fn follow_address(self) {
        self.state.set(State::of_address(&browser::query_string(), browser::remembered()));
    }

    /// Tries again what failed.
    pub(super) fn retry(self) {
        self.trouble.set(None);
        self.state.with_untracked(|state| self.seek(state.query.text(), false));
        self.found.with_untracked(|found| self.present(found.hits.clone()));
    }

    fn remember(self, trace: Trace) {
        self.state.with_untracked(|state| {
            #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
            browser::remember(trace, &state.query.to_query_string(), state.shown as f64);
        });
    }

    /// Whenever other records are on top, their lines are fetched and shown.
    fn follow_the_hits(self) {
        let shown = Memo::new(move |_| self.state.with(|state| state.shown));
        let ordering = Memo::new(move |_| self.progress.with(|progress| progress.phase == Phase::Ordering));
        let top = Memo::new(move |_| {
            // While the order is not final, only what is seen first is worth fetching.
            let depth = if ordering.get() { FIRST_LINES } else { shown.get().min(self.depth.get()) };
            self.found.with(|found| found.hits.iter().copied().take(depth).collect::<Vec<RowIx>>())
        });
        Effect::new(move |_| {
            if self.matched.with(|matched| *matched != Matched::Pending) && self.sifted.get() {
                let mut rows = top.get();
                if !self.read_on.get() {
                    // As many as the requests left allow, and at least the first.
                    let library = self.library.get_value();
                    let dear = |count: usize| {
                        let first = rows.iter().copied().take(count).collect::<Vec<RowIx>>();
                        library.missing_faces(&first) > library.unasked().max(1)
                    };
                    let count = (1..=rows.len()).find(|&count| dear(count)).map_or(rows.len(), |count| count - 1);
                    rows.truncate(count);
                }
                // What stands there answers the same: other lines, which cost requests, wait until the order is final.
                let same = self.stands_for.with_value(|known| *known == self.question());
                let dear = || self.library.with_value(|library| library.missing_faces(&rows) > 0);
                if !(ordering.get() && same && dear()) {
                    self.present(rows);
                }
            }
        });
    }

    /// The question, and what is chosen.
    pub(super) fn question(self) -> (String, Query) {
        (self.asked.with_untracked(|asked| asked.bare.clone()), self.filters.get_untracked())
    }

    /// Shows these lines as soon as the first of them can be shown; what stands there stays until then.
    fn present(self, rows: Vec<RowIx>) {
        let ticket = self.lines.get_value() + 1;
        self.lines.set_value(ticket);
        if !rows.is_empty() {
            self.stands_for.set_value(self.question());
        }
        let library = self.library.get_value();
        let first: Vec<RowIx> = rows.iter().copied().take(FIRST_LINES).collect();
        let all_here = |rows: &[RowIx]| self.with_shelf(|shelf| rows.iter().all(|&row| shelf.face(row).is_some()));
        let (first_here, here) = (all_here(&first), all_here(&rows));
        // What stands there already stays where it is; else a few lines are painted before the others.
        let (longer, same) = self.rows.with_untracked(|now| (rows.starts_with(now), now.starts_with(&first)));
        if first_here && longer && !rows.is_empty() {
            self.rows.set(rows.clone());
        } else if first_here && !(same && rows.len() > first.len()) {
            self.rows.set(first.clone());
        }
        if here {
            self.trouble.set(None);
            self.follow_up(ticket, rows);
            return;
        }
        spawn_local(async move {
            let current = move || self.lines.try_get_value() == Some(ticket);
            let mut outcome = Ok(());
            if !first_here {
                outcome = library.bring_faces(&first).await;
                if !current() {
                    return;
                }
                self.rows.set(rows.clone());
                self.faces.update(|count| *count += 1);
            }
            if first_here {
                self.follow_up(ticket, rows.clone());
            }
            if outcome.is_ok() {
                outcome = library.bring_faces(&rows).await;
            }
            if current() {
                self.faces.update(|count| *count += 1);
                if outcome == Err(LoadError::Renewed) {
                    let again = self.begin_again(&library).await;
                    self.trouble.set(again.err());
                    self.state.with_untracked(|state| self.seek(state.query.text(), false));
                } else {
                    self.trouble.set(outcome.err());
                }
            }
        });
    }

    /// Shows all lines once the first are painted.
    fn follow_up(self, ticket: u32, rows: Vec<RowIx>) {
        spawn_local(async move {
            browser::rest(PAINT).await;
            if self.lines.try_get_value() == Some(ticket) {
                self.rows.set(rows);
            }
        });
    }

    /// Tallies follow what was found a moment later; while there is a text, which may still be growing, they wait longer.
    fn follow_the_tallies(self) {
        let round = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let found = self.found.get();
            let now = round.get_value() + 1;
            round.set_value(now);
            let typed = self.matched.with_untracked(|matched| matches!(matched, Matched::Records(_)));
            spawn_local(async move {
                browser::rest(if typed { TALLY } else { PAINT }).await;
                if round.try_get_value() == Some(now) {
                    self.tallied.set(found);
                }
            });
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

    /// The list goes on where it ends on the screen, or where one comes near its end.
    fn follow_the_screen(self) {
        Effect::new(move |_| {
            self.rows.track();
            self.faces.track();
            self.progress.track();
            request_animation_frame(move || self.reach(0.0));
        });
        for event in ["scroll", "resize", "focusin"] {
            window_event_listener_untyped(event, move |_| self.reach(NEARLY));
        }
        // Another question begins on top.
        Effect::new(move |_| {
            self.asked.track();
            self.depth.set(FIRST_LINES);
            self.read_on.set(false);
        });
    }

    /// Lets the list grow where its end is less than so many pixels below the screen.
    fn reach(self, below: f64) {
        let (Some(rows), Some(depth)) = (self.rows.try_get_untracked(), self.depth.try_get_untracked()) else { return };
        let shown = self.state.with_untracked(|state| state.shown);
        // Nobody has gone down yet: the list waits until the order is right, and beyond so many requests for somebody to do so.
        let unsettled =
            || self.progress.with_untracked(|progress| matches!(progress.phase, Phase::Looking | Phase::Ordering));
        let dear = || {
            let next: Vec<RowIx> =
                self.found.with_untracked(|found| found.hits.iter().copied().skip(depth).take(FIRST_LINES).collect());
            self.library.with_value(|library| library.missing_faces(&next) > library.unasked())
        };
        if below == 0.0 && (unsettled() || dear()) {
            return;
        }
        if below > 0.0 && !self.read_on.get_untracked() {
            self.read_on.set(true);
        }
        if rows.len() >= depth && depth < shown && browser::ends_above(".finder .rows", below) {
            self.depth.set(depth + FIRST_LINES);
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
