//! Documents that a text names but no relation does: a suggestion to the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yima_model::document_number::normalise;
use yima_model::record::Target;

use crate::City;
use crate::city::PolicyIx;
use crate::mistake::{At, Fault, Mistakes, Place};

/// The longest title looked for between 《 and 》, in bytes.
const MAX_TITLE: usize = 400;
/// What people write before the year of a document number.
const BRACKETS: [char; 8] = ['〔', '[', '（', '(', '【', '﹝', '［', '{'];

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
        let text = &entry.body.text;
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
        for (at, _) in text.match_indices('《') {
            let inside = &text[at + '《'.len_utf8()..];
            let Some(end) = inside.find('》').filter(|&end| end <= MAX_TITLE) else { continue };
            if let Some(&to) = titles.get(&inside[..end]) {
                found(&text[at..at + '《'.len_utf8() + end + '》'.len_utf8()], to);
            }
        }
        let brackets = text.match_indices(BRACKETS).filter(|(at, bracket)| {
            text[at + bracket.len()..].starts_with(|ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch))
        });
        for (at, _) in brackets.chain(text.match_indices("令第")) {
            let Some(mention) = number_around(text, at) else { continue };
            if let Some(number) = normalise(mention)
                && let Some((start, &to)) = (0..number.len())
                    .filter(|&start| number.is_char_boundary(start))
                    .find_map(|start| numbers.get(&number[start..]).map(|to| (start, to)))
            {
                // What stands before the bracket is the same in both; the words before the number are not part of it.
                found(mention.get(start..).unwrap_or(mention), to);
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

/// `青屿人社发〔2025〕12号` or `青屿市人民政府令第31号` around what stands at `at`: letters before it, up to 号 after it.
fn number_around(text: &str, at: usize) -> Option<&str> {
    let start = text[..at]
        .char_indices()
        .rev()
        .take(20)
        .take_while(|(_, ch)| ch.is_alphanumeric())
        .last()
        .map(|(start, _)| start)?;
    let end = at + text[at..].char_indices().take(14).find(|(_, ch)| *ch == '号')?.0 + '号'.len_utf8();
    Some(&text[start..end])
}
