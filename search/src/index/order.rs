//! What is alike, side by side: an order of things by the features they share.
//!
//! Files hold neighbours, so that an order decides how many files a question touches. Recursive graph bisection (Dhulipala
//! and others, Compressing Graphs and Indexes with Recursive Graph Bisection, KDD 2016): things are halved again and
//! again, and those are exchanged between two halves that make the lists of the features shorter to write. All in whole
//! numbers, so that every machine finds the same order.

use core::ops::Range;

/// Parts as small as this are not halved again: a file holds more.
const SMALLEST: usize = 16;

/// How often things are exchanged between two halves, at most.
const ROUNDS: usize = 8;

/// Bits behind the point of a logarithm.
const POINT: u32 = 12;

/// Numbers of the things, those with like features side by side. The same features give the same order.
#[must_use]
pub fn by_likeness<F: Ord + Copy>(features: &[Vec<F>]) -> Vec<usize> {
    let mut likeness = Likeness::new(features);
    while likeness.step() {}
    likeness.into_order()
}

/// An order that is being made, a little at a time.
#[derive(Debug)]
pub struct Likeness {
    halves: Halves,
    /// The things as they came, in the order in which the halving found them.
    start: Vec<usize>,
    order: Vec<usize>,
    /// Parts that are still to be halved, the next one last.
    parts: Vec<Range<usize>>,
    /// The part that is being halved, and how often things were exchanged.
    part: Option<(Range<usize>, usize)>,
}

impl Likeness {
    /// Begins with the features of the things.
    #[must_use]
    pub fn new<F: Ord + Copy>(features: &[Vec<F>]) -> Self {
        let (mut lists, count) = numbered(features);
        // Begins with those side by side that share their rarest feature: two halves that are alike in everything would
        // have nothing to gain.
        let mut often = vec![0_u32; count];
        for &feature in lists.iter().flatten() {
            if let Some(number) = often.get_mut(feature as usize) {
                *number += 1;
            }
        }
        let rarest =
            |list: &Vec<u32>| list.iter().map(|&feature| (often.get(feature as usize).copied(), feature)).min();
        let mut start: Vec<usize> = (0..lists.len()).collect();
        start.sort_by_cached_key(|&thing| (lists.get(thing).and_then(rarest), thing));
        lists = start.iter().filter_map(|&thing| lists.get_mut(thing).map(core::mem::take)).collect();
        let order: Vec<usize> = (0..lists.len()).collect();
        let halves = Halves {
            lists,
            logs: (0..u32::try_from(features.len()).unwrap_or(u32::MAX).saturating_add(2)).map(log2).collect(),
            left: vec![0; count],
            right: vec![0; count],
            gains: vec![(0, 0); count],
            present: Vec::new(),
        };
        let whole = 0..order.len();
        Self { halves, start, order, parts: vec![whole], part: None }
    }

    /// Exchanges things between two halves once; whether there is more to do.
    pub fn step(&mut self) -> bool {
        let Some((part, rounds)) = self.part.take() else {
            // What is small enough is not halved again.
            while let Some(part) = self.parts.pop() {
                if part.len() > SMALLEST
                    && let Some(things) = self.order.get(part.clone())
                {
                    self.halves.count(things, part.len() / 2);
                    self.part = Some((part, 0));
                    return true;
                }
            }
            return false;
        };
        let middle = part.len() / 2;
        let things = self.order.get_mut(part.clone()).unwrap_or_default();
        if self.halves.exchange(things, middle) && rounds + 1 < ROUNDS {
            self.part = Some((part, rounds + 1));
            return true;
        }
        self.halves.forget();
        let (left, right) = things.split_at_mut(middle);
        // In the order they came, so that what is alike in everything stays in order.
        left.sort_unstable();
        right.sort_unstable();
        let middle = part.start + middle;
        self.parts.extend([middle..part.end, part.start..middle]);
        true
    }

    /// Numbers of the things in the order found.
    #[must_use]
    pub fn into_order(self) -> Vec<usize> {
        self.order.into_iter().filter_map(|at| self.start.get(at).copied()).collect()
    }
}

/// Features as numbers; those that only one thing has tell nothing and are left out.
fn numbered<F: Ord + Copy>(features: &[Vec<F>]) -> (Vec<Vec<u32>>, usize) {
    let mut all: Vec<F> = features
        .iter()
        .flat_map(|own| {
            let mut own = own.clone();
            own.sort_unstable();
            own.dedup();
            own
        })
        .collect();
    all.sort_unstable();
    let shared: Vec<F> =
        all.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).filter_map(|same| same.first().copied()).collect();
    let number = |feature: &F| shared.binary_search(feature).ok().and_then(|at| u32::try_from(at).ok());
    let lists = features.iter().map(|own| {
        let mut own: Vec<u32> = own.iter().filter_map(number).collect();
        own.sort_unstable();
        own.dedup();
        own
    });
    (lists.collect(), shared.len())
}

/// Two halves of a part, and how many things in each have a feature.
#[derive(Debug)]
struct Halves {
    lists: Vec<Vec<u32>>,
    logs: Vec<i64>,
    left: Vec<u32>,
    right: Vec<u32>,
    /// What it gains when one thing with the feature goes over: from the left, from the right.
    gains: Vec<(i64, i64)>,
    /// The features of the part.
    present: Vec<u32>,
}

impl Halves {
    /// Counts the features of both halves.
    fn count(&mut self, things: &[usize], middle: usize) {
        for (place, &thing) in things.iter().enumerate() {
            let side = if place < middle { &mut self.left } else { &mut self.right };
            for &feature in self.lists.get(thing).into_iter().flatten() {
                if let Some(number) = side.get_mut(feature as usize) {
                    *number += 1;
                }
                self.present.push(feature);
            }
        }
        self.present.sort_unstable();
        self.present.dedup();
    }

    /// Forgets what was counted.
    fn forget(&mut self) {
        for feature in self.present.drain(..) {
            for side in [&mut self.left, &mut self.right] {
                if let Some(number) = side.get_mut(feature as usize) {
                    *number = 0;
                }
            }
        }
    }

    /// Exchanges things between the halves as long as both together gain; whether any was.
    fn exchange(&mut self, things: &mut [usize], middle: usize) -> bool {
        let (on_left, on_right) = (middle, things.len() - middle);
        for &feature in &self.present {
            let feature = feature as usize;
            let (Some(&left), Some(&right), Some(gain)) =
                (self.left.get(feature), self.right.get(feature), self.gains.get_mut(feature))
            else {
                continue;
            };
            let cost = |left: u32, right: u32| {
                let side = |number: u32, all: usize| {
                    let log = |of: usize| self.logs.get(of).copied().unwrap_or_default();
                    i64::from(number) * (log(all) - log(number as usize + 1))
                };
                side(left, on_left) + side(right, on_right)
            };
            let now = cost(left, right);
            let over = if left > 0 { now - cost(left - 1, right + 1) } else { 0 };
            let back = if right > 0 { now - cost(left + 1, right - 1) } else { 0 };
            *gain = (over, back);
        }
        let gain = |thing: usize, from_left: bool| -> i64 {
            let own =
                self.lists.get(thing).into_iter().flatten().filter_map(|&feature| self.gains.get(feature as usize));
            own.map(|(over, back)| if from_left { over } else { back }).sum()
        };
        let mut ranked: Vec<(i64, usize)> =
            things.iter().enumerate().map(|(place, &thing)| (gain(thing, place < middle), thing)).collect();
        let (left, right) = ranked.split_at_mut(middle);
        let most_first = |a: &(i64, usize), b: &(i64, usize)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        left.sort_unstable_by(most_first);
        right.sort_unstable_by(most_first);
        let mut exchanged = false;
        for (a, b) in left.iter_mut().zip(right.iter_mut()).take_while(|(a, b)| a.0 + b.0 > 0) {
            core::mem::swap(a, b);
            exchanged = true;
            for (thing, went_right) in [(a.1, false), (b.1, true)] {
                for &feature in self.lists.get(thing).into_iter().flatten() {
                    let step = |side: &mut Vec<u32>, up: bool| {
                        if let Some(number) = side.get_mut(feature as usize) {
                            *number = if up { *number + 1 } else { number.saturating_sub(1) };
                        }
                    };
                    step(&mut self.left, !went_right);
                    step(&mut self.right, went_right);
                }
            }
        }
        for (place, (_, thing)) in things.iter_mut().zip(ranked) {
            *place = thing;
        }
        exchanged
    }
}

/// Logarithm to base 2 of a whole number, with [`POINT`] bits behind the point; of nothing, nothing.
fn log2(number: u32) -> i64 {
    let Some(whole) = number.checked_ilog2() else { return 0 };
    // The fraction bit by bit: squaring doubles a logarithm.
    let mut rest = (u64::from(number) << 31) >> whole;
    let mut log = i64::from(whole);
    for _ in 0..POINT {
        rest = (rest * rest) >> 31;
        log <<= 1;
        if rest >= 1 << 32 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_thing_has_one_place(features in vec(vec(0_u8..40, 0..6), 0..120)) {
            let mut order = by_likeness(&features);
            prop_assert_eq!(&order, &by_likeness(&features));
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..features.len()));
        }
    }

    #[test]
    fn kinds_that_came_mixed_stand_apart() {
        // Eight kinds, each with ten words of its own, of which each thing has four, and one word that all have.
        let thing = |at: usize| {
            let kind = at * 7 % 8;
            (0..4).map(|word| kind * 10 + (at / 8 + word * 3) % 10).chain([99]).collect::<Vec<usize>>()
        };
        let features: Vec<Vec<usize>> = (0..256).map(thing).collect();
        let order = by_likeness(&features);
        let kinds: Vec<usize> = order.iter().map(|&at| at * 7 % 8).collect();
        let changes = kinds.windows(2).filter(|two| two[0] != two[1]).count();
        assert!(changes <= 24, "{changes} changes: {kinds:?}");
    }

    #[test]
    fn logarithms_are_whole_numbers() {
        assert_eq!([0, 1, 2, 8].map(log2), [0, 0, 1 << POINT, 3 << POINT]);
        for number in 1..5_000_u32 {
            let exact = f64::from(number).log2() * f64::from(1 << POINT);
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let found = log2(number) as f64;
            assert!((exact - found).abs() <= 1.5, "{number}: {found} for {exact}");
        }
    }
}
