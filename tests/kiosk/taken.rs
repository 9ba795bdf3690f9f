//! Sticks that are taken, releases that are rolled back, damage that is mended.

use std::fs;
use std::path::PathBuf;

use yima::kiosk::{Store, import};
use yima::language::Language;

use super::refused::sign;
use super::{NUMBERS, built, copy, folder, kiosk, run, signer, typed, whole};
use crate::city::put;

#[test]
fn everything_else_on_a_stick_is_ignored() {
    let temp = folder();
    let (stick, folder) = (temp.path().join("stick"), temp.path().join("kiosk"));
    copy(built(0), &stick);
    for junk in ["autorun.inf", "release/readme", "object/x", "slot/0", "keys.txt", ".Trash/x", "照片.jpg"] {
        put(&stick.join(junk), b"junk");
    }
    std::os::unix::fs::symlink("/etc", stick.join("etc")).unwrap();
    let store = kiosk(&folder, &[]);
    import(&store, &stick, &|_, _| {}).unwrap();
    assert_eq!(whole(&store), [NUMBERS[0]]);
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".lock", "host.txt", "keys.txt", "object", "slot"]);
}

#[test]
fn a_release_is_rolled_back_and_taken_again() {
    let temp = folder();
    let folder = temp.path().join("kiosk");
    let store = kiosk(&folder, &[0]);
    let back = |words: &[&str]| run(&[&["kiosk", "rollback", typed(&folder)], words].concat());
    assert_eq!(back(&[]), Err("本机没有更早的发布可以退回，本机原有数据没有变动。".into()));
    import(&store, built(1), &|_, _| {}).unwrap();
    back(&[]).unwrap();
    assert_eq!(whole(&store), [NUMBERS[0], NUMBERS[1]]);
    assert!(back(&[]).is_err(), "there is one earlier release, not two");
    let refused = import(&store, built(1), &|_, _| {}).unwrap_err().sentence(Language::Chinese);
    assert!(refused.starts_with("第 2026100101 号发布在本机退回过"), "{refused}");
    back(&["--undo"]).unwrap();
    assert_eq!(whole(&store), [NUMBERS[1], NUMBERS[0]]);
    back(&[]).unwrap();
    // A newer one takes the slot of the one that was rolled back.
    let stick = temp.path().join("stick");
    copy(built(1), &stick);
    sign(&stick, &signer(), |head| head.sequence += 1);
    import(&store, &stick, &|_, _| {}).unwrap();
    assert_eq!(whole(&Store::open(&folder).unwrap()), [NUMBERS[1] + 1, NUMBERS[0]]);
}

#[test]
fn a_damaged_store_is_mended_by_the_same_stick() {
    let temp = folder();
    let folder = temp.path().join("kiosk");
    let store = kiosk(&folder, &[0]);
    let path = object_of(&store, 3);
    put(&path, b"rotten");
    assert_eq!(import(&store, built(0), &|_, _| {}).unwrap().copied, 1);
    assert_eq!(whole(&store), [NUMBERS[0]]);
    // A slot that rots is as good as empty: the other release answers, and the stick is taken anew.
    import(&store, built(1), &|_, _| {}).unwrap();
    put(&folder.join("slot/1"), b"rotten");
    assert_eq!(whole(&store), [NUMBERS[0]]);
    import(&store, built(1), &|_, _| {}).unwrap();
    assert_eq!(whole(&store), [NUMBERS[1], NUMBERS[0]]);
}

fn object_of(store: &Store, place: usize) -> PathBuf {
    let reader = store.reader(&store.held()[0]).unwrap();
    store.folder().join("object").join(reader.manifest().objects[place].sha.to_string())
}
