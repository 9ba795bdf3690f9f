//! What machines read: every record and every list as JSON, with the schema that says what stands in it.
//!
//! - [`policy`]: `data/policy/<id>.json`, everything public about one policy, with [`relation`] and [`stage`]
//! - [`list`]: `data/policies.json`, `data/theme/<id>.json`, …: the same rows, all of them or those of one list
//! - [`question`]: every answer, by theme: `data/questions/<theme>.json`
//! - [`site`]: `data/site.json`, `data/tables.json`, and `data/index.json`, which names all the others
//! - [`schema`]: `data/schema/<name>.json`, JSON Schema draft 2020-12
//! - [`view`]: what several of them share
//!
//! Within one [`FORMAT`] keys are added, never removed or given another meaning. A key without a value is left out; a
//! list is there even when it is empty. Addresses are absolute, days are `2025-03-01`.

mod list;
mod policy;
mod question;
mod relation;
pub mod schema;
mod site;
mod stage;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::City;
use crate::address::Address;
use crate::city::PolicyIx;
use crate::listing::{Facet, Shelves};
use crate::site::RenderError;

pub use question::is_current;
pub use schema::Schema;

/// The format of every file; a number that grows when a key goes or changes its meaning.
pub const FORMAT: u32 = 1;

/// Which file of data to make. Indexes are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataRecipe {
    /// `data/policy/<id>.json`
    Policy(PolicyIx),
    /// `data/policies.json`
    Policies,
    /// `data/theme/<id>.json`, …
    List {
        /// Which facet.
        facet: Facet,
        /// Place of the value among those of the facet.
        value: u32,
    },
    /// `data/questions/<theme>.json`, by the place of the theme in its table
    Questions(u32),
    /// `data/tables.json`
    Tables,
    /// `data/site.json`
    Site,
    /// `data/index.json`
    Index,
    /// `data/codes.csv`
    Ledger,
    /// `data/schema/<name>.json`
    Schema(Schema),
}

impl DataRecipe {
    /// Whether it is one of the files in which all that is public about records and tables stands once.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Policy(_) | Self::Questions(_) | Self::Tables | Self::Site)
    }
}

/// Makes the files of data of one city.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    city: &'a City,
    shelves: &'a Shelves,
    ledger: &'a [u8],
}

impl<'a> Data<'a> {
    /// `ledger` is `codes.csv` as it stands in the content: what is published is promised, so codes that a trial build made up
    /// are not in it.
    #[must_use]
    pub const fn new(city: &'a City, shelves: &'a Shelves, ledger: &'a [u8]) -> Self {
        Self { city, shelves, ledger }
    }

    /// Every file with its path on the site.
    #[must_use]
    pub fn plan(&self) -> Vec<(String, DataRecipe)> {
        let mut plan = vec![
            (Address::Data("index.json").on_site(), DataRecipe::Index),
            (Address::Data("site.json").on_site(), DataRecipe::Site),
            (Address::Data("tables.json").on_site(), DataRecipe::Tables),
            (Address::Data("policies.json").on_site(), DataRecipe::Policies),
            (Address::Data("codes.csv").on_site(), DataRecipe::Ledger),
        ];
        plan.extend(Schema::ALL.map(|schema| (Address::Schema(schema.name()).on_site(), DataRecipe::Schema(schema))));
        let policies = self.city.policies.iter().enumerate();
        plan.extend(
            policies.map(|(ix, entry)| (Address::PolicyData(&entry.policy.id).on_site(), DataRecipe::Policy(ix))),
        );
        for facet in Facet::ALL {
            let shelves = (0..).zip(self.shelves.of(facet));
            plan.extend(shelves.map(|(value, shelf)| {
                (Address::ListData(facet, &shelf.id).on_site(), DataRecipe::List { facet, value })
            }));
        }
        let themes = (0..).zip(&self.city.tables.themes);
        plan.extend(
            themes.map(|(place, theme)| (Address::QuestionData(&theme.id).on_site(), DataRecipe::Questions(place))),
        );
        plan
    }

    /// Makes one file.
    ///
    /// # Errors
    /// [`RenderError`] when the recipe is not of this city.
    pub fn render(&self, recipe: &DataRecipe) -> Result<Vec<u8>, RenderError> {
        let stray = || RenderError { what: format!("{recipe:?}"), why: "no such record in this city".to_owned() };
        match *recipe {
            DataRecipe::Policy(ix) => {
                let entry = self.city.policies.get(ix).ok_or_else(stray)?;
                self.json(Schema::Policy, policy::view(self.city, entry, &entry.body.text()))
            }
            DataRecipe::Policies => self.json(Schema::List, list::all(self.city, &self.shelves.all)),
            DataRecipe::List { facet, value } => {
                let shelf = self.shelves.of(facet).get(value as usize).ok_or_else(stray)?;
                self.json(Schema::List, list::shelf(self.city, facet, shelf))
            }
            DataRecipe::Questions(theme) => {
                let term = self.city.tables.themes.get(theme as usize).ok_or_else(stray)?;
                let rows = self.shelves.questions.get(theme as usize).ok_or_else(stray)?;
                self.json(Schema::Questions, question::view(self.city, term, rows))
            }
            DataRecipe::Tables => self.json(Schema::Tables, site::tables(self.city, self.shelves)),
            DataRecipe::Site => self.json(Schema::Site, site::site(self.city)),
            DataRecipe::Index => self.json(Schema::Index, site::index(self.city, self.shelves)),
            DataRecipe::Ledger => Ok(self.ledger.to_vec()),
            DataRecipe::Schema(schema) => Ok(schema.text(&self.city.settings.host).into_bytes()),
        }
    }

    /// Puts the head that every file has before `content`.
    fn json<T: Serialize>(&self, schema: Schema, content: T) -> Result<Vec<u8>, RenderError> {
        let host = &self.city.settings.host;
        let file = view::File {
            schema: Address::Schema(schema.name()).absolute(host),
            format: FORMAT,
            demonstration: self.city.settings.demonstration,
            as_of: view::Day(self.city.today),
            content,
        };
        // Most policies fit, and growing a buffer that holds a whole text costs more than a page of memory.
        let mut bytes = Vec::with_capacity(16 * 1024);
        let written = serde_json::to_writer(&mut bytes, &file);
        written.map_err(|error| RenderError { what: schema.name().to_owned(), why: error.to_string() })?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
