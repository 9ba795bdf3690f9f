//! In which order records are numbered: what is alike stands side by side, so that what one question finds lies in few
//! files.

use crate::index::Doc;

/// Numbers of records ⇄ their places: policies, then questions, each kind in an order of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    places: Vec<Doc>,
    docs: Vec<Doc>,
}

impl Order {
    /// Numbers the records at these places, each of which comes once.
    #[must_use]
    pub fn new(places: Vec<Doc>) -> Self {
        let mut docs = vec![0; places.len()];
        for (doc, &place) in (0..).zip(&places) {
            if let Some(number) = docs.get_mut(place as usize) {
                *number = doc;
            }
        }
        Self { places, docs }
    }

    /// The place of the record with a number; the number itself beyond the last.
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
