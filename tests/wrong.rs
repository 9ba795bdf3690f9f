//! Wrong input, and what the editor is told: the mistake and the message stand together in `tests/wrong/*.case`.
//!
//! A case is the small city with changes. It opens with a line that says what is wrong; then come parts, each with a
//! line that starts with `--- `:
//!
//! | part | meaning |
//! |---|---|
//! | `edit <path>` | hunks as in a diff, without numbers: ` ` stays, `-` goes, `+` comes; a blank line between hunks; a hunk of `+` lines alone is appended |
//! | `file <path>` | the whole file, new or instead of the old one |
//! | `bytes <path>` | the same in hexadecimal |
//! | `mapping`, `rows` | rows of another system, imported into the city: the report is that of the import |
//! | `table <name>` | a table imported into the city as the knowledge base of a hotline: the report is that of the import |
//! | `remove <path>` | the file goes |
//! | `link <path> <target>` | a symbolic link |
//! | `public <path>` | a file beside the content, among those that are published as they are |
//! | `published` | records must have a code in the ledger, as when the site is published |
//! | `limits <name>=<n> …` | other caps than the real ones: `file`, `attachment`, `files` |
//! | `zh`, `en`, `json` | the exact report; at least one |
//!
//! `{U+200B}` in an edit or a file is that character, `{U+0061*9}` nine of them. `YIMA_BLESS=1 cargo test -p yima-tests wrong` writes the
//! reports anew; read the difference before you commit it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use yima::import::{Options, import};
use yima::language::Language;
use yima::mistake::{Fault, Report};
use yima::source::Limits;
use yima::{Loaded, NewCodes, Press};

use crate::city::{Sandbox, here, put, tree};

/// Faults that show elsewhere, because a case for them would be a thousand lines long, or a workbook.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Rest", "hostile::as_much_as_fits_and_more"),
    ("CellError", "yima::import::tests::a_workbook_as_people_make_it_is_read_and_its_mistakes_are_named_by_cell"),
    ("CellFormula", "yima::import::table::workbook::tests::a_formula_that_nobody_has_worked_out_is_no_empty_cell"),
];

struct Case {
    name: String,
    about: String,
    parts: Vec<(String, String)>,
}

impl Case {
    fn parse(name: &str, text: &str) -> Self {
        let mut about = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix("--- "), parts.last_mut()) {
                (Some(head), _) => parts.push((head.trim_end().to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => about.push_str(line),
            }
        }
        assert!(!about.trim().is_empty(), "{name}: the first line says what is wrong");
        Self { name: name.to_owned(), about, parts }
    }

    fn text(&self) -> String {
        let parts = self.parts.iter().fold(String::new(), |mut all, (head, body)| {
            let _ = write!(all, "--- {head}\n{body}");
            all
        });
        format!("{}{parts}", self.about)
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(head, _)| head == name).map(|(_, body)| body.as_str())
    }

    /// What the editor is told.
    fn report(&self) -> Report {
        let (sandbox, limits) = self.sandbox();
        if let (Some(mapping), Some(rows)) = (self.part("mapping"), self.part("rows")) {
            let (mapping_file, rows_file) = (sandbox.beside("mapping.toml"), sandbox.beside("rows.jsonl"));
            put(&mapping_file, mapping.as_bytes());
            put(&rows_file, rows.as_bytes());
            let options =
                Options { mapping: Some(mapping_file), from: rows_file, into: sandbox.content(), merge: true };
            return import(&options).expect("the import can be read and written").report;
        }
        if let Some((head, table)) = self.parts.iter().find(|(head, _)| head.starts_with("table ")) {
            let from = sandbox.beside(head.trim_start_matches("table "));
            put(&from, expand(table).as_bytes());
            let options = Options { mapping: None, from, into: sandbox.content(), merge: true };
            return import(&options).expect("the import can be read and written").report;
        }
        let before = tree(&sandbox.content());
        let new_codes = if self.part("published").is_some() { NewCodes::Refuse } else { NewCodes::Provisional };
        let Loaded { project, mut mistakes } = sandbox.load(new_codes, limits);
        // Only what is free of errors is planned.
        if let Some(project) = project.filter(|_| mistakes.errors() == 0)
            && let Err(claimed) = Press::new(&project).expect("the templates are right").plan()
        {
            mistakes.0.extend(claimed.0);
        }
        assert_eq!(tree(&sandbox.content()), before, "{}: a check writes nothing", self.name);
        sandbox.report(mistakes)
    }

    /// Builds the city of the case.
    fn sandbox(&self) -> (Sandbox, Limits) {
        let sandbox = Sandbox::new();
        let mut limits = Limits::default();
        for (head, body) in &self.parts {
            let words: Vec<&str> = head.split(' ').collect();
            match words[..] {
                ["edit", path] => sandbox.write(path, self.edited(&sandbox.text(path), &expand(body))),
                ["file", path] => sandbox.write(path, expand(body)),
                ["bytes", path] => sandbox.write(path, bytes(body)),
                ["public", path] => put(&sandbox.beside("public").join(path), body.as_bytes()),
                ["remove", path] => std::fs::remove_file(sandbox.content().join(path)).expect(path),
                ["link", path, target] => {
                    let path = sandbox.content().join(path);
                    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
                    std::os::unix::fs::symlink(target, path).expect("a link");
                }
                ["limits", ref caps @ ..] => {
                    for cap in caps {
                        let (cap, number) = cap.split_once('=').expect("<name>=<n>");
                        let number: u64 = number.parse().expect("a number");
                        match cap {
                            "file" => limits.file_bytes = number,
                            "attachment" => limits.attachment_bytes = number,
                            "files" => limits.files = usize::try_from(number).expect("a small number"),
                            _ => panic!("{}: no limit {cap}", self.name),
                        }
                    }
                }
                ["zh" | "en" | "json" | "published" | "mapping" | "rows"] | ["table", _] => {}
                _ => panic!("{}: no such part: {head}", self.name),
            }
        }
        (sandbox, limits)
    }

    fn edited(&self, old: &str, hunks: &str) -> String {
        let mut lines: Vec<String> = old.split_inclusive('\n').map(str::to_owned).collect();
        for hunk in hunks.split("\n\n").map(|hunk| hunk.trim_matches('\n')).filter(|hunk| !hunk.is_empty()) {
            let side = |drop: char| -> Vec<String> {
                hunk.split('\n')
                    .filter(|line| !line.starts_with(drop))
                    .map(|line| format!("{}\n", &line[1..]))
                    .collect()
            };
            let (before, after) = (side('+'), side('-'));
            let at = match before.len() {
                0 => lines.len(),
                length => {
                    let found: Vec<usize> = lines
                        .windows(length)
                        .enumerate()
                        .filter(|(_, window)| *window == before)
                        .map(|(at, _)| at)
                        .collect();
                    assert_eq!(
                        found.len(),
                        1,
                        "{}: these lines must stand once in the file:\n{}",
                        self.name,
                        before.concat()
                    );
                    found[0]
                }
            };
            lines.splice(at..at + before.len(), after);
        }
        lines.concat()
    }
}

/// `{U+200B}` and `{U+0061*9}`.
fn expand(text: &str) -> String {
    let mut pieces = text.split("{U+");
    let mut all = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (inside, rest) = piece.split_once('}').expect("a closing brace");
        let (code, times) = inside.split_once('*').unwrap_or((inside, "1"));
        let ch = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character");
        all.extend(std::iter::repeat_n(ch, times.parse().expect("how often")));
        all.push_str(rest);
    }
    all
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("two hexadecimal digits")).collect()
}

#[test]
fn every_wrong_input_is_told_in_these_words() {
    let bless = std::env::var_os("YIMA_BLESS").is_some();
    let folder = here().join("wrong");
    let mut failures = String::new();
    let mut told = BTreeSet::new();
    for (name, text) in tree(&folder) {
        assert!(name.ends_with(".case"), "tests/wrong/{name} is used by no test");
        let text = String::from_utf8(text).expect("a case is text");
        let mut case = Case::parse(&name, &text);
        let report = case.report();
        told.extend(report.0.iter().map(|(mistake, _)| mistake.fault.id()));
        let mut expectations = 0;
        for (head, body) in &mut case.parts {
            let said = match head.as_str() {
                "zh" => report.text(Language::Chinese).to_string(),
                "en" => report.text(Language::English).to_string(),
                "json" => report.json(Language::Chinese),
                _ => continue,
            };
            expectations += 1;
            if *body != said && !bless {
                let _ = writeln!(failures, "==== {name} [{head}]\n{}", difference(body, &said));
            }
            *body = said;
        }
        assert!(expectations > 0, "{name} expects nothing");
        if bless {
            put_if_changed(&folder.join(&name), &text, &case.text());
        }
    }
    assert!(failures.is_empty(), "the words differ; YIMA_BLESS=1 writes them anew\n{failures}");
    let silent: Vec<&str> = Fault::IDS
        .iter()
        .copied()
        .filter(|id| !told.contains(id) && !ELSEWHERE.iter().any(|(other, _)| other == id))
        .collect();
    assert!(silent.is_empty(), "no case in tests/wrong/ shows {silent:?}");
}

fn put_if_changed(path: &Path, old: &str, new: &str) {
    if old != new {
        std::fs::write(path, new).expect("a case can be written");
    }
}

/// The lines that differ, `-` expected and `+` said.
pub(crate) fn difference(expected: &str, said: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), said.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    for line in &old[same..old.len() - tail] {
        let _ = writeln!(text, "-{line}");
    }
    for line in &new[same..new.len() - tail] {
        let _ = writeln!(text, "+{line}");
    }
    text
}

#[test]
fn the_small_city_itself_has_no_mistake() {
    let sandbox = Sandbox::new();
    let report = sandbox.report(sandbox.load(NewCodes::Refuse, Limits::default()).mistakes);
    assert_eq!(report.text(Language::Chinese).to_string(), "0 个错误，0 处注意，0 条建议\n");
}
