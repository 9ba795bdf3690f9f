//! What a release is made of.
//!
//! A manifest is plain text, so that an auditor needs no program of ours to read it:
//!
//! ```text
//! yima manifest 7
//! date 2026-11-22                              the day the site was built for
//! paths 9c0e… 9251007                          SHA-256 and length of the list of all pages, at release/<SHA-256>
//! headers                                      a class of headers, counted from 0
//!  Content-Type: text/html; charset=utf-8
//! tier theme/jiuye 就业创业                     what can be held, counted from 0
//! renamed /assets/site-0c1f93.css /assets/site-412b15.css
//!                                              what the frames of pages say instead of a name, since the packs were cut
//! pack 1f3a… 35120 0,3 directory Q/            SHA-256, length, tiers, what it is to the reader; at release/<SHA-256>
//! made 5c1d… 17105 2 13 7395838 search/        a list of files: SHA-256, length, tiers, class of headers, bytes of its files,
//!                                              how all their paths begin; at release/<SHA-256>
//! file 77b2… 8123 0-2 3 assets/site-412b15.css SHA-256, length, tiers, class of headers, path
//! ```
//!
//! Packs are counted too: segments and directories name segments by their number. A release that follows another has all
//! packs of that one, in the same places, and its own behind them.
//!
//! The list of all pages and files says of each its SHA-256, its length, its class of headers and its path, a line each. It
//! is for whoever wants to check a host or a device from outside: a device does not need it, for what it composes follows
//! from packs whose digests it has checked.
//!
//! The first tier holds everything. A file that is not in it is one that a device which has everything makes by itself. Most
//! of these stand in lists of their own ([`crate::lists`]), which such a device makes, too: one digest for all of them.

use core::fmt;

use crate::release::{ReleaseError, Sha, is_day};

/// Objects a manifest may name.
pub(crate) const MAX_OBJECTS: usize = 200_000;

/// Bytes that a device holds, named by their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Digest of the bytes.
    pub sha: Sha,
    /// How many.
    pub length: usize,
    /// Where they stand on the host, without a leading slash.
    pub path: String,
}

/// A file of the site that is an object as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Place of its object.
    pub object: usize,
    /// Place of its headers.
    pub class: usize,
    /// Path on the site, without a leading slash.
    pub path: String,
}

/// A choice of objects that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// `core`, `theme/<id>`, `all`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Places of its objects, sorted.
    pub objects: Vec<usize>,
}

/// A list of files that have their tiers and headers in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Place of its object.
    pub object: usize,
    /// Place of the headers of its files.
    pub class: usize,
    /// Bytes of all its files.
    pub bytes: usize,
    /// How their paths begin.
    pub prefix: String,
    /// Whether its files are known by now ([`Manifest::learn`]).
    pub known: bool,
}

/// What a release is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The day the site was built for, `2026-11-22`.
    pub date: String,
    /// The list of all pages and files, which no device needs.
    pub paths: Option<Object>,
    /// Classes of response headers.
    pub classes: Vec<Vec<(String, String)>>,
    /// All objects: packs first, then lists, then files.
    pub objects: Vec<Object>,
    /// What the first objects, which only the reader understands, are to it.
    pub packs: Vec<String>,
    /// What a device with everything makes by itself, besides some of the files.
    pub lists: Vec<List>,
    /// Plain files, sorted by path.
    pub files: Vec<File>,
    /// What can be held.
    pub tiers: Vec<Tier>,
    /// What the frames of pages say instead of the names of some files: those that they have by now. None has a blank.
    pub renamed: Vec<(String, String)>,
}

const FIRST_LINE: &str = "yima manifest 7";

impl Manifest {
    /// Reads a manifest whose digest is right already.
    ///
    /// # Errors
    /// [`ReleaseError::OtherVersion`] or [`ReleaseError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, ReleaseError> {
        let mut lines = text.lines();
        match lines.next() {
            Some(FIRST_LINE) => {}
            Some(line) if line.starts_with("yima manifest ") => return Err(ReleaseError::OtherVersion),
            _ => return Err(ReleaseError::Malformed),
        }
        let mut manifest = Self::default();
        for line in lines {
            manifest.line(line).ok_or(ReleaseError::Malformed)?;
        }
        let mut classes =
            manifest.files.iter().map(|file| file.class).chain(manifest.lists.iter().map(|list| list.class));
        let classes = classes.all(|class| class < manifest.classes.len());
        let sorted = manifest.files.windows(2).all(|pair| pair[0].path < pair[1].path);
        if classes && sorted && is_day(&manifest.date) { Ok(manifest) } else { Err(ReleaseError::Malformed) }
    }

    fn line(&mut self, line: &str) -> Option<()> {
        if let Some(header) = line.strip_prefix(' ') {
            let (name, value) = header.split_once(": ")?;
            self.classes.last_mut()?.push((name.to_owned(), value.to_owned()));
            return Some(());
        }
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words = match kind {
            "made" => 6,
            "file" => 5,
            _ => 4,
        };
        let mut words = rest.splitn(words, ' ');
        let mut word = || words.next();
        match kind {
            "date" => rest.clone_into(&mut self.date),
            "paths" => {
                let (sha, length): (Sha, _) = (word()?.parse().ok()?, word()?.parse().ok()?);
                self.paths = Some(Object { sha, length, path: sha.path() });
            }
            "headers" => self.classes.push(Vec::new()),
            "renamed" => {
                let (was, is) = rest.split_once(' ')?;
                self.renamed.push((was.to_owned(), is.to_owned()));
            }
            "tier" => {
                let (id, name) = rest.split_once(' ')?;
                self.tiers.push(Tier { id: id.to_owned(), name: name.to_owned(), objects: Vec::new() });
            }
            // Lists and files come behind the packs, or packs would lose their numbers.
            "pack" if self.lists.is_empty() && self.files.is_empty() => {
                let (sha, length, tiers): (Sha, _, _) = (word()?.parse().ok()?, word()?.parse().ok()?, word()?);
                self.packs.push(word()?.to_owned());
                self.object(Object { sha, length, path: sha.path() }, tiers)?;
            }
            "made" if self.files.is_empty() => {
                let (sha, length, tiers): (Sha, _, _) = (word()?.parse().ok()?, word()?.parse().ok()?, word()?);
                let (class, bytes, prefix) = (word()?.parse().ok()?, word()?.parse().ok()?, word()?.to_owned());
                self.lists.push(List { object: self.objects.len(), class, bytes, prefix, known: false });
                self.object(Object { sha, length, path: sha.path() }, tiers)?;
            }
            "file" => {
                let (sha, length, tiers) = (word()?.parse().ok()?, word()?.parse().ok()?, word()?);
                let (class, path) = (word()?.parse().ok()?, word()?.to_owned());
                self.files.push(File { object: self.objects.len(), class, path: path.clone() });
                self.object(Object { sha, length, path }, tiers)?;
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes an object of these tiers.
    fn object(&mut self, object: Object, tiers: &str) -> Option<()> {
        let place = self.objects.len();
        if place >= MAX_OBJECTS {
            return None;
        }
        for tier in ranges(tiers, self.tiers.len())? {
            self.tiers.get_mut(tier)?.objects.push(place);
        }
        self.objects.push(object);
        Some(())
    }

    /// How many packs there were when the release, or one that it follows, was cut anew: up to the last directory.
    #[cfg(feature = "seal")]
    pub(crate) fn first_packs(&self) -> usize {
        self.packs.iter().rposition(|role| role.starts_with("directory ")).map_or(0, |at| at + 1)
    }

    /// The number and the role of every pack.
    pub fn roles(&self) -> impl Iterator<Item = (usize, &str)> {
        self.packs.iter().map(String::as_str).enumerate()
    }

    /// The plain file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        let place = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(place)
    }

    /// Places of the files, and of the lists, that a device with everything makes by itself.
    pub fn made(&self) -> impl Iterator<Item = usize> {
        let all = self.tiers.first().map_or(&[][..], |all| all.objects.as_slice());
        let (lists, files) = (self.lists.iter().map(|list| list.object), self.files.iter().map(|file| file.object));
        lists.chain(files).filter(move |object| all.binary_search(object).is_err())
    }

    /// The tier called `id`.
    #[must_use]
    pub fn tier(&self, id: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.id == id)
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}\ndate {}", self.date)?;
        if let Some(paths) = &self.paths {
            writeln!(f, "paths {} {}", paths.sha, paths.length)?;
        }
        for class in &self.classes {
            writeln!(f, "headers")?;
            class.iter().try_for_each(|(name, value)| writeln!(f, " {name}: {value}"))?;
        }
        for Tier { id, name, .. } in &self.tiers {
            writeln!(f, "tier {id} {name}")?;
        }
        self.renamed.iter().try_for_each(|(was, is)| writeln!(f, "renamed {was} {is}"))?;
        let mut tiers: Vec<Vec<usize>> = vec![Vec::new(); self.objects.len()];
        for (number, tier) in self.tiers.iter().enumerate() {
            for &object in &tier.objects {
                if let Some(tiers) = tiers.get_mut(object) {
                    tiers.push(number);
                }
            }
        }
        let mut objects = self.objects.iter().zip(&tiers);
        for (role, (object, tiers)) in self.packs.iter().zip(objects.by_ref()) {
            writeln!(f, "pack {} {} {} {role}", object.sha, object.length, Ranges(tiers))?;
        }
        for (List { class, bytes, prefix, .. }, (object, tiers)) in self.lists.iter().zip(objects.by_ref()) {
            writeln!(f, "made {} {} {} {class} {bytes} {prefix}", object.sha, object.length, Ranges(tiers))?;
        }
        for (File { class, path, .. }, (object, tiers)) in self.files.iter().zip(objects) {
            writeln!(f, "file {} {} {} {class} {path}", object.sha, object.length, Ranges(tiers))?;
        }
        Ok(())
    }
}

/// `0-3,7`; `-` for nothing.
struct Ranges<'a>(&'a [usize]);

impl fmt::Display for Ranges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut places = self.0.iter().copied().peekable();
        let mut comma = "";
        if places.peek().is_none() {
            return f.write_str("-");
        }
        while let Some(first) = places.next() {
            let mut last = first;
            while let Some(next) = places.next_if_eq(&(last + 1)) {
                last = next;
            }
            write!(f, "{comma}{first}")?;
            if last > first {
                write!(f, "-{last}")?;
            }
            comma = ",";
        }
        Ok(())
    }
}

/// The numbers below `end` that [`Ranges`] wrote.
fn ranges(text: &str, end: usize) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for part in text.split(',').filter(|part| *part != "-") {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        if last < first || last >= end || places.last().is_some_and(|&before| before >= first) {
            return None;
        }
        places.extend(first..=last);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let object = |text: &str| Object { sha: Sha::of(text.as_bytes()), length: text.len(), path: text.into() };
        let (pack, list) = (Sha::of(b"pack"), Sha::of(b"list"));
        Manifest {
            date: "2026-11-22".into(),
            paths: Some(Object { sha: pack, length: 4, path: pack.path() }),
            classes: vec![vec![("Content-Type".into(), "text/html; charset=utf-8".into())], Vec::new()],
            objects: vec![
                Object { sha: pack, length: 4, path: pack.path() },
                Object { sha: list, length: 4, path: list.path() },
                object("a.css"),
                object("含 空格.pdf"),
            ],
            packs: vec!["directory ".into()],
            lists: vec![List { object: 1, class: 1, bytes: 70, prefix: "search/ 词".into(), known: false }],
            files: vec![
                File { object: 2, class: 1, path: "a.css".into() },
                File { object: 3, class: 0, path: "含 空格.pdf".into() },
            ],
            tiers: vec![
                Tier { id: "core".into(), name: "基本 部分".into(), objects: vec![0, 2, 3] },
                Tier { id: "none".into(), name: "空".into(), objects: vec![] },
                Tier { id: "some".into(), name: "一些".into(), objects: vec![1, 2] },
            ],
            renamed: vec![("/a-1.css".into(), "/a.css".into())],
        }
    }

    #[test]
    fn a_text_there_and_back() {
        assert_eq!(Manifest::parse(&manifest().to_string()), Ok(manifest()));
    }

    #[test]
    fn a_wrong_letter_is_refused_and_nothing_panics() {
        let text = manifest().to_string();
        for (place, _) in text.char_indices() {
            let _ = Manifest::parse(&text[..place]);
            let mut other = text.clone();
            other.insert(place, '9');
            let _ = Manifest::parse(&other);
        }
        assert_eq!(Manifest::parse("yima manifest 9\n"), Err(ReleaseError::OtherVersion));
        let sha = Sha::of(b"");
        for wrong in [
            "<html>".to_owned(),
            String::new(),
            "yima manifest 7\n".to_owned(),
            "yima manifest 7\ndate tomorrow\n".to_owned(),
            format!("yima manifest 7\ndate 2026-11-22\nfile {sha} 0 - 0 a\n"),
            format!("yima manifest 7\ndate 2026-11-22\ntier all 全部\npack {sha} 0 0-1 x\n"),
            format!("yima manifest 7\ndate 2026-11-22\nheaders\nfile {sha} 0 - 0 a\npack {sha} 0 - x\n"),
            format!("yima manifest 7\ndate 2026-11-22\nheaders\nmade {sha} 0 - 1 0 a\n"),
            format!("yima manifest 7\ndate 2026-11-22\nheaders\nmade {sha} 0 - 0 0 a\npack {sha} 0 - x\n"),
        ] {
            assert_eq!(Manifest::parse(&wrong), Err(ReleaseError::Malformed), "{wrong}");
        }
    }
}
