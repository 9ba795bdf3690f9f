//! Emphasis that works next to Chinese punctuation.
//!
//! CommonMark decides whether `**` may open or close by looking for spaces around punctuation, and Chinese has none:
//! in `**申请条件：**企业应当` the second run follows punctuation and precedes a letter, so it cannot close. The accepted
//! remedy (the "CJK-friendly" amendment that several parsers carry) lets a run beside a CJK character treat the
//! punctuation as a letter. The parser has no such switch, so this pass puts an invisible non-character, which is
//! neither space nor punctuation, between the run and the punctuation. It is removed again from every event of the
//! parser; inserting it inside code or a link therefore changes nothing.

use std::borrow::Cow;

/// A Unicode non-character: never in a text that passed `check`, neither punctuation nor space to the parser.
const JOINER: char = '\u{FDD0}';

/// The text with a joiner wherever a delimiter run needs one. Lines stay lines.
pub(super) fn prepare(text: &str) -> Cow<'_, str> {
    if !text.contains('*') && !text.contains("~~") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut copied = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let mark = bytes[at];
        if mark == b'\\' {
            // A backslash takes the next character out of play; marks are ASCII, so bytes suffice.
            at += 2;
            continue;
        }
        if mark != b'*' && mark != b'~' {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|&&byte| byte == mark).count();
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        if mark == b'*' || end - at == 2 {
            if needs_joiner(before, after) {
                out.push_str(&text[copied..at]);
                out.push(JOINER);
                copied = at;
            }
            if needs_joiner(after, before) {
                out.push_str(&text[copied..end]);
                out.push(JOINER);
                copied = end;
            }
        }
        at = end;
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Takes the joiners out again.
pub(super) fn restore(text: &str) -> Cow<'_, str> {
    if text.contains(JOINER) { Cow::Owned(text.replace(JOINER, "")) } else { Cow::Borrowed(text) }
}

/// Whether the punctuation `mark` on one side of a run must be kept from it, given the character on the other side.
fn needs_joiner(mark: Option<char>, other: Option<char>) -> bool {
    match (mark, other) {
        (Some(mark), Some(other)) => {
            is_punctuation(mark) && !other.is_whitespace() && !is_punctuation(other) && (is_cjk(mark) || is_cjk(other))
        }
        _ => false,
    }
}

fn is_punctuation(ch: char) -> bool {
    if ch.is_ascii() { ch.is_ascii_punctuation() } else { !ch.is_alphanumeric() && !ch.is_whitespace() }
}

/// Han, kana, hangul and the punctuation and full-width forms set with them.
pub(super) fn is_cjk(ch: char) -> bool {
    matches!(u32::from(ch),
        0x1100..=0x11FF | 0x2E80..=0x2FDF | 0x2FF0..=0x303F | 0x3040..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF
        | 0x1F200..=0x1F2FF | 0x20000..=0x323AF)
}
