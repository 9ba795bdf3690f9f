//! The controlled tables during an import: what is there, what the mapping brings, and the rows that values ask for.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use yima_model::record::{Department, Tables, Term};

use super::records;

/// The tables, each value findable by id, name, short name and alias.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    tables: BTreeMap<&'static str, Table>,
}

#[derive(Debug, Default)]
struct Table {
    ids: BTreeMap<String, String>,
    departments: Vec<Department>,
    terms: Vec<Term>,
    /// Names of the rows that values asked for.
    asked: Vec<String>,
}

impl Vocabulary {
    /// Takes in the tables that are there already; these are not written again.
    pub(crate) fn present(&mut self, tables: &Tables) {
        self.add(tables);
        for table in self.tables.values_mut() {
            table.departments.clear();
            table.terms.clear();
        }
    }

    /// Takes in the tables of the mapping. A row whose id is there already is left as it is.
    pub(crate) fn add(&mut self, tables: &Tables) {
        for row in &tables.departments {
            let table = self.tables.entry("departments").or_default();
            if table.ids.get(&row.id).is_none_or(|id| *id != row.id) {
                table.departments.push(row.clone());
            }
            let names = [&row.id, &row.name].into_iter().chain(&row.short_name).chain(&row.aliases);
            for name in names {
                table.ids.entry(name.clone()).or_insert_with(|| row.id.clone());
            }
        }
        for (kind, rows) in [
            ("districts", &tables.districts),
            ("themes", &tables.themes),
            ("audiences", &tables.audiences),
            ("sectors", &tables.sectors),
            ("genres", &tables.genres),
        ] {
            for row in rows {
                let table = self.tables.entry(kind).or_default();
                if table.ids.get(&row.id).is_none_or(|id| *id != row.id) {
                    table.terms.push(row.clone());
                }
                for name in [&row.id, &row.name] {
                    table.ids.entry(name.clone()).or_insert_with(|| row.id.clone());
                }
            }
        }
    }

    /// The id of the row with this id or name.
    pub(crate) fn find(&self, kind: &str, value: &str) -> Option<&str> {
        self.tables.get(kind)?.ids.get(value).map(String::as_str)
    }

    /// Adds a row for a name, with an id drawn from the name, so that a later import comes to the same id. `None` for
    /// audiences, which need a group that no value gives.
    pub(crate) fn grow(&mut self, kind: &'static str, name: &str) -> Option<String> {
        if kind == "audiences" {
            return None;
        }
        let digest = Sha256::digest(name.as_bytes());
        let id = digest.iter().take(4).fold(String::from("x"), |id, byte| format!("{id}{byte:02x}"));
        let table = self.tables.entry(kind).or_default();
        if kind == "departments" {
            table.departments.push(Department { id: id.clone(), name: name.to_owned(), ..Department::default() });
        } else {
            table.terms.push(Term { id: id.clone(), name: name.to_owned(), ..Term::default() });
        }
        table.ids.insert(name.to_owned(), id.clone());
        table.ids.entry(id.clone()).or_insert_with(|| id.clone());
        table.asked.push(name.to_owned());
        Some(id)
    }

    /// The new rows as text: kind → what goes at the end of its file.
    pub(crate) fn new_rows(&self) -> BTreeMap<&'static str, String> {
        let mut texts = BTreeMap::new();
        for (&kind, table) in &self.tables {
            let text = match kind {
                "departments" => records::departments(&table.departments),
                _ => records::terms(kind, &table.terms),
            };
            if !text.is_empty() {
                texts.insert(kind, text);
            }
        }
        texts
    }

    /// Names of the rows that values asked for, by table.
    pub(crate) fn asked(&self) -> BTreeMap<&'static str, &[String]> {
        let asked = self.tables.iter().filter(|(_, table)| !table.asked.is_empty());
        asked.map(|(&kind, table)| (kind, table.asked.as_slice())).collect()
    }
}
