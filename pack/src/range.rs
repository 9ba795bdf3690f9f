//! A binary range coder with adaptive probabilities, as in LZMA: every decision costs what it tells.

/// Bits of a probability.
const BITS: u32 = 16;

/// How fast a probability follows.
const RATE: u32 = 5;

/// Below this the range is widened by a byte.
const TOP: u32 = 1 << 24;

/// How likely a decision is `false`, of 65,536; adapts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(u16);

impl Default for Chance {
    fn default() -> Self {
        Self(1 << 15)
    }
}

impl Chance {
    fn learn(&mut self, bit: bool) {
        if bit {
            self.0 -= self.0 >> RATE;
        } else {
            self.0 += (u16::MAX - self.0) >> RATE;
        }
        // Never certain: a surprise must stay possible.
        self.0 = self.0.clamp(48, u16::MAX - 48);
    }
}

/// The part of a range that is for `false`.
fn bound(range: u32, no: u16) -> u32 {
    (range >> BITS) * u32::from(no)
}

/// One side of a conversation in yes and no: who writes passes decisions through, who reads is told them.
pub(crate) trait Coder {
    /// A decision; `no` is how likely `false` is, of 65,536, and not 0. A reader does not look at `bit`.
    fn decide(&mut self, no: u16, bit: bool) -> bool;

    /// A decision whose chance adapts.
    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool {
        let bit = self.decide(chance.0, bit);
        chance.learn(bit);
        bit
    }

    /// A number below `1 << bits` as a walk down a tree of `1 << bits` chances.
    fn tree(&mut self, chances: &mut [Chance], bits: u32, number: u32) -> u32 {
        let mut node = 1_usize;
        for place in (0..bits).rev() {
            let Some(chance) = chances.get_mut(node) else { return 0 };
            let bit = self.bit(chance, number >> place & 1 == 1);
            node = node << 1 | usize::from(bit);
        }
        u32::try_from(node).unwrap_or(0) & ((1 << bits) - 1)
    }

    /// A number from 0 on, small ones cheap: how many bits it has, then the bits (Elias gamma).
    fn number(&mut self, chances: &mut Gamma, number: u32) -> u32 {
        let number = number.saturating_add(1);
        let length = 31 - number.leading_zeros();
        let length = self.tree(&mut chances.length, 5, length);
        let mut value = 1_u32;
        for place in (0..length).rev() {
            let near = usize::try_from((length << 2) + (value & 3).min(3)).unwrap_or(0);
            let top = length - place <= 2;
            let chance = chances.bits.get_mut(if top { near } else { 0 });
            let mut even = Chance::default();
            let bit = self.bit(chance.filter(|_| top).unwrap_or(&mut even), number >> place & 1 == 1);
            value = value << 1 | u32::from(bit);
        }
        value - 1
    }

    /// A number on either side of 0.
    fn signed(&mut self, chances: &mut Gamma, number: i32) -> i32 {
        let number = self.number(chances, (number << 1 ^ number >> 31).cast_unsigned());
        (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
    }
}

/// Chances of a number of any size.
#[derive(Clone, Debug)]
pub(crate) struct Gamma {
    length: [Chance; 32],
    bits: [Chance; 132],
}

impl Default for Gamma {
    fn default() -> Self {
        Self { length: [Chance::default(); 32], bits: [Chance::default(); 132] }
    }
}

/// Writes decisions.
#[cfg(any(test, feature = "seal"))]
pub(crate) struct Encoder {
    low: u64,
    range: u32,
    cache: u8,
    pending: usize,
    out: Vec<u8>,
}

#[cfg(any(test, feature = "seal"))]
impl Encoder {
    pub(crate) const fn new() -> Self {
        Self { low: 0, range: u32::MAX, cache: 0, pending: 0, out: Vec::new() }
    }

    fn shift(&mut self) {
        let carry = self.low >> 32;
        if carry == 1 || (self.low as u32) < 0xFF00_0000 {
            // The first byte is always 0 and says nothing; it is taken off at the end.
            self.out.push(self.cache.wrapping_add(carry as u8));
            for _ in 0..self.pending {
                self.out.push(0xFF_u8.wrapping_add(carry as u8));
            }
            self.pending = 0;
            self.cache = (self.low >> 24) as u8;
        } else {
            self.pending += 1;
        }
        self.low = u64::from((self.low as u32) << 8);
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        // Of all that would do, what ends in most zeros.
        let end = self.low + u64::from(self.range) - 1;
        let bits = (0..=32).rev().find(|bits| end >> bits << bits >= self.low).unwrap_or(0);
        self.low = end >> bits << bits;
        for _ in 0..5 {
            self.shift();
        }
        self.out.remove(0);
        // A reader takes what is missing for zeros.
        while self.out.last() == Some(&0) {
            self.out.pop();
        }
        self.out
    }
}

#[cfg(any(test, feature = "seal"))]
impl Coder for Encoder {
    fn decide(&mut self, no: u16, bit: bool) -> bool {
        let bound = bound(self.range, no);
        if bit {
            self.low += u64::from(bound);
            self.range -= bound;
        } else {
            self.range = bound;
        }
        while self.range < TOP {
            self.range <<= 8;
            self.shift();
        }
        bit
    }
}

/// Reads decisions. Any bytes are some decisions; bytes that are missing are zeros.
#[derive(Debug)]
pub(crate) struct Decoder {
    code: u32,
    range: u32,
    bytes: Vec<u8>,
    at: usize,
    /// Zeros taken beyond the end.
    beyond: usize,
}

impl Decoder {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut decoder = Self { code: 0, range: u32::MAX, bytes: bytes.to_vec(), at: 0, beyond: 0 };
        for _ in 0..4 {
            decoder.code = decoder.code << 8 | u32::from(decoder.next());
        }
        decoder
    }

    fn next(&mut self) -> u8 {
        match self.bytes.get(self.at) {
            Some(&byte) => {
                self.at += 1;
                byte
            }
            None => {
                self.beyond += 1;
                0
            }
        }
    }

    /// Whether so much was read beyond the end that the bytes cannot be what was written.
    pub(crate) const fn is_lost(&self) -> bool {
        self.beyond > 64
    }
}

impl Coder for Decoder {
    fn decide(&mut self, no: u16, _: bool) -> bool {
        let bound = bound(self.range, no);
        let bit = self.code >= bound;
        if bit {
            self.code -= bound;
            self.range -= bound;
        } else {
            self.range = bound;
        }
        while self.range < TOP {
            self.range <<= 8;
            self.code = self.code << 8 | u32::from(self.next());
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(numbers in prop::collection::vec((any::<u32>(), any::<i32>(), 0_u32..32), 0..300)) {
            let numbers: Vec<_> = numbers.into_iter().map(|(a, b, c)| (a >> (a & 31), b >> (a & 31), c)).collect();
            let mut encoder = Encoder::new();
            let (mut gamma, mut signed, mut tree) = (Gamma::default(), Gamma::default(), [Chance::default(); 32]);
            for &(a, b, c) in &numbers {
                encoder.number(&mut gamma, a.min(u32::MAX - 1));
                encoder.signed(&mut signed, b);
                encoder.tree(&mut tree, 5, c);
            }
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            let (mut gamma, mut signed, mut tree) = (Gamma::default(), Gamma::default(), [Chance::default(); 32]);
            for &(a, b, c) in &numbers {
                prop_assert_eq!(decoder.number(&mut gamma, 0), a.min(u32::MAX - 1));
                prop_assert_eq!(decoder.signed(&mut signed, 0), b);
                prop_assert_eq!(decoder.tree(&mut tree, 5, 0), c);
            }
            prop_assert!(!decoder.is_lost());
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut decoder = Decoder::new(&bytes);
            let mut gamma = Gamma::default();
            for _ in 0..10_000 {
                decoder.number(&mut gamma, 0);
                decoder.signed(&mut gamma, 0);
            }
        }
    }

    #[test]
    fn what_is_expected_costs_little() {
        let mut encoder = Encoder::new();
        let mut chance = Chance::default();
        for _ in 0..10_000 {
            encoder.bit(&mut chance, false);
        }
        assert!(encoder.finish().len() < 30);
    }
}
