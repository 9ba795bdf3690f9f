//! Live answers of different departments to one question that do not agree.

use std::collections::BTreeSet;

use super::alike::{self, Asked};
use super::facts::Stated;
use crate::City;
use crate::city::QuestionEntry;
use crate::mistake::{Fault, Mistakes, Place};

/// How much alike the titles of two questions must be when it is only a variant that asks the same, unless they stand
/// under one theme or rest on one document.
const RELATED: f64 = 0.4;

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let live: Vec<&QuestionEntry> = city.questions.iter().filter(|entry| city.is_live(entry)).collect();
    let asked: Vec<Asked<'_>> = live
        .iter()
        .map(|entry| Asked {
            title: &entry.question.question,
            variants: &entry.question.variants,
            group: &entry.question.department,
        })
        .collect();
    for pair in alike::pairs(&asked, &city.settings.city) {
        let (a, b) = (live[pair.first], live[pair.second]);
        if !meet(a, b) || !(pair.by_title || are_related(city, a, b)) {
            continue;
        }
        let stated = |entry: &QuestionEntry| Stated::of(entry.question.short.as_deref(), &entry.answer.text());
        // The answer that was checked longer ago is more likely to be the wrong one.
        let (old, new) =
            if (a.question.checked, &b.question.id) <= (b.question.checked, &a.question.id) { (a, b) } else { (b, a) };
        let Some((zh, en)) = stated(old).against(&stated(new)) else { continue };
        let department = city.tables.departments.iter().find(|row| row.id == new.question.department);
        let fault = Fault::Contradiction {
            question: new.question.question.clone(),
            other: format!("{} {}", new.file, new.question.id),
            department: department.map_or(new.question.department.as_str(), |row| row.short()).to_owned(),
            zh,
            en,
        };
        mistakes.add(Place::key(&old.file, format!("questions.{}.answer", old.position)), fault);
    }
}

/// Whether two answers are for the same people and places: none named is all.
fn meet(a: &QuestionEntry, b: &QuestionEntry) -> bool {
    let meet = |a: &[String], b: &[String]| a.is_empty() || b.is_empty() || a.iter().any(|id| b.contains(id));
    meet(&a.question.districts, &b.question.districts) && meet(&a.question.audiences, &b.question.audiences)
}

fn are_related(city: &City, a: &QuestionEntry, b: &QuestionEntry) -> bool {
    let policies: BTreeSet<usize> = a.policies.iter().copied().collect();
    a.question.theme == b.question.theme
        || b.policies.iter().any(|ix| policies.contains(ix))
        || alike::likeness(&a.question.question, &b.question.question, &city.settings.city) >= RELATED
}
