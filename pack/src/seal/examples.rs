//! Pages from which a model learns what comes after what.

use std::collections::BTreeMap;

use super::{Members, Plan, SealError};

/// Example pages of one kind, and of all kinds.
const EXAMPLES: usize = 240;
const ALL_EXAMPLES: usize = 900;

/// Example pages: some of every kind, from everywhere. The kind of a page is the shape of its path.
pub(super) fn examples<E>(
    plan: &Plan,
    groups: &[&Members<'_>],
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<Vec<Vec<(String, String)>>, SealError<E>> {
    let kind = |place: usize| {
        let path = plan.entries.get(place).map_or("", |entry| entry.path.as_str());
        let parts: Vec<&str> = path.split('/').collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default();
        (part(0), parts.len(), if parts.len() > 3 { part(2) } else { "" })
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for group in groups {
        group.places.iter().for_each(|&place| *counts.entry(kind(place)).or_default() += 1);
    }
    let mut met: BTreeMap<_, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    let mut total = 0;
    for group in groups {
        let mut pages = Vec::new();
        for &place in &group.places {
            let kind = kind(place);
            let count = counts.get(&kind).copied().unwrap_or(1);
            let number = met.entry(kind).or_default();
            let wanted = *number % count.div_ceil(EXAMPLES) == 0 && total < ALL_EXAMPLES;
            *number += 1;
            if !wanted {
                continue;
            }
            let bytes = read(place).map_err(SealError::Read)?;
            if let (Ok(text), Some(entry)) = (String::from_utf8(bytes), plan.entries.get(place)) {
                total += 1;
                pages.push((entry.path.clone(), text));
            }
        }
        chosen.push(pages);
    }
    Ok(chosen)
}
