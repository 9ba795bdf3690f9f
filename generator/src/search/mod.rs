//! City → the files of its search: head, facts, faces, shards, texts.
//!
//! What a record says, and under which names it is found, is decided here and nowhere else ([`record`]); how it becomes
//! bytes is the business of `yima-search`.

mod order;
pub mod record;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use yima_search::catalogue::{faces, ids};
use yima_search::index::texts::TextsWriter;
use yima_search::index::{Bet, Builder, Doc, Family, HEAD, Head, Layout, Name, Record, Single, Sizes, Words};
use yima_search::instant::Instant;
use yima_search::text::{bare, fold};

use crate::City;
use crate::catalogue;
pub use order::Order;
use record::Lines;

/// How many bytes of text a file of texts should hold before any compression on the way.
const TEXTS: usize = 160 << 10;

/// Most files of texts: larger cities get larger files.
const MOST_TEXTS: usize = 260;

/// Entries for which more words than this stand in the table are cut: a question must not become a list of synonyms.
const MOST_MEANS: usize = 12;

/// The files of a search.
#[derive(Debug, Default)]
pub struct SearchFiles {
    order: Order,
    files: BTreeMap<String, Content>,
}

#[derive(Debug)]
enum Content {
    Bytes(Vec<u8>),
    /// Made again when it is written: the texts of a city would stand in memory twice.
    Texts(Range<Doc>),
}

impl SearchFiles {
    /// Makes the index of a city.
    #[must_use]
    pub fn of(city: &City) -> Self {
        let docs = record::count(city);
        let order = Order::of(city);
        let mut builder = Builder::default();
        let mut weights = Vec::with_capacity(docs as usize);
        // Lines are made side by side, a slice of the city at a time, and taken in order.
        for slice in slices(docs) {
            let lines: Vec<Lines> = slice.into_par_iter().map(|doc| record::lines(city, order.place_of(doc))).collect();
            for lines in &lines {
                let titles: Vec<&str> = lines.titles.iter().map(String::as_str).collect();
                let body: Vec<&str> = lines.body.iter().map(String::as_str).collect();
                weights.push(lines.len());
                builder.push(Record { titles: &titles, identifiers: &lines.identifiers, body: &body });
            }
        }
        let built = builder.finish(&Sizes::default());
        let rows = catalogue::rows(city, &order);
        let mut head = Head {
            docs,
            first_question: record::policies(city),
            title_lengths: built.title_lengths,
            body_lengths: built.body_lengths,
            words: words(city),
            bets: bets(city, &order),
            ..Head::default()
        };
        let mut search = Self { order, files: BTreeMap::new() };
        for (family, shards) in [(Family::Titles, built.titles), (Family::Bodies, built.bodies)] {
            let named = shards.into_iter().map(|(characters, bytes)| (characters, search.add(family, bytes)));
            *head.files.layout_mut(family) = Layout::of_characters(named.collect::<Vec<_>>());
        }
        let faces = faces::files(docs).map(|range| {
            let places = range.clone().map(|doc| search.order.place_of(doc));
            let faces: Vec<_> = places.filter_map(|place| catalogue::face(city, place)).collect();
            (range.start, faces::encode(range.start, &faces))
        });
        let faces: Vec<(u32, Vec<u8>)> = faces.collect();
        let named = faces.into_iter().map(|(start, bytes)| (start, search.add(Family::Faces, bytes)));
        *head.files.layout_mut(Family::Faces) = Layout::of_records(named.collect::<Vec<_>>());
        *head.files.layout_mut(Family::Texts) = search.texts(city, &weights);
        let policies = search.order.places().filter_map(|place| city.policies.get(place as usize));
        let ids = ids::encode(policies.map(|entry| entry.policy.id.as_str()).collect::<Vec<_>>().into_iter());
        let facts = yima_search::catalogue::encode(&rows);
        let words = vocabulary::vocabulary(city);
        let mut singles = vec![(Single::Facts, facts), (Single::Ids, ids), (Single::Vocabulary, words)];
        singles.extend(Instant::encode(&record::entries(city)).map(|bytes| (Single::Instant, bytes)));
        for (single, bytes) in singles {
            let name = name(&bytes);
            search.files.insert(single.path(&name), Content::Bytes(bytes));
            if let Some(place) = head.files.single.get_mut(single as usize) {
                *place = Some(name);
            }
        }
        search.files.insert(HEAD.to_owned(), Content::Bytes(head.encode()));
        search
    }

    /// Paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The bytes of a file; none when there is no such file.
    #[must_use]
    pub fn bytes(&self, city: &City, path: &str) -> Option<Vec<u8>> {
        Some(match self.files.get(path)? {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Texts(range) => texts(city, &self.order, range.clone()).into_bytes(),
        })
    }

    /// The order in which records are numbered.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// Takes a file of a family; its name.
    fn add(&mut self, family: Family, bytes: Vec<u8>) -> Name {
        let name = name(&bytes);
        self.files.insert(family.path(&name), Content::Bytes(bytes));
        name
    }

    fn texts(&mut self, city: &City, weights: &[usize]) -> Layout {
        let total: usize = weights.iter().sum();
        let wanted = TEXTS.max(total / MOST_TEXTS);
        let mut ranges: Vec<Range<Doc>> = Vec::new();
        let (mut start, mut size) = (0, 0);
        for (doc, &weight) in (0..).zip(weights) {
            if size > 0 && size + weight > wanted {
                ranges.push(start..doc);
                (start, size) = (doc, 0);
            }
            size += weight;
        }
        let docs = u32::try_from(weights.len()).unwrap_or(u32::MAX);
        ranges.extend((start < docs).then_some(start..docs));
        let order = &self.order;
        let names: Vec<Name> =
            ranges.par_iter().map(|range| name(texts(city, order, range.clone()).as_bytes())).collect();
        let layout = Layout::of_records(ranges.iter().map(|range| range.start).zip(names.iter().copied()));
        let files = names.iter().zip(ranges).map(|(name, range)| (Family::Texts.path(name), Content::Texts(range)));
        self.files.extend(files);
        layout
    }
}

/// Slices of the city that are worked on at a time.
fn slices(docs: Doc) -> impl Iterator<Item = Range<Doc>> {
    (0..docs).step_by(512).map(move |start| start..docs.min(start + 512))
}

fn texts(city: &City, order: &Order, range: Range<Doc>) -> String {
    let mut writer = TextsWriter::default();
    let first = range.start;
    for doc in range {
        let lines = record::lines(city, order.place_of(doc));
        writer.push(lines.titles.iter().chain(&lines.body).map(String::as_str));
    }
    writer.finish(first)
}

fn name(bytes: &[u8]) -> Name {
    let digest = Sha256::digest(bytes);
    digest.first_chunk().copied().unwrap_or_default()
}

/// The table of words as the index reads it: one entry for everything people say, both ways where the table says so.
fn words(city: &City) -> Vec<Words> {
    let mut means: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |say: &str, mean: &str| {
        let (say, mean) = (fold(say), fold(mean));
        let known = means.entry(say.clone()).or_default();
        if say != mean && !known.contains(&mean) && known.len() < MOST_MEANS {
            known.push(mean);
        }
    };
    for words in &city.tables.words {
        for say in &words.say {
            for mean in &words.means {
                add(say, mean);
                if words.both {
                    add(mean, say);
                }
            }
        }
    }
    means.into_iter().map(|(say, means)| Words { say, means }).collect()
}

/// Best bets by the bare form of their queries. Records that are not there are a mistake that `check` reports.
fn bets(city: &City, order: &Order) -> Vec<Bet> {
    let docs = |records: &[String]| {
        let places = records.iter().filter_map(|record| record::by_name(city, record));
        places.map(|place| order.doc_of(place)).collect()
    };
    let mut bets: BTreeMap<String, Bet> = BTreeMap::new();
    for bet in &city.tables.best_bets {
        for query in &bet.queries {
            let query = bare(&fold(query));
            let made = Bet { query: query.clone(), best: docs(&bet.records), bury: docs(&bet.bury) };
            bets.entry(query).or_insert(made);
        }
    }
    bets.into_values().collect()
}
