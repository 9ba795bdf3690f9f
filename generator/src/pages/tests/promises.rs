//! What every page promises.

use super::fixture;
use crate::pages::{PageRecipe, Renderer};

fn pages() -> Vec<(String, String)> {
    let (city, assets) = (fixture::city(), fixture::assets());
    let site = Renderer::new(&city, &assets).unwrap();
    let render = |(address, recipe): (String, PageRecipe)| {
        let bytes = site.render(&recipe).unwrap_or_else(|error| panic!("{error}"));
        (address, String::from_utf8(bytes).unwrap())
    };
    site.plan().into_iter().map(render).collect()
}

fn is_html(address: &str) -> bool {
    address.is_empty() || address.ends_with('/') || address.ends_with(".html")
}

fn page(address: &str) -> String {
    let found = pages().into_iter().find(|(other, _)| other == address);
    found.unwrap_or_else(|| panic!("no page at {address:?}")).1
}

#[test]
fn every_address_is_planned_once() {
    let pages = pages();
    let mut addresses: Vec<&str> = pages.iter().map(|(address, _)| address.as_str()).collect();
    let all = addresses.len();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), all);
    for wanted in
        ["", "policy/new/", "policy/new/lifecycle/", "policies/page/1/", "theme/kong/", "question/q-1/", "404.html"]
    {
        assert!(addresses.contains(&wanted), "{wanted:?} is missing");
    }
}

#[test]
fn every_page_keeps_the_house_rules() {
    for (address, html) in pages().into_iter().filter(|(address, _)| is_html(address)) {
        let count = |needle: &str| html.matches(needle).count();
        assert_eq!(count("<h1"), 1, "{address}: one h1");
        assert!(html.contains("<html lang=\"zh-CN\">"), "{address}: language");
        assert!(html.contains("class=\"skip\" href=\"#main\"") && html.contains("id=\"main\""), "{address}: skip link");
        assert!(html.contains("演示数据"), "{address}: demonstration");
        assert!(html.contains("<svg class=\"qr\""), "{address}: code");
        assert!(html.contains("name=\"SiteIDCode\" content=\"9900000001\""), "{address}: identifier");
        assert!(html.contains("property=\"og:title\""), "{address}: Open Graph");
        assert!(!html.contains(" style=\""), "{address}: style attribute");
        assert!(!html.contains("onclick") && !html.contains("javascript:"), "{address}: inline script");
        assert!(!html.contains("None</") && !html.contains("none</"), "{address}: an absent value was printed");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/") || script.starts_with(" type=\""), "{address}: {script:.40}");
        }
    }
}

#[test]
fn structured_data_is_data() {
    for (address, html) in pages().into_iter().filter(|(address, _)| is_html(address)) {
        let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
        let (text, _) = rest.split_once("</script>").unwrap();
        let graph: serde_json::Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{address}: {error}"));
        assert_eq!(graph["@context"], "https://schema.org", "{address}");
        assert!(!text.contains('<'), "{address}");
    }
    let policy = page("policy/new/");
    assert!(policy.contains("\"@type\":\"Legislation\"") && policy.contains("\"@type\":\"GovernmentService\""));
    assert!(page("question/q-1/").contains("\"@type\":\"FAQPage\""));
}

#[test]
fn ids_are_unique_and_local_anchors_lead_somewhere() {
    for (address, html) in pages() {
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"').map(|(id, _)| id)).collect();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            panic!("{address}: id {:?} stands twice", twice[0]);
        }
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split_once('"').map(|(id, _)| id)) {
            assert!(ids.binary_search(&target).is_ok(), "{address}: #{target} leads nowhere");
        }
    }
}

#[test]
fn local_links_lead_to_planned_pages() {
    let pages = pages();
    let others = ["attachment/", "feeds/", "data/", "assets/", "icons/", "favicon.svg", "manifest.webmanifest"];
    for (address, html) in &pages {
        for target in html.split("href=\"/").skip(1).filter_map(|rest| rest.split_once('"').map(|(path, _)| path)) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            let known =
                pages.iter().any(|(other, _)| other == path) || others.iter().any(|other| path.starts_with(other));
            assert!(known, "{address:?} links to /{target}");
        }
    }
}

#[test]
fn a_dead_document_names_its_successor_before_its_text() {
    for address in ["policy/old/", "Q/0YGHD5/"] {
        let Some((_, html)) = pages().into_iter().find(|(other, _)| other == address) else { continue };
        let (before, _) = html.split_once("<dl class=\"glance\">").unwrap();
        assert!(before.contains("已废止") && before.contains("由这份文件替代") && before.contains("/policy/new/"));
    }
}

#[test]
fn a_stage_that_is_owed_says_who_owes_it_and_when() {
    let html = page("policy/new/lifecycle/");
    let (_, execution) = html.split_once("id=\"execution\"").unwrap();
    let (execution, _) = execution.split_once("</section>").unwrap();
    assert!(
        execution.contains("待补") && execution.contains("市住房和城乡建设局") && execution.contains("2027年3月1日")
    );
    assert!(html.contains("《政府信息公开条例》第十六条") && html.contains("没有需要审议的事项"));
}

#[test]
fn a_question_is_text_not_markup() {
    let html = page("question/q-1/");
    assert!(html.contains("合租能不能&lt;各自&gt;申请？") && !html.contains("<各自>"));
}

#[test]
fn an_answer_that_rests_on_no_document_says_why() {
    let cards: Vec<(String, String)> = pages().into_iter().filter(|(address, _)| address.starts_with("Q/")).collect();
    let card = cards.iter().find(|(_, html)| html.contains("依据的文件尚未收录。")).expect("a card of its own");
    assert!(!card.1.contains("口径已经过期") && card.1.contains("/question/q-2/"));
    assert!(page("question/q-2/").contains("依据的文件尚未收录。"));
}

#[test]
fn the_app_loads_only_where_it_is_used() {
    let (city, assets) = (fixture::city(), fixture::assets());
    let files = ["yima-finder-1.js", "yima-finder-1_bg.wasm", "yima-ask-2.js", "yima-ask-2_bg.wasm"];
    let files = files.into_iter().chain(["yima-kiosk-3.js", "yima-kiosk-3_bg.wasm"]);
    let with = assets.with_app(files.map(|file| (file.to_owned(), Vec::new())).collect());
    let site = Renderer::new(&city, &with).unwrap();
    for (address, recipe) in site.plan() {
        let html = String::from_utf8(site.render(&recipe).unwrap()).unwrap();
        let finder = matches!(address.as_str(), "search/" | "favourites/");
        assert_eq!(html.contains("yima-finder-1_bg.wasm"), finder, "{address}");
        assert_eq!(html.contains("yima-ask-2_bg.wasm"), address == "ask/", "{address}");
    }
}

#[test]
fn what_changed_last_comes_first_and_tells_what_a_device_compares() {
    let file: serde_json::Value = serde_json::from_str(&page("offline/changes.json")).unwrap();
    let records = file["records"].as_array().unwrap();
    let days: Vec<&str> = records.iter().map(|record| record["changed"].as_str().unwrap()).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    for record in records {
        assert_eq!(record["digest"].as_str().unwrap().len(), 8, "{record}");
        assert!(record["themes"].as_array().is_some_and(|themes| !themes.is_empty()), "{record}");
        let policy = record["address"].as_str().unwrap().starts_with("/policy/");
        assert_eq!(record["published"].is_string(), policy, "only a policy is published on a day: {record}");
    }
}

#[test]
fn the_same_city_gives_the_same_bytes() {
    assert_eq!(pages(), pages());
}
