//! The copy on a stick, opened as files: it reads and its links work, without a server and without a script.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{NUMBERS, built, folder, run, signer, typed, whole};
use crate::browser::tab::Tab;
use crate::city::{put, tree};

/// The stick of a site.
fn export(site: &Path, stick: &Path, words: &[&str]) -> Result<(), String> {
    let keys = stick.with_extension("keys");
    put(&keys, signer().verifier().to_string().as_bytes());
    run(&[&["kiosk", "export", typed(stick), "--site", typed(site), "--key", typed(&keys)], words].concat())
}

/// Every address that a page names in a tag.
fn addresses(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let values = |tag: &'static str| move |text| address_in(text, tag);
    let tags: Vec<&str> = tags.collect();
    ["href", "src", "action"].into_iter().flat_map(|name| tags.iter().copied().filter_map(values(name))).collect()
}

fn address_in<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[test]
fn every_link_of_the_copy_leads_to_a_file_of_the_copy_or_to_a_host() {
    let temp = folder();
    let stick = temp.path().join("stick");
    export(built(0), &stick, &[]).unwrap();
    let copy = stick.join("site");
    let files: BTreeSet<String> = tree(&copy).into_keys().collect();
    let mut followed = 0;
    for page in files.iter().filter(|path| path.ends_with(".html")) {
        let text = fs::read_to_string(copy.join(page)).unwrap();
        assert!(!text.contains("type=\"module\"") && !text.contains("rel=\"manifest\""), "{page}");
        for address in addresses(&text) {
            let path = address.split(['?', '#']).next().unwrap();
            if path.is_empty() || ["https://", "tel:", "mailto:", "data:"].iter().any(|scheme| path.starts_with(scheme))
            {
                continue;
            }
            let mut target: PathBuf = Path::new(page).parent().unwrap().to_owned();
            for part in path.split('/') {
                assert!(
                    if part == ".." {
                        target.pop()
                    } else {
                        target.push(part);
                        true
                    },
                    "{page}: {address}"
                );
            }
            let target = target.to_str().unwrap();
            assert!(files.contains(target) || target.contains('%'), "{page} leads to {address}, which is not there");
            followed += 1;
        }
    }
    assert!(followed > 1000, "only {followed} links");
}

#[test]
fn a_stick_is_written_over_and_taken_by_a_kiosk() {
    let temp = folder();
    let stick = temp.path().join("stick");
    put(&stick.join("照片.jpg"), b"somebody's");
    export(built(0), &stick, &[]).unwrap();
    let style = |paths: &[String]| paths.iter().filter(|path| path.starts_with("assets/site-")).count();
    export(built(1), &stick, &["--no-plain"]).unwrap();
    let paths: Vec<String> = tree(&stick).into_keys().collect();
    assert_eq!(style(&paths), 1, "the earlier release is gone");
    assert!(paths.iter().all(|path| !path.starts_with("site/")) && paths.contains(&"照片.jpg".to_owned()), "{paths:?}");
    let store = super::kiosk(&temp.path().join("kiosk"), &[]);
    yima::kiosk::import(&store, &stick, &|_, _| {}).unwrap();
    assert_eq!(whole(&store), [NUMBERS[1]]);
}

#[test]
fn a_site_that_is_not_what_was_signed_is_not_exported() {
    let temp = folder();
    let (site, stick) = (temp.path().join("dist"), temp.path().join("stick"));
    super::copy(built(0), &site);
    let refused = |said: &str| {
        let end = "，更新盘没有写成。";
        assert_eq!(export(&site, &stick, &[]), Err(format!("{said}{end}")));
        assert!(!stick.exists(), "nothing was written");
    };
    let page = "policies/index.html";
    put(&site.join(page), b"<p>another text</p>");
    refused("policies/index.html 与签名的清单不符，可能损坏或没有写完");
    super::copy(built(0), &site);
    let note = fs::read_to_string(site.join("release.note")).unwrap();
    let unsigned = format!("{}\n", note.split("\n\n").next().unwrap());
    put(&site.join("release.note"), unsigned.as_bytes());
    refused("release.note 没有签名");
    // A person signs what a machine without a key has built.
    let secret = temp.path().join("secret");
    put(&secret, signer().secret().as_bytes());
    run(&["key", "sign", typed(&site), "--key", typed(&secret)]).unwrap();
    assert_eq!(fs::read_to_string(site.join("release.note")).unwrap(), note);
    export(&site, &stick, &[]).unwrap();
}

#[test]
fn a_new_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let temp = folder();
    let file = temp.path().join("release.key");
    run(&["key", "new", "zc.xiaocheng.example", typed(&file)]).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = fs::read_to_string(&file).unwrap();
    assert!(yima_pack::Signer::parse(&secret).is_ok());
    assert!(run(&["key", "new", "zc.xiaocheng.example", typed(&file)]).unwrap_err().contains("已经有了"));
    assert_eq!(fs::read_to_string(&file).unwrap(), secret);
    assert!(run(&["key", "new", "two words", typed(&temp.path().join("other"))]).is_err());
}

#[test]
fn the_copy_reads_from_a_file() {
    let Some(tab) = Tab::new() else { return };
    let temp = folder();
    let stick = temp.path().join("stick");
    export(built(0), &stick, &[]).unwrap();
    let ledger = fs::read_to_string(built(0).join("data/codes.csv")).unwrap();
    let card = ledger.lines().find(|line| line.contains(",policy,2025-zufang-butie")).unwrap();
    let card = format!("Q/{}/index.html", card.split(',').next().unwrap());
    let at = |path: &str| format!("file://{}/site/{path}", typed(&stick));
    for path in ["index.html", "policy/2025-zufang-butie/index.html", "policies/index.html", &card] {
        tab.open(&at(path));
        let heading = tab.text("return document.querySelector('h1').innerText");
        assert!(!heading.trim().is_empty(), "{path}");
        // The style and the page script are there: the second a browser has, the first it shows.
        let style = tab.js("return getComputedStyle(document.querySelector('.skip')).position");
        assert!(path == card || style == "absolute" || style == "fixed", "{path}: {style}");
        let traffic = tab.traffic();
        assert!(
            traffic.requests.iter().all(|address| address.starts_with("file://") || address.starts_with("data:")),
            "{:?}",
            traffic.requests
        );
        assert_eq!(traffic.complaints, [""; 0], "{path}");
    }
    tab.open(&at("policies/index.html"));
    tab.click("main a[href*='policy/']");
    assert!(tab.text("return location.href").ends_with("/index.html"));
    tab.click("header a[href$='index.html']");
    assert_eq!(tab.text("return location.href"), at("index.html"));
}
