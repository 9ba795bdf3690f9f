//! Varints, string columns and the checksum.

use super::DecodeError;

/// Collects bytes.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// LEB128: seven bits a byte, the lowest first.
    pub(super) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push((value & 0x7F) as u8);
    }

    pub(super) fn size(&mut self, value: usize) {
        self.varint(value as u64);
    }

    /// A signed number near zero, either side: 0, −1, 1, −2, …
    pub(super) fn signed(&mut self, value: i64) {
        self.varint((value << 1 ^ value >> 63).cast_unsigned());
    }

    /// All lengths, then all bytes.
    pub(super) fn strings<'a>(&mut self, strings: impl Iterator<Item = &'a str> + Clone) {
        for string in strings.clone() {
            self.size(string.len());
        }
        for string in strings {
            self.0.extend_from_slice(string.as_bytes());
        }
    }
}

/// Takes bytes apart. Every method answers whatever the bytes are.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(DecodeError::Malformed("一节的长度超出文件"))?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn byte(&mut self) -> Result<u8, DecodeError> {
        let (&byte, rest) = self.0.split_first().ok_or(DecodeError::Malformed("一节提前结束"))?;
        self.0 = rest;
        Ok(byte)
    }

    pub(super) fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::Malformed("数字过长"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, DecodeError> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// How many things follow. Each takes at least one byte, so a count beyond what is left is wrong, and memory
    /// asked for by count stays in proportion to the file.
    pub(super) fn count(&mut self) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        if count > self.0.len() { Err(DecodeError::Malformed("条数超出文件")) } else { Ok(count) }
    }

    /// `count` numbers, each below `limit`.
    pub(super) fn numbers(&mut self, count: usize, limit: usize) -> Result<Vec<usize>, DecodeError> {
        let mut numbers = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            let number = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
            if number >= limit {
                return Err(DecodeError::Malformed("编号超出范围"));
            }
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// `count` strings: all lengths, then all bytes.
    pub(super) fn strings(&mut self, count: usize) -> Result<Vec<String>, DecodeError> {
        let lengths = self.numbers(count, usize::MAX)?;
        let total = lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length));
        let bytes = self.take(total.unwrap_or(usize::MAX))?;
        let text = core::str::from_utf8(bytes).map_err(|_| DecodeError::Malformed("文字不是 UTF-8"))?;
        let mut strings = Vec::with_capacity(count);
        let mut start = 0;
        for length in lengths {
            let end = start + length;
            strings.push(text.get(start..end).ok_or(DecodeError::Malformed("文字在字符中间断开"))?.to_owned());
            start = end;
        }
        Ok(strings)
    }
}

/// CRC-32C: polynomial 1EDC6F41, reflected, all ones in and out.
pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0_u32; 256];
        let mut index = 0;
        while index < 256 {
            let mut rest = index as u32;
            let mut bit = 0;
            while bit < 8 {
                rest = if rest & 1 == 1 { rest >> 1 ^ 0x82F6_3B78 } else { rest >> 1 };
                bit += 1;
            }
            table[index] = rest;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(u32::MAX, |crc, &byte| crc >> 8 ^ TABLE[((crc ^ u32::from(byte)) & 0xFF) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_has_its_published_values() {
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
        assert_eq!(crc32c(&[0xFF; 32]), 0x62A8_AB43);
    }

    proptest! {
        #[test]
        fn numbers_round_trip(value in 0_u64..1 << 62, signed in -(1_i64 << 61)..1 << 61) {
            let mut writer = Writer::default();
            writer.varint(value);
            writer.signed(signed);
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.varint(), Ok(value));
            prop_assert_eq!(reader.signed(), Ok(signed));
            prop_assert!(reader.is_empty());
        }
    }

    #[test]
    fn a_number_that_never_ends_is_an_error() {
        assert!(Reader(&[0xFF; 20]).varint().is_err());
        assert!(Reader(&[0xFF; 3]).varint().is_err());
    }
}
