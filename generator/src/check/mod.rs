//! Looks at the whole city and reports what only the whole can show.
//!
//! - [`identity`]: numbers and ids that stand twice, or cannot be told apart
//! - [`references`]: ids of tables and of articles
//! - [`relations`]: dangling, circular and outlived relations
//! - [`questions`]: answers whose ground is gone
//! - [`links`]: links and anchors inside the site
//! - [`mentions`]: documents that a text names but no relation does

mod identity;
mod links;
mod mentions;
mod questions;
mod references;
mod relations;

use crate::City;
use crate::mistake::Mistakes;

/// All checks. The order does not matter: mistakes are sorted when they are reported.
#[must_use]
pub fn check(city: &City) -> Mistakes {
    let mut mistakes = Mistakes::default();
    identity::check(city, &mut mistakes);
    references::check(city, &mut mistakes);
    relations::check(city, &mut mistakes);
    questions::check(city, &mut mistakes);
    links::check(city, &mut mistakes);
    mentions::check(city, &mut mistakes);
    mistakes
}
