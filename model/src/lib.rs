//! The words and rules of Yima, shared by the build and the browser.
//!
//! Nothing here reads a file, a clock or a page: a day is always an argument.
//!
//! - [`record`]: what an editor writes, as plain types (policy, question, tables)
//! - [`stage`], [`relation`], [`validity`]: the rules of a record's life
//! - [`numeral`]: numbers and article labels as documents write them
//! - [`code`]: permanent short codes and their check symbol
//! - [`catalogue`]: the small summary of every record that the app filters

pub mod catalogue;
pub mod code;
pub mod document_number;
pub mod numeral;
pub mod record;
pub mod relation;
pub mod stage;
pub mod validity;

pub use code::Code;
pub use jiff::civil::Date;
pub use relation::RelationKind;
pub use stage::{Stage, StageStatus};
pub use validity::{Lifespan, Validity};
