//! The command `yima`.

fn main() {}
