//! The filter against a slow, plain reading of the same rules, and against cases a person would try.

use std::collections::BTreeSet;

use proptest::prelude::*;
use yima_model::Lifespan;
use yima_model::catalogue::{Catalogue, Kind, PolicyRow, QuestionRow, Tables, Value};
use yima_model::record::Level;

use super::*;

const TODAY: Date = Date::constant(2026, 11, 22);

fn table(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| Value { id: (*id).into(), name: format!("名{id}"), group: String::new() }).collect()
}

fn policy() -> PolicyRow {
    let day = Date::constant(2025, 3, 1);
    PolicyRow {
        departments: vec![0],
        themes: vec![0],
        audiences: vec![],
        districts: vec![],
        sectors: vec![],
        genre: Some(0),
        level: Level::Normative,
        routine: false,
        published: day,
        lifespan: Lifespan { effective: day, expires: None, repealed: None, amended: None },
    }
}

fn question(policies: Vec<u32>) -> QuestionRow {
    QuestionRow {
        theme: Some(0),
        department: Some(0),
        audiences: vec![],
        districts: vec![],
        policies,
        checked: Date::constant(2026, 6, 1),
        expires: None,
    }
}

fn shelf(policies: Vec<PolicyRow>, questions: Vec<QuestionRow>) -> Shelf {
    Shelf::new(Catalogue {
        built: TODAY,
        expiring_days: 90,
        tables: Tables {
            themes: table(&["a", "b", "c"]),
            audiences: table(&["a", "b"]),
            districts: table(&["a", "b"]),
            departments: table(&["a", "b"]),
            genres: table(&["a", "b"]),
            sectors: table(&["a"]),
        },
        policies,
        questions,
    })
}

fn ask(shelf: &Shelf, address: &str) -> Vec<RowIx> {
    shelf.run(&Query::from_query_string(address), None, TODAY).hits
}

fn scores(scores: &[(u32, f32)]) -> Vec<Score> {
    scores.iter().map(|&(doc, score)| Score { doc, score, coverage: 1.0 }).collect()
}

#[test]
fn a_district_includes_what_holds_in_the_whole_city() {
    let (mut own, mut other) = (policy(), policy());
    own.districts = vec![0];
    other.districts = vec![1];
    let shelf = shelf(vec![policy(), other, own], vec![]);
    assert_eq!(ask(&shelf, "district=a").into_iter().collect::<BTreeSet<_>>(), [0, 2].into());
    assert_eq!(ask(&shelf, "district=citywide"), [0]);
    let counts = shelf.run(&Query::from_query_string("district=a"), None, TODAY);
    let counts: Vec<usize> = (0..3).map(|value| counts.count(Facet::District, value)).collect();
    assert_eq!(counts, [1, 2, 2]);
}

#[test]
fn only_live_records_unless_asked() {
    let (mut dead, mut last_day) = (policy(), policy());
    dead.lifespan.expires = Some(Date::constant(2026, 11, 21));
    last_day.lifespan.expires = Some(TODAY);
    let shelf = shelf(vec![dead, last_day], vec![question(vec![0]), question(vec![0, 1])]);
    assert_eq!(ask(&shelf, ""), [1, 3]);
    assert_eq!(ask(&shelf, "validity=all").len(), 4);
    assert_eq!(ask(&shelf, "validity=expired"), [0, 2]);
    assert_eq!(ask(&shelf, "validity=expiring"), [1]);
    let found = shelf.run(&Query::default(), None, TODAY);
    assert_eq!(found.not_live(), 2);
    assert_eq!(shelf.run(&Query::default(), None, Date::constant(2026, 11, 23)).hits.len(), 0);
}

#[test]
fn the_order_is_the_one_asked_for() {
    let [mut dead, mut ends_later, mut newest, mut ends] = [policy(), policy(), policy(), policy()];
    ends.lifespan.expires = Some(Date::constant(2026, 12, 31));
    ends_later.lifespan.expires = Some(Date::constant(2027, 12, 31));
    newest.published = Date::constant(2026, 8, 1);
    dead.lifespan.repealed = Some(Date::constant(2026, 1, 1));
    dead.published = Date::constant(2026, 9, 1);
    let shelf = shelf(vec![dead, ends_later, newest, ends], vec![question(vec![1])]);
    assert_eq!(ask(&shelf, "sort=ending&validity=all&kind=policy"), [3, 1, 2, 0]);
    assert_eq!(ask(&shelf, "sort=newest&validity=all&kind=policy")[..2], [0, 2]);
    assert_eq!(ask(&shelf, "validity=all")[..2], [2, 1]);
    let query = Query::from_query_string("q=x&validity=all");
    let matched = scores(&[(0, 0.9), (1, 0.5), (3, 0.7), (4, 0.8)]);
    assert_eq!(shelf.run(&query, Some(&matched), TODAY).hits, [4, 3, 0, 1]);
    let newest = Query::from_query_string("q=x&validity=all&sort=newest");
    assert_eq!(shelf.run(&newest, Some(&matched), TODAY).hits, [0, 4, 1, 3]);
}

#[test]
fn routine_notices_are_left_out_when_asked() {
    let mut routine = policy();
    routine.routine = true;
    let shelf = shelf(vec![policy(), routine], vec![question(vec![0])]);
    assert_eq!(ask(&shelf, "").len(), 3);
    assert_eq!(ask(&shelf, "routine=hide"), [0, 2]);
    assert_eq!(Query::from_query_string("?routine=hide").to_query_string(), "routine=hide");
}

/// Whether a record answers all of a query but one facet, read straight from the rules.
fn admits(shelf: &Shelf, row: RowIx, query: &Query, matched: &BTreeSet<u32>, open: Option<Facet>) -> bool {
    Facet::ALL.into_iter().filter(|&facet| Some(facet) != open).all(|facet| match facet {
        Facet::Validity => query.standing().admits(shelf.validity(row, TODAY)),
        facet => {
            let own = values_of(shelf, row, facet);
            let mut chosen = query.chosen(facet).peekable();
            chosen.peek().is_none() || chosen.any(|id| own.contains(id))
        }
    }) && matched.contains(&u32::try_from(row).unwrap())
}

/// Ids under which a record stands in a facet.
fn values_of(shelf: &Shelf, row: RowIx, facet: Facet) -> BTreeSet<String> {
    let record = shelf.record(row).unwrap();
    let tables = &shelf.catalogue().tables;
    let ids = |table: &[Value], ixs: &[u16]| ixs.iter().map(|&ix| table[usize::from(ix)].id.clone()).collect();
    let districts = |own: &[u16]| match own {
        [] => tables.districts.iter().map(|value| value.id.clone()).chain([crate::shelf::WHOLE_CITY.into()]).collect(),
        own => ids(&tables.districts, own),
    };
    match (record, facet) {
        (_, Facet::Validity) => [shelf.validity(row, TODAY).id().into()].into(),
        (Record::Policy(_), Facet::Kind) => [Kind::Policy.id().into()].into(),
        (Record::Question(_), Facet::Kind) => [Kind::Question.id().into()].into(),
        (Record::Policy(row), Facet::Theme) => ids(&tables.themes, &row.themes),
        (Record::Policy(row), Facet::Audience) => ids(&tables.audiences, &row.audiences),
        (Record::Policy(row), Facet::District) => districts(&row.districts),
        (Record::Policy(row), Facet::Department) => ids(&tables.departments, &row.departments),
        (Record::Policy(row), Facet::Year) => [row.published.year().to_string()].into(),
        (Record::Policy(row), Facet::Genre) => ids(&tables.genres, row.genre.as_slice()),
        (Record::Policy(row), Facet::Level) => [row.level.id().into()].into(),
        (Record::Policy(row), Facet::Sector) => ids(&tables.sectors, &row.sectors),
        (Record::Question(row), Facet::Theme) => ids(&tables.themes, row.theme.as_slice()),
        (Record::Question(row), Facet::Audience) => ids(&tables.audiences, &row.audiences),
        (Record::Question(row), Facet::District) => districts(&row.districts),
        (Record::Question(row), Facet::Department) => ids(&tables.departments, row.department.as_slice()),
        (Record::Question(_), _) => BTreeSet::new(),
    }
}

fn rows() -> impl Strategy<Value = (Vec<PolicyRow>, Vec<QuestionRow>)> {
    let subset = |limit: u16| proptest::sample::subsequence((0..limit).collect::<Vec<_>>(), 0..=usize::from(limit));
    let lists = (subset(3), subset(2), subset(2), subset(2), subset(1));
    let days = (2023_i16..2027, 1_i8..13, proptest::option::of(-200_i32..200));
    let policies = (lists, 0_u16..2, 0_usize..3, days).prop_map(|(lists, genre, level, days)| {
        let mut row = policy();
        (row.themes, row.audiences, row.districts, row.departments, row.sectors) = lists;
        row.genre = Some(genre);
        row.level = Level::ALL[level];
        row.published = Date::constant(days.0, days.1, 1);
        let today = yima_model::validity::day_number(TODAY);
        row.lifespan.expires = days.2.and_then(|by| yima_model::validity::date_of_day_number(today + by));
        row
    });
    let questions = (subset(2), subset(2)).prop_map(|(audiences, districts)| {
        let mut row = question(vec![0]);
        (row.audiences, row.districts) = (audiences, districts);
        row
    });
    (proptest::collection::vec(policies, 1..12), proptest::collection::vec(questions, 0..6))
}

proptest! {
    #[test]
    fn hits_and_counts_are_those_of_the_plain_rules(
        (policies, questions) in rows(),
        choices in proptest::collection::vec((0..Facet::ALL.len(), 0_usize..6), 0..5),
        matched in proptest::collection::btree_set(0_u32..18, 0..18),
        live in any::<bool>(),
    ) {
        let shelf = shelf(policies, questions);
        let mut query = Query::default();
        query.set_live_only(live);
        for (facet, value) in choices {
            let facet = Facet::ALL[facet];
            let values = shelf.values(facet);
            query.toggle(facet, &values[value % values.len()].id);
        }
        let score: Vec<Score> = matched.iter().map(|&doc| Score { doc, score: 0.5, coverage: 1.0 }).collect();
        let found = shelf.run(&query, Some(&score), TODAY);
        let hits: BTreeSet<RowIx> = found.hits.iter().copied().collect();
        let expected: BTreeSet<RowIx> = (0..shelf.len()).filter(|&row| admits(&shelf, row, &query, &matched, None)).collect();
        prop_assert_eq!(hits.len(), found.hits.len());
        prop_assert_eq!(hits, expected);
        for facet in Facet::ALL {
            for (position, value) in shelf.values(facet).iter().enumerate() {
                let expected = (0..shelf.len())
                    .filter(|&row| admits(&shelf, row, &query, &matched, Some(facet)))
                    .filter(|&row| values_of(&shelf, row, facet).contains(&value.id))
                    .count();
                prop_assert_eq!(found.count(facet, position), expected, "{:?} {}", facet, value.id);
            }
        }
    }
}
