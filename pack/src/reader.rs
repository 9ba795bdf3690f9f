//! A release as far as it is here: a path in, a page out, or the objects that are still wanted.
//!
//! ```text
//! answer(path) ─→ Wanted(objects) ─ load and supply each ─→ answer(path) ─→ Found · Moved · Missing
//! ```
//!
//! Whoever holds a reader loads the bytes; the reader takes none that are not the ones the manifest names.

mod strings;

use std::collections::BTreeMap;

use crate::course::{Read, Reading};
use crate::day::Day;
use crate::dictionary::Dictionary;
use crate::directory::{Directory, Spot};
use crate::manifest::Manifest;
use crate::release::{ReleaseError, Sha};
use crate::segment::{self, Before, Segment};
use crate::table::{Table, is_table};
use crate::typed::{elsewhere, page_at};

/// Segments that are kept open; the words of one are some hundred kilobytes.
const OPEN: usize = 8;

/// Groups that go on from one another, at most. Fewer in tests, which fill them.
pub(crate) const LONGEST: usize = if cfg!(test) { 32 } else { 128 };

/// Paths that begin so are no pages: no address leads to them. What files are made from on a device travels there.
pub const HIDDEN: &str = "~/";

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// This.
    Found(Found),
    /// It has one address, and it is this other one: a permanent redirect.
    Moved(String),
    /// The site has no such page.
    Missing,
    /// Places of objects that are to be supplied first.
    Wanted(Vec<usize>),
}

/// A page or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its bytes, the very ones a host would send.
    pub bytes: Vec<u8>,
    /// Its class of headers.
    pub class: usize,
}

/// A release, and those of its objects that were supplied.
#[derive(Debug)]
pub struct Reader {
    manifest: Manifest,
    day: Day,
    /// Prefix and place of its object, the longest prefixes first.
    directories: Vec<(String, usize)>,
    /// What later releases say of pages, the latest first.
    overlays: Vec<usize>,
    read: BTreeMap<usize, Directory>,
    dictionary: Option<(usize, Option<Dictionary>)>,
    /// Place of the object of each table.
    tables: Vec<(usize, Option<Table>)>,
    /// The last ones that were read, the newest last.
    segments: Vec<(usize, Segment)>,
    /// The words of the last groups that were read, one going on from the other.
    words: (Vec<Before>, Vec<Vec<u8>>),
    /// Where the last page of them ended.
    reading: Option<Reading>,
    here: BTreeMap<usize, Vec<u8>>,
}

impl Reader {
    /// A reader of the release whose manifest has these bytes and this digest.
    ///
    /// # Errors
    /// [`ReleaseError`] when the bytes are not the ones that were named, or no manifest.
    pub fn new(manifest: &[u8], sha: Sha) -> Result<Self, ReleaseError> {
        if Sha::of(manifest) != sha {
            return Err(ReleaseError::WrongObject { path: sha.path() });
        }
        let text = core::str::from_utf8(manifest).map_err(|_| ReleaseError::Malformed)?;
        let manifest = Manifest::parse(text)?;
        let prefix = |(object, role): (usize, &str)| Some((role.strip_prefix("directory ")?.to_owned(), object));
        let mut directories: Vec<_> = manifest.roles().filter_map(prefix).collect();
        directories.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        let role = |name: &'static str| manifest.roles().filter(move |pack| pack.1 == name).map(|pack| pack.0);
        let dictionary = role("dictionary").next().map(|object| (object, None));
        let tables = manifest.roles().filter(|pack| is_table(pack.1)).map(|pack| (pack.0, None)).collect();
        let mut overlays: Vec<usize> = role("overlay").collect();
        overlays.reverse();
        let (read, here, segments) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (day, words) = (Day::of(&manifest.date), (Vec::new(), Vec::new()));
        Ok(Self {
            day,
            directories,
            overlays,
            read,
            dictionary,
            tables,
            segments,
            words,
            reading: None,
            here,
            manifest,
        })
    }

    /// What the release is made of.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes the bytes of an object.
    ///
    /// # Errors
    /// [`ReleaseError::WrongObject`] when they are not the ones the manifest names; nothing has changed then.
    /// [`ReleaseError::Malformed`] when a list is none, which only the writer can have done.
    pub fn supply(&mut self, object: usize, bytes: Vec<u8>) -> Result<(), ReleaseError> {
        let named = self.manifest.objects.get(object).ok_or(ReleaseError::Malformed)?;
        if named.length != bytes.len() || named.sha != Sha::of(&bytes) {
            return Err(ReleaseError::WrongObject { path: named.path.clone() });
        }
        if self.manifest.lists.iter().any(|list| list.object == object) {
            let text = core::str::from_utf8(&bytes).map_err(|_| ReleaseError::Malformed)?;
            return self.manifest.learn(object, text);
        }
        self.here.insert(object, bytes);
        Ok(())
    }

    /// Lets go of all objects that were supplied but the lists, to give memory back.
    pub fn forget(&mut self) {
        self.here.clear();
        self.read.clear();
        self.segments.clear();
        (self.words, self.reading) = ((Vec::new(), Vec::new()), None);
        self.tables.iter_mut().for_each(|table| table.1 = None);
    }

    /// What stands at `path`: decoded, in Unicode form C, without query and fragment, with or without a leading slash.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] when a pack is not what its digest promised, which only the writer can have done.
    pub fn answer(&mut self, path: &str) -> Result<Answer, ReleaseError> {
        let path = path.trim_start_matches('/');
        if path.starts_with(HIDDEN) {
            return Ok(Answer::Missing);
        }
        match self.at(&page_at(path))? {
            Answer::Missing => {}
            other => return Ok(other),
        }
        for other in elsewhere(path) {
            let known = self.manifest.file(&other).is_some();
            match self.spot(&page_at(&other))? {
                Where::Nowhere if !known => {}
                Where::Wanted(directories) if !known => return Ok(Answer::Wanted(directories)),
                _ => return Ok(Answer::Moved(format!("/{other}"))),
            }
        }
        Ok(Answer::Missing)
    }

    /// What stands at a hidden path.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] when a pack is not what its digest promised.
    pub fn hidden(&mut self, path: &str) -> Result<Answer, ReleaseError> {
        if path.starts_with(HIDDEN) { self.at(path) } else { Ok(Answer::Missing) }
    }

    /// All hidden paths, in the order in which they are read with least work; or the objects that are wanted first.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] when a directory is not what its digest promised.
    pub fn all_hidden(&mut self) -> Result<Result<Vec<String>, Vec<usize>>, ReleaseError> {
        let below = self.directories.iter().filter(|(prefix, _)| prefix.starts_with(HIDDEN));
        let places: Vec<usize> = below.map(|(_, place)| *place).chain(self.overlays.iter().rev().copied()).collect();
        let wanted = self.read_directories(&places)?;
        if !wanted.is_empty() {
            return Ok(Err(wanted));
        }
        let mut spots: BTreeMap<&str, Spot> = BTreeMap::new();
        for (path, spot) in places.iter().filter_map(|place| self.read.get(place)).flat_map(Directory::spots) {
            match spot.filter(|_| path.starts_with(HIDDEN)) {
                Some(spot) => spots.insert(path, spot),
                None => spots.remove(path),
            };
        }
        let mut paths: Vec<(&str, Spot)> = spots.into_iter().collect();
        paths.sort_by_key(|(_, spot)| (spot.segment, spot.page));
        Ok(Ok(paths.into_iter().map(|(path, _)| path.to_owned()).collect()))
    }

    fn at(&mut self, path: &str) -> Result<Answer, ReleaseError> {
        if let Some(file) = self.manifest.file(path) {
            return Ok(match self.here.get(&file.object) {
                Some(bytes) => Answer::Found(Found { bytes: bytes.clone(), class: file.class }),
                None => Answer::Wanted(vec![file.object]),
            });
        }
        let spot = match self.spot(path)? {
            Where::Here(spot) => spot,
            Where::Nowhere => {
                let lists = self.manifest.unknown_for(path);
                return Ok(if lists.is_empty() { Answer::Missing } else { Answer::Wanted(lists) });
            }
            Where::Wanted(directories) => return Ok(Answer::Wanted(directories)),
        };
        let chain = match self.open(spot).ok_or(ReleaseError::Malformed)? {
            Opened::Chain(chain) => chain,
            Opened::Wanted(objects) => return Ok(Answer::Wanted(objects)),
        };
        // A second time when its strings are here.
        for _ in 0..2 {
            match self.page(&chain, spot, path).ok_or(ReleaseError::Malformed)? {
                Read::Page(bytes) => return Ok(Answer::Found(Found { bytes, class: spot.class })),
                Read::Wanted(strings) => {
                    let wanted = self.tables_of(&strings, self.tables.len()).ok_or(ReleaseError::Malformed)?;
                    if !wanted.is_empty() {
                        return Ok(Answer::Wanted(wanted));
                    }
                }
            }
        }
        Err(ReleaseError::Malformed)
    }

    /// Opens the dictionary and all segments that a page needs. `None` when one is not what it should be.
    fn open(&mut self, spot: Spot) -> Option<Opened> {
        let (object, dictionary) = self.dictionary.as_mut()?;
        let mut wanted = Vec::new();
        if dictionary.is_none() {
            match self.here.remove(object) {
                Some(bytes) => *dictionary = Some(Dictionary::decode(&bytes)?.renamed(&self.manifest.renamed)),
                None => wanted.push(*object),
            }
        }
        let mut chain: Vec<Before> = Vec::new();
        let mut next = spot.segment;
        loop {
            match self.segments.iter().position(|(object, _)| *object == next) {
                Some(place) => self.segments[place..].rotate_left(1),
                None => {
                    let Some(bytes) = self.here.get(&next) else {
                        // What that one goes on from will be wanted, too.
                        let trail = chain.last().and_then(|last| Some(self.segment(last.segment)?.trail(last.group)));
                        let is_missing =
                            |place: &usize| !self.here.contains_key(place) && self.segment(*place).is_none();
                        wanted.push(next);
                        wanted.extend(trail.unwrap_or_default().iter().copied().filter(is_missing));
                        return Some(Opened::Wanted(wanted));
                    };
                    let opened = Segment::open(bytes)?;
                    self.here.remove(&next);
                    // Those of this chain are the newest.
                    if self.segments.len() >= OPEN.max(chain.len() + 1) {
                        self.segments.remove(0);
                    }
                    self.segments.push((next, opened));
                }
            }
            let (_, segment) = self.segments.last()?;
            let group = match chain.last() {
                Some(later) => self.segment(later.segment)?.before(later.group)?.group,
                None => segment.group_of(spot.page)?,
            };
            chain.push(Before { segment: next, group });
            match segment.before(group) {
                // Only an older one, so that there is an end.
                Some(before) if before.segment < next && chain.len() < LONGEST => next = before.segment,
                Some(_) => return None,
                None => break,
            }
        }
        chain.reverse();
        Some(if wanted.is_empty() { Opened::Chain(chain) } else { Opened::Wanted(wanted) })
    }

    fn segment(&self, object: usize) -> Option<&Segment> {
        self.segments.iter().find(|(other, _)| *other == object).map(|(_, segment)| segment)
    }

    fn page(&mut self, chain: &[Before], spot: Spot, path: &str) -> Option<Read> {
        let goes_on = self.words.0 == chain;
        if !goes_on {
            let dictionary = self.dictionary.as_ref()?.1.as_ref()?;
            let (words, _) = segment::words(&self.groups(chain)?, dictionary)?;
            self.words = (chain.to_vec(), words);
        }
        // Who reads page after page goes on where the last one ended.
        let begun = self.reading.take().filter(|reading| goes_on && reading.is_before(spot.page));
        let dictionary = self.dictionary.as_ref()?.1.as_ref()?;
        let shared = |number| self.string(number);
        let mut reading = match begun {
            Some(reading) => reading,
            None => Reading::begin(&self.groups(chain)?, &self.words.1, dictionary)?,
        };
        let read = reading.page(spot.page, path, &self.day, dictionary, shared)?;
        self.reading = Some(reading);
        Some(read)
    }

    fn groups(&self, chain: &[Before]) -> Option<Vec<(&Segment, usize)>> {
        chain.iter().map(|part| Some((self.segment(part.segment)?, part.group))).collect()
    }

    /// Where a page is: as the latest release says that has something to say about it.
    fn spot(&mut self, path: &str) -> Result<Where, ReleaseError> {
        let first = self.directories.iter().find(|(prefix, _)| path.starts_with(prefix.as_str()));
        let places: Vec<usize> = self.overlays.iter().copied().chain(first.map(|first| first.1)).collect();
        let wanted = self.read_directories(&places)?;
        if !wanted.is_empty() {
            return Ok(Where::Wanted(wanted));
        }
        for place in places {
            if let Some(spot) = self.read.get(&place).and_then(|directory| directory.find(path)) {
                return Ok(spot.map_or(Where::Nowhere, Where::Here));
            }
        }
        Ok(Where::Nowhere)
    }

    /// Reads these directories, or says which of them are wanted first.
    fn read_directories(&mut self, places: &[usize]) -> Result<Vec<usize>, ReleaseError> {
        let mut wanted = Vec::new();
        for &place in places.iter().filter(|place| !self.read.contains_key(place)).collect::<Vec<_>>() {
            match self.here.remove(&place) {
                Some(bytes) => {
                    self.read.insert(place, Directory::decode(&bytes).ok_or(ReleaseError::Malformed)?);
                }
                None => wanted.push(place),
            }
        }
        Ok(wanted)
    }
}

/// What the directories say of a page.
enum Where {
    Here(Spot),
    Nowhere,
    /// The directories that are to be supplied first.
    Wanted(Vec<usize>),
}

/// What came of opening the segments of a page.
enum Opened {
    /// The groups to be read, one going on from the other; the last one has the page.
    Chain(Vec<Before>),
    /// The objects that are to be supplied first.
    Wanted(Vec<usize>),
}
