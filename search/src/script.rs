//! Traditional → simplified, one character for one.
//!
//! The pairs are those of OpenCC (Apache-2.0), `TSCharacters.txt`, less the characters that simplified text uses itself: a
//! fold must not make two words of one script alike. A test in the generator holds them against OpenCC.
//!
//! A character of GB 2312 stays as it is (`乾` of 乾隆, `著` of 著作, `吒` of 哪吒, `薹` of 蒜薹), but for twelve that
//! simplified texts do not write, as these of law, policy and daily questions show (20 million characters): `徵 後 於 麽 夥
//! 摺 捱 菸 榘 甯 醣 麴`. `後` stood in them 769 times, `麽` five times and `於` once, each time for its simplified form, the
//! others never; and no title in traditional script goes without 徵, 後 or 於.

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
        for ch in "乾著吒薹藉一㐀𠀀aＡ".chars() {
            assert_eq!(simplified(ch), ch);
        }
    }

    #[test]
    fn what_only_traditional_text_writes_goes() {
        let folded: String = "關於徵求意見、合夥企業、存摺、菸草、以後".chars().map(simplified).collect();
        assert_eq!(folded, "关于征求意见、合伙企业、存折、烟草、以后");
    }
}
