//! Questions and their approved answers: `/questions/`, `/questions/<theme>/`, `/question/<id>/`.

use serde::Serialize;
use yima_model::record::{Binding, Form};
use yima_model::{Date, RelationKind};

use super::lists::{Pager, Pages};
use super::meta::{Alternate, Article, Column, Head};
use super::policy::{self, ArticleLink};
use super::stencil::Safe;
use super::view::{Day, Link, Named, ValidityView};
use super::{Renderer, words};
use crate::address::Address;
use crate::city::{Incoming, PolicyEntry, QuestionEntry};
use crate::codes::RecordKey;
use crate::listing::Facet;
use crate::site::RenderError;

/// A question with its answer and where that comes from.
#[derive(Serialize)]
pub(super) struct AnswerView<'a> {
    id: &'a str,
    question: &'a str,
    variants: &'a [String],
    short: Option<&'a str>,
    answer: Safe<'a>,
    #[serde(skip)]
    text: String,
    department: Named<'a>,
    phone: Option<&'a str>,
    checked: Day,
    expires: Option<Day>,
    /// The answer's own last day has passed, or all of its policies are dead.
    stale: bool,
    /// Clauses that have changed since the answer was checked, by document.
    changed: Vec<Changed<'a>>,
    forms: Vec<FormView<'a>>,
    sources: Vec<Source<'a>>,
    /// Why there are no sources.
    unbound: Option<&'a str>,
    audiences: Vec<Named<'a>>,
    districts: Vec<Named<'a>>,
    theme: Named<'a>,
}

/// A policy an answer rests on.
#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    title: &'a str,
    number: Option<&'a str>,
    validity: ValidityView,
    articles: Vec<ArticleLink<'a>>,
    /// What to read instead, where it is dead.
    replaced: Vec<Link<'a>>,
}

impl<'a> Source<'a> {
    fn of(site: &'a Renderer<'_>, found: &'a PolicyEntry, binding: &Binding) -> Self {
        let validity = ValidityView::of(found, site.city.settings.expiring_days);
        let instead = |incoming: &Incoming| {
            let next = site.city.policies.get(incoming.from)?;
            let ends = matches!(incoming.kind, RelationKind::Replaces | RelationKind::Repeals);
            (ends && validity.dead && next.validity.is_live())
                .then(|| Link::new(Address::Policy(&next.policy.id).to_string(), next.policy.short()))
        };
        Self {
            id: &found.policy.id,
            title: &found.policy.title,
            number: found.policy.document_numbers.first().map(String::as_str),
            articles: policy::article_links(&found.body, &binding.articles),
            replaced: found.incoming.iter().filter_map(instead).collect(),
            validity,
        }
    }
}

/// The clauses of one document that an answer was not checked against.
#[derive(Serialize)]
struct Changed<'a> {
    id: &'a str,
    title: &'a str,
    articles: Vec<ArticleLink<'a>>,
}

impl<'a> Changed<'a> {
    fn all(site: &'a Renderer<'_>, entry: &'a QuestionEntry) -> Vec<Self> {
        let groups = entry.changed.chunk_by(|a, b| a.policy == b.policy);
        let groups = groups.filter_map(|group| {
            let found = site.city.policies.get(group.first()?.policy)?;
            let numbers: Vec<u16> = group.iter().map(|clause| clause.article).collect();
            let articles = policy::article_links(&found.body, &numbers);
            Some(Self { id: &found.policy.id, title: found.policy.short(), articles })
        });
        groups.collect()
    }
}

/// The same answer as a picture, as sound or as a film.
#[derive(Serialize)]
struct FormView<'a> {
    kind: &'static str,
    zh: &'static str,
    href: String,
    title: &'a str,
    /// What it shows or says, paragraph by paragraph.
    text: Vec<&'a str>,
    size: String,
}

impl<'a> FormView<'a> {
    fn of(question: &str, form: &'a Form) -> Self {
        Self {
            kind: form.kind.id(),
            zh: form.kind.zh(),
            href: Address::Form(question, &form.file).to_string(),
            title: &form.title,
            text: form.text.lines().filter(|line| !line.trim().is_empty()).collect(),
            size: words::size(form.bytes),
        }
    }
}

impl<'a> AnswerView<'a> {
    pub(super) fn of(site: &'a Renderer<'_>, entry: &'a QuestionEntry) -> Self {
        let city = site.city;
        let question = &entry.question;
        let sources: Vec<Source<'_>> = entry
            .policies
            .iter()
            .zip(&question.bindings)
            .filter_map(|(&ix, binding)| Some(Source::of(site, city.policies.get(ix)?, binding)))
            .collect();
        let office = city.tables.departments.iter().find(|unit| unit.id == question.department);
        let named = |facet, ids: &'a [String]| ids.iter().map(|id| site.named(facet, id)).collect();
        Self {
            id: &question.id,
            question: &question.question,
            variants: &question.variants,
            short: question.short.as_deref(),
            answer: entry.answer.html.as_str().into(),
            text: entry.answer.text(),
            department: site.named(Facet::Department, &question.department),
            phone: office.and_then(|unit| unit.phone.as_deref()),
            checked: Day::new(question.checked),
            expires: question.expires.map(Day::new),
            stale: is_stale(city.today, question.expires, &sources),
            sources,
            changed: Changed::all(site, entry),
            forms: question.forms.iter().map(|form| FormView::of(&question.id, form)).collect(),
            unbound: question.unbound.as_deref(),
            audiences: named(Facet::Audience, &question.audiences),
            districts: named(Facet::District, &question.districts),
            theme: site.named(Facet::Theme, &question.theme),
        }
    }

    /// The answer in one line.
    pub(super) fn gist(&self) -> String {
        self.short.map_or_else(|| words::excerpt(&self.text, 120), str::to_owned)
    }

    pub(super) fn question(&self) -> &'a str {
        self.question
    }
}

fn is_stale(today: Date, expires: Option<Date>, sources: &[Source<'_>]) -> bool {
    let dead = !sources.is_empty() && sources.iter().all(|source| source.validity.dead);
    dead || expires.is_some_and(|last| today > last)
}

/// `/question/<id>/`
pub(super) fn page(site: &Renderer<'_>, entry: &QuestionEntry) -> Result<String, RenderError> {
    let question = &entry.question;
    let view = AnswerView::of(site, entry);
    let path = Address::Question(&question.id).to_string();
    let crumbs = [
        Link::new("/", "首页"),
        Link::new("/questions/", "问答"),
        Link::new(format!("/questions/{}/", question.theme), view.theme.name),
    ];
    let mut graph = site.graph(&crumbs, &question.question, &path);
    graph.faq([(entry, view.text.as_str())].into_iter());
    let head = Head {
        title: question.question.clone(),
        description: view.gist(),
        path,
        column: Column { name: "政策问答", kind: "政策问答" },
        article: Some(Article {
            title: &question.question,
            date: question.checked.to_string(),
            source: view.department.name,
            keywords: question.keywords.join(","),
        }),
        alternates: Vec::new(),
        structured: graph.text(),
        hidden: false,
    };
    let code = site.city.codes.of(&RecordKey::Question(question.id.clone()));
    site.show("question.html", &head, &crumbs, code, view)
}

#[derive(Serialize)]
struct ThemeLink<'a> {
    id: &'a str,
    name: &'a str,
    total: usize,
    first: Vec<Asked<'a>>,
}

#[derive(Serialize)]
struct Asked<'a> {
    id: &'a str,
    question: &'a str,
    short: String,
    department: &'a str,
}

/// How many questions of a theme the index shows.
const FIRST: usize = 3;

fn asked<'a>(site: &'a Renderer<'_>, entry: &'a QuestionEntry) -> Asked<'a> {
    Asked {
        id: &entry.question.id,
        question: &entry.question.question,
        short: short(entry),
        department: site.name(Facet::Department, &entry.question.department),
    }
}

fn short(entry: &QuestionEntry) -> String {
    entry.question.short.clone().unwrap_or_else(|| words::excerpt(&entry.answer.text(), 60))
}

#[derive(Serialize)]
struct Index<'a> {
    total: usize,
    themes: Vec<ThemeLink<'a>>,
}

/// `/questions/`
pub(super) fn index(site: &Renderer<'_>) -> Result<String, RenderError> {
    let crumbs = [Link::new("/", "首页")];
    let path = "/questions/".to_owned();
    let head = Head {
        title: "政策问答".to_owned(),
        description: "大家常问的政策问题和经主管部门审核的回答，每条写明依据、责任部门和核对日期。".to_owned(),
        structured: site.graph(&crumbs, "政策问答", &path).text(),
        path,
        column: Column { name: "政策问答", kind: "政策问答" },
        article: None,
        alternates: vec![Alternate::feed("/feeds/questions.xml".to_owned(), "政策问答 更新".to_owned())],
        hidden: false,
    };
    let view = Index { total: site.city.questions.len(), themes: themes(site) };
    site.show("questions.html", &head, &crumbs, None, view)
}

fn themes<'a>(site: &'a Renderer<'_>) -> Vec<ThemeLink<'a>> {
    let themes = site.city.tables.themes.iter().zip(&site.shelves.questions);
    themes
        .filter(|(_, questions)| !questions.is_empty())
        .map(|(theme, questions)| ThemeLink {
            id: &theme.id,
            name: &theme.name,
            total: questions.len(),
            first: questions.iter().take(FIRST).map(|&ix| asked(site, &site.city.questions[ix])).collect(),
        })
        .collect()
}

#[derive(Serialize)]
struct ThemeView<'a> {
    theme: Named<'a>,
    total: usize,
    policies: usize,
    questions: Vec<Asked<'a>>,
    pager: Pager,
}

/// `/questions/<theme>/`
pub(super) fn theme(site: &Renderer<'_>, place: usize, page: usize) -> Result<String, RenderError> {
    let city = site.city;
    let (Some(theme), Some(rows)) = (city.tables.themes.get(place), site.shelves.questions.get(place)) else {
        return Err(RenderError { what: format!("theme {place}"), why: "no such theme".to_owned() });
    };
    let base = format!("/questions/{}/", theme.id);
    let pages = Pages::in_order(rows.len(), city.settings.page_size);
    let path = pages.address(&base, page);
    let crumbs = [Link::new("/", "首页"), Link::new("/questions/", "问答")];
    let here = pages.slice(rows, page);
    let shown: Vec<(&QuestionEntry, String)> =
        here.iter().map(|&ix| (&city.questions[ix], short(&city.questions[ix]))).collect();
    let mut graph = site.graph(&crumbs, &theme.name, &path);
    graph.faq(shown.iter().map(|(entry, answer)| (*entry, answer.as_str())));
    let head = Head {
        title: if page > 1 {
            format!("{}问答（第{page}页）", theme.name)
        } else {
            format!("{}问答", theme.name)
        },
        description: if pages.is_first(page) {
            format!("{}方面的{}个常见问题和经主管部门审核的回答。", theme.name, rows.len())
        } else {
            format!("{}方面的常见问题和经主管部门审核的回答，第{page}页。", theme.name)
        },
        structured: graph.text(),
        path,
        column: Column { name: "政策问答", kind: "政策问答" },
        article: None,
        alternates: Vec::new(),
        hidden: false,
    };
    let policies = site.shelves.of(Facet::Theme).get(place).map_or(0, |shelf| shelf.policies.len());
    let view = ThemeView {
        theme: Named { id: &theme.id, name: &theme.name },
        total: rows.len(),
        policies,
        questions: here.iter().map(|&ix| asked(site, &city.questions[ix])).collect(),
        pager: pages.pager(&base, page),
    };
    site.show("question_theme.html", &head, &crumbs, None, view)
}

/// Themes with the number of their questions, for the pages that lead to them.
pub(super) fn theme_counts<'a>(site: &'a Renderer<'_>) -> Vec<ThemeCount<'a>> {
    let themes = site.city.tables.themes.iter().zip(&site.shelves.questions);
    themes
        .filter(|(_, questions)| !questions.is_empty())
        .map(|(theme, questions)| ThemeCount { id: &theme.id, name: &theme.name, total: questions.len() })
        .collect()
}

/// A theme and the number of its questions.
#[derive(Serialize)]
pub(super) struct ThemeCount<'a> {
    id: &'a str,
    name: &'a str,
    total: usize,
}
