//! Ids of controlled tables, and articles that a text must have.

use std::collections::BTreeSet;

use yima_model::numeral::chinese;
use yima_model::record::Term;

use crate::City;
use crate::markdown::Body;
use crate::mistake::{Fault, Mistakes, Place};
use crate::source::nearest;

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let ids = |terms: &'_ [Term]| terms.iter().map(|term| term.id.clone()).collect::<BTreeSet<_>>();
    let tables = Ids {
        departments: city.tables.departments.iter().map(|department| department.id.clone()).collect(),
        districts: ids(&city.tables.districts),
        themes: ids(&city.tables.themes),
        audiences: ids(&city.tables.audiences),
        sectors: ids(&city.tables.sectors),
        genres: ids(&city.tables.genres),
    };
    for entry in &city.policies {
        let policy = &entry.policy;
        let mut look = |table: &BTreeSet<String>, key: &str, id: &str| {
            if let Some(fault) = unknown(table, key, id) {
                mistakes.add(Place::key(&entry.file, key), fault);
            }
        };
        look(&tables.departments, "issuer", &policy.issuer);
        look(&tables.departments, "drafted_by", &policy.drafted_by);
        look(&tables.departments, "interpreted_by", &policy.interpreted_by);
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
        let mut look = |table: &BTreeSet<String>, key: &str, id: &str| {
            if let Some(fault) = unknown(table, key, id) {
                mistakes.add(Place::key(&entry.file, format!("questions.{}.{key}", entry.position)), fault);
            }
        };
        look(&tables.departments, "department", &question.department);
        look(&tables.themes, "theme", &question.theme);
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
                    let nearest = nearest(&binding.policy, city.policy_index.keys().map(String::as_str));
                    let fault = Fault::UnknownReference {
                        key: "policies".into(),
                        id: binding.policy.clone(),
                        nearest: nearest.unwrap_or("policies/<年>/<id>.md").to_owned(),
                    };
                    mistakes.add(place("id"), fault);
                }
            }
        }
    }
}

struct Ids {
    departments: BTreeSet<String>,
    districts: BTreeSet<String>,
    themes: BTreeSet<String>,
    audiences: BTreeSet<String>,
    sectors: BTreeSet<String>,
    genres: BTreeSet<String>,
}

fn unknown(table: &BTreeSet<String>, key: &str, id: &str) -> Option<Fault> {
    // An empty id was reported when it was read.
    if id.is_empty() || table.contains(id) {
        return None;
    }
    let nearest = nearest(id, table.iter().map(String::as_str))
        .map_or_else(|| table.iter().cloned().collect::<Vec<_>>().join(" "), str::to_owned);
    Some(Fault::UnknownReference { key: key.to_owned(), id: id.to_owned(), nearest })
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
