//! The second half of the way: a project becomes a site, a sorted map from path to recipe.
//!
//! Each room says which paths it wants; here they are claimed, so that two rooms never write one file.

use std::sync::Arc;

use yima_model::Date;

use crate::change;
use crate::city::City;
use crate::codes::{self, RecordKey};
use crate::data::{Data, DataRecipe};
use crate::feeds::{FeedRecipe, Feeds};
use crate::listing::Shelves;
use crate::mistake::{Fault, Mistakes, Place};
use crate::pages::{self, PageRecipe};
use crate::project::Project;
use crate::site::{Claimed, Content, Render, RenderError, Site, SitePath};

/// What to make, by the room that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipe {
    /// A static file, by its place among the paths of the assets.
    File(usize),
    /// A page.
    Page(PageRecipe),
    /// A file of data.
    Data(DataRecipe),
    /// A feed, the calendar or the sitemap.
    Feed(FeedRecipe),
}

/// All rooms that render, over one project.
pub struct Press<'a> {
    files: Vec<(&'a str, &'a [u8])>,
    pages: pages::Renderer<'a>,
    planned: Vec<(String, PageRecipe)>,
    /// Addresses for the sitemap with the day each last changed.
    addresses: Vec<(String, Option<Date>)>,
    city: &'a City,
    shelves: Shelves,
    /// The ledger with the lines this build adds.
    ledger: Vec<u8>,
}

impl<'a> Press<'a> {
    /// Opens the rooms.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, which is a fault of the program.
    pub fn new(project: &'a Project) -> Result<Self, RenderError> {
        let city = &project.city;
        let files = project.assets.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        let pages = pages::Renderer::new(city, &project.assets)?;
        let planned = pages.plan();
        let shelves = Shelves::new(city);
        let addresses = planned
            .iter()
            // A file at the root is no page to be found by a search engine.
            .filter(|(address, _)| address.is_empty() || address.ends_with('/'))
            .map(|(address, recipe)| (address.clone(), last_change(city, &shelves, recipe)))
            .collect();
        let mut ledger = project.ledger.clone();
        ledger.extend(codes::ledger::addition(&project.ledger, &project.new_codes).bytes());
        Ok(Self { files, pages, planned, addresses, city, shelves, ledger })
    }

    fn data(&self) -> Data<'_> {
        Data::new(self.city, &self.shelves, &self.ledger)
    }

    fn feeds(&self) -> Feeds<'_> {
        Feeds::new(self.city, &self.shelves, &self.addresses)
    }

    /// Everything the site will hold.
    ///
    /// # Errors
    /// A mistake for every path that two rooms want: an attachment, say, named like a page.
    pub fn plan(&self) -> Result<Site<Recipe>, Mistakes> {
        let mut site = Site::default();
        let mut claimed = Vec::new();
        for (ix, (path, _)) in self.files.iter().enumerate() {
            claimed.extend(site.claim(SitePath::file(*path), "public", Content::Recipe(Recipe::File(ix))).err());
        }
        for (address, recipe) in &self.planned {
            let page = address.is_empty() || address.ends_with('/');
            let path = if page { SitePath::page(address) } else { SitePath::file(address) };
            claimed.extend(site.claim(path, "pages", Content::Recipe(Recipe::Page(*recipe))).err());
        }
        for (path, recipe) in self.data().plan() {
            claimed.extend(site.claim(SitePath::file(path), "data", Content::Recipe(Recipe::Data(recipe))).err());
        }
        for (path, recipe) in self.feeds().plan() {
            claimed.extend(site.claim(SitePath::file(path), "feeds", Content::Recipe(Recipe::Feed(recipe))).err());
        }
        if claimed.is_empty() { Ok(site) } else { Err(mistakes(claimed)) }
    }
}

impl Render for Press<'_> {
    type Recipe = Recipe;

    fn render(&self, recipe: &Recipe) -> Result<Vec<u8>, RenderError> {
        match recipe {
            Recipe::File(ix) => Ok(self.files.get(*ix).map(|(_, bytes)| bytes.to_vec()).unwrap_or_default()),
            Recipe::Page(recipe) => self.pages.render(recipe),
            Recipe::Data(recipe) => self.data().render(recipe),
            Recipe::Feed(recipe) => self.feeds().render(recipe),
        }
    }
}

/// The day a page last changed, where the dates of its records tell.
fn last_change(city: &City, shelves: &Shelves, recipe: &PageRecipe) -> Option<Date> {
    let policy = |id: &str| city.policy(id).map(|entry| change::of_policy(city, entry));
    match *recipe {
        PageRecipe::Policy(ix) | PageRecipe::Lifecycle(ix) => {
            city.policies.get(ix).map(|entry| change::of_policy(city, entry))
        }
        PageRecipe::Question(ix) => city.questions.get(ix).map(change::of_question),
        PageRecipe::Card(code) => match city.codes.by_code.get(&code) {
            Some(RecordKey::Question(_)) => None,
            Some(record) => record.policy_id().and_then(policy),
            None => city.codes.withdrawn.get(&code).and_then(|&ix| city.tombstones.get(ix)).map(|stone| stone.date),
        },
        PageRecipe::List { facet, value, .. } => {
            let shelf = shelves.of(facet).get(value as usize)?;
            change::of_policies(city, shelf.policies.iter().copied())
        }
        _ => None,
    }
}

fn mistakes(claimed: Vec<Claimed>) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for Claimed { path, first, second } in claimed {
        let place = Place::file(&Arc::from(path.as_str()));
        let fault = Fault::Claimed { path: path.to_string(), first: first.into(), second: second.into() };
        mistakes.add(place, fault);
    }
    mistakes
}
