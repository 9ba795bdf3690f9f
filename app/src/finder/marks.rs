//! Words marked in a line, and the address that opens its record where they stand.

use std::fmt::Write as _;

use yima_model::numeral::chinese;
use yima_search::index::texts::Snippet;

/// A stretch of a text, and whether it is marked.
pub(super) type Piece = (String, bool);

/// Cuts a text at the borders of its marks, which are ascending and apart.
pub(super) fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut take = |range: core::ops::Range<usize>, marked| {
        if let Some(stretch) = text.get(range)
            && !stretch.is_empty()
        {
            pieces.push((stretch.to_owned(), marked));
        }
    };
    let mut at = 0;
    for &(start, end) in marks {
        take(at..start, false);
        take(start..end, true);
        at = end;
    }
    take(at..text.len(), false);
    pieces
}

/// `第十五条`, `第十五条之一`
pub(super) fn article_zh((number, sub): (u16, u16)) -> String {
    let mut name = format!("第{}条", chinese(number));
    if sub > 0 {
        name.push_str(&format!("之{}", chinese(sub)));
    }
    name
}

/// Where on the page of a policy what was asked stands: its article, and the marked words, which browsers that know
/// text fragments mark once more on arrival. Others take the article alone.
pub(super) fn fragment(article: Option<(u16, u16)>, snippet: Option<&Snippet>) -> String {
    let mut fragment = String::new();
    match article {
        Some((number, 0)) => fragment.push_str(&format!("#article-{number}")),
        Some((number, sub)) => fragment.push_str(&format!("#article-{number}-{sub}")),
        None => {}
    }
    let longest = snippet.and_then(|snippet| {
        let marked = snippet.marks.iter().filter_map(|&(start, end)| snippet.text.get(start..end));
        // The first of the longest.
        marked.reduce(|best, next| if next.chars().count() > best.chars().count() { next } else { best })
    });
    if let Some(words) = longest.filter(|words| words.chars().nth(1).is_some()) {
        fragment.push_str(if fragment.is_empty() { "#:~:text=" } else { ":~:text=" });
        encode(&mut fragment, words);
    }
    fragment
}

/// A text directive reserves `-`, `,` and `&`; everything but letters and digits is escaped.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cut_a_text_and_lose_nothing() {
        let text = "青年租房补贴";
        assert_eq!(
            pieces(text, &[(6, 12)]),
            [("青年".to_owned(), false), ("租房".to_owned(), true), ("补贴".to_owned(), false)]
        );
        assert_eq!(pieces(text, &[]), [(text.to_owned(), false)]);
        assert_eq!(pieces("", &[]), []);
        // Marks of another text cut nothing in two.
        assert_eq!(pieces("补", &[(1, 2)]), [] as [Piece; 0]);
    }

    #[test]
    fn a_record_opens_at_its_article_with_the_words_marked() {
        let snippet = Snippet { text: "租房-补贴，租房".into(), marks: vec![(0, 6), (7, 13)], article: None };
        assert_eq!(fragment(Some((15, 0)), Some(&snippet)), "#article-15:~:text=%E7%A7%9F%E6%88%BF");
        assert_eq!(fragment(Some((15, 1)), None), "#article-15-1");
        assert_eq!(fragment(None, Some(&snippet)), "#:~:text=%E7%A7%9F%E6%88%BF");
        assert_eq!(fragment(None, None), "");
        let odd = Snippet { text: "a-b,c&d".into(), marks: vec![(0, 7)], article: None };
        assert_eq!(fragment(None, Some(&odd)), "#:~:text=a%2Db%2Cc%26d");
    }

    #[test]
    fn articles_are_named_as_printed() {
        assert_eq!(article_zh((15, 0)), "第十五条");
        assert_eq!(article_zh((3, 1)), "第三条之一");
    }
}
