//! Simplified → traditional, in the forms of Taiwan (the traditional script that `zh-Hant` without a region means):
//! 裡, 為, 眾, 群, where OpenCC's own standard has 裏, 爲, 衆, 羣 and even 覈 for 核.
//!
//! The data are those of OpenCC (Apache-2.0): `characters.txt` is `STCharacters.txt` followed by `TWVariants.txt`, the
//! first choice for each, pairs of one character and another; `phrases.txt` is `STPhrases.txt` followed by
//! `TWVariants.txt`, less the phrases that can change nothing. A test holds both against an implementation of OpenCC.

use std::collections::BTreeSet;

const CHARACTERS: &str = include_str!("characters.txt");
const PHRASES: &str = include_str!("phrases.txt");

/// Number of bits among which the first two characters of every phrase have one.
const BITS: usize = 1 << 20;

/// A phrase and what it becomes; `None` when that is what its characters become one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phrase {
    /// In simplified script.
    pub simplified: &'static str,
    /// In traditional script.
    pub traditional: Option<&'static str>,
}

/// All phrases, ready to be found in texts.
#[derive(Debug)]
pub struct Dictionary {
    /// Sorted by their simplified form.
    phrases: Vec<Phrase>,
    /// A bit for the first two characters of every phrase: most places of a text begin none.
    begins: Vec<u64>,
}

impl Dictionary {
    /// Reads the phrases: some milliseconds.
    #[must_use]
    pub fn new() -> Self {
        let phrase = |line: &'static str| match line.split_once(' ') {
            Some((simplified, traditional)) => Phrase { simplified, traditional: Some(traditional) },
            None => Phrase { simplified: line, traditional: None },
        };
        let phrases: Vec<Phrase> = PHRASES.lines().map(phrase).collect();
        let mut begins = vec![0; BITS / 64];
        for Phrase { simplified, .. } in &phrases {
            let mut chars = simplified.chars();
            if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
                let bit = bit(first, second);
                if let Some(word) = begins.get_mut(bit / 64) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
        Self { phrases, begins }
    }

    /// All phrases, sorted by their simplified form.
    #[must_use]
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// Adds every phrase that stands anywhere in `text`, also inside another and across two others: what a page shows is
    /// often a part of a text, and a part may be cut differently.
    pub fn find(&self, text: &str, found: &mut BTreeSet<Phrase>) {
        let mut chars = text.char_indices().peekable();
        while let Some((at, first)) = chars.next() {
            let Some(&(_, second)) = chars.peek() else { return };
            let bit = bit(first, second);
            if self.begins.get(bit / 64).is_none_or(|word| word >> (bit % 64) & 1 == 0) {
                continue;
            }
            let rest = &text[at..];
            let two = &rest[..first.len_utf8() + second.len_utf8()];
            let start = self.phrases.partition_point(|phrase| phrase.simplified < two);
            let begun = self.phrases.iter().skip(start).take_while(|phrase| phrase.simplified.starts_with(two));
            found.extend(begun.filter(|phrase| rest.starts_with(phrase.simplified)));
        }
    }
}

impl Default for Dictionary {
    fn default() -> Self {
        Self::new()
    }
}

/// The pairs of simplified and traditional characters in one line.
#[must_use]
pub fn characters() -> String {
    CHARACTERS.lines().collect()
}

fn bit(first: char, second: char) -> usize {
    let mixed = u32::from(first).wrapping_mul(0x9E37_79B1) ^ u32::from(second).wrapping_mul(0x85EB_CA77);
    (mixed >> 12) as usize % BITS
}
