//! A built site onto a stick: the signed release as it stands on the host, and a copy of its pages that opens from the
//! stick itself.
//!
//! Everything is verified before anything is written. The note goes last, so that a stick that was pulled out early is
//! no update at all rather than half of one.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use yima_pack::release::Order;
use yima_pack::{Answer, Head, Reader, Verifier, note};

use super::plain::{self, Copy};
use super::refusal::Refusal;
use super::stick::{NOTE, Stick, is_below};
use super::store::MAX_MANIFEST;
use crate::write::MARKER;

/// Folder of the copy that opens by itself.
pub(super) const PLAIN: &str = "site";

/// What stands beside the data for whoever finds the stick.
const README: &str = include_str!("stick.txt");

/// Wanting more often than this, a reader turns in a circle.
const TURNS: usize = 1000;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The built site.
    pub site: &'a Path,
    /// The stick.
    pub stick: &'a Path,
    /// Whether to add the copy that opens by itself.
    pub plain: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Number of the release.
    pub sequence: u64,
    /// The day it was built for.
    pub date: String,
    /// Objects of the release.
    pub objects: usize,
    /// Files of the copy that opens by itself.
    pub pages: usize,
}

/// A release that was opened from a folder, signed and whole.
struct Opened {
    note: String,
    head: Head,
    manifest: Vec<u8>,
    path: String,
    reader: Reader,
}

impl Export<'_> {
    /// Writes the stick.
    ///
    /// # Errors
    /// [`Refusal`] when the release is not signed by one of `keys`, a file is not the one it names, or a disk says no.
    pub fn write(&self, keys: &[Verifier]) -> Result<Exported, Refusal> {
        let site = Stick::open(self.site)?;
        let mut release = open(&site, keys)?;
        for object in &release.reader.manifest().objects {
            if object.path.split('/').next() == Some(PLAIN) || object.path == "README.txt" {
                return Err(Refusal::BadPath(object.path.clone()));
            }
            verified(&site, &release.reader, &object.path)?;
        }
        let pages = if self.plain { self.pages(&site, &mut release.reader)? } else { Vec::new() };
        fs::create_dir_all(self.stick).map_err(Refusal::write(self.stick))?;
        self.clear(keys, &release)?;
        self.put(&release.path, &release.manifest)?;
        let objects = release.reader.manifest().objects.iter();
        for path in objects.map(|object| object.path.as_str()) {
            self.put(path, &verified(&site, &release.reader, path)?)?;
        }
        self.put("README.txt", README.as_bytes())?;
        let copy = Copy::new(&pages, &release.head.host);
        if self.plain {
            self.put(&format!("{PLAIN}/{MARKER}"), b"yima kiosk export\n")?;
        }
        for path in &pages {
            let bytes = read(&self.site.join(path), path)?;
            let bytes = if plain::is_page(path) { copy.page(path, &bytes) } else { bytes };
            self.put(&format!("{PLAIN}/{path}"), &bytes)?;
        }
        self.settle()?;
        self.put(NOTE, release.note.as_bytes())?;
        self.settle()?;
        let Head { sequence, date, .. } = release.head;
        Ok(Exported { sequence, date, objects: release.reader.manifest().objects.len(), pages: pages.len() })
    }

    /// Paths of the files that the copy takes: those of the folder that the release names too, each the same in both.
    fn pages(&self, site: &Stick, reader: &mut Reader) -> Result<Vec<String>, Refusal> {
        let mut paths = Vec::new();
        walk(self.site, "", &mut paths).map_err(|error| Refusal::Read(self.site.display().to_string(), error))?;
        paths.retain(|path| plain::belongs(path));
        paths.sort();
        let mut pages = Vec::new();
        for path in paths {
            let Some(bytes) = found(site, reader, &path)? else { continue };
            if bytes != read(&self.site.join(&path), &path)? {
                return Err(Refusal::Wrong(path));
            }
            pages.push(path);
        }
        reader.forget();
        Ok(pages)
    }

    /// Takes away what an earlier export left and this one does not write again, its note first.
    fn clear(&self, keys: &[Verifier], next: &Opened) -> Result<(), Refusal> {
        let stick = Stick::open(self.stick)?;
        let before = open(&stick, keys);
        remove(&self.stick.join(NOTE))?;
        if let Ok(before) = before {
            let wanted = |path: &str| next.reader.manifest().objects.iter().any(|object| object.path == path);
            let objects = before.reader.manifest().objects.iter().map(|object| object.path.as_str());
            for path in objects.filter(|path| is_below(path) && !wanted(path)) {
                remove(&self.stick.join(path))?;
            }
            if before.path != next.path {
                remove(&self.stick.join(&before.path))?;
            }
        }
        let plain = self.stick.join(PLAIN);
        if plain.join(MARKER).is_file() {
            #[expect(clippy::disallowed_methods, reason = "a copy that an earlier export wrote, and marked")]
            fs::remove_dir_all(&plain).map_err(Refusal::write(&plain))?;
        } else if self.plain && plain.exists() {
            return Err(Refusal::Write(plain, ErrorKind::AlreadyExists.into()));
        }
        Ok(())
    }

    /// Writes a file, unless it stands there already.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let target = self.stick.join(path);
        if read(&target, path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let folder = target.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| File::create(&target))
            .and_then(|mut file| file.write_all(bytes))
            .map_err(Refusal::write(&target))
    }

    #[cfg(target_os = "linux")]
    fn settle(&self) -> Result<(), Refusal> {
        let flush = || Ok(rustix::fs::syncfs(File::open(self.stick)?)?);
        flush().map_err(Refusal::write(self.stick))
    }

    /// Other systems write a stick to its end when it is ejected.
    #[cfg(not(target_os = "linux"))]
    fn settle(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// The release of a folder: its note signed by one of `keys`, its manifest the one that is named.
fn open(folder: &Stick, keys: &[Verifier]) -> Result<Opened, Refusal> {
    let text = folder.note()?;
    let body = note::text(&text).map_err(|_| Refusal::BadNote)?;
    let host = body.parse::<Head>().map_err(|_| Refusal::BadNote)?.host;
    if body == text {
        return Err(Refusal::NoSignature);
    }
    let head = Head::open(&text, keys, &host).map_err(|error| Refusal::of(error, &host))?;
    let Order::Hold(sha, length) = head.order else { return Err(Refusal::Retire) };
    if length > MAX_MANIFEST {
        return Err(Refusal::TooBig(length as u64));
    }
    let path = sha.path();
    let manifest = folder.bytes(&path, length)?;
    let mut reader = Reader::new(&manifest, sha).map_err(|error| Refusal::of(error, &host))?;
    folder.lists(&mut reader, &host)?;
    Ok(Opened { note: text, head, manifest, path, reader })
}

/// The bytes of an object, verified.
fn verified(site: &Stick, reader: &Reader, path: &str) -> Result<Vec<u8>, Refusal> {
    let object = reader.manifest().objects.iter().find(|object| object.path == path);
    let object = object.ok_or_else(|| Refusal::Missing(path.to_owned()))?;
    let bytes = site.bytes(path, object.length)?;
    if yima_pack::Sha::of(&bytes) == object.sha { Ok(bytes) } else { Err(Refusal::Wrong(path.to_owned())) }
}

/// What the release says stands at a path; none when it has no such file.
fn found(site: &Stick, reader: &mut Reader, path: &str) -> Result<Option<Vec<u8>>, Refusal> {
    for _ in 0..TURNS {
        match reader.answer(path).map_err(|error| Refusal::of(error, ""))? {
            Answer::Found(found) => return Ok(Some(found.bytes)),
            Answer::Moved(_) | Answer::Missing => return Ok(None),
            Answer::Wanted(objects) => {
                for place in objects {
                    let object = reader.manifest().objects.get(place).ok_or(Refusal::BadManifest)?.clone();
                    let bytes = site.bytes(&object.path, object.length)?;
                    reader.supply(place, bytes).map_err(|error| Refusal::of(error, ""))?;
                }
            }
        }
    }
    Err(Refusal::BadManifest)
}

fn walk(root: &Path, below: &str, paths: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let Some(name) = name.to_str() else { continue };
        if kind.is_dir() {
            walk(root, &format!("{below}{name}/"), paths)?;
        } else if kind.is_file() {
            paths.push(format!("{below}{name}"));
        }
    }
    Ok(())
}

fn read(path: &Path, shown: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| Refusal::Read(shown.to_owned(), error))
}

fn remove(path: &PathBuf) -> Result<(), Refusal> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Refusal::Write(path.clone(), error)),
        _ => Ok(()),
    }
}
