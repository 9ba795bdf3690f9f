//! Questions that ask the same in nearly the same words, found without comparing all with all.
//!
//! A question is asked by its title and by its variants. Each is folded, and what only makes it a question goes: 请问,
//! 能不能, 吗 and the like. What is left is compared as a set of pairs of characters, with Dice's coefficient.
//!
//! The threshold is 0.85. One character more or less in a question of ten keeps it at 0.86 and above; one character
//! exchanged in a question of up to fourteen takes it below, and such a pair mostly asks about another thing: 养老 and
//! 医疗, 迁入 and 迁出, 二孩 and 三孩. Sets that are that much alike must share one of their rarest members, so only the
//! rarest are looked up (prefix filtering: Chaudhuri, Ganti, Kaushik, ICDE 2006).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use yima_search::normalise;
use yima_search::text::bare;

/// How much alike the pairs of characters of two questions must be.
const ALIKE: f64 = 0.85;
/// Fewer pairs than this are compared as a whole or not at all.
const FEWEST: usize = 5;
/// How many others a question is paired with, so that a thousand copies of one question stay a thousand pairs.
const MOST: usize = 8;

/// What makes a sentence a question or polite; the longer first.
const STOPS: &[(&str, &str)] = &[
    ("我想咨询一下", ""),
    ("我想问一下", ""),
    ("可以不可以", ""),
    ("想问一下", ""),
    ("咨询一下", ""),
    ("请问一下", ""),
    ("我想了解", ""),
    ("可不可以", ""),
    ("需不需要", ""),
    ("想了解", ""),
    ("我想问", ""),
    ("麻烦问", ""),
    ("能不能", ""),
    ("是不是", ""),
    ("有没有", ""),
    ("要不要", ""),
    ("行不行", ""),
    ("可以吗", ""),
    ("请问", ""),
    ("您好", ""),
    ("你好", ""),
    ("能否", ""),
    ("可否", ""),
    ("是否", ""),
    ("可以", ""),
    ("能够", ""),
    ("行吗", ""),
    ("一下", ""),
    ("现在", ""),
    ("目前", ""),
    ("到底", ""),
    ("究竟", ""),
    ("能", ""),
    ("吗", ""),
    ("呢", ""),
    ("呀", ""),
    ("啊", ""),
    ("吧", ""),
    ("么", ""),
    ("的", ""),
    ("了", ""),
    ("我", ""),
    ("咱", ""),
    ("俺", ""),
    ("您", ""),
    ("你", ""),
];

/// Words of one meaning: the second is kept; the longer first.
const SAME: &[(&str, &str)] = &[
    ("什么时候", "何时"),
    ("啥时候", "何时"),
    ("几时", "何时"),
    ("怎么样", "如何"),
    ("怎样", "如何"),
    ("怎么", "如何"),
    ("咋", "如何"),
    ("多少钱", "多少"),
    ("几多", "多少"),
    ("多长时间", "多久"),
    ("几天", "多久"),
    ("啥", "什么"),
    ("在哪里", "哪里"),
    ("去哪里", "哪里"),
    ("在哪儿", "哪里"),
    ("去哪儿", "哪里"),
    ("在哪", "哪里"),
];

/// What any question may ask about: a question of these alone is about nothing in particular.
const GENERAL: &[&str] = &[
    "何时", "如何", "多少", "多久", "哪里", "哪些", "什么", "需要", "办理", "申请", "申报", "领取", "材料", "条件",
    "流程", "手续", "标准", "时间", "期限", "电话", "地址", "补贴", "补助", "政策", "到账", "打钱", "发放", "查询",
    "进度", "报名", "截止", "咨询", "费用", "收费", "符合", "怎", "谁", "几", "要", "领", "办", "发", "钱", "有", "是",
    "在", "去", "可", "吧", "这", "那", "个", "会", "不", "还", "没", "到",
];

/// A question as it is compared.
pub(super) struct Asked<'a> {
    /// Title and variants.
    pub(super) title: &'a str,
    pub(super) variants: &'a [String],
    /// Only questions of different groups are paired.
    pub(super) group: &'a str,
}

/// Two questions that ask the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
    /// Whether their titles do; else a variant of one of them is involved.
    pub(super) by_title: bool,
}

/// All pairs of questions of different groups that ask the same, in order. `place` is left out of the questions: the
/// city's name says nothing in its own city.
pub(super) fn pairs(questions: &[Asked<'_>], place: &str) -> Vec<Pair> {
    // Text → who asks so, and whether in the title.
    let folded: Vec<Vec<(String, bool)>> = questions.par_iter().map(|asked| folded(asked, place)).collect();
    let mut texts: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
    for (ix, own) in folded.into_iter().enumerate() {
        for (text, is_title) in own {
            let askers = texts.entry(text).or_default();
            if askers.last().is_none_or(|last| last.0 != ix) {
                askers.push((ix, is_title));
            }
        }
    }
    let mut found = Found { questions, pairs: BTreeMap::new(), count: vec![0; questions.len()] };
    for askers in texts.values() {
        found.add(askers, askers);
    }
    for (a, b) in near(&texts) {
        found.add(a, b);
    }
    found.pairs.into_iter().map(|((first, second), by_title)| Pair { first, second, by_title }).collect()
}

/// The ways in which a question is asked, and whether that is its title; without those that could be asked of anything.
fn folded(asked: &Asked<'_>, place: &str) -> Vec<(String, bool)> {
    let variants = asked.variants.iter().map(|text| (text.as_str(), false));
    let all = std::iter::once((asked.title, true)).chain(variants);
    all.map(|(text, is_title)| (kept(text, place), is_title)).filter(|(text, _)| is_particular(text)).collect()
}

/// How much alike two questions are, from 0 to 1.
pub(super) fn likeness(a: &str, b: &str, place: &str) -> f64 {
    let (a, b) = (bigrams(&kept(a, place)), bigrams(&kept(b, place)));
    dice(a.intersection(&b).count(), a.len(), b.len())
}

struct Found<'a> {
    questions: &'a [Asked<'a>],
    pairs: BTreeMap<(usize, usize), bool>,
    count: Vec<usize>,
}

impl Found<'_> {
    fn add(&mut self, these: &[(usize, bool)], those: &[(usize, bool)]) {
        for &(a, a_title) in these {
            for &(b, b_title) in those {
                if self.count[a] >= MOST {
                    break;
                }
                if a == b || self.questions[a].group == self.questions[b].group || self.count[b] >= MOST {
                    continue;
                }
                let by_title = a_title && b_title;
                let mut new = false;
                let known = self.pairs.entry((a.min(b), a.max(b))).or_insert_with(|| {
                    new = true;
                    by_title
                });
                *known |= by_title;
                if new {
                    self.count[a] += 1;
                    self.count[b] += 1;
                }
            }
        }
    }
}

/// A question without what makes it one.
fn kept(text: &str, place: &str) -> String {
    let mut text = bare(&normalise(text));
    let short = place.strip_suffix('市').unwrap_or(place);
    for name in [place, short] {
        // A city of one character would be cut out of other words.
        if name.chars().count() > 1 {
            text = text.replace(name, "");
        }
    }
    let text = replaced(&text, SAME);
    let text = replaced(&text, STOPS);
    // 可以申请不？
    text.trim_end_matches('不').to_owned()
}

/// The text with every word on the left replaced by the one on the right, the first that fits at each place.
fn replaced(text: &str, words: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        match words.iter().find(|(word, _)| rest.starts_with(word)) {
            Some((word, other)) => {
                out.push_str(other);
                rest = &rest[word.len()..];
            }
            None => {
                out.push(ch);
                rest = &rest[ch.len_utf8()..];
            }
        }
    }
    out
}

/// Whether a question is about something: 什么时候打钱 is asked of everything.
fn is_particular(kept: &str) -> bool {
    let mut rest = kept;
    let mut left = 0;
    while let Some(ch) = rest.chars().next() {
        match GENERAL.iter().find(|word| rest.starts_with(**word)) {
            Some(word) => rest = &rest[word.len()..],
            None => {
                left += 1;
                rest = &rest[ch.len_utf8()..];
            }
        }
    }
    left >= 2
}

type Bigram = (char, char);

fn bigrams(text: &str) -> BTreeSet<Bigram> {
    text.chars().zip(text.chars().skip(1)).collect()
}

/// Figures tell questions apart: 2025年 and 2026年, 60岁 and 65岁.
fn digits(text: &str) -> Vec<&str> {
    text.split(|ch: char| !ch.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect()
}

fn dice(shared: usize, a: usize, b: usize) -> f64 {
    // Exact: a question has at most a few thousand pairs.
    let of = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    if a + b == 0 { 0.0 } else { 2.0 * of(shared) / of(a + b) }
}

type Askers<'t> = &'t [(usize, bool)];

/// Texts that are nearly, and not quite, the same.
fn near(texts: &BTreeMap<String, Vec<(usize, bool)>>) -> Vec<(Askers<'_>, Askers<'_>)> {
    let sets: Vec<(&String, Askers<'_>, BTreeSet<Bigram>)> = texts
        .par_iter()
        .map(|(text, askers)| (text, askers.as_slice(), bigrams(text)))
        .filter(|(_, _, set)| set.len() >= FEWEST)
        .collect();
    // The rarer a pair of characters, the lower its rank.
    let mut all: Vec<Bigram> = sets.iter().flat_map(|(_, _, set)| set.iter().copied()).collect();
    all.par_sort_unstable();
    let mut frequency: Vec<(usize, Bigram)> = all.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    frequency.sort_unstable();
    let mut ranks: Vec<(Bigram, usize)> = frequency.iter().enumerate().map(|(rank, &(_, pair))| (pair, rank)).collect();
    ranks.sort_unstable();
    let rank = |pair: &Bigram| {
        let place = ranks.binary_search_by(|(other, _)| other.cmp(pair)).ok();
        place.and_then(|place| ranks.get(place)).map(|(_, rank)| *rank)
    };
    let ranked: Vec<Vec<usize>> = sets
        .par_iter()
        .map(|(_, _, set)| {
            let mut ranked: Vec<usize> = set.iter().filter_map(rank).collect();
            ranked.sort_unstable();
            ranked
        })
        .collect();
    let mut index: Vec<Vec<usize>> = vec![Vec::new(); frequency.len()];
    let mut found = Vec::new();
    for (ix, set) in ranked.iter().enumerate() {
        let rarest = &set[..prefix(set.len())];
        let mut candidates: Vec<usize> = rarest.iter().flat_map(|&rank| index[rank].iter().copied()).collect();
        candidates.sort_unstable();
        candidates.dedup();
        for other in candidates {
            let others = &ranked[other];
            // The most two sets of these sizes can share.
            if dice(set.len().min(others.len()), set.len(), others.len()) >= ALIKE
                && dice(shared(set, others), set.len(), others.len()) >= ALIKE
                && digits(sets[ix].0) == digits(sets[other].0)
            {
                found.push((sets[other].1, sets[ix].1));
            }
        }
        for &rank in rarest {
            index[rank].push(ix);
        }
    }
    found
}

/// How many members two sorted sets share.
fn shared(a: &[usize], b: &[usize]) -> usize {
    let (mut a, mut b, mut count) = (a.iter().peekable(), b.iter().peekable(), 0);
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let order = x.cmp(y);
        count += usize::from(order.is_eq());
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
    }
    count
}

/// How many of the rarest members of a set of this size must be looked at, so that no set that is alike is missed: two
/// alike sets share at least `ALIKE / (2 - ALIKE)` of either.
fn prefix(size: usize) -> usize {
    let size_f = u32::try_from(size).map_or(f64::INFINITY, f64::from);
    let shared = (size_f * ALIKE / (2.0 - ALIKE) - 1e-9).ceil();
    (0..=size).find(|&left| u32::try_from(size - left).is_ok_and(|rest| f64::from(rest) < shared)).unwrap_or(size)
}

#[cfg(test)]
mod tests;
