//! The text of a note and the manifest it names.
//!
//! Both are plain text, so that an auditor needs no program of ours to read them. The manifest:
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
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::note::{self, NoteError, Verifier};

/// Objects a manifest may name.
const MAX_OBJECTS: usize = 200_000;

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sha(pub [u8; 32]);

impl Sha {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Sha {
    type Err = ReleaseError;

    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let mut bytes = [0; 32];
        if text.len() != 64 || text.bytes().any(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(ReleaseError::Malformed);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = core::str::from_utf8(pair).map_err(|_| ReleaseError::Malformed)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| ReleaseError::Malformed)?;
        }
        Ok(Self(bytes))
    }
}

/// Why a release is refused. Its text is one sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseError {
    /// The note.
    Note(NoteError),
    /// Note or manifest is not written as it should be.
    Malformed,
    /// It is a release of another site.
    OtherHost(String),
    /// It is not newer than the one held: sequence numbers of the new and of the held one.
    NotNewer {
        /// Of the one offered.
        offered: u64,
        /// Of the one held.
        held: u64,
    },
    /// An object is not the one the manifest names.
    WrongObject {
        /// Where it stands.
        path: String,
    },
    /// The manifest was written by a program of another version.
    OtherVersion,
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(error) => write!(f, "{error}"),
            Self::Malformed => f.write_str("发布清单的格式不对"),
            Self::OtherHost(host) => write!(f, "这是另一个网站的数据：{host}"),
            Self::NotNewer { offered, held } => write!(f, "不是更新的数据：手上是第 {held} 号，这是第 {offered} 号"),
            Self::WrongObject { path } => write!(f, "文件与清单不符：{path}"),
            Self::OtherVersion => f.write_str("清单是另一个版本的程序写的"),
        }
    }
}

impl core::error::Error for ReleaseError {}

impl From<NoteError> for ReleaseError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

/// The text of a release note: which release this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The host of the site, `zc.qingyu.example`.
    pub host: String,
    /// Grows with every release of this host.
    pub sequence: u64,
    /// The day the site was built for, `2026-11-22`.
    pub date: String,
    /// What to do with it.
    pub order: Order,
}

/// What a note tells a device to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Hold this release: digest and length of its manifest.
    Hold(Sha, usize),
    /// Stop holding anything: the site gives up its worker. Only who has the key can say so.
    Retire,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}/release\nsequence {}\ndate {}", self.host, self.sequence, self.date)?;
        match &self.order {
            Order::Hold(sha, length) => writeln!(f, "manifest {sha} {length}"),
            Order::Retire => writeln!(f, "retire"),
        }
    }
}

impl FromStr for Head {
    type Err = ReleaseError;

    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let lines: Vec<&str> = text.lines().collect();
        let [origin, sequence, date, order] = lines.as_slice() else { return Err(ReleaseError::Malformed) };
        let host = origin.strip_suffix("/release").ok_or(ReleaseError::Malformed)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| ReleaseError::Malformed);
        let sequence = number(sequence.strip_prefix("sequence ").ok_or(ReleaseError::Malformed)?)?;
        let date = date.strip_prefix("date ").filter(|date| is_day(date)).ok_or(ReleaseError::Malformed)?;
        let order = match order.split(' ').collect::<Vec<_>>().as_slice() {
            ["retire"] => Order::Retire,
            ["manifest", sha, length] => {
                Order::Hold(sha.parse()?, usize::try_from(number(length)?).map_err(|_| ReleaseError::Malformed)?)
            }
            _ => return Err(ReleaseError::Malformed),
        };
        let head = Self { host: host.to_owned(), sequence, date: date.to_owned(), order };
        // One way to write it, so that a reader and an auditor cannot see two things.
        if head.to_string() == text { Ok(head) } else { Err(ReleaseError::Malformed) }
    }
}

impl Head {
    /// Opens a note for `host`. With `keys` it must be signed by one of them; without any, who built the reader has
    /// chosen to trust whoever serves the site.
    ///
    /// # Errors
    /// [`ReleaseError`] when it is malformed, of another host, or not signed by any of the keys.
    pub fn open(note: &str, keys: &[Verifier], host: &str) -> Result<Self, ReleaseError> {
        let text = if keys.is_empty() { note::text(note)? } else { note::open(note, keys)? };
        let head: Self = text.parse()?;
        if head.host == host { Ok(head) } else { Err(ReleaseError::OtherHost(head.host)) }
    }

    /// Whether it may take the place of the release numbered `held`.
    ///
    /// # Errors
    /// [`ReleaseError::NotNewer`].
    pub fn after(&self, held: u64) -> Result<(), ReleaseError> {
        if self.sequence > held { Ok(()) } else { Err(ReleaseError::NotNewer { offered: self.sequence, held }) }
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

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
    use crate::note::Signer;

    fn head() -> Head {
        let order = Order::Hold(Sha::of(b"manifest"), 8);
        Head { host: "zc.qingyu.example".into(), sequence: 2_026_112_200, date: "2026-11-22".into(), order }
    }

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
    fn texts_there_and_back() {
        let retire = Head { order: Order::Retire, ..head() };
        for head in [head(), retire] {
            assert_eq!(head.to_string().parse(), Ok(head));
        }
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
        let text = head().to_string();
        for place in 0..text.len() {
            assert!(text[..place].parse::<Head>().is_err(), "cut at {place}");
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

    #[test]
    fn only_a_trusted_newer_note_of_this_host_opens() {
        let signer = Signer::of_seed("zc.qingyu.example", &[1; 32]).unwrap();
        let other = Signer::of_seed("zc.qingyu.example", &[2; 32]).unwrap();
        let note = signer.sign(&head().to_string()).unwrap();
        let keys = [signer.verifier()];
        assert_eq!(Head::open(&note, &keys, "zc.qingyu.example"), Ok(head()));
        assert!(matches!(Head::open(&note, &keys, "evil.example"), Err(ReleaseError::OtherHost(_))));
        assert!(matches!(Head::open(&note, &[other.verifier()], "zc.qingyu.example"), Err(ReleaseError::Note(_))));
        assert!(matches!(Head::open(&head().to_string(), &keys, "zc.qingyu.example"), Err(ReleaseError::Note(_))));
        assert_eq!(Head::open(&head().to_string(), &[], "zc.qingyu.example"), Ok(head()));
        assert!(head().after(2_026_112_200).is_err() && head().after(2_026_112_199).is_ok());
    }
}
