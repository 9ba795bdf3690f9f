//! The whole-program tests, one module per subject.

mod qr;
