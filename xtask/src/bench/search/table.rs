//! The figures for people, and for programs.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::engine::Engine;
use super::figures::{Row, Spread, better};
use super::sets::Set;

/// What the columns mean, in the table's own words.
const HEAD: &str = "
| engine | build CPU s | peak MB | files | raw MB | brotli MB | cold KB | cold requests | cold ms | next KB | next requests \
| warm ms | hit@1 | hit@3 | MRR@10 | exact | recall | precision |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// One table of Markdown per set. The better setting of each engine is in bold.
pub(crate) fn markdown(sets: &[Set], rows: &[Row]) -> String {
    let best = better(rows);
    let mut text = String::new();
    for set in sets {
        let signs: usize = set.docs.iter().map(|doc| doc.title.chars().count() + doc.body.chars().count()).sum();
        let (name, docs, questions) = (&set.name, set.docs.len(), set.questions.len());
        let _ =
            writeln!(text, "\n### {name}: {docs} records, {signs} characters, {questions} questions\n{}", HEAD.trim());
        for row in rows.iter().filter(|row| row.set == set.name) {
            line(&mut text, row, &best);
        }
    }
    text.push_str(
        "\nTwo figures are median / 95th of a hundred. Bold: the setting with the better mean MRR@10 over these sets. \
         The engine's code counts in cold KB, not in the index.\n",
    );
    text
}

fn line(text: &mut String, row: &Row, best: &BTreeSet<Engine>) {
    let Engine { name, setting } = row.engine;
    let bold = if best.contains(&row.engine) { "**" } else { "" };
    let _ = write!(text, "| {bold}{name}{bold}, {setting}");
    match &row.built {
        Some(built) => {
            let _ = write!(
                text,
                " | {:.2} | {:.0} | {} | {:.2} | {:.2}",
                built.cost.cpu.as_secs_f64(),
                built.cost.peak as f64 / 1e6,
                built.files,
                built.raw as f64 / 1e6,
                built.sent as f64 / 1e6
            );
        }
        None => text.push_str(&" | –".repeat(5)),
    }
    match &row.cold {
        Some(cold) => {
            let _ = write!(text, " | {}", two(cold.bytes, 1e3, 0));
            let _ = write!(text, " | {} | {}", two(cold.requests, 1.0, 0), two(cold.time, 1.0, 0));
        }
        None => text.push_str(&" | –".repeat(3)),
    }
    match &row.quality {
        Some(quality) => {
            let _ = write!(text, " | {:.1} | {:.1}", quality.bytes / 1e3, quality.requests);
        }
        None => text.push_str(&" | –".repeat(2)),
    }
    let _ = write!(text, " | {}", row.warm.map_or_else(|| "–".to_owned(), |warm| two(warm, 1.0, 1)));
    match &row.quality {
        Some(quality) => {
            let _ = write!(text, " | {:.3} | {:.3} | {:.3}", quality.hit1, quality.hit3, quality.mrr10);
        }
        None => text.push_str(&" | –".repeat(3)),
    }
    match &row.exactness {
        Some(exact) => {
            let _ = write!(text, " | {} of {}", exact.equal, exact.asked);
            let _ = write!(text, " | {:.3} | {:.3}", exact.recall, exact.precision);
        }
        None => text.push_str(&" | –".repeat(3)),
    }
    match &row.failed {
        Some(reason) => {
            let _ = writeln!(text, " | {}", reason.replace('|', "/"));
        }
        None => text.push_str(" |\n"),
    }
}

fn two(spread: Spread, unit: f64, digits: usize) -> String {
    format!("{:.digits$} / {:.digits$}", spread.median / unit, spread.p95 / unit)
}

/// All figures, in seconds, milliseconds and bytes.
pub(crate) fn json(rows: &[Row]) -> String {
    let best = better(rows);
    let both = |spread: Spread| json!({ "median": spread.median, "p95": spread.p95 });
    let row = |row: &Row| {
        json!({
            "set": row.set,
            "engine": row.engine.name,
            "setting": row.engine.setting,
            "better_setting": best.contains(&row.engine),
            "failed": row.failed,
            "build": row.built.map(|built| json!({
                "cpu_seconds": built.cost.cpu.as_secs_f64(),
                "wall_seconds": built.cost.wall.as_secs_f64(),
                "peak_bytes": built.cost.peak,
                "files": built.files,
                "bytes": built.raw,
                "brotli_bytes": built.sent,
                "code_brotli_bytes": built.code,
            })),
            "cold": row.cold.map(|cold| json!({
                "bytes": both(cold.bytes), "requests": both(cold.requests), "milliseconds": both(cold.time),
            })),
            "warm_milliseconds": row.warm.map(both),
            "quality": row.quality.map(|quality| json!({
                "asked": quality.asked,
                "hit_1": quality.hit1,
                "hit_3": quality.hit3,
                "mrr_10": quality.mrr10,
                "bytes_per_question": quality.bytes,
                "requests_per_question": quality.requests,
            })),
            "exactness": row.exactness.map(|exact| json!({
                "asked": exact.asked, "equal": exact.equal, "recall": exact.recall, "precision": exact.precision,
            })),
        })
    };
    format!("{:#}\n", Value::Array(rows.iter().map(row).collect()))
}

#[cfg(test)]
mod tests {
    use super::{Engine, HEAD, Row, markdown};
    use crate::bench::search::sets::Set;

    #[test]
    fn a_row_that_failed_has_as_many_cells_and_says_why() {
        let set = Set { name: "x".to_owned(), docs: Vec::new(), questions: Vec::new() };
        let mut row = Row::new("x".to_owned(), Engine { name: "lunr", setting: "pairs" });
        row.failed = Some("out of memory".to_owned());
        let text = markdown(&[set], &[row]);
        let line = text.lines().find(|line| line.contains("lunr")).unwrap();
        assert!(line.ends_with("| out of memory"), "{line}");
        let columns = HEAD.trim().lines().next().unwrap().matches('|').count();
        assert_eq!(line.matches('|').count(), columns, "{line}");
    }
}
