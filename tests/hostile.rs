//! Input that no editor writes: nothing panics, nothing hangs, nothing is written.
//!
//! Each test ends at the whole way of the input: read, linked, checked, told in both languages. What is told is looked
//! at only where it matters; the exact words are under test in [`crate::wrong`].

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use yima::language::Language;
use yima::mistake::Report;
use yima::source::Limits;
use yima::{Loaded, NewCodes, Press};

use crate::city::{Sandbox, tree};

const POLICY: &str = "policies/2025/2025-zufang-butie.md";
const QUESTIONS: &str = "questions/zhufang.toml";

/// Far more than any of these needs, far less than a quadratic step over two megabytes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The whole way of the input, with a look at what must hold for any input.
fn told(sandbox: &Sandbox) -> Report {
    let start = Instant::now();
    let before = tree(&sandbox.content());
    let Loaded { project, mistakes } = sandbox.load(NewCodes::Provisional, Limits::default());
    let errors = mistakes.errors();
    if let Some(project) = project.filter(|_| errors == 0) {
        Press::new(&project).expect("the templates are right").plan().expect("one owner per path");
    }
    let report = sandbox.report(mistakes);
    let shown = [report.text(Language::Chinese).to_string(), report.text(Language::English).to_string()];
    for text in shown.iter().chain([&report.json(Language::Chinese)]) {
        let unseen = text.chars().find(|ch| ch.is_control() && *ch != '\n' && *ch != '\t');
        assert_eq!(unseen, None, "a report sends no orders to a terminal");
        assert!(!text.contains(['\u{202E}', '\u{2066}']), "a report reads as it is written");
    }
    assert_eq!(tree(&sandbox.content()), before, "looking at content leaves it as it is");
    assert!(start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    report
}

fn kinds(report: &Report) -> Vec<&'static str> {
    report.0.iter().map(|(mistake, _)| mistake.fault.id()).collect()
}

#[test]
fn random_bytes_in_any_file() {
    let mut dice = Dice(1);
    for path in [POLICY, QUESTIONS, "site.toml", "tables/themes.toml", "tombstones.toml", "codes.csv"] {
        for length in [0, 1, 7, 300, 20_000] {
            let sandbox = Sandbox::new();
            sandbox.write(path, (0..length).map(|_| dice.below(256) as u8).collect::<Vec<u8>>());
            told(&sandbox);
        }
    }
}

#[test]
fn a_file_cut_off_anywhere() {
    let sandbox = Sandbox::new();
    for path in [POLICY, QUESTIONS, "site.toml", "tables/genres.toml"] {
        let whole = sandbox.text(path).into_bytes();
        for end in (0..whole.len()).step_by(37) {
            sandbox.write(path, &whole[..end]);
            let report = told(&sandbox);
            assert!(path == QUESTIONS || !report.0.is_empty(), "{path} cut at {end} goes unnoticed");
        }
        sandbox.write(path, whole);
    }
}

#[test]
fn five_thousand_deep() {
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(5_000), close.repeat(5_000));
    let sandbox = Sandbox::new();
    let good = sandbox.text(POLICY);
    for body in [
        deep("> ", ""),
        deep("- ", ""),
        deep("**", "**"),
        deep("*a ", "*"),
        deep("[", "](/)"),
        deep("![", "](/)"),
        deep("<div>", "</div>"),
        deep("<b><i>", ""),
        deep("<table><tr><td>", ""),
        deep("`", ""),
        (0..5_000).map(|depth| format!("{}- x\n", "  ".repeat(depth % 400))).collect(),
    ] {
        sandbox.write(POLICY, format!("{good}\n\n{body}\n"));
        told(&sandbox);
    }
    for value in [deep("[", "]"), deep("{ a = ", "}"), deep("(", ")"), format!("\"\"\"{}", "\\".repeat(5_001))] {
        sandbox.write(POLICY, good.replacen("keywords = ", &format!("keywords = {value}\nx = "), 1));
        assert!(kinds(&told(&sandbox)).contains(&"Syntax"));
        sandbox.write("site.toml", format!("a = {value}"));
        told(&sandbox);
    }
    sandbox.write(POLICY, good.replacen("\n[contact]", &format!("\n[{}x]\n[contact]", "a.".repeat(5_000)), 1));
    told(&sandbox);
}

#[test]
fn as_much_as_fits_and_more() {
    let sandbox = Sandbox::new();
    let good = sandbox.text(POLICY);
    sandbox.write(POLICY, format!("{good}{}", "很长。".repeat(333_333)));
    assert!(kinds(&told(&sandbox)).contains(&"TooLarge"), "three megabytes are not read");
    // Many of one mistake each: the time to find their lines must not grow with the square.
    for line in ["x\u{200B}\n", "[a](/nowhere/)\n\n", "第一条　x\n\n", "![](/x)\n\n", "<blink>\n\n", "# x\n\n"] {
        sandbox.write(POLICY, format!("{good}\n{}", line.repeat(600_000 / line.len())));
        let report = told(&sandbox).text(Language::Chinese).to_string();
        assert!(report.contains(
            "处没有列出\n  --> policies/2025/2025-zufang-butie.md\n   = 改法：先改正上面列出的，再运行一次\n"
        ));
    }
    let articles = (1..20_000).fold(String::new(), |mut text, number| {
        let _ = write!(text, "第{number}条　x\n\n");
        text
    });
    sandbox.write(POLICY, format!("{good}\n{articles}"));
    told(&sandbox);
    sandbox.write(POLICY, good);
    for line in
        ["a b\n", "a = \n", "x = 1\n", "[[questions]]\n", "[[questions]]\npolicies = [{ id = \"x\" }]\n", "= [\n"]
    {
        sandbox.write(QUESTIONS, line.repeat(600_000 / line.len()));
        told(&sandbox);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let sandbox = Sandbox::new();
    let plain = sandbox.load(NewCodes::Refuse, Limits::default()).project.expect("a city").city;
    for (path, bytes) in tree(&sandbox.content()) {
        if path.ends_with(".md") || path.ends_with(".toml") {
            let text = String::from_utf8(bytes).expect("text").replace('\n', "\r\n");
            sandbox.write(&path, format!("\u{FEFF}{text}"));
        }
    }
    let report = told(&sandbox);
    assert_eq!(report.text(Language::Chinese).to_string(), "0 个错误，0 处注意，0 条建议\n");
    let windows = sandbox.load(NewCodes::Refuse, Limits::default()).project.expect("a city").city;
    for (a, b) in plain.policies.iter().zip(&windows.policies) {
        assert_eq!(a.policy, b.policy);
        assert_eq!(a.body.html, b.body.html);
    }
    // And the line of a mistake is the line the editor sees.
    sandbox.write(POLICY, sandbox.text(POLICY).replace("theme = \"zhufang\"", "theme = \"zhufan\""));
    let report = told(&sandbox);
    assert_eq!(report.0[0].1.line, 12);
    assert_eq!(report.0[0].1.text, "theme = \"zhufan\"");
}

/// A good policy, spoilt a little, two thousand times over: never a panic; and whenever nobody objects, there is a
/// city, with every policy in it.
#[test]
fn two_thousand_spoilt_policies() {
    let mut dice = Dice(2026);
    let sandbox = Sandbox::new();
    let good = sandbox.text(POLICY);
    let mut fine = 0;
    for turn in 0..2_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=dice.below(3) {
            spoil(&mut bytes, &mut dice);
        }
        sandbox.write(POLICY, &bytes);
        let Loaded { project, mistakes } = sandbox.load(NewCodes::Provisional, Limits::default());
        if mistakes.errors() == 0 {
            let project = project.unwrap_or_else(|| panic!("turn {turn}: no error and no city"));
            assert_eq!(project.city.policies.len(), 3, "turn {turn}: no error and a policy is gone");
            let press = Press::new(&project).expect("the templates are right");
            press.plan().unwrap_or_else(|claimed| panic!("turn {turn}: {claimed:?}"));
            fine += 1;
        }
        let report = sandbox.report(mistakes).text(Language::Chinese).to_string();
        assert!(report.ends_with("条建议\n"), "turn {turn}");
    }
    assert!(
        (20..1_900).contains(&fine),
        "{fine} of 2000 pass: the spoiling is too weak or too strong to test anything"
    );
}

fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    let line = |at: usize, bytes: &[u8]| {
        let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
        start..end
    };
    match dice.below(6) {
        0 => bytes[at] ^= 1 << dice.below(8),
        1 => drop(bytes.remove(at)),
        2 => drop(bytes.drain(line(at, bytes))),
        3 => {
            let copy = bytes[line(at, bytes)].to_vec();
            let to = line(dice.below(bytes.len()), bytes).start;
            bytes.splice(to..to, copy);
        }
        4 => {
            const TOML: [&str; 12] = [
                "x = 1\n",
                "[x]\n",
                "[[benefits]]\n",
                "[[relations]]\nkind = \"amends\"\nto = \"2024-jiuye-jianxi\"\n",
                "+++\n",
                "\"\"\"",
                "[",
                "}",
                "= ",
                "#",
                "expires = 2027-01-01\n",
                "[stages.qa]\nstatus = \"upcoming\"\n",
            ];
            let to = line(at, bytes).start;
            bytes.splice(to..to, TOML[dice.below(TOML.len())].bytes());
        }
        _ => {
            const WORDS: [&str; 10] =
                ["**", "《", "第九条", "[a](", "<script>", "\u{202E}", "&#0;", "| a |\n|---|\n", "　", "\\"];
            let word = WORDS[dice.below(WORDS.len())];
            let to = (at..bytes.len()).find(|&to| bytes[to] & 0xC0 != 0x80).unwrap_or(bytes.len());
            bytes.splice(to..to, word.bytes());
        }
    }
}

/// Throws the same numbers on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((word ^ (word >> 31)) % limit.max(1) as u64) as usize
    }
}
