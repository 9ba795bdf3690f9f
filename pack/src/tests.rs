//! Packs that are not what they should be. A reader checks digests first; these tests go behind that check.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod following;

use proptest::prelude::*;

use crate::course::{Read, Reading};
use crate::day::Day;
use crate::dictionary::Dictionary;
use crate::directory::Directory;
use crate::release::{Order, Sha};
use crate::seal::{Before, Entry, Plan, Sealed, Way, seal};
use crate::segment::{self, Segment};
use crate::table::Table;
use crate::{Answer, Manifest, Reader};

/// A small site: a frame, words that repeat, a symbol, lists with the same rows, bytes that are no text.
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
    let row = |number: usize| {
        let state = if number == 7 { "截至2026-11-22" } else { "现行有效" };
        format!("<li><a href=\"/policy/{number:02}/\">关于第{number}件事的通知</a><i>{state}</i></li>\n")
    };
    for (path, step) in [("sector/a/index.html", 1), ("theme/b/index.html", 3), ("year/26/index.html", 2)] {
        let rows: String = (0..40).step_by(step).map(row).collect();
        site.push((path.to_owned(), page(path, &format!("<ol>{rows}</ol>")).into_bytes()));
    }
    site.push(("search/index.bin".to_owned(), (0..=255).collect()));
    site
}

fn plan(site: &[(String, Vec<u8>)], date: &str) -> Plan {
    let way = |path: &str| {
        if path.ends_with(".css") { Way::Plain } else { Way::Packed(path.chars().take(8).collect(), 0) }
    };
    let entries = site.iter().map(|(path, _)| Entry {
        path: path.clone(),
        class: 0,
        way: way(path),
        tiers: Vec::new(),
        made: false,
    });
    Plan {
        host: "zc.qingyu.example".into(),
        date: date.into(),
        sequence: 1,
        classes: vec![Vec::new()],
        passages: vec![["<li>".into(), "</li>".into()]],
        day_marks: vec!["截至".into()],
        tiers: Vec::new(),
        entries: entries.collect(),
    }
}

fn sealed(site: &[(String, Vec<u8>)], date: &str, before: Option<&Before>) -> Sealed {
    seal(&plan(site, date), before, |place| Ok::<_, ()>(site[place].1.clone())).unwrap()
}

fn manifest(sealed: &Sealed) -> (Vec<u8>, Sha) {
    let Order::Hold(sha, _) = sealed.head.order else { panic!("nothing to hold") };
    (sealed.objects[&sha.path()].clone(), sha)
}

fn parsed(sealed: &Sealed) -> Manifest {
    Manifest::parse(&String::from_utf8(manifest(sealed).0).unwrap()).unwrap()
}

fn before(sealed: &Sealed) -> Before {
    let (bytes, sha) = manifest(sealed);
    Before::new(&bytes, sha, |path| sealed.objects.get(path).cloned()).unwrap()
}

/// The packs of that site, by what they are for.
fn packs() -> Vec<(String, Vec<u8>)> {
    let sealed = sealed(&site(), "2026-11-22", None);
    let manifest = parsed(&sealed);
    let pack =
        |(object, role): (usize, &str)| (role.to_owned(), sealed.objects[&manifest.objects[object].path].clone());
    manifest.roles().map(pack).collect()
}

fn of<'a>(packs: &'a [(String, Vec<u8>)], role: &str) -> &'a [u8] {
    &packs.iter().find(|(other, _)| other.starts_with(role)).unwrap().1
}

/// Reads all there is to read.
fn read(dictionary: &[u8], segment: &[u8], table: &[u8], directory: &[u8]) {
    let _ = Directory::decode(directory).map(|directory| directory.find("policy/01/index.html"));
    let Some(dictionary) = Dictionary::decode(dictionary) else { return };
    let table = Table::open(table, &dictionary);
    let Some(segment) = Segment::open(segment) else { return };
    let shared = |number: u32| table.as_ref().map_or(Some(None), |table| table.get(number as usize).map(Some));
    let day = Day::of("2026-11-22");
    for place in 0..50 {
        let group = segment.group_of(place).unwrap_or(place);
        let chains = [vec![(&segment, group)], vec![(&segment, 0), (&segment, group)]];
        for chain in chains {
            let Some((words, _)) = segment::words(&chain, &dictionary) else { continue };
            let Some(mut reading) = Reading::begin(&chain, &words, &dictionary) else { continue };
            let _ = reading.page(place, "policy/01/index.html", &day, &dictionary, shared);
        }
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
    let table = packs.iter().find(|(role, _)| role == "table").and_then(|(_, bytes)| Table::open(bytes, &dictionary));
    let segment = Segment::open(of(&packs, "segment")).unwrap();
    let site = site();
    // Backwards, so that none is helped by one that was read before.
    for (place, (path, bytes)) in site.iter().take(40).enumerate().rev() {
        let shared = |number: u32| table.as_ref().and_then(|table| table.get(number as usize)).map(Some);
        let chain = [(&segment, segment.group_of(place).unwrap())];
        let day = Day::of("2026-11-22");
        let (words, _) = segment::words(&chain, &dictionary).unwrap();
        let read = Reading::begin(&chain, &words, &dictionary).unwrap().page(place, path, &day, &dictionary, shared);
        assert_eq!(read, Some(Read::Page(bytes.clone())), "{path}");
    }
}

/// Everything that a release says of these paths.
fn answers(sealed: &Sealed, paths: &[&str]) -> Vec<Option<Vec<u8>>> {
    let (bytes, sha) = manifest(sealed);
    let mut reader = Reader::new(&bytes, sha).unwrap();
    let answer = |path: &&str| loop {
        match reader.answer(path).unwrap() {
            Answer::Wanted(objects) => {
                for object in objects {
                    let path = reader.manifest().objects[object].path.clone();
                    reader.supply(object, sealed.objects[&path].clone()).unwrap();
                }
            }
            Answer::Found(found) => break Some(found.bytes),
            Answer::Moved(_) | Answer::Missing => break None,
        }
    };
    paths.iter().map(answer).collect()
}

#[test]
fn pages_are_the_same_in_whatever_order_one_reader_is_asked() {
    let site = site();
    let sealed = sealed(&site, "2026-11-22", None);
    let paths: Vec<&str> = site.iter().map(|(path, _)| path.as_str()).collect();
    let onward = 0..paths.len();
    // On, again, back, and in leaps: where one page ended is not always where the next begins.
    let leaps = onward.clone().map(|place| place * 17 % paths.len());
    let order: Vec<usize> =
        onward.clone().chain(onward.clone().flat_map(|place| [place; 2])).chain(onward.rev()).chain(leaps).collect();
    let asked: Vec<&str> = order.iter().map(|place| paths[*place]).collect();
    for (place, answer) in order.iter().zip(answers(&sealed, &asked)) {
        assert_eq!(answer.as_ref(), Some(&site[*place].1), "{}", paths[*place]);
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
