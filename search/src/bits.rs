//! Numbers as bits: Elias gamma for small ones, Rice for gaps whose mean is known.
//!
//! Gaps of a posting list are close to geometric, for which Rice codes are within a few percent of the best possible
//! (Golomb 1966, Rice 1979); no host has to compress the files, and many do not compress `.bin`.

use crate::wire::DecodeError;

/// Collects bits, the highest of a byte first.
#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits not yet in `bytes`, right-aligned.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// The lowest `width` bits of a value; at most 32.
    pub(crate) fn bits(&mut self, value: u32, width: u32) {
        debug_assert!(width <= 32);
        let mask = (1_u64 << width) - 1;
        self.pending = self.pending << width | (u64::from(value) & mask);
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.pending >> self.count & 0xFF) as u8);
        }
    }

    /// Elias gamma of a value of at least 1: as many zeros as it has further bits, then the value.
    pub(crate) fn gamma(&mut self, value: u32) {
        let value = value.max(1);
        let further = value.ilog2();
        self.bits(0, further);
        self.bits(value, further + 1);
    }

    /// Rice with parameter `k`: the value without its lowest `k` bits in ones and a zero, then those bits.
    pub(crate) fn rice(&mut self, value: u32, k: u32) {
        let mut ones = value >> k;
        while ones >= 32 {
            self.bits(u32::MAX, 32);
            ones -= 32;
        }
        self.bits(u32::MAX, ones);
        self.bits(0, 1);
        self.bits(value, k);
    }

    /// The bytes, the last one filled up with ones: an unfinished unary number, which no reader takes for a value.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let free = 8 - self.count;
            self.bits(u32::MAX, free);
        }
        self.bytes
    }
}

/// Takes bits apart. Every method answers whatever the bytes are, and every number takes at least one bit, so that
/// what is read stays in proportion to the file.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Position in bits.
    at: usize,
}

const SHORT: DecodeError = DecodeError::Malformed("一节提前结束");

impl<'a> BitReader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Up to 56 bits from here on, left-aligned in a word; bits behind the end are zeros.
    fn window(&self) -> u64 {
        let byte = self.at / 8;
        let word = match self.bytes.get(byte..byte + 8) {
            Some(eight) => eight.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
            None => {
                let tail = self.bytes.get(byte..).unwrap_or_default();
                let word = tail.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
                if tail.is_empty() { 0 } else { word << (64 - 8 * tail.len()) }
            }
        };
        word << (self.at % 8)
    }

    fn advance(&mut self, bits: u32) -> Result<(), DecodeError> {
        self.at += bits as usize;
        if self.at > self.bytes.len() * 8 { Err(SHORT) } else { Ok(()) }
    }

    /// A value of `width` bits; at most 32.
    pub(crate) fn bits(&mut self, width: u32) -> Result<u32, DecodeError> {
        if width == 0 {
            return Ok(0);
        }
        let value = (self.window() >> (64 - width)) as u32;
        self.advance(width)?;
        Ok(value)
    }

    /// The inverse of [`BitWriter::gamma`].
    pub(crate) fn gamma(&mut self) -> Result<u32, DecodeError> {
        let further = self.window().leading_zeros();
        if further > 31 {
            return Err(DecodeError::Malformed("数字过长"));
        }
        self.advance(further)?;
        self.bits(further + 1)
    }

    /// The inverse of [`BitWriter::rice`], for values up to `limit`.
    pub(crate) fn rice(&mut self, k: u32, limit: u32) -> Result<u32, DecodeError> {
        let mut high = 0_u32;
        loop {
            let ones = self.window().leading_ones().min(32);
            high += ones;
            if high > limit >> k {
                return Err(DecodeError::Malformed("编号超出范围"));
            }
            self.advance(ones)?;
            if ones < 32 {
                break;
            }
        }
        self.advance(1)?;
        let value = high << k | self.bits(k)?;
        if value > limit { Err(DecodeError::Malformed("编号超出范围")) } else { Ok(value) }
    }

    /// Whether nothing but the filling of the last byte is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.bytes.len() * 8 < self.at + 8
    }
}

/// The Rice parameter for `count` sorted numbers below `range`: about the binary logarithm of the mean gap times ln 2.
pub(crate) fn parameter(count: u32, range: u32) -> u32 {
    let mean = u64::from(range) * 69 / (u64::from(count.max(1)) * 100);
    if mean < 1 { 0 } else { mean.ilog2() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_round_trip(values in prop::collection::vec((1_u32..1 << 20, 0_u32..12), 0..80)) {
            let mut writer = BitWriter::default();
            for &(value, k) in &values {
                writer.gamma(value);
                writer.rice(value >> 6, k);
                writer.bits(value, k);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for &(value, k) in &values {
                prop_assert_eq!(reader.gamma(), Ok(value));
                prop_assert_eq!(reader.rice(k, 1 << 20), Ok(value >> 6));
                prop_assert_eq!(reader.bits(k), Ok(value & ((1 << k) - 1)));
            }
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn whatever_the_bytes_are_the_reader_comes_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..60), k in 0_u32..31) {
            let mut reader = BitReader::new(&bytes);
            let mut read = 0;
            while reader.gamma().is_ok() && reader.rice(k, 1 << 24).is_ok() {
                read += 1;
                prop_assert!(read <= bytes.len() * 8);
            }
        }
    }

    #[test]
    fn the_filling_of_the_last_byte_is_no_number() {
        let mut writer = BitWriter::default();
        writer.gamma(1);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        assert_eq!(reader.gamma(), Ok(1));
        assert!(reader.is_at_end());
        assert!(reader.rice(0, u32::MAX).is_err());
    }

    #[test]
    fn parameters_follow_the_mean_gap() {
        assert_eq!(parameter(1, 1), 0);
        assert_eq!(parameter(1_000, 1_000), 0);
        assert_eq!(parameter(1, 1 << 20), 19);
        assert_eq!(parameter(0, 0), 0);
    }
}
