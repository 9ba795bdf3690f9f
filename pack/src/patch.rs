//! From the manifest of one release to that of the next: most of its lines are the same.
//!
//! ```text
//! digest of the old manifest (32 bytes) · bytes of the steps · the steps, compressed · digests, 32 bytes each
//! step copy     twice the number of lines, the first of them in the old manifest
//! step lines    twice their bytes plus one, the bytes
//! ```
//!
//! Digests are half of what is new, and nothing makes them smaller but to write them as bytes: in the lines of a step, 1
//! stands for the next of them, 2 and 3 for the first 16 or 8 letters of the last one, which names of files have.
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
    let mut input = Reader(steps);
    let steps = inflate(input.bytes()?)?;
    let mut digests = Digests { rest: input.0, last: String::new() };
    let lines: Vec<&[u8]> = old.split_inclusive(|byte| *byte == b'\n').collect();
    let mut input = Reader(&steps);
    let mut new = Vec::with_capacity(length.min(old.len() + 3 * steps.len()));
    while !input.0.is_empty() {
        let size = input.size()?;
        if size & 1 == 1 {
            digests.write(input.take(size >> 1)?, &mut new)?;
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

/// Digests that stand apart from the lines that name them.
struct Digests<'a> {
    rest: &'a [u8],
    /// The last one, as text.
    last: String,
}

/// How many letters of the last digest a byte from 2 on stands for.
const LETTERS: [usize; 2] = [16, 8];

impl Digests<'_> {
    /// Writes lines with the digests they name.
    fn write(&mut self, lines: &[u8], new: &mut Vec<u8>) -> Option<()> {
        for &byte in lines {
            match byte {
                1 => {
                    let (digest, rest) = self.rest.split_first_chunk::<32>()?;
                    (self.last, self.rest) = (Sha(*digest).to_string(), rest);
                    new.extend(self.last.bytes());
                }
                2 | 3 => new.extend(self.last.get(..*LETTERS.get(usize::from(byte) - 2)?)?.bytes()),
                other => new.push(other),
            }
        }
        Some(())
    }
}

/// Takes the digests out of a line; what has such bytes already is no manifest.
#[cfg(feature = "seal")]
fn apart(line: &str, digests: &mut Vec<u8>) -> String {
    let digest = |word: &&str| word.len() == 64 && word.parse::<Sha>().is_ok_and(|sha| sha.to_string() == *word);
    let Some(word) = line.split(' ').find(digest) else { return line.to_owned() };
    digests.extend(word.parse::<Sha>().map_or([0; 32], |sha| sha.0));
    let mut line = line.replacen(word, "\u{1}", 1);
    for (letters, mark) in LETTERS.into_iter().zip(["\u{2}", "\u{3}"]) {
        line = line.replace(word.get(..letters).unwrap_or(word), mark);
    }
    line
}

/// The patch that makes `new` of `old`.
///
/// # Errors
/// What the compressor says.
#[cfg(feature = "seal")]
pub fn make(old: &str, new: &str) -> std::io::Result<Vec<u8>> {
    use std::collections::BTreeMap;

    let (lines, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let places: BTreeMap<&str, usize> = lines.iter().copied().zip(0..).collect();
    let (mut out, mut digests) = (crate::bytes::Writer::default(), Vec::new());
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
            let lines: String = rest.iter().take(count).map(|line| apart(line, &mut digests)).collect();
            out.size(lines.len() << 1 | 1);
            out.0.extend_from_slice(lines.as_bytes());
        }
        rest = rest.get(count..).unwrap_or_default();
    }
    let mut patch = crate::bytes::Writer(Sha::of(old.as_bytes()).0.to_vec());
    patch.bytes(&crate::dictionary::deflate(&out.0)?);
    patch.0.extend(digests);
    Ok(patch.0)
}

#[cfg(all(test, feature = "seal"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_becomes_any_other(old in "[ab\n]{0,60}", new in "[ab\n]{0,60}") {
            let patch = make(&old, &new).unwrap();
            let (old, new) = (old.as_bytes(), new.as_bytes());
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
        let patch = make(&old, &new).unwrap();
        assert!(patch.len() < 150, "{}", patch.len());
        let file = |number: usize| {
            let sha = Sha::of(&number.to_be_bytes()).to_string();
            format!("file {sha} {number} 2 16 search/bodies-{}.bin\n", &sha[..16])
        };
        let many: String = (0..100).map(file).collect();
        let patched = make(&old, &many).unwrap();
        assert!(patched.len() < 100 * 38, "{}", patched.len());
        assert_eq!(
            apply(old.as_bytes(), &patched, Sha::of(many.as_bytes()), many.len()).as_deref(),
            Some(many.as_bytes())
        );
        for cut in 0..patch.len() {
            assert_eq!(apply(old.as_bytes(), &patch[..cut], Sha::of(new.as_bytes()), new.len()), None);
        }
    }
}
