//! City → the facts and faces that the app filters and shows.

use std::collections::BTreeMap;

use yima_model::catalogue::{
    Catalogue, Face, PolicyFace, PolicyRow, QuestionFace, QuestionRow, Span, Tables, Value, ValueIx,
};
use yima_model::record::{Department, Term};
use yima_model::{Date, Lifespan};

use yima_search::index::Doc;

use crate::search::Order;

use crate::City;
use crate::city::{PolicyEntry, QuestionEntry};
use crate::codes::RecordKey;

/// What a list shows of the record at a place: policies first, then questions.
#[must_use]
pub fn face(city: &City, place: Doc) -> Option<Face> {
    let place = place as usize;
    if let Some(entry) = city.policies.get(place) {
        let policy = &entry.policy;
        return Some(Face::Policy(PolicyFace {
            id: policy.id.clone(),
            code: city.codes.of(&RecordKey::Policy(policy.id.clone())),
            title: policy.title.clone(),
            short_title: policy.short_title.clone().unwrap_or_default(),
            gives: policy.plain[1].clone(),
            document_number: policy.document_numbers.first().cloned().unwrap_or_default(),
            span: span(city, [&entry.lifespan].into_iter(), None),
        }));
    }
    let entry = city.questions.get(place - city.policies.len())?;
    let question = &entry.question;
    let bound = entry.policies.iter().filter_map(|&policy| Some(&city.policies.get(policy)?.lifespan));
    Some(Face::Question(QuestionFace {
        id: question.id.clone(),
        code: city.codes.of(&RecordKey::Question(question.id.clone())),
        question: question.question.clone(),
        short: question.short.clone().unwrap_or_default(),
        span: span(city, bound, question.expires),
    }))
}

/// From the first day of any of these to the last day of all; `expires` ends it for certain.
fn span<'a>(city: &City, bound: impl Iterator<Item = &'a Lifespan> + Clone, expires: Option<Date>) -> Span {
    let first = bound.clone().map(|lifespan| lifespan.effective).min().filter(|first| *first > city.today);
    let lasts = bound.map(Lifespan::last_day);
    // One without an end has none, and so has a question that rests on nothing.
    let last = lasts.collect::<Option<Vec<Date>>>().and_then(|lasts| lasts.into_iter().max());
    Span { first, last: last.into_iter().chain(expires).min() }
}

/// Whether a document is 人事任免 or a call to a meeting, by its title: what such documents are called is settled usage.
fn is_routine(title: &str) -> bool {
    const MARKS: [&str; 8] = ["任免", "任职", "免职", "任命", "免去", "会议的通知", "座谈会的通知", "表彰"];
    MARKS.iter().any(|mark| title.contains(mark))
}

/// The catalogue of a city as a value, its records in an order of their own.
#[must_use]
pub fn rows(city: &City, order: &Order) -> Catalogue {
    let tables = &city.tables;
    let positions = Positions {
        themes: positions(tables.themes.iter().map(|term| term.id.as_str())),
        audiences: positions(tables.audiences.iter().map(|term| term.id.as_str())),
        districts: positions(tables.districts.iter().map(|term| term.id.as_str())),
        departments: positions(tables.departments.iter().map(|department| department.id.as_str())),
        genres: positions(tables.genres.iter().map(|term| term.id.as_str())),
        sectors: positions(tables.sectors.iter().map(|term| term.id.as_str())),
    };
    let places = || order.places().map(|place| place as usize);
    let policies = places().filter_map(|place| city.policies.get(place));
    let questions = places().filter_map(|place| city.questions.get(place.checked_sub(city.policies.len())?));
    Catalogue {
        built: city.today,
        expiring_days: city.settings.expiring_days,
        tables: Tables {
            themes: tables.themes.iter().map(term).collect(),
            audiences: tables.audiences.iter().map(term).collect(),
            districts: tables.districts.iter().map(term).collect(),
            departments: tables.departments.iter().map(department).collect(),
            genres: tables.genres.iter().map(term).collect(),
            sectors: tables.sectors.iter().map(term).collect(),
        },
        policies: policies.map(|entry| policy(&positions, entry)).collect(),
        questions: questions.map(|entry| question(&positions, order, entry)).collect(),
    }
}

type ByPosition<'a> = BTreeMap<&'a str, ValueIx>;

/// Where each id stands in its table.
struct Positions<'a> {
    themes: ByPosition<'a>,
    audiences: ByPosition<'a>,
    districts: ByPosition<'a>,
    departments: ByPosition<'a>,
    genres: ByPosition<'a>,
    sectors: ByPosition<'a>,
}

fn positions<'a>(ids: impl Iterator<Item = &'a str>) -> ByPosition<'a> {
    ids.zip(0..).collect()
}

/// The positions of these ids, each once, in the order given.
fn all<'a>(table: &ByPosition<'_>, ids: impl IntoIterator<Item = &'a str>) -> Vec<ValueIx> {
    let mut found = Vec::new();
    for &position in ids.into_iter().filter_map(|id| table.get(id)) {
        if !found.contains(&position) {
            found.push(position);
        }
    }
    found
}

fn term(term: &Term) -> Value {
    Value { id: term.id.clone(), name: term.name.clone(), group: term.group.clone().unwrap_or_default() }
}

fn department(department: &Department) -> Value {
    Value { id: department.id.clone(), name: department.short().to_owned(), group: String::new() }
}

fn policy(positions: &Positions<'_>, entry: &PolicyEntry) -> PolicyRow {
    let policy = &entry.policy;
    PolicyRow {
        departments: all(&positions.departments, policy.issuers()),
        themes: all(&positions.themes, strs(&policy.themes)),
        audiences: all(&positions.audiences, strs(&policy.audiences)),
        districts: all(&positions.districts, strs(&policy.districts)),
        sectors: all(&positions.sectors, strs(&policy.sectors)),
        genre: positions.genres.get(policy.genre.as_str()).copied(),
        level: policy.level,
        routine: is_routine(&policy.title),
        published: policy.published,
        lifespan: entry.lifespan,
    }
}

fn question(positions: &Positions<'_>, order: &Order, entry: &QuestionEntry) -> QuestionRow {
    let question = &entry.question;
    QuestionRow {
        theme: positions.themes.get(question.theme.as_str()).copied(),
        department: positions.departments.get(question.department.as_str()).copied(),
        audiences: all(&positions.audiences, strs(&question.audiences)),
        districts: all(&positions.districts, strs(&question.districts)),
        policies: entry.policies.iter().filter_map(|&policy| Some(order.doc_of(u32::try_from(policy).ok()?))).collect(),
        checked: question.checked,
        expires: question.expires,
    }
}

fn strs(strings: &[String]) -> impl Iterator<Item = &str> {
    strings.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::{NewCodes, Options, load};

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
        let order = Order::of(&city);
        let rows = rows(&city, &order);
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
            let face = face(&city, u32::try_from(place).unwrap()).unwrap();
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
