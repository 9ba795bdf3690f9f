//! The whole-program tests, one module per subject.

mod command;
mod cards;
mod crash;
mod page_script;
mod qr;
