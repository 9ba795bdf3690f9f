//! Markdown to HTML, once per text: page, search text and checks are readings of the same parse.

/// The full text of a policy, parsed once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Safe HTML: headings from h2 down, articles as `<p class="article" id="article-3">`.
    pub html: String,
    /// The same as plain text, one block per line, for search and for finding mentions.
    pub text: String,
    /// 第X条, in order.
    pub articles: Vec<Article>,
    /// Headings, in order, for the table of contents.
    pub headings: Vec<Heading>,
    /// Links found, with the line of the text they stand on.
    pub links: Vec<Link>,
    /// What is wrong with the text, for `check` to report.
    pub problems: Vec<Problem>,
}

/// 条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// 第三条 → 3.
    pub number: u16,
    /// As written: `第三条`.
    pub label: String,
    /// Its plain text without the label, up to the next article or heading.
    pub text: String,
    /// Line in the text, counted from 1.
    pub line: u32,
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
    /// The same article number twice.
    DuplicateArticle(u16),
    /// A heading of level one, which belongs to the title.
    TopHeading(String),
    /// Lists, quotes or emphasis nested deeper than [`MAX_NESTING`].
    TooDeep,
    /// An image without alternative text.
    ImageWithoutText(String),
    /// A scheme that is not allowed in a link, such as `javascript:`.
    Scheme(String),
}

/// How deep blocks may nest.
pub const MAX_NESTING: usize = 16;
