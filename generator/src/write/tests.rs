use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::place::Place;
use super::*;
use crate::language::Language;
use crate::site::{Content, RenderError, SitePath};

/// Path → bytes.
type Tree = BTreeMap<String, Vec<u8>>;

/// A recipe is its own bytes; the recipe `fail` fails.
struct Echo;

impl Render for Echo {
    type Recipe = Vec<u8>;

    fn render(&self, recipe: &Vec<u8>) -> Result<Vec<u8>, RenderError> {
        if recipe == b"fail" {
            return Err(RenderError { what: "page".into(), why: "template".into() });
        }
        Ok(recipe.clone())
    }
}

fn site(tree: &Tree) -> Site<Vec<u8>> {
    let mut site = Site::default();
    for (index, (path, bytes)) in tree.iter().enumerate() {
        let content = match index % 3 {
            0 => Content::Bytes(Cow::Owned(bytes.clone())),
            _ => Content::Recipe(bytes.clone()),
        };
        site.claim(SitePath::file(path), "test", content).unwrap();
    }
    site
}

/// Files that are made last, beside those of the site.
struct Made(Tree);

impl Last<Vec<u8>> for Made {
    fn make(
        &self,
        _: &Site<Vec<u8>>,
        _: bool,
        _: &(dyn Fn(&str) -> std::io::Result<Vec<u8>> + Sync),
        _: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        Ok(self.0.iter().map(|(path, bytes)| (SitePath::file(path), bytes.clone())).collect())
    }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
fn read(folder: &Path) -> Tree {
    let mut found = Tree::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path != folder.join(MARKER) {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn put(path: &Path, bytes: &[u8]) {
    use std::io::Write as _;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::File::create(path).unwrap().write_all(bytes).unwrap();
}

fn quick() -> Options<'static> {
    Options { durable: false, threads: 2, digest: true, ..Options::default() }
}

/// What stands beside `out` after a run: at most the spare.
fn beside(temp: &TempDir) -> Vec<String> {
    let names = fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "out" && name != ".out.yima-spare").collect()
}

fn any_tree() -> impl Strategy<Value = Tree> {
    // Folders end in a slash-free letter and files in `.h`, so that no path is both.
    proptest::collection::btree_map("([ab]/){0,3}[cd]\\.h", proptest::collection::vec(0_u8..3, 0..4), 0..12)
}

fn any_made() -> impl Strategy<Value = Tree> {
    proptest::collection::btree_map("m/([ab]/)?[cd]\\.h", proptest::collection::vec(0_u8..3, 0..4), 0..4)
}

/// What is made last is there whenever the site is written again with little that changed, which leaves a spare.
#[test]
fn what_is_made_last_stays_from_build_to_build() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let made = tree(&[("release/a", "pack"), ("release/b", "pack")]);
    for day in ["1", "2", "3", "4"] {
        let files = tree(&[("a.html", "a"), ("b.html", "b"), ("c.html", "c"), ("d.html", "d"), ("day.html", day)]);
        write(&site(&files), &Echo, &out, &Made(made.clone()), quick()).unwrap();
        assert_eq!(read(&out), files.into_iter().chain(made.clone()).collect::<Tree>(), "day {day}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// From any site to any other and on, with the site and the spare disturbed in any way before every step.
    #[test]
    fn the_folder_becomes_the_site(
        steps in proptest::collection::vec((any_tree(), any_made(), any_tree(), any_tree()), 1..4),
        durable: bool,
    ) {
        let temp = TempDir::new().unwrap();
        let out = temp.path().join("out");
        for (after, made, strays, spare_strays) in steps {
            for (folder, strays) in [(&out, strays), (&temp.path().join(".out.yima-spare"), spare_strays)] {
                for (path, bytes) in strays.iter().filter(|_| folder.exists()) {
                    put(&folder.join(path), bytes);
                }
            }
            let before = if out.exists() { read(&out) } else { Tree::new() };
            let (entries, last) = (site(&after), Made(made.clone()));
            let after: Tree = after.into_iter().chain(made).collect();
            let written = write(&entries, &Echo, &out, &last, Options { durable, ..quick() }).unwrap();
            prop_assert_eq!(&read(&out), &after);
            prop_assert_eq!(beside(&temp), Vec::<String>::new());
            let same = after.iter().filter(|(path, bytes)| before.get(*path) == Some(bytes)).count();
            let gone = before.keys().filter(|path| !after.contains_key(*path)).count();
            prop_assert_eq!((written.unchanged, written.written, written.removed), (same, after.len() - same, gone));
            let again = write(&entries, &Echo, &out, &last, quick()).unwrap();
            prop_assert_eq!((again.written, again.removed, again.digest), (0, 0, written.digest));
        }
    }

    /// One page changes again and again: the spare is used, and no file is written into.
    #[test]
    fn small_changes_walk_through_the_spare(changes in proptest::collection::vec((0_u8..20, 0_u8..3), 1..12)) {
        let temp = TempDir::new().unwrap();
        let out = temp.path().join("out");
        let mut content: Tree = (0..20).map(|n| (format!("{n}/i.html"), vec![b'-'])).collect();
        write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
        for (page, change) in changes {
            let path = format!("{page}/i.html");
            match change {
                0 => drop(content.remove(&path)),
                change => drop(content.insert(path, vec![change])),
            }
            write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
            prop_assert_eq!(&read(&out), &content);
        }
    }

    /// Paths are checked before anything is touched.
    #[test]
    fn no_path_leaves_the_folder(path in "[a./\\\\:]{1,9}") {
        let temp = TempDir::new().unwrap();
        let out = temp.path().join("deep/out");
        let result = write(&site(&Tree::from([(path.clone(), vec![1])])), &Echo, &out, &Nothing, quick());
        let fine = path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']));
        prop_assert_eq!(result.is_ok(), fine);
        prop_assert_eq!(out.exists(), fine);
    }
}

#[test]
fn threads_make_no_difference() {
    let temp = TempDir::new().unwrap();
    let big: Tree = (0..700).map(|n| (format!("p/{}/{n}/index.html", n % 7), vec![b'x'; n])).collect();
    let digests = [1, 8].map(|threads| {
        let out = temp.path().join(threads.to_string());
        write(&site(&big), &Echo, &out, &Nothing, Options { threads, ..quick() }).unwrap().digest.unwrap().to_string()
    });
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0].len(), 64);
    assert_eq!(read(&temp.path().join("1")), read(&temp.path().join("8")));
}

#[cfg(unix)]
#[test]
fn what_does_not_differ_is_not_touched() {
    use std::os::unix::fs::MetadataExt;
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let mark = |path: &Path| fs::metadata(path).map(|data| (data.ino(), data.mtime_nsec())).unwrap();
    let mut content = tree(&[("a/b.html", "one"), ("c.html", "two")]);
    write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
    let (folder, file) = (mark(&out), mark(&out.join("a/b.html")));
    assert_eq!(write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap().written, 0);
    assert_eq!(mark(&out), folder, "nothing differs: the folder itself stays");
    content.insert("c.html".into(), b"three".to_vec());
    assert_eq!(write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap().written, 1);
    assert_ne!(mark(&out), folder);
    assert_eq!(mark(&out.join("a/b.html")), file, "the other file is the same file");
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    put(&out.join("thesis.txt"), b"my only copy");
    let content = tree(&[("a.html", "a")]);
    let error = write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap_err();
    assert!(matches!(error, WriteError::NotOurs(_)));
    assert!(error.sentence(Language::Chinese).contains("不是 yima 写的"), "{}", error.sentence(Language::Chinese));
    assert_eq!(read(&out), tree(&[("thesis.txt", "my only copy")]));
    let given = Options { given: true, ..quick() };
    assert_eq!(write(&site(&content), &Echo, &out, &Nothing, given).unwrap().removed, 1);
    assert_eq!(read(&out), content);
    put(&out.join(".git/HEAD"), b"ref");
    let error = write(&site(&content), &Echo, &out, &Nothing, given).unwrap_err();
    assert!(matches!(error, WriteError::Versioned(_)));
}

#[test]
fn a_failing_page_leaves_the_old_site() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let old = tree(&[("a.html", "a"), ("b.html", "b")]);
    write(&site(&old), &Echo, &out, &Nothing, quick()).unwrap();
    let new = tree(&[("a.html", "changed"), ("b.html", "fail")]);
    assert!(matches!(write(&site(&new), &Echo, &out, &Nothing, quick()), Err(WriteError::Render(_))));
    assert_eq!(read(&out), old);
    assert_eq!(beside(&temp), Vec::<String>::new());
}

#[test]
fn one_path_is_not_file_and_folder() {
    let temp = TempDir::new().unwrap();
    let both = tree(&[("a", ""), ("a-b", ""), ("a/b/c", "")]);
    let error = write(&site(&both), &Echo, &temp.path().join("out"), &Nothing, quick()).unwrap_err();
    assert!(matches!(&error, WriteError::FileAndFolder(path) if path.as_str() == "a"), "{error:?}");
}

#[test]
fn leftovers_of_killed_builds_are_put_right() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let content = tree(&[("a.html", "a")]);
    write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
    // Killed while staging; killed between making the folder and marking it.
    put(&temp.path().join(".out.yima-spare").join(MARKER), b"");
    put(&temp.path().join(".out.yima-spare/half.html"), b"half");
    fs::create_dir(temp.path().join(".out.yima-old")).unwrap();
    put(&temp.path().join(".out.yima-lock"), b"");
    assert_eq!(write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap().written, 0);
    assert_eq!(beside(&temp), Vec::<String>::new());
    // Killed between the two renames, where folders cannot be exchanged.
    fs::rename(&out, temp.path().join(".out.yima-old")).unwrap();
    assert_eq!(write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap().written, 0);
    assert_eq!(read(&out), content);
    // Same name, but not ours.
    fs::remove_file(temp.path().join(".out.yima-spare").join(MARKER)).unwrap();
    put(&temp.path().join(".out.yima-spare/notes.txt"), b"mine");
    assert!(matches!(write(&site(&content), &Echo, &out, &Nothing, quick()), Err(WriteError::NotOurs(_))));
    assert!(temp.path().join(".out.yima-spare/notes.txt").exists());
}

#[test]
fn two_renames_do_what_the_exchange_does() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    put(&out.join("old.html"), b"old");
    let place = Place::of(&out).unwrap();
    place.stage().unwrap();
    put(&place.spare.join("new.html"), b"new");
    place.swap_in_two_steps().unwrap();
    assert_eq!(read(&out), tree(&[("new.html", "new")]));
    assert_eq!(read(&place.spare), tree(&[("old.html", "old")]));
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let sites = ["x", "y"].map(|word| (0..40).map(|n| (format!("{n}/i.html"), word.into())).collect::<Tree>());
    for _ in 0..8 {
        std::thread::scope(|scope| {
            for tree in &sites {
                scope.spawn(|| write(&site(tree), &Echo, &out, &Nothing, quick()).unwrap());
            }
        });
        assert!(sites.contains(&read(&out)));
        assert_eq!(beside(&temp), Vec::<String>::new());
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_is_not_followed_into_the_next_site() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let content = tree(&[("a.html", "a"), ("b.html", "b")]);
    write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
    fs::remove_file(out.join("a.html")).unwrap();
    put(&temp.path().join("elsewhere/a.html"), b"a");
    std::os::unix::fs::symlink(temp.path().join("elsewhere/a.html"), out.join("a.html")).unwrap();
    write(&site(&content), &Echo, &out, &Nothing, quick()).unwrap();
    assert!(fs::symlink_metadata(out.join("a.html")).unwrap().is_file());
    assert!(temp.path().join("elsewhere/a.html").exists());
}

#[test]
fn the_system_is_quoted_in_plain_words() {
    let error = WriteError::disk(Doing::Stage, Path::new("dist/a"))(std::io::ErrorKind::StorageFull.into());
    assert_eq!(error.sentence(Language::Chinese), "写入新网站失败：dist/a：磁盘已满。原有网站没有变动。");
    assert_eq!(error.to_string(), "Writing the new site failed: dist/a: the disk is full. The old site is untouched.");
}
