//! Markdown to HTML, once per text: page, search text and checks are readings of the same parse.
//!
//! 1. [`simple`] takes the texts in which nothing can be mistaken; for all others:
//! 2. [`emphasis`] makes `**` work next to Chinese punctuation
//! 3. pulldown-cmark cuts the text into events
//! 4. [`render`] turns them into HTML, plain text, articles, headings, links and problems in one pass
//! 5. [`sanitise`] cleans the HTML, when the editor wrote any

mod emphasis;
mod mentions;
mod plain;
mod render;
mod sanitise;
mod simple;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use plain::Plain;
use yima_search::corpus::Text;

pub use mentions::Mention;
pub use render::parse;

/// The full text of a policy, parsed once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Safe HTML: headings from h2 down, articles as `<p class="article" id="article-3">`.
    pub html: String,
    /// How to make the plain text of it.
    plain: Plain,
    /// 第X条, in order.
    pub articles: Vec<Article>,
    /// Headings, in order, for the table of contents.
    pub headings: Vec<Heading>,
    /// Links found, with the line of the text they stand on.
    pub links: Vec<Link>,
    /// Documents it names, each once.
    pub mentions: Vec<Mention>,
    /// What is wrong with the text, for `check` to report.
    pub problems: Vec<Problem>,
}

impl Body {
    /// The same as plain text, one block per line, for search and for finding mentions. Made on every call.
    #[must_use]
    pub fn text(&self) -> String {
        self.plain.text(&self.html)
    }

    /// [`Body::text`] in the pieces in which it stands between the tags of its page.
    #[must_use]
    pub fn pieces(&self) -> Text {
        Text::cut(self.text(), self.plain.tags(&self.html))
    }

    /// Whether another text has the same articles, headings, links and mentions in the same places: whether it differs
    /// at most in its words, which only its own page and data show.
    #[must_use]
    pub fn is_alike(&self, other: &Self) -> bool {
        let articles = |body: &Self| {
            body.articles.iter().map(|article| (article.number, article.sub, article.line)).collect::<Vec<_>>()
        };
        self.headings == other.headings
            && self.links == other.links
            && self.mentions == other.mentions
            && self.problems == other.problems
            && articles(self) == articles(other)
    }
}

/// 条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// 第三条 → 3.
    pub number: u16,
    /// 第三条之一 → 1, else 0.
    pub sub: u16,
    /// As written: `第三条`.
    pub label: Cow<'static, str>,
    /// Where in [`Body::text`] its words stand, without the label, up to the next article or heading.
    pub range: Range<usize>,
    /// Line in the text, counted from 1.
    pub line: u32,
}

impl Article {
    /// Its words without the label, out of the [`Body::text`] it belongs to.
    #[must_use]
    pub fn text<'t>(&self, whole: &'t str) -> &'t str {
        whole.get(self.range.clone()).unwrap_or_default().trim_end()
    }

    /// Its anchor on the page: `article-3`, `article-3-1`.
    #[must_use]
    pub fn anchor(&self) -> String {
        // By hand: texts have many articles, and each is named several times.
        let mut anchor = String::with_capacity(16);
        anchor.push_str("article");
        for number in [Some(self.number), Some(self.sub).filter(|sub| *sub > 0)].into_iter().flatten() {
            anchor.push('-');
            for place in [10_000, 1_000, 100, 10, 1] {
                if number >= place || place == 1 {
                    anchor.push(char::from(b'0' + (number / place % 10) as u8));
                }
            }
        }
        anchor
    }
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 4.
    pub level: u8,
    /// Plain text.
    pub text: String,
    /// Its anchor, `section-1`, `section-2`, … in order.
    pub anchor: String,
    /// Line in the text, counted from 1.
    pub line: u32,
}

/// A link in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub target: String,
    /// Line in the text, counted from 1.
    pub line: u32,
}

/// Something wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line in the text, counted from 1.
    pub line: u32,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A tag or an attribute that is not allowed was removed; holds what it was, such as `<script>` or `onclick`.
    Removed(String),
    /// The same article twice; holds its label.
    DuplicateArticle(String),
    /// A heading of level one, which belongs to the title.
    TopHeading(String),
    /// Lists, quotes or emphasis nested deeper than [`MAX_NESTING`].
    TooDeep,
    /// An image without alternative text.
    ImageWithoutText(String),
    /// A link with a scheme that is not allowed, such as `javascript:`; it became plain text.
    Scheme(String),
    /// An image that does not come from this site; it was left out.
    ForeignImage(String),
}

/// How deep blocks may nest.
pub const MAX_NESTING: usize = 16;
