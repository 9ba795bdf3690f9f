//! What several files of data share: their head, days, named values, codes.

use serde::{Serialize, Serializer};
use yima_model::record::Term;
use yima_model::{Code, Date, Validity};

use crate::City;
use crate::address::{Absolute, Address};
use crate::city::PolicyEntry;
use crate::listing::Facet;

/// A file: the head, then what it holds.
#[derive(Serialize)]
pub(super) struct File<'a, T> {
    #[serde(rename = "$schema")]
    pub(super) schema: Absolute<'a>,
    pub(super) format: u32,
    pub(super) demonstration: bool,
    pub(super) as_of: Day,
    #[serde(flatten)]
    pub(super) content: T,
}

/// A day as `2025-03-01`.
#[derive(Clone, Copy)]
pub(super) struct Day(pub(super) Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A policy has forty days, and the general formatter takes ten times as long for each.
        let digit = |number: i16| b'0' + u8::try_from(number.rem_euclid(10)).unwrap_or(0);
        let (year, month, day) = (self.0.year(), i16::from(self.0.month()), i16::from(self.0.day()));
        if !(0..=9999).contains(&year) {
            return serializer.collect_str(&self.0);
        }
        let text = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ];
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

pub(super) fn day(date: Option<Date>) -> Option<Day> {
    date.map(Day)
}

/// A value of a fixed list: a validity, a stage, a kind of relation.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Named<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
}

/// A value of a controlled table, with the address of its list.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Linked<'a> {
    id: &'a str,
    name: &'a str,
    url: Absolute<'a>,
}

impl<'a> Linked<'a> {
    /// The value `id`; its id is its name where `check` has let an unknown one pass.
    pub(super) fn new(city: &'a City, facet: Facet, id: &'a str) -> Self {
        let tables = &city.tables;
        let term = |terms: &'a [Term]| terms.iter().find(|term| term.id == id).map(|term| term.name.as_str());
        let name = match facet {
            Facet::Theme => term(&tables.themes),
            Facet::District => term(&tables.districts),
            Facet::Audience => term(&tables.audiences),
            Facet::Sector => term(&tables.sectors),
            Facet::Genre => term(&tables.genres),
            Facet::Department => tables.departments.iter().find(|unit| unit.id == id).map(|unit| unit.name.as_str()),
            Facet::Year | Facet::Validity => None,
        };
        Self { id, name: name.unwrap_or(id), url: Address::List(facet, id, 1).absolute(&city.settings.host) }
    }

    pub(super) fn all(city: &'a City, facet: Facet, ids: &'a [String]) -> Vec<Self> {
        ids.iter().map(|id| Self::new(city, facet, id)).collect()
    }
}

/// A code and the address of its card.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Card<'a> {
    code: CodeText,
    card_url: Absolute<'a>,
}

impl<'a> Card<'a> {
    pub(super) fn new(city: &'a City, code: Code) -> Self {
        Self { code: CodeText(code), card_url: Address::Card(code).absolute(&city.settings.host) }
    }
}

#[derive(Clone, Copy)]
struct CodeText(Code);

impl Serialize for CodeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

/// Validity on the day that the head of the file names, and the dates from which it follows.
#[derive(Clone, Copy, Serialize)]
pub(super) struct ValidityView<'a> {
    id: &'a str,
    name: &'a str,
    /// Whether a person can rely on the record that day.
    live: bool,
    as_of: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_day: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amended: Option<Day>,
}

impl ValidityView<'_> {
    pub(super) fn of(city: &City, entry: &PolicyEntry) -> Self {
        let validity: Validity = entry.validity;
        Self {
            id: validity.id(),
            name: validity.zh(),
            live: validity.is_live(),
            as_of: Day(city.today),
            last_day: day(entry.lifespan.last_day()),
            amended: day(entry.lifespan.amended),
        }
    }
}

/// An address as an editor wrote it: of this site when it begins with a slash.
pub(super) fn written<'a>(city: &'a City, url: &'a str) -> Written<'a> {
    if url.starts_with('/') {
        Written::Here(Address::Written(url).absolute(&city.settings.host))
    } else {
        Written::Elsewhere(url)
    }
}

/// See [`written`].
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub(super) enum Written<'a> {
    Here(Absolute<'a>),
    Elsewhere(&'a str),
}
