//! Strings between marks: the form of a corpus.
//!
//! ```text
//! yima-<what> <version> …                  one line
//! string<                                  a string
//! string<string<>                          some strings
//! piece<piece>piece<>                      a text: `<` where the page cuts it, `>` where a line of it ends with a piece
//! ```
//!
//! A pack cuts what it holds at `<`, `>` and `"`, and what stands between two marks costs next to nothing where a page
//! of the same record has it in the very same form. So strings are escaped as the pages escape them, the text of a
//! record is cut where its page has tags, and there is nothing between the strings but marks.

use core::fmt::Write as _;

use yima_model::Date;
use yima_model::catalogue::ValueIx;
use yima_model::validity::{date_of_day_number, day_number};

use super::Text;
use crate::wire::DecodeError;

type Result<T> = core::result::Result<T, DecodeError>;

/// The version of all forms.
const VERSION: u16 = 1;

/// What stands in the first line before the version.
const NAME: &str = "yima-";

/// Writes a corpus.
pub(super) struct Writer(pub(super) String);

impl Writer {
    /// Begins with the first line.
    pub(super) fn new(what: &str) -> Self {
        Self(format!("{NAME}{what} {VERSION}\n"))
    }

    /// As pages escape fields.
    fn field(&mut self, text: &str) {
        self.escaped(text, true);
    }

    fn escaped(&mut self, text: &str, quotes: bool) {
        for ch in text.chars() {
            match ch {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' if quotes => self.0.push_str("&quot;"),
                '\'' if quotes => self.0.push_str("&#39;"),
                ch => self.0.push(ch),
            }
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        self.field(text);
        self.0.push('<');
    }

    pub(super) fn end(&mut self) {
        self.0.push('>');
    }

    pub(super) fn strings<'a>(&mut self, strings: impl IntoIterator<Item = &'a str>) {
        strings.into_iter().for_each(|string| self.string(string));
        self.end();
    }

    /// Strings that stand on the page as one, after some words; one by one where they cannot be told apart again.
    pub(super) fn joined(&mut self, lead: &str, between: char, strings: &[String]) {
        if strings.iter().any(|string| string.is_empty() || string.contains(between)) {
            self.end();
            self.strings(strings.iter().map(String::as_str));
        } else if strings.is_empty() {
            self.string("");
        } else {
            let mut joined = lead.to_owned();
            for (place, string) in strings.iter().enumerate() {
                joined.extend((place > 0).then_some(between));
                joined.push_str(string);
            }
            self.string(&joined);
        }
    }

    pub(super) fn text(&mut self, text: &Text) {
        let mut pieces = text.pieces().peekable();
        while let Some((piece, line)) = pieces.next() {
            // As pulldown-cmark escapes text.
            self.escaped(piece, false);
            if line {
                self.0.push('>');
            } else if pieces.peek().is_some() {
                self.0.push('<');
            }
        }
        self.0.push_str("<>");
    }
}

/// Reads a corpus. Every method answers whatever the bytes are.
pub(super) struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// Reads the first line.
    pub(super) fn new(what: &str, text: &'a str) -> Result<Self> {
        let rest = text.strip_prefix(NAME).and_then(|rest| rest.strip_prefix(what)?.strip_prefix(' '));
        let (version, rest) = rest.and_then(|rest| rest.split_once('\n')).ok_or(DecodeError::Foreign)?;
        match version.parse() {
            Ok(VERSION) => Ok(Self(rest)),
            Ok(found) => Err(DecodeError::OtherVersion { found, wanted: VERSION }),
            Err(_) => Err(DecodeError::Foreign),
        }
    }

    pub(super) fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(DecodeError::Trailing { surplus: self.0.len() }) }
    }

    /// What stands before the next mark.
    fn piece(&mut self) -> Result<&'a str> {
        let end = self.0.bytes().position(|byte| matches!(byte, b'<' | b'>'));
        let (piece, rest) = self.0.split_at(end.ok_or(DecodeError::Malformed("一节提前结束"))?);
        self.0 = rest;
        Ok(piece)
    }

    fn mark(&mut self, mark: &str) -> bool {
        let rest = self.0.strip_prefix(mark);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// A string as it was written.
    pub(super) fn raw(&mut self) -> Result<&'a str> {
        let piece = self.piece()?;
        if self.mark("<") { Ok(piece) } else { Err(DecodeError::Malformed("一节提前结束")) }
    }

    pub(super) fn string(&mut self) -> Result<String> {
        let mut string = String::new();
        unescape(self.raw()?, &mut string)?;
        Ok(string)
    }

    pub(super) fn number<N: core::str::FromStr>(&mut self) -> Result<N> {
        number(self.raw()?)
    }

    pub(super) fn optional_number<N: core::str::FromStr>(&mut self) -> Result<Option<N>> {
        let text = self.raw()?;
        if text.is_empty() { Ok(None) } else { number(text).map(Some) }
    }

    /// Whether the strings end here.
    pub(super) fn ends(&mut self) -> bool {
        self.mark(">")
    }

    pub(super) fn strings(&mut self) -> Result<Vec<String>> {
        let mut strings = Vec::new();
        while !self.ends() {
            strings.push(self.string()?);
        }
        Ok(strings)
    }

    pub(super) fn joined(&mut self, lead: &str, between: char) -> Result<Vec<String>> {
        if self.ends() {
            return self.strings();
        }
        let joined = self.string()?;
        if joined.is_empty() {
            return Ok(Vec::new());
        }
        let joined = joined.strip_prefix(lead).ok_or(DecodeError::Malformed("文字形式有误"))?;
        Ok(joined.split(between).map(str::to_owned).collect())
    }

    pub(super) fn text(&mut self) -> Result<Text> {
        let (mut text, mut cuts) = (String::new(), Vec::new());
        loop {
            unescape(self.piece()?, &mut text)?;
            if self.mark("<>") {
                return Ok(Text::cut(text, cuts));
            }
            cuts.push(text.len());
            if self.mark(">") {
                text.push('\n');
            } else if !self.mark("<") {
                return Err(DecodeError::Malformed("一节提前结束"));
            }
        }
    }
}

fn unescape(piece: &str, text: &mut String) -> Result<()> {
    const ENTITIES: [(&str, char); 5] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("#39;", '\'')];
    let mut parts = piece.split('&');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let entity = ENTITIES.iter().find_map(|(name, ch)| Some((*ch, part.strip_prefix(name)?)));
        let (ch, rest) = entity.ok_or(DecodeError::Malformed("文字形式有误"))?;
        text.push(ch);
        text.push_str(rest);
    }
    Ok(())
}

fn number<N: core::str::FromStr>(text: &str) -> Result<N> {
    text.parse().map_err(|_| DecodeError::Malformed("数字有误"))
}

/// Numbers of a record as one string: fields with a point between, lists with commas; what is as expected is left out.
#[derive(Default)]
pub(super) struct Facts(String);

impl Facts {
    pub(super) fn list(&mut self, numbers: &[ValueIx]) {
        for (place, number) in numbers.iter().enumerate() {
            self.0.extend((place > 0).then_some(','));
            // Writing to a String cannot fail.
            let _ = write!(self.0, "{number}");
        }
        self.0.push('.');
    }

    pub(super) fn optional(&mut self, number: Option<ValueIx>) {
        self.list(number.as_slice());
    }

    /// A day by its distance from one that whoever reads knows; nothing for no day.
    pub(super) fn day(&mut self, from: Date, day: Option<Date>) {
        if let Some(day) = day {
            let _ = write!(self.0, "{}", i64::from(day_number(day)) - i64::from(day_number(from)));
        }
        self.0.push('.');
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.string(self.0.trim_end_matches('.'));
    }
}

/// Reads [`Facts`].
pub(super) struct FactsReader<'a>(core::str::Split<'a, char>);

impl<'a> FactsReader<'a> {
    pub(super) fn new(facts: &'a str) -> Self {
        Self(facts.split('.'))
    }

    pub(super) fn list(&mut self) -> Result<Vec<ValueIx>> {
        let field = self.0.next().unwrap_or_default();
        field.split(',').filter(|_| !field.is_empty()).map(number).collect()
    }

    pub(super) fn optional(&mut self) -> Result<Option<ValueIx>> {
        let mut list = self.list()?;
        let number = list.pop();
        if list.is_empty() { Ok(number) } else { Err(DecodeError::Malformed("数字有误")) }
    }

    pub(super) fn day(&mut self, from: Date) -> Result<Option<Date>> {
        let field = self.0.next().unwrap_or_default();
        if field.is_empty() {
            return Ok(None);
        }
        let day = number::<i64>(field)?.saturating_add(day_number(from).into());
        let day = i32::try_from(day).ok().and_then(date_of_day_number);
        day.map(Some).ok_or(DecodeError::Malformed("日期超出范围"))
    }

    pub(super) fn finish(mut self) -> Result<()> {
        if self.0.next().is_none() { Ok(()) } else { Err(DecodeError::Malformed("数字有误")) }
    }
}
