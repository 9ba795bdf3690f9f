//! Strings that several groups share, a stretch of them: words one after the other, or passages, each of which goes like
//! a page.

use crate::course::{Course, Read};
use crate::day::Day;
use crate::dictionary::Dictionary;
use crate::model::STOP;
use crate::segment::{self, Segment};

/// Strings of a table; numbers go on from here with the next one.
pub(crate) const STRINGS: usize = 1024;

/// Passages of a table. A page with a few of them should not wait for many.
#[cfg(feature = "seal")]
pub(crate) const PASSAGES: usize = 256;

/// What such objects are to a manifest.
pub(crate) const WORDS: &str = "table";
pub(crate) const WHOLE: &str = "passages";

/// Whether a pack is a table.
pub(crate) fn is_table(role: &str) -> bool {
    role == WORDS || role == WHOLE
}

/// A table, opened.
#[derive(Debug)]
pub(crate) struct Table {
    text: String,
    ends: Vec<usize>,
}

impl Table {
    pub(crate) fn open(bytes: &[u8], dictionary: &Dictionary) -> Option<Self> {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for string in dictionary.words(bytes)?.split_inclusive(|byte| *byte == STOP) {
            text.push_str(core::str::from_utf8(string.strip_suffix(&[STOP])?).ok()?);
            ends.push(text.len());
        }
        Some(Self { text, ends })
    }

    /// The reverse of [`Table::open`].
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn encode(strings: &[String], dictionary: &Dictionary) -> Vec<u8> {
        let words: Vec<u8> = strings.iter().flat_map(|string| string.bytes().chain([STOP])).collect();
        dictionary.of_words(&words)
    }

    /// A table of passages, as they are on this day; or the strings that are wanted first. It is a segment of one group,
    /// each page of it a passage.
    pub(crate) fn of_passages<'t>(
        bytes: &[u8],
        day: &Day,
        dictionary: &Dictionary,
        shared: impl Fn(u32) -> Option<Option<&'t str>>,
    ) -> Option<Result<Self, Vec<u32>>> {
        let segment = Segment::open(bytes)?;
        let (words, _) = segment::words(&[(&segment, 0)], dictionary)?;
        let mut course = Course::new(dictionary);
        let (mut text, mut ends, mut wanted) = (String::new(), Vec::new(), Vec::new());
        for _ in course.enter(&segment, 0, words.first()?)? {
            match course.page("", day, dictionary, &shared)? {
                Read::Page(passage) => text.push_str(core::str::from_utf8(&passage).ok()?),
                Read::Wanted(strings) => wanted.extend(strings),
            }
            ends.push(text.len());
        }
        Some(if wanted.is_empty() { Ok(Self { text, ends }) } else { Err(wanted) })
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
