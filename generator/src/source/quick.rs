//! The short way for the TOML that nearly all records are: headers, and on each line one key with a text, a day or a
//! list of texts.
//!
//! A file goes this way as a whole or not at all. What is not as plain as that, and whatever may be a mistake, goes to
//! the parser, which then says what is wrong with it. A test holds the two ways against each other.

use std::borrow::Cow;

use memchr::{memchr_iter, memchr2};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::bytes::any;

/// A key or a value and where it stands.
type Key<'i> = Spanned<Cow<'i, str>>;

/// Reads a text; none when it has to go the long way.
pub(super) fn table(text: &str) -> Option<DeTable<'_>> {
    if any(text.as_bytes(), |byte, _, _, _| (byte < 0x20) & (byte != b'\n') | (byte == 0x7F)) {
        return None;
    }
    let mut root = DeTable::new();
    let mut current = DeTable::new();
    let mut header: Option<Header<'_>> = None;
    let mut start = 0;
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = Line { text: &text[start..end], start };
        start = (end + 1).min(text.len());
        match line.text.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b'[') => {
                let next = Header::read(line)?;
                let done = std::mem::take(&mut current);
                match header.replace(next) {
                    Some(header) => header.put(&mut root, done)?,
                    None => root = done,
                }
            }
            Some(_) => {
                let (key, value) = line.key_value()?;
                if current.insert(key, value).is_some() {
                    return None;
                }
            }
        }
    }
    match header {
        Some(header) => header.put(&mut root, current)?,
        None => root = current,
    }
    Some(root)
}

/// A line, and where in the text it starts.
#[derive(Clone, Copy)]
struct Line<'i> {
    text: &'i str,
    start: usize,
}

impl<'i> Line<'i> {
    /// Cuts off the bare key at the start.
    fn key(self) -> Option<(Key<'i>, Self)> {
        let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let end = self.text.bytes().position(|byte| !bare(&byte))?;
        let (key, rest) = self.text.split_at(end);
        let key = Spanned::new(self.start..self.start + end, Cow::Borrowed(key));
        (end > 0).then_some((key, Self { text: rest, start: self.start + end }))
    }

    fn after(self, mark: &str) -> Option<Self> {
        Some(Self { text: self.text.strip_prefix(mark)?, start: self.start + mark.len() })
    }

    fn trimmed(self) -> Self {
        let text = self.text.trim_start_matches(' ');
        Self { text, start: self.start + self.text.len() - text.len() }
    }

    fn key_value(self) -> Option<(Key<'i>, Spanned<DeValue<'i>>)> {
        let (key, rest) = self.key()?;
        let value = rest.trimmed().after("=")?.trimmed();
        let (value, rest) = match value.text.as_bytes().first()? {
            b'"' => value.words()?,
            b'[' => value.list()?,
            _ => value.day()?,
        };
        rest.text.is_empty().then_some((key, value))
    }

    /// Cuts off the text in quotes, which has no escapes.
    fn words(self) -> Option<(Spanned<DeValue<'i>>, Self)> {
        let inside = self.after("\"")?;
        let end = memchr2(b'"', b'\\', inside.text.as_bytes())?;
        let (words, rest) = inside.text.split_at(end);
        let rest = Self { text: rest, start: inside.start + end }.after("\"")?;
        // Three quotes begin a text of several lines.
        if words.is_empty() && rest.text.starts_with('"') {
            return None;
        }
        Some((Spanned::new(self.start..rest.start, DeValue::String(Cow::Borrowed(words))), rest))
    }

    /// Cuts off a list of texts.
    fn list(self) -> Option<(Spanned<DeValue<'i>>, Self)> {
        let mut array = DeArray::new();
        let mut rest = self.after("[")?;
        if !rest.text.starts_with(']') {
            loop {
                let (item, after) = rest.words()?;
                array.push(item);
                match after.after(",") {
                    Some(next) => rest = next.trimmed(),
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
        }
        let rest = rest.after("]")?;
        Some((Spanned::new(self.start..rest.start, DeValue::Array(array)), rest))
    }

    /// A day, which takes the rest of the line.
    fn day(self) -> Option<(Spanned<DeValue<'i>>, Self)> {
        let bytes = self.text.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let shaped =
            bytes.len() == 10 && (0..10).all(|at| if at == 4 || at == 7 { bytes[at] == b'-' } else { digit(at) });
        let day = DeValue::Datetime(self.text.parse().ok().filter(|_| shaped)?);
        let end = self.start + self.text.len();
        Some((Spanned::new(self.start..end, day), Self { text: "", start: end }))
    }
}

/// `[a.b]` or `[[a.b]]`.
struct Header<'i> {
    path: Vec<Key<'i>>,
    key: Key<'i>,
    span: std::ops::Range<usize>,
    is_row: bool,
}

impl<'i> Header<'i> {
    fn read(line: Line<'i>) -> Option<Self> {
        let is_row = line.text.starts_with("[[");
        let (open, close) = if is_row { ("[[", "]]") } else { ("[", "]") };
        let (mut key, mut rest) = line.after(open)?.key()?;
        let mut path = Vec::new();
        while let Some(next) = rest.after(".") {
            let (below, after) = next.key()?;
            path.push(std::mem::replace(&mut key, below));
            rest = after;
        }
        (rest.text == close).then(|| Self { path, key, span: line.start..line.start + line.text.len(), is_row })
    }

    /// Puts the table below it where it belongs; none when something stands there already.
    fn put(self, root: &mut DeTable<'i>, table: DeTable<'i>) -> Option<()> {
        let mut parent = root;
        for key in self.path {
            if !parent.contains_key(&**key.get_ref()) {
                let implied = Spanned::new(key.span(), DeValue::Table(DeTable::new()));
                parent.insert(key.clone(), implied);
            }
            parent = match parent.get_mut(&**key.get_ref())?.get_mut() {
                DeValue::Table(table) => table,
                DeValue::Array(rows) => match rows.last_mut()?.get_mut() {
                    DeValue::Table(row) => row,
                    _ => return None,
                },
                _ => return None,
            };
        }
        let span = self.span;
        let table = Spanned::new(span.clone(), DeValue::Table(table));
        if !self.is_row {
            return parent.insert(self.key, table).is_none().then_some(());
        }
        match parent.get_mut(&**self.key.get_ref()) {
            Some(rows) => match rows.get_mut() {
                // A list of texts is no list of tables.
                DeValue::Array(rows) if rows.iter().any(|row| row.get_ref().is_table()) => rows.push(table),
                _ => return None,
            },
            None => {
                let mut rows = DeArray::new();
                rows.push(table);
                parent.insert(self.key, Spanned::new(span, DeValue::Array(rows)));
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the parser makes of it, when it has nothing to complain about.
    fn parsed(text: &str) -> Option<String> {
        let (table, errors) = DeTable::parse_recoverable(text);
        errors.is_empty().then(|| format!("{:?}", table.into_inner()))
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            6 => "[ab]{1,2} ?= ?\"[企a\\\\# \"]{0,3}\"",
            4 => "[abc] = [12][09][0-9]{2}-[01][0-9]-[0-3][0-9]",
            4 => "[abc] = \\[ ?(\"[企a]{0,2}\"(, ?|)){0,3} ?\\]",
            5 => "\\[[ab](\\.[ab]){0,2}\\]",
            5 => "\\[\\[[ab](\\.[ab]){0,2}\\]\\]",
            2 => Just(String::new()),
            1 => "#[企a\"]{0,3}",
            1 => "( |\\t)?[ab\"'.]{0,3}=?(1|true|'a'|\\{\\}|\"\"\"a|[.a\"\\[\\]]{0,3}) ?",
        ];
        proptest::collection::vec(line, 0..10).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_short_way_leads_where_the_parser_does(text in lines()) {
            if let Some(table) = table(&text) {
                prop_assert_eq!(Some(format!("{table:?}")), parsed(&text));
            }
        }
    }

    #[test]
    fn the_usual_record_goes_the_short_way() {
        let text = "title = \"关于“稳岗”的通知\"\nwritten = 2025-01-01\nplain = [\"甲\", \"乙\"]\nnone = []\n\n[contact]\n\
                    unit = \"就业处\"\n\n# 注\n[[relations]]\nkind = \"based_on\"\n\n[[relations]]\nkind = \"repeals\"\n\n\
                    [stages.basis]\nstatus = \"published\"\n\n[[stages.basis.documents]]\ntitle = \"x\"\n";
        assert_eq!(table(text).map(|table| format!("{table:?}")), parsed(text));
        for text in ["a = 1", "a = \"\\n\"", "a = \"x\"\na = \"y\"", "[a]\n[a]", "a = 2025-02-30", "a = \"x\" # y", "a"]
        {
            assert!(table(text).is_none(), "{text}");
        }
    }
}
