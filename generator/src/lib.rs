//! Yima: content in, site out. The whole way of a page, in the order it is walked:
//!
//! 1. [`source`] reads the content folder into records and keeps every mistake it meets
//! 2. [`city`] links the records into one [`City`]: relations both ways, validity on the build date, codes
//! 3. [`check`] looks at the whole and adds what only the whole can show
//! 4. [`plan`] asks [`pages`] and the other rooms what they make, and gives every path one owner: the [`Site`]
//! 5. [`mod@write`] renders the recipes and puts what differs on the disk, all or nothing
//! 6. [`release`] seals the finished files into what devices hold without a network
//!
//! Only `source` reads the disk and only `write` writes it. There is no clock: the build date is an input.

pub mod address;
pub mod assets;
mod bytes;
pub mod catalogue;
pub mod change;
pub mod check;
pub mod city;
pub mod clause;
pub mod cli;
pub mod codes;
pub mod data;
pub mod export;
pub mod feeds;
pub mod headers;
pub mod import;
pub mod kiosk;
pub mod language;
pub mod listing;
pub mod markdown;
pub mod mistake;
pub mod outline;
pub mod pages;
pub mod plan;
pub mod project;
pub mod reading;
pub mod release;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod worker;
pub mod write;

pub use city::City;
pub use mistake::{Mistake, Mistakes};
pub use plan::{Press, Recipe};
pub use project::{Loaded, Loader, NewCodes, Options, Project, load};
pub use site::Site;
