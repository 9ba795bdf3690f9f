//! Several opinions on one decision, weighed by how right they were of late: logistic mixing, after Mahoney (PAQ, 2005),
//! in whole numbers, so that every machine comes to the same.

use std::sync::LazyLock;

/// Steps of a probability on the logistic scale: ±[`LIMIT`] is ±8 in natural units.
const LIMIT: i32 = 2047;

/// The logistic curve at -16..=16 halves, of 4,096.
const CURVE: [i32; 33] = [
    1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901,
    3975, 4024, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
];

/// From the logistic scale to a probability, of 4,096.
const fn squash(opinion: i32) -> i32 {
    if opinion >= LIMIT {
        return 4095;
    }
    if opinion <= -LIMIT {
        return 1;
    }
    let place = ((opinion >> 7) + 16) as usize;
    let part = opinion & 127;
    (CURVE[place] * (128 - part) + CURVE[place + 1] * part + 64) >> 7
}

/// The way back, for all 4,096 probabilities. Made where it is used: in the module that devices download it would take
/// more bytes than what makes it.
static STRETCHED: LazyLock<[i16; 4096]> = LazyLock::new(|| {
    let mut stretched = [LIMIT as i16; 4096];
    let (mut place, mut opinion) = (0, -LIMIT);
    while opinion <= LIMIT {
        let end = squash(opinion);
        while place <= end {
            stretched[place as usize] = opinion as i16;
            place += 1;
        }
        opinion += 1;
    }
    stretched
});

/// How fast a counter follows after so many decisions: 65,536 / (n + 1.6).
const RATES: [i32; 256] = {
    let mut rates = [0; 256];
    let mut place = 0;
    while place < 256 {
        rates[place] = (655_360 / (10 * place + 16)) as i32;
        place += 1;
    }
    rates
};

/// How often a decision was yes: 22 bits of probability, and how many decisions that is based on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter(u32);

impl Default for Counter {
    fn default() -> Self {
        Self(1 << 31)
    }
}

impl Counter {
    /// What it says, on the logistic scale.
    pub(crate) fn opinion(self) -> i32 {
        STRETCHED[(self.0 >> 20) as usize] as i32
    }

    /// Whether it was ever asked.
    pub(crate) const fn is_fresh(self) -> bool {
        self.0 & 0x3FF == 0
    }

    /// Learns a decision; the old ones never count for more than `limit` (below 256).
    pub(crate) const fn learn(&mut self, bit: bool, limit: u32) {
        const TOP: i32 = (1 << 22) - 1;
        let count = self.0 & 0x3FF;
        let chance = (self.0 >> 10) as i32;
        let apart = (if bit { TOP } else { 0 }) - chance;
        let step = ((apart >> 3) as i64 * RATES[(count & 0xFF) as usize] as i64) >> 13;
        let chance = chance + step as i32;
        let chance = if chance < 0 {
            0
        } else if chance > TOP {
            TOP
        } else {
            chance
        };
        self.0 = (chance as u32) << 10 | (count + (count < limit) as u32);
    }
}

/// How much each of `N` opinions weighs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights<const N: usize>([i32; N]);

impl<const N: usize> Weights<N> {
    /// The same for all, of 100.
    pub(crate) const fn new(percent: i32) -> Self {
        Self([65_536 * percent / 100; N])
    }

    /// What the opinions come to: a probability of 4,096, from 1 to 4,095.
    pub(crate) fn mix(&self, opinions: &[i32; N]) -> i32 {
        let sum: i64 =
            self.0.iter().zip(opinions).map(|(weight, opinion)| i64::from(*weight) * i64::from(*opinion)).sum();
        squash((sum >> 16).clamp(-i64::from(LIMIT), i64::from(LIMIT)) as i32)
    }

    /// Trusts those more that were right.
    pub(crate) fn learn(&mut self, opinions: &[i32; N], mixed: i32, bit: bool, rate: i32) {
        let error = ((if bit { 4095 } else { 0 }) - mixed) * rate;
        for (weight, opinion) in self.0.iter_mut().zip(opinions) {
            *weight = weight.saturating_add((opinion * error + 0x2000) >> 14);
        }
    }
}

/// A probability of 4,096 as the coder takes it: how likely `false` is, of 65,536.
pub(crate) const fn of_false(mixed: i32) -> u16 {
    (65_536 - (mixed << 4 | 8)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_goes_there_and_back() {
        for (place, opinion) in (0..).zip(*STRETCHED) {
            let back = squash(opinion.into());
            assert!((back - place).abs() <= 1 + place.min(4096 - place) / 16, "{place} → {opinion} → {back}");
        }
        assert!(STRETCHED.is_sorted());
    }

    #[test]
    fn who_is_right_weighs_more() {
        let (mut counters, mut weights) = ([Counter::default(); 2], Weights::<2>::new(30));
        let mut mixed = 0;
        for round in 0..2_000_u32 {
            // The second one is asked about a coin.
            let (bit, coin) = (round % 7 != 0, round.wrapping_mul(0x9E37_79B1) >> 31 == 1);
            let opinions = counters.map(Counter::opinion);
            mixed = weights.mix(&opinions);
            weights.learn(&opinions, mixed, bit, 6);
            counters[0].learn(bit, 255);
            counters[1].learn(coin, 255);
        }
        assert!((3_200..3_800).contains(&mixed), "{mixed} of 4096 for six of seven");
        assert!(counters[0].opinion() > counters[1].opinion() + 200);
    }
}
