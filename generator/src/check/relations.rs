//! Relations that dangle, go in circles, or outlived what they rest on.

use yima_model::RelationKind;
use yima_model::record::Target;

use crate::City;
use crate::city::PolicyIx;
use crate::mistake::{Fault, Mistakes, Place};

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    for (ix, entry) in city.policies.iter().enumerate() {
        for relation in &entry.policy.relations {
            let Target::Policy(id) = &relation.target else { continue };
            let place = Place::row(&entry.file, "relations", "to", id);
            let Some(&to) = city.policy_index.get(id) else {
                if let Some(fault) = super::dangling(city, id) {
                    mistakes.add(place, fault);
                }
                continue;
            };
            if to == ix {
                mistakes.add(place, Fault::SelfRelation);
                continue;
            }
            let target = &city.policies[to];
            let rests_on = matches!(relation.kind, RelationKind::BasedOn | RelationKind::Implements);
            let sure = !city.troubled.contains(&entry.file) && !city.troubled.contains(&target.file);
            if rests_on && target.validity.is_dead() && !entry.validity.is_dead() && sure {
                let fault = Fault::RepealedBasis {
                    title: super::quoted(&target.policy.title),
                    zh: target.validity.zh().into(),
                    en: target.validity.id().into(),
                };
                mistakes.add(place, fault);
            }
        }
        for incoming in &entry.incoming {
            let ends = matches!(incoming.kind, RelationKind::Repeals | RelationKind::Replaces);
            if ends && entry.policy.repealed.is_none() && entry.policy.expires.is_none() && incoming.note.is_none() {
                let title = super::quoted(&city.policies[incoming.from].policy.title);
                mistakes.add(Place::key(&entry.file, "effective"), Fault::RepealMissing { title });
            }
        }
        if let Some(stage) = entry.policy.stage(yima_model::Stage::Publication)
            && let Some(date) = stage.date
            && date != entry.policy.published
        {
            let fault =
                Fault::PublicationDate { stage: date.to_string(), published: entry.policy.published.to_string() };
            mistakes.add(Place::key(&entry.file, "stages.publication.date"), fault);
        }
    }
    for cycle in cycles(city) {
        let Some(&first) = cycle.first() else { continue };
        let mut path: Vec<&str> = cycle.iter().map(|&ix| city.policies[ix].policy.id.as_str()).collect();
        path.push(&city.policies[first].policy.id);
        let fault = Fault::RelationCycle { path: path.join(" → ") };
        mistakes.add(Place::key(&city.policies[first].file, "relations"), fault);
    }
}

/// Circles of replaces and repeals, each once, starting at its smallest member.
fn cycles(city: &City) -> Vec<Vec<PolicyIx>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let edges = |ix: PolicyIx| {
        city.policies[ix].policy.relations.iter().filter_map(move |relation| match &relation.target {
            Target::Policy(id) if matches!(relation.kind, RelationKind::Repeals | RelationKind::Replaces) => {
                city.policy_index.get(id).copied().filter(|&to| to != ix)
            }
            _ => None,
        })
    };
    let mut marks = vec![Mark::New; city.policies.len()];
    let mut found = Vec::new();
    for start in 0..city.policies.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // Depth first without recursion: a chain may be as long as the city.
        let mut path = vec![(start, edges(start).collect::<Vec<_>>())];
        marks[start] = Mark::Open;
        while let Some((ix, waiting)) = path.last_mut() {
            let ix = *ix;
            match waiting.pop() {
                Some(to) if marks[to] == Mark::New => {
                    marks[to] = Mark::Open;
                    path.push((to, edges(to).collect()));
                }
                Some(to) if marks[to] == Mark::Open => {
                    let from = path.iter().position(|(step, _)| *step == to).unwrap_or(0);
                    let mut cycle: Vec<PolicyIx> = path[from..].iter().map(|(step, _)| *step).collect();
                    let smallest = cycle.iter().enumerate().min_by_key(|(_, ix)| **ix).map_or(0, |(at, _)| at);
                    cycle.rotate_left(smallest);
                    found.push(cycle);
                }
                Some(_) => {}
                None => {
                    marks[ix] = Mark::Done;
                    path.pop();
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
