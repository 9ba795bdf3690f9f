//! Looks at the whole city and reports what only the whole can show.
//!
//! - [`identity`]: numbers that stand twice
//! - [`references`]: ids of tables and of articles
//! - [`relations`]: dangling, circular and outlived relations
//! - [`questions`]: answers whose ground is gone or has changed
//! - [`contradictions`]: answers of different departments that do not agree, with [`alike`] and [`facts`]
//! - [`bets`]: what editors recommend
//! - [`links`]: links and anchors inside the site
//! - [`mentions`]: documents that a text names but no relation does

mod alike;
mod bets;
mod contradictions;
mod facts;
mod identity;
mod links;
mod mentions;
mod questions;
mod references;
mod relations;

use crate::City;
use crate::mistake::{Fault, Mistakes};
use crate::source::instead;

/// All checks. The order does not matter: mistakes are sorted when they are reported.
#[must_use]
pub fn check(city: &City) -> Mistakes {
    let mut mistakes = Mistakes::default();
    identity::check(city, &mut mistakes);
    references::check(city, &mut mistakes);
    relations::check(city, &mut mistakes);
    questions::check(city, &mut mistakes);
    contradictions::check(city, &mut mistakes);
    bets::check(city, &mut mistakes);
    links::check(city, &mut mistakes);
    mentions::check(city, &mut mistakes);
    mistakes
}

/// A title between 《 and 》, which some have already.
fn quoted(title: &str) -> String {
    if title.starts_with('《') { title.to_owned() } else { format!("《{title}》") }
}

/// An id that no policy has. Nothing when its file is there: that it could not be read was reported.
fn dangling(city: &City, id: &str) -> Option<Fault> {
    if city.is_troubled(id) {
        return None;
    }
    let otherwise = ("id 就是 policies/ 里的文件名，不带 .md", "ids are the file names below policies/, without .md");
    let (hint_zh, hint_en) = instead(id, city.policy_index.keys().map(String::as_str), otherwise);
    Some(Fault::DanglingRelation { id: id.to_owned(), hint_zh, hint_en })
}
