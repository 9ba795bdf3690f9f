//! The releases that are held, open for reading: a path in, bytes and headers out.
//!
//! The first release answers. The other one answers for a file that is named by its hash, which a page wants that began
//! to load before an update, and in the place of an object of the first that is damaged.

use std::collections::BTreeMap;

use yima_pack::{Answer, Reader};

use super::refusal::Refusal;
use super::store::{Held, Store};
use crate::headers::{Kind, kind, on_loopback};

/// Bytes of objects that are kept in memory before they are read anew.
const KEPT: usize = 64 << 20;

/// Wanting more often than this, a reader turns in a circle.
const TURNS: usize = 1000;

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This, with these headers.
    Found(Vec<(String, String)>, Vec<u8>),
    /// It is at this other address.
    Moved(String),
    /// No page has this address.
    Missing,
    /// It is damaged in every release that has it.
    Damaged,
    /// Nothing is held.
    Empty,
}

/// The releases of a store.
#[derive(Debug)]
pub(super) struct Library {
    store: Store,
    /// What the slots held when they were last read.
    state: Vec<Vec<u8>>,
    releases: Vec<Release>,
    /// Object and what is wrong with it.
    damaged: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Release {
    held: Held,
    reader: Reader,
    /// Bytes supplied so far.
    kept: usize,
}

impl Library {
    /// The releases of `store`.
    pub(super) fn new(store: Store) -> Self {
        let mut library = Self { store, state: Vec::new(), releases: Vec::new(), damaged: BTreeMap::new() };
        library.refresh();
        library
    }

    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// The releases that answer, the first first.
    pub(super) fn held(&self) -> impl Iterator<Item = &Held> {
        self.releases.iter().map(|release| &release.held)
    }

    /// What is wrong with what is held.
    pub(super) fn damaged(&self) -> &BTreeMap<String, String> {
        &self.damaged
    }

    /// Takes up what an import has put there; says whether there was something.
    pub(super) fn refresh(&mut self) -> bool {
        let state = self.store.state();
        if state == self.state {
            return false;
        }
        self.state = state;
        self.damaged.clear();
        self.releases.clear();
        for held in self.store.held() {
            match self.store.reader(&held) {
                Ok(reader) => self.releases.push(Release { held, reader, kept: 0 }),
                Err(refusal) => drop(self.damaged.insert(format!("object/{}", held.manifest), refusal.words().0)),
            }
        }
        true
    }

    /// What stands at a path: decoded, in Unicode form C, without query.
    pub(super) fn answer(&mut self, path: &str) -> Place {
        self.refresh();
        if self.releases.is_empty() {
            return Place::Empty;
        }
        let mut damaged = false;
        for (place, release) in self.releases.iter_mut().enumerate() {
            match release.find(path, &self.store, &mut self.damaged) {
                None => damaged = true,
                Some(Place::Found(headers, bytes)) if place == 0 || damaged || lasts(path, &headers) => {
                    return Place::Found(on_loopback(&headers), bytes);
                }
                Some(Place::Moved(address)) if place == 0 || damaged => return Place::Moved(address),
                Some(_) => {}
            }
        }
        if damaged { Place::Damaged } else { Place::Missing }
    }

    /// Reads every object of every release; what is wrong with them is remembered.
    ///
    /// `pause` is called between two objects, so that visitors do not wait.
    pub(super) fn objects(&self) -> Vec<(String, yima_pack::Sha, usize)> {
        let of = |release: &Release| {
            let objects = &release.reader.manifest().objects;
            objects.iter().map(|object| (object.path.clone(), object.sha, object.length)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.releases.iter().flat_map(of).collect();
        all.sort_by_key(|(_, sha, _)| *sha);
        all.dedup_by_key(|(_, sha, _)| *sha);
        all
    }

    /// Remembers what reading an object gave.
    pub(super) fn note(&mut self, path: &str, fine: bool) {
        if fine {
            self.damaged.remove(path);
        } else {
            self.damaged.insert(path.to_owned(), Refusal::Wrong(path.to_owned()).words().0);
        }
    }
}

/// Whether a page that began to load before an update may still want it: a program, or a file named by its hash.
fn lasts(path: &str, headers: &[(String, String)]) -> bool {
    let immutable =
        |(name, value): &(String, String)| name.eq_ignore_ascii_case("Cache-Control") && value.contains("immutable");
    kind(path) == Kind::Program || headers.iter().any(immutable)
}

impl Release {
    /// `None` when it is damaged.
    fn find(&mut self, path: &str, store: &Store, damaged: &mut BTreeMap<String, String>) -> Option<Place> {
        if self.kept > KEPT {
            self.reader.forget();
            self.kept = 0;
        }
        for _ in 0..TURNS {
            let wanted = match self.reader.answer(path) {
                Ok(Answer::Wanted(wanted)) => wanted,
                Ok(Answer::Found(found)) => {
                    let headers = self.reader.manifest().classes.get(found.class).cloned().unwrap_or_default();
                    return Some(Place::Found(headers, found.bytes));
                }
                Ok(Answer::Moved(address)) => return Some(Place::Moved(address)),
                Ok(Answer::Missing) => return Some(Place::Missing),
                Err(error) => {
                    damaged.insert(path.to_owned(), error.to_string());
                    return None;
                }
            };
            for place in wanted {
                let object = self.reader.manifest().objects.get(place)?.clone();
                let bytes = store.object(object.sha, object.length).ok().flatten().unwrap_or_default();
                let length = bytes.len();
                if let Err(error) = self.reader.supply(place, bytes) {
                    damaged.insert(object.path, error.to_string());
                    return None;
                }
                damaged.remove(&object.path);
                self.kept += length;
            }
        }
        None
    }
}
