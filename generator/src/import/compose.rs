//! One row → one record.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use yima_model::record::{Policy, Question};

use super::mapping::Mapping;
use super::reader::Reader;
use super::vocabulary::Vocabulary;
use crate::mistake::Fault;

/// The most characters of `short`, as when content is read.
const SHORT: usize = 60;

/// What an import knows while it goes through the rows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) vocabulary: Vocabulary,
    /// Title or 文号 → id of all policies there are.
    pub(crate) named: BTreeMap<String, String>,
    /// Ids of all policies there are.
    pub(crate) policies: BTreeSet<String>,
    /// Characters that nobody sees, removed.
    pub(crate) removed: BTreeMap<char, usize>,
    /// Marks given.
    pub(crate) marks: BTreeMap<String, usize>,
}

/// What became of a row.
pub(crate) enum Made<T> {
    /// A record.
    Record(Box<T>),
    /// Nothing, because of these.
    Faults(Vec<Fault>),
}

/// Makes a policy and its text.
pub(crate) fn policy(mapping: &Mapping, row: &Map<String, Value>, state: &mut State) -> Made<(Policy, String)> {
    let mut r = Reader::new(mapping, row, state);
    let id = r.id();
    r.title = r.one("title");
    let issuer = r.table("issuer", "departments").into_iter().next().unwrap_or_default();
    let mut themes = r.table("theme", "themes");
    themes.extend(r.table("also_themes", "themes"));
    themes.dedup();
    let plain = r.texts("plain");
    if plain.len() != 3 {
        r.faults.push(Fault::PlainNotThree { found: plain.len().to_string() });
    }
    let (published, written, effective) = (r.date("published"), r.date("written"), r.date("effective"));
    let policy = Policy {
        short_title: r.optional("short_title"),
        popular_names: r.texts("popular_names"),
        index_number: r.one("index_number"),
        document_numbers: r.document_numbers(),
        joint_issuers: r.table("joint_issuers", "departments"),
        drafted_by: r.table("drafted_by", "departments").into_iter().next().unwrap_or_else(|| issuer.clone()),
        interpreted_by: r.table("interpreted_by", "departments").into_iter().next().unwrap_or_else(|| issuer.clone()),
        written: written.unwrap_or_default(),
        published: published.unwrap_or_default(),
        effective: effective.unwrap_or_default(),
        expires: r.date("expires"),
        repealed: r.date("repealed"),
        themes,
        genre: r.table("genre", "genres").into_iter().next().unwrap_or_default(),
        level: r.level(),
        audiences: r.table("audiences", "audiences"),
        sectors: r.table("sectors", "sectors"),
        districts: r.table("districts", "districts"),
        summary: r.one("summary"),
        plain: <[String; 3]>::try_from(plain).unwrap_or_default(),
        marked_articles: Vec::new(),
        source: r.optional("source"),
        contact: r.contact(),
        audio: None,
        attachments: Vec::new(),
        relations: Vec::new(),
        stages: r.stages(),
        benefits: Vec::new(),
        title: r.title.clone(),
        id,
        issuer,
        keywords: Vec::new(),
    };
    let body = r.one("body");
    let policy = Policy { keywords: r.keywords(), ..policy };
    r.finish((policy, body))
}

/// Makes a question.
pub(crate) fn question(mapping: &Mapping, row: &Map<String, Value>, state: &mut State) -> Made<Question> {
    let mut r = Reader::new(mapping, row, state);
    let id = r.id();
    r.title = r.one("question");
    let bindings = r.bindings();
    let unbound = if bindings.is_empty() { Some(r.one("unbound")) } else { None };
    let question = Question {
        theme: r.table("theme", "themes").into_iter().next().unwrap_or_default(),
        question: r.title.clone(),
        variants: r.texts("variants"),
        short: r.optional("short"),
        answer: r.one("answer"),
        forms: Vec::new(),
        bindings,
        unbound,
        department: r.table("department", "departments").into_iter().next().unwrap_or_default(),
        checked: r.date("checked").unwrap_or_default(),
        expires: r.date("expires"),
        audiences: r.table("audiences", "audiences"),
        districts: r.table("districts", "districts"),
        keywords: r.keywords(),
        id,
    };
    let length = question.short.as_deref().map_or(0, |short| short.chars().count());
    if length > SHORT {
        r.faults.push(Fault::TooLong { key: "short".into(), max: SHORT.to_string(), found: length.to_string() });
    }
    r.finish(question)
}
