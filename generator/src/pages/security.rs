//! The Content Security Policy that every page carries in a meta tag.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The policy of a page, with the hash of its inlined style when it has one.
///
/// Nothing inline runs, nothing comes from another host; `wasm-unsafe-eval` lets the app's module be compiled.
pub(super) fn policy(inlined_style: Option<&str>) -> String {
    let mut style = String::from("'self'");
    if let Some(css) = inlined_style {
        let _ = write!(style, " 'sha256-{}'", base64(&Sha256::digest(css)));
    }
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src {style}; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
    )
}

/// RFC 4648 base 64 with padding.
fn base64(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().enumerate().fold(0_u32, |word, (at, &byte)| word | u32::from(byte) << (16 - 8 * at));
        for at in 0..4 {
            if at <= group.len() {
                text.push(char::from(SYMBOLS[(word >> (18 - 6 * at)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_the_examples_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn an_inlined_style_is_named_by_its_hash() {
        assert!(!policy(None).contains("sha256"));
        let with = policy(Some(""));
        assert!(with.contains("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"), "{with}");
        assert!(!with.contains("unsafe-inline"));
    }
}
