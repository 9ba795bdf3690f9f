//! Documents that a text names: what stands between 《 and 》, and what looks like a 文号.

use std::ops::Range;

use memchr::memmem::find_iter;

use crate::bytes::any;

/// What a title begins with.
const OPEN: &str = "《";
/// The longest title looked for between 《 and 》, in bytes.
const MAX_TITLE: usize = 400;
/// What people write before the year of a document number.
const BRACKETS: [char; 8] = ['〔', '[', '（', '(', '【', '﹝', '［', '{'];

/// A document named in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mention {
    /// The words between 《 and 》.
    Title(String),
    /// `青屿人社发〔2025〕12号` or `青屿市人民政府令第31号`, perhaps with words before it, as written.
    Number(String),
}

/// The documents a text names, each once, in the order of their first mention; titles before numbers.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut add = |mention: Mention| {
        if !found.contains(&mention) {
            found.push(mention);
        }
    };
    for at in find_iter(text.as_bytes(), OPEN) {
        let inside = &text[at + OPEN.len()..];
        if let Some(end) = inside.find('》').filter(|&end| end <= MAX_TITLE) {
            add(Mention::Title(inside[..end].to_owned()));
        }
    }
    for at in years(text).chain(find_iter(text.as_bytes(), "令第")) {
        if let Some(number) = number_around(text, at) {
            add(Mention::Number(number.to_owned()));
        }
    }
    found
}

/// Where a bracket stands before a digit, also one of full width.
fn years(text: &str) -> impl Iterator<Item = usize> {
    let starts = (0..text.len()).step_by(STEP).filter(|&start| may_have_year(text.as_bytes(), start));
    starts.flat_map(|start| brackets(text, start..(start + STEP).min(text.len())))
}

/// Where in this range a bracket stands before a digit.
fn brackets(text: &str, range: Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for at in range {
        // The first bytes of the brackets.
        if !matches!(text.as_bytes()[at], b'[' | b'(' | b'{' | 0xE3 | 0xEF) {
            continue;
        }
        let bracket = text.get(at..).and_then(|rest| rest.chars().next()).filter(|ch| BRACKETS.contains(ch));
        let digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
        if bracket.is_some_and(|bracket| text[at + bracket.len_utf8()..].starts_with(digit)) {
            found.push(at);
        }
    }
    found
}

/// How many bytes are looked at at once.
const STEP: usize = 256;

/// Whether one of the brackets that begin among the bytes of a step may stand before a digit: judged by the last byte of
/// the bracket and the three at most that follow.
fn may_have_year(bytes: &[u8], start: usize) -> bool {
    let bytes = &bytes[start..bytes.len().min(start + STEP + 5)];
    let last = |byte: u8| {
        (byte == b'[')
            | (byte == b'(')
            | (byte == b'{')
            | (byte == 0x94)
            | (byte == 0x88)
            | (byte == 0x90)
            | (byte == 0x9D)
            | (byte == 0xBB)
    };
    any(bytes, |bracket, first, second, third| {
        let plain = first.is_ascii_digit();
        let wide = (first == 0xEF) & (second == 0xBC) & (0x90..=0x99).contains(&third);
        last(bracket) & (plain | wide)
    })
}

/// The number around what stands at `at`: letters before it, up to 号 after it.
fn number_around(text: &str, at: usize) -> Option<&str> {
    let start = text[..at]
        .char_indices()
        .rev()
        .take(20)
        .take_while(|(_, ch)| ch.is_alphanumeric())
        .last()
        .map(|(start, _)| start)?;
    let end = at + text[at..].char_indices().take(14).find(|(_, ch)| *ch == '号')?.0 + '号'.len_utf8();
    Some(&text[start..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn looking_at_many_bytes_at_once_misses_no_year(text in "([青政字〔（(【﹝［{\\[0-9０-９号令第]|[a，。〕]{30}){0,60}") {
            let slow: Vec<usize> = text
                .match_indices(BRACKETS)
                .filter(|(at, bracket)| {
                    let digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
                    text[at + bracket.len()..].starts_with(digit)
                })
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(years(&text).collect::<Vec<_>>(), slow);
        }
    }
}
