//! What follows from the records without the words of their texts. Most edits change only words, and leave it as it is.
//!
//! An [`Outline`] knows what it was made of, and [`Outline::fits`] says whether another city is made of the same. What is
//! kept here may read nothing else of a city; `tests/again.rs` holds that against loading anew.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use yima_model::Date;
use yima_model::record::{Policy, Question, SiteSettings, Tables, Tombstone};

use crate::City;
use crate::city::ChangedClause;
use crate::codes::Codes;
use crate::listing::Shelves;
use crate::markdown::Body;
use crate::mistake::Mistakes;
use crate::plan::Recipe;
use crate::site::Site;

/// What was made of the records of a city.
#[derive(Debug)]
pub struct Outline {
    today: Date,
    settings: SiteSettings,
    tables: Tables,
    tombstones: Vec<Tombstone>,
    troubled: BTreeSet<Arc<str>>,
    policies: Vec<PolicyOf>,
    questions: Vec<Asked>,
    codes: Arc<Codes>,
    /// What [`crate::check`] says.
    pub(crate) mistakes: Mistakes,
    shelves: OnceLock<Arc<Shelves>>,
    /// The site last planned, with the paths of the static files it was planned for.
    site: Mutex<Option<Planned>>,
}

/// A question, its answer, its file and place there, and the clauses whose words have changed below it.
type Asked = (Arc<Question>, Arc<Body>, Arc<str>, usize, Vec<ChangedClause>);

/// A policy, its text, its file and where the text begins in it.
type PolicyOf = (Arc<Policy>, Arc<Body>, Arc<str>, u32);

type Planned = (Vec<String>, Arc<Site<Recipe>>);

impl Outline {
    /// Makes it.
    pub(crate) fn of(city: &City) -> Self {
        Self {
            today: city.today,
            settings: city.settings.clone(),
            tables: city.tables.clone(),
            tombstones: city.tombstones.clone(),
            troubled: city.troubled.clone(),
            policies: city
                .policies
                .iter()
                .map(|entry| {
                    (Arc::clone(&entry.policy), Arc::clone(&entry.body), Arc::clone(&entry.file), entry.body_line)
                })
                .collect(),
            questions: city
                .questions
                .iter()
                .map(|entry| {
                    let (question, answer) = (Arc::clone(&entry.question), Arc::clone(&entry.answer));
                    (question, answer, Arc::clone(&entry.file), entry.position, entry.changed.clone())
                })
                .collect(),
            codes: Arc::clone(&city.codes),
            mistakes: crate::check::check(city),
            shelves: OnceLock::new(),
            site: Mutex::new(None),
        }
    }

    /// Whether `city`, which may have no codes yet, differs at most in its codes and in words of its texts.
    pub(crate) fn fits(&self, city: &City) -> bool {
        self.today == city.today
            && self.policies.len() == city.policies.len()
            && self.questions.len() == city.questions.len()
            && self.settings == city.settings
            && self.tables == city.tables
            && self.tombstones == city.tombstones
            && self.troubled == city.troubled
            && self.policies.iter().zip(&city.policies).all(|((policy, body, file, line), entry)| {
                same(policy, &entry.policy)
                    && alike(body, &entry.body)
                    && *file == entry.file
                    && *line == entry.body_line
            })
            && self.questions.iter().zip(&city.questions).all(|((question, answer, file, position, changed), entry)| {
                same(question, &entry.question)
                    && alike(answer, &entry.answer)
                    && *file == entry.file
                    && *position == entry.position
                    && *changed == entry.changed
            })
    }

    /// Whether it was made with these very codes.
    pub(crate) fn has_codes(&self, codes: &Arc<Codes>) -> bool {
        Arc::ptr_eq(&self.codes, codes)
    }

    /// Which policies stand on which list. `city` is one that fits.
    pub(crate) fn shelves(&self, city: &City) -> Arc<Shelves> {
        Arc::clone(self.shelves.get_or_init(|| Arc::new(Shelves::new(city))))
    }

    /// The site that was planned for these static files, else what `plan` makes.
    pub(crate) fn site(
        &self,
        files: &[(&str, &[u8])],
        plan: impl FnOnce() -> Result<Site<Recipe>, Mistakes>,
    ) -> Result<Arc<Site<Recipe>>, Mistakes> {
        // Nothing in here panics; a poisoned lock would still hold a true answer.
        let mut planned = self.site.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((paths, site)) = &*planned
            && paths.iter().eq(files.iter().map(|(path, _)| path))
        {
            return Ok(Arc::clone(site));
        }
        let site = Arc::new(plan()?);
        *planned = Some((files.iter().map(|(path, _)| (*path).to_owned()).collect(), Arc::clone(&site)));
        Ok(site)
    }
}

/// One and the same, or equal. An unchanged file gives the very record it gave before.
fn same<T: PartialEq>(a: &Arc<T>, b: &Arc<T>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

fn alike(a: &Arc<Body>, b: &Arc<Body>) -> bool {
    Arc::ptr_eq(a, b) || a.is_alike(b)
}
