//! The whole-program tests, one module per subject.

mod command;
mod crash;
mod qr;
