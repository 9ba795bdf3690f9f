//! The life cycle of a policy.

use serde::Serialize;
use yima_model::record::{Document, Figure, Policy, StageRecord};
use yima_model::{Code, Stage};

use super::view::{Card, Day, Linked, Named, Written, day, written};
use crate::City;
use crate::address::{Absolute, Address};
use crate::codes::RecordKey;
use crate::listing::Facet;

#[derive(Serialize)]
pub(super) struct StageView<'a> {
    stage: Named<'a>,
    status: Named<'a>,
    url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Linked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_basis: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_markdown: Option<&'a str>,
    documents: Vec<DocumentView<'a>>,
    figures: Vec<FigureView<'a>>,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Written<'a>>,
}

#[derive(Serialize)]
struct FigureView<'a> {
    label: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    as_of: Day,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
}

pub(super) fn stages<'a>(city: &'a City, policy: &'a Policy) -> Vec<StageView<'a>> {
    let codes = stage_codes(city, &policy.id);
    let view = |record: &'a StageRecord| StageView {
        stage: Named { id: record.stage.id(), name: record.stage.zh() },
        status: Named { id: record.status.id(), name: record.status.zh() },
        url: Address::Stage(&policy.id, record.stage).absolute(&city.settings.host),
        card: codes.iter().find(|(stage, _)| *stage == record.stage).map(|(_, code)| Card::new(city, *code)),
        date: day(record.date),
        closes: day(record.closes),
        due: day(record.due),
        unit: record.unit.as_deref().map(|unit| Linked::new(city, Facet::Department, unit)),
        reason: record.reason.as_deref(),
        legal_basis: record.legal_basis.as_deref(),
        text_markdown: record.text.as_deref(),
        documents: record.documents.iter().map(|paper| document(city, paper)).collect(),
        figures: record.figures.iter().map(figure).collect(),
    };
    policy.stages.iter().map(view).collect()
}

/// The codes of all stages of a policy, found together: the codes of a city are many, and each search costs.
fn stage_codes(city: &City, id: &str) -> Vec<(Stage, Code)> {
    let [first, .., last] = Stage::ALL;
    let keys = RecordKey::Stage(id.to_owned(), first)..=RecordKey::Stage(id.to_owned(), last);
    let found = city.codes.by_record.range(keys).filter_map(|(key, &code)| match key {
        RecordKey::Stage(_, stage) => Some((*stage, code)),
        _ => None,
    });
    found.collect()
}

fn document<'a>(city: &'a City, paper: &'a Document) -> DocumentView<'a> {
    DocumentView { title: &paper.title, url: paper.url.as_deref().map(|url| written(city, url)) }
}

fn figure(figure: &Figure) -> FigureView<'_> {
    FigureView {
        label: &figure.label,
        value: &figure.value,
        unit: figure.unit.as_deref(),
        as_of: Day(figure.as_of),
        source: &figure.source,
        method: figure.method.as_deref(),
    }
}
