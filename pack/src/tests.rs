//! Packs that are not what they should be. A reader checks digests first; these tests go behind that check.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

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

/// A site that is large enough to be followed, `week` weeks later: a page goes, one comes, some change, the day is another.
/// All pages also name the day of the first, as a date that stays.
fn week(week: usize) -> (Vec<(String, Vec<u8>)>, String) {
    let date = format!("2026-11-{:02}", 1 + week * 7);
    let day = Day::of(&date);
    // Some of them are over after the first week.
    let until = |number: usize| {
        format!("data-until=\"{}\">", if number.is_multiple_of(40) { "2026-11-05" } else { "2027-01-31" })
    };
    let page = |number: usize| {
        let changed = if number.is_multiple_of(50) { format!("第{week}次修改。") } else { String::new() };
        let name = format!("关于第{number}件事的通知");
        let words: String = (0..40_u32)
            .filter_map(|at| char::from_u32(0x4E00 + (at * 7919 + u32::try_from(number).unwrap() * 104_729) % 20_000))
            .collect();
        let text = format!(
            "<!DOCTYPE html>\n<title>{name}</title>\n<h1>{name}</h1>\n<time datetime=\"2026-11-01\">2026年11月1日</time>\n<i data-until=\"2026-12-31\">还有{}天</i><i {}{}</i>\n<p>{words}{changed}</p>\n<footer>截至{}<time datetime=\"{}\"></time></footer>\n",
            60 - week * 7,
            until(number),
            if week == 0 || !number.is_multiple_of(40) {
                day.left(until(number).as_bytes()).unwrap()
            } else {
                "已截止".to_owned()
            },
            day.written[1],
            day.written[0]
        );
        (format!("p/{:02}/{number:04}/index.html", number / 10), text.into_bytes())
    };
    let pages = (week..400 + week).map(page);
    let list: String = (week..400 + week).map(|number| format!("<li>关于第{number}件事的通知</li>\n")).collect();
    let mut site: Vec<_> = pages.collect();
    site.push(("q/index.html".to_owned(), format!("<ul>\n{list}</ul>\n").into_bytes()));
    (site, date)
}

#[test]
fn a_release_that_follows_says_only_what_changed() {
    let (site, date) = week(0);
    let first = sealed(&site, &date, None);
    // What a device needs; the list of all pages is for others.
    let objects = |sealed: &Sealed| parsed(sealed).objects;
    let whole: usize = objects(&first).iter().map(|object| object.length).sum();
    let mut last = first;
    for number in 1..5 {
        let (site, date) = week(number);
        let next = sealed(&site, &date, Some(&before(&last)));
        let new = objects(&next).into_iter().filter(|object| !last.objects.contains_key(&object.path));
        let size: usize = new.map(|object| object.length).sum();
        assert!(size * 20 < whole, "{size} of {whole} bytes in week {number}");
        let text = String::from_utf8(manifest(&next).0).unwrap();
        assert_eq!(text.matches(" overlay").count(), number);
        let paths: Vec<&str> = site.iter().map(|(path, _)| path.as_str()).collect();
        let wanted: Vec<Option<Vec<u8>>> = site.iter().map(|(_, bytes)| Some(bytes.clone())).collect();
        assert!(answers(&next, &paths) == wanted, "week {number} does not read as it was written");
        assert_eq!(answers(&next, &["p/00/0000/"]), [None], "what is gone is gone");
        // The same site on the same day adds nothing.
        let again = sealed(&site, &date, Some(&before(&next)));
        assert_eq!(again.objects, next.objects);
        last = next;
    }
}

#[test]
fn a_file_of_another_name_is_said_once() {
    let (pages, date) = week(0);
    let site = |hashes: [&str; 2]| {
        let names = hashes.map(|hash| format!("assets/site-{hash}.css"));
        let head = format!("<link href=\"/{}\">\n<link href=\"/assets/card-0a0b0c0d.css\">\n<h1>", names[0]);
        let styled = |bytes: &[u8]| String::from_utf8_lossy(bytes).replacen("<h1>", &head, 1).into_bytes();
        let mut site: Vec<_> = pages.iter().map(|(path, bytes)| (path.clone(), styled(bytes))).collect();
        site.extend(names.into_iter().map(|name| (name.clone(), name.into_bytes())));
        site.sort();
        site.dedup();
        site
    };
    let one = |hash| site([hash, hash]);
    let mut last = sealed(&one("00000001"), &date, None);
    for hash in ["00000002", "00000003", "00000001"] {
        let site = one(hash);
        let next = sealed(&site, &date, Some(&before(&last)));
        let (old, new) = (parsed(&last), parsed(&next));
        assert_eq!(new.packs, old.packs, "no page is written again");
        assert_eq!(new.renamed.len(), usize::from(hash != "00000001"));
        let (paths, wanted): (Vec<&str>, Vec<_>) = site
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| (path.as_str(), Some(bytes.clone())))
            .unzip();
        assert!(answers(&next, &paths) == wanted, "{hash} does not read as it was written");
        last = next;
    }
    // Of two that could be meant, neither is.
    let site = site(["00000004", "00000005"]);
    let next = sealed(&site, &date, Some(&before(&last)));
    assert_eq!(parsed(&next).renamed, []);
    assert_eq!(
        answers(&next, &["p/00/0003/"]),
        [Some(site.iter().find(|page| page.0.contains("0003")).unwrap().1.clone())]
    );
}

#[test]
fn of_many_layers_the_last_become_one() {
    let (mut site, date) = week(0);
    let first = sealed(&site, &date, None);
    // Paths of its packs of a role, and how long they are.
    let packs = |sealed: &Sealed, role: &str| {
        let manifest = parsed(sealed);
        let of_role = manifest.roles().filter(|pack| pack.1.starts_with(role));
        let packs = of_role.map(|pack| (manifest.objects[pack.0].path.clone(), manifest.objects[pack.0].length));
        packs.collect::<Vec<(String, usize)>>()
    };
    let size = |packs: &[(String, usize)]| packs.iter().map(|pack| pack.1).sum::<usize>();
    let (mut last, mut merged) = (first.clone(), 0);
    for number in 0..70 {
        let (_, bytes) = &mut site[number * 37 % 400];
        *bytes = String::from_utf8_lossy(bytes).replace("<footer>", &format!("第{number}次。<footer>")).into_bytes();
        let next = sealed(&site, &date, Some(&before(&last)));
        let [was, now] = [&last, &next].map(|sealed| packs(sealed, "overlay").len());
        assert_eq!(packs(&next, "dictionary"), packs(&first, "dictionary"), "cut anew at {number}");
        if now <= was {
            merged += 1;
            let mut new = packs(&next, "");
            new.retain(|(path, _)| !last.objects.contains_key(path));
            let (new, whole) = (size(&new), size(&packs(&first, "")));
            assert!(was == 31 && new * 8 < whole, "{number}: {was} layers, {new} of {whole} bytes");
            // Nothing new needs no room.
            assert_eq!(sealed(&site, &date, Some(&before(&next))).objects, next.objects);
        }
        last = next;
    }
    assert!((2..=4).contains(&merged), "{merged}");
    let paths: Vec<&str> = site.iter().map(|(path, _)| path.as_str()).collect();
    let wanted: Vec<Option<Vec<u8>>> = site.iter().map(|(_, bytes)| Some(bytes.clone())).collect();
    assert!(answers(&last, &paths) == wanted, "it does not read as it was written");
}

#[test]
fn a_release_is_cut_anew_when_too_much_changed() {
    let (site, date) = week(0);
    let first = sealed(&site, &date, None);
    let other_words = |bytes: &[u8]| -> String {
        let other =
            |ch: char| if ch > '\u{4E00}' { char::from_u32(u32::from(ch) * 7 % 20_000 + 0x4E00) } else { Some(ch) };
        String::from_utf8_lossy(bytes).chars().filter_map(other).collect()
    };
    let other: Vec<_> = site.iter().map(|(path, bytes)| (path.clone(), other_words(bytes).into_bytes())).collect();
    let next = sealed(&other, &date, Some(&before(&first)));
    assert_eq!(next.objects, sealed(&other, &date, None).objects);
    // A damaged release cannot be followed.
    let (bytes, sha) = manifest(&first);
    assert!(Before::new(&bytes, sha, |_| Some(b"<html>login</html>".to_vec())).is_err());
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
