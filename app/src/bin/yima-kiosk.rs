//! The module for a page in kiosk mode: what `public/assets/kiosk.js` asks of Rust.

use std::cell::RefCell;

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use yima_app::kiosk;
use yima_search::speller::Speller;

thread_local! {
    /// The words of the city, once they are here.
    static SPELLER: RefCell<Option<Speller>> = const { RefCell::new(None) };
}

fn main() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
}

/// A QR symbol as `<side> <path>`, in modules; nothing where the text is too long for one.
#[wasm_bindgen]
pub fn symbol(text: &str) -> Option<String> {
    kiosk::symbol(text).map(|(side, path)| format!("{side} {path}"))
}

/// Where the words of the city are, from the bytes of the head of the search.
#[wasm_bindgen(js_name = wordsPath)]
pub fn words_path(head: &[u8]) -> Result<Option<String>, JsError> {
    kiosk::words_path(head).map_err(|error| JsError::new(&error.to_string()))
}

/// Takes the words of the city.
#[wasm_bindgen]
pub fn words(bytes: &[u8]) -> Result<(), JsError> {
    let speller = kiosk::speller(bytes).map_err(|error| JsError::new(&error.to_string()))?;
    SPELLER.set(Some(speller));
    Ok(())
}

/// What letters may stand for, each as `<letters it takes> <text>`; nothing while the words are not here.
#[wasm_bindgen]
pub fn candidates(letters: &str) -> Vec<String> {
    SPELLER
        .with_borrow(|speller| speller.as_ref().map(|speller| kiosk::candidates(speller, letters)).unwrap_or_default())
}
