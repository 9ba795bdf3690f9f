//! The catalogue as bytes: one file of facts, and files of faces, written by the build, read in the browser.
//!
//! The payload of the facts is sections, each kind (1 byte), length (varint), bytes.
//!
//! Sections hold columns, not rows: all titles, then all dates. Likes stand beside likes, which is what a general
//! compressor needs. A section of a kind this reader does not know is skipped, so that a new record kind costs a new
//! number in [`Section`] and no new version; a change to a known section costs a new version.
//!
//! - `write`: [`encode`]
//! - `read`: [`decode`], total: whatever the bytes, it answers, and takes no more memory than a small multiple of them
//! - [`faces`]: what a list shows, for neighbouring records; [`ids`]: where a list of favourites finds its records

pub mod faces;
pub mod ids;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::decode;
pub use write::encode;

use crate::wire::Format;

const FORMAT: Format = Format { magic: *b"\x89YIMACAT", version: 2 };

/// What a section holds.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Section {
    /// Build date and controlled tables. Comes first: the others point into it.
    Head = 1,
    Policies = 2,
    Questions = 3,
}

impl Section {
    const ALL: [Self; 3] = [Self::Head, Self::Policies, Self::Questions];

    fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|section| *section as u8 == byte)
    }
}
