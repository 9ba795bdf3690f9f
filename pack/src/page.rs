//! A page as a row of strings, and what a page says of itself.

use crate::day::Day;
use crate::symbol::Symbol;

/// What a page says of itself and a pack need not: places of the strings of [`own`], and three that are no strings. How
/// long it is until the day that the page has just named.
pub(crate) const LEFT: u32 = 13;
/// The path of a symbol.
pub(crate) const SYMBOL: u32 = 14;
/// The page ends.
pub(crate) const END: u32 = 15;

/// What stands before the address of a symbol on a page.
const LABEL: &str = "aria-label=\"二维码：";

/// Places of the day among the strings of [`own`].
#[cfg(any(test, feature = "seal"))]
pub(crate) const DAY: u32 = 6;

/// Strings that follow from the host, the path of a page and the day of the site. Empty ones never match.
pub(crate) fn own(host: &str, path: &str, day: &Day) -> [String; 8] {
    let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
    let code = path.strip_prefix("Q/").and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned();
    let whole = format!("https://{host}{address}");
    let card = if code.is_empty() {
        String::new()
    } else {
        escape(&format!("HTTPS://{}/Q/{code}/", host.to_ascii_uppercase()))
    };
    let label = escape(&whole);
    let typed = if code.is_empty() { String::new() } else { format!("{host}/Q/") };
    let [iso, zh] = day.written.clone();
    [whole, label, card, address, typed, code, iso, zh]
}

/// As pages write addresses into attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('/', "&#x2f;")
}

/// The path of the symbol whose address the page has named last.
pub(crate) fn symbol(page: &str) -> Option<String> {
    let (_, label) = page.rsplit_once(LABEL)?;
    let (label, _) = label.split_once('"')?;
    let address = label.replace("&#x2f;", "/").replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    Symbol::of_address(&address).ok().map(|symbol| symbol.path())
}

/// Cuts a page where its marks begin and end: a run of `<`, `>`, `"` and the blanks after them, then what stands
/// between, and so on; and around the day of the site, so that a new day makes no new page. Whether it is the day, and what.
#[cfg(any(test, feature = "seal"))]
pub(crate) fn cut<'a>(page: &'a str, day: &'a Day) -> impl Iterator<Item = (bool, &'a str)> {
    let mut at = 0;
    let mut next = day.find(page, 0);
    core::iter::from_fn(move || {
        if let Some((_, length)) = next.filter(|(place, _)| *place == at) {
            at += length;
            next = day.find(page, at);
            return Some((true, &page[at - length..at]));
        }
        let rest = &page[at..next.map_or(page.len(), |(place, _)| place)];
        let first = *rest.as_bytes().first()?;
        let mark = |byte: u8| matches!(byte, b'"' | b'<' | b'>');
        let end = if mark(first) {
            rest.bytes().position(|byte| !mark(byte) && byte != b'\n' && byte != b' ')
        } else {
            // Long runs of text without a mark (a table, a data file) are cut at their lines.
            rest.bytes()
                .position(|byte| mark(byte) || byte == b'\n')
                .map(|at| if rest.as_bytes().get(at) == Some(&b'\n') { at + 1 } else { at })
        };
        let piece = &rest[..end.unwrap_or(rest.len())];
        at += piece.len();
        Some((false, piece))
    })
}

/// Cuts a page before and after the passages between these marks, which are taken whole: whether it is one, and what.
#[cfg(any(test, feature = "seal"))]
pub(crate) fn passages<'a>(page: &'a str, marks: &'a [[String; 2]]) -> impl Iterator<Item = (bool, &'a str)> {
    let mut rest = page;
    core::iter::from_fn(move || {
        let next = marks.iter().filter_map(|[start, end]| {
            let at = rest.find(start.as_str())?;
            let length = rest.get(at..)?.find(end.as_str())? + end.len();
            Some((at, length))
        });
        let (passage, length) = match next.min() {
            Some((0, length)) => (true, length),
            Some((at, _)) => (false, at),
            None => (false, rest.len()),
        };
        let (part, behind) = rest.split_at(length);
        rest = behind;
        (!part.is_empty()).then_some((passage, part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_page() {
        let page = "<!DOCTYPE html>\n<p class=\"a\">甲 <b>乙</b>\n丙</p>\n\n";
        let day = Day::of("2026-11-02").after(&["截至".to_owned()]);
        let pieces: Vec<&str> = cut(page, &day).map(|piece| piece.1).collect();
        assert_eq!(pieces.concat(), page);
        assert_eq!(pieces[..6], ["<", "!DOCTYPE html", ">\n<", "p class=", "\"", "a"]);
        for odd in ["", "\n", "\"\"", "a\nb\n", " x", "<"] {
            assert_eq!(cut(odd, &day).map(|piece| piece.1).collect::<String>(), odd);
        }
        let dated = "截至<time datetime=\"2026-11-02\">2026年11月2日</time>，2026-11-022026年";
        let far = format!("{dated}{}<i>2026-11-02</i>", "。".repeat(64));
        let pieces: Vec<(bool, &str)> = cut(&far, &day).collect();
        assert_eq!(pieces.iter().map(|piece| piece.1).collect::<String>(), far);
        let days: Vec<&str> = pieces.iter().filter(|piece| piece.0).map(|piece| piece.1).collect();
        assert_eq!(days, ["2026-11-02", "2026年11月2日", "2026-11-02"], "the last one is a date like any other");
    }

    #[test]
    fn passages_are_taken_whole() {
        let marks = [["<li>".to_owned(), "</li>".to_owned()], ["<b".to_owned(), "</b>".to_owned()]];
        let page = "<ol>\n<li>甲 <b>乙</b></li><li>丙</li>\n<b>丁</b> <li>";
        let parts: Vec<(bool, &str)> = passages(page, &marks).collect();
        assert_eq!(
            parts,
            [
                (false, "<ol>\n"),
                (true, "<li>甲 <b>乙</b></li>"),
                (true, "<li>丙</li>"),
                (false, "\n"),
                (true, "<b>丁</b>"),
                (false, " <li>"),
            ]
        );
        assert_eq!(passages("", &marks).count(), 0);
    }

    #[test]
    fn a_symbol_is_drawn_from_its_label() {
        let own = own("zc.qingyu.example", "Q/7K3F9Q/index.html", &Day::of("2026-11-02"));
        assert_eq!(own[0], "https://zc.qingyu.example/Q/7K3F9Q/");
        let page = format!("<svg {LABEL}{}\" d=\"", own[2]);
        assert_eq!(
            symbol(&page),
            Symbol::of_address("HTTPS://ZC.QINGYU.EXAMPLE/Q/7K3F9Q/").ok().map(|symbol| symbol.path())
        );
        assert_eq!(symbol("<svg>"), None);
    }
}
