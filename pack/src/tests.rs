//! Packs that are not what they should be. A reader checks digests first; these tests go behind that check.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

use proptest::prelude::*;

use crate::dictionary::Dictionary;
use crate::directory::Directory;
use crate::segment::{Read, Segment};
use crate::table::Table;

/// A small site: a frame, words that repeat, a symbol, bytes that are no text.
fn site() -> Vec<(String, Vec<u8>)> {
    let page = |name: &str, words: &str| {
        let symbol = crate::Symbol::of_address("https://zc.qingyu.example/").unwrap().path();
        let label = "二维码：https:&#x2f;&#x2f;zc.qingyu.example&#x2f;";
        format!(
            "<!DOCTYPE html>\n<title>{name} - 青屿</title>\n<h1>{name}</h1>\n<p>{words}</p>\n<svg aria-label=\"{label}\"><path d=\"{symbol}\"/></svg>\n"
        )
    };
    let mut site: Vec<(String, Vec<u8>)> = (0..40)
        .map(|number| {
            (
                format!("policy/{number:02}/index.html"),
                page(&format!("关于第{number}件事的通知"), "按照规定执行。").into_bytes(),
            )
        })
        .collect();
    site.push(("search/index.bin".to_owned(), (0..=255).collect()));
    site
}

/// The packs of that site, by what they are for.
fn packs() -> Vec<(String, Vec<u8>)> {
    use crate::seal::{Entry, Plan, Way, seal};
    let site = site();
    let way = |path: &str| Way::Packed(path.chars().take(8).collect(), 0);
    let entries =
        site.iter().map(|(path, _)| Entry { path: path.clone(), class: 0, way: way(path), tiers: Vec::new() });
    let plan = Plan {
        host: "zc.qingyu.example".into(),
        date: "2026-11-22".into(),
        sequence: 1,
        classes: vec![Vec::new()],
        tiers: Vec::new(),
        entries: entries.collect(),
    };
    let sealed = seal(&plan, |place| Ok::<_, ()>(site[place].1.clone())).unwrap();
    let crate::release::Order::Hold(sha, _) = sealed.head.order else { panic!("nothing to hold") };
    let manifest = String::from_utf8(sealed.objects[&sha.path()].clone()).unwrap();
    let manifest = crate::Manifest::parse(&manifest).unwrap();
    let pack =
        |(object, role): &(usize, String)| (role.clone(), sealed.objects[&manifest.objects[*object].path].clone());
    manifest.packs.iter().map(pack).collect()
}

fn of<'a>(packs: &'a [(String, Vec<u8>)], role: &str) -> &'a [u8] {
    &packs.iter().find(|(other, _)| other.starts_with(role)).unwrap().1
}

/// Reads all there is to read.
fn read(dictionary: &[u8], segment: &[u8], table: &[u8], directory: &[u8]) {
    let _ = Directory::decode(directory).map(|directory| directory.find("policy/01/index.html"));
    let table = Table::open(table);
    let Some(dictionary) = Dictionary::decode(dictionary) else { return };
    let Some(segment) = Segment::open(segment, &dictionary) else { return };
    let shared = |number: u32| table.as_ref().map_or(Some(None), |table| table.get(number as usize).map(Some));
    for place in 0..50 {
        let _ = segment.page(place, "policy/01/index.html", &dictionary, shared);
    }
}

#[test]
fn a_bad_pack_is_no_pack_and_no_panic() {
    let packs = packs();
    let (dictionary, segment) = (of(&packs, "dictionary"), of(&packs, "segment"));
    let (table, directory) = (packs.iter().find(|(role, _)| role == "table"), of(&packs, "directory"));
    let table = table.map_or(&[][..], |(_, bytes)| bytes);
    let whole = [dictionary, segment, table, directory];
    for (which, bytes) in whole.iter().enumerate() {
        let with = |bad: &[u8]| {
            let mut parts = whole;
            parts[which] = bad;
            read(parts[0], parts[1], parts[2], parts[3]);
        };
        let step = (bytes.len() / 150).max(1);
        for place in (0..bytes.len()).step_by(step) {
            with(&bytes[..place]);
            for bit in [0, 3, 7] {
                let mut flipped = bytes.to_vec();
                flipped[place] ^= 1 << bit;
                with(&flipped);
            }
        }
    }
}

#[test]
fn every_page_of_a_segment_is_read_by_itself() {
    let packs = packs();
    let dictionary = Dictionary::decode(of(&packs, "dictionary")).unwrap();
    let table = packs.iter().find(|(role, _)| role == "table").and_then(|(_, bytes)| Table::open(bytes));
    let segment = Segment::open(of(&packs, "segment"), &dictionary).unwrap();
    let site = site();
    // Backwards, so that none is helped by one that was read before.
    for (place, (path, bytes)) in site.iter().take(40).enumerate().rev() {
        let shared = |number: u32| table.as_ref().and_then(|table| table.get(number as usize)).map(Some);
        let read = segment.page(place, path, &dictionary, shared);
        assert_eq!(read, Some(Read::Page(bytes.clone())), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let packs = packs();
        read(&bytes, &bytes, &bytes, &bytes);
        read(of(&packs, "dictionary"), &bytes, &bytes, &bytes);
    }
}
