//! Input that no editor writes: nothing panics, nothing hangs, nothing is written.
