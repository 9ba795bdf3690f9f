//! The whole-program tests, one binary, one module per subject:
//!
//! - [`again`]: a second loading opens what has changed and gives what a first would
//! - [`browser`]: the demonstration city in a real browser
//! - [`cards`]: the demonstration city's cards, and the budgets they keep
//! - [`city`]: the small city that tests start from (no tests of its own)
//! - [`command`]: exit codes, help, and the same bytes in any folder, zone, language and number of threads
//! - [`crash`]: kills and full disks while a site is written
//! - [`golden`]: what the pages of the small city say
//! - [`hostile`]: input that no editor writes: nothing panics, nothing hangs, nothing is written
//! - [`kiosk`]: sticks, what is refused and served, kills, a copy that opens from a file
//! - [`module`]: the app's module keeps its budget
//! - [`offline`]: the worker in a real browser, against a host that misbehaves
//! - [`page_script`]: the page script agrees with the model
//! - [`qr`]: symbols read back by an independent decoder
//! - [`reading`]: every word of the interface in every language
//! - [`wrong`]: wrong input, and the exact words the editor is told

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "tests make folders and look into them")]

mod again;
mod browser;
mod cards;
mod city;
mod command;
mod crash;
mod golden;
mod hostile;
mod kiosk;
mod module;
mod offline;
mod page_script;
mod qr;
mod reading;
mod wrong;
