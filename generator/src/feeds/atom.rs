//! Atom feeds (RFC 4287).
//!
//! The id of a feed is its address and the id of an entry is the address of the record, which never change. A feed is
//! as new as the newest change in it: building it again on another day alone changes nothing.

use std::cmp::Reverse;
use std::fmt::{self, Write as _};

use yima_model::{Date, Validity};
use yima_search::shelf::WHOLE_CITY;

use super::xml::{DECLARATION, Text, element};
use crate::City;
use crate::address::{Absolute, Address};
use crate::change;
use crate::city::{PolicyEntry, PolicyIx, QuestionEntry};
use crate::listing::{self, Facet, Shelf};

/// How many entries a feed has at most.
const ENTRIES: usize = 50;

/// The start of a day in China, as RFC 3339 wants it.
struct Midnight(Date);

impl fmt::Display for Midnight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T00:00:00+08:00", self.0)
    }
}

/// What stands before the entries.
struct Head<'a> {
    title: &'a str,
    subtitle: &'a str,
    /// The feed.
    own: Absolute<'a>,
    /// The page that shows the same.
    page: Absolute<'a>,
}

/// `feeds/policies.xml`; `policies` are all of them, newest first.
pub(super) fn newest(city: &City, policies: &[PolicyIx]) -> String {
    let host = &city.settings.host;
    let head = Head {
        title: "最新政策",
        subtitle: "最近发布的政策文件",
        own: Address::Feed("policies.xml").absolute(host),
        page: Address::Policies(1).absolute(host),
    };
    policy_feed(city, &head, policies.iter().copied().take(ENTRIES).collect(), None)
}

/// `feeds/changes.xml`
pub(super) fn changes(city: &City) -> String {
    let host = &city.settings.host;
    let head = Head {
        title: "最近变动的政策",
        subtitle: "最近发布、施行、修改、到期、废止或者公开了新环节的政策文件",
        own: Address::Feed("changes.xml").absolute(host),
        page: Address::Home.absolute(host),
    };
    let mut order: Vec<(Reverse<Date>, PolicyIx)> =
        city.policies.iter().enumerate().map(|(ix, entry)| (Reverse(change::of_policy(city, entry)), ix)).collect();
    order.sort_unstable();
    policy_feed(city, &head, order.into_iter().map(|(_, ix)| ix).take(ENTRIES).collect(), None)
}

/// `feeds/theme/<id>.xml` and its like.
pub(super) fn list(city: &City, facet: Facet, shelf: &Shelf) -> String {
    let host = &city.settings.host;
    let subtitle = match facet {
        Facet::District if shelf.id == WHOLE_CITY => "全市适用的政策文件".to_owned(),
        Facet::District => format!("{}和全市适用的政策文件", shelf.name),
        _ => format!("{}：{}", facet.zh(), shelf.name),
    };
    let head = Head {
        title: &shelf.name,
        subtitle: &subtitle,
        own: Address::ListFeed(facet, &shelf.id).absolute(host),
        page: Address::List(facet, &shelf.id, 1).absolute(host),
    };
    policy_feed(city, &head, shelf.policies.iter().copied().take(ENTRIES).collect(), Some(facet))
}

/// `feeds/questions.xml`
pub(super) fn questions(city: &City) -> String {
    let host = &city.settings.host;
    let head = Head {
        title: "最近核对的问答",
        subtitle: "最近经主管部门核对的政策问答",
        own: Address::Feed("questions.xml").absolute(host),
        page: Address::Questions.absolute(host),
    };
    let mut order: Vec<&QuestionEntry> = city.questions.iter().collect();
    order.sort_by_key(|entry| Reverse(change::of_question(entry)));
    order.truncate(ENTRIES);
    let mut out = open(city, &head, order.first().map(|entry| change::of_question(entry)));
    for entry in order {
        question(&mut out, city, entry);
    }
    out.push_str("</feed>\n");
    out
}

fn policy_feed(city: &City, head: &Head<'_>, policies: Vec<PolicyIx>, facet: Option<Facet>) -> String {
    let mut out = open(city, head, change::of_policies(city, policies.iter().copied()));
    for entry in policies.into_iter().filter_map(|ix| city.policies.get(ix)) {
        policy(&mut out, city, entry, facet);
    }
    out.push_str("</feed>\n");
    out
}

fn open(city: &City, head: &Head<'_>, updated: Option<Date>) -> String {
    let settings = &city.settings;
    // A feed without entries still needs a time, and this one does not move with the build date.
    let updated = updated.unwrap_or(Date::constant(2000, 1, 1));
    let note = if settings.demonstration { "（演示数据）" } else { "" };
    let mut out = String::with_capacity(64 * 1024);
    out.push_str(DECLARATION);
    out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n");
    let _ = writeln!(out, "<title>{} · {}</title>", Text(head.title), Text(&settings.title));
    let _ = writeln!(out, "<subtitle>{}{note}</subtitle>", Text(head.subtitle));
    element(&mut out, "id", head.own);
    element(&mut out, "updated", Midnight(updated));
    let _ = writeln!(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", head.own);
    let _ = writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", head.page);
    let _ = writeln!(out, "<author><name>{}</name></author>", Text(&settings.operator));
    let _ = writeln!(out, "<generator version=\"{}\">Yima</generator>", env!("CARGO_PKG_VERSION"));
    out
}

/// The entry of a policy on the feed of `facet`.
fn policy(out: &mut String, city: &City, entry: &PolicyEntry, facet: Option<Facet>) {
    let host = &city.settings.host;
    let policy = &entry.policy;
    let page = Address::Policy(&policy.id).absolute(host);
    let data = Address::PolicyData(&policy.id).absolute(host);
    let issuer = city.tables.departments.iter().find(|unit| unit.id == policy.issuer);
    out.push_str("<entry>\n");
    element(out, "title", Text(&policy.title));
    element(out, "id", page);
    element(out, "published", Midnight(policy.published));
    element(out, "updated", Midnight(change::of_policy(city, entry)));
    let _ = writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>");
    let _ = writeln!(out, "<link rel=\"alternate\" type=\"application/json\" href=\"{data}\"/>");
    let name = issuer.map_or(policy.issuer.as_str(), |unit| &unit.name);
    let _ = writeln!(out, "<author><name>{}</name></author>", Text(name));
    let theme = city.tables.themes.iter().find(|term| term.id == policy.theme());
    category(out, city, Facet::Theme, policy.theme(), theme.map(|term| term.name.as_str()));
    category(out, city, Facet::Validity, entry.validity.id(), Some(entry.validity.zh()));
    if facet == Some(Facet::District) && listing::is_citywide(policy) {
        category(out, city, Facet::District, WHOLE_CITY, Some("全市"));
    }
    let _ = writeln!(out, "<summary>{}{}</summary>", Text(&standing(entry)), Text(&policy.summary));
    out.push_str("</entry>\n");
}

fn category(out: &mut String, city: &City, facet: Facet, id: &str, label: Option<&str>) {
    let scheme = Address::Values(facet).absolute(&city.settings.host);
    let (term, label) = (Text(id), Text(label.unwrap_or(id)));
    let _ = writeln!(out, "<category scheme=\"{scheme}\" term=\"{term}\" label=\"{label}\"/>");
}

/// What must be known before the summary is believed: nothing for a record that is simply in force.
fn standing(entry: &PolicyEntry) -> String {
    let validity = entry.validity;
    let life = &entry.lifespan;
    let day = match validity {
        Validity::InForce => return String::new(),
        Validity::NotYet => Some(life.effective).map(|day| format!("{day}起施行")),
        Validity::Expiring => life.last_day().map(|day| format!("有效期至{day}")),
        Validity::Amended => life.amended.map(|day| format!("{day}起部分修改")),
        Validity::Expired => life.expires.map(|day| format!("有效期至{day}")),
        Validity::Repealed => life.repealed.map(|day| format!("{day}起废止")),
    };
    match day {
        Some(day) => format!("【{}，{day}】", validity.zh()),
        None => format!("【{}】", validity.zh()),
    }
}

fn question(out: &mut String, city: &City, entry: &QuestionEntry) {
    let question = &entry.question;
    let page = Address::Question(&question.id).absolute(&city.settings.host);
    let owner = city.tables.departments.iter().find(|unit| unit.id == question.department);
    let theme = city.tables.themes.iter().find(|term| term.id == question.theme);
    out.push_str("<entry>\n");
    element(out, "title", Text(&question.question));
    element(out, "id", page);
    element(out, "updated", Midnight(change::of_question(entry)));
    let _ = writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>");
    let name = owner.map_or(question.department.as_str(), |unit| &unit.name);
    let _ = writeln!(out, "<author><name>{}</name></author>", Text(name));
    category(out, city, Facet::Theme, &question.theme, theme.map(|term| term.name.as_str()));
    let answer = question.short.clone().unwrap_or_else(|| entry.answer.text());
    element(out, "summary", Text(answer.trim_end()));
    out.push_str("</entry>\n");
}
