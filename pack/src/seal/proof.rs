//! What was sealed, read back.

use rayon::prelude::*;

use super::{Plan, SealError};
use crate::reader::{Answer, HIDDEN, Reader};
use crate::release::Sha;

/// Reads these pages back, neighbours together. `object` gives the bytes at a path of the release.
pub(super) fn prove<'o, E: Send>(
    plan: &Plan,
    groups: &[Vec<usize>],
    manifest: Sha,
    object: &(impl Fn(&str) -> Option<&'o [u8]> + Sync),
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(), SealError<E>> {
    let differs = |path: &str| SealError::Differs(path.to_owned());
    let bytes = object(&manifest.path()).ok_or_else(|| differs("manifest"))?;
    // Few readers: each learns the dictionary for itself.
    let share = groups.len().div_ceil(2 * rayon::current_num_threads()).max(1);
    groups.par_chunks(share).try_for_each(|groups| {
        let mut reader = Reader::new(bytes, manifest).map_err(|_| differs("manifest"))?;
        let places = groups.iter().flatten();
        for (place, entry) in places.filter_map(|&place| Some((place, plan.entries.get(place)?))) {
            let found = loop {
                let hidden = entry.path.starts_with(HIDDEN);
                let answer = if hidden { reader.hidden(&entry.path) } else { reader.answer(&entry.path) };
                match answer.map_err(|_| differs(&entry.path))? {
                    Answer::Wanted(objects) => {
                        for wanted in objects {
                            let named = reader.manifest().objects.get(wanted).ok_or_else(|| differs(&entry.path))?;
                            let bytes = object(&named.path).ok_or_else(|| differs(&entry.path))?.to_vec();
                            reader.supply(wanted, bytes).map_err(|_| differs(&entry.path))?;
                        }
                    }
                    Answer::Found(found) => break found,
                    Answer::Moved(_) | Answer::Missing => return Err(differs(&entry.path)),
                }
            };
            if found.class != entry.class || found.bytes != read(place).map_err(SealError::Read)? {
                return Err(differs(&entry.path));
            }
        }
        Ok(())
    })
}
