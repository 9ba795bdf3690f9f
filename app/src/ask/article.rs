//! The answer as its own page shows it, made ready to stand in a conversation: validity as of today, headings one step
//! lower, and its sentences marked for reading aloud.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{DomParser, Element, Node, SupportedType};
use yima_model::validity::from_iso;
use yima_model::{Date, Lifespan};

use crate::browser;

/// What the page of a question says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Article {
    /// HTML of this site's own making.
    pub(super) html: String,
    /// How many sentences are marked.
    pub(super) sentences: usize,
    /// The first policy it rests on, its id and its title.
    pub(super) policy: Option<(String, String)>,
    /// The clauses it rests on.
    pub(super) clauses: Vec<Clause>,
    /// Whether a clause it rests on has changed since it was checked.
    pub(super) review: bool,
}

/// Where a clause stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Path of the page with the text.
    pub(super) page: String,
    /// Its id there.
    pub(super) anchor: String,
}

/// Takes the article out of the page of a question; none when the page has none.
pub(super) fn read(page: &str, today: Date) -> Option<Article> {
    let page = DomParser::new().ok()?.parse_from_string(page, SupportedType::TextHtml).ok()?;
    let article: Element = page.query_selector("main article").ok()??;
    let review = article.query_selector(".notice:not([data-stale])").ok()?.is_some();
    // What the conversation says itself: the question, that it is dead, the way to others of its theme.
    for element in all(&article, ":scope > header, .more, [data-stale], section:not([id])") {
        element.remove();
    }
    for element in all(&article, "[id]") {
        let _ = element.remove_attribute("id");
    }
    for heading in all(&article, "h2") {
        if let Ok(lower) = page.create_element("h3") {
            lower.set_inner_html(&heading.inner_html());
            let _ = heading.replace_with_with_node_1(&lower);
        }
    }
    for mark in all(&article, "[data-effective]") {
        tell_validity(&mark, today);
    }
    let policy = article.query_selector(".facts a[href^=\"/policy/\"]").ok()?.and_then(|link| {
        let href = link.get_attribute("href")?;
        let id = href.strip_prefix("/policy/")?.split('/').next()?.to_owned();
        Some((id, link.text_content().unwrap_or_default()))
    });
    let clauses = all(&article, ".facts a[href^=\"/policy/\"][href*=\"#\"]").into_iter().filter_map(|link| {
        let href = link.get_attribute("href")?;
        let (page, anchor) = href.split_once('#')?;
        Some(Clause { page: page.to_owned(), anchor: anchor.to_owned() })
    });
    let clauses = clauses.collect();
    let mut sentences = 0;
    for block in all(&article, ".short-answer, .prose :is(p,li,td,th,h3,h4)") {
        // A list within a list is its own block.
        mark_sentences(&block, &mut sentences);
        sentences += 1;
    }
    Some(Article { html: article.inner_html(), sentences, policy, clauses, review })
}

/// The paragraphs of a clause on the page of its policy: from its anchor to the next clause or heading.
pub(super) fn clause(page: &str, anchor: &str) -> Vec<String> {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(page, SupportedType::TextHtml));
    let mut found = Vec::new();
    let mut next = parsed.ok().and_then(|page| page.get_element_by_id(anchor));
    while let Some(element) = next {
        let begins = element.class_list().contains("article") || element.tag_name().starts_with('H');
        if begins && !found.is_empty() {
            break;
        }
        let lines = all(&element, "li, tr");
        let lines = if lines.is_empty() { vec![element.clone()] } else { lines };
        found.extend(lines.iter().map(words).filter(|line| !line.trim().is_empty()));
        next = element.next_element_sibling();
    }
    found
}

/// The text of an element; of a row of a table the text of its cells, apart from one another.
fn words(element: &Element) -> String {
    let cells = all(element, "th, td");
    if cells.is_empty() {
        return element.text_content().unwrap_or_default();
    }
    let cells: Vec<String> = cells.iter().filter_map(|cell| cell.text_content()).collect();
    cells.join("：")
}

/// The number in the page's own table of departments.
pub(super) fn phone_of(department: &str) -> Option<String> {
    let link = document().query_selector(&format!(".offices a[href=\"/department/{department}/\"]")).ok()??;
    let phone: Element = browser::find(&link.closest("tr").ok()??, "a.tel")?;
    phone.text_content()
}

fn all(inside: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

/// As the page script does, for a part of a page that came after it.
fn tell_validity(mark: &Element, today: Date) {
    let day = |name: &str| mark.get_attribute(name).and_then(|day| from_iso(&day));
    let Some(effective) = day("data-effective") else { return };
    let lifespan = Lifespan {
        effective,
        expires: day("data-expires"),
        repealed: day("data-repealed"),
        amended: day("data-amended"),
    };
    let days = mark.get_attribute("data-expiring-days").and_then(|days| days.parse().ok()).unwrap_or_default();
    let validity = lifespan.on(today, days);
    mark.set_class_name(&format!("validity {}", validity.id()));
    if let Some(word) = browser::find::<Element>(mark, "strong") {
        word.set_text_content(Some(validity.zh()));
    }
}

/// Puts every sentence of a block into spans with its number; a sentence may stretch over several.
fn mark_sentences(node: &Node, number: &mut usize) {
    let mut child = node.first_child();
    while let Some(this) = child {
        child = this.next_sibling();
        if let Some(element) = this.dyn_ref::<Element>() {
            let marked = element.has_attribute("data-say");
            let block = matches!(element.tag_name().as_str(), "UL" | "OL" | "TABLE" | "P" | "LI");
            if !marked && !block {
                mark_sentences(&this, number);
            }
            continue;
        }
        let text = this.text_content().unwrap_or_default();
        let Some(parent) = this.parent_node() else { continue };
        if this.node_type() != Node::TEXT_NODE || text.trim().is_empty() {
            continue;
        }
        for (sentence, ends) in sentences(&text) {
            let Ok(span) = document().create_element("span") else { return };
            let _ = span.set_attribute("data-say", &number.to_string());
            span.set_text_content(Some(sentence));
            let _ = parent.insert_before(&span, Some(&this));
            *number += usize::from(ends);
        }
        let _ = parent.remove_child(&this);
    }
}

/// The sentences of a text with what ends them, and whether each one ends.
fn sentences(text: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['。', '！', '？', '；', '!', '?', ';']) {
        // What closes a quotation belongs to it.
        let behind = rest.get(at..).unwrap_or_default();
        let end = behind.char_indices().find(|(_, ch)| !"。！？；!?;”’》）".contains(*ch));
        let (sentence, after) = rest.split_at(end.map_or(rest.len(), |(length, _)| at + length));
        found.push((sentence, true));
        rest = after;
    }
    if !rest.is_empty() {
        found.push((rest, false));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_what_ends_them() {
        assert_eq!(sentences("能。带上身份证！"), [("能。", true), ("带上身份证！", true)]);
        assert_eq!(sentences("他说“行。”然后"), [("他说“行。”", true), ("然后", false)]);
        assert_eq!(sentences("每月500元"), [("每月500元", false)]);
        assert_eq!(sentences("？！"), [("？！", true)]);
        assert!(sentences("").is_empty());
    }
}
