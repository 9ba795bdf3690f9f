//! What an import did, in words and as JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::Outcome;
use crate::language::Language;

/// How many names of new rows the words show per table.
const NAMES: usize = 8;

impl Outcome {
    /// The counts, in sentences. The mistakes are in [`Outcome::report`].
    #[must_use]
    pub fn summary(&self, language: Language) -> String {
        let Self { rows, written, unchanged, skipped, wrong, files, .. } = self;
        let mut text = language.pick(
            format!(
                "读了 {rows} 行：写入 {written} 条，原样已有 {unchanged} 条，按映射跳过 {skipped} 条，有错未收 {wrong} 条；共写 {files} 个文件\n"
            ),
            format!(
                "{rows} rows: {written} records written, {unchanged} there already, {skipped} passed over, {wrong} wrong and left out; {files} files\n"
            ),
        );
        for (kind, names) in &self.rows_added {
            let shown = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join("、");
            let more = if names.len() > NAMES { " …" } else { "" };
            let count = names.len();
            let line = language.pick(
                format!("tables/{kind}.toml 按原数据的值新增 {count} 项，请核对名称和 id：{shown}{more}"),
                format!("tables/{kind}.toml got {count} rows from values; check their names and ids: {shown}{more}"),
            );
            let _ = writeln!(text, "{line}");
        }
        for (mark, count) in &self.marks {
            let _ =
                writeln!(text, "{}", language.pick(format!("{mark}：{count} 条"), format!("{mark}: {count} records")));
        }
        for (ch, count) in &self.removed {
            let code = u32::from(*ch);
            let _ = writeln!(
                text,
                "{}",
                language.pick(
                    format!("去掉看不见的字符 U+{code:04X}：{count} 个"),
                    format!("invisible characters U+{code:04X} removed: {count}"),
                )
            );
        }
        text
    }

    /// The counts and the mistakes as one JSON document.
    #[must_use]
    pub fn json(&self, language: Language) -> String {
        let report: serde_json::Value = serde_json::from_str(&self.report.json(language)).unwrap_or_default();
        let removed: Vec<_> = self
            .removed
            .iter()
            .map(|(ch, count)| json!({ "code": format!("U+{:04X}", u32::from(*ch)), "count": count }))
            .collect();
        let document = json!({
            "rows": self.rows,
            "written": self.written,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "wrong": self.wrong,
            "files": self.files,
            "rows_added": self.rows_added,
            "marks": self.marks,
            "removed": removed,
            "report": report,
        });
        format!("{document:#}\n")
    }
}
