//! Everything of the search that is here, and the way to fetch what is not: one object for finder, favourites and ask.
//!
//! The page names the head; the head names every other file. A file is fetched once, at most [`MOST_AT_ONCE`] at a
//! time, the latest wish first, and stays for the life of the page. Hashed files that the host no longer has mean that
//! the site was built anew: the head is fetched again, once, and with another head everything begins again
//! ([`LoadError::Renewed`]).

mod asking;
mod faces;

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yima_search::catalogue::{self, ids};
use yima_search::index::{Family, HEAD, Head, Single};
use yima_search::instant::Instant;
use yima_search::session::{File, Session, Stage};
use yima_search::shelf::RowIx;
use yima_search::{DecodeError, Shelf};

use crate::browser;
use crate::load::{LoadError, Want, fetch};

/// Requests in flight at a time: as many as a browser sends to one host over HTTP/1.1.
const MOST_AT_ONCE: usize = 6;

/// Requests that a cold question may cost; and those of them that page, styles and program take.
const UNASKED: usize = 24;
const OF_THE_PAGE: usize = 9;

/// So many files of titles, the most telling ones, are enough for something to show.
pub(crate) const TELLING: usize = 2;

/// Everything of the search that is here. Clones share it.
#[derive(Clone)]
pub(crate) struct Library(Rc<Inner>);

struct Inner {
    /// Address of the head.
    address: String,
    session: RefCell<Session>,
    /// Empty until the facts are here.
    shelf: RefCell<Shelf>,
    ids: RefCell<Vec<String>>,
    /// What answers before the index does.
    instant: RefCell<Option<Instant>>,
    /// How far each file is, by its path.
    states: RefCell<BTreeMap<String, State>>,
    queue: RefCell<VecDeque<(String, Want)>>,
    flying: Cell<usize>,
    waiting: RefCell<Vec<Waker>>,
    /// How often the head was replaced by another.
    edition: Cell<u32>,
    /// Whether the head was fetched again already.
    renewed: Cell<bool>,
    /// Whether the facts are on the shelf.
    facts: Cell<bool>,
    /// Requests since the question that is asked now.
    sent: Cell<usize>,
}

/// When the facts of all records are fetched: about half of what a first answer would cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facts {
    /// Before anything is shown.
    First,
    /// Whoever shows something asks for them.
    Later,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Queued,
    Flying,
    Here,
    Failed(LoadError),
}

impl Library {
    /// Fetches the head, then the first files for what was `typed` and, beside them, the facts; `again` passes every cache
    /// by.
    pub(crate) async fn open(address: &str, typed: &str, facts: Facts, again: bool) -> Result<Self, LoadError> {
        let bytes = fetch(address, again).await?;
        let head = Head::decode(&bytes).map_err(LoadError::Bytes)?;
        let library = Self(Rc::new(Inner {
            address: address.to_owned(),
            session: RefCell::new(Session::new(head)),
            shelf: RefCell::new(Shelf::empty()),
            ids: RefCell::default(),
            instant: RefCell::default(),
            states: RefCell::default(),
            queue: RefCell::default(),
            flying: Cell::new(0),
            waiting: RefCell::default(),
            edition: Cell::new(0),
            renewed: Cell::new(again),
            facts: Cell::new(false),
            sent: Cell::new(1),
        }));
        let first = library.wanted(&library.ask(typed), Stage::First)?;
        library.send_for(first.into_iter().take(TELLING).map(Want::File));
        if facts == Facts::Later {
            return Ok(library);
        }
        match library.bring_facts().await {
            // The head is the new one now; its facts are tried once.
            Err(LoadError::Renewed) => library.bring_facts().await?,
            other => other?,
        }
        Ok(library)
    }

    /// Fetches the facts of all records, where they went with an older head.
    pub(crate) async fn bring_facts(&self) -> Result<(), LoadError> {
        self.bring([Want::Single(Single::Facts)]).await
    }

    /// Whether the facts are here.
    pub(crate) fn has_facts(&self) -> bool {
        self.0.facts.get()
    }

    /// Which head this is: 0 for the first. Numbers of records are those of one edition.
    pub(crate) fn edition(&self) -> u32 {
        self.0.edition.get()
    }

    /// How many more requests a question may cost without anybody asking for it. Without a network they cost nothing.
    pub(crate) fn unasked(&self) -> usize {
        if browser::is_offline() {
            return UNASKED;
        }
        (UNASKED - OF_THE_PAGE).saturating_sub(self.0.sent.get())
    }

    /// Another question begins.
    pub(crate) fn begin(&self) {
        self.0.sent.set(0);
    }

    /// Looks at the facts and faces that are here.
    pub(crate) fn with_shelf<T>(&self, look: impl FnOnce(&Shelf) -> T) -> T {
        look(&self.0.shelf.borrow())
    }

    /// Looks at the session: what is known of texts, snippets, files.
    pub(crate) fn with_session<T>(&self, look: impl FnOnce(&Session) -> T) -> T {
        look(&self.0.session.borrow())
    }

    /// Titles and paths of records that have most of what was typed, as far as the small filter knows them; nothing while
    /// it is not here.
    pub(crate) fn at_once(&self, typed: &str, most: usize) -> Vec<(String, String)> {
        let instant = self.0.instant.borrow();
        let hits = instant.as_ref().map(|instant| instant.find(typed, most)).unwrap_or_default();
        hits.into_iter().map(|hit| (hit.title.to_owned(), hit.path.to_owned())).collect()
    }

    /// Sends for the small filter, behind everything else.
    pub(crate) fn send_for_instant(&self) {
        let Some(path) = self.path(Want::Single(Single::Instant)) else { return };
        let mut states = self.0.states.borrow_mut();
        if states.get(&path).is_none() {
            states.insert(path.clone(), State::Queued);
            self.0.queue.borrow_mut().push_back((path, Want::Single(Single::Instant)));
        }
        drop(states);
        self.pump();
    }

    /// Fetches these files, those of a family by their number; done when all are here.
    ///
    /// # Errors
    /// The first failure among them. [`LoadError::Renewed`] when the numbers of records mean something else now, or
    /// when [`Library::forget_queued`] took one of them out of the queue.
    pub(crate) async fn bring(&self, wants: impl IntoIterator<Item = Want>) -> Result<(), LoadError> {
        let edition = self.edition();
        let paths = self.send_for(wants);
        poll_fn(|context| {
            if self.edition() != edition {
                return Poll::Ready(Err(LoadError::Renewed));
            }
            let states = self.0.states.borrow();
            let mut all_here = true;
            for path in &paths {
                match states.get(path) {
                    Some(State::Here) => {}
                    Some(State::Failed(error)) => return Poll::Ready(Err(error.clone())),
                    Some(State::Queued | State::Flying) => all_here = false,
                    None => return Poll::Ready(Err(LoadError::Renewed)),
                }
            }
            if all_here {
                return Poll::Ready(Ok(()));
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Fetches files of families.
    pub(crate) async fn bring_files(&self, files: Vec<File>) -> Result<(), LoadError> {
        self.bring(files.into_iter().map(Want::File)).await
    }

    /// Fetches where policies stand: their ids in the order of their rows.
    pub(crate) async fn bring_ids(&self) -> Result<(), LoadError> {
        self.bring([Want::Single(Single::Ids)]).await
    }

    /// The row of a policy; none when there is no such policy, or the ids are not here.
    pub(crate) fn row_of(&self, id: &str) -> Option<RowIx> {
        self.0.ids.borrow().iter().position(|known| known == id)
    }

    /// Takes the shards and texts out of the queue that a question no longer asked still waits for.
    pub(crate) fn forget_queued(&self) {
        let asked_for = |want: &Want| matches!(want, Want::File(file) if file.family != Family::Faces);
        let mut states = self.0.states.borrow_mut();
        self.0.queue.borrow_mut().retain(|(path, want)| {
            if asked_for(want) {
                states.remove(path);
            }
            !asked_for(want)
        });
        drop(states);
        self.wake();
    }

    /// Puts the files that are not here in front of the queue, in their order; the paths of all of them.
    pub(crate) fn send_for(&self, wants: impl IntoIterator<Item = Want>) -> Vec<String> {
        let mut paths = Vec::new();
        let mut new = VecDeque::new();
        for want in wants {
            // What the head does not name cannot be missed.
            let Some(path) = self.path(want) else { continue };
            let mut states = self.0.states.borrow_mut();
            match states.get(&path) {
                Some(State::Here | State::Flying) => {}
                Some(State::Queued) => {
                    self.0.queue.borrow_mut().retain(|(queued, _)| *queued != path);
                    new.push_back((path.clone(), want));
                }
                // What failed is tried again when it is wanted again.
                Some(State::Failed(_)) | None => {
                    states.insert(path.clone(), State::Queued);
                    new.push_back((path.clone(), want));
                }
            }
            paths.push(path);
        }
        let mut queue = self.0.queue.borrow_mut();
        new.append(&mut queue);
        *queue = new;
        drop(queue);
        self.pump();
        paths
    }

    fn path(&self, want: Want) -> Option<String> {
        self.with_session(|session| match want {
            Want::File(file) => session.head().files.path(file.family, file.file),
            Want::Single(single) => session.head().files.path_of(single),
        })
    }

    /// Starts requests while there is room for them.
    fn pump(&self) {
        while self.0.flying.get() < MOST_AT_ONCE {
            let Some((path, want)) = self.0.queue.borrow_mut().pop_front() else { return };
            self.0.states.borrow_mut().insert(path.clone(), State::Flying);
            self.0.flying.set(self.0.flying.get() + 1);
            self.0.sent.set(self.0.sent.get() + 1);
            let library = self.clone();
            spawn_local(async move {
                library.fly(path, want).await;
                library.0.flying.set(library.0.flying.get() - 1);
                library.pump();
                library.wake();
            });
        }
    }

    fn wake(&self) {
        for waker in self.0.waiting.take() {
            waker.wake();
        }
    }

    async fn fly(&self, path: String, want: Want) {
        let edition = self.edition();
        // Files lie beside the head, wherever the site does.
        let root = self.0.address.strip_suffix(HEAD).unwrap_or("/");
        let fetched = fetch(&format!("{root}{path}"), false).await;
        if self.edition() != edition {
            return;
        }
        let outcome = match fetched {
            Ok(bytes) => self.supply(want, &bytes).await.map_err(LoadError::Bytes),
            Err(error) => Err(error),
        };
        if self.edition() != edition {
            return;
        }
        let state = match outcome {
            Ok(()) => State::Here,
            Err(error) => {
                if error.is_gone() && self.renew().await {
                    return;
                }
                State::Failed(error)
            }
        };
        self.0.states.borrow_mut().insert(path, state);
    }

    async fn supply(&self, want: Want, bytes: &[u8]) -> Result<(), DecodeError> {
        match want {
            Want::File(File { family: Family::Faces, .. }) => self.0.shelf.borrow_mut().supply_faces(bytes),
            Want::File(file) => self.0.session.borrow_mut().supply(file, bytes),
            Want::Single(Single::Facts) => {
                // The largest of all files: in two tasks, and whoever waits for it goes on in another.
                let (edition, catalogue) = (self.edition(), catalogue::decode(bytes)?);
                browser::breathe().await;
                if self.edition() == edition {
                    let before = self.0.shelf.replace(Shelf::new(catalogue));
                    self.0.shelf.borrow_mut().take_faces(before);
                    self.0.facts.set(true);
                    browser::breathe().await;
                }
                Ok(())
            }
            Want::Single(Single::Ids) => {
                *self.0.ids.borrow_mut() = ids::decode(bytes)?;
                Ok(())
            }
            Want::Single(Single::Vocabulary) => self.0.session.borrow_mut().supply_vocabulary(bytes),
            Want::Single(Single::Instant) => {
                *self.0.instant.borrow_mut() = Some(Instant::decode(bytes)?);
                Ok(())
            }
        }
    }

    /// Fetches the head again, once in the life of the page; whether it is another one, with which all begins again.
    async fn renew(&self) -> bool {
        if self.0.renewed.replace(true) {
            return false;
        }
        let Ok(bytes) = fetch(&self.0.address, true).await else { return false };
        let Ok(head) = Head::decode(&bytes) else { return false };
        if self.with_session(|session| *session.head() == head) {
            return false;
        }
        *self.0.session.borrow_mut() = Session::new(head);
        *self.0.shelf.borrow_mut() = Shelf::empty();
        self.0.facts.set(false);
        self.0.ids.borrow_mut().clear();
        self.0.instant.take();
        self.0.states.borrow_mut().clear();
        self.0.queue.borrow_mut().clear();
        self.0.edition.set(self.0.edition.get() + 1);
        true
    }
}
