//! Turns places into lines, when and only when mistakes are shown.

use std::path::Path;

use toml::de::{DeArray, DeTable, DeValue};

use super::walk;
use crate::mistake::{At, Excerpt, Fault, Mistake, Mistakes, Place, Report};

/// How many characters of a line are shown.
const SHOWN: usize = 100;
/// How many mistakes of one file are listed.
const LISTED: usize = 200;

/// Sorts the mistakes and finds the line of each.
#[must_use]
pub fn report(content: &Path, mut mistakes: Mistakes) -> Report {
    mistakes.sort();
    let mut rows = Vec::with_capacity(mistakes.0.len());
    for group in mistakes.0.chunk_by(|a, b| a.place.file == b.place.file) {
        let (group, hidden) = listed(group);
        // A file that is wrong as a whole may be one that is too large to open.
        let whole = group.iter().all(|mistake| mistake.place.at == At::File);
        let bytes = group.first().filter(|_| !whole).map(|first| walk::read(&content.join(&*first.place.file)));
        let text = bytes.and_then(Result::ok).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let located = Located::new(&text);
        rows.extend(group.into_iter().map(|mistake| (mistake.clone(), located.excerpt(&mistake.place.at))));
        rows.extend(hidden.map(|rest| (rest, Excerpt { line: u32::MAX, text: String::new() })));
    }
    // Keys and lines of one file now have the same measure.
    rows.sort_by(|a, b| (&a.0.place.file, a.1.line).cmp(&(&b.0.place.file, b.1.line)));
    for (_, excerpt) in rows.iter_mut().filter(|(_, excerpt)| excerpt.line == u32::MAX) {
        excerpt.line = 0;
    }
    Report(rows)
}

/// The worst mistakes of one file, and a word about the others when there are too many to list.
fn listed(group: &[Mistake]) -> (Vec<&Mistake>, Option<Mistake>) {
    let mut listed: Vec<&Mistake> = group.iter().collect();
    listed.sort_by_key(|mistake| mistake.fault.severity());
    let hidden = listed.len().saturating_sub(LISTED);
    listed.truncate(LISTED);
    let rest = listed.first().filter(|_| hidden > 0).map(|first| Mistake {
        place: Place::file(&first.place.file),
        fault: Fault::Rest { count: hidden.to_string() },
    });
    (listed, rest)
}

/// A file, ready to be asked for many places.
struct Located<'a> {
    text: &'a str,
    lines: Lines,
    /// Byte at which the TOML starts.
    head: usize,
    /// Byte at which the TOML ends.
    body: usize,
    table: DeTable<'a>,
}

impl<'a> Located<'a> {
    fn new(text: &'a str) -> Self {
        let mark = text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len();
        let (head, body) = match text[mark..].strip_prefix("+++").and_then(|rest| rest.find('\n')) {
            Some(end) => {
                let head = mark + "+++".len() + end + 1;
                (head, text[head..].find("\n+++").map_or(text.len(), |end| head + end + 1))
            }
            None => (0, text.len()),
        };
        let (table, _) = DeTable::parse_recoverable(&text[head..body]);
        Self { text, lines: Lines::of(text), head, body, table: table.into_inner() }
    }

    fn excerpt(&self, at: &At) -> Excerpt {
        let line = match at {
            At::File => 0,
            At::Line(line) => *line,
            At::Words(words) => self.words(words),
            At::Key(key) => self.key(key),
            At::Row(list, key, value) => self.row(list, key, value),
        };
        let shown = self.lines.get(self.text, line).trim_end();
        let mut text: String = shown.chars().take(SHOWN).collect();
        if text.len() < shown.len() {
            text.push('…');
        }
        Excerpt { line, text }
    }

    /// The first line below the head that holds `words`; 0 when they stand there only with marks between them.
    fn words(&self, words: &str) -> u32 {
        let body = if self.head == 0 { 0 } else { self.body };
        self.text[body..].find(words).map_or(0, |at| self.lines.line_of(body + at))
    }

    /// The line on which a row of a list says `key = value`.
    fn row(&self, list: &str, key: &str, value: &str) -> u32 {
        let rows = self.table.get(list).and_then(|rows| rows.get_ref().as_array());
        let found = rows.into_iter().flatten().find_map(|row| {
            let (key, found) = row.get_ref().as_table()?.get_key_value(key)?;
            (found.get_ref().as_str().map(str::trim) == Some(value)).then(|| key.span().start)
        });
        found.map_or_else(|| self.key(list), |offset| self.lines.line_of(self.head + offset))
    }

    /// The line of a key path such as `relations.0.to`, or of the nearest parent that is there.
    fn key(&self, key: &str) -> u32 {
        let (mut table, mut array): (Option<&DeTable<'_>>, Option<&DeArray<'_>>) = (Some(&self.table), None);
        let mut offset = 0;
        for step in key.split('.') {
            let next = match (table, array) {
                (Some(table), _) => table.get_key_value(step).map(|(key, value)| (key.span().start, value.get_ref())),
                (_, Some(array)) => step
                    .parse::<usize>()
                    .ok()
                    .and_then(|position| array.get(position))
                    .map(|value| (value.span().start, value.get_ref())),
                _ => None,
            };
            let Some((at, value)) = next else { break };
            offset = at;
            (table, array) = match value {
                DeValue::Table(table) => (Some(table), None),
                DeValue::Array(array) => (None, Some(array)),
                _ => (None, None),
            };
        }
        self.lines.line_of(self.head + offset)
    }
}

/// Where the lines of a text start.
#[derive(Debug)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(starts).collect())
    }

    /// The line, counted from 1, that a byte stands on.
    pub(super) fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// A line by its number; empty when there is none.
    fn get<'a>(&self, text: &'a str, line: u32) -> &'a str {
        let position = line as usize;
        let Some(&start) = position.checked_sub(1).and_then(|before| self.0.get(before)) else { return "" };
        let end = self.0.get(position).map_or(text.len(), |next| next - 1);
        text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_behind_a_mark_and_windows_line_ends() {
        let text = "\u{FEFF}+++\r\ntitle = \"甲\"\r\n[[relations]]\r\nkind = \"amends\"\r\nto = \"a\"\r\n+++\r\n\r\n见《乙》。\r\n";
        let located = Located::new(text);
        let line = |at: At| located.excerpt(&at).line;
        assert_eq!(line(At::Key("title".into())), 2);
        assert_eq!(line(At::Key("relations.0.to".into())), 5);
        assert_eq!(line(At::Key("relations.0.note".into())), 3, "the parent, when the key is not there");
        assert_eq!(located.excerpt(&At::Words("《乙》".into())), Excerpt { line: 8, text: "见《乙》。".into() });
        assert_eq!(located.excerpt(&At::Line(99)).text, "");
    }
}
