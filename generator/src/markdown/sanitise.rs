//! Raw HTML in Markdown: an allow-list, kept by ammonia, and a report of what it takes out.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use ammonia::Builder;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Tags an editor may write besides Markdown; the rest of the list is what the renderer itself makes.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Attributes that stay, per tag; `*` is every tag.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "class", "rel"]),
    ("img", &["src", "alt", "width", "height"]),
    ("td", &["colspan", "rowspan", "class"]),
    ("th", &["colspan", "rowspan", "scope", "class"]),
    ("ol", &["start"]),
    ("p", &["id", "class"]),
    ("div", &["class", "role", "tabindex", "aria-label"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
];

/// Tags whose content goes with them.
const WITH_CONTENT: &[&str] = &[
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "title", "textarea", "xmp",
];

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .add_tags(TAGS)
        .add_clean_content_tags(WITH_CONTENT)
        .add_url_schemes(["https", "http", "mailto", "tel"])
        .link_rel(None)
        .url_relative(ammonia::UrlRelative::PassThrough)
        .attribute_filter(|_, attribute, value| match attribute {
            // Anchors are ours: an editor's id could take the place of an article's.
            "id" if !(value.starts_with("article-") || value.starts_with("section-")) => None,
            "src" if !value.starts_with('/') || value.starts_with("//") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    for (tag, attributes) in ATTRIBUTES {
        builder.add_tag_attributes(tag, *attributes);
    }
    builder
});

/// Safe HTML.
pub(super) fn clean(html: &str) -> String {
    POLICY.clean(html).to_string()
}

/// What [`clean`] will take out of `html`, in order: `<script>`, `<p onclick>`.
pub(super) fn removed(html: &str) -> Vec<String> {
    let sink = Report { found: RefCell::new(Vec::new()) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

struct Report {
    found: RefCell<Vec<String>>,
}

impl TokenSink for Report {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(Tag { kind: TagKind::StartTag, name, attrs, .. }) = token {
            let mut found = self.found.borrow_mut();
            if !TAGS.contains(&&*name) {
                found.push(format!("<{name}>"));
            } else {
                for attribute in attrs {
                    let attribute_name: &str = &attribute.name.local;
                    let kept = ATTRIBUTES
                        .iter()
                        .any(|(tag, attributes)| *tag == &*name && attributes.contains(&attribute_name))
                        && attribute_name != "id";
                    let value = attribute.value.trim_start().to_ascii_lowercase();
                    let scheme = value.split_once(':').map(|(scheme, _)| scheme);
                    let bad_scheme = attribute_name == "href"
                        && scheme.is_some_and(|scheme| !matches!(scheme, "https" | "http" | "mailto" | "tel"));
                    let foreign_image = attribute_name == "src" && (!value.starts_with('/') || value.starts_with("//"));
                    if !kept || bad_scheme || foreign_image {
                        found.push(format!("<{name} {attribute_name}>"));
                    }
                }
            }
        }
        TokenSinkResult::Continue
    }
}
