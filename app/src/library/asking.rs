//! What is asked of everything that is here, in slices: between any two the browser takes the keys that came.

use yima_model::Date;
use yima_search::engine::Score;
use yima_search::index::Single;
use yima_search::session::{Answer, File, Session, Stage};
use yima_search::vocabulary::Correction;
use yima_search::{Asked, Found, Query};

use super::Library;
use crate::browser;
use crate::load::{LoadError, Want};

/// Postings taken apart, or weighed, at a time: a few milliseconds on a slow phone.
const POSTINGS: usize = 12_000;

/// Records sifted at a time.
const ROWS: usize = 1_500;

impl Library {
    /// Makes what was typed ready.
    pub(crate) fn ask(&self, typed: &str) -> Asked {
        self.with_session(|session| session.ask(typed))
    }

    /// The files that would make the answer better, as far as they are not here.
    pub(crate) fn wanted(&self, asked: &Asked, stage: Stage) -> Result<Vec<File>, LoadError> {
        self.0.session.borrow_mut().wanted(asked, stage).map_err(LoadError::Bytes)
    }

    /// Makes shards ready, a little at a time.
    pub(crate) async fn prepare(&self, asked: &Asked) -> Result<(), LoadError> {
        loop {
            let done = self.0.session.borrow_mut().prepare_some(asked, POSTINGS).map_err(LoadError::Bytes)?;
            if done {
                return Ok(());
            }
            browser::breathe().await;
        }
    }

    /// The answer with what is here, made a little at a time; nothing when nobody waits for it any more.
    pub(crate) async fn answer(
        &self,
        asked: &Asked,
        is_current: &dyn Fn() -> bool,
    ) -> Result<Option<Answer>, LoadError> {
        self.prepare(asked).await?;
        let edition = self.edition();
        let mut answering = self.with_session(Session::begin);
        loop {
            let answer = self.0.session.borrow_mut().answer_some(asked, &mut answering, POSTINGS);
            if answer.is_some() {
                return Ok(answer);
            }
            browser::breathe().await;
            if self.edition() != edition {
                return Err(LoadError::Renewed);
            }
            if !is_current() {
                return Ok(None);
            }
        }
    }

    /// What a query finds within these records, or among all, a little at a time; nothing when nobody waits for it any more.
    pub(crate) async fn sift(
        &self,
        query: &Query,
        matched: Option<&[Score]>,
        today: Date,
        is_current: &dyn Fn() -> bool,
    ) -> Option<Found> {
        let mut sifting = self.with_shelf(|shelf| shelf.sift(query, matched, today));
        while self.with_shelf(|shelf| sifting.step(shelf, ROWS)) {
            browser::breathe().await;
            if !is_current() {
                return None;
            }
        }
        Some(sifting.finish())
    }

    /// The records that have something of what was typed, best first, with what is here.
    pub(crate) fn rank(&self, asked: &Asked) -> Result<Vec<Score>, LoadError> {
        self.0.session.borrow_mut().rank(asked).map_err(LoadError::Bytes)
    }

    /// What was typed, read otherwise, where no record holds all of it: pinyin, sounds, slips; the likeliest first.
    pub(crate) async fn corrections(
        &self,
        typed: &str,
        asked: &Asked,
        answer: &Answer,
    ) -> Result<Vec<Correction>, LoadError> {
        if self.with_session(|session| session.wants_vocabulary(asked, answer)) {
            self.bring([Want::Single(Single::Vocabulary)]).await?;
        }
        browser::breathe().await;
        Ok(self.with_session(|session| session.corrections(typed, asked, answer)))
    }
}
