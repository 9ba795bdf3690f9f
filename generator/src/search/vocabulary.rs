//! The pinyin of every common character, for the vocabulary.

use std::collections::BTreeMap;

use pinyin::ToPinyinMulti;

/// The characters of GB 2312 by syllable: what people type, and mistake for one another.
pub(super) fn syllables() -> BTreeMap<String, String> {
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
