//! From a finished site to a release: a whole one, or one that follows another ([`mod@follow`]).

mod encode;
mod examples;
mod follow;
mod packs;
mod phrases;
mod proof;
mod strings;

use std::collections::BTreeMap;

use rayon::prelude::*;

use self::examples::examples;
pub use self::follow::Before;
use self::follow::follow;
use self::packs::{Objects, directories, segments, tables};
use self::proof::prove;
use self::strings::{Census, Strings};
use crate::bytes::Writer;
use crate::dictionary::{Dictionary, deflate};
use crate::page::Day;
use crate::release::Head;

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

/// The dictionary for texts, at most; and which part of all texts.
const TEXTS: usize = 96 << 10;
const TEXTS_PART: usize = 48;

/// How hard texts are compressed.
const LEVEL: i32 = 19;

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

/// Seals a site. `read` gives the bytes of the entry at a place. With a release to follow, only what changed since is made
/// new, as long as that is worth it ([`Before::is_to_be_followed`]).
///
/// # Errors
/// [`SealError`].
pub fn seal<E: Send>(
    plan: &Plan,
    before: Option<&Before>,
    read: impl Fn(usize) -> Result<Vec<u8>, E> + Sync,
) -> Result<Sealed, SealError<E>> {
    if let Some(before) = before.filter(|before| before.is_to_be_followed(plan))
        && let Some(sealed) = follow(plan, before, &read)?
    {
        return Ok(sealed);
    }
    let groups = groups(plan);
    let groups: Vec<&Members<'_>> = groups.values().collect();
    let day = Day::of(&plan.date);
    let mut objects = Objects::new(plan);
    let mut strings = census(&groups, &day, &read)?.strings();
    let examples = examples(plan, &groups, &read)?;
    strings.learn(&encode::runs(&strings, &plan.host, &day, &examples));
    let (dictionary, encoded) = encode(plan, &day, &groups, &strings, &examples, &read)?;
    let dictionary_tiers = objects.all_tiers();
    objects.pack("dictionary".to_owned(), dictionary.bytes, dictionary_tiers);
    tables(&mut objects, &groups, &strings, &encoded).map_err(SealError::Compress)?;
    let fresh: Vec<_> = groups.iter().map(|group| (*group, None)).collect();
    let spots = segments(&mut objects, &fresh, &encoded, &dictionary.texts).map_err(SealError::Compress)?;
    directories(&mut objects, spots).map_err(SealError::Compress)?;
    objects.files(&read).map_err(SealError::Read)?;
    let (sealed, sha) = objects.sealed();
    let places: Vec<Vec<usize>> = groups.iter().map(|group| group.places.clone()).collect();
    prove(plan, &places, sha, &|path| sealed.objects.get(path).map(Vec::as_slice), &read)?;
    Ok(sealed)
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

fn census<E>(
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
                census.page(text, day);
            }
        }
    }
    Ok(census)
}

/// The dictionary of a release as bytes, and what its texts are compressed with.
struct Written {
    bytes: Vec<u8>,
    texts: Vec<u8>,
}

type Encoded = Vec<encode::Group>;

fn encode<E: Send>(
    plan: &Plan,
    day: &Day,
    groups: &[&Members<'_>],
    strings: &Strings,
    examples: &[Vec<(String, String)>],
    read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync),
) -> Result<(Written, Encoded), SealError<E>> {
    let (count, course) = encode::examples(strings, &plan.host, day, examples);
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
    let fresh = || encode::Start::new(&learned);
    let encoded = groups.par_iter().map(|group| encode_group(group, strings, day, fresh(), |_| None, read));
    let encoded: Encoded = encoded.collect::<Result<_, SealError<E>>>()?;
    let texts = text_dictionary(&encoded);
    Ok((Written { bytes: assemble(&texts), texts }, encoded))
}

/// Encodes the pages of a group, going on from what there was. `before` says where a page, by its path, was.
fn encode_group<E>(
    group: &Members<'_>,
    strings: &Strings,
    day: &Day,
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
    Ok(encode::group(strings, &plan.host, day, start, &pages))
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
