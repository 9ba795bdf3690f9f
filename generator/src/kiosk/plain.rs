//! A copy of the pages that a browser opens from a stick, without any server (`file:`).
//!
//! Pages stay as they are but for their addresses: `/policy/x/` becomes `../../policy/x/index.html`, and what is not on
//! the stick leads to the site itself. What needs a server is left out: module scripts, the web manifest. The policy of
//! a page allows files beside it, and nothing else more.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use yima_pack::release::FOLDER;

/// Attributes that hold an address.
const ADDRESSES: [&str; 5] = ["href", "src", "action", "poster", "data"];

/// The copy: which files it has, and where the rest is.
pub(super) struct Copy<'a> {
    paths: BTreeSet<&'a str>,
    host: &'a str,
}

/// Whether a file of the site is of any use without a server.
pub(super) fn belongs(path: &str) -> bool {
    let programs = ["app/", yima_search::index::FOLDER, FOLDER].iter().any(|folder| path.starts_with(folder));
    is_page(path) || !(programs || path.starts_with('.') || path.ends_with(".webmanifest") || path.ends_with(".note"))
}

/// Whether it is HTML.
pub(super) fn is_page(path: &str) -> bool {
    path.ends_with(".html") && !path.starts_with("attachment/")
}

impl<'a> Copy<'a> {
    /// A copy that has these files, of the site of `host`.
    pub(super) fn new(paths: &'a [String], host: &'a str) -> Self {
        Self { paths: paths.iter().map(String::as_str).collect(), host }
    }

    /// The page at `path` as it stands in the copy.
    pub(super) fn page(&self, path: &str, page: &[u8]) -> Vec<u8> {
        let Ok(mut rest) = std::str::from_utf8(page) else { return page.to_vec() };
        let mut out = String::with_capacity(rest.len() + rest.len() / 8);
        while let Some(at) = rest.find('<') {
            let (text, tag) = rest.split_at(at);
            out.push_str(text);
            let end = tag_end(tag);
            let (tag, after) = tag.split_at(end);
            let name = tag_name(tag);
            // What stands in a script or a style is no HTML.
            let raw = match name {
                "script" | "style" => after.find(&format!("</{name}")).unwrap_or(after.len()),
                _ => 0,
            };
            let (inside, after) = after.split_at(raw);
            if needs_server(name, tag) {
                // Without its end tag either, when it has one.
                rest = if name == "script" { after.split_at(tag_end(after)).1 } else { after };
                continue;
            }
            if tag.starts_with("<!--") {
                out.push_str(tag);
            } else if name == "meta" && tag.contains("Content-Security-Policy") {
                // A page opened as a file has no origin that `'self'` could mean.
                out.push_str(&tag.replace("'self'", "'self' file:").replace("&#39;self&#39;", "&#39;self&#39; file:"));
            } else {
                self.tag(path, tag, &mut out);
            }
            out.push_str(inside);
            rest = after;
        }
        out.push_str(rest);
        out.into_bytes()
    }

    /// A tag with its addresses made relative.
    fn tag(&self, path: &str, tag: &str, out: &mut String) {
        let mut rest = tag;
        while let Some(at) = rest.find("=\"") {
            let (before, after) = rest.split_at(at + 2);
            let (value, after) = after.split_at(after.find('"').unwrap_or(after.len()));
            out.push_str(before);
            let name = before[..at].rsplit(|c: char| c.is_ascii_whitespace() || c == '"').next().unwrap_or_default();
            if ADDRESSES.contains(&name) && value.starts_with('/') && !value.starts_with("//") {
                self.address(path, value, out);
            } else {
                out.push_str(value);
            }
            // The closing quote.
            let quote = usize::from(!after.is_empty());
            out.push_str(&after[..quote]);
            rest = &after[quote..];
        }
        out.push_str(rest);
    }

    /// An address of the site as a page of the copy writes it.
    fn address(&self, from: &str, value: &str, out: &mut String) {
        let end = value.find(['?', '#']).unwrap_or(value.len());
        let (address, rest) = value.split_at(end);
        let index = if address.ends_with('/') { "index.html" } else { "" };
        let address = address.trim_start_matches('/');
        let file = format!("{}{index}", decode(address));
        if !self.paths.contains(file.as_str()) {
            // Writing to a string cannot fail.
            let _ = write!(out, "https://{}{value}", self.host);
            return;
        }
        for _ in 0..from.matches('/').count() {
            out.push_str("../");
        }
        let _ = write!(out, "{address}{index}{rest}");
    }
}

/// Whether an element does nothing, or only harm, when there is no server.
fn needs_server(name: &str, tag: &str) -> bool {
    match name {
        "script" => tag.contains("type=\"module\""),
        "link" => ["manifest", "modulepreload", "preload", "prefetch"]
            .iter()
            .any(|relation| tag.contains(&format!("rel=\"{relation}\""))),
        _ => false,
    }
}

/// Where the tag or comment that `text` begins with ends.
fn tag_end(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The name of the element that a tag begins, empty for anything else.
fn tag_name(tag: &str) -> &str {
    let name = tag.strip_prefix('<').unwrap_or_default();
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Percent-decoded; as it stands when it is not UTF-8 then.
fn decode(address: &str) -> String {
    crate::serve::answer::decode(&format!("/{address}")).unwrap_or_else(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 7] = [
        "index.html",
        "policy/x/index.html",
        "policy/x/lifecycle/index.html",
        "assets/site-1.css",
        "assets/yima.js",
        "attachment/x/申请 表.pdf",
        "search/index.html",
    ];

    fn page(path: &str, html: &str) -> String {
        let paths = PATHS.map(str::to_owned);
        String::from_utf8(Copy::new(&paths, "zc.qingyu.example").page(path, html.as_bytes())).unwrap()
    }

    #[test]
    fn addresses_are_relative_to_the_page() {
        for (path, from, to) in [
            ("index.html", "<a href=\"/policy/x/\">", "<a href=\"policy/x/index.html\">"),
            ("policy/x/index.html", "<a href=\"/\">", "<a href=\"../../index.html\">"),
            (
                "policy/x/index.html",
                "<a class=\"a\" href=\"/policy/x/lifecycle/?a=b&amp;c#d\" title=\"/policy/x/\">/policy/x/</a>",
                "<a class=\"a\" href=\"../../policy/x/lifecycle/index.html?a=b&amp;c#d\" title=\"/policy/x/\">/policy/x/</a>",
            ),
            ("index.html", "<a href=\"/data/x.json\">", "<a href=\"https://zc.qingyu.example/data/x.json\">"),
            (
                "index.html",
                "<a href=\"https://www.gov.cn/\"><a href=\"#main\">",
                "<a href=\"https://www.gov.cn/\"><a href=\"#main\">",
            ),
            (
                "index.html",
                "<a href=\"/attachment/x/%E7%94%B3%E8%AF%B7%20%E8%A1%A8.pdf\">",
                "<a href=\"attachment/x/%E7%94%B3%E8%AF%B7%20%E8%A1%A8.pdf\">",
            ),
            ("policy/x/index.html", "<form action=\"/search/\">", "<form action=\"../../search/index.html\">"),
            (
                "index.html",
                "<p title=\"a > b\" data=\"//x\"><!-- <a href=\"/\"> -->",
                "<p title=\"a > b\" data=\"//x\"><!-- <a href=\"/\"> -->",
            ),
        ] {
            assert_eq!(page(path, from), to);
        }
    }

    #[test]
    fn what_needs_a_server_is_left_out_and_raw_text_is_left_alone() {
        let html = "<link rel=\"manifest\" href=\"/m\"><script type=\"module\" src=\"/assets/boot.js\"></script>\
                    <script src=\"/assets/yima.js\" defer></script><script type=\"application/ld+json\">{\"a\":\"<b href=\\\"/\\\">\"}</script>\
                    <style>a>b{}</style><link rel=\"stylesheet\" href=\"/assets/site-1.css\">";
        let copy = "<script src=\"assets/yima.js\" defer></script><script type=\"application/ld+json\">{\"a\":\"<b href=\\\"/\\\">\"}</script>\
                    <style>a>b{}</style><link rel=\"stylesheet\" href=\"assets/site-1.css\">";
        assert_eq!(page("index.html", html), copy);
    }

    #[test]
    fn broken_pages_come_out_as_they_went_in() {
        for broken in ["<", "<a href=\"/", "<a href=\"", "<script>", "<!--", "a=\"b", "<style", ""] {
            let _ = page("index.html", broken);
        }
        let copy = Copy::new(&[], "x");
        assert_eq!(copy.page("index.html", b"<a href=\"/\xff\">"), b"<a href=\"/\xff\">");
    }
}
