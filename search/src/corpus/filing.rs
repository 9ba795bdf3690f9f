//! Files under their names.

use core::ops::Range;
use std::collections::BTreeMap;
use std::vec::IntoIter;

use sha2::{Digest, Sha256};

use super::Stock;
use crate::catalogue::faces;
use crate::index::{Built, Doc, Family, HEAD, Head, Layout, Name, Single};
use crate::instant::Fitting;

/// The name of a file with these bytes.
#[must_use]
pub fn name(bytes: &[u8]) -> Name {
    Sha256::digest(bytes).first_chunk().copied().unwrap_or_default()
}

/// Files that are made, under their paths, and a head that names them.
#[derive(Debug)]
pub struct Filing {
    files: BTreeMap<String, Vec<u8>>,
    head: Head,
    /// Records in the filter that answers first.
    entries: u32,
    rest: Rest,
    /// Shards of bodies, until those of titles have their names.
    bodies: Vec<Shard>,
}

/// The characters of a shard, and its bytes.
type Shard = (Vec<char>, Vec<u8>);

/// What is still to be made of what follows from a [`Stock`] alone.
#[derive(Debug)]
enum Rest {
    Shards(Family, IntoIter<Shard>, Vec<(Vec<char>, Name)>),
    Faces(IntoIter<Range<Doc>>, Vec<(Doc, Name)>),
    Facts,
    Vocabulary,
    Instant(Fitting),
    Head,
    Nothing,
}

impl Filing {
    /// Takes the index of all records.
    #[must_use]
    pub fn new(stock: &Stock, mut built: Built) -> Self {
        let head = stock.head(&mut built);
        let rest = Rest::Shards(Family::Titles, built.titles.into_iter(), Vec::new());
        Self { files: BTreeMap::new(), head, entries: 0, rest, bodies: built.bodies }
    }

    /// Takes a file of a family; its name.
    pub(super) fn add(&mut self, family: Family, bytes: Vec<u8>) -> Name {
        let name = name(&bytes);
        self.files.insert(family.path(&name), bytes);
        name
    }

    /// The files of texts, each with its first record. They need not be filed here.
    pub fn texts(&mut self, files: impl IntoIterator<Item = (Doc, Name)>) {
        *self.head.files.layout_mut(Family::Texts) = Layout::of_records(files);
    }

    /// Files a shard, or makes one of the files that follow from all records together, last the head; whether there is
    /// more to do.
    pub fn step(&mut self, stock: &Stock) -> bool {
        self.rest = match core::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Shards(family, mut shards, mut named) => match shards.next() {
                Some((characters, bytes)) => {
                    named.push((characters, self.add(family, bytes)));
                    Rest::Shards(family, shards, named)
                }
                None => {
                    *self.head.files.layout_mut(family) = Layout::of_characters(named);
                    if family == Family::Titles {
                        Rest::Shards(Family::Bodies, core::mem::take(&mut self.bodies).into_iter(), Vec::new())
                    } else {
                        Rest::Faces(faces::files(stock.docs()).collect::<Vec<_>>().into_iter(), Vec::new())
                    }
                }
            },
            Rest::Faces(mut ranges, mut named) => match ranges.next() {
                Some(range) => {
                    named.push((range.start, self.add(Family::Faces, stock.faces(range))));
                    Rest::Faces(ranges, named)
                }
                None => {
                    *self.head.files.layout_mut(Family::Faces) = Layout::of_records(named);
                    Rest::Facts
                }
            },
            Rest::Facts => {
                self.single(Single::Facts, stock.facts());
                self.single(Single::Ids, stock.ids());
                Rest::Vocabulary
            }
            Rest::Vocabulary => {
                self.single(Single::Vocabulary, stock.vocabulary());
                Rest::Instant(Fitting::new(stock.entries()))
            }
            Rest::Instant(mut fitting) => match fitting.step() {
                None => Rest::Instant(fitting),
                Some(instant) => {
                    self.entries = u32::try_from(fitting.taken()).unwrap_or(u32::MAX);
                    if let Some(bytes) = instant {
                        self.single(Single::Instant, bytes);
                    }
                    Rest::Head
                }
            },
            Rest::Head => {
                self.files.insert(HEAD.to_owned(), self.head.encode());
                Rest::Nothing
            }
            Rest::Nothing => Rest::Nothing,
        };
        !matches!(self.rest, Rest::Nothing)
    }

    fn single(&mut self, single: Single, bytes: Vec<u8>) {
        let name = name(&bytes);
        self.files.insert(single.path(&name), bytes);
        if let Some(place) = self.head.files.single.get_mut(single as usize) {
            *place = Some(name);
        }
    }

    /// How many records the filter that answers first took, when it is made: what [`super::Common`] tells who makes it again.
    #[must_use]
    pub const fn entries(&self) -> u32 {
        self.entries
    }

    /// All files under their paths.
    #[must_use]
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files
    }
}
