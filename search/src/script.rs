//! Traditional → simplified, one character for one.
//!
//! The pairs are those of OpenCC (Apache-2.0), `TSCharacters.txt`, less the characters that simplified text uses itself
//! (GB 2312): a fold must not make two words of one script alike. A test in the generator holds them against OpenCC.

use core::cell::OnceCell;

/// Traditional and simplified characters in turn, sorted by the traditional one.
const PAIRS: &str = include_str!("simplified.txt");

/// First and last character of the range the table covers.
const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

std::thread_local! {
    static TABLE: OnceCell<Vec<u16>> = const { OnceCell::new() };
}

/// The simplified form of a traditional character; any other character is its own.
#[must_use]
pub fn simplified(ch: char) -> char {
    let code = u32::from(ch);
    if !(FIRST..=LAST).contains(&code) {
        return ch;
    }
    let found = TABLE.with(|table| {
        let table = table.get_or_init(table_of_pairs);
        table.get((code - FIRST) as usize).copied().unwrap_or_default()
    });
    if found == 0 { ch } else { char::from_u32(u32::from(found)).unwrap_or(ch) }
}

/// The pairs, in order.
pub fn pairs() -> impl Iterator<Item = (char, char)> {
    let mut chars = PAIRS.chars().filter(|ch| *ch != '\n');
    core::iter::from_fn(move || Some((chars.next()?, chars.next()?)))
}

/// A place for every character of the range: 40 KiB, and one step for a character. Zero is "itself".
fn table_of_pairs() -> Vec<u16> {
    let mut table = vec![0; (LAST - FIRST + 1) as usize];
    for (traditional, simplified) in pairs() {
        if let Some(place) = table.get_mut((u32::from(traditional) - FIRST) as usize) {
            *place = u16::try_from(u32::from(simplified)).unwrap_or_default();
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stand_in_order_and_lead_to_the_end() {
        let pairs: Vec<(char, char)> = pairs().collect();
        assert!(pairs.len() > 2_800, "{}", pairs.len());
        assert!(pairs.is_sorted_by(|a, b| a.0 < b.0));
        for (traditional, plain) in pairs {
            assert_eq!(simplified(traditional), plain);
            assert_eq!(simplified(plain), plain, "{traditional} → {plain}");
        }
    }

    #[test]
    fn what_simplified_text_uses_stays() {
        for ch in "乾著藉一㐀𠀀aＡ".chars() {
            assert_eq!(simplified(ch), ch);
        }
    }
}
