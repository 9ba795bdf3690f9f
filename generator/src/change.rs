//! When a record last changed, as far as its own dates say: for feeds, data and the sitemap, which must not ask a clock.

use std::collections::BTreeMap;

use yima_model::validity::{date_of_day_number, day_number};
use yima_model::{Date, StageStatus, Validity};

use crate::City;
use crate::city::{PolicyEntry, PolicyIx, QuestionEntry};
use crate::codes::RecordKey;
use crate::listing::{Facet, Shelves};
use crate::pages::PageRecipe;

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
pub fn of_question(entry: &QuestionEntry) -> Date {
    entry.question.checked
}

/// The last day on which any of these policies changed; `None` when there are none.
pub fn of_policies(city: &City, policies: impl IntoIterator<Item = PolicyIx>) -> Option<Date> {
    policies.into_iter().filter_map(|ix| city.policies.get(ix)).map(|entry| of_policy(city, entry)).max()
}

/// When every page last changed, for the sitemap.
#[derive(Clone, Debug)]
pub struct Changes {
    /// In the order of [`City::policies`].
    policies: Vec<Date>,
    lists: BTreeMap<(Facet, u32), Date>,
    /// By the place of the theme in its table.
    themes: Vec<Option<Date>>,
}

impl Changes {
    /// Looks at every record once, and at every list once: a long list has many pages.
    #[must_use]
    pub fn new(city: &City, shelves: &Shelves) -> Self {
        let policies: Vec<Date> = city.policies.iter().map(|entry| of_policy(city, entry)).collect();
        let mut lists = BTreeMap::new();
        for facet in Facet::ALL {
            for (value, shelf) in (0..).zip(shelves.of(facet)) {
                let newest = shelf.listed().iter().filter_map(|&ix| policies.get(ix)).max();
                lists.extend(newest.map(|&day| ((facet, value), day)));
            }
        }
        let newest = |rows: &Vec<usize>| rows.iter().filter_map(|&ix| city.questions.get(ix)).map(of_question).max();
        let themes = shelves.questions.iter().map(newest).collect();
        Self { policies, lists, themes }
    }

    /// The day on which a page last changed; `None` when nothing says so.
    #[must_use]
    pub fn of_page(&self, city: &City, page: &PageRecipe) -> Option<Date> {
        let question = |ix: usize| city.questions.get(ix).map(of_question);
        match page {
            PageRecipe::Policy(ix) | PageRecipe::Lifecycle(ix) => self.policies.get(*ix).copied(),
            PageRecipe::Question(ix) => question(*ix),
            PageRecipe::Card(code) => match city.codes.by_code.get(code)? {
                RecordKey::Policy(id)
                | RecordKey::Stage(id, _)
                | RecordKey::Attachment(id, _)
                | RecordKey::Article(id, _) => city.policy_index.get(id).and_then(|&ix| self.policies.get(ix)).copied(),
                RecordKey::Question(id) => {
                    let place = city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id));
                    place.ok().and_then(question)
                }
            },
            PageRecipe::List { facet, value, .. } => self.lists.get(&(*facet, *value)).copied(),
            PageRecipe::QuestionTheme { theme, .. } => self.themes.get(*theme as usize).copied().flatten(),
            PageRecipe::Questions => self.themes.iter().flatten().max().copied(),
            PageRecipe::Home | PageRecipe::Policies(_) | PageRecipe::Values(_) => self.policies.iter().max().copied(),
            // These change with the program, not with a record.
            _ => None,
        }
    }
}

/// Whether a page belongs into the sitemap: not when it tells search engines to leave it alone.
#[must_use]
pub fn is_listed(city: &City, page: &PageRecipe) -> bool {
    match page {
        PageRecipe::Favourites
        | PageRecipe::Offline
        | PageRecipe::Changes
        | PageRecipe::NotFound
        | PageRecipe::Manifest => false,
        PageRecipe::Card(code) => city.codes.by_code.contains_key(code),
        _ => true,
    }
}
