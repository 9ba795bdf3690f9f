//! Rows of the input: JSON Lines, plain or gzip, or a [`table`]. Another kind of input is another iterator over
//! [`RowRead`].

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::mapping::Mapping;
use super::table::{self, Spot};
use crate::mistake::Fault;
use crate::source::ReadError;

/// The longest row, in bytes. A longer one is a mistake, so that no input can fill the memory.
const MAX_ROW: usize = 16 * 1024 * 1024;

/// One row as read.
#[derive(Debug)]
pub(crate) struct RowRead {
    /// Its line, counted from 1; 0 is the input as a whole.
    pub(crate) line: u32,
    /// Its text, to be shown when something is wrong with it.
    pub(crate) raw: String,
    /// Its fields, or why there are none.
    pub(crate) fields: Result<Map<String, Value>, Fault>,
    /// Where it stands in a table.
    pub(crate) spot: Option<Spot>,
}

/// The rows of an input, in order. A read error ends them.
pub(crate) type Rows = Box<dyn Iterator<Item = io::Result<RowRead>>>;

/// Opens an input. What it is, is decided by its first bytes, not by its name.
pub(crate) fn open(path: &Path, mapping: &Mapping) -> Result<Rows, ReadError> {
    let error = |error| ReadError { path: path.to_owned(), error };
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(error)?);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if table::is_table(&name, file.fill_buf().map_err(error)?) {
        let mut bytes = Vec::new();
        file.take(table::MAX_BYTES + 1).read_to_end(&mut bytes).map_err(error)?;
        return Ok(Box::new(table::rows(&name, &bytes, mapping).into_iter().map(Ok)));
    }
    let gzip = file.fill_buf().map_err(error)?.starts_with(&[0x1F, 0x8B]);
    let reader: Box<dyn BufRead> =
        if gzip { Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))) } else { Box::new(file) };
    Ok(Box::new(JsonLines { reader, line: 0 }))
}

struct JsonLines {
    reader: Box<dyn BufRead>,
    line: u32,
}

impl Iterator for JsonLines {
    type Item = io::Result<RowRead>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut bytes = Vec::new();
            let cap = u64::try_from(MAX_ROW).unwrap_or(u64::MAX);
            match (&mut self.reader).take(cap + 1).read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => self.line = self.line.saturating_add(1),
                Err(error) => return Some(Err(error)),
            }
            if bytes.len() > MAX_ROW {
                if let Err(error) = self.skip_line(bytes.ends_with(b"\n")) {
                    return Some(Err(error));
                }
                let fault = Fault::TooLarge { bytes: format!("> {MAX_ROW}"), cap: MAX_ROW.to_string() };
                return Some(Ok(RowRead { line: self.line, raw: String::new(), fields: Err(fault), spot: None }));
            }
            let text = if self.line == 1 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes) } else { &bytes };
            if text.trim_ascii().is_empty() {
                continue;
            }
            return Some(Ok(row(self.line, text)));
        }
    }
}

impl JsonLines {
    fn skip_line(&mut self, ended: bool) -> io::Result<()> {
        if !ended {
            self.reader.skip_until(b'\n')?;
        }
        Ok(())
    }
}

fn row(line: u32, bytes: &[u8]) -> RowRead {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let raw = String::from_utf8_lossy(bytes).into_owned();
        return RowRead { line, raw, fields: Err(Fault::NotUtf8), spot: None };
    };
    let text = text.trim_end();
    let fields = serde_json::from_str(text).map_err(|error| bad_row(&error));
    RowRead { line, raw: text.to_owned(), fields, spot: None }
}

/// What is wrong with a row, in words; the parser knows only English.
fn bad_row(error: &serde_json::Error) -> Fault {
    let zh = match error.classify() {
        Category::Eof => "写到一半就断了".to_owned(),
        Category::Data => "不是用花括号括起来的一组字段".to_owned(),
        Category::Syntax | Category::Io => format!("第 {} 个字节处不合 JSON 的写法", error.column()),
    };
    Fault::BadRow { zh, en: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_keeps_its_line() {
        let text = "\u{FEFF}{\"a\":1}\r\n\n[1]\n{\"a\":";
        let rows = JsonLines { reader: Box::new(io::Cursor::new(text.to_owned())), line: 0 };
        let rows: Vec<RowRead> = rows.map(Result::unwrap).collect();
        let lines: Vec<(u32, bool)> = rows.iter().map(|row| (row.line, row.fields.is_ok())).collect();
        assert_eq!(lines, [(1, true), (3, false), (4, false)]);
    }

    #[test]
    fn a_cut_off_archive_is_an_error_and_not_the_end() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all("{\"a\":1}\n".repeat(1000).as_bytes()).unwrap();
        let bytes = encoder.finish().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let read = |bytes: &[u8]| {
            let path = folder.path().join("rows.jsonl");
            File::create(&path).unwrap().write_all(bytes).unwrap();
            open(&path, &Mapping::default())
                .unwrap()
                .map(|row| row.map(|row| row.fields.is_ok()))
                .collect::<io::Result<Vec<bool>>>()
        };
        assert_eq!(read(&bytes).unwrap(), [true; 1000]);
        assert!(read(&bytes[..bytes.len() - 12]).is_err());
    }
}
