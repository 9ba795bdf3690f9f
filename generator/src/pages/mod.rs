//! The pages people read: which there are, and how each is made.
//!
//! - [`listing`](crate::listing) has put every policy on its lists
//! - one file per kind of page turns records into a view: [`home`], [`policy`], [`lifecycle`], [`card`], [`lists`],
//!   [`questions`], [`fixed`]
//! - [`meta`] makes the head, [`security`] the hash of an inlined style, [`view`] and [`words`] what several pages share
//! - `templates/` shows a view, made ready by [`stencil`]; nothing but a template writes HTML
//!
//! A page is a pure function of the city and the assets.

mod card;
mod changes;
mod fixed;
mod home;
mod lifecycle;
mod lists;
mod meta;
mod policy;
mod questions;
mod relations;
mod security;
mod stencil;
mod templates;
mod view;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use yima_model::Code;

use self::meta::{Graph, Head};
pub(crate) use self::security::card_policy;
use self::stencil::{Safe, Stencils};
use self::view::{Link, Named};
use crate::address::Address;
use crate::assets::Assets;
use crate::city::{City, PolicyIx, QuestionIx};
use crate::codes::qr::{TooLong, card_address};
use crate::codes::{CardSymbols, PageSymbols};
use crate::listing::{Facet, Shelves};
use crate::site::RenderError;

/// Which page to make. Small: indexes only, counted from 0; page numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageRecipe {
    /// `/`
    Home,
    /// `/policy/<id>/`
    Policy(PolicyIx),
    /// `/policy/<id>/lifecycle/`
    Lifecycle(PolicyIx),
    /// `/Q/<CODE>/`, of a live record or of one that was withdrawn
    Card(Code),
    /// `/policies/` and its further pages
    Policies(u32),
    /// `/theme/`, `/department/`, …
    Values(Facet),
    /// `/theme/<id>/`, … and its further pages
    List {
        /// Which facet.
        facet: Facet,
        /// Place of the value among those of the facet.
        value: u32,
        /// Page.
        page: u32,
    },
    /// `/questions/`
    Questions,
    /// `/questions/<theme>/` and its further pages
    QuestionTheme {
        /// Place of the theme in its table.
        theme: u32,
        /// Page.
        page: u32,
    },
    /// `/question/<id>/`
    Question(QuestionIx),
    /// `/search/`
    Search,
    /// `/favourites/`
    Favourites,
    /// `/ask/`
    Ask,
    /// `/offline/`
    Offline,
    /// `offline/changes.json`, what a device compares with what it held before
    Changes,
    /// `/about/`
    About,
    /// `404.html`
    NotFound,
    /// `manifest.webmanifest`, which makes the site an app that can be installed
    Manifest,
}

/// Bytes that the texts of a view come to, besides those that are inserted as they stand.
const ROOM: usize = 12 * 1024;

/// What the template of a page shows.
#[derive(Serialize)]
struct Page<'a, T> {
    head: &'a Head<'a>,
    crumbs: &'a [Link<'a>],
    code: Option<String>,
    qr: Safe<'static>,
    page: T,
}

/// Makes the pages of one city.
pub struct Renderer<'a> {
    city: &'a City,
    assets: &'a Assets,
    stencils: Stencils,
    symbols: CardSymbols,
    addresses: PageSymbols,
    shelves: Arc<Shelves>,
    /// Table and id → name.
    names: BTreeMap<(Facet, &'a str), &'a str>,
    /// What a policy looks like on a list.
    rows: Vec<OnceLock<Box<str>>>,
    /// The values of a facet as they stand beside the list of each of them.
    siblings: BTreeMap<Facet, Vec<OnceLock<Box<str>>>>,
}

impl<'a> Renderer<'a> {
    /// Reads the templates and puts the policies on their lists.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, which is a fault of the program.
    pub fn new(city: &'a City, assets: &'a Assets) -> Result<Self, RenderError> {
        Self::with(city, assets, Arc::new(Shelves::new(city)))
    }

    /// Reads the templates; the policies stand on their lists already.
    ///
    /// # Errors
    /// As for [`Renderer::new`].
    pub fn with(city: &'a City, assets: &'a Assets, shelves: Arc<Shelves>) -> Result<Self, RenderError> {
        let stencils = templates::stencils(city, assets)?;
        let mut rows = Vec::new();
        rows.resize_with(city.policies.len(), Default::default);
        let symbols = CardSymbols::of(&city.settings.host);
        let siblings = Facet::ALL.into_iter().map(|facet| {
            let mut cells = Vec::new();
            cells.resize_with(shelves.of(facet).len(), OnceLock::default);
            (facet, cells)
        });
        let siblings = siblings.collect();
        let addresses = PageSymbols::default();
        Ok(Self { siblings, city, assets, stencils, symbols, addresses, shelves, names: names(city), rows })
    }

    /// Which policies stand on which list.
    #[must_use]
    pub fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// Every page with its address: without a leading slash, `policy/x/` for a page, empty for the home page; an
    /// address that does not end in a slash is the path of a file.
    #[must_use]
    pub fn plan(&self) -> Vec<(String, PageRecipe)> {
        let mut plan = vec![
            (String::new(), PageRecipe::Home),
            ("questions/".to_owned(), PageRecipe::Questions),
            ("search/".to_owned(), PageRecipe::Search),
            ("favourites/".to_owned(), PageRecipe::Favourites),
            ("ask/".to_owned(), PageRecipe::Ask),
            ("offline/".to_owned(), PageRecipe::Offline),
            ("offline/changes.json".to_owned(), PageRecipe::Changes),
            ("about/".to_owned(), PageRecipe::About),
            ("404.html".to_owned(), PageRecipe::NotFound),
            ("manifest.webmanifest".to_owned(), PageRecipe::Manifest),
        ];
        for (ix, entry) in self.city.policies.iter().enumerate() {
            plan.push((Address::Policy(&entry.policy.id).on_site(), PageRecipe::Policy(ix)));
            plan.push((Address::Lifecycle(&entry.policy.id).on_site(), PageRecipe::Lifecycle(ix)));
        }
        for (ix, entry) in self.city.questions.iter().enumerate() {
            plan.push((Address::Question(&entry.question.id).on_site(), PageRecipe::Question(ix)));
        }
        for &code in self.city.codes.by_code.keys().chain(self.city.codes.withdrawn.keys()) {
            plan.push((Address::Card(code).on_site(), PageRecipe::Card(code)));
        }
        lists::plan(self, &mut plan);
        plan
    }

    /// Makes one page.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, or when the recipe is not of this city.
    pub fn render(&self, recipe: &PageRecipe) -> Result<Vec<u8>, RenderError> {
        let page = match *recipe {
            PageRecipe::Home => home::page(self),
            PageRecipe::Policy(ix) => policy::page(self, self.city.policies.get(ix).ok_or_else(|| stray(recipe))?),
            PageRecipe::Lifecycle(ix) => {
                lifecycle::page(self, self.city.policies.get(ix).ok_or_else(|| stray(recipe))?)
            }
            PageRecipe::Card(code) => card::page(self, code),
            PageRecipe::Policies(page) => lists::all(self, page as usize),
            PageRecipe::Values(facet) => lists::values(self, facet),
            PageRecipe::List { facet, value, page } => {
                let shelf = self.shelves.of(facet).get(value as usize).ok_or_else(|| stray(recipe))?;
                lists::list(self, facet, shelf, page as usize)
            }
            PageRecipe::Questions => questions::index(self),
            PageRecipe::QuestionTheme { theme, page } => questions::theme(self, theme as usize, page as usize),
            PageRecipe::Question(ix) => {
                questions::page(self, self.city.questions.get(ix).ok_or_else(|| stray(recipe))?)
            }
            PageRecipe::Search => fixed::search(self),
            PageRecipe::Favourites => fixed::favourites(self),
            PageRecipe::Ask => fixed::ask(self),
            PageRecipe::Offline => fixed::offline(self),
            PageRecipe::Changes => Ok(changes::file(self)),
            PageRecipe::About => fixed::about(self),
            PageRecipe::NotFound => fixed::not_found(self),
            PageRecipe::Manifest => Ok(fixed::manifest(self)),
        }?;
        Ok(page.into_bytes())
    }

    /// The name of a value; its id where `check` has let an unknown one pass.
    fn name<'s>(&'s self, facet: Facet, id: &'s str) -> &'s str {
        self.names.get(&(facet, id)).copied().unwrap_or(id)
    }

    fn named<'s>(&'s self, facet: Facet, id: &'s str) -> Named<'s> {
        Named { id, name: self.name(facet, id) }
    }

    /// Shows `view` in `template`. `code` is the card whose symbol stands at the foot; without one the symbol is that of
    /// the page's own address.
    fn show<T: Serialize>(
        &self,
        template: &'static str,
        head: &Head<'_>,
        crumbs: &[Link<'_>],
        code: Option<Code>,
        view: T,
    ) -> Result<String, RenderError> {
        self.show_with(template, head, crumbs, code, view, "")
    }

    /// [`Renderer::show`] for a view with HTML to insert.
    fn show_with<T: Serialize>(
        &self,
        template: &'static str,
        head: &Head<'_>,
        crumbs: &[Link<'_>],
        code: Option<Code>,
        view: T,
        inserted: &str,
    ) -> Result<String, RenderError> {
        let host = &self.city.settings.host;
        let long = |address: &str| RenderError { what: address.to_owned(), why: TooLong.to_string() };
        let symbol = match code {
            Some(code) => {
                let address = card_address(host, code);
                self.symbols.svg(code, &label(&address)).ok_or_else(|| long(&address))?
            }
            None => {
                let address = format!("https://{host}{}", head.path);
                self.addresses.svg(&address, &label(&address)).map_err(|TooLong| long(&address))?
            }
        };
        let view = Page { head, crumbs, code: code.map(|code| code.to_string()), qr: symbol.into(), page: view };
        let shown = self.stencils.show(template, &view, ROOM, inserted);
        shown.map_err(|why| RenderError { what: head.path.clone(), why })
    }

    /// Shows a part of a page.
    fn part(&self, template: &'static str, view: &impl Serialize) -> Result<String, RenderError> {
        self.stencils.show(template, view, ROOM, "").map_err(|why| RenderError { what: template.to_owned(), why })
    }

    /// A graph that begins with the breadcrumbs.
    fn graph(&self, crumbs: &[Link<'_>], here: &str, path: &str) -> Graph<'a> {
        Graph::new(self.city, crumbs, here, path)
    }
}

/// What is read out in place of a symbol.
fn label(address: &str) -> String {
    format!("二维码：{address}")
}

fn stray(recipe: &PageRecipe) -> RenderError {
    RenderError { what: format!("{recipe:?}"), why: "no such record in this city".to_owned() }
}

fn names(city: &City) -> BTreeMap<(Facet, &str), &str> {
    let tables = &city.tables;
    let mut names = BTreeMap::new();
    let facets = [
        (Facet::Theme, &tables.themes),
        (Facet::District, &tables.districts),
        (Facet::Audience, &tables.audiences),
        (Facet::Sector, &tables.sectors),
        (Facet::Genre, &tables.genres),
    ];
    for (facet, terms) in facets {
        names.extend(terms.iter().map(|term| ((facet, term.id.as_str()), term.name.as_str())));
    }
    names.extend(tables.departments.iter().map(|unit| ((Facet::Department, unit.id.as_str()), unit.name.as_str())));
    names
}
