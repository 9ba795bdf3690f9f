//! Releases that follow one another.

use super::*;

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
fn what_a_page_goes_on_from_is_loaded_together() {
    let (mut site, date) = week(0);
    let mut last = sealed(&site, &date, None);
    for number in 0..12 {
        let (_, bytes) = &mut site[100];
        *bytes = String::from_utf8_lossy(bytes).replace("<footer>", &format!("第{number}次。<footer>")).into_bytes();
        last = sealed(&site, &date, Some(&before(&last)));
    }
    let (text, sha) = manifest(&last);
    let mut reader = Reader::new(&text, sha).unwrap();
    let mut rounds = Vec::new();
    let page = loop {
        match reader.answer(&site[100].0).unwrap() {
            Answer::Wanted(objects) => {
                rounds.push(objects.len());
                for object in objects {
                    let bytes = last.objects[&reader.manifest().objects[object].path].clone();
                    reader.supply(object, bytes).unwrap();
                }
            }
            answer => break answer,
        }
    };
    assert!(matches!(page, Answer::Found(found) if found.bytes == site[100].1));
    // Overlays and the directory; dictionary and the last segment; the twelve before it in strides; tables.
    assert_eq!(rounds[..4], [13, 2, 1 + segment::TRAIL, 12 - 1 - segment::TRAIL]);
    assert!(rounds.len() <= 5, "{rounds:?}");
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

/// Bytes of the packs of a release, and the digest of its dictionary, which says with what it was cut.
fn weight(sealed: &Sealed) -> (usize, Sha) {
    let manifest = parsed(sealed);
    let dictionary = manifest.roles().find(|pack| pack.1 == "dictionary").unwrap().0;
    let size = manifest.roles().map(|(place, _)| manifest.objects[place].length).sum();
    (size, manifest.objects[dictionary].sha)
}

#[test]
fn what_grows_is_followed_and_what_is_written_over_is_cut_anew() {
    let (site, date) = week(0);
    let page = |number: usize, version: usize| {
        let words = (0..60_u32).filter_map(|at| {
            let drawn = at * 7_919 + u32::try_from(number * 104_729 + version * 1_299_709).unwrap();
            char::from_u32(0x4E00 + drawn % 20_000)
        });
        let words: String = words.collect();
        (format!("r/{:03}/{number:04}/index.html", number / 10), format!("<p>{words}</p>\n").into_bytes())
    };
    let (mut grown, mut rewritten) = (site.clone(), site);
    rewritten.extend((0..400).map(|number| page(number, 0)));
    let firsts = [&grown, &rewritten].map(|site| sealed(site, &date, None));
    let mut lasts = firsts.clone();
    let mut cuts = 0;
    for step in 0..10 {
        grown.extend((step * 80..step * 80 + 80).map(|number| page(number, 0)));
        lasts[0] = sealed(&grown, &date, Some(&before(&lasts[0])));
        assert_eq!(weight(&lasts[0]).1, weight(&firsts[0]).1, "new pages cost as much wherever they stand: {step}");
        for number in (step * 80..step * 80 + 80).map(|number| number % 400) {
            rewritten[401 + number] = page(number, step + 1);
        }
        let next = sealed(&rewritten, &date, Some(&before(&lasts[1])));
        let anew = sealed(&rewritten, &date, None);
        assert!(weight(&next).0 * 2 <= weight(&anew).0 * 3, "{step}: too much that nobody reads");
        if weight(&next).1 != weight(&lasts[1]).1 {
            cuts += 1;
            assert_eq!(next.objects, anew.objects);
        }
        lasts[1] = next;
    }
    assert!(weight(&lasts[0]).0 > 2 * weight(&firsts[0]).0, "it did not grow by half as much again");
    assert!((1..=3).contains(&cuts), "{cuts}");
}
