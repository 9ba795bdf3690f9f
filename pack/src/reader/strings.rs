//! Strings that several records share, in tables that are opened when a page names them.

use std::collections::BTreeSet;

use super::Reader;
use crate::table::{self, Table};

impl Reader {
    /// A string of a table, when that is open.
    pub(super) fn string(&self, number: u32) -> Option<Option<&str>> {
        let number = usize::try_from(number).ok()?;
        match &self.tables.get(number / table::STRINGS)?.1 {
            Some(table) => table.get(number % table::STRINGS).map(Some),
            None => Some(None),
        }
    }

    /// Opens the tables of some strings, all of which must come before a place among the tables; the objects that are
    /// wanted first. `None` when a table is not what it should be.
    pub(super) fn tables_of(&mut self, strings: &[u32], before: usize) -> Option<Vec<usize>> {
        let places: BTreeSet<usize> = strings.iter().map(|number| *number as usize / table::STRINGS).collect();
        let mut wanted = Vec::new();
        for place in places {
            let (object, opened) = self.tables.get(place).filter(|_| place < before)?;
            let object = *object;
            if opened.is_some() {
                continue;
            }
            let Some(bytes) = self.here.remove(&object) else {
                wanted.push(object);
                continue;
            };
            let dictionary = self.dictionary.as_ref()?.1.as_ref()?;
            let table = if self.manifest.packs.get(object)? == table::WORDS {
                Table::open(&bytes, dictionary)?
            } else {
                match Table::of_passages(&bytes, &self.day, dictionary, |number| self.string(number))? {
                    Ok(table) => table,
                    Err(strings) => {
                        // Passages are made of words, which stand in tables before.
                        let more = self.tables_of(&strings, place)?;
                        let dictionary = self.dictionary.as_ref()?.1.as_ref()?;
                        if !more.is_empty() {
                            wanted.extend(more);
                            self.here.insert(object, bytes);
                            continue;
                        }
                        Table::of_passages(&bytes, &self.day, dictionary, |number| self.string(number))?.ok()?
                    }
                }
            };
            self.tables.get_mut(place)?.1 = Some(table);
        }
        Some(wanted)
    }
}
