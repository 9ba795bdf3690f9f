//! Ids of controlled tables, and articles that a text must have.

use std::collections::BTreeSet;

use yima_model::numeral::chinese;
use yima_model::record::Term;

use crate::City;
use crate::markdown::Body;
use crate::mistake::{Fault, Mistakes, Place};
use crate::source::instead;

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let tables = Ids::of(city);
    for entry in &city.policies {
        let policy = &entry.policy;
        let mut look = |table: &Table<'_>, key: &str, id: &str| {
            if let Some(fault) = unknown(table, key, id) {
                mistakes.add(Place::key(&entry.file, key), fault);
            }
        };
        look(&tables.departments, "issuer", &policy.issuer);
        // What is left out is the issuer, and that was looked up.
        for (key, unit) in [("drafted_by", &policy.drafted_by), ("interpreted_by", &policy.interpreted_by)] {
            if *unit != policy.issuer {
                look(&tables.departments, key, unit);
            }
        }
        look(&tables.genres, "genre", &policy.genre);
        for (position, theme) in policy.themes.iter().enumerate() {
            look(&tables.themes, if position == 0 { "theme" } else { "also_themes" }, theme);
        }
        for (key, table, values) in [
            ("joint_issuers", &tables.departments, &policy.joint_issuers),
            ("audiences", &tables.audiences, &policy.audiences),
            ("sectors", &tables.sectors, &policy.sectors),
            ("districts", &tables.districts, &policy.districts),
        ] {
            for value in values {
                look(table, key, value);
            }
        }
        for stage in &policy.stages {
            if let Some(unit) = &stage.unit {
                look(&tables.departments, &format!("stages.{}.unit", stage.stage.id()), unit);
            }
        }
        let mut articles = |key: String, numbers: &[u16]| {
            for fault in missing_articles(&policy.id, &entry.body, numbers) {
                mistakes.add(Place::key(&entry.file, key.clone()), fault);
            }
        };
        articles("marked_articles".into(), &policy.marked_articles);
        for (position, benefit) in policy.benefits.iter().enumerate() {
            articles(format!("benefits.{position}.articles"), &benefit.articles);
        }
    }
    for entry in &city.questions {
        let question = &entry.question;
        // The theme of a question is the name of its file: said once per file.
        if let Some(Fault::UnknownReference { id, hint_zh, hint_en, .. }) = unknown(&tables.themes, "", &question.theme)
        {
            mistakes.add(Place::file(&entry.file), Fault::UnknownTheme { id, hint_zh, hint_en });
        }
        let mut look = |table: &Table<'_>, key: &str, id: &str| {
            if let Some(fault) = unknown(table, key, id) {
                mistakes.add(Place::key(&entry.file, format!("questions.{}.{key}", entry.position)), fault);
            }
        };
        look(&tables.departments, "department", &question.department);
        for audience in &question.audiences {
            look(&tables.audiences, "audiences", audience);
        }
        for district in &question.districts {
            look(&tables.districts, "districts", district);
        }
        for (position, binding) in question.bindings.iter().enumerate() {
            let place =
                |key: &str| Place::key(&entry.file, format!("questions.{}.policies.{position}.{key}", entry.position));
            match city.policy(&binding.policy) {
                Some(policy) => {
                    for fault in missing_articles(&binding.policy, &policy.body, &binding.articles) {
                        mistakes.add(place("articles"), fault);
                    }
                }
                None if binding.policy.is_empty() => {}
                None => {
                    if let Some(fault) = super::dangling(city, &binding.policy) {
                        mistakes.add(place("id"), fault);
                    }
                }
            }
        }
    }
}

/// The ids of a table; `None` when it could not be read, and nobody can say what it lacks.
type Table<'a> = Option<BTreeSet<&'a str>>;

struct Ids<'a> {
    departments: Table<'a>,
    districts: Table<'a>,
    themes: Table<'a>,
    audiences: Table<'a>,
    sectors: Table<'a>,
    genres: Table<'a>,
}

impl<'a> Ids<'a> {
    fn of(city: &'a City) -> Self {
        let readable = |table: &str| !city.troubled.contains(format!("tables/{table}.toml").as_str());
        let ids = |table: &str, terms: &'a [Term]| {
            readable(table).then(|| terms.iter().map(|term| term.id.as_str()).collect::<BTreeSet<_>>())
        };
        let departments = city.tables.departments.iter().map(|department| department.id.as_str());
        Self {
            departments: readable("departments").then(|| departments.collect()),
            districts: ids("districts", &city.tables.districts),
            themes: ids("themes", &city.tables.themes),
            audiences: ids("audiences", &city.tables.audiences),
            sectors: ids("sectors", &city.tables.sectors),
            genres: ids("genres", &city.tables.genres),
        }
    }
}

fn unknown(table: &Table<'_>, key: &str, id: &str) -> Option<Fault> {
    let table = table.as_ref()?;
    // An empty id was reported when it was read.
    if id.is_empty() || table.contains(id) {
        return None;
    }
    let otherwise = ("在 tables/ 的词表里找它的 id，没有就先加上", "look for its id in tables/, or add it there first");
    let (hint_zh, hint_en) = instead(id, table.iter().copied(), otherwise);
    Some(Fault::UnknownReference { key: key.to_owned(), id: id.to_owned(), hint_zh, hint_en })
}

fn missing_articles(policy: &str, body: &Body, numbers: &[u16]) -> Vec<Fault> {
    let has = |number: u16| body.articles.iter().any(|article| article.number == number);
    numbers
        .iter()
        .filter(|&&number| !has(number))
        .map(|&number| Fault::UnknownArticle {
            policy: policy.to_owned(), article: format!("第{}条", chinese(number))
        })
        .collect()
}
