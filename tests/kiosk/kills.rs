//! Kills and full disks while an update is taken: the old release or the new one, whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use yima::kiosk::{Refusal, Store, import};
use yima::language::Language;
use yima_pack::manifest::{Manifest, Object};
use yima_pack::{Head, Sha, release::Order};

use super::{folder, signer, whole};
use crate::city::put;
use crate::crash::Disk;

/// How often the import is killed.
const KILLS: u32 = 60;
/// Objects of a release; every third is the same in all of them.
const OBJECTS: u64 = 120;
/// Bytes of an object.
const BYTES: usize = 8_000;
/// Tells the importer, which is this test program started once more, where it works.
const FOLDER: &str = "YIMA_TEST_KIOSK";

/// A stick with the release of this number.
fn stick(folder: &Path, number: u64) -> PathBuf {
    let stick = folder.join("stick");
    let _ = fs::remove_dir_all(&stick);
    let mut manifest = Manifest { date: "2026-11-22".into(), ..Manifest::default() };
    for place in 0..OBJECTS {
        let of = if place.is_multiple_of(3) { 0 } else { number };
        let bytes = format!("{of} {place}\n").repeat(BYTES).into_bytes()[..BYTES].to_vec();
        let sha = Sha::of(&bytes);
        let path = format!("release/{sha}");
        put(&stick.join(&path), &bytes);
        manifest.objects.push(Object { sha, length: bytes.len(), path });
        manifest.packs.push("segment".into());
    }
    let text = manifest.to_string();
    let sha = Sha::of(text.as_bytes());
    put(&stick.join(format!("release/{sha}")), text.as_bytes());
    let order = Order::Hold(sha, text.len());
    let head = Head { host: "zc.xiaocheng.example".into(), sequence: number, date: "2026-11-22".into(), order };
    put(&stick.join("release.note"), signer().sign(&head.to_string()).unwrap().as_bytes());
    stick
}

fn store(folder: &Path) -> Store {
    Store::create(&folder.join("kiosk"), &[signer().verifier()], None).unwrap()
}

#[test]
#[ignore = "the importer that `a_kill_leaves_a_whole_release` starts and kills"]
fn importer() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let store = Store::open(&folder.join("kiosk")).unwrap();
    import(&store, &folder.join("stick"), &|_, _| {}).unwrap();
}

#[test]
fn a_kill_leaves_a_whole_release() {
    let temp = folder();
    let store = store(temp.path());
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kiosk::kills::importer", "--ignored", "--nocapture"])
            .env(FOLDER, temp.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    import(&store, &stick(temp.path(), 1), &|_, _| {}).unwrap();
    stick(temp.path(), 2);
    let began = Instant::now();
    assert!(start().wait().unwrap().success());
    let run = u64::try_from(began.elapsed().as_micros()).unwrap();
    assert_eq!(whole(&store), [2, 1]);
    let (mut number, mut old, mut new, mut ended) = (2, 0, 0, 0);
    let mut random = u64::from(std::process::id()) << 17 | 1;
    for kill in 0..KILLS {
        stick(temp.path(), number + 1);
        let mut child = start();
        // Xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(run / 10 + random % (run * 5 / 4)));
        ended += u32::from(child.try_wait().unwrap().is_some());
        child.kill().unwrap();
        child.wait().unwrap();
        let held = whole(&store);
        if held == [number + 1, number] {
            new += 1;
            number += 1;
        } else {
            assert_eq!(held, [number, number - 1], "kill {kill}");
            old += 1;
        }
        // What a kill left behind hinders nobody, and is taken up again.
        if kill % 4 == 0 && held[0] == number && held[1] == number - 1 {
            import(&store, &stick(temp.path(), number + 1), &|_, _| {}).unwrap();
            number += 1;
            assert_eq!(whole(&store), [number, number - 1]);
        }
    }
    println!("{KILLS} kills: {old} left the old release, {new} the new one; {ended} came after the end");
    assert!(old > 0 && new > 0, "{old} old, {new} new");
    let names = fs::read_dir(store.folder().join("object")).unwrap().count();
    import(&store, &stick(temp.path(), number + 1), &|_, _| {}).unwrap();
    let left = fs::read_dir(store.folder().join("object")).unwrap().count();
    assert_eq!(left as u64, 2 + OBJECTS / 3 + 2 * (OBJECTS - OBJECTS / 3), "{names} before");
}

#[test]
fn what_was_copied_is_not_copied_again() {
    let temp = folder();
    let store = store(temp.path());
    let stick = stick(temp.path(), 1);
    let mut objects: Vec<PathBuf> = fs::read_dir(stick.join("release")).unwrap().map(|e| e.unwrap().path()).collect();
    objects.retain(|path| fs::metadata(path).unwrap().len() == BYTES as u64);
    objects.sort();
    let last = objects.last().unwrap();
    let bytes = fs::read(last).unwrap();
    fs::remove_file(last).unwrap();
    assert!(matches!(import(&store, &stick, &|_, _| {}), Err(Refusal::Missing(_))));
    assert!(store.held().is_empty());
    put(last, &bytes);
    let imported = import(&store, &stick, &|_, _| {}).unwrap();
    assert_eq!((imported.copied, imported.kept as u64), (1, OBJECTS - 1));
}

#[test]
fn a_disk_without_room_is_left_alone() {
    let temp = folder();
    // One release takes 1.0 MB, what differs in the other 0.7 MB, and 2 MB are to stay free.
    for kilobytes in (3_150..3_600).step_by(45) {
        let Some(disk) = Disk::new(&format!("{kilobytes}k")) else { return };
        let store = store(disk.path());
        import(&store, &stick(temp.path(), 1), &|_, _| {}).unwrap();
        let before = store.state();
        let refused = import(&store, &stick(temp.path(), 2), &|_, _| {}).unwrap_err();
        let said = refused.sentence(Language::Chinese);
        assert!(said.starts_with("磁盘只剩 ") && said.ends_with("，本机原有数据没有变动。"), "{said}");
        assert_eq!((store.state(), whole(&store)), (before, vec![1]));
    }
}

#[test]
fn a_disk_that_fills_meanwhile_gets_its_room_back() {
    let temp = folder();
    for part in 0..10 {
        let Some(disk) = Disk::new("5m") else { return };
        let store = store(disk.path());
        import(&store, &stick(temp.path(), 1), &|_, _| {}).unwrap();
        let objects = || fs::read_dir(store.folder().join("object")).unwrap().count();
        let before = objects();
        // Somebody else fills the disk while the update is copied.
        let filler = disk.path().join("filler");
        let fill = |done: u64, total: u64| {
            if done * 10 > total * part && !filler.exists() {
                let full =
                    fs::File::create(&filler).and_then(|mut file| std::io::copy(&mut std::io::repeat(1), &mut file));
                assert!(full.is_err());
            }
        };
        let refused = import(&store, &stick(temp.path(), 2), &fill).unwrap_err();
        let said = refused.sentence(Language::Chinese);
        assert!(said.ends_with("：磁盘已满，本机原有数据没有变动。"), "{said}");
        assert_eq!((whole(&store), objects()), (vec![1], before));
        fs::remove_file(&filler).unwrap();
        import(&store, &stick(temp.path(), 2), &|_, _| {}).unwrap();
        assert_eq!(whole(&store), [2, 1]);
    }
}
