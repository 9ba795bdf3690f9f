//! The whole-program tests, one module per subject.

mod crash;
mod qr;
