//! What follows from the fields of a record: its lines, its face, its facts, its words.

use yima_model::catalogue::{Face, PolicyFace, PolicyRow, QuestionFace, QuestionRow, Span};
use yima_model::validity::iso;
use yima_model::{Code, Date, Lifespan};

use super::{Policy, Question, Record, Said};
use crate::asked::identifiers;

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

impl Record {
    /// What is searched.
    #[must_use]
    pub fn into_lines(self) -> Lines {
        let mut lines = match self.said {
            Said::Policy(policy) => policy.into_lines(self.code),
            Said::Question(question) => question.into_lines(self.code),
        };
        lines.body.retain(|line| !line.is_empty());
        lines
    }

    /// What a list shows, but for the days on which it can be relied on: those depend on the day and on other records.
    pub(super) fn face(&self) -> Face {
        let (id, code) = (self.id.clone(), self.code);
        match &self.said {
            Said::Policy(policy) => Face::Policy(PolicyFace {
                id,
                code,
                title: policy.title.clone(),
                short_title: policy.short_title.clone(),
                gives: policy.plain[1].clone(),
                document_number: policy.document_numbers.first().cloned().unwrap_or_default(),
                span: Span::default(),
            }),
            Said::Question(question) => Face::Question(QuestionFace {
                id,
                code,
                question: question.question.clone(),
                short: question.short.clone(),
                span: Span::default(),
            }),
        }
    }

    /// Words worth a key stroke, with their weights.
    pub(super) fn words(&self) -> Vec<(&str, u32)> {
        fn all<'a>(words: impl Iterator<Item = &'a String>, weight: u32) -> impl Iterator<Item = (&'a str, u32)> {
            words.map(move |word| (word.as_str(), weight))
        }
        match &self.said {
            Said::Policy(policy) => {
                let names = all(policy.popular_names.iter().chain([&policy.short_title]), 4);
                let benefits = all(policy.benefits.iter().map(|benefit| &benefit.title), 1);
                names.chain(all(policy.keywords.iter(), 3)).chain(benefits).collect()
            }
            Said::Question(question) => all(question.keywords.iter(), 1).collect(),
        }
    }
}

impl Policy {
    fn into_lines(self, code_of: Option<Code>) -> Lines {
        let mut lines = Lines::default();
        let numbers = self.document_numbers.iter().chain([&self.index_number]);
        lines.identifiers.extend(numbers.flat_map(|number| identifiers(number)));
        lines.identifiers.extend(code(code_of));
        lines.identifiers.extend([iso(self.published), iso(self.written)]);
        lines.identifiers.sort_unstable();
        lines.identifiers.dedup();
        lines.titles.push(self.title);
        lines.titles.extend(Some(self.short_title).filter(|title| !title.is_empty()));
        lines.titles.extend(self.popular_names.into_iter().chain(self.keywords));
        lines.titles.extend(self.document_numbers.into_iter().chain([self.index_number]));
        lines.body.push(self.summary);
        lines.body.extend(self.plain);
        for benefit in self.benefits {
            lines.body.push(benefit.title);
            lines.body.extend(benefit.says);
        }
        lines.body.extend(self.more);
        lines.body.push(self.text.into_string());
        lines
    }

    /// The facts of its row.
    pub(super) fn row(&self) -> PolicyRow {
        PolicyRow {
            departments: self.departments.clone(),
            themes: self.themes.clone(),
            audiences: self.audiences.clone(),
            districts: self.districts.clone(),
            sectors: self.sectors.clone(),
            genre: self.genre,
            level: self.level,
            routine: is_routine(&self.title),
            published: self.published,
            lifespan: self.lifespan,
        }
    }
}

impl Question {
    fn into_lines(self, code_of: Option<Code>) -> Lines {
        let mut lines = Lines { identifiers: code(code_of), ..Lines::default() };
        lines.titles.push(self.question);
        lines.titles.extend(self.variants.into_iter().chain(self.keywords));
        lines.body.extend([self.short, self.answer.into_string()]);
        lines.body.extend(self.forms);
        lines
    }

    /// The facts of its row, but for its policies: where they stand is not known yet.
    pub(super) fn row(&self) -> QuestionRow {
        QuestionRow {
            theme: self.theme,
            department: self.department,
            audiences: self.audiences.clone(),
            districts: self.districts.clone(),
            policies: Vec::new(),
            checked: self.checked,
            expires: self.expires,
        }
    }
}

fn code(code: Option<Code>) -> Vec<String> {
    code.map(|code| identifiers(&code.to_string())).unwrap_or_default()
}

/// Whether a document is 人事任免 or a call to a meeting, by its title: what such documents are called is settled usage.
fn is_routine(title: &str) -> bool {
    const MARKS: [&str; 8] = ["任免", "任职", "免职", "任命", "免去", "会议的通知", "座谈会的通知", "表彰"];
    MARKS.iter().any(|mark| title.contains(mark))
}

/// From the first day of any of these to the last day of all; `expires` ends it for certain.
pub(super) fn span<'a>(today: Date, bound: impl Iterator<Item = &'a Lifespan> + Clone, expires: Option<Date>) -> Span {
    let first = bound.clone().map(|lifespan| lifespan.effective).min().filter(|first| *first > today);
    let lasts = bound.map(Lifespan::last_day);
    // One without an end has none, and so has a question that rests on nothing.
    let last = lasts.collect::<Option<Vec<Date>>>().and_then(|lasts| lasts.into_iter().max());
    Span { first, last: last.into_iter().chain(expires).min() }
}
