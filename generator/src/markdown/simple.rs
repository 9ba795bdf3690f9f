//! The short way for the texts that nearly all policies have: headings, paragraphs of one line, articles, plain lists,
//! tables, and links in them.
//!
//! A text goes this way as a whole or not at all, and only when none of its characters could mean anything else to the
//! parser: no tags, escapes, code, no emphasis but around the label of an article, no block inside another. The result is
//! that of the long way, which a test holds over texts of any kind; it takes a sixth of the time.

use memchr::{memchr, memchr_iter, memchr2, memchr3};
use pulldown_cmark::{Alignment, LinkType, Tag, TagEnd};
use yima_model::numeral::leading_article;

use super::Body;
use super::render::{Render, is_label};
use crate::bytes::any;

/// What stands before a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start of the text, a heading, or an empty line: any block may begin.
    Nothing,
    /// A paragraph, which only an empty line ends.
    Paragraph,
    /// An item, after which another may follow.
    Item,
    /// A list and an empty line: another item would make it a list of paragraphs.
    List,
    /// The first line of a table, with its number of cells still unknown.
    TableHead,
    /// A table that has begun.
    Table,
}

/// Parses a text; none when it has to go the long way.
pub(super) fn parse(text: &str) -> Option<Body> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let mut render = Render::new(text);
    let mut before = Before::Nothing;
    let mut head = "";
    let mut columns = 0;
    let (mut number, mut start) = (0, 0);
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text[start..end];
        (number, start) = (number + 1, (end + 1).min(text.len()));
        // The head of a table is read when the line below it is known.
        render.line = if before == Before::TableHead { number - 1 } else { number };
        let first = line.as_bytes().first();
        if before == Before::Item && first != Some(&b'-') {
            render.close("</ul>\n");
        }
        if before == Before::Table && first.is_none() {
            render.end(TagEnd::Table);
        }
        before = match (first, before) {
            (_, Before::TableHead) => {
                columns = table_head(&mut render, head, line)?;
                Before::Table
            }
            (None, Before::Item | Before::List) => Before::List,
            (None, _) => Before::Nothing,
            (Some(b'|'), Before::Table) => {
                render.start(Tag::TableRow);
                (cells(&mut render, line)? == columns).then_some(())?;
                render.end(TagEnd::TableRow);
                Before::Table
            }
            (Some(b'-'), Before::Nothing | Before::Item) => {
                let words = words(line.strip_prefix("- ")?)?;
                if before == Before::Nothing {
                    render.open("<ul>\n");
                }
                render.open("<li>");
                inline(&mut render, words)?;
                render.close("</li>\n");
                render.newline();
                Before::Item
            }
            (_, Before::Paragraph | Before::Item | Before::Table) | (Some(b'-'), Before::List) => return None,
            (Some(b'|'), _) => {
                head = line;
                Before::TableHead
            }
            (Some(b'#'), _) => {
                heading(&mut render, line)?;
                Before::Nothing
            }
            _ => {
                paragraph(&mut render, line)?;
                Before::Paragraph
            }
        };
    }
    match before {
        Before::Item => render.close("</ul>\n"),
        Before::Table => render.end(TagEnd::Table),
        Before::TableHead => return None,
        Before::Nothing | Before::Paragraph | Before::List => {}
    }
    Some(render.finish())
}

/// Whether the parser sees nothing but text in these bytes, save at the start of lines and for `*`.
fn is_plain(bytes: &[u8]) -> bool {
    // The joiner of the long way, which it takes out of any text, is EF B7 90.
    !any(bytes, |byte, next, _, _| {
        (byte < 0x20) & (byte != b'\n')
            | (byte == b'\\')
            | (byte == b'`')
            | (byte == b'_')
            | (byte == b'~')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'&')
            | (byte == 0xEF) & (next == 0xB7)
    })
}

/// A line, or what stands in it after a mark, when it is a paragraph in itself, of nothing but words and links.
fn words(line: &str) -> Option<&str> {
    let first = *line.as_bytes().first()?;
    let begins_a_list = || {
        let rest = line.trim_start_matches(|ch: char| ch.is_ascii_digit());
        rest.is_empty() || rest.starts_with(['.', ')'])
    };
    let begins = match first {
        0x80.. | b'a'..=b'z' | b'A'..=b'Z' | b'[' => true,
        b'0'..=b'9' => !begins_a_list(),
        _ => false,
    };
    let ends = line.chars().next_back().is_some_and(|last| !last.is_whitespace());
    (begins && ends && memchr2(b'*', b'|', line.as_bytes()).is_none()).then_some(line)
}

/// Words and links.
fn inline(render: &mut Render<'_>, text: &str) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr3(b'[', b']', b'|', rest.as_bytes()) {
        let (words, link) = rest.split_at(at);
        if words.ends_with('!') {
            return None;
        }
        let link = link.strip_prefix('[')?;
        let (shown, target) = link.split_at(memchr2(b'[', b']', link.as_bytes())?);
        let target = target.strip_prefix("](")?;
        let (target, after) = target.split_at(memchr(b')', target.as_bytes())?);
        let harmless =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'#' | b'.' | b'-' | b':' | b'?' | b'=');
        if target.is_empty() || shown.is_empty() || !target.bytes().all(harmless) {
            return None;
        }
        render.plainly(words);
        render.start_link(LinkType::Inline, target);
        render.plainly(shown);
        render.end(TagEnd::Link);
        rest = &after[1..];
    }
    render.plainly(rest);
    Some(())
}

/// The first row of a table and the row of dashes below it; how many cells they have.
fn table_head(render: &mut Render<'_>, head: &str, dashes: &str) -> Option<usize> {
    let alignment = |cell: &str| {
        let (left, right) = (cell.starts_with(':'), cell.len() > 1 && cell.ends_with(':'));
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        let whole = !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-');
        whole.then_some(match (left, right) {
            (true, true) => Alignment::Center,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (false, false) => Alignment::None,
        })
    };
    let alignments: Vec<Alignment> = row(dashes)?.map(alignment).collect::<Option<_>>()?;
    let columns = alignments.len();
    render.start(Tag::Table(alignments));
    render.start(Tag::TableHead);
    (cells(render, head)? == columns).then_some(())?;
    render.end(TagEnd::TableHead);
    Some(columns)
}

/// The cells of a row that begins and ends with a bar.
fn row(line: &str) -> Option<impl Iterator<Item = &str>> {
    let cells = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(cells.split('|').map(|cell| cell.trim_matches(' ')))
}

fn cells(render: &mut Render<'_>, line: &str) -> Option<usize> {
    let mut count = 0;
    for cell in row(line)? {
        if cell.is_empty() || memchr(b'*', cell.as_bytes()).is_some() {
            return None;
        }
        render.start(Tag::TableCell);
        inline(render, cell)?;
        render.end(TagEnd::TableCell);
        count += 1;
    }
    Some(count)
}

fn heading(render: &mut Render<'_>, line: &str) -> Option<()> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = words(text.strip_prefix(' ')?)?;
    if !(2..=6).contains(&level) || memchr2(b'#', b'[', text.as_bytes()).is_some() {
        return None;
    }
    render.open_heading(level.min(4) as u8);
    render.plainly(text);
    render.close_heading(level.min(4) as u8);
    Some(())
}

fn paragraph(render: &mut Render<'_>, line: &str) -> Option<()> {
    if let Some(bold) = line.strip_prefix("**") {
        let end = memchr(b'*', bold.as_bytes())?;
        let (label, rest) = bold.split_at(end);
        let rest = rest.strip_prefix("**")?;
        // Only a label and nothing else in bold: then both runs are emphasis, whatever follows.
        if !leading_article(label)?.3.is_empty() {
            return None;
        }
        let ends = rest.chars().next_back().is_none_or(|last| !last.is_whitespace());
        if !ends || memchr(b'*', rest.as_bytes()).is_some() {
            return None;
        }
        render.article(label);
        inline(render, rest)?;
    } else {
        let text = words(line)?;
        // The parser sees the words before a link first.
        let (first, rest) = text.split_at(memchr(b'[', text.as_bytes()).unwrap_or(text.len()));
        if is_label(first, false) {
            render.article(first);
            render.plainly(leading_article(first)?.3);
            inline(render, rest)?;
        } else {
            render.push("<p>");
            inline(render, text)?;
        }
    }
    render.close_paragraph();
    Some(())
}
