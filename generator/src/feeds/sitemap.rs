//! Sitemaps (sitemaps.org, protocol 0.9) and robots.txt (RFC 9309).

use std::fmt::Write as _;

use yima_model::Date;

use super::xml::{DECLARATION, Text};
use crate::address::Address;

/// How many addresses a file may have, by the protocol.
pub const ADDRESSES: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// How many parts `pages` addresses need beside `sitemap.xml`: none when they fit into it.
#[must_use]
pub const fn parts(pages: usize) -> usize {
    if pages > ADDRESSES { pages.div_ceil(ADDRESSES) } else { 0 }
}

/// `sitemap.xml`: the addresses, or an index of the parts when there are too many.
#[must_use]
pub fn root(host: &str, pages: &[(String, Option<Date>)]) -> String {
    if parts(pages.len()) == 0 {
        return addresses(host, pages);
    }
    let mut out = format!("{DECLARATION}<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    for (part, slice) in pages.chunks(ADDRESSES).enumerate() {
        let newest = slice.iter().filter_map(|(_, changed)| *changed).max();
        entry(&mut out, "sitemap", host, &Address::SitemapPart(part + 1).on_site(), newest);
    }
    out.push_str("</sitemapindex>\n");
    out
}

/// A part, counted from 0; `None` when there is no such part.
#[must_use]
pub fn part(host: &str, pages: &[(String, Option<Date>)], part: usize) -> Option<String> {
    if part >= parts(pages.len()) {
        return None;
    }
    pages.chunks(ADDRESSES).nth(part).map(|slice| addresses(host, slice))
}

/// `robots.txt`: everything may be read, and where the sitemap is.
#[must_use]
pub fn robots(host: &str) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", Address::Sitemap.absolute(host))
}

fn addresses(host: &str, pages: &[(String, Option<Date>)]) -> String {
    let mut out = String::with_capacity(128 * pages.len() + 256);
    out.push_str(DECLARATION);
    let _ = writeln!(out, "<urlset xmlns=\"{NAMESPACE}\">");
    for (address, changed) in pages {
        entry(&mut out, "url", host, address, *changed);
    }
    out.push_str("</urlset>\n");
    out
}

fn entry(out: &mut String, name: &str, host: &str, address: &str, changed: Option<Date>) {
    let _ = write!(out, "<{name}><loc>https://{}/{}</loc>", Text(host), Text(address));
    if let Some(day) = changed {
        let _ = write!(out, "<lastmod>{day}</lastmod>");
    }
    let _ = writeln!(out, "</{name}>");
}
