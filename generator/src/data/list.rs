//! `data/policies.json`, `data/theme/<id>.json`, …: lists of policies, newest first, all in the same shape.

use serde::Serialize;

use super::view::{Card, Day, Linked, Named, ValidityView, day};
use crate::City;
use crate::address::{Absolute, Address};
use crate::change;
use crate::city::{PolicyEntry, PolicyIx};
use crate::codes::RecordKey;
use crate::listing::{self, Facet, Shelf};

#[derive(Serialize)]
pub(super) struct View<'a> {
    /// Which way to divide the policies; none for the list of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    facet: Option<Named<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    title: &'a str,
    url: Absolute<'a>,
    feed_url: Absolute<'a>,
    total: usize,
    policies: Vec<Row<'a>>,
}

/// A policy on a list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_title: Option<&'a str>,
    url: Absolute<'a>,
    data_url: Absolute<'a>,
    #[serde(flatten)]
    card: Option<Card<'a>>,
    index_number: &'a str,
    document_numbers: &'a [String],
    issuer: Linked<'a>,
    written: Day,
    published: Day,
    effective: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repealed: Option<Day>,
    updated: Day,
    validity: ValidityView<'a>,
    theme: Linked<'a>,
    citywide: bool,
}

impl<'a> Row<'a> {
    fn of(city: &'a City, entry: &'a PolicyEntry) -> Self {
        let host = &city.settings.host;
        let policy = &entry.policy;
        Self {
            id: &policy.id,
            title: &policy.title,
            short_title: policy.short_title.as_deref(),
            url: Address::Policy(&policy.id).absolute(host),
            data_url: Address::PolicyData(&policy.id).absolute(host),
            card: city.codes.of(&RecordKey::Policy(policy.id.clone())).map(|code| Card::new(city, code)),
            index_number: &policy.index_number,
            document_numbers: &policy.document_numbers,
            issuer: Linked::new(city, Facet::Department, &policy.issuer),
            written: Day(policy.written),
            published: Day(policy.published),
            effective: Day(policy.effective),
            expires: day(policy.expires),
            repealed: day(policy.repealed),
            updated: Day(change::of_policy(city, entry)),
            validity: ValidityView::of(city, entry),
            theme: Linked::new(city, Facet::Theme, policy.theme()),
            citywide: listing::is_citywide(policy),
        }
    }
}

/// Every policy.
pub(super) fn all<'a>(city: &'a City, policies: &[PolicyIx]) -> View<'a> {
    let host = &city.settings.host;
    View {
        facet: None,
        id: None,
        title: "全部政策",
        url: Address::Policies(1).absolute(host),
        feed_url: Address::Feed("policies.xml").absolute(host),
        total: policies.len(),
        policies: rows(city, policies),
    }
}

/// The policies of one value of a facet.
pub(super) fn shelf<'a>(city: &'a City, facet: Facet, shelf: &'a Shelf) -> View<'a> {
    let host = &city.settings.host;
    View {
        facet: Some(Named { id: facet.id(), name: facet.zh() }),
        id: Some(&shelf.id),
        title: &shelf.name,
        url: Address::List(facet, &shelf.id, 1).absolute(host),
        feed_url: Address::ListFeed(facet, &shelf.id).absolute(host),
        total: shelf.policies.len(),
        policies: rows(city, &shelf.policies),
    }
}

fn rows<'a>(city: &'a City, policies: &[PolicyIx]) -> Vec<Row<'a>> {
    policies.iter().filter_map(|&ix| city.policies.get(ix)).map(|entry| Row::of(city, entry)).collect()
}
