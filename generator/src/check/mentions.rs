//! Documents that a text names but no relation does: a suggestion to the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yima_model::document_number::normalise;
use yima_model::record::Target;

use crate::City;
use crate::city::PolicyIx;
use crate::markdown::Mention;
use crate::mistake::{At, Fault, Mistakes, Place};

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let titles: BTreeMap<&str, PolicyIx> = city
        .policies
        .iter()
        .enumerate()
        .flat_map(|(ix, entry)| {
            let title = entry.policy.title.as_str();
            [Some(bare(title)), Some(bare(entry.policy.short())), issued(title)]
                .into_iter()
                .flatten()
                .map(move |name| (name, ix))
        })
        .collect();
    let numbers: BTreeMap<&str, PolicyIx> = city
        .policies
        .iter()
        .enumerate()
        .flat_map(|(ix, entry)| entry.policy.document_numbers.iter().map(move |number| (number.as_str(), ix)))
        .collect();
    for (ix, entry) in city.policies.iter().enumerate() {
        let mut known: Option<BTreeSet<PolicyIx>> = None;
        let mut found = |mention: &str, to: PolicyIx| {
            let known = known.get_or_insert_with(|| related(city, ix));
            if known.insert(to) {
                let target = &city.policies[to].policy;
                let fault = Fault::Unrelated {
                    mention: mention.to_owned(),
                    id: target.id.clone(),
                    title: super::quoted(&target.title),
                };
                let place = Place { file: Arc::clone(&entry.file), at: At::Words(mention.to_owned()) };
                mistakes.add(place, fault);
            }
        };
        for mention in &entry.body.mentions {
            match mention {
                Mention::Title(title) => {
                    if let Some(&to) = titles.get(title.as_str()) {
                        found(&format!("《{title}》"), to);
                    }
                }
                Mention::Number(written) => {
                    if let Some(number) = normalise(written)
                        && let Some((start, &to)) = (0..number.len())
                            .filter(|&start| number.is_char_boundary(start))
                            .find_map(|start| numbers.get(&number[start..]).map(|to| (start, to)))
                    {
                        // What stands before the bracket is the same in both; the words before the number are not
                        // part of it.
                        found(written.get(start..).unwrap_or(written), to);
                    }
                }
            }
        }
    }
}

/// A title without its own 《》.
fn bare(title: &str) -> &str {
    title.strip_prefix('《').and_then(|title| title.strip_suffix('》')).unwrap_or(title)
}

/// What a notice only carries: `办法` in `关于印发《办法》的通知`.
fn issued(title: &str) -> Option<&str> {
    let (_, rest) = title.split_once("印发《").or_else(|| title.split_once("公布《"))?;
    rest.rsplit_once('》').map(|(inner, _)| inner)
}

/// The policy itself and all it is related with, either way.
fn related(city: &City, ix: PolicyIx) -> BTreeSet<PolicyIx> {
    let entry = &city.policies[ix];
    let outgoing = entry.policy.relations.iter().filter_map(|relation| match &relation.target {
        Target::Policy(id) => city.policy_index.get(id).copied(),
        Target::External { .. } => None,
    });
    outgoing.chain(entry.incoming.iter().map(|incoming| incoming.from)).chain([ix]).collect()
}
