//! Every kind of page over a small city: no template fails, and what a page promises stands on it.

mod fixture;
mod promises;
