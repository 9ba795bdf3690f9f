//! What the preview adds to a site: pages that follow every change, and mistakes shown where they are looked for.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;

use super::shelf::Shelf;

/// The script of every preview page.
pub(super) const SCRIPT: &str = include_str!("live.js");

/// What is served now.
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
    /// Counts the sites that could be served; 0 before the first.
    pub(super) version: u64,
    /// The last good site.
    pub(super) shelf: Option<Shelf>,
    /// What is wrong with the content as it stands.
    pub(super) mistakes: Option<Arc<str>>,
}

impl Now {
    /// What pages compare: differs from every other site of this and of other runs.
    pub(super) fn version(&self) -> String {
        format!("{}-{}", std::process::id(), self.version)
    }

    /// The address of the script that a page of this version carries.
    pub(super) fn script(&self) -> String {
        format!("/_yima/live.js?v={}", self.version())
    }

    /// The page shown while there is no good site at all.
    pub(super) fn mistakes_page(&self) -> String {
        let text = self.mistakes.as_deref().unwrap_or("……");
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>内容有错误</title>\
             <script src=\"{}\" defer></script></head><body><h1>内容有错误</h1><pre>{text}</pre></body></html>",
            self.script()
        )
    }
}

/// Tells a page what is served now, and again at every change.
pub(super) fn events(mut now: watch::Receiver<Now>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    now.mark_changed();
    let events = stream::unfold(now, async |mut now| {
        now.changed().await.ok()?;
        let data = {
            let now = now.borrow_and_update();
            json!({ "version": now.version(), "mistakes": now.mistakes.as_deref() }).to_string()
        };
        Some((Ok(Event::default().data(data)), now))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
