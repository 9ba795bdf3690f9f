//! What stands in no record ⇄ text, and what follows from it.
//!
//! The strings: build date · days before the end · records in the small filter · the tables, three strings each value · words of the departments with
//! their weights · the table of words · best bets · syllables with their characters.

use std::collections::BTreeMap;

use yima_model::Date;
use yima_model::catalogue::{Tables, Value};
use yima_model::record::{BestBet, Words};
use yima_model::validity::{from_iso, iso};

use super::strings::{Reader, Writer};
use crate::index;
use crate::text::fold;
use crate::wire::DecodeError;

type Result<T> = core::result::Result<T, DecodeError>;

const NAME: &str = "common";

/// Entries for which more words than this stand in the table are cut: a question must not become a list of synonyms.
const MOST_MEANS: usize = 12;

/// Everything the search needs to know beside the records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// The build date.
    pub built: Date,
    /// How many days before its last day a record is expiring.
    pub expiring_days: u16,
    /// How many records the filter that answers first takes, where that was tried already.
    pub entries: Option<u32>,
    /// The controlled tables.
    pub tables: Tables,
    /// What departments are called, with weights for the vocabulary.
    pub departments: Vec<(String, u32)>,
    /// The table of words.
    pub words: Vec<Words>,
    /// Best bets. Records are named `policy:<id>` or `question:<id>`.
    pub bets: Vec<BestBet>,
    /// Syllables without tones, with the characters that have them.
    pub syllables: BTreeMap<String, String>,
}

impl Common {
    /// The text form.
    #[must_use]
    pub fn to_text(&self) -> String {
        fn strs(strings: &[String]) -> impl Iterator<Item = &str> {
            strings.iter().map(String::as_str)
        }
        let mut out = Writer::new(NAME);
        out.string(&iso(self.built));
        out.string(&self.expiring_days.to_string());
        out.string(&self.entries.map_or_else(String::new, |entries| entries.to_string()));
        let tables = &self.tables;
        for table in
            [&tables.themes, &tables.audiences, &tables.districts, &tables.departments, &tables.genres, &tables.sectors]
        {
            out.strings(table.iter().flat_map(|value| [value.id.as_str(), &value.name, &value.group]));
        }
        for (word, weight) in &self.departments {
            out.string(word);
            out.string(&weight.to_string());
        }
        out.end();
        out.string(&self.words.len().to_string());
        for words in &self.words {
            out.string(if words.both { "1" } else { "" });
            out.strings(strs(&words.say));
            out.strings(strs(&words.means));
        }
        out.string(&self.bets.len().to_string());
        for bet in &self.bets {
            [&bet.queries, &bet.records, &bet.bury].into_iter().for_each(|list| out.strings(strs(list)));
        }
        out.strings(self.syllables.iter().flat_map(|(syllable, characters)| [syllable.as_str(), characters]));
        out.0
    }

    /// Reads the text form. Total: whatever the text, it answers.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reader = Reader::new(NAME, text)?;
        let built = from_iso(reader.raw()?).ok_or(DecodeError::Malformed("日期超出范围"))?;
        let expiring_days = reader.number()?;
        let entries = reader.optional_number()?;
        let tables = Tables {
            themes: values(&mut reader)?,
            audiences: values(&mut reader)?,
            districts: values(&mut reader)?,
            departments: values(&mut reader)?,
            genres: values(&mut reader)?,
            sectors: values(&mut reader)?,
        };
        let mut departments = Vec::new();
        while !reader.ends() {
            departments.push((reader.string()?, reader.number()?));
        }
        let mut words = Vec::new();
        for _ in 0..reader.number::<u32>()? {
            let both = match reader.raw()? {
                "" => false,
                "1" => true,
                _ => return Err(DecodeError::Malformed("数字有误")),
            };
            words.push(Words { both, say: reader.strings()?, means: reader.strings()? });
        }
        let mut bets = Vec::new();
        for _ in 0..reader.number::<u32>()? {
            bets.push(BestBet { queries: reader.strings()?, records: reader.strings()?, bury: reader.strings()? });
        }
        let mut syllables = BTreeMap::new();
        while !reader.ends() {
            syllables.insert(reader.string()?, reader.string()?);
        }
        reader.finish()?;
        Ok(Self { built, expiring_days, entries, tables, departments, words, bets, syllables })
    }

    /// The table of words as the index reads it: one entry for everything people say, both ways where the table says so.
    pub(super) fn index_words(&self) -> Vec<index::Words> {
        let mut means: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut add = |say: &str, mean: &str| {
            let (say, mean) = (fold(say), fold(mean));
            let known = means.entry(say.clone()).or_default();
            if say != mean && !known.contains(&mean) && known.len() < MOST_MEANS {
                known.push(mean);
            }
        };
        for words in &self.words {
            for say in &words.say {
                for mean in &words.means {
                    add(say, mean);
                    if words.both {
                        add(mean, say);
                    }
                }
            }
        }
        means.into_iter().map(|(say, means)| index::Words { say, means }).collect()
    }

    /// Words worth a key stroke, with their weights.
    pub(super) fn vocabulary(&self) -> impl Iterator<Item = (&str, u32)> {
        let Tables { themes, audiences, districts, departments: _, genres, sectors } = &self.tables;
        let terms = [themes, audiences, districts, genres, sectors].into_iter().flatten();
        let terms = terms.map(|term| (term.name.as_str(), 2));
        let departments = self.departments.iter().map(|(word, weight)| (word.as_str(), *weight));
        let means = self.words.iter().flat_map(|words| &words.means).map(|word| (word.as_str(), 2));
        let say = self.words.iter().flat_map(|words| &words.say).map(|word| (word.as_str(), 1));
        let queries = self.bets.iter().flat_map(|bet| &bet.queries).map(|query| (query.as_str(), 4));
        terms.chain(departments).chain(means).chain(say).chain(queries)
    }
}

fn values(reader: &mut Reader<'_>) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    while !reader.ends() {
        values.push(Value { id: reader.string()?, name: reader.string()?, group: reader.string()? });
    }
    Ok(values)
}
