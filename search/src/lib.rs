//! Text to terms, index to bytes, query to hits: the only code of Yima that cuts or folds text, and the only code that
//! knows the bytes of an index. Compiled for the build and for the browser.
//!
//! No files, no clock, no browser: bytes and days are arguments.
//!
//! - [`text`], [`script`]: one folding of text for both sides; [`term`]: the only place where text is cut
//! - [`index`]: records → shards; [`asked`]: what was typed → what to look for; [`engine`]: which records answer;
//!   [`session`]: the same as those who show it use it
//! - [`catalogue`]: the catalogue ⇄ bytes
//! - [`corpus`]: what records give to the search → all of its files, on any machine
//! - [`instant`]: the small filter that answers while the index is on its way
//! - [`vocabulary`]: pinyin and slips → words; [`speller`]: letters → what an on-screen keypad offers
//! - [`query`]: what a person asks for ⇄ the query string of an address
//! - [`shelf`]: a catalogue made ready for asking
//! - [`filter`]: query + shelf + day → hits and counts
//! - [`desk`]: which of the approved answers is meant, and what to ask back where that is not clear

pub mod asked;
mod bits;
pub mod catalogue;
pub mod corpus;
pub mod desk;
pub mod engine;
pub mod filter;
pub mod index;
pub mod instant;
pub mod query;
pub mod script;
pub mod session;
pub mod shelf;
pub mod speller;
pub mod term;
pub mod text;
pub mod vocabulary;
mod wire;

pub use asked::Asked;
pub use engine::Engine;
pub use filter::Found;
pub use query::{Query, Sort, Standing};
pub use session::Session;
pub use shelf::Shelf;
pub use text::normalise;
pub use wire::DecodeError;
