//! Texts ⇄ lines: what is searched, word for word, and what snippets are cut from.
//!
//! Plain text, because every host compresses it on the way and anyone can read it. One line says what the file is;
//! then, for each record, its lines, the titles first, and a line with nothing but U+001E (record separator).
//!
//! ```text
//! yima-texts 1 <number of the first record> <records> <CRC-32C of what follows, 8 hexadecimal digits>
//! ```

use core::fmt::Write as _;

use yima_model::numeral::leading_article;

use super::shard::Doc;
use crate::term::runs;
use crate::text::{Folded, fold};
use crate::wire::{DecodeError, crc32c};

const MARK: &str = "yima-texts 1 ";
const SEPARATOR: char = '\u{1E}';

/// Collects the texts of neighbouring records.
#[derive(Debug, Default)]
pub struct TextsWriter {
    lines: String,
    records: u32,
}

impl TextsWriter {
    /// Takes the lines of the next record. Line breaks within one become lines of their own.
    pub fn push<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines.into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()) {
            self.lines.extend(line.chars().filter(|&ch| ch != SEPARATOR));
            self.lines.push('\n');
        }
        self.lines.push(SEPARATOR);
        self.lines.push('\n');
        self.records += 1;
    }

    /// How many bytes were collected.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing was collected.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The file, of which the first record has this number.
    #[must_use]
    pub fn finish(self, first: Doc) -> String {
        let mut file = String::with_capacity(self.lines.len() + 48);
        let crc = crc32c(self.lines.as_bytes());
        // Writing to a String cannot fail.
        let _ = writeln!(file, "{MARK}{first} {} {crc:08x}", self.records);
        file.push_str(&self.lines);
        file
    }
}

/// The texts of neighbouring records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    first: Doc,
    /// The texts, one after another, and where each ends.
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Reads a file. Total: whatever the bytes, it answers.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let rest = bytes.strip_prefix(MARK.as_bytes()).ok_or(DecodeError::Foreign)?;
        let file = core::str::from_utf8(rest).map_err(|_| DecodeError::Damaged)?;
        let (head, lines) = file.split_once('\n').ok_or(DecodeError::Damaged)?;
        let mut fields = head.split(' ');
        let mut number = |radix| fields.next().and_then(|field| u32::from_str_radix(field, radix).ok());
        let (Some(first), Some(records), Some(crc)) = (number(10), number(10), number(16)) else {
            return Err(DecodeError::Damaged);
        };
        if crc32c(lines.as_bytes()) != crc {
            return Err(DecodeError::Damaged);
        }
        let mut texts = Self { first, text: String::with_capacity(lines.len()), ends: Vec::new() };
        for text in lines.split_terminator("\u{1E}\n") {
            texts.text.push_str(text);
            texts.ends.push(texts.text.len());
        }
        if texts.ends.len() == records as usize { Ok(texts) } else { Err(DecodeError::Malformed("各列条数不一")) }
    }

    /// The text of a record, line by line; none when it is in another file.
    #[must_use]
    pub fn of(&self, doc: Doc) -> Option<&str> {
        let at = doc.checked_sub(self.first)? as usize;
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(start..end)
    }

    /// Whether a record holds one of these folded strings as it stands; none when it is in another file.
    #[must_use]
    pub fn holds(&self, doc: Doc, any: &[String]) -> Option<bool> {
        let text = self.of(doc)?;
        // Nearly all text is folded already where it matters; a miss is looked at again in folded form.
        Some(
            any.iter().any(|string| text.contains(string.as_str())) || {
                let folded = text.lines().map(fold);
                folded
                    .into_iter()
                    .any(|line| any.iter().any(|string| runs(&line).any(|run| run.contains(string.as_str()))))
            },
        )
    }
}

/// A part of a text to show, with the places to mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Text as printed; a cut is shown by `…`.
    pub text: String,
    /// Byte ranges of `text` to mark, ascending, apart.
    pub marks: Vec<(usize, usize)>,
    /// The article the part stands in: its number and 之 number.
    pub article: Option<(u16, u16)>,
}

/// Marks where a text holds any of the folded needles.
#[must_use]
pub fn marks(text: &str, needles: &[String]) -> Vec<(usize, usize)> {
    let folded = Folded::new(text);
    let mut marked = vec![false; folded.chars.len()];
    let needles: Vec<Vec<char>> = needles.iter().map(|needle| needle.chars().collect()).collect();
    for needle in needles.iter().filter(|needle| !needle.is_empty()) {
        for at in 0..(folded.chars.len() + 1).saturating_sub(needle.len()) {
            if folded.chars.get(at..at + needle.len()) == Some(needle.as_slice())
                && let Some(places) = marked.get_mut(at..at + needle.len())
            {
                places.fill(true);
            }
        }
    }
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (&(start, end), _) in folded.from.iter().zip(&marked).filter(|(_, marked)| **marked) {
        match ranges.last_mut() {
            Some(last) if last.1 >= start => last.1 = end.max(last.1),
            _ => ranges.push((start, end)),
        }
    }
    ranges
}

/// The part of a text that answers best to weighted needles: the window of about `width` characters with the most weight in it,
/// each needle counted once.
#[must_use]
pub fn snippet(text: &str, needles: &[(String, f32)], width: usize) -> Option<Snippet> {
    let mut best: Option<(f32, &str, usize)> = None;
    let mut offset = 0;
    for line in text.lines() {
        let at = offset;
        offset += line.len() + 1;
        let folded: String = Folded::new(line).chars.iter().collect();
        let weight: f32 =
            needles.iter().filter(|(needle, _)| folded.contains(needle.as_str())).map(|(_, weight)| weight).sum();
        if weight > 0.0 && best.is_none_or(|(most, _, _)| weight > most * 1.001) {
            best = Some((weight, line, at));
        }
    }
    let (_, line, at) = best?;
    let article = article_before(text.get(..at + line.len()).unwrap_or_default());
    let words: Vec<String> = needles.iter().map(|(needle, _)| needle.clone()).collect();
    Some(window(line, &words, width, article))
}

/// The last article number that begins a line of a text.
fn article_before(text: &str) -> Option<(u16, u16)> {
    text.lines().rev().find_map(|line| leading_article(line.trim_start()).map(|(number, sub, ..)| (number, sub)))
}

/// Cuts a line to about `width` characters around its first marks.
fn window(line: &str, needles: &[String], width: usize, article: Option<(u16, u16)>) -> Snippet {
    let all = marks(line, needles);
    let first = all.first().map_or(0, |mark| mark.0);
    let lead = line.get(..first).map_or(0, |before| before.chars().count());
    let skip = if lead + 8 > width { lead - width / 4 } else { 0 };
    let mut chars = line.char_indices().skip(skip);
    let start = chars.next().map_or(0, |(at, _)| at);
    let end = line.char_indices().nth(skip + width).map_or(line.len(), |(at, _)| at);
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    let shift = text.len();
    text.push_str(line.get(start..end).unwrap_or_default());
    if end < line.len() {
        text.push('…');
    }
    let inside = all.into_iter().filter(|mark| mark.0 >= start && mark.1 <= end);
    let marks = inside.map(|(from, to)| (from - start + shift, to - start + shift)).collect();
    Snippet { text, marks, article }
}
