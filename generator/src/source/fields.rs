//! Reads a TOML table key by key, keeps every mistake, and knows at the end which keys nobody asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use yima_model::Date;
use yima_model::numeral::leading_article;

use crate::mistake::{Fault, Mistakes, Place};

/// Where the tables of one file come from, and where their mistakes go.
pub(crate) struct FileContext<'a> {
    /// Path below the content folder.
    pub(crate) file: &'a Arc<str>,
    /// The TOML text, to turn spans into lines.
    pub(crate) text: &'a str,
    /// Lines before the TOML text.
    pub(crate) lines_before: u32,
    /// All mistakes so far.
    pub(crate) mistakes: Mistakes,
}

impl<'a> FileContext<'a> {
    pub(crate) fn new(file: &'a Arc<str>, text: &'a str, lines_before: u32) -> Self {
        Self { file, text, lines_before, mistakes: Mistakes::default() }
    }

    /// Parses the text; syntax errors become mistakes and whatever could be read is returned.
    pub(crate) fn table(&mut self) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', " ");
            self.add(offset, Fault::Syntax { message });
        }
        table.into_inner()
    }

    /// The line of the file, counted from 1, that a byte of the text stands on.
    pub(crate) fn line_of(&self, offset: usize) -> u32 {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let newlines = before.iter().filter(|&&byte| byte == b'\n').count();
        u32::try_from(newlines).unwrap_or(u32::MAX).saturating_add(self.lines_before + 1)
    }

    /// Adds a mistake at a byte of the text.
    pub(crate) fn add(&mut self, offset: usize, fault: Fault) {
        let place = Place::line(self.file, self.line_of(offset));
        self.mistakes.add(place, fault);
    }
}

/// One table being read.
pub(crate) struct Fields<'t, 'a> {
    table: &'t DeTable<'a>,
    /// Where the table starts, for keys that are missing.
    start: usize,
    /// Prefix for keys in messages: `contact.` or `stages.basis.`.
    prefix: String,
    known: BTreeSet<&'static str>,
}

impl<'t, 'a> Fields<'t, 'a> {
    pub(crate) fn new(table: &'t DeTable<'a>, start: usize, prefix: impl Into<String>) -> Self {
        Self { table, start, prefix: prefix.into(), known: BTreeSet::new() }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'a>>> {
        self.known.insert(key);
        self.table.get(key)
    }

    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    fn wrong(&self, ctx: &mut FileContext<'_>, value: &Spanned<DeValue<'_>>, key: &str, (zh, en): (&str, &str)) {
        ctx.add(value.span().start, Fault::WrongType { key: self.name(key), zh: zh.into(), en: en.into() });
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key stands, or the table when it is missing.
    pub(crate) fn offset(&self, key: &str) -> usize {
        self.table.get_key_value(key).map_or(self.start, |(key, _)| key.span().start)
    }

    /// Reports a missing key.
    pub(crate) fn missing(&self, ctx: &mut FileContext<'_>, key: &str) {
        ctx.add(self.start, Fault::MissingField { key: self.name(key) });
    }

    /// Optional text, trimmed; empty text is a mistake.
    pub(crate) fn text(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(ctx, value, key, ("加引号的文字", "quoted text"));
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            ctx.add(value.span().start, Fault::Empty { key: self.name(key) });
            return None;
        }
        Some(text.to_owned())
    }

    /// Text that must be there; empty when it is not.
    pub(crate) fn required_text(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> String {
        if !self.has(key) {
            self.known.insert(key);
            self.missing(ctx, key);
            return String::new();
        }
        self.text(ctx, key).unwrap_or_default()
    }

    /// Text of at most `max` characters.
    pub(crate) fn short_text(&mut self, ctx: &mut FileContext<'_>, key: &'static str, max: usize) -> Option<String> {
        let text = self.text(ctx, key)?;
        let found = text.chars().count();
        if found > max {
            let fault = Fault::TooLong { key: self.name(key), max: max.to_string(), found: found.to_string() };
            ctx.add(self.offset(key), fault);
        }
        Some(text)
    }

    /// A list of texts; missing is empty.
    pub(crate) fn texts(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Vec<String> {
        self.spanned_texts(ctx, key).into_iter().map(|(text, _)| text).collect()
    }

    /// A list of texts with their offsets.
    pub(crate) fn spanned_texts(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Vec<(String, usize)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(ctx, value, key, ("列表，如 [\"甲\", \"乙\"]", "a list such as [\"a\", \"b\"]"));
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(array.len());
        for item in array {
            match item.get_ref().as_str().map(str::trim) {
                Some("") => ctx.add(item.span().start, Fault::Empty { key: self.name(key) }),
                Some(text) => texts.push((text.to_owned(), item.span().start)),
                None => self.wrong(ctx, item, key, ("加引号的文字的列表", "a list of quoted texts")),
            }
        }
        texts
    }

    /// A day.
    pub(crate) fn date(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<Date> {
        let value = self.get(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
                (Some(date), None) => parse_date(&date.to_string()),
                _ => None,
            },
            DeValue::String(text) => parse_date(text.trim()),
            _ => {
                self.wrong(ctx, value, key, ("日期，如 2025-03-01", "a date such as 2025-03-01"));
                return None;
            }
        };
        if date.is_none() {
            let span = value.span();
            let shown = ctx.text.get(span.clone()).unwrap_or_default().trim_matches('"').to_owned();
            ctx.add(span.start, Fault::BadDate { key: self.name(key), value: shown });
        }
        date
    }

    /// A day that must be there.
    pub(crate) fn required_date(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<Date> {
        if !self.has(key) {
            self.known.insert(key);
            self.missing(ctx, key);
        }
        self.date(ctx, key)
    }

    /// A word out of a fixed choice.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        ctx: &mut FileContext<'_>,
        key: &'static str,
        values: &[T],
        id: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.required_text(ctx, key);
        if text.is_empty() {
            return None;
        }
        let found = values.iter().copied().find(|&value| id(value) == text);
        if found.is_none() {
            let allowed = values.iter().map(|&value| id(value)).collect::<Vec<_>>().join(" ");
            ctx.add(self.offset(key), Fault::BadChoice { key: self.name(key), value: text, allowed });
        }
        found
    }

    /// A yes or no; missing is no.
    pub(crate) fn flag(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(ctx, value, key, ("true 或 false", "true or false"));
            false
        })
    }

    /// A whole number.
    pub(crate) fn number(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<u16> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        if number.is_none() {
            self.wrong(ctx, value, key, ("0 到 65535 的整数", "a whole number from 0 to 65535"));
        }
        number
    }

    /// Articles such as `["第三条"]`.
    pub(crate) fn articles(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Vec<u16> {
        let mut articles = Vec::new();
        for (text, offset) in self.spanned_texts(ctx, key) {
            match leading_article(&text) {
                Some((number, 0, _, "")) => articles.push(number),
                _ => ctx.add(offset, Fault::BadArticle { value: text }),
            }
        }
        articles
    }

    /// An https address, or a path of this site when `local`.
    pub(crate) fn url(&mut self, ctx: &mut FileContext<'_>, key: &'static str, local: bool) -> Option<String> {
        let text = self.text(ctx, key)?;
        let good = (text.starts_with("https://") || text.starts_with("http://"))
            && !text.contains(|ch: char| ch.is_whitespace() || ch.is_control())
            || (local && text.starts_with('/') && !text.starts_with("//"));
        if !good {
            ctx.add(self.offset(key), Fault::BadUrl { key: self.name(key), value: text });
            return None;
        }
        Some(text)
    }

    /// A table below this one.
    pub(crate) fn table(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<Fields<'t, 'a>> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(ctx, value, key, ("一个表", "a table"));
            return None;
        };
        Some(Fields::new(table, self.offset(key), format!("{}{key}.", self.prefix)))
    }

    /// A list of tables, `[[key]]`; missing is empty.
    pub(crate) fn tables(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Vec<Fields<'t, 'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(ctx, value, key, ("若干个表", "a list of tables"));
            return Vec::new();
        };
        self.rows(ctx, key, array)
    }

    fn rows(&self, ctx: &mut FileContext<'_>, key: &str, array: &'t DeArray<'a>) -> Vec<Fields<'t, 'a>> {
        let mut rows = Vec::with_capacity(array.len());
        for item in array {
            match item.get_ref().as_table() {
                // The span of a `[[row]]` is its header; its first key may come later.
                Some(table) => rows.push(Fields::new(table, item.span().start, format!("{}{key}.", self.prefix))),
                None => self.wrong(ctx, item, key, ("若干个表", "a list of tables")),
            }
        }
        rows
    }

    /// Reports every key that nobody asked for, with the nearest one that somebody did.
    pub(crate) fn finish(self, ctx: &mut FileContext<'_>) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.known.contains(name) {
                let nearest = nearest(name, self.known.iter().copied())
                    .map_or_else(|| self.known.iter().copied().collect::<Vec<_>>().join(" "), str::to_owned);
                ctx.add(key.span().start, Fault::UnknownKey { key: self.name(name), nearest });
            }
        }
    }
}

/// `2025-03-01`, and nothing else.
fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let plain = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !plain {
        return None;
    }
    let date: Date = text.parse().ok()?;
    (1900..=2199).contains(&date.year()).then_some(date)
}

/// The closest of `known`, when it is close enough to be meant.
pub(crate) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|&(likeness, _)| likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
