//! Parts of texts for the first lines: fetched once the lines stand, never at the price of the answer.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yima_search::index::Doc;
use yima_search::shelf::{Record, RowIx};

use super::answered::Phase;
use super::desk::Desk;
use crate::browser;

/// Lines that get a part of their text.
const MOST: usize = 5;

/// Files of texts that are fetched for them, at most: an excerpt is a comfort, and a file some fifty kilobytes.
const FILES: usize = 2;

/// Characters of a part.
const WIDTH: usize = 80;

/// Fetches the texts of the first policies shown, and cuts what answers out of them.
pub(super) fn follow_the_rows(desk: Desk) {
    Effect::new(move |_| {
        desk.asked.track();
        desk.snippets.set(BTreeMap::new());
    });
    Effect::new(move |_| {
        desk.asked.track();
        let settled = desk.progress.with(|progress| !matches!(progress.phase, Phase::Looking | Phase::Ordering));
        let rows = desk.rows.with(|rows| rows.iter().copied().take(MOST).collect::<Vec<RowIx>>());
        if settled && !rows.is_empty() {
            fetch(desk, rows);
        }
    });
}

fn fetch(desk: Desk, rows: Vec<RowIx>) {
    let asked = desk.asked.get_untracked();
    if asked.is_empty() {
        return;
    }
    let library = desk.library.get_value();
    let edition = library.edition();
    let frugal = browser::saves_data();
    spawn_local(async move {
        let mut fetched = 0;
        for row in rows {
            let known = desk.snippets.with_untracked(|snippets| snippets.contains_key(&row));
            if known || !desk.with_shelf(|shelf| matches!(shelf.record(row), Some(Record::Policy(_)))) {
                continue;
            }
            let Ok(doc) = Doc::try_from(row) else { continue };
            let Some(file) = library.with_session(|session| session.text_file(doc)) else { continue };
            if !library.with_session(|session| session.has(file)) {
                // A text that cannot be had costs the line its excerpt and nothing else.
                if frugal
                    || fetched == FILES
                    || library.unasked() == 0
                    || library.bring_files(vec![file]).await.is_err()
                {
                    continue;
                }
                fetched += 1;
            }
            if library.edition() != edition || desk.asked.with_untracked(|now| *now != asked) {
                return;
            }
            let snippet = library.with_session(|session| session.snippet(&asked, doc, WIDTH));
            if let Some(snippet) = snippet {
                desk.snippets.update(|snippets| {
                    snippets.insert(row, snippet);
                });
            }
        }
    });
}
