//! Objects of a release: tables, segments and directories, each put into the tiers whose pages need it.

use std::collections::{BTreeMap, BTreeSet};

use super::encode::Group;
use super::strings::Strings;
use super::{Draft, Members, Plan, Sealed};
use crate::bytes::Writer;
use crate::dictionary::Dictionary;
use crate::directory::{Directory, Spot};
use crate::manifest::{Manifest, Object, Tier};
use crate::range::Encoder;
use crate::release::{self, Order, Sha};
use crate::segment::{Before, Head, Heads, TRAIL};
use crate::table::{self, Table, is_table};

/// Bytes of a segment before the next is begun.
const SEGMENT: usize = 32 << 10;

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

    /// Adds a pack; its number. All packs come before all lists and files.
    pub(super) fn pack(&mut self, role: String, bytes: Vec<u8>, tiers: impl IntoIterator<Item = usize>) -> usize {
        let sha = Sha::of(&bytes);
        let object = Object { sha, length: bytes.len(), path: sha.path() };
        self.bytes.insert(object.path.clone(), bytes);
        self.manifest.packs.push(role);
        self.object(object, std::iter::once(0).chain(tiers.into_iter().map(|tier| tier + 1)))
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

    /// The release: its manifest among its objects, and the text to sign; and the digest of the manifest.
    pub(super) fn sealed(self) -> (Draft, Sha) {
        let Self { manifest, bytes: mut objects, plan } = self;
        let lengths: Vec<usize> =
            manifest.roles().filter_map(|(at, _)| Some(manifest.objects.get(at)?.length)).collect();
        let (size, first) = (lengths.iter().sum(), lengths.iter().take(manifest.first_packs()).sum::<usize>());
        let text = manifest.to_string().into_bytes();
        let sha = Sha::of(&text);
        let order = Order::Hold(sha, text.len());
        objects.insert(sha.path(), text);
        let head = release::Head { host: plan.host.clone(), sequence: plan.sequence, date: plan.date.clone(), order };
        (Draft { sealed: Sealed { head, objects }, size, behind: size - first }, sha)
    }
}

/// Writes the tables that a release adds, words first, and puts all that its groups need into their tiers. `before` says
/// which tables those of the release before are made of.
pub(super) fn tables(
    objects: &mut Objects<'_>,
    groups: &[(&Members<'_>, &Group)],
    strings: &Strings,
    passages: &[Group],
    dictionary: &Dictionary,
    before: &Needs,
) {
    let words = strings.shared.len().div_ceil(table::STRINGS);
    let mut needs = before.clone();
    needs.extend((strings.tables + words..).zip(passages.iter().map(Group::tables)));
    let mut uses: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (members, group) in groups {
        for table in group.tables() {
            uses.entry(table).or_default().extend(members.tiers());
        }
    }
    for (table, others) in needs.iter().rev() {
        let tiers = uses.get(table).cloned().unwrap_or_default();
        others.iter().for_each(|other| uses.entry(*other).or_default().extend(&tiers));
    }
    let old: Vec<usize> =
        objects.manifest.roles().filter(|(_, role)| is_table(role)).map(|(object, _)| object).collect();
    for (table, tiers) in &uses {
        let object = old.get(*table).filter(|_| *table < strings.tables);
        object.into_iter().for_each(|object| tiers.iter().for_each(|tier| objects.join(*object, tier + 1)));
    }
    let mut tiers = |table: usize| uses.remove(&table).unwrap_or_default();
    for (table, strings) in (strings.tables..).zip(strings.shared.chunks(table::STRINGS)) {
        objects.pack(table::WORDS.to_owned(), Table::encode(strings, dictionary), tiers(table));
    }
    for (table, group) in (strings.tables + words..).zip(passages) {
        objects.pack(table::WHOLE.to_owned(), segment(&[(group, group.pages, &[])]), tiers(table));
    }
}

/// Which tables the passages of a table are made of, by number.
pub(super) type Needs = BTreeMap<usize, BTreeSet<usize>>;

/// Groups, each with how many pages it has and the chain that it goes on from, as a segment.
fn segment(groups: &[(&Group, usize, &[Before])]) -> Vec<u8> {
    let mut out = Writer::default();
    out.size(groups.len());
    let (mut heads, mut encoder) = (Heads::default(), Encoder::new());
    for (group, pages, chain) in groups {
        let (course, words) = (group.course.len(), group.words.len());
        let (length, plain) = (group.length, group.plain);
        let (before, older) = chain.split_last().map_or((None, &[][..]), |(last, older)| (Some(*last), older));
        let trail = older.iter().rev().take(TRAIL).map(|part| part.segment).collect();
        heads.next(&mut encoder, &Head { pages: *pages, course, words, length, plain, before, trail });
    }
    out.bytes(&encoder.finish());
    groups.iter().for_each(|(group, ..)| out.0.extend_from_slice(&group.course));
    groups.iter().for_each(|(group, ..)| out.0.extend_from_slice(&group.words));
    out.0
}

/// Puts groups into segments, each with the chain that it goes on from; where every page came to stand.
pub(super) fn segments(
    objects: &mut Objects<'_>,
    groups: &[(&Members<'_>, &[Before])],
    encoded: &[Group],
) -> Vec<(String, Spot)> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (place, group) in encoded.iter().enumerate() {
        size += group.course.len() + group.words.len();
        if size >= SEGMENT || place + 1 == encoded.len() {
            parts.push((start, place + 1));
            (start, size) = (place + 1, 0);
        }
    }
    let bytes = |&(start, end): &(usize, usize)| {
        let both = encoded.get(start..end).into_iter().flatten().zip(groups.get(start..end).into_iter().flatten());
        let all: Vec<_> = both.map(|(group, (_, chain))| (group, group.pages, *chain)).collect();
        segment(&all)
    };
    let bytes: Vec<_> = parts.iter().map(bytes).collect();
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
    spots
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
