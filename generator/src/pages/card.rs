//! `/Q/<CODE>/`: what a code opens. A whole page with its style inside, so that nothing else need arrive to read it.

use serde::Serialize;
use yima_model::Code;
use yima_model::record::Attachment;

use super::lifecycle::{self, Life, StageView};
use super::meta::{Article, Column, Head};
use super::policy::{AttachmentView, BenefitView, ContactView, Facts, QuestionLink};
use super::questions::AnswerView;
use super::relations::{self, Notice};
use super::view::{Day, Link, Named, ValidityView};
use super::{Renderer, policy, words};
use crate::address::Address;
use crate::city::PolicyEntry;
use crate::codes::RecordKey;
use crate::listing::Facet;
use crate::site::RenderError;

pub(super) fn page(site: &Renderer<'_>, code: Code) -> Result<String, RenderError> {
    let codes = &site.city.codes;
    let drawn = match codes.by_code.get(&code) {
        Some(RecordKey::Policy(id)) => site.city.policy(id).map(|entry| whole(site, entry, code)),
        Some(RecordKey::Stage(id, stage)) => site.city.policy(id).and_then(|entry| {
            let record = entry.policy.stage(*stage)?;
            let item = Item::Stage(StageView::of(site, record, None));
            Some(part(site, Some(entry), code, Address::Stage(id, *stage).to_string(), &item))
        }),
        Some(RecordKey::Attachment(id, file)) => site.city.policy(id).and_then(|entry| {
            let found: &Attachment = entry.policy.attachments.iter().find(|found| found.file == *file)?;
            let item = Item::Attachment(AttachmentView::of(found));
            Some(part(site, Some(entry), code, format!("/policy/{id}/#attachments"), &item))
        }),
        Some(RecordKey::Article(id, number)) => site.city.policy(id).and_then(|entry| {
            let article = entry.body.articles.iter().find(|article| article.number == *number)?;
            let text = entry.body.text();
            let item = Item::Article { label: &article.label, paragraphs: article.text(&text).lines().collect() };
            Some(part(site, Some(entry), code, Address::Article(id, *number, 0).to_string(), &item))
        }),
        Some(RecordKey::Question(id)) => {
            let place = site.city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id)).ok();
            place.map(|place| {
                let entry = &site.city.questions[place];
                let first = entry.policies.first().and_then(|&ix| site.city.policies.get(ix));
                part(site, first, code, Address::Question(id).to_string(), &Item::Question(AnswerView::of(site, entry)))
            })
        }
        None => codes.withdrawn.get(&code).map(|&place| tombstone(site, place, code)),
    };
    drawn.unwrap_or_else(|| {
        Err(RenderError {
            what: format!("Q/{code}/"),
            why: "the record behind this code is not in the city".to_owned(),
        })
    })
}

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    title: &'a str,
    short: &'a str,
    popular_names: &'a [String],
    validity: ValidityView,
    notices: Vec<Notice<'a>>,
    plain: &'a [String; 3],
    facts: Facts<'a>,
    contact: ContactView<'a>,
    benefits: Vec<BenefitView<'a>>,
    life: Life,
    questions: Vec<QuestionLink<'a>>,
    more_questions: usize,
    audio: Option<String>,
    attachments: usize,
}

/// How many questions a card shows before it leads to the others.
const QUESTIONS: usize = 5;

fn whole(site: &Renderer<'_>, entry: &PolicyEntry, code: Code) -> Result<String, RenderError> {
    let (city, policy) = (site.city, &entry.policy);
    let path = Address::Card(code).to_string();
    let facts = Facts::of(site, policy);
    let crumbs = [Link::new("/", "首页"), Link::new(Address::Policy(&policy.id).to_string(), policy.short())];
    let mut graph = site.graph(&crumbs, "政策身份证", &path);
    graph.legislation(
        entry,
        facts.issuers.first().map_or("", |unit| unit.name),
        site.name(Facet::Genre, &policy.genre),
    );
    let head = Head {
        title: format!("{} 政策身份证", policy.short()),
        description: policy.plain.concat(),
        path,
        column: Column { name: "政策身份证", kind: "政策文件" },
        article: Some(Article {
            title: &policy.title,
            date: policy.published.to_string(),
            source: facts.issuers.first().map_or("", |unit| unit.name),
            keywords: policy.keywords.join(","),
        }),
        alternates: Vec::new(),
        structured: graph.text(),
        hidden: false,
    };
    let mut questions = policy::question_links(city, entry);
    let more_questions = questions.len().saturating_sub(QUESTIONS);
    questions.truncate(QUESTIONS);
    let view = Whole {
        id: &policy.id,
        title: &policy.title,
        short: policy.short(),
        popular_names: &policy.popular_names,
        validity: ValidityView::of(entry, city.settings.expiring_days),
        notices: relations::notices(site, entry),
        plain: &policy.plain,
        facts,
        contact: ContactView::of(policy),
        benefits: policy.benefits.iter().map(|benefit| BenefitView::of(city, &entry.body, benefit)).collect(),
        life: lifecycle::life(policy, false),
        questions,
        more_questions,
        audio: policy::audio(policy),
        attachments: policy.attachments.len(),
    };
    site.show("card.html", &head, &[], Some(code), view)
}

/// The one thing a smaller card shows.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Item<'a> {
    Stage(StageView<'a>),
    Attachment(AttachmentView<'a>),
    Article { label: &'a str, paragraphs: Vec<&'a str> },
    Question(AnswerView<'a>),
}

impl Item<'_> {
    /// Words of the link that leads to the item on the site.
    fn way(&self) -> &'static str {
        match self {
            Self::Stage(_) => "看整个生命周期",
            Self::Attachment(_) => "看全部附件",
            Self::Article { .. } => "在全文中看",
            Self::Question(_) => "在网站上看",
        }
    }

    /// The heading of the card.
    fn title(&self) -> &str {
        match self {
            Self::Stage(stage) => stage.zh,
            Self::Attachment(file) => file.title(),
            Self::Article { label, .. } => label,
            Self::Question(answer) => answer.question(),
        }
    }
}

#[derive(Serialize)]
struct Part<'a> {
    title: &'a str,
    /// Where the item stands on the site.
    href: String,
    way: &'static str,
    item: &'a Item<'a>,
    whole: Option<PartOf<'a>>,
    notices: Vec<Notice<'a>>,
}

/// The document that the item belongs to. An answer may rest on none.
#[derive(Serialize)]
struct PartOf<'a> {
    id: &'a str,
    title: &'a str,
    short: &'a str,
    /// Its own card where it has one, else its page.
    href: String,
    validity: ValidityView,
    contact: ContactView<'a>,
    issuers: Vec<Named<'a>>,
}

impl<'a> PartOf<'a> {
    fn of(site: &'a Renderer<'_>, entry: &'a PolicyEntry) -> Self {
        let policy = &entry.policy;
        let code = site.city.codes.of(&RecordKey::Policy(policy.id.clone()));
        Self {
            id: &policy.id,
            title: &policy.title,
            short: policy.short(),
            href: code.map_or_else(|| Address::Policy(&policy.id).to_string(), |code| Address::Card(code).to_string()),
            validity: ValidityView::of(entry, site.city.settings.expiring_days),
            contact: ContactView::of(policy),
            issuers: policy.issuers().map(|id| site.named(Facet::Department, id)).collect(),
        }
    }
}

fn part(
    site: &Renderer<'_>,
    entry: Option<&PolicyEntry>,
    code: Code,
    href: String,
    item: &Item<'_>,
) -> Result<String, RenderError> {
    let path = Address::Card(code).to_string();
    let whole = entry.map(|entry| PartOf::of(site, entry));
    let mut crumbs = vec![Link::new("/", "首页")];
    crumbs.extend(whole.as_ref().map(|whole| Link::new(Address::Policy(whole.id).to_string(), whole.short)));
    let graph = site.graph(&crumbs, item.title(), &path);
    let head = Head {
        title: match (item, &whole) {
            (Item::Question(_), _) | (_, None) => item.title().to_owned(),
            (_, Some(whole)) => format!("{}：{}", whole.short, item.title()),
        },
        description: match (item, entry) {
            (Item::Question(answer), _) => answer.gist(),
            (_, Some(entry)) => words::excerpt(&entry.policy.summary, 120),
            (_, None) => item.title().to_owned(),
        },
        path,
        column: Column { name: "政策身份证", kind: "政策文件" },
        article: None,
        alternates: Vec::new(),
        structured: graph.text(),
        hidden: false,
    };
    let notices = entry.map(|entry| relations::notices(site, entry)).unwrap_or_default();
    let view = Part { title: item.title(), href, way: item.way(), item, whole, notices };
    site.show("card_part.html", &head, &[], Some(code), view)
}

#[derive(Serialize)]
struct Replacement<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Withdrawn<'a> {
    title: &'a str,
    date: Day,
    reason: &'a str,
    replacement: Option<Replacement<'a>>,
}

fn tombstone(site: &Renderer<'_>, place: usize, code: Code) -> Result<String, RenderError> {
    let path = Address::Card(code).to_string();
    let Some(stone) = site.city.tombstones.get(place) else {
        return Err(RenderError { what: path, why: "no such tombstone".to_owned() });
    };
    let graph = site.graph(&[Link::new("/", "首页")], &stone.title, &path);
    let head = Head {
        title: format!("{}（已撤下）", stone.title),
        description: words::excerpt(&stone.reason, 120),
        path,
        column: Column { name: "政策身份证", kind: "政策文件" },
        article: None,
        alternates: Vec::new(),
        structured: graph.text(),
        hidden: true,
    };
    let replacement = stone
        .replaced_by
        .as_deref()
        .and_then(|id| site.city.policy(id))
        .map(|entry| Replacement { id: &entry.policy.id, title: &entry.policy.title });
    let view = Withdrawn { title: &stone.title, date: Day::new(stone.date), reason: &stone.reason, replacement };
    site.show("tombstone.html", &head, &[], Some(code), view)
}
