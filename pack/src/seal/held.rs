//! The release before, opened to be followed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::encode::Start;
use super::follow::Before;
use super::packs::Needs;
use super::{Plan, Way};
use crate::course::{Course, Had, Read};
use crate::day::Day;
use crate::dictionary::Dictionary;
use crate::directory::{Directory, Spot};
use crate::segment::{self, Segment};
use crate::table::{self, Table, is_table};
use crate::text::Text;

/// Digits of a hash in the name of a file, at least.
const SHORTEST_HASH: usize = 8;

/// A release, opened.
pub(super) struct Held {
    pub(super) dictionary: Dictionary,
    /// What its frames say instead of the names of some files.
    pub(super) renamed: Vec<(String, String)>,
    pub(super) tables: Vec<Table>,
    /// Which tables the tables of passages are made of.
    pub(super) needs: Needs,
    pub(super) segments: BTreeMap<usize, Segment>,
    /// The words of every group.
    pub(super) words: BTreeMap<segment::Before, Vec<u8>>,
    pub(super) spots: BTreeMap<String, Spot>,
    /// Groups that go on from one another.
    pub(super) chains: Vec<Vec<segment::Before>>,
}

impl Held {
    /// Opens all packs; `None` when one is not what it should be. Passages are as on that day, with files named as in the
    /// plan.
    pub(super) fn open(before: &Before, plan: &Plan, day: &Day) -> Option<Self> {
        let dictionary = Dictionary::decode(before.of_role("dictionary").next()?.1)?;
        let renamed = renamed(&dictionary.frame, plan);
        let dictionary = dictionary.renamed(&renamed);
        let (mut tables, mut needs): (Vec<Table>, Needs) = Default::default();
        for (place, role) in before.manifest.roles().filter(|(_, role)| is_table(role)) {
            let bytes = before.pack(place)?;
            let table = if role == table::WORDS {
                Table::open(bytes, &dictionary)?
            } else {
                // Words stand in tables before.
                let named = RefCell::new(BTreeSet::new());
                let string = |number: u32| {
                    let number = usize::try_from(number).ok()?;
                    named.borrow_mut().insert(number / table::STRINGS);
                    tables.get(number / table::STRINGS)?.get(number % table::STRINGS).map(Some)
                };
                let table = Table::of_passages(bytes, day, &dictionary, string)?.ok()?;
                needs.insert(tables.len(), named.into_inner());
                table
            };
            tables.push(table);
        }
        let all: Vec<(usize, &[u8])> = before.of_role("segment").collect();
        let open = |&(place, bytes): &(usize, &[u8])| Some((place, Segment::open(bytes)?));
        let segments: BTreeMap<usize, Segment> = all.par_iter().map(open).collect::<Option<_>>()?;
        let mut spots = BTreeMap::new();
        let directory = |role: &str| role.starts_with("directory ") || role == "overlay";
        for (place, _) in before.manifest.roles().filter(|(_, role)| directory(role)) {
            for (path, spot) in Directory::decode(before.pack(place)?)?.into_spots() {
                match spot {
                    Some(spot) => spots.insert(path, spot),
                    None => spots.remove(&path),
                };
            }
        }
        let chains = chains(&segments);
        let words = chains.par_iter().map(|chain| {
            let (words, _) = segment::words(&groups_of(&segments, chain)?, &dictionary)?;
            Some(chain.iter().copied().zip(words).collect::<Vec<_>>())
        });
        let words = words.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        Some(Self { dictionary, renamed, tables, needs, segments, words, spots, chains })
    }

    /// The groups of a chain; none where something begins.
    pub(super) fn chain(&self, number: Option<usize>) -> &[segment::Before] {
        number.and_then(|number| self.chains.get(number)).map_or(&[], Vec::as_slice)
    }

    fn string(&self, number: u32) -> Option<&str> {
        let number = usize::try_from(number).ok()?;
        self.tables.get(number / table::STRINGS)?.get(number % table::STRINGS)
    }

    /// Which of these pages, by segment and place in it, are as `is_same` says they should be; and which tables the chain
    /// needs. `None` when the chain cannot be read.
    pub(super) fn compare(
        &self,
        chain: &[segment::Before],
        day: &Day,
        path: impl Fn(usize, usize) -> Option<(usize, String)>,
        mut is_same: impl FnMut(usize, &[u8]) -> Option<bool>,
    ) -> Option<Compared> {
        let mut course = Course::new(&self.dictionary);
        let mut compared = Compared::default();
        for part in chain {
            for page in course.enter(self.segments.get(&part.segment)?, part.group, self.words.get(part)?)? {
                let Some((place, path)) = path(part.segment, page) else {
                    course.skip()?;
                    continue;
                };
                let Read::Page(bytes) =
                    course.page(&path, day, &self.dictionary, |number| self.string(number).map(Some))?
                else {
                    return None;
                };
                compared.places.push(place);
                if is_same(place, &bytes)? {
                    compared.same.push(place);
                }
            }
        }
        let shared =
            course.had.iter().filter_map(|had| if let Had::Shared(number) = had { Some(*number) } else { None });
        let tables: BTreeSet<usize> = shared.map(|number| number as usize / table::STRINGS).collect();
        compared.tables = tables.iter().filter_map(|table| self.needs.get(table)).flatten().copied().collect();
        compared.tables.extend(tables);
        Some(compared)
    }

    /// What a group goes on from, and its text.
    pub(super) fn start(&self, chain: &[segment::Before]) -> Option<(Start<'_>, Text)> {
        let mut course = Course::new(&self.dictionary);
        let mut pages = Vec::new();
        for part in chain {
            for page in course.enter(self.segments.get(&part.segment)?, part.group, self.words.get(part)?)? {
                course.skip()?;
                pages.push((part.segment, page));
            }
        }
        let had = course.had.iter().map(|had| match had {
            Had::Words(part, range) => {
                core::str::from_utf8(self.words.get(chain.get(*part)?)?.get(range.clone())?).ok()
            }
            Had::Shared(number) => self.string(*number),
        });
        let start = Start { had: had.collect(), model: course.model, pages };
        let (_, text) = segment::words(&groups_of(&self.segments, chain)?, &self.dictionary)?;
        Some((start, text))
    }
}

/// Which strings of frames are names of files that have others now: the same but for the hash in them.
fn renamed(frame: &[String], plan: &Plan) -> Vec<(String, String)> {
    let mut now: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for entry in plan.entries.iter().filter(|entry| entry.way == Way::Plain && !entry.path.contains(' ')) {
        if let Some(unhashed) = unhashed(&entry.path) {
            now.entry(unhashed).or_default().push(&entry.path);
        }
    }
    let other = |string: &String| {
        let path = string.strip_prefix('/')?;
        // Where several have it, nobody knows which one it has become.
        match now.get(&unhashed(path)?)?.as_slice() {
            [now] if *now != path => Some((string.clone(), format!("/{now}"))),
            _ => None,
        }
    };
    frame.iter().filter_map(other).collect()
}

/// What stands before and behind the hash in the name of a file; nothing where there is none.
fn unhashed(path: &str) -> Option<(&str, &str)> {
    let (before, rest) = path.rsplit_once('-')?;
    let end = rest.find(|ch: char| !ch.is_ascii_hexdigit()).unwrap_or(rest.len());
    (end >= SHORTEST_HASH).then(|| (before, rest.get(end..).unwrap_or_default()))
}

/// What became of the pages of a chain.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// All pages that are still somewhere.
    pub(super) places: Vec<usize>,
    /// Those that are as they were.
    pub(super) same: Vec<usize>,
    /// Tables with strings of the chain.
    pub(super) tables: BTreeSet<usize>,
}

/// The groups of a chain.
fn groups_of<'s>(
    segments: &'s BTreeMap<usize, Segment>,
    chain: &[segment::Before],
) -> Option<Vec<(&'s Segment, usize)>> {
    chain.iter().map(|part| Some((segments.get(&part.segment)?, part.group))).collect()
}

/// Groups that go on from one another, each chain from its beginning.
fn chains(segments: &BTreeMap<usize, Segment>) -> Vec<Vec<segment::Before>> {
    let mut next = BTreeMap::new();
    let mut chains: Vec<Vec<segment::Before>> = Vec::new();
    for (&number, segment) in segments {
        for group in 0..segment.len() {
            let own = segment::Before { segment: number, group };
            match segment.before(group) {
                Some(before) => _ = next.insert(before, own),
                None => chains.push(vec![own]),
            }
        }
    }
    for chain in &mut chains {
        while let Some(&after) = chain.last().and_then(|last| next.get(last)) {
            chain.push(after);
        }
    }
    chains
}
