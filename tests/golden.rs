//! What the pages of the small city say: `<main>` of one page of every kind against `tests/golden/`.
//!
//! Head and frame are the same on every page and have tests of their own. `YIMA_BLESS=1 cargo test -p yima-tests golden`
//! writes the expected files anew; read the difference before you commit it.

use std::collections::BTreeMap;

use yima::site::{Content, Render as _};
use yima::source::Limits;
use yima::{NewCodes, Options, Press};

use crate::city::{Sandbox, here, put, tree};
use crate::wrong::difference;

/// One page of every kind, two where a record can be in two minds.
const PAGES: &[&str] = &[
    "404.html",
    "about/index.html",
    "ask/index.html",
    "audience/biyesheng/index.html",
    "department/index.html",
    "favourites/index.html",
    "index.html",
    "offline/index.html",
    "policies/index.html",
    "policies/page/1/index.html",
    "policy/2021-zufang-butie/index.html",
    "policy/2024-jiuye-jianxi/index.html",
    "policy/2025-zufang-butie/index.html",
    "policy/2025-zufang-butie/lifecycle/index.html",
    "question/zhufang-001/index.html",
    "questions/index.html",
    "questions/zhufang/index.html",
    "search/index.html",
    "validity/expiring/index.html",
];

/// The records whose cards are looked at.
const CARDS: &[&str] = &[
    "policy:2019-huowu-butie",
    "policy:2021-zufang-butie",
    "policy:2025-zufang-butie",
    "stage:2025-zufang-butie/execution",
    "attachment:2025-zufang-butie/form.csv",
    "article:2025-zufang-butie/3",
    "question:zhufang-001",
];

/// File below `tests/golden/` → the `<main>` of its page.
fn pages() -> BTreeMap<String, String> {
    let sandbox = Sandbox::new();
    let options = Options { public: here().join("../public"), ..sandbox.options(NewCodes::Refuse) };
    let loaded = yima::project::load_within(&options, Limits::default()).expect("the folder can be read");
    assert_eq!(loaded.mistakes.0, [], "the small city has no mistake");
    let project = loaded.project.expect("a city");
    let press = Press::new(&project).expect("the templates are right");
    let site = press.plan().expect("one owner per path");
    let main = |path: &str| {
        let entry = site.get(path).unwrap_or_else(|| {
            let paths: Vec<&str> = site.iter().map(|(path, _)| path.as_str()).collect();
            panic!("there is no {path} among {paths:?}")
        });
        let Content::Recipe(recipe) = &entry.content else { panic!("{path} is a file") };
        let page = String::from_utf8(press.render(recipe).expect("the page")).expect("text");
        let (_, rest) = page.split_once("<main").unwrap_or_else(|| panic!("{path} has no <main>"));
        let (main, _) = rest.split_once("</main>").expect("<main> ends");
        format!("<main{main}</main>\n")
    };
    let mut pages: BTreeMap<String, String> = PAGES
        .iter()
        .map(|path| {
            let name = path.strip_suffix("/index.html").or(path.strip_suffix(".html")).expect("a page");
            (format!("{}.html", name.replace('/', ".")), main(path))
        })
        .collect();
    let ledger = sandbox.text("codes.csv");
    for card in CARDS {
        let (kind, id) = card.split_once(':').expect("kind:id");
        let line = ledger.lines().find(|line| line.contains(&format!(",{kind},{id},")));
        let code = line.and_then(|line| line.split(',').next()).unwrap_or_else(|| panic!("{card} has no code"));
        pages.insert(format!("card.{}.html", card.replace([':', '/'], ".")), main(&format!("Q/{code}/index.html")));
    }
    pages
}

#[test]
fn every_kind_of_page_says_what_it_said() {
    let folder = here().join("golden");
    let bless = std::env::var_os("YIMA_BLESS").is_some();
    let said = pages();
    if bless {
        for (name, main) in &said {
            put(&folder.join(name), main.as_bytes());
        }
    }
    let expected = tree(&folder);
    let mut failures = String::new();
    for (name, main) in &said {
        match expected.get(name) {
            None => failures.push_str(&format!("==== {name} is new\n")),
            Some(bytes) if *bytes == main.as_bytes() => {}
            Some(bytes) => {
                let differs = difference(&String::from_utf8_lossy(bytes), main);
                failures.push_str(&format!("==== {name}\n{differs}\n"));
            }
        }
    }
    assert!(failures.is_empty(), "pages differ; YIMA_BLESS=1 writes them anew\n{failures}");
    let unused: Vec<&String> = expected.keys().filter(|name| !said.contains_key(*name)).collect();
    assert!(unused.is_empty(), "tests/golden/ has files that no page is compared with: {unused:?}");
}

/// Every kind of page the templates know is among those looked at.
#[test]
fn no_template_goes_unseen() {
    let folder = here().join("../generator/templates");
    let whole: Vec<String> =
        tree(&folder).into_iter().filter(|(_, text)| text.starts_with(b"{% extends")).map(|(name, _)| name).collect();
    // Pages and cards above, by the template they are made with.
    let seen = [
        "404.html",
        "about.html",
        "ask.html",
        "card.html",
        "card_part.html",
        "favourites.html",
        "home.html",
        "lifecycle.html",
        "list.html",
        "offline.html",
        "policy.html",
        "question.html",
        "question_theme.html",
        "questions.html",
        "search.html",
        "tombstone.html",
        "values.html",
    ];
    assert_eq!(whole, seen, "a new kind of page needs a line in PAGES or CARDS");
}
