//! The index: which records hold which pairs of characters.
//!
//! ```text
//! head      what is loaded first: lengths of the records, tables of words and best bets, names of all other files
//! titles    shards by first character: titles, other names, ways to ask, keywords, identifiers
//! bodies    shards by first character: summaries, full texts, answers
//! texts     shards by record: what is searched, word for word
//! ```
//!
//! A first answer needs the head and the title shards of the characters typed; the bodies make it better; texts tell
//! for certain which records hold a whole string, and show where.
//!
//! - `build`: records → shards
//! - `head`: the head ⇄ bytes
//! - [`shard`]: postings ⇄ bytes
//! - [`texts`]: texts ⇄ lines

mod build;
mod head;
pub mod shard;
pub mod texts;

#[cfg(test)]
mod tests;

pub use build::{Builder, Built, Record, Sizes};
pub use head::{Bet, FOLDER, Family, Files, HEAD, Head, Layout, Name, Single, Words};
pub use shard::{Doc, Group, Posting, Shard};
