//! Which strings of a site stand in the dictionary, which in the tables, and which pages are examples.

#![expect(
    clippy::disallowed_types,
    reason = "looked up a hundred million times, and never walked: no order reaches the output"
)]

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::phrases::Phrases;
use crate::day::Day;
use crate::model::FRAME_BITS;
use crate::page::{cut, passages};
use crate::table::{self, Table};

/// A string of the frame is in so many groups at least, and in one of so many.
const FRAME_GROUPS: u32 = 3;
const FRAME_PART: u32 = 80;

/// Longer strings are words, wherever they stand.
const FRAME_LENGTH: usize = 2_000;

/// Strings of a site by number.
#[derive(Debug, Default)]
pub(super) struct Strings {
    /// The strings of frames, the most frequent first.
    pub(super) frame: Vec<String>,
    /// The strings that several groups share, in the order of their coming: those this release adds.
    pub(super) shared: Vec<String>,
    /// Passages that several groups share, sorted: those this release adds.
    pub(super) passages: Vec<String>,
    /// How many tables there are already.
    pub(super) tables: usize,
    numbers: Fast<Known>,
    phrases: Phrases,
}

/// What a string is to all groups.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known {
    Frame(u32),
    Shared(u32),
}

type Fast<V> = HashMap<String, V, BuildHasherDefault<Fnv>>;

/// FNV-1a (draft-eastlake-fnv): short strings, no attacker.
#[derive(Default)]
pub(super) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.0 = (self.0 ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            self.0 ^= self.0 >> 29;
        }
        for byte in rest {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}

/// How often a string was met, and where.
struct Met {
    groups: u32,
    last: u32,
    first: u64,
}

/// Counts strings over all groups.
#[derive(Default)]
pub(super) struct Census {
    met: HashMap<u64, Met, BuildHasherDefault<Fnv>>,
    strings: HashMap<u64, String, BuildHasherDefault<Fnv>>,
    /// Passages, with the first group of each; none when there is another.
    passages: BTreeMap<String, Option<u32>>,
    seen: u64,
    groups: u32,
}

impl Census {
    /// A new group begins.
    pub(super) fn group(&mut self) {
        self.groups += 1;
    }

    /// A page of the group.
    pub(super) fn page(&mut self, page: &str, day: &Day, marks: &[[String; 2]]) {
        for (_, passage) in passages(page, marks).filter(|part| part.0) {
            match self.passages.get_mut(passage) {
                Some(first) => *first = first.filter(|group| *group == self.groups),
                None => _ = self.passages.insert(passage.to_owned(), Some(self.groups)),
            }
        }
        let mut at = 0;
        for (is_day, string) in cut(page, day) {
            self.seen += 1;
            at += string.len();
            let before = page.as_bytes().get(..at - string.len()).unwrap_or_default();
            if is_day || day.left(before).as_deref() == Some(string) {
                continue;
            }
            let mut hash = Fnv::default();
            hash.write(string.as_bytes());
            let hash = hash.finish();
            let met = self.met.entry(hash).or_insert(Met { groups: 0, last: 0, first: self.seen });
            if met.last != self.groups {
                met.groups += 1;
                met.last = self.groups;
                if met.groups == 2 {
                    self.strings.insert(hash, string.to_owned());
                }
            }
        }
    }

    /// The strings worth knowing.
    pub(super) fn strings(mut self) -> Strings {
        let passages = self.shared_passages();
        let enough = FRAME_GROUPS.max(self.groups / FRAME_PART);
        let mut several = self.several();
        several.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut strings = Strings::default();
        let mut rest = Vec::new();
        for (groups, first, string) in several {
            let frame = groups >= enough && string.len() <= FRAME_LENGTH && strings.frame.len() < (1 << FRAME_BITS) / 2;
            if frame {
                let number = u32::try_from(strings.frame.len()).unwrap_or(u32::MAX);
                strings.numbers.insert(string.clone(), Known::Frame(number));
                strings.frame.push(string);
            } else {
                rest.push((first, string));
            }
        }
        strings.share(rest, passages);
        strings
    }

    /// The passages that several groups have.
    fn shared_passages(&mut self) -> Vec<String> {
        let passages = core::mem::take(&mut self.passages).into_iter();
        passages.filter(|(_, group)| group.is_none()).map(|(passage, _)| passage).collect()
    }

    /// The strings that several groups have: how many, when first met, and what.
    fn several(self) -> Vec<(u32, u64, String)> {
        let several = self.strings.into_iter();
        several.filter_map(|(hash, string)| self.met.get(&hash).map(|met| (met.groups, met.first, string))).collect()
    }

    /// The strings that a release must add to those it follows.
    pub(super) fn add_to(mut self, strings: &mut Strings) {
        let mut passages = self.shared_passages();
        passages.retain(|passage| strings.known(passage).is_none());
        let several = self.several().into_iter();
        let new =
            several.filter(|(.., string)| strings.known(string).is_none()).map(|(_, first, string)| (first, string));
        let new: Vec<(u64, String)> = new.collect();
        strings.share(new, passages);
    }
}

impl Strings {
    /// The strings of a release that is to be followed.
    pub(super) fn of(frame: &[String], tables: &[Table]) -> Self {
        let mut strings = Self { tables: tables.len(), ..Self::default() };
        strings.frame = frame.to_vec();
        strings.phrases = Phrases::of(frame, &mut |string, number| {
            strings.numbers.insert(string.to_owned(), Known::Frame(number));
        });
        for (table, first) in tables.iter().zip((0_u32..).step_by(table::STRINGS)) {
            for (string, number) in table.strings().zip(first..) {
                strings.numbers.insert(string.to_owned(), Known::Shared(number));
            }
        }
        strings
    }

    /// Shares these strings, in the order of their first coming, and these passages.
    fn share(&mut self, mut rest: Vec<(u64, String)>, passages: Vec<String>) {
        rest.sort_unstable_by_key(|(first, _)| *first);
        for (_, string) in rest {
            let number = u32::try_from(self.tables * table::STRINGS + self.shared.len()).unwrap_or(u32::MAX);
            self.numbers.insert(string.clone(), Known::Shared(number));
            self.shared.push(string);
        }
        let first = self.tables + self.shared.len().div_ceil(table::STRINGS);
        for (table, passages) in (first..).zip(passages.chunks(table::PASSAGES)) {
            for (passage, place) in passages.iter().zip(table * table::STRINGS..) {
                self.numbers.insert(passage.clone(), Known::Shared(u32::try_from(place).unwrap_or(u32::MAX)));
            }
        }
        self.passages = passages;
    }

    /// Learns which strings of the frame go together, from runs of them and how often each came.
    pub(super) fn learn(&mut self, runs: &BTreeMap<Vec<u32>, u64>) {
        self.phrases = Phrases::learn(&mut self.frame, runs);
    }

    /// A run of strings of the frame as phrases.
    pub(super) fn phrases<'a>(&'a self, run: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        self.phrases.in_run(run)
    }

    /// What a string is to all groups, if anything.
    pub(super) fn known(&self, string: &str) -> Option<Known> {
        self.numbers.get(string).copied()
    }
}

/// The strings that a group has had, by number.
#[derive(Default)]
pub(super) struct Had<'a>(HashMap<&'a str, u32, BuildHasherDefault<Fnv>>);

impl<'a> Had<'a> {
    pub(super) fn get(&self, string: &str) -> Option<u32> {
        self.0.get(string).copied()
    }

    pub(super) fn put(&mut self, string: &'a str, number: u32) {
        self.0.insert(string, number);
    }
}
