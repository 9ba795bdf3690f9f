//! Days as other systems write them, and days found in a text.

use unicode_normalization::UnicodeNormalization;
use yima_model::Date;
use yima_model::numeral::leading_number;

/// How a day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateFormat {
    /// `2020-01-02`, also with `/` or `.`, without leading zeros, and with a time behind it.
    Iso,
    /// `2020年1月2日`, in Arabic or Chinese digits.
    Chinese,
    /// `20200102`.
    Compact,
    /// Days since 1899-12-30, as spreadsheets count them.
    Excel,
    /// Seconds since 1970, as a day in China.
    Epoch,
    /// Milliseconds since 1970, as a day in China.
    EpochMs,
}

impl DateFormat {
    /// All formats.
    pub(crate) const ALL: [Self; 6] =
        [Self::Iso, Self::Chinese, Self::Compact, Self::Excel, Self::Epoch, Self::EpochMs];
    /// Those that cannot be taken for one another.
    pub(crate) const DEFAULT: [Self; 3] = [Self::Iso, Self::Chinese, Self::Compact];

    /// The name used in a mapping.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Iso => "iso",
            Self::Chinese => "chinese",
            Self::Compact => "compact",
            Self::Excel => "excel",
            Self::Epoch => "epoch",
            Self::EpochMs => "epoch_ms",
        }
    }

    /// Reads a whole text as a day; `None` when it is none, or lies outside 1900 to 2199, as in content.
    pub(crate) fn read(self, text: &str) -> Option<Date> {
        // Full-width digits, as they come out of forms.
        let text: String = text.trim().nfkc().collect();
        let text = text.as_str();
        match self {
            Self::Iso => {
                let text = text.split(['T', ' ']).next()?;
                let separator = text.chars().find(|ch| !ch.is_ascii_digit())?;
                if !matches!(separator, '-' | '/' | '.') {
                    return None;
                }
                let mut parts = text.split(separator);
                let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
                let lengths = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
                (lengths && parts.next().is_none())
                    .then(|| self::day(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))?
            }
            Self::Chinese => leading_day(text).filter(|(_, rest)| rest.is_empty()).map(|(day, _)| day),
            Self::Compact => {
                let good = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
                good.then(|| day(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?))?
            }
            Self::Excel => {
                let days: i64 = text.split('.').next()?.parse().ok()?;
                // 1954 to 2119; anything else is more likely another number.
                (20_000..80_000).contains(&days).then(|| since_1970((days - 25_569) * 86_400))?
            }
            Self::Epoch => since_1970(text.parse().ok()?),
            Self::EpochMs => since_1970(text.parse::<i64>().ok()?.div_euclid(1000)),
        }
    }
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| (1900..=2199).contains(&date.year()))
}

/// China has kept UTC+8 without summer time since 1992.
fn since_1970(seconds: i64) -> Option<Date> {
    let days = seconds.checked_add(8 * 3600)?.div_euclid(86_400);
    let days = jiff::Span::new().try_days(days).ok()?;
    let start = Date::new(1970, 1, 1).ok()?;
    start.checked_add(days).ok().filter(|date| (1900..=2199).contains(&date.year()))
}

/// `2020 年 1 月 2 日` at the start of a text, and what follows.
fn leading_day(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = leading_number(text.trim_start())?;
    let (month, rest) = leading_number(rest.trim_start().strip_prefix('年')?.trim_start())?;
    let (number, rest) = leading_number(rest.trim_start().strip_prefix('月')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix('日')?;
    Some((day(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(number).ok()?)?, rest))
}

/// Every `…年…月…日` of a text with what follows it.
fn days(text: &str) -> impl DoubleEndedIterator<Item = (Date, &str)> {
    text.match_indices('年').filter_map(move |(at, _)| {
        let before = text[..at].trim_end();
        let digits = before.char_indices().rev().take(4).last().map(|(start, _)| start)?;
        leading_day(&text[digits..])
    })
}

/// The first day named in a text.
pub(crate) fn first(text: &str) -> Option<Date> {
    days(text).next().map(|(day, _)| day)
}

/// The last day named in the last 120 characters: where a document is signed.
pub(crate) fn signed(text: &str) -> Option<Date> {
    let start = text.char_indices().rev().take(120).last().map_or(0, |(at, _)| at);
    days(&text[start..]).next_back().map(|(day, _)| day)
}

/// The day of the last `自…年…月…日起施行`.
pub(crate) fn in_force(text: &str) -> Option<Date> {
    const VERBS: [&str; 6] = ["施行", "实施", "生效", "执行", "试行", "正式"];
    days(text)
        .rfind(|(_, rest)| {
            rest.strip_prefix('起').is_some_and(|rest| VERBS.iter().any(|verb| rest.trim_start().starts_with(verb)))
        })
        .map(|(day, _)| day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        DateFormat::DEFAULT.iter().find_map(|format| format.read(text)).map(|date| date.to_string())
    }

    #[test]
    fn days_of_many_systems() {
        for text in [
            "2020-01-02",
            "2020/1/2",
            "2020.01.02",
            "2020-01-02T23:59:59+08:00",
            "2020-01-02 00:00:00",
            "2020年1月2日",
            "2020 年 01 月 02 日",
            "二〇二〇年一月二日",
            "20200102",
            "２０２０－０１－０２",
        ] {
            assert_eq!(read(text).as_deref(), Some("2020-01-02"), "{text}");
        }
        for text in ["", "2020", "2020-13-02", "2020-02-30", "2020年2月30日", "1020-01-02", "20-1-2", "2020-1-2-3"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn an_epoch_is_a_day_in_china() {
        // 2020-01-01T16:00:00Z is midnight in Shanghai.
        assert_eq!(DateFormat::Epoch.read("1577894400").map(|day| day.to_string()).as_deref(), Some("2020-01-02"));
        assert_eq!(DateFormat::Epoch.read("1577894399").map(|day| day.to_string()).as_deref(), Some("2020-01-01"));
        assert_eq!(DateFormat::EpochMs.read("1577894399999").map(|d| d.to_string()).as_deref(), Some("2020-01-01"));
        assert_eq!(DateFormat::Epoch.read("9223372036854775807"), None);
        assert_eq!(DateFormat::Excel.read("46317").map(|day| day.to_string()).as_deref(), Some("2026-10-22"));
        assert_eq!(DateFormat::Excel.read("２０２６"), None);
    }

    #[test]
    fn days_in_a_text() {
        let text = "1999年3月4日通过。第九条 本条例自 2003 年 5 月 1 日起施行。2001年1月1日的规定同时废止。";
        assert_eq!(first(text).map(|day| day.to_string()).as_deref(), Some("1999-03-04"));
        assert_eq!(in_force(text).map(|day| day.to_string()).as_deref(), Some("2003-05-01"));
        assert_eq!(signed("特此通知。某某局 2020年2月9日").map(|day| day.to_string()).as_deref(), Some("2020-02-09"));
        assert_eq!(in_force("自公布之日起施行"), None);
        assert_eq!(signed(&format!("2020年2月9日{}", "长".repeat(200))), None);
    }
}
