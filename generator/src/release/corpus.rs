//! What a device makes the search from: a text for each record, and one for what no record says, at hidden paths.

use yima_model::catalogue::Kind;
use yima_pack::reader::HIDDEN;

use crate::city::City;
use crate::search;

/// The path of what no record says.
const COMMON: &str = "common";

/// Every path, with the place of its record.
pub(super) fn entries(city: &City) -> impl Iterator<Item = (String, Option<usize>)> {
    let record = |place: u32| {
        let (kind, id) = search::record_name(city, place)?;
        Some((format!("{HIDDEN}{}/{id}", folder(kind)), usize::try_from(place).ok()))
    };
    let records = (0..search::records(city)).filter_map(record);
    std::iter::once((format!("{HIDDEN}{COMMON}"), None)).chain(records)
}

/// The text at a path; none where there is none.
pub(super) fn text(city: &City, path: &str) -> Option<String> {
    let path = path.strip_prefix(HIDDEN)?;
    if path == COMMON {
        return Some(search::common_text(city));
    }
    let (kind, id) = path.split_once('/')?;
    let place = if kind == folder(Kind::Policy) {
        *city.policy_index.get(id)?
    } else {
        city.policies.len() + city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id)).ok()?
    };
    Some(search::record_text(city, u32::try_from(place).ok()?))
}

const fn folder(kind: Kind) -> &'static str {
    match kind {
        Kind::Policy => "policy",
        Kind::Question => "question",
    }
}
