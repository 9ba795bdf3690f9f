//! Every address of the site, in one place: pages, cards, files of data, feeds.
//!
//! An address once published never changes its form. On the site it begins with `/`; [`Address::absolute`] puts the host
//! before it. Ids and names of attachments consist of unreserved characters, so nothing has to be escaped.

use std::fmt;

use serde::{Serialize, Serializer};
use yima_model::{Code, Stage};

use crate::listing::Facet;

/// Where something stands on the site. `Display` writes it with its leading slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address<'a> {
    /// `/`
    Home,
    /// `/policy/<id>/`
    Policy(&'a str),
    /// `/policy/<id>/#article-3`, or `#article-3-1` for 第三条之一
    Article(&'a str, u16, u16),
    /// `/policy/<id>/#benefit-<benefit id>`
    Benefit(&'a str, &'a str),
    /// `/policy/<id>/lifecycle/`
    Lifecycle(&'a str),
    /// `/policy/<id>/lifecycle/#<stage id>`
    Stage(&'a str, Stage),
    /// `/attachment/<policy id>/<file>`
    Attachment(&'a str, &'a str),
    /// `/attachment/questions/<question id>/<file>`: an answer as a picture, as sound or as a film
    Form(&'a str, &'a str),
    /// `/Q/<CODE>/`
    Card(Code),
    /// `/question/<id>/`
    Question(&'a str),
    /// `/questions/`
    Questions,
    /// `/questions/<theme>/` and its further pages, counted from 1
    QuestionTheme(&'a str, usize),
    /// `/policies/` and its further pages, counted from 1
    Policies(usize),
    /// `/theme/`, `/department/`, …
    Values(Facet),
    /// `/theme/<id>/` and its further pages, counted from 1
    List(Facet, &'a str, usize),
    /// `/data/policy/<id>.json`
    PolicyData(&'a str),
    /// `/data/questions/<theme>.json`
    QuestionData(&'a str),
    /// `/data/theme/<id>.json`
    ListData(Facet, &'a str),
    /// `/data/<name>`: a file of data that stands once, such as `policies.json`
    Data(&'a str),
    /// `/data/schema/<name>.json`
    Schema(&'a str),
    /// `/feeds/theme/<id>.xml`
    ListFeed(Facet, &'a str),
    /// `/feeds/<name>`: a feed that stands once, such as `policies.xml`
    Feed(&'a str),
    /// `/sitemap.xml`
    Sitemap,
    /// `/sitemap-<n>.xml`, counted from 1
    SitemapPart(usize),
    /// A path of this site as an editor wrote it, with its leading slash
    Written(&'a str),
}

impl<'a> Address<'a> {
    /// The address without its leading slash: what a plan names a file or a page by.
    #[must_use]
    pub fn on_site(self) -> String {
        self.to_string().split_off(1)
    }

    /// The address with `https` and the host before it.
    #[must_use]
    pub const fn absolute(self, host: &'a str) -> Absolute<'a> {
        Absolute { host, address: self }
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Home => f.write_str("/"),
            Self::Policy(id) => write!(f, "/policy/{id}/"),
            Self::Article(id, number, 0) => write!(f, "/policy/{id}/#article-{number}"),
            Self::Article(id, number, sub) => write!(f, "/policy/{id}/#article-{number}-{sub}"),
            Self::Benefit(id, benefit) => write!(f, "/policy/{id}/#benefit-{benefit}"),
            Self::Lifecycle(id) => write!(f, "/policy/{id}/lifecycle/"),
            Self::Stage(id, stage) => write!(f, "/policy/{id}/lifecycle/#{}", stage.id()),
            Self::Attachment(id, file) => write!(f, "/attachment/{id}/{file}"),
            Self::Form(id, file) => write!(f, "/attachment/questions/{id}/{file}"),
            Self::Card(code) => write!(f, "/Q/{code}/"),
            Self::Question(id) => write!(f, "/question/{id}/"),
            Self::Questions => f.write_str("/questions/"),
            Self::QuestionTheme(theme, page) => write!(f, "/questions/{theme}/{}", Page(page)),
            Self::Policies(page) => write!(f, "/policies/{}", Page(page)),
            Self::Values(facet) => write!(f, "/{}/", facet.id()),
            Self::List(facet, id, page) => write!(f, "/{}/{id}/{}", facet.id(), Page(page)),
            Self::PolicyData(id) => write!(f, "/data/policy/{id}.json"),
            Self::QuestionData(theme) => write!(f, "/data/questions/{theme}.json"),
            Self::ListData(facet, id) => write!(f, "/data/{}/{id}.json", facet.id()),
            Self::Data(name) => write!(f, "/data/{name}"),
            Self::Schema(name) => write!(f, "/data/schema/{name}.json"),
            Self::ListFeed(facet, id) => write!(f, "/feeds/{}/{id}.xml", facet.id()),
            Self::Feed(name) => write!(f, "/feeds/{name}"),
            Self::Sitemap => f.write_str("/sitemap.xml"),
            Self::SitemapPart(part) => write!(f, "/sitemap-{part}.xml"),
            Self::Written(path) => f.write_str(path),
        }
    }
}

/// The end of a list's address: nothing for the first page, `page/2/` for the second.
struct Page(usize);

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 1 { write!(f, "page/{}/", self.0) } else { Ok(()) }
    }
}

/// An address with `https` and a host before it, as text and as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absolute<'a> {
    host: &'a str,
    address: Address<'a>,
}

impl fmt::Display for Absolute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.host, self.address)
    }
}

impl Serialize for Absolute<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_of_a_list_has_no_number() {
        assert_eq!(Address::Policies(1).to_string(), "/policies/");
        assert_eq!(Address::List(Facet::Theme, "jiuye", 2).to_string(), "/theme/jiuye/page/2/");
        assert_eq!(Address::QuestionTheme("jiuye", 0).to_string(), "/questions/jiuye/");
    }

    #[test]
    fn an_address_is_known_in_three_forms() {
        let article = Address::Article("2025-foo", 3, 1);
        assert_eq!(article.to_string(), "/policy/2025-foo/#article-3-1");
        assert_eq!(article.on_site(), "policy/2025-foo/#article-3-1");
        assert_eq!(article.absolute("zc.example").to_string(), "https://zc.example/policy/2025-foo/#article-3-1");
        assert_eq!(Address::Home.on_site(), "");
    }
}
