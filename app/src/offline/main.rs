//! The module of the service worker: releases opened and read by the very reader that the kiosk and the generator use.
//!
//! No Leptos and no view of the browser: it takes texts and bytes and gives texts and bytes. `public/worker.js` loads,
//! stores and answers.

use wasm_bindgen::prelude::wasm_bindgen;
use yima_pack::release::Order;
use yima_pack::{Answer, Found, Manifest, Reader, Sha, Verifier};

/// What a release note says, once its signature was found good.
#[wasm_bindgen]
pub struct Head(yima_pack::Head);

/// Opens a note for `host`. `keys` are the public keys trusted, one a line; without any, whoever serves is trusted.
///
/// # Errors
/// One sentence for people.
#[wasm_bindgen]
pub fn open(note: &str, keys: &str, host: &str) -> Result<Head, String> {
    let keys: Result<Vec<Verifier>, _> = keys.lines().map(Verifier::parse).collect();
    let keys = keys.map_err(|error| error.to_string())?;
    yima_pack::Head::open(note, &keys, host).map(Head).map_err(|error| error.to_string())
}

#[wasm_bindgen]
impl Head {
    /// The number of the release. Exact: sequence numbers are days and runs, far below 2^53.
    #[must_use]
    pub fn sequence(&self) -> f64 {
        self.0.sequence as f64
    }

    /// The day the site was built for.
    #[must_use]
    pub fn date(&self) -> String {
        self.0.date.clone()
    }

    /// Digest of the manifest, in hex; none when the site is to be given up.
    #[must_use]
    pub fn manifest(&self) -> Option<String> {
        match self.0.order {
            Order::Hold(sha, _) => Some(sha.to_string()),
            Order::Retire => None,
        }
    }

    /// Bytes of the manifest.
    #[must_use]
    pub fn length(&self) -> usize {
        match self.0.order {
            Order::Hold(_, length) => length,
            Order::Retire => 0,
        }
    }
}

/// What stands at a path.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Kind {
    /// A page or a file: [`Release::bytes`] and [`Release::class`].
    Found,
    /// It has another address: [`Release::address`].
    Moved,
    /// The release has no such page.
    Missing,
    /// Objects are wanted first: [`Release::wanted`].
    Wanted,
}

/// A release that is read. What was found stays until something else is asked.
#[wasm_bindgen]
pub struct Release {
    reader: Reader,
    found: Found,
    address: String,
    wanted: Vec<u32>,
}

#[wasm_bindgen]
impl Release {
    /// The release whose manifest has these bytes and this digest, in hex.
    ///
    /// # Errors
    /// One sentence for people.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8], sha: &str) -> Result<Self, String> {
        let reader = sha.parse::<Sha>().and_then(|sha| Reader::new(manifest, sha));
        let reader = reader.map_err(|error| error.to_string())?;
        let found = Found { bytes: Vec::new(), class: 0 };
        Ok(Self { reader, found, address: String::new(), wanted: Vec::new() })
    }

    /// What stands at a path: decoded, in Unicode form C, without query and fragment.
    ///
    /// # Errors
    /// One sentence for people, when a pack is not what its digest promised.
    pub fn answer(&mut self, path: &str) -> Result<Kind, String> {
        let answer = self.reader.answer(path).map_err(|error| error.to_string())?;
        Ok(self.take(answer))
    }

    fn take(&mut self, answer: Answer) -> Kind {
        match answer {
            Answer::Found(found) => {
                self.found = found;
                Kind::Found
            }
            Answer::Moved(address) => {
                self.address = address;
                Kind::Moved
            }
            Answer::Missing => Kind::Missing,
            Answer::Wanted(objects) => {
                self.wanted = objects.into_iter().filter_map(|object| u32::try_from(object).ok()).collect();
                Kind::Wanted
            }
        }
    }

    /// The bytes that were found; they are given once.
    pub fn bytes(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.found.bytes)
    }

    /// The class of headers of what was found.
    #[must_use]
    pub fn class(&self) -> usize {
        self.found.class
    }

    /// The one address of what has another.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Places of the objects that are wanted.
    #[must_use]
    pub fn wanted(&self) -> Vec<u32> {
        self.wanted.clone()
    }

    /// What stands at a hidden path: a text of the corpus.
    ///
    /// # Errors
    /// One sentence for people, when a pack is not what its digest promised.
    pub fn hidden(&mut self, path: &str) -> Result<Kind, String> {
        let answer = self.reader.hidden(path).map_err(|error| error.to_string())?;
        Ok(self.take(answer))
    }

    /// The hidden paths, a line each, as the bytes that are found.
    ///
    /// # Errors
    /// One sentence for people, when a pack is not what its digest promised.
    pub fn corpus(&mut self) -> Result<Kind, String> {
        let answer = match self.reader.all_hidden().map_err(|error| error.to_string())? {
            Ok(paths) => Answer::Found(Found { bytes: paths.join("\n").into_bytes(), class: 0 }),
            Err(wanted) => Answer::Wanted(wanted),
        };
        Ok(self.take(answer))
    }

    /// Places of the lists of files that were not supplied yet.
    #[must_use]
    pub fn lists(&self) -> Vec<u32> {
        self.manifest().unknown().filter_map(|object| u32::try_from(object).ok()).collect()
    }

    /// The list at a place as it is when all these files were made: digest, length and path, a line each.
    #[must_use]
    pub fn list(&self, object: usize, made: &str) -> Vec<u8> {
        self.manifest().list_of(object, made.lines()).into_bytes()
    }

    /// Bytes of the files of a tier that are in lists which were not supplied yet.
    #[must_use]
    pub fn unlisted(&self, tier: &str) -> usize {
        self.manifest().unknown_bytes(tier)
    }

    /// Places of the files and lists that are made here, once everything else is held; of lists that were not supplied,
    /// not the files.
    #[must_use]
    pub fn made(&self) -> Vec<u32> {
        self.manifest().made().filter_map(|object| u32::try_from(object).ok()).collect()
    }

    /// Takes the bytes of an object, if they are the ones the manifest names.
    ///
    /// # Errors
    /// One sentence for people.
    pub fn supply(&mut self, object: usize, bytes: Vec<u8>) -> Result<(), String> {
        self.reader.supply(object, bytes).map_err(|error| error.to_string())
    }

    /// Gives back the memory of all objects that were supplied.
    pub fn forget(&mut self) {
        self.reader.forget();
    }

    /// Headers of a class: name, value, name, value.
    #[must_use]
    pub fn headers(&self, class: usize) -> Vec<String> {
        let lines = self.manifest().classes.get(class).into_iter().flatten();
        lines.flat_map(|(name, value)| [name.clone(), value.clone()]).collect()
    }

    /// How many objects there are.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.manifest().objects.len()
    }

    /// Digest of an object, in hex.
    #[must_use]
    pub fn sha(&self, object: usize) -> String {
        self.manifest().objects.get(object).map(|object| object.sha.to_string()).unwrap_or_default()
    }

    /// Bytes of an object.
    #[must_use]
    pub fn length(&self, object: usize) -> usize {
        self.manifest().objects.get(object).map_or(0, |object| object.length)
    }

    /// Where an object stands on the host.
    #[must_use]
    pub fn path(&self, object: usize) -> String {
        self.manifest().objects.get(object).map(|object| object.path.clone()).unwrap_or_default()
    }

    /// Ids and names of the tiers: id, name, id, name.
    #[must_use]
    pub fn tiers(&self) -> Vec<String> {
        self.manifest().tiers.iter().flat_map(|tier| [tier.id.clone(), tier.name.clone()]).collect()
    }

    /// Places of the objects of a tier; none for a tier that is not there.
    #[must_use]
    pub fn tier(&self, id: &str) -> Vec<u32> {
        let tier = self.manifest().tiers.iter().find(|tier| tier.id == id);
        let objects = tier.into_iter().flat_map(|tier| tier.objects.iter());
        objects.filter_map(|&object| u32::try_from(object).ok()).collect()
    }

    fn manifest(&self) -> &Manifest {
        self.reader.manifest()
    }
}

/// The manifest with this digest, in hex, and so many bytes, that a patch makes of an old one; none when it does not.
#[wasm_bindgen]
#[must_use]
pub fn patched(old: &[u8], patch: &[u8], sha: &str, length: usize) -> Option<Vec<u8>> {
    yima_pack::patch::apply(old, patch, sha.parse().ok()?, length)
}

fn main() {}
