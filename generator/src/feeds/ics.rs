//! Lines of an iCalendar file (RFC 5545, 3.1 and 3.3.11).

use std::fmt::{self, Write as _};

use yima_model::Date;

/// How many octets a line may have, without its end.
const OCTETS: usize = 75;

/// Adds one content line, folded where it is too long: never inside a character, though the standard would allow it,
/// because programs that unfold after decoding would break it.
pub fn line(out: &mut String, content: &str) {
    let mut rest = content;
    let mut room = OCTETS;
    while rest.len() > room {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(room));
        out.push_str(head);
        out.push_str("\r\n ");
        rest = tail;
        // The space at the start of a folded line counts.
        room = OCTETS - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// Adds a property whose value is TEXT.
pub fn text(out: &mut String, name: &str, value: &str) {
    line(out, &format!("{name}:{}", Escaped(value)));
}

/// A day as DATE: `20250301`.
#[must_use]
pub fn date(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// `Display` writes the value of a TEXT property.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ch in self.0.chars() {
            match ch {
                '\\' | ';' | ',' => {
                    f.write_char('\\')?;
                    f.write_char(ch)?;
                }
                '\n' => f.write_str("\\n")?,
                // No other control character may stand in a calendar, and `source` lets none pass.
                ch if ch.is_control() => {}
                ch => f.write_char(ch)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Content lines as a reader sees them.
    pub(in crate::feeds) fn unfold(calendar: &str) -> Vec<String> {
        calendar.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn unescape(value: &str) -> String {
        let mut out = String::new();
        let mut chars = value.chars();
        while let Some(ch) = chars.next() {
            match ch {
                '\\' => match chars.next() {
                    Some('n') => out.push('\n'),
                    Some(ch) => out.push(ch),
                    None => panic!("a lone backslash in {value}"),
                },
                ch => out.push(ch),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn a_folded_line_unfolds_to_what_it_was(value in "([一-龥 ,;\\\\\n😀]|[ -~]|\\PC){0,300}") {
            let mut out = String::new();
            text(&mut out, "SUMMARY", &value);
            for physical in out.split_terminator("\r\n") {
                prop_assert!(physical.len() <= 75, "{} octets: {physical}", physical.len());
                prop_assert!(!physical.contains(['\r', '\n']));
            }
            let lines = unfold(&out);
            prop_assert_eq!(lines.len(), 1);
            prop_assert_eq!(unescape(lines[0].strip_prefix("SUMMARY:").unwrap()), value);
        }
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded() {
        for (octets, folds) in [(75, 0), (76, 1), (75 + 74, 1), (75 + 74 + 1, 2)] {
            let mut out = String::new();
            line(&mut out, &"x".repeat(octets));
            assert_eq!(out.matches("\r\n ").count(), folds, "{octets}");
        }
    }
}
