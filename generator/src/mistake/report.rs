//! Mistakes as a person, or a program, reads them.

use std::borrow::Cow;
use std::fmt;

use serde_json::json;

use super::{Mistake, Severity};
use crate::language::Language;

/// The line a mistake stands on, found by `source` when the report is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Counted from 1; 0 is the file as a whole.
    pub line: u32,
    /// The line, shortened.
    pub text: String,
}

/// Mistakes with their lines.
#[derive(Clone, Debug, Default)]
pub struct Report(pub Vec<(Mistake, Excerpt)>);

impl Report {
    /// How many there are of one severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|(mistake, _)| mistake.fault.severity() == severity).count()
    }

    /// One JSON document: `{"errors": n, "warnings": n, "suggestions": n, "mistakes": [...]}`.
    #[must_use]
    pub fn json(&self, lang: Language) -> String {
        let mistakes: Vec<_> = self
            .0
            .iter()
            .map(|(mistake, excerpt)| {
                let (reason, hint) = words(mistake, lang);
                json!({
                    "severity": severity_id(mistake.fault.severity()),
                    "kind": mistake.fault.id(),
                    "file": visible(&mistake.place.file),
                    "line": excerpt.line,
                    "text": visible(&excerpt.text),
                    "reason": reason,
                    "hint": hint,
                })
            })
            .collect();
        let document = json!({
            "errors": self.count(Severity::Error),
            "warnings": self.count(Severity::Warning),
            "suggestions": self.count(Severity::Suggestion),
            "mistakes": mistakes,
        });
        format!("{document:#}\n")
    }

    /// Text for a terminal or a page.
    #[must_use]
    pub const fn text(&self, lang: Language) -> Text<'_> {
        Text { report: self, lang }
    }
}

/// A report as text.
#[derive(Debug)]
pub struct Text<'a> {
    report: &'a Report,
    lang: Language,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mistake, excerpt) in &self.report.0 {
            let (reason, hint) = words(mistake, self.lang);
            let (severity, hint_word, colon) = match (self.lang, mistake.fault.severity()) {
                (Language::Chinese, Severity::Error) => ("错误", "改法", "："),
                (Language::Chinese, Severity::Warning) => ("注意", "改法", "："),
                (Language::Chinese, Severity::Suggestion) => ("建议", "改法", "："),
                (Language::English, Severity::Error) => ("error", "hint", ": "),
                (Language::English, Severity::Warning) => ("warning", "hint", ": "),
                (Language::English, Severity::Suggestion) => ("suggestion", "hint", ": "),
            };
            writeln!(f, "{severity}{colon}{reason}")?;
            if excerpt.line == 0 {
                writeln!(f, "  --> {}", visible(&mistake.place.file))?;
                if !excerpt.text.is_empty() {
                    writeln!(f, "   | {}", visible(&excerpt.text))?;
                }
            } else {
                let number = excerpt.line.to_string();
                writeln!(f, "  --> {}:{number}", visible(&mistake.place.file))?;
                writeln!(f, " {number} | {}", visible(&excerpt.text))?;
            }
            writeln!(f, "   = {hint_word}{colon}{hint}\n")?;
        }
        let (errors, warnings, suggestions) = (
            self.report.count(Severity::Error),
            self.report.count(Severity::Warning),
            self.report.count(Severity::Suggestion),
        );
        match self.lang {
            Language::Chinese => writeln!(f, "{errors} 个错误，{warnings} 处注意，{suggestions} 条建议"),
            Language::English => {
                let some = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
                let [errors, warnings, suggestions] =
                    [some(errors, "error"), some(warnings, "warning"), some(suggestions, "suggestion")];
                writeln!(f, "{errors}, {warnings}, {suggestions}")
            }
        }
    }
}

fn words(mistake: &Mistake, lang: Language) -> (String, String) {
    let (reason, hint) = match lang {
        Language::Chinese => mistake.fault.zh(),
        Language::English => mistake.fault.en(),
    };
    (visible(&reason).into_owned(), visible(&hint).into_owned())
}

/// Text that is safe on a terminal: what cannot be seen is named, so that content can neither hide nor give orders.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|ch| is_invisible(ch) || matches!(ch, '\n' | '\r')) {
        return Cow::Borrowed(text);
    }
    let named = text.chars().fold(String::with_capacity(text.len() + 8), |mut named, ch| {
        match ch {
            '\n' | '\r' => named.push(' '),
            _ if is_invisible(ch) => named.push_str(&format!("<U+{:04X}>", u32::from(ch))),
            _ => named.push(ch),
        }
        named
    });
    Cow::Owned(named)
}

/// Characters that a person cannot see, or sees as damage: controls, bidirectional overrides, zero-width tricks,
/// fillers, tags, non-characters and the replacement character. Line ends and tabs are none of these, and the joiners
/// that some scripts and emoji need are let through.
pub(crate) fn is_invisible(ch: char) -> bool {
    match ch {
        '\t' | '\n' | '\r' => false,
        '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => true,
        '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' => true,
        '\u{FDD0}'..='\u{FDEF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFD}' | '\u{E0000}'..='\u{E007F}' => true,
        _ => ch.is_control() || u32::from(ch) & 0xFFFE == 0xFFFE,
    }
}

const fn severity_id(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Suggestion => "suggestion",
    }
}
