//! The head of a page: what search engines, messengers and the government's own collectors read.
//!
//! Meta names follow the 《政府网站发展指引》 (国办发〔2017〕47号): SiteName, SiteDomain and SiteIDCode on every page;
//! ColumnName and ColumnType on lists; ArticleTitle, PubDate and ContentSource on articles. Structured data follows
//! schema.org.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::view::{Link, legal_force};
use crate::address::Address;
use crate::city::{City, PolicyEntry, QuestionEntry};

/// Everything `base.html` puts into `<head>`.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    /// Without the name of the site.
    pub(super) title: String,
    pub(super) description: String,
    /// `/policy/x/`
    pub(super) path: String,
    pub(super) column: Column<'a>,
    pub(super) article: Option<Article<'a>>,
    pub(super) alternates: Vec<Alternate>,
    /// Ready for a `<script type="application/ld+json">`.
    pub(super) structured: String,
    /// Whether search engines should leave the page alone.
    pub(super) hidden: bool,
}

/// 栏目.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Column<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'static str,
}

/// 文章.
#[derive(Serialize)]
pub(super) struct Article<'a> {
    pub(super) title: &'a str,
    pub(super) date: String,
    pub(super) source: &'a str,
    pub(super) keywords: String,
}

/// The same content in another form.
#[derive(Serialize)]
pub(super) struct Alternate {
    pub(super) kind: &'static str,
    pub(super) href: String,
    pub(super) title: String,
}

impl Alternate {
    pub(super) fn feed(href: String, title: String) -> Self {
        Self { kind: "application/atom+xml", href, title }
    }

    pub(super) fn data(href: String) -> Self {
        Self { kind: "application/json", href, title: "结构化数据".to_owned() }
    }
}

/// JSON-LD of one page, to be closed by [`Graph::text`].
pub(super) struct Graph<'a> {
    city: &'a City,
    nodes: Vec<Json>,
}

impl<'a> Graph<'a> {
    /// Begins with the breadcrumbs: `crumbs` lead to the page called `here` at `path`.
    pub(super) fn new(city: &'a City, crumbs: &[Link<'_>], here: &str, path: &str) -> Self {
        let mut graph = Self { city, nodes: Vec::new() };
        let steps = crumbs.iter().map(|crumb| (crumb.href.as_str(), crumb.text)).chain([(path, here)]);
        let items: Vec<Json> = steps
            .enumerate()
            .map(|(at, (href, text))| {
                json!({ "@type": "ListItem", "position": at + 1, "name": text, "item": graph.address(href) })
            })
            .collect();
        graph.nodes.push(json!({ "@type": "BreadcrumbList", "itemListElement": items }));
        graph
    }

    fn address(&self, path: &str) -> String {
        format!("https://{}{path}", self.city.settings.host)
    }

    /// The document itself, and one service for each benefit.
    pub(super) fn legislation(&mut self, entry: &PolicyEntry, issuer: &str, genre: &str) {
        let policy = &entry.policy;
        let page = self.address(&Address::Policy(&policy.id).to_string());
        let mut numbers: Vec<&str> = policy.document_numbers.iter().map(String::as_str).collect();
        numbers.push(&policy.index_number);
        let mut node = json!({
            "@type": "Legislation",
            "@id": page,
            "url": page,
            "name": policy.title,
            "alternateName": policy.short(),
            "abstract": policy.summary,
            "inLanguage": "zh-CN",
            "legislationIdentifier": numbers,
            "legislationType": genre,
            "legislationDate": policy.written.to_string(),
            "datePublished": policy.published.to_string(),
            "legislationPassedBy": { "@type": "GovernmentOrganization", "name": issuer },
            "legislationJurisdiction": { "@type": "AdministrativeArea", "name": self.city.settings.city },
            "legislationLegalForce": legal_force(entry.validity),
            "temporalCoverage": match entry.lifespan.last_day() {
                Some(last) => format!("{}/{last}", policy.effective),
                None => format!("{}/..", policy.effective),
            },
            "keywords": policy.keywords,
        });
        if !policy.attachments.is_empty() {
            let files: Vec<Json> = policy
                .attachments
                .iter()
                .map(|file| {
                    let path = Address::Attachment(&policy.id, &file.file).to_string();
                    json!({ "@type": "MediaObject", "name": file.title, "contentUrl": self.address(&path),
                            "contentSize": file.bytes.to_string(), "sha256": file.sha256 })
                })
                .collect();
            node["encoding"] = Json::Array(files);
        }
        self.nodes.push(node);
        for benefit in &policy.benefits {
            let mut service = json!({
                "@type": "GovernmentService",
                "name": benefit.title,
                "description": benefit.gives,
                "audience": { "@type": "Audience", "audienceType": benefit.who },
                "provider": { "@type": "GovernmentOrganization", "name": issuer },
                "areaServed": { "@type": "AdministrativeArea", "name": self.city.settings.city },
            });
            if let Some(entry) = &benefit.entry {
                service["url"] = Json::String(entry.clone());
            }
            if let Some(phone) = &benefit.phone {
                service["availableChannel"] = json!({ "@type": "ServiceChannel",
                    "servicePhone": { "@type": "ContactPoint", "telephone": phone } });
            }
            self.nodes.push(service);
        }
    }

    /// Questions with the answers that stand on the page.
    pub(super) fn faq<'q>(&mut self, questions: impl Iterator<Item = (&'q QuestionEntry, &'q str)>) {
        let entities: Vec<Json> = questions
            .map(|(entry, answer)| {
                json!({ "@type": "Question", "name": entry.question.question,
                        "acceptedAnswer": { "@type": "Answer", "text": answer } })
            })
            .collect();
        if !entities.is_empty() {
            self.nodes.push(json!({ "@type": "FAQPage", "mainEntity": entities }));
        }
    }

    /// The site and who runs it, for the home page.
    pub(super) fn site(&mut self) {
        let settings = &self.city.settings;
        let search = format!("https://{}/search/?q={{q}}", settings.host);
        self.nodes.push(json!({
            "@type": "WebSite", "name": settings.title, "alternateName": settings.short_title,
            "url": self.address("/"), "inLanguage": "zh-CN", "description": settings.description,
            "publisher": { "@type": "GovernmentOrganization", "name": settings.operator, "telephone": settings.hotline },
            "potentialAction": { "@type": "SearchAction", "target": search, "query-input": "required name=q" },
        }));
    }

    /// The graph as text in which nothing can close the element around it.
    pub(super) fn text(self) -> String {
        let graph = json!({ "@context": "https://schema.org", "@graph": self.nodes });
        graph.to_string().replace('<', "\\u003c")
    }
}
