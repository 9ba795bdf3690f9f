//! The commands: what was typed, and what it does to a city that is already loaded.

pub mod codes;
