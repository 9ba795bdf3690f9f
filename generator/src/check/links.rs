//! Links and anchors inside the site.

use std::sync::Arc;

use yima_model::record::Term;
use yima_model::{Code, Validity};
use yima_search::shelf::WHOLE_CITY;

use crate::City;
use crate::city::Found;
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
    "data/index.json",
    "data/policies.json",
    "feeds/policies.xml",
    "feeds/changes.xml",
    "feeds/questions.xml",
    "feeds/deadlines.ics",
    "sitemap.xml",
];

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    for entry in &city.policies {
        texts(city, &entry.file, entry.body_line, &entry.body, Some(&entry.policy.id), mistakes);
        for stage in &entry.policy.stages {
            let key = |below: String| Place::key(&entry.file, format!("stages.{}.{below}", stage.stage.id()));
            for (position, document) in stage.documents.iter().enumerate() {
                let Some(url) = document.url.as_deref().filter(|url| url.starts_with('/')) else { continue };
                if let Some(fault) = look(city, url, None) {
                    mistakes.add(key(format!("documents.{position}.url")), fault);
                }
            }
            // Only a text with a link, an image or a tag can have something wrong with it.
            let Some(text) = stage.text.as_deref().filter(|text| text.contains(['[', '<', '!'])) else { continue };
            let body = markdown::parse(text);
            for link in &body.links {
                if let Some(fault) = look(city, &link.target, None) {
                    mistakes.add(key("text".to_owned()), fault);
                }
            }
            let mut found = Mistakes::default();
            problems(&entry.file, 1, &body, &mut found);
            for mistake in found.0 {
                mistakes.add(key("text".to_owned()), mistake.fault);
            }
        }
    }
    for entry in &city.questions {
        for link in &entry.answer.links {
            if let Some(fault) = look(city, &link.target, None) {
                mistakes.add(Place::key(&entry.file, format!("questions.{}.answer", entry.position)), fault);
            }
        }
    }
}

/// Whether the site has a page at `page` (without the leading slash). Looked up, not listed: a city has far more pages
/// than links.
fn is_page(city: &City, page: &str) -> bool {
    let Some((kind, rest)) = page.split_once('/') else { return FIXED.contains(&page) };
    let is_term = |terms: &[Term]| rest.strip_suffix('/').is_some_and(|id| terms.iter().any(|term| term.id == id));
    if FIXED.contains(&page) {
        return true;
    }
    match kind {
        "theme" | "questions" => is_term(&city.tables.themes),
        "district" if rest.strip_suffix('/') == Some(WHOLE_CITY) => !city.tables.districts.is_empty(),
        "district" => is_term(&city.tables.districts),
        "audience" => is_term(&city.tables.audiences),
        "sector" => is_term(&city.tables.sectors),
        "genre" => is_term(&city.tables.genres),
        "department" => rest.strip_suffix('/').is_some_and(|id| city.tables.departments.iter().any(|row| row.id == id)),
        "validity" => rest.strip_suffix('/').is_some_and(|id| Validity::from_id(id).is_some()),
        "year" => rest
            .strip_suffix('/')
            .and_then(|year| year.parse().ok())
            .is_some_and(|year: i16| city.policies.iter().any(|entry| entry.policy.published.year() == year)),
        "question" => rest
            .strip_suffix('/')
            .is_some_and(|id| city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id)).is_ok()),
        "policy" => rest.strip_suffix("/lifecycle/").is_some_and(|id| city.policy(id).is_some()),
        "attachment" if rest.starts_with("questions/") => {
            rest["questions/".len()..].split_once('/').is_some_and(|(id, file)| {
                match city.find(&format!("question:{id}")) {
                    Some(Found::Question(ix)) => city.questions[ix].question.forms.iter().any(|form| form.file == file),
                    _ => false,
                }
            })
        }
        "attachment" => rest.split_once('/').is_some_and(|(id, file)| {
            city.policy(id).is_some_and(|entry| entry.policy.attachments.iter().any(|row| row.file == file))
        }),
        "Q" => {
            rest.strip_suffix('/').and_then(|text| Some((text, Code::parse(text).ok()?))).is_some_and(|(text, code)| {
                code.as_str() == text
                    && (city.codes.by_code.contains_key(&code) || city.codes.withdrawn.contains_key(&code))
            })
        }
        _ => false,
    }
}

fn texts(city: &City, file: &Arc<str>, first_line: u32, body: &Body, own: Option<&str>, mistakes: &mut Mistakes) {
    for Link { target, line } in &body.links {
        if let Some(fault) = look(city, target, own) {
            mistakes.add(Place::line(file, first_line.saturating_add(*line).saturating_sub(1)), fault);
        }
    }
}

/// What is wrong with a link; `own` is the policy on whose page it stands, for links that are only an anchor.
fn look(city: &City, target: &str, own: Option<&str>) -> Option<Fault> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let path = path.split('?').next().unwrap_or(path);
    let policy = match path.strip_prefix('/') {
        // Another host, or an address relative to the page, which no page of ours has below it.
        None if path.contains(':') => return None,
        None if path.is_empty() => own?,
        None => return Some(Fault::BrokenLink { target: target.to_owned() }),
        Some(page) => match page.strip_prefix("policy/").and_then(|rest| rest.strip_suffix('/')) {
            Some(id) if !id.contains('/') => id,
            _ if is_page(city, page) => return None,
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
