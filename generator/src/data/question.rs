//! `data/questions/<theme>.json`: the approved answers of one theme.

use serde::Serialize;
use yima_model::record::{Form, Term};

use super::policy::{ArticleLink, article_links};
use super::view::{Card, Day, Linked, Named, day};
use crate::City;
use crate::address::{Absolute, Address};
use crate::city::{QuestionEntry, QuestionIx};
use crate::codes::RecordKey;
use crate::listing::Facet;

/// Whether an answer may be shown as current on the build date: its own last day has not passed, and its policies, if it
/// has any, have not all ended.
#[must_use]
pub fn is_current(city: &City, entry: &QuestionEntry) -> bool {
    city.is_live(entry)
}

#[derive(Serialize)]
pub(super) struct View<'a> {
    theme: Linked<'a>,
    url: Absolute<'a>,
    total: usize,
    questions: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    question: &'a str,
    variants: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    short: Option<&'a str>,
    answer: String,
    department: Linked<'a>,
    checked: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Day>,
    current: bool,
    /// 待复核: a clause it rests on has changed since it was checked.
    review: bool,
    /// Which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<ArticleLink<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    forms: Vec<FormRow<'a>>,
    audiences: Vec<Linked<'a>>,
    districts: Vec<Linked<'a>>,
    keywords: &'a [String],
    policies: Vec<Source<'a>>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    unbound: Option<&'a str>,
}

/// The answer as a picture, as sound or as a film.
#[derive(Serialize)]
struct FormRow<'a> {
    kind: Named<'a>,
    title: &'a str,
    text: &'a str,
    url: Absolute<'a>,
    bytes: u64,
    sha256: &'a str,
}

impl<'a> FormRow<'a> {
    fn of(city: &'a City, question: &'a str, form: &'a Form) -> Self {
        Self {
            kind: Named { id: form.kind.id(), name: form.kind.zh() },
            title: &form.title,
            text: &form.text,
            url: Address::Form(question, &form.file).absolute(&city.settings.host),
            bytes: form.bytes,
            sha256: &form.sha256,
        }
    }
}

fn changed<'a>(city: &'a City, entry: &QuestionEntry) -> Vec<ArticleLink<'a>> {
    let links = entry.changed.iter().filter_map(|clause| {
        let found = city.policies.get(clause.policy)?;
        Some(article_links(city, &found.policy.id, &found.body, &[clause.article]))
    });
    links.flatten().collect()
}

/// A policy, and the articles of it, that an answer rests on.
#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    title: &'a str,
    url: Absolute<'a>,
    validity: Named<'a>,
    articles: Vec<ArticleLink<'a>>,
}

/// `rows` are the questions of `theme`.
pub(super) fn view<'a>(city: &'a City, theme: &'a Term, rows: &[QuestionIx]) -> View<'a> {
    let questions: Vec<_> =
        rows.iter().filter_map(|&ix| city.questions.get(ix)).map(|entry| row(city, entry)).collect();
    View {
        theme: Linked::new(city, Facet::Theme, &theme.id),
        url: Address::QuestionTheme(&theme.id, 1).absolute(&city.settings.host),
        total: questions.len(),
        questions,
    }
}

fn row<'a>(city: &'a City, entry: &'a QuestionEntry) -> Row<'a> {
    let host = &city.settings.host;
    let question = &entry.question;
    Row {
        id: &question.id,
        url: Address::Question(&question.id).absolute(host),
        card: city.codes.of(&RecordKey::Question(question.id.clone())).map(|code| Card::new(city, code)),
        question: &question.question,
        variants: &question.variants,
        short: question.short.as_deref(),
        answer: entry.answer.text().trim_end().to_owned(),
        department: Linked::new(city, Facet::Department, &question.department),
        checked: Day(question.checked),
        expires: day(question.expires),
        current: is_current(city, entry),
        review: entry.review(),
        changed: changed(city, entry),
        forms: question.forms.iter().map(|form| FormRow::of(city, &question.id, form)).collect(),
        audiences: Linked::all(city, Facet::Audience, &question.audiences),
        districts: Linked::all(city, Facet::District, &question.districts),
        keywords: &question.keywords,
        policies: sources(city, entry),
        unbound: question.unbound.as_deref(),
    }
}

fn sources<'a>(city: &'a City, entry: &'a QuestionEntry) -> Vec<Source<'a>> {
    let rows = entry.question.bindings.iter().filter_map(|binding| {
        // `check` reports a policy that is not there.
        let found = city.policy(&binding.policy)?;
        let id = &found.policy.id;
        Some(Source {
            id,
            title: &found.policy.title,
            url: Address::Policy(id).absolute(&city.settings.host),
            validity: Named { id: found.validity.id(), name: found.validity.zh() },
            articles: article_links(city, id, &found.body, &binding.articles),
        })
    });
    rows.collect()
}
