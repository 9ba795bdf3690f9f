//! A search as those who show it use it: what to fetch next, and the best answer with what is here.
//!
//! ```text
//! ask ──→ wanted(First) → supply … → answer      titles: something to show
//!         wanted(Better) → supply … → answer     bodies too: the order is right
//!         wanted(Exact) → supply … → answer      for certain, which records hold what was typed
//! ```
//!
//! A session fetches nothing itself, and any answer is the best one that what was supplied allows.

use std::collections::BTreeMap;

use crate::asked::{Asked, Phrase};
pub use crate::engine::File;
use crate::engine::{Engine, Score, Scoring, best_first};
use crate::index::texts::{Snippet, Texts, snippet};
use crate::index::{Doc, Family, Head, Single};
use crate::vocabulary::{Correction, Reading, Vocabulary};
use crate::wire::DecodeError;

/// A record that answers with less than this part of the best score is not near.
const NEAR: f32 = 0.35;

/// Most records to show where none holds all that was typed.
const MOST_NEAR: usize = 200;

/// With so few records left, reading their texts is cheaper than another shard.
const FEW: usize = 40;

/// How many more shards are asked for at a time when a whole string is looked for.
const AT_A_TIME: usize = 6;

/// Bytes of text that are read for certainty in the time of a posting.
const LETTERS: usize = 4;

/// How far an answer is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Titles: enough for something to show.
    First,
    /// Bodies too: the order is right.
    Better,
    /// For certain, which records hold what was typed.
    Exact,
}

/// Which records an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// Exactly the records that hold all that was typed.
    Exact,
    /// These records, and perhaps not all of them: files are missing to tell for certain.
    Unverified,
    /// No record holds all that was typed; these come nearest.
    Near,
}

/// Records, best first, and what they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The records.
    pub scores: Vec<Score>,
    /// What they have in common.
    pub kind: AnswerKind,
    /// Stretches of what was typed that no record has.
    pub unknown: Vec<String>,
}

/// An answer on its way.
#[derive(Clone, Debug)]
pub struct Answering {
    scoring: Scoring,
    scored: bool,
    /// Which records may hold what was typed, and whether that is certain.
    candidates: Option<(Vec<Doc>, bool)>,
}

/// The head, and whatever was supplied.
#[derive(Clone, Debug)]
pub struct Session {
    engine: Engine,
    texts: BTreeMap<usize, Texts>,
    vocabulary: Option<Vocabulary>,
    /// What the texts said about the strings asked for last.
    read: (Vec<Phrase>, BTreeMap<Doc, bool>),
}

impl Session {
    /// A search with nothing here but its head.
    #[must_use]
    pub fn new(head: Head) -> Self {
        Self { engine: Engine::new(head), texts: BTreeMap::new(), vocabulary: None, read: Default::default() }
    }

    /// The head.
    #[must_use]
    pub const fn head(&self) -> &Head {
        self.engine.head()
    }

    /// Reads what was typed.
    #[must_use]
    pub fn ask(&self, typed: &str) -> Asked {
        Asked::new(typed, &self.head().words)
    }

    /// Path of a file on the site, without a leading slash.
    #[must_use]
    pub fn path(&self, file: File) -> Option<String> {
        self.head().files.path(file.family, file.file)
    }

    /// Takes the bytes of a file of titles, bodies or texts.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong; the session stays as it was.
    pub fn supply(&mut self, file: File, bytes: &[u8]) -> Result<(), DecodeError> {
        match file.family {
            Family::Titles | Family::Bodies => self.engine.supply(file, bytes),
            Family::Texts => {
                self.texts.insert(file.file, Texts::decode(bytes)?);
                Ok(())
            }
            Family::Faces => Err(DecodeError::Foreign),
        }
    }

    /// Does a part of the work before an answer, so many postings at most; whether that was all of it. Whoever answers while
    /// somebody types calls this first, and lets the browser breathe in between.
    ///
    /// # Errors
    /// [`DecodeError`] when a shard cannot be read.
    pub fn prepare_some(&mut self, asked: &Asked, postings: usize) -> Result<bool, DecodeError> {
        self.engine.prepare_some(asked, postings)
    }

    /// The files that would make the answer better, as far as a stage goes; none when it is as good as it gets.
    ///
    /// [`Stage::Exact`] may want more when what it wanted was supplied.
    ///
    /// # Errors
    /// [`DecodeError`] when a shard cannot be read.
    pub fn wanted(&mut self, asked: &Asked, stage: Stage) -> Result<Vec<File>, DecodeError> {
        self.engine.prepare(asked)?;
        Ok(match stage {
            Stage::First => self.engine.wanted(asked, Family::Titles),
            Stage::Better => self.engine.wanted(asked, Family::Bodies),
            Stage::Exact => match self.engine.candidates(asked) {
                Some((docs, complete)) if complete || docs.len() <= FEW => self.unread(asked, &docs),
                _ => {
                    let mut files = self.engine.wanted_for_strings(asked);
                    files.truncate(AT_A_TIME);
                    files
                }
            },
        })
    }

    /// The records that have something of what was typed, best first, whether or not they hold all of it: for what
    /// is asked in whole sentences.
    ///
    /// # Errors
    /// [`DecodeError`] when a shard cannot be read.
    pub fn rank(&mut self, asked: &Asked) -> Result<Vec<Score>, DecodeError> {
        self.engine.prepare(asked)?;
        Ok(self.engine.rank(asked))
    }

    /// The best answer with what is here.
    ///
    /// # Errors
    /// [`DecodeError`] when a shard cannot be read.
    pub fn answer(&mut self, asked: &Asked) -> Result<Answer, DecodeError> {
        self.engine.prepare(asked)?;
        let mut answering = self.begin();
        loop {
            if let Some(answer) = self.answer_some(asked, &mut answering, usize::MAX) {
                return Ok(answer);
            }
        }
    }

    /// Begins with an answer; [`Session::prepare_some`] comes before.
    #[must_use]
    pub fn begin(&self) -> Answering {
        Answering { scoring: self.engine.score(), scored: false, candidates: None }
    }

    /// Does a part of the work of an answer, about as much as so many postings; the answer when it is done. What is supplied
    /// meanwhile may or may not be heeded.
    pub fn answer_some(&mut self, asked: &Asked, answering: &mut Answering, postings: usize) -> Option<Answer> {
        if !answering.scored {
            answering.scored = !self.engine.score_some(asked, &mut answering.scoring, postings);
            return None;
        }
        let Some((docs, complete)) = &answering.candidates else {
            let Some(candidates) = self.engine.candidates(asked) else {
                let mut scores = self.engine.scored(asked, &answering.scoring);
                best_first(&mut scores);
                return Some(Answer { scores, kind: AnswerKind::Unverified, unknown: Vec::new() });
            };
            answering.candidates = Some(candidates);
            return None;
        };
        let certain =
            if is_short(asked) { *complete } else { self.read(asked, docs, postings.saturating_mul(LETTERS))? };
        let docs: Vec<Doc> = if certain && !is_short(asked) {
            docs.iter().copied().filter(|doc| self.read.1.get(doc) == Some(&true)).collect()
        } else {
            docs.clone()
        };
        Some(self.conclude(asked, self.engine.scored(asked, &answering.scoring), docs, certain))
    }

    /// The answer of records that were weighed, and of those that hold what was typed.
    fn conclude(&self, asked: &Asked, mut scores: Vec<Score>, docs: Vec<Doc>, certain: bool) -> Answer {
        // What was typed may be a number without its brackets, or a code: found, and held by no text.
        let identified = self.engine.identified(asked);
        if docs.is_empty() && identified.is_empty() {
            let best = scores.iter().map(|score| score.score).fold(0.0, f32::max);
            scores.retain(|score| score.score >= NEAR * best);
            best_first(&mut scores);
            scores.truncate(MOST_NEAR);
            let unknown = self.engine.unknown(asked);
            return Answer { scores, kind: AnswerKind::Near, unknown };
        }
        let mut wanted = docs;
        wanted.extend(identified);
        wanted.sort_unstable();
        wanted.dedup();
        scores.retain(|score| wanted.binary_search(&score.doc).is_ok());
        best_first(&mut scores);
        let mut scored: Vec<Doc> = scores.iter().map(|score| score.doc).collect();
        scored.sort_unstable();
        let others = wanted.into_iter().filter(|doc| scored.binary_search(doc).is_err());
        scores.extend(others.map(|doc| Score { doc, score: f32::MIN_POSITIVE, coverage: 1.0 }));
        let kind = if certain { AnswerKind::Exact } else { AnswerKind::Unverified };
        Answer { scores, kind, unknown: Vec::new() }
    }

    /// Whether the vocabulary would help with an answer and is not here: letters were typed, or something that no record
    /// has.
    #[must_use]
    pub fn wants_vocabulary(&self, asked: &Asked, answer: &Answer) -> bool {
        let doubtful = answer.kind == AnswerKind::Near && (!answer.unknown.is_empty() || has_letters(asked));
        doubtful && self.vocabulary.is_none() && self.head().files.path_of(Single::Vocabulary).is_some()
    }

    /// Takes the bytes of the vocabulary.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong; the session stays as it was.
    pub fn supply_vocabulary(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        self.vocabulary = Some(Vocabulary::decode(bytes)?);
        Ok(())
    }

    /// What was typed, read otherwise, the likeliest first: to be asked in its place where no record holds it. Nothing
    /// while the vocabulary is not here.
    #[must_use]
    pub fn corrections(&self, typed: &str, asked: &Asked, answer: &Answer) -> Vec<Correction> {
        match &self.vocabulary {
            Some(vocabulary) if answer.kind == AnswerKind::Near => {
                let mut corrections = vocabulary.corrections(typed, &answer.unknown);
                if !has_letters(asked) {
                    corrections.retain(|correction| correction.reading != Reading::Pinyin);
                }
                corrections
            }
            _ => Vec::new(),
        }
    }

    /// The text files of records that were not read yet.
    fn unread(&mut self, asked: &Asked, docs: &[Doc]) -> Vec<File> {
        if is_short(asked) {
            return Vec::new();
        }
        let layout = self.head().files.layout(Family::Texts);
        let mut files = File::each_once(Family::Texts, docs.iter().filter_map(|&doc| layout.file_of(doc)));
        files.retain(|file| !self.texts.contains_key(&file.file));
        files
    }

    /// Reads the texts of records; whether all of them are here. Nothing when so many bytes were read, and there are more.
    fn read(&mut self, asked: &Asked, docs: &[Doc], bytes: usize) -> Option<bool> {
        if self.read.0 != asked.phrases {
            self.read = (asked.phrases.clone(), BTreeMap::new());
        }
        let layout = self.engine.head().files.layout(Family::Texts);
        let (mut all, mut read) = (true, 0);
        for &doc in docs {
            if self.read.1.contains_key(&doc) {
                continue;
            }
            let Some(texts) = layout.file_of(doc).and_then(|file| self.texts.get(&file)) else {
                all = false;
                continue;
            };
            if read >= bytes {
                return None;
            }
            read += texts.of(doc).map_or(0, str::len);
            let holds = asked.phrases.iter().all(|phrase| texts.holds(doc, &phrase.spellings).unwrap_or_default());
            self.read.1.insert(doc, holds);
        }
        Some(all)
    }

    /// The file with the words of a record.
    #[must_use]
    pub fn text_file(&self, doc: Doc) -> Option<File> {
        let file = self.head().files.layout(Family::Texts).file_of(doc)?;
        Some(File { family: Family::Texts, file })
    }

    /// Whether a file is here.
    #[must_use]
    pub fn has(&self, file: File) -> bool {
        match file.family {
            Family::Texts => self.texts.contains_key(&file.file),
            _ => self.engine.has(file),
        }
    }

    /// The part of a record that answers best, of about `width` characters; none until its text is here.
    #[must_use]
    pub fn snippet(&self, asked: &Asked, doc: Doc, width: usize) -> Option<Snippet> {
        let file = self.text_file(doc)?.file;
        snippet(self.texts.get(&file)?.of(doc)?, &asked.needles(), width)
    }
}

/// Whether shards alone tell for certain: a string of one or two characters is a term.
fn is_short(asked: &Asked) -> bool {
    asked.phrases.iter().flat_map(|phrase| &phrase.spellings).all(|spelling| spelling.chars().nth(2).is_none())
}

/// Whether two letters were typed side by side.
fn has_letters(asked: &Asked) -> bool {
    asked.bare.as_bytes().windows(2).any(|two| two.iter().all(u8::is_ascii_alphabetic))
}
