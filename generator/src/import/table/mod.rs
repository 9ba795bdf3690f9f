//! Tables as other systems export them: a sheet or a CSV file → rows with fields named by their columns.
//!
//! 1. [`delimited`] or [`workbook`] turns bytes into sheets of cells, each cell a text or a fault
//! 2. the header is looked for: the row, or the two rows, that name most of the fields the mapping asks for
//! 3. every row below becomes a row of the import; its mistakes are named by cell, such as `知识库.xlsx 问答!C14`

mod delimited;
pub(crate) mod guard;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use super::mapping::Mapping;
use super::rows::RowRead;
use crate::mistake::Fault;

/// The largest table, in bytes, and the most of its rows that are looked through for a header.
pub(crate) const MAX_BYTES: u64 = 100 * 1024 * 1024;
const HEADER_WITHIN: usize = 20;

/// A cell: its text, or why it has none.
type Cell = Result<String, Box<Fault>>;

/// A sheet of cells. Row `n` of it is row `n + 1` of the spreadsheet.
#[derive(Debug, Default)]
struct Sheet {
    /// Its name; a CSV file has none.
    name: Option<String>,
    rows: Vec<Vec<Cell>>,
}

/// Where a row of the import stands in a table.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    sheet: Arc<str>,
    row: u32,
    /// Field → place of its column, counted from 0.
    columns: Arc<BTreeMap<String, usize>>,
}

impl Spot {
    /// The name of the cell of the first of these fields that has a column; without one, that of the row's first cell.
    pub(crate) fn cell<'f>(&self, file: &str, mut fields: impl Iterator<Item = &'f str>) -> Arc<str> {
        let column = fields.find_map(|field| self.columns.get(field)).copied().unwrap_or_default();
        let gap = if self.sheet.is_empty() { "" } else { " " };
        Arc::from(format!("{file}{gap}{}!{}{}", self.sheet, letters(column), self.row))
    }
}

/// `A`, `B`, … `Z`, `AA`: the name of a column counted from 0.
fn letters(mut column: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + u8::try_from(column % 26).unwrap_or_default());
        match column / 26 {
            0 => break,
            more => column = more - 1,
        }
    }
    name.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// Whether a file is a table, by its first bytes and its name.
pub(crate) fn is_table(name: &str, start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || matches!(ending(name).as_str(), "csv" | "tsv" | "xlsx" | "xls")
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

/// The rows of a table, in order; the faults of its header come as rows too.
pub(crate) fn rows(name: &str, bytes: &[u8], mapping: &Mapping) -> Vec<RowRead> {
    let is_workbook = bytes.starts_with(b"PK\x03\x04") || matches!(ending(name).as_str(), "xlsx" | "xls");
    let sheets = if is_workbook { workbook::sheets(bytes) } else { delimited::sheet(bytes) };
    let sheets = match sheets {
        Ok(sheets) => sheets,
        Err(fault) => return vec![RowRead { line: 0, raw: String::new(), fields: Err(*fault), spot: None }],
    };
    let fields = mapping.fields();
    let known: BTreeMap<String, &str> = fields.iter().map(|field| (heading(field), field.as_str())).collect();
    let mut rows = Vec::new();
    for sheet in &sheets {
        if let Some(header) = Header::find(sheet, &known) {
            header.rows(sheet, mapping, &mut rows);
        }
    }
    if rows.is_empty() {
        let wanted: Vec<String> = mapping.required_fields().into_iter().take(6).collect();
        let fault = Fault::NoHeader { columns: wanted.join("、") };
        rows.push(RowRead { line: 0, raw: String::new(), fields: Err(fault), spot: None });
    }
    rows
}

/// A heading as it is compared: without spaces, width, and the marks of what must be filled in.
fn heading(text: &str) -> String {
    let text: String = text.nfkc().filter(|ch| !ch.is_whitespace() && *ch != '*').collect();
    let text = ["(必填)", "(选填)", "(可选)"].iter().fold(text, |text, mark| text.replace(mark, ""));
    text.to_lowercase()
}

struct Header {
    /// The first row below it.
    below: usize,
    columns: BTreeMap<String, usize>,
    /// Columns that name a field which another names already.
    twice: Vec<(String, usize)>,
}

impl Header {
    /// The row, or the two rows, that name most of the known fields: at least two of them.
    fn find(sheet: &Sheet, known: &BTreeMap<String, &str>) -> Option<Self> {
        let mut best: Option<Self> = None;
        for first in 0..sheet.rows.len().min(HEADER_WITHIN) {
            for depth in 1..=2 {
                let Some(lowest) = sheet.rows.get(first + depth - 1) else { continue };
                let width = lowest.len().max(sheet.rows[first].len());
                let (mut columns, mut twice) = (BTreeMap::new(), Vec::new());
                for column in 0..width {
                    let text =
                        |row: &[Cell]| row.get(column).and_then(|cell| cell.as_ref().ok()).map(|text| heading(text));
                    let own = text(lowest).filter(|text| !text.is_empty()).or_else(|| text(&sheet.rows[first]));
                    let Some(field) = own.and_then(|text| known.get(&text)) else { continue };
                    if columns.contains_key(*field) {
                        twice.push(((*field).to_owned(), column));
                    } else {
                        columns.insert((*field).to_owned(), column);
                    }
                }
                if columns.len() >= 2 && best.as_ref().is_none_or(|best| columns.len() > best.columns.len()) {
                    best = Some(Self { below: first + depth, columns, twice });
                }
            }
        }
        best
    }

    fn rows(self, sheet: &Sheet, mapping: &Mapping, out: &mut Vec<RowRead>) {
        let Self { below, columns, twice } = self;
        let columns = Arc::new(columns);
        let name: Arc<str> = Arc::from(sheet.name.as_deref().unwrap_or_default());
        let spot = |row: usize| Spot {
            sheet: Arc::clone(&name),
            row: u32::try_from(row + 1).unwrap_or(u32::MAX),
            columns: Arc::clone(&columns),
        };
        let wrong = |fault: Fault, column: usize| {
            let columns = Arc::new(BTreeMap::from([(String::new(), column)]));
            let spot = Spot { columns, ..spot(below.saturating_sub(1)) };
            RowRead { line: spot.row, raw: String::new(), fields: Err(fault), spot: Some(spot) }
        };
        for (field, column) in twice {
            out.push(wrong(Fault::ColumnTwice { column: field }, column));
        }
        let missing = mapping.missing_fields(&columns.keys().map(String::as_str).collect::<BTreeSet<_>>());
        for fields in &missing {
            out.push(wrong(Fault::NoColumn { columns: fields.join("、") }, 0));
        }
        // Without a column that must be there every row is wrong in the same way.
        if !missing.is_empty() {
            return;
        }
        for (at, cells) in sheet.rows.iter().enumerate().skip(below) {
            if cells.iter().all(|cell| cell.as_ref().is_ok_and(|text| text.trim().is_empty())) {
                continue;
            }
            out.push(row(cells, &spot(at)));
        }
    }
}

fn row(cells: &[Cell], spot: &Spot) -> RowRead {
    let mut fields = Map::new();
    let mut bad = None;
    for (field, &column) in &*spot.columns {
        match cells.get(column) {
            Some(Ok(text)) if !text.trim().is_empty() => {
                fields.insert(field.clone(), Value::String(guard::open(text).to_owned()));
            }
            Some(Err(fault)) => bad = bad.or(Some(((**fault).clone(), column))),
            _ => {}
        }
    }
    let line = spot.row;
    match bad {
        Some((fault, column)) => {
            let columns = Arc::new(BTreeMap::from([(String::new(), column)]));
            RowRead { line, raw: String::new(), fields: Err(fault), spot: Some(Spot { columns, ..spot.clone() }) }
        }
        None => RowRead { line, raw: String::new(), fields: Ok(fields), spot: Some(spot.clone()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_names_of_a_spreadsheet() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn a_header_is_found_below_a_title_and_over_two_rows() {
        let cells = |rows: &[&[&str]]| -> Sheet {
            let rows = rows.iter().map(|row| row.iter().map(|text| Ok((*text).to_owned())).collect()).collect();
            Sheet { name: None, rows }
        };
        let known = ["编号", "问题", "核对日期", "有效期至"];
        let known: BTreeMap<String, &str> = known.iter().map(|field| (heading(field), *field)).collect();
        let sheet = cells(&[
            &["某市知识库", "某市知识库", "某市知识库", "某市知识库"],
            &["编 号*", "问题（必填）", "期限", "期限"],
            &["", "", "核对日期", "有效期至"],
            &["1", "甲", "", ""],
        ]);
        let header = Header::find(&sheet, &known).unwrap();
        assert_eq!((header.below, header.columns.len()), (3, 4));
        let sheet = cells(&[&["编号", "问题"], &["问题", "编号"], &["1", "甲"]]);
        assert_eq!(Header::find(&sheet, &known).unwrap().below, 1);
        assert!(Header::find(&cells(&[&["编号", "甲"]]), &known).is_none());
    }
}
