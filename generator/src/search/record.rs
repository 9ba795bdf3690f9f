//! What a record says, and under which names it is found.

use std::collections::BTreeSet;

use yima_model::Code;
use yima_search::asked::identifiers;
use yima_search::index::Doc;
use yima_search::instant::Entry;

use crate::City;
use crate::city::{PolicyEntry, QuestionEntry};
use crate::codes::RecordKey;

/// A record line by line, as it is searched and as snippets show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The title, then other names, ways to ask, numbers, keywords.
    pub titles: Vec<String>,
    /// Codes, numbers and days under which it is found as a whole.
    pub identifiers: Vec<String>,
    /// What it says.
    pub body: Vec<String>,
}

impl Lines {
    /// How many bytes of text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.titles.iter().chain(&self.body).map(String::len).sum()
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How many records a search knows: policies, then questions.
#[must_use]
pub fn count(city: &City) -> Doc {
    u32::try_from(city.policies.len() + city.questions.len()).unwrap_or(u32::MAX)
}

/// How many of them are policies.
#[must_use]
pub fn policies(city: &City) -> Doc {
    u32::try_from(city.policies.len()).unwrap_or(u32::MAX)
}

/// The place of a record given as `policy:<id>` or `question:<id>`.
#[must_use]
pub fn by_name(city: &City, name: &str) -> Option<Doc> {
    let (kind, id) = name.split_once(':')?;
    let place = match kind {
        "policy" => *city.policy_index.get(id)?,
        "question" => {
            let place = city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id)).ok()?;
            city.policies.len() + place
        }
        _ => return None,
    };
    u32::try_from(place).ok()
}

/// What the record at this place says, policies before questions; nothing for a place beyond the last.
#[must_use]
pub fn lines(city: &City, place: Doc) -> Lines {
    let place = place as usize;
    match city.policies.get(place) {
        Some(entry) => policy(city, entry),
        None => {
            let entry = place.checked_sub(city.policies.len()).and_then(|place| city.questions.get(place));
            entry.map(|entry| question(city, entry)).unwrap_or_default()
        }
    }
}

/// The records for the filter that answers first, the most important first: best bets, policies in force, the newest
/// first, then live questions.
#[must_use]
pub fn entries(city: &City) -> Vec<Entry> {
    let mut order: Vec<Doc> = Vec::new();
    let bets = city.tables.best_bets.iter().flat_map(|bet| &bet.records).filter_map(|record| by_name(city, record));
    let mut live: Vec<(std::cmp::Reverse<yima_model::Date>, Doc)> = (0..)
        .zip(&city.policies)
        .filter(|(_, entry)| entry.validity.is_live())
        .map(|(doc, entry)| (std::cmp::Reverse(entry.policy.published), doc))
        .collect();
    live.sort_unstable();
    let questions = (policies(city)..).zip(&city.questions).filter(|(_, entry)| city.is_live(entry));
    for doc in bets.chain(live.into_iter().map(|(_, doc)| doc)).chain(questions.map(|(doc, _)| doc)) {
        order.push(doc);
    }
    let mut seen = BTreeSet::new();
    order.retain(|doc| seen.insert(*doc));
    order.truncate(MOST_ENTRIES);
    let entry = |doc: Doc| {
        let face = crate::catalogue::face(city, doc)?;
        let names = lines(city, doc).titles.into_iter().skip(1).collect();
        Some(Entry { title: face.title().to_owned(), path: face.path(), names })
    };
    order.into_iter().filter_map(entry).collect()
}

/// More never fit.
const MOST_ENTRIES: usize = 2_000;

fn policy(city: &City, entry: &PolicyEntry) -> Lines {
    let policy = &entry.policy;
    let mut lines = Lines::default();
    lines.titles.push(policy.title.clone());
    lines.titles.extend(policy.short_title.clone());
    lines.titles.extend(policy.popular_names.iter().chain(&policy.keywords).cloned());
    lines.titles.extend(policy.document_numbers.iter().chain([&policy.index_number]).cloned());
    for number in policy.document_numbers.iter().chain([&policy.index_number]) {
        lines.identifiers.extend(identifiers(number));
    }
    lines.identifiers.extend(code(city.codes.of(&RecordKey::Policy(policy.id.clone()))));
    lines.identifiers.push(policy.published.to_string());
    lines.identifiers.push(policy.written.to_string());
    distinct(&mut lines.identifiers);
    let body = &mut lines.body;
    body.push(policy.summary.clone());
    body.extend(policy.plain.iter().cloned());
    for benefit in &policy.benefits {
        body.extend([benefit.title.clone(), benefit.who.clone(), benefit.gives.clone()]);
        body.extend(benefit.papers.iter().chain(&benefit.steps).cloned());
        body.extend([&benefit.window, &benefit.place, &benefit.payment].into_iter().flatten().cloned());
    }
    for stage in &policy.stages {
        body.extend(stage.text.iter().cloned());
        body.extend(stage.documents.iter().map(|document| document.title.clone()));
    }
    body.extend(policy.attachments.iter().map(|attachment| attachment.title.clone()));
    body.push(entry.body.text());
    body.retain(|line| !line.is_empty());
    lines
}

fn question(city: &City, entry: &QuestionEntry) -> Lines {
    let question = &entry.question;
    let mut lines = Lines::default();
    lines.titles.push(question.question.clone());
    lines.titles.extend(question.variants.iter().chain(&question.keywords).cloned());
    lines.identifiers.extend(code(city.codes.of(&RecordKey::Question(question.id.clone()))));
    lines.body.extend(question.short.iter().cloned());
    lines.body.push(entry.answer.text());
    lines.body.extend(question.forms.iter().map(|form| form.text.clone()));
    lines.body.retain(|line| !line.is_empty());
    lines
}

fn code(code: Option<Code>) -> Vec<String> {
    code.map(|code| identifiers(&code.to_string())).unwrap_or_default()
}

fn distinct(strings: &mut Vec<String>) {
    strings.sort_unstable();
    strings.dedup();
}
