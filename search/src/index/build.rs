//! Records → shards.

#![expect(
    clippy::disallowed_types,
    reason = "keys are sorted before a byte is written, and a tree costs three times the time"
)]

use core::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::order::Likeness;
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

/// How large files should be, in bytes before any compression on the way: two of titles are what a first answer may cost,
/// and a question in whole sentences needs nearly all of titles and half of bodies, whatever the characters stand beside.
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
        Self { titles: 72 << 10, bodies: 224 << 10, most: 160 }
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

/// Postings by the first characters of pairs: so many small tables grow in small steps.
#[derive(Debug, Default)]
struct Lists {
    groups: HashMap<char, HashMap<Second, List>>,
}

/// The postings of a pair: distance of the record (twice, plus one when it holds the pair more than once), how often.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    next: Doc,
}

impl List {
    /// Takes a posting.
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
        let mut finishing = Finishing::new(self, *sizes);
        while finishing.step() {}
        finishing.into_built()
    }
}

/// Shards that are being cut, a little at a time.
#[derive(Debug)]
pub struct Finishing {
    docs: u32,
    sizes: Sizes,
    titles: Lists,
    bodies: Lists,
    /// The characters of titles, those that stand in the same ones side by side.
    order: Vec<char>,
    now: Cutting,
    built: Built,
}

/// What is being done.
#[derive(Debug)]
enum Cutting {
    Begin,
    /// The characters, and the records that hold each.
    Held(Vec<char>, Vec<Vec<Doc>>),
    Halving(Vec<char>, Box<Likeness>),
    Titles(Groups),
    Bodies(Groups),
    Nothing,
}

impl Finishing {
    /// Begins with what was collected.
    #[must_use]
    pub fn new(builder: Builder, sizes: Sizes) -> Self {
        Self {
            docs: builder.docs,
            sizes,
            titles: builder.titles,
            bodies: builder.bodies,
            order: Vec::new(),
            now: Cutting::Begin,
            built: Built {
                title_lengths: builder.title_lengths,
                body_lengths: builder.body_lengths,
                ..Built::default()
            },
        }
    }

    /// Writes some groups, or goes on with the order of the characters; whether there is more to do.
    pub fn step(&mut self) -> bool {
        self.now = match core::mem::replace(&mut self.now, Cutting::Nothing) {
            Cutting::Begin => {
                let (characters, held) = self.titles.characters();
                Cutting::Held(characters, held)
            }
            Cutting::Held(characters, held) => Cutting::Halving(characters, Box::new(Likeness::new(&held))),
            Cutting::Halving(characters, mut likeness) => {
                if likeness.step() {
                    Cutting::Halving(characters, likeness)
                } else {
                    let order = likeness.into_order().into_iter().filter_map(|at| characters.get(at).copied());
                    self.order = order.collect();
                    Cutting::Titles(Groups::new(&self.titles, &self.order))
                }
            }
            Cutting::Titles(mut groups) => {
                if groups.write(self.docs, &mut self.titles) {
                    Cutting::Titles(groups)
                } else {
                    self.built.titles = groups.cut(self.sizes.titles, self.sizes.most);
                    Cutting::Bodies(Groups::new(&self.bodies, &self.order))
                }
            }
            Cutting::Bodies(mut groups) => {
                if groups.write(self.docs, &mut self.bodies) {
                    Cutting::Bodies(groups)
                } else {
                    self.built.bodies = groups.cut(self.sizes.bodies, self.sizes.most);
                    Cutting::Nothing
                }
            }
            Cutting::Nothing => Cutting::Nothing,
        };
        !matches!(self.now, Cutting::Nothing)
    }

    /// The shards.
    #[must_use]
    pub fn into_built(self) -> Built {
        self.built
    }
}

impl Lists {
    /// The characters of titles, with the records that hold them, so that those that stand in the same ones come side by
    /// side: a question asks for those of its words.
    fn characters(&self) -> (Vec<char>, Vec<Vec<Doc>>) {
        let mut held: BTreeMap<char, Vec<Doc>> = BTreeMap::new();
        for (&first, lists) in &self.groups {
            // What is found as a whole stands beside nothing.
            if first.is_alphanumeric() {
                let docs = held.entry(first).or_default();
                lists.values().for_each(|list| docs.extend(list.postings().iter().map(|posting| posting.0)));
            }
        }
        held.into_iter().unzip()
    }
}

/// How many characters of folded text are in runs.
fn length(folded: &str) -> usize {
    folded.chars().filter(|ch| ch.is_alphanumeric()).count()
}

/// A length on a scale of 12 steps for each doubling: one byte, and never 3 % off.
fn scale(length: usize) -> u8 {
    // In double precision no length comes so near to the middle of a step that machines, whose logarithms differ in the
    // last digit, would round it differently.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
    let step = ((length as f64 + 1.0).log2() * 12.0).round().min(255.0) as u8;
    step
}

fn flush(scratch: &mut Vec<Pair>, lists: &mut Lists, doc: Doc) {
    scratch.sort_unstable();
    for group in scratch.chunk_by(|a, b| a.first == b.first) {
        let Some(first) = group.first().map(|pair| pair.first) else { continue };
        let seconds = lists.groups.entry(first).or_default();
        for same in group.chunk_by(|a, b| a == b) {
            if let Some(pair) = same.first() {
                let times = u32::try_from(same.len()).unwrap_or(u32::MAX);
                seconds.entry(pair.second).or_default().push(doc, times);
            }
        }
    }
    scratch.clear();
}

/// Bytes of groups that are written in one step.
const STEP: usize = 96 << 10;

/// Groups that are written one after another, in an order of their characters; those it does not know come last.
#[derive(Debug)]
struct Groups {
    /// The characters that are still to be written, the next one last.
    rest: Vec<char>,
    written: Vec<(char, Vec<u8>)>,
}

impl Groups {
    fn new(lists: &Lists, order: &[char]) -> Self {
        let places: BTreeMap<char, usize> = order.iter().copied().zip(0..).collect();
        let mut rest: Vec<char> = lists.groups.keys().copied().collect();
        rest.sort_by_cached_key(|&first| Reverse((places.get(&first).copied().unwrap_or(usize::MAX), first)));
        Self { rest, written: Vec::new() }
    }

    /// Writes some groups, and forgets their lists; whether there are more.
    fn write(&mut self, docs: u32, lists: &mut Lists) -> bool {
        let mut written = 0;
        while written < STEP
            && let Some(first) = self.rest.pop()
        {
            let lists = lists.groups.remove(&first).unwrap_or_default();
            let mut pairs: Vec<(Second, Vec<Posting>)> =
                lists.into_iter().map(|(second, list)| (second, list.postings())).collect();
            pairs.sort_unstable_by_key(|pair| pair.0);
            let bytes = Group::encode(docs, &pairs);
            written += bytes.len();
            self.written.push((first, bytes));
        }
        !self.rest.is_empty()
    }

    /// Cuts them into shards of one size, as near to the one wanted as it goes, and not more than `most`. A group that is
    /// larger has a shard of its own.
    fn cut(self, wanted: usize, most: usize) -> Vec<(Vec<char>, Vec<u8>)> {
        let total: usize = self.written.iter().map(|group| group.1.len()).sum();
        let files = total.div_ceil(wanted.max(1)).clamp(1, most.max(1));
        let (mut shards, mut groups, mut before) = (Vec::new(), Vec::new(), 0);
        for group in self.written {
            // A shard ends where more than half of the next group would lie beyond it.
            let end = total * (shards.len() + 1) / files;
            if !groups.is_empty() && before + group.1.len() / 2 > end {
                shards.push(close(core::mem::take(&mut groups)));
            }
            before += group.1.len();
            groups.push(group);
        }
        if !groups.is_empty() {
            shards.push(close(groups));
        }
        shards
    }
}

fn close(mut groups: Vec<(char, Vec<u8>)>) -> (Vec<char>, Vec<u8>) {
    groups.sort_unstable_by_key(|group| group.0);
    let characters = groups.iter().map(|group| group.0).collect();
    (characters, Shard::encode(&groups))
}
