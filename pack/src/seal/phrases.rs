//! Phrases: strings of the frame that often follow each other become one (byte pair encoding, after Gage 1994, over
//! strings instead of bytes). A page of a thousand strings becomes one of a hundred, which is read in a tenth of the time.

use std::collections::{BTreeMap, BTreeSet};

use crate::day::Day;
use crate::model::FRAME_BITS;
use crate::page::cut;

/// A pair must come so often in the example pages to become one.
const OFTEN: u64 = 12;

/// Pairs joined in one go, at most; those after the first must come half as often as it.
const AT_ONCE: usize = 64;

/// Strings of the frame and what they make together.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Node and next string → node.
    next: BTreeMap<(u32, u32), u32>,
    /// The phrase that ends at a node.
    ends: Vec<Option<u32>>,
}

impl Phrases {
    /// Learns from runs of strings and how often each came. Adds the phrases to `frame`, behind the strings.
    pub(super) fn learn(frame: &mut Vec<String>, runs: &BTreeMap<Vec<u32>, u64>) -> Self {
        let most: usize = (1 << FRAME_BITS) - 1;
        let mut parts: Vec<Vec<u32>> = (0..).take(frame.len()).map(|number| vec![number]).collect();
        let mut runs: Vec<(Vec<u32>, u64)> = runs.iter().map(|(run, count)| (run.clone(), *count)).collect();
        loop {
            let joined = pairs(&runs, most.saturating_sub(parts.len()));
            if joined.is_empty() {
                break;
            }
            let mut numbers = BTreeMap::new();
            for pair in joined {
                let part = |number: u32| parts.get(number as usize).cloned().unwrap_or_default();
                numbers.insert(pair, u32::try_from(parts.len()).unwrap_or(u32::MAX));
                let both = [part(pair.0), part(pair.1)].concat();
                parts.push(both);
            }
            for (run, _) in &mut runs {
                *run = join(run, &numbers);
            }
        }
        let mut phrases = Self { next: BTreeMap::new(), ends: vec![None] };
        let strings = frame.len();
        for (number, part) in parts.iter().enumerate() {
            if number >= strings {
                let text = part.iter().filter_map(|string| frame.get(*string as usize)).map(String::as_str).collect();
                frame.push(text);
            }
            phrases.add(part, u32::try_from(number).unwrap_or(u32::MAX));
        }
        phrases
    }

    /// Those of a dictionary: what is cut into several of its strings is one of them. `string` is told of the others.
    pub(super) fn of(frame: &[String], string: &mut impl FnMut(&str, u32)) -> Self {
        // No page has been built on this day, so that nothing is cut around it.
        let day = Day::of("0000-00-00");
        let mut numbers = BTreeMap::new();
        let mut phrases = Self { next: BTreeMap::new(), ends: vec![None] };
        for (number, text) in (0..).zip(frame) {
            let pieces: Vec<&str> = cut(text, &day).map(|piece| piece.1).collect();
            if pieces.len() < 2 {
                numbers.insert(text.as_str(), number);
                string(text, number);
                phrases.add(&[number], number);
            } else if let Some(part) =
                pieces.iter().map(|piece| numbers.get(piece).copied()).collect::<Option<Vec<u32>>>()
            {
                phrases.add(&part, number);
            }
        }
        phrases
    }

    fn add(&mut self, part: &[u32], number: u32) {
        let mut node = 0;
        for string in part {
            let fresh = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
            node = *self.next.entry((node, *string)).or_insert(fresh);
            if node == fresh {
                self.ends.push(None);
            }
        }
        if let Some(end) = self.ends.get_mut(node as usize) {
            *end = Some(number);
        }
    }

    /// A run as phrases, always the longest one that fits.
    pub(super) fn in_run<'a>(&'a self, run: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        let mut rest = run;
        std::iter::from_fn(move || {
            let mut found = (*rest.first()?, 1);
            let mut node = 0;
            for (at, string) in rest.iter().enumerate() {
                let Some(&next) = self.next.get(&(node, *string)) else { break };
                node = next;
                if let Some(Some(number)) = self.ends.get(node as usize) {
                    found = (*number, at + 1);
                }
            }
            rest = rest.get(found.1..).unwrap_or_default();
            Some(found.0)
        })
    }
}

/// The pairs to be joined next: the most frequent ones that have nothing in common.
fn pairs(runs: &[(Vec<u32>, u64)], room: usize) -> Vec<(u32, u32)> {
    let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (run, count) in runs {
        for pair in run.windows(2) {
            if let [a, b] = pair {
                *counts.entry((*a, *b)).or_default() += count;
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= OFTEN).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let least = counts.first().map_or(0, |(_, count)| count / 2);
    let mut used = BTreeSet::new();
    let mut pairs = Vec::new();
    for (pair, count) in counts {
        if count < least || pairs.len() >= AT_ONCE.min(room) {
            break;
        }
        if !used.contains(&pair.0) && !used.contains(&pair.1) {
            used.extend([pair.0, pair.1]);
            pairs.push(pair);
        }
    }
    pairs
}

fn join(run: &[u32], numbers: &BTreeMap<(u32, u32), u32>) -> Vec<u32> {
    let mut joined = Vec::with_capacity(run.len());
    let mut rest = run;
    while let [first, after @ ..] = rest {
        match after.first().and_then(|second| numbers.get(&(*first, *second))) {
            Some(number) => {
                joined.push(*number);
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                joined.push(*first);
                rest = after;
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_together_becomes_one() {
        let mut frame: Vec<String> = ["<", "p", ">", "b"].map(str::to_owned).to_vec();
        let runs = BTreeMap::from([(vec![0, 1, 2], 40), (vec![0, 3, 2], 20), (vec![2], 99)]);
        let phrases = Phrases::learn(&mut frame, &runs);
        let text = |run: &[u32]| phrases.in_run(run).map(|number| frame[number as usize].clone()).collect::<Vec<_>>();
        assert_eq!(text(&[0, 1, 2]), ["<p>"]);
        assert_eq!(text(&[0, 3, 2, 1]).concat(), "<b>p");
        assert_eq!(text(&[]), Vec::<String>::new());
    }
}
