//! Releases: what a device must hold to be the site without a network, and how it knows that this is all of it.
//!
//! ```text
//! release.note        signed: host, sequence, date, SHA-256 of the manifest
//!   └ manifest        every object with length and SHA-256, every plain file, the headers, the tiers
//!       ├ lists           plain files that a device makes by itself, with their digests
//!       ├ plain files     programs, pictures, search files: objects that stand at a path of their own
//!       └ packs           the pages: tables of what many pages say, segments of what one record's pages say
//! ```
//!
//! 1. [`note`] opens the signed note
//! 2. [`release`] reads the text of the note, [`manifest`] what it names
//! 3. [`reader`] answers a path: says which objects it wants, checks each, and gives page and headers
//! 4. [`patch`] makes the manifest of a release from that of the one before
//! 5. `seal` (a feature, for the generator) makes all of it from the finished site and reads every page back
//!
//! No I/O, no clock. The service worker, the kiosk's server and the generator's own check use the one reader.

mod alphabet;
pub mod base64;
mod bytes;
mod chances;
mod course;
mod day;
mod dictionary;
mod directory;
pub mod lists;
pub mod manifest;
mod memory;
mod mix;
mod model;
pub mod note;
mod opinions;
mod page;
pub mod patch;
mod range;
pub mod reader;
pub mod release;
#[cfg(feature = "seal")]
pub mod seal;
mod segment;
pub mod symbol;
mod table;
mod text;
mod token;
mod trail;
pub mod typed;

#[cfg(all(test, feature = "seal"))]
mod tests;

pub use manifest::{Manifest, Object};
pub use note::{NoteError, Signer, Verifier};
pub use reader::{Answer, Found, Reader};
pub use release::{Head, ReleaseError, Sha};
pub use symbol::Symbol;
