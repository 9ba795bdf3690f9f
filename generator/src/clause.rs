//! The hash of a clause: what an answer rests on, small enough to stand beside the answer.
//!
//! The text of the clause without its label, as a reader sees it (no Markdown), folded with NFKC and without any white
//! space, is hashed with SHA-256; the first four bytes are kept. So neither another line break nor a full-width comma
//! in place of a half-width one is a change, and every other character is.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use yima_model::record::ClauseHash;

use crate::markdown::Body;

/// The hash of the article with this number; `None` when the text has none.
#[must_use]
pub fn hash(body: &Body, number: u16) -> Option<ClauseHash> {
    let article = body.articles.iter().find(|article| article.number == number && article.sub == 0)?;
    let text = body.text();
    let plain: String = article.text(&text).nfkc().filter(|ch| !ch.is_whitespace()).collect();
    let digest = Sha256::digest(plain.as_bytes());
    Some(ClauseHash(digest.iter().take(4).fold(0, |value, &byte| value << 8 | u32::from(byte))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    #[test]
    fn the_hash_follows_the_words_and_not_their_form() {
        let of = |text: &str| hash(&parse(text), 3);
        let plain = of("第三条　每月500元，最长36个月。");
        assert_eq!(plain.map(|hash| hash.to_string()).as_deref(), Some("4735ad8f"));
        for same in [
            "**第三条**　每月**500**元,最长36个月。",
            "第二条　别的。\n\n第三条　每月５００元，\n最长 36 个月。\n\n第四条　别的。",
            "第三条　每月500元，最长36个月。\n\n第三条之一　别的。",
        ] {
            assert_eq!(of(same), plain, "{same}");
        }
        for other in ["第三条　每月600元，最长36个月。", "第三条　每月500元，最长36个月。\n\n另行通知的除外。"]
        {
            assert!(of(other).is_some() && of(other) != plain, "{other}");
        }
        assert_eq!(of("第二条　每月500元。"), None);
    }
}
