//! The whole-program tests, one binary, one module per subject:
//!
//! - [`city`]: the small city that tests start from (no tests of its own)
//! - [`crash`]: kills and full disks while a site is written
//! - [`wrong`]: wrong input, and the exact words the editor is told
//! - [`hostile`]: input that no editor writes: nothing panics, nothing hangs, nothing is written
//! - [`qr`]: symbols read back by an independent decoder

mod command;
mod cards;
mod crash;
mod page_script;
#![expect(clippy::disallowed_methods, reason = "tests make folders and look into them")]

mod city;
mod crash;
mod hostile;
mod qr;
mod wrong;
