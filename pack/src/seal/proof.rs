//! What was sealed, read back.

use rayon::prelude::*;

use super::{Members, Plan, SealError, Sealed};
use crate::reader::{Answer, Reader};
use crate::release::Sha;

/// Reads every packed page back.
pub(super) fn prove<E: Send>(
    plan: &Plan,
    groups: &[Members<'_>],
    sealed: &Sealed,
    sha: Sha,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(), SealError<E>> {
    let differs = |path: &str| SealError::Differs(path.to_owned());
    let manifest = sealed.objects.get(&sha.path()).ok_or_else(|| differs("manifest"))?;
    // Few readers: each learns the dictionary for itself.
    let share = groups.len().div_ceil(2 * rayon::current_num_threads()).max(1);
    groups.par_chunks(share).try_for_each(|groups| {
        let mut reader = Reader::new(manifest, sha).map_err(|_| differs("manifest"))?;
        let places = groups.iter().flat_map(|group| &group.places);
        for (place, entry) in places.filter_map(|&place| Some((place, plan.entries.get(place)?))) {
            let found = loop {
                match reader.answer(&entry.path).map_err(|_| differs(&entry.path))? {
                    Answer::Wanted(objects) => {
                        for object in objects {
                            let named = reader.manifest().objects.get(object).ok_or_else(|| differs(&entry.path))?;
                            let bytes = sealed.objects.get(&named.path).ok_or_else(|| differs(&entry.path))?.clone();
                            reader.supply(object, bytes).map_err(|_| differs(&entry.path))?;
                        }
                    }
                    Answer::Found(found) => break found,
                    Answer::Moved(_) | Answer::Missing => return Err(differs(&entry.path)),
                }
            };
            if found.bytes != read(place).map_err(SealError::Read)? {
                return Err(differs(&entry.path));
            }
        }
        Ok(())
    })
}
