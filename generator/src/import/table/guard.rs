//! Text that a spreadsheet would take for a formula.
//!
//! A cell that starts with `=`, `+`, `-` or `@` is run by spreadsheets when a CSV file is opened. On writing such a text
//! gets an apostrophe before it, as does one that already has apostrophes before such a sign, so that on reading exactly
//! one apostrophe can be taken away again.

/// Whether a text starts with a sign that is run, after any number of apostrophes.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

/// The text as it is written into a CSV file.
pub(crate) fn close(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it is written into a workbook, whose cells say that they are texts: only what reading would take away is
/// guarded.
pub(crate) fn close_typed(text: &str) -> String {
    if text.starts_with('\'') { close(text) } else { text.to_owned() }
}

/// The text that was meant.
pub(crate) fn open(text: &str) -> &str {
    text.strip_prefix('\'').filter(|_| is_formula(text)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_guarded_comes_back(text in "['=+@a＝\\t-]{0,5}") {
            let (guarded, typed) = (close(&text), close_typed(&text));
            prop_assert_eq!(open(&guarded), text.as_str());
            prop_assert_eq!(open(&typed), text.as_str());
            prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '＝', '\t']));
        }
    }
}
