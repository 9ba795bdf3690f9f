//! Events of the parser to HTML and everything else that is read off a text, in one pass.

use std::borrow::Cow;
use std::sync::LazyLock;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};
use yima_model::numeral::{chinese, leading_article};

use super::emphasis::{is_cjk, prepare, restore};
use super::mentions::mentions;
use super::plain::Plain;
use super::{Article, Body, Heading, Link, MAX_NESTING, Problem, ProblemKind, sanitise, simple};

/// Parses a text. Never fails: what is wrong with it is in [`Body::problems`], and the HTML is safe in any case.
#[must_use]
pub fn parse(text: &str) -> Body {
    simple::parse(text).unwrap_or_else(|| parse_any(text))
}

/// [`parse`] for any text.
pub(super) fn parse_any(text: &str) -> Body {
    let prepared = prepare(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut render = Render::new(&prepared);
    let mut events = Parser::new_ext(&prepared, options).into_offset_iter().peekable();
    while let Some((event, range)) = events.next() {
        render.at(range.start);
        if matches!(event, Event::Start(Tag::Paragraph)) && render.depth == 0 {
            // An article's label may stand in bold or plain: look one or two events ahead.
            let bold = events.next_if(|(event, _)| matches!(event, Event::Start(Tag::Strong))).is_some();
            let label =
                events.next_if(|(event, _)| matches!(event, Event::Text(text) if is_label(&restore(text), bold)));
            if let Some((Event::Text(text), _)) = label {
                render.article(&restore(&text));
                let ended = bold && events.next_if(|(event, _)| matches!(event, Event::End(TagEnd::Strong))).is_some();
                let rest = leading_article(&restore(&text)).map_or(String::new(), |(_, _, _, rest)| rest.to_owned());
                // What the editor made bold beyond the label stays bold.
                let strong = bold && !(ended && rest.trim().is_empty());
                if strong {
                    render.push("<strong>");
                }
                render.text(&rest);
                if strong && ended {
                    render.push("</strong>");
                }
                continue;
            }
            render.event(event);
            if bold {
                render.event(Event::Start(Tag::Strong));
            }
            continue;
        }
        render.event(event);
    }
    render.finish()
}

/// Whether a paragraph that starts with `text` is an article: a label and then a space, or the end of the bold run.
pub(super) fn is_label(text: &str, bold: bool) -> bool {
    leading_article(text).is_some_and(|(_, _, _, rest)| match rest.chars().next() {
        None => bold,
        Some(ch) => ch.is_whitespace() || matches!(ch, '【' | '（' | '('),
    })
}

pub(super) struct Render<'a> {
    source: &'a str,
    pub(super) line: u32,
    offset: usize,
    body: Body,
    /// The plain text.
    text: String,
    /// Open lists, quotes and items.
    depth: usize,
    /// Raw HTML of the block or tag being read, for the report.
    raw: bool,
    /// Links whose tag was left out.
    dropped: Vec<bool>,
    image: Option<(String, String)>,
    heading: Option<String>,
    alignments: Vec<Alignment>,
    cell: usize,
    in_head: bool,
    /// Whether the text being read belongs to the last article.
    in_article: bool,
    last: Option<char>,
    pending_break: bool,
    /// The label of an article was just written, with its own space.
    after_label: bool,
}

impl<'a> Render<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            line: 1,
            offset: 0,
            body: Body { html: String::with_capacity(source.len() + source.len() / 4), ..Body::default() },
            text: String::with_capacity(source.len()),
            depth: 0,
            raw: false,
            dropped: Vec::new(),
            image: None,
            heading: None,
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            in_article: false,
            last: None,
            pending_break: false,
            after_label: false,
        }
    }

    fn at(&mut self, offset: usize) {
        if offset > self.offset {
            let newlines = self.source.as_bytes()[self.offset..offset].iter().filter(|&&byte| byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
            self.offset = offset;
        }
    }

    fn problem(&mut self, kind: ProblemKind) {
        self.body.problems.push(Problem { line: self.line, kind });
    }

    pub(super) fn article(&mut self, text: &str) {
        let Some((number, sub, label, _)) = leading_article(text) else { return };
        let article = Article { number, sub, label: labelled(number, label), range: 0..0, line: self.line };
        if self.body.articles.iter().any(|other| (other.number, other.sub) == (number, sub)) {
            self.problem(ProblemKind::DuplicateArticle(label.to_owned()));
            self.push("<p class=\"article\">");
        } else {
            let anchor = article.anchor();
            self.push("<p class=\"article\" id=\"");
            self.push(&anchor);
            self.push("\"><a class=\"article-label\" href=\"#");
            self.push(&anchor);
            self.push("\">");
            self.push(label);
            self.push("</a>\u{3000}");
            self.body.articles.push(article);
        }
        self.in_article = false;
        self.plain(label);
        self.plain("\u{3000}");
        let start = self.text.len();
        if let Some(article) = self.body.articles.last_mut().filter(|article| article.range.end == 0) {
            article.range = start..start;
        }
        self.in_article = true;
        self.after_label = true;
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&restore(&text)),
            Event::Code(code) => {
                let code = restore(&code);
                self.flush_break(code.chars().next());
                self.push("<code>");
                self.escaped(&code);
                self.push("</code>");
                self.plain(&code);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = restore(&html);
                self.flush_break(None);
                for what in sanitise::removed(&html) {
                    self.problem(ProblemKind::Removed(what));
                }
                self.raw = true;
                self.body.html.push_str(&html);
            }
            Event::SoftBreak => self.pending_break = true,
            Event::HardBreak => {
                self.push("<br>\n");
                self.plain("\n");
            }
            Event::Rule => self.push("<hr>\n"),
            // Not switched on in the parser.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    pub(super) fn start(&mut self, tag: Tag<'_>) {
        if !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }) {
            self.pending_break = false;
        }
        match tag {
            Tag::Paragraph => self.push("<p>"),
            Tag::Heading { level, .. } => self.open_heading(heading_level(level)),
            Tag::BlockQuote(_) => self.open("<blockquote>\n"),
            Tag::CodeBlock(kind) => {
                let _: CodeBlockKind<'_> = kind;
                self.push("<pre><code>");
            }
            Tag::List(Some(1)) => self.open("<ol>\n"),
            Tag::List(Some(start)) => self.open(&format!("<ol start=\"{start}\">\n")),
            Tag::List(None) => self.open("<ul>\n"),
            Tag::Item => self.open("<li>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.push("<div class=\"table\" role=\"region\" aria-label=\"表格\" tabindex=\"0\"><table>\n");
            }
            Tag::TableHead => {
                (self.in_head, self.cell) = (true, 0);
                self.push("<thead><tr>");
            }
            Tag::TableRow => {
                self.cell = 0;
                self.push("<tr>");
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.cell) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                self.cell += 1;
                let tag = if self.in_head { "<th scope=\"col\"" } else { "<td" };
                for part in [tag, class, ">"] {
                    self.push(part);
                }
            }
            Tag::Emphasis => self.inline("<em>"),
            Tag::Strong => self.inline("<strong>"),
            Tag::Strikethrough => self.inline("<del>"),
            Tag::Link { link_type, dest_url, .. } => self.start_link(link_type, &restore(&dest_url)),
            Tag::Image { dest_url, .. } => self.image = Some((restore(&dest_url).into_owned(), String::new())),
            Tag::HtmlBlock => {}
            // Not switched on in the parser.
            _ => {}
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.close_paragraph(),
            TagEnd::Heading(level) => {
                if level == HeadingLevel::H1 {
                    self.problem(ProblemKind::TopHeading(self.heading.clone().unwrap_or_default()));
                }
                self.close_heading(heading_level(level));
            }
            TagEnd::BlockQuote(_) => self.close("</blockquote>\n"),
            TagEnd::CodeBlock => self.close_line("</code></pre>\n"),
            TagEnd::List(true) => self.close("</ol>\n"),
            TagEnd::List(false) => self.close("</ul>\n"),
            TagEnd::Item => {
                self.close("</li>\n");
                self.newline();
            }
            TagEnd::Table => self.push("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.push("</tr></thead>\n<tbody>\n");
                self.newline();
            }
            TagEnd::TableRow => self.close_line("</tr>\n"),
            TagEnd::TableCell => {
                let tag = if self.in_head { "</th>" } else { "</td>" };
                self.push(tag);
                self.plain("\u{3000}");
            }
            TagEnd::Emphasis => self.push("</em>"),
            TagEnd::Strong => self.push("</strong>"),
            TagEnd::Strikethrough => self.push("</del>"),
            TagEnd::Link if self.dropped.pop() == Some(false) => self.push("</a>"),
            TagEnd::Image => self.finish_image(),
            TagEnd::HtmlBlock => self.newline(),
            _ => {}
        }
    }

    pub(super) fn open_heading(&mut self, level: u8) {
        let anchor = ["section-", &(self.body.headings.len() + 1).to_string()].concat();
        self.in_article = false;
        self.push(opening(level));
        self.push(&anchor);
        self.push("\">");
        self.body.headings.push(Heading { level, text: String::new(), anchor, line: self.line });
        self.heading = Some(String::new());
    }

    pub(super) fn close_heading(&mut self, level: u8) {
        let text = self.heading.take().unwrap_or_default();
        if let Some(heading) = self.body.headings.last_mut() {
            heading.text = text;
        }
        self.close_line(closing(level));
    }

    pub(super) fn close_paragraph(&mut self) {
        self.after_label = false;
        self.close_line("</p>\n");
    }

    /// Text in which nothing has to be escaped and before which no line break waits.
    pub(super) fn plainly(&mut self, text: &str) {
        let text = if self.after_label { text.trim_start() } else { text };
        if !text.is_empty() {
            self.after_label = false;
            self.push(text);
            self.plain(text);
        }
    }

    pub(super) fn start_link(&mut self, link_type: LinkType, target: &str) {
        self.flush_break(None);
        let target = if link_type == LinkType::Email { format!("mailto:{target}") } else { target.to_owned() };
        if !allowed_scheme(&target) {
            self.problem(ProblemKind::Scheme(target));
            self.dropped.push(true);
            return;
        }
        self.push("<a href=\"");
        // Writing to a String does not fail.
        let _ = escape_href(&mut self.body.html, &target);
        let external = target.contains("://");
        self.push(if external { "\" rel=\"external noopener\">" } else { "\">" });
        self.dropped.push(false);
        self.body.links.push(Link { target, line: self.line });
    }

    fn finish_image(&mut self) {
        let Some((target, alt)) = self.image.take() else { return };
        if !target.starts_with('/') || target.starts_with("//") {
            self.problem(ProblemKind::ForeignImage(target));
            self.text(&alt);
            return;
        }
        if alt.trim().is_empty() {
            self.problem(ProblemKind::ImageWithoutText(target.clone()));
        }
        self.push("<img src=\"");
        let _ = escape_href(&mut self.body.html, &target);
        self.push("\" alt=\"");
        let _ = escape_html(&mut self.body.html, &alt);
        self.push("\">");
        self.plain(&alt);
        self.body.links.push(Link { target, line: self.line });
    }

    fn text(&mut self, text: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
            return;
        }
        let text = if self.after_label { text.trim_start() } else { text };
        if text.is_empty() {
            return;
        }
        self.after_label = false;
        self.flush_break(text.chars().next());
        self.escaped(text);
        self.plain(text);
    }

    /// A line break inside a paragraph is a space between words and nothing between Han characters.
    fn flush_break(&mut self, next: Option<char>) {
        if std::mem::take(&mut self.pending_break) {
            let joined = self.last.is_some_and(is_cjk) && next.is_none_or(is_cjk);
            if !joined {
                self.push("\n");
                self.plain(" ");
            }
        }
    }

    fn inline(&mut self, tag: &str) {
        self.flush_break(None);
        self.push(tag);
    }

    pub(super) fn open(&mut self, tag: &str) {
        self.depth += 1;
        if self.depth == MAX_NESTING + 1 {
            self.problem(ProblemKind::TooDeep);
        }
        if self.depth <= MAX_NESTING {
            self.push(tag);
        }
    }

    pub(super) fn close(&mut self, tag: &str) {
        if self.depth <= MAX_NESTING {
            self.push(tag);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn close_line(&mut self, tag: &str) {
        self.push(tag);
        self.pending_break = false;
        self.newline();
    }

    pub(super) fn push(&mut self, html: &str) {
        self.body.html.push_str(html);
    }

    fn escaped(&mut self, text: &str) {
        let _ = escape_html_body_text(&mut self.body.html, text);
    }

    fn plain(&mut self, text: &str) {
        self.text.push_str(text);
        self.last = text.chars().next_back().or(self.last);
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        } else if self.in_article
            && let Some(article) = self.body.articles.last_mut()
        {
            article.range.end = self.text.len();
        }
    }

    pub(super) fn newline(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.plain("\n");
        }
    }

    pub(super) fn finish(mut self) -> Body {
        self.body.mentions = mentions(&self.text);
        if self.raw {
            self.body.html = sanitise::clean(&self.body.html);
        }
        // A city keeps all its texts: what grew by doubling gives back what it does not fill.
        self.body.html.shrink_to_fit();
        self.body.articles.shrink_to_fit();
        self.body.headings.shrink_to_fit();
        self.body.links.shrink_to_fit();
        self.body.mentions.shrink_to_fit();
        self.body.plain = Plain::of(&self.text, &self.body.html);
        self.body
    }
}

/// The label of an article; those that are written as nearly all are stand in memory once.
fn labelled(number: u16, label: &str) -> Cow<'static, str> {
    static USUAL: LazyLock<Vec<String>> = LazyLock::new(|| (0..200).map(|n| format!("第{}条", chinese(n))).collect());
    match USUAL.get(usize::from(number)) {
        Some(usual) if usual == label => Cow::Borrowed(usual),
        _ => Cow::Owned(label.to_owned()),
    }
}

const fn opening(level: u8) -> &'static str {
    match level {
        2 => "<h2 id=\"",
        3 => "<h3 id=\"",
        _ => "<h4 id=\"",
    }
}

const fn closing(level: u8) -> &'static str {
    match level {
        2 => "</h2>\n",
        3 => "</h3>\n",
        _ => "</h4>\n",
    }
}

/// The title is the page's h1, so the text starts at h2.
const fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        _ => 4,
    }
}

/// Addresses a text may link to: this site, or by one of four schemes.
fn allowed_scheme(target: &str) -> bool {
    let scheme_end = target.find([':', '/', '?', '#']);
    match scheme_end {
        Some(at) if target.as_bytes().get(at) == Some(&b':') => {
            matches!(target[..at].to_ascii_lowercase().as_str(), "https" | "http" | "mailto" | "tel")
        }
        _ => !target.starts_with("//"),
    }
}
