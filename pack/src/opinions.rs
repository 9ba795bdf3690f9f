//! Decisions on which several contexts have an opinion each: what was decided there before, weighed by who was right of
//! late ([`crate::mix`]).

use crate::mix::{Counter, Weights, of_false};
use crate::range::Coder;

/// Bits of a number that are guessed, behind the one that says how long it is; the rest is as good as chance.
const TOP_BITS: u32 = 2;

/// Bits of the length of a number.
const LENGTH_BITS: u32 = 5;

/// How much every opinion counts at first, in percent.
const WEIGHT: i32 = 30;

/// Contexts that may have an opinion on one decision.
const WIDEST: usize = 7;

/// Sets of weights that numbers and trees of up to 12 bits need.
pub(crate) const SETS: usize = 12;

/// What some contexts say of a decision. For however many there are it is the same code: the worker that reads packs is to
/// be small.
#[derive(Clone, Debug)]
pub(crate) struct Opinions {
    /// For each context `1 << bits` counters, found by hash.
    counters: Vec<Counter>,
    bits: u32,
    weights: Vec<Weights<WIDEST>>,
    /// The old decisions never count for more than so many.
    limit: u32,
    /// How fast weights follow who was right.
    rate: i32,
}

impl Opinions {
    /// Of so many contexts, at most [`WIDEST`].
    pub(crate) fn new(contexts: usize, bits: u32, sets: usize, (limit, rate): (u32, i32)) -> Self {
        let (counters, weights) = (vec![Counter::default(); contexts << bits], vec![Weights::new(WEIGHT); sets]);
        Self { counters, bits, weights, limit, rate }
    }

    /// Forgets what the context at a place has seen.
    pub(crate) fn forget(&mut self, context: usize) {
        let counters = self.counters.get_mut(context << self.bits..(context + 1) << self.bits);
        counters.into_iter().for_each(|counters| counters.fill(Counter::default()));
    }

    /// A decision at a node of whatever is said, with weights of that number.
    #[inline(never)]
    pub(crate) fn decide<C: Coder>(
        &mut self,
        coder: &mut C,
        contexts: &[u64],
        node: u32,
        set: usize,
        bit: bool,
    ) -> bool {
        let salt = u64::from(node).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (mut places, mut opinions) = ([usize::MAX; WIDEST], [0; WIDEST]);
        let slots = places.iter_mut().zip(&mut opinions);
        for ((context, (place, opinion)), first) in contexts.iter().zip(slots).zip((0..).step_by(1 << self.bits)) {
            let mut hash = (context ^ salt).wrapping_mul(0x2545_F491_4F6C_DD1D);
            hash ^= hash >> 32;
            let slot = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - self.bits);
            *place = first + usize::try_from(slot).unwrap_or(0);
            let counter = self.counters.get(*place).filter(|counter| !counter.is_fresh());
            *opinion = counter.map_or(0, |counter| counter.opinion());
        }
        let Some(weights) = self.weights.get_mut(set) else { return false };
        let mixed = weights.mix(&opinions);
        let bit = coder.decide(of_false(mixed), bit);
        weights.learn(&opinions, mixed, bit, self.rate);
        for place in places {
            self.counters.get_mut(place).into_iter().for_each(|counter| counter.learn(bit, self.limit));
        }
        bit
    }

    /// A number below `1 << bits`, bit by bit from the top.
    pub(crate) fn tree<C: Coder>(&mut self, coder: &mut C, contexts: &[u64], bits: u32, number: u32) -> u32 {
        let mut node = 1_u32;
        for (set, place) in (0..bits).rev().enumerate() {
            let bit = self.decide(coder, contexts, node, set, number >> place & 1 == 1);
            node = node << 1 | u32::from(bit);
        }
        node & ((1 << bits) - 1)
    }

    /// A number from 0 on: how many bits it has, then the bits (Elias gamma).
    pub(crate) fn number<C: Coder>(&mut self, coder: &mut C, contexts: &[u64], number: u32) -> u32 {
        let number = number.saturating_add(1);
        let length = self.tree(coder, contexts, LENGTH_BITS, 31 - number.leading_zeros());
        let mut value = 1_u32;
        for place in (0..length).rev() {
            let bit = number >> place & 1 == 1;
            let bit = if length - place <= TOP_BITS {
                // Apart from the nodes of the length.
                let node = (length + 1) << 16 | value;
                self.decide(coder, contexts, node, LENGTH_BITS as usize + (length - place) as usize, bit)
            } else {
                coder.decide(1 << 15, bit)
            };
            value = value << 1 | u32::from(bit);
        }
        value - 1
    }

    /// A number on either side of 0.
    pub(crate) fn signed<C: Coder>(&mut self, coder: &mut C, contexts: &[u64], number: i32) -> i32 {
        let number = self.number(coder, contexts, (number << 1 ^ number >> 31).cast_unsigned());
        (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::{Decoder, Encoder};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_said_is_heard(said in prop::collection::vec((any::<u32>(), any::<i32>(), 0_u32..4096, any::<bool>()), 0..60)) {
            let fresh = || Opinions::new(2, 8, SETS, (60, 14));
            let (mut opinions, mut encoder) = (fresh(), Encoder::new());
            for (place, &(number, signed, tree, bit)) in (0..).zip(&said) {
                opinions.number(&mut encoder, &[0, place % 3], number);
                opinions.signed(&mut encoder, &[1, place % 5], signed);
                opinions.tree(&mut encoder, &[2, place % 2], 12, tree);
                opinions.decide(&mut encoder, &[3, 3], 1, 0, bit);
            }
            let bytes = encoder.finish();
            let (mut opinions, mut decoder) = (fresh(), Decoder::new(&bytes));
            for (place, &(number, signed, tree, bit)) in (0..).zip(&said) {
                prop_assert_eq!(opinions.number(&mut decoder, &[0, place % 3], 0), number.min(u32::MAX - 1));
                prop_assert_eq!(opinions.signed(&mut decoder, &[1, place % 5], 0), if signed == i32::MIN { i32::MAX } else { signed });
                prop_assert_eq!(opinions.tree(&mut decoder, &[2, place % 2], 12, 0), tree);
                prop_assert_eq!(opinions.decide(&mut decoder, &[3, 3], 1, 0, false), bit);
            }
        }
    }

    #[test]
    fn what_follows_from_one_context_costs_little() {
        let (mut opinions, mut encoder) = (Opinions::new(3, 10, SETS, (60, 14)), Encoder::new());
        for round in 0..1_000_u64 {
            // The second context knows; the others do not.
            let kind = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 61;
            opinions.tree(&mut encoder, &[0, kind, round], 12, (kind as u32) * 500);
        }
        assert!(encoder.finish().len() < 500);
    }
}
