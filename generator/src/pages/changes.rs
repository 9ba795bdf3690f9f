//! `offline/changes.json`: what changed lately and what ends soon, for a device that compares it with what it held before.
//!
//! Only the newest changes: a week's update must stay small, and a device that was away for longer is told the dates.

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use yima_model::Date;
use yima_model::validity::days_between;

use super::Renderer;
use crate::change;

/// Changes that are listed, the newest first.
const CHANGES: usize = 300;

/// Records that are listed because they end soon, the next first.
const ENDING: usize = 100;

#[derive(Serialize)]
struct File<'a> {
    as_of: String,
    expiring_days: u16,
    /// The oldest day of which every change is listed.
    since: Option<String>,
    records: Vec<Record<'a>>,
}

/// A policy, or a question when it has no days of its own.
#[derive(Clone, Serialize)]
struct Record<'a> {
    address: String,
    id: &'a str,
    title: &'a str,
    themes: Vec<&'a str>,
    #[serde(serialize_with = "iso")]
    changed: Date,
    /// Differs when anything that is shown of the record differs.
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso_if_any")]
    published: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso_if_any")]
    expires: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso_if_any")]
    repealed: Option<Date>,
}

fn iso<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

#[expect(clippy::ref_option, reason = "the derive hands a field over as it is")]
fn iso_if_any<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.collect_str(day),
        None => to.serialize_none(),
    }
}

/// The whole file.
pub(super) fn file(site: &Renderer<'_>) -> String {
    let city = site.city;
    let mut records: Vec<Record<'_>> = Vec::with_capacity(city.policies.len() + city.questions.len());
    for entry in &city.policies {
        let policy = &entry.policy;
        records.push(Record {
            address: format!("/policy/{}/", policy.id),
            id: &policy.id,
            title: policy.short_title.as_deref().unwrap_or(&policy.title),
            themes: policy.themes.iter().map(String::as_str).collect(),
            changed: change::of_policy(city, entry),
            digest: String::new(),
            published: Some(policy.published),
            expires: entry.lifespan.expires,
            repealed: entry.lifespan.repealed,
        });
    }
    for entry in &city.questions {
        let question = &entry.question;
        records.push(Record {
            address: format!("/question/{}/", question.id),
            id: &question.id,
            title: &question.question,
            themes: vec![&question.theme],
            changed: change::of_question(entry),
            digest: String::new(),
            published: None,
            expires: None,
            repealed: None,
        });
    }
    records.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.address.cmp(&b.address)));
    let since = records.get(CHANGES).map(|next| next.changed.to_string());
    let rest = records.split_off(CHANGES.min(records.len()));
    let days = |record: &Record<'_>| record.expires.map(|last| days_between(city.today, last));
    let soon = 0..=i32::from(city.settings.expiring_days);
    let mut ending: Vec<Record<'_>> =
        rest.into_iter().filter(|record| days(record).is_some_and(|left| soon.contains(&left))).collect();
    ending.sort_by_key(|record| record.expires);
    records.extend(ending.into_iter().take(ENDING));
    for record in &mut records {
        record.digest = digest(site, record);
    }
    let file = File { as_of: city.today.to_string(), expiring_days: city.settings.expiring_days, since, records };
    serde_json::to_string(&file).unwrap_or_default()
}

/// Eight digits of a digest of what an editor may change in a record.
fn digest(site: &Renderer<'_>, record: &Record<'_>) -> String {
    let city = site.city;
    let mut hash = Sha256::new();
    hash.update(record.title);
    if let Some(entry) = city.policy_index.get(record.id).and_then(|&ix| city.policies.get(ix)) {
        hash.update(entry.body.text());
        hash.update(format!("{:?}", entry.lifespan));
    } else if let Ok(place) = city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(record.id))
        && let Some(entry) = city.questions.get(place)
    {
        hash.update(&entry.question.answer);
    }
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
