//! All files of a search, made in steps small enough for a program that must answer meanwhile.

use core::ops::Range;
use std::collections::BTreeMap;
use std::vec::IntoIter;

use super::{Card, Common, Filing, Order, Record, Stock};
use crate::index::order::Likeness;
use crate::index::texts::TextsWriter;
use crate::index::{self, Builder, Doc, Family, Finishing, Name, Sizes};
use crate::term::Pair;

/// Bytes of text that are taken apart in one step.
const BYTES: usize = 128 << 10;

/// Records of which the names are taken apart in one step.
const NAMES: u32 = 256;

/// How far the making has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done, out of a thousand parts that take about the same time.
    pub done: u32,
}

/// Makes the files of a search.
///
/// Records come in any order ([`Maker::push`]); then [`Maker::step`] is called until it has no more to do, and
/// [`Maker::files`] are what the generator makes of the same city.
#[derive(Debug)]
pub struct Maker {
    common: Common,
    cards: Vec<Card>,
    stock: Stock,
    work: Work,
}

/// What is being made.
#[derive(Debug)]
enum Work {
    /// Records may still come.
    Collect,
    /// The names of the records of a kind, as far as they are taken apart.
    Names(Kinds, Vec<Vec<Pair>>),
    /// The order of the records of a kind.
    Order(Kinds, Box<Likeness>),
    Postings(Doc, Box<Builder>),
    Shards(Box<Finishing>),
    Texts(Box<Filing>, IntoIter<Range<Doc>>, Vec<(Doc, Name)>),
    Rest(Box<Filing>),
    Done(BTreeMap<String, Vec<u8>>),
}

/// Kinds of records whose order is being found.
#[derive(Debug)]
struct Kinds {
    now: Range<Doc>,
    next: Option<Range<Doc>>,
    /// Places of those whose order is known.
    places: Vec<Doc>,
}

impl Maker {
    /// A maker without records.
    #[must_use]
    pub fn new(common: Common) -> Self {
        Self { common, cards: Vec::new(), stock: Stock::default(), work: Work::Collect }
    }

    /// Takes a record. Those that come after the first step are not taken.
    pub fn push(&mut self, record: Record) {
        if matches!(self.work, Work::Collect) {
            self.cards.push(Card::with_body(record));
        }
    }

    /// Does a small part; nothing when all is done.
    pub fn step(&mut self) -> Option<Progress> {
        let work = core::mem::replace(&mut self.work, Work::Collect);
        self.work = self.advance(work);
        self.progress().map(|done| Progress { done })
    }

    /// The files under their paths; none before all is done.
    #[must_use]
    pub fn files(self) -> BTreeMap<String, Vec<u8>> {
        if let Work::Done(files) = self.work { files } else { BTreeMap::new() }
    }

    /// What is done; the shares are measured.
    fn progress(&self) -> Option<u32> {
        let share = |start: u32, end: u32, part: usize, all: usize| {
            let part = u32::try_from(part).unwrap_or(u32::MAX).min(1 << 20);
            start + (end - start) * part / u32::try_from(all).unwrap_or(u32::MAX).clamp(part.max(1), 1 << 20)
        };
        let docs = self.stock.cards().len();
        Some(match &self.work {
            Work::Collect => 0,
            Work::Names(kinds, names) => share(0, 120, kinds.places.len() + names.len() / 4, docs),
            Work::Order(kinds, _) => share(0, 120, kinds.places.len() + kinds.now.len() / 4, docs),
            Work::Postings(doc, _) => share(120, 780, *doc as usize, docs),
            Work::Shards(_) => 780,
            Work::Texts(_, rest, named) => share(900, 970, named.len(), named.len() + rest.len()),
            Work::Rest(_) => 970,
            Work::Done(_) => return None,
        })
    }

    fn advance(&mut self, work: Work) -> Work {
        match work {
            Work::Collect => {
                self.stock = Stock::new(core::mem::take(&mut self.common), core::mem::take(&mut self.cards));
                let [policies, questions] = self.stock.kinds();
                Work::Names(Kinds { now: policies, next: Some(questions), places: Vec::new() }, Vec::new())
            }
            Work::Names(kinds, mut names) => {
                let start = kinds.now.start + u32::try_from(names.len()).unwrap_or(u32::MAX);
                let range = start as usize..kinds.now.end.min(start + NAMES) as usize;
                names.extend(self.stock.cards().get(range).unwrap_or_default().iter().map(Card::features));
                if names.len() < kinds.now.len() {
                    Work::Names(kinds, names)
                } else {
                    Work::Order(kinds, Box::new(Likeness::new(&names)))
                }
            }
            Work::Order(mut kinds, mut likeness) => {
                if likeness.step() {
                    return Work::Order(kinds, likeness);
                }
                let order = likeness.into_order().into_iter().filter_map(|at| u32::try_from(at).ok());
                kinds.places.extend(order.map(|at| kinds.now.start + at));
                match kinds.next.take() {
                    Some(next) => Work::Names(Kinds { now: next, ..kinds }, Vec::new()),
                    None => {
                        self.stock.number(Order::new(kinds.places));
                        Work::Postings(0, Box::default())
                    }
                }
            }
            Work::Postings(doc, builder) => self.postings(doc, builder),
            Work::Shards(mut finishing) => {
                if finishing.step() {
                    return Work::Shards(finishing);
                }
                let filing = Box::new(Filing::new(&self.stock, finishing.into_built()));
                Work::Texts(filing, self.stock.texts().into_iter(), Vec::new())
            }
            Work::Texts(mut filing, mut ranges, mut named) => match ranges.next() {
                Some(range) => {
                    named.push((range.start, filing.add(Family::Texts, self.texts(range))));
                    Work::Texts(filing, ranges, named)
                }
                None => {
                    filing.texts(named);
                    Work::Rest(filing)
                }
            },
            Work::Rest(mut filing) => {
                if filing.step(&self.stock) {
                    Work::Rest(filing)
                } else {
                    Work::Done(filing.into_files())
                }
            }
            Work::Done(files) => Work::Done(files),
        }
    }

    /// Takes some records apart.
    fn postings(&self, start: Doc, mut builder: Box<Builder>) -> Work {
        let mut bytes = 0;
        for doc in start..self.stock.docs() {
            if bytes > BYTES {
                return Work::Postings(doc, builder);
            }
            let Some(card) = self.stock.card(doc) else { continue };
            let titles: Vec<&str> = card.titles.iter().map(String::as_str).collect();
            let body: Vec<&str> = card.body.split('\n').collect();
            builder.push(index::Record { titles: &titles, identifiers: &card.identifiers, body: &body });
            bytes += card.weight;
        }
        Work::Shards(Box::new(Finishing::new(*builder, Sizes::default())))
    }

    /// A file of texts. What it holds is not kept twice.
    fn texts(&mut self, range: Range<Doc>) -> Vec<u8> {
        let mut writer = TextsWriter::default();
        let first = range.start;
        for doc in range {
            let Some(card) = self.stock.card_mut(doc) else { continue };
            let body = core::mem::take(&mut card.body);
            writer.push(card.titles.iter().map(String::as_str).chain([body.as_str()]));
        }
        writer.finish(first).into_bytes()
    }
}
