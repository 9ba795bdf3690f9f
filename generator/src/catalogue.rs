//! City → the positions by which the facts of a record name the values of the controlled tables.

use std::collections::BTreeMap;

use yima_model::catalogue::{Tables, Value, ValueIx};
use yima_model::record::{Department, Term};

use crate::City;

/// The tables as the app shows them.
#[must_use]
pub fn tables(city: &City) -> Tables {
    let tables = &city.tables;
    Tables {
        themes: tables.themes.iter().map(term).collect(),
        audiences: tables.audiences.iter().map(term).collect(),
        districts: tables.districts.iter().map(term).collect(),
        departments: tables.departments.iter().map(department).collect(),
        genres: tables.genres.iter().map(term).collect(),
        sectors: tables.sectors.iter().map(term).collect(),
    }
}

fn term(term: &Term) -> Value {
    Value { id: term.id.clone(), name: term.name.clone(), group: term.group.clone().unwrap_or_default() }
}

fn department(department: &Department) -> Value {
    Value { id: department.id.clone(), name: department.short().to_owned(), group: String::new() }
}

/// Where each id stands in its table.
#[derive(Clone, Debug, Default)]
pub struct Positions<'a> {
    /// 主题
    pub themes: ByPosition<'a>,
    /// 对象
    pub audiences: ByPosition<'a>,
    /// 区市
    pub districts: ByPosition<'a>,
    /// 部门
    pub departments: ByPosition<'a>,
    /// 体裁
    pub genres: ByPosition<'a>,
    /// 行业
    pub sectors: ByPosition<'a>,
}

impl<'a> Positions<'a> {
    /// The positions in the tables of a city.
    #[must_use]
    pub fn of(city: &'a City) -> Self {
        let tables = &city.tables;
        let terms = |terms: &'a [Term]| ByPosition::of(terms.iter().map(|term| term.id.as_str()));
        Self {
            themes: terms(&tables.themes),
            audiences: terms(&tables.audiences),
            districts: terms(&tables.districts),
            departments: ByPosition::of(tables.departments.iter().map(|department| department.id.as_str())),
            genres: terms(&tables.genres),
            sectors: terms(&tables.sectors),
        }
    }
}

/// Where each id stands in one table.
#[derive(Clone, Debug, Default)]
pub struct ByPosition<'a>(BTreeMap<&'a str, ValueIx>);

impl<'a> ByPosition<'a> {
    fn of(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(ids.zip(0..).collect())
    }

    /// The position of an id; none when it is not there.
    #[must_use]
    pub fn one(&self, id: &str) -> Option<ValueIx> {
        self.0.get(id).copied()
    }

    /// The positions of these ids, each once, in the order given.
    pub fn all<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Vec<ValueIx> {
        let mut found = Vec::new();
        for position in ids.into_iter().filter_map(|id| self.one(id)) {
            if !found.contains(&position) {
                found.push(position);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use yima_model::Date;

    use super::*;
    use crate::project::{NewCodes, Options, load};
    use crate::search::stock;

    /// The demonstration city: every row says what its record says, and the bytes lead back to the rows.
    #[test]
    fn rows_say_what_the_records_say() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let options = Options {
            content: root.join("content"),
            public: root.join("public"),
            app: None,
            today: Date::constant(2026, 11, 22),
            new_codes: NewCodes::Provisional,
        };
        let city = load(&options).unwrap().project.unwrap().city;
        let stock = stock(&city);
        let order = stock.order().clone();
        let rows = stock.catalogue();
        assert_eq!(yima_search::catalogue::decode(&yima_search::catalogue::encode(&rows)), Ok(rows.clone()));
        assert_eq!(rows.policies.len(), city.policies.len());
        assert_eq!(rows.questions.len(), city.questions.len());
        let id = |table: &[Value], position: ValueIx| table[usize::from(position)].id.clone();
        let first = city.policies.len();
        let places: Vec<usize> = order.places().map(|place| place as usize).collect();
        for (row, &place) in rows.policies.iter().zip(&places) {
            let entry = &city.policies[place];
            let policy = &entry.policy;
            assert_eq!(&row.lifespan, &entry.lifespan);
            assert_eq!(id(&rows.tables.departments, row.departments[0]), policy.issuer);
            let themes: Vec<String> = row.themes.iter().map(|&theme| id(&rows.tables.themes, theme)).collect();
            assert_eq!(themes, policy.themes);
            let districts: Vec<String> = row.districts.iter().map(|&ix| id(&rows.tables.districts, ix)).collect();
            assert_eq!(districts, policy.districts);
            assert_eq!(id(&rows.tables.genres, row.genre.unwrap()), policy.genre);
            assert_eq!(row.lifespan.on(city.today, rows.expiring_days), entry.validity, "{}", policy.id);
        }
        // What a list can tell before the facts are here is what the facts tell.
        let shelf = yima_search::Shelf::new(rows.clone());
        for (row, &place) in places.iter().enumerate() {
            let face = stock.cards()[place].face();
            assert_eq!(face.span().holds(city.today), shelf.validity(row, city.today).is_live(), "{}", face.id());
        }
        for (row, &place) in rows.questions.iter().zip(&places[first..]) {
            let entry = &city.questions[place - first];
            assert_eq!(row.checked, entry.question.checked);
            let bound: Vec<usize> = row.policies.iter().map(|&policy| places[policy as usize]).collect();
            assert_eq!(bound, entry.policies);
        }
    }
}
