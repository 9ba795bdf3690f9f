//! Addresses as people type them.

use yima_model::Code;

/// Other addresses that somebody who came by `path` may have meant, each ending in a slash: with the slash that is
/// missing; a code as people type it.
pub(crate) fn elsewhere(path: &str) -> Vec<String> {
    let mut addresses = Vec::new();
    let bare = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    if !path.ends_with('/') {
        addresses.push(format!("{bare}/"));
    }
    let typed = bare.strip_prefix("Q/").or_else(|| bare.strip_prefix("q/"));
    if let Some(code) = typed.and_then(|typed| Code::parse(typed).ok()) {
        addresses.push(format!("Q/{code}/"));
    }
    addresses.retain(|address| address != path);
    addresses
}
