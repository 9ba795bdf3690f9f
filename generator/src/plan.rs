//! The second half of the way: a project becomes a site, a sorted map from path to recipe.
//!
//! Each room says which paths it wants; here they are claimed, so that two rooms never write one file.

use std::sync::{Arc, OnceLock};

use yima_model::Date;
use yima_search::index::FOLDER;

use crate::change::{self, Changes};
use crate::data::{Data, DataRecipe};
use crate::feeds::{FeedRecipe, Feeds};
use crate::mistake::{Fault, Mistakes, Place};
use crate::pages::{self, PageRecipe};
use crate::project::Project;
use crate::reading;
use crate::search::SearchFiles;
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
    /// A feed, a calendar, a sitemap.
    Feed(FeedRecipe),
    /// A file of the search, by its place among them.
    Search(usize),
    /// The table of traditional script.
    Hant,
}

impl Recipe {
    /// Whether it is the page of a policy with its text, a list of policies or a static file: what any site generator
    /// makes of a folder of documents.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(
            self,
            Self::File(_)
                | Self::Page(
                    PageRecipe::Home
                        | PageRecipe::Policy(_)
                        | PageRecipe::Policies(_)
                        | PageRecipe::Values(_)
                        | PageRecipe::List { .. }
                )
        )
    }
}

/// All rooms that render, over one project.
pub struct Press<'a> {
    project: &'a Project,
    files: Vec<(&'a str, &'a [u8])>,
    pages: pages::Renderer<'a>,
    /// Address and last change of every page for the sitemap, once it is wanted.
    listed: OnceLock<Vec<(String, Option<Date>)>>,
    /// The files of the search, once they are wanted.
    search: OnceLock<SearchFiles>,
}

impl<'a> Press<'a> {
    /// Opens the rooms.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, which is a fault of the program.
    pub fn new(project: &'a Project) -> Result<Self, RenderError> {
        let files = project.assets.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes)).collect();
        let city = &project.city;
        let pages = pages::Renderer::with(city, &project.assets, project.outline.shelves(city))?;
        Ok(Self { project, files, pages, listed: OnceLock::new(), search: OnceLock::new() })
    }

    /// Address and last change of every page of `plan` that belongs into the sitemap.
    fn listed(&self, plan: &[(String, PageRecipe)]) -> Vec<(String, Option<Date>)> {
        let city = &self.project.city;
        let changes = Changes::new(city, self.pages.shelves());
        let listed = plan.iter().filter(|(_, page)| change::is_listed(city, page));
        listed.map(|(address, page)| (address.clone(), changes.of_page(city, page))).collect()
    }

    /// What machines read.
    #[must_use]
    pub fn data(&self) -> Data<'_> {
        Data::new(&self.project.city, self.pages.shelves(), &self.project.ledger)
    }

    /// What tells programs that something is new.
    #[must_use]
    pub fn feeds(&self) -> Feeds<'_> {
        let listed = self.listed.get_or_init(|| self.listed(&self.pages.plan()));
        Feeds::new(&self.project.city, self.pages.shelves(), listed)
    }

    /// The files of the search, made when they are first asked for: an index of a whole city is not made for a page.
    #[must_use]
    pub fn search(&self) -> &SearchFiles {
        self.search.get_or_init(|| SearchFiles::of(&self.project.city))
    }

    /// The bytes of a file of the search; none for any other path.
    #[must_use]
    pub fn search_file(&self, path: &str) -> Option<Vec<u8>> {
        if path.starts_with(FOLDER) { self.search().bytes(&self.project.city, path) } else { None }
    }

    /// Everything the site will hold.
    ///
    /// # Errors
    /// A mistake for every path that two rooms want: an attachment, say, named like a page.
    pub fn plan(&self) -> Result<Site<Recipe>, Mistakes> {
        let search = (0..)
            .zip(self.search().paths())
            .map(|(ix, path)| (SitePath::file(path), "search", Content::Recipe(Recipe::Search(ix))));
        self.plan_with(search.collect())
    }

    /// [`Press::plan`] without the files of the search, which then are not made.
    ///
    /// # Errors
    /// As for [`Press::plan`].
    pub fn plan_texts(&self) -> Result<Site<Recipe>, Mistakes> {
        self.plan_with(Vec::new())
    }

    fn plan_with(&self, mut claims: Vec<(SitePath, &'static str, Content<Recipe>)>) -> Result<Site<Recipe>, Mistakes> {
        let mut claim = |path, owner, recipe| claims.push((path, owner, Content::Recipe(recipe)));
        for (ix, (path, _)) in self.files.iter().enumerate() {
            claim(SitePath::file(*path), "public", Recipe::File(ix));
        }
        let mut listed = 0;
        for (address, recipe) in self.pages.plan() {
            listed += usize::from(change::is_listed(&self.project.city, &recipe));
            let page = address.is_empty() || address.ends_with('/');
            let path = if page { SitePath::page(&address) } else { SitePath::file(address) };
            claim(path, "pages", Recipe::Page(recipe));
        }
        for (path, recipe) in self.data().plan() {
            claim(SitePath::file(path), "data", Recipe::Data(recipe));
        }
        for (path, recipe) in Feeds::plan(self.pages.shelves(), listed) {
            claim(SitePath::file(path), "feeds", Recipe::Feed(recipe));
        }
        if self.project.assets.text(reading::SCRIPT).is_some() {
            claim(SitePath::file(reading::TABLE), "reading", Recipe::Hant);
        }
        Site::of(claims).map_err(mistakes)
    }

    /// The table of traditional script for all that the records say and for all that pages say about them, as far as
    /// the words of the interface are listed for translation.
    fn hant(&self) -> Result<Vec<u8>, RenderError> {
        let data = self.data();
        let records: Vec<DataRecipe> = data.plan().into_iter().map(|(_, recipe)| recipe).collect();
        let records: Vec<DataRecipe> = records.into_iter().filter(DataRecipe::is_whole).collect();
        let words: Vec<&[u8]> = self.project.assets.below(reading::LANGUAGES).map(|(_, _, bytes)| bytes).collect();
        reading::table(records.len() + words.len(), |place| {
            let bytes = match records.get(place) {
                Some(recipe) => data.render(recipe)?,
                None => words.get(place - records.len()).map(|bytes| bytes.to_vec()).unwrap_or_default(),
            };
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        })
    }

    /// [`Press::plan`] without the files of the search ([`Press::search_file`]), kept from the last time while the same
    /// records stand behind the same paths.
    ///
    /// # Errors
    /// As for [`Press::plan`].
    pub fn site(&self) -> Result<Arc<Site<Recipe>>, Mistakes> {
        self.project.outline.site(&self.files, || self.plan_texts())
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
            Recipe::Hant => self.hant(),
            Recipe::Search(ix) => {
                let path = self.search().paths().nth(*ix);
                Ok(path.and_then(|path| self.search_file(path)).unwrap_or_default())
            }
        }
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
