//! Documents that a text names: what stands between 《 and 》, and what looks like a 文号.

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
    for (at, open) in text.match_indices('《') {
        let inside = &text[at + open.len()..];
        if let Some(end) = inside.find('》').filter(|&end| end <= MAX_TITLE) {
            add(Mention::Title(inside[..end].to_owned()));
        }
    }
    let brackets = text.match_indices(BRACKETS).filter(|(at, bracket)| {
        text[at + bracket.len()..].starts_with(|ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch))
    });
    for (at, _) in brackets.chain(text.match_indices("令第")) {
        if let Some(number) = number_around(text, at) {
            add(Mention::Number(number.to_owned()));
        }
    }
    found
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
