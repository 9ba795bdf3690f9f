//! The relations of a policy, both ways.

use serde::Serialize;
use yima_model::record::{Policy, Target};

use super::view::{Named, Written, written};
use crate::City;
use crate::address::Address;
use crate::city::PolicyEntry;

#[derive(Serialize)]
pub(super) struct Relations<'a> {
    outgoing: Vec<RelationView<'a>>,
    incoming: Vec<RelationView<'a>>,
}

impl<'a> Relations<'a> {
    pub(super) fn of(city: &'a City, entry: &'a PolicyEntry) -> Self {
        Self { outgoing: outgoing(city, &entry.policy), incoming: incoming(city, entry) }
    }
}

/// A relation in either direction; the document is the one at the other end.
#[derive(Serialize)]
struct RelationView<'a> {
    kind: Named<'a>,
    title: &'a str,
    /// Of a policy of this site.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Written<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validity: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> RelationView<'a> {
    fn here(city: &'a City, kind: Named<'a>, other: &'a PolicyEntry, note: Option<&'a str>) -> Self {
        Self {
            kind,
            title: &other.policy.title,
            id: Some(&other.policy.id),
            number: other.policy.document_numbers.first().map(String::as_str),
            url: Some(Written::Here(Address::Policy(&other.policy.id).absolute(&city.settings.host))),
            validity: Some(Named { id: other.validity.id(), name: other.validity.zh() }),
            note,
        }
    }
}

fn outgoing<'a>(city: &'a City, policy: &'a Policy) -> Vec<RelationView<'a>> {
    let rows = policy.relations.iter().filter_map(|relation| {
        let kind = Named { id: relation.kind.id(), name: relation.kind.zh() };
        let note = relation.note.as_deref();
        match &relation.target {
            // `check` reports a policy that is not there.
            Target::Policy(id) => city.policy(id).map(|other| RelationView::here(city, kind, other, note)),
            Target::External { title, number, url } => Some(RelationView {
                kind,
                title,
                id: None,
                number: number.as_deref(),
                url: url.as_deref().map(|url| written(city, url)),
                validity: None,
                note,
            }),
        }
    });
    rows.collect()
}

fn incoming<'a>(city: &'a City, entry: &'a PolicyEntry) -> Vec<RelationView<'a>> {
    let rows = entry.incoming.iter().filter_map(|relation| {
        let kind = Named { id: relation.kind.id(), name: relation.kind.inverse_zh() };
        let other = city.policies.get(relation.from)?;
        Some(RelationView::here(city, kind, other, relation.note.as_deref()))
    });
    rows.collect()
}
