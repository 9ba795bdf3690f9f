//! Whole strings: which records may hold them, as far as shards tell, and which stretches no record has.

use super::{Engine, File};
use crate::asked::{Asked, is_stop_character};
use crate::index::{Doc, Family, Posting};

impl Engine {
    /// The records that may hold every phrase: they hold all pairs of it that can be looked up with the shards that are
    /// here; and whether that is all pairs. None while not one can be.
    ///
    /// With all pairs, records found for phrases of one or two characters do hold them.
    #[must_use]
    pub fn candidates(&self, asked: &Asked) -> Option<(Vec<Doc>, bool)> {
        let mut all: Option<Vec<Doc>> = None;
        let mut complete = true;
        for phrase in &asked.phrases {
            let mut any: Option<Vec<Doc>> = Some(Vec::new());
            for spelling in &phrase.spellings {
                let (docs, whole) = self.holding(spelling);
                complete &= whole;
                any = any.zip(docs).map(|(any, docs)| merge(&any, &docs));
            }
            all = match (all, any) {
                (Some(all), Some(any)) => Some(intersect(&all, &any)),
                (all, any) => all.or(any),
            };
        }
        match all {
            // No record has them all, whatever the other shards say.
            Some(docs) if docs.is_empty() => Some((docs, true)),
            Some(docs) => Some((docs, complete)),
            None if asked.phrases.is_empty() => Some((Vec::new(), true)),
            None => None,
        }
    }

    /// The records under one of the identifiers asked for.
    #[must_use]
    pub fn identified(&self, asked: &Asked) -> Vec<Doc> {
        let found = asked.identifiers.iter().flat_map(|pair| self.pair(Family::Titles, pair.first, pair.second));
        found.map(|posting| posting.0).collect()
    }

    /// Whether a shard is here.
    #[must_use]
    pub fn has(&self, id: File) -> bool {
        self.shards.contains_key(&id)
    }

    /// Whether all that begins with a character can be looked up.
    fn knows(&self, first: char) -> bool {
        [Family::Titles, Family::Bodies].into_iter().all(|family| {
            self.groups.contains_key(&(family, first)) || self.layout(family).file_of(first.into()).is_none()
        })
    }

    /// The records that hold all known pairs of a run in their titles, or all in their bodies, and whether all pairs are
    /// known; no records at all when none is.
    fn holding(&self, run: &str) -> (Option<Vec<Doc>>, bool) {
        let chars: Vec<char> = run.chars().collect();
        if let [only] = chars.as_slice() {
            let docs = || {
                let titles =
                    self.character(Family::Titles, *only).iter().map(|posting| posting.0).collect::<Vec<Doc>>();
                let bodies =
                    self.character(Family::Bodies, *only).iter().map(|posting| posting.0).collect::<Vec<Doc>>();
                merge(&titles, &bodies)
            };
            return (self.knows(*only).then(docs), self.knows(*only));
        }
        let pairs: Vec<(char, char)> = chars.windows(2).filter_map(|two| Some((*two.first()?, *two.get(1)?))).collect();
        let known: Vec<&(char, char)> = pairs.iter().filter(|pair| self.knows(pair.0)).collect();
        if known.is_empty() {
            return (None, false);
        }
        let in_family = |family: Family| {
            let mut lists: Vec<&[Posting]> =
                known.iter().map(|pair| self.pair(family, pair.0, pair.1.into())).collect();
            // The shortest first; the order of the others is none.
            if let Some(shortest) = (0..lists.len()).min_by_key(|&at| lists.get(at).map(|list| list.len())) {
                lists.swap(0, shortest);
            }
            let mut lists = lists.into_iter();
            let mut docs: Vec<Doc> = lists.next().unwrap_or_default().iter().map(|posting| posting.0).collect();
            for list in lists {
                docs.retain(|doc| list.binary_search_by_key(doc, |posting| posting.0).is_ok());
            }
            docs
        };
        (Some(merge(&in_family(Family::Titles), &in_family(Family::Bodies))), known.len() == pairs.len())
    }

    /// Stretches of what was typed that no record has, as typed.
    #[must_use]
    pub fn unknown(&self, asked: &Asked) -> Vec<String> {
        let mut unknown = Vec::new();
        for run in asked.phrases.iter().filter_map(|phrase| phrase.spellings.first()) {
            let chars: Vec<char> = run.chars().collect();
            let known_pair = |first: char, second: char| {
                let absent = |family| self.pair(family, first, second.into()).is_empty();
                !(self.knows(first) && absent(Family::Titles) && absent(Family::Bodies))
            };
            let mut stretch = String::new();
            for two in chars.windows(2) {
                let &[first, second] = two else { continue };
                if known_pair(first, second) {
                    unknown.extend((!stretch.is_empty()).then(|| core::mem::take(&mut stretch)));
                } else if stretch.is_empty() {
                    stretch.extend([first, second]);
                } else {
                    stretch.push(second);
                }
            }
            unknown.extend((!stretch.is_empty()).then_some(stretch));
        }
        // 么取 is no word: what every question has may stand beside anything.
        let told = unknown.iter().map(|stretch: &String| stretch.trim_matches(is_stop_character).to_owned());
        told.filter(|stretch| stretch.chars().nth(1).is_some()).collect()
    }
}

fn merge(a: &[Doc], b: &[Doc]) -> Vec<Doc> {
    let mut docs = [a, b].concat();
    docs.sort_unstable();
    docs.dedup();
    docs
}

fn intersect(a: &[Doc], b: &[Doc]) -> Vec<Doc> {
    a.iter().copied().filter(|doc| b.binary_search(doc).is_ok()).collect()
}
