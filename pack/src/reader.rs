//! A release as far as it is here: a path in, a page out, or the objects that are still wanted.
//!
//! ```text
//! answer(path) ─→ Wanted(objects) ─ load and supply each ─→ answer(path) ─→ Found · Moved · Missing
//! ```
//!
//! Whoever holds a reader loads the bytes; the reader takes none that are not the ones the manifest names.

use std::collections::BTreeMap;

use yima_model::Code;

use crate::dictionary::Dictionary;
use crate::directory::{Directory, Spot};
use crate::manifest::Manifest;
use crate::release::{ReleaseError, Sha};
use crate::segment::{Read, Segment};
use crate::table::{self, Table};

/// Segments that are kept open; the words of one are some hundred kilobytes.
const OPEN: usize = 8;

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
    /// Prefix and place of its object, the longest prefixes first.
    directories: Vec<(String, usize)>,
    read: BTreeMap<usize, Directory>,
    dictionary: Option<(usize, Option<Dictionary>)>,
    /// Place of the object of each table.
    tables: Vec<(usize, Option<Table>)>,
    /// The last ones that were read, the newest last.
    segments: Vec<(usize, Segment)>,
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
        let prefix = |(object, role): &(usize, String)| Some((role.strip_prefix("directory ")?.to_owned(), *object));
        let mut directories: Vec<_> = manifest.packs.iter().filter_map(prefix).collect();
        directories.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        let role = |name: &'static str| manifest.packs.iter().filter(move |pack| pack.1 == name);
        let dictionary = role("dictionary").next().map(|(object, _)| (*object, None));
        let tables = role("table").map(|(object, _)| (*object, None)).collect();
        let (read, here) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { directories, read, dictionary, tables, segments: Vec::new(), here, manifest })
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
    pub fn supply(&mut self, object: usize, bytes: Vec<u8>) -> Result<(), ReleaseError> {
        let named = self.manifest.objects.get(object).ok_or(ReleaseError::Malformed)?;
        if named.length != bytes.len() || named.sha != Sha::of(&bytes) {
            return Err(ReleaseError::WrongObject { path: named.path.clone() });
        }
        self.here.insert(object, bytes);
        Ok(())
    }

    /// Lets go of all objects that were supplied, to give memory back.
    pub fn forget(&mut self) {
        self.here.clear();
        self.read.clear();
        self.segments.clear();
        self.tables.iter_mut().for_each(|table| table.1 = None);
    }

    /// What stands at `path`: decoded, in Unicode form C, without query and fragment, with or without a leading slash.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] when a pack is not what its digest promised, which only the writer can have done.
    pub fn answer(&mut self, path: &str) -> Result<Answer, ReleaseError> {
        let path = path.trim_start_matches('/');
        let page = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        match self.at(&page)? {
            Answer::Missing => {}
            other => return Ok(other),
        }
        for other in elsewhere(path) {
            match self.spot(&format!("{other}index.html"))? {
                Where::Here(_) => return Ok(Answer::Moved(format!("/{other}"))),
                Where::Nowhere => {}
                Where::Wanted(directory) => return Ok(Answer::Wanted(vec![directory])),
            }
        }
        Ok(Answer::Missing)
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
            Where::Nowhere => return Ok(Answer::Missing),
            Where::Wanted(directory) => return Ok(Answer::Wanted(vec![directory])),
        };
        let wanted = self.open(spot.segment).ok_or(ReleaseError::Malformed)?;
        if !wanted.is_empty() {
            return Ok(Answer::Wanted(wanted));
        }
        match self.page(spot, path).ok_or(ReleaseError::Malformed)? {
            Read::Page(bytes) => Ok(Answer::Found(Found { bytes, class: spot.class })),
            Read::Wanted(strings) => self.open_tables(&strings, spot, path),
        }
    }

    /// Opens dictionary and segment; says which of the two are wanted first. `None` when one is not what it should be.
    fn open(&mut self, segment: usize) -> Option<Vec<usize>> {
        let (object, dictionary) = self.dictionary.as_mut()?;
        let mut wanted = Vec::new();
        if dictionary.is_none() {
            match self.here.remove(object) {
                Some(bytes) => *dictionary = Some(Dictionary::decode(&bytes)?),
                None => wanted.push(*object),
            }
        }
        let known = self.segments.iter().position(|(object, _)| *object == segment);
        match (known, self.here.get(&segment), dictionary) {
            (Some(place), ..) => self.segments[place..].rotate_left(1),
            (None, Some(bytes), Some(dictionary)) => {
                let opened = Segment::open(bytes, dictionary)?;
                self.here.remove(&segment);
                if self.segments.len() >= OPEN {
                    self.segments.remove(0);
                }
                self.segments.push((segment, opened));
            }
            (None, None, _) => wanted.push(segment),
            (None, Some(_), None) => {}
        }
        Some(wanted)
    }

    fn page(&self, spot: Spot, path: &str) -> Option<Read> {
        let dictionary = self.dictionary.as_ref()?.1.as_ref()?;
        let (_, segment) = self.segments.iter().find(|(object, _)| *object == spot.segment)?;
        let shared = |number: u32| {
            let number = usize::try_from(number).ok()?;
            match &self.tables.get(number / table::STRINGS)?.1 {
                Some(table) => table.get(number % table::STRINGS).map(Some),
                None => Some(None),
            }
        };
        segment.page(spot.page, path, dictionary, shared)
    }

    /// Opens the tables of some strings, and reads the page when all are here.
    fn open_tables(&mut self, strings: &[u32], spot: Spot, path: &str) -> Result<Answer, ReleaseError> {
        let mut places: Vec<usize> = strings
            .iter()
            .filter_map(|number| usize::try_from(*number).ok())
            .map(|number| number / table::STRINGS)
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut wanted = Vec::new();
        for place in places {
            let Some((object, table)) = self.tables.get_mut(place) else { return Err(ReleaseError::Malformed) };
            match self.here.remove(object) {
                Some(bytes) => *table = Some(Table::open(&bytes).ok_or(ReleaseError::Malformed)?),
                None => wanted.push(*object),
            }
        }
        if !wanted.is_empty() {
            return Ok(Answer::Wanted(wanted));
        }
        match self.page(spot, path) {
            Some(Read::Page(bytes)) => Ok(Answer::Found(Found { bytes, class: spot.class })),
            _ => Err(ReleaseError::Malformed),
        }
    }

    /// Where a page is.
    fn spot(&mut self, path: &str) -> Result<Where, ReleaseError> {
        let Some(&(_, object)) = self.directories.iter().find(|(prefix, _)| path.starts_with(prefix.as_str())) else {
            return Ok(Where::Nowhere);
        };
        if !self.read.contains_key(&object) {
            let Some(bytes) = self.here.get(&object) else { return Ok(Where::Wanted(object)) };
            let directory = Directory::decode(bytes).ok_or(ReleaseError::Malformed)?;
            self.read.insert(object, directory);
        }
        let spot = self.read.get(&object).and_then(|directory| directory.find(path));
        Ok(spot.map_or(Where::Nowhere, Where::Here))
    }
}

/// What the directories say of a page.
enum Where {
    Here(Spot),
    Nowhere,
    /// The directory that is to be supplied first.
    Wanted(usize),
}

/// Other addresses that somebody who came by `path` may have meant, each ending in a slash: with the slash that is
/// missing; a code as people type it.
fn elsewhere(path: &str) -> Vec<String> {
    let mut addresses = Vec::new();
    let bare = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    if !path.ends_with('/') {
        addresses.push(format!("{bare}/"));
    }
    let typed = bare.strip_prefix("Q/").or_else(|| bare.strip_prefix("q/"));
    if let Some(code) = typed.and_then(|typed| Code::parse(typed).ok()) {
        addresses.push(format!("Q/{code}/"));
    }
    addresses.retain(|address| address != path);
    addresses
}
