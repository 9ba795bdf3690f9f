//! In which order records are numbered: what is alike stands side by side, so that what one question finds lies in few
//! files.

use rayon::prelude::*;
use yima_search::index::Doc;
use yima_search::index::order::by_likeness;
use yima_search::term::{Pair, pairs, runs};
use yima_search::text::fold;

use super::record;
use crate::City;

/// Numbers of records ⇄ their places in the city: policies, then questions, each kind in an order of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    places: Vec<Doc>,
    docs: Vec<Doc>,
}

impl Order {
    /// The order of a city's records, by what they are called.
    #[must_use]
    pub fn of(city: &City) -> Self {
        let called = |place: Doc| -> Vec<Pair> {
            let lines = record::lines(city, place);
            lines.titles.iter().flat_map(|title| runs(&fold(title)).flat_map(pairs).collect::<Vec<Pair>>()).collect()
        };
        let mut places = Vec::new();
        for kind in [0..record::policies(city), record::policies(city)..record::count(city)] {
            let features: Vec<Vec<Pair>> = kind.clone().into_par_iter().map(called).collect();
            let order = by_likeness(&features).into_iter().filter_map(|at| Doc::try_from(at).ok());
            places.extend(order.map(|at| kind.start + at));
        }
        let mut docs = vec![0; places.len()];
        for (doc, &place) in (0..).zip(&places) {
            if let Some(number) = docs.get_mut(place as usize) {
                *number = doc;
            }
        }
        Self { places, docs }
    }

    /// The place in the city of the record with a number; the number itself beyond the last.
    #[must_use]
    pub fn place_of(&self, doc: Doc) -> Doc {
        self.places.get(doc as usize).copied().unwrap_or(doc)
    }

    /// The number of the record at a place.
    #[must_use]
    pub fn doc_of(&self, place: Doc) -> Doc {
        self.docs.get(place as usize).copied().unwrap_or(place)
    }

    /// Places in the order of the numbers.
    pub fn places(&self) -> impl Iterator<Item = Doc> {
        self.places.iter().copied()
    }
}
