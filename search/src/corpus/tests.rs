//! What is written is read; whatever the text, the reader answers; the files do not depend on how the records came.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use yima_model::catalogue::{Face, Tables, Value};
use yima_model::code::BODIES;
use yima_model::record::{BestBet, Level, Words};
use yima_model::validity::date_of_day_number;
use yima_model::{Code, Date, Lifespan};

use super::*;
use crate::index::{HEAD, Head, Single};
use crate::wire::DecodeError;

/// Text with everything the form uses for itself.
fn text() -> impl Strategy<Value = String> {
    "[甲乙丙一第条 ,、<>\"'&;\\n/a1]{0,8}"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn cut() -> impl Strategy<Value = Text> {
    ("[甲乙a\\n<>&\"]{0,24}", vec(0_usize..60, 0..8)).prop_map(|(text, mut places)| {
        places.sort_unstable();
        Text::cut(text, places)
    })
}

fn dates() -> impl Strategy<Value = Date> {
    (-40_000_i32..40_000).prop_map(|number| date_of_day_number(number).unwrap())
}

fn positions() -> impl Strategy<Value = Vec<ValueIx>> {
    vec(any::<ValueIx>(), 0..4)
}

fn policies() -> impl Strategy<Value = Policy> {
    let names = (text(), text(), texts(), texts(), texts(), text());
    let benefits = vec((text(), texts()).prop_map(|(title, says)| Benefit { title, says }), 0..3);
    let said = (text(), [text(), text(), text()], benefits, texts(), cut());
    let days = (dates(), dates(), dates(), [option::of(dates()), option::of(dates()), option::of(dates())]);
    let facts = (0_usize..3, option::of(any::<ValueIx>()), proptest::array::uniform5(positions()));
    (names, said, days, facts).prop_map(|(names, said, days, facts)| {
        let [expires, repealed, amended] = days.3;
        let [departments, themes, audiences, districts, sectors] = facts.2;
        Policy {
            title: names.0,
            short_title: names.1,
            popular_names: names.2,
            keywords: names.3,
            document_numbers: names.4,
            index_number: names.5,
            summary: said.0,
            plain: said.1,
            benefits: said.2,
            more: said.3,
            text: said.4,
            written: days.0,
            published: days.1,
            lifespan: Lifespan { effective: days.2, expires, repealed, amended },
            level: Level::ALL[facts.0],
            genre: facts.1,
            departments,
            themes,
            audiences,
            districts,
            sectors,
        }
    })
}

fn questions() -> impl Strategy<Value = Question> {
    let said = (text(), texts(), texts(), text(), cut(), texts(), texts());
    let facts = (option::of(any::<ValueIx>()), option::of(any::<ValueIx>()), positions(), positions());
    (said, dates(), option::of(dates()), facts).prop_map(|(said, checked, expires, facts)| Question {
        question: said.0,
        variants: said.1,
        keywords: said.2,
        short: said.3,
        answer: said.4,
        forms: said.5,
        policies: said.6,
        checked,
        expires,
        theme: facts.0,
        department: facts.1,
        audiences: facts.2,
        districts: facts.3,
    })
}

fn records() -> impl Strategy<Value = Record> {
    let said = prop_oneof![
        policies().prop_map(|policy| Said::Policy(Box::new(policy))),
        questions().prop_map(|question| Said::Question(Box::new(question))),
    ];
    (text(), option::of(0..BODIES), said).prop_map(|(id, code, said)| Record {
        id,
        code: code.map(Code::from_body),
        said,
    })
}

fn commons() -> impl Strategy<Value = Common> {
    let value = (text(), text(), text()).prop_map(|(id, name, group)| Value { id, name, group });
    let tables = proptest::array::uniform6(vec(value, 0..3));
    let words = (texts(), texts(), any::<bool>()).prop_map(|(say, means, both)| Words { say, means, both });
    let bets = (texts(), texts(), texts()).prop_map(|(queries, records, bury)| BestBet { queries, records, bury });
    let lists = (vec((text(), any::<u32>()), 0..3), vec(words, 0..3), vec(bets, 0..3));
    let numbers = (any::<u16>(), option::of(0_u32..40));
    ((0..40_000_i32), numbers, tables, lists, btree_map(text(), text(), 0..4)).prop_map(
        |(built, (expiring_days, entries), tables, (departments, words, bets), syllables)| {
            let [themes, audiences, districts, values, genres, sectors] = tables;
            Common {
                built: date_of_day_number(built).unwrap(),
                expiring_days,
                entries,
                tables: Tables { themes, audiences, districts, departments: values, genres, sectors },
                departments,
                words,
                bets,
                syllables,
            }
        },
    )
}

/// The places at which a text can be cut.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, _)| at)
}

proptest! {
    #[test]
    fn records_round_trip(record in records()) {
        let text = record.to_text();
        prop_assert_eq!(Record::parse(&text), Ok(record));
        for end in ends(&text) {
            prop_assert!(Record::parse(&text[..end]).is_err());
        }
        prop_assert!(Record::parse(&(text + "<")).is_err());
    }

    #[test]
    fn what_is_common_round_trips(common in commons()) {
        let text = common.to_text();
        prop_assert_eq!(Common::parse(&text), Ok(common));
        for end in ends(&text) {
            prop_assert!(Common::parse(&text[..end]).is_err());
        }
    }

    /// A wrong letter is read as another record or as none, and what is read is written as it is read.
    #[test]
    fn wrong_letters_are_answered(record in records(), common in commons(), at in any::<prop::sample::Index>(), wrong in "[<>&\".,0-9甲-]") {
        for text in [record.to_text(), common.to_text()] {
            let places: Vec<(usize, char)> = text.char_indices().collect();
            let (start, ch) = places[at.index(places.len())];
            let text = format!("{}{wrong}{}", &text[..start], &text[start + ch.len_utf8()..]);
            if let Ok(read) = Record::parse(&text) {
                prop_assert_eq!(Record::parse(&read.to_text()), Ok(read));
            }
            if let Ok(read) = Common::parse(&text) {
                prop_assert_eq!(Common::parse(&read.to_text()), Ok(read));
            }
        }
    }

    #[test]
    fn random_texts_are_answered(text in "\\PC{0,80}", marks in "[<>a.,&;-]{0,60}") {
        prop_assert!(Record::parse(&text).is_err());
        prop_assert!(Common::parse(&text).is_err());
        for head in ["yima-policy 1\n", "yima-question 1\n"] {
            let _ = Record::parse(&format!("{head}{text}"));
            let _ = Record::parse(&format!("{head}{marks}"));
        }
        let _ = Common::parse(&format!("yima-common 1\n2026-10-01<90<<{marks}"));
    }

    /// Whatever the records say, and in whatever order they come, some of them twice.
    #[test]
    fn the_files_do_not_depend_on_how_records_come(common in commons(), records in vec(records(), 0..20), turn in 0_usize..20) {
        let mut distinct: Vec<Record> = Vec::new();
        for record in records {
            if distinct.iter().all(|known| (known.kind() as u8, &known.id) != (record.kind() as u8, &record.id)) {
                distinct.push(record);
            }
        }
        let files = make(&common, distinct.iter().cloned());
        let turned = turn % distinct.len().max(1);
        let twice = distinct.iter().skip(turned).chain(&distinct).rev();
        prop_assert_eq!(&make(&common, twice.cloned()), &files);
        let head = Head::decode(&files[HEAD]).unwrap();
        prop_assert_eq!(head.docs as usize, distinct.len());
    }
}

fn make(common: &Common, records: impl Iterator<Item = Record>) -> BTreeMap<String, Vec<u8>> {
    let mut maker = Maker::new(common.clone());
    records.for_each(|record| maker.push(record));
    while maker.step().is_some() {}
    maker.files()
}

fn question(id: &str) -> Question {
    Question {
        question: format!("{id}怎么办？"),
        variants: vec![],
        keywords: vec!["租房".to_owned()],
        short: String::new(),
        answer: Text::cut("可以。\n找\"我\" & 他".to_owned(), ["可以。".len()]),
        forms: vec![],
        policies: vec!["2025-a".to_owned()],
        checked: Date::constant(2026, 1, 1),
        expires: None,
        theme: None,
        department: Some(3),
        audiences: vec![1, 2],
        districts: vec![],
    }
}

#[test]
fn the_form_is_the_one_of_the_pages() {
    let code = Code::from_body(7);
    let record = Record { id: "a".to_owned(), code: Some(code), said: Said::Question(Box::new(question("a'"))) };
    let text = record.to_text();
    let said = "a&#39;怎么办？<>租房<<可以。>找\"我\" &amp; 他<>>/policy/2025-a/<>.3.1,2..20454<";
    assert_eq!(text, format!("yima-question 1\na</Q/{code}/<{said}"));
    assert_eq!(
        Record::parse(&text.replace("question 1", "question 2")),
        Err(DecodeError::OtherVersion { found: 2, wanted: 1 })
    );
    assert_eq!(Record::parse("<!DOCTYPE html>"), Err(DecodeError::Foreign));
    assert_eq!(Common::parse(&text), Err(DecodeError::Foreign));
}

#[test]
fn pieces_end_where_a_text_is_cut() {
    let pieces = |text: &str, cuts: &[usize]| -> Vec<(String, bool)> {
        let text = Text::cut(text.to_owned(), cuts.iter().copied());
        text.pieces().map(|(piece, line)| (piece.to_owned(), line)).collect()
    };
    let piece = |text: &str, line: bool| (text.to_owned(), line);
    assert_eq!(pieces("ab\ncd", &[]), [piece("ab\ncd", false)]);
    assert_eq!(pieces("ab\ncd", &[0, 1, 2, 3, 9]), [piece("a", false), piece("b", true), piece("cd", false)]);
    assert_eq!(pieces("a\n\n", &[1, 2]), [piece("a", true), piece("", true), piece("", false)]);
    assert_eq!(pieces("甲", &[1]), [piece("甲", false)]);
}

#[test]
fn a_question_can_be_relied_on_as_long_as_what_it_rests_on() {
    let common = Common { built: Date::constant(2026, 10, 1), ..Common::default() };
    let ask = |id: &str| Record { id: id.to_owned(), code: None, said: Said::Question(Box::new(question(id))) };
    let stock = |records: Vec<Record>| Stock::new(common.clone(), records.into_iter().map(Card::new).collect());
    let span = |stock: &Stock| stock.cards().last().map(|card| card.face().span()).unwrap();
    // Its policy is not there: it rests on nothing that could end.
    assert_eq!(span(&stock(vec![ask("q")])).last, None);
    let mut policy = Policy {
        title: "办法".to_owned(),
        short_title: String::new(),
        popular_names: vec![],
        keywords: vec![],
        document_numbers: vec![],
        index_number: String::new(),
        summary: String::new(),
        plain: Default::default(),
        benefits: vec![],
        more: vec![],
        text: Text::default(),
        written: Date::constant(2025, 1, 1),
        published: Date::constant(2025, 1, 1),
        lifespan: Lifespan {
            effective: Date::constant(2026, 11, 1),
            expires: Some(Date::constant(2027, 1, 1)),
            repealed: None,
            amended: None,
        },
        level: Level::Other,
        genre: None,
        departments: vec![],
        themes: vec![],
        audiences: vec![],
        districts: vec![],
        sectors: vec![],
    };
    let both = |policy: &Policy| {
        let policy = Said::Policy(Box::new(policy.clone()));
        stock(vec![ask("q"), Record { id: "2025-a".to_owned(), code: None, said: policy }])
    };
    let bound = both(&policy);
    assert_eq!(span(&bound).first, Some(Date::constant(2026, 11, 1)));
    assert_eq!(span(&bound).last, Some(Date::constant(2027, 1, 1)));
    assert!(matches!(bound.cards()[0].face(), Face::Policy(_)));
    policy.lifespan.effective = Date::constant(2026, 10, 1);
    assert_eq!(span(&both(&policy)).first, None);
}

#[test]
fn nothing_gives_a_search_of_nothing() {
    let files = make(&Common::default(), core::iter::empty());
    let head = Head::decode(&files[HEAD]).unwrap();
    assert_eq!(head.docs, 0);
    assert!(head.files.path_of(Single::Instant).is_none());
    assert!(head.files.path_of(Single::Facts).is_some_and(|path| files.contains_key(&path)));
}
