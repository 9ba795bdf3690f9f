//! What a reader of traditional script sees is what OpenCC says: every text of every page of the demonstration city,
//! through the script itself.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use proptest::prelude::*;
use yima_model::Date;

use super::dictionary::Dictionary;
use super::*;
use crate::plan::{Press, Recipe};
use crate::project::{NewCodes, Options, Project, load};
use crate::site::{Content, Render as _};

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn project() -> Project {
    let options = Options {
        content: root().join("content"),
        public: root().join("public"),
        app: None,
        today: Date::constant(2026, 11, 22),
        new_codes: NewCodes::Provisional,
    };
    load(&options).unwrap().project.unwrap()
}

/// The texts between the tags of a page.
fn texts(html: &str, all: &mut BTreeSet<String>) {
    for piece in html.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text).trim();
        if !text.is_ascii() {
            all.insert(text.to_owned());
        }
    }
}

/// What the script makes of texts with a table.
fn converted(table: &str, texts: &[String]) -> Vec<String> {
    const RUN: &str = "
        const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const convert = require(given.script).converter(given.table);
        console.log(JSON.stringify(given.texts.map(convert)));";
    let script = root().join("public/assets/reading.js");
    let mut node = Command::new("node")
        .args(["--no-warnings", "-e", RUN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is on the path: install Node.js");
    let given = serde_json::json!({ "script": script, "table": table, "texts": texts });
    node.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let said = node.wait_with_output().unwrap().stdout;
    serde_json::from_slice(&said).unwrap()
}

/// The table in the order of its file, used as the script uses it.
fn convert(table: &str, text: &str) -> String {
    let mut lines = table.lines().skip(1);
    let pairs: Vec<char> = lines.next().unwrap().chars().collect();
    let one: BTreeMap<char, char> = pairs.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let single = |text: &str| text.chars().map(|ch| one.get(&ch).copied().unwrap_or(ch)).collect::<String>();
    let phrases: BTreeMap<&str, Option<&str>> =
        lines.map(|line| line.split_once(' ').map_or((line, None), |(from, to)| (from, Some(to)))).collect();
    let mut said = String::new();
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        let ends = rest.char_indices().skip(1).map(|(end, _)| end).chain([rest.len()]).take(16);
        let longest = ends.filter(|&end| phrases.contains_key(&rest[..end])).last();
        let end = longest.unwrap_or(ch.len_utf8());
        let one = single(&rest[..end]);
        said.push_str(phrases.get(&rest[..end]).copied().flatten().unwrap_or(&one));
        rest = &rest[end..];
    }
    said
}

#[test]
fn every_page_reads_as_opencc_converts_it() {
    let project = project();
    let press = Press::new(&project).unwrap();
    let site = press.plan().unwrap();
    let mut all = BTreeSet::new();
    for (path, entry) in site.iter() {
        if let (true, Content::Recipe(recipe)) = (path.as_str().ends_with(".html"), &entry.content) {
            texts(&String::from_utf8(press.render(recipe).unwrap()).unwrap(), &mut all);
        }
    }
    let all: Vec<String> = all.into_iter().collect();
    assert!(all.len() > 3_000, "{}", all.len());
    let table = String::from_utf8(press.render(&Recipe::Hant).unwrap()).unwrap();
    assert!(table.len() <= 40 * 1024, "{} bytes", table.len());
    let opencc = OpenCC::from_config(BuiltinConfig::S2tw).unwrap();
    let mut wrong = Vec::new();
    for (text, said) in all.iter().zip(converted(&table, &all)) {
        let expected = opencc.convert(text);
        assert_eq!(convert(&table, text), said, "the script and its twin differ");
        if said != expected {
            wrong.push(format!("{text}\n  {said}\n  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn words_with_two_forms_come_out_right() {
    let pairs = [
        ("发布发展头发", "發佈發展頭髮"),
        ("皇后与以后", "皇后與以後"),
        ("公里里面", "公里裡面"),
        ("干部干净若干", "幹部乾淨若干"),
        ("关系系统维系", "關係系統維繫"),
        ("审核核实", "審核核實"),
        ("制定制造", "制定製造"),
        ("批准标准", "批准標準"),
        ("手表报表", "手錶報表"),
        ("征收特征", "徵收特徵"),
    ];
    let text: String = pairs.iter().flat_map(|(simplified, _)| [*simplified, "。"]).collect();
    let table = table(1, |_| Ok::<_, ()>(text.clone())).unwrap();
    let table = String::from_utf8(table).unwrap();
    let expected: Vec<&str> = pairs.iter().map(|(_, traditional)| *traditional).collect();
    let given: Vec<String> = pairs.iter().map(|(simplified, _)| (*simplified).to_owned()).collect();
    assert_eq!(converted(&table, &given), expected);
}

#[test]
fn every_phrase_and_character_is_opencc_s() {
    let opencc = OpenCC::from_config(BuiltinConfig::S2tw).unwrap();
    let dictionary = Dictionary::new();
    assert!(dictionary.phrases().is_sorted_by(|a, b| a.simplified < b.simplified), "phrases are looked up by halving");
    let one: BTreeMap<char, char> =
        characters().chars().collect::<Vec<_>>().chunks(2).map(|pair| (pair[0], pair[1])).collect();
    for phrase in dictionary.phrases() {
        let single: String = phrase.simplified.chars().map(|ch| one.get(&ch).copied().unwrap_or(ch)).collect();
        assert_eq!(phrase.traditional.unwrap_or(&single), opencc.convert(phrase.simplified));
    }
    for ch in '\u{3400}'..='\u{9fff}' {
        let text = ch.to_string();
        assert_eq!(one.get(&ch).copied().unwrap_or(ch).to_string(), opencc.convert(&text), "{ch}");
    }
}

/// Search folds by its own pairs; here they meet OpenCC's.
#[test]
fn search_folds_as_opencc_simplifies() {
    let opencc = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    for (traditional, simplified) in yima_search::script::pairs() {
        assert_eq!(opencc.convert(&traditional.to_string()), simplified.to_string(), "{traditional}");
    }
}

/// What a city's readers can search for in traditional script finds what stands there in simplified.
#[test]
fn what_is_shown_can_be_typed() {
    let opencc = OpenCC::from_config(BuiltinConfig::S2tw).unwrap();
    for text in
        ["租房补贴", "头发", "公里", "干部", "审核标准", "批准", "手表", "开发商", "征收", "关于", "合伙企业", "毕业后"]
    {
        assert_eq!(yima_search::text::fold(&opencc.convert(text)), yima_search::text::fold(text));
    }
}

/// Phrases of the dictionary, whole or in part, in any order: what lies across two of them is where tables go wrong.
fn jumble() -> impl Strategy<Value = String> {
    let dictionary = Dictionary::new();
    let phrases: Vec<&'static str> = dictionary.phrases().iter().map(|phrase| phrase.simplified).collect();
    let part = (proptest::sample::select(phrases), 0_usize..3, 0_usize..3).prop_map(|(phrase, from, less)| {
        let chars: Vec<char> = phrase.chars().collect();
        chars[from.min(chars.len() - 1)..].iter().take(chars.len().saturating_sub(less).max(1)).collect::<String>()
    });
    proptest::collection::vec(part, 1..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_table_for_a_text_serves_every_part_of_it(text in jumble(), start in 0_usize..8, length in 1_usize..40) {
        let opencc = OpenCC::from_config(BuiltinConfig::S2tw).unwrap();
        let table = String::from_utf8(table(1, |_| Ok::<_, ()>(text.clone())).unwrap()).unwrap();
        prop_assert_eq!(convert(&table, &text), opencc.convert(&text));
        let part: String = text.chars().skip(start).take(length).collect();
        prop_assert_eq!(convert(&table, &part), opencc.convert(&part));
    }
}
