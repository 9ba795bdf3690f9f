//! All records in order, and the files that follow from them.

use core::cmp::Reverse;
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use yima_model::Lifespan;
use yima_model::catalogue::{Catalogue, Face, Kind};
use yima_model::validity::stands;

use super::card::Row;
use super::lines::span;
use super::{Card, Common, Order};
use crate::catalogue::{self, faces, ids};
use crate::index::{Bet, Built, Doc, Head};
use crate::instant::Entry;
use crate::text::{bare, fold};
use crate::vocabulary::Vocabulary;

/// How many bytes of text a file of texts should hold before any compression on the way.
const TEXTS: usize = 160 << 10;

/// Most files of texts: larger cities get larger files.
const MOST_TEXTS: usize = 260;

/// Most records for the filter that answers first: more never fit.
const MOST_ENTRIES: usize = 2_000;

/// Longest and shortest word worth a key stroke, in characters.
const LENGTHS: core::ops::RangeInclusive<usize> = 2..=10;

/// Most words worth a key stroke.
const MOST_WORDS: usize = 20_000;

/// All records in order: policies by their ids, then questions by theirs. Where one stands is its place.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    common: Common,
    cards: Vec<Card>,
    /// How many of them are policies.
    policies: usize,
    order: Order,
    /// Words worth a key stroke, with their weights.
    words: BTreeMap<String, u32>,
}

impl Stock {
    /// Puts records in order, in whatever order they come. Of two with the same id, one is left out.
    #[must_use]
    pub fn new(common: Common, mut cards: Vec<Card>) -> Self {
        cards.sort_by(|a, b| a.key().cmp(&b.key()));
        cards.dedup_by(|a, b| a.key() == b.key());
        let policies = cards.partition_point(|card| card.key().0 == Kind::Policy);
        let mut stock = Self { common, cards, policies, order: Order::default(), words: BTreeMap::new() };
        stock.set_spans();
        stock.count_words();
        stock
    }

    /// How many records.
    #[must_use]
    pub fn docs(&self) -> Doc {
        u32::try_from(self.cards.len()).unwrap_or(u32::MAX)
    }

    /// The places of policies, and those of questions.
    #[must_use]
    pub fn kinds(&self) -> [Range<Doc>; 2] {
        let policies = u32::try_from(self.policies).unwrap_or(u32::MAX);
        [0..policies, policies..self.docs()]
    }

    /// The records, by their places.
    #[must_use]
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The order in which records are numbered.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// Numbers the records.
    pub fn number(&mut self, order: Order) {
        self.order = order;
    }

    /// The same without what is no longer needed.
    #[must_use]
    pub fn into_order(self) -> Order {
        self.order
    }

    pub(super) fn card(&self, doc: Doc) -> Option<&Card> {
        self.cards.get(self.order.place_of(doc) as usize)
    }

    pub(super) fn card_mut(&mut self, doc: Doc) -> Option<&mut Card> {
        self.cards.get_mut(self.order.place_of(doc) as usize)
    }

    /// The place of a record given as `policy:<id>` or `question:<id>`.
    fn by_name(&self, name: &str) -> Option<Doc> {
        let (kind, id) = name.split_once(':')?;
        let kind = Kind::ALL.into_iter().find(|known| known.id() == kind)?;
        let place = self.cards.binary_search_by(|card| card.key().cmp(&(kind, id))).ok()?;
        u32::try_from(place).ok()
    }

    /// The places of the policies a question rests on, in its order; those that are not there are left out.
    fn bound<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = Doc> + Clone + 'a {
        let place = |id: &String| self.cards.binary_search_by(|card| card.key().cmp(&(Kind::Policy, id))).ok();
        ids.iter().filter_map(place).filter_map(|place| u32::try_from(place).ok())
    }

    fn lifespan(&self, place: Doc) -> Option<&Lifespan> {
        match &self.cards.get(place as usize)?.row {
            Row::Policy(row) => Some(&row.lifespan),
            Row::Question(..) => None,
        }
    }

    fn set_spans(&mut self) {
        let today = self.common.built;
        let span = |card: &Card| match &card.row {
            Row::Policy(row) => span(today, [&row.lifespan].into_iter(), None),
            Row::Question(row, ids) => {
                span(today, self.bound(ids).filter_map(|place| self.lifespan(place)), row.expires)
            }
        };
        let spans: Vec<_> = self.cards.iter().map(span).collect();
        for (card, span) in self.cards.iter_mut().zip(spans) {
            match &mut card.face {
                Face::Policy(face) => face.span = span,
                Face::Question(face) => face.span = span,
            }
        }
    }

    fn count_words(&mut self) {
        let mut words = BTreeMap::new();
        let mut add = |word: String, weight: u32| {
            let chinese = word.chars().all(char::is_alphanumeric) && !word.is_ascii();
            if chinese && LENGTHS.contains(&word.chars().count()) {
                *words.entry(word).or_default() += weight;
            }
        };
        for card in &mut self.cards {
            core::mem::take(&mut card.words).into_iter().for_each(|(word, weight)| add(word, weight));
        }
        self.common.vocabulary().for_each(|(word, weight)| add(fold(word), weight));
        self.words = words;
    }

    /// The bytes of the vocabulary, the most frequent words first.
    pub(super) fn vocabulary(&self) -> Vec<u8> {
        let mut words: Vec<(u32, &String)> = self.words.iter().map(|(word, weight)| (*weight, word)).collect();
        words.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let words: Vec<String> = words.into_iter().take(MOST_WORDS).map(|(_, word)| word.clone()).collect();
        Vocabulary::encode(&self.common.syllables, &words)
    }

    /// The bytes of the faces of some records.
    pub(super) fn faces(&self, range: Range<Doc>) -> Vec<u8> {
        let first = range.start;
        let faces: Vec<Face> = range.filter_map(|doc| Some(self.card(doc)?.face.clone())).collect();
        faces::encode(first, &faces)
    }

    /// The facts of all records, in the order of their numbers.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        let mut catalogue = Catalogue {
            built: self.common.built,
            expiring_days: self.common.expiring_days,
            tables: self.common.tables.clone(),
            policies: Vec::with_capacity(self.policies),
            questions: Vec::with_capacity(self.cards.len() - self.policies),
        };
        for card in (0..self.docs()).filter_map(|doc| self.card(doc)) {
            match &card.row {
                Row::Policy(row) => catalogue.policies.push(row.clone()),
                Row::Question(row, ids) => {
                    let mut row = row.clone();
                    row.policies = self.bound(ids).map(|place| self.order.doc_of(place)).collect();
                    catalogue.questions.push(row);
                }
            }
        }
        catalogue
    }

    /// The bytes of [`Stock::catalogue`].
    pub(super) fn facts(&self) -> Vec<u8> {
        catalogue::encode(&self.catalogue())
    }

    /// The bytes of the ids of all policies.
    pub(super) fn ids(&self) -> Vec<u8> {
        let [policies, _] = self.kinds();
        let ids: Vec<&str> = policies.filter_map(|doc| Some(self.card(doc)?.face.id())).collect();
        ids::encode(ids.into_iter())
    }

    /// The records of each file of texts.
    #[must_use]
    pub fn texts(&self) -> Vec<Range<Doc>> {
        let total: usize = self.cards.iter().map(|card| card.weight).sum();
        let wanted = TEXTS.max(total / MOST_TEXTS);
        let mut ranges: Vec<Range<Doc>> = Vec::new();
        let (mut start, mut size) = (0, 0);
        for (doc, card) in (0..self.docs()).filter_map(|doc| Some((doc, self.card(doc)?))) {
            if size > 0 && size + card.weight > wanted {
                ranges.push(start..doc);
                (start, size) = (doc, 0);
            }
            size += card.weight;
        }
        ranges.extend((start < self.docs()).then_some(start..self.docs()));
        ranges
    }

    /// The records for the filter that answers first, the most important first: best bets, policies in force, the newest
    /// first, then live questions.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let (today, expiring_days) = (self.common.built, self.common.expiring_days);
        let named = self.common.bets.iter().flat_map(|bet| &bet.records).filter_map(|record| self.by_name(record));
        let (mut live, mut questions) = (Vec::new(), Vec::new());
        for (place, card) in (0..).zip(&self.cards) {
            match &card.row {
                Row::Policy(row) if row.lifespan.on(today, expiring_days).is_live() => {
                    live.push((Reverse(row.published), place));
                }
                Row::Question(row, ids) => {
                    let bound = self.bound(ids).filter_map(|place| self.lifespan(place));
                    if stands(today, row.expires, bound.map(|lifespan| lifespan.on(today, expiring_days))) {
                        questions.push(place);
                    }
                }
                Row::Policy(_) => {}
            }
        }
        live.sort_unstable();
        let mut seen = BTreeSet::new();
        let order = named.chain(live.into_iter().map(|(_, place)| place)).chain(questions);
        let cards = order.filter(|place| seen.insert(*place)).filter_map(|place| self.cards.get(place as usize));
        let entry = |card: &Card| Entry {
            title: card.face.title().to_owned(),
            path: card.face.path(),
            names: card.titles.iter().skip(1).cloned().collect(),
        };
        let most = self.common.entries.map_or(MOST_ENTRIES, |most| (most as usize).min(MOST_ENTRIES));
        cards.take(most).map(entry).collect()
    }

    /// The head, but for its files.
    pub(super) fn head(&self, built: &mut Built) -> Head {
        Head {
            docs: self.docs(),
            first_question: self.kinds()[1].start,
            title_lengths: core::mem::take(&mut built.title_lengths),
            body_lengths: core::mem::take(&mut built.body_lengths),
            words: self.common.index_words(),
            bets: self.bets(),
            ..Head::default()
        }
    }

    /// Best bets by the bare form of their queries. Records that are not there are a mistake that `check` reports.
    fn bets(&self) -> Vec<Bet> {
        let docs = |records: &[String]| {
            records.iter().filter_map(|record| self.by_name(record)).map(|place| self.order.doc_of(place)).collect()
        };
        let mut bets: BTreeMap<String, Bet> = BTreeMap::new();
        for bet in &self.common.bets {
            for query in &bet.queries {
                let query = bare(&fold(query));
                let made = Bet { query: query.clone(), best: docs(&bet.records), bury: docs(&bet.bury) };
                bets.entry(query).or_insert(made);
            }
        }
        bets.into_values().collect()
    }
}
