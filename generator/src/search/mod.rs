//! City → the files of its search: head, facts, faces, shards, texts.
//!
//! What a record gives is decided here and nowhere else ([`record`]); what follows from it, and how it becomes bytes, is
//! the business of `yima-search`, so that whoever has the corpus of a city ([`record_text`], [`SearchFiles::common_text`]) can make the
//! very same files.

pub mod record;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use yima_model::catalogue::Kind;
use yima_search::corpus::{Card, Common, Filing, Lines, Stock, name};
use yima_search::index::order::by_likeness;
use yima_search::index::texts::TextsWriter;
use yima_search::index::{Builder, Built, Doc, Family, Name, Record, Sizes};
use yima_search::term::Pair;

use crate::City;
use record::Records;
pub use yima_search::corpus::Order;

/// The files of a search.
#[derive(Debug, Default)]
pub struct SearchFiles {
    order: Order,
    files: BTreeMap<String, Content>,
    /// Records in the filter that answers first.
    entries: u32,
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
        let stock = stock(city);
        let mut filing = Filing::new(&stock, index(city, &stock));
        let ranges = stock.texts();
        let named = |range: &Range<Doc>| name(texts(city, stock.order(), range.clone()).as_bytes());
        let names: Vec<Name> = ranges.par_iter().map(named).collect();
        filing.texts(ranges.iter().map(|range| range.start).zip(names.iter().copied()));
        while filing.step(&stock) {}
        let entries = filing.entries();
        let files = filing.into_files().into_iter().map(|(path, bytes)| (path, Content::Bytes(bytes)));
        let texts = names.iter().zip(ranges).map(|(name, range)| (Family::Texts.path(name), Content::Texts(range)));
        Self { files: files.chain(texts).collect(), order: stock.into_order(), entries }
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

    /// [`common_text`], with how many records the small filter takes: who makes the files again tries it once, not with
    /// thousands of records first.
    #[must_use]
    pub fn common_text(&self, city: &City) -> String {
        Common { entries: Some(self.entries), ..record::common(city) }.to_text()
    }

    /// The order in which records are numbered.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }
}

/// How many records the corpus of a city has; their places are the numbers below.
#[must_use]
pub fn records(city: &City) -> Doc {
    record::count(city)
}

/// Kind and id of the record at a place; none beyond the last.
#[must_use]
pub fn record_name(city: &City, place: Doc) -> Option<(Kind, &str)> {
    let place = place as usize;
    if let Some(entry) = city.policies.get(place) {
        return Some((Kind::Policy, &entry.policy.id));
    }
    let entry = city.questions.get(place.checked_sub(city.policies.len())?)?;
    Some((Kind::Question, &entry.question.id))
}

/// What the record at a place gives to the search, as text; nothing beyond the last.
#[must_use]
pub fn record_text(city: &City, place: Doc) -> String {
    Records::of(city).in_pieces(place).map(|record| record.to_text()).unwrap_or_default()
}

/// What no record gives to the search, as text; [`SearchFiles::common_text`] says more, where the files are at hand.
#[must_use]
pub fn common_text(city: &City) -> String {
    record::common(city).to_text()
}

/// All records in order, numbered. Their places are those in the city.
pub(crate) fn stock(city: &City) -> Stock {
    let records = Records::of(city);
    let cards: Vec<Card> =
        (0..record::count(city)).into_par_iter().filter_map(|place| records.at(place).map(Card::new)).collect();
    let mut stock = Stock::new(record::common(city), cards);
    let mut places = Vec::new();
    for kind in stock.kinds() {
        let cards = stock.cards().get(kind.start as usize..kind.end as usize).unwrap_or_default();
        let features: Vec<Vec<Pair>> = cards.par_iter().map(Card::features).collect();
        let order = by_likeness(&features).into_iter().filter_map(|at| Doc::try_from(at).ok());
        places.extend(order.map(|at| kind.start + at));
    }
    stock.number(Order::new(places));
    stock
}

/// The shards of the index.
fn index(city: &City, stock: &Stock) -> Built {
    let records = Records::said_of(city);
    let mut builder = Builder::default();
    // Lines are made side by side, a slice of the city at a time, and taken in order.
    for slice in slices(stock.docs()) {
        let lines = slice.into_par_iter().map(|doc| records.lines(stock.order().place_of(doc)));
        let lines: Vec<Lines> = lines.collect();
        for lines in &lines {
            let titles: Vec<&str> = lines.titles.iter().map(String::as_str).collect();
            let body: Vec<&str> = lines.body.iter().map(String::as_str).collect();
            builder.push(Record { titles: &titles, identifiers: &lines.identifiers, body: &body });
        }
    }
    builder.finish(&Sizes::default())
}

/// Slices of the city that are worked on at a time.
fn slices(docs: Doc) -> impl Iterator<Item = Range<Doc>> {
    (0..docs).step_by(512).map(move |start| start..docs.min(start + 512))
}

fn texts(city: &City, order: &Order, range: Range<Doc>) -> String {
    let records = Records::said_of(city);
    let mut writer = TextsWriter::default();
    let first = range.start;
    for doc in range {
        let lines = records.lines(order.place_of(doc));
        writer.push(lines.titles.iter().chain(&lines.body).map(String::as_str));
    }
    writer.finish(first)
}
