//! Links and anchors inside the site.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::City;
use crate::markdown::{self, Body, Link};
use crate::mistake::{Fault, Mistakes, Place};
use crate::source::problems;

/// Pages that are there in every city, and the files an integrator may be pointed to.
const FIXED: &[&str] = &[
    "",
    "about/",
    "ask/",
    "favourites/",
    "offline/",
    "policies/",
    "questions/",
    "search/",
    "theme/",
    "department/",
    "district/",
    "audience/",
    "sector/",
    "genre/",
    "year/",
    "validity/",
    "data/",
    "feeds/",
];

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let pages = Pages::of(city);
    for entry in &city.policies {
        pages.body(city, &entry.file, entry.body_line, &entry.body, Some(&entry.policy.id), mistakes);
        for stage in &entry.policy.stages {
            let key = format!("stages.{}", stage.stage.id());
            for (position, document) in stage.documents.iter().enumerate() {
                let Some(url) = document.url.as_deref().filter(|url| url.starts_with('/')) else { continue };
                if let Some(fault) = pages.look(city, url, None) {
                    mistakes.add(Place::key(&entry.file, format!("{key}.documents.{position}.url")), fault);
                }
            }
            // Only a text with a link, an image or a tag can have something wrong with it.
            let Some(text) = stage.text.as_deref().filter(|text| text.contains(['[', '<', '!'])) else { continue };
            let body = markdown::parse(text);
            for link in &body.links {
                if let Some(fault) = pages.look(city, &link.target, None) {
                    mistakes.add(Place::key(&entry.file, format!("{key}.text")), fault);
                }
            }
            let mut found = Mistakes::default();
            problems(&entry.file, 1, &body, &mut found);
            for mistake in found.0 {
                mistakes.add(Place::key(&entry.file, format!("{key}.text")), mistake.fault);
            }
        }
    }
    for entry in &city.questions {
        for link in &entry.answer.links {
            if let Some(fault) = pages.look(city, &link.target, None) {
                mistakes.add(Place::key(&entry.file, format!("questions.{}.answer", entry.position)), fault);
            }
        }
    }
}

struct Pages {
    known: BTreeSet<String>,
}

impl Pages {
    fn of(city: &City) -> Self {
        let mut known: BTreeSet<String> = FIXED.iter().map(|&page| page.to_owned()).collect();
        for (list, terms) in [
            ("theme", &city.tables.themes),
            ("district", &city.tables.districts),
            ("audience", &city.tables.audiences),
            ("sector", &city.tables.sectors),
            ("genre", &city.tables.genres),
        ] {
            known.extend(terms.iter().map(|term| format!("{list}/{}/", term.id)));
        }
        known.extend(city.tables.departments.iter().map(|department| format!("department/{}/", department.id)));
        known.extend(city.tables.themes.iter().map(|theme| format!("questions/{}/", theme.id)));
        known.extend(yima_model::Validity::ALL.iter().map(|validity| format!("validity/{}/", validity.id())));
        known.extend(city.questions.iter().map(|entry| format!("question/{}/", entry.question.id)));
        known.extend(city.codes.by_code.keys().map(|code| format!("Q/{code}/")));
        for entry in &city.policies {
            let policy = &entry.policy;
            known.insert(format!("policy/{}/lifecycle/", policy.id));
            known.insert(format!("year/{}/", policy.published.year()));
            known.extend(policy.attachments.iter().map(|file| format!("attachment/{}/{}", policy.id, file.file)));
        }
        Self { known }
    }

    fn body(
        &self,
        city: &City,
        file: &Arc<str>,
        first_line: u32,
        body: &Body,
        own: Option<&str>,
        mistakes: &mut Mistakes,
    ) {
        for Link { target, line } in &body.links {
            if let Some(fault) = self.look(city, target, own) {
                mistakes.add(Place::line(file, first_line.saturating_add(*line).saturating_sub(1)), fault);
            }
        }
    }

    /// What is wrong with a link; `own` is the policy on whose page it stands, for links that are only an anchor.
    fn look(&self, city: &City, target: &str, own: Option<&str>) -> Option<Fault> {
        let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
        let path = path.split('?').next().unwrap_or(path);
        let policy = match path.strip_prefix('/') {
            // Another host, or an address relative to the page, which no page of ours has below it.
            None if path.contains(':') => return None,
            None if path.is_empty() => own?,
            None => return Some(Fault::BrokenLink { target: target.to_owned() }),
            Some(page) => match page.strip_prefix("policy/").and_then(|rest| rest.strip_suffix('/')) {
                Some(id) if !id.contains('/') => id,
                _ if self.known.contains(page) => return None,
                _ => return Some(Fault::BrokenLink { target: target.to_owned() }),
            },
        };
        let Some(entry) = city.policy(policy) else {
            // A policy that could not be read is not missing.
            return (!city.is_troubled(policy)).then(|| Fault::BrokenLink { target: target.to_owned() });
        };
        let anchor = anchor.filter(|anchor| !anchor.is_empty())?;
        let there = entry.body.articles.iter().any(|article| article.anchor() == anchor)
            || entry.body.headings.iter().any(|heading| heading.anchor == anchor)
            || entry.policy.benefits.iter().any(|benefit| anchor.strip_prefix("benefit-") == Some(&benefit.id));
        (!there).then(|| Fault::BrokenAnchor { target: format!("/policy/{policy}/"), anchor: anchor.to_owned() })
    }
}
