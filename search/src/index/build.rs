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
        Self { titles: 32 << 10, bodies: 96 << 10, most: 160 }
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
    /// Bytes of all postings.
    bytes: usize,
}

/// The postings of a pair: distance of the record (twice, plus one when it holds the pair more than once), how often.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    next: Doc,
}

impl List {
    /// Takes a posting; how many bytes it takes.
    fn push(&mut self, doc: Doc, times: u32) -> usize {
        let before = self.bytes.len();
        let mut writer = Writer(core::mem::take(&mut self.bytes));
        writer.varint(u64::from(doc - self.next) << 1 | u64::from(times > 1));
        if times > 1 {
            writer.varint(times.into());
        }
        self.bytes = writer.0;
        self.next = doc + 1;
        self.bytes.len() - before
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

/// Shards that are being cut, one at a time.
#[derive(Debug)]
pub struct Finishing {
    order: CharacterOrder,
    sizes: Sizes,
    titles: Sharding,
    bodies: Sharding,
    built: Built,
}

/// How far the characters of titles are put beside their likes.
#[derive(Debug)]
enum CharacterOrder {
    Unknown,
    /// The characters, and the records that hold each.
    Held(Vec<char>, Vec<Vec<Doc>>),
    Halving(Vec<char>, Box<Likeness>),
    Known,
}

impl Finishing {
    /// Begins with what was collected.
    #[must_use]
    pub fn new(builder: Builder, sizes: Sizes) -> Self {
        Self {
            order: CharacterOrder::Unknown,
            sizes,
            titles: Sharding { docs: builder.docs, lists: builder.titles, ..Sharding::default() },
            bodies: Sharding { docs: builder.docs, lists: builder.bodies, ..Sharding::default() },
            built: Built {
                title_lengths: builder.title_lengths,
                body_lengths: builder.body_lengths,
                ..Built::default()
            },
        }
    }

    /// Makes a shard, or goes on with the order of the characters; whether there is more to do.
    pub fn step(&mut self) -> bool {
        match core::mem::replace(&mut self.order, CharacterOrder::Known) {
            CharacterOrder::Unknown => {
                let (characters, docs) = self.titles.lists.characters();
                self.order = CharacterOrder::Held(characters, docs);
                return true;
            }
            CharacterOrder::Held(characters, docs) => {
                self.order = CharacterOrder::Halving(characters, Box::new(Likeness::new(&docs)));
                return true;
            }
            CharacterOrder::Halving(characters, mut likeness) => {
                if likeness.step() {
                    self.order = CharacterOrder::Halving(characters, likeness);
                    return true;
                }
                let order = likeness.into_order().into_iter().filter_map(|at| characters.get(at).copied());
                let order: Vec<char> = order.collect();
                self.titles.begin(&order, self.sizes.titles, self.sizes.most);
                self.bodies.begin(&order, self.sizes.bodies, self.sizes.most);
                return true;
            }
            CharacterOrder::Known => {}
        }
        if let Some(shard) = self.titles.next() {
            self.built.titles.push(shard);
            return true;
        }
        let shard = self.bodies.next();
        let more = shard.is_some();
        self.built.bodies.extend(shard);
        more
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
                lists.bytes += seconds.entry(pair.second).or_default().push(doc, times);
            }
        }
    }
    scratch.clear();
}

/// Shards of about the size wanted, of characters in an order; those it does not know come last. A character that is
/// larger has a shard of its own.
#[derive(Debug, Default)]
struct Sharding {
    docs: u32,
    lists: Lists,
    wanted: usize,
    /// The characters that are still to be written, the next one last.
    rest: Vec<char>,
    /// The next group, when it is written already and did not fit.
    next: Option<(char, Vec<u8>)>,
}

impl Sharding {
    fn begin(&mut self, order: &[char], wanted: usize, most: usize) {
        self.wanted = wanted.max(self.lists.bytes / most.max(1));
        let places: BTreeMap<char, usize> = order.iter().copied().zip(0..).collect();
        self.rest = self.lists.groups.keys().copied().collect();
        self.rest.sort_by_cached_key(|&first| Reverse((places.get(&first).copied().unwrap_or(usize::MAX), first)));
    }

    /// The bytes of the next group.
    fn group(&mut self) -> Option<(char, Vec<u8>)> {
        let first = self.rest.pop()?;
        let lists = self.lists.groups.remove(&first).unwrap_or_default();
        let mut pairs: Vec<(Second, Vec<Posting>)> =
            lists.into_iter().map(|(second, list)| (second, list.postings())).collect();
        pairs.sort_unstable_by_key(|pair| pair.0);
        Some((first, Group::encode(self.docs, &pairs)))
    }
}

impl Iterator for Sharding {
    type Item = (Vec<char>, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut groups: Vec<(char, Vec<u8>)> = Vec::new();
        let mut size = 0;
        while let Some(group) = self.next.take().or_else(|| self.group()) {
            if size > 0 && size + group.1.len() > self.wanted {
                self.next = Some(group);
                break;
            }
            size += group.1.len();
            groups.push(group);
        }
        if groups.is_empty() { None } else { Some(close(groups)) }
    }
}

fn close(mut groups: Vec<(char, Vec<u8>)>) -> (Vec<char>, Vec<u8>) {
    groups.sort_unstable_by_key(|group| group.0);
    let characters = groups.iter().map(|group| group.0).collect();
    (characters, Shard::encode(&groups))
}
