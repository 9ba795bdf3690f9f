//! Answers whose ground is gone or has changed.

use yima_model::numeral::chinese;

use crate::City;
use crate::mistake::{Fault, Mistakes, Place};

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    for entry in &city.questions {
        let place = |key: &str| Place::key(&entry.file, format!("questions.{}.{key}", entry.position));
        let expired = entry.question.expires.filter(|&day| day < city.today);
        if let Some(day) = expired {
            mistakes.add(place("expires"), Fault::ExpiredAnswer { date: day.to_string() });
        } else if !entry.policies.is_empty()
            && entry.policies.len() == entry.question.bindings.len()
            && entry.policies.iter().all(|&ix| city.policies[ix].validity.is_dead())
            && !entry.policies.iter().any(|&ix| city.troubled.contains(&city.policies[ix].file))
        {
            let policies: Vec<&str> = entry.policies.iter().map(|&ix| city.policies[ix].policy.id.as_str()).collect();
            mistakes.add(place("policies"), Fault::DeadQuestion { policies: policies.join(" ") });
        }
        if !city.is_live(entry) {
            continue;
        }
        for clause in &entry.changed {
            let policy = city.policies[clause.policy].policy.id.clone();
            let at = entry.question.bindings.iter().position(|binding| binding.policy == policy).unwrap_or_default();
            let article = format!("第{}条", chinese(clause.article));
            let question = entry.question.id.clone();
            let (was, now) = (clause.was.to_string(), clause.now.to_string());
            mistakes
                .add(place(&format!("policies.{at}")), Fault::ClauseChanged { question, policy, article, was, now });
        }
    }
}
