//! A page as a row of strings, and what a page says of itself.

use crate::symbol::Symbol;

/// What a page says of itself and a pack need not: places of the strings of [`own`], and two that are no strings.
pub(crate) const SYMBOL: u32 = 14;
/// The page ends.
pub(crate) const END: u32 = 15;

/// What stands before the address of a symbol on a page.
const LABEL: &str = "aria-label=\"二维码：";

/// Strings that follow from the host and the path of a page. Empty ones never match.
pub(crate) fn own(host: &str, path: &str) -> [String; 6] {
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
    [whole, label, card, address, typed, code]
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
/// between, and so on.
#[cfg(any(test, feature = "seal"))]
pub(crate) fn cut(page: &str) -> impl Iterator<Item = &str> {
    let mut rest = page;
    core::iter::from_fn(move || {
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
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_page() {
        let page = "<!DOCTYPE html>\n<p class=\"a\">甲 <b>乙</b>\n丙</p>\n\n";
        let pieces: Vec<&str> = cut(page).collect();
        assert_eq!(pieces.concat(), page);
        assert_eq!(pieces[..6], ["<", "!DOCTYPE html", ">\n<", "p class=", "\"", "a"]);
        for odd in ["", "\n", "\"\"", "a\nb\n", " x", "<"] {
            assert_eq!(cut(odd).collect::<String>(), odd);
        }
    }

    #[test]
    fn a_symbol_is_drawn_from_its_label() {
        let own = own("zc.qingyu.example", "Q/7K3F9Q/index.html");
        assert_eq!(own[0], "https://zc.qingyu.example/Q/7K3F9Q/");
        let page = format!("<svg {LABEL}{}\" d=\"", own[2]);
        assert_eq!(
            symbol(&page),
            Symbol::of_address("HTTPS://ZC.QINGYU.EXAMPLE/Q/7K3F9Q/").ok().map(|symbol| symbol.path())
        );
        assert_eq!(symbol("<svg>"), None);
    }
}
