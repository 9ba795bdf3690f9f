//! What any text of the content must keep, and what the Markdown reader found in it.

use std::sync::Arc;

use crate::bytes::any;
use crate::markdown::{Body, MAX_NESTING, ProblemKind};
use crate::mistake::{Fault, Mistakes, Place, is_invisible};

/// Invisible characters, wherever they stand in the file.
pub(crate) fn check(file: &Arc<str>, content: &str, mistakes: &mut Mistakes) {
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    // Nearly every file is clean: look at bytes first, and at characters only where one may be found.
    if is_clean(content.as_bytes()) {
        return;
    }
    let mut line = 1;
    for ch in content.chars() {
        if ch == '\n' {
            line += 1;
        } else if is_invisible(ch) {
            let code = format!("U+{:04X}", u32::from(ch));
            mistakes.add(Place::line(file, line), Fault::ControlCharacter { code });
        }
    }
}

/// Whether no invisible character is among these bytes.
fn is_clean(bytes: &[u8]) -> bool {
    let suspect = |first: u8, second: u8, third: u8| {
        (first < 0x20) & (first != b'\t') & (first != b'\n') & (first != b'\r')
            | (first == 0x7F)
            | (first == 0xC2) & ((second < 0xA0) | (second == 0xAD))
            | (first == 0xD8) & (second == 0x9C)
            // Fillers of the Korean script, and the Mongolian vowel separator.
            | (first == 0xE1) & (second == 0x85) & ((third == 0x9F) | (third == 0xA0))
            | (first == 0xE1) & (second == 0xA0) & (third == 0x8E)
            | (first == 0xE3) & (second == 0x85) & (third == 0xA4)
            // U+2000 to U+206F hold the invisible ones; dashes, quotes and the ellipsis among them are harmless.
            | (first == 0xE2) & (second == 0x80) & (0x8B..=0x8F).contains(&third)
            | (first == 0xE2) & (second == 0x80) & (0xA8..=0xAE).contains(&third)
            | (first == 0xE2) & (second == 0x81) & (third >= 0xA0)
            | (first == 0xEF) & (second == 0xBB) & (third == 0xBF)
            | (first == 0xEF) & (second == 0xB7) & (0x90..=0xAF).contains(&third)
            | (first == 0xEF) & (second == 0xBE) & (third == 0xA0)
            | (first == 0xEF) & (second == 0xBF) & (third >= 0xB9) & (third != 0xBC)
            // The first byte of one of the planes above the first.
            | (first >= 0xF0)
    };
    // Nearly every file has none of these, which take a third of the steps to look for: other control characters than line
    // ends, the first bytes of U+0080 to U+07FF and of the planes above the first, and in front of the others that have
    // invisible characters among them, all second or third bytes that the usual punctuation does not have.
    let odd = |first: u8, second: u8, third: u8| {
        (first < 0x20) & (first != b'\n')
            | (first == 0x7F)
            | (0xC0..=0xE1).contains(&first)
            | (first == 0xE2) & ((second == 0x81) | (second == 0x80) & !(0x90..=0xA7).contains(&third))
            | (first == 0xE3) & (second == 0x85)
            | (first == 0xEF) & (second & 0xFE != 0xBC)
            | (first >= 0xF0)
    };
    !any(bytes, |first, second, third, _| odd(first, second, third))
        || !any(bytes, |first, second, third, _| suspect(first, second, third))
}

/// Invisible characters that came in as an entity, such as `&#x202E;`: they stand in the parsed text and not in the
/// source. `first_line` is where the source starts in the file.
pub(crate) fn entities(file: &Arc<str>, first_line: u32, source: &str, body: &Body, mistakes: &mut Mistakes) {
    // Without an ampersand there is none, and nearly no text has one.
    let Some(at) = memchr::memchr(b'&', source.as_bytes()) else { return };
    let line = source[..at].bytes().filter(|&byte| byte == b'\n').count();
    let line = first_line.saturating_add(u32::try_from(line).unwrap_or(u32::MAX));
    let mut seen = Vec::new();
    for ch in body.text().chars().filter(|&ch| is_invisible(ch)) {
        if !seen.contains(&ch) && !source.contains(ch) {
            seen.push(ch);
            mistakes.add(Place::line(file, line), Fault::ControlCharacter { code: format!("U+{:04X}", u32::from(ch)) });
        }
    }
}

/// The problems of a parsed text as mistakes; `first_line` is where the text starts in the file.
pub(crate) fn problems(file: &Arc<str>, first_line: u32, body: &Body, mistakes: &mut Mistakes) {
    for problem in &body.problems {
        let fault = match problem.kind.clone() {
            ProblemKind::Removed(what) => Fault::Removed { what },
            ProblemKind::DuplicateArticle(label) => Fault::DuplicateArticle { label },
            ProblemKind::TopHeading(text) => Fault::TopHeading { text },
            ProblemKind::TooDeep => Fault::TooDeep { max: MAX_NESTING.to_string() },
            ProblemKind::ImageWithoutText(target) => Fault::ImageWithoutText { target },
            ProblemKind::Scheme(target) => Fault::Scheme { target },
            ProblemKind::ForeignImage(target) => Fault::ForeignImage { target },
        };
        mistakes.add(Place::line(file, first_line.saturating_add(problem.line).saturating_sub(1)), fault);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The quick look over bytes passes a text only when the slow one over characters would.
        #[test]
        fn the_quick_look_misses_nothing(text in "[a企，“—…\u{80}-\u{AE}\u{61C}\u{115E}-\u{1161}\u{180D}-\u{180F}\u{2000}-\u{2070}\u{FDCF}-\u{FDF0}\u{3163}-\u{3165}\u{FEFF}\u{FF9F}-\u{FFA1}\u{FFF8}-\u{FFFF}\u{1FFFE}\u{E0001}\t]{1,12}") {
            let mut mistakes = Mistakes::default();
            check(&Arc::from("x"), &format!("x{text}"), &mut mistakes);
            prop_assert_eq!(mistakes.0.is_empty(), !text.chars().any(is_invisible));
        }
    }
}
