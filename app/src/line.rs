//! One record, worded for a list.

use yima_model::catalogue::{Face, Facet, Kind, Value};
use yima_model::validity::days_between;
use yima_model::{Date, Validity};
use yima_search::Shelf;
use yima_search::shelf::{Record, RowIx};

/// What a list says about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its page.
    pub(crate) href: String,
    /// 全称, or the question.
    pub(crate) title: String,
    /// What it gives, or the answer in one sentence; may be empty.
    pub(crate) gives: String,
    /// Who, which number, when.
    pub(crate) facts: Vec<String>,
    /// Its id, when it is a policy: what can be kept.
    pub(crate) policy: Option<String>,
}

/// 政策 or 问答: what stands before a line.
pub(crate) const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Policy => "政策",
        Kind::Question => "问答",
    }
}

/// Words a record; none while its face is not here, and without facts while those are not.
pub(crate) fn line(shelf: &Shelf, row: RowIx) -> Option<Line> {
    let departments = &shelf.catalogue().tables.departments;
    let department = |ix: Option<u16>| {
        let value: Option<&Value> = ix.and_then(|ix| departments.get(usize::from(ix)));
        value.map(|value| value.name.clone())
    };
    let face = shelf.face(row)?;
    let href = face.path();
    let Some(record) = shelf.record(row) else { return shelf.is_empty().then(|| of_face(face)) };
    Some(match (record, face) {
        (Record::Policy(policy), Face::Policy(face)) => {
            let number = (!face.document_number.is_empty()).then(|| face.document_number.clone());
            let published = format!("{}发布", zh_date(policy.published));
            Line {
                kind: Kind::Policy,
                href,
                title: face.title.clone(),
                gives: face.gives.clone(),
                facts: [department(policy.departments.first().copied()), number, Some(published)]
                    .into_iter()
                    .flatten()
                    .collect(),
                policy: Some(face.id.clone()),
            }
        }
        (Record::Question(question), Face::Question(face)) => {
            let theme = question.theme.and_then(|ix| shelf.values(Facet::Theme).get(usize::from(ix)));
            let checked = format!("{}核对", zh_date(question.checked));
            Line {
                kind: Kind::Question,
                href,
                title: face.question.clone(),
                gives: face.short.clone(),
                facts: [theme.map(|theme| theme.name.clone()), department(question.department), Some(checked)]
                    .into_iter()
                    .flatten()
                    .collect(),
                policy: None,
            }
        }
        // Facts and faces of different builds.
        _ => return None,
    })
}

/// What the face alone tells.
fn of_face(face: &Face) -> Line {
    let (href, title, facts) = (face.path(), face.title().to_owned(), Vec::new());
    match face {
        Face::Policy(face) => {
            Line { kind: Kind::Policy, href, title, gives: face.gives.clone(), facts, policy: Some(face.id.clone()) }
        }
        Face::Question(face) => {
            Line { kind: Kind::Question, href, title, gives: face.short.clone(), facts, policy: None }
        }
    }
}

/// Until when, for a record whose end is known: `至2026年12月31日，还有39天`.
pub(crate) fn until(record: Record<'_>, validity: Validity, today: Date) -> Option<String> {
    let last = match record {
        Record::Policy(policy) => policy.lifespan.last_day(),
        Record::Question(question) => question.expires,
    }?;
    let date = zh_date(last);
    Some(match (validity, days_between(today, last)) {
        (Validity::Expiring, 0) => format!("至{date}，今天是最后一天"),
        (Validity::Expiring, days @ 1..) => format!("至{date}，还有{days}天"),
        _ => format!("至{date}"),
    })
}

/// `2026年11月22日`
pub(crate) fn zh_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use yima_model::catalogue::{Catalogue, PolicyFace, PolicyRow, QuestionFace, QuestionRow, Tables};
    use yima_model::record::Level;
    use yima_model::{Code, Lifespan};
    use yima_search::catalogue::faces;

    /// One policy of one department with one question, without faces.
    pub(crate) fn facts() -> Shelf {
        let value = |id: &str, name: &str| vec![Value { id: id.into(), name: name.into(), group: String::new() }];
        let day = Date::constant(2025, 3, 1);
        Shelf::new(Catalogue {
            built: Date::constant(2026, 11, 22),
            expiring_days: 90,
            tables: Tables {
                themes: value("zhufang", "住房"),
                departments: value("zhujian", "市住建局"),
                ..Tables::default()
            },
            policies: vec![PolicyRow {
                departments: vec![0],
                themes: vec![0],
                audiences: vec![],
                districts: vec![],
                sectors: vec![],
                genre: None,
                level: Level::Normative,
                routine: false,
                published: day,
                lifespan: Lifespan {
                    effective: day,
                    expires: Some(Date::constant(2026, 12, 31)),
                    repealed: None,
                    amended: None,
                },
            }],
            questions: vec![QuestionRow {
                theme: Some(0),
                department: Some(0),
                audiences: vec![],
                districts: vec![],
                policies: vec![0],
                checked: day,
                expires: None,
            }],
        })
    }

    /// The same with faces.
    pub(crate) fn shelf() -> Shelf {
        let mut shelf = facts();
        let faces = [
            Face::Policy(PolicyFace {
                span: yima_model::catalogue::Span::default(),
                id: "2025-zufang".into(),
                code: Some(Code::from_body(7)),
                title: "关于发放青年租房补贴的通知".into(),
                short_title: String::new(),
                gives: "每月 500 元".into(),
                document_number: "青屿住建发〔2025〕12号".into(),
            }),
            Face::Question(QuestionFace {
                span: yima_model::catalogue::Span::default(),
                id: "zhufang-001".into(),
                code: None,
                question: "补贴多少？".into(),
                short: "每月 500 元。".into(),
            }),
        ];
        shelf.supply_faces(&faces::encode(0, &faces)).unwrap();
        shelf
    }

    #[test]
    fn records_are_worded() {
        let shelf = shelf();
        let policy = line(&shelf, 0).unwrap();
        assert_eq!((policy.kind, policy.href.as_str()), (Kind::Policy, "/policy/2025-zufang/"));
        assert_eq!(policy.facts, ["市住建局", "青屿住建发〔2025〕12号", "2025年3月1日发布"]);
        let question = line(&shelf, 1).unwrap();
        assert_eq!((question.kind, question.href.as_str()), (Kind::Question, "/question/zhufang-001/"));
        assert_eq!(question.gives, "每月 500 元。");
        assert_eq!(question.facts, ["住房", "市住建局", "2025年3月1日核对"]);
        assert_eq!(line(&shelf, 2), None);
    }

    #[test]
    fn without_its_face_a_record_has_no_line() {
        assert_eq!(line(&facts(), 0), None);
    }

    #[test]
    fn the_last_days_are_counted() {
        let shelf = shelf();
        let record = shelf.record(0).unwrap();
        let said = |validity, day| until(record, validity, day).unwrap();
        assert_eq!(said(Validity::Expiring, Date::constant(2026, 11, 22)), "至2026年12月31日，还有39天");
        assert_eq!(said(Validity::Expiring, Date::constant(2026, 12, 31)), "至2026年12月31日，今天是最后一天");
        assert_eq!(said(Validity::Expired, Date::constant(2027, 1, 1)), "至2026年12月31日");
        assert_eq!(until(shelf.record(1).unwrap(), Validity::InForce, Date::constant(2026, 1, 1)), None);
    }
}
