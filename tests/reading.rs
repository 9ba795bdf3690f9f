//! The interface in other languages: every word of it on every kind of page, and of the app, has its entry.
//!
//! What is interface and what is content cannot be told from a page. So the pages are made of a city without a Chinese
//! word: every Chinese character of its content is another sign. The Chinese that is still on a page is the interface.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use yima::site::{Content, Render as _};
use yima::{NewCodes, Options, Press, Recipe};

use crate::city::{here, put, tree};

/// What stays Chinese, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("政策", "the name of a theme and one word, as many names of policies are"),
    ("租房补贴", "what can be typed is Chinese, so the example is"),
];

/// An element's texts in order, `None` for each element among them; or the value of an attribute, alone.
type Unit = Vec<Option<String>>;

fn is_chinese(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9fff}')
}

/// Lines that say a word the program itself defines.
const FIXED: &[&str] = &["group = \"个人\"", "group = \"企业\"", "group = \"组织\""];

/// Another sign for a Chinese character, its own for each, from a plane for private use.
fn masked(ch: char) -> char {
    if is_chinese(ch) { char::from_u32(u32::from(ch) + 0xF_0000).unwrap_or(ch) } else { ch }
}

fn masked_text(text: &str) -> String {
    let line = |line: &str| match FIXED.contains(&line.trim()) {
        true => line.to_owned(),
        false => line.chars().map(masked).collect(),
    };
    text.split_inclusive('\n').map(line).collect()
}

fn has_chinese(unit: &Unit) -> bool {
    unit.iter().flatten().any(|text| text.chars().any(is_chinese))
}

/// The interface of every page of a city, by the page it is on.
fn interface(content: &Path, today: &str) -> BTreeMap<Unit, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in tree(content) {
        let masked = match String::from_utf8(bytes) {
            Ok(text) => masked_text(&text).into_bytes(),
            Err(other) => other.into_bytes(),
        };
        put(&folder.path().join(path), &masked);
    }
    let options = Options {
        content: folder.path().to_owned(),
        public: here().join("../public"),
        app: None,
        today: today.parse().expect("a date"),
        new_codes: NewCodes::Provisional,
    };
    let loaded = yima::load(&options).expect("the folder can be read");
    let project = loaded.project.expect("a city that links");
    let press = Press::new(&project).expect("the templates are right");
    let mut units = BTreeMap::new();
    for (path, entry) in press.plan().expect("one owner per path").iter() {
        if let (true, Content::Recipe(recipe @ Recipe::Page(_))) = (path.as_str().ends_with(".html"), &entry.content) {
            let page = press.render(recipe).expect("the page");
            for unit in units_of(&String::from_utf8(page).expect("text")) {
                units.entry(unit).or_insert_with(|| path.to_string());
            }
        }
    }
    units
}

/// The units of a page that hold Chinese. The pages are the generator's own: well formed, attributes in double quotes.
fn units_of(html: &str) -> Vec<Unit> {
    const VOID: &[&str] = &["meta", "link", "br", "img", "input", "hr"];
    let mut units = Vec::new();
    let mut open: Vec<(String, Unit)> = Vec::new();
    let mut rest = html;
    while let Some((text, behind)) = rest.split_once('<') {
        push(&mut open, text);
        let (tag, after) = behind.split_once('>').expect("a tag ends");
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let (opened, unit) = open.pop().expect("an element is open");
            assert_eq!(opened, name);
            units.push(unit);
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
        for key in ["title", "alt", "aria-label", "placeholder"] {
            let value = tag.split_once(&format!(" {key}=\"")).and_then(|(_, rest)| rest.split_once('"'));
            units.extend(value.map(|(value, _)| vec![Some(decoded(value))]));
        }
        if let Some((_, unit)) = open.last_mut() {
            unit.push(None);
        }
        if matches!(name.as_str(), "script" | "style" | "code") || tag.contains("translate=\"no\"") {
            rest = past(rest, &name);
        } else if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
            open.push((name, Vec::new()));
        }
    }
    units.retain(has_chinese);
    units
}

/// What follows the end of the element that was just opened.
fn past<'a>(html: &'a str, name: &str) -> &'a str {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let (mut depth, mut rest) = (1, html);
    while depth > 0 {
        let at = rest.find(&end).expect("an element ends");
        depth = depth + rest[..at].matches(&start).count() - 1;
        rest = &rest[at + end.len()..];
    }
    rest
}

fn push(open: &mut [(String, Unit)], text: &str) {
    if let (Some((_, unit)), false) = (open.last_mut(), text.is_empty()) {
        unit.push(Some(decoded(text)));
    }
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

/// The Chinese texts in the sources of the app, of the scripts and of the words they share with the pages.
fn written() -> Vec<(String, String)> {
    let root = here().join("..");
    let mut texts = Vec::new();
    let sources =
        ["app/src", "public/assets", "model/src", "search/src"].map(|folder| (folder, tree(&root.join(folder))));
    for (folder, files) in sources {
        for (path, bytes) in files {
            let script = path.ends_with(".js") && path != "reading.js";
            if folder == "public/assets" && !script {
                continue;
            }
            let source = String::from_utf8(bytes).expect("text").replace("${", "{").replace('`', "\"");
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            // Of the model and the search, names alone: what they say of wrong input is for editors, and of wrong bytes
            // for nobody who could read it in another language.
            let lines = source.lines().filter(|line| match folder {
                "model/src" | "search/src" => {
                    line.trim_start().starts_with("Self::") && line.contains("=> \"") && line.ends_with("\",")
                }
                _ => !line.trim_start().starts_with("//"),
            });
            for line in lines {
                texts.extend(line.split('"').skip(1).step_by(2).map(|text| (text.to_owned(), path.clone())));
            }
        }
    }
    // How relations are called in data, and the pattern of a date: neither is shown.
    texts.retain(|(text, path)| text.chars().any(is_chinese) && path != "relation.rs" && !text.contains('$'));
    texts
}

/// A day as pages write it.
const DAY: &str = "2026年11月22日";

/// A text of the app with its holes filled.
fn filled(text: &str, with: &str) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        filled.push_str(if piece.starts_with("date}") { DAY } else { with });
        filled.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    filled
}

struct Said {
    units: Vec<Vec<Option<String>>>,
    used: BTreeSet<String>,
}

fn translated(words: &Value, units: &[&Unit]) -> Said {
    let script = here().join("../public/assets/reading.js");
    let mut node = Command::new("node")
        .arg("--no-warnings")
        .arg(here().join("reading.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is on the path: install Node.js");
    let given = json!({ "script": script, "words": words, "units": units });
    node.stdin.take().expect("a pipe").write_all(given.to_string().as_bytes()).expect("node reads");
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "the script fails");
    let said: Value = serde_json::from_slice(&output.stdout).expect("what the script says");
    Said {
        units: serde_json::from_value(said["said"].clone()).expect("units"),
        used: serde_json::from_value(said["used"].clone()).expect("entries"),
    }
}

fn languages() -> Vec<PathBuf> {
    let folder = here().join("../public/assets/lang");
    tree(&folder).into_keys().map(|name| folder.join(name)).collect()
}

#[test]
fn every_word_of_the_interface_has_its_entry() {
    let mut units = interface(&here().join("../content"), "2026-11-22");
    units.extend(interface(&here().join("city"), "2026-10-01"));
    let sources: String = ["generator/templates", "generator/src/pages", "app/src", "search/src"]
        .iter()
        .flat_map(|folder| tree(&here().join("..").join(folder)).into_values())
        .map(|bytes| String::from_utf8(bytes).expect("text"))
        .collect();
    for file in languages() {
        let words: Value = serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
        let all: Vec<&Unit> = units.keys().collect();
        let Said { units: said, mut used } = translated(&words, &all);
        let mut left = Vec::new();
        for ((unit, page), said) in units.iter().zip(said) {
            let shown = unit.iter().zip(&said).filter_map(|(was, now)| now.as_ref().or(was.as_ref()));
            let stays: String = shown.flat_map(|text| text.chars()).filter(|&ch| is_chinese(ch)).collect();
            if !stays.is_empty() && EXCEPTIONS.iter().all(|(text, _)| *text != stays) {
                left.push(format!("{page}: {}", shape(unit)));
            }
        }
        for (text, path) in written() {
            let text = text.as_str();
            let with: [Unit; 3] = ["7", "X", DAY].map(|hole| vec![Some(filled(text, hole))]);
            let Said { units, used: more } = translated(&words, &with.iter().collect::<Vec<_>>());
            if units.iter().all(|unit| unit.iter().all(Option::is_none)) {
                left.push(format!("{path}: {text}"));
            }
            used.extend(more);
        }
        assert!(left.is_empty(), "{}: {} texts have no entry\n{}", file.display(), left.len(), left.join("\n"));
        let texts = words["texts"].as_object().expect("texts");
        // A city does not show everything that can be shown: what pages could say counts as well.
        let said = |key: &str| key.split(|ch| !is_chinese(ch)).all(|run| sources.contains(run));
        let unused: Vec<&String> = texts.keys().filter(|key| !used.contains(*key) && !said(key)).collect();
        assert!(unused.is_empty(), "{}: entries that nothing uses: {unused:#?}", file.display());
    }
}

fn shape(unit: &Unit) -> String {
    unit.iter().map(|part| part.as_deref().unwrap_or("<>")).collect::<String>().trim().to_owned()
}
