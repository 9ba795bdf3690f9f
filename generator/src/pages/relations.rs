//! How a document stands to others: links both ways in words, and what a reader must know before reading on.

use serde::Serialize;
use yima_model::record::Target;
use yima_model::{RelationKind, Validity};

use super::Renderer;
use super::view::ValidityView;
use crate::address::Address;
use crate::city::PolicyEntry;

/// Relations of one kind in one direction, under words that name it.
#[derive(Serialize)]
pub(super) struct RelationGroup<'a> {
    words: &'static str,
    items: Vec<Related<'a>>,
}

/// The other document.
#[derive(Serialize)]
struct Related<'a> {
    href: Option<String>,
    /// Whether the link leaves the site.
    outside: bool,
    title: &'a str,
    number: Option<&'a str>,
    note: Option<&'a str>,
    validity: Option<ValidityView>,
}

fn related<'a>(site: &'a Renderer<'_>, entry: &'a PolicyEntry, note: Option<&'a String>) -> Related<'a> {
    Related {
        href: Some(Address::Policy(&entry.policy.id).to_string()),
        outside: false,
        title: &entry.policy.title,
        number: entry.policy.document_numbers.first().map(String::as_str),
        note: note.map(String::as_str),
        validity: Some(ValidityView::of(entry, site.city.settings.expiring_days)),
    }
}

/// Relations both ways, in the order of their kinds.
pub(super) fn groups<'a>(site: &'a Renderer<'_>, entry: &'a PolicyEntry) -> Vec<RelationGroup<'a>> {
    let mut groups = Vec::new();
    for kind in RelationKind::ALL {
        let outgoing: Vec<Related<'_>> = entry
            .policy
            .relations
            .iter()
            .filter(|relation| relation.kind == kind)
            .filter_map(|relation| match &relation.target {
                Target::Policy(id) => site.city.policy(id).map(|other| related(site, other, relation.note.as_ref())),
                Target::External { title, number, url } => Some(Related {
                    href: url.clone(),
                    outside: true,
                    title,
                    number: number.as_deref(),
                    note: relation.note.as_deref(),
                    validity: None,
                }),
            })
            .collect();
        let incoming: Vec<Related<'_>> = entry
            .incoming
            .iter()
            .filter(|relation| relation.kind == kind)
            .filter_map(|relation| {
                let other = site.city.policies.get(relation.from)?;
                Some(related(site, other, relation.note.as_ref()))
            })
            .collect();
        for (words, items) in [(outgoing_words(kind), outgoing), (incoming_words(kind), incoming)] {
            if !items.is_empty() {
                groups.push(RelationGroup { words, items });
            }
        }
    }
    groups
}

const fn outgoing_words(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::BasedOn => "制定本文件的依据",
        RelationKind::Implements => "本文件落实的上级文件",
        RelationKind::Amends => "本文件修改了",
        RelationKind::Repeals => "本文件废止了",
        RelationKind::Replaces => "本文件替代了",
        RelationKind::Forwards => "本文件转发的文件",
        RelationKind::Interprets => "本文件解读的文件",
    }
}

const fn incoming_words(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::BasedOn => "以本文件为依据的文件",
        RelationKind::Implements => "落实本文件的文件",
        RelationKind::Amends => "修改本文件的文件",
        RelationKind::Repeals => "废止本文件的文件",
        RelationKind::Replaces => "替代本文件的文件",
        RelationKind::Forwards => "转发本文件的文件",
        RelationKind::Interprets => "解读本文件的文件",
    }
}

/// What a reader must know before reading on: what replaced, repealed or amended this document.
#[derive(Serialize)]
pub(super) struct Notice<'a> {
    words: &'static str,
    id: &'a str,
    title: &'a str,
    note: Option<&'a str>,
}

/// The notices of a policy, most binding first.
pub(super) fn notices<'a>(site: &'a Renderer<'_>, entry: &'a PolicyEntry) -> Vec<Notice<'a>> {
    let wanted = |kind: RelationKind| match kind {
        RelationKind::Replaces => Some("由这份文件替代"),
        RelationKind::Repeals if entry.validity == Validity::Repealed => Some("由这份文件废止"),
        RelationKind::Amends => Some("部分内容由这份文件修改"),
        _ => None,
    };
    let mut notices: Vec<Notice<'_>> = Vec::new();
    for incoming in entry.incoming.iter().rev() {
        let Some(words) = wanted(incoming.kind) else { continue };
        let Some(other) = site.city.policies.get(incoming.from) else { continue };
        if notices.iter().all(|notice| notice.id != other.policy.id) {
            let note = incoming.note.as_deref();
            notices.push(Notice { words, id: &other.policy.id, title: other.policy.short(), note });
        }
    }
    notices
}
