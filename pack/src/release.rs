//! The text of a note: which release this is, and which manifest it names.

use core::fmt;
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::note::{self, NoteError, Verifier};

/// The signed note, at the one fixed path of a release.
pub const NOTE: &str = "release.note";

/// Folder of the objects that have no path of their own.
pub const FOLDER: &str = "release/";

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sha(pub [u8; 32]);

impl Sha {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Where an object with this digest stands on the host, when it has no path of its own.
    #[must_use]
    pub fn path(self) -> String {
        format!("{FOLDER}{self}")
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

pub(crate) fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;

    fn head() -> Head {
        let order = Order::Hold(Sha::of(b"manifest"), 8);
        Head { host: "zc.qingyu.example".into(), sequence: 2_026_112_200, date: "2026-11-22".into(), order }
    }

    #[test]
    fn texts_there_and_back() {
        let retire = Head { order: Order::Retire, ..head() };
        for head in [head(), retire] {
            assert_eq!(head.to_string().parse(), Ok(head));
        }
    }

    #[test]
    fn a_wrong_letter_is_refused_and_nothing_panics() {
        let text = head().to_string();
        for place in 0..text.len() {
            assert!(text[..place].parse::<Head>().is_err(), "cut at {place}");
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
