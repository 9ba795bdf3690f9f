//! Turns places into lines, when and only when mistakes are shown.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::walk;
use crate::mistake::{At, Excerpt, Mistakes, Report};

/// How many characters of a line are shown.
const SHOWN: usize = 100;

/// Sorts the mistakes and finds the line of each.
#[must_use]
pub fn report(content: &Path, mut mistakes: Mistakes) -> Report {
    let mut texts: BTreeMap<Arc<str>, String> = BTreeMap::new();
    let mut rows = Vec::with_capacity(mistakes.0.len());
    mistakes.sort();
    for mistake in mistakes.0 {
        let text = texts.entry(Arc::clone(&mistake.place.file)).or_insert_with(|| {
            walk::read(&content.join(&*mistake.place.file))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .unwrap_or_default()
        });
        let line = match &mistake.place.at {
            At::File => 0,
            At::Line(line) => *line,
            At::Offset(offset) => line_of(text, *offset),
            At::Words(words) => words_line(text, words),
            At::Key(key) => key_line(text, key),
        };
        let shown = text.lines().nth(line.saturating_sub(1) as usize).filter(|_| line > 0).unwrap_or_default();
        let mut excerpt: String = shown.trim_end().chars().take(SHOWN).collect();
        if excerpt.len() < shown.trim_end().len() {
            excerpt.push('…');
        }
        rows.push((mistake, Excerpt { line, text: excerpt }));
    }
    // Keys and lines of one file now have the same measure.
    rows.sort_by(|a, b| (&a.0.place.file, a.1.line).cmp(&(&b.0.place.file, b.1.line)));
    Report(rows)
}

fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    u32::try_from(before.iter().filter(|&&byte| byte == b'\n').count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The first line below the head that holds `words`; 0 when they stand there only with marks between them.
fn words_line(text: &str, words: &str) -> u32 {
    let body = text.strip_prefix("+++\n").and_then(|rest| rest.find("\n+++")).map_or(0, |end| end + 8);
    text.get(body..).and_then(|rest| rest.find(words)).map_or(0, |at| line_of(text, body + at))
}

/// The line of a key path such as `relations.0.to`, or of the nearest parent that is there.
fn key_line(text: &str, key: &str) -> u32 {
    let (head, base) = match text.strip_prefix("+++\n") {
        Some(rest) => (rest.find("\n+++").map_or(rest, |end| &rest[..end + 1]), 4),
        None => (text, 0),
    };
    let (table, _) = DeTable::parse_recoverable(head);
    let mut value = DeValue::Table(table.into_inner());
    let mut offset = 0;
    for step in key.split('.') {
        let next = match &value {
            DeValue::Table(table) => {
                table.get_key_value(step).map(|(key, value)| (key.span().start, value.get_ref().clone()))
            }
            DeValue::Array(array) => step
                .parse::<usize>()
                .ok()
                .and_then(|position| array.get(position))
                .map(|value| (value.span().start, value.get_ref().clone())),
            _ => None,
        };
        let Some((at, inner)) = next else { break };
        (offset, value) = (at, inner);
    }
    line_of(text, base + offset)
}
