//! `/`: the door of the site.

use serde::Serialize;
use yima_model::Validity;
use yima_model::validity::days_between;

use super::lists::{self, Group, Row};
use super::meta::{Alternate, Column, Head};
use super::view::{Deadline, Link};
use super::{Renderer, words};
use crate::address::Address;
use crate::city::PolicyIx;
use crate::listing::Facet;
use crate::site::RenderError;

/// Rows in each of the three short lists.
const ROWS: usize = 5;

#[derive(Serialize)]
struct View<'a> {
    themes: Vec<Group<'a>>,
    audiences: Vec<Group<'a>>,
    ending: Vec<Ending<'a>>,
    begun: Vec<Row<'a>>,
    latest: Vec<Row<'a>>,
    numbers: Numbers,
}

/// Something whose last day is near.
#[derive(Serialize)]
struct Ending<'a> {
    href: String,
    title: &'a str,
    what: &'static str,
    deadline: Deadline,
}

/// What the site holds on the build date.
#[derive(Serialize)]
struct Numbers {
    policies: String,
    live: String,
    questions: String,
    benefits: String,
    departments: usize,
    codes: String,
}

pub(super) fn page(site: &Renderer<'_>) -> Result<String, RenderError> {
    let settings = &site.city.settings;
    let mut graph = site.graph(&[], &settings.title, "/");
    graph.site();
    let head = Head {
        title: settings.title.clone(),
        description: settings.description.clone(),
        path: "/".to_owned(),
        column: Column { name: "首页", kind: "首页" },
        article: None,
        alternates: vec![Alternate::feed("/feeds/policies.xml".to_owned(), "最新政策".to_owned())],
        structured: graph.text(),
        hidden: false,
    };
    let view = View {
        themes: lists::groups(site, Facet::Theme),
        audiences: lists::groups(site, Facet::Audience),
        ending: ending(site),
        begun: begun(site),
        latest: site.shelves.all.iter().take(ROWS).filter_map(|&ix| Row::of(site, ix)).collect(),
        numbers: numbers(site),
    };
    site.show("home.html", &head, &[], None, view)
}

/// The nearest last days: of live policies and of windows to apply.
fn ending<'a>(site: &'a Renderer<'_>) -> Vec<Ending<'a>> {
    let city = site.city;
    let near = |last| {
        let days = days_between(city.today, last);
        (0..=i32::from(city.settings.expiring_days)).contains(&days)
    };
    let mut found = Vec::new();
    for entry in city.policies.iter().filter(|entry| entry.validity.is_live()) {
        let policy = &entry.policy;
        if let Some(last) = policy.expires.filter(|&last| near(last)) {
            found.push((last, Address::Policy(&policy.id).to_string(), policy.short(), "政策到期"));
        }
        for benefit in &policy.benefits {
            if let Some(last) = benefit.closes.filter(|&last| near(last)) {
                found.push((
                    last,
                    Address::Benefit(&policy.id, &benefit.id).to_string(),
                    benefit.title.as_str(),
                    "申报截止",
                ));
            }
        }
    }
    found.sort();
    let rows = found.into_iter().take(ROWS);
    rows.map(|(last, href, title, what)| Ending { href, title, what, deadline: Deadline::new(city.today, last) })
        .collect()
}

/// Live policies by the day they came into force, newest first.
fn begun<'a>(site: &'a Renderer<'_>) -> Vec<Row<'a>> {
    let policies = &site.city.policies;
    let mut live: Vec<PolicyIx> = (0..policies.len()).filter(|&ix| policies[ix].validity.is_live()).collect();
    live.sort_by_key(|&ix| std::cmp::Reverse(policies[ix].policy.effective));
    live.into_iter().take(ROWS).filter_map(|ix| Row::of(site, ix)).collect()
}

fn numbers(site: &Renderer<'_>) -> Numbers {
    let city = site.city;
    let live = city.policies.iter().filter(|entry| entry.validity.is_live());
    let benefits: usize = city
        .policies
        .iter()
        .filter(|entry| matches!(entry.validity, Validity::InForce | Validity::Expiring | Validity::Amended))
        .map(|entry| entry.policy.benefits.len())
        .sum();
    let departments = site.shelves.of(Facet::Department).iter().filter(|shelf| !shelf.policies.is_empty());
    Numbers {
        policies: words::count(city.policies.len()),
        live: words::count(live.count()),
        questions: words::count(city.questions.len()),
        benefits: words::count(benefits),
        departments: departments.count(),
        codes: words::count(city.codes.by_code.len()),
    }
}

/// Breadcrumbs that lead home.
pub(super) fn crumbs() -> [Link<'static>; 1] {
    [Link::new("/", "首页")]
}
