//! The catalogue as bytes: one file, written by the build, read in the browser.
//!
//! ```text
//! offset  size  what
//!      0     8  magic: 89 'Y' 'I' 'M' 'A' 'C' 'A' 'T'
//!      8     2  version, little endian
//!     10     4  length of the payload, little endian
//!     14     4  CRC-32C of the payload, little endian
//!     18        payload: sections, each kind (1 byte), length (varint), bytes
//! ```
//!
//! Sections hold columns, not rows: all titles, then all dates. Likes stand beside likes, which is what a general
//! compressor needs. A section of a kind this reader does not know is skipped, so that a new record kind costs a new
//! number in [`Section`] and no new version; a change to a known section costs a new [`VERSION`].
//!
//! CRC-32C (Castagnoli; RFC 3720 appendix B.4) because it is small, has published test values, and finds every burst
//! of up to 32 wrong bits, which is what a broken transfer or a bad disk leaves. It does not prove who wrote the file;
//! that is the business of the signed manifest.
//!
//! - `wire`: varints, string columns, checksum
//! - `write`: [`encode`]
//! - `read`: [`decode`], total: whatever the bytes, it answers, and takes no more memory than a small multiple of them

mod read;
mod wire;
mod write;

#[cfg(test)]
mod tests;

use core::fmt;

pub use read::decode;
pub use write::encode;

/// The version this crate writes and reads.
pub const VERSION: u16 = 1;

const MAGIC: [u8; 8] = *b"\x89YIMACAT";
const HEADER: usize = 18;

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

/// Why bytes are not a catalogue. Its text is for the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The first bytes are those of something else, such as an error page.
    NotACatalogue,
    /// A catalogue of another version: page and data come from different builds.
    OtherVersion {
        /// The version of the bytes.
        found: u16,
        /// The version this program reads.
        wanted: u16,
    },
    /// The bytes stop too early.
    Truncated {
        /// How many bytes there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// More bytes than the header says.
    Trailing {
        /// How many bytes too many.
        surplus: usize,
    },
    /// The checksum does not fit: bytes changed on the way.
    Damaged,
    /// The checksum fits and the content is impossible: a fault of the program that wrote it.
    Malformed(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACatalogue => write!(f, "取到的不是目录数据"),
            Self::OtherVersion { found, wanted } => {
                write!(f, "目录数据是第 {found} 版，本页程序需要第 {wanted} 版")
            }
            Self::Truncated { found, wanted } => write!(f, "目录数据不完整：应有 {wanted} 字节，只有 {found} 字节"),
            Self::Trailing { surplus } => write!(f, "目录数据末尾多出 {surplus} 字节"),
            Self::Damaged => write!(f, "目录数据损坏：校验值不符"),
            Self::Malformed(what) => write!(f, "目录数据有误：{what}"),
        }
    }
}

impl core::error::Error for DecodeError {}
