//! Text as XML 1.0.

use std::fmt::{self, Write as _};

/// The first line of every file.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// `Display` writes the text so that it may stand in an element or in an attribute with double quotes. Characters that
/// XML cannot hold even escaped are left out; `source` lets none of them pass.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(special) {
            let (plain, from) = rest.split_at(at);
            f.write_str(plain)?;
            let mut chars = from.chars();
            match chars.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                // A reader turns these into a space or a line feed unless they are escaped.
                Some(blank @ ('\t' | '\n' | '\r')) => write!(f, "&#{};", u32::from(blank))?,
                _ => {}
            }
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

const fn special(ch: char) -> bool {
    matches!(ch, '&' | '<' | '>' | '"' | '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Adds `<name>text</name>`.
pub(super) fn element(out: &mut String, name: &str, text: impl fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<{name}>{text}</{name}>");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "\\PC*|[ -~\n\t\r<>&\"']*|.*") {
            let xml = format!("<a b=\"{0}\">{0}</a>", Text(&text));
            let read = roxmltree::Document::parse(&xml).unwrap();
            let kept: String =
                text.chars().filter(|&ch| !special(ch) || matches!(ch, '&' | '<' | '>' | '"' | '\t' | '\n' | '\r')).collect();
            prop_assert_eq!(read.root_element().attribute("b"), Some(kept.as_str()));
            prop_assert_eq!(read.root_element().text().unwrap_or_default(), kept.as_str());
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(Text("一\u{0}码\u{8}\u{FFFE}&<>\"'").to_string(), "一码&amp;&lt;&gt;&quot;'");
    }
}
