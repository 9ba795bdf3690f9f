//! Reads a TOML table key by key, keeps every mistake, and knows at the end which keys nobody asked for.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use yima_model::Date;
use yima_model::numeral::leading_article;
use yima_model::record::ClauseHash;

use super::locate::Lines;
use super::quick;
use super::syntax::complaints;
use crate::mistake::{At, Fault, Mistakes, Place, is_invisible};

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
    /// Where the lines of the text start, once somebody asks.
    lines: OnceCell<Lines>,
    /// Lines with a syntax error.
    broken: BTreeSet<u32>,
    /// The line from which on the text was read as something else, because a bracket or quote stayed open.
    derailed: Option<u32>,
}

impl<'a> FileContext<'a> {
    pub(crate) fn new(file: &'a Arc<str>, text: &'a str, lines_before: u32) -> Self {
        Self {
            file,
            text,
            lines_before,
            mistakes: Mistakes::default(),
            lines: OnceCell::new(),
            broken: BTreeSet::new(),
            derailed: None,
        }
    }

    /// Parses the text; syntax errors become mistakes and whatever could be read is returned.
    pub(crate) fn table(&mut self) -> DeTable<'a> {
        if let Some(table) = quick::table(self.text) {
            return table;
        }
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for complaint in complaints(self.text, &errors) {
            let line = self.line_of(complaint.offset);
            self.broken.insert(line);
            if complaint.derails {
                self.derailed = Some(line);
            }
            self.add(complaint.offset, complaint.fault);
        }
        table.into_inner()
    }

    /// Whether a bracket or quote stayed open, so that the rest was read as something else.
    pub(crate) fn is_derailed(&self) -> bool {
        self.derailed.is_some()
    }

    /// The mistakes, without those that only follow from a syntax error: what could not be read is not missing.
    pub(crate) fn finish(self) -> Mistakes {
        let Self { mut mistakes, broken, derailed, .. } = self;
        if broken.is_empty() {
            return mistakes;
        }
        // A day out of order with the quotes says more as a day than as TOML.
        let days: BTreeSet<At> = mistakes
            .0
            .iter()
            .filter(|mistake| matches!(mistake.fault, Fault::BadDate { .. }))
            .map(|mistake| mistake.place.at.clone())
            .collect();
        mistakes.0.retain(|mistake| {
            let At::Line(line) = mistake.place.at else { return true };
            match mistake.fault {
                Fault::Syntax { .. } => !days.contains(&mistake.place.at),
                Fault::MissingField { .. } | Fault::StageMissing { .. } | Fault::StageNeeds { .. } => false,
                Fault::BadDate { .. } => derailed.is_none_or(|from| line < from),
                _ => !broken.contains(&line) && derailed.is_none_or(|from| line < from),
            }
        });
        mistakes
    }

    /// The line of the file, counted from 1, that a byte of the text stands on.
    pub(crate) fn line_of(&self, offset: usize) -> u32 {
        self.lines.get_or_init(|| Lines::of(self.text)).line_of(offset).saturating_add(self.lines_before)
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
    known: Vec<&'static str>,
    /// Keys that must be there and are not.
    absent: Vec<&'static str>,
}

impl<'t, 'a> Fields<'t, 'a> {
    pub(crate) fn new(table: &'t DeTable<'a>, start: usize, prefix: impl Into<String>) -> Self {
        Self { table, start, prefix: prefix.into(), known: Vec::with_capacity(16), absent: Vec::new() }
    }

    /// The value as it stands, for keys that may be one of several types.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// What a key is called in messages.
    pub(crate) fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Reports a value of another type, which is named in Chinese and in English.
    pub(crate) fn wrong(
        &self,
        ctx: &mut FileContext<'_>,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        (zh, en): (&str, &str),
    ) {
        ctx.add(value.span().start, Fault::WrongType { key: self.name(key), zh: zh.into(), en: en.into() });
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the table stands.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Where a key stands, or the table when it is missing.
    pub(crate) fn offset(&self, key: &str) -> usize {
        self.table.get_key_value(key).map_or(self.start, |(key, _)| key.span().start)
    }

    /// Notes a missing key, for [`Fields::finish`] to report.
    pub(crate) fn missing(&mut self, key: &'static str) {
        self.known.push(key);
        self.absent.push(key);
    }

    /// Optional text, trimmed; empty text is a mistake.
    pub(crate) fn text(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(ctx, value, key, ("加引号的文字", "quoted text"));
            return None;
        };
        visible(ctx, value, text);
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
            self.missing(key);
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

    /// The text of a key as it stands there, without a word about what is wrong with it.
    pub(crate) fn peek(&self, key: &str) -> &'t str {
        self.table.get(key).and_then(|value| value.get_ref().as_str()).unwrap_or_default().trim()
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
                Some(text) => {
                    visible(ctx, item, text);
                    texts.push((text.to_owned(), item.span().start));
                }
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
                (Some(date), None) => day(i16::try_from(date.year).ok(), date.month, date.day),
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
            self.missing(key);
        }
        self.date(ctx, key)
    }

    /// A word out of a fixed choice; each value has the word to write and what it means in Chinese.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        ctx: &mut FileContext<'_>,
        key: &'static str,
        values: &[T],
        word: impl Fn(T) -> (&'static str, &'static str),
    ) -> Option<T> {
        let text = self.required_text(ctx, key);
        if text.is_empty() {
            return None;
        }
        let found = values.iter().copied().find(|&value| word(value).0 == text);
        if found.is_none() {
            let words: Vec<(&str, &str)> = values.iter().map(|&value| word(value)).collect();
            let en = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            let zh = words.iter().map(|(word, meaning)| match *meaning {
                "" => (*word).to_owned(),
                meaning => format!("{word}（{meaning}）"),
            });
            let zh = zh.collect::<Vec<_>>().join("、");
            ctx.add(self.offset(key), Fault::BadChoice { key: self.name(key), value: text, zh, en });
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
        let spanned = self.spanned_texts(ctx, key);
        spanned.into_iter().filter_map(|(text, offset)| article(ctx, &text, offset)).collect()
    }

    /// Articles, some with the hash of what they said: `["第三条", { no = "第五条", hash = "1a2b3c4d" }]`.
    pub(crate) fn clauses(
        &mut self,
        ctx: &mut FileContext<'_>,
        key: &'static str,
    ) -> (Vec<u16>, BTreeMap<u16, ClauseHash>) {
        let (mut articles, mut hashes) = (Vec::new(), BTreeMap::new());
        let array = self.get(key).and_then(|value| value.get_ref().as_array());
        if array.is_none_or(|items| items.iter().all(|item| !item.get_ref().is_table())) {
            return (self.articles(ctx, key), hashes);
        }
        for item in array.into_iter().flatten() {
            let Some(table) = item.get_ref().as_table() else {
                match item.get_ref().as_str() {
                    Some(text) => articles.extend(article(ctx, text.trim(), item.span().start)),
                    None => self.wrong(ctx, item, key, ("第几条的列表", "a list of articles")),
                }
                continue;
            };
            let mut f = Fields::new(table, item.span().start, [&*self.prefix, key, "."].concat());
            let (no, hash) = (f.required_text(ctx, "no"), f.required_text(ctx, "hash"));
            let number = if no.is_empty() { None } else { article(ctx, &no, f.offset("no")) };
            let parsed = ClauseHash::parse(&hash);
            if parsed.is_none() && !hash.is_empty() {
                ctx.add(f.offset("hash"), Fault::BadClauseHash { value: hash });
            }
            articles.extend(number);
            hashes.extend(number.zip(parsed));
            f.finish(ctx);
        }
        (articles, hashes)
    }

    /// An https address, or a path of this site when `local`.
    pub(crate) fn url(&mut self, ctx: &mut FileContext<'_>, key: &'static str, local: bool) -> Option<String> {
        let text = self.text(ctx, key)?;
        let elsewhere = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let good = elsewhere.is_some_and(|rest| rest.starts_with(|ch: char| ch.is_alphanumeric() || ch == '['))
            || (local && text.starts_with('/') && !text.starts_with("//"));
        if !good || text.contains(|ch: char| ch.is_whitespace() || ch.is_control() || matches!(ch, '"' | '<' | '>')) {
            let (hint_zh, hint_en) = if local {
                (
                    "写 https:// 开头的完整网址，或者 / 开头的站内路径，中间不能有空格",
                    "write a full https:// address, or a path starting with /, without spaces",
                )
            } else {
                ("写 https:// 开头的完整网址，中间不能有空格", "write a full https:// address without spaces")
            };
            let (hint_zh, hint_en) = (hint_zh.into(), hint_en.into());
            ctx.add(self.offset(key), Fault::BadUrl { key: self.name(key), value: text, hint_zh, hint_en });
            return None;
        }
        Some(text)
    }

    /// A table below this one.
    pub(crate) fn table(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<Fields<'t, 'a>> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(ctx, value, key, ("一个表，写 [表名] 或者 { 键 = 值 }", "a table, [name] or { key = value }"));
            return None;
        };
        Some(Fields::new(table, self.offset(key), [&*self.prefix, key, "."].concat()))
    }

    /// A table that must be there.
    pub(crate) fn required_table(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Option<Fields<'t, 'a>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.table(ctx, key)
    }

    /// A list of tables, `[[key]]`; missing is empty.
    pub(crate) fn tables(&mut self, ctx: &mut FileContext<'_>, key: &'static str) -> Vec<Fields<'t, 'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(
                ctx,
                value,
                key,
                ("若干个表，写 [[表名]] 或者 [{ 键 = 值 }]", "a list of tables, [[name]] or [{ key = value }]"),
            );
            return Vec::new();
        };
        self.rows(ctx, key, array)
    }

    fn rows(&self, ctx: &mut FileContext<'_>, key: &str, array: &'t DeArray<'a>) -> Vec<Fields<'t, 'a>> {
        let mut rows = Vec::with_capacity(array.len());
        for item in array {
            match item.get_ref().as_table() {
                // The span of a `[[row]]` is its header; its first key may come later.
                Some(table) => rows.push(Fields::new(table, item.span().start, [&*self.prefix, key, "."].concat())),
                None => self.wrong(
                    ctx,
                    item,
                    key,
                    ("若干个表，写 [[表名]] 或者 [{ 键 = 值 }]", "a list of tables, [[name]] or [{ key = value }]"),
                ),
            }
        }
        rows
    }

    /// Reports what is missing, and every key that nobody asked for, with the nearest one that somebody did.
    pub(crate) fn finish(self, ctx: &mut FileContext<'_>) {
        if !self.absent.is_empty() {
            let keys: Vec<String> = self.absent.iter().map(|key| self.name(key)).collect();
            let (keys_zh, keys_en) = (keys.join("、"), keys.join(", "));
            ctx.add(self.start, Fault::MissingField { keys_zh, keys_en });
        }
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let otherwise =
                    ("删去这一行；有哪些键，见 content/README.md", "delete it; content/README.md lists the keys");
                let known: BTreeSet<&str> = self.known.iter().copied().collect();
                let (hint_zh, hint_en) = instead(name, known.iter().copied(), otherwise);
                ctx.add(key.span().start, Fault::UnknownKey { key: self.name(name), hint_zh, hint_en });
            }
        }
    }
}

/// The number of an article; a text that names none, or more than one, is reported.
fn article(ctx: &mut FileContext<'_>, text: &str, offset: usize) -> Option<u16> {
    match leading_article(text) {
        Some((number, 0, _, "")) => Some(number),
        _ => {
            ctx.add(offset, Fault::BadArticle { value: text.to_owned() });
            None
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
    let number = |digits: &str| digits.parse::<u8>().unwrap_or_default();
    day(text[..4].parse().ok(), number(&text[5..7]), number(&text[8..]))
}

/// A day of the centuries that records may speak of.
fn day(year: Option<i16>, month: u8, day: u8) -> Option<Date> {
    let year = year.filter(|year| (1900..=2199).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Reports invisible characters that came in as an escape, such as `\u202E`; those written as themselves are found in
/// the file.
fn visible(ctx: &mut FileContext<'_>, value: &Spanned<DeValue<'_>>, text: &str) {
    let span = value.span();
    let written = ctx.text.get(span.clone()).unwrap_or_default();
    // Without a backslash every character of the text is one that is written.
    if memchr::memchr(b'\\', written.as_bytes()).is_none() {
        return;
    }
    for ch in text.chars().filter(|&ch| is_invisible(ch)) {
        if !written.contains(ch) {
            ctx.add(span.start, Fault::ControlCharacter { code: format!("U+{:04X}", u32::from(ch)) });
        }
    }
}

/// How many words a hint may list.
const LISTED: usize = 12;

/// What to write instead of `word`, in Chinese and English: the one that was probably meant, else all if they are few,
/// else `otherwise`.
pub(crate) fn instead<'k>(
    word: &str,
    known: impl Iterator<Item = &'k str> + Clone,
    otherwise: (&str, &str),
) -> (String, String) {
    if let Some(nearest) = nearest(word, known.clone()) {
        return (format!("是不是 {nearest}？"), format!("did you mean {nearest}?"));
    }
    let all: Vec<&str> = known.take(LISTED + 1).collect();
    if all.is_empty() || all.len() > LISTED {
        return (otherwise.0.to_owned(), otherwise.1.to_owned());
    }
    let all = all.join(" ");
    (format!("可以写的有：{all}"), format!("there are: {all}"))
}

/// The closest of `known`, when it is close enough to be meant.
fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|&(likeness, _)| likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
