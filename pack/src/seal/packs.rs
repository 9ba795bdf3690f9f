//! Objects of a release: tables, segments and directories, each put into the tiers whose pages need it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::encode::Group;
use super::strings::Strings;
use super::{Entry, LEVEL, Members, Plan, Sealed, Way};
use crate::bytes::Writer;
use crate::dictionary::deflate;
use crate::directory::{Directory, Spot};
use crate::manifest::{File, Manifest, Object, Tier};
use crate::reader::HIDDEN;
use crate::release::{Head, Order, Sha};
use crate::segment::Before;
use crate::table;

/// Bytes of a segment before the next is begun: its course as it is, its words as they may come to after compression.
const SEGMENT: usize = 32 << 10;

/// Words of some groups are worth about so much once compressed.
const WORDS: usize = 5;

/// Paths of a directory before the next is begun.
const DIRECTORY: usize = 2_048;

/// Makes objects and puts them into their tiers.
pub(super) struct Objects<'a> {
    pub(super) manifest: Manifest,
    pub(super) bytes: BTreeMap<String, Vec<u8>>,
    pub(super) plan: &'a Plan,
}

impl<'a> Objects<'a> {
    /// The objects of a release that has none yet.
    pub(super) fn new(plan: &'a Plan) -> Self {
        let all = ("all".to_owned(), "全部".to_owned());
        let tier = |(id, name): &(String, String)| Tier { id: id.clone(), name: name.clone(), objects: Vec::new() };
        let tiers = std::iter::once(&all).chain(&plan.tiers).map(tier).collect();
        let (date, classes) = (plan.date.clone(), plan.classes.clone());
        let manifest = Manifest { date, classes, tiers, ..Manifest::default() };
        Self { manifest, bytes: BTreeMap::new(), plan }
    }

    /// Adds a pack; its number. All packs come before all files.
    pub(super) fn pack(&mut self, role: String, bytes: Vec<u8>, tiers: impl IntoIterator<Item = usize>) -> usize {
        let sha = Sha::of(&bytes);
        let object = Object { sha, length: bytes.len(), path: sha.path() };
        self.bytes.insert(object.path.clone(), bytes);
        self.manifest.packs.push(role);
        self.object(object, std::iter::once(0).chain(tiers.into_iter().map(|tier| tier + 1)))
    }

    /// Adds all files that travel as they are, and the list of everything.
    pub(super) fn files<E: Send>(&mut self, read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync)) -> Result<(), E> {
        self.list(read)?;
        for (place, entry) in self.plan.entries.iter().enumerate().filter(|(_, entry)| entry.way == Way::Plain) {
            let bytes = read(place)?;
            let object = Object { sha: Sha::of(&bytes), length: bytes.len(), path: entry.path.clone() };
            let tiers = entry.tiers.iter().map(|tier| tier + 1);
            let object = self.object(object, (!entry.made).then_some(0).into_iter().chain(tiers));
            self.manifest.files.push(File { object, class: entry.class, path: entry.path.clone() });
        }
        Ok(())
    }

    fn list<E: Send>(&mut self, read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync)) -> Result<(), E> {
        let seen = self.plan.entries.par_iter().enumerate().filter(|(_, entry)| !entry.path.starts_with(HIDDEN));
        let line = |(place, entry): (usize, &Entry)| {
            let bytes = read(place)?;
            Ok(format!("{} {} {} {}\n", Sha::of(&bytes), bytes.len(), entry.class, entry.path))
        };
        let list: String = seen.map(line).collect::<Result<_, E>>()?;
        let (sha, length) = (Sha::of(list.as_bytes()), list.len());
        self.manifest.paths = Some(Object { sha, length, path: sha.path() });
        self.bytes.insert(sha.path(), list.into_bytes());
        Ok(())
    }

    pub(super) fn object(&mut self, object: Object, tiers: impl IntoIterator<Item = usize>) -> usize {
        let place = self.manifest.objects.len();
        self.manifest.objects.push(object);
        for tier in tiers {
            self.join(place, tier);
        }
        place
    }

    /// Makes an object one of a tier.
    pub(super) fn join(&mut self, object: usize, tier: usize) {
        if let Some(tier) = self.manifest.tiers.get_mut(tier)
            && let Err(at) = tier.objects.binary_search(&object)
        {
            tier.objects.insert(at, object);
        }
    }

    pub(super) fn all_tiers(&self) -> std::ops::Range<usize> {
        0..self.plan.tiers.len()
    }

    /// The release: its manifest among its objects, and the text to sign.
    pub(super) fn sealed(self) -> (Sealed, Sha) {
        let Self { manifest, bytes: mut objects, plan } = self;
        let text = manifest.to_string().into_bytes();
        let sha = Sha::of(&text);
        let order = Order::Hold(sha, text.len());
        objects.insert(sha.path(), text);
        let head = Head { host: plan.host.clone(), sequence: plan.sequence, date: plan.date.clone(), order };
        (Sealed { head, objects }, sha)
    }
}

pub(super) fn tables(
    objects: &mut Objects<'_>,
    groups: &[&Members<'_>],
    strings: &Strings,
    encoded: &[Group],
) -> std::io::Result<()> {
    let count = strings.shared.len().div_ceil(table::STRINGS);
    let mut tiers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (group, encoded) in groups.iter().zip(encoded) {
        let own: Vec<usize> = group.tiers().collect();
        let mut places: Vec<usize> = encoded.shared.iter().map(|number| *number as usize / table::STRINGS).collect();
        places.dedup();
        for place in places {
            match place.checked_sub(strings.tables) {
                Some(new) => tiers.get_mut(new).into_iter().for_each(|tiers| tiers.extend(&own)),
                None => {
                    let table = objects.manifest.roles().filter(|(_, role)| *role == "table").nth(place);
                    let table = table.map(|(object, _)| object);
                    table.into_iter().for_each(|table| own.iter().for_each(|tier| objects.join(table, tier + 1)));
                }
            }
        }
    }
    for (strings, mut tiers) in strings.shared.chunks(table::STRINGS).zip(tiers) {
        let mut out = Writer::default();
        strings.iter().for_each(|string| out.bytes(string.as_bytes()));
        tiers.sort_unstable();
        tiers.dedup();
        objects.pack("table".to_owned(), deflate(&out.0, &[], LEVEL)?, tiers);
    }
    Ok(())
}

/// Puts groups into segments, each with what it goes on from; where every page came to stand.
pub(super) fn segments(
    objects: &mut Objects<'_>,
    groups: &[(&Members<'_>, Option<Before>)],
    encoded: &[Group],
    texts: &[u8],
) -> std::io::Result<Vec<(String, Spot)>> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (place, group) in encoded.iter().enumerate() {
        size += group.course.len() + group.words.len() / WORDS;
        if size >= SEGMENT || place + 1 == encoded.len() {
            parts.push((start, place + 1));
            (start, size) = (place + 1, 0);
        }
    }
    let bytes = |&(start, end): &(usize, usize)| {
        let encoded = encoded.get(start..end).unwrap_or_default();
        let mut out = Writer::default();
        out.size(encoded.len());
        for (group, (members, before)) in encoded.iter().zip(groups.get(start..end).unwrap_or_default()) {
            for number in [members.places.len(), group.course.len(), group.words.len()] {
                out.size(number);
            }
            out.size(before.map_or(0, |before| before.segment + 1));
            if let Some(before) = before {
                out.size(before.group);
            }
        }
        encoded.iter().for_each(|group| out.0.extend_from_slice(&group.course));
        let words: Vec<u8> = encoded.iter().flat_map(|group| group.words.iter().copied()).collect();
        out.0.extend(deflate(&words, texts, LEVEL)?);
        Ok(out.0)
    };
    let bytes = parts.par_iter().map(bytes).collect::<std::io::Result<Vec<_>>>()?;
    let mut spots = Vec::new();
    for ((start, end), bytes) in parts.into_iter().zip(bytes) {
        let members = groups.get(start..end).unwrap_or_default();
        let mut tiers: Vec<usize> = members.iter().flat_map(|(group, _)| group.tiers()).collect();
        tiers.sort_unstable();
        tiers.dedup();
        let segment = objects.pack("segment".to_owned(), bytes, tiers);
        for (page, place) in members.iter().flat_map(|(group, _)| &group.places).enumerate() {
            if let Some(entry) = objects.plan.entries.get(*place) {
                spots.push((entry.path.clone(), Spot { segment, page, class: entry.class }));
            }
        }
    }
    spots.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(spots)
}

/// Directories: one for each first part of paths, and where those are many, one for each letter that follows.
pub(super) fn directories(objects: &mut Objects<'_>, spots: Vec<(String, Spot)>) -> std::io::Result<()> {
    let first =
        |path: &str| path.split_inclusive('/').next().filter(|part| part.ends_with('/')).unwrap_or("").to_owned();
    let mut open: BTreeMap<String, Vec<(String, Spot)>> = BTreeMap::new();
    for spot in spots {
        open.entry(first(&spot.0)).or_default().push(spot);
    }
    while let Some((prefix, spots)) = open.pop_first() {
        if spots.len() > DIRECTORY && !prefix.is_empty() {
            let letters = prefix.chars().count() + 1;
            for spot in spots {
                open.entry(spot.0.chars().take(letters).collect()).or_default().push(spot);
            }
            continue;
        }
        let tiers: BTreeSet<usize> = spots.iter().flat_map(|(path, _)| tiers_of(objects.plan, path)).copied().collect();
        let spots: Vec<_> = spots.into_iter().map(|(path, spot)| (path, Some(spot))).collect();
        objects.pack(format!("directory {prefix}"), Directory::encode(&spots)?, tiers);
    }
    Ok(())
}

fn tiers_of<'a>(plan: &'a Plan, path: &str) -> &'a [usize] {
    let place = plan.entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
    place.ok().and_then(|place| plan.entries.get(place)).map_or(&[], |entry| &entry.tiers)
}
