//! The figures for people, and for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::build::{Best, RUNS, Row};
use super::subject::Program;

/// A table, and how each run compares with the same run of Hugo.
pub(crate) fn text(rows: &[Row]) -> String {
    let mut text = String::new();
    let hugo = rows.iter().find(|row| row.subject.program == Program::Hugo);
    let _ = writeln!(
        text,
        "\n{:<20} {:>9} {:>9} {:>9} {:>8} {:>9} {:>8} {:>9}   CPU and memory against Hugo",
        "", "CPU s", "wall s", "peak MB", "files", "MB", "written", "ms/file"
    );
    for row in rows {
        let _ = writeln!(text, "{}", row.subject.name);
        for ((name, best), other) in RUNS.iter().zip(row.best).zip(hugo.map_or([None; 5], |row| row.best)) {
            let Some(best) = best else { continue };
            let _ = write!(
                text,
                "  {name:<18} {:>9.2} {:>9.2} {:>9.1} {:>8} {:>9.1} {:>8}",
                best.cost.cpu.as_secs_f64(),
                best.cost.wall.as_secs_f64(),
                megabytes(best.cost.peak),
                best.files,
                megabytes(best.bytes),
                best.written.map_or_else(|| "-".to_owned(), |written| written.to_string()),
            );
            match best.files {
                0 => text.push_str("         -"),
                files => {
                    let _ = write!(text, " {:>9.3}", cpu(best) * 1e3 / files as f64);
                }
            }
            if let Some(other) = other.filter(|_| row.subject.program != Program::Hugo) {
                let _ = write!(text, "   {:.2} ×, {:.2} ×", cpu(best) / cpu(other), memory(best) / memory(other));
            }
            text.push('\n');
        }
    }
    text
}

/// All figures, in seconds and bytes.
pub(crate) fn json(rows: &[Row]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let runs: serde_json::Map<String, Value> = RUNS
                .iter()
                .zip(row.best)
                .filter_map(|(name, best)| best.map(|best| ((*name).to_owned(), figures(best))))
                .collect();
            json!({ "subject": row.subject.name, "runs": runs })
        })
        .collect();
    format!("{:#}\n", Value::Array(rows))
}

fn figures(best: Best) -> Value {
    json!({
        "cpu_seconds": cpu(best),
        "wall_seconds": best.cost.wall.as_secs_f64(),
        "peak_bytes": best.cost.peak,
        "files": best.files,
        "bytes": best.bytes,
        "written": best.written,
    })
}

fn cpu(best: Best) -> f64 {
    best.cost.cpu.as_secs_f64()
}

fn memory(best: Best) -> f64 {
    best.cost.peak as f64
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
