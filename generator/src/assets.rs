//! Static files of the site and the names under which pages refer to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use yima_model::record::SiteSettings;

use crate::worker::{self, Broken};

/// What `public/` holds, and what Trunk made of the app.
///
/// A file below `assets/` is published under a name that carries its hash (`assets/site.css` → `assets/site-1a2b3c4d.css`),
/// so that it can be cached for ever; every other file keeps its path, byte for byte.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Path on the site → bytes.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Path in `public/` → path on the site, for files below `assets/`.
    hashed: BTreeMap<String, String>,
    /// The app, when it was built.
    pub app: Option<App>,
    /// What the service worker is made of.
    parts: worker::Parts,
    /// Path of the service worker, once it was made.
    pub worker: Option<String>,
}

/// The Leptos app as Trunk leaves it: a module for each page that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// For `/search/` and `/favourites/`.
    pub finder: Module,
    /// For `/ask/`.
    pub ask: Module,
    /// For any page in kiosk mode.
    pub kiosk: Module,
}

/// A WebAssembly module and what starts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Site path of the JavaScript glue.
    pub script: String,
    /// Site path of the WebAssembly module.
    pub module: String,
}

impl Module {
    /// The module of this name among the files of a folder: `<name>-<hash>_bg.wasm` and the `.js` of the same stem.
    fn find(name: &str, files: &BTreeMap<String, Vec<u8>>) -> Option<Self> {
        let module = files.keys().find(|path| path.starts_with(name) && path.ends_with("_bg.wasm"))?;
        let script = format!("{}.js", module.strip_suffix("_bg.wasm")?);
        let has_script = files.contains_key(&script);
        has_script.then(|| Self { script: format!("app/{script}"), module: format!("app/{module}") })
    }
}

impl Assets {
    /// Takes the files of `public/` (path below it → bytes).
    #[must_use]
    pub fn new(public: BTreeMap<String, Vec<u8>>) -> Self {
        let mut assets = Self::default();
        for (path, bytes) in public {
            if path.starts_with("assets/") {
                let name = hashed_name(&path, &bytes);
                assets.hashed.insert(path, name.clone());
                assets.files.insert(name, bytes.into());
            } else if path == worker::SOURCE {
                assets.parts.source = Some(bytes.into());
            } else {
                assets.files.insert(path, bytes.into());
            }
        }
        assets
    }

    /// Adds the app from the files that Trunk left (path below its folder → bytes): glue and modules, under the
    /// names Trunk gave them, below `app/`. Nothing changes when a module is missing.
    #[must_use]
    pub fn with_app(mut self, mut files: BTreeMap<String, Vec<u8>>) -> Self {
        let beside = self.parts.take(&mut files);
        let Some(finder) = Module::find("yima-finder", &files) else { return self };
        let Some(ask) = Module::find("yima-ask", &files) else { return self };
        let Some(kiosk) = Module::find("yima-kiosk", &files) else { return self };
        for (path, bytes) in files {
            // The glue may import snippets; everything but Trunk's own page is the app's.
            if path != "index.html" && (path.ends_with(".js") || path.ends_with(".wasm")) {
                self.files.insert(format!("app/{path}"), bytes.into());
            }
        }
        self.files.extend(beside.map(|(path, bytes)| (path, bytes.into())));
        self.app = Some(App { finder, ask, kiosk });
        self
    }

    /// Makes the service worker, when there is what it is made of.
    ///
    /// # Errors
    /// [`Broken`], when what would be published is no worker.
    pub fn make_worker(&mut self, settings: &SiteSettings) -> Result<(), Broken> {
        let style = self.href("assets/site.css");
        if let Some((path, script)) = self.parts.script(settings, &style)? {
            self.files.insert(path.clone(), script.into());
            self.worker = Some(path);
        }
        Ok(())
    }

    /// The address of a file of `public/`, with a leading slash.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        format!("/{}", self.hashed.get(path).map_or(path, String::as_str))
    }

    /// The files of `public/` that lie below a folder of `assets/`: path in `public/`, address, bytes.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, String, &'a [u8])> {
        let files = self.hashed.iter().filter(move |(path, _)| path.starts_with(folder));
        files.filter_map(|(path, name)| Some((path.as_str(), format!("/{name}"), &**self.files.get(name)?)))
    }

    /// The text of a file of `public/`, for what is inlined.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        let path = self.hashed.get(path).map_or(path, String::as_str);
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

/// `assets/site.css` → `assets/site-<first 8 hex digits of SHA-256>.css`.
#[must_use]
pub fn hashed_name(path: &str, bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{path}-{hash}"),
    }
}
