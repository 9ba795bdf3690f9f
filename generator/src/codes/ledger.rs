//! The ledger `codes.csv`: which code was given to which record, and when. Lines are only ever added at its end.
//!
//! `code,kind,id,since`, one line per code, RFC 4180, UTF-8: `7K3F9Q,policy,2025-foo,2025-03-01`.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder, WriterBuilder};
use yima_model::code::CodeError;
use yima_model::{Code, Date};

use super::{KeyError, LedgerLine, RecordKey};

/// The columns.
pub const HEADER: [&str; 4] = ["code", "kind", "id", "since"];

/// A ledger as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The lines whose code, kind, id and date can be read, in the order of the file. No code stands here twice.
    pub lines: Vec<LedgerLine>,
    /// What is wrong, in the order of the file. No code may be given out while this is not empty.
    pub problems: Vec<LedgerProblem>,
    numbers: BTreeMap<Code, u32>,
}

/// Something wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerProblem {
    /// The line of the file, counted from 1.
    pub line: u32,
    /// What.
    pub fault: LedgerFault,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerFault {
    /// Bytes that are not UTF-8.
    Encoding,
    /// The first line is not [`HEADER`]; holds what it is.
    Header(String),
    /// Not four columns but this many.
    Columns(usize),
    /// The first column is no code.
    Code(String, CodeError),
    /// The first column is a code, but not in the form in which codes are written.
    Form(String, Code),
    /// The second column is no kind.
    Kind(String),
    /// The third column is no id of this kind.
    Id(&'static str, String),
    /// The fourth column is no date of the form 2025-03-01.
    Date(String),
    /// The code stands on an earlier line already.
    SameCode(Code, u32),
    /// The record has a code on an earlier line already.
    SameRecord(String, u32),
}

impl Ledger {
    /// Reads the bytes of `codes.csv`. No bytes are an empty ledger. A byte order mark, CRLF and blank lines are
    /// accepted; everything else that is not exactly what [`addition`] writes is a problem.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut ledger = Self::default();
        let mut records = BTreeMap::new();
        let mut row = ByteRecord::new();
        let mut first = true;
        // Reading bytes from memory cannot fail, and a flexible reader takes rows of any width.
        while matches!(rows.read_byte_record(&mut row), Ok(true)) {
            // The reader counts from the end of the row before, so blank lines must be stepped over.
            let start = row.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0));
            let blank = bytes[start.min(bytes.len())..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            let skipped = blank.filter(|&&byte| byte == b'\n').count() as u64;
            let line = u32::try_from(row.position().map_or(1, |at| at.line() + skipped)).unwrap_or(u32::MAX);
            if std::mem::take(&mut first) {
                if row.iter().eq(HEADER.map(str::as_bytes)) {
                    continue;
                }
                let found: Vec<_> = row.iter().map(String::from_utf8_lossy).collect();
                ledger.problems.push(LedgerProblem { line, fault: LedgerFault::Header(found.join(",")) });
                // A line of data where the header should be is still a promise; a misspelt header is not.
                if read_row(&row).is_err() {
                    continue;
                }
            }
            match read_row(&row) {
                Ok(read) => ledger.take(read, line, &mut records),
                Err(fault) => ledger.problems.push(LedgerProblem { line, fault }),
            }
        }
        ledger
    }

    fn take(&mut self, read: LedgerLine, line: u32, records: &mut BTreeMap<String, u32>) {
        if let Some(&first) = self.numbers.get(&read.code) {
            return self.problems.push(LedgerProblem { line, fault: LedgerFault::SameCode(read.code, first) });
        }
        self.numbers.insert(read.code, line);
        if let Some(&first) = records.get(&read.record) {
            self.problems.push(LedgerProblem { line, fault: LedgerFault::SameRecord(read.record.clone(), first) });
        } else {
            records.insert(read.record.clone(), line);
        }
        self.lines.push(read);
    }

    /// The line of the file, counted from 1, on which `code` was given out.
    #[must_use]
    pub fn line_of(&self, code: Code) -> Option<u32> {
        self.numbers.get(&code).copied()
    }
}

fn read_row(row: &ByteRecord) -> Result<LedgerLine, LedgerFault> {
    if row.iter().any(|field| std::str::from_utf8(field).is_err()) {
        return Err(LedgerFault::Encoding);
    }
    let fields: Vec<&str> = row.iter().filter_map(|field| std::str::from_utf8(field).ok()).collect();
    let &[code, kind, id, since] = fields.as_slice() else {
        return Err(LedgerFault::Columns(fields.len()));
    };
    let read = Code::parse(code).map_err(|error| LedgerFault::Code(code.to_owned(), error))?;
    if read.as_str() != code {
        return Err(LedgerFault::Form(code.to_owned(), read));
    }
    let record = format!("{kind}:{id}");
    match record.parse::<RecordKey>() {
        Ok(_) => {}
        Err(KeyError::Kind) => return Err(LedgerFault::Kind(kind.to_owned())),
        Err(KeyError::Id) => {
            let kind = RecordKey::KINDS.into_iter().find(|known| *known == kind).unwrap_or("policy");
            return Err(LedgerFault::Id(kind, id.to_owned()));
        }
    }
    // The parser takes other forms of ISO 8601 too; the ledger has one.
    let shaped = |(at, byte): (usize, &u8)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    let shaped = since.len() == 10 && since.as_bytes().iter().enumerate().all(shaped);
    let date = since.parse::<Date>().ok().filter(|_| shaped);
    let since = date.ok_or_else(|| LedgerFault::Date(since.to_owned()))?;
    Ok(LedgerLine { code: read, record, since })
}

/// The text to append to a ledger that now holds `existing`, so that it also holds `new`: the header if the file is
/// new, a line end if its last line lacks one, and line ends of the kind it already has.
#[must_use]
pub fn addition(existing: &[u8], new: &[LedgerLine]) -> String {
    if new.is_empty() {
        return String::new();
    }
    let line_end = if existing.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let content = existing.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(existing);
    let mut text = String::new();
    if content.is_empty() {
        text.push_str(&HEADER.join(","));
        text.push_str(line_end);
    } else if content.last() != Some(&b'\n') {
        text.push_str(line_end);
    }
    for line in new {
        text.push_str(&row(line));
        text.push_str(line_end);
    }
    text
}

/// The whole text of a ledger with these lines.
#[must_use]
pub fn text(lines: &[LedgerLine]) -> String {
    let head = HEADER.join(",") + "\n";
    let rows = addition(head.as_bytes(), lines);
    head + &rows
}

fn row(line: &LedgerLine) -> String {
    let (kind, id) = line.record.split_once(':').unwrap_or((line.record.as_str(), ""));
    let since = line.since.to_string();
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory cannot fail.
    let written = writer.write_record([line.code.as_str(), kind, id, &since]);
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(body: u32, record: &str) -> LedgerLine {
        LedgerLine { code: Code::from_body(body), record: record.to_owned(), since: jiff::civil::date(2025, 3, 1) }
    }

    fn faults(text: &[u8]) -> Vec<(u32, LedgerFault)> {
        Ledger::parse(text).problems.into_iter().map(|problem| (problem.line, problem.fault)).collect()
    }

    #[test]
    fn every_problem_is_found_in_one_reading_with_its_line() {
        let good = Code::from_body(7).to_string();
        let other = Code::from_body(8).to_string();
        let text = format!(
            "code,kind,id,since\n\
             {good},policy,2025-foo,2025-03-01\n\
             \n\
             7K3F9,policy,a,2025-03-01\n\
             {good},policy,b,2025-03-01\n\
             {other},policy,2025-foo,2025-03-01\n\
             {lower},policy,c,2025-03-01\n\
             0000A9,police,d,2025-03-01\n\
             {third},polcy,d,2025-03-01\n\
             {third},stage,2025-foo/begin,2025-03-01\n\
             {third},policy,e,2025/3/1\n\
             {third},policy,e,20250301\n\
             {third},policy,e,2025-02-30\n\
             {third},policy,e\n",
            lower = Code::from_body(0x1FF_FFFF).to_string().to_lowercase(),
            third = Code::from_body(9),
        );
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(b"0000A9,policy,\xB0\xA1,2025-03-01\n");
        let date = |text: &str| LedgerFault::Date(text.to_owned());
        assert_eq!(
            faults(&bytes),
            [
                (4, LedgerFault::Code("7K3F9".into(), CodeError::Length(5))),
                (5, LedgerFault::SameCode(Code::from_body(7), 2)),
                (6, LedgerFault::SameRecord("policy:2025-foo".into(), 2)),
                (
                    7,
                    LedgerFault::Form(
                        Code::from_body(0x1FF_FFFF).to_string().to_lowercase(),
                        Code::from_body(0x1FF_FFFF)
                    )
                ),
                (8, LedgerFault::Code("0000A9".into(), CodeError::Check)),
                (9, LedgerFault::Kind("polcy".into())),
                (10, LedgerFault::Id("stage", "2025-foo/begin".into())),
                (11, date("2025/3/1")),
                (12, date("20250301")),
                (13, date("2025-02-30")),
                (14, LedgerFault::Columns(3)),
                (15, LedgerFault::Encoding),
            ]
        );
        let ledger = Ledger::parse(&bytes);
        assert_eq!(ledger.lines, [line(7, "policy:2025-foo"), line(8, "policy:2025-foo")]);
        assert_eq!(ledger.line_of(Code::from_body(8)), Some(6));
    }

    #[test]
    fn a_missing_header_costs_no_line() {
        let text = format!("{},policy,a,2025-03-01\n", Code::from_body(1));
        assert_eq!(faults(text.as_bytes()), [(1, LedgerFault::Header(text.trim_end().to_owned()))]);
        assert_eq!(Ledger::parse(text.as_bytes()).lines, [line(1, "policy:a")]);
        assert_eq!(faults(b"code,kind,id,date\n"), [(1, LedgerFault::Header("code,kind,id,date".into()))]);
    }

    #[test]
    fn what_a_spreadsheet_does_to_the_file_is_read_or_named() {
        let kept = format!("\u{FEFF}code,kind,id,since\r\n{},policy,a,2025-03-01\r\n", Code::from_body(1));
        assert_eq!(Ledger::parse(kept.as_bytes()).problems, []);
        assert_eq!(addition(kept.as_bytes(), &[line(2, "policy:b")]).matches("\r\n").count(), 1);
        // An all-digit code loses its zeros.
        assert_eq!(
            faults(b"code,kind,id,since\n12,policy,a,2025-03-01\n"),
            [(2, LedgerFault::Code("12".into(), CodeError::Length(2)))]
        );
    }

    #[test]
    fn a_torn_last_line_is_named_and_not_written_into() {
        let whole = text(&[line(1, "policy:a"), line(2, "policy:b")]);
        for cut in HEADER.join(",").len() + 1..whole.len() - 1 {
            let torn = &whole.as_bytes()[..cut];
            let more = addition(torn, &[line(3, "policy:c")]);
            let read = Ledger::parse(&[torn, more.as_bytes()].concat());
            assert_eq!(read.lines.last(), Some(&line(3, "policy:c")), "cut at {cut}");
        }
    }

    #[test]
    fn the_form_of_a_line() {
        assert_eq!(addition(b"", &[]), "");
        let only = line(0, "policy:2025-foo");
        assert_eq!(
            addition(b"", std::slice::from_ref(&only)),
            format!("code,kind,id,since\n{},policy,2025-foo,2025-03-01\n", only.code)
        );
        let comma = line(1, "attachment:2025-foo/form, new.pdf");
        assert!(text(&[comma]).ends_with(",attachment,\"2025-foo/form, new.pdf\",2025-03-01\n"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            records in prop::collection::btree_map(0_u32..1 << 25, "attachment:[a-z0-9-]{1,9}/[ -.0-~]{1,12}", 0..20),
            split in 0_usize..20,
        ) {
            let mut seen = std::collections::BTreeSet::new();
            let lines: Vec<LedgerLine> = records
                .into_iter()
                .filter(|(_, record)| seen.insert(record.clone()))
                .map(|(body, record)| line(body, &record))
                .collect();
            let (before, after) = lines.split_at(split.min(lines.len()));
            let mut file = addition(b"", before);
            file += &addition(file.as_bytes(), after);
            let ledger = Ledger::parse(file.as_bytes());
            prop_assert_eq!(&ledger.problems, &[]);
            prop_assert_eq!(&ledger.lines, &lines);
            if !lines.is_empty() {
                prop_assert_eq!(file, text(&lines));
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let ledger = Ledger::parse(&bytes);
            prop_assert!(ledger.lines.len() + ledger.problems.len() <= bytes.len());
        }
    }
}
