//! How a page names the style it carries inside in its Content Security Policy (CSP Level 3, `hash-source`).

use sha2::{Digest, Sha256};
use yima_pack::base64;

use crate::assets::Assets;
use crate::headers::content_security_policy;

/// The Content Security Policy of a card, which carries its style inside.
pub(crate) fn card_policy(assets: &Assets) -> String {
    content_security_policy(&[style_hash(&card_style(assets))])
}

/// The style of a card, as it stands inside the page.
pub(super) fn card_style(assets: &Assets) -> String {
    squeeze(assets.text("assets/card.css").unwrap_or_default())
}

/// `sha256-…` of an inlined style, as it stands between the tags.
fn style_hash(css: &str) -> String {
    format!("sha256-{}", base64::encode(&Sha256::digest(css)))
}

/// A style sheet without its comments, indentation and line ends, for the pages that carry it inside.
fn squeeze(css: &str) -> String {
    let mut squeezed = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        squeezed.extend(before.lines().map(str::trim));
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    squeezed.extend(rest.lines().map(str::trim));
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_browsers_compute() {
        assert_eq!(style_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_squeezed_style_means_the_same() {
        assert_eq!(squeeze("a{\n  b:c;\n}\n/* why\n */\nd > e{\n f:g h\n}\n"), "a{b:c;}d > e{f:g h}");
        assert_eq!(squeeze("/* open"), "");
    }
}
