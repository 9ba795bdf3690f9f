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

fn policy(id: &str, title: &str) -> PolicyRow {
    let day = Date::constant(2025, 3, 1);
    PolicyRow {
        id: id.into(),
        code: None,
        title: title.into(),
        short_title: String::new(),
        gives: String::new(),
        index_number: String::new(),
        document_numbers: vec![],
        words: vec![],
        departments: vec![0],
        themes: vec![0],
        audiences: vec![],
        districts: vec![],
        sectors: vec![],
        genre: Some(0),
        level: Level::Normative,
        written: day,
        published: day,
        lifespan: Lifespan { effective: day, expires: None, repealed: None, amended: None },
    }
}

fn question(id: &str, text: &str, policies: Vec<u32>) -> QuestionRow {
    QuestionRow {
        id: id.into(),
        code: None,
        question: text.into(),
        words: vec![],
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

fn ask(shelf: &Shelf, address: &str) -> Vec<String> {
    let found = shelf.run(&Query::from_query_string(address), TODAY);
    let id = |&row: &RowIx| match shelf.record(row).unwrap() {
        Record::Policy(policy) => policy.id.clone(),
        Record::Question(question) => question.id.clone(),
    };
    found.hits.iter().map(id).collect()
}

#[test]
fn words_are_found_wherever_they_stand() {
    let mut number = policy("number", "关于印发若干措施的通知");
    number.document_numbers = vec!["青屿人社发〔2025〕12号".into()];
    number.index_number = "QY014/2025-00012".into();
    number.code = Some(Code::from_body(1_234_567));
    let code = number.code.unwrap().to_string();
    let mut keyword = policy("keyword", "关于住房保障的意见");
    keyword.words = vec!["租房补贴".into()];
    let title = policy("title", "青年租房补贴（试行）办法");
    let shelf = shelf(vec![keyword, number, title], vec![question("ask", "租房补贴怎么领？", vec![0])]);

    assert_eq!(ask(&shelf, "q=租房补贴"), ["title", "ask", "keyword"]);
    assert_eq!(ask(&shelf, "q=租房 (试行)"), ["title"]);
    assert_eq!(ask(&shelf, "q=租房 没有这个词"), [""; 0]);
    for typed in
        ["青屿人社发[2025]12号", "青屿人社发（2025）12号", "青屿人社发202512号", "〔２０２５〕１２", "qy014 00012"]
    {
        assert_eq!(ask(&shelf, &format!("q={typed}")), ["number"], "{typed}");
    }
    let sloppy = code.to_lowercase().replace('0', "o").replace('1', "l");
    for typed in [
        code.clone(),
        sloppy.clone(),
        format!("{}-{}", &code[..3], &code[3..]),
        format!("{} {}", &sloppy[..3], &sloppy[3..]),
    ] {
        assert_eq!(ask(&shelf, &format!("q={typed}")), ["number"], "{typed}");
    }
    assert_eq!(ask(&shelf, "q=。，！").len(), 0);
    assert_eq!(ask(&shelf, "q=%20%20").len(), 4);
}

#[test]
fn a_district_includes_what_holds_in_the_whole_city() {
    let mut own = policy("own", "城南");
    own.districts = vec![0];
    let mut other = policy("other", "城北");
    other.districts = vec![1];
    let shelf = shelf(vec![policy("city", "全市"), other, own], vec![]);
    assert_eq!(ask(&shelf, "district=a").into_iter().collect::<BTreeSet<_>>(), ["city".into(), "own".into()].into());
    assert_eq!(ask(&shelf, "district=citywide"), ["city"]);
    let counts = shelf.run(&Query::from_query_string("district=a"), TODAY);
    let counts: Vec<usize> = (0..3).map(|value| counts.count(Facet::District, value)).collect();
    assert_eq!(counts, [1, 2, 2]);
}

#[test]
fn only_live_records_unless_asked() {
    let mut dead = policy("dead", "旧办法");
    dead.lifespan.expires = Some(Date::constant(2026, 11, 21));
    let mut last_day = policy("last-day", "新办法");
    last_day.lifespan.expires = Some(TODAY);
    let questions = vec![question("on-dead", "旧办法还有用吗", vec![0]), question("on-both", "怎么办", vec![0, 1])];
    let shelf = shelf(vec![dead, last_day], questions);
    assert_eq!(ask(&shelf, ""), ["last-day", "on-both"]);
    assert_eq!(ask(&shelf, "validity=all").len(), 4);
    assert_eq!(ask(&shelf, "validity=expired"), ["dead", "on-dead"]);
    assert_eq!(ask(&shelf, "validity=expiring"), ["last-day"]);
    let found = shelf.run(&Query::default(), TODAY);
    assert_eq!(found.not_live(), 2);
    assert_eq!(shelf.run(&Query::default(), Date::constant(2026, 11, 23)).hits.len(), 0);
}

#[test]
fn the_order_is_the_one_asked_for() {
    let mut ends = policy("ends", "补贴 a");
    ends.lifespan.expires = Some(Date::constant(2026, 12, 31));
    let mut ends_later = policy("ends-later", "补贴 b");
    ends_later.lifespan.expires = Some(Date::constant(2027, 12, 31));
    let mut newest = policy("newest", "补贴 c");
    newest.published = Date::constant(2026, 8, 1);
    let mut dead = policy("dead", "补贴 d");
    dead.lifespan.repealed = Some(Date::constant(2026, 1, 1));
    dead.published = Date::constant(2026, 9, 1);
    let shelf = shelf(vec![dead, ends_later, newest, ends], vec![]);
    assert_eq!(ask(&shelf, "sort=ending&validity=all"), ["ends", "ends-later", "newest", "dead"]);
    assert_eq!(ask(&shelf, "sort=newest&validity=all")[..2], ["dead", "newest"]);
    assert_eq!(ask(&shelf, "q=补贴&validity=all").last().unwrap(), "dead");
}

/// Whether a record answers all of a query but one facet, read straight from the rules.
fn admits(shelf: &Shelf, row: RowIx, query: &Query, open: Option<Facet>) -> bool {
    let record = shelf.record(row).unwrap();
    Facet::ALL.into_iter().filter(|&facet| Some(facet) != open).all(|facet| match facet {
        Facet::Validity => query.standing().admits(shelf.validities(TODAY)[row]),
        facet => {
            let own = values_of(shelf, row, facet);
            let mut chosen = query.chosen(facet).peekable();
            chosen.peek().is_none() || chosen.any(|id| own.contains(id))
        }
    }) && normalise(query.text()).split(' ').all(|word| match record {
        Record::Policy(policy) => normalise(&policy.title).contains(word),
        Record::Question(question) => normalise(&question.question).contains(word),
    })
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
        (_, Facet::Validity) => [shelf.validities(TODAY)[row].id().into()].into(),
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
    let policies =
        (lists, 0_u16..2, 0_usize..3, days, "[租房补贴 ]{1,5}").prop_map(|(lists, genre, level, days, title)| {
            let mut row = policy("p", &title);
            (row.themes, row.audiences, row.districts, row.departments, row.sectors) = lists;
            row.genre = Some(genre);
            row.level = Level::ALL[level];
            row.published = Date::constant(days.0, days.1, 1);
            let today = yima_model::validity::day_number(TODAY);
            row.lifespan.expires = days.2.and_then(|by| yima_model::validity::date_of_day_number(today + by));
            row
        });
    let questions = (subset(2), subset(2), "[租房补贴 ]{1,5}").prop_map(|(audiences, districts, text)| {
        let mut row = question("q", &text, vec![0]);
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
        text in "[租房补贴 ]{0,3}",
        live in any::<bool>(),
    ) {
        let shelf = shelf(policies, questions);
        let mut query = Query::default();
        query.set_text(&text);
        query.set_live_only(live);
        for (facet, value) in choices {
            let facet = Facet::ALL[facet];
            let values = shelf.values(facet);
            query.toggle(facet, &values[value % values.len()].id);
        }
        let found = shelf.run(&query, TODAY);
        let hits: BTreeSet<RowIx> = found.hits.iter().copied().collect();
        let expected: BTreeSet<RowIx> = (0..shelf.len()).filter(|&row| admits(&shelf, row, &query, None)).collect();
        prop_assert_eq!(hits.len(), found.hits.len());
        prop_assert_eq!(hits, expected);
        for facet in Facet::ALL {
            for (position, value) in shelf.values(facet).iter().enumerate() {
                let expected = (0..shelf.len())
                    .filter(|&row| admits(&shelf, row, &query, Some(facet)))
                    .filter(|&row| values_of(&shelf, row, facet).contains(&value.id))
                    .count();
                prop_assert_eq!(found.count(facet, position), expected, "{:?} {}", facet, value.id);
            }
        }
    }
}
