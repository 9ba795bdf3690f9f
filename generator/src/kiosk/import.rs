//! A signed update from a stick into a kiosk's store, all or nothing.
//!
//! 1. the note: signed by a pinned key, of this host, newer than what is held
//! 2. the manifest it names
//! 3. every object that is not here yet, each verified while it is copied
//! 4. all of it on the disk, then the note into its slot: the commit
//! 5. what no release needs any more is removed
//!
//! What was copied before a kill, a pulled stick or a full disk is not copied again.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use yima_pack::manifest::Manifest;
use yima_pack::release::Order;
use yima_pack::{Head, NoteError, Reader, ReleaseError, Sha, note};

use super::refusal::Refusal;
use super::stick::{Stick, is_below};
use super::store::{Copied, MAX_MANIFEST, Store};

/// An update larger than this is refused; the whole of a large city has some ten megabytes, attachments beside.
const MAX_RELEASE: u64 = 16 << 30;

/// What stays free on the disk: notes, names, and whatever else the machine must write to live.
const MARGIN: u64 = 2 << 20;

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Number of the release that answers now.
    pub sequence: u64,
    /// The day it was built for.
    pub date: String,
    /// Whether it answered before already: then this was a check, and a repair of what was damaged.
    pub again: bool,
    /// Objects that were copied.
    pub copied: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Objects that were here already.
    pub kept: usize,
}

/// Takes the update on the stick at `stick`. `heard` is told bytes copied and bytes to copy.
///
/// # Errors
/// [`Refusal`]; the releases that are held stay as they are.
pub fn import(store: &Store, stick: &Path, heard: &dyn Fn(u64, u64)) -> Result<Imported, Refusal> {
    let stick = Stick::open(stick)?;
    let _lock = store.lock()?;
    let text = stick.note()?;
    let head = open(store, &text)?;
    let Order::Hold(sha, length) = head.order else { return Err(Refusal::Retire) };
    let again = compare(store, &head, sha)?;
    if length > MAX_MANIFEST {
        return Err(Refusal::TooBig(length as u64));
    }
    let bytes = stick.bytes(&sha.path(), length)?;
    let mut reader = Reader::new(&bytes, sha).map_err(|error| Refusal::of(error, store.host()))?;
    stick.lists(&mut reader, store.host())?;
    let wanted = wanted(reader.manifest())?;
    let here = |(sha, (length, _)): &(&Sha, &(usize, &str))| store.has(**sha, *length);
    let (kept, missing): (Vec<_>, Vec<_>) = wanted.iter().partition(here);
    let total = missing.iter().map(|(_, (length, _))| *length as u64).sum::<u64>() + bytes.len() as u64;
    room(store, total)?;
    let copied = copy(store, &stick, &missing, (sha, &bytes), &|done| heard(done, total)).inspect_err(|refusal| {
        if matches!(refusal, Refusal::Write(_, error) if error.kind() == ErrorKind::StorageFull) {
            // A full disk is worse for the machine than copying again. What cannot be swept now is swept later.
            let _ = store.sweep();
        }
    });
    copied?;
    if !again {
        store.commit(&text)?;
        store.sweep()?;
    }
    let Head { sequence, date, .. } = head;
    Ok(Imported { sequence, date, again, copied: missing.len(), bytes: total, kept: kept.len() })
}

/// The note, signed by one of the pinned keys, of this host.
fn open(store: &Store, text: &str) -> Result<Head, Refusal> {
    Head::open(text, store.keys(), store.host()).map_err(|error| {
        // What a build without a key writes deserves a sentence of its own.
        let bare = note::text(text).is_ok_and(|body| body == text && body.parse::<Head>().is_ok());
        match error {
            ReleaseError::Note(NoteError::Malformed) if bare => Refusal::NoSignature,
            ReleaseError::Malformed => Refusal::BadNote,
            other => Refusal::of(other, store.host()),
        }
    })
}

/// Whether it is the release that answers already; refuses what is not newer than every one that is held.
fn compare(store: &Store, head: &Head, manifest: Sha) -> Result<bool, Refusal> {
    let held = store.held();
    if store.rolled_back() == Some(head.sequence) {
        return Err(Refusal::RolledBack(head.sequence));
    }
    let Some(now) = held.first() else { return Ok(false) };
    if head.sequence == now.head.sequence {
        let same = manifest == now.manifest;
        return if same { Ok(true) } else { Err(Refusal::SameNumber(head.sequence)) };
    }
    let newest = held.iter().map(|held| held.head.sequence).max().unwrap_or_default();
    head.after(newest).map_err(|error| Refusal::of(error, store.host()))?;
    Ok(false)
}

/// Every object once: digest → length and where it stands.
fn wanted(manifest: &Manifest) -> Result<BTreeMap<Sha, (usize, &str)>, Refusal> {
    let mut total = 0_u64;
    let mut wanted = BTreeMap::new();
    for object in &manifest.objects {
        if !is_below(&object.path) {
            return Err(Refusal::BadPath(object.path.clone()));
        }
        total = total.saturating_add(object.length as u64);
        if total > MAX_RELEASE {
            return Err(Refusal::TooBig(total));
        }
        wanted.insert(object.sha, (object.length, object.path.as_str()));
    }
    Ok(wanted)
}

/// Refuses before a byte is written when the disk cannot hold what is to come.
fn room(store: &Store, needed: u64) -> Result<(), Refusal> {
    let needed = needed.saturating_add(MARGIN);
    match free(store.folder()) {
        Some(free) if free < needed => Err(Refusal::NoRoom(needed, free)),
        _ => Ok(()),
    }
}

fn copy(
    store: &Store,
    stick: &Stick,
    missing: &[(&Sha, &(usize, &str))],
    (sha, manifest): (Sha, &[u8]),
    heard: &dyn Fn(u64),
) -> Result<(), Refusal> {
    let mut done = 0;
    for (sha, (length, path)) in missing {
        match store.take(**sha, *length, stick.file(path)?)? {
            Copied::All(found) if found == **sha => {}
            Copied::All(_) | Copied::Other => return Err(Refusal::Wrong((*path).to_owned())),
            Copied::Unread(error) => return Err(Refusal::Read((*path).to_owned(), error)),
        }
        done += *length as u64;
        heard(done);
    }
    store.take(sha, manifest.len(), manifest)?;
    store.settle()
}

/// Bytes that may still be written to the disk of `folder`.
#[cfg(unix)]
pub(super) fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Bytes that may still be written to the disk of `folder`: not asked here.
#[cfg(not(unix))]
pub(super) fn free(_: &Path) -> Option<u64> {
    None
}
