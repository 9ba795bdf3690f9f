//! `/policy/<id>/lifecycle/`: the twelve stages, as a picture and one by one.

use serde::Serialize;
use yima_model::record::{Document, Figure, Policy, StageRecord};
use yima_model::{Code, Stage, StageStatus};

use super::meta::{Column, Head};
use super::stencil::Safe;
use super::view::{Day, Deadline, Link, ValidityView};
use super::{Renderer, words};
use crate::address::Address;
use crate::city::PolicyEntry;
use crate::codes::RecordKey;
use crate::listing::Facet;
use crate::markdown;
use crate::site::RenderError;

/// The picture: three phases of stages, each stage a shape and a word.
#[derive(Serialize)]
pub(super) struct Life {
    phases: [Phase; 3],
    /// `已公开 8` and so on, without what does not occur.
    counts: Vec<Count>,
}

#[derive(Serialize)]
struct Phase {
    name: &'static str,
    stages: Vec<Node>,
}

#[derive(Serialize)]
struct Node {
    id: &'static str,
    zh: &'static str,
    status: &'static str,
    status_zh: &'static str,
    when: Option<String>,
}

#[derive(Serialize)]
struct Count {
    status: &'static str,
    zh: &'static str,
    count: usize,
}

/// Where a new phase begins in [`Stage::ALL`].
const PHASES: [(&str, usize, usize); 3] = [("酝酿制定", 0, 5), ("公开解读", 5, 8), ("落实评估", 8, 12)];

/// The picture of a policy's life; a `full` one has the months.
pub(super) fn life(policy: &Policy, full: bool) -> Life {
    let node = |stage: Stage| {
        let record = policy.stage(stage);
        // `check` has seen that no stage is left out; a record that slipped through is owed, not hidden.
        let status = record.map_or(StageStatus::Missing, |record| record.status);
        let record = record.filter(|_| full);
        let date = record.and_then(|record| record.date).map(words::month);
        let due = record.and_then(|record| record.due).map(words::month);
        Node {
            id: stage.id(),
            zh: stage.zh(),
            status: status.id(),
            status_zh: status.zh(),
            when: date
                .or(due.map(|due| if status == StageStatus::Missing { due + "前" } else { "预计".to_owned() + &due })),
        }
    };
    let count = |status: StageStatus| Count {
        status: status.id(),
        zh: status.zh(),
        count: policy.stages.iter().filter(|record| record.status == status).count(),
    };
    Life {
        phases: PHASES
            .map(|(name, from, to)| Phase { name, stages: Stage::ALL[from..to].iter().copied().map(node).collect() }),
        counts: StageStatus::ALL.into_iter().map(count).filter(|count| count.count > 0).collect(),
    }
}

/// One stage in full.
#[derive(Serialize)]
pub(super) struct StageView<'a> {
    pub(super) id: &'static str,
    pub(super) zh: &'static str,
    number: u8,
    explained: &'static str,
    status: &'static str,
    status_zh: &'static str,
    date: Option<Day>,
    closes: Option<Deadline>,
    due: Option<Day>,
    /// The stage is owed and its day has passed.
    overdue: bool,
    unit: Option<&'a str>,
    reason: Option<&'a str>,
    legal_basis: Option<&'a str>,
    text: Option<Safe<'static>>,
    documents: Vec<DocumentView<'a>>,
    figures: Vec<FigureView<'a>>,
    code: Option<String>,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    title: &'a str,
    url: Option<&'a str>,
    outside: bool,
}

#[derive(Serialize)]
struct FigureView<'a> {
    label: &'a str,
    value: &'a str,
    unit: Option<&'a str>,
    as_of: Day,
    source: &'a str,
    method: Option<&'a str>,
}

impl<'a> StageView<'a> {
    pub(super) fn of(site: &'a Renderer<'_>, record: &'a StageRecord, code: Option<Code>) -> Self {
        let document = |document: &'a Document| {
            let url = document.url.as_deref();
            DocumentView { title: &document.title, url, outside: url.is_some_and(|url| !url.starts_with('/')) }
        };
        let figure = |figure: &'a Figure| FigureView {
            label: &figure.label,
            value: &figure.value,
            unit: figure.unit.as_deref(),
            as_of: Day::new(figure.as_of),
            source: &figure.source,
            method: figure.method.as_deref(),
        };
        Self {
            id: record.stage.id(),
            zh: record.stage.zh(),
            number: record.stage as u8 + 1,
            explained: explained(record.stage),
            status: record.status.id(),
            status_zh: record.status.zh(),
            date: record.date.map(Day::new),
            closes: record.closes.map(|last| Deadline::new(site.city.today, last)),
            due: record.due.map(Day::new),
            overdue: record.status == StageStatus::Missing && record.due.is_some_and(|due| site.city.today > due),
            unit: record.unit.as_deref().map(|id| site.name(Facet::Department, id)),
            reason: record.reason.as_deref(),
            legal_basis: record.legal_basis.as_deref(),
            text: record.text.as_deref().map(|text| markdown::parse(text).html.into()),
            documents: record.documents.iter().map(document).collect(),
            figures: record.figures.iter().map(figure).collect(),
            code: code.map(|code| code.to_string()),
        }
    }
}

/// What a stage is, for a reader who has never heard of it.
const fn explained(stage: Stage) -> &'static str {
    match stage {
        Stage::Proposal => "为什么要定这项政策",
        Stage::Basis => "依据哪些上级文件和规定",
        Stage::Consultation => "什么时候、向谁征求意见",
        Stage::Feedback => "意见采纳了多少，没采纳的为什么",
        Stage::Deliberation => "经过哪些审查和会议",
        Stage::Publication => "什么时候、在哪里公布",
        Stage::Interpretation => "官方怎么解释",
        Stage::Qa => "大家常问什么",
        Stage::Fulfilment => "好处怎么落到人",
        Stage::Execution => "做得怎么样",
        Stage::Evaluation => "有没有用，谁来评",
        Stage::Revision => "后来改了还是废了",
    }
}

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    title: &'a str,
    short: &'a str,
    validity: ValidityView,
    life: Life,
    stages: Vec<StageView<'a>>,
}

pub(super) fn page(site: &Renderer<'_>, entry: &PolicyEntry) -> Result<String, RenderError> {
    let (city, policy) = (site.city, &entry.policy);
    let path = Address::Lifecycle(&policy.id).to_string();
    let crumbs = [Link::new("/", "首页"), Link::new(Address::Policy(&policy.id).to_string(), policy.short())];
    let graph = site.graph(&crumbs, "生命周期", &path);
    let head = Head {
        title: format!("{}的生命周期", policy.short()),
        description: format!("{}从立项、征求意见、发布到兑现、评估、修订废止的十二个环节。", policy.title),
        path,
        column: Column { name: "政策生命周期", kind: "政策文件" },
        article: None,
        alternates: Vec::new(),
        structured: graph.text(),
        hidden: false,
    };
    let code = |stage| city.codes.of(&RecordKey::Stage(policy.id.clone(), stage));
    let view = View {
        id: &policy.id,
        title: &policy.title,
        short: policy.short(),
        validity: ValidityView::of(entry, city.settings.expiring_days),
        life: life(policy, true),
        stages: policy.stages.iter().map(|record| StageView::of(site, record, code(record.stage))).collect(),
    };
    site.show("lifecycle.html", &head, &crumbs, None, view)
}
