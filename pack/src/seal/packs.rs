//! Objects of a release: tables, segments and directories, each put into the tiers whose pages need it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::encode::Group;
use super::strings::Strings;
use super::{LEVEL, Members, Plan};
use crate::bytes::Writer;
use crate::dictionary::deflate;
use crate::directory::{Directory, Spot};
use crate::manifest::{Manifest, Object};
use crate::release::Sha;
use crate::table;

/// Bytes of a segment before the next is begun: its course as it is, its words as they may come to after compression.
const SEGMENT: usize = 32 << 10;

/// Words of some groups are worth about so much once compressed.
const WORDS: usize = 5;

/// Paths of a directory before the next is begun.
const DIRECTORY: usize = 2_048;

/// Makes objects and remembers what they are for.
pub(super) struct Objects<'a> {
    pub(super) manifest: Manifest,
    pub(super) bytes: BTreeMap<String, Vec<u8>>,
    /// Objects of every tier, that of everything first.
    pub(super) members: Vec<Vec<usize>>,
    pub(super) plan: &'a Plan,
}

impl Objects<'_> {
    pub(super) fn pack(&mut self, role: String, bytes: Vec<u8>, tiers: impl IntoIterator<Item = usize>) -> usize {
        let sha = Sha::of(&bytes);
        let path = sha.path();
        let object = self.object(Object { sha, length: bytes.len(), path: path.clone() }, tiers);
        self.bytes.insert(path, bytes);
        self.manifest.packs.push((object, role));
        object
    }

    pub(super) fn object(&mut self, object: Object, tiers: impl IntoIterator<Item = usize>) -> usize {
        let place = self.manifest.objects.len();
        self.manifest.objects.push(object);
        for tier in std::iter::once(0).chain(tiers.into_iter().map(|tier| tier + 1)) {
            if let Some(members) = self.members.get_mut(tier) {
                members.push(place);
            }
        }
        place
    }

    pub(super) fn all_tiers(&self) -> std::ops::Range<usize> {
        0..self.plan.tiers.len()
    }
}

pub(super) fn tables(
    objects: &mut Objects<'_>,
    groups: &[Members<'_>],
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
            if let Some(tiers) = tiers.get_mut(place) {
                tiers.extend(&own);
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

/// Puts groups into segments; where every page came to stand.
pub(super) fn segments(
    objects: &mut Objects<'_>,
    groups: &[Members<'_>],
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
        for (group, members) in encoded.iter().zip(groups.get(start..end).unwrap_or_default()) {
            for number in [members.places.len(), group.course.len(), group.words.len()] {
                out.size(number);
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
        let mut tiers: Vec<usize> = members.iter().flat_map(Members::tiers).collect();
        tiers.sort_unstable();
        tiers.dedup();
        let segment = objects.pack("segment".to_owned(), bytes, tiers);
        for (page, place) in members.iter().flat_map(|group| &group.places).enumerate() {
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
        objects.pack(format!("directory {prefix}"), Directory::encode(&spots)?, tiers);
    }
    Ok(())
}

fn tiers_of<'a>(plan: &'a Plan, path: &str) -> &'a [usize] {
    let place = plan.entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
    place.ok().and_then(|place| plan.entries.get(place)).map_or(&[], |entry| &entry.tiers)
}
