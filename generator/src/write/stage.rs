//! The new site, file by file, in the staging folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::error::{Doing, WriteError};
use super::place::{MARKER, Place, remove_folder};
use super::present::{Present, holds};
use super::{Last, Notice, Options, Written};
use crate::site::{Content, Entry, Render, Site, SitePath};

/// SHA-256 over the lines `<path> <SHA-256 of the bytes, hex>\n` of all files in the order of their paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How often [`Notice::Rendered`] is heard.
const NOTICE_EVERY: usize = 256;

/// How many entries a thread takes at once.
const AT_ONCE: usize = 64;

/// What became of every entry, in the order of the site: those that differ are staged, the rest is not yet.
#[derive(Debug)]
pub(super) struct Draft {
    entries: Vec<Drafted>,
    digest: Option<Digest>,
}

#[derive(Clone, Copy, Debug)]
struct Drafted {
    /// The file in `out` holds these bytes.
    same: bool,
    /// A file of this name stands in `out`.
    present: bool,
    bytes: u64,
    digest: Option<[u8; 32]>,
}

impl Draft {
    /// Whether the site stands in `out` already and nothing else does.
    pub(super) fn is_present(&self, present: &Present) -> bool {
        let nothing_else = self.entries.len() == present.paths().len() && present.strange.is_empty();
        nothing_else && self.entries.iter().all(|entry| entry.same)
    }

    pub(super) fn sum(&self, present: &Present) -> Written {
        let unchanged = self.entries.iter().filter(|entry| entry.same).count();
        let kept = self.entries.iter().filter(|entry| entry.present).count();
        Written {
            files: self.entries.len(),
            bytes: self.entries.iter().map(|entry| entry.bytes).sum(),
            written: self.entries.len() - unchanged,
            unchanged,
            removed: present.paths().len() - kept,
            digest: self.digest,
        }
    }
}

/// Refuses paths that would leave the folder, that some file systems cannot hold, or that exclude each other.
pub(super) fn check_paths<R>(site: &Site<R>) -> Result<(), WriteError> {
    let mut folder = "";
    for (path, _) in site.iter() {
        let text = path.as_str();
        let bad = |part: &str| {
            let odd = |ch: char| ch.is_control() || ch == '\\' || ch == ':';
            part.is_empty() || part == "." || part == ".." || part.len() > 255 || part.contains(odd)
        };
        if text == MARKER || text.split('/').any(bad) {
            return Err(WriteError::BadPath(path.clone()));
        }
        let parent = text.rsplit_once('/').map_or("", |(parent, _)| parent);
        if parent != folder {
            folder = parent;
            let mut above = text.match_indices('/').filter_map(|(end, _)| text.get(..end));
            if let Some(both) = above.rfind(|above| site.get(above).is_some()) {
                return Err(WriteError::FileAndFolder(SitePath::file(both)));
            }
        }
    }
    Ok(())
}

/// Renders every entry, compares it with what is there, and stages what differs.
pub(super) fn draft<R: Render>(
    staging: &Staging<'_, R::Recipe>,
    render: &R,
    present: &Present,
    options: Options<'_>,
) -> Result<Draft, WriteError> {
    let (site, place) = (staging.site, staging.place);
    let done = AtomicUsize::new(0);
    let total = site.len();
    let all: Vec<(&SitePath, &Entry<R::Recipe>)> = site.iter().collect();
    let one = |buffer: &mut Vec<u8>, path: &SitePath, entry: &Entry<R::Recipe>| {
        let rendered;
        let bytes: &[u8] = match &entry.content {
            Content::Bytes(bytes) => bytes,
            Content::Recipe(recipe) => {
                rendered = render.render(recipe).map_err(WriteError::Render)?;
                &rendered
            }
        };
        let there = present.has(path.as_str());
        let same = there && holds(&place.out.join(path.as_str()), bytes, buffer)?;
        if !same {
            staging.put(path.as_str(), bytes)?;
        }
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(NOTICE_EVERY) || count == total {
            (options.notice)(Notice::Rendered { done: count, total });
        }
        let digest = options.digest.then(|| Sha256::digest(bytes).into());
        Ok(Drafted { same, present: there, bytes: bytes.len() as u64, digest })
    };
    let entries: Vec<Vec<Drafted>> = all
        .par_chunks(AT_ONCE)
        .map_init(Vec::new, |buffer, entries| {
            // Where nothing stands, every entry will be staged.
            if present.is_empty() {
                staging.make_folders(entries.iter().map(|(path, _)| path.as_str()))?;
            }
            entries.iter().map(|(path, entry)| one(buffer, path, entry)).collect()
        })
        .collect::<Result<_, _>>()?;
    let entries = entries.concat();
    let digest = options.digest.then(|| digest_of(site, &entries));
    Ok(Draft { entries, digest })
}

fn digest_of<R>(site: &Site<R>, entries: &[Drafted]) -> Digest {
    let mut whole = Sha256::new();
    for ((path, _), entry) in site.iter().zip(entries) {
        let line = format!("{path} {}\n", Digest(entry.digest.unwrap_or_default()));
        whole.update(line.as_bytes());
    }
    Digest(whole.finalize().into())
}

/// Stages what is made last, and says what the site is with it.
#[expect(clippy::disallowed_methods, reason = "files of the site itself, which this room wrote")]
pub(super) fn finish<'a, R: Clone + Sync>(
    staging: &Staging<'a, R>,
    present: &Present,
    mut draft: Draft,
    last: &impl Last<R>,
    options: Options<'_>,
) -> Result<(Cow<'a, Site<R>>, Draft), WriteError> {
    let site = staging.site;
    let out = &staging.place.out;
    let changed = draft.entries.iter().any(|entry| !entry.same);
    let same: Vec<bool> = draft.entries.iter().map(|entry| entry.same).collect();
    let finished = |path: &str| {
        let place = site.place(path);
        let folder = if place.is_some_and(|place| same.get(place) == Some(&true)) { out } else { &staging.place.spare };
        fs::read(folder.join(path))
    };
    let before = |path: &str| present.has(path).then(|| fs::read(out.join(path)).ok()).flatten();
    let made = last.make(site, changed, &finished, &before).map_err(WriteError::Last)?;
    if made.is_empty() {
        return Ok((Cow::Borrowed(site), draft));
    }
    let mut claims = Vec::new();
    let mut buffer = Vec::new();
    let mut extra = BTreeMap::new();
    for (path, bytes) in made {
        let there = present.has(path.as_str());
        let same = there && holds(&out.join(path.as_str()), &bytes, &mut buffer)?;
        if !same {
            staging.put(path.as_str(), &bytes)?;
        }
        let digest = options.digest.then(|| Sha256::digest(&bytes).into());
        extra.insert(path.clone(), Drafted { same, present: there, bytes: bytes.len() as u64, digest });
        claims.push((path, "release", Content::Bytes(Cow::Borrowed(&[][..]))));
    }
    let whole = site.clone().with(claims).map_err(WriteError::Claimed)?;
    check_paths(&whole)?;
    let mut rest = std::mem::take(&mut draft.entries).into_iter();
    draft.entries = whole.iter().filter_map(|(path, _)| extra.get(path).copied().or_else(|| rest.next())).collect();
    draft.digest = options.digest.then(|| digest_of(&whole, &draft.entries));
    Ok((Cow::Owned(whole), draft))
}

/// Adds to the staging folder what did not differ, so that it holds the whole site. Says whether the old site will be
/// worth its room as a spare: when most of its files are second names of files of the new one.
pub(super) fn complete<R: Sync>(
    staging: &Staging<'_, R>,
    site: &Site<R>,
    present: &Present,
    draft: &Draft,
    options: Options<'_>,
) -> Result<bool, WriteError> {
    let spare = staging.ready()?;
    let rest: Vec<&str> =
        site.iter().zip(&draft.entries).filter(|(_, entry)| entry.same).map(|((path, _), _)| path.as_str()).collect();
    let linked = rest
        .par_chunks(AT_ONCE)
        .map(|paths| {
            staging.make_folders(paths.iter().copied())?;
            let new = paths.iter().filter(|path| !spare.shares(path, present));
            new.map(|path| staging.link(path)).try_fold(true, |all, linked| Ok(linked? && all))
        })
        .try_reduce(|| true, |a, b| Ok(a && b))?;
    if options.durable {
        staging.flush(site, draft)?;
    }
    Ok(linked && rest.len() * 4 >= draft.entries.len() * 3)
}

/// The staging folder; made ready when the first file needs it.
pub(super) struct Staging<'a, R> {
    site: &'a Site<R>,
    place: &'a Place,
    /// What stood in the spare, less what the site does not have.
    spare: Mutex<Option<Arc<Present>>>,
    /// Held while folders are made.
    making: Mutex<()>,
}

impl<'a, R> Staging<'a, R> {
    pub(super) fn new(site: &'a Site<R>, place: &'a Place) -> Self {
        Self { site, place, spare: Mutex::new(None), making: Mutex::default() }
    }

    fn ready(&self) -> Result<Arc<Present>, WriteError> {
        // Nothing in here panics; a poisoned lock would still hold a true answer.
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spare) = &*spare {
            return Ok(Arc::clone(spare));
        }
        self.place.stage()?;
        let mut found = Present::look(&self.place.spare)?;
        self.prune(&found)?;
        // What is made last is not known yet: it went, too, and is taken over from the present site like what is not here.
        found.retain(|path| self.site.get(path).is_some());
        let found = Arc::new(found);
        *spare = Some(Arc::clone(&found));
        Ok(found)
    }

    /// Removes from the spare what the site does not have. What stays is a file for a file, a folder for a folder.
    fn prune(&self, found: &Present) -> Result<(), WriteError> {
        let remove = |path: &Path, remove: fn(&Path) -> io::Result<()>| match remove(path) {
            // Went with its folder.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other.map_err(WriteError::disk(Doing::Stage, path)),
        };
        for path in found.paths().filter(|path| self.site.get(path).is_none()) {
            remove(&self.place.spare.join(path), |path| fs::remove_file(path))?;
        }
        for path in &found.strange {
            remove(path, |path| fs::remove_file(path))?;
        }
        let paths: Vec<&str> = self.site.iter().map(|(path, _)| path.as_str()).collect();
        for folder in &found.folders {
            let next = paths.get(paths.partition_point(|path| *path < folder.as_str()));
            if !next.is_some_and(|next| next.starts_with(folder.as_str())) {
                remove(&self.place.spare.join(folder), remove_folder)?;
            }
        }
        Ok(())
    }

    /// Writes a new file.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let target = self.place.spare.join(path);
        self.ready()?;
        in_folder(&target, || File::create_new(&target))
            .and_then(|mut file| file.write_all(bytes))
            .map_err(WriteError::disk(Doing::Stage, &target))
    }

    /// Makes the folders of these files, which are sorted, where the staging folder is a new one: nearly every page is the
    /// only file of a folder. One thread at a time, a few at once: a file system adds one name after the other to the folder
    /// above them, and lets whoever has to wait spin until then, which took a tenth of a build.
    fn make_folders<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Result<(), WriteError> {
        if !self.ready()?.is_empty() {
            return Ok(());
        }
        let _alone = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = "";
        for (folder, _) in paths.filter_map(|path| path.rsplit_once('/')) {
            if folder != last {
                // What is wrong with it, the first file in it finds too.
                let _ = fs::create_dir_all(self.place.spare.join(folder));
                last = folder;
            }
        }
        Ok(())
    }

    /// Takes over a file of the present site: a second name for the same file where the file system can, else a copy
    /// with the same modification time. Says whether it is a second name.
    fn link(&self, path: &str) -> Result<bool, WriteError> {
        let from = self.place.out.join(path);
        let target = self.place.spare.join(path);
        in_folder(&target, || fs::hard_link(&from, &target).map(|()| true))
            .or_else(|_| {
                // A copy would be written into a file that stands there, and that may be the present site's file too.
                fs::remove_file(&target).or_else(|error| match error.kind() {
                    ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                })?;
                fs::copy(&from, &target)?;
                let modified = fs::metadata(&from)?.modified()?;
                File::options().write(true).open(&target)?.set_modified(modified)?;
                Ok(false)
            })
            .map_err(WriteError::disk(Doing::Stage, &target))
    }

    /// Waits until everything staged is on the disk.
    #[cfg(target_os = "linux")]
    fn flush(&self, _: &Site<R>, _: &Draft) -> Result<(), WriteError> {
        // One call for the file system instead of two for every file: tens of thousands of single flushes take minutes.
        let path = &self.place.spare;
        File::open(path)
            .and_then(|folder| Ok(rustix::fs::syncfs(folder)?))
            .map_err(WriteError::disk(Doing::Flush, path))
    }

    /// Waits until everything staged is on the disk.
    #[cfg(not(target_os = "linux"))]
    fn flush(&self, site: &Site<R>, draft: &Draft) -> Result<(), WriteError> {
        let differing = site.iter().zip(&draft.entries).filter(|(_, entry)| !entry.same);
        for ((path, _), _) in differing {
            let path = self.place.spare.join(path.as_str());
            File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.sync_all())
                .map_err(WriteError::disk(Doing::Flush, &path))?;
        }
        Ok(())
    }
}

/// Does what makes the file `target`: where its folder is not there yet, after making the folder; where a spare has a
/// file of that name, after removing it. It is never written into: its bytes may be those of the present site too.
fn in_folder<T>(target: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match make() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            make()
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(target)?;
            make()
        }
        other => other,
    }
}
