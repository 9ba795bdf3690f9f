//! What a browser needs to show the site in traditional script: one small table, made for the words of this city.
//!
//! Every page is written once, in simplified script. A reader who chooses 繁 gets `public/assets/reading.js`, which
//! fetches the table that is made here and converts what is shown; addresses, codes and data stay as they are.
//!
//! A character has one usual traditional form; which of several it needs (发 → 發 or 髮) hangs on the phrase it stands in.
//! [`dictionary`] knows 48,000 phrases; the table holds those that stand in this city's texts and matter there, so that
//! the longest match at each place gives what the whole dictionary would.
//!
//! The file, in UTF-8, line by line: `yima-hant 1`; pairs of simplified and traditional characters; then a phrase a
//! line, alone when its characters convert one by one (it is there to keep others out), else a space and its other form.

pub mod dictionary;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rayon::prelude::*;

use self::dictionary::{Dictionary, Phrase, characters};
use crate::assets::Assets;

/// Path of the table on the site. Not named by its hash: every page would change with every new word of the city.
pub const TABLE: &str = "assets/hant.txt";

/// Path in `public/` of the script that uses it; a site without it has no switch and no table.
pub const SCRIPT: &str = "assets/reading.js";

/// Folder in `public/` of the interface in other languages, one file each: `assets/lang/en.json`.
pub const LANGUAGES: &str = "assets/lang/";

/// First line of the file: format and version.
const MAGIC: &str = "yima-hant 1";

/// A language in which the interface can be read.
#[derive(Debug, serde::Serialize)]
pub struct Language {
    /// Name of its file, which is its tag (BCP 47): `en`.
    pub id: String,
    /// What stands on the switch: `EN`.
    pub name: String,
    /// The language by its own name: `English`.
    pub title: String,
    /// Address of its words.
    pub href: String,
}

/// The languages of which `public/` holds the words. A file that is not one is left out; a test reads ours.
#[must_use]
pub fn languages(assets: &Assets) -> Vec<Language> {
    let language = |(path, href, bytes): (&str, String, &[u8])| {
        let id = path.strip_prefix(LANGUAGES)?.strip_suffix(".json")?.to_owned();
        let file: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        let text = |key: &str| Some(file.get(key)?.as_str()?.to_owned());
        Some(Language { id, name: text("name")?, title: text("title")?, href })
    };
    assets.below(LANGUAGES).filter_map(language).collect()
}

/// Makes the table for texts, each of which is given by its place.
///
/// # Errors
/// The first error of `text`.
pub fn table<E: Send>(texts: usize, text: impl Fn(usize) -> Result<String, E> + Sync) -> Result<Vec<u8>, E> {
    let dictionary = Dictionary::new();
    let found = (0..texts).into_par_iter().try_fold(BTreeSet::new, |mut found, place| {
        dictionary.find(&text(place)?, &mut found);
        Ok(found)
    });
    let found = found.try_reduce(BTreeSet::new, |mut one, mut other| {
        one.append(&mut other);
        Ok(one)
    })?;
    let mut file = format!("{MAGIC}\n{}\n", characters());
    for Phrase { simplified, traditional } in needed(&found) {
        file.push_str(simplified);
        if let Some(traditional) = traditional {
            let _ = write!(file, " {traditional}");
        }
        file.push('\n');
    }
    Ok(file.into_bytes())
}

/// The phrases without which another conversion could come out: those with a form of their own, and those that keep one
/// of these from matching, because it begins within them.
fn needed(found: &BTreeSet<Phrase>) -> BTreeSet<Phrase> {
    let mut needed: BTreeSet<Phrase> = found.iter().filter(|phrase| phrase.traditional.is_some()).copied().collect();
    loop {
        let whole: BTreeSet<&str> = needed.iter().map(|phrase| phrase.simplified).collect();
        let begun: BTreeSet<&str> =
            whole.iter().flat_map(|key| key.char_indices().map(|(end, _)| &key[..end])).collect();
        let keeps_out = |phrase: &str| {
            phrase.char_indices().any(|(start, _)| {
                let rest = &phrase[start..];
                let inside = rest.char_indices().map(|(end, _)| &rest[..end]).any(|part| whole.contains(part));
                inside || start > 0 && (whole.contains(rest) || begun.contains(rest))
            })
        };
        let missing = found.difference(&needed).filter(|phrase| keeps_out(phrase.simplified));
        let missing: Vec<Phrase> = missing.copied().collect();
        if missing.is_empty() {
            return needed;
        }
        needed.extend(missing);
    }
}
