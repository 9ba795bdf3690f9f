//! A small city: a rich policy, what it replaced, one that has not begun, and two questions.

use std::collections::BTreeMap;
use std::path::Path;

use yima_model::record::*;
use yima_model::{Code, Date, Lifespan, RelationKind, Stage, StageStatus, Validity};

use crate::assets::Assets;
use crate::city::{City, Incoming, PolicyEntry, QuestionEntry};
use crate::codes::{Codes, RecordKey};
use crate::markdown;

/// The build date of the fixture.
pub(crate) const TODAY: Date = Date::constant(2026, 11, 22);

const TEXT: &str = "## 第一章　总则

**第一条**　为了支持青年人才来青屿就业创业，制定本办法。

**第二条**　五区范围内的申请适用本办法。

## 第二章　标准

**第三条**　标准为每月500元至1800元。<b>x</b>
";

fn term(id: &str, name: &str, group: Option<&str>) -> Term {
    Term { id: id.into(), name: name.into(), group: group.map(Into::into), summary: Some(format!("{name}的事。")) }
}

fn stage(stage: Stage, status: StageStatus) -> StageRecord {
    StageRecord {
        stage,
        status,
        date: matches!(status, StageStatus::Published | StageStatus::Ongoing).then(|| Date::constant(2025, 1, 6)),
        closes: (stage == Stage::Consultation).then(|| Date::constant(2025, 2, 6)),
        due: (status == StageStatus::Missing).then(|| Date::constant(2027, 3, 1)),
        unit: Some("zjj".into()),
        reason: (status == StageStatus::NotApplicable).then(|| "没有需要审议的事项。".into()),
        legal_basis: (status == StageStatus::Withheld).then(|| "《政府信息公开条例》第十六条".into()),
        text: Some("见[公告](/policy/old/)。".into()),
        documents: vec![Document { title: "征求意见稿".into(), url: Some("https://www.qingyu.example/a".into()) }],
        figures: vec![Figure {
            label: "收到意见".into(),
            value: "217".into(),
            unit: Some("条".into()),
            as_of: Date::constant(2025, 2, 6),
            source: "意见征集系统".into(),
            method: Some("同一意见计一条".into()),
        }],
    }
}

/// A policy with everything a policy can have.
pub(crate) fn policy(id: &str, title: &str) -> Policy {
    use StageStatus::{Missing, NotApplicable, Ongoing, Published, Upcoming, Withheld};
    let statuses = [
        Published,
        Published,
        Published,
        Published,
        Withheld,
        Published,
        Published,
        Published,
        Ongoing,
        Missing,
        NotApplicable,
        Upcoming,
    ];
    Policy {
        id: id.into(),
        title: title.into(),
        short_title: Some("租房补贴办法".into()),
        popular_names: vec!["租房补贴政策".into()],
        index_number: format!("QY001/2025-{}", id.len()),
        document_numbers: vec!["青屿政办规〔2025〕6号".into()],
        issuer: "zfbgs".into(),
        joint_issuers: vec!["zjj".into()],
        drafted_by: "zjj".into(),
        interpreted_by: "zjj".into(),
        written: Date::constant(2025, 5, 26),
        published: Date::constant(2025, 5, 30),
        effective: Date::constant(2025, 7, 1),
        expires: Some(Date::constant(2030, 6, 30)),
        repealed: None,
        themes: vec!["zhufang".into(), "rencai".into()],
        genre: "banfa".into(),
        level: Level::Normative,
        audiences: vec!["biyesheng".into()],
        sectors: Vec::new(),
        districts: vec!["qingwan".into()],
        keywords: vec!["租房补贴".into(), "青年人才".into()],
        summary: "对来青屿就业创业的青年人才发放租房补贴。".into(),
        plain: ["大专以上毕业生。".into(), "每月500元到1800元。".into(), "网上申请。".into()],
        marked_articles: vec![3],
        source: None,
        contact: Contact {
            unit: "住房保障科".into(),
            phone: "0999-83511196".into(),
            hours: Some("工作日".into()),
            place: Some("广厦路12号".into()),
        },
        audio: None,
        attachments: vec![Attachment {
            file: "form.csv".into(),
            title: "申请表".into(),
            bytes: 1_536,
            sha256: "ab".repeat(32),
        }],
        relations: vec![
            Relation {
                kind: RelationKind::Replaces, target: Target::Policy("old".into()), note: Some("衔接".into())
            },
            Relation {
                kind: RelationKind::BasedOn,
                target: Target::External { title: "《住房租赁条例》".into(), number: None, url: None },
                note: None,
            },
        ],
        stages: Stage::ALL.into_iter().zip(statuses).map(|(which, status)| stage(which, status)).collect(),
        benefits: vec![Benefit {
            id: "butie".into(),
            title: "租房补贴".into(),
            who: "毕业五年内".into(),
            gives: "每月500元至1800元".into(),
            method: Method::Instant,
            papers: vec!["身份证".into()],
            steps: vec!["登录".into(), "填写".into()],
            opens: Some(Date::constant(2026, 1, 1)),
            closes: Some(Date::constant(2026, 12, 31)),
            window: None,
            place: Some("窗口".into()),
            phone: Some("0999-83511196".into()),
            hours: None,
            entry: Some("https://ban.qingyu.example/item".into()),
            payment: Some("每季度".into()),
            articles: vec![3],
        }],
    }
}

fn entry(policy: Policy) -> PolicyEntry {
    let lifespan =
        Lifespan { effective: policy.effective, expires: policy.expires, repealed: policy.repealed, amended: None };
    PolicyEntry {
        body: markdown::parse(TEXT).into(),
        file: format!("policies/2025/{}.md", policy.id).into(),
        body_line: 1,
        validity: lifespan.on(TODAY, 90),
        lifespan,
        incoming: Vec::new(),
        questions: Vec::new(),
        policy: policy.into(),
    }
}

fn question(id: &str) -> QuestionEntry {
    let question = Question {
        id: id.into(),
        theme: "zhufang".into(),
        question: "合租能不能<各自>申请？".into(),
        variants: vec!["两个人一起租呢".into()],
        short: Some("能，按各自租金。".into()),
        answer: "能。按照合同载明的**各自租金**分别申请。".into(),
        department: "zjj".into(),
        checked: Date::constant(2026, 9, 1),
        bindings: vec![Binding { policy: "new".into(), articles: vec![3], hashes: BTreeMap::new() }],
        audiences: Vec::new(),
        districts: Vec::new(),
        keywords: Vec::new(),
        expires: None,
        unbound: None,
        forms: Vec::new(),
    };
    QuestionEntry {
        answer: markdown::parse(&question.answer).into(),
        policies: vec![1],
        changed: Vec::new(),
        file: "questions/zhufang.toml".into(),
        position: 0,
        question: question.into(),
    }
}

/// The city: `early` (not yet), `new` (in force), `old` (repealed), in that order.
pub(crate) fn city() -> City {
    let mut early = policy("early", "关于明年的通知");
    early.effective = Date::constant(2027, 1, 1);
    early.benefits.clear();
    let mut old = policy("old", "关于旧办法的通知");
    old.repealed = Some(Date::constant(2025, 7, 1));
    old.relations.clear();
    old.benefits.clear();
    let mut policies = vec![entry(early), entry(policy("new", "关于印发租房补贴办法的通知")), entry(old)];
    std::sync::Arc::make_mut(&mut policies[0].policy).relations.clear();
    policies[1].questions = vec![0];
    policies[2].incoming = vec![Incoming { kind: RelationKind::Replaces, from: 1, note: Some("衔接".into()) }];
    assert_eq!(policies[2].validity, Validity::Repealed);
    let policy_index = policies.iter().enumerate().map(|(ix, entry)| (entry.policy.id.clone(), ix)).collect();
    let mut codes = Codes::default();
    let records = [
        RecordKey::Policy("early".into()),
        RecordKey::Policy("new".into()),
        RecordKey::Policy("old".into()),
        RecordKey::Stage("new".into(), Stage::Consultation),
        RecordKey::Attachment("new".into(), "form.csv".into()),
        RecordKey::Article("new".into(), 3),
        RecordKey::Question("q-1".into()),
        RecordKey::Question("q-2".into()),
    ];
    for (body, record) in (1_000_003..).zip(records) {
        let code = Code::from_body(body);
        codes.by_record.insert(record.clone(), code);
        codes.by_code.insert(code, record);
    }
    codes.withdrawn.insert(Code::from_body(77), 0);
    let mut unbound = question("q-2");
    std::sync::Arc::make_mut(&mut unbound.question).bindings.clear();
    std::sync::Arc::make_mut(&mut unbound.question).unbound = Some("依据的文件尚未收录。".into());
    unbound.policies.clear();
    City {
        today: TODAY,
        settings: settings(),
        tables: tables(),
        policies,
        questions: vec![question("q-1"), unbound],
        tombstones: vec![Tombstone {
            record: "policy:gone".into(),
            title: "关于一次性补贴的通知".into(),
            date: Date::constant(2021, 3, 15),
            reason: "补贴已经结清。".into(),
            replaced_by: Some("new".into()),
        }],
        codes: codes.into(),
        policy_index,
        troubled: std::collections::BTreeSet::new(),
    }
}

fn settings() -> SiteSettings {
    SiteSettings {
        title: "青屿市政策一码通".into(),
        short_title: "青屿政策".into(),
        city: "青屿市".into(),
        host: "zc.qingyu.example".into(),
        identifier: "9900000001".into(),
        operator: "青屿市人民政府办公室".into(),
        description: "青屿市现行政策一策一码。".into(),
        hotline: "0999-12345".into(),
        phone: Some("0999-83510001".into()),
        email: None,
        address: None,
        demonstration: true,
        expiring_days: 90,
        stale_days: 30,
        page_size: 1,
        release_keys: Vec::new(),
    }
}

fn tables() -> Tables {
    let unit = |id: &str, name: &str| Department {
        id: id.into(),
        name: name.into(),
        phone: Some("0999-83510000".into()),
        ..Department::default()
    };
    Tables {
        departments: vec![unit("zfbgs", "市政府办公室"), unit("zjj", "市住房和城乡建设局")],
        districts: vec![term("qingwan", "青湾区", None)],
        themes: vec![term("zhufang", "住房保障", None), term("rencai", "人才服务", None), term("kong", "空主题", None)],
        audiences: vec![term("biyesheng", "高校毕业生", Some("个人")), term("qiye", "中小企业", Some("企业"))],
        sectors: Vec::new(),
        genres: vec![term("banfa", "办法", None)],
        ..Tables::default()
    }
}

/// The real `public/`.
pub(crate) fn assets() -> Assets {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                #[expect(clippy::disallowed_methods, reason = "a test reads the assets it tests")]
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    Assets::new(files)
}
