//! The head of a page: what search engines, messengers and the government's own collectors read.
//!
//! Meta names follow the 《政府网站发展指引》 (国办发〔2017〕47号): SiteName, SiteDomain and SiteIDCode on every page;
//! ColumnName and ColumnType on lists; ArticleTitle, PubDate and ContentSource on articles. Structured data follows
//! schema.org.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::view::{Link, legal_force};
use super::words;
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

/// JSON-LD of one page, to be closed by [`Graph::text`]. Every node is written as soon as it is known.
pub(super) struct Graph<'a> {
    city: &'a City,
    json: Vec<u8>,
}

/// A node that is only named.
#[derive(Serialize)]
struct Thing<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Breadcrumbs<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    item_list_element: Vec<Breadcrumb<'a>>,
}

#[derive(Serialize)]
struct Breadcrumb<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: &'a str,
    item: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Legislation<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: &'a str,
    url: &'a str,
    name: &'a str,
    /// Another one than its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternate_name: Option<&'a str>,
    r#abstract: &'a str,
    in_language: &'static str,
    legislation_identifier: Vec<&'a str>,
    legislation_type: &'a str,
    legislation_date: String,
    date_published: String,
    legislation_passed_by: Thing<'a>,
    legislation_jurisdiction: Thing<'a>,
    legislation_legal_force: &'static str,
    temporal_coverage: String,
    keywords: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encoding: Vec<Json>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    description: &'a str,
    audience: Audience<'a>,
    provider: Thing<'a>,
    area_served: Thing<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_channel: Option<Json>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Audience<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    audience_type: &'a str,
}

impl<'a> Graph<'a> {
    /// Begins with the breadcrumbs: `crumbs` lead to the page called `here` at `path`.
    pub(super) fn new(city: &'a City, crumbs: &[Link<'_>], here: &str, path: &str) -> Self {
        let mut json = Vec::with_capacity(2048);
        json.extend_from_slice(br#"{"@context":"https://schema.org","@graph":["#);
        let mut graph = Self { city, json };
        let steps = crumbs.iter().map(|crumb| (crumb.href.as_str(), crumb.text)).chain([(path, here)]);
        let item_list_element = steps
            .enumerate()
            .map(|(at, (href, name))| Breadcrumb {
                kind: "ListItem",
                position: at + 1,
                name,
                item: graph.address(href),
            })
            .collect();
        graph.add(&Breadcrumbs { kind: "BreadcrumbList", item_list_element });
        graph
    }

    fn address(&self, path: &str) -> String {
        format!("https://{}{path}", self.city.settings.host)
    }

    fn add(&mut self, node: &impl Serialize) {
        if self.json.last() == Some(&b'}') {
            self.json.push(b',');
        }
        // Text, numbers and lists of them always are JSON, and writing to memory does not fail.
        let _ = serde_json::to_writer(&mut self.json, node);
    }

    /// The document itself, and one service for each benefit.
    pub(super) fn legislation(&mut self, entry: &PolicyEntry, issuer: &str, genre: &str) {
        let (city, policy) = (self.city, &entry.policy);
        let page = self.address(&Address::Policy(&policy.id).to_string());
        let mut numbers: Vec<&str> = policy.document_numbers.iter().map(String::as_str).collect();
        numbers.push(&policy.index_number);
        let organization = || Thing { kind: "GovernmentOrganization", name: issuer };
        let area = || Thing { kind: "AdministrativeArea", name: &city.settings.city };
        let files = policy.attachments.iter().map(|file| {
            let path = Address::Attachment(&policy.id, &file.file).to_string();
            json!({ "@type": "MediaObject", "name": file.title, "contentUrl": self.address(&path),
                    "contentSize": file.bytes.to_string(), "sha256": file.sha256 })
        });
        let encoding = files.collect();
        self.add(&Legislation {
            kind: "Legislation",
            id: &page,
            url: &page,
            name: &policy.title,
            alternate_name: Some(policy.short()).filter(|short| *short != policy.title),
            r#abstract: &policy.summary,
            in_language: "zh-CN",
            legislation_identifier: numbers,
            legislation_type: genre,
            legislation_date: words::iso(policy.written),
            date_published: words::iso(policy.published),
            legislation_passed_by: organization(),
            legislation_jurisdiction: area(),
            legislation_legal_force: legal_force(entry.validity),
            temporal_coverage: match entry.lifespan.last_day() {
                Some(last) => format!("{}/{last}", policy.effective),
                None => format!("{}/..", policy.effective),
            },
            keywords: &policy.keywords,
            encoding,
        });
        for benefit in &policy.benefits {
            self.add(&Service {
                kind: "GovernmentService",
                name: &benefit.title,
                description: &benefit.gives,
                audience: Audience { kind: "Audience", audience_type: &benefit.who },
                provider: organization(),
                area_served: area(),
                url: benefit.entry.as_deref(),
                available_channel: benefit.phone.as_ref().map(|phone| {
                    json!({ "@type": "ServiceChannel",
                            "servicePhone": { "@type": "ContactPoint", "telephone": phone } })
                }),
            });
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
            self.add(&json!({ "@type": "FAQPage", "mainEntity": entities }));
        }
    }

    /// The site and who runs it, for the home page.
    pub(super) fn site(&mut self) {
        let settings = &self.city.settings;
        let search = format!("https://{}/search/?q={{q}}", settings.host);
        let site = json!({
            "@type": "WebSite", "name": settings.title, "alternateName": settings.short_title,
            "url": self.address("/"), "inLanguage": "zh-CN", "description": settings.description,
            "publisher": { "@type": "GovernmentOrganization", "name": settings.operator, "telephone": settings.hotline },
            "potentialAction": { "@type": "SearchAction", "target": search, "query-input": "required name=q" },
        });
        self.add(&site);
    }

    /// The graph as text in which nothing can close the element around it.
    pub(super) fn text(mut self) -> String {
        self.json.extend_from_slice(b"]}");
        let text = simdutf8::basic::from_utf8(&self.json).unwrap_or_default();
        if memchr::memchr(b'<', text.as_bytes()).is_some() { text.replace('<', "\\u003c") } else { text.to_owned() }
    }
}
