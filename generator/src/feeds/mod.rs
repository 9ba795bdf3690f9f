//! What tells a program that something is new: Atom feeds, a calendar of deadlines, sitemap and robots.txt.
//!
//! - [`atom`]: `feeds/policies.xml`, `feeds/changes.xml`, `feeds/questions.xml`, `feeds/theme/<id>.xml`, … (RFC 4287)
//! - [`calendar`]: `feeds/deadlines.ics`, written with the lines of [`ics`] (RFC 5545)
//! - [`sitemap`]: `sitemap.xml` and, above 50,000 addresses, its parts (sitemaps.org 0.9); `robots.txt` (RFC 9309)
//! - [`xml`]: text as XML
//!
//! Every time in them follows from the dates of the records and from the build date.

mod atom;
mod calendar;
pub mod ics;
pub mod sitemap;
pub mod xml;

#[cfg(test)]
mod tests;

use yima_model::Date;

use crate::City;
use crate::address::Address;
use crate::listing::{Facet, Shelves};
use crate::site::RenderError;

/// Which file to make. Indexes are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedRecipe {
    /// `feeds/policies.xml`: the policies published last
    Policies,
    /// `feeds/changes.xml`: the policies changed last
    Changes,
    /// `feeds/questions.xml`: the answers checked last
    Questions,
    /// `feeds/theme/<id>.xml`, …: the policies of one list published last
    List {
        /// Which facet.
        facet: Facet,
        /// Place of the value among those of the facet.
        value: u32,
    },
    /// `feeds/deadlines.ics`
    Calendar,
    /// `sitemap.xml`: every address, or the parts when there are too many
    Sitemap,
    /// `sitemap-1.xml`, …: which slice of the addresses
    SitemapPart(u32),
    /// `robots.txt`
    Robots,
}

impl FeedRecipe {
    /// Whether it is the sitemap or a part of it.
    #[must_use]
    pub const fn is_sitemap(&self) -> bool {
        matches!(self, Self::Sitemap | Self::SitemapPart(_))
    }
}

/// Makes the feeds of one city.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'a> {
    city: &'a City,
    shelves: &'a Shelves,
    pages: &'a [(String, Option<Date>)],
}

impl<'a> Feeds<'a> {
    /// `pages` are the addresses for the sitemap, without a leading slash and in the order they shall stand in, each
    /// with the day it last changed (see [`crate::change`]) where that is known.
    #[must_use]
    pub const fn new(city: &'a City, shelves: &'a Shelves, pages: &'a [(String, Option<Date>)]) -> Self {
        Self { city, shelves, pages }
    }

    /// Every file with its path on the site, for a sitemap of so many `pages`.
    #[must_use]
    pub fn plan(shelves: &Shelves, pages: usize) -> Vec<(String, FeedRecipe)> {
        let mut plan = vec![
            ("robots.txt".to_owned(), FeedRecipe::Robots),
            (Address::Sitemap.on_site(), FeedRecipe::Sitemap),
            (Address::Feed("policies.xml").on_site(), FeedRecipe::Policies),
            (Address::Feed("changes.xml").on_site(), FeedRecipe::Changes),
            (Address::Feed("questions.xml").on_site(), FeedRecipe::Questions),
            (Address::Feed("deadlines.ics").on_site(), FeedRecipe::Calendar),
        ];
        for facet in Facet::ALL {
            let shelves = (0..).zip(shelves.of(facet));
            plan.extend(shelves.map(|(value, shelf)| {
                (Address::ListFeed(facet, &shelf.id).on_site(), FeedRecipe::List { facet, value })
            }));
        }
        let parts = (0..).take(sitemap::parts(pages));
        plan.extend(
            parts.map(|part: u32| (Address::SitemapPart(part as usize + 1).on_site(), FeedRecipe::SitemapPart(part))),
        );
        plan
    }

    /// Makes one file.
    ///
    /// # Errors
    /// [`RenderError`] when the recipe is not of this city.
    pub fn render(&self, recipe: &FeedRecipe) -> Result<Vec<u8>, RenderError> {
        let stray = || RenderError { what: format!("{recipe:?}"), why: "no such list in this city".to_owned() };
        let host = &self.city.settings.host;
        let text = match *recipe {
            FeedRecipe::Policies => atom::newest(self.city, &self.shelves.all),
            FeedRecipe::Changes => atom::changes(self.city),
            FeedRecipe::Questions => atom::questions(self.city),
            FeedRecipe::List { facet, value } => {
                let shelf = self.shelves.of(facet).get(value as usize).ok_or_else(stray)?;
                atom::list(self.city, facet, shelf)
            }
            FeedRecipe::Calendar => calendar::deadlines(self.city),
            FeedRecipe::Sitemap => sitemap::root(host, self.pages),
            FeedRecipe::SitemapPart(part) => sitemap::part(host, self.pages, part as usize).ok_or_else(stray)?,
            FeedRecipe::Robots => sitemap::robots(host),
        };
        Ok(text.into_bytes())
    }
}
