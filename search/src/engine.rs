//! The index asked: which files are needed, which records answer, how well.
//!
//! The engine fetches nothing. It says which files it wants, is given their bytes, and answers with what it has: titles
//! first, then bodies too.

mod score;
mod strings;

use std::collections::BTreeMap;

use crate::asked::{Asked, Gram, is_stop_character};
use crate::index::{Doc, Family, Group, Head, Layout, Posting, Shard};
use crate::wire::DecodeError;
pub(crate) use score::Scoring;

// What follows was found by trying some 250 combinations on five sets of questions in people's own words; near the values
// chosen none of the sets loses or gains more than a question or two in a hundred.

/// Weight of a title against a body.
const TITLE: f32 = 4.5;
/// How soon another occurrence adds nothing (BM25).
const K1: f32 = 2.0;
/// How much longer titles, and longer bodies, count less (BM25).
const LONG_TITLE: f32 = 0.7;
const LONG_BODY: f32 = 0.85;
/// Of a text with more characters only the root of what is more counts as length: it has parts, of which one answers. With
/// the whole length 391 of 1,000 questions find their law first, so 460; texts as long as a policy are the same.
const LONG: f32 = 2_000.0;
/// What weighs how much when records of a kind are looked for.
struct Kind {
    /// A single character, against a pair.
    character: f32,
    /// A power of the inverse document frequency. With 1, a rare pair that stands across two words (金提 in 公积金提取) weighs
    /// more than the words.
    rare: f32,
}

/// A question is short: it says the same in other words, of which it has single characters rather than pairs.
const QUESTION: Kind = Kind { character: 1.9, rare: 0.71 };
const OTHER: Kind = Kind { character: 1.3, rare: 0.87 };

/// Weight of other records against questions, which have much of what is typed in single characters: on 25 questions to the
/// demonstration city the best policy scores 0.58 of the best question then, in the median, and nearly all show both.
const EVEN: f32 = 1.5;

/// How much it counts that a question is the one asked, not just holds what is asked.
const SAME_QUESTION: f32 = 0.65;
/// How much it counts, by its square, that a policy has all that is asked.
const COVERAGE: f32 = 0.5;

/// Most shards of titles, and most of titles and bodies, asked for one question: with page and program, head, facts, faces
/// a cold question is to stay at 24 requests. With all shards 618 in 1,000 rewordings of government questions find theirs
/// first and 915 of insurance questions, with so many 618 and 900. What decides is how large shards are ([`Sizes`]): the
/// smaller, the fewer.
///
/// [`Sizes`]: crate::index::Sizes
const MOST_TITLES: usize = 5;
const MOST_SHARDS: usize = 9;

/// A file of a search, of a family of which there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// The family.
    pub family: Family,
    /// Its place in the layout of the family.
    pub file: usize,
}

impl File {
    /// The files at these places of a family, each once, in their order.
    pub fn each_once(family: Family, places: impl Iterator<Item = usize>) -> Vec<Self> {
        let places: Vec<usize> = places.collect();
        let files = in_order(places.iter().map(|&place| place as u64)).into_iter();
        let mut files: Vec<Self> = files.filter_map(|at| Some(Self { family, file: *places.get(at)? })).collect();
        files.dedup();
        files
    }
}

/// How well a record answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The record.
    pub doc: Doc,
    /// The larger the better; a question that is just the one asked is near 1.
    pub score: f32,
    /// Which part of what was typed it has, by weight: 0 to 1.
    pub coverage: f32,
}

/// An index of which some shards are loaded.
#[derive(Clone, Debug)]
pub struct Engine {
    head: Head,
    shards: BTreeMap<File, Shard>,
    groups: BTreeMap<(Family, char), Group>,
    /// What holds a character at all, for characters asked for by themselves.
    characters: BTreeMap<(Family, char), Vec<Posting>>,
    /// What an occurrence in a title, or in a body, counts less by for its length, by the length as the head has it: a power
    /// of two for each posting would take longer than all else.
    long_title: Vec<f32>,
    long_body: Vec<f32>,
}

impl Engine {
    /// An index with nothing loaded but its head.
    #[must_use]
    pub fn new(head: Head) -> Self {
        let long = |steps: &[u8], length: &dyn Fn(u8) -> f32, much: f32| {
            let lengths: Vec<f32> = (0..=u8::MAX).map(length).collect();
            let of = |step: &u8| lengths.get(usize::from(*step)).copied().unwrap_or_default();
            let some = steps.iter().map(of).filter(|length| *length > 0.0);
            let (count, sum) = some.fold((0.0_f32, 0.0_f32), |(count, sum), length| (count + 1.0, sum + length));
            let mean = if count > 0.0 { sum / count } else { 1.0 };
            lengths.into_iter().map(|length| 1.0 - much + much * (length.max(1.0) / mean)).collect()
        };
        let long_title = long(&head.title_lengths, &f32::from, LONG_TITLE);
        let of_parts = |step: u8| {
            let length = Head::length(step);
            if length > LONG { (length * LONG).sqrt() } else { length }
        };
        let long_body = long(&head.body_lengths, &of_parts, LONG_BODY);
        Self {
            head,
            shards: BTreeMap::new(),
            groups: BTreeMap::new(),
            characters: BTreeMap::new(),
            long_title,
            long_body,
        }
    }

    /// The head.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    const fn layout(&self, family: Family) -> &Layout {
        self.head.files.layout(family)
    }

    /// The shards of a family that would make the answer better, the most telling first, and at most as many as a cold
    /// question may cost.
    ///
    /// Titles come first; with them here, the bodies wanted are those of the characters that weigh most.
    #[must_use]
    pub fn wanted(&self, asked: &Asked, family: Family) -> Vec<File> {
        // By file: those of the words typed lie in few.
        let mut files: Vec<(f32, usize)> = Vec::new();
        let mut add = |importance: f32, first: char| {
            let Some(file) = self.layout(family).file_of(first.into()) else { return };
            match files.iter_mut().find(|known| known.1 == file) {
                Some(known) => known.0 += importance,
                None => files.push((importance, file)),
            }
        };
        if family == Family::Titles {
            asked.identifiers.iter().for_each(|pair| add(f32::INFINITY, pair.first));
        }
        for gram in &asked.grams {
            let importance = if family == Family::Titles {
                importance(gram)
            } else {
                self.weights(gram, self.titles_of(gram), &[]).other
            };
            add(importance, gram.first);
        }
        // Among equals the order typed.
        let files = in_order(files.iter().map(|(importance, _)| u64::from(descending(*importance))))
            .into_iter()
            .filter_map(|at| files.get(at));
        let most = if family == Family::Titles {
            MOST_TITLES
        } else {
            let titles = self.layout(Family::Titles);
            let titles = asked.grams.iter().filter_map(|gram| titles.file_of(gram.first.into()));
            MOST_SHARDS - File::each_once(Family::Titles, titles).len().min(MOST_TITLES)
        };
        let files = files.map(|&(_, file)| File { family, file });
        files.filter(|id| !self.shards.contains_key(id)).take(most).collect()
    }

    /// The titles that hold a pair; for a character alone, those where it ends a run: enough to guess its weight.
    fn titles_of(&self, gram: &Gram) -> &[Posting] {
        self.pair(Family::Titles, gram.first, gram.second.unwrap_or(crate::term::END))
    }

    /// The shards a search for whole strings needs and does not have: every record that holds a string holds all its
    /// pairs, so that the rarest would do; which that is, only the shards know.
    #[must_use]
    pub fn wanted_for_strings(&self, asked: &Asked) -> Vec<File> {
        let spellings = || asked.phrases.iter().flat_map(|phrase| &phrase.spellings);
        let of = |family| {
            let files = spellings().flat_map(|spelling| spelling.chars());
            File::each_once(family, files.filter_map(|ch| self.layout(family).file_of(ch.into())))
        };
        let wanted = [Family::Titles, Family::Bodies].map(of).into_iter().flatten();
        wanted.filter(|id| !self.shards.contains_key(id)).collect()
    }

    /// Takes the bytes of a shard.
    pub fn supply(&mut self, id: File, bytes: &[u8]) -> Result<(), DecodeError> {
        self.shards.insert(id, Shard::decode(self.head.docs, bytes)?);
        Ok(())
    }

    /// Takes apart the groups a question needs, as far as their shards are here.
    pub fn prepare(&mut self, asked: &Asked) -> Result<(), DecodeError> {
        while !self.prepare_some(asked, usize::MAX)? {}
        Ok(())
    }

    /// The same, until so many postings are taken apart; whether that was all.
    pub fn prepare_some(&mut self, asked: &Asked, postings: usize) -> Result<bool, DecodeError> {
        let mut taken = 0;
        let spelt = asked.phrases.iter().flat_map(|phrase| &phrase.spellings).flat_map(|spelling| spelling.chars());
        let firsts = asked.grams.iter().map(|gram| gram.first).chain(asked.identifiers.iter().map(|pair| pair.first));
        for first in firsts.chain(spelt) {
            for family in [Family::Titles, Family::Bodies] {
                if self.groups.contains_key(&(family, first)) {
                    continue;
                }
                let shard =
                    self.layout(family).file_of(first.into()).and_then(|file| self.shards.get(&File { family, file }));
                if let Some(shard) = shard {
                    let group = shard.group(first)?;
                    taken += group.len();
                    self.groups.insert((family, first), group);
                    if taken >= postings {
                        return Ok(false);
                    }
                }
            }
        }
        for gram in asked.grams.iter().filter(|gram| gram.second.is_none()) {
            for family in [Family::Titles, Family::Bodies] {
                if self.characters.contains_key(&(family, gram.first)) {
                    continue;
                }
                if let Some(group) = self.groups.get(&(family, gram.first)) {
                    taken += group.len();
                    self.characters.insert((family, gram.first), group.character());
                    if taken >= postings {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// The records found for what was typed, best first. [`Engine::prepare`] comes before.
    #[must_use]
    pub fn rank(&self, asked: &Asked) -> Vec<Score> {
        let mut found = self.found(asked);
        best_first(&mut found);
        found
    }

    /// The same in no order: thousands of records need not be sorted where few of them stay.
    #[must_use]
    pub fn found(&self, asked: &Asked) -> Vec<Score> {
        let mut scoring = self.score();
        while self.score_some(asked, &mut scoring, usize::MAX) {}
        self.scored(asked, &scoring)
    }

    fn pair(&self, family: Family, first: char, second: crate::term::Second) -> &[Posting] {
        self.groups.get(&(family, first)).map_or(&[], |group| group.pair(second))
    }

    fn character(&self, family: Family, ch: char) -> &[Posting] {
        self.characters.get(&(family, ch)).map_or(&[], Vec::as_slice)
    }

    /// What a pair or a character weighs in questions, and in other records: its own weight times a power of its inverse
    /// document frequency (BM25, never negative).
    fn weights(&self, gram: &Gram, titles: &[Posting], bodies: &[Posting]) -> Weights {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^24 records")]
        let (docs, frequency) = (self.head.docs as f32, union(titles, bodies) as f32);
        let idf = (1.0 + (docs - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln();
        let weight = |kind: &Kind| gram.weight * kind.of(gram) * idf.powf(kind.rare);
        Weights { question: weight(&QUESTION), other: weight(&OTHER) }
    }
}

impl Kind {
    const fn of(&self, gram: &Gram) -> f32 {
        if gram.second.is_some() { 1.0 } else { self.character }
    }
}

/// What something weighs, by the kind of record in which it stands.
#[derive(Clone, Copy, Debug, Default)]
struct Weights {
    question: f32,
    other: f32,
}

/// Puts records in order: by one number each, of which the high bits are the score.
pub(crate) fn best_first(found: &mut Vec<Score>) {
    let keys = found.iter().map(|score| u64::from(descending(score.score)) << 32 | u64::from(score.doc));
    *found = in_order(keys).into_iter().filter_map(|at| found.get(at).copied()).collect();
}

/// A number that is the smaller the larger this one is; none is below zero, and such floats order as their bits do.
const fn descending(number: f32) -> u32 {
    u32::MAX - number.max(0.0).to_bits()
}

/// The places of things by their keys, the smallest first; of equal ones the first. Whatever is sorted for a page is sorted
/// here: every type that is sorted brings kilobytes of its own into the module.
pub(crate) fn in_order(keys: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = keys.zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// Guesses what a pair is worth before anything is known of it: what was typed more than what was added, a pair more
/// than a character, and what every question has least.
fn importance(gram: &Gram) -> f32 {
    let typed = if gram.typed { 1.0 } else { 0.6 };
    let stop = if is_stop_character(gram.first) { 0.3 } else { 1.0 };
    gram.weight * OTHER.of(gram) * typed * stop
}

/// How many records are in either list.
fn union(a: &[Posting], b: &[Posting]) -> usize {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    // Side by side, unless one is so short that looking each up is less work.
    let both = if few.len() * 8 < many.len() {
        few.iter().filter(|posting| many.binary_search_by_key(&posting.0, |other| other.0).is_ok()).count()
    } else {
        let (mut few, mut both) = (few.iter().peekable(), 0);
        for posting in many {
            while few.next_if(|other| other.0 < posting.0).is_some() {}
            both += usize::from(few.next_if(|other| other.0 == posting.0).is_some());
        }
        both
    };
    a.len() + b.len() - both
}
