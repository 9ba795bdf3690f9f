//! From the manifest of one release to that of the next: most of its lines are the same.
//!
//! ```text
//! digest of the old manifest (32 bytes) · the rest, compressed:
//!   copy     twice the number of lines, the first of them in the old manifest
//!   lines    twice their bytes plus one, the bytes
//! ```
//!
//! What comes of it is checked like a manifest that was fetched whole: by the digest that the signed note names.

use crate::bytes::Reader;
use crate::dictionary::inflate;
use crate::release::Sha;

/// Path of the patch that makes the manifest with this digest.
#[must_use]
pub fn path(manifest: Sha) -> String {
    format!("{}.patch", manifest.path())
}

/// The manifest that a patch makes of an old one: with this digest, and so many bytes at most. `None` when the patch is
/// for another old manifest, or does not make it.
#[must_use]
pub fn apply(old: &[u8], patch: &[u8], manifest: Sha, length: usize) -> Option<Vec<u8>> {
    let (digest, steps) = patch.split_first_chunk::<32>()?;
    if Sha::of(old) != Sha(*digest) {
        return None;
    }
    let steps = inflate(steps)?;
    let lines: Vec<&[u8]> = old.split_inclusive(|byte| *byte == b'\n').collect();
    let mut input = Reader(&steps);
    let mut new = Vec::with_capacity(length.min(old.len() + steps.len()));
    while !input.0.is_empty() {
        let size = input.size()?;
        if size & 1 == 1 {
            new.extend_from_slice(input.take(size >> 1)?);
        } else {
            let first = input.size()?;
            for line in lines.get(first..first.checked_add(size >> 1)?)? {
                new.extend_from_slice(line);
            }
        }
        if new.len() > length {
            return None;
        }
    }
    (Sha::of(&new) == manifest).then_some(new)
}

/// The patch that makes `new` of `old`.
///
/// # Errors
/// What the compressor says.
#[cfg(feature = "seal")]
pub fn make(old: &[u8], new: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::collections::BTreeMap;

    let split = |text| <[u8]>::split_inclusive(text, |byte: &u8| *byte == b'\n').collect::<Vec<&[u8]>>();
    let (lines, new): (Vec<&[u8]>, Vec<&[u8]>) = (split(old), split(new));
    let places: BTreeMap<&[u8], usize> = lines.iter().copied().zip(0..).collect();
    let mut out = crate::bytes::Writer::default();
    let mut rest = new.as_slice();
    while let Some(line) = rest.first() {
        let count;
        if let Some(&first) = places.get(line) {
            let old = lines.get(first..).unwrap_or_default();
            count = rest.iter().zip(old).take_while(|(new, old)| new == old).count();
            out.size(count << 1);
            out.size(first);
        } else {
            count = rest.iter().take_while(|line| !places.contains_key(*line)).count();
            let lines = rest.get(..count).unwrap_or_default().concat();
            out.size(lines.len() << 1 | 1);
            out.0.extend_from_slice(&lines);
        }
        rest = rest.get(count..).unwrap_or_default();
    }
    let mut patch = Sha::of(old).0.to_vec();
    patch.extend(crate::dictionary::deflate(&out.0)?);
    Ok(patch)
}

#[cfg(all(test, feature = "seal"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_becomes_any_other(old in "[ab\n]{0,60}", new in "[ab\n]{0,60}") {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            let patch = make(old, new).unwrap();
            prop_assert_eq!(apply(old, &patch, Sha::of(new), new.len()), Some(new.to_vec()));
            prop_assert_eq!(apply(b"other", &patch, Sha::of(new), new.len()), None);
        }

        #[test]
        fn what_is_no_patch_makes_nothing(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let with_digest = [Sha::of(b"old\n").0.as_slice(), &bytes].concat();
            for patch in [&bytes, &with_digest] {
                prop_assert_eq!(apply(b"old\n", patch, Sha::of(b"new"), 1 << 20), None);
            }
        }
    }

    #[test]
    fn a_patch_is_small() {
        let line = |number: usize| format!("pack {} {number} 0 segment\n", Sha::of(&number.to_le_bytes()));
        let old: String = (0..500).map(line).collect();
        let new: String = (0..250).chain(500..502).chain(251..500).map(line).collect();
        let patch = make(old.as_bytes(), new.as_bytes()).unwrap();
        assert!(patch.len() < 200, "{}", patch.len());
        for cut in 0..patch.len() {
            assert_eq!(apply(old.as_bytes(), &patch[..cut], Sha::of(new.as_bytes()), new.len()), None);
        }
    }
}
