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

/// A part of the site that is made by itself, to compare with what another generator makes of the same records. It is
/// made as in the whole site, of a city that was checked as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// What any generator makes of a folder of documents: a page of each policy, the list of all of them in its pages,
    /// the home page, a sitemap of these pages, and the static files.
    Policies,
    /// The same, and the lists of policies by theme, department, year, ….
    Lists,
}

impl Part {
    /// Whether a page belongs to it.
    const fn has(self, page: &PageRecipe) -> bool {
        match page {
            PageRecipe::Home | PageRecipe::Policy(_) | PageRecipe::Policies(_) => true,
            PageRecipe::Values(_) | PageRecipe::List { .. } => matches!(self, Self::Lists),
            _ => false,
        }
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

    /// What a part of the site holds. A press that planned a part makes the sitemap of that part.
    ///
    /// # Errors
    /// As for [`Press::plan`].
    pub fn plan_part(&self, part: Part) -> Result<Site<Recipe>, Mistakes> {
        let mut pages = self.pages.plan();
        pages.retain(|(_, page)| part.has(page));
        let listed = self.listed.get_or_init(|| self.listed(&pages)).len();
        let mut claims = Vec::with_capacity(pages.len() + self.files.len());
        self.claim_files(&mut claims);
        claim_pages(pages, &mut claims);
        let sitemap = Feeds::plan(self.pages.shelves(), listed).into_iter().filter(|(_, feed)| feed.is_sitemap());
        claims.extend(sitemap.map(|(path, feed)| (SitePath::file(path), "feeds", Content::Recipe(Recipe::Feed(feed)))));
        Site::of(claims).map_err(mistakes)
    }

    fn plan_with(&self, mut claims: Vec<Claim>) -> Result<Site<Recipe>, Mistakes> {
        self.claim_files(&mut claims);
        let pages = self.pages.plan();
        let listed = pages.iter().filter(|(_, page)| change::is_listed(&self.project.city, page)).count();
        claim_pages(pages, &mut claims);
        let mut claim = |path, owner, recipe| claims.push((path, owner, Content::Recipe(recipe)));
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

    fn claim_files(&self, claims: &mut Vec<Claim>) {
        let files = self.files.iter().enumerate();
        claims
            .extend(files.map(|(ix, (path, _))| (SitePath::file(*path), "public", Content::Recipe(Recipe::File(ix)))));
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
        self.project.outline.site(&self.files, || self.plan_with(Vec::new()))
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

/// A path, the room that wants it, and what shall stand there.
type Claim = (SitePath, &'static str, Content<Recipe>);

fn claim_pages(pages: Vec<(String, PageRecipe)>, claims: &mut Vec<Claim>) {
    claims.extend(pages.into_iter().map(|(address, recipe)| {
        let page = address.is_empty() || address.ends_with('/');
        let path = if page { SitePath::page(&address) } else { SitePath::file(address) };
        (path, "pages", Content::Recipe(Recipe::Page(recipe)))
    }));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::project::demonstration;

    #[test]
    fn a_part_is_some_of_the_whole_with_a_sitemap_of_its_own() {
        let project = demonstration::project();
        let whole = Press::new(&project).unwrap().plan_with(Vec::new()).unwrap();
        let mut smaller = BTreeSet::new();
        for part in [Part::Policies, Part::Lists] {
            let press = Press::new(&project).unwrap();
            let site = press.plan_part(part).unwrap();
            let mut pages = 0;
            for (path, entry) in site.iter() {
                let Content::Recipe(recipe) = &entry.content else { panic!("{path}") };
                pages += usize::from(matches!(recipe, Recipe::Page(_)));
                let there = whole.get(path.as_str()).map(|entry| &entry.content);
                assert!(matches!(there, Some(Content::Recipe(other)) if other == recipe), "{path}");
            }
            let sitemap = String::from_utf8(press.render(&Recipe::Feed(FeedRecipe::Sitemap)).unwrap()).unwrap();
            assert_eq!(sitemap.matches("<loc>").count(), pages);
            let paths: BTreeSet<String> = site.iter().map(|(path, _)| path.to_string()).collect();
            assert!(paths.contains("policies/index.html") && paths.contains("sitemap.xml"));
            let policies = paths.iter().filter(|path| path.starts_with("policy/")).count();
            assert_eq!(policies, project.city.policies.len());
            assert_eq!(paths.iter().any(|path| path.starts_with("theme/")), part == Part::Lists);
            assert!(paths.is_superset(&smaller) && paths.len() > smaller.len());
            smaller = paths;
        }
    }
}
