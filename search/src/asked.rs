//! What was typed → what to look for.

use yima_model::numeral::{chinese, leading_article};
use yima_model::validity::{date, iso};
use yima_model::{Code, Date};

use crate::index::Words;
use crate::query::MAX_TEXT;
use crate::term::{Pair, Second, identifier, runs};
use crate::text::{bare, fold};

/// Weight of what the table of words adds, against what was typed. Measured on questions in people's own words: at 1.1
/// some of what the table can give is lost, at 1.65 it speaks over what was typed in sets that have other words.
const MEANS: f32 = 1.5;

/// From this many characters on, what the table adds weighs less and less: a long question says enough itself.
const LONG: f32 = 12.0;

/// Weight of words every question has (请问, 怎么, 的), against others.
const STOP: f32 = 0.5;

/// Longest entry of the table of words that is looked for, in characters.
const LONGEST_WORD: usize = 10;

/// What every question has. Softened, not dropped: 怎么 in a question that asks 怎么 is still worth something.
const STOP_WORDS: &str = "请问 怎么 如何 什么 可以 需要 哪些 多少 是否 不能 能否 怎样 哪里 你好 您好 一下 我的 我们 应该 为什 有哪 是什 关于 对于 想问 问下 \
    ";
const STOP_CHARACTERS: &str =
    "吗呢我的了么有是在啊想问会这那要能怎如何哪什请可以需和与或及等被把给让到从不就都也还吧对为您你他她它个咋啥";

/// A pair, or a character wherever it stands, with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gram {
    /// The (first) character.
    pub first: char,
    /// The second one; none for the character alone.
    pub second: Option<Second>,
    /// How much it counts.
    pub weight: f32,
    /// Whether it was typed, and not added by the table of words.
    pub typed: bool,
}

/// A run of what was typed, and other spellings of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The run as typed, folded; then the same with article numbers in the other digits.
    pub spellings: Vec<String>,
}

/// What was typed, made ready for the index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Folded, without punctuation and spaces.
    pub bare: String,
    /// Runs, in the order typed.
    pub phrases: Vec<Phrase>,
    /// What to look for, each once; typed ones first, in the order typed.
    pub grams: Vec<Gram>,
    /// Under which identifiers a record may be found.
    pub identifiers: Vec<Pair>,
    /// An article asked for: its number and 之 number.
    pub article: Option<(u16, u16)>,
    /// What the table of words understood: what was said, and what it means.
    pub understood: Vec<Words>,
}

impl Asked {
    /// Reads what was typed, with a table of words sorted by what people say.
    #[must_use]
    pub fn new(text: &str, words: &[Words]) -> Self {
        // What is longer than any title asks for no more than its beginning, and must not cost more.
        let text = text.char_indices().nth(MAX_TEXT).map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
        let folded = fold(text);
        let mut asked = Self { bare: bare(&folded), ..Self::default() };
        if asked.bare.is_empty() {
            return asked;
        }
        asked.identifiers = identifiers(text).iter().map(|bare| identifier(bare)).collect();
        for run in runs(&folded) {
            if let Some((number, sub)) = article_in(run) {
                asked.article = asked.article.or(Some((number, sub)));
            }
            asked.take_run(run, 1.0, true);
            let phrase = Phrase { spellings: spellings(run) };
            if !asked.phrases.contains(&phrase) {
                asked.phrases.push(phrase);
            }
        }
        asked.understand(&folded, words);
        asked
    }

    /// Looks for a word besides what was typed.
    pub fn add(&mut self, word: &str, weight: f32) {
        let folded = fold(word);
        for run in runs(&folded) {
            self.take_run(run, weight, false);
        }
    }

    fn take_run(&mut self, run: &str, weight: f32, typed: bool) {
        let chars: Vec<char> = run.chars().collect();
        for (at, &first) in chars.iter().enumerate() {
            let stop = if is_stop(&[first]) { STOP } else { 1.0 };
            // A single character of a word that was added says little, and costs a whole group.
            if typed {
                self.push(Gram { first, second: None, weight: weight * stop, typed });
            }
            if let Some(&next) = chars.get(at + 1) {
                let stop = if is_stop(&[first, next]) { STOP } else { 1.0 };
                self.push(Gram { first, second: Some(next.into()), weight: weight * stop, typed });
            }
        }
    }

    fn push(&mut self, gram: Gram) {
        match self.grams.iter_mut().find(|known| (known.first, known.second) == (gram.first, gram.second)) {
            Some(known) => known.weight = known.weight.max(gram.weight),
            None => self.grams.push(gram),
        }
    }

    /// Adds what the longest entries of the table mean.
    fn understand(&mut self, folded: &str, words: &[Words]) {
        let chars: Vec<char> = folded.chars().collect();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let length = LONG / (chars.len() as f32).max(LONG);
        let mut at = 0;
        while at < chars.len() {
            let longest = LONGEST_WORD.min(chars.len() - at);
            let found = (1..=longest).rev().find_map(|length| {
                let said: String = chars.get(at..at + length)?.iter().collect();
                let entry = words.binary_search_by(|words| words.say.as_str().cmp(&said)).ok()?;
                Some((length, words.get(entry)?))
            });
            let Some((said, entry)) = found else {
                at += 1;
                continue;
            };
            let stop = if chars.get(at..at + said).is_some_and(is_stop) { STOP } else { 1.0 };
            for means in &entry.means {
                let phrase = if means.chars().nth(2).is_some() { 0.8 } else { 1.0 };
                self.add(means, MEANS * length * stop * phrase);
            }
            if !self.understood.contains(entry) {
                self.understood.push(entry.clone());
            }
            at += said;
        }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.grams.is_empty() && self.identifiers.is_empty()
    }

    /// Strings to mark in a text, with their weights: what was typed as a whole, the words it means, then its pairs.
    #[must_use]
    pub fn needles(&self) -> Vec<(String, f32)> {
        let mut needles: Vec<(String, f32)> = Vec::new();
        for phrase in &self.phrases {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            needles.extend(phrase.spellings.iter().map(|string| (string.clone(), 2.0 * string.chars().count() as f32)));
            for spelling in &phrase.spellings {
                let chars: Vec<char> = spelling.chars().collect();
                let pairs = chars.windows(2).filter(|pair| !is_stop(pair));
                needles.extend(pairs.map(|pair| (pair.iter().collect(), 1.0)));
            }
        }
        let means = self.understood.iter().filter(|words| words.say.chars().nth(1).is_some());
        needles.extend(
            means
                .flat_map(|words| &words.means)
                .filter(|means| means.chars().nth(1).is_some())
                .map(|means| (means.clone(), 1.0)),
        );
        needles.retain(|(needle, _)| !is_stop(&needle.chars().collect::<Vec<char>>()));
        needles
    }
}

/// Whether this is what every question has.
fn is_stop(chars: &[char]) -> bool {
    match chars {
        [only] => STOP_CHARACTERS.contains(*only),
        [_, _] => STOP_WORDS.split(' ').any(|stop| stop.chars().eq(chars.iter().copied())),
        _ => false,
    }
}

/// Whether a character says little by itself.
pub(crate) fn is_stop_character(ch: char) -> bool {
    is_stop(&[ch])
}

/// A run, and the same with article numbers in the other digits: `第15条` and `第十五条`.
fn spellings(run: &str) -> Vec<String> {
    let mut spellings = vec![run.to_owned()];
    for style in [|number: u16| number.to_string(), chinese] {
        let mut other = String::new();
        let mut rest = run;
        while let Some(at) = rest.find('第') {
            let (before, after) = rest.split_at(at);
            other.push_str(before);
            if let Some((number, sub, _, behind)) = leading_article(after) {
                other.push_str(&format!("第{}条", style(number)));
                if sub > 0 {
                    other.push_str(&format!("之{}", style(sub)));
                }
                rest = behind;
            } else {
                other.push('第');
                rest = after.get('第'.len_utf8()..).unwrap_or_default();
            }
        }
        other.push_str(rest);
        if !spellings.contains(&other) {
            spellings.push(other);
        }
    }
    spellings
}

/// The first article number in a run.
fn article_in(run: &str) -> Option<(u16, u16)> {
    run.match_indices('第').find_map(|(at, _)| leading_article(run.get(at..)?)).map(|(number, sub, ..)| (number, sub))
}

/// What a text may be as a whole: a code, a number, a day. The same for what an editor writes and what a person types.
///
/// ```
/// use yima_search::asked::identifiers;
/// assert_eq!(identifiers("青屿人社发〔2025〕12号"), identifiers("青屿人社发 2025 12 号"));
/// assert_eq!(identifiers("2025年3月1日").first(), identifiers("2025-03-01").first());
/// ```
#[must_use]
pub fn identifiers(text: &str) -> Vec<String> {
    let folded = fold(text);
    let bare = bare(&folded);
    let mut found = Vec::new();
    // What has no digit is no identifier.
    if bare.is_empty() || !bare.bytes().any(|byte| byte.is_ascii_digit()) && Code::parse(text.trim()).is_err() {
        return found;
    }
    if let Ok(code) = Code::parse(text.trim()) {
        found.push(code.to_string().to_ascii_lowercase());
    }
    if let Some(day) = day(&folded) {
        found.push(iso(day));
    }
    if !found.contains(&bare) {
        found.push(bare);
    }
    found
}

/// A whole day however it is written: 2025年3月1日, 2025-3-1, 2025.03.01, 20250301.
fn day(folded: &str) -> Option<Date> {
    let parts: Vec<&str> = folded.split(|ch: char| !ch.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let others = folded.chars().filter(|ch| !ch.is_ascii_digit());
    if !others.clone().all(|ch| matches!(ch, '年' | '月' | '日' | '号' | '-' | '.' | '/' | ' ')) {
        return None;
    }
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        &[year, month, day] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(entries: &[(&str, &[&str])]) -> Vec<Words> {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let mut words: Vec<Words> =
            entries.iter().map(|(say, means)| Words { say: (*say).to_owned(), means: own(means) }).collect();
        words.sort();
        words
    }

    #[test]
    fn numbers_of_articles_are_looked_for_in_both_digits() {
        let asked = Asked::new("租房补贴 第15条", &[]);
        assert_eq!(asked.article, Some((15, 0)));
        assert_eq!(asked.phrases[1].spellings, ["第15条", "第十五条"]);
        assert_eq!(
            spellings("依据第二十条之一和第3条"),
            ["依据第二十条之一和第3条", "依据第20条之1和第3条", "依据第二十条之一和第三条"]
        );
        assert_eq!(spellings("第一"), ["第一"]);
    }

    #[test]
    fn the_table_speaks_for_the_longest_words() {
        let words = words(&[("社保", &["社会保险"]), ("交社保", &["参保缴费"]), ("怎么", &["办理流程"])]);
        let asked = Asked::new("怎么交社保", &words);
        let understood: Vec<&str> = asked.understood.iter().map(|words| words.say.as_str()).collect();
        assert_eq!(understood, ["怎么", "交社保"]);
        let weight = |text: &str| {
            let mut chars = text.chars();
            let (first, second) = (chars.next().unwrap(), chars.next().map(Second::from));
            asked.grams.iter().find(|gram| (gram.first, gram.second) == (first, second)).map(|gram| gram.weight)
        };
        assert_eq!(weight("社保"), Some(1.0));
        assert_eq!(weight("怎么"), Some(STOP));
        // What a word means that every question has counts as little as the word.
        assert_eq!(weight("办理").unwrap(), STOP * weight("参保").unwrap());
        assert_eq!(weight("社会"), None);
    }

    #[test]
    fn days_and_numbers_are_alike_however_they_are_typed() {
        for typed in ["2025年3月1日", "2025-03-01", "2025/3/1", "2025.3.1", "20250301", "２０２５年３月１日"]
        {
            assert!(identifiers(typed).contains(&"2025-03-01".to_owned()), "{typed}: {:?}", identifiers(typed));
        }
        assert!(identifiers("租房补贴").is_empty());
        assert_eq!(identifiers("2025年13月1日").len(), 1);
    }

    #[test]
    fn ten_thousand_characters_cost_no_more_than_two_hundred() {
        let typed: String = (0..10_000_u32).filter_map(|at| char::from_u32(0x4E00 + at)).collect();
        let asked = Asked::new(&typed, &[]);
        assert!(asked.grams.len() <= 2 * MAX_TEXT && asked.phrases.len() == 1);
        assert_eq!(asked.phrases[0].spellings[0].chars().count(), MAX_TEXT);
    }

    #[test]
    fn nothing_is_nothing() {
        for typed in ["", "  ", "？！……", "《》", "\u{0}\u{202E}"] {
            assert!(Asked::new(typed, &[]).is_empty(), "{typed:?}");
        }
    }
}
