//! `data/policy/<id>.json`: everything public about one policy.

use serde::Serialize;
use yima_model::record::{Benefit, Level, Policy};

use super::question::is_current;
use super::relation::Relations;
use super::stage::{self, StageView};
use super::view::{Card, Day, Linked, Named, ValidityView, day};
use crate::City;
use crate::address::{Absolute, Address};
use crate::change;
use crate::city::PolicyEntry;
use crate::codes::RecordKey;
use crate::listing::{self, Facet};
use crate::markdown::Body;

#[derive(Serialize)]
pub(super) struct View<'a> {
    id: &'a str,
    url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_title: Option<&'a str>,
    popular_names: &'a [String],
    index_number: &'a str,
    document_numbers: &'a [String],
    issuer: Linked<'a>,
    joint_issuers: Vec<Linked<'a>>,
    drafted_by: Linked<'a>,
    interpreted_by: Linked<'a>,
    written: Day,
    published: Day,
    effective: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repealed: Option<Day>,
    updated: Day,
    validity: ValidityView<'a>,
    themes: Vec<Linked<'a>>,
    genre: Linked<'a>,
    level: Named<'a>,
    audiences: Vec<Linked<'a>>,
    sectors: Vec<Linked<'a>>,
    citywide: bool,
    districts: Vec<Linked<'a>>,
    keywords: &'a [String],
    summary: &'a str,
    plain: &'a [String; 3],
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    contact: Contact<'a>,
    attachments: Vec<Attachment<'a>>,
    relations: Relations<'a>,
    lifecycle_url: Absolute<'a>,
    stages: Vec<StageView<'a>>,
    benefits: Vec<BenefitView<'a>>,
    questions: Vec<Asked<'a>>,
    articles: Vec<ArticleView<'a>>,
    text: &'a str,
}

/// `text` is the plain text of the policy.
pub(super) fn view<'a>(city: &'a City, entry: &'a PolicyEntry, text: &'a str) -> View<'a> {
    let host = &city.settings.host;
    let policy = &entry.policy;
    let level: Level = policy.level;
    View {
        id: &policy.id,
        url: Address::Policy(&policy.id).absolute(host),
        card: card(city, &RecordKey::Policy(policy.id.clone())),
        title: &policy.title,
        short_title: policy.short_title.as_deref(),
        popular_names: &policy.popular_names,
        index_number: &policy.index_number,
        document_numbers: &policy.document_numbers,
        issuer: Linked::new(city, Facet::Department, &policy.issuer),
        joint_issuers: Linked::all(city, Facet::Department, &policy.joint_issuers),
        drafted_by: Linked::new(city, Facet::Department, &policy.drafted_by),
        interpreted_by: Linked::new(city, Facet::Department, &policy.interpreted_by),
        written: Day(policy.written),
        published: Day(policy.published),
        effective: Day(policy.effective),
        expires: day(policy.expires),
        repealed: day(policy.repealed),
        updated: Day(change::of_policy(city, entry)),
        validity: ValidityView::of(city, entry),
        themes: Linked::all(city, Facet::Theme, &policy.themes),
        genre: Linked::new(city, Facet::Genre, &policy.genre),
        level: Named { id: level.id(), name: level.zh() },
        audiences: Linked::all(city, Facet::Audience, &policy.audiences),
        sectors: Linked::all(city, Facet::Sector, &policy.sectors),
        citywide: listing::is_citywide(policy),
        districts: Linked::all(city, Facet::District, &policy.districts),
        keywords: &policy.keywords,
        summary: &policy.summary,
        plain: &policy.plain,
        source: policy.source.as_deref(),
        contact: Contact {
            unit: &policy.contact.unit,
            phone: &policy.contact.phone,
            hours: policy.contact.hours.as_deref(),
            place: policy.contact.place.as_deref(),
        },
        attachments: attachments(city, policy),
        relations: Relations::of(city, entry),
        lifecycle_url: Address::Lifecycle(&policy.id).absolute(host),
        stages: stage::stages(city, policy),
        benefits: policy.benefits.iter().map(|benefit| BenefitView::of(city, entry, benefit)).collect(),
        questions: questions(city, entry),
        articles: articles(city, entry, text),
        text,
    }
}

fn card<'a>(city: &'a City, record: &RecordKey) -> Option<Card<'a>> {
    city.codes.of(record).map(|code| Card::new(city, code))
}

#[derive(Serialize)]
struct Contact<'a> {
    unit: &'a str,
    phone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    title: &'a str,
    file: &'a str,
    url: Absolute<'a>,
    bytes: u64,
    sha256: &'a str,
    #[serde(flatten)]
    card: Option<Card<'a>>,
}

fn attachments<'a>(city: &'a City, policy: &'a Policy) -> Vec<Attachment<'a>> {
    let host = &city.settings.host;
    let view = |paper: &'a yima_model::record::Attachment| Attachment {
        title: &paper.title,
        file: &paper.file,
        url: Address::Attachment(&policy.id, &paper.file).absolute(host),
        bytes: paper.bytes,
        sha256: &paper.sha256,
        card: card(city, &RecordKey::Attachment(policy.id.clone(), paper.file.clone())),
    };
    policy.attachments.iter().map(view).collect()
}

#[derive(Serialize)]
struct BenefitView<'a> {
    id: &'a str,
    url: Absolute<'a>,
    title: &'a str,
    who: &'a str,
    gives: &'a str,
    method: Named<'a>,
    papers: &'a [String],
    steps: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<&'a str>,
    articles: Vec<ArticleLink<'a>>,
}

impl<'a> BenefitView<'a> {
    fn of(city: &'a City, entry: &'a PolicyEntry, benefit: &'a Benefit) -> Self {
        let id = &entry.policy.id;
        Self {
            id: &benefit.id,
            url: Address::Benefit(id, &benefit.id).absolute(&city.settings.host),
            title: &benefit.title,
            who: &benefit.who,
            gives: &benefit.gives,
            method: Named { id: benefit.method.id(), name: benefit.method.zh() },
            papers: &benefit.papers,
            steps: &benefit.steps,
            opens: day(benefit.opens),
            closes: day(benefit.closes),
            window: benefit.window.as_deref(),
            place: benefit.place.as_deref(),
            phone: benefit.phone.as_deref(),
            hours: benefit.hours.as_deref(),
            entry: benefit.entry.as_deref(),
            payment: benefit.payment.as_deref(),
            articles: article_links(city, id, &entry.body, &benefit.articles),
        }
    }
}

/// An article that something rests on.
#[derive(Serialize)]
pub(super) struct ArticleLink<'a> {
    number: u16,
    label: &'a str,
    url: Absolute<'a>,
}

/// The articles that exist among `numbers`.
pub(super) fn article_links<'a>(
    city: &'a City,
    policy: &'a str,
    body: &'a Body,
    numbers: &[u16],
) -> Vec<ArticleLink<'a>> {
    let links = numbers.iter().filter_map(|&number| {
        let article = body.articles.iter().find(|article| article.number == number && article.sub == 0)?;
        let url = Address::Article(policy, number, 0).absolute(&city.settings.host);
        Some(ArticleLink { number, label: &article.label, url })
    });
    links.collect()
}

#[derive(Serialize)]
struct Asked<'a> {
    id: &'a str,
    url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    question: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short: Option<&'a str>,
    current: bool,
}

fn questions<'a>(city: &'a City, entry: &'a PolicyEntry) -> Vec<Asked<'a>> {
    let rows = entry.questions.iter().filter_map(|&ix| city.questions.get(ix)).map(|asked| Asked {
        id: &asked.question.id,
        url: Address::Question(&asked.question.id).absolute(&city.settings.host),
        card: card(city, &RecordKey::Question(asked.question.id.clone())),
        question: &asked.question.question,
        short: asked.question.short.as_deref(),
        current: is_current(city, asked),
    });
    rows.collect()
}

#[derive(Serialize)]
struct ArticleView<'a> {
    number: u16,
    /// 第三条之一 has the number 3 and this.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<u16>,
    label: &'a str,
    url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    text: &'a str,
}

fn articles<'a>(city: &'a City, entry: &'a PolicyEntry, text: &'a str) -> Vec<ArticleView<'a>> {
    let id = &entry.policy.id;
    let marked = |number: u16, sub: u16| sub == 0 && entry.policy.marked_articles.contains(&number);
    let rows = entry.body.articles.iter().map(|article| ArticleView {
        number: article.number,
        sub: (article.sub > 0).then_some(article.sub),
        label: &article.label,
        url: Address::Article(id, article.number, article.sub).absolute(&city.settings.host),
        card: marked(article.number, article.sub)
            .then(|| card(city, &RecordKey::Article(id.clone(), article.number)))
            .flatten(),
        text: article.text(text),
    });
    rows.collect()
}
