//! When a record last changed, as far as its own dates say: for feeds, data and the sitemap, which must not ask a clock.

use yima_model::validity::{date_of_day_number, day_number};
use yima_model::{Date, StageStatus, Validity};

use crate::City;
use crate::city::{PolicyEntry, PolicyIx, QuestionEntry};

/// The last day up to the build date on which something about the policy changed: it was published, came into force,
/// was amended, began to expire, ended, or a stage of its life cycle was made public.
#[must_use]
pub fn of_policy(city: &City, entry: &PolicyEntry) -> Date {
    let life = &entry.lifespan;
    // Of the days that only follow from others, those count on which the record really changes.
    let turn = |day: Option<Date>, to| day.filter(|&day| life.on(day, city.settings.expiring_days) == to);
    let warned = |last| date_of_day_number(day_number(last) - i32::from(city.settings.expiring_days));
    let expiring = turn(life.expires.and_then(warned), Validity::Expiring);
    let expired = turn(life.expires.and_then(|last| last.tomorrow().ok()), Validity::Expired);
    let open = |status| matches!(status, StageStatus::Published | StageStatus::Ongoing);
    let stages = entry.policy.stages.iter().filter(|record| open(record.status)).filter_map(|record| record.date);
    [Some(life.effective), life.repealed, life.amended, expiring, expired]
        .into_iter()
        .flatten()
        .chain(stages)
        .filter(|&day| day <= city.today)
        .fold(entry.policy.published, Date::max)
}

/// The day on which the answer was last checked.
#[must_use]
pub const fn of_question(entry: &QuestionEntry) -> Date {
    entry.question.checked
}

/// The last day on which any of these policies changed; `None` when there are none.
pub fn of_policies(city: &City, policies: impl IntoIterator<Item = PolicyIx>) -> Option<Date> {
    policies.into_iter().filter_map(|ix| city.policies.get(ix)).map(|entry| of_policy(city, entry)).max()
}
