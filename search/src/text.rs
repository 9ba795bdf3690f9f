//! One folding of text for both sides: what the build folds and what the reader types meet in the same form.

use unicode_normalization::UnicodeNormalization;

use crate::script::simplified;

/// Folds text so that what looks alike is alike.
///
/// NFKC (Unicode Standard Annex #15: full and half width, ligatures, compatibility forms), lower case, every kind of
/// bracket around a year (`〔〕` `[]` `【】` `（）`) as `(` `)`, every dash as `-`, curly quotes as straight ones, every run of white
/// space and control characters as one space, nothing invisible, no space at either end. Folding twice changes nothing.
///
/// ```
/// use yima_search::normalise;
/// assert_eq!(normalise("　青屿人社发［２０２５］12号 "), "青屿人社发(2025)12号");
/// assert_eq!(normalise("ＡＢＣ　ａｂｃ"), "abc abc");
/// ```
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.chars().all(is_plain) {
        for ch in text.chars() {
            push(&mut folded, half_width(ch).to_ascii_lowercase());
        }
    } else {
        for ch in text.nfkc().flat_map(char::to_lowercase).nfkc() {
            push(&mut folded, ch);
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Normalised text in simplified characters: the form in which the index and the reader's words meet.
///
/// One character for one character (OpenCC's table), and only those that are not themselves in use in simplified text:
/// `乾` stays, for 乾隆 is not 干隆. Folding twice changes nothing.
///
/// ```
/// use yima_search::text::fold;
/// assert_eq!(fold("租屋補貼〔２０２５〕"), "租屋补贴(2025)");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = normalise(text);
    if folded.chars().any(|ch| simplified(ch) != ch) {
        folded = folded.chars().map(simplified).collect();
    }
    folded
}

/// A text and its folded form, with the way back: where each folded character came from.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded characters.
    pub chars: Vec<char>,
    /// For each folded character, the byte range in the text it came from.
    pub from: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a text character by character.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut folded = Self { chars: Vec::with_capacity(text.len() / 3), from: Vec::with_capacity(text.len() / 3) };
        for (at, ch) in text.char_indices() {
            let end = at + ch.len_utf8();
            if is_plain(ch) && !ch.is_ascii_whitespace() {
                let mut one = String::new();
                push(&mut one, half_width(ch).to_ascii_lowercase());
                folded.chars.extend(one.chars().map(simplified));
            } else {
                folded.chars.extend(fold(ch.encode_utf8(&mut [0; 4])).chars());
            }
            folded.from.resize(folded.chars.len(), (at, end));
        }
        folded
    }
}

/// What is left of folded text without its punctuation and spaces: `青屿人社发(2025)12号` → `青屿人社发202512号`.
///
/// Numbers are typed with and without their brackets; in this form both are alike.
#[must_use]
pub fn bare(folded: &str) -> String {
    folded.chars().filter(|ch| ch.is_alphanumeric()).collect()
}

/// Whether the character stands in the part of Unicode where folding is a matter of one character at a time and of
/// width alone: nearly all of a city's text, and twenty times faster than the general way.
const fn is_plain(ch: char) -> bool {
    matches!(ch,
        '\u{20}'..='\u{7E}'
        | '\u{3000}'..='\u{3019}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{FF01}'..='\u{FF5E}')
}

/// A full-width form as its ASCII twin (NFKC of U+FF01..U+FF5E).
fn half_width(ch: char) -> char {
    match ch {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(ch) - 0xFEE0).unwrap_or(ch),
        _ => ch,
    }
}

fn push(folded: &mut String, ch: char) {
    match ch {
        '〔' | '[' | '【' | '〖' => folded.push('('),
        '〕' | ']' | '】' | '〗' => folded.push(')'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
        '\u{2018}'..='\u{201B}' => folded.push('\''),
        '\u{201C}'..='\u{201F}' => folded.push('"'),
        // Invisible: soft hyphen, zero-width and bidi marks, byte order mark.
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {}
        _ if ch.is_whitespace() || ch.is_control() => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        _ => folded.push(ch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn general(text: &str) -> String {
        let mut folded = String::new();
        for ch in text.nfkc().flat_map(char::to_lowercase).nfkc() {
            push(&mut folded, ch);
        }
        folded.trim_end_matches(' ').to_owned()
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn the_fast_way_is_the_general_way(text in "[ -~\u{3000}-\u{3019}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]{0,40}") {
            prop_assert!(text.chars().all(is_plain));
            prop_assert_eq!(normalise(&text), general(&text));
        }
    }

    #[test]
    fn every_plain_character_folds_as_in_general() {
        for ch in (0..=0x10_FFFF_u32).filter_map(char::from_u32) {
            let text = format!("a{ch}b");
            let once = normalise(&text);
            assert_eq!(once, general(&text), "U+{:04X}", u32::from(ch));
            assert_eq!(normalise(&once), once, "U+{:04X}", u32::from(ch));
        }
    }

    #[test]
    fn document_numbers_meet_however_they_are_typed() {
        let printed = normalise("青屿人社发〔2025〕12号");
        for typed in
            ["青屿人社发[2025]12号", "青屿人社发（2025）12号", "青屿人社发【２０２５】１２号", "青屿人社发﹝2025﹞12号"]
        {
            assert_eq!(normalise(typed), printed);
        }
        assert_eq!(bare(&printed), "青屿人社发202512号");
    }

    #[test]
    fn what_cannot_be_seen_is_gone() {
        assert_eq!(normalise("\u{FEFF}政\u{200B}策\u{202E}\u{AD}"), "政策");
        assert_eq!(normalise(" 租房 \u{3000}\t\n 补贴\u{0} "), "租房 补贴");
        assert_eq!(normalise("\u{3000}\u{200B} "), "");
    }
}
