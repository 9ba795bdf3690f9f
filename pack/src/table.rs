//! Strings that several groups share, a stretch of them.

use crate::bytes::Reader;
use crate::dictionary::inflate;

/// Strings of a table.
pub(crate) const STRINGS: usize = 1024;

/// A table, opened.
#[derive(Debug)]
pub(crate) struct Table {
    text: String,
    ends: Vec<usize>,
}

impl Table {
    /// `lengths and bytes`, compressed.
    pub(crate) fn open(bytes: &[u8]) -> Option<Self> {
        let bytes = inflate(bytes, &[])?;
        let mut input = Reader(&bytes);
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        while !input.0.is_empty() {
            text.extend_from_slice(input.bytes()?);
            ends.push(text.len());
        }
        let text = String::from_utf8(text).ok()?;
        ends.iter().all(|end| text.is_char_boundary(*end)).then_some(Self { text, ends })
    }

    /// All its strings.
    #[cfg(feature = "seal")]
    pub(crate) fn strings(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|place| self.get(place))
    }

    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let start = if place == 0 { 0 } else { *self.ends.get(place - 1)? };
        self.text.get(start..*self.ends.get(place)?)
    }
}
