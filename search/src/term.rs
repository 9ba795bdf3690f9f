//! Folded text → terms: the only place where text is cut.
//!
//! A run is the longest stretch without punctuation or space. Its terms are its pairs of neighbouring characters and,
//! for the last character, the pair with [`END`]. Nothing is lost to segmentation: a record that holds a string holds
//! all its pairs, and how often a character occurs is the sum over the pairs that begin with it.

/// Stands for the second character of a pair at the end of a run.
pub const END: Second = Second(0);

/// The second character of a pair, in an order in which the characters of one script are neighbours, so that gaps
/// between them are small: the end of a run, ASCII, the CJK Unified Ideographs, all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Second(pub(crate) u32);

/// Largest value of a [`Second`].
pub(crate) const LAST_SECOND: u32 = OTHERS + 0x0010_FFFF;

const CJK: core::ops::RangeInclusive<u32> = 0x4E00..=0x9FFF;
const CJK_AT: u32 = 0x80;
const OTHERS: u32 = CJK_AT + 0x5200;

impl From<char> for Second {
    fn from(ch: char) -> Self {
        let code = u32::from(ch);
        if code < CJK_AT {
            Self(code.max(1))
        } else if CJK.contains(&code) {
            Self(code - CJK.start() + CJK_AT)
        } else {
            Self(OTHERS + code)
        }
    }
}

/// A pair of neighbouring characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The first character, by which an index is sharded.
    pub first: char,
    /// The second one, or [`END`].
    pub second: Second,
}

/// Runs of folded text.
pub fn runs(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|ch: char| !ch.is_alphanumeric()).filter(|run| !run.is_empty())
}

/// The pairs of a run, one for each of its characters.
pub fn pairs(run: &str) -> impl Iterator<Item = Pair> {
    let seconds = run.chars().skip(1).map(Second::from).chain([END]);
    run.chars().zip(seconds).map(|(first, second)| Pair { first, second })
}

/// The pair under which a whole identifier (a code, a document number, a day) is found.
///
/// Identifiers are hashed (FNV-1a) to pairs of private-use characters, which no text holds: one more term in the shards
/// that exist already. Two identifiers in 16 million share a pair; the ranking then shows one record too many.
#[must_use]
pub fn identifier(bare: &str) -> Pair {
    let hash = bare.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let first = char::from_u32(IDENTIFIERS + (hash >> 24)).unwrap_or(char::REPLACEMENT_CHARACTER);
    Pair { first, second: Second((hash >> 8 & 0xFFFF) + 1) }
}

/// First of the 256 private-use characters (plane 15) that begin the pairs of identifiers.
const IDENTIFIERS: u32 = 0xF_0000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn shown(text: &str) -> Vec<String> {
        let name = |second: Second| match second.0 {
            0 => '$',
            code @ 1..CJK_AT => char::from_u32(code).unwrap(),
            code @ CJK_AT..OTHERS => char::from_u32(code - CJK_AT + CJK.start()).unwrap(),
            code => char::from_u32(code - OTHERS).unwrap(),
        };
        let folded = fold(text);
        runs(&folded).flat_map(pairs).map(|pair| format!("{}{}", pair.first, name(pair.second))).collect()
    }

    #[test]
    fn pairs_stop_at_punctuation() {
        assert_eq!(shown("公积金，A1"), ["公积", "积金", "金$", "a1", "1$"]);
        assert_eq!(shown("《》——"), [""; 0]);
        assert_eq!(shown("补"), ["补$"]);
        assert_eq!(shown("𠀀é〇"), ["𠀀é", "é〇", "〇$"]);
    }

    #[test]
    fn seconds_keep_characters_apart() {
        let mut seconds: Vec<Second> =
            (1..=0x10_FFFF).filter_map(char::from_u32).filter(|ch| ch.is_alphanumeric()).map(Second::from).collect();
        let count = seconds.len();
        seconds.sort_unstable();
        seconds.dedup();
        assert_eq!(seconds.len(), count);
        assert!(seconds.iter().all(|second| *second != END && second.0 <= LAST_SECOND));
    }

    #[test]
    fn identifiers_are_no_text() {
        let pair = identifier("青屿人社发202512号");
        assert!(!pair.first.is_alphanumeric());
        assert_ne!(pair, identifier("青屿人社发202513号"));
    }
}
