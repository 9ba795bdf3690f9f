//! CSV and its kin → a sheet. UTF-8 with or without a mark, UTF-16 with a mark, else GBK (as GB 18030); commas,
//! semicolons or tabs.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::Sheet;
use crate::mistake::Fault;

/// The one sheet of a file of delimited text.
pub(super) fn sheet(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Fault>> {
    let text = decoded(bytes)?;
    // Line ends of one kind, so that lines can be counted.
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Without it the last record seems to be a line shorter than the others.
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let before = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(before, csv::Position::line);
                let zh = format!("第 {line} 行不合 CSV 的写法");
                return Err(Box::new(Fault::BadTable { zh, en: error.to_string() }));
            }
        }
        // The reader passes over empty lines, which a spreadsheet shows as rows.
        let inside = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let lines = usize::try_from(reader.position().line().saturating_sub(before)).unwrap_or_default();
        for _ in 0..lines.saturating_sub(inside + 1) {
            rows.push(Vec::new());
        }
        rows.push(record.iter().map(|cell| Ok(cell.to_owned())).collect());
    }
    Ok(vec![Sheet { name: None, rows }])
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Box<Fault>> {
    let encoding = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            return std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| Box::new(Fault::NotUtf8));
        }
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(Cow::Borrowed(text)),
            Err(_) => GB18030,
        },
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        let (zh, en) = ("不是 UTF-8，也不是 GBK 编码", "it is neither UTF-8 nor GBK");
        return Err(Box::new(Fault::BadTable { zh: zh.to_owned(), en: en.to_owned() }));
    }
    Ok(text)
}

/// What stands most often in the first line that has any of them.
fn delimiter(text: &str) -> u8 {
    let count = |line: &str, mark: u8| line.bytes().filter(|&byte| byte == mark).count();
    let marks = [b',', b'\t', b';'];
    let line = text.lines().find(|line| marks.iter().any(|&mark| count(line, mark) > 0)).unwrap_or_default();
    marks.into_iter().rev().max_by_key(|&mark| count(line, mark)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let sheets = sheet(bytes).unwrap();
        sheets[0].rows.iter().map(|row| row.iter().map(|cell| cell.clone().unwrap()).collect()).collect()
    }

    #[test]
    fn every_usual_encoding_and_mark_gives_the_same_rows() {
        let text = "编号,问题\r\n1,\"甲，\n乙\"\r\n\r\n\r\n2,\"丙\"\"丁\"";
        let expected = vec![
            vec!["编号".to_owned(), "问题".into()],
            vec!["1".into(), "甲，\n乙".into()],
            vec![],
            vec![],
            vec!["2".into(), "丙\"丁".into()],
        ];
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let gbk = GB18030.encode(text).0.into_owned();
        assert!(std::str::from_utf8(&gbk).is_err());
        let tabs = text.replacen("编号,", "编号\t", 1).replacen("1,", "1\t", 1).replacen("2,", "2\t", 1);
        for bytes in [text.as_bytes(), &[&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat(), &utf16, &gbk, tabs.as_bytes()]
        {
            assert_eq!(rows(bytes), expected);
        }
        assert!(sheet(b"\xEF\xBB\xBF\xFF").is_err());
        assert!(sheet(b"a,\x81\xFF\xFF").is_err());
    }
}
