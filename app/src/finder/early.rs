//! The first lines of a search that a page was opened with: shown with the titles, before the facts of all records are
//! here, which cost as much as everything these lines need. Faces know whether a record can be relied on.

use std::sync::Arc;

use leptos::prelude::*;
use yima_search::engine::Score;
use yima_search::shelf::RowIx;
use yima_search::{Asked, Query, Sort, Standing};

use super::desk::{Desk, FIRST_LINES, PAINT};
use crate::browser;
use crate::library::{Facts, Library};
use crate::load::LoadError;

/// How often more faces are fetched for those that turned out to be of the past.
const ROUNDS: usize = 2;

/// When a search needs the facts: at once, unless it is a text and nothing else.
pub(crate) fn facts(query: &Query) -> Facts {
    let text_alone = !query.text().is_empty()
        && query.choices() == 0
        && query.sort() == Sort::Relevance
        && *query.standing() == Standing::Live
        && !query.hides_routine();
    if text_alone { Facts::Later } else { Facts::First }
}

/// Files of faces that first lines may cost, each time.
const FILES: usize = 2;

impl Desk {
    /// Shows the best of these records that can be relied on today, if the question is one that needs no facts.
    pub(super) async fn show_early(
        self,
        library: &Library,
        asked: &Asked,
        scores: &[Score],
        is_current: impl Fn() -> bool,
    ) -> Result<(), LoadError> {
        if self.state.with_untracked(|state| facts(&state.query)) == Facts::First {
            return Ok(());
        }
        let today = self.today.get_untracked();
        let mut lines: Vec<RowIx> = Vec::new();
        for some in scores.chunks(FIRST_LINES).take(ROUNDS) {
            let rows: Vec<RowIx> = some.iter().map(|score| score.doc as RowIx).collect();
            // Their order is not final yet: those whose faces lie together will do.
            let rows = library.cheap(rows, FILES);
            library.bring_faces(&rows).await?;
            if !is_current() {
                return Ok(());
            }
            library.with_shelf(|shelf| {
                lines.extend(rows.iter().filter(|row| shelf.face(**row).is_some_and(|face| face.span().holds(today))));
            });
            if !lines.is_empty() {
                break;
            }
        }
        if !lines.is_empty() && !self.facts.get_untracked() {
            self.asked.set(Arc::new(asked.clone()));
            self.stands_for.set_value(self.question());
            self.rows.set(lines);
            // Nothing is to compete with the first lines, neither for the network nor for the processor.
            browser::rest(PAINT).await;
        }
        Ok(())
    }

    /// Sees to it that the facts are here.
    pub(super) async fn bring_facts(self, library: &Library) -> Result<(), LoadError> {
        if !self.facts.get_untracked() {
            library.bring_facts().await?;
            self.faces.update(|count| *count += 1);
            self.facts.set(true);
        }
        Ok(())
    }
}
