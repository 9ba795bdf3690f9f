//! City → its vocabulary: the words its editors chose, with the pinyin of every common character.

use std::collections::BTreeMap;

use pinyin::ToPinyinMulti;
use yima_search::text::fold;
use yima_search::vocabulary::Vocabulary;

use crate::City;

/// Longest and shortest word worth a key stroke, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=10;

/// Most words.
const MOST: usize = 20_000;

/// The bytes of the vocabulary of a city.
#[must_use]
pub(super) fn vocabulary(city: &City) -> Vec<u8> {
    Vocabulary::encode(&syllables(), &words(city))
}

/// Words that stand in tables, titles and keywords, the most frequent first.
fn words(city: &City) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut add = |word: &str, weight: u32| {
        let folded = fold(word);
        let chinese = folded.chars().all(char::is_alphanumeric) && !folded.is_ascii();
        if chinese && LENGTHS.contains(&folded.chars().count()) {
            *counts.entry(folded).or_default() += weight;
        }
    };
    for entry in &city.policies {
        let policy = &entry.policy;
        policy.popular_names.iter().chain(&policy.short_title).for_each(|word| add(word, 4));
        policy.keywords.iter().for_each(|word| add(word, 3));
        policy.benefits.iter().for_each(|benefit| add(&benefit.title, 1));
    }
    city.questions.iter().flat_map(|entry| &entry.question.keywords).for_each(|word| add(word, 1));
    let tables = &city.tables;
    let terms = [&tables.themes, &tables.audiences, &tables.districts, &tables.genres, &tables.sectors];
    terms.into_iter().flatten().for_each(|term| add(&term.name, 2));
    for department in &tables.departments {
        [&department.name].into_iter().chain(&department.short_name).for_each(|word| add(word, 2));
        department.aliases.iter().for_each(|word| add(word, 1));
    }
    for words in &tables.words {
        words.means.iter().for_each(|word| add(word, 2));
        words.say.iter().for_each(|word| add(word, 1));
    }
    tables.best_bets.iter().flat_map(|bet| &bet.queries).for_each(|word| add(word, 4));
    let mut words: Vec<(u32, String)> = counts.into_iter().map(|(word, count)| (count, word)).collect();
    words.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(MOST);
    words.into_iter().map(|(_, word)| word).collect()
}

/// The characters of GB 2312 by syllable: what people type, and mistake for one another.
fn syllables() -> BTreeMap<String, String> {
    let mut syllables: BTreeMap<String, String> = BTreeMap::new();
    for ch in ('\u{4E00}'..='\u{9FFF}').filter(|&ch| is_common(ch)) {
        let Some(readings) = ch.to_pinyin_multi() else { continue };
        for reading in readings {
            // ü is typed as v.
            let characters = syllables.entry(reading.plain().replace('ü', "v")).or_default();
            if !characters.ends_with(ch) {
                characters.push(ch);
            }
        }
    }
    syllables
}

/// Whether a character is one of the 6,763 of GB 2312.
fn is_common(ch: char) -> bool {
    let mut text = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(ch.encode_utf8(&mut text));
    !unmappable && matches!(*bytes, [0xB0..=0xF7, 0xA1..=0xFE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_characters_have_their_syllables() {
        let syllables = syllables();
        let all: std::collections::BTreeSet<char> = syllables.values().flat_map(|chars| chars.chars()).collect();
        assert!((6_700..=6_763).contains(&all.len()), "{}", all.len());
        assert!(syllables["hang"].contains('行') && syllables["xing"].contains('行'));
        assert!(
            syllables["lv"].contains('绿'),
            "{:?}",
            syllables.keys().filter(|key| key.starts_with('l')).collect::<Vec<_>>()
        );
        assert!(syllables.keys().all(|syllable| syllable.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
