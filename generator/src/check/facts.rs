//! What an answer states in figures and in yes or no, so that two answers can be held against each other.
//!
//! Two answers disagree on a measure when both state it and share no value: 5个工作日 against 10个工作日. An answer that
//! lists more values than the other, among them the other's, only says more. Only values of one measure are compared:
//! money by the month is not money by the year, 工作日 are not 日.

use std::collections::{BTreeMap, BTreeSet};

use yima_model::numeral::leading_number;
use yima_search::normalise;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    /// 元, each once, by the month, by the year or by the day
    Money(Basis),
    /// 百分之
    Percent,
    /// 工作日
    WorkingDays,
    /// 日
    Days,
    /// 每月…日
    DayOfMonth,
    /// 个月
    Months,
    /// 年
    Years,
    /// 周岁
    Age,
    /// …月…日
    Date,
}

/// Money for what time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basis {
    /// Not said.
    Once,
    /// 每月
    Month,
    /// 每年
    Year,
    /// 每天
    Day,
}

impl Measure {
    const fn zh(self) -> &'static str {
        match self {
            Self::Money(Basis::Once) => "金额",
            Self::Money(Basis::Month) => "每月金额",
            Self::Money(Basis::Year) => "每年金额",
            Self::Money(Basis::Day) => "每天金额",
            Self::Percent => "比例",
            Self::WorkingDays => "工作日",
            Self::Days => "天数",
            Self::DayOfMonth => "每月日期",
            Self::Months => "月数",
            Self::Years => "年数",
            Self::Age => "年龄",
            Self::Date => "日期",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::Money(Basis::Once) => "amount",
            Self::Money(Basis::Month) => "monthly amount",
            Self::Money(Basis::Year) => "yearly amount",
            Self::Money(Basis::Day) => "daily amount",
            Self::Percent => "share",
            Self::WorkingDays => "working days",
            Self::Days => "days",
            Self::DayOfMonth => "day of the month",
            Self::Months => "months",
            Self::Years => "years",
            Self::Age => "age",
            Self::Date => "date",
        }
    }
}

/// Figures by measure, each with the words it stands in. Values are in thousandths, so that 3.5% is a whole number;
/// dates are month and day.
type Figures = BTreeMap<Measure, BTreeMap<u64, String>>;

/// What is asked about, when the answer is yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scale {
    /// 能 · 不能
    May,
    /// 需要 · 不需要
    Must,
    /// 是 · 不是
    Is,
}

/// How an answer says yes or no; those with more characters first, for 不可以 holds 可以. The last column says whether
/// the word counts wherever it stands in the first clause, or only at its start.
const WORDS: &[(&str, Scale, bool, bool)] = &[
    ("不可以", Scale::May, false, true),
    ("不允许", Scale::May, false, true),
    ("不需要", Scale::Must, false, true),
    ("不能", Scale::May, false, true),
    ("不得", Scale::May, false, true),
    ("不行", Scale::May, false, true),
    ("无法", Scale::May, false, true),
    ("不准", Scale::May, false, true),
    ("禁止", Scale::May, false, true),
    ("不用", Scale::Must, false, true),
    ("无需", Scale::Must, false, true),
    ("不必", Scale::Must, false, true),
    ("不要求", Scale::Must, false, true),
    ("不是", Scale::Is, false, false),
    ("可以", Scale::May, true, true),
    ("需要", Scale::Must, true, true),
    ("必须", Scale::Must, true, true),
    ("应当", Scale::Must, true, true),
    ("能", Scale::May, true, false),
    ("行", Scale::May, true, false),
    ("要", Scale::Must, true, false),
    ("是", Scale::Is, true, false),
];

/// An answer as it is compared.
pub(super) struct Stated {
    short: Option<(Figures, Option<(Scale, bool)>)>,
    whole: (Figures, Option<(Scale, bool)>),
}

impl Stated {
    pub(super) fn of(short: Option<&str>, answer: &str) -> Self {
        let read = |text: &str| {
            let text = normalise(text);
            (figures(&text), verdict(&text))
        };
        Self { short: short.map(read), whole: read(answer) }
    }

    /// In what two answers disagree, in Chinese and in English; `None` when in nothing that can be told.
    pub(super) fn against(&self, other: &Self) -> Option<(String, String)> {
        let verdict = |stated: &Self| stated.short.as_ref().and_then(|short| short.1).or(stated.whole.1);
        if let (Some((scale, yes)), Some((other_scale, other_yes))) = (verdict(self), verdict(other))
            && scale == other_scale
            && yes != other_yes
        {
            let word = |yes| match (scale, yes) {
                (Scale::May, true) => ("能", "yes"),
                (Scale::May, false) => ("不能", "no"),
                (Scale::Must, true) => ("需要", "needed"),
                (Scale::Must, false) => ("不需要", "not needed"),
                (Scale::Is, true) => ("是", "yes"),
                (Scale::Is, false) => ("不是", "no"),
            };
            let ((zh, en), (other_zh, other_en)) = (word(yes), word(other_yes));
            return Some((format!("{zh}／{other_zh}"), format!("{en} / {other_en}")));
        }
        // The sentence an editor wrote for the hurried reader names the figure that counts.
        if let (Some(short), Some(other_short)) = (&self.short, &other.short)
            && let Some(found) = apart(&short.0, &other_short.0, |_| true)
        {
            return Some(found);
        }
        let settled: BTreeSet<Measure> = match (&self.short, &other.short) {
            (Some(short), Some(other)) => {
                short.0.keys().filter(|measure| other.0.contains_key(measure)).copied().collect()
            }
            _ => BTreeSet::new(),
        };
        // A whole answer names many days: when something began, when it ends.
        apart(&self.whole.0, &other.whole.0, |measure| measure != Measure::Date && !settled.contains(&measure))
    }
}

/// The first measure in which two sets of figures share no value.
fn apart(a: &Figures, b: &Figures, counts: impl Fn(Measure) -> bool) -> Option<(String, String)> {
    a.iter().filter(|(measure, _)| counts(**measure)).find_map(|(measure, values)| {
        let others = b.get(measure)?;
        if values.keys().any(|value| others.contains_key(value)) {
            return None;
        }
        let shown = |values: &BTreeMap<u64, String>| values.values().take(3).cloned().collect::<Vec<_>>().join("、");
        let both = format!("{}／{}", shown(values), shown(others));
        Some((format!("{} {both}", measure.zh()), format!("{} {both}", measure.en())))
    })
}

/// Yes or no, as the first clause says it. `text` is folded.
fn verdict(text: &str) -> Option<(Scale, bool)> {
    let clause = text.split([',', '。', ';', ':', '!', '?', '\n', '.', '、']).next().unwrap_or_default().trim();
    if clause.starts_with("要看") || clause.starts_with("能不能") || clause.starts_with("是否") {
        return None;
    }
    WORDS
        .iter()
        .find(|(word, _, _, anywhere)| {
            if *anywhere {
                clause.contains(word)
            } else {
                clause == *word || (clause.starts_with(word) && word.len() > 3)
            }
        })
        .or_else(|| WORDS.iter().find(|(word, ..)| clause.starts_with(word) && !is_other_word(clause)))
        .map(|&(_, scale, yes, _)| (scale, yes))
}

/// 能源, 行业, 要求, 是否 begin like a yes.
fn is_other_word(clause: &str) -> bool {
    ["能源", "能力", "能否", "行业", "行政", "要求", "要是", "要件", "要点", "是否", "是指"]
        .iter()
        .any(|word| clause.starts_with(word))
}

/// All figures of a folded text.
fn figures(text: &str) -> Figures {
    let mut figures = Figures::new();
    let mut at = 0;
    let mut last: Option<(Measure, usize)> = None;
    while let Some(start) = text[at..].find(is_digit).map(|found| at + found) {
        let Some((value, end)) = number(text, start) else {
            // Too large to be meant.
            at = text[start..].find(|ch| !is_digit(ch)).map_or(text.len(), |length| start + length);
            continue;
        };
        at = end;
        let joined = last.filter(|(_, end)| {
            matches!(&text[*end..start], "" | "至" | "到" | "-" | "~" | "、" | "和" | "或" | "或者")
        });
        let Some((measure, value, end)) = measure(text, start, value, end, joined.map(|(measure, _)| measure)) else {
            continue;
        };
        at = end;
        last = Some((measure, end));
        let from = text[..start].strip_suffix("百分之").map_or(start, str::len);
        figures.entry(measure).or_default().entry(value).or_insert_with(|| text[from..end].to_owned());
    }
    figures
}

/// The measure and value of the number at `start..end`, and where its unit ends.
fn measure(text: &str, start: usize, value: u64, end: usize, joined: Option<Measure>) -> Option<(Measure, u64, usize)> {
    let before = &text[..start];
    if before.ends_with("百分之") {
        return Some((Measure::Percent, value, end));
    }
    // 第三十日, 12号: ordinals are no amounts.
    if before.ends_with('第') {
        return None;
    }
    let rest = text[end..].trim_start();
    let end = text.len() - rest.len();
    let whole = value.is_multiple_of(1000).then_some(value / 1000);
    for (unit, measure) in [
        ("%", Measure::Percent),
        ("个工作日", Measure::WorkingDays),
        ("工作日", Measure::WorkingDays),
        ("个月", Measure::Months),
        ("周岁", Measure::Age),
        ("岁", Measure::Age),
        ("天", Measure::Days),
        ("个自然日", Measure::Days),
    ] {
        if rest.starts_with(unit) {
            return Some((measure, value, end + unit.len()));
        }
    }
    for (unit, times) in [("亿元", 100_000_000), ("万元", 10_000), ("千元", 1000), ("元", 1), ("块", 1)] {
        if rest.starts_with(unit) {
            let end = end + unit.len();
            return Some((Measure::Money(basis(before, &text[end..])), value.checked_mul(times)?, end));
        }
    }
    if let Some(after) = rest.strip_prefix('月')
        && let Some(month) = whole.filter(|month| (1..=12).contains(month))
    {
        let day_at = text.len() - after.trim_start().len();
        let (day, day_end) = number(text, day_at)?;
        let is_day = day.is_multiple_of(1000) && (1000..=31_000).contains(&day) && text[day_end..].starts_with('日');
        return is_day.then_some((Measure::Date, month * 100 + day / 1000, day_end + '日'.len_utf8()));
    }
    if rest.starts_with('日') {
        let measure = match joined {
            Some(measure @ (Measure::DayOfMonth | Measure::Date)) => measure,
            _ if before.ends_with('月') || before.ends_with("月的") => Measure::DayOfMonth,
            _ => Measure::Days,
        };
        // 9月1日至5日 says a second date, of a month that is not looked for.
        return (measure != Measure::Date).then_some((measure, value, end + '日'.len_utf8()));
    }
    if rest.starts_with('年') && whole.is_some_and(|years| years < 100) {
        let end = end + '年'.len_utf8();
        return (!text[end..].starts_with(['级', '代', '内'])).then_some((Measure::Years, value, end));
    }
    None
}

/// Money by what time: said shortly before the number or right after the unit.
fn basis(before: &str, after: &str) -> Basis {
    let from = before.char_indices().rev().nth(6).map_or(0, |(at, _)| at);
    let near = &before[from..];
    let near = near.rsplit([',', '。', ';', '、', '(', ')']).next().unwrap_or_default();
    for (words, basis) in [
        (["每月", "月均", "一个月", "每个月"], Basis::Month),
        (["每年", "全年", "一年", "年度"], Basis::Year),
        (["每天", "每日", "一天", "每餐"], Basis::Day),
    ] {
        if words.iter().any(|word| near.contains(word)) || words.iter().any(|word| after.starts_with(word)) {
            return basis;
        }
    }
    match after.strip_prefix('/').and_then(|after| {
        after
            .chars()
            .next()
            .map(|ch| if ch == '人' { after.get(4..).and_then(|rest| rest.chars().next()).unwrap_or(ch) } else { ch })
    }) {
        Some('月') => Basis::Month,
        Some('年') => Basis::Year,
        Some('天' | '日') => Basis::Day,
        _ => Basis::Once,
    }
}

fn is_digit(ch: char) -> bool {
    ch.is_ascii_digit()
        || matches!(
            ch,
            '零' | '〇' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千'
        )
}

/// The number at `start`, in thousandths, and where it ends.
fn number(text: &str, start: usize) -> Option<(u64, usize)> {
    let rest = &text[start..];
    if !rest.starts_with(|ch: char| ch.is_ascii_digit()) {
        let (value, after) = leading_number(rest)?;
        return Some((u64::from(value) * 1000, text.len() - after.len()));
    }
    let (mut value, mut decimals, mut end) = (0_u64, None, start);
    let bytes = rest.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let next_is_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {
                match &mut decimals {
                    Some(3) => {}
                    Some(count) => {
                        *count += 1;
                        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
                    }
                    None => value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?,
                }
                end = start + at + 1;
            }
            b'.' if decimals.is_none() && next_is_digit => decimals = Some(0_u32),
            // 3,120 is one number; 3,5 are two.
            b',' if decimals.is_none()
                && bytes.get(at + 1..at + 4).is_some_and(|three| three.iter().all(u8::is_ascii_digit))
                && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit) => {}
            _ => break,
        }
    }
    Some((value.checked_mul(10_u64.pow(3 - decimals.unwrap_or(0)))?, end))
}

#[cfg(test)]
mod tests;
