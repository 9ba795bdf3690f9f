//! The pages of some records.

use crate::bytes::Reader;

/// The page at a place; none when the bytes are no segment or have no such page.
pub(crate) fn page(segment: &[u8], place: usize) -> Option<Vec<u8>> {
    let mut input = Reader(segment);
    let mut bytes = input.bytes()?;
    for _ in 0..place {
        bytes = input.bytes()?;
    }
    Some(bytes.to_vec())
}
