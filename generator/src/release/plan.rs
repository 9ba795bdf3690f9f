//! Which file of the site travels how, and with which others.
//!
//! - pages, attachments that are text, programs of the app, and what has no hash in its name go into packs: a record's
//!   pages together, records by theme, so that a theme is a stretch of segments
//! - styles, pictures and other attachments are objects as they stand
//! - the files of the search are made on the device: what they are made from, the corpus, travels with the pages that say
//!   the same ([`corpus`])
//! - data and feeds for other programs stay on the host

use std::collections::BTreeMap;

use yima_pack::seal::{Entry, Plan, Way};

use crate::city::City;
use crate::codes::RecordKey;
use crate::headers::{Transport, content_security_policy, headers};
use crate::pages::PageRecipe;
use crate::plan::Recipe;
use crate::project::Project;
use crate::site::Site;

use super::corpus;

/// The tiers, in the order of [`Plan::tiers`]; one for each theme follows.
const TIERS: [(&str, &str); 2] = [("shell", "界面"), ("core", "首页、目录、查找和问答目录")];
const SHELL: usize = 0;
const CORE: usize = 1;

/// Among the pages of a policy, those of its questions come after all others.
const QUESTIONS: u32 = 100_000;

/// What lists have alike: their rows, as `templates/row.html` begins and ends them.
const PASSAGES: [[&str; 2]; 1] = [["<li class=\"row\">", "</li>"]];

/// What stands before the day of the site on its pages: 截至 in sentences, the attribute that scripts read.
const DAY_MARKS: [&str; 2] = ["截至", "data-as-of=\""];

/// Pages of a list that travel together.
const LIST_PAGES: u32 = 8;

pub(super) fn plan(project: &Project, site: &Site<Recipe>, transport: Transport, sequence: u64) -> Plan {
    let city = &project.city;
    let themes = &city.tables.themes;
    let names = TIERS.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned()));
    let tiers = names.chain(themes.iter().map(|theme| (format!("theme/{}", theme.id), theme.name.clone()))).collect();
    let homes = Homes::new(city);
    let mut classes = Classes::new(project, transport);
    let mut entries = Vec::new();
    for (path, entry) in site.iter() {
        let crate::site::Content::Recipe(recipe) = &entry.content else { continue };
        let path = path.as_str();
        let Some((way, tiers)) = homes.of(recipe, path) else { continue };
        let made = matches!(recipe, Recipe::Search(_));
        entries.push(Entry { path: path.to_owned(), class: classes.of(path, recipe), way, tiers, made });
    }
    entries.extend(corpus::entries(city).map(|(path, place)| Entry {
        path,
        class: 0,
        way: place.map_or_else(|| Way::Packed("0/common".to_owned(), 0), |place| homes.record(place)),
        tiers: Vec::new(),
        made: false,
    }));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    let date = city.today.to_string();
    let passages = PASSAGES.map(|[start, end]| [start.to_owned(), end.to_owned()]).to_vec();
    let day_marks = DAY_MARKS.map(str::to_owned).to_vec();
    Plan {
        host: city.settings.host.clone(),
        date,
        sequence,
        classes: classes.lists,
        passages,
        day_marks,
        tiers,
        entries,
    }
}

/// Where records are at home.
struct Homes<'a> {
    city: &'a City,
    themes: BTreeMap<&'a str, usize>,
}

impl<'a> Homes<'a> {
    fn new(city: &'a City) -> Self {
        Self { city, themes: city.tables.themes.iter().map(|theme| theme.id.as_str()).zip(0..).collect() }
    }

    /// How a file travels, and its tiers; none when it stays on the host.
    fn of(&self, recipe: &Recipe, path: &str) -> Option<(Way, Vec<usize>)> {
        // The page that a list begins with changes; the others stay as they are.
        let list = |name: &str, page: u32| match path.contains("/page/") {
            true => format!("2/{name}/{:06}", page / LIST_PAGES),
            false => format!("2/{name}/first"),
        };
        let core = |group: String| Some((Way::Packed(group, 0), vec![CORE]));
        match recipe {
            Recipe::Data(_) | Recipe::Feed(_) => None,
            Recipe::Hant => core("3/reading".to_owned()),
            // Made on a device that has everything, from the corpus. The texts are only read around what was found.
            Recipe::Search(_) if path.ends_with(".txt") => Some((Way::Plain, Vec::new())),
            Recipe::Search(_) => Some((Way::Plain, vec![CORE])),
            Recipe::File(_) => self.file(path),
            Recipe::Page(page) => match *page {
                PageRecipe::NotFound | PageRecipe::Offline | PageRecipe::Manifest => {
                    Some((Way::Packed("0/shell".to_owned(), 0), vec![SHELL, CORE]))
                }
                PageRecipe::Changes => core("0/changes".to_owned()),
                PageRecipe::Home
                | PageRecipe::Questions
                | PageRecipe::Search
                | PageRecipe::Favourites
                | PageRecipe::Ask
                | PageRecipe::About => core("0/core".to_owned()),
                PageRecipe::Values(_) => core("0/values".to_owned()),
                PageRecipe::Policies(page) => core(list("policies", page)),
                PageRecipe::List { facet, value, page } => core(list(&format!("{}/{value:05}", facet.id()), page)),
                PageRecipe::QuestionTheme { theme, page } => core(list(&format!("questions/{theme:05}"), page)),
                PageRecipe::Policy(ix) => self.policy(ix, 0),
                PageRecipe::Lifecycle(ix) => self.policy(ix, 1),
                PageRecipe::Question(ix) => self.question(ix, 0),
                PageRecipe::Card(code) => match self.city.codes.by_code.get(&code) {
                    Some(RecordKey::Question(id)) => self.question_by_id(id, 1),
                    Some(key) => self.policy_by_id(key.policy_id().unwrap_or_default(), rank(key)),
                    None => Some((Way::Packed("5/withdrawn".to_owned(), 0), Vec::new())),
                },
            },
        }
    }

    fn file(&self, path: &str) -> Option<(Way, Vec<usize>)> {
        if let Some(rest) = path.strip_prefix("attachment/") {
            let text = ["csv", "txt", "md"].iter().any(|ending| path.ends_with(&format!(".{ending}")));
            let home = match rest.strip_prefix("questions/") {
                Some(rest) => self.question_by_id(first(rest), 1),
                None => self.policy_by_id(first(rest), 9),
            };
            return Some(match home {
                Some((way, tiers)) if text => (way, tiers),
                Some((_, tiers)) => (Way::Plain, tiers),
                None => (Way::Plain, Vec::new()),
            });
        }
        let shell = path.starts_with("assets/") || path.starts_with("icons/") || path == "favicon.svg";
        match path {
            "robots.txt" => None,
            _ if shell => Some((Way::Plain, vec![SHELL, CORE])),
            // What makes the search is needed where everything is.
            _ if path.starts_with("app/yima-maker") => Some((Way::Packed(format!("3/{path}"), 0), Vec::new())),
            // Programs shrink to a third in a pack, whatever the host does about compression.
            _ if path.starts_with("app/") => Some((Way::Packed(format!("3/{path}"), 0), vec![CORE])),
            _ => Some((Way::Plain, vec![CORE])),
        }
    }

    fn question_by_id(&self, id: &str, rank: u32) -> Option<(Way, Vec<usize>)> {
        let place = self.city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id));
        self.question(place.ok()?, rank)
    }

    fn policy_by_id(&self, id: &str, rank: u32) -> Option<(Way, Vec<usize>)> {
        self.policy(*self.city.policy_index.get(id)?, rank)
    }

    fn policy(&self, ix: usize, rank: u32) -> Option<(Way, Vec<usize>)> {
        let policy = &self.city.policies.get(ix)?.policy;
        Some(self.home(policy.theme(), &format!("p/{}", policy.id), rank))
    }

    /// `rank` is 0 for the page, 1 for what repeats it.
    fn question(&self, ix: usize, rank: u32) -> Option<(Way, Vec<usize>)> {
        let question = &self.city.questions.get(ix)?.question;
        // With the first policy it is bound to, whose words its page repeats.
        let policy = question.bindings.first().and_then(|bound| self.city.policy_index.get(&bound.policy));
        match policy {
            Some(&policy) => self.policy(policy, QUESTIONS + 2 * u32::try_from(ix).unwrap_or(0) + rank),
            None => Some(self.home(&question.theme, &format!("q/{}", question.id), rank)),
        }
    }

    fn home(&self, theme: &str, record: &str, rank: u32) -> (Way, Vec<usize>) {
        let place = self.themes.get(theme).copied();
        let tiers = place.map(|place| TIERS.len() + place).into_iter().collect();
        (Way::Packed(format!("1/{:05}/{record}", place.unwrap_or(99_999)), rank + 1), tiers)
    }

    /// What a record gives to the search comes before its pages: whoever makes the search reads no further.
    fn record(&self, place: usize) -> Way {
        let policies = self.city.policies.len();
        let home = place.checked_sub(policies).map_or_else(|| self.policy(place, 0), |place| self.question(place, 0));
        match home {
            Some((Way::Packed(group, _), _)) => Way::Packed(group, 0),
            _ => Way::Packed("0/common".to_owned(), 1),
        }
    }
}

/// The first part of a path.
fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// The place of a card among the pages of its policy: like beside like.
fn rank(key: &RecordKey) -> u32 {
    match key {
        RecordKey::Policy(_) | RecordKey::Question(_) => 2,
        RecordKey::Stage(_, stage) => 10 + *stage as u32,
        RecordKey::Attachment(..) => 50,
        RecordKey::Article(_, number) => 100 + u32::from(*number),
    }
}

/// The lists of headers that files are sent with; few, though files are many.
struct Classes {
    transport: Transport,
    page: String,
    card: String,
    lists: Vec<Vec<(String, String)>>,
}

impl Classes {
    fn new(project: &Project, transport: Transport) -> Self {
        let page = content_security_policy(&[]);
        let card = crate::pages::card_policy(&project.assets);
        Self { transport, page, card, lists: Vec::new() }
    }

    fn of(&mut self, path: &str, recipe: &Recipe) -> usize {
        let card = matches!(recipe, Recipe::Page(PageRecipe::Card(_)));
        let list = headers(path, if card { &self.card } else { &self.page }, self.transport);
        let list: Vec<(String, String)> = list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let place = self.lists.iter().position(|other| *other == list);
        place.unwrap_or_else(|| {
            self.lists.push(list);
            self.lists.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::example;

    #[test]
    fn what_is_attached_travels_whatever_it_belongs_to() {
        let city = example::city(2, &[], Vec::new());
        let homes = Homes::new(&city);
        let id = &city.policies[0].policy.id;
        assert!(matches!(homes.file(&format!("attachment/{id}/form.csv")), Some((Way::Packed(..), _))));
        for path in [format!("attachment/{id}/form.pdf"), "attachment/questions/a/b.mp3".to_owned()] {
            assert!(matches!(homes.file(&path), Some((Way::Plain, _))), "{path}");
        }
    }
}
