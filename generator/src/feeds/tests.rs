//! Feeds, calendar and sitemap of the demonstration city, read by an XML parser and line by line.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::*;
use crate::plan::Press;
use crate::project::demonstration;

const HOST: &str = "https://zc.qingyu.example/";

fn child<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    let found = node.children().find(|child| child.has_tag_name(name));
    found.and_then(|child| child.text()).unwrap_or_else(|| panic!("no {name} in {node:?}"))
}

fn link<'a>(node: Node<'a, 'a>, rel: &str, kind: &str) -> &'a str {
    let links = node.children().filter(|child| child.has_tag_name("link"));
    let mut found = links.filter(|link| link.attribute("rel") == Some(rel) && link.attribute("type") == Some(kind));
    found.next().and_then(|link| link.attribute("href")).unwrap_or_else(|| panic!("no {rel} link of {kind}"))
}

fn entries<'a>(feed: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    feed.children().filter(|child| child.has_tag_name("entry"))
}

#[test]
fn every_feed_is_what_rfc_4287_asks_for() {
    let project = demonstration::project();
    let press = Press::new(&project).unwrap();
    let site = press.plan().unwrap();
    let there = |address: &str| {
        let path = address.strip_prefix(HOST).unwrap_or_else(|| panic!("{address}"));
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        assert!(site.get(&path).is_some(), "nothing stands at {address}");
    };
    let feeds = press.feeds();
    let mut count = 0;
    for (path, recipe) in Feeds::plan(feeds.shelves, 0)
        .into_iter()
        .filter(|(path, _)| path.starts_with("feeds/") && path.ends_with("xml"))
    {
        let text = String::from_utf8(feeds.render(&recipe).unwrap()).unwrap();
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let feed = document.root_element();
        assert!(feed.has_tag_name(("http://www.w3.org/2005/Atom", "feed")));
        assert_eq!(child(feed, "id"), format!("{HOST}{path}"));
        assert_eq!(link(feed, "self", "application/atom+xml"), child(feed, "id"));
        assert!(child(feed, "subtitle").ends_with("（演示数据）"));
        there(link(feed, "alternate", "text/html"));

        let ids: Vec<&str> = entries(feed).map(|entry| child(entry, "id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: an id stands twice");
        assert!(ids.len() <= 50, "{path}");
        let mut newest = "";
        for entry in entries(feed) {
            assert!(!child(entry, "title").is_empty() && !child(entry, "summary").is_empty());
            there(link(entry, "alternate", "text/html"));
            let updated = child(entry, "updated");
            assert!(updated.len() == 25 && updated.ends_with("T00:00:00+08:00"), "{updated}");
            assert!(updated < "2026-11-23", "{path}: {updated} is after the build date");
            if recipe != FeedRecipe::Questions {
                assert!(child(entry, "published") <= updated, "{path}");
                there(link(entry, "alternate", "application/json"));
            }
            newest = newest.max(updated);
        }
        if !ids.is_empty() {
            assert_eq!(child(feed, "updated"), newest, "{path}");
        }
        count += 1;
    }
    assert!(count > 80, "{count}");
}

fn feed(recipe: FeedRecipe) -> String {
    let project = demonstration::project();
    let press = Press::new(&project).unwrap();
    String::from_utf8(press.feeds().render(&recipe).unwrap()).unwrap()
}

#[test]
fn the_newest_policies_come_first() {
    let text = feed(FeedRecipe::Policies);
    let document = Document::parse(&text).unwrap();
    let days: Vec<&str> = entries(document.root_element()).map(|entry| child(entry, "published")).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let text = feed(FeedRecipe::Changes);
    let document = Document::parse(&text).unwrap();
    let days: Vec<&str> = entries(document.root_element()).map(|entry| child(entry, "updated")).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
}

#[test]
fn a_feed_says_what_no_longer_holds() {
    let text = feed(FeedRecipe::Changes);
    let document = Document::parse(&text).unwrap();
    let entry = |id: &str| entries(document.root_element()).find(|entry| child(*entry, "id").contains(id)).unwrap();
    assert!(child(entry("2019-minsu-beian"), "summary").starts_with("【已废止，2026-07-01起废止】"));
    // It was repealed on the first of July; whatever else its stages say came before that.
    assert!(child(entry("2019-minsu-beian"), "updated") >= "2026-07-01");
    assert!(!child(entry("2025-qingnian-zufang-butie"), "summary").starts_with('【'));
}

#[test]
fn a_district_feed_marks_what_holds_in_the_whole_city() {
    let project = demonstration::project();
    let shelves = Shelves::new(&project.city);
    let place = shelves.of(Facet::District).iter().position(|shelf| shelf.id == "dengtadao").unwrap();
    let text = feed(FeedRecipe::List { facet: Facet::District, value: u32::try_from(place).unwrap() });
    let document = Document::parse(&text).unwrap();
    let marked = |entry: Node<'_, '_>| entry.children().any(|node| node.attribute("term") == Some("citywide"));
    let (marked, own): (Vec<_>, Vec<_>) = entries(document.root_element()).partition(|entry| marked(*entry));
    assert!(marked.len() > 10);
    assert!(own.iter().any(|entry| child(*entry, "id").contains("2026-dengtadao-yuyue")));
}

#[test]
fn the_calendar_is_what_rfc_5545_asks_for() {
    let text = feed(FeedRecipe::Calendar);
    assert!(text.split_terminator("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let lines = ics::tests::unfold(&text);
    assert_eq!((lines[0].as_str(), lines[lines.len() - 1].as_str()), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
    let count = |line: &str| lines.iter().filter(|found| *found == line).count();
    assert!(count("BEGIN:VEVENT") > 20);
    for line in ["END:VEVENT", "DTSTAMP:20261121T160000Z"] {
        assert_eq!(count(line), count("BEGIN:VEVENT"), "{line}");
    }
    let uids: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("UID:")).collect();
    assert_eq!(uids.len(), count("BEGIN:VEVENT"));
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len());
    let days: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("DTSTART;VALUE=DATE:")).collect();
    assert_eq!(days.len(), uids.len());
    assert!(days.is_sorted() && days.iter().all(|day| day.len() == 8 && *day >= "20251121"), "{days:?}");
}

#[test]
fn every_coming_deadline_is_in_the_calendar() {
    let project = demonstration::project();
    let lines = ics::tests::unfold(&feed(FeedRecipe::Calendar));
    let has = |uid: String, day: Date| {
        let at = lines.iter().position(|line| *line == format!("UID:{uid}@zc.qingyu.example"));
        let at = at.unwrap_or_else(|| panic!("no event {uid}"));
        assert!(lines[at..at + 3].contains(&format!("DTSTART;VALUE=DATE:{}", ics::date(day))), "{uid}");
    };
    let mut windows = 0;
    for entry in &project.city.policies {
        let id = &entry.policy.id;
        if let Some(last) = entry.lifespan.last_day().filter(|&last| last >= project.city.today) {
            has(format!("policy-{id}-last-day"), last);
        }
        for benefit in &entry.policy.benefits {
            let coming = |&day: &Date| day >= project.city.today && !entry.lifespan.on(day, 0).is_dead();
            if let Some(day) = benefit.closes.filter(coming) {
                has(format!("policy-{id}-benefit-{}-closes", benefit.id), day);
                windows += 1;
            }
        }
    }
    assert!(windows > 3, "{windows}");
}

#[test]
fn the_sitemap_names_every_page_that_may_be_found() {
    let project = demonstration::project();
    let press = Press::new(&project).unwrap();
    let site = press.plan().unwrap();
    let text = feed(FeedRecipe::Sitemap);
    let document = Document::parse(&text).unwrap();
    let urls: Vec<(String, Option<&str>)> = document
        .root_element()
        .children()
        .filter(|node| node.has_tag_name("url"))
        .map(|url| {
            let changed = url.children().find(|node| node.has_tag_name("lastmod")).and_then(|node| node.text());
            (child(url, "loc").strip_prefix(HOST).unwrap().to_owned(), changed)
        })
        .collect();
    for (address, changed) in &urls {
        assert!(site.get(&format!("{address}index.html")).is_some(), "{address}");
        assert!(changed.is_none_or(|day| day.len() == 10 && day <= "2026-11-22"), "{address}: {changed:?}");
    }
    let named = |address: &str| urls.iter().find(|(found, _)| found == address);
    let (_, changed) = named("policy/2019-minsu-beian/").unwrap();
    assert!(changed.unwrap() >= "2026-07-01");
    assert!(named("").is_some() && named("question/jiuye-001/").unwrap().1 == Some("2026-10-15"));
    let code = project.city.codes.by_code.keys().next().unwrap();
    assert!(named(&format!("Q/{code}/")).unwrap().1.is_some());
    for hidden in ["favourites/", "offline/", "404.html"] {
        assert_eq!(named(hidden), None);
    }
    assert!(feed(FeedRecipe::Robots).contains("\nSitemap: https://zc.qingyu.example/sitemap.xml\n"));
}

#[test]
fn a_sitemap_is_split_above_50_000_addresses() {
    let pages = |count: usize| -> Vec<(String, Option<Date>)> {
        (0..count)
            .map(|n| {
                (
                    format!("Q/{n}/"),
                    Some(Date::constant(2020, 1, 1).saturating_add(jiff::Span::new().days(n as i64 / 1000))),
                )
            })
            .collect()
    };
    let locations = |text: &str, name: &str| {
        Document::parse(text).unwrap().descendants().filter(|node| node.has_tag_name(name)).count()
    };

    let whole = pages(50_000);
    assert_eq!(sitemap::parts(whole.len()), 0);
    assert_eq!(locations(&sitemap::root("zc.example", &whole), "url"), 50_000);
    assert_eq!(sitemap::part("zc.example", &whole, 0), None);

    let split = pages(50_001);
    assert_eq!(sitemap::parts(split.len()), 2);
    let root = sitemap::root("zc.example", &split);
    assert_eq!((locations(&root, "sitemap"), locations(&root, "url")), (2, 0));
    assert!(root.contains("<loc>https://zc.example/sitemap-1.xml</loc><lastmod>2020-02-19</lastmod>"), "{root}");
    assert!(root.contains("<loc>https://zc.example/sitemap-2.xml</loc><lastmod>2020-02-20</lastmod>"), "{root}");
    let part = |place| sitemap::part("zc.example", &split, place);
    assert_eq!(locations(&part(0).unwrap(), "url"), 50_000);
    assert_eq!(locations(&part(1).unwrap(), "url"), 1);
    assert_eq!(part(2), None);
}

proptest! {
    #[test]
    fn an_address_with_any_text_is_read_back(address in "\\PC{0,40}") {
        let text = sitemap::root("zc.example", &[(address.clone(), None)]);
        let document = Document::parse(&text).unwrap();
        let location = document.descendants().find(|node| node.has_tag_name("loc")).unwrap();
        prop_assert_eq!(location.text().unwrap(), format!("https://zc.example/{address}"));
    }
}
