//! `cargo xtask check tidy`: rules of this repository that no other tool knows.
//!
//! Each rule looks at one file and says line and reason. They look at what git tracks, and at what it would.

use crate::disk;
use crate::process::{Outcome, Trouble, ask, say};
use crate::tools;

/// A Rust file longer than this is usually two things.
const LONGEST: usize = 400;
/// Files that may be longer, each for a reason.
const LONG: &[(&str, &str)] = &[
    ("generator/src/import/tests.rs", "one case after the other over the same rows"),
    ("generator/src/markdown/render.rs", "one walk over the events of a text"),
    ("generator/src/source/fields.rs", "one method per kind of value"),
    ("generator/src/source/mod.rs", "the one list of what a content folder holds, read at first and read again"),
    ("model/src/record.rs", "one record kind after the other"),
];

/// Hosts that may stand in a file. An ending matches the host itself and everything below it.
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "localhost",
    // reserved for examples: RFC 2606
    "example",
    "example.com",
    "example.org",
    // names of formats and licences; nothing is fetched from them
    "apache.org",
    "json-schema.org",
    "purl.org",
    "schema.org",
    "sitemaps.org",
    "w3.org",
    // what policies refer to
    "gov.cn",
];

/// Written by package managers in their own form.
const GENERATED: &[&str] = &["Cargo.lock", "package-lock.json"];

/// One rule: which files, and what is wrong with a line.
struct Rule {
    applies: fn(&str) -> bool,
    fault: fn(&str) -> Option<String>,
}

const RULES: &[Rule] = &[
    Rule { applies: |_| true, fault: carriage_return },
    Rule { applies: |_| true, fault: conflict },
    // Cases hold what was printed, to the last space.
    Rule { applies: |path| !path.ends_with(".md") && !path.ends_with(".case"), fault: trailing_space },
    Rule { applies: |path| !GENERATED.iter().any(|name| path.ends_with(name)), fault: foreign_host },
    Rule { applies: |path| path.ends_with(".rs"), fault: unfinished },
    Rule { applies: |path| path.ends_with(".rs"), fault: silent_allow },
    Rule { applies: |path| path.ends_with(".html"), fault: inline_code },
    Rule { applies: |path| path.ends_with(".md"), fault: unknown_chore },
];

/// Looks at every text file of the repository.
pub(crate) fn run() -> Outcome {
    say("check tidy");
    let listed = ask(tools::command("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]));
    let listed = listed.ok_or_else(|| Trouble::new("git cannot list the files of this folder"))?;
    let mut faults = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let file = disk::root().join(path);
        if !file.is_file() {
            continue;
        }
        if let Ok(text) = String::from_utf8(disk::read_bytes(&file)?) {
            faults.extend(look(path, &text).into_iter().map(|fault| format!("{path}{fault}")));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(Trouble::new(format!("{} places are untidy:\n  {}", faults.len(), faults.join("\n  "))))
}

/// What is wrong with one file: `:line: reason` each.
fn look(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
            faults.extend((rule.fault)(line).map(|reason| format!(":{number}: {reason}")));
        }
    }
    let lines = text.lines().count();
    if path.ends_with(".rs") && lines > LONGEST && LONG.iter().all(|(long, _)| *long != path) {
        faults.push(format!(": {lines} lines; more than {LONGEST} are usually two things"));
    }
    if !text.is_empty() && !text.ends_with('\n') && !path.ends_with(".svg") {
        faults.push(": the last line has no end".to_owned());
    }
    faults
}

fn carriage_return(line: &str) -> Option<String> {
    line.contains('\r').then(|| "a carriage return; lines end with a line feed alone".to_owned())
}

fn conflict(line: &str) -> Option<String> {
    let marked = ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    marked.then(|| "a merge conflict".to_owned())
}

fn trailing_space(line: &str) -> Option<String> {
    line.ends_with([' ', '\t']).then(|| "space at the end of the line".to_owned())
}

fn unfinished(line: &str) -> Option<String> {
    let names = ["todo", "unimplemented", "dbg"];
    let found = names.iter().find(|name| line.trim_start().starts_with(&format!("{name}!(")))?;
    Some(format!("{found}!: finish it"))
}

fn silent_allow(line: &str) -> Option<String> {
    let line = line.trim_start();
    let silent = line.starts_with("#[allow(") || line.starts_with("#![allow(");
    silent.then(|| "#[allow]: use #[expect(…, reason = \"…\")], which ends when its cause does".to_owned())
}

/// The host of each address in a line must be one we know.
fn foreign_host(line: &str) -> Option<String> {
    let lower = line.to_ascii_lowercase();
    let hosts = ["https://", "http://"].into_iter().flat_map(|scheme| lower.split(scheme).skip(1));
    for rest in hosts {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len());
        let host = rest.get(..end).unwrap_or_default().trim_matches('.');
        let known = |ending: &str| host == ending || host.strip_suffix(ending).is_some_and(|h| h.ends_with('.'));
        // `https://{host}/` and the like are filled in later.
        if !host.is_empty() && host.contains('.') && !HOSTS.iter().any(|ending| known(ending)) {
            return Some(format!(
                "the host {host}: no request leaves the site's own host; if it is only named, add it to tidy"
            ));
        }
    }
    None
}

/// What the Content Security Policy forbids in a page: scripts and styles inside tags, and scripts without a file.
fn inline_code(line: &str) -> Option<String> {
    let lower = line.to_ascii_lowercase();
    for tag in lower.split("<script").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let data = tag.contains("application/ld+json") || tag.contains("application/json");
        if !data && !tag.contains("src=") {
            return Some("a script in the page; it belongs into a file below public/".to_owned());
        }
    }
    if lower.contains("javascript:") {
        return Some("a javascript: address".to_owned());
    }
    for attribute in lower.split('<').skip(1).flat_map(|tag| tag.split_whitespace().skip(1)) {
        let Some((name, _)) = attribute.split_once('=') else { continue };
        let handler = name.len() > 3 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if handler || name == "style" {
            return Some(format!("the attribute {name}: the Content Security Policy forbids it"));
        }
    }
    None
}

/// A document may only name chores there are.
fn unknown_chore(line: &str) -> Option<String> {
    for rest in line.split("cargo xtask ").skip(1) {
        let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        if !word.is_empty() && word != "help" && crate::CHORES.iter().all(|chore| chore.name != word) {
            return Some(format!("there is no `cargo xtask {word}`"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::look;

    /// The address is put together here so that this file has none.
    fn address(host: &str) -> String {
        format!("see https:/{}", format_args!("/{host}/x\n"))
    }

    #[test]
    fn good_lines_pass() {
        for (path, text) in [
            ("a.rs", "#[expect(dead_code, reason = \"x\")]\nlet todo = 1;\n".to_owned()),
            (
                "a.html",
                "<script src=\"/a.js\" defer></script>\n<script type=\"application/ld+json\">{}</script>\n".to_owned(),
            ),
            ("a.html", "<p class=\"one on\" data-style=\"x\">once = 1</p>\n".to_owned()),
            ("a.toml", address("zc.qingyu.example")),
            ("a.toml", address("www.gov.cn")),
            ("a.md", "run `cargo xtask serve` or `cargo xtask <chore>`  \n".to_owned()),
        ] {
            assert_eq!(look(path, &text), [""; 0], "{text}");
        }
    }

    #[test]
    fn each_rule_names_line_and_reason() {
        for (path, text, reason) in [
            ("a.txt", "one\ntwo\r\n".to_owned(), ":2: a carriage return"),
            ("a.txt", "one \n".to_owned(), ":1: space at the end"),
            ("a.txt", "one".to_owned(), ": the last line has no end"),
            ("a.rs", format!("\n    {}!()\n", "todo"), ":2: todo!"),
            ("a.rs", "#[allow(dead_code)]\n".to_owned(), ":1: #[allow]"),
            ("a.rs", "\n".repeat(401), ": 401 lines"),
            ("a.toml", address("cdn.example.net"), ":1: the host cdn.example.net"),
            ("a.toml", address("notgov.cn"), ":1: the host notgov.cn"),
            ("a.html", "<script>go()</script>\n".to_owned(), ":1: a script in the page"),
            ("a.html", "<a onclick=\"go()\">\n".to_owned(), ":1: the attribute onclick"),
            ("a.html", "<p style=\"color:red\">\n".to_owned(), ":1: the attribute style"),
            ("a.md", "`cargo xtask serv`\n".to_owned(), ":1: there is no `cargo xtask serv`"),
        ] {
            let faults = look(path, &text);
            assert!(faults.iter().any(|fault| fault.starts_with(reason)), "{text:?}: {faults:?}");
        }
    }
}
