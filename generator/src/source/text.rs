//! What any text of the content must keep, and what the Markdown reader found in it.

use std::sync::Arc;

use crate::markdown::{Body, ProblemKind};
use crate::mistake::{Fault, Mistakes, Place};

/// Invisible characters: controls, bidirectional overrides, zero-width tricks, non-characters.
pub(crate) fn check(file: &Arc<str>, content: &str, mistakes: &mut Mistakes) {
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    // Nearly every file is clean: look at bytes first, and count lines only for a find.
    let suspicious = content.bytes().any(|byte| {
        (byte < 0x20 && !matches!(byte, b'\n' | b'\t' | b'\r'))
            || byte == 0x7F
            || matches!(byte, 0xC2 | 0xE2 | 0xEF | 0xF3)
    });
    if !suspicious {
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

fn is_invisible(ch: char) -> bool {
    match ch {
        '\t' | '\n' | '\r' => false,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{FEFF}' | '\u{061C}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E007F}' => true,
        _ => ch.is_control() || u32::from(ch) & 0xFFFE == 0xFFFE,
    }
}

/// The problems of a parsed text as mistakes; `first_line` is where the text starts in the file.
pub(crate) fn problems(file: &Arc<str>, first_line: u32, body: &Body, mistakes: &mut Mistakes) {
    for problem in &body.problems {
        let fault = match problem.kind.clone() {
            ProblemKind::Removed(what) => Fault::Removed { what },
            ProblemKind::DuplicateArticle(label) => Fault::DuplicateArticle { label },
            ProblemKind::TopHeading(text) => Fault::TopHeading { text },
            ProblemKind::TooDeep => Fault::TooDeep,
            ProblemKind::ImageWithoutText(target) => Fault::ImageWithoutText { target },
            ProblemKind::Scheme(target) => Fault::Scheme { target },
            ProblemKind::ForeignImage(target) => Fault::ForeignImage { target },
        };
        mistakes.add(Place::line(file, first_line.saturating_add(problem.line).saturating_sub(1)), fault);
    }
}
