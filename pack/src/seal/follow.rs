//! A release that follows another: all packs of that one, and behind them what changed since.
//!
//! 1. every page of the release before is composed for the new day and compared with what stands there now
//! 2. what differs goes on from the group that the page is in: the strings that were had are named, not sent again, and
//!    what was learned of the group's pages is known
//! 3. an overlay says which pages are elsewhere now, and which are gone
//!
//! A device that has the release before fetches only what is behind it. What a release put behind the first packs is a
//! layer. When there are as many layers as a group may go on, the last ones become one: the release then follows an earlier
//! one than the last, whose packs devices have as well. Whether a release is cut anew instead is for [`super::seal`] to say.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::encode::Group;
use super::held::{Compared, Held};
use super::packs::{Objects, segments, tables};
use super::proof::prove;
use super::strings::Strings;
use super::{Draft, Members, Plan, SealError, Way, census, encode_group, groups, passages, site};
use crate::day::Day;
use crate::directory::{Directory, Spot};
use crate::manifest::Manifest;
use crate::reader::LONGEST;
use crate::release::{ReleaseError, Sha};
use crate::segment;
use crate::table::is_table;

/// Layers that become one, at least: what becomes one is fetched once more.
const FEWEST_MERGED: usize = LONGEST / 2;

/// A release that may be followed.
#[derive(Clone, Debug)]
pub struct Before {
    text: Vec<u8>,
    pub(super) manifest: Manifest,
    packs: Vec<Vec<u8>>,
}

impl Before {
    /// The release whose manifest has these bytes and this digest. `read` gives what stands at a path.
    ///
    /// # Errors
    /// [`ReleaseError`] when manifest or packs are not what they should be, or not there.
    pub fn new(text: &[u8], sha: Sha, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, ReleaseError> {
        if Sha::of(text) != sha {
            return Err(ReleaseError::WrongObject { path: sha.path() });
        }
        let manifest = Manifest::parse(core::str::from_utf8(text).map_err(|_| ReleaseError::Malformed)?)?;
        let pack = |(object, _): (usize, &str)| {
            let object = manifest.objects.get(object).ok_or(ReleaseError::Malformed)?;
            let bytes = read(&object.path).filter(|bytes| Sha::of(bytes) == object.sha);
            bytes.ok_or_else(|| ReleaseError::WrongObject { path: object.path.clone() })
        };
        let packs = manifest.roles().map(pack).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_vec(), manifest, packs })
    }

    /// Its manifest, as it was published.
    #[must_use]
    pub fn manifest(&self) -> &[u8] {
        &self.text
    }

    /// Where each layer ends, among the packs. An overlay is the last pack of a layer.
    fn layers(&self) -> Vec<usize> {
        self.manifest.roles().filter(|(_, role)| *role == "overlay").map(|(place, _)| place + 1).collect()
    }

    /// The same without its last layers: those that have the fewest bytes in the mean, so that what became one already
    /// stays as it is.
    fn earlier(&self) -> Self {
        let ends: Vec<usize> = std::iter::once(self.manifest.first_packs()).chain(self.layers()).collect();
        let mean = |kept: usize| {
            let bytes = ends.get(kept).and_then(|&end| self.packs.get(end..)).map_or(0, size);
            // A thousandth of a byte is exact enough.
            bytes * 1_000 / (ends.len() - 1 - kept)
        };
        let kept = (0..ends.len().saturating_sub(FEWEST_MERGED)).min_by_key(|&kept| mean(kept)).unwrap_or_default();
        let end = ends.get(kept).copied().unwrap_or_default();
        let mut earlier = self.clone();
        earlier.packs.truncate(end);
        earlier.manifest.packs.truncate(end);
        earlier
    }

    pub(super) fn pack(&self, place: usize) -> Option<&[u8]> {
        self.packs.get(place).map(Vec::as_slice)
    }

    pub(super) fn of_role<'a>(&'a self, role: &'a str) -> impl Iterator<Item = (usize, &'a [u8])> {
        let places = self.manifest.roles().filter(move |(_, other)| *other == role).map(|(place, _)| place);
        places.filter_map(|place| Some((place, self.pack(place)?)))
    }
}

fn size(packs: &[Vec<u8>]) -> usize {
    packs.iter().map(Vec::len).sum()
}

/// The plan with the classes of headers that the release before has, in their places, and its own behind them.
fn with_classes(plan: &Plan, before: &Manifest) -> Plan {
    let mut plan = plan.clone();
    let own = core::mem::replace(&mut plan.classes, before.classes.clone());
    let mut places = Vec::with_capacity(own.len());
    for class in own {
        let place = plan.classes.iter().position(|other| *other == class).unwrap_or(plan.classes.len());
        if place == plan.classes.len() {
            plan.classes.push(class);
        }
        places.push(place);
    }
    for entry in &mut plan.entries {
        entry.class = places.get(entry.class).copied().unwrap_or(entry.class);
    }
    plan
}

/// Seals a site as a release that follows another; `None` when it cannot.
pub(super) fn follow<E: Send>(
    plan: &Plan,
    before: &Before,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<Option<Draft>, SealError<E>> {
    if before.manifest.date > plan.date {
        return Ok(None);
    }
    let plan = &with_classes(plan, &before.manifest);
    let day = Day::of(&plan.date).after(&plan.day_marks);
    let Some(held) = Held::open(before, plan, &day).filter(|held| held.dictionary.host == plan.host) else {
        return Ok(None);
    };
    let Some(compared) = compare(plan, &held, &day, read)? else { return Ok(None) };
    let same: BTreeSet<usize> = compared.iter().flat_map(|compared| compared.same.iter().copied()).collect();
    let all = groups(plan);
    let changed = changed(plan, &held, all, &same);
    let members: Vec<&Members<'_>> = changed.iter().map(|(group, _)| group).collect();
    let mut strings = Strings::of(&held.dictionary.frame, &held.tables);
    census(plan, &members, &day, read)?.add_to(&mut strings);
    let site = site(plan, &strings, &day);
    let encoded = changed.par_iter().map(|(group, chain)| {
        let chain = held.chain(*chain);
        let (start, text) = held.start(chain).ok_or_else(|| SealError::Differs("release before".to_owned()))?;
        let was = |path: &str| held.spots.get(path).map(|spot| (spot.segment, spot.page));
        let mut group = encode_group(group, &site, start, was, read)?;
        group.fold(&held.dictionary.alphabet, text).map_err(SealError::Compress)?;
        Ok(group)
    });
    let encoded: Vec<Group> = encoded.collect::<Result<_, SealError<E>>>()?;

    let mut objects = Objects::new(plan);
    objects.manifest.renamed.clone_from(&held.renamed);
    keep(&mut objects, before, &held, &compared);
    let passages = passages(&site, &held.dictionary).map_err(SealError::Compress)?;
    let both: Vec<_> = members.iter().copied().zip(&encoded).collect();
    tables(&mut objects, &both, &strings, &passages, &held.dictionary, &held.needs);
    let going_on: Vec<_> = changed.iter().map(|(group, chain)| (group, held.chain(*chain))).collect();
    let spots = segments(&mut objects, &going_on, &encoded);
    let overlay = overlay(plan, &held, &same, spots);
    if !overlay.is_empty() {
        if before.layers().len() + 1 >= LONGEST {
            return follow(plan, &before.earlier(), read);
        }
        let everybody = objects.all_tiers();
        objects.pack("overlay".to_owned(), Directory::encode(&overlay).map_err(SealError::Compress)?, everybody);
    }
    // The chains that the changed pages go on from belong to their tiers, too.
    for (group, chain) in &changed {
        for part in held.chain(*chain) {
            group.tiers().for_each(|tier| objects.join(part.segment, tier + 1));
        }
    }
    objects.files(read).map_err(SealError::Read)?;
    let (draft, sha) = objects.sealed();
    let places: Vec<Vec<usize>> = members.iter().map(|group| group.places.clone()).collect();
    prove(plan, &places, sha, &|path| draft.sealed.objects.get(path).map(Vec::as_slice), read)?;
    Ok(Some(draft))
}

/// Compares all pages of the release before with what stands there now, chain by chain.
fn compare<E: Send>(
    plan: &Plan,
    held: &Held,
    day: &Day,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<Option<Vec<Compared>>, SealError<E>> {
    let mut at: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (place, entry) in plan.entries.iter().enumerate().filter(|(_, entry)| entry.way != Way::Plain) {
        if let Some(spot) = held.spots.get(&entry.path) {
            at.insert((spot.segment, spot.page), place);
        }
    }
    let path = |segment: usize, page: usize| {
        let place = *at.get(&(segment, page))?;
        Some((place, plan.entries.get(place)?.path.clone()))
    };
    let compared = held.chains.par_iter().map(|chain| {
        let mut failed = None;
        let compared = held.compare(chain, day, path, |place, bytes| match read(place) {
            Ok(now) => Some(now == bytes),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        failed.map_or(Ok(compared), |error| Err(SealError::Read(error)))
    });
    compared.collect::<Result<Option<Vec<_>>, _>>()
}

/// The groups with what changed in them, each with the chain it goes on from.
fn changed<'p>(
    plan: &'p Plan,
    held: &Held,
    groups: BTreeMap<&str, Members<'p>>,
    same: &BTreeSet<usize>,
) -> Vec<(Members<'p>, Option<usize>)> {
    let mut chain_of: BTreeMap<segment::Before, usize> = BTreeMap::new();
    for (number, chain) in held.chains.iter().enumerate() {
        chain.iter().for_each(|part| _ = chain_of.insert(*part, number));
    }
    let chain = |place: &usize| {
        let spot = held.spots.get(&plan.entries.get(*place)?.path)?;
        let group = held.segments.get(&spot.segment)?.group_of(spot.page)?;
        chain_of.get(&segment::Before { segment: spot.segment, group }).copied()
    };
    let mut taken = BTreeSet::new();
    let mut changed = Vec::new();
    for group in groups.into_values() {
        // Of two groups that come from one, the first goes on from it.
        let chain = group.places.iter().filter_map(chain).find(|chain| !taken.contains(chain));
        let kept = group.places.iter().zip(&group.ranks).filter(|(place, _)| !same.contains(place));
        let (places, ranks): (Vec<usize>, Vec<u32>) = kept.map(|(place, rank)| (*place, *rank)).unzip();
        if !places.is_empty() {
            taken.extend(chain);
            changed.push((Members { places, ranks, plan }, chain));
        }
    }
    changed
}

/// Takes all packs of the release before, each for the tiers whose pages still need it.
fn keep(objects: &mut Objects<'_>, before: &Before, held: &Held, compared: &[Compared]) {
    let plan = objects.plan;
    let mut directories = directory_tiers(plan, before);
    for (role, bytes) in before.manifest.packs.iter().zip(&before.packs) {
        let tiers = match role.strip_prefix("directory ") {
            Some(prefix) => directories.remove(prefix).unwrap_or_default(),
            None if matches!(role.as_str(), "dictionary" | "overlay") => objects.all_tiers().collect(),
            None => BTreeSet::new(),
        };
        objects.pack(role.clone(), bytes.clone(), tiers);
    }
    let tables: Vec<usize> =
        before.manifest.roles().filter(|(_, role)| is_table(role)).map(|(place, _)| place).collect();
    for (chain, compared) in held.chains.iter().zip(compared) {
        let tiers: BTreeSet<usize> = compared
            .places
            .iter()
            .filter_map(|place| plan.entries.get(*place))
            .flat_map(|entry| entry.tiers.iter().copied())
            .collect();
        for tier in tiers {
            chain.iter().for_each(|part| objects.join(part.segment, tier + 1));
            compared.tables.iter().filter_map(|at| tables.get(*at)).for_each(|&table| objects.join(table, tier + 1));
        }
    }
}

/// The tiers that look for a page in each directory, by its prefix; where a page stands in an overlay, in vain.
fn directory_tiers<'b>(plan: &Plan, before: &'b Before) -> BTreeMap<&'b str, BTreeSet<usize>> {
    let prefixes = before.manifest.packs.iter().filter_map(|role| role.strip_prefix("directory "));
    let mut tiers: BTreeMap<&str, BTreeSet<usize>> = prefixes.map(|prefix| (prefix, BTreeSet::new())).collect();
    for entry in plan.entries.iter().filter(|entry| entry.way != Way::Plain) {
        let directory = tiers.iter_mut().filter(|(prefix, _)| entry.path.starts_with(**prefix));
        if let Some((_, tiers)) = directory.max_by_key(|(prefix, _)| prefix.len()) {
            tiers.extend(&entry.tiers);
        }
    }
    tiers
}

/// Where pages are now that were elsewhere, or nowhere, before.
fn overlay(
    plan: &Plan,
    held: &Held,
    same: &BTreeSet<usize>,
    spots: Vec<(String, Spot)>,
) -> Vec<(String, Option<Spot>)> {
    let mut overlay: BTreeMap<String, Option<Spot>> = held.spots.keys().map(|path| (path.clone(), None)).collect();
    for entry in plan.entries.iter().enumerate().filter(|(place, _)| same.contains(place)).map(|(_, entry)| entry) {
        match held.spots.get(&entry.path) {
            Some(spot) if spot.class != entry.class => {
                overlay.insert(entry.path.clone(), Some(Spot { class: entry.class, ..*spot }));
            }
            _ => _ = overlay.remove(&entry.path),
        }
    }
    overlay.extend(spots.into_iter().map(|(path, spot)| (path, Some(spot))));
    overlay.into_iter().collect()
}
