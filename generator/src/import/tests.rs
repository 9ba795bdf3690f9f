//! Whole imports, and the canonical form read back.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tempfile::TempDir;
use yima_model::record::{
    Attachment, Benefit, Binding, ClauseHash, Contact, Document, Figure, Level, Method, Policy, Question, Relation,
    StageRecord, Target,
};
use yima_model::{Date, RelationKind, Stage, StageStatus};

use super::*;
use crate::{City, check};

/// A text such as an editor might leave behind: quotes, marks of TOML and Markdown, lines that look like the end of the
/// head. The reader trims, so it neither starts nor ends with space.
fn text() -> impl Strategy<Value = String> {
    "[甲乙a\"'\\\\#=+{}\\[\\]*\t，](([甲乙a\"'\\\\#=+{}\\[\\]*\t ，\n]|\n\\+\\+\\+\n|\"\"\"){0,6}[甲乙a\"'\\\\#=+{}\\[\\]*，])?"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("empty", |text| !text.is_empty())
}

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9-]{0,8}"
}

fn date() -> impl Strategy<Value = Date> {
    (1990_i16..2090, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn stage(stage: Stage) -> impl Strategy<Value = StageRecord> {
    let status = proptest::sample::select(StageStatus::ALL.to_vec());
    let document = (text(), option::of(Just("/policy/x/".to_owned())));
    let figure = (text(), text(), option::of(text()), date(), text(), option::of(text()));
    (status, date(), date(), text(), option::of(text()), vec(document, 0..2), vec(figure, 0..2)).prop_map(
        move |(status, date, due, words, text, documents, figures)| StageRecord {
            stage,
            status,
            date: Some(date),
            closes: None,
            due: Some(due),
            unit: Some(words.clone()),
            reason: Some(words.clone()),
            legal_basis: Some(words),
            text,
            documents: documents.into_iter().map(|(title, url)| Document { title, url }).collect(),
            figures: figures
                .into_iter()
                .map(|(label, value, unit, as_of, source, method)| Figure { label, value, unit, as_of, source, method })
                .collect(),
        },
    )
}

fn relation() -> impl Strategy<Value = Relation> {
    let target = prop_oneof![
        id().prop_map(Target::Policy),
        (text(), option::of(text()), option::of(Just("https://a.example/".to_owned())))
            .prop_map(|(title, number, url)| Target::External { title, number, url }),
    ];
    (proptest::sample::select(RelationKind::ALL.to_vec()), target, option::of(text()))
        .prop_map(|(kind, target, note)| Relation { kind, target, note })
}

fn benefit() -> impl Strategy<Value = Benefit> {
    let method = proptest::sample::select(Method::ALL.to_vec());
    (
        id(),
        [text(), text(), text()],
        method,
        vec(text(), 0..3),
        option::of(date()),
        option::of(text()),
        vec(1_u16..200, 0..3),
    )
        .prop_map(|(id, [title, who, gives], method, papers, opens, window, articles)| Benefit {
            id,
            title,
            who,
            gives,
            method,
            steps: papers.clone(),
            papers,
            opens,
            closes: opens,
            place: window.clone(),
            phone: None,
            hours: window.clone(),
            window,
            entry: Some("https://a.example/x".into()),
            payment: None,
            articles,
        })
}

prop_compose! {
    fn policies()(
        id in id(),
        texts in proptest::array::uniform9(text()),
        lists in proptest::array::uniform5(vec(text(), 0..3)),
        options in proptest::array::uniform4(option::of(text())),
        written in date(),
        expires in option::of(0_i32..3000),
        marked_articles in vec(1_u16..300, 0..3),
        attachments in vec(("[a-z]{1,8}\\.txt", text()), 0..2),
        relations in vec(relation(), 0..3),
        stages in Stage::ALL.map(stage),
        benefits in vec(benefit(), 0..2),
    ) -> Policy {
        let [title, index_number, issuer, drafted_by, genre, summary, unit, phone, theme] = texts;
        let [popular_names, joint_issuers, also, audiences, keywords] = lists;
        let [source, hours, place, interpreted_by] = options;
        let expires = expires.map(|days| written.checked_add(jiff::Span::new().days(days)).unwrap());
        Policy {
            id,
            short_title: Some(title.chars().filter(|ch| !ch.is_whitespace()).take(20).collect()),
            document_numbers: vec!["青屿人社发〔2025〕12号".into()],
            interpreted_by: interpreted_by.unwrap_or_else(|| issuer.clone()),
            written,
            published: written,
            effective: written,
            expires,
            repealed: expires,
            themes: std::iter::once(theme).chain(also).collect(),
            level: Level::Normative,
            sectors: audiences.clone(),
            districts: audiences.clone(),
            plain: [title.clone(), summary.clone(), genre.clone()],
            contact: Contact { unit, phone, hours, place },
            audio: None,
            attachments: attachments
                .into_iter()
                .map(|(file, title)| Attachment { file, title, bytes: 0, sha256: String::new() })
                .collect(),
            title, popular_names, index_number, issuer, joint_issuers, drafted_by, genre, audiences, keywords, summary,
            marked_articles, source, relations, stages: stages.to_vec(), benefits,
        }
    }
}

prop_compose! {
    fn question()(
        id in id(),
        question in text(),
        answer in text(),
        variants in vec(text(), 0..3),
        bindings in vec((id(), vec(1_u16..300, 0..3)), 0..3),
        unbound in text(),
        department in id(),
        checked in date(),
        expires in option::of(date()),
    ) -> Question {
        let bindings: Vec<Binding> =
            bindings.into_iter().map(|(policy, articles)| {
                let hashes = articles.iter().map(|&number| (number, ClauseHash(u32::from(number) << 16))).take(1).collect();
                Binding { policy, articles, hashes }
            }).collect();
        Question {
            id,
            theme: "jiuye".into(),
            question,
            short: None,
            answer,
            forms: Vec::new(),
            unbound: bindings.is_empty().then_some(unbound),
            bindings,
            department,
            checked,
            expires,
            audiences: variants.clone(),
            districts: Vec::new(),
            keywords: variants.clone(),
            variants,
        }
    }
}

fn put(folder: &Path, path: &str, text: &str) -> PathBuf {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    path
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever an editor could write, the canonical form brings back.
    #[test]
    fn written_and_read_is_the_same(mut policy in policies(), question in question()) {
        let folder = TempDir::new().unwrap();
        put(folder.path(), &format!("policies/2020/{}.md", policy.id), &records::policy(&policy, "正文\n"));
        put(folder.path(), "questions/jiuye/0001.toml", &records::questions([&question]));
        for attachment in &policy.attachments {
            put(folder.path(), &format!("attachments/{}/{}", policy.id, attachment.file), "");
        }
        let read = crate::source::read(folder.path(), Limits::default()).unwrap();
        for attachment in &mut policy.attachments {
            attachment.sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into();
        }
        let faults: Vec<&Fault> =
            read.mistakes.0.iter().map(|mistake| &mistake.fault).filter(|fault| !matches!(fault.id(), "MissingFile" | "TopHeading")).collect();
        prop_assert!(faults.is_empty(), "{faults:?}");
        prop_assert_eq!(&*read.policies[0].policy, &policy);
        prop_assert_eq!(read.policies[0].body.text(), "正文\n".to_owned());
        prop_assert_eq!(&*read.questions[0].question, &question);
    }
}

fn documented(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/import").join(name)
}

fn run(mapping: &Path, from: &Path, into: &Path, merge: bool) -> Result<Outcome, ImportError> {
    import(&Options { mapping: Some(mapping.into()), from: from.into(), into: into.into(), merge })
}

/// Line and kind of everything reported.
fn told(outcome: &Outcome) -> Vec<(u32, &'static str)> {
    outcome.report.0.iter().map(|(mistake, excerpt)| (excerpt.line, mistake.fault.id())).collect()
}

fn city(folder: &Path) -> (City, Vec<Mistake>) {
    let mut sources = crate::source::read(folder, Limits::default()).unwrap();
    let mut mistakes = std::mem::take(&mut sources.mistakes);
    let city = City::link(sources, Date::new(2026, 11, 22).unwrap(), &mut mistakes).unwrap();
    mistakes.0.extend(check::check(&city).0);
    mistakes.0.retain(|mistake| mistake.fault.severity() == Severity::Error);
    (city, mistakes.0)
}

const LAWS: &str = r##"{"id":"A 1","title":"甲市某某条例","category":"地方性法规","region":"上海","date":"2019-07-25","body":"# 第一章　总则\n第一条 为了“某事”，制定本条例。\u200b\n（一）甲；\r\n第二条 本条例自2020年1月1日起施行。"}
{"id":"A2","title":"没有日期的规定","category":"行政法规","region":"全国","date":"","body":"第一条 某事。"}
{"id":"A3","title":"坏日期的规定","category":"行政法规","region":"全国","date":"2019-02-30","body":"本规定自1999年5月4日起施行。"}
{"id":"A4","title":"某案","category":"案例","region":"全国","date":"","body":"某案"}
{"id":"A5","title":"一半
{"id":"a 1","title":"又一个","category":"行政法","region":"全国","date":"2019-07-25","body":"正文"}
{"id":"A6","title":"","category":"新类别","region":"全国","date":"2019-07-25","body":"正文"}
"##;

#[test]
fn good_rows_go_in_and_all_others_are_named_by_line() {
    let folder = TempDir::new().unwrap();
    let from = put(folder.path(), "laws.jsonl", LAWS);
    let into = folder.path().join("city");
    let outcome = run(&documented("laws.toml"), &from, &into, false).unwrap();
    assert_eq!(
        told(&outcome),
        [
            (2, "RowSkipped"),
            (4, "RowSkipped"),
            (5, "BadRow"),
            (6, "DuplicateId"),
            (7, "RowField"),
            (7, "RowValue"),
            (7, "RowField"),
        ]
    );
    assert_eq!((outcome.rows, outcome.written, outcome.skipped, outcome.wrong), (7, 2, 2, 3));
    assert!(!outcome.is_clean());
    assert_eq!(outcome.removed.into_iter().collect::<Vec<_>>(), [('\u{200B}', 1)]);
    let (city, errors) = city(&into);
    assert_eq!(errors, []);
    let entry = city.policy("law-a-1").unwrap();
    assert_eq!(entry.policy.effective.to_string(), "2020-01-01");
    assert_eq!((entry.policy.issuer.as_str(), entry.policy.genre.as_str()), ("shanghai-renda", "tiaoli"));
    assert_eq!(entry.body.articles.len(), 2);
    assert_eq!(entry.body.headings[0].text, "第一章　总则");
    let undated = &city.policy("law-a3").unwrap().policy;
    assert_eq!(undated.keywords, ["行政法规", "发布日期待核（取施行日期）"]);
}

#[test]
fn a_folder_that_holds_something_is_only_added_to() {
    let folder = TempDir::new().unwrap();
    let into = folder.path().join("city");
    let laws = put(folder.path(), "laws.jsonl", LAWS.lines().next().unwrap());
    let notices = r#"{"id":"f00d","title":"关于某事的通知","body":"关于某事的通知 某发[2020]7号 各单位： 1. 做*好* [某事]。 某局 2020年2月9日"}"#;
    let notices = put(folder.path(), "notices.jsonl", notices);
    let questions = r#"{"id":"Q1","src":"ncp","q":"某事？","a":"<某>规定*","dept":"f00d"}
{"id":"Q2","src":"ncp","q":"别的事？","a":"50%","dept":"beef"}
{"id":"Q3","src":"msga-qa","q":"证件？","a":"一、甲\n二、乙","dept":"某某局"}"#;
    let questions = put(folder.path(), "questions.jsonl", questions);
    assert_eq!(run(&documented("laws.toml"), &laws, &into, false).unwrap().written, 1);
    assert!(matches!(run(&documented("laws.toml"), &laws, &into, false), Err(ImportError::NotEmpty(_))));
    for (mapping, from, rows) in [("notices.toml", &notices, 1), ("questions.toml", &questions, 3)] {
        let first = run(&documented(mapping), from, &into, true).unwrap();
        assert_eq!((first.written, first.unchanged), (rows, 0), "{:?}", told(&first));
        let again = run(&documented(mapping), from, &into, true).unwrap();
        assert_eq!((again.written, again.unchanged, again.files), (0, rows, 0), "{:?}", told(&again));
    }
    let (city, errors) = city(&into);
    assert_eq!(errors, []);
    let notice = city.policy("ncp-f00d").unwrap();
    assert_eq!(notice.policy.document_numbers, ["某发〔2020〕7号"]);
    assert_eq!(notice.policy.published.to_string(), "2020-02-09");
    assert!(notice.body.text().contains("1. 做*好* [某事]。\n"), "{}", notice.body.text());
    assert_eq!(city.questions[0].policies.len(), 1);
    assert!(city.questions[1].question.unbound.is_some());
    assert_eq!(city.tables.departments.last().unwrap().name, "某某局");
    // Another text under a known id is not taken in.
    let changed = put(folder.path(), "changed.jsonl", r#"{"id":"f00d","title":"另一份","body":"另一份 正文"}"#);
    assert_eq!(told(&run(&documented("notices.toml"), &changed, &into, true).unwrap()), [(1, "DuplicateId")]);
}

#[test]
fn a_wrong_mapping_is_reported_whole_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let mapping = "kind = \"question\"\n[fields]\nid = { feild = \"id\" }\nquestion = { field = \"q\", clean = [\"scrub\"] }\nanswer = \"{a\"\ndepartmant = \"x\"\ntheme = \"t\"\nchecked = 2020-01-01\n";
    let mapping = put(folder.path(), "mapping.toml", mapping);
    let from = put(folder.path(), "rows.jsonl", "{}");
    let outcome = run(&mapping, &from, &folder.path().join("city"), false).unwrap();
    let mut told = told(&outcome);
    told.sort_unstable();
    assert_eq!(
        told,
        [
            (2, "MissingField"),
            (3, "MissingField"),
            (3, "UnknownKey"),
            (4, "BadChoice"),
            (5, "WrongType"),
            (6, "UnknownKey")
        ]
    );
    assert!(!folder.path().join("city").exists());
}

#[test]
fn an_input_that_breaks_off_leaves_no_folder() {
    let folder = TempDir::new().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(LAWS.repeat(50).as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap();
    let from = folder.path().join("laws.jsonl.gz");
    File::create(&from).unwrap().write_all(&bytes[..bytes.len() - 9]).unwrap();
    assert!(matches!(
        run(&documented("laws.toml"), &from, &folder.path().join("city"), false),
        Err(ImportError::Input { .. })
    ));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A content folder with the tables and the policies of the demonstration city, and none of its questions.
fn without_questions(folder: &Path) -> PathBuf {
    let into = folder.join("city");
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    for (path, bytes) in source::read_folder(&content).unwrap() {
        if !path.starts_with("questions/") && !path.starts_with("attachments/questions/") {
            let place = into.join(&path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            File::create(place).unwrap().write_all(&bytes).unwrap();
        }
    }
    into
}

fn take_table(name: &str, bytes: &[u8], folder: &Path) -> Outcome {
    let from = folder.join(name);
    File::create(&from).unwrap().write_all(bytes).unwrap();
    import(&Options { mapping: None, from, into: folder.join("city"), merge: true }).unwrap()
}

/// Cell and kind of everything reported.
fn cells(outcome: &Outcome) -> Vec<(String, &'static str)> {
    outcome.report.0.iter().map(|(mistake, _)| (mistake.place.file.to_string(), mistake.fault.id())).collect()
}

#[test]
fn what_is_exported_is_what_comes_back() {
    let city = crate::project::demonstration::project().city;
    let expected: Vec<Question> =
        city.questions.iter().map(|entry| Question { forms: Vec::new(), ..(*entry.question).clone() }).collect();
    assert!(expected.len() > 200);
    for (name, bytes) in
        [("a.csv", crate::export::csv(&city).unwrap()), ("a.xlsx", crate::export::xlsx(&city).unwrap())]
    {
        let folder = TempDir::new().unwrap();
        let into = without_questions(folder.path());
        let outcome = take_table(name, &bytes, folder.path());
        assert_eq!(cells(&outcome), [], "{name}");
        assert_eq!(outcome.written, expected.len());
        let read = source::read(&into, Limits::default()).unwrap();
        let mut questions: Vec<Question> = read.questions.iter().map(|row| (*row.question).clone()).collect();
        questions.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(questions, expected, "{name}");
        let again = take_table(name, &bytes, folder.path());
        assert_eq!((again.written, again.unchanged), (0, expected.len()), "{name}");
    }
    assert_eq!(crate::export::xlsx(&city).unwrap(), crate::export::xlsx(&city).unwrap());
}

#[test]
fn a_workbook_as_people_make_it_is_read_and_its_mistakes_are_named_by_cell() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let (plain, day) = (Format::new(), Format::new().set_num_format("yyyy年m月d日"));
    let mut book = Workbook::new();
    book.add_worksheet().set_name("填表说明").unwrap().write_string(0, 0, "先看这里").unwrap();
    let sheet = book.add_worksheet().set_name("问答").unwrap();
    sheet.merge_range(0, 0, 0, 9, "某市12345知识库", &plain).unwrap();
    for (column, name) in (0_u16..).zip(["知识编号*", "问 题", "答案", "所属部门", "主题分类", "政策依据"])
    {
        sheet.merge_range(1, column, 2, column, name, &plain).unwrap();
    }
    sheet.merge_range(1, 6, 1, 7, "期限", &plain).unwrap();
    sheet.write_string(2, 6, "核对日期（必填）").unwrap().write_string(2, 7, "有效期至").unwrap();
    sheet.write_string(1, 8, "状态").unwrap().write_string(1, 9, "相似问法").unwrap();
    // A department for three rows.
    sheet.merge_range(3, 3, 5, 3, "市住房和城乡建设局", &plain).unwrap();
    for row in 3..12_u32 {
        sheet.write_string(row, 0, format!("ＺＦ－{row}")).unwrap();
        sheet.write_string(row, 1, "甲\n乙？").unwrap();
        sheet.write_string(row, 2, "1. 一\r\n2. 二*").unwrap();
        sheet.write_string(row, 4, "住房保障").unwrap();
        sheet.write_string(row, 5, "《青屿市青年人才租房补贴办法》第五条至第六条").unwrap();
        sheet.write_string(row, 6, "２０２６年１０月１日").unwrap();
    }
    for row in 6..12 {
        sheet.write_string(row, 3, "zjj").unwrap();
    }
    sheet.write_datetime_with_format(3, 6, ExcelDateTime::from_ymd(2026, 10, 1).unwrap(), &day).unwrap();
    sheet.write_number(4, 6, 46_296).unwrap();
    sheet.write_formula(5, 1, Formula::new("=\"算\"&\"出来\"").set_result("算出来？")).unwrap();
    sheet.write_string(5, 9, "'=问一；问二").unwrap();
    sheet.write_formula(6, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_string(7, 6, "去年").unwrap();
    sheet.write_string(8, 3, "市气象局").unwrap();
    sheet.write_string(9, 8, "已下架").unwrap();
    sheet.write_string(11, 0, "zf-3").unwrap();
    let folder = TempDir::new().unwrap();
    let into = without_questions(folder.path());
    let outcome = take_table("知识库.xlsx", &book.save_to_buffer().unwrap(), folder.path());
    let cell = |cell: &str| format!("知识库.xlsx 问答!{cell}");
    assert_eq!(
        cells(&outcome),
        [
            (cell("B7"), "CellError"),
            (cell("G8"), "RowDate"),
            (cell("D9"), "RowValue"),
            (cell("I10"), "RowSkipped"),
            (cell("A12"), "DuplicateId"),
        ]
    );
    assert_eq!((outcome.rows, outcome.written), (9, 4));
    let read = source::read(&into, Limits::default()).unwrap();
    let questions: Vec<&Question> = read.questions.iter().map(|row| &*row.question).collect();
    assert_eq!(questions[0].id, "zf-3");
    assert_eq!((questions[0].question.as_str(), questions[0].answer.as_str()), ("甲 乙？", "1\\. 一\n\n2\\. 二\\*"));
    assert_eq!((questions[0].department.as_str(), questions[2].department.as_str()), ("zjj", "zjj"));
    assert_eq!(questions[0].bindings[0].articles, [5, 6]);
    let days: Vec<String> = questions.iter().map(|question| question.checked.to_string()).collect();
    assert_eq!(days, ["2026-10-01"; 4]);
    assert_eq!(
        (questions[2].question.as_str(), &questions[2].variants[..]),
        ("算出来？", &["=问一".to_owned(), "问二".to_owned()][..])
    );
}

#[test]
fn ten_thousand_rows_go_in_at_once() {
    let mut text = "知识编号,问题,答案,所属部门,主题分类,核对日期,无依据说明\n".to_owned();
    for row in 0..10_000 {
        text += &format!("q-{row},第{row}个问题？,\"答{row}，\n第二行\",zjj,住房保障,2026/9/1,没有\n");
    }
    let folder = TempDir::new().unwrap();
    without_questions(folder.path());
    let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
    let outcome = take_table("kb.csv", &gbk, folder.path());
    assert_eq!((outcome.rows, outcome.written, outcome.files), (10_000, 10_000, 50));
}
