//! Dates, sizes and deadlines in the words of a page. The page script says the same; `tests/cases/validity.json` keeps
//! the two together.

use yima_model::Date;
use yima_model::validity::days_between;

/// `2026-11-22`. Every page has some twenty days, which is why neither this nor [`date`] goes through the formatting
/// machinery.
pub(super) fn iso(date: Date) -> String {
    let mut text = String::with_capacity(10);
    let year = u16::try_from(date.year()).unwrap_or_default();
    for number in [year / 100, year % 100] {
        text.extend([digit(number / 10), digit(number)]);
    }
    for number in [date.month(), date.day()] {
        let number = u16::from(number.unsigned_abs());
        text.extend(['-', digit(number / 10), digit(number)]);
    }
    text
}

/// `2026年11月22日`.
pub(super) fn date(date: Date) -> String {
    let mut text = String::with_capacity(17);
    let year = u16::try_from(date.year()).unwrap_or_default();
    let small = |number: i8| u16::from(number.unsigned_abs());
    for (number, unit) in [(year, '年'), (small(date.month()), '月'), (small(date.day()), '日')] {
        for place in [1000, 100, 10, 1] {
            if number >= place {
                text.push(digit(number / place));
            }
        }
        text.push(unit);
    }
    text
}

fn digit(number: u16) -> char {
    char::from(b'0' + (number % 10) as u8)
}

/// `2026年11月`, where a day would only be noise.
pub(super) fn month(date: Date) -> String {
    format!("{}年{}月", date.year(), date.month())
}

/// From how many days on a countdown helps; a far date says more by itself.
const COUNTDOWN: i32 = 200;

/// How long until the end of `last`, seen on `today`: `还有39天`, `今天截止`, `已截止`; nothing while it is far.
pub(super) fn until(today: Date, last: Date) -> String {
    match days_between(today, last) {
        ..0 => "已截止".to_owned(),
        0 => "今天截止".to_owned(),
        days @ 1..=COUNTDOWN => format!("还有{days}天"),
        _ => String::new(),
    }
}

/// `812 字节`, `12.4 KB`, `3.1 MB`; a KB is 1,024 bytes, as file managers show it.
pub(super) fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    let tenths = |unit: u64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..KB => format!("{bytes} 字节"),
        _ if bytes < KB * KB => format!("{} KB", tenths(KB)),
        _ => format!("{} MB", tenths(KB * KB)),
    }
}

/// Groups of three: `48,644`.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The first `limit` characters on one line, with `…` where something was cut.
pub(super) fn excerpt(text: &str, limit: usize) -> String {
    let mut cut = String::new();
    let mut chars = text.split_whitespace().flat_map(str::chars);
    cut.extend(chars.by_ref().take(limit));
    if chars.next().is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(7), "7");
        assert_eq!(count(999), "999");
        assert_eq!(count(48_644), "48,644");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(size(812), "812 字节");
        assert_eq!(size(1_536), "1.5 KB");
        assert_eq!(size(3 * 1024 * 1024 + 104_858), "3.1 MB");
    }

    /// The table that the page script is held to as well.
    #[test]
    fn a_deadline_counts_its_last_day() {
        let table = include_str!("../../../tests/cases/validity.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["deadlines"].as_array().unwrap() {
            let date = |key: &str| case[key].as_str().unwrap().parse::<Date>().unwrap();
            assert_eq!(until(date("day"), date("last")), case["words"].as_str().unwrap(), "{case}");
        }
    }

    #[test]
    fn days_are_written_as_the_formatting_machinery_would() {
        for text in ["2026-11-22", "2000-01-01", "1900-10-31", "2199-02-09"] {
            let day: Date = text.parse().unwrap();
            assert_eq!(iso(day), text);
            assert_eq!(date(day), format!("{}年{}月{}日", day.year(), day.month(), day.day()));
        }
    }

    #[test]
    fn an_excerpt_says_that_it_was_cut() {
        assert_eq!(excerpt("第一行\n第二行", 20), "第一行第二行");
        assert_eq!(excerpt("一二三四五", 3), "一二三…");
    }
}
