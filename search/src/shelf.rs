//! A catalogue made ready for asking: facets as columns, and the faces that were fetched.

use std::collections::BTreeMap;

use yima_model::catalogue::{Catalogue, Face, Facet, Kind, PolicyRow, QuestionRow, Tables, Value, ValueIx};
use yima_model::record::Level;
use yima_model::validity::day_number;
use yima_model::{Date, Validity};

use crate::catalogue::faces;
use crate::engine::in_order;
use crate::wire::DecodeError;

/// A record by its place: policies first, then questions, each in the order of the catalogue.
pub type RowIx = usize;

/// Id of the value of [`Facet::District`] that means the whole city.
pub const WHOLE_CITY: &str = "citywide";

/// A record of the catalogue, whatever its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// A policy.
    Policy(&'a PolicyRow),
    /// A question.
    Question(&'a QuestionRow),
}

/// A catalogue made ready for asking.
#[derive(Clone, Debug)]
pub struct Shelf {
    catalogue: Catalogue,
    /// Values by facet, in the order of [`Facet::ALL`].
    values: [Vec<Value>; Facet::ALL.len()],
    /// Columns by facet; that of [`Facet::Validity`] is empty, for it depends on the day.
    columns: [Column; Facet::ALL.len()],
    /// Day of publication (policies) or of the last check (questions).
    dated: Vec<i32>,
    faces: BTreeMap<RowIx, Face>,
}

/// For every row, the positions of its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// Where the values of a row begin; one more entry than rows.
    starts: Vec<usize>,
    values: Vec<ValueIx>,
}

impl Column {
    fn push(&mut self, values: impl IntoIterator<Item = ValueIx>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.values.extend(values);
        self.starts.push(self.values.len());
    }

    pub(crate) fn of(&self, row: RowIx) -> &[ValueIx] {
        match self.starts.get(row..row + 2) {
            Some(&[start, end]) => self.values.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Shelf {
    /// A shelf with nothing on it.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Catalogue {
            built: Date::constant(1970, 1, 1),
            expiring_days: 0,
            tables: Tables::default(),
            policies: Vec::new(),
            questions: Vec::new(),
        })
    }

    /// Takes a catalogue; no face is here yet.
    #[must_use]
    pub fn new(catalogue: Catalogue) -> Self {
        let values = values(&catalogue);
        let years = |date: Date| {
            let id = date.year().to_string();
            let years = values.get(Facet::Year as usize).into_iter().flatten();
            years.zip(0..).find(|(year, _)| year.id == id).map(|(_, ix)| ix)
        };
        let mut columns: [Column; Facet::ALL.len()] = Default::default();
        let mut dated = Vec::with_capacity(catalogue.policies.len() + catalogue.questions.len());
        for row in &catalogue.policies {
            for facet in Facet::ALL {
                let Some(column) = columns.get_mut(facet as usize) else { continue };
                match facet {
                    Facet::Kind => column.push([Kind::Policy as ValueIx]),
                    Facet::Validity => {}
                    Facet::Theme => column.push(row.themes.iter().copied()),
                    Facet::Audience => column.push(row.audiences.iter().copied()),
                    Facet::District => column.push(districts(&row.districts)),
                    Facet::Department => column.push(row.departments.iter().copied()),
                    Facet::Year => column.push(years(row.published)),
                    Facet::Genre => column.push(row.genre),
                    Facet::Level => column.push([level(row.level)]),
                    Facet::Sector => column.push(row.sectors.iter().copied()),
                }
            }
            dated.push(day_number(row.published));
        }
        for row in &catalogue.questions {
            for facet in Facet::ALL {
                let Some(column) = columns.get_mut(facet as usize) else { continue };
                match facet {
                    Facet::Kind => column.push([Kind::Question as ValueIx]),
                    Facet::Theme => column.push(row.theme),
                    Facet::Audience => column.push(row.audiences.iter().copied()),
                    Facet::District => column.push(districts(&row.districts)),
                    Facet::Department => column.push(row.department),
                    Facet::Year | Facet::Genre | Facet::Level | Facet::Sector => column.push(None),
                    Facet::Validity => {}
                }
            }
            dated.push(day_number(row.checked));
        }
        Self { catalogue, values, columns, dated, faces: BTreeMap::new() }
    }

    /// The catalogue as it was read.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// How many records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dated.len()
    }

    /// Whether there is no record at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dated.is_empty()
    }

    /// The record at a place.
    #[must_use]
    pub fn record(&self, row: RowIx) -> Option<Record<'_>> {
        match self.catalogue.policies.get(row) {
            Some(policy) => Some(Record::Policy(policy)),
            None => self.catalogue.questions.get(row.checked_sub(self.catalogue.policies.len())?).map(Record::Question),
        }
    }

    /// What a list shows of a record; none while its file is not here.
    #[must_use]
    pub fn face(&self, row: RowIx) -> Option<&Face> {
        self.faces.get(&row)
    }

    /// Takes the bytes of a file of faces.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong.
    pub fn supply_faces(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        let (first, faces) = faces::decode(bytes)?;
        self.faces.extend((first as RowIx..).zip(faces));
        Ok(())
    }

    /// Takes over the faces of another shelf, of the same records: they may come before the catalogue does.
    pub fn take_faces(&mut self, other: Self) {
        self.faces.extend(other.faces);
    }

    /// The values of a facet, in the order to show them.
    #[must_use]
    pub fn values(&self, facet: Facet) -> &[Value] {
        self.values.get(facet as usize).map_or(&[], Vec::as_slice)
    }

    /// The name of a value; its id where the city does not know it.
    #[must_use]
    pub fn name<'a>(&'a self, facet: Facet, id: &'a str) -> &'a str {
        self.values(facet).iter().find(|value| value.id == id).map_or(id, |value| value.name.as_str())
    }

    /// Validity of a record on a day.
    ///
    /// A question stands as long as it has not run out and one policy under it is live.
    #[must_use]
    pub fn validity(&self, row: RowIx, today: Date) -> Validity {
        let policy = |row: usize| {
            let policy = self.catalogue.policies.get(row)?;
            Some(policy.lifespan.on(today, self.catalogue.expiring_days))
        };
        match self.record(row) {
            Some(Record::Question(question)) => of_question(question, today, policy),
            _ => policy(row).unwrap_or(Validity::InForce),
        }
    }

    pub(crate) fn column(&self, facet: Facet) -> Option<&Column> {
        self.columns.get(facet as usize)
    }

    /// Whether a record is 人事任免 or 会议通知.
    #[must_use]
    pub(crate) fn is_routine(&self, row: RowIx) -> bool {
        self.catalogue.policies.get(row).is_some_and(|policy| policy.routine)
    }

    /// Day of publication or last check.
    pub(crate) fn dated(&self, row: RowIx) -> i32 {
        self.dated.get(row).copied().unwrap_or_default()
    }
}

fn of_question(question: &QuestionRow, today: Date, policy: impl Fn(usize) -> Option<Validity>) -> Validity {
    if question.expires.is_some_and(|last| today > last) {
        return Validity::Expired;
    }
    let mut bound = question.policies.iter().filter_map(|&row| policy(usize::try_from(row).ok()?));
    match bound.next() {
        Some(first) if !first.is_live() && !bound.any(Validity::is_live) => first,
        _ => Validity::InForce,
    }
}

/// The whole city stands before the districts of the table.
fn districts(districts: &[ValueIx]) -> impl Iterator<Item = ValueIx> {
    let city = districts.is_empty().then_some(0);
    city.into_iter().chain(districts.iter().map(|&district| district.saturating_add(1)))
}

fn level(level: Level) -> ValueIx {
    match level {
        Level::Rule => 0,
        Level::Normative => 1,
        Level::Other => 2,
    }
}

fn values(catalogue: &Catalogue) -> [Vec<Value>; Facet::ALL.len()] {
    let plain = |id: &str, name: &str| Value { id: id.to_owned(), name: name.to_owned(), group: String::new() };
    Facet::ALL.map(|facet| match facet {
        Facet::Kind => Kind::ALL.into_iter().map(|kind| plain(kind.id(), kind.zh())).collect(),
        Facet::Validity => Validity::ALL.into_iter().map(|validity| plain(validity.id(), validity.zh())).collect(),
        Facet::Theme => catalogue.tables.themes.clone(),
        Facet::Audience => catalogue.tables.audiences.clone(),
        Facet::District => {
            core::iter::once(plain(WHOLE_CITY, "全市")).chain(catalogue.tables.districts.iter().cloned()).collect()
        }
        Facet::Department => catalogue.tables.departments.clone(),
        Facet::Year => {
            let years: Vec<i16> = catalogue.policies.iter().map(|row| row.published.year()).collect();
            let late_first = in_order(years.iter().map(|year| u64::from(year.abs_diff(i16::MAX)))).into_iter();
            let mut years: Vec<i16> = late_first.filter_map(|at| years.get(at).copied()).collect();
            years.dedup();
            years.into_iter().map(|year| plain(&year.to_string(), &format!("{year}年"))).collect()
        }
        Facet::Genre => catalogue.tables.genres.clone(),
        Facet::Level => Level::ALL.into_iter().map(|level| plain(level.id(), level.zh())).collect(),
        Facet::Sector => catalogue.tables.sectors.clone(),
    })
}
