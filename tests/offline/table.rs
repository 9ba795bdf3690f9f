//! Both columns, for people to read.

use std::process::Command;

use super::case::{Case, Verdict};

/// What came of every fault, with ours and with the other worker, in Markdown.
pub(super) fn table(cases: &[Case], ours: &[Option<Verdict>], theirs: &[Option<Verdict>]) -> String {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
    let version = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).output();
        output.map_or_else(|_| "?".into(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let home = std::env::var("YIMA_WORKBOX").unwrap_or_default();
    let asked = format!("console.log(require('{home}/node_modules/workbox-build/package.json').version)");
    let today = jiff::Zoned::now().date();
    let good = |verdicts: &[Option<Verdict>]| verdicts.iter().flatten().filter(|verdict| verdict.is_ok()).count();
    let both: Vec<bool> = cases.iter().map(|case| case.both).collect();
    let among = |verdicts: &[Option<Verdict>]| {
        verdicts.iter().zip(&both).filter(|(verdict, both)| **both && matches!(verdict, Some(Ok(_)))).count()
    };
    let shared = both.iter().filter(|both| **both).count();
    let mut text = format!(
        "# Offline faults\n\n\
         Measured on {today} by `cargo xtask bench offline`: {} and workbox-build {} (generateSW, update when the page \
         agrees, as its guide has it), over the same three releases of the small city in `tests/city`, the same host, the same \
         browser. After each fault the browser's own cache is emptied, the worker ended and the host shut; a row is good when \
         every page and file of a release is there then, bytes and headers, and when the next update still works.\n\n\
         Of {} faults, {} are survived by ours. Of the {shared} that mean something to both, ours survives {} and Workbox {}.\n\n\
         | fault | Yima | Workbox |\n|---|---|---|\n",
        version(&chromium, &["--version"]),
        version("node", &["-e", &asked]),
        cases.len(),
        good(ours),
        among(ours),
        among(theirs),
    );
    for ((case, own), other) in cases.iter().zip(ours).zip(theirs) {
        text.push_str(&format!("| {} | {} | {} |\n", case.name, cell(own.as_ref()), cell(other.as_ref())));
    }
    text
}

fn cell(verdict: Option<&Verdict>) -> String {
    let (mark, text) = match verdict {
        None => return "–".to_owned(),
        Some(Ok(seen)) => ("✓", seen),
        Some(Err(why)) => ("✗", why),
    };
    let line: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/").chars().take(90).collect();
    format!("{mark} {line}")
}
