//! The index: which records hold which pairs of characters.
//!
//! ```text
//! head      what is loaded first: lengths of the records, tables of words and best bets, names of all other files
//! titles    shards of characters that stand side by side: titles, other names, ways to ask, keywords, identifiers
//! bodies    shards in the same way: summaries, full texts, answers
//! texts     shards by record: what is searched, word for word
//! ```
//!
//! A first answer needs the head and the title shards of the characters typed; the bodies make it better; texts tell
//! for certain which records hold a whole string, and show where.
//!
//! - `build`: records → shards
//! - `head`: the head ⇄ bytes
//! - [`order`]: what is alike, side by side
//! - [`shard`]: postings ⇄ bytes
//! - [`texts`]: texts ⇄ lines

mod build;
mod head;
pub mod order;
pub mod shard;
pub mod texts;

#[cfg(test)]
mod tests;

pub use build::{Builder, Built, Finishing, Record, Sizes};
pub use head::{Bet, FOLDER, Family, Files, HEAD, Head, Keys, Layout, Name, Single, Words};
pub use shard::{Doc, Group, Posting, Shard};
