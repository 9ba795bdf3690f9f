//! What the desk does with a handful of questions, and with any.

use proptest::collection::vec;
use proptest::prelude::*;
use yima_model::catalogue::{Catalogue, PolicyRow, QuestionRow, Tables, Value};
use yima_model::record::Level;
use yima_model::{Date, Lifespan};

use super::*;

const TODAY: Date = Date::constant(2026, 11, 22);

fn value(id: &str, name: &str, group: &str) -> Value {
    Value { id: id.into(), name: name.into(), group: group.into() }
}

fn tables() -> Tables {
    Tables {
        themes: vec![value("zhufang", "住房", ""), value("jiuye", "就业", ""), value("yanglao", "养老", "")],
        audiences: vec![
            value("qingnian", "青年", "个人"),
            value("laoren", "老人", "个人"),
            value("gongsi", "公司", "企业"),
        ],
        districts: vec![value("nan", "城南区", ""), value("bei", "城北区", "")],
        departments: vec![value("zhujian", "市住建局", ""), value("renshe", "市人社局", "")],
        ..Tables::default()
    }
}

fn policy(expires: Option<Date>) -> PolicyRow {
    let day = Date::constant(2025, 3, 1);
    PolicyRow {
        departments: vec![0],
        themes: vec![0],
        audiences: vec![],
        districts: vec![],
        sectors: vec![],
        genre: None,
        level: Level::Normative,
        routine: false,
        published: day,
        lifespan: Lifespan { effective: day, expires, repealed: None, amended: None },
    }
}

fn question(theme: u16, audiences: &[u16], districts: &[u16]) -> QuestionRow {
    QuestionRow {
        theme: Some(theme),
        department: Some(theme % 2),
        audiences: audiences.to_vec(),
        districts: districts.to_vec(),
        policies: vec![0],
        checked: Date::constant(2026, 6, 1),
        expires: None,
    }
}

/// One living policy, one dead one, then the questions.
fn shelf(questions: Vec<QuestionRow>) -> Shelf {
    Shelf::new(Catalogue {
        built: TODAY,
        expiring_days: 90,
        tables: tables(),
        policies: vec![policy(None), policy(Some(Date::constant(2026, 1, 1)))],
        questions,
    })
}

fn asked() -> Asked {
    Asked::new("租房补贴怎么领", &[])
}

fn score(doc: u32, score: f32, coverage: f32) -> Score {
    Score { doc, score, coverage }
}

fn choice(side: Side, value: &str) -> Choice {
    Choice { side, value: Some(value.to_owned()) }
}

#[test]
fn the_question_itself_is_answered() {
    let shelf = shelf(vec![question(0, &[], &[]), question(1, &[], &[])]);
    let scores = [score(0, 2.0, 1.0), score(3, 1.2, 1.0), score(2, 0.4, 0.6)];
    assert_eq!(decide(&shelf, &asked(), &scores, &[], TODAY), Move::Answer(3), "a policy is no answer");
}

/// The same shelf with a face for every question.
fn with_titles(mut shelf: Shelf, titles: &[&str]) -> Shelf {
    let face = |title: &&str| {
        let question = yima_model::catalogue::QuestionFace { question: (*title).to_owned(), ..Default::default() };
        yima_model::catalogue::Face::Question(question)
    };
    let faces: Vec<_> = titles.iter().map(face).collect();
    shelf.supply_faces(&crate::catalogue::faces::encode(2, &faces)).unwrap();
    shelf
}

#[test]
fn the_very_words_are_answered_however_near_others_come() {
    let questions = vec![question(0, &[], &[]), question(0, &[], &[])];
    let scores = [score(2, 0.5, 1.0), score(3, 0.5, 1.0)];
    assert!(matches!(decide(&shelf(questions.clone()), &asked(), &scores, &[], TODAY), Move::Unsure { .. }));
    let titled = with_titles(shelf(questions), &["租房补贴多少", "租房补贴怎么领？"]);
    assert_eq!(decide(&titled, &asked(), &scores, &[], TODAY), Move::Answer(3));
    let typed = Asked::new("租房補貼 怎麼領?", &[]);
    assert_eq!(decide(&titled, &typed, &scores, &[], TODAY), Move::Answer(3), "folded");
    assert_eq!(to_be_read(&titled, &[score(0, 0.9, 1.0), score(3, 0.5, 1.0)]), [3], "a policy is no question");
}

#[test]
fn of_namesakes_one_is_asked_back() {
    let dead = QuestionRow { policies: vec![1], ..question(0, &[], &[]) };
    let questions = vec![question(0, &[0], &[]), question(0, &[2], &[]), dead];
    let same = "租房补贴怎么领？";
    let titled = with_titles(shelf(questions.clone()), &[same, same, same]);
    let scores = [score(2, 1.3, 1.0), score(3, 0.9, 1.0), score(4, 0.8, 1.0)];
    let Move::AskBack { side, options } = decide(&titled, &asked(), &scores, &[], TODAY) else { panic!("guesses") };
    assert_eq!((side, options.len()), (Side::Audience, 2), "the dead one is no choice");
    assert_eq!(decide(&titled, &asked(), &scores, &[choice(Side::Audience, "企业")], TODAY), Move::Answer(3));
    // Nothing tells them apart: both are shown.
    let alike = with_titles(shelf(vec![question(0, &[], &[]), question(0, &[], &[])]), &[same, same]);
    let Move::Unsure { nearest, .. } = decide(&alike, &asked(), &scores, &[], TODAY) else { panic!("guesses") };
    assert_eq!(nearest, [2, 3]);
    // Of the past alone the best is shown, and the page says what it is.
    let past = with_titles(shelf(vec![questions[2].clone()]), &[same]);
    assert_eq!(decide(&past, &asked(), &[score(2, 0.5, 1.0)], &[], TODAY), Move::Answer(2));
}

#[test]
fn nothing_near_is_no_answer() {
    let shelf = shelf(vec![question(0, &[], &[])]);
    let nothing = Move::Unsure { nearest: vec![], department: None };
    assert_eq!(decide(&shelf, &asked(), &[], &[], TODAY), nothing);
    assert_eq!(decide(&shelf, &asked(), &[score(2, 0.2, 1.0)], &[], TODAY), nothing, "too far");
    assert_eq!(decide(&shelf, &asked(), &[score(0, 1.2, 1.0)], &[], TODAY), nothing, "a policy is no answer");
    let two = self::shelf(vec![question(0, &[], &[]), question(0, &[], &[])]);
    let scores = [score(2, 0.36, 1.0), score(3, 0.3, 1.0)];
    let Move::Unsure { .. } = decide(&two, &asked(), &scores, &[], TODAY) else {
        panic!("what is too far is near to it")
    };
    let near = Move::Unsure { nearest: vec![2], department: Some(0) };
    assert_eq!(decide(&shelf, &asked(), &[score(2, 0.35, 0.45)], &[], TODAY), near);
}

#[test]
fn a_subject_is_no_question_and_a_code_is() {
    let shelf = shelf(vec![question(0, &[], &[]), question(0, &[], &[])]);
    let scores = [score(2, 1.3, 1.0), score(3, 0.5, 1.0)];
    assert_eq!(decide(&shelf, &asked(), &scores, &[], TODAY), Move::Answer(2));
    for subject in ["公积金", "租房补贴", "租房补贴吗"] {
        let asked = Asked::new(subject, &[]);
        assert!(matches!(decide(&shelf, &asked, &scores, &[], TODAY), Move::Unsure { .. }), "{subject}");
    }
    let subject = Asked::new("公积金", &[]);
    assert_eq!(decide(&shelf, &subject, &[score(3, 10.8, 1.0), score(2, 0.8, 1.0)], &[], TODAY), Move::Answer(3));
}

#[test]
fn one_word_tells_who_asks() {
    let shelf = shelf(vec![question(0, &[0], &[]), question(0, &[2], &[]), question(0, &[1], &[])]);
    let scores = [score(2, 0.6, 1.0), score(3, 0.59, 1.0), score(4, 0.4, 1.0)];
    let Move::AskBack { side, options } = decide(&shelf, &asked(), &scores, &[], TODAY) else { panic!("does not ask") };
    assert_eq!(side, Side::Audience);
    let options: Vec<(&str, usize)> = options.iter().map(|option| (option.value.as_str(), option.count)).collect();
    assert_eq!(options, [("个人", 2), ("企业", 1)]);
    assert_eq!(decide(&shelf, &asked(), &scores, &[choice(Side::Audience, "企业")], TODAY), Move::Answer(3));
    // 不确定 rules nothing out, and is not asked again.
    let unsure = Choice { side: Side::Audience, value: None };
    assert_eq!(
        decide(&shelf, &asked(), &scores, &[unsure], TODAY),
        Move::Unsure { nearest: vec![2, 3, 4], department: Some(0) },
        "nothing else splits them"
    );
}

#[test]
fn what_holds_for_all_is_ruled_out_by_none() {
    // For everybody, in the whole city: no side splits them.
    let shelf = shelf(vec![question(0, &[], &[]), question(0, &[], &[]), question(0, &[], &[0])]);
    let scores = [score(2, 0.8, 1.0), score(3, 0.79, 1.0), score(4, 0.78, 1.0)];
    assert_eq!(
        decide(&shelf, &asked(), &scores, &[], TODAY),
        Move::Unsure { nearest: vec![2, 3, 4], department: Some(0) },
        "one district is no choice"
    );
}

#[test]
fn of_two_alike_the_living_one_comes_first() {
    let dead = QuestionRow { policies: vec![1], ..question(0, &[], &[]) };
    let shelf = shelf(vec![dead, question(0, &[], &[])]);
    let scores = [score(2, 0.8, 1.0), score(3, 0.79, 1.0)];
    let Move::Unsure { nearest, .. } = decide(&shelf, &asked(), &scores, &[], TODAY) else { panic!("sure of one") };
    assert_eq!(nearest, [3, 2]);
    // Alone it is still the answer; the page says that it is dead.
    assert_eq!(decide(&shelf, &asked(), &[score(2, 1.2, 1.0)], &[], TODAY), Move::Answer(2));
}

#[test]
fn kin_share_a_policy_before_a_theme() {
    let other = QuestionRow { policies: vec![1], ..question(0, &[], &[]) };
    let apart = QuestionRow { policies: vec![1], ..question(1, &[], &[]) };
    let shelf = shelf(vec![question(0, &[], &[]), other, apart, question(2, &[], &[]), question(0, &[], &[])]);
    assert_eq!(related(&shelf, 2, &[], 9), [5, 6, 3]);
    assert_eq!(related(&shelf, 2, &[score(6, 0.5, 0.5)], 2), [6, 5]);
    assert_eq!(related(&shelf, 0, &[], 9), [] as [RowIx; 0], "a policy has none");
}

#[test]
fn confidence_grows_with_each_of_its_grounds() {
    let base = confidence(0.7, Some(0.6));
    assert!(confidence(0.8, Some(0.7)) > base);
    assert!(confidence(0.7, Some(0.4)) > base);
    assert!(confidence(0.7, None) > base);
    assert!((0.0..=1.0).contains(&confidence(f32::MAX, Some(0.0))));
    assert!(confidence(0.0, Some(0.0)) < CONFIDENT);
    assert!(confidence(0.6, Some(0.6)) < CONFIDENT, "two alike are never sure");
}

fn shelves() -> impl Strategy<Value = (Shelf, Vec<Score>)> {
    let questions = vec((0_u16..3, vec(0_u16..3, 0..3), vec(0_u16..2, 0..2)), 1..20);
    let scores = vec((0.0_f32..1.3, 0.0_f32..1.0), 22);
    (questions, scores).prop_map(|(questions, scores)| {
        let rows: Vec<QuestionRow> = questions.iter().map(|(theme, who, place)| question(*theme, who, place)).collect();
        let docs = rows.len() + 2;
        let mut scores: Vec<Score> =
            (0..).zip(scores).take(docs).map(|(doc, (points, coverage))| score(doc, points, coverage)).collect();
        scores.sort_by(|a, b| b.score.total_cmp(&a.score));
        (shelf(rows), scores)
    })
}

proptest! {
    /// However one answers, the conversation ends, each question back rules something out, and no count is a lie.
    #[test]
    fn conversations_end((shelf, scores) in shelves(), picks in vec(0_usize..9, MOST_ASKED)) {
        let mut choices = Vec::new();
        for pick in picks {
            let before = Candidates::of(&shelf, &scores, &choices, TODAY).rows.len();
            let Move::AskBack { side, options } = decide(&shelf, &asked(), &scores, &choices, TODAY) else { break };
            prop_assert!(options.len() >= 2 && options.len() <= MOST_OPTIONS);
            prop_assert!(choices.iter().all(|choice: &Choice| choice.side != side));
            let chosen = options.get(pick).cloned();
            choices.push(Choice { side, value: chosen.as_ref().map(|option| option.value.clone()) });
            let after = Candidates::of(&shelf, &scores, &choices, TODAY).rows.len();
            match chosen {
                Some(option) => prop_assert!(after == option.count && after < before && after > 0),
                None => prop_assert_eq!(after, before),
            }
        }
        match decide(&shelf, &asked(), &scores, &choices, TODAY) {
            Move::AskBack { .. } => prop_assert!(choices.len() < MOST_ASKED),
            Move::Answer(row) => prop_assert!(row >= 2 && row < shelf.len()),
            Move::Unsure { nearest, .. } => prop_assert!(nearest.len() <= NEAREST && nearest.iter().all(|row| *row >= 2)),
        }
    }
}
