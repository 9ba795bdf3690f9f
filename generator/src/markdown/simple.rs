//! The short way for the texts that nearly all policies have: headings, paragraphs of one line, articles, plain lists.
//!
//! A text goes this way as a whole or not at all, and only when none of its characters could mean anything else to the
//! parser: no links, tags, escapes, tables, code, no emphasis but around the label of an article, no block inside another.
//! The result is that of the long way, which a test holds over texts of any kind; it takes a sixth of the time.

use memchr::{memchr, memchr_iter};
use yima_model::numeral::leading_article;

use super::Body;
use super::render::{Render, is_label};

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
}

/// Parses a text; none when it has to go the long way.
pub(super) fn parse(text: &str) -> Option<Body> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let mut render = Render::new(text);
    let mut before = Before::Nothing;
    let (mut number, mut start) = (0, 0);
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text[start..end];
        (number, start) = (number + 1, (end + 1).min(text.len()));
        if before == Before::Item && !line.starts_with('-') {
            render.close("</ul>\n");
        }
        before = match (line.as_bytes().first(), before) {
            (None, Before::Item | Before::List) => Before::List,
            (None, _) => Before::Nothing,
            (Some(b'-'), Before::Nothing | Before::Item) => {
                let words = words(line.strip_prefix("- ")?)?;
                if before == Before::Nothing {
                    render.open("<ul>\n");
                }
                render.open("<li>");
                render.plainly(words);
                render.close("</li>\n");
                render.newline();
                Before::Item
            }
            (_, Before::Paragraph | Before::Item) | (Some(b'-'), Before::List) => return None,
            (Some(b'#'), _) => {
                heading(&mut render, line)?;
                Before::Nothing
            }
            _ => {
                render.line = number;
                paragraph(&mut render, line)?;
                Before::Paragraph
            }
        };
    }
    if before == Before::Item {
        render.close("</ul>\n");
    }
    Some(render.finish())
}

/// Whether the parser sees nothing but text in these bytes, save at the start of lines and for `*`.
fn is_plain(bytes: &[u8]) -> bool {
    // Without branches, so that a compiler can look at many bytes at once.
    let special = |byte: u8| {
        (byte < 0x20) & (byte != b'\n')
            | (byte == b'\\')
            | (byte == b'`')
            | (byte == b'_')
            | (byte == b'~')
            | (byte == b'[')
            | (byte == b']')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'&')
            | (byte == b'|')
    };
    // The joiner of the long way, which it takes out of any text, is EF B7 90.
    let joiner = |first: u8, second: u8| (first == 0xEF) & (second == 0xB7);
    bytes.chunks(256).all(|chunk| !chunk.iter().fold(false, |found, &byte| found | special(byte)))
        && !bytes.windows(2).fold(false, |found, pair| found | joiner(pair[0], pair[1]))
}

/// A line, or what stands in it after a mark, when it is nothing but words and a paragraph in itself.
fn words(line: &str) -> Option<&str> {
    let first = *line.as_bytes().first()?;
    let begins_a_list = || {
        let rest = line.trim_start_matches(|ch: char| ch.is_ascii_digit());
        rest.is_empty() || rest.starts_with(['.', ')'])
    };
    let begins = match first {
        0x80.. | b'a'..=b'z' | b'A'..=b'Z' => true,
        b'0'..=b'9' => !begins_a_list(),
        _ => false,
    };
    let ends = line.chars().next_back().is_some_and(|last| !last.is_whitespace());
    (begins && ends && memchr(b'*', line.as_bytes()).is_none()).then_some(line)
}

fn heading(render: &mut Render<'_>, line: &str) -> Option<()> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = words(text.strip_prefix(' ')?)?;
    if !(2..=6).contains(&level) || memchr(b'#', text.as_bytes()).is_some() {
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
        if leading_article(label)?.3 != "" {
            return None;
        }
        let ends = rest.chars().next_back().is_none_or(|last| !last.is_whitespace());
        if !ends || memchr(b'*', rest.as_bytes()).is_some() {
            return None;
        }
        render.article(label);
        render.plainly(rest);
    } else {
        let text = words(line)?;
        if is_label(text, false) {
            render.article(text);
            render.plainly(leading_article(text)?.3);
        } else {
            render.push("<p>");
            render.plainly(text);
        }
    }
    render.close_paragraph();
    Some(())
}
