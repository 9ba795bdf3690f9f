//! The ids of all policies ⇄ bytes: where a list of favourites finds its records.

use crate::wire::{DecodeError, Format, Reader, Writer};

const FORMAT: Format = Format { magic: *b"\x89YIMAIDS", version: 1 };

/// The bytes of the ids of all policies, in order.
#[must_use]
pub fn encode<'a>(ids: impl ExactSizeIterator<Item = &'a str> + Clone) -> Vec<u8> {
    let mut out = Writer::default();
    out.size(ids.len());
    out.strings(ids);
    FORMAT.seal(&out.0)
}

/// The ids [`encode`] wrote. Total: whatever the bytes, it answers.
///
/// # Errors
/// [`DecodeError`] says what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Vec<String>, DecodeError> {
    let mut reader = Reader(FORMAT.unseal(bytes)?);
    let count = reader.count()?;
    let ids = reader.strings(count)?;
    if reader.is_empty() { Ok(ids) } else { Err(DecodeError::Malformed("有一节重复或过长")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let ids = ["2024-a", "2025-b"];
        let bytes = encode(ids.iter().copied());
        assert_eq!(decode(&bytes), Ok(ids.map(str::to_owned).to_vec()));
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err());
        }
    }
}
