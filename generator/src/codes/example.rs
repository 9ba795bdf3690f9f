//! A small city for the tests of this room.

use std::sync::Arc;

use jiff::civil::date;
use yima_model::record::{
    Attachment, Binding, Contact, Department, Level, Policy, Question, SiteSettings, StageRecord, Tables, Term,
    Tombstone,
};
use yima_model::{Date, Lifespan, Stage, StageStatus, Validity};

use super::{LedgerLine, assign, live_records};
use crate::City;
use crate::city::{PolicyEntry, QuestionEntry};
use crate::markdown::{Article, Body};

pub(crate) const TODAY: Date = date(2026, 10, 1);

/// Titles from short to long, as they are.
pub(crate) const TITLES: [&str; 5] = [
    "青屿市人才公寓管理办法",
    "青屿市灵活就业人员社会保险补贴实施细则",
    "关于印发《青屿市高校毕业生住房补贴发放办法（试行）》的通知",
    "青屿市人民政府办公室关于印发《青屿市促进海洋渔业高质量发展若干政策措施》的通知",
    "青屿市人力资源和社会保障局 青屿市财政局 青屿市教育局关于进一步做好2026年困难家庭高校毕业生就业帮扶和一次性求职补贴发放工作有关事项的通知",
];

fn policy(n: usize) -> Policy {
    let stage = |stage| StageRecord {
        stage,
        status: if stage == Stage::Basis { StageStatus::Published } else { StageStatus::Upcoming },
        date: None,
        closes: None,
        due: None,
        unit: None,
        reason: None,
        legal_basis: None,
        text: None,
        documents: vec![],
        figures: vec![],
    };
    let day = date(2025, 3, 1);
    Policy {
        id: format!("2025-p{n}"),
        title: TITLES[n % TITLES.len()].to_owned(),
        short_title: None,
        popular_names: vec![],
        index_number: format!("QY014/2025-{n:05}"),
        document_numbers: if n % 4 == 3 { vec![] } else { vec![format!("青屿人社发〔2025〕{}号", n + 1)] },
        issuer: if n.is_multiple_of(2) { "renshe" } else { "zhufang" }.into(),
        joint_issuers: if n == 1 { vec!["renshe".into()] } else { vec![] },
        drafted_by: "renshe".into(),
        interpreted_by: "renshe".into(),
        written: day,
        published: day,
        effective: day,
        expires: None,
        repealed: None,
        themes: vec![if n < 2 { "jiuye" } else { "zhufang" }.into()],
        genre: "tongzhi".into(),
        level: Level::Normative,
        audiences: vec![],
        sectors: vec![],
        districts: vec![],
        keywords: vec![],
        summary: String::new(),
        plain: [
            "毕业五年内、在青屿市就业并缴纳社会保险的全日制高校毕业生。".into(),
            "本科每月 600 元、硕士每月 900 元、博士每月 1,500 元，最长三十六个月。".into(),
            "不用跑窗口，在「青屿人社」网上大厅填一张表，二十个工作日内打到社保卡。".into(),
        ],
        marked_articles: vec![3],
        source: None,
        contact: Contact::default(),
        audio: None,
        attachments: vec![Attachment {
            file: "form.pdf".into(),
            title: "住房补贴申请表".into(),
            bytes: 1,
            sha256: String::new(),
        }],
        relations: vec![],
        stages: Stage::ALL.map(stage).to_vec(),
        benefits: vec![],
    }
}

/// A city of `policies` policies and one question, whose ledger is `ledger`.
pub(crate) fn city(policies: usize, ledger: &[LedgerLine], tombstones: Vec<Tombstone>) -> City {
    let mut records: Vec<Policy> = (0..policies).map(policy).collect();
    records.sort_by(|a, b| a.id.cmp(&b.id));
    let question = Question {
        id: "jiuye-001".into(),
        theme: "jiuye".into(),
        question: "我在青屿没有本地户口，可以领灵活就业社保补贴吗？".into(),
        variants: vec![],
        short: None,
        answer: String::new(),
        bindings: vec![Binding {
            policy: "2025-p0".into(),
            articles: vec![],
            hashes: std::collections::BTreeMap::new(),
        }],
        department: "renshe".into(),
        checked: TODAY,
        expires: None,
        unbound: None,
        forms: Vec::new(),
        audiences: vec![],
        districts: vec![],
        keywords: vec![],
    };
    let assigned = assign(&live_records(&records, [&question]), ledger, &tombstones, TODAY);
    let policy_index = records.iter().enumerate().map(|(ix, policy)| (policy.id.clone(), ix)).collect();
    let articles = vec![Article { number: 3, sub: 0, label: "第三条".into(), range: 0..0, line: 1 }];
    let mut body = Body::default();
    body.articles = articles;
    let body = Arc::new(body);
    let entry = |policy: Policy| PolicyEntry {
        body: Arc::clone(&body),
        file: Arc::from(format!("policies/2025/{}.md", policy.id)),
        body_line: 1,
        lifespan: Lifespan { effective: policy.effective, expires: None, repealed: None, amended: None },
        validity: Validity::InForce,
        incoming: vec![],
        questions: vec![],
        policy: Arc::new(policy),
    };
    let department = |id: &str, name: &str| Department { id: id.into(), name: name.into(), ..Department::default() };
    let term = |id: &str, name: &str| Term { id: id.into(), name: name.into(), ..Term::default() };
    City {
        today: TODAY,
        settings: SiteSettings {
            title: "青屿市政策一码通".into(),
            short_title: "青屿政策".into(),
            city: "青屿市".into(),
            host: "zc.qingyu.example".into(),
            identifier: "9900000001".into(),
            operator: "青屿市人民政府办公室".into(),
            description: String::new(),
            hotline: "0999-12345".into(),
            phone: None,
            email: None,
            address: None,
            demonstration: true,
            expiring_days: 90,
            stale_days: 30,
            page_size: 50,
            release_keys: Vec::new(),
        },
        tables: Tables {
            departments: vec![
                department("renshe", "青屿市人力资源和社会保障局"),
                department("zhufang", "青屿市住房和城乡建设局"),
                department("haiyang", "青屿市海洋发展局"),
            ],
            themes: vec![term("jiuye", "就业"), term("zhufang", "住房")],
            ..Tables::default()
        },
        policies: records.into_iter().map(entry).collect(),
        questions: vec![QuestionEntry {
            question: Arc::new(question),
            answer: Arc::default(),
            policies: vec![0],
            changed: Vec::new(),
            file: Arc::from("questions/jiuye.toml"),
            position: 0,
        }],
        tombstones,
        codes: std::sync::Arc::new(assigned.codes),
        policy_index,
        troubled: std::collections::BTreeSet::new(),
    }
}
