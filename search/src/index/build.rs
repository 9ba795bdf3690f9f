//! Records → shards.

#![expect(
    clippy::disallowed_types,
    reason = "keys are sorted before a byte is written, and a tree costs three times the time"
)]

use std::collections::{BTreeMap, HashMap};

use super::order::by_likeness;
use super::shard::{Doc, Group, Posting, Shard};
use crate::term::{Pair, Second, identifier, pairs, runs};
use crate::text::fold;
use crate::wire::{Reader, Writer};

/// A record as the index sees it. Strings are as printed; the index folds them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record<'a> {
    /// What the record is called: the title first, then other names, ways to ask, keywords.
    pub titles: &'a [&'a str],
    /// What it is called as a whole (see [`crate::asked::identifiers`]).
    pub identifiers: &'a [String],
    /// What it says.
    pub body: &'a [&'a str],
}

/// How large files should be, in bytes before any compression on the way.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// A shard of titles.
    pub titles: usize,
    /// A shard of bodies.
    pub bodies: usize,
    /// Most shards in either family: larger cities get larger shards.
    pub most: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { titles: 16 << 10, bodies: 40 << 10, most: 160 }
    }
}

/// The shards of an index and what the head needs to know of its records.
#[derive(Debug, Default)]
pub struct Built {
    /// Shards of titles: the first characters of the pairs in each, and its bytes.
    pub titles: Vec<(Vec<char>, Vec<u8>)>,
    /// Shards of bodies.
    pub bodies: Vec<(Vec<char>, Vec<u8>)>,
    /// Length of the main title of each record, in characters; 255 and more as 255.
    pub title_lengths: Vec<u8>,
    /// Length of what each record says, on the scale of [`super::Head::body_length`].
    pub body_lengths: Vec<u8>,
}

/// Collects records. Postings are kept as they are written, so that memory stays near the size of the index.
#[derive(Debug, Default)]
pub struct Builder {
    docs: u32,
    titles: Lists,
    bodies: Lists,
    title_lengths: Vec<u8>,
    body_lengths: Vec<u8>,
    /// Reused from record to record.
    scratch: Vec<Pair>,
}

type Lists = HashMap<Pair, List>;

/// The postings of a pair: distance of the record (twice, plus one when it holds the pair more than once), how often.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    next: Doc,
}

impl List {
    fn push(&mut self, doc: Doc, times: u32) {
        let mut writer = Writer(core::mem::take(&mut self.bytes));
        writer.varint(u64::from(doc - self.next) << 1 | u64::from(times > 1));
        if times > 1 {
            writer.varint(times.into());
        }
        self.bytes = writer.0;
        self.next = doc + 1;
    }

    fn postings(&self) -> Vec<Posting> {
        let mut reader = Reader(&self.bytes);
        let mut postings = Vec::new();
        let mut next = 0;
        while let Ok(head) = reader.varint() {
            let doc = next + u32::try_from(head >> 1).unwrap_or(u32::MAX);
            let times =
                if head & 1 == 1 { reader.varint().ok().and_then(|times| u32::try_from(times).ok()) } else { None };
            postings.push((doc, times.unwrap_or(1)));
            next = doc + 1;
        }
        postings
    }
}

impl Builder {
    /// Takes the next record; the first one is number 0.
    pub fn push(&mut self, record: Record<'_>) {
        let doc = self.docs;
        self.docs += 1;
        let main = record.titles.first().map_or(0, |title| length(&fold(title)));
        self.title_lengths.push(u8::try_from(main).unwrap_or(u8::MAX));
        for title in record.titles {
            self.scratch.extend(runs(&fold(title)).flat_map(pairs));
        }
        self.scratch.extend(record.identifiers.iter().map(|bare| identifier(bare)));
        flush(&mut self.scratch, &mut self.titles, doc);
        let mut said = 0;
        for text in record.body {
            let folded = fold(text);
            said += length(&folded);
            self.scratch.extend(runs(&folded).flat_map(pairs));
        }
        self.body_lengths.push(scale(said));
        flush(&mut self.scratch, &mut self.bodies, doc);
    }

    /// How many records were taken.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.docs
    }

    /// Whether no record was taken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.docs == 0
    }

    /// Cuts what was collected into shards. The same records give the same bytes.
    #[must_use]
    pub fn finish(self, sizes: &Sizes) -> Built {
        let order = self.characters();
        Built {
            titles: shards(self.docs, self.titles, &order, sizes.titles, sizes.most),
            bodies: shards(self.docs, self.bodies, &order, sizes.bodies, sizes.most),
            title_lengths: self.title_lengths,
            body_lengths: self.body_lengths,
        }
    }
}

impl Builder {
    /// The characters of titles, those that stand in the same ones side by side: a question asks for those of its words.
    fn characters(&self) -> Vec<char> {
        let mut held: BTreeMap<char, Vec<Doc>> = BTreeMap::new();
        for (pair, list) in &self.titles {
            // What is found as a whole stands beside nothing.
            if pair.first.is_alphanumeric() {
                held.entry(pair.first).or_default().extend(list.postings().iter().map(|posting| posting.0));
            }
        }
        let (characters, docs): (Vec<char>, Vec<Vec<Doc>>) = held.into_iter().unzip();
        by_likeness(&docs).into_iter().filter_map(|at| characters.get(at).copied()).collect()
    }
}

/// How many characters of folded text are in runs.
fn length(folded: &str) -> usize {
    folded.chars().filter(|ch| ch.is_alphanumeric()).count()
}

/// A length on a scale of 12 steps for each doubling: one byte, and never 3 % off.
fn scale(length: usize) -> u8 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
    let step = ((length as f32 + 1.0).log2() * 12.0).round().min(255.0) as u8;
    step
}

fn flush(scratch: &mut Vec<Pair>, lists: &mut Lists, doc: Doc) {
    scratch.sort_unstable();
    for same in scratch.chunk_by(|a, b| a == b) {
        if let Some(&pair) = same.first() {
            lists.entry(pair).or_default().push(doc, u32::try_from(same.len()).unwrap_or(u32::MAX));
        }
    }
    scratch.clear();
}

/// Shards of about the size wanted, of characters in this order; those it does not know come last. A character that is
/// larger has a shard of its own.
fn shards(docs: u32, lists: Lists, order: &[char], wanted: usize, most: usize) -> Vec<(Vec<char>, Vec<u8>)> {
    let total: usize = lists.values().map(|list| list.bytes.len()).sum();
    let wanted = wanted.max(total / most.max(1));
    let places: BTreeMap<char, usize> = order.iter().copied().zip(0..).collect();
    let place = |first: char| places.get(&first).copied().unwrap_or(usize::MAX);
    let mut lists: Vec<(Pair, List)> = lists.into_iter().collect();
    lists.sort_unstable_by_key(|(pair, _)| (place(pair.first), *pair));
    let mut shards = Vec::new();
    let mut groups: Vec<(char, Vec<u8>)> = Vec::new();
    let mut size = 0;
    for group in lists.chunk_by(|a, b| a.0.first == b.0.first) {
        let Some(first) = group.first().map(|(pair, _)| pair.first) else { continue };
        let pairs: Vec<(Second, Vec<Posting>)> =
            group.iter().map(|(pair, list)| (pair.second, list.postings())).collect();
        let bytes = Group::encode(docs, &pairs);
        if size > 0 && size + bytes.len() > wanted {
            shards.push(close(&mut groups));
            size = 0;
        }
        size += bytes.len();
        groups.push((first, bytes));
    }
    if !groups.is_empty() {
        shards.push(close(&mut groups));
    }
    shards
}

fn close(groups: &mut Vec<(char, Vec<u8>)>) -> (Vec<char>, Vec<u8>) {
    groups.sort_unstable_by_key(|group| group.0);
    let characters = groups.iter().map(|group| group.0).collect();
    let bytes = Shard::encode(groups);
    groups.clear();
    (characters, bytes)
}
