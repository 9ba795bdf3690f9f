//! `/policy/<id>/`: everything about one document, with its full text.

use serde::Serialize;
use yima_model::record::{Attachment, Benefit, Policy};

use super::lifecycle::{self, Life};
use super::meta::{Alternate, Article, Column, Head};
use super::relations::{self, Notice, RelationGroup};
use super::stencil::Inserted;
use super::view::{Day, Deadline, Link, Named, ValidityView};
use super::{Renderer, words};
use crate::address::Address;
use crate::city::{City, PolicyEntry};
use crate::codes::RecordKey;
use crate::listing::Facet;
use crate::markdown::{Body, Heading};
use crate::site::RenderError;

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    title: &'a str,
    short: &'a str,
    popular_names: &'a [String],
    validity: ValidityView,
    notices: Vec<Notice<'a>>,
    facts: Facts<'a>,
    plain: &'a [String; 3],
    summary: &'a str,
    contact: ContactView<'a>,
    benefits: Vec<BenefitView<'a>>,
    body: Inserted,
    contents: Vec<Chapter<'a>>,
    audio: Option<String>,
    attachments: Vec<AttachmentView<'a>>,
    relations: Vec<RelationGroup<'a>>,
    life: Life,
    questions: Vec<QuestionLink<'a>>,
}

/// Whom to ask.
#[derive(Serialize)]
pub(super) struct ContactView<'a> {
    unit: &'a str,
    phone: &'a str,
    hours: Option<&'a str>,
    place: Option<&'a str>,
}

impl<'a> ContactView<'a> {
    pub(super) fn of(policy: &'a Policy) -> Self {
        let contact = &policy.contact;
        Self {
            unit: &contact.unit,
            phone: &contact.phone,
            hours: contact.hours.as_deref(),
            place: contact.place.as_deref(),
        }
    }
}

/// The table of metadata.
#[derive(Serialize)]
pub(super) struct Facts<'a> {
    index_number: &'a str,
    pub(super) numbers: String,
    pub(super) issuers: Vec<Named<'a>>,
    drafted_by: &'a str,
    interpreted_by: &'a str,
    written: Day,
    pub(super) published: Day,
    pub(super) effective: Day,
    pub(super) expires: Option<Deadline>,
    pub(super) repealed: Option<Day>,
    themes: Vec<Named<'a>>,
    genre: Named<'a>,
    level: &'static str,
    audiences: Vec<Named<'a>>,
    sectors: Vec<Named<'a>>,
    districts: Vec<Named<'a>>,
    keywords: String,
    source: Option<&'a str>,
    year: i16,
}

impl<'a> Facts<'a> {
    pub(super) fn of(site: &'a Renderer<'_>, policy: &'a Policy) -> Self {
        let named = |facet, ids: &'a [String]| ids.iter().map(|id| site.named(facet, id)).collect();
        Self {
            index_number: &policy.index_number,
            numbers: policy.document_numbers.join("、"),
            issuers: policy.issuers().map(|id| site.named(Facet::Department, id)).collect(),
            drafted_by: site.name(Facet::Department, &policy.drafted_by),
            interpreted_by: site.name(Facet::Department, &policy.interpreted_by),
            written: Day::new(policy.written),
            published: Day::new(policy.published),
            effective: Day::new(policy.effective),
            expires: policy.expires.map(|last| Deadline::new(site.city.today, last)),
            repealed: policy.repealed.map(Day::new),
            themes: named(Facet::Theme, &policy.themes),
            genre: site.named(Facet::Genre, &policy.genre),
            level: policy.level.zh(),
            audiences: named(Facet::Audience, &policy.audiences),
            sectors: named(Facet::Sector, &policy.sectors),
            districts: named(Facet::District, &policy.districts),
            keywords: policy.keywords.join("、"),
            source: policy.source.as_deref(),
            year: policy.published.year(),
        }
    }
}

/// 兑现 with its deadlines.
#[derive(Serialize)]
pub(super) struct BenefitView<'a> {
    id: &'a str,
    title: &'a str,
    who: &'a str,
    gives: &'a str,
    method: &'static str,
    method_id: &'static str,
    papers: &'a [String],
    steps: &'a [String],
    opens: Option<Day>,
    closes: Option<Deadline>,
    window: Option<&'a str>,
    place: Option<&'a str>,
    phone: Option<&'a str>,
    hours: Option<&'a str>,
    entry: Option<&'a str>,
    payment: Option<&'a str>,
    articles: Vec<ArticleLink<'a>>,
}

impl<'a> BenefitView<'a> {
    pub(super) fn of(city: &City, body: &'a Body, benefit: &'a Benefit) -> Self {
        Self {
            id: &benefit.id,
            title: &benefit.title,
            who: &benefit.who,
            gives: &benefit.gives,
            method: benefit.method.zh(),
            method_id: benefit.method.id(),
            papers: &benefit.papers,
            steps: &benefit.steps,
            opens: benefit.opens.map(Day::new),
            closes: benefit.closes.map(|last| Deadline::new(city.today, last)),
            window: benefit.window.as_deref(),
            place: benefit.place.as_deref(),
            phone: benefit.phone.as_deref(),
            hours: benefit.hours.as_deref(),
            entry: benefit.entry.as_deref(),
            payment: benefit.payment.as_deref(),
            articles: article_links(body, &benefit.articles),
        }
    }
}

/// An article of the text.
#[derive(Serialize)]
pub(super) struct ArticleLink<'a> {
    anchor: String,
    label: &'a str,
}

/// The articles that exist among `numbers`.
pub(super) fn article_links<'a>(body: &'a Body, numbers: &[u16]) -> Vec<ArticleLink<'a>> {
    let find = |&number: &u16| body.articles.iter().find(|article| article.number == number && article.sub == 0);
    numbers.iter().filter_map(find).map(|found| ArticleLink { anchor: found.anchor(), label: &found.label }).collect()
}

/// A heading and the articles below it.
#[derive(Serialize)]
struct Chapter<'a> {
    anchor: &'a str,
    text: &'a str,
    articles: Vec<ArticleLink<'a>>,
}

/// The table of contents: every heading of the text and the articles up to the next one, by their lines.
fn contents(body: &Body) -> Vec<Chapter<'_>> {
    let mut headings = body.headings.iter().filter(|heading| heading.level == 2).peekable();
    let mut articles = body.articles.iter().peekable();
    let mut above = |next: Option<&&Heading>| -> Vec<ArticleLink<'_>> {
        let line = next.map_or(u32::MAX, |heading| heading.line);
        let above = std::iter::from_fn(|| articles.next_if(|article| article.line < line));
        above.map(|article| ArticleLink { anchor: article.anchor(), label: &article.label }).collect()
    };
    let mut chapters = Vec::with_capacity(body.headings.len() + 1);
    let first = above(headings.peek());
    if !first.is_empty() {
        chapters.push(Chapter { anchor: "", text: "", articles: first });
    }
    while let Some(Heading { anchor, text, .. }) = headings.next() {
        chapters.push(Chapter { anchor, text, articles: above(headings.peek()) });
    }
    chapters
}

/// Where the text can be heard, with a leading slash.
pub(super) fn audio(policy: &Policy) -> Option<String> {
    policy.audio.as_ref().map(|audio| format!("/attachment/{}/{}", policy.id, audio.file))
}

/// 附件.
#[derive(Serialize)]
pub(super) struct AttachmentView<'a> {
    file: &'a str,
    title: &'a str,
    format: String,
    size: String,
    sha256: &'a str,
}

impl<'a> AttachmentView<'a> {
    pub(super) fn of(file: &'a Attachment) -> Self {
        Self {
            file: &file.file,
            title: &file.title,
            format: file.file.rsplit_once('.').map_or("", |(_, kind)| kind).to_ascii_uppercase(),
            size: words::size(file.bytes),
            sha256: &file.sha256,
        }
    }

    pub(super) fn title(&self) -> &'a str {
        self.title
    }
}

/// A question bound to the policy.
#[derive(Serialize)]
pub(super) struct QuestionLink<'a> {
    id: &'a str,
    question: &'a str,
    short: Option<&'a str>,
}

pub(super) fn question_links<'a>(city: &'a City, entry: &'a PolicyEntry) -> Vec<QuestionLink<'a>> {
    let bound = entry.questions.iter().filter_map(|&ix| city.questions.get(ix));
    bound
        .map(|entry| QuestionLink {
            id: &entry.question.id,
            question: &entry.question.question,
            short: entry.question.short.as_deref(),
        })
        .collect()
}

pub(super) fn page(site: &Renderer<'_>, entry: &PolicyEntry) -> Result<String, RenderError> {
    let (city, policy) = (site.city, &entry.policy);
    let path = Address::Policy(&policy.id).to_string();
    let theme = site.named(Facet::Theme, policy.theme());
    let facts = Facts::of(site, policy);
    let crumbs = [Link::new("/", "首页"), Link::new(format!("/theme/{}/", theme.id), theme.name)];
    let mut graph = site.graph(&crumbs, policy.short(), &path);
    let issuer = site.name(Facet::Department, &policy.issuer);
    graph.legislation(entry, issuer, facts.genre.name);
    let head = Head {
        title: policy.title.clone(),
        description: policy.summary.clone(),
        path,
        column: Column { name: theme.name, kind: "政策文件" },
        article: Some(Article {
            title: &policy.title,
            date: words::iso(policy.published),
            source: policy.source.as_deref().unwrap_or(issuer),
            keywords: policy.keywords.join(","),
        }),
        alternates: vec![Alternate::data(Address::PolicyData(&policy.id).to_string())],
        structured: graph.text(),
        hidden: false,
    };
    let view = View {
        id: &policy.id,
        title: &policy.title,
        short: policy.short(),
        popular_names: &policy.popular_names,
        validity: ValidityView::of(entry, city.settings.expiring_days),
        notices: relations::notices(site, entry),
        facts,
        plain: &policy.plain,
        summary: &policy.summary,
        contact: ContactView::of(policy),
        benefits: policy.benefits.iter().map(|benefit| BenefitView::of(city, &entry.body, benefit)).collect(),
        body: Inserted,
        contents: contents(&entry.body),
        audio: audio(policy),
        attachments: policy.attachments.iter().map(AttachmentView::of).collect(),
        relations: relations::groups(site, entry),
        life: lifecycle::life(policy, false),
        questions: question_links(city, entry),
    };
    let code = city.codes.of(&RecordKey::Policy(policy.id.clone()));
    site.show_with("policy.html", &head, &crumbs, code, view, &entry.body.html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    #[test]
    fn the_contents_name_the_anchors_of_the_text_in_its_order() {
        for text in [
            "第一条 甲。\n\n## 总则\n\n第二条 乙。\n\n### 细则\n\n第三条 丙。\n\n## 附则\n\n- 项\n\n第四条 丁。\n",
            // With a tag, the text goes the long way and is cleaned.
            "第一条 甲<sup>2</sup>。\n\n## 总则\n\n**第二条** 乙。\n### 细则\n第三条 丙。\n\n附则\n---\n第四条 丁。",
        ] {
            let body = parse(text);
            let chapters = contents(&body);
            let named = chapters.iter().flat_map(|chapter| {
                let articles = chapter.articles.iter().map(|article| article.anchor.as_str());
                Some(chapter.anchor).filter(|anchor| !anchor.is_empty()).into_iter().chain(articles)
            });
            let ids = body.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let below = |id: &str| body.headings.iter().any(|heading| heading.anchor == id && heading.level > 2);
            let ids: Vec<&str> = ids.filter(|id| !below(id)).collect();
            assert_eq!(named.collect::<Vec<_>>(), ids, "{text}");
            assert_eq!(ids, ["article-1", "section-1", "article-2", "article-3", "section-3", "article-4"]);
        }
    }
}
