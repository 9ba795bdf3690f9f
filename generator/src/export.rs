//! The city's questions as the knowledge base of a 12345 hotline: one row each, CSV or XLSX. `import` reads what is
//! written here; its mapping, `docs/import/12345.toml`, has the same columns.
//!
//! What a table cannot carry is left out: pictures, sound and film.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use yima_model::Date;

use crate::City;
use crate::city::QuestionEntry;
use crate::import::{basis, table::guard};

/// The columns, with their width in a workbook.
const COLUMNS: [(&str, u16); 17] = [
    ("知识编号", 16),
    ("问题", 40),
    ("相似问法", 40),
    ("简答", 30),
    ("答案", 80),
    ("答案格式", 10),
    ("所属部门", 24),
    ("主题分类", 14),
    ("政策依据", 50),
    ("依据编号", 40),
    ("无依据说明", 24),
    ("适用对象", 18),
    ("适用区域", 18),
    ("核对日期", 12),
    ("有效期至", 12),
    ("关键词", 24),
    ("状态", 10),
];

/// The name of the sheet.
const SHEET: &str = "问答";

/// What stands in a cell.
enum Cell {
    Text(String),
    Day(Option<Date>),
}

/// The questions as CSV: UTF-8 with a mark, so that spreadsheets know it, and with CRLF (RFC 4180). A text that a
/// spreadsheet would run is kept from it by an apostrophe.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn csv(city: &City) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(COLUMNS.iter().map(|(name, _)| name))?;
    for entry in &city.questions {
        writer.write_record(row(city, entry).into_iter().map(|cell| match cell {
            Cell::Text(text) => guard::close(&text),
            Cell::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
        }))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The questions as a workbook with one sheet. The same city gives the same bytes.
///
/// # Errors
/// [`XlsxError`] when a cell is longer than a workbook allows (32,767 characters).
pub fn xlsx(city: &City) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A workbook says when it was made: the build date, not the clock.
    book.set_properties(&DocProperties::new().set_creation_datetime(&excel_day(city.today)?));
    let (head, text) = (Format::new().set_bold().set_text_wrap(), Format::new().set_text_wrap());
    let day_format = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name(SHEET)?;
    for (column, (name, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &head)?;
    }
    for (row_number, entry) in (1_u32..).zip(&city.questions) {
        for (column, cell) in (0_u16..).zip(row(city, entry)) {
            match cell {
                Cell::Text(value) if value.is_empty() => continue,
                Cell::Text(value) => {
                    sheet.write_string_with_format(row_number, column, guard::close_typed(&value), &text)?
                }
                Cell::Day(None) => continue,
                Cell::Day(Some(day)) => {
                    sheet.write_datetime_with_format(row_number, column, &excel_day(day)?, &day_format)?
                }
            };
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    book.save_to_buffer()
}

fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs())
}

fn row(city: &City, entry: &QuestionEntry) -> [Cell; COLUMNS.len()] {
    let question = &entry.question;
    let tables = &city.tables;
    let text = |text: &str| Cell::Text(text.to_owned());
    let terms = |rows: &[yima_model::record::Term], ids: &[String]| {
        Cell::Text(list(&ids.iter().map(|id| term(rows, id)).collect::<Vec<_>>(), &["；", ";", "、", "，", ","]))
    };
    let department = tables.departments.iter().find(|unit| unit.id == question.department);
    let standing = if !city.is_live(entry) {
        "已过期"
    } else if entry.review() {
        "待复核"
    } else {
        "有效"
    };
    [
        text(&question.id),
        text(&question.question),
        Cell::Text(list(&question.variants, &["；", ";", "|"])),
        text(question.short.as_deref().unwrap_or_default()),
        text(&question.answer),
        text("Markdown"),
        text(department.map_or(question.department.as_str(), |unit| &unit.name)),
        Cell::Text(term(&tables.themes, &question.theme)),
        Cell::Text(grounds(city, entry)),
        Cell::Text(lines(&question.bindings.iter().map(basis::write).collect::<Vec<_>>())),
        text(question.unbound.as_deref().unwrap_or_default()),
        terms(&tables.audiences, &question.audiences),
        terms(&tables.districts, &question.districts),
        Cell::Day(Some(question.checked)),
        Cell::Day(question.expires),
        Cell::Text(list(&question.keywords, &["；", ";", "、", "，", ",", "|"])),
        text(standing),
    ]
}

/// The name of a term; its id where another term has that name too.
fn term(rows: &[yima_model::record::Term], id: &str) -> String {
    let name = rows.iter().find(|row| row.id == id).map_or(id, |row| &row.name);
    let owner = rows.iter().find(|row| row.name == name || row.id == name);
    if owner.is_some_and(|owner| owner.id == id) { name.to_owned() } else { id.to_owned() }
}

/// The documents an answer rests on, as a person cites them.
fn grounds(city: &City, entry: &QuestionEntry) -> String {
    let cited = entry.question.bindings.iter().map(|binding| {
        let Some(found) = city.policy(&binding.policy) else { return binding.policy.clone() };
        let title = &found.policy.title;
        let title = if title.starts_with('《') { title.clone() } else { format!("《{title}》") };
        let number = found.policy.document_numbers.first().map(|number| format!("（{number}）")).unwrap_or_default();
        let articles: Vec<String> =
            binding.articles.iter().map(|&article| format!("第{}条", yima_model::numeral::chinese(article))).collect();
        format!("{title}{number}{}", articles.join("、"))
    });
    lines(&cited.collect::<Vec<_>>())
}

/// Several values in one cell, a line each.
fn lines(values: &[String]) -> String {
    values.iter().map(|value| value.replace('\n', " ")).collect::<Vec<_>>().join("\n")
}

/// Several values in one cell. A single one that holds a separator is marked by a line end, because a text of lines is
/// cut into its lines only.
fn list(values: &[String], separators: &[&str]) -> String {
    let text = lines(values);
    let single = values.len() == 1 && separators.iter().any(|separator| text.contains(separator));
    if single { text + "\n" } else { text }
}
