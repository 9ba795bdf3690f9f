//! What any text of the content must keep, and what the Markdown reader found in it.

use std::sync::Arc;

use crate::markdown::{Body, MAX_NESTING, ProblemKind};
use crate::mistake::{Fault, Mistakes, Place, is_invisible};

/// Bytes that are, or begin, an invisible character, or might.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte {
            0x09 | 0x0A | 0x0D => false,
            0..=0x1F | 0x7F | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xE3 | 0xEF | 0xF0.. => true,
            _ => false,
        };
        byte += 1;
    }
    table
};

/// Invisible characters, wherever they stand in the file.
pub(crate) fn check(file: &Arc<str>, content: &str, mistakes: &mut Mistakes) {
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    // Nearly every file is clean: look at bytes first, and count lines only for a find.
    let bytes = content.as_bytes();
    let mut rest = bytes;
    let clean = std::iter::from_fn(|| {
        let at = rest.iter().position(|&byte| SUSPECT[usize::from(byte)])?;
        let found = &rest[at..];
        rest = &rest[at + 1..];
        Some(found)
    })
    .all(|found| {
        let next = |by: usize| found.get(by).copied().unwrap_or_default();
        match next(0) {
            0xC2 => next(1) >= 0xA0 && next(1) != 0xAD,
            0xD8 => next(1) != 0x9C,
            // Fillers of the Korean script, and the Mongolian vowel separator.
            0xE1 => !matches!((next(1), next(2)), (0x85, 0x9F | 0xA0) | (0xA0, 0x8E)),
            0xE3 => (next(1), next(2)) != (0x85, 0xA4),
            // U+2000 to U+206F hold the invisible ones; dashes, quotes and the ellipsis among them are harmless.
            0xE2 => !matches!((next(1), next(2)), (0x80, 0x8B..=0x8F | 0xA8..=0xAE) | (0x81, 0xA0..)),
            0xEF => !matches!(
                (next(1), next(2)),
                (0xBB, 0xBF) | (0xB7, 0x90..=0xAF) | (0xBE, 0xA0) | (0xBF, 0xB9..=0xBB | 0xBD..)
            ),
            // A control character, or the first byte of one of the planes above the first.
            _ => false,
        }
    });
    if clean {
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

/// Invisible characters that came in as an entity, such as `&#x202E;`: they stand in the parsed text and not in the
/// source. `first_line` is where the source starts in the file.
pub(crate) fn entities(file: &Arc<str>, first_line: u32, source: &str, body: &Body, mistakes: &mut Mistakes) {
    // Without an ampersand there is none, and nearly no text has one.
    let Some(at) = source.find('&') else { return };
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
