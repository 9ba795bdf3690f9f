//! The small filter that answers while the first shard is on its way: tinysearch over titles, other names and numbers,
//! fed with our own terms.
//!
//! tinysearch cuts at spaces and knows letters only, so it is given pairs of characters with spaces between, and digits
//! as Greek letters. It counts how many terms of a query a record has, and that is all it does: it knows no bodies, no
//! weights and no rarity, and what it says is replaced as soon as the index itself can answer. It holds as many records
//! as fit into [`LARGEST`], the most important first; in a large city that is a part of them.

use core::fmt;

use tinysearch::{IndexKind, IndexedDocument, PostId, SearchIndex, TinySearch};

use crate::term::runs;
use crate::text::fold;
use crate::wire::{DecodeError, Format, Reader};

const FORMAT: Format = Format { magic: *b"\x89YIMATNY", version: 1 };

/// Largest file, in bytes.
pub const LARGEST: usize = 48 << 10;

/// A record for the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// Path of its page.
    pub path: String,
    /// Other names, keywords, numbers.
    pub names: Vec<String>,
}

/// The filter.
pub struct Instant(SearchIndex);

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Instant").field(&self.0.len()).finish()
    }
}

/// A record the filter found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Path of its page.
    pub path: &'a str,
}

impl Instant {
    /// The bytes of a filter over the first of these records, as many as fit; none where not one does.
    #[must_use]
    pub fn encode(entries: &[Entry]) -> Option<Vec<u8>> {
        let mut fitting = Fitting::new(entries.to_vec());
        loop {
            if let Some(bytes) = fitting.step() {
                return bytes;
            }
        }
    }

    /// Reads a filter. tinysearch takes memory for as many bytes as a string says that it has, so all lengths are looked at
    /// before it is asked.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let payload = FORMAT.unseal(bytes)?;
        let index = lengths_fit(payload).and_then(|()| TinySearch::new().load_index_from_bytes(payload).ok());
        index.map(Self).ok_or(DecodeError::Malformed("小索引不可读"))
    }

    /// The records that have most of what was typed, at most so many.
    #[must_use]
    pub fn find(&self, typed: &str, most: usize) -> Vec<Hit<'_>> {
        let query = terms(typed).join(" ");
        let found = TinySearch::new().search(&self.0, &query, most);
        found.into_iter().map(|post| Hit { title: &post.title, path: &post.url }).collect()
    }
}

/// What an index with postings begins with; the other kind that tinysearch reads is never written.
const MAGIC: &[u8] = b"tinysearch\x02";

/// Whether the strings of an index are no longer than the bytes that are there: how many bytes the records take (LEB128),
/// how many records there are, and of each three strings (numbers as bincode writes them). tinysearch itself looks at all
/// else before it takes memory.
fn lengths_fit(payload: &[u8]) -> Option<()> {
    let mut rest = Reader(payload.strip_prefix(MAGIC)?);
    let records = usize::try_from(rest.varint().ok()?).ok()?;
    let mut records = Reader(rest.take(records).ok()?);
    let number = |from: &mut Reader<'_>| -> Option<usize> {
        let width = match from.byte().ok()? {
            251 => 2,
            252 => 4,
            253 => 8,
            small @ ..251 => return Some(small.into()),
            _ => return None,
        };
        let bytes = from.take(width).ok()?;
        usize::try_from(bytes.iter().rfold(0_u64, |number, byte| number << 8 | u64::from(*byte))).ok()
    };
    for _ in 0..number(&mut records)?.checked_mul(3)? {
        let length = number(&mut records)?;
        records.take(length).ok()?;
    }
    Some(())
}

/// A filter that is being made: how many records fit is found by trying.
#[derive(Debug)]
pub struct Fitting {
    entries: Vec<Entry>,
    most: usize,
    /// The documents of the first records, as far as they are taken apart.
    documents: Vec<IndexedDocument>,
}

/// Records that are taken apart in one step.
const DOCUMENTS: usize = 64;

impl Fitting {
    /// Begins with all of these records.
    #[must_use]
    pub const fn new(entries: Vec<Entry>) -> Self {
        let most = entries.len();
        Self { entries, most, documents: Vec::new() }
    }

    /// Takes some records apart, or tries how large a filter they are: nothing yet, or what [`Instant::encode`] gives.
    pub fn step(&mut self) -> Option<Option<Vec<u8>>> {
        if self.most == 0 {
            return Some(None);
        }
        let ready = self.documents.len();
        if ready < self.most {
            self.documents.extend(self.entries.iter().take(self.most).skip(ready).take(DOCUMENTS).map(document));
            return None;
        }
        let index = IndexKind::Exact.backend().build(core::mem::take(&mut self.documents));
        let Ok(bytes) = TinySearch::new().serialize_index(&index) else {
            self.most = 0;
            return Some(None);
        };
        if bytes.len() <= LARGEST {
            return Some(Some(FORMAT.seal(&bytes)));
        }
        // Size grows about as the number of records; the next try is a little below the limit.
        self.most = (self.most * LARGEST * 19 / 20 / bytes.len()).min(self.most - 1);
        None
    }

    /// How many of the records it took, when it is made.
    #[must_use]
    pub const fn taken(&self) -> usize {
        self.most
    }
}

fn document(entry: &Entry) -> IndexedDocument {
    let names = entry.names.iter().chain([&entry.title]).flat_map(|name| terms(name));
    let post = PostId { title: entry.title.clone(), url: entry.path.clone(), meta: String::new() };
    IndexedDocument::new(post, names)
}

/// Pairs of neighbouring characters; a character alone where it is a run of its own.
fn terms(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut terms = Vec::new();
    for run in runs(&folded) {
        let chars: Vec<char> = run.chars().map(as_letter).collect();
        if let [only] = chars.as_slice() {
            terms.push(only.to_string());
        }
        terms.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    terms
}

/// Digits as the Greek letters from alpha on; any other character is its own.
fn as_letter(ch: char) -> char {
    ch.to_digit(10)
        .filter(|_| ch.is_ascii_digit())
        .and_then(|digit| char::from_u32(u32::from('α') + digit))
        .unwrap_or(ch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let entry = |title: &str, path: &str, names: &[&str]| Entry {
            title: title.to_owned(),
            path: path.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
        };
        vec![
            entry("青屿市青年人才租房补贴办法", "/policy/a/", &["房补", "青屿人社发〔2025〕12号"]),
            entry("公积金租房提取每月能提多少钱？", "/question/b/", &["公积金"]),
        ]
    }

    #[test]
    fn titles_names_and_numbers_are_found() {
        let filter = Instant::decode(&Instant::encode(&entries()).unwrap()).unwrap();
        let paths = |typed: &str| filter.find(typed, 5).into_iter().map(|hit| hit.path).collect::<Vec<_>>();
        assert_eq!(paths("租房补贴"), ["/policy/a/", "/question/b/"]);
        assert_eq!(paths("公积金"), ["/question/b/"]);
        assert_eq!(paths("租屋補貼")[..1], ["/policy/a/"]);
        assert_eq!(paths("人社发〔2025〕12号")[..1], ["/policy/a/"]);
        assert!(paths("").is_empty() && paths("？").is_empty() && paths("zzz").is_empty());
        assert_eq!(filter.find("公积金", 5)[0].title, "公积金租房提取每月能提多少钱？");
    }

    #[test]
    fn it_stays_small() {
        let many: Vec<Entry> = (0..20_000_u32)
            .map(|number| Entry {
                title: format!("关于{}的通知{number}", char::from_u32(0x4E00 + number % 5_000).unwrap()),
                path: format!("/policy/{number}/"),
                names: vec![],
            })
            .collect();
        let bytes = Instant::encode(&many).unwrap();
        assert!(bytes.len() <= LARGEST + 18 && bytes.len() > LARGEST / 2, "{}", bytes.len());
        assert_eq!(Instant::encode(&[]), None);
    }

    #[test]
    fn whatever_the_bytes_it_answers() {
        let bytes = Instant::encode(&entries()).unwrap();
        for length in 0..bytes.len() {
            assert!(Instant::decode(&bytes[..length]).is_err(), "{length}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut wrong = bytes.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(Instant::decode(&wrong).is_err(), "{bit}");
        }
        assert!(Instant::decode(b"<!doctype html>").is_err());
        // Wrong lengths behind a right checksum.
        let payload = FORMAT.unseal(&bytes).unwrap();
        for (at, byte) in (0..payload.len()).flat_map(|at| [0x7F, 0xFB, 0xFC, 0xFD, 0xFF].map(|byte| (at, byte))) {
            let mut wrong = payload.to_vec();
            wrong[at..payload.len().min(at + 9)].fill(byte);
            let _ = Instant::decode(&FORMAT.seal(&wrong)).map(|filter| filter.find("公积金", 5).len());
        }
        assert!(Instant::decode(&FORMAT.seal(&[&[1, 0, 0, 0, 0, 0, 0, 0], &[0xFF; 40][..]].concat())).is_err());
    }
}
