//! Pages from which a model learns what comes after what.

use std::collections::BTreeMap;

use super::{Members, Plan, SealError};

/// Example pages of one kind, and of all kinds.
const EXAMPLES: usize = 240;
const ALL_EXAMPLES: usize = 900;

/// Whole groups that are examples: so many, or of so many groups one if that is less; and of so many pages each.
const GROUPS: usize = 40;
const GROUPS_PART: usize = 40;
const PAGES: core::ops::RangeInclusive<usize> = 8..=60;

/// Paths and texts of some pages of one group.
type Pages = Vec<(String, String)>;

/// From what a model learns.
#[derive(Debug)]
pub(super) struct Examples {
    /// Pages from everywhere.
    pub(super) pages: Vec<Pages>,
    /// Whole groups.
    pub(super) groups: Vec<Pages>,
}

impl Examples {
    /// Some pages of every kind, and some groups such as there are most.
    pub(super) fn of<E>(
        plan: &Plan,
        groups: &[&Members<'_>],
        read: &impl Fn(usize) -> Result<Vec<u8>, E>,
    ) -> Result<Self, SealError<E>> {
        Ok(Self { pages: pages(plan, groups, read)?, groups: whole(plan, groups, read)? })
    }
}

/// Groups of a usual size, from everywhere.
fn whole<E>(
    plan: &Plan,
    groups: &[&Members<'_>],
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<Vec<Pages>, SealError<E>> {
    let usual: Vec<&Members<'_>> = groups.iter().copied().filter(|group| PAGES.contains(&group.places.len())).collect();
    let count = (usual.len() / GROUPS_PART).min(GROUPS);
    let chosen = (0..count).filter_map(|number| usual.get(usual.len() * (2 * number + 1) / (2 * count)));
    let page = |place: &usize| {
        let text = String::from_utf8(read(*place).map_err(SealError::Read)?);
        let entry = plan.entries.get(*place);
        // A group with what is no text is none to learn from.
        Ok(text.ok().zip(entry).map(|(text, entry)| (entry.path.clone(), text)))
    };
    let pages = chosen.map(|group| group.places.iter().map(page).collect::<Result<Option<Pages>, SealError<E>>>());
    Ok(pages.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Some pages of every kind, from everywhere. The kind of a page is the shape of its path.
fn pages<E>(
    plan: &Plan,
    groups: &[&Members<'_>],
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<Vec<Pages>, SealError<E>> {
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
