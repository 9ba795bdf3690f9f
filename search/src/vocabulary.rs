//! Words of a city with their pinyin: a way in for who types letters, and a way back from a slip.
//!
//! Fetched only when it is needed: for letters, or when a stretch of what was typed is on no record.

use std::collections::BTreeMap;

use crate::engine::in_order;
use crate::text::fold;
use crate::wire::{DecodeError, Format, Reader, Writer};

const FORMAT: Format = Format { magic: *b"\x89YIMAWRD", version: 1 };

/// Most readings of one query.
const MOST: usize = 3;

/// A slip is looked for in so many characters: every window of them is held against every word.
const LONGEST_TYPED: usize = 40;

/// Words of a city, and the syllables of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Syllables without tones, sorted: `a`, `ai`, …
    syllables: Vec<String>,
    /// Characters of each syllable, in the same order.
    characters: Vec<String>,
    /// Words, the weightiest first, folded.
    words: Vec<String>,
    /// Character → its syllables.
    readings: BTreeMap<char, Vec<u16>>,
}

/// How a word was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// `gongjijin` or `gjj` for 公积金.
    Pinyin,
    /// A character that sounds alike: 公鸡金.
    Sound,
    /// One character wrong, missing, too many, or two in the wrong order.
    Slip,
}

/// A stretch of what was typed: where it begins, its characters, how many of them are in doubt.
type Window<'a> = (usize, &'a [char], usize);

/// What was typed, read otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// All of it, folded, with the word in place.
    pub text: String,
    /// The stretch that was typed.
    pub said: String,
    /// The word that is meant.
    pub word: String,
    /// How it was understood.
    pub reading: Reading,
}

impl Vocabulary {
    /// The bytes of a vocabulary: syllables with the characters that have them (a character may stand under several), and
    /// words, the weightiest first.
    #[must_use]
    pub fn encode(syllables: &BTreeMap<String, String>, words: &[String]) -> Vec<u8> {
        let mut out = Writer::default();
        out.size(syllables.len());
        out.strings(syllables.keys().map(String::as_str));
        out.strings(syllables.values().map(String::as_str));
        out.size(words.len());
        out.strings(words.iter().map(String::as_str));
        FORMAT.seal(&out.0)
    }

    /// Reads a vocabulary. Total: whatever the bytes, it answers.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader(FORMAT.unseal(bytes)?);
        let count = reader.count()?;
        let syllables = reader.strings(count)?;
        let characters = reader.strings(count)?;
        let count = reader.count()?;
        let words = reader.strings(count)?;
        if !reader.is_empty() || syllables.len() > usize::from(u16::MAX) {
            return Err(DecodeError::Malformed("有一节重复或过长"));
        }
        let mut readings: BTreeMap<char, Vec<u16>> = BTreeMap::new();
        for (syllable, characters) in (0..).zip(&characters) {
            for ch in characters.chars() {
                readings.entry(ch).or_default().push(syllable);
            }
        }
        Ok(Self { syllables, characters, words, readings })
    }

    /// Words, the weightiest first.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Words for letters: whole syllables or initials, complete or as far as typed; complete ones first.
    ///
    /// Spaces and apostrophes between syllables do not matter.
    #[must_use]
    pub fn by_pinyin(&self, letters: &str) -> Vec<&str> {
        let letters: String =
            letters.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        if letters.len() < 2 {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize)> = Vec::new();
        for (place, word) in self.words.iter().enumerate() {
            found.extend(self.rank(word, &letters).map(|rank| (rank, place)));
        }
        let words = in_order(found.iter().map(|(rank, _)| u64::from(*rank))).into_iter();
        let words = words.filter_map(|at| self.words.get(found.get(at)?.1).map(String::as_str));
        words.take(MOST).collect()
    }

    /// Syllables, sorted, each with its characters.
    pub(crate) fn syllables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.syllables.iter().map(String::as_str).zip(self.characters.iter().map(String::as_str))
    }

    /// How well lower-case letters spell a word, 0 best; none when they do not.
    pub(crate) fn rank(&self, word: &str, letters: &str) -> Option<u8> {
        self.spelt(&word.chars().collect::<Vec<char>>(), letters, 0)
    }

    /// How letters spell characters: 0 whole and in full, 1 whole by initials, 2 and 3 the same as far as typed. `depth`
    /// says how many characters were spelt in full so far.
    fn spelt(&self, chars: &[char], letters: &str, depth: u8) -> Option<u8> {
        let Some((&ch, rest)) = chars.split_first() else {
            return letters.is_empty().then_some(u8::from(depth == 0));
        };
        if letters.is_empty() {
            // Two characters tell enough of a word to offer it.
            return Some(if depth == 0 { 3 } else { 2 });
        }
        if ch.is_ascii() {
            let letters = letters.strip_prefix(ch)?;
            return self.spelt(rest, letters, depth);
        }
        let syllables = self.readings.get(&ch)?.iter().filter_map(|&at| self.syllables.get(usize::from(at)));
        let mut best: Option<u8> = None;
        for syllable in syllables {
            let full = letters.strip_prefix(syllable.as_str()).and_then(|letters| self.spelt(rest, letters, 1));
            // The last syllable may be half typed.
            let half = (depth > 0 && syllable.starts_with(letters)).then_some(2);
            let initial = syllable.get(..1).and_then(|initial| letters.strip_prefix(initial));
            let initial = if depth == 0 { initial.and_then(|letters| self.initials(rest, letters)) } else { None };
            for rank in [full, half, initial].into_iter().flatten() {
                best = Some(best.map_or(rank, |best| best.min(rank)));
            }
        }
        best
    }

    fn initials(&self, chars: &[char], letters: &str) -> Option<u8> {
        let mut letters = letters.chars();
        for (at, ch) in chars.iter().enumerate() {
            let Some(letter) = letters.next() else { return (at > 0).then_some(3) };
            let fits = self.readings.get(ch).is_some_and(|syllables| {
                let mut syllables = syllables.iter().filter_map(|&at| self.syllables.get(usize::from(at)));
                syllables.any(|syllable| syllable.starts_with(letter))
            });
            if !fits && *ch != letter {
                return None;
            }
        }
        letters.next().is_none().then_some(1)
    }

    /// What was typed, read otherwise: letters as pinyin; words that a stretch on no record is one step from.
    ///
    /// `unknown` are stretches of the folded text that no record has.
    #[must_use]
    pub fn corrections(&self, typed: &str, unknown: &[String]) -> Vec<Correction> {
        let folded = fold(typed);
        let mut found = self.letters(&folded);
        if found.is_empty() {
            found = self.slips(&folded, unknown);
        }
        found.truncate(MOST);
        found
    }

    fn letters(&self, folded: &str) -> Vec<Correction> {
        let mut found = Vec::new();
        let spoken = |ch: char| ch.is_ascii_alphabetic() || matches!(ch, ' ' | '\'');
        let run: &str =
            folded.split(|ch: char| !spoken(ch)).map(str::trim).max_by_key(|run| run.len()).unwrap_or_default();
        for word in self.by_pinyin(run) {
            let text = folded.replacen(run, word, 1);
            found.push(Correction { text, said: run.to_owned(), word: word.to_owned(), reading: Reading::Pinyin });
        }
        found
    }

    fn slips(&self, folded: &str, unknown: &[String]) -> Vec<Correction> {
        let typed: Vec<char> = folded.chars().take(LONGEST_TYPED).collect();
        let doubtful = doubtful(&typed, unknown);
        // Nearly all of a question is beyond doubt: nothing there is to be held against every word.
        let windows = |length: usize| {
            let windows = typed.windows(length).zip(doubtful.windows(length)).enumerate();
            let counted = windows
                .map(|(at, (window, doubtful))| (at, window, doubtful.iter().filter(|doubtful| **doubtful).count()));
            counted.filter(|(_, _, explained)| *explained > 0).collect::<Vec<_>>()
        };
        let mut by_length: BTreeMap<usize, Vec<Window<'_>>> = BTreeMap::new();
        let mut found: Vec<(Reading, usize, usize, Correction)> = Vec::new();
        for (place, word) in self.words.iter().enumerate() {
            let chars: Vec<char> = word.chars().collect();
            for length in chars.len().saturating_sub(1).max(2)..=chars.len() + 1 {
                for &(at, window, explained) in by_length.entry(length).or_insert_with(|| windows(length)).iter() {
                    if window == chars.as_slice() {
                        continue;
                    }
                    let Some(reading) = self.near(window, &chars) else { continue };
                    let said: String = window.iter().collect();
                    let before: String = typed.iter().take(at).collect();
                    let after: String = folded.chars().skip(at + length).collect();
                    let text = format!("{before}{word}{after}");
                    found.push((reading, explained, place, Correction { text, said, word: word.clone(), reading }));
                }
            }
        }
        // The closest first, what explains most of the doubtful before what explains less, the longest before its parts,
        // the weightiest before others.
        let keys = found.iter().map(|(reading, explained, place, correction)| {
            let largest_first = |number: usize| 0xFFFF - (number as u64).min(0xFFFF);
            let length = largest_first(correction.word.chars().count());
            (*reading as u64) << 56 | largest_first(*explained) << 40 | length << 24 | (*place as u64).min(0xFF_FFFF)
        });
        let order = in_order(keys);
        let found = order.into_iter().filter_map(|at| found.get(at).map(|found| found.3.clone()));
        let mut corrections: Vec<Correction> = Vec::new();
        for correction in found {
            if !corrections.iter().any(|known| known.text == correction.text) {
                corrections.push(correction);
            }
        }
        corrections
    }

    /// Whether one is the other but for its sound, or but for one slip. Words of two characters are only known by sound.
    fn near(&self, typed: &[char], word: &[char]) -> Option<Reading> {
        if typed.len() == word.len() {
            let differ: Vec<(&char, &char)> = typed.iter().zip(word).filter(|(a, b)| a != b).collect();
            if differ.iter().all(|(a, b)| self.sound_alike(**a, **b)) {
                return Some(Reading::Sound);
            }
            let swapped =
                differ.len() == 2 && differ.first().zip(differ.get(1)).is_some_and(|(a, b)| a.0 == b.1 && a.1 == b.0);
            return (word.len() >= 3 && (differ.len() == 1 || swapped)).then_some(Reading::Slip);
        }
        let (long, short) = if typed.len() > word.len() { (typed, word) } else { (word, typed) };
        let one_out = |at: usize| long.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, ch)| ch).eq(short);
        (word.len() >= 4 && (0..long.len()).any(one_out)).then_some(Reading::Slip)
    }

    fn sound_alike(&self, a: char, b: char) -> bool {
        let (Some(a), Some(b)) = (self.readings.get(&a), self.readings.get(&b)) else { return false };
        a.iter().any(|syllable| b.contains(syllable))
    }
}

/// For every character typed, whether it stands in a stretch that no record has.
fn doubtful(typed: &[char], unknown: &[String]) -> Vec<bool> {
    let mut doubtful = vec![false; typed.len()];
    for stretch in unknown {
        let stretch: Vec<char> = stretch.chars().collect();
        for (at, window) in typed.windows(stretch.len().max(1)).enumerate() {
            if window == stretch.as_slice()
                && let Some(places) = doubtful.get_mut(at..at + stretch.len())
            {
                places.fill(true);
            }
        }
    }
    doubtful
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary() -> Vocabulary {
        let syllables = [
            ("gong", "公工供"),
            ("ji", "积鸡机记"),
            ("jin", "金今"),
            ("zu", "租组"),
            ("fang", "房防"),
            ("bu", "补不"),
            ("tie", "贴铁帖"),
            ("yin", "银"),
            ("hang", "行"),
            ("xing", "行型"),
        ];
        let syllables = syllables.map(|(syllable, chars)| (syllable.to_owned(), chars.to_owned())).into();
        let words = ["公积金", "租房补贴", "租房", "银行"].map(str::to_owned);
        Vocabulary::decode(&Vocabulary::encode(&syllables, &words)).unwrap()
    }

    #[test]
    fn letters_lead_to_words() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.by_pinyin("gjj"), ["公积金"]);
        assert_eq!(vocabulary.by_pinyin("GongJiJin"), ["公积金"]);
        assert_eq!(vocabulary.by_pinyin("gong ji"), ["公积金"]);
        assert_eq!(vocabulary.by_pinyin("gongjij"), ["公积金"]);
        assert_eq!(vocabulary.by_pinyin("zufang"), ["租房", "租房补贴"]);
        assert_eq!(vocabulary.by_pinyin("zf"), ["租房", "租房补贴"]);
        assert_eq!(vocabulary.by_pinyin("yinhang"), ["银行"]);
        assert_eq!(vocabulary.by_pinyin("yh"), ["银行"]);
        assert_eq!(vocabulary.by_pinyin("x"), [""; 0]);
        assert_eq!(vocabulary.by_pinyin("excel"), [""; 0]);
        let corrections = vocabulary.corrections("gjj 怎么取", &[]);
        assert_eq!(corrections[0].text, "公积金 怎么取");
        assert_eq!(corrections[0].reading, Reading::Pinyin);
    }

    #[test]
    fn slips_lead_back() {
        let vocabulary = vocabulary();
        let word = |typed: &str, unknown: &str| {
            let found = vocabulary.corrections(typed, &[unknown.to_owned()]);
            found.first().map(|correction| (correction.text.clone(), correction.reading))
        };
        assert_eq!(word("公鸡金怎么取", "公鸡金"), Some(("公积金怎么取".into(), Reading::Sound)));
        assert_eq!(word("租房补帖", "补帖"), Some(("租房补贴".into(), Reading::Sound)));
        assert_eq!(word("租房补助贴", "补助贴"), Some(("租房补贴".into(), Reading::Slip)));
        assert_eq!(word("租房贴", "房贴"), Some(("租房补贴".into(), Reading::Slip)));
        assert_eq!(word("公金积", "公金积"), Some(("公积金".into(), Reading::Slip)));
        assert_eq!(word("天文台", "天文台"), None);
        // What is known is left alone.
        assert_eq!(vocabulary.corrections("公鸡金", &[]), []);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_answered(typed in "[公积金租房a-z '\\PC]{0,12}") {
            let unknown = vec![typed.chars().take(3).collect::<String>()];
            let _ = vocabulary().corrections(&typed, &unknown);
        }

        #[test]
        fn random_payloads_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Vocabulary::decode(&bytes);
            let _ = Vocabulary::decode(&FORMAT.seal(&bytes));
        }
    }
}
