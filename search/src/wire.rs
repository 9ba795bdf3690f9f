//! What every file of this crate has in common: the header, varints, string columns, the checksum.
//!
//! ```text
//! offset  size  what
//!      0     8  magic: 89 'Y' 'I' 'M' 'A' and three letters for the format
//!      8     2  version, little endian
//!     10     4  length of the payload, little endian
//!     14     4  CRC-32C of the payload, little endian
//!     18        payload
//! ```
//!
//! CRC-32C (Castagnoli; RFC 3720 appendix B.4) because it is small, has published test values, and finds every burst
//! of up to 32 wrong bits, which is what a broken transfer or a bad disk leaves. It does not prove who wrote the file;
//! that is the business of the signed manifest.

use core::fmt;

/// A kind of file: what it starts with, and the version this crate writes and reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    /// The first bytes.
    pub(crate) magic: [u8; 8],
    /// The version.
    pub(crate) version: u16,
}

/// Bytes before the payload.
pub(crate) const HEADER: usize = 18;

impl Format {
    /// Puts the header before a payload.
    pub(crate) fn seal(self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + payload.len());
        bytes.extend(self.magic);
        bytes.extend(self.version.to_le_bytes());
        // A payload of 4 GiB is far beyond any city; the reader would call it truncated.
        bytes.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(crc32c(payload).to_le_bytes());
        bytes.extend(payload);
        bytes
    }

    /// The payload behind a header that fits it. Checked in the order in which things go wrong: magic, version, length,
    /// checksum.
    pub(crate) fn unseal(self, bytes: &[u8]) -> Result<&[u8], DecodeError> {
        // A fuzzer should meet the readers, not the checksum before them.
        if cfg!(fuzzing) {
            return Ok(bytes);
        }
        let (magic, rest) = bytes.split_at_checked(self.magic.len()).unwrap_or((bytes, &[]));
        if magic.is_empty() || !self.magic.starts_with(magic) {
            return Err(DecodeError::Foreign);
        }
        let truncated = |wanted| DecodeError::Truncated { found: bytes.len(), wanted };
        let (&version, rest) = rest.split_first_chunk().ok_or(truncated(HEADER))?;
        let version = u16::from_le_bytes(version);
        if version != self.version {
            return Err(DecodeError::OtherVersion { found: version, wanted: self.version });
        }
        let (&length, rest) = rest.split_first_chunk().ok_or(truncated(HEADER))?;
        let (&checksum, payload) = rest.split_first_chunk().ok_or(truncated(HEADER))?;
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        if payload.len() < length {
            return Err(truncated(HEADER.saturating_add(length)));
        }
        if payload.len() > length {
            return Err(DecodeError::Trailing { surplus: payload.len() - length });
        }
        if crc32c(payload) != u32::from_le_bytes(checksum) {
            return Err(DecodeError::Damaged);
        }
        Ok(payload)
    }
}

/// Why bytes are not the file they should be. Its text is for the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The first bytes are those of something else, such as an error page.
    Foreign,
    /// A file of another version: page and data come from different builds.
    OtherVersion {
        /// The version of the bytes.
        found: u16,
        /// The version this program reads.
        wanted: u16,
    },
    /// The bytes stop too early.
    Truncated {
        /// How many bytes there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// More bytes than the header says.
    Trailing {
        /// How many bytes too many.
        surplus: usize,
    },
    /// The checksum does not fit: bytes changed on the way.
    Damaged,
    /// The checksum fits and the content is impossible: a fault of the program that wrote it.
    Malformed(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => write!(f, "取到的不是目录数据"),
            Self::OtherVersion { found, wanted } => {
                write!(f, "目录数据是第 {found} 版，本页程序需要第 {wanted} 版")
            }
            Self::Truncated { found, wanted } => write!(f, "目录数据不完整：应有 {wanted} 字节，只有 {found} 字节"),
            Self::Trailing { surplus } => write!(f, "目录数据末尾多出 {surplus} 字节"),
            Self::Damaged => write!(f, "目录数据损坏：校验值不符"),
            Self::Malformed(what) => write!(f, "目录数据有误：{what}"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Collects bytes.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    /// LEB128: seven bits a byte, the lowest first.
    pub(crate) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push((value & 0x7F) as u8);
    }

    pub(crate) fn size(&mut self, value: usize) {
        self.varint(value as u64);
    }

    /// A signed number near zero, either side: 0, −1, 1, −2, …
    pub(crate) fn signed(&mut self, value: i64) {
        self.varint((value << 1 ^ value >> 63).cast_unsigned());
    }

    /// All lengths, then all bytes.
    pub(crate) fn strings<'a>(&mut self, strings: impl Iterator<Item = &'a str> + Clone) {
        for string in strings.clone() {
            self.size(string.len());
        }
        for string in strings {
            self.0.extend_from_slice(string.as_bytes());
        }
    }
}

/// Takes bytes apart. Every method answers whatever the bytes are.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(DecodeError::Malformed("一节的长度超出文件"))?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, DecodeError> {
        let (&byte, rest) = self.0.split_first().ok_or(DecodeError::Malformed("一节提前结束"))?;
        self.0 = rest;
        Ok(byte)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, DecodeError> {
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

    pub(crate) fn signed(&mut self) -> Result<i64, DecodeError> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// How many things follow. Each takes at least one byte, so a count beyond what is left is wrong, and memory
    /// asked for by count stays in proportion to the file.
    pub(crate) fn count(&mut self) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        if count > self.0.len() { Err(DecodeError::Malformed("条数超出文件")) } else { Ok(count) }
    }

    /// `count` numbers, each below `limit`.
    pub(crate) fn numbers(&mut self, count: usize, limit: usize) -> Result<Vec<usize>, DecodeError> {
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
    pub(crate) fn strings(&mut self, count: usize) -> Result<Vec<String>, DecodeError> {
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
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
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
