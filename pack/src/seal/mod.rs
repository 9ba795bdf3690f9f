//! From a finished site to a release: a whole one, or one that follows another ([`mod@follow`]).

mod encode;
mod examples;
mod files;
mod follow;
mod held;
mod packs;
mod phrases;
mod proof;
mod strings;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use self::examples::Examples;
pub use self::follow::Before;
use self::follow::follow;
use self::packs::{Objects, directories, segments, tables};
use self::proof::prove;
use self::strings::{Census, Strings};
use crate::alphabet::{Alphabet, LETTERS, names};
use crate::bytes::Writer;
use crate::day::Day;
use crate::dictionary::{Dictionary, deflate};
use crate::release::Head;
use crate::table;
use crate::text::Text;

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
    /// Whether a device that has everything makes it by itself, so that it need not be among everything. Only for files
    /// that travel as they are.
    pub made: bool,
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
    /// Marks between which there are passages that several pages have alike, such as the rows of lists: where one begins,
    /// and where it ends.
    pub passages: Vec<[String; 2]>,
    /// What stands shortly before the day that the site was built for, wherever a page names it as that.
    pub day_marks: Vec<String>,
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

/// What all texts begin from: so many bytes, or such a part of all words if that is less; and no more than this of one
/// group.
const COMMON: usize = 400 << 10;
const COMMON_PART: usize = 8;
const COMMON_OF_GROUP: usize = 20 << 10;

/// A letter must come so often to be in the alphabet.
const OFTEN: u64 = 4;

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

/// A following release may be so many times as large as one that is cut anew, before it is: 3 for 2. A device that is new
/// fetches half as much again at most; one that has the release before fetches everything when it is cut anew.
const LARGEST: [usize; 2] = [3, 2];

/// Such a part of its packs may be behind the first ones before it is compared with one that is cut anew, which takes as
/// long again: it cannot be too large sooner, unless the city became smaller.
const LOOKED_AT: usize = 4;

/// Seals a site. `read` gives the bytes of the entry at a place. With a release to follow, only what changed since is made
/// new, as long as the packs are not much larger than they would be without.
///
/// # Errors
/// [`SealError`].
pub fn seal<E: Send>(
    plan: &Plan,
    before: Option<&Before>,
    read: impl Fn(usize) -> Result<Vec<u8>, E> + Sync,
) -> Result<Sealed, SealError<E>> {
    let Some(followed) = before.map(|before| follow(plan, before, &read)).transpose()?.flatten() else {
        return Ok(anew(plan, &read)?.sealed);
    };
    if followed.behind * LOOKED_AT <= followed.size {
        return Ok(followed.sealed);
    }
    let anew = anew(plan, &read)?;
    let is_small = followed.size * LARGEST[1] <= anew.size * LARGEST[0];
    Ok(if is_small { followed.sealed } else { anew.sealed })
}

/// A release that may be published.
struct Draft {
    sealed: Sealed,
    /// Bytes of its packs.
    size: usize,
    /// Those of them that came behind the first packs.
    behind: usize,
}

/// Seals a site as a release that follows no other.
fn anew<E: Send>(plan: &Plan, read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync)) -> Result<Draft, SealError<E>> {
    let groups = groups(plan);
    let groups: Vec<&Members<'_>> = groups.values().collect();
    let day = Day::of(&plan.date).after(&plan.day_marks);
    let mut objects = Objects::new(plan);
    let mut strings = census(plan, &groups, &day, read)?.strings();
    let examples = Examples::of(plan, &groups, read)?;
    strings.learn(&encode::runs(&site(plan, &strings, &day), &examples));
    let site = site(plan, &strings, &day);
    let (bytes, dictionary, encoded) = encode(&site, &groups, &examples, read)?;
    let passages = passages(&site, &dictionary).map_err(SealError::Compress)?;
    let dictionary_tiers = objects.all_tiers();
    objects.pack("dictionary".to_owned(), bytes, dictionary_tiers);
    let both: Vec<_> = groups.iter().copied().zip(&encoded).collect();
    tables(&mut objects, &both, &strings, &passages, &dictionary, &BTreeMap::new());
    let fresh: Vec<_> = groups.iter().map(|group| (*group, &[][..])).collect();
    let spots = segments(&mut objects, &fresh, &encoded);
    directories(&mut objects, spots).map_err(SealError::Compress)?;
    objects.files(read).map_err(SealError::Read)?;
    let (draft, sha) = objects.sealed();
    let places: Vec<Vec<usize>> = groups.iter().map(|group| group.places.clone()).collect();
    prove(plan, &places, sha, &|path| draft.sealed.objects.get(path).map(Vec::as_slice), read)?;
    Ok(draft)
}

/// What travels together, by the names of the groups.
fn groups(plan: &Plan) -> BTreeMap<&str, Members<'_>> {
    let mut groups: BTreeMap<&str, Members<'_>> = BTreeMap::new();
    for (place, entry) in plan.entries.iter().enumerate() {
        if let Way::Packed(group, rank) = &entry.way {
            let members =
                groups.entry(group).or_insert_with(|| Members { places: Vec::new(), ranks: Vec::new(), plan });
            let at = members.ranks.partition_point(|other| other <= rank);
            members.ranks.insert(at, *rank);
            members.places.insert(at, place);
        }
    }
    groups
}

/// What pages are written with.
fn site<'a>(plan: &'a Plan, strings: &'a Strings, day: &'a Day) -> encode::Site<'a> {
    encode::Site { strings, host: &plan.host, day, marks: &plan.passages }
}

/// The passages that a release adds, as tables.
fn passages(site: &encode::Site<'_>, dictionary: &Dictionary) -> std::io::Result<Vec<encode::Group>> {
    // A passage is not made of itself.
    let site = encode::Site { marks: &[], ..*site };
    let table = |passages: &[String]| {
        let page = |text| encode::Page { path: "", text: Ok(text), before: None };
        let pages: Vec<_> = passages.iter().map(|passage| page(passage.as_str())).collect();
        let mut group = encode::group(&site, encode::Start::new(&dictionary.learned), &pages);
        group.fold(&dictionary.alphabet, dictionary.text.clone())?;
        Ok(group)
    };
    site.strings.passages.par_chunks(table::PASSAGES).map(table).collect()
}

fn census<E>(
    plan: &Plan,
    groups: &[&Members<'_>],
    day: &Day,
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<Census, SealError<E>> {
    let mut census = Census::default();
    for group in groups {
        census.group();
        for &place in &group.places {
            let bytes = read(place).map_err(SealError::Read)?;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                census.page(text, day, &plan.passages);
            }
        }
    }
    Ok(census)
}

type Encoded = Vec<encode::Group>;

fn encode<E: Send>(
    site: &encode::Site<'_>,
    groups: &[&Members<'_>],
    examples: &Examples,
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(Vec<u8>, Dictionary, Encoded), SealError<E>> {
    let examples = encode::examples(site, examples);
    let mut frame = Writer::default();
    site.strings.frame.iter().for_each(|string| frame.bytes(string.as_bytes()));
    let frame = deflate(&frame.0).map_err(SealError::Compress)?;
    let assemble = |letters: &[u32], common: &[u8]| {
        let alphabet = Alphabet::new(letters.iter().copied());
        let mut all = Writer::default();
        letters.iter().for_each(|letter| all.size(*letter as usize));
        let mut out = Writer::default();
        out.bytes(site.host.as_bytes());
        out.bytes(&frame);
        out.0.extend_from_slice(&examples);
        out.bytes(&deflate(&all.0)?);
        out.size(common.len());
        out.bytes(&Text::new(&alphabet, common.len()).write(&alphabet, common));
        Ok(out.0)
    };
    let read_back = |bytes: &[u8]| Dictionary::decode(bytes).ok_or_else(|| SealError::Differs("dictionary".to_owned()));
    let learned = read_back(&assemble(&[], &[]).map_err(SealError::Compress)?)?.learned;
    let fresh = || encode::Start::new(&learned);
    let encoded = groups.par_iter().map(|group| encode_group(group, site, fresh(), |_| None, read));
    let mut encoded: Encoded = encoded.collect::<Result<_, SealError<E>>>()?;
    let bytes = assemble(&letters(&encoded), &common(&encoded)).map_err(SealError::Compress)?;
    let dictionary = read_back(&bytes)?;
    let fold = |group: &mut encode::Group| group.fold(&dictionary.alphabet, dictionary.text.clone());
    encoded.par_iter_mut().try_for_each(fold).map_err(SealError::Compress)?;
    Ok((bytes, dictionary, encoded))
}

/// Encodes the pages of a group, going on from what there was. `before` says where a page, by its path, was.
fn encode_group<E>(
    group: &Members<'_>,
    site: &encode::Site<'_>,
    start: encode::Start<'_>,
    before: impl Fn(&str) -> Option<(usize, usize)>,
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<encode::Group, SealError<E>> {
    let plan = group.plan;
    let texts = group.places.iter().map(|&place| read(place)).collect::<Result<Vec<_>, E>>();
    let texts = texts.map_err(SealError::Read)?;
    let mut pages = Vec::with_capacity(texts.len());
    for (place, bytes) in group.places.iter().zip(&texts) {
        let path = plan.entries.get(*place).map_or("", |entry| entry.path.as_str());
        let before = before(path).and_then(|was| start.pages.iter().position(|page| *page == was));
        pages.push(encode::Page { path, text: std::str::from_utf8(bytes).map_err(|_| bytes.as_slice()), before });
    }
    Ok(encode::group(site, start, &pages))
}

/// The letters of all groups, the frequent ones first; the rare ones are left out.
fn letters(encoded: &Encoded) -> Vec<u32> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for group in encoded.iter().filter(|group| !group.plain) {
        names(&group.words).for_each(|name| *counts.entry(name).or_default() += 1);
    }
    let mut letters: Vec<(u32, u64)> = counts.into_iter().filter(|(_, count)| *count >= OFTEN).collect();
    letters.sort_by_key(|(name, count)| (Reverse(*count), *name));
    letters.into_iter().map(|(name, _)| name).take(LETTERS).collect()
}

/// What all texts begin from: the words of some groups from everywhere.
fn common(encoded: &Encoded) -> Vec<u8> {
    let texts = || encoded.iter().filter(|group| !group.plain);
    let total: usize = texts().map(|group| group.words.len().min(COMMON_OF_GROUP)).sum();
    let size = (total / COMMON_PART).min(COMMON);
    let (mut common, mut passed) = (Vec::new(), 0);
    for group in texts() {
        let words = group.words.get(..COMMON_OF_GROUP).unwrap_or(&group.words);
        // As much as is due by now, whatever came before.
        if common.len() * total.max(1) <= passed * size && common.len() < size {
            common.extend_from_slice(words);
        }
        passed += words.len();
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::{Answer, Reader};
    use crate::release::Order;

    fn plan() -> (Plan, Vec<&'static str>) {
        let texts = ["body{}", "<p>甲</p>", "<p>乙</p>", "<h1>家</h1>"];
        let paths = ["assets/a.css", "Q/01F1VT/index.html", "policy/x/index.html", "index.html"];
        let ways = [Way::Plain, Way::Packed("x".into(), 0), Way::Packed("x".into(), 0), Way::Packed("home".into(), 0)];
        let entries = paths.into_iter().zip(ways).zip([1, 0, 0, 0]);
        let entries =
            entries.map(|((path, way), class)| Entry { path: path.into(), class, way, tiers: vec![0], made: false });
        let header = |value: &str| vec![("Content-Type".to_owned(), value.to_owned())];
        let plan = Plan {
            host: "zc.qingyu.example".into(),
            date: "2026-11-22".into(),
            sequence: 1,
            classes: vec![header("text/html; charset=utf-8"), header("text/css; charset=utf-8")],
            passages: Vec::new(),
            day_marks: Vec::new(),
            tiers: vec![("core".into(), "基本".into())],
            entries: entries.collect(),
        };
        (plan, texts.to_vec())
    }

    #[test]
    fn what_was_sealed_is_read_back() {
        let (plan, texts) = plan();
        let sealed = seal(&plan, None, |place| Ok::<_, ()>(texts[place].as_bytes().to_vec())).unwrap();
        let Order::Hold(sha, length) = sealed.head.order else { panic!("nothing to hold") };
        let manifest = &sealed.objects[&sha.path()];
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
