//! Chinese from letters, as an on-screen keypad offers it: for a screen whose system has no way to type Chinese.
//!
//! What is offered comes from the words of this city, and from the characters of its vocabulary where no word fits.

use std::collections::{BTreeMap, BTreeSet};

use crate::vocabulary::Vocabulary;

/// Words that are offered before anything is typed.
const USUAL: usize = 12;

/// What letters may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Chinese text.
    pub text: String,
    /// How many of the letters it stands for, from the first; what is left is spelt on.
    pub letters: usize,
}

/// A vocabulary made ready for spelling.
#[derive(Clone, Debug)]
pub struct Speller {
    vocabulary: Vocabulary,
    /// Character → place of the weightiest word that has it.
    places: BTreeMap<char, usize>,
}

impl Speller {
    /// Takes a vocabulary.
    #[must_use]
    pub fn new(vocabulary: Vocabulary) -> Self {
        let mut places = BTreeMap::new();
        for (place, word) in vocabulary.words().iter().enumerate() {
            for ch in word.chars() {
                places.entry(ch).or_insert(place);
            }
        }
        Self { vocabulary, places }
    }

    /// What letters may stand for, the likeliest first, at most `most`: words that take all of them, else words for as
    /// many as possible, then single characters for the first syllable or initial. Without letters, the weightiest words.
    ///
    /// Anything but ASCII letters is passed over.
    #[must_use]
    pub fn candidates(&self, typed: &str, most: usize) -> Vec<Candidate> {
        let letters: String = typed.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let mut found = Vec::new();
        if letters.is_empty() {
            let usual = self.vocabulary.words().iter().take(USUAL.min(most));
            found.extend(usual.map(|word| Candidate { text: word.clone(), letters: 0 }));
            return found;
        }
        self.add_words(&letters, &mut found, most);
        self.add_characters(&letters, &mut found, most);
        found
    }

    /// Words for all letters; where there is none, for the longest beginning that spells one.
    fn add_words(&self, letters: &str, found: &mut Vec<Candidate>, most: usize) {
        for end in (1..=letters.len()).rev() {
            let part = letters.get(..end).unwrap_or_default();
            let mut words: Vec<(u8, usize, &String)> = Vec::new();
            for (place, word) in self.vocabulary.words().iter().enumerate() {
                let rank = self.vocabulary.rank(word, part);
                // Letters in the middle of what was typed are not half of a word.
                let rank = rank.filter(|rank| end == letters.len() || *rank < 2);
                words.extend(rank.map(|rank| (rank, place, word)));
            }
            if !words.is_empty() {
                words.sort_unstable();
                // Characters need room as well.
                let words = words.into_iter().take(most - most / 3);
                found.extend(words.map(|(_, _, word)| Candidate { text: word.clone(), letters: end }));
                return;
            }
        }
    }

    /// Characters whose syllable, whole or half typed, the letters begin with, those that take most letters first; of
    /// these, those of weighty words.
    fn add_characters(&self, letters: &str, found: &mut Vec<Candidate>, most: usize) {
        let mut ranked: Vec<(usize, usize, usize, char)> = Vec::new();
        for (syllable, characters) in self.vocabulary.syllables() {
            let taken = if letters.starts_with(syllable) {
                syllable.len()
            } else if syllable.starts_with(letters) {
                letters.len()
            } else if syllable.get(..1) == letters.get(..1) {
                // An initial stands for its character when the next letter begins another.
                1
            } else {
                continue;
            };
            let place = |ch: char| self.places.get(&ch).copied().unwrap_or(usize::MAX);
            ranked.extend(characters.chars().map(|ch| (usize::MAX - taken, place(ch), taken, ch)));
        }
        ranked.sort_unstable();
        let mut seen = BTreeSet::new();
        for (_, _, letters, ch) in ranked {
            if found.len() >= most {
                return;
            }
            if seen.insert(ch) {
                found.push(Candidate { text: ch.to_string(), letters });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn speller() -> Speller {
        let syllables = [
            ("gong", "供公工"),
            ("ji", "机积鸡记"),
            ("jin", "今金"),
            ("zu", "组租"),
            ("fang", "防房"),
            ("bu", "不补"),
            ("tie", "贴铁"),
            ("xi", "西"),
            ("xian", "先县"),
        ];
        let syllables = syllables.map(|(syllable, chars)| (syllable.to_owned(), chars.to_owned())).into();
        let words = ["公积金", "租房补贴", "租房"].map(str::to_owned);
        Speller::new(Vocabulary::decode(&Vocabulary::encode(&syllables, &words)).unwrap())
    }

    fn texts(typed: &str) -> Vec<String> {
        speller().candidates(typed, 12).into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn words_come_before_characters() {
        assert_eq!(texts("gjj")[0], "公积金");
        assert_eq!(texts("GongJiJin")[0], "公积金");
        assert_eq!(texts("zufang")[..2], ["租房", "租房补贴"]);
        // One letter is enough for something to touch.
        assert_eq!(texts("g"), ["公", "供", "工"]);
        assert_eq!(texts("ji"), ["积", "金", "今", "机", "记", "鸡"]);
        assert_eq!(texts("")[..2], ["公积金", "租房补贴"]);
        assert_eq!(texts("7 -"), texts(""));
        assert_eq!(texts("vvv"), [""; 0]);
    }

    #[test]
    fn what_is_left_is_spelt_on() {
        let candidates = |typed: &str| -> Vec<(String, usize)> {
            speller().candidates(typed, 12).into_iter().map(|found| (found.text, found.letters)).collect()
        };
        let found = |text: &str, letters| (text.to_owned(), letters);
        let all = candidates("gjjbutie");
        assert_eq!(all[..2], [found("公积金", 3), found("公", 1)]);
        assert_eq!(candidates("tiezu")[..2], [found("贴", 3), found("铁", 3)]);
        // The longest syllable first, a shorter one after it.
        assert_eq!(candidates("xianz"), [found("先", 4), found("县", 4), found("西", 2)]);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_there_are_never_too_many(typed in "[a-z公 ']{0,12}", most in 0_usize..20) {
            let found = speller().candidates(&typed, most);
            prop_assert!(found.len() <= most);
            let letters = typed.chars().filter(char::is_ascii_alphabetic).count();
            prop_assert!(found.iter().all(|found| found.letters <= letters && !found.text.is_empty()));
        }
    }
}
