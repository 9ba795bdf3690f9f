//! What a kiosk cannot do without Rust: QR symbols drawn on the device, and Chinese from letters.
//!
//! No Leptos: the pages and everything around them are `public/assets/kiosk.js`; the module `yima-kiosk` only answers.

use yima_search::DecodeError;
use yima_search::index::{Head, Single};
use yima_search::speller::Speller;
use yima_search::vocabulary::Vocabulary;

/// Most candidates for one beginning.
const MOST: usize = 60;

/// Side and path of the QR symbol for a text, in modules, the light border included; none where it is too long for one.
#[must_use]
pub fn symbol(text: &str) -> Option<(i32, String)> {
    crate::symbol::symbol(text)
}

/// Path of the file of words on the site, without a leading slash, from the bytes of the head of the search; none for a
/// city without words.
///
/// # Errors
/// [`DecodeError`] says what is wrong with the bytes.
pub fn words_path(head: &[u8]) -> Result<Option<String>, DecodeError> {
    Ok(Head::decode(head)?.files.path_of(Single::Vocabulary))
}

/// The words of a city, ready for spelling, from the bytes of their file.
///
/// # Errors
/// [`DecodeError`] says what is wrong with the bytes.
pub fn speller(words: &[u8]) -> Result<Speller, DecodeError> {
    Ok(Speller::new(Vocabulary::decode(words)?))
}

/// What letters may stand for: texts, and before each how many letters it takes, as `3 公积金`.
#[must_use]
pub fn candidates(speller: &Speller, letters: &str) -> Vec<String> {
    let found = speller.candidates(letters, MOST);
    found.into_iter().map(|found| format!("{} {}", found.letters, found.text)).collect()
}
