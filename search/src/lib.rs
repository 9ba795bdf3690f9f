//! Text to terms, index to bytes, query to hits: the only code of Yima that cuts or folds text, and the only code that
//! knows the bytes of an index. Compiled for the build and for the browser.
//!
//! No files, no clock, no browser: bytes and days are arguments.
//!
//! - [`text`]: one folding of text for both sides
//! - [`catalogue`]: the catalogue ⇄ bytes
//! - [`query`]: what a person asks for ⇄ the query string of an address
//! - [`shelf`]: a catalogue made ready for asking
//! - [`filter`]: query + shelf + day → hits and counts

pub mod catalogue;
pub mod filter;
pub mod query;
pub mod shelf;
pub mod text;

pub use filter::Found;
pub use query::{Query, Sort, Standing};
pub use shelf::Shelf;
pub use text::normalise;
