//! The response headers of every file of the site: one table, which the preview server sends and from which the
//! configuration of real hosts is written.

use yima_pack::release::FOLDER;

/// How the site is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A real host.
    Https,
    /// Plain HTTP on this machine: a preview, a kiosk. A browser told to insist on HTTPS would lock itself out.
    Loopback,
}

/// What kind of file stands at a path, as far as headers care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An HTML page.
    Page,
    /// Script, style, module, worker.
    Program,
    /// What departments attach: never shown as a part of this site.
    Attachment,
    /// An SVG picture: may hold script, so it gets no rights of its own.
    Drawing,
    /// Data and feeds, meant to be read by other sites too.
    Data,
    /// Anything else.
    Other,
}

/// The Content Security Policy of a page. `styles` are the hashes of its inlined styles, as `sha256-…`.
///
/// Nothing inline runs, nothing comes from another host; `wasm-unsafe-eval` lets the app's module be compiled. Valid in
/// a header and in a meta tag; [`headers`] adds what works in a header only.
#[must_use]
pub fn content_security_policy(styles: &[String]) -> String {
    let styles: String = styles.iter().map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'{styles}; img-src 'self' data:; media-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
    )
}

/// The headers of the file at a site path. `policy` is the Content Security Policy of a page; other kinds have their
/// own. `Content-Length`, `ETag` and the like are the server's business.
#[must_use]
pub fn headers(path: &str, policy: &str, transport: Transport) -> Vec<(&'static str, String)> {
    let kind = kind(path);
    let mut headers = vec![
        ("Content-Type", content_type(path).to_owned()),
        ("Cache-Control", cache_control(path).to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
    ];
    let mut add = |name, value: &str| headers.push((name, value.to_owned()));
    match kind {
        Kind::Page | Kind::Program => {
            // A worker is ruled by the policy it was itself sent with, so programs carry it too.
            let mut policy = format!("{policy}; frame-ancestors 'none'");
            if transport == Transport::Https {
                policy.push_str("; upgrade-insecure-requests");
            }
            add("Content-Security-Policy", &policy);
            add("Cross-Origin-Embedder-Policy", "require-corp");
        }
        Kind::Attachment => {
            add("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
            add("Content-Disposition", "attachment");
        }
        Kind::Drawing => {
            add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        }
        Kind::Data | Kind::Other => add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    }
    if kind == Kind::Page {
        add("Cross-Origin-Opener-Policy", "same-origin");
        add("X-Frame-Options", "DENY");
        add("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()");
    }
    if kind == Kind::Data {
        add("Access-Control-Allow-Origin", "*");
        add("Cross-Origin-Resource-Policy", "cross-origin");
    } else {
        add("Cross-Origin-Resource-Policy", "same-origin");
    }
    if transport == Transport::Https {
        add("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    }
    headers
}

/// The headers that a release names for HTTPS, as they are sent on this machine: the same without what tells a browser to
/// insist on HTTPS.
#[must_use]
pub fn on_loopback(headers: &[(String, String)]) -> Vec<(String, String)> {
    let insists = |name: &str| name.eq_ignore_ascii_case("Strict-Transport-Security");
    let mut kept: Vec<_> = headers.iter().filter(|(name, _)| !insists(name)).cloned().collect();
    for (_, value) in kept.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("Content-Security-Policy")) {
        let parts = value.split(';').filter(|part| !part.trim().eq_ignore_ascii_case("upgrade-insecure-requests"));
        *value = parts.collect::<Vec<_>>().join(";");
    }
    kept
}

/// What kind of file stands at a site path.
#[must_use]
pub fn kind(path: &str) -> Kind {
    if path.starts_with("attachment/") {
        return Kind::Attachment;
    }
    match extension(path) {
        "html" => Kind::Page,
        "js" | "mjs" | "css" | "wasm" => Kind::Program,
        "svg" => Kind::Drawing,
        "json" | "jsonld" | "jsonl" | "geojson" | "ics" | "atom" | "xml" | "csv" => Kind::Data,
        _ => Kind::Other,
    }
}

/// The media type of a file, by its ending. Text says its character set, so that no browser guesses.
#[must_use]
pub fn content_type(path: &str) -> &'static str {
    match extension(path) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "jsonld" => "application/ld+json",
        "jsonl" => "application/x-ndjson",
        "geojson" => "application/geo+json",
        "webmanifest" => "application/manifest+json",
        "atom" => "application/atom+xml; charset=utf-8",
        "xml" if path.starts_with("feeds/") => "application/atom+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" | "note" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// How long a file may be kept: for ever when its name carries its hash, else asked about every time.
///
/// Trunk's names carry the hash of the module before it was bound and optimised, so they are not for ever.
#[must_use]
pub fn cache_control(path: &str) -> &'static str {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    let hashed = hash.len() == 8 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let named = path.starts_with("search/") && hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let object = path.strip_prefix(FOLDER).is_some_and(|name| name.len() == 64);
    let worker = path.starts_with("sw-") && hashed;
    if path.starts_with("assets/") && hashed || named || object || worker {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn extension(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(path: &str, name: &str, transport: Transport) -> Option<String> {
        let policy = content_security_policy(&["sha256-AAAA".to_owned()]);
        headers(path, &policy, transport).into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    #[test]
    fn the_policy_allows_nothing_inline_but_the_named_style() {
        let policy = header("policy/x/index.html", "Content-Security-Policy", Transport::Https).unwrap();
        assert!(
            policy.starts_with(
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-AAAA';"
            )
        );
        assert!(policy.ends_with("frame-ancestors 'none'; upgrade-insecure-requests"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
    }

    #[test]
    fn loopback_never_insists_on_https() {
        for path in ["index.html", "assets/site.css", "attachment/a/b.pdf", "data/policies.json", "icon.svg"] {
            let all = headers(path, "default-src 'none'", Transport::Loopback);
            assert!(all.iter().all(|(name, value)| *name != "Strict-Transport-Security" && !value.contains("upgrade")));
            let names: std::collections::BTreeSet<_> = all.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), all.len(), "no header twice: {path}");
            assert!(header(path, "Strict-Transport-Security", Transport::Https).is_some());
            let owned = |transport| -> Vec<(String, String)> {
                let all = headers(path, &content_security_policy(&["sha256-AAAA".to_owned()]), transport);
                all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            };
            assert_eq!(on_loopback(&owned(Transport::Https)), owned(Transport::Loopback), "{path}");
            assert_eq!(on_loopback(&owned(Transport::Loopback)), owned(Transport::Loopback), "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(cache_control("assets/site-1a2b3c4d.css").contains("immutable"));
        assert!(cache_control("search/titles-1a2b3c4d5e6f7a8b.bin").contains("immutable"));
        assert!(cache_control("sw-1a2b3c4d.js").contains("immutable"));
        assert!(cache_control(&format!("release/{}", "0f".repeat(32))).contains("immutable"));
        assert_eq!(cache_control("release.note"), "no-cache");
        assert_eq!(content_type("release.note"), "text/plain; charset=utf-8");
        assert_eq!(cache_control("search/index.bin"), "no-cache");
        for path in
            ["index.html", "assets/site.css", "assets/site-1a2b3c4.css", "sw.js", "app/yima-0011223344556677.js"]
        {
            assert_eq!(cache_control(path), "no-cache", "{path}");
        }
    }

    #[test]
    fn attachments_and_drawings_have_no_rights() {
        for path in ["attachment/x/form.html", "icon.svg"] {
            assert!(header(path, "Content-Security-Policy", Transport::Https).unwrap().contains("sandbox"));
        }
        assert_eq!(header("attachment/x/form.pdf", "Content-Disposition", Transport::Https).unwrap(), "attachment");
        assert_eq!(header("data/a.json", "Access-Control-Allow-Origin", Transport::Https).unwrap(), "*");
        assert_eq!(header("index.html", "Access-Control-Allow-Origin", Transport::Https), None);
    }
}
