//! Whether a record is in force on a given day. Computed, never stored.

use crate::Date;

/// 有效性: what a reader must know about a record on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Validity {
    /// 尚未施行: published, but its first day in force has not come.
    NotYet,
    /// 现行有效.
    InForce,
    /// 即将到期: in force, and its last day is near.
    Expiring,
    /// 部分有效: in force, but a later document has amended it.
    Amended,
    /// 已失效: its last day has passed.
    Expired,
    /// 已废止: another act ended it.
    Repealed,
}

impl Validity {
    /// All values, in the order pages list them.
    pub const ALL: [Self; 6] =
        [Self::InForce, Self::Expiring, Self::Amended, Self::NotYet, Self::Expired, Self::Repealed];

    /// The name used in addresses, data files, CSS classes and the page script.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::InForce => "in_force",
            Self::Expiring => "expiring",
            Self::Amended => "amended",
            Self::Expired => "expired",
            Self::Repealed => "repealed",
        }
    }

    /// The inverse of [`Validity::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|validity| validity.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NotYet => "尚未施行",
            Self::InForce => "现行有效",
            Self::Expiring => "即将到期",
            Self::Amended => "部分有效",
            Self::Expired => "已失效",
            Self::Repealed => "已废止",
        }
    }

    /// Whether a person can rely on the record that day (in force, be it expiring or amended).
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::InForce | Self::Expiring | Self::Amended)
    }

    /// Whether the record has ended for good.
    #[must_use]
    pub const fn is_dead(self) -> bool {
        matches!(self, Self::Expired | Self::Repealed)
    }
}

/// Whether an answer may be shown as current on a day: its own last day has not passed, and the policies it rests on, if
/// there are any, have not all ended.
#[must_use]
pub fn stands(day: Date, last: Option<Date>, policies: impl IntoIterator<Item = Validity>) -> bool {
    let mut policies = policies.into_iter().peekable();
    last.is_none_or(|last| day <= last) && (policies.peek().is_none() || policies.any(|policy| !policy.is_dead()))
}

/// The four dates that decide validity.
///
/// `amended` is the earliest day on which an amending document is in force; it comes from relations, not from the
/// record itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifespan {
    /// 施行日期: first day in force.
    pub effective: Date,
    /// 有效期的最后一天: last day in force.
    pub expires: Option<Date>,
    /// 废止日期: first day no longer in force.
    pub repealed: Option<Date>,
    /// First day on which a part no longer reads as published.
    pub amended: Option<Date>,
}

impl Lifespan {
    /// Validity on `day`; a record is *expiring* when its last day is at most `expiring_days` days away.
    ///
    /// The end outweighs the beginning (a record repealed before it took effect is repealed), and of the two live
    /// remarks the deadline outweighs the amendment: it is the one a reader can miss.
    #[must_use]
    pub fn on(&self, day: Date, expiring_days: u16) -> Validity {
        if self.repealed.is_some_and(|repealed| day >= repealed) {
            return Validity::Repealed;
        }
        if self.expires.is_some_and(|expires| day > expires) {
            return Validity::Expired;
        }
        if day < self.effective {
            return Validity::NotYet;
        }
        if self.expires.is_some_and(|expires| days_between(day, expires) <= i32::from(expiring_days)) {
            return Validity::Expiring;
        }
        if self.amended.is_some_and(|amended| day >= amended) {
            return Validity::Amended;
        }
        Validity::InForce
    }

    /// The last day on which the record is in force, as far as is known today.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let repealed = self.repealed.and_then(|day| date_of_day_number(day_number(day) - 1));
        match (self.expires, repealed) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

/// Whole days from `from` to `to`; negative when `to` comes first.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    day_number(to) - day_number(from)
}

/// Days since 1970-01-01, the form in which dates cross to the browser.
#[must_use]
pub fn day_number(date: Date) -> i32 {
    // Howard Hinnant's days_from_civil: exact for the whole proleptic Gregorian calendar.
    let (y, m, d) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The day it is in Beijing (UTC+8 all year, Asia/Shanghai since 1991) at `unix_millis` milliseconds after 1970-01-01
/// 00:00 UTC, whatever zone the device is set to; `None` outside the years a date can hold.
#[must_use]
pub fn day_in_beijing(unix_millis: i64) -> Option<Date> {
    const AHEAD: i64 = 8 * 60 * 60 * 1_000;
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let number = unix_millis.checked_add(AHEAD)?.div_euclid(DAY);
    date_of_day_number(i32::try_from(number).ok()?)
}

/// The inverse of [`day_number`]; `None` outside the years a date can hold.
#[must_use]
pub fn date_of_day_number(number: i32) -> Option<Date> {
    let z = number.checked_add(719_468)?;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    date(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// The day of a year, a month and a day of the month; `None` where there is none.
///
/// As `Date::new`, without its errors: their sentences, and what words them, would be a tenth of the app's module.
#[must_use]
pub fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i8::from(leap),
        _ => return None,
    };
    ((-9_999..=9_999).contains(&year) && (1..=last).contains(&day)).then(|| Date::constant(year, month, day))
}

/// The inverse of [`iso`].
#[must_use]
pub fn from_iso(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let parsed = date(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parsed.filter(|date| iso(*date) == text)
}

/// A day as it is written in data: `2025-03-01`. As the `Display` of [`Date`], for the years people write; see [`date`].
#[must_use]
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn day_numbers_round_trip(number in -200_000_i32..200_000) {
            let date = date_of_day_number(number).unwrap();
            prop_assert_eq!(day_number(date), number);
            prop_assert_eq!(day_number(date.tomorrow().unwrap()), number + 1);
        }
    }

    /// The table that the page script is held to as well.
    #[test]
    fn the_shared_cases_hold() {
        let table = include_str!("../../tests/cases/validity.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        let cases = table["validity"].as_array().unwrap();
        assert!(cases.len() > 20);
        for case in cases {
            let date = |key: &str| case[key].as_str().map(|text| text.parse::<Date>().unwrap());
            let lifespan = Lifespan {
                effective: date("effective").unwrap(),
                expires: date("expires"),
                repealed: date("repealed"),
                amended: date("amended"),
            };
            let day = date("day").unwrap_or_else(|| day_in_beijing(case["instant"].as_i64().unwrap()).unwrap());
            let days = u16::try_from(case["expiring_days"].as_u64().unwrap()).unwrap();
            assert_eq!(Some(lifespan.on(day, days).id()), case["validity"].as_str(), "{}", case["name"]);
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for year in [-9_999, -4, 0, 1, 1_900, 2_000, 2_023, 2_024, 2_100, 9_999] {
            for month in -1..14 {
                for day in -1..33 {
                    let expected = Date::new(year, month, day).ok();
                    assert_eq!(date(year, month, day), expected, "{year} {month} {day}");
                    if let Some(date) = expected.filter(|_| year >= 0) {
                        assert_eq!(iso(date), date.to_string());
                        assert_eq!(from_iso(&iso(date)), Some(date));
                    }
                }
            }
        }
        assert_eq!(date(10_000, 1, 1), None);
        for wrong in ["", "2025-3-1", "2025-03", "2025-03-01T00", "+2025-03-01", "2025-02-29"] {
            assert_eq!(from_iso(wrong), None, "{wrong}");
        }
        assert_eq!(date(-10_000, 1, 1), None);
    }

    #[test]
    fn the_epoch_is_day_zero() {
        assert_eq!(day_number(Date::constant(1970, 1, 1)), 0);
        assert_eq!(day_number(Date::constant(2026, 11, 22)), 20_779);
    }

    #[test]
    fn an_answer_stands_as_long_as_it_and_something_it_rests_on() {
        let day: Date = "2026-11-22".parse().unwrap();
        let before: Date = "2026-11-21".parse().unwrap();
        assert!(stands(day, None, []) && stands(day, Some(day), []));
        assert!(!stands(day, Some(before), [Validity::InForce]));
        assert!(stands(day, None, [Validity::Repealed, Validity::NotYet]));
        assert!(!stands(day, None, [Validity::Repealed, Validity::Expired]));
    }
}
