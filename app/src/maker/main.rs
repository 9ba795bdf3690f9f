//! The module that makes the files of the search on a device that holds everything else.
//!
//! A module of its own: it is larger than all that the service worker needs, and needed once a release.

use std::collections::BTreeMap;
use std::collections::btree_map::IntoIter;

use wasm_bindgen::prelude::wasm_bindgen;
use yima_search::corpus::{Common, Maker, Record};

/// Makes the files of the search from the corpus.
#[wasm_bindgen]
pub struct Making {
    maker: Maker,
    files: IntoIter<String, Vec<u8>>,
    path: String,
}

#[wasm_bindgen]
impl Making {
    /// Begins with what no record says.
    ///
    /// # Errors
    /// One sentence for people, when the text is none of the corpus.
    #[wasm_bindgen(constructor)]
    pub fn new(common: &str) -> Result<Self, String> {
        let maker = Maker::new(Common::parse(common).map_err(|error| error.to_string())?);
        Ok(Self { maker, files: BTreeMap::new().into_iter(), path: String::new() })
    }

    /// Takes what a record gives.
    ///
    /// # Errors
    /// One sentence for people, when the text is none of the corpus.
    pub fn push(&mut self, record: &str) -> Result<(), String> {
        self.maker.push(Record::parse(record).map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Does a small part: how many of a thousand parts are done, or none when all are.
    pub fn step(&mut self) -> Option<u32> {
        let progress = self.maker.step().map(|progress| progress.done);
        if progress.is_none() {
            let done = core::mem::replace(&mut self.maker, Maker::new(Common::default()));
            self.files = done.files().into_iter();
        }
        progress
    }

    /// The bytes of the next file that was made; its path is [`Making::path`]. None after the last.
    pub fn file(&mut self) -> Option<Vec<u8>> {
        let (path, bytes) = self.files.next()?;
        self.path = path;
        Some(bytes)
    }

    /// Where the file stands that came last.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.clone()
    }
}

fn main() {}
