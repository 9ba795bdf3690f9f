//! What the finder knows: an ordinary struct. Views show it; the address keeps it.

use yima_model::catalogue::Facet;
use yima_search::{Query, Sort};

use crate::browser::Trace;

/// Results shown at first, and more at a time.
pub(crate) const STEP: usize = 20;

/// What a person asked for and how far down they have read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) query: Query,
    /// How many results are shown.
    pub(crate) shown: usize,
}

/// What a person can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The text is now this.
    Typed(String),
    /// 只看现行有效 on or off.
    LiveOnly(bool),
    /// 不看人事任免和会议通知 on or off.
    HidesRoutine(bool),
    /// A value chosen, or the choice taken back.
    Toggled(Facet, String),
    /// Another order.
    Sorted(Sort),
    /// Every choice taken back; the text stays.
    Cleared,
    /// More results.
    More,
}

impl State {
    /// The state of an address, with the number that its entry of the history carries.
    pub(crate) fn of_address(query_string: &str, remembered: Option<f64>) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let shown = remembered.map_or(STEP, |shown| (shown as usize).clamp(STEP, 2_000));
        Self { query: Query::from_query_string(query_string), shown }
    }

    /// Makes a change; how it shows in the history, or `None` when nothing changed.
    pub(crate) fn apply(&mut self, change: Change) -> Option<Trace> {
        let before = self.clone();
        let trace = match change {
            Change::Typed(text) => {
                self.query.set_text(&text);
                Trace::Replace
            }
            Change::LiveOnly(on) => {
                self.query.set_live_only(on);
                Trace::Push
            }
            Change::HidesRoutine(on) => {
                self.query.set_hides_routine(on);
                Trace::Push
            }
            Change::Toggled(facet, id) => {
                self.query.toggle(facet, &id);
                Trace::Push
            }
            Change::Sorted(sort) => {
                self.query.set_sort(sort);
                Trace::Push
            }
            Change::Cleared => {
                self.query.clear_choices();
                Trace::Push
            }
            Change::More => {
                self.shown += STEP;
                Trace::Replace
            }
        };
        if self.query != before.query {
            self.shown = STEP;
        }
        (*self != before).then_some(trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> State {
        State::of_address("?q=租房", None)
    }

    #[test]
    fn typing_replaces_and_choosing_adds_to_the_history() {
        let mut state = start();
        assert_eq!(state.apply(Change::Typed("租房补贴".into())), Some(Trace::Replace));
        assert_eq!(state.apply(Change::Typed("租房补贴".into())), None);
        assert_eq!(state.apply(Change::Toggled(Facet::Theme, "zhufang".into())), Some(Trace::Push));
        assert_eq!(state.apply(Change::LiveOnly(false)), Some(Trace::Push));
        assert_eq!(state.apply(Change::Sorted(Sort::Ending)), Some(Trace::Push));
        assert_eq!(state.apply(Change::Sorted(Sort::Ending)), None);
        assert_eq!(state.query.to_query_string().matches('&').count(), 3);
        assert_eq!(state.apply(Change::Cleared), Some(Trace::Push));
        assert_eq!(state.query.text(), "租房补贴");
        assert_eq!(state.query.choices(), 0);
    }

    #[test]
    fn another_question_starts_at_the_top() {
        let mut state = start();
        assert_eq!(state.apply(Change::More), Some(Trace::Replace));
        assert_eq!(state.shown, 2 * STEP);
        state.apply(Change::Toggled(Facet::Theme, "zhufang".into()));
        assert_eq!(state.shown, STEP);
    }

    #[test]
    fn going_back_restores_how_much_was_shown() {
        assert_eq!(State::of_address("", Some(60.0)).shown, 60);
        assert_eq!(State::of_address("", Some(-1.0)).shown, STEP);
        assert_eq!(State::of_address("", Some(f64::NAN)).shown, STEP);
        assert_eq!(State::of_address("", Some(1e18)).shown, 2_000);
        assert_eq!(start().query.text(), "租房");
    }
}
