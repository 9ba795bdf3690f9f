//! What editors recommend must be there, and should count.

use std::sync::Arc;

use crate::City;
use crate::city::Found;
use crate::mistake::{Fault, Mistakes, Place};
use crate::source::{BEST_BETS, instead};

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let file: Arc<str> = Arc::from(BEST_BETS);
    for (position, bet) in city.tables.best_bets.iter().enumerate() {
        for (key, records) in [("records", &bet.records), ("bury", &bet.bury)] {
            for (at, record) in records.iter().enumerate() {
                let fault = match city.find(record) {
                    None => unknown(city, record),
                    // What is buried may well have ended.
                    Some(found) if key == "records" => ended(city, record, found),
                    Some(_) => None,
                };
                if let Some(fault) = fault {
                    mistakes.add(Place::key(&file, format!("best_bets.{position}.{key}.{at}")), fault);
                }
            }
        }
    }
}

fn unknown(city: &City, record: &str) -> Option<Fault> {
    let otherwise =
        ("写成 policy:<政策 id> 或者 question:<问答 id>", "write policy:<policy id> or question:<question id>");
    let (hint_zh, hint_en) = match record.split_once(':') {
        // A record that could not be read is not missing.
        Some(("policy", id)) if city.is_troubled(id) => return None,
        Some(("question", _)) if city.troubled.iter().any(|file| file.starts_with("questions/")) => return None,
        Some(("policy", id)) => instead(id, city.policy_index.keys().map(String::as_str), otherwise),
        Some(("question", id)) => instead(id, city.questions.iter().map(|entry| &*entry.question.id), otherwise),
        _ => (otherwise.0.to_owned(), otherwise.1.to_owned()),
    };
    Some(Fault::BetUnknown { record: record.to_owned(), hint_zh, hint_en })
}

fn ended(city: &City, record: &str, found: Found) -> Option<Fault> {
    let (zh, en) = match found {
        Found::Policy(ix) => {
            let validity = city.policies.get(ix)?.validity;
            validity.is_dead().then(|| (validity.zh().to_owned(), validity.id().to_owned()))?
        }
        Found::Question(ix) => {
            let entry = city.questions.get(ix)?;
            (!city.is_live(entry)).then(|| ("口径已经过期".to_owned(), "an answer past its day".to_owned()))?
        }
    };
    Some(Fault::BetDead { record: record.to_owned(), zh, en })
}
