//! Files that travel as they are: each by itself, or in a list with others that a device makes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::packs::Objects;
use super::{Entry, Way};
use crate::manifest::{File, List, Object};
use crate::reader::HIDDEN;
use crate::release::Sha;

/// So many files are worth a list.
const SOME: usize = 2;

impl<'a> Objects<'a> {
    /// Adds all files that travel as they are, lists of those that are made, and the list of everything.
    pub(super) fn files<E: Send>(&mut self, read: &(impl Fn(usize) -> Result<Vec<u8>, E> + Sync)) -> Result<(), E> {
        let plan = self.plan;
        let all = plan.entries.par_iter().enumerate();
        let digest = |(place, _)| read(place).map(|bytes| (Sha::of(&bytes), bytes.len()));
        let digests: Vec<(Sha, usize)> = all.map(digest).collect::<Result<_, E>>()?;
        let all: Vec<(&Entry, (Sha, usize))> = plan.entries.iter().zip(digests).collect();
        let line = |(entry, (sha, length)): &(&Entry, (Sha, usize))| format!("{sha} {length} {}", entry.path);
        let (seen, plain) = (
            all.iter().filter(|(entry, _)| !entry.path.starts_with(HIDDEN)),
            all.iter().filter(|(entry, _)| entry.way == Way::Plain),
        );
        let paths = |(entry, (sha, length)): &(&Entry, (Sha, usize))| {
            format!("{sha} {length} {} {}\n", entry.class, entry.path)
        };
        self.manifest.paths = Some(self.text(seen.map(paths).collect()));
        let lists = self.lists();
        for (entry, (sha, length)) in plain {
            let list = self.manifest.list_for(&entry.path).filter(|_| entry.made);
            if list.is_some_and(|list| lists.get(&list) == Some(&(entry.class, entry.tiers.as_slice()))) {
                continue;
            }
            let object = Object { sha: *sha, length: *length, path: entry.path.clone() };
            let tiers = entry.tiers.iter().map(|tier| tier + 1);
            let object = self.object(object, (!entry.made).then_some(0).into_iter().chain(tiers));
            self.manifest.files.push(File { object, class: entry.class, path: entry.path.clone() });
        }
        let made: Vec<String> = all.iter().filter(|(entry, _)| entry.made).map(line).collect();
        for place in 0..self.manifest.lists.len() {
            let Some(object) = self.manifest.lists.get(place).map(|list| list.object) else { continue };
            let text = self.manifest.list_of(object, made.iter().map(String::as_str));
            let lengths = text.lines().filter_map(|line| line.split(' ').nth(1)?.parse::<usize>().ok());
            let bytes: usize = lengths.sum();
            let named = self.text(text);
            if let (Some(list), Some(object)) =
                (self.manifest.lists.get_mut(place), self.manifest.objects.get_mut(object))
            {
                (list.bytes, *object) = (bytes, named);
            }
        }
        Ok(())
    }

    /// Adds a list, still without its files, for every set of made files that are alike; what they have in common.
    fn lists(&mut self) -> BTreeMap<usize, (usize, &'a [usize])> {
        let plan = self.plan;
        let mut sets: BTreeMap<(usize, &[usize]), Vec<&str>> = BTreeMap::new();
        for entry in plan.entries.iter().filter(|entry| entry.made && entry.way == Way::Plain) {
            sets.entry((entry.class, &entry.tiers)).or_default().push(&entry.path);
        }
        let mut sets: Vec<_> = sets.into_iter().filter(|(_, paths)| paths.len() >= SOME).collect();
        sets.sort_by_key(|(_, paths)| Reverse(paths.len()));
        let mut lists = BTreeMap::new();
        for ((class, tiers), paths) in sets {
            let prefix = prefix(&paths);
            if prefix.is_empty() || self.manifest.lists.iter().any(|list| list.prefix == prefix) {
                continue;
            }
            let named = Object { sha: Sha([0; 32]), length: 0, path: String::new() };
            let object = self.object(named, tiers.iter().map(|tier| tier + 1));
            self.manifest.lists.push(List { object, class, bytes: 0, prefix: prefix.to_owned(), known: false });
            lists.insert(object, (class, tiers));
        }
        lists
    }

    /// Adds an object that is text, at a path of its own.
    fn text(&mut self, text: String) -> Object {
        let (sha, length) = (Sha::of(text.as_bytes()), text.len());
        self.bytes.insert(sha.path(), text.into_bytes());
        Object { sha, length, path: sha.path() }
    }
}

/// How all of them begin.
fn prefix<'p>(paths: &[&'p str]) -> &'p str {
    let [first, rest @ ..] = paths else { return "" };
    let alike = |other: &&str| {
        let both = first.chars().zip(other.chars()).take_while(|(a, b)| a == b);
        both.map(|(letter, _)| letter.len_utf8()).sum()
    };
    let length = rest.iter().map(alike).min().unwrap_or(first.len());
    first.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::{Answer, Reader};
    use crate::release::Order;
    use crate::seal::{Plan, seal};

    fn plan() -> Plan {
        let entry = |path: &str, class, tiers: &[usize]| Entry {
            path: path.into(),
            class,
            way: Way::Plain,
            tiers: tiers.to_vec(),
            made: path.starts_with("search/"),
        };
        let page = Entry { way: Way::Packed("home".into(), 0), ..entry("index.html", 0, &[0]) };
        let mut entries = vec![
            entry("assets/a.css", 0, &[0]),
            page,
            entry("search/faces-1.bin", 0, &[0]),
            entry("search/faces-2.bin", 0, &[0]),
            entry("search/index.bin", 1, &[0]),
            entry("search/texts-1.bin", 0, &[]),
            entry("search/texts-2.bin", 0, &[]),
            entry("search/texts-3.bin", 0, &[]),
            entry("search/titles-1.bin", 0, &[0]),
        ];
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Plan {
            host: "zc.qingyu.example".into(),
            date: "2026-11-22".into(),
            sequence: 1,
            classes: vec![Vec::new(), vec![("Cache-Control".into(), "no-cache".into())]],
            passages: Vec::new(),
            day_marks: Vec::new(),
            tiers: vec![("core".into(), "基本".into())],
            entries,
        }
    }

    #[test]
    fn made_files_that_are_alike_stand_in_a_list() {
        let plan = plan();
        let bytes = |place: usize| Ok::<_, ()>(plan.entries[place].path.clone().into_bytes());
        let sealed = seal(&plan, None, bytes).unwrap();
        let Order::Hold(sha, _) = sealed.head.order else { panic!("nothing to hold") };
        let mut reader = Reader::new(&sealed.objects[&sha.path()], sha).unwrap();
        let prefixes = |reader: &Reader| {
            let lists = reader.manifest().lists.iter();
            lists.map(|list| list.prefix.clone()).collect::<Vec<_>>()
        };
        assert_eq!(prefixes(&reader), ["search/texts-", "search/"]);
        // Of those that are alone, and of what is not made, the manifest says itself.
        let named: Vec<&str> = reader.manifest().files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(named, ["assets/a.css", "search/index.bin"]);
        // A page below the same folder wants no list.
        let mut wanted_lists = 0;
        for entry in &plan.entries {
            let found = loop {
                match reader.answer(&entry.path).unwrap() {
                    Answer::Wanted(objects) => {
                        for object in objects {
                            wanted_lists += usize::from(reader.manifest().unknown().any(|list| list == object));
                            let path = reader.manifest().objects[object].path.clone();
                            let file = plan.entries.iter().position(|entry| entry.path == path);
                            let bytes =
                                file.map_or_else(|| sealed.objects[&path].clone(), |place| bytes(place).unwrap());
                            reader.supply(object, bytes).unwrap();
                        }
                    }
                    Answer::Found(found) => break found,
                    other => panic!("{}: {other:?}", entry.path),
                }
            };
            assert_eq!((found.bytes, found.class), (entry.path.clone().into_bytes(), entry.class));
        }
        assert_eq!(wanted_lists, 2);
        assert_eq!(reader.answer("search/texts-9.bin"), Ok(Answer::Missing));
    }
}
