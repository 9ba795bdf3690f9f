//! What a release is made of.
//!
//! A manifest is plain text, so that an auditor needs no program of ours to read it:
//!
//! ```text
//! yima manifest 1
//! headers                                a class of headers, counted from 0
//!  Content-Type: text/html; charset=utf-8
//! object 1f3a… 35120 release/1f3a…       SHA-256, length, where it stands on the host; counted from 0
//! file 12 3 assets/site-412b15ce.css     object, class of headers, path
//! pack 17 directory                      object, what it is to the reader
//! tier theme/jiuye 20-24,31 就业创业      its objects, its name
//! ```

use core::fmt;

use crate::release::{ReleaseError, Sha};

/// Objects a manifest may name.
const MAX_OBJECTS: usize = 200_000;

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

/// What a release is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Classes of response headers.
    pub classes: Vec<Vec<(String, String)>>,
    /// All objects.
    pub objects: Vec<Object>,
    /// Plain files, sorted by path.
    pub files: Vec<File>,
    /// Objects that only the reader understands, and what they are to it.
    pub packs: Vec<(usize, String)>,
    /// What can be held.
    pub tiers: Vec<Tier>,
}

const FIRST_LINE: &str = "yima manifest 1";

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
        let objects = manifest.objects.len();
        let files = manifest.files.iter().all(|file| file.object < objects && file.class < manifest.classes.len());
        let sorted = manifest.files.windows(2).all(|pair| pair[0].path < pair[1].path);
        let packs = manifest.packs.iter().all(|pack| pack.0 < objects);
        let tiers = manifest.tiers.iter().all(|tier| tier.objects.iter().all(|&object| object < objects));
        if files && sorted && packs && tiers && objects <= MAX_OBJECTS {
            Ok(manifest)
        } else {
            Err(ReleaseError::Malformed)
        }
    }

    fn line(&mut self, line: &str) -> Option<()> {
        if let Some(header) = line.strip_prefix(' ') {
            let (name, value) = header.split_once(": ")?;
            self.classes.last_mut()?.push((name.to_owned(), value.to_owned()));
            return Some(());
        }
        let mut words = line.splitn(4, ' ');
        let (kind, mut word) = (words.next()?, || words.next());
        match kind {
            "headers" => self.classes.push(Vec::new()),
            "object" => self.objects.push(Object {
                sha: word()?.parse().ok()?,
                length: word()?.parse().ok()?,
                path: word()?.to_owned(),
            }),
            "file" => self.files.push(File {
                object: word()?.parse().ok()?,
                class: word()?.parse().ok()?,
                path: word()?.to_owned(),
            }),
            "pack" => {
                let (object, role) = line.strip_prefix("pack ")?.split_once(' ')?;
                self.packs.push((object.parse().ok()?, role.to_owned()));
            }
            "tier" => {
                self.tiers.push(Tier { id: word()?.to_owned(), objects: ranges(word()?)?, name: word()?.to_owned() });
            }
            _ => return None,
        }
        Some(())
    }

    /// The plain file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        let place = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(place)
    }

    /// The tier called `id`.
    #[must_use]
    pub fn tier(&self, id: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.id == id)
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        for class in &self.classes {
            writeln!(f, "headers")?;
            class.iter().try_for_each(|(name, value)| writeln!(f, " {name}: {value}"))?;
        }
        for Object { sha, length, path } in &self.objects {
            writeln!(f, "object {sha} {length} {path}")?;
        }
        for File { object, class, path } in &self.files {
            writeln!(f, "file {object} {class} {path}")?;
        }
        for (object, role) in &self.packs {
            writeln!(f, "pack {object} {role}")?;
        }
        for Tier { id, name, objects } in &self.tiers {
            writeln!(f, "tier {id} {} {name}", Ranges(objects))?;
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

fn ranges(text: &str) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for part in text.split(',').filter(|part| *part != "-") {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        if last < first || last >= MAX_OBJECTS || places.last().is_some_and(|&before| before >= first) {
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
        Manifest {
            classes: vec![vec![("Content-Type".into(), "text/html; charset=utf-8".into())], Vec::new()],
            objects: ["a.css", "release/x", "含 空格.pdf"].map(object).to_vec(),
            files: vec![
                File { object: 0, class: 1, path: "a.css".into() },
                File { object: 2, class: 0, path: "含 空格.pdf".into() },
            ],
            packs: vec![(1, "directory ".into())],
            tiers: vec![
                Tier { id: "core".into(), name: "基本 部分".into(), objects: vec![0, 1, 2] },
                Tier { id: "none".into(), name: "空".into(), objects: vec![] },
            ],
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
        assert_eq!(Manifest::parse("yima manifest 2\n"), Err(ReleaseError::OtherVersion));
        for wrong in [
            "<html>",
            "",
            "yima manifest 1\nfile 0 0 a",
            "yima manifest 1\ntier a 0-99999999999 b",
            "yima manifest 1\npack 1 x",
        ] {
            assert_eq!(Manifest::parse(wrong), Err(ReleaseError::Malformed), "{wrong}");
        }
    }
}
