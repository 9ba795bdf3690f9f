//! Documents that a text names: what stands between 《 and 》, and what looks like a 文号.

use memchr::memmem::find_iter;

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
    let bytes = text.as_bytes();
    // Digits are rarer than brackets, and all of one kind: look for the digit, and what stands before it.
    let digits = (1..bytes.len()).filter(|&at| {
        bytes[at].is_ascii_digit() || (bytes[at] == 0xEF && matches!(bytes[at..], [_, 0xBC, 0x90..=0x99, ..]))
    });
    digits.filter_map(|at| {
        if bytes[at - 1].is_ascii_alphanumeric() {
            return None;
        }
        let bracket = text[..at].chars().next_back().filter(|ch| BRACKETS.contains(ch))?;
        Some(at - bracket.len_utf8())
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
