//! From a finished site to a release.

mod encode;
mod phrases;
mod strings;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use self::strings::{Census, Strings};
use crate::bytes::Writer;
use crate::dictionary::{Dictionary, deflate};
use crate::directory::{Directory, Spot};
use crate::reader::{Answer, Reader};
use crate::release::{File, Head, Manifest, Object, Order, Sha, Tier};
use crate::table;

/// A file of the site, as sealing sees it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Path, without a leading slash.
    pub path: String,
    /// Place among [`Plan::classes`].
    pub class: usize,
    /// How it travels.
    pub way: Way,
    /// Tiers it belongs to, besides the one that holds everything: places among [`Plan::tiers`].
    pub tiers: Vec<usize>,
}

/// How a file travels to a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// As it is: programs, pictures, attachments, files named by their hash.
    Plain,
    /// In a pack, beside the other pages of its group, a record's pages, a stretch of a list: name of the group, and place
    /// in it. Pages that say much of what others repeat come first.
    Packed(String, u32),
}

/// What is to be sealed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Host of the site.
    pub host: String,
    /// Day it was built for.
    pub date: String,
    /// Number of the release.
    pub sequence: u64,
    /// Classes of headers.
    pub classes: Vec<Vec<(String, String)>>,
    /// Id and name of every tier but the one that holds everything, which comes first as `all`.
    pub tiers: Vec<(String, String)>,
    /// Files, sorted by path.
    pub entries: Vec<Entry>,
}

/// A release, ready to be written and signed.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The text to sign.
    pub head: Head,
    /// Objects that stand at paths of their own, `release/<sha256>`: the manifest among them.
    pub objects: BTreeMap<String, Vec<u8>>,
}

/// Why a site could not be sealed.
#[derive(Debug)]
pub enum SealError<E> {
    /// A file could not be had.
    Read(E),
    /// Texts could not be compressed.
    Compress(std::io::Error),
    /// A page does not come out of its pack as it went in: a fault of this program.
    Differs(String),
}

/// Bytes of a segment before the next is begun: its course as it is, its words as they may come to after compression.
const SEGMENT: usize = 32 << 10;

/// Words of some groups are worth about so much once compressed.
const WORDS: usize = 5;

/// Example pages of one kind, and of all kinds.
const EXAMPLES: usize = 240;
const ALL_EXAMPLES: usize = 900;

/// The dictionary for texts, at most; and which part of all texts.
const TEXTS: usize = 96 << 10;
const TEXTS_PART: usize = 48;

/// How hard texts are compressed.
const LEVEL: i32 = 19;

/// Paths of a directory before the next is begun.
const DIRECTORY: usize = 2_048;

/// Pages of one group: places of entries.
struct Members<'a> {
    places: Vec<usize>,
    ranks: Vec<u32>,
    plan: &'a Plan,
}

impl Members<'_> {
    fn tiers(&self) -> impl Iterator<Item = usize> {
        self.places
            .iter()
            .filter_map(|place| self.plan.entries.get(*place))
            .flat_map(|entry| entry.tiers.iter().copied())
    }
}

/// Makes objects and remembers what they are for.
struct Objects<'a> {
    manifest: Manifest,
    bytes: BTreeMap<String, Vec<u8>>,
    /// Objects of every tier, that of everything first.
    members: Vec<Vec<usize>>,
    plan: &'a Plan,
}

impl Objects<'_> {
    fn pack(&mut self, role: String, bytes: Vec<u8>, tiers: impl IntoIterator<Item = usize>) -> usize {
        let sha = Sha::of(&bytes);
        let path = format!("release/{sha}");
        let object = self.object(Object { sha, length: bytes.len(), path: path.clone() }, tiers);
        self.bytes.insert(path, bytes);
        self.manifest.packs.push((object, role));
        object
    }

    fn object(&mut self, object: Object, tiers: impl IntoIterator<Item = usize>) -> usize {
        let place = self.manifest.objects.len();
        self.manifest.objects.push(object);
        for tier in std::iter::once(0).chain(tiers.into_iter().map(|tier| tier + 1)) {
            if let Some(members) = self.members.get_mut(tier) {
                members.push(place);
            }
        }
        place
    }

    fn all_tiers(&self) -> std::ops::Range<usize> {
        0..self.plan.tiers.len()
    }
}

/// Seals a site. `read` gives the bytes of the entry at a place.
///
/// # Errors
/// [`SealError`].
pub fn seal<E: Send>(plan: &Plan, read: impl Fn(usize) -> Result<Vec<u8>, E> + Sync) -> Result<Sealed, SealError<E>> {
    let members = vec![Vec::new(); plan.tiers.len() + 1];
    let manifest = Manifest { classes: plan.classes.clone(), ..Manifest::default() };
    let mut objects = Objects { manifest, bytes: BTreeMap::new(), members, plan };
    let mut groups: BTreeMap<&str, Members<'_>> = BTreeMap::new();
    for (place, entry) in plan.entries.iter().enumerate() {
        match &entry.way {
            Way::Plain => {
                let bytes = read(place).map_err(SealError::Read)?;
                let object = Object { sha: Sha::of(&bytes), length: bytes.len(), path: entry.path.clone() };
                let object = objects.object(object, entry.tiers.iter().copied());
                objects.manifest.files.push(File { object, class: entry.class, path: entry.path.clone() });
            }
            Way::Packed(group, rank) => {
                let members =
                    groups.entry(group).or_insert_with(|| Members { places: Vec::new(), ranks: Vec::new(), plan });
                let at = members.ranks.partition_point(|other| other <= rank);
                members.ranks.insert(at, *rank);
                members.places.insert(at, place);
            }
        }
    }
    let groups: Vec<Members<'_>> = groups.into_values().collect();
    let mut strings = census(&groups, &read)?;
    let examples = examples(plan, &groups, &read)?;
    strings.learn(&encode::runs(&strings, &plan.host, &examples));
    let (dictionary, encoded) = encode(plan, &groups, &strings, &examples, &read)?;
    let dictionary_tiers = objects.all_tiers();
    objects.pack("dictionary".to_owned(), dictionary.bytes, dictionary_tiers);
    tables(&mut objects, &groups, &strings, &encoded).map_err(SealError::Compress)?;
    let spots = segments(&mut objects, &groups, &encoded, &dictionary.texts).map_err(SealError::Compress)?;
    directories(&mut objects, spots).map_err(SealError::Compress)?;
    let Objects { mut manifest, bytes: mut objects, members, .. } = objects;
    let names = [("all", "全部")].into_iter().chain(plan.tiers.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    for ((id, name), mut objects) in names.zip(members) {
        objects.sort_unstable();
        objects.dedup();
        manifest.tiers.push(Tier { id: id.to_owned(), name: name.to_owned(), objects });
    }
    let text = manifest.to_string().into_bytes();
    let sha = Sha::of(&text);
    let order = Order::Hold(sha, text.len());
    objects.insert(format!("release/{sha}"), text);
    let head = Head { host: plan.host.clone(), sequence: plan.sequence, date: plan.date.clone(), order };
    let sealed = Sealed { head, objects };
    prove(plan, &groups, &sealed, sha, &read)?;
    Ok(sealed)
}

fn census<E>(groups: &[Members<'_>], read: &impl Fn(usize) -> Result<Vec<u8>, E>) -> Result<Strings, SealError<E>> {
    let mut census = Census::default();
    for group in groups {
        census.group();
        for &place in &group.places {
            let bytes = read(place).map_err(SealError::Read)?;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                census.page(text);
            }
        }
    }
    Ok(census.strings())
}

/// The dictionary of a release as bytes, and what its texts are compressed with.
struct Written {
    bytes: Vec<u8>,
    texts: Vec<u8>,
}

type Encoded = Vec<encode::Group>;

fn encode<E: Send>(
    plan: &Plan,
    groups: &[Members<'_>],
    strings: &Strings,
    examples: &[Vec<(String, String)>],
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(Written, Encoded), SealError<E>> {
    let (count, course) = encode::examples(strings, &plan.host, examples);
    let mut frame = Writer::default();
    strings.frame.iter().for_each(|string| frame.bytes(string.as_bytes()));
    let frame = deflate(&frame.0, &[], LEVEL).map_err(SealError::Compress)?;
    let assemble = |texts: &[u8]| {
        let mut out = Writer::default();
        out.bytes(plan.host.as_bytes());
        out.bytes(&frame);
        out.size(count);
        out.bytes(&course);
        out.bytes(texts);
        out.0
    };
    let learned =
        Dictionary::decode(&assemble(&[])).ok_or_else(|| SealError::Differs("dictionary".to_owned()))?.learned;
    let encoded: Encoded = groups
        .par_iter()
        .map(|group| {
            let pages = group.places.iter().map(|&place| read(place)).collect::<Result<Vec<_>, E>>();
            let pages = pages.map_err(SealError::Read)?;
            let path = |place: &usize| plan.entries.get(*place).map_or("", |entry| entry.path.as_str());
            let pages: Vec<_> = group
                .places
                .iter()
                .map(path)
                .zip(pages.iter().map(|bytes| std::str::from_utf8(bytes).map_err(|_| bytes.as_slice())))
                .collect();
            Ok(encode::group(strings, &plan.host, &learned, &pages))
        })
        .collect::<Result<_, SealError<E>>>()?;
    let texts = text_dictionary(&encoded);
    Ok((Written { bytes: assemble(&texts), texts }, encoded))
}

/// A dictionary for the words of all groups; none where they are too few to be worth one.
fn text_dictionary(encoded: &Encoded) -> Vec<u8> {
    let total: usize = encoded.iter().map(|group| group.words.len()).sum();
    let size = (total / TEXTS_PART).min(TEXTS);
    if size < 4 << 10 {
        return Vec::new();
    }
    // A hundred times its size is what the trainer wants to see, from everywhere.
    let every = (total / (size * 100)).max(1);
    let chunks: Vec<&[u8]> = encoded.iter().flat_map(|group| group.words.chunks(4 << 10)).step_by(every).collect();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.len()).collect();
    // Words too few or too much alike for a dictionary do without one.
    zstd::dict::from_continuous(&chunks.concat(), &sizes, size).unwrap_or_default()
}

/// Example pages: some of every kind, from everywhere. The kind of a page is the shape of its path.
fn examples<E>(
    plan: &Plan,
    groups: &[Members<'_>],
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

fn tables(
    objects: &mut Objects<'_>,
    groups: &[Members<'_>],
    strings: &Strings,
    encoded: &Encoded,
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
fn segments(
    objects: &mut Objects<'_>,
    groups: &[Members<'_>],
    encoded: &Encoded,
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
fn directories(objects: &mut Objects<'_>, spots: Vec<(String, Spot)>) -> std::io::Result<()> {
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

/// Reads every packed page back.
fn prove<E: Send>(
    plan: &Plan,
    groups: &[Members<'_>],
    sealed: &Sealed,
    sha: Sha,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(), SealError<E>> {
    let differs = |path: &str| SealError::Differs(path.to_owned());
    let manifest = sealed.objects.get(&format!("release/{sha}")).ok_or_else(|| differs("manifest"))?;
    groups.par_chunks(64).try_for_each(|groups| {
        let mut reader = Reader::new(manifest, sha).map_err(|_| differs("manifest"))?;
        for entry in
            groups.iter().flat_map(|group| &group.places).filter_map(|&place| Some((place, plan.entries.get(place)?)))
        {
            let (place, entry) = entry;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> (Plan, Vec<&'static str>) {
        let texts = ["body{}", "<p>甲</p>", "<p>乙</p>", "<h1>家</h1>"];
        let paths = ["assets/a.css", "Q/01F1VT/index.html", "policy/x/index.html", "index.html"];
        let ways = [Way::Plain, Way::Packed("x".into(), 0), Way::Packed("x".into(), 0), Way::Packed("home".into(), 0)];
        let entries = paths.into_iter().zip(ways).zip([1, 0, 0, 0]);
        let entries = entries.map(|((path, way), class)| Entry { path: path.into(), class, way, tiers: vec![0] });
        let header = |value: &str| vec![("Content-Type".to_owned(), value.to_owned())];
        let plan = Plan {
            host: "zc.qingyu.example".into(),
            date: "2026-11-22".into(),
            sequence: 1,
            classes: vec![header("text/html; charset=utf-8"), header("text/css; charset=utf-8")],
            tiers: vec![("core".into(), "基本".into())],
            entries: entries.collect(),
        };
        (plan, texts.to_vec())
    }

    #[test]
    fn what_was_sealed_is_read_back() {
        let (plan, texts) = plan();
        let sealed = seal(&plan, |place| Ok::<_, ()>(texts[place].as_bytes().to_vec())).unwrap();
        let Order::Hold(sha, length) = sealed.head.order else { panic!("nothing to hold") };
        let manifest = &sealed.objects[&format!("release/{sha}")];
        assert_eq!(manifest.len(), length);
        let mut reader = Reader::new(manifest, sha).unwrap();
        let mut answer = |path: &str| loop {
            let Answer::Wanted(objects) = reader.answer(path).unwrap() else { break reader.answer(path).unwrap() };
            for object in objects {
                let path = reader.manifest().objects[object].path.clone();
                let bytes = sealed.objects.get(&path).cloned().unwrap_or_else(|| texts[0].as_bytes().to_vec());
                assert!(reader.supply(object, b"<html>login</html>".to_vec()).is_err());
                reader.supply(object, bytes).unwrap();
            }
        };
        let found = |text: &str, class| Answer::Found(crate::Found { bytes: text.into(), class });
        assert_eq!(answer("/"), found("<h1>家</h1>", 0));
        assert_eq!(answer("/policy/x/"), found("<p>乙</p>", 0));
        assert_eq!(answer("/assets/a.css"), found("body{}", 1));
        for typed in ["/policy/x", "/policy/x/index.html/"] {
            let _ = answer(typed);
        }
        assert_eq!(answer("/policy/x"), Answer::Moved("/policy/x/".into()));
        for typed in ["/Q/01F1VT", "/q/o1flvt", "/q/o1f-lvt/"] {
            assert_eq!(answer(typed), Answer::Moved("/Q/01F1VT/".into()), "{typed}");
        }
        assert_eq!(answer("/policy/y/"), Answer::Missing);
    }
}
