//! An Excel workbook → sheets. Merged cells hold their value in each of their places, days are days, and a formula has
//! the value that was saved with it.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx};

use super::{Cell, MAX_BYTES, Sheet};
use crate::mistake::Fault;

/// Places of a sheet that are looked at: more than any knowledge base has, fewer than a hostile file could name.
const MAX_CELLS: usize = 20_000_000;

/// All visible sheets of a workbook.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Fault>> {
    let broken = |error: String| {
        Box::new(Fault::BadTable { zh: "不是能读的 Excel 工作簿（.xlsx）".to_owned(), en: error })
    };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(Box::new(Fault::TooLarge { bytes: bytes.len().to_string(), cap: MAX_BYTES.to_string() }));
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| broken(error.to_string()))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let values = book.worksheet_range(&name).map_err(|error| broken(error.to_string()))?;
        // A sheet of charts has no formulas to speak of.
        let formulas = book.worksheet_formula(&name).unwrap_or_default();
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let Some((last_row, last_column)) = values.end() else { continue };
        let (height, width) = (place(last_row) + 1, place(last_column) + 1);
        if height.saturating_mul(width) > MAX_CELLS {
            return Err(broken(format!("{name}: {height} rows and {width} columns")));
        }
        let mut rows: Vec<Vec<Cell>> = (0..=last_row)
            .map(|row| (0..=last_column).map(|column| cell(&values, &formulas, (row, column))).collect())
            .collect();
        for region in merged {
            let Some(value) = rows.get(place(region.start.0)).and_then(|row| row.get(place(region.start.1))).cloned()
            else {
                continue;
            };
            for row in rows.iter_mut().take(place(region.end.0) + 1).skip(place(region.start.0)) {
                for cell in row.iter_mut().take(place(region.end.1) + 1).skip(place(region.start.1)) {
                    cell.clone_from(&value);
                }
            }
        }
        sheets.push(Sheet { name: Some(name), rows });
    }
    Ok(sheets)
}

fn place(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn cell(values: &Range<Data>, formulas: &Range<String>, at: (u32, u32)) -> Cell {
    Ok(match values.get_value(at).unwrap_or(&Data::Empty) {
        Data::Empty if formulas.get_value(at).is_some_and(|formula| !formula.is_empty()) => {
            let formula = formulas.get_value(at).cloned().unwrap_or_default();
            return Err(Box::new(Fault::CellFormula { formula }));
        }
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        // Whole numbers are written without a point.
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(time) if time.is_duration() => time.as_f64().to_string(),
        Data::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(error) => return Err(Box::new(Fault::CellError { error: error.to_string() })),
    })
}

#[cfg(test)]
mod tests {
    use calamine::Cell as Filled;

    use super::*;

    #[test]
    fn a_formula_that_nobody_has_worked_out_is_no_empty_cell() {
        let values =
            Range::from_sparse(vec![Filled::new((0, 0), Data::Float(2026.0)), Filled::new((1, 1), Data::Empty)]);
        let formulas = Range::from_sparse(vec![Filled::new((1, 1), "Z1".to_owned())]);
        assert_eq!(cell(&values, &formulas, (0, 0)), Ok("2026".to_owned()));
        assert_eq!(cell(&values, &formulas, (1, 0)), Ok(String::new()));
        assert_eq!(cell(&values, &formulas, (1, 1)), Err(Box::new(Fault::CellFormula { formula: "Z1".to_owned() })));
    }
}
