//! A release that follows another: all packs of that one, and behind them what changed since.
//!
//! 1. every page of the release before is composed for the new day and compared with what stands there now
//! 2. what differs goes on from the group that the page is in: the strings that were had are named, not sent again, and
//!    what was learned of the group's pages is known
//! 3. an overlay says which pages are elsewhere now, and which are gone
//!
//! A group that changes a second time goes on from where it was first, not from what it became since: lists change with
//! every release, and whoever comes from an old one should not fetch what they were in between. What nobody needs any more
//! is in no tier, but keeps its number.
//!
//! A device that has the release before fetches only what is behind it. After a while a release is cut anew.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::encode::Group;
use super::held::{Compared, Held};
use super::packs::{Objects, segments, tables};
use super::proof::prove;
use super::strings::Strings;
use super::{Members, Plan, SealError, Sealed, Way, census, encode_group, groups, passages, site};
use crate::day::Day;
use crate::directory::{Directory, Spot};
use crate::manifest::Manifest;
use crate::reader::LONGEST;
use crate::release::{ReleaseError, Sha};
use crate::segment;
use crate::table::is_table;

/// What came behind the first packs may be so many times smaller than these before a release is cut anew.
const LARGEST_PART: usize = 4;

/// A release that may be followed.
#[derive(Debug)]
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

    /// Whether it is worth to be followed, rather than that everything is cut anew.
    #[must_use]
    pub fn is_to_be_followed(&self, plan: &Plan) -> bool {
        self.manifest.date <= plan.date && self.overlays() + 1 < LONGEST && self.is_small(0)
    }

    fn overlays(&self) -> usize {
        self.manifest.roles().filter(|(_, role)| *role == "overlay").count()
    }

    /// Whether what follows the first packs, and so many bytes more, are little beside them.
    fn is_small(&self, more: usize) -> bool {
        let first = self.manifest.packs.iter().rposition(|role| role.starts_with("directory ")).map_or(0, |at| at + 1);
        let size = |packs: &[Vec<u8>]| packs.iter().map(Vec::len).sum::<usize>();
        let (first, behind) = self.packs.split_at(first.min(self.packs.len()));
        (size(behind) + more) * LARGEST_PART <= size(first)
    }

    pub(super) fn pack(&self, place: usize) -> Option<&[u8]> {
        self.packs.get(place).map(Vec::as_slice)
    }

    pub(super) fn of_role<'a>(&'a self, role: &'a str) -> impl Iterator<Item = (usize, &'a [u8])> {
        let places = self.manifest.roles().filter(move |(_, other)| *other == role).map(|(place, _)| place);
        places.filter_map(|place| Some((place, self.pack(place)?)))
    }
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

/// Seals a site as a release that follows another; `None` when too much changed for that.
pub(super) fn follow<E: Send>(
    plan: &Plan,
    before: &Before,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<Option<Sealed>, SealError<E>> {
    let plan = &with_classes(plan, &before.manifest);
    let day = Day::of(&plan.date).after(&plan.day_marks);
    let Some(held) = Held::open(before, &day).filter(|held| held.dictionary.host == plan.host) else { return Ok(None) };
    let Some(compared) = compare(plan, &held, &day, read)? else { return Ok(None) };
    let same: BTreeSet<usize> = compared.iter().flat_map(|compared| compared.same.iter().copied()).collect();
    let (changed, dead) = changed(plan, &held, &same);
    let members: Vec<&Members<'_>> = changed.iter().map(|changed| &changed.members).collect();
    let mut strings = Strings::of(&held.dictionary.frame, &held.tables);
    census(plan, &members, &day, read)?.add_to(&mut strings);
    let site = site(plan, &strings, &day);
    let encoded = changed.par_iter().map(|Changed { members, first, .. }| {
        let chain = first.as_ref().map_or(&[][..], core::slice::from_ref);
        let (start, text) = held.start(chain).ok_or_else(|| SealError::Differs("release before".to_owned()))?;
        // What it is now, if the group goes on from that; else what it was first.
        let pages: BTreeSet<(usize, usize)> = start.pages.iter().copied().collect();
        let was = |path: &str| {
            let spots = [held.spots.get(path), held.firsts.get(path)].into_iter().flatten();
            spots.map(|spot| (spot.segment, spot.page)).find(|was| pages.contains(was))
        };
        let mut group = encode_group(members, &site, start, was, read)?;
        group.fold(&held.dictionary.alphabet, text).map_err(SealError::Compress)?;
        Ok(group)
    });
    let encoded: Vec<Group> = encoded.collect::<Result<_, SealError<E>>>()?;

    let mut objects = Objects::new(plan);
    keep(&mut objects, before, &held, &compared, &dead);
    let passages = passages(&site, &held.dictionary).map_err(SealError::Compress)?;
    let both: Vec<_> = members.iter().copied().zip(&encoded).collect();
    tables(&mut objects, &both, &strings, &passages, &held.dictionary, &held.needs);
    let mut spots = Vec::new();
    let mut rest = encoded.as_slice();
    // What will soon be dead stands apart from what stays.
    for alike in changed.chunk_by(|a, b| a.times == b.times) {
        let going_on: Vec<_> = alike.iter().map(|changed| (&changed.members, changed.first)).collect();
        let (encoded, behind) = rest.split_at(alike.len());
        spots.extend(segments(&mut objects, &going_on, encoded));
        rest = behind;
    }
    spots.sort_by(|a, b| a.0.cmp(&b.0));
    let overlay = overlay(plan, &held, &same, spots);
    if !overlay.is_empty() {
        let everybody = objects.all_tiers();
        objects.pack("overlay".to_owned(), Directory::encode(&overlay).map_err(SealError::Compress)?, everybody);
    }
    let new = objects.manifest.objects.iter().skip(before.packs.len()).map(|object| object.length).sum();
    if !before.is_small(new) {
        return Ok(None);
    }
    // What the changed pages go on from belongs to their tiers, too.
    for Changed { members, first, .. } in &changed {
        if let Some(first) = first {
            members.tiers().for_each(|tier| objects.join(first.segment, tier + 1));
        }
    }
    objects.files(read).map_err(SealError::Read)?;
    let (sealed, sha) = objects.sealed();
    let places: Vec<Vec<usize>> = members.iter().map(|group| group.places.clone()).collect();
    prove(plan, &places, sha, &|path| sealed.objects.get(path).map(Vec::as_slice), read)?;
    Ok(Some(sealed))
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

/// A group with what is to be written of it.
struct Changed<'p> {
    members: Members<'p>,
    /// What it goes on from.
    first: Option<segment::Before>,
    /// In how many releases it changed: not at all when it is new; more than once counts as twice.
    times: usize,
}

/// The groups with what changed in them, new ones first; and the parts of groups that are needed no more.
fn changed<'p>(plan: &'p Plan, held: &Held, same: &BTreeSet<usize>) -> (Vec<Changed<'p>>, BTreeSet<segment::Before>) {
    let mut chain_of: BTreeMap<segment::Before, &[segment::Before]> = BTreeMap::new();
    for chain in &held.chains {
        chain.iter().for_each(|part| _ = chain_of.insert(*part, chain));
    }
    let part = |place: &usize| {
        let spot = held.spots.get(&plan.entries.get(*place)?.path)?;
        let group = held.segments.get(&spot.segment)?.group_of(spot.page)?;
        Some(segment::Before { segment: spot.segment, group })
    };
    let mut dead: BTreeSet<segment::Before> = BTreeSet::new();
    loop {
        let mut taken = BTreeSet::new();
        let mut changed = Vec::new();
        let mut dying = BTreeSet::new();
        for group in groups(plan).into_values() {
            // Of two groups that come from one, the first goes on from it.
            let chains = group.places.iter().filter_map(|place| chain_of.get(&part(place)?).copied());
            let chain = chains.into_iter().find(|chain| !taken.contains(chain)).unwrap_or_default();
            let stays = |place: &usize| same.contains(place) && part(place).is_none_or(|part| !dead.contains(&part));
            let kept = group.places.iter().zip(&group.ranks).filter(|(place, _)| !stays(place));
            let (places, ranks): (Vec<usize>, Vec<u32>) = kept.map(|(place, rank)| (*place, *rank)).unzip();
            if !places.is_empty() {
                let first = chain.first().copied();
                taken.extend(first.map(|_| chain));
                dying.extend(chain.iter().skip(1).copied());
                changed.push(Changed { members: Members { places, ranks, plan }, first, times: chain.len().min(2) });
            }
        }
        // Pages that stand in what goes now have to be written, too, whatever group they belong to.
        if dying.is_subset(&dead) {
            changed.sort_by_key(|changed| changed.times);
            return (changed, dead);
        }
        dead.append(&mut dying);
    }
}

/// Takes all packs of the release before, each for the tiers whose pages still need it.
fn keep(
    objects: &mut Objects<'_>,
    before: &Before,
    held: &Held,
    compared: &[Compared],
    dead: &BTreeSet<segment::Before>,
) {
    let plan = objects.plan;
    let alive: BTreeSet<usize> =
        held.chains.iter().flatten().filter(|part| !dead.contains(part)).map(|part| part.segment).collect();
    let mut directories = directory_tiers(plan, before);
    for (role, bytes) in before.manifest.packs.iter().zip(&before.packs) {
        let tiers = match role.strip_prefix("directory ") {
            Some(prefix) => directories.remove(prefix).unwrap_or_default(),
            None if matches!(role.as_str(), "dictionary" | "overlay") => objects.all_tiers().collect(),
            None => BTreeSet::new(),
        };
        let pack = objects.pack(role.clone(), bytes.clone(), tiers);
        if role == "segment" && !alive.contains(&pack) {
            objects.leave(pack);
        }
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
            let parts = chain.iter().filter(|part| !dead.contains(part));
            parts.for_each(|part| objects.join(part.segment, tier + 1));
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
