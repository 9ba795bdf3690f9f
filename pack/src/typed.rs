//! Addresses as people type them.

use yima_model::Code;

/// The file that stands at an address.
#[must_use]
pub fn page_at(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') { format!("{address}index.html") } else { address.to_owned() }
}

/// Other addresses that somebody who came by `path` may have meant, the likeliest first: with the slash that is missing; a
/// code as people type it; in small letters, as all other addresses are. Those of ASCII: tables of all letters would cost
/// every device 8 KB.
#[must_use]
pub fn elsewhere(path: &str) -> Vec<String> {
    let mut addresses = Vec::new();
    let bare = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    if !path.ends_with('/') {
        addresses.push(format!("{bare}/"));
    }
    let typed = bare.strip_prefix("Q/").or_else(|| bare.strip_prefix("q/"));
    if let Some(code) = typed.and_then(|typed| Code::parse(typed).ok()) {
        addresses.push(format!("Q/{code}/"));
    }
    let small = bare.to_ascii_lowercase();
    if small != bare {
        addresses.push(format!("{small}/"));
        if !path.ends_with('/') {
            addresses.push(path.to_ascii_lowercase());
        }
    }
    addresses.retain(|address| address != path);
    addresses
}

#[cfg(test)]
mod tests {
    use super::elsewhere;

    #[test]
    fn what_people_leave_out_or_write_large() {
        assert_eq!(elsewhere("policy/a"), ["policy/a/"]);
        assert_eq!(elsewhere("policy/a/"), [""; 0]);
        assert_eq!(elsewhere("Policy/A"), ["Policy/A/", "policy/a/", "policy/a"]);
        assert_eq!(elsewhere("POLICY/A/index.html"), ["POLICY/A/", "policy/a/", "policy/a/index.html"]);
        assert_eq!(elsewhere("Site.WebManifest"), ["Site.WebManifest/", "site.webmanifest/", "site.webmanifest"]);
    }
}
