//! From what was typed to what is shown: fetches stage by stage, answers with what is here, gives way to newer typing.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yima_search::Asked;
use yima_search::index::{Doc, Family, Head};
use yima_search::session::{Answer, AnswerKind, File, Stage};
use yima_search::vocabulary::Correction;

use super::answered::{Matched, Phase, Progress};
use super::desk::Desk;
use crate::browser;
use crate::library::{Library, TELLING};
use crate::load::LoadError;
use crate::load::Want;

/// Texts up to so many bytes on the wire are fetched for certainty without asking.
const UNASKED: usize = 1_000_000;

/// Requests left for faces that come up when the order is final, and for the vocabulary.
const LEFT: usize = 2;

/// Files of bodies that are fetched however many requests there were before.
const LEAST_BODIES: usize = 1;

/// How long typing has to rest before files are fetched that only make an answer better, or certain.
const REST: i32 = 120;
const LONG_REST: i32 = 250;

impl Desk {
    /// Looks for what was typed; `agreed` when the person wants certainty whatever it costs.
    pub(super) fn seek(self, text: &str, agreed: bool) {
        let ticket = self.ticket.get_value() + 1;
        self.ticket.set_value(ticket);
        let library = self.library.get_value();
        library.forget_queued();
        // The first question began with the page.
        if ticket > 1 {
            library.begin();
        }
        let asked = library.ask(text);
        let typed = text.to_owned();
        if asked.is_empty() {
            let current = move || self.ticket.try_get_value() == Some(ticket);
            spawn_local(async move {
                // What was typed, or taken back, shows before anything is computed.
                browser::breathe().await;
                match self.bring_facts(&library).await {
                    Ok(()) => self.take(&asked, Matched::Everything, Progress::everything(), &current).await,
                    Err(error) if current() => self.trouble.set(Some(error)),
                    Err(_) => {}
                }
            });
            return;
        }
        spawn_local(async move {
            let mut quest = Quest { desk: self, library, ticket, agreed, read_as: None };
            // What was typed shows before anything is computed.
            browser::breathe().await;
            if !quest.is_current() {
                return;
            }
            let mut outcome = quest.run(&asked).await;
            if outcome.is_ok() && quest.is_current() {
                outcome = quest.read_otherwise(&typed, &asked).await;
            }
            if outcome == Err(LoadError::Renewed) && quest.is_current() {
                outcome = match self.begin_again(&quest.library).await {
                    Ok(()) => quest.run(&quest.library.ask(&asked.bare)).await,
                    failed => failed,
                };
            }
            if let Err(error) = outcome
                && quest.is_current()
            {
                self.progress.update(|progress| progress.phase = Phase::Failed(error));
            }
        });
    }

    /// Takes over what another build of the site calls by other numbers.
    pub(super) async fn begin_again(self, library: &Library) -> Result<(), LoadError> {
        library.bring_facts().await?;
        self.matched.set(Matched::Pending);
        self.sifted.set(false);
        self.stands_for.set_value(Default::default());
        self.edition.set(library.edition());
        Ok(())
    }
}

/// One question on its way.
struct Quest {
    desk: Desk,
    library: Library,
    ticket: u32,
    agreed: bool,
    /// What is looked for in place of what was typed.
    read_as: Option<Correction>,
}

impl Quest {
    /// Whether nothing was typed since.
    fn is_current(&self) -> bool {
        self.desk.ticket.try_get_value() == Some(self.ticket)
    }

    /// Fetches files and makes them ready.
    async fn bring(&self, asked: &Asked, files: Vec<File>) -> Result<(), LoadError> {
        self.library.bring_files(files).await?;
        if self.is_current() { self.library.prepare(asked).await } else { Ok(()) }
    }

    async fn run(&self, asked: &Asked) -> Result<(), LoadError> {
        self.library.prepare(asked).await?;
        if !self.is_current() {
            return Ok(());
        }
        let mut first = self.library.wanted(asked, Stage::First)?;
        // The most telling ones are enough for something to show.
        let others = first.split_off(first.len().min(TELLING));
        if !first.is_empty() {
            self.desk.progress.update(|progress| progress.phase = Phase::Looking);
            self.bring(asked, first).await?;
            if !self.is_current() {
                return Ok(());
            }
        }
        if !self.desk.facts.get_untracked() {
            let Some(answer) = self.library.answer(asked, &|| self.is_current()).await? else { return Ok(()) };
            // What nothing answers may be read otherwise, which costs less than the facts.
            if answer.scores.is_empty() && self.read_as.is_none() {
                let kind = Some(AnswerKind::Near);
                self.desk.progress.set(Progress { kind, unknown: answer.unknown, ..Progress::looking() });
                return Ok(());
            }
            self.desk.show_early(&self.library, asked, &answer.scores, || self.is_current()).await?;
            if !self.is_current() {
                return Ok(());
            }
            self.library.send_for(others.iter().copied().map(Want::File));
            self.desk.bring_facts(&self.library).await?;
            if !self.is_current() {
                return Ok(());
            }
        }
        if !others.is_empty() {
            self.show(asked, Phase::Ordering).await?;
            // The lines to be shown go before.
            browser::rest(REST).await;
            if !self.is_current() {
                return Ok(());
            }
            self.bring(asked, others).await?;
            if !self.is_current() {
                return Ok(());
            }
        }
        let mut better = self.library.wanted(asked, Stage::Better)?;
        // The most telling ones come first.
        better.truncate(self.library.unasked().saturating_sub(LEFT).max(LEAST_BODIES));
        if !better.is_empty() {
            self.show(asked, Phase::Ordering).await?;
            browser::rest(REST).await;
            if !self.is_current() {
                return Ok(());
            }
            self.bring(asked, better).await?;
            if !self.is_current() {
                return Ok(());
            }
        }
        self.make_certain(asked).await
    }

    /// Where no record holds what was typed: looks for what it may have meant.
    async fn read_otherwise(&mut self, typed: &str, asked: &Asked) -> Result<(), LoadError> {
        let (kind, unknown) = self.desk.progress.with_untracked(|progress| (progress.kind, progress.unknown.clone()));
        if kind != Some(AnswerKind::Near) {
            return Ok(());
        }
        let answer = Answer { scores: Vec::new(), kind: AnswerKind::Near, unknown };
        let corrections = self.library.corrections(typed, asked, &answer).await?;
        if !self.is_current() {
            return Ok(());
        }
        let Some(correction) = corrections.into_iter().next() else {
            if self.desk.facts.get_untracked() {
                return Ok(());
            }
            self.desk.bring_facts(&self.library).await?;
            return self.show(asked, Phase::Done).await;
        };
        let asked = self.library.ask(&correction.text);
        self.read_as = Some(correction);
        self.run(&asked).await
    }

    /// Reads what tells for certain which records hold what was typed, where it is cheap or wanted.
    async fn make_certain(&self, asked: &Asked) -> Result<(), LoadError> {
        let frugal = browser::saves_data() && !self.agreed;
        let mut shown = false;
        loop {
            let files = self.library.wanted(asked, Stage::Exact)?;
            if files.is_empty() {
                return self.show(asked, Phase::Done).await;
            }
            let cost = self.library.with_session(|session| bytes_of(session.head(), &files));
            let many = files.len() + LEFT > self.library.unasked();
            let dear = frugal || (cost > UNASKED || many) && !self.agreed;
            // What is on the device costs nothing.
            if dear && !browser::is_offline() {
                return self.show(asked, Phase::Offered(cost)).await;
            }
            if !shown {
                shown = true;
                self.show(asked, Phase::Checking).await?;
                browser::rest(LONG_REST).await;
                if !self.is_current() {
                    return Ok(());
                }
            }
            self.bring(asked, files).await?;
            if !self.is_current() {
                return Ok(());
            }
        }
    }

    /// Shows the best answer there is now.
    async fn show(&self, asked: &Asked, phase: Phase) -> Result<(), LoadError> {
        let Some(answer) = self.library.answer(asked, &|| self.is_current()).await? else { return Ok(()) };
        // What is typed meanwhile goes before filtering and drawing.
        browser::breathe().await;
        if !self.is_current() {
            return Ok(());
        }
        let progress =
            Progress { phase, kind: Some(answer.kind), unknown: answer.unknown, read_as: self.read_as.clone() };
        let matched = Matched::Records(Arc::new(answer.scores));
        self.desk.take(asked, matched, progress, &|| self.is_current()).await;
        Ok(())
    }
}

/// About how many bytes these files cost on the wire. Texts say how long they are; shards are small.
fn bytes_of(head: &Head, files: &[File]) -> usize {
    const SHARD: usize = 12_000;
    let layout = head.files.layout(Family::Texts);
    let characters = |file: usize| -> f32 { layout.range(file, head.docs).map(|doc: Doc| head.body_length(doc)).sum() };
    files
        .iter()
        .map(|file| match file.family {
            // A character is three bytes, of which compression leaves one to one and a half.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
            Family::Texts => (characters(file.file) * 1.3) as usize,
            _ => SHARD,
        })
        .sum()
}
