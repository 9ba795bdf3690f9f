//! What filters and order leave of the records that a text admits, and how many each value would: in small steps, because
//! a city has thousands of records, and keys must not wait for them.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yima_model::catalogue::Facet;
use yima_search::{Asked, Found, Query};

use super::answered::{Matched, Progress};
use super::desk::Desk;
use crate::browser;

impl Desk {
    /// Shows what a text admits, as soon as it is sifted and as long as it is wanted.
    pub(super) async fn take(self, asked: &Asked, matched: Matched, progress: Progress, is_current: &dyn Fn() -> bool) {
        let Some(found) = self.sift(&matched, is_current).await else { return };
        if !is_current() {
            return;
        }
        if self.asked.with_untracked(|known| **known != *asked) {
            self.asked.set(Arc::new(asked.clone()));
        }
        if self.matched.with_untracked(|known| *known != matched) {
            self.matched.set(matched);
        }
        self.put(found);
        self.progress.set(progress);
    }

    /// Sifts anew when something is chosen, and with the day.
    pub(super) fn follow_the_choices(self) {
        Effect::new(move |_| {
            self.edition.track();
            self.today.track();
            self.filters.track();
            if self.facts.get() && self.matched.with_untracked(|matched| *matched != Matched::Pending) {
                self.sift_again();
            }
        });
    }

    /// Sifts again what the text admits.
    fn sift_again(self) {
        let sifting = self.sifting.get_value() + 1;
        self.sifting.set_value(sifting);
        let current = move || self.sifting.try_get_value() == Some(sifting);
        spawn_local(async move {
            let matched = self.matched.get_untracked();
            if let Some(found) = self.sift(&matched, &current).await
                && current()
            {
                self.put(found);
            }
        });
    }

    /// Shows what was sifted; whatever began before is late.
    fn put(self, found: Found) {
        self.sifting.update_value(|latest| *latest += 1);
        self.found.set(found);
        self.sifted.set(self.facts.get_untracked());
    }

    /// What is chosen of these records, and of what was chosen meanwhile; nothing when it is no longer wanted.
    async fn sift(self, matched: &Matched, is_current: &dyn Fn() -> bool) -> Option<Found> {
        let library = self.library.get_value();
        loop {
            if !self.facts.get_untracked() {
                return Some(Found::default());
            }
            let (filters, today) = (self.filters.get_untracked(), self.today.get_untracked());
            let scores = match matched {
                Matched::Pending => return Some(Found::default()),
                Matched::Everything => None,
                Matched::Records(scores) => Some(scores.as_slice()),
            };
            let found = library.sift(&filters, scores, today, is_current).await?;
            if self.filters.with_untracked(|now| *now == filters) && self.today.get_untracked() == today {
                return Some(found);
            }
        }
    }

    /// Once the facts are here, finds out which values are worth a line, and shows the filters one by one.
    pub(super) fn follow_the_facts(self) {
        Effect::new(move |_| {
            let edition = self.edition.get();
            self.boxes.set(0);
            if !self.facts.get() {
                return;
            }
            let today = self.today.get_untracked();
            let current = move || self.edition.try_get_untracked() == Some(edition);
            let library = self.library.get_value();
            spawn_local(async move {
                let mut everything = Query::default();
                everything.set_live_only(false);
                let Some(all) = library.sift(&everything, None, today, &current).await else { return };
                self.all.set(all);
                for boxes in 1..=Facet::ALL.len() {
                    browser::breathe().await;
                    if !current() {
                        return;
                    }
                    self.boxes.set(boxes);
                }
            });
        });
    }
}
