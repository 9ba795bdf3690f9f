//! Postings ⇄ bytes: which records hold a pair of characters, and how often.
//!
//! ```text
//! payload  groups (varint); for each its first character (varint, distance from the one before) and its length
//!          in bytes (varint); then the groups
//! group    pairs (gamma), a Rice parameter (5 bits); for each pair
//!            its second character (Rice, distance from the one before), records (gamma), and for each record
//!              its number (Rice, distance from the one before), how often (gamma)
//! ```
//!
//! A group is taken apart when a query first needs it. One character (that a run ends with it too) is answered by its
//! group: the sum over the pairs that begin with it.

use core::ops::Range;

use crate::bits::{BitReader, BitWriter, parameter};
use crate::term::{LAST_SECOND, Second};
use crate::wire::{DecodeError, Format, Reader, Writer};

const FORMAT: Format = Format { magic: *b"\x89YIMAPST", version: 1 };

/// Number of a record in the index.
pub type Doc = u32;

/// Range of seconds by which the Rice parameter of a group is chosen; nearly all are CJK.
const SECONDS: u32 = 0x5300;

/// The records that hold a pair, ascending, each with how often it holds it.
pub type Posting = (Doc, u32);

/// Everything that begins with one character.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The second characters, ascending; for each the end of its postings.
    pairs: Vec<(Second, usize)>,
    postings: Vec<Posting>,
}

impl Group {
    /// The postings of a pair; empty when no record holds it.
    #[must_use]
    pub fn pair(&self, second: Second) -> &[Posting] {
        let Ok(at) = self.pairs.binary_search_by_key(&second, |pair| pair.0) else { return &[] };
        let start = at.checked_sub(1).and_then(|before| self.pairs.get(before)).map_or(0, |pair| pair.1);
        self.pairs.get(at).and_then(|pair| self.postings.get(start..pair.1)).unwrap_or_default()
    }

    /// How many postings it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.postings.len()
    }

    /// Whether nothing begins with the character.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }

    /// The records that hold the character at all, ascending.
    #[must_use]
    pub fn character(&self) -> Vec<Posting> {
        // By place and not by sorting: this is done between two key strokes.
        let last = self.postings.iter().map(|posting| posting.0).max();
        let mut times = vec![0_u32; last.map_or(0, |last| last as usize + 1)];
        for &(doc, often) in &self.postings {
            if let Some(sum) = times.get_mut(doc as usize) {
                *sum = sum.saturating_add(often);
            }
        }
        (0..).zip(times).filter(|posting| posting.1 > 0).collect()
    }

    /// The bytes of a group whose pairs come in ascending order.
    pub(crate) fn encode(docs: u32, pairs: &[(Second, Vec<Posting>)]) -> Vec<u8> {
        let mut bits = BitWriter::default();
        let count = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
        let k = parameter(count, SECONDS);
        bits.gamma(count);
        bits.bits(k, 5);
        let mut next = 0;
        for (second, postings) in pairs {
            bits.rice(second.0 - next, k);
            next = second.0 + 1;
            let count = u32::try_from(postings.len()).unwrap_or(u32::MAX);
            bits.gamma(count);
            let k = parameter(count, docs);
            let mut next = 0;
            for &(doc, times) in postings {
                bits.rice(doc - next, k);
                bits.gamma(times);
                next = doc + 1;
            }
        }
        bits.finish()
    }

    fn decode(docs: u32, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut bits = BitReader::new(bytes);
        let mut group = Self::default();
        let count = bits.gamma()?;
        let k = bits.bits(5)?;
        let mut next = 0_u32;
        for _ in 0..count {
            let second = next + bits.rice(k, LAST_SECOND.saturating_sub(next))?;
            next = second + 1;
            let records = bits.gamma()?;
            let k = parameter(records, docs);
            let mut next = 0_u32;
            for _ in 0..records {
                let room = docs.checked_sub(next + 1).ok_or(DecodeError::Malformed("编号超出范围"))?;
                let doc = next + bits.rice(k, room)?;
                group.postings.push((doc, bits.gamma()?));
                next = doc + 1;
            }
            group.pairs.push((Second(second), group.postings.len()));
        }
        if bits.is_at_end() { Ok(group) } else { Err(DecodeError::Malformed("有一节重复或过长")) }
    }
}

/// The groups of a range of characters.
#[derive(Clone, Debug)]
pub struct Shard {
    bytes: Vec<u8>,
    docs: u32,
    /// First characters, ascending, and where their groups lie.
    groups: Vec<(u32, Range<usize>)>,
}

impl Shard {
    /// The bytes of a shard whose groups come in ascending order.
    pub(crate) fn encode(groups: &[(char, Vec<u8>)]) -> Vec<u8> {
        let mut payload = Writer::default();
        payload.size(groups.len());
        let mut before = 0;
        for (first, bytes) in groups {
            payload.varint(u64::from(u32::from(*first) - before));
            payload.size(bytes.len());
            before = u32::from(*first);
        }
        for (_, bytes) in groups {
            payload.0.extend_from_slice(bytes);
        }
        FORMAT.seal(&payload.0)
    }

    /// Reads a shard of an index of `docs` records. Total: whatever the bytes, it answers; its groups are taken apart
    /// by [`Shard::group`].
    pub fn decode(docs: u32, bytes: &[u8]) -> Result<Self, DecodeError> {
        let payload = FORMAT.unseal(bytes)?;
        let mut reader = Reader(payload);
        let count = reader.count()?;
        let mut sizes = Vec::with_capacity(count);
        let mut first = 0_u64;
        for _ in 0..count {
            first = first.saturating_add(reader.varint()?);
            let first = u32::try_from(first).map_err(|_| DecodeError::Malformed("编号超出范围"))?;
            sizes.push((first, usize::try_from(reader.varint()?).unwrap_or(usize::MAX)));
        }
        let mut groups = Vec::with_capacity(count);
        let mut start = payload.len() - reader.0.len();
        for (first, size) in sizes {
            reader.take(size)?;
            groups.push((first, start..start + size));
            start += size;
        }
        if reader.is_empty() && groups.is_sorted_by(|a, b| a.0 < b.0) {
            Ok(Self { bytes: payload.to_vec(), docs, groups })
        } else {
            Err(DecodeError::Malformed("有一节重复或过长"))
        }
    }

    /// The group of a character; empty when no pair begins with it.
    pub fn group(&self, first: char) -> Result<Group, DecodeError> {
        let Ok(at) = self.groups.binary_search_by_key(&u32::from(first), |group| group.0) else {
            return Ok(Group::default());
        };
        let range = self.groups.get(at).map(|group| group.1.clone());
        range
            .and_then(|range| self.bytes.get(range))
            .map_or(Ok(Group::default()), |bytes| Group::decode(self.docs, bytes))
    }

    /// The characters with a group, ascending.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.groups.iter().filter_map(|group| char::from_u32(group.0))
    }
}
