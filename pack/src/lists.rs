//! Files that stand in a list of their own rather than in the manifest.
//!
//! A list is plain text, a line for each file, sorted by path: SHA-256, length, path. What all of them have in common, tiers
//! and headers, stands in the manifest, with the digest of the list.
//!
//! ```text
//! 0fd1… 65536 search/texts-0fd1a7c2b35e4c11.bin
//! ```
//!
//! A path belongs to the list whose prefix is the longest that it begins with, unless the manifest names it itself. So a
//! device that has made all files can write the lists without having seen them.

use std::collections::BTreeMap;

use crate::manifest::{File, MAX_OBJECTS, Manifest, Object};
use crate::release::{ReleaseError, Sha};

impl Manifest {
    /// Places of the lists that are not known yet.
    pub fn unknown(&self) -> impl Iterator<Item = usize> {
        self.lists.iter().filter(|list| !list.known).map(|list| list.object)
    }

    /// Places of the lists that have to be known before one can say that the release has no file at `path`.
    pub(crate) fn unknown_for(&self, path: &str) -> Vec<usize> {
        let lists = self.lists.iter().filter(|list| !list.known && path.starts_with(&list.prefix));
        lists.map(|list| list.object).collect()
    }

    /// Bytes of the files of a tier that are in lists which are not known yet.
    #[must_use]
    pub fn unknown_bytes(&self, tier: &str) -> usize {
        let objects = self.tier(tier).map_or(&[][..], |tier| tier.objects.as_slice());
        let lists = self.lists.iter().filter(|list| !list.known && objects.binary_search(&list.object).is_ok());
        lists.map(|list| list.bytes).sum()
    }

    /// Takes the files of a list, whose digest is right already, among its own.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] when it is no list, or not one of such files; nothing has changed then.
    pub fn learn(&mut self, object: usize, text: &str) -> Result<(), ReleaseError> {
        let list = self.lists.iter().find(|list| list.object == object).ok_or(ReleaseError::Malformed)?;
        if list.known {
            return Ok(());
        }
        let (mut files, mut objects, mut bytes) = (self.files.clone(), Vec::new(), 0_usize);
        for line in text.lines() {
            let (sha, length, path) = parts(line).ok_or(ReleaseError::Malformed)?;
            let place = self.objects.len() + objects.len();
            if place >= MAX_OBJECTS || !path.starts_with(&list.prefix) {
                return Err(ReleaseError::Malformed);
            }
            bytes = bytes.saturating_add(length);
            files.push(File { object: place, class: list.class, path: path.to_owned() });
            objects.push(Object { sha, length, path: path.to_owned() });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        if bytes != list.bytes || files.windows(2).any(|pair| pair[0].path == pair[1].path) {
            return Err(ReleaseError::Malformed);
        }
        let first = self.objects.len();
        self.files = files;
        self.objects.append(&mut objects);
        for tier in &mut self.tiers {
            if tier.objects.binary_search(&object).is_ok() {
                tier.objects.extend(first..self.objects.len());
            }
        }
        self.lists.iter_mut().filter(|list| list.object == object).for_each(|list| list.known = true);
        Ok(())
    }

    /// The list at a place, as it is when these are the files that were made, each as a line of a list; in any order, and
    /// those of other lists among them.
    #[must_use]
    pub fn list_of<'l>(&self, object: usize, made: impl IntoIterator<Item = &'l str>) -> String {
        let own = |path: &str| self.file(path).is_none() && self.list_for(path) == Some(object);
        let lines = made.into_iter().filter_map(|line| parts(line).filter(|(.., path)| own(path)));
        let lines: BTreeMap<&str, (Sha, usize)> = lines.map(|(sha, length, path)| (path, (sha, length))).collect();
        lines.into_iter().map(|(path, (sha, length))| format!("{sha} {length} {path}\n")).collect()
    }

    /// Place of the list that a file at `path` belongs to.
    pub(crate) fn list_for(&self, path: &str) -> Option<usize> {
        let lists = self.lists.iter().filter(|list| path.starts_with(&list.prefix));
        // Of two that begin alike the first.
        lists.rev().max_by_key(|list| list.prefix.len()).map(|list| list.object)
    }
}

/// Digest, length and path of a line.
fn parts(line: &str) -> Option<(Sha, usize, &str)> {
    let mut words = line.splitn(3, ' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 3] = ["search/texts-b.bin", "search/texts-a.bin", "search/faces-a.bin"];

    fn line(path: &str) -> String {
        format!("{} {} {path}", Sha::of(path.as_bytes()), path.len())
    }

    /// A release with two lists, one of texts and one of what else is made, and the latter's text.
    fn manifest() -> (Manifest, [String; 2]) {
        let texts = format!("{}\n{}\n", line(LINES[1]), line(LINES[0]));
        let others = format!("{}\n", line(LINES[2]));
        let named = |text: &str, tiers: &str, bytes: usize, prefix: &str| {
            format!("made {} {} {tiers} 0 {bytes} {prefix}\n", Sha::of(text.as_bytes()), text.len())
        };
        let sha = Sha::of(b"");
        let text = format!(
            "yima manifest 7\ndate 2026-11-22\nheaders\ntier all 全部\ntier core 基本\n{}{}file {sha} 0 - 0 search/index.bin\n",
            named(&texts, "-", 36, "search/texts-"),
            named(&others, "1", 18, "search/"),
        );
        (Manifest::parse(&text).unwrap(), [texts, others])
    }

    #[test]
    fn who_made_the_files_writes_the_lists() {
        let (mut manifest, lists) = manifest();
        let made: Vec<String> = LINES.iter().chain(["search/index.bin"].iter()).map(|path| line(path)).collect();
        for (object, list) in lists.iter().enumerate() {
            assert_eq!(manifest.list_of(object, made.iter().map(String::as_str)), *list);
        }
        assert_eq!((manifest.unknown_for(LINES[0]), manifest.unknown_for(LINES[2])), (vec![0, 1], vec![1]));
        assert!(manifest.unknown_for("policy/x/index.html").is_empty());
        assert_eq!((manifest.unknown_bytes("core"), manifest.unknown_bytes("all")), (18, 0));
        assert_eq!(manifest.made().collect::<Vec<_>>(), [0, 1, 2]);
        for (object, list) in lists.iter().enumerate() {
            manifest.learn(object, list).unwrap();
            manifest.learn(object, list).unwrap();
        }
        assert_eq!((manifest.unknown().count(), manifest.unknown_bytes("core")), (0, 0));
        for path in LINES {
            let object = &manifest.objects[manifest.file(path).unwrap().object];
            assert_eq!((object.sha, object.length), (Sha::of(path.as_bytes()), path.len()));
        }
        assert_eq!(manifest.made().count(), 6);
        assert_eq!(manifest.tier("core").unwrap().objects, [1, 5]);
    }

    #[test]
    fn what_is_no_such_list_changes_nothing() {
        let (mut manifest, [texts, others]) = manifest();
        let twice = format!("{0}\n{0}\n", line(LINES[0]));
        let elsewhere = format!("{}\n{}\n", line("search/texts-a.bin"), line("policy/texts-b.bin"));
        for text in ["", "\n", &others, &twice, &elsewhere, &texts[1..], &texts[..texts.len() - 20]] {
            let mut other = manifest.clone();
            assert_eq!(other.learn(0, text), Err(ReleaseError::Malformed), "{text}");
            assert_eq!(other, manifest);
        }
        assert_eq!(manifest.learn(2, &texts), Err(ReleaseError::Malformed), "a file is no list");
    }
}
