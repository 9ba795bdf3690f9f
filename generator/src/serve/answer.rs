//! What a real host would answer: addresses, redirects, conditions, ranges.

use std::borrow::Cow;
use std::fmt::Write as _;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use yima_pack::typed::{elsewhere, page_at};

use super::shelf::{File, Shelf};
use crate::headers::{Transport, content_security_policy, headers};

/// What was asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    /// As sent, percent-encoded.
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) if_none_match: Option<&'a str>,
    pub(crate) range: Option<&'a str>,
    pub(crate) if_range: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// What a request asks.
    pub(crate) fn of(request: &'a Parts) -> Self {
        let field = |name: HeaderName| request.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            method: request.method.as_str(),
            path: request.uri.path(),
            query: request.uri.query(),
            if_none_match: field(header::IF_NONE_MATCH),
            range: field(header::RANGE),
            if_range: field(header::IF_RANGE),
        }
    }
}

/// What is answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Bytes,
}

/// Name and value.
pub(crate) type Header = (Cow<'static, str>, String);

/// Answers from the files of a site. `live` is the script that preview pages carry in addition.
pub(super) async fn answer(asked: Asked<'_>, shelf: &Shelf, live: Option<&str>) -> Answer {
    if !matches!(asked.method, "GET" | "HEAD") {
        return plain(405, "method not allowed").with("Allow", "GET, HEAD");
    }
    let answer = match locate(asked, shelf).await {
        Ok(Located::File(path, file)) => send(&path, file, asked, live),
        Ok(Located::Elsewhere(address)) => moved(&address, asked.query),
        Ok(Located::Nowhere) => match shelf.get("404.html").await {
            Ok(Some(file)) => {
                let page = Asked { if_none_match: None, range: None, ..asked };
                Answer { status: 404, ..send("404.html", file, page, live) }
            }
            _ => plain(404, "not found"),
        },
        Err(why) => plain(500, &why),
    };
    answer.finish(asked.method)
}

enum Located {
    File(String, File),
    Elsewhere(String),
    Nowhere,
}

async fn locate(asked: Asked<'_>, shelf: &Shelf) -> Result<Located, String> {
    let Some(path) = decode(asked.path) else { return Ok(Located::Nowhere) };
    let file = page_at(&path);
    if let Some(found) = shelf.get(&file).await? {
        return Ok(Located::File(file, found));
    }
    for other in elsewhere(&path) {
        if shelf.get(&page_at(&other)).await?.is_some() {
            return Ok(Located::Elsewhere(format!("/{other}")));
        }
    }
    Ok(Located::Nowhere)
}

/// The site path behind an address: no leading slash. `None` when no file can have it.
pub(crate) fn decode(address: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.strip_prefix('/')?.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit =
                    |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(rest.next())? << 4 | digit(rest.next())?
            }
            byte => byte,
        });
    }
    let path = String::from_utf8(bytes).ok()?;
    let odd = |ch: char| ch.is_control() || ch == '\\' || ch == ':';
    let folder = path.strip_suffix('/').unwrap_or(&path);
    let fine = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(odd);
    (path.is_empty() || folder.split('/').all(fine)).then_some(path)
}

fn send(path: &str, file: File, asked: Asked<'_>, live: Option<&str>) -> Answer {
    let File { mut bytes, mut tag } = file;
    let page = path.ends_with(".html");
    let own = page.then(|| own_policy(&bytes)).flatten();
    let policy = own.unwrap_or_else(|| content_security_policy(&[]));
    if let Some(script) = live.filter(|_| page) {
        bytes = inject(&bytes, script);
        // The tag of the page alone would keep an old script alive.
        tag.extend(script.chars().filter(char::is_ascii_digit));
    }
    deliver(local(path, &policy), File { bytes, tag }, asked)
}

/// A file with its headers, the part of it that was asked for, or word that nothing has changed.
pub(crate) fn deliver(headers: Vec<Header>, File { bytes, tag }: File, asked: Asked<'_>) -> Answer {
    let tag = format!("\"{tag}\"");
    let mut answer = Answer { status: 200, headers, body: bytes }.with("ETag", &tag).with("Accept-Ranges", "bytes");
    let matches = |list: &str| {
        list.split(',').any(|one| matches!(one.trim().trim_start_matches("W/"), t if t == tag || t == "*"))
    };
    if asked.if_none_match.is_some_and(matches) {
        answer.status = 304;
        answer.body = Bytes::new();
        return answer;
    }
    let fresh = asked.if_range.is_none_or(|wanted| wanted.trim() == tag);
    let whole = answer.body.len();
    match asked.range.filter(|_| fresh).and_then(|range| slice(range, whole)) {
        None => answer,
        Some(None) => plain(416, "no such range").with("Content-Range", &format!("bytes */{whole}")),
        Some(Some((first, last))) => {
            answer.status = 206;
            answer.body = answer.body.slice(first..=last);
            answer.with("Content-Range", &format!("bytes {first}-{last}/{whole}"))
        }
    }
}

/// One range of RFC 9110, first and last byte. `None` asks for the whole; `Some(None)` cannot be satisfied.
#[expect(clippy::option_option, reason = "not asked for, and asked for in vain, are two things")]
fn slice(range: &str, whole: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first.trim().parse::<usize>().ok(), last.trim().parse::<usize>().ok()) {
        (Some(first), None) if last.trim().is_empty() => (first, whole.saturating_sub(1)),
        (Some(first), Some(last)) if first <= last => (first, last.min(whole.saturating_sub(1))),
        (None, Some(last)) if first.trim().is_empty() => {
            if last == 0 {
                return Some(None);
            }
            (whole.saturating_sub(last), whole.saturating_sub(1))
        }
        // Several ranges, or nonsense: a server may send the whole.
        _ => return None,
    };
    Some((first < whole).then_some((first, last)))
}

/// The Content Security Policy that a page states about itself.
fn own_policy(page: &[u8]) -> Option<String> {
    let page = std::str::from_utf8(page).ok()?;
    let (_, rest) = page.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (_, rest) = rest.split_once("content=\"")?;
    let (policy, _) = rest.split_once('"')?;
    Some(policy.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&"))
}

/// The page with one more script, at the end of its head.
fn inject(page: &Bytes, script: &str) -> Bytes {
    let tag = format!("<script src=\"{script}\" defer></script>");
    let head = b"</head>";
    let at = page.windows(head.len()).position(|window| window == head).unwrap_or(page.len());
    let (before, after) = page.split_at(at);
    [before, tag.as_bytes(), after].concat().into()
}

/// Leads on to a path, which is not encoded yet.
pub(crate) fn moved(address: &str, query: Option<&str>) -> Answer {
    let mut location = String::new();
    for byte in address.bytes() {
        // A header holds ASCII alone, and what follows these would be no path.
        let _ = if byte.is_ascii_graphic() && !b"%?#".contains(&byte) {
            write!(location, "{}", char::from(byte))
        } else {
            write!(location, "%{byte:02X}")
        };
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    plain(301, "").with("Location", &format!("{location}{query}"))
}

/// A plain text.
pub(crate) fn plain(status: u16, text: &str) -> Answer {
    Answer { status, headers: local("answer.txt", ""), body: format!("{text}\n").into_bytes().into() }
}

/// The headers of a file that this machine sends itself.
pub(crate) fn local(path: &str, policy: &str) -> Vec<Header> {
    headers(path, policy, Transport::Loopback).into_iter().map(|(name, value)| (name.into(), value)).collect()
}

impl Answer {
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name.into(), value.to_owned()));
        self
    }

    /// Adds the length; to `HEAD` nothing else is said.
    pub(crate) fn finish(mut self, method: &str) -> Self {
        if !matches!(self.status, 204 | 304) {
            let length = self.body.len().to_string();
            self.headers.push(("Content-Length".into(), length));
        }
        if method == "HEAD" {
            self.body = Bytes::new();
        }
        self
    }
}
