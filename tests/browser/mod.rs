//! The demonstration city in a real browser, as `yima serve` serves it.
//!
//! - [`card`]: a card without script, on the first screen of a small phone
//! - [`every_page`]: axe-core, console, requests, cookies, width: every kind of page in light, dark and 长者版
//! - [`finder`]: filters with the app: counts, address, back, and the page without it
//! - [`keyboard`]: nothing but keys
//! - [`kiosk`]: a tab as a kiosk
//! - [`paper`]: card and slip as a kiosk prints them
//! - [`reading`]: other scripts and languages
//! - [`site`]: the site under test and its addresses
//! - [`speak`]: reading aloud
//! - [`tab`]: a browser to drive
//!
//! `cargo xtask test` installs and builds what this needs and says where it is. Missing things fail the tests, with the
//! command that brings them; `YIMA_NO_BROWSER=1` leaves these tests out, `YIMA_NO_APP=1` those that need the app.

mod ask;
mod card;
mod every_page;
mod finder;
mod keyboard;
mod kiosk;
mod paper;
mod reading;
mod site;
mod speak;
pub(crate) mod tab;
