//! What a kiosk holds: two signed releases and the objects they name.
//!
//! ```text
//! keys.txt        public keys, one a line: who may sign
//! host.txt        host of the site
//! slot/0 slot/1   signed notes; the one with the highest number answers
//! object/<sha256> every object of both releases, once
//! rolled-back     number of a release that is not to answer
//! ```
//!
//! The same rules as the service worker's store: an object is named by its digest and never changed; renaming a note
//! into its slot is the only commit; what either release needs stays. Nothing else is state: no pointer, no list,
//! and both slots prove themselves by their signature whenever they are read.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use yima_pack::release::Order;
use yima_pack::{Head, Reader, Sha, Verifier};

use super::refusal::Refusal;
use super::stick::MAX_NOTE;

/// A manifest longer than this is refused; that of 48,644 addresses has some hundred kilobytes.
pub(super) const MAX_MANIFEST: usize = 64 << 20;

/// A kiosk's folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    keys: Vec<Verifier>,
    host: String,
}

/// A release that is held.
#[derive(Clone, Debug)]
pub struct Held {
    /// What its note says.
    pub head: Head,
    /// When it was taken.
    pub taken: Option<SystemTime>,
    /// Digest of its manifest.
    pub manifest: Sha,
    length: usize,
    slot: usize,
}

/// Held while a store is written; the system gives it back however the process ends.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone is not enough while a child that was just forked holds the file too. The system frees it anyway
        // when the last of them ends.
        let _ = self.0.unlock();
    }
}

impl Store {
    /// Makes a kiosk's folder that trusts `keys`, for the site `host`; without one, for the site that the first key is
    /// named after.
    ///
    /// # Errors
    /// [`Refusal`] when it is one already, or the disk says no.
    pub fn create(folder: &Path, keys: &[Verifier], host: Option<&str>) -> Result<Self, Refusal> {
        if folder.join("keys.txt").exists() {
            return Err(Refusal::SetUpAlready(folder.to_owned()));
        }
        let host = host.or_else(|| keys.first().map(Verifier::name)).unwrap_or_default().to_owned();
        for below in ["slot", "object"] {
            let path = folder.join(below);
            fs::create_dir_all(&path).map_err(Refusal::write(&path))?;
        }
        let store = Self { folder: folder.to_owned(), keys: keys.to_vec(), host };
        let lines: String = store.keys.iter().map(|key| format!("{key}\n")).collect();
        store.put("", "host.txt", format!("{}\n", store.host).as_bytes())?;
        // The last one: a folder without it is not set up.
        store.put("", "keys.txt", lines.as_bytes())?;
        Ok(store)
    }

    /// Opens a kiosk's folder.
    ///
    /// # Errors
    /// [`Refusal`] when it is none, or its keys cannot be read.
    pub fn open(folder: &Path) -> Result<Self, Refusal> {
        let not_set_up = || Refusal::NotSetUp(folder.to_owned());
        let path = folder.join("keys.txt");
        if !path.exists() {
            return Err(not_set_up());
        }
        let host = read(&folder.join("host.txt"), MAX_NOTE).ok().flatten().ok_or_else(not_set_up)?;
        let host = String::from_utf8_lossy(&host).trim().to_owned();
        Ok(Self { folder: folder.to_owned(), keys: read_keys(&path)?, host })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The host of the site it is for.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The releases that are held, the one that answers first. A slot that does not prove itself holds none.
    #[must_use]
    pub fn held(&self) -> Vec<Held> {
        let mut held: Vec<Held> = (0..2).filter_map(|slot| self.slot(slot)).collect();
        held.sort_by_key(|held| std::cmp::Reverse(held.head.sequence));
        let answers = self.rolled_back().map(|number| held.iter().position(|held| held.head.sequence != number));
        if let Some(Some(answers)) = answers {
            held.swap(0, answers);
        }
        held
    }

    /// The bytes of both slots, to see whether anything has changed.
    #[must_use]
    pub fn state(&self) -> Vec<Vec<u8>> {
        let files = ["slot/0", "slot/1", "rolled-back"];
        files.iter().map(|file| read(&self.folder.join(file), MAX_NOTE).ok().flatten().unwrap_or_default()).collect()
    }

    /// A reader of a release that is held; its manifest has been verified.
    ///
    /// # Errors
    /// [`Refusal`] when the manifest is gone or damaged.
    pub fn reader(&self, held: &Held) -> Result<Reader, Refusal> {
        let path = || format!("object/{}", held.manifest);
        let bytes = self.object(held.manifest, held.length).map_err(|error| Refusal::Read(path(), error))?;
        let bytes = bytes.ok_or_else(|| Refusal::Missing(path()))?;
        let mut reader = Reader::new(&bytes, held.manifest).map_err(|error| Refusal::of(error, &self.host))?;
        for list in reader.manifest().unknown().collect::<Vec<_>>() {
            let Some(object) = reader.manifest().objects.get(list) else { continue };
            if let Ok(Some(bytes)) = self.object(object.sha, object.length) {
                // One that is damaged stays unknown: whoever wants one of its files is told so.
                let _ = reader.supply(list, bytes);
            }
        }
        Ok(reader)
    }

    /// The bytes that stand under the name of an object, at most one more than it has: to be verified by who asks.
    /// `None` when there is no such file.
    ///
    /// # Errors
    /// What the disk says.
    pub fn object(&self, sha: Sha, length: usize) -> io::Result<Option<Vec<u8>>> {
        read(&self.folder.join("object").join(sha.to_string()), length)
    }

    /// Number of the release that was rolled back.
    #[must_use]
    pub fn rolled_back(&self) -> Option<u64> {
        let bytes = read(&self.folder.join("rolled-back"), 20).ok().flatten()?;
        std::str::from_utf8(&bytes).ok()?.trim().parse().ok()
    }

    /// Lets the earlier release answer; its number. `undo` lets the later one answer again.
    ///
    /// # Errors
    /// [`Refusal`] when there is nothing to go back to, or the disk says no.
    pub fn roll_back(&self, undo: bool) -> Result<u64, Refusal> {
        let _lock = self.lock()?;
        let held = self.held();
        if undo {
            let path = self.folder.join("rolled-back");
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(Refusal::Write(path, error)),
                _ => flush(&self.folder).map_err(Refusal::write(&self.folder))?,
            }
            return self.held().first().map(|held| held.head.sequence).ok_or(Refusal::NothingBefore);
        }
        let [now, before] = held.as_slice() else { return Err(Refusal::NothingBefore) };
        if before.head.sequence > now.head.sequence {
            return Err(Refusal::NothingBefore);
        }
        // Whether the earlier one is whole is asked before the later one is put away.
        self.reader(before)?;
        self.put("", "rolled-back", format!("{}\n", now.head.sequence).as_bytes())?;
        Ok(before.head.sequence)
    }

    /// The keys it trusts.
    pub(super) fn keys(&self) -> &[Verifier] {
        &self.keys
    }

    /// One import at a time.
    pub(super) fn lock(&self) -> Result<Lock, Refusal> {
        let path = self.folder.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Refusal::write(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Refusal::Busy),
            Err(TryLockError::Error(error)) => Err(Refusal::Write(path, error)),
        }
    }

    /// Waits until every object is on the disk.
    pub(super) fn settle(&self) -> Result<(), Refusal> {
        flush_all(&self.folder.join("object")).map_err(Refusal::write(&self.folder))
    }

    /// Puts the note of a release whose objects are all on the disk into the slot that does not answer: the commit.
    pub(super) fn commit(&self, note: &str) -> Result<(), Refusal> {
        let slot = self.held().first().map_or(0, |held| 1 - held.slot);
        self.put("slot", &slot.to_string(), note.as_bytes())
    }

    /// Takes an object over from what `from` gives, when it has the right bytes; says whether it had.
    pub(super) fn take(&self, sha: Sha, length: usize, from: impl io::Read) -> Result<Copied, Refusal> {
        let folder = self.folder.join("object");
        let new = folder.join(".new");
        let copied = copy(from, &new, length);
        let right = matches!(&copied, Ok(Copied::All(found)) if *found == sha);
        if !right {
            // The error of the copy is the one to tell.
            let _ = fs::remove_file(&new);
        }
        let path = folder.join(sha.to_string());
        let copied = copied.map_err(Refusal::write(&path))?;
        if right {
            fs::rename(&new, &path).map_err(Refusal::write(&path))?;
        }
        Ok(copied)
    }

    /// Whether the right bytes stand under the name of an object.
    pub(super) fn has(&self, sha: Sha, length: usize) -> bool {
        matches!(self.object(sha, length), Ok(Some(bytes)) if bytes.len() == length && Sha::of(&bytes) == sha)
    }

    /// Removes objects that no release needs. While a release does not say what it needs, nothing is removed.
    pub(super) fn sweep(&self) -> Result<(), Refusal> {
        let mut needed = BTreeSet::new();
        for held in self.held() {
            let Ok(reader) = self.reader(&held) else { return Ok(()) };
            if reader.manifest().unknown().next().is_some() {
                return Ok(());
            }
            needed.insert(held.manifest.to_string());
            needed.extend(reader.manifest().objects.iter().map(|object| object.sha.to_string()));
        }
        let folder = self.folder.join("object");
        let entries = fs::read_dir(&folder).map_err(Refusal::write(&folder))?;
        for entry in entries.filter_map(Result::ok) {
            if !entry.file_name().to_str().is_some_and(|name| needed.contains(name)) {
                // What cannot be removed now is in nobody's way and goes with the next import.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    fn slot(&self, slot: usize) -> Option<Held> {
        let path = self.folder.join("slot").join(slot.to_string());
        let note = String::from_utf8(read(&path, MAX_NOTE).ok()??).ok()?;
        let head = Head::open(&note, &self.keys, &self.host).ok()?;
        let Order::Hold(manifest, length) = head.order else { return None };
        let taken = fs::metadata(&path).and_then(|data| data.modified()).ok();
        (length <= MAX_MANIFEST).then_some(Held { head, taken, manifest, length, slot })
    }

    /// Writes a small file in the place of one that may be there, and waits until the disk has it.
    fn put(&self, below: &str, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let folder = self.folder.join(below);
        let (new, path) = (folder.join(".new"), folder.join(name));
        File::create(&new)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&new, &path))
            .and_then(|()| flush(&folder))
            .map_err(Refusal::write(&path))
    }
}

/// What copying gave.
pub(super) enum Copied {
    /// As many bytes as there should be, with this digest.
    All(Sha),
    /// Fewer or more.
    Other,
    /// The source could not be read.
    Unread(io::Error),
}

/// Copies `length` bytes into a new file, and looks whether there are more.
fn copy(from: impl io::Read, new: &Path, length: usize) -> io::Result<Copied> {
    use sha2::Digest as _;
    let mut file = File::create(new)?;
    let mut from = from.take(length as u64 + 1);
    let (mut digest, mut buffer, mut count) = (sha2::Sha256::new(), vec![0; 64 << 10], 0);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(some) => {
                let bytes = buffer.get(..some).unwrap_or_default();
                digest.update(bytes);
                file.write_all(bytes)?;
                count += some;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Ok(Copied::Unread(error)),
        }
    }
    Ok(if count == length { Copied::All(Sha(digest.finalize().into())) } else { Copied::Other })
}

/// At most one byte more than `most`. `None` when there is no such file.
fn read(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The public keys in a file, one a line; or in a `site.toml`, as `release_keys`.
///
/// # Errors
/// [`Refusal::BadKeys`] when it holds none, or something else beside them.
pub fn read_keys(path: &Path) -> Result<Vec<Verifier>, Refusal> {
    if path.extension().is_some_and(|ending| ending == "toml") {
        return site_keys(path);
    }
    let bytes = read(path, MAX_NOTE).ok().flatten().unwrap_or_default();
    keys(&String::from_utf8_lossy(&bytes)).ok_or_else(|| Refusal::BadKeys(path.to_owned()))
}

/// The public keys that a site's settings name.
fn site_keys(path: &Path) -> Result<Vec<Verifier>, Refusal> {
    let bytes = read(path, MAX_NOTE).ok().flatten().unwrap_or_default();
    let settings: Option<toml::Table> = String::from_utf8_lossy(&bytes).parse().ok();
    let named = settings.as_ref().and_then(|settings| settings.get("release_keys")?.as_array());
    let keys = named.into_iter().flatten().map(|key| Verifier::parse(key.as_str()?).ok());
    let keys: Option<Vec<Verifier>> = keys.collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(|| Refusal::BadKeys(path.to_owned()))
}

/// One public key a line; `#` begins a line for people.
fn keys(text: &str) -> Option<Vec<Verifier>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<Verifier> = lines.map(|line| Verifier::parse(line).ok()).collect::<Option<_>>()?;
    (!keys.is_empty()).then_some(keys)
}

/// Waits until a rename in `folder` is on the disk.
fn flush(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Waits until the files of `folder` are on the disk: one call for all of them.
#[cfg(target_os = "linux")]
fn flush_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn flush_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        File::options().write(true).open(entry?.path())?.sync_all()?;
    }
    flush(folder)
}
