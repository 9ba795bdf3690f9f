//! Repeatable chance: SplitMix64 (Steele, Lea, Flood 2014). The same seed gives the same city on every machine.

/// A stream of numbers that look random.
pub(crate) struct Random(u64);

impl Random {
    /// The stream of a seed; `stream` separates the records, so that one more of a kind does not change the others.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The widening product instead of a remainder: no number is preferred noticeably.
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// Yes, in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// A number between `low` and `high`, likeliest in the middle: the sum of two dice.
    pub(crate) fn triangular(&mut self, low: usize, high: usize) -> usize {
        let half = (high - low) / 2;
        low + self.below(half + 1) + self.below(high - low - half + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn same_seed_same_stream() {
        let draw = |seed, stream| {
            let mut random = Random::new(seed, stream);
            (0..20).map(|_| random.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn triangular_stays_within_and_meets_its_mean() {
        let mut random = Random::new(7, 0);
        let draws: Vec<usize> = (0..20_000).map(|_| random.triangular(600, 2700)).collect();
        assert!(draws.iter().all(|draw| (600..=2700).contains(draw)));
        let mean = draws.iter().sum::<usize>() / draws.len();
        assert!((1630..=1670).contains(&mean), "{mean}");
    }
}
