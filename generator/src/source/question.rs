//! One file of questions → [`Question`]s of one theme.

use std::sync::Arc;

use yima_model::record::{Binding, Question};

use super::fields::{Fields, FileContext};
use super::{forms, text};
use crate::markdown::{self, Body};
use crate::mistake::{Fault, Mistakes};

/// A question as read.
#[derive(Clone, Debug)]
pub(crate) struct QuestionRow {
    pub(crate) question: Arc<Question>,
    pub(crate) answer: Arc<Body>,
    pub(crate) file: Arc<str>,
    pub(crate) position: usize,
}

/// Reads a file; its name, or that of its folder, is the theme.
pub(crate) fn read(file: &Arc<str>, content: &str) -> (Vec<QuestionRow>, Mistakes) {
    // `questions/jiuye.toml`, or any file below `questions/jiuye/` where one would grow too large.
    let theme = file.split('/').nth(1).map_or("", |name| name.strip_suffix(".toml").unwrap_or(name));
    let mut ctx = FileContext::new(file, content, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let mut rows = Vec::new();
    for (position, row) in f.tables(&mut ctx, "questions").into_iter().enumerate() {
        let offset = row.offset("answer");
        let Some(question) = question(&mut ctx, theme, row) else { continue };
        let answer = markdown::parse(&question.answer);
        if !answer.problems.is_empty() {
            text::problems(file, ctx.line_of(offset), &answer, &mut ctx.mistakes);
        }
        if question.answer.contains('&') {
            text::entities(file, ctx.line_of(offset), &question.answer, &answer, &mut ctx.mistakes);
        }
        let (question, answer) = (Arc::new(question), Arc::new(answer));
        rows.push(QuestionRow { question, answer, file: Arc::clone(file), position });
    }
    f.finish(&mut ctx);
    // After a bracket that was never closed the rest was read as something else.
    if ctx.is_derailed() {
        rows.clear();
    }
    let mut mistakes = ctx.finish();
    text::check(file, content, &mut mistakes);
    (rows, mistakes)
}

fn question(ctx: &mut FileContext<'_>, theme: &str, mut f: Fields<'_, '_>) -> Option<Question> {
    let id = super::id(ctx, &mut f);
    let checked = f.required_date(ctx, "checked");
    let question = Question {
        theme: theme.to_owned(),
        question: f.required_text(ctx, "question"),
        variants: f.texts(ctx, "variants"),
        short: f.short_text(ctx, "short", 60),
        answer: f.required_text(ctx, "answer"),
        forms: forms::all(ctx, &mut f),
        unbound: f.text(ctx, "unbound"),
        bindings: bindings(ctx, &mut f),
        department: f.required_text(ctx, "department"),
        checked: checked.unwrap_or_default(),
        expires: f.date(ctx, "expires"),
        audiences: f.texts(ctx, "audiences"),
        districts: f.texts(ctx, "districts"),
        keywords: f.texts(ctx, "keywords"),
        id,
    };
    f.finish(ctx);
    (!question.id.is_empty() && checked.is_some()).then_some(question)
}

fn bindings(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<Binding> {
    let before = ctx.mistakes.0.len();
    let rows = f.tables(ctx, "policies");
    if f.has("unbound") {
        if !rows.is_empty() {
            ctx.add(f.offset("unbound"), Fault::BoundAndUnbound);
        }
    } else if !f.has("policies") {
        f.missing("policies");
    } else if rows.is_empty() && ctx.mistakes.0.len() == before {
        ctx.add(f.offset("policies"), Fault::Empty { key: f.name("policies") });
    }
    rows.into_iter()
        .map(|mut row| {
            let policy = row.required_text(ctx, "id");
            let (articles, hashes) = row.clauses(ctx, "articles");
            let binding = Binding { policy, articles, hashes };
            row.finish(ctx);
            binding
        })
        .collect()
}
