//! Sticks that are not taken. Each is told in one sentence, and what is held goes on working.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use yima::kiosk::import;
use yima::language::Language;
use yima_pack::manifest::Manifest;
use yima_pack::release::{Head, Order};
use yima_pack::{Sha, Signer};

use super::{NUMBERS, built, copy, folder, kiosk, run, signer, typed, whole};
use crate::city::put;

/// What is done to a good stick. Gives what stands for `{}` in the sentences.
type Spoil = fn(&Path) -> String;

/// Spoiled how, and the reason in both languages.
const STICKS: &[(&str, Spoil, &str, &str)] = &[
    (
        "no note",
        |s| done(fs::remove_file(s.join("release.note"))),
        "里面没有 release.note，不是一码的更新盘",
        "there is no release.note, so this is no update of Yima",
    ),
    ("cut note", |s| note(s, |text| text[..text.len() - 9].to_owned()), BAD_NOTE.0, BAD_NOTE.1),
    ("empty note", |s| note(s, |_| String::new()), BAD_NOTE.0, BAD_NOTE.1),
    ("a login page", |s| note(s, |_| "<html>login</html>\n".into()), BAD_NOTE.0, BAD_NOTE.1),
    (
        "no text",
        |s| {
            put(&s.join("release.note"), b"\xff\xfe");
            String::new()
        },
        BAD_NOTE.0,
        BAD_NOTE.1,
    ),
    (
        "a note without end",
        |s| done(fs::File::create(s.join("release.note")).and_then(|file| file.set_len(1 << 40))),
        BAD_NOTE.0,
        BAD_NOTE.1,
    ),
    ("signed nonsense", |s| note(s, |_| signer().sign("hello\n").unwrap()), BAD_NOTE.0, BAD_NOTE.1),
    (
        "unsigned",
        |s| note(s, |text| format!("{}\n", text.split("\n\n").next().unwrap())),
        "release.note 没有签名",
        "release.note is not signed",
    ),
    (
        "foreign key",
        |s| sign(s, &Signer::of_seed("zc.xiaocheng.example", &[2; 32]).unwrap(), |_| {}),
        "release.note 不是用本机信任的密钥签的",
        "release.note is not signed with a key that this machine trusts",
    ),
    (
        "altered",
        |s| note(s, |text| text.replace("date 2026-10-01", "date 2026-10-02")),
        "release.note 的签名不符，内容被改过",
        "the signature of release.note does not fit, so it has been altered",
    ),
    (
        "other host",
        |s| sign(s, &signer(), |head| head.host = "evil.example".into()),
        "这是另一个网站 evil.example 的数据，本机是 zc.xiaocheng.example",
        "this is the data of another site, evil.example, and this machine is for zc.xiaocheng.example",
    ),
    (
        "older",
        |s| sign(s, &signer(), |head| head.sequence = 7),
        "这是第 7 号发布，不比本机的第 2026100100 号新",
        "this is release 7, which is not newer than release 2026100100 held here",
    ),
    (
        "same number",
        |s| sign(s, &signer(), |head| head.sequence = NUMBERS[0]),
        "这份第 2026100100 号发布与本机的第 2026100100 号内容不同",
        "this release 2026100100 is not the release 2026100100 held here",
    ),
    (
        "retired",
        |s| sign(s, &signer(), |head| head.order = Order::Retire),
        "这是停用通知，不含数据，要停用自助机请关闭它的服务",
        "this is a notice of retirement without data, to retire a kiosk stop its service",
    ),
    (
        "no manifest",
        |s| {
            let path = manifest(s).0;
            fs::remove_file(s.join(&path)).unwrap();
            path
        },
        MISSING.0,
        MISSING.1,
    ),
    ("cut manifest", |s| spoil(s, manifest(s).0, |bytes| bytes.truncate(bytes.len() - 1)), WRONG.0, WRONG.1),
    ("a longer manifest", |s| spoil(s, manifest(s).0, |bytes| bytes.push(b'\n')), WRONG.0, WRONG.1),
    ("altered manifest", |s| spoil(s, manifest(s).0, |bytes| bytes[99] ^= 1), WRONG.0, WRONG.1),
    (
        "manifest of tomorrow",
        |s| replace(s, "yima manifest 9\n"),
        "清单是另一个版本的程序写的，请先更新本机的程序",
        "the manifest is of another version, update the program here first",
    ),
    ("signed nonsense for a manifest", |s| replace(s, "hello\n"), "发布清单的格式不对", "the manifest is malformed"),
    ("a path out of the stick", |s| object_at(s, "../../etc/passwd"), BAD_PATH.0, BAD_PATH.1),
    ("a path from the root", |s| object_at(s, "/etc/passwd"), BAD_PATH.0, BAD_PATH.1),
    ("a path of another system", |s| object_at(s, "C:\\\\x"), BAD_PATH.0, BAD_PATH.1),
    (
        "too large",
        |s| too_large(s),
        "这份更新有 20000.0 MB，超过上限",
        "this update has 20000.0 MB, more than is taken",
    ),
    (
        "no object",
        |s| {
            let path = object(s);
            fs::remove_file(s.join(&path)).unwrap();
            path
        },
        MISSING.0,
        MISSING.1,
    ),
    ("cut object", |s| spoil(s, object(s), |bytes| bytes.truncate(bytes.len() / 2)), WRONG.0, WRONG.1),
    ("empty object", |s| spoil(s, object(s), Vec::clear), WRONG.0, WRONG.1),
    ("a longer object", |s| spoil(s, object(s), |bytes| bytes.push(0)), WRONG.0, WRONG.1),
    ("one bit of an object", |s| spoil(s, object(s), |bytes| bytes[0] ^= 1), WRONG.0, WRONG.1),
    (
        "an object without end",
        |s| {
            let path = object(s);
            fs::File::create(s.join(&path)).unwrap().set_len(1 << 40).unwrap();
            path
        },
        WRONG.0,
        WRONG.1,
    ),
    ("one bit of a plain file", |s| spoil(s, style(s), |bytes| bytes[0] ^= 1), WRONG.0, WRONG.1),
    (
        "a link to an object",
        |s| {
            let path = object(s);
            link(&s.join(&path));
            path
        },
        NOT_A_FILE.0,
        NOT_A_FILE.1,
    ),
    (
        "a link to a folder",
        |s| {
            link(&s.join("release"));
            manifest(s).0
        },
        NOT_A_FILE.0,
        NOT_A_FILE.1,
    ),
    (
        "a link to the note",
        |s| {
            link(&s.join("release.note"));
            "release.note".into()
        },
        NOT_A_FILE.0,
        NOT_A_FILE.1,
    ),
    (
        "a pipe",
        |s| {
            let path = object(s);
            fs::remove_file(s.join(&path)).unwrap();
            assert!(Command::new("mkfifo").arg(s.join(&path)).status().unwrap().success());
            path
        },
        NOT_A_FILE.0,
        NOT_A_FILE.1,
    ),
    (
        "a folder for an object",
        |s| {
            let path = object(s);
            fs::remove_file(s.join(&path)).unwrap();
            fs::create_dir(s.join(&path)).unwrap();
            path
        },
        NOT_A_FILE.0,
        NOT_A_FILE.1,
    ),
];

const BAD_NOTE: (&str, &str) =
    ("release.note 的格式不对，可能没有写完", "release.note is malformed, maybe it was not written to the end");
const MISSING: (&str, &str) = ("缺少文件 {}", "the file {} is missing");
const WRONG: (&str, &str) = (
    "{} 与签名的清单不符，可能损坏或没有写完",
    "{} is not the file the signed manifest names, maybe damaged or not written to the end",
);
const NOT_A_FILE: (&str, &str) =
    ("{} 是链接或特殊文件，不是普通文件", "{} is a link or a special file, not a plain one");
const BAD_PATH: (&str, &str) = ("清单里的路径 \"{}\" 不能用", "the manifest names \"{}\", which is no path for a file");

fn done(result: std::io::Result<()>) -> String {
    result.unwrap();
    String::new()
}

fn note(stick: &Path, change: impl Fn(&str) -> String) -> String {
    let text = fs::read_to_string(stick.join("release.note")).unwrap();
    put(&stick.join("release.note"), change(&text).as_bytes());
    String::new()
}

fn head(stick: &Path) -> Head {
    Head::open(&fs::read_to_string(stick.join("release.note")).unwrap(), &[], "zc.xiaocheng.example").unwrap()
}

pub(super) fn sign(stick: &Path, signer: &Signer, change: impl Fn(&mut Head)) -> String {
    let mut head = head(stick);
    change(&mut head);
    note(stick, |_| signer.sign(&head.to_string()).unwrap())
}

/// Path and text of the manifest.
fn manifest(stick: &Path) -> (String, Manifest) {
    let Order::Hold(sha, _) = head(stick).order else { panic!("nothing to hold") };
    let path = format!("release/{sha}");
    let text = fs::read_to_string(stick.join(&path)).unwrap_or_default();
    (path, Manifest::parse(&text).unwrap_or_default())
}

/// Another manifest, rightly signed.
fn replace(stick: &Path, text: &str) -> String {
    let sha = Sha::of(text.as_bytes());
    put(&stick.join(format!("release/{sha}")), text.as_bytes());
    sign(stick, &signer(), |head| head.order = Order::Hold(sha, text.len()))
}

fn object_at(stick: &Path, path: &str) -> String {
    let mut manifest = manifest(stick).1;
    manifest.files[0].path = path.replace("\\\\", "\\");
    manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
    replace(stick, &manifest.to_string());
    path.to_owned()
}

fn too_large(stick: &Path) -> String {
    let mut manifest = manifest(stick).1;
    manifest.objects.truncate(1);
    manifest.objects[0].length = 20_000_000_000;
    manifest.packs.truncate(1);
    (manifest.files, manifest.tiers) = Default::default();
    replace(stick, &manifest.to_string())
}

/// Path of an object that the first site does not have.
fn object(stick: &Path) -> String {
    let before = manifest(built(0)).1.objects;
    let mut objects = manifest(stick).1.objects.into_iter();
    let new = objects.find(|new| new.path.starts_with("release/") && before.iter().all(|old| old.sha != new.sha));
    new.unwrap().path
}

fn style(stick: &Path) -> String {
    let mut files = manifest(stick).1.files.into_iter();
    files.find(|file| file.path.starts_with("assets/site-")).unwrap().path
}

fn spoil(stick: &Path, path: String, change: impl Fn(&mut Vec<u8>)) -> String {
    let mut bytes = fs::read(stick.join(&path)).unwrap();
    change(&mut bytes);
    put(&stick.join(&path), &bytes);
    path
}

/// Puts a link in the place of something good, to that good thing.
fn link(path: &Path) {
    let moved = path.with_extension("moved");
    // Read before it is a link: later calls still find what it names.
    fs::rename(path, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, path).unwrap();
}

#[test]
fn a_bad_stick_is_refused_in_one_sentence_and_nothing_changes() {
    let temp = folder();
    let mut failures = String::new();
    for (place, (name, spoil, chinese, english)) in STICKS.iter().enumerate() {
        let (folder, stick) = (temp.path().join(format!("kiosk{place}")), temp.path().join(place.to_string()));
        let store = kiosk(&folder, &[0]);
        let before = store.state();
        copy(built(1), &stick);
        let path = spoil(&stick);
        for (lang, reason, rest) in
            [("zh", chinese, "，本机原有数据没有变动。"), ("en", english, "; what this machine holds is unchanged.")]
        {
            let said = run(&["kiosk", "import", typed(&stick), "--into", typed(&folder), "--lang", lang]);
            let expected = format!("{}{rest}", reason.replace("{}", &path));
            if said != Err(expected.clone()) {
                failures.push_str(&format!("{name}\n  expected {expected}\n  said     {said:?}\n"));
            }
        }
        assert_eq!(store.state(), before, "{name}");
        assert_eq!(whole(&store), [NUMBERS[0]], "{name}");
        // What it left behind hinders nobody.
        import(&store, built(1), &|_, _| {}).unwrap();
        assert_eq!(whole(&store), [NUMBERS[1], NUMBERS[0]], "{name}");
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn a_folder_that_is_no_kiosk_is_told_how_to_become_one() {
    let temp = folder();
    let at = |name: &str| -> PathBuf { temp.path().join(name) };
    let (kiosk, keys, wrong) = (at("kiosk"), at("keys"), at("wrong"));
    put(&keys, format!("# 小城\n{}\n", signer().verifier()).as_bytes());
    put(&wrong, signer().secret().as_bytes());
    let shown = kiosk.display();
    let import = |stick: &Path| run(&["kiosk", "import", typed(stick), "--into", typed(&kiosk)]);
    let init = |key: &Path| run(&["kiosk", "init", typed(&kiosk), "--key", typed(key)]);
    let rest = "，本机原有数据没有变动。";
    let hint = format!("{shown} 还不是自助机的数据文件夹，先运行 yima kiosk init {shown} --key 公钥文件{rest}");
    assert_eq!(import(built(0)), Err(hint));
    assert_eq!(init(&wrong), Err(format!("{} 里应当每行一把公钥，现在不是{rest}", wrong.display())));
    assert!(!kiosk.exists(), "nothing was made");
    init(&keys).unwrap();
    assert!(init(&keys).unwrap_err().contains("已经是自助机的数据文件夹"));
    assert_eq!(import(&at("none")), Err(format!("没有文件夹 {}{rest}", at("none").display())));
    import(built(0)).unwrap();
    // The same stick once more is a check.
    import(built(0)).unwrap();
    put(&kiosk.join("keys.txt"), b"\n");
    assert!(import(built(1)).unwrap_err().starts_with(&format!("{shown}/keys.txt 里应当每行一把公钥")));
}

#[test]
fn one_import_at_a_time() {
    let temp = folder();
    let store = kiosk(&temp.path().join("kiosk"), &[0]);
    let lock = fs::File::create(temp.path().join("kiosk/.lock")).unwrap();
    lock.lock().unwrap();
    let refused = import(&store, built(1), &|_, _| {}).unwrap_err();
    assert_eq!(refused.sentence(Language::Chinese), "另一次导入正在进行，本机原有数据没有变动。");
    drop(lock);
    import(&store, built(1), &|_, _| {}).unwrap();
}
