//! The service worker as it is published: one script that needs nothing else.
//!
//! `/sw-<hash>.js` is three texts one after the other: what this site is ([`Parts`]), the glue of the module, and
//! `public/worker.js`, which says how it all works. The module stands in the script itself, so that no entry of any cache
//! can be lost without which the others cannot be read. A script under a name with its hash is never written over by a
//! deploy, which is the only way not to hand a broken one to devices that have a good one.

mod script;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use minijinja::{Environment, context};
use serde_json::{Value, json};
use yima_model::record::SiteSettings;
use yima_pack::{Sha, Verifier};

use self::script::Slip;
use crate::assets::hashed_name;
use crate::headers::{Transport, content_security_policy, headers};

/// Its source among the files of `public/`.
pub const SOURCE: &str = "worker.js";

/// What the module and its glue are called among the files that Trunk leaves.
const MODULE: &str = "yima-offline";

/// The module that makes the search, which the worker fetches when it is needed.
const MAKER: &str = "yima-maker";

/// What a worker must listen to, or it is none.
const EVENTS: [&str; 3] = ["install", "fetch", "message"];

/// How every module of WebAssembly begins (core specification, section 5.5.16).
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

/// What the script is made of, besides the site's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// `public/worker.js`
    pub source: Option<Arc<[u8]>>,
    /// What calls the module: a classic script that defines `wasm_bindgen`.
    pub glue: Option<Arc<[u8]>>,
    /// The module.
    pub module: Option<Arc<[u8]>>,
    /// What calls the module that makes the search.
    pub maker_glue: Option<Arc<[u8]>>,
    /// That module, which is published beside the worker.
    pub maker: Option<Published>,
}

/// A file that the worker knows by name and digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where it stands.
    pub path: String,
    /// Its SHA-256, in hex.
    pub sha: String,
    /// How many bytes it has.
    pub length: usize,
}

/// Why no worker is published: one that is broken would stay on every device that takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Broken {
    fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

impl Parts {
    /// Takes glue and modules from the files that Trunk left, so that they are not published as they are. What is to be
    /// published beside the worker: path and bytes.
    #[must_use]
    pub fn take(&mut self, files: &mut BTreeMap<String, Vec<u8>>) -> Option<(String, Vec<u8>)> {
        let own = |path: &&String| path.starts_with(MODULE) || path.starts_with(MAKER);
        let own: Vec<String> = files.keys().filter(own).cloned().collect();
        let mut published = None;
        for path in own {
            let Some(bytes) = files.remove(&path) else { continue };
            match (path.starts_with(MAKER), path.ends_with(".wasm")) {
                (false, false) => self.glue = Some(bytes.into()),
                (false, true) => self.module = Some(bytes.into()),
                (true, false) => self.maker_glue = Some(bytes.into()),
                (true, true) => {
                    let path = hashed_name("app/yima-maker.wasm", &bytes);
                    let sha = Sha::of(&bytes).to_string();
                    self.maker = Some(Published { path: path.clone(), sha, length: bytes.len() });
                    published = Some((path, bytes));
                }
            }
        }
        published
    }

    /// Path and bytes of the script for a site whose style sheet has this address; none when the site was built without
    /// the app.
    ///
    /// # Errors
    /// [`Broken`], when it would not be a worker.
    pub fn script(&self, settings: &SiteSettings, style: &str) -> Result<Option<(String, Vec<u8>)>, Broken> {
        let source = self.source.as_deref().map(listening).transpose()?;
        let (Some(source), Some(glue), Some(module)) = (source, &self.glue, &self.module) else { return Ok(None) };
        let (Some(maker_glue), Some(maker)) = (&self.maker_glue, &self.maker) else { return Ok(None) };
        let [glue, maker_glue] = [glue, maker_glue].map(|glue| std::str::from_utf8(glue).unwrap_or_default());
        let whole = |glue: &str| glue.contains("let wasm_bindgen") && glue.contains("initSync");
        if !module.starts_with(MAGIC) || !whole(glue) || !whole(maker_glue) {
            let (zh, en) = (
                "离线模块 yima-offline 不完整：重新编译应用",
                "the module yima-offline is not whole: compile the app again",
            );
            return Err(Broken::new(zh, en));
        }
        let constants = self::constants(settings, style, module, maker)?;
        // A module afresh each time, for it holds on to all memory that it ever had.
        let maker = format!("const maker = () => {{\n{maker_glue}\nreturn wasm_bindgen;\n}};");
        let script = format!("const YIMA = {constants};\n{glue}\n{maker}\n{source}");
        let path = hashed_name("sw.js", script.as_bytes());
        Ok(Some((path, script.into_bytes())))
    }
}

/// The source, when it has all that makes it a worker and was not cut off.
fn listening(source: &[u8]) -> Result<&str, Broken> {
    let text = std::str::from_utf8(source).unwrap_or_default();
    let deaf = EVENTS.iter().find(|event| !text.contains(&format!("addEventListener(\"{event}\"")));
    if let Some(event) = deaf {
        return Err(Broken {
            zh: format!("public/worker.js 没有处理 {event} 事件，发布出去会让已经离线的设备打不开网页"),
            en: format!(
                "public/worker.js does not listen to {event}; published, it would break devices that are offline"
            ),
        });
    }
    if !text.ends_with("});\n") {
        return Err(Broken::new("public/worker.js 的末尾不完整", "public/worker.js is cut off"));
    }
    match script::slip(text) {
        None => Ok(text),
        Some(Slip { line, name: None }) => Err(Broken {
            zh: format!("public/worker.js 第 {line} 行不成语句，浏览器读不懂"),
            en: format!("public/worker.js, line {line}: no browser can read that"),
        }),
        Some(Slip { line, name: Some(name) }) => Err(Broken {
            zh: format!("public/worker.js 第 {line} 行的 {name} 哪里都没有定义"),
            en: format!("public/worker.js, line {line}: nobody has declared {name}"),
        }),
    }
}

/// What the worker knows of the site, as JSON, which is JavaScript too.
fn constants(settings: &SiteSettings, style: &str, module: &[u8], maker: &Published) -> Result<Value, Broken> {
    if let Some(key) = settings.release_keys.iter().find(|key| Verifier::parse(key).is_err()) {
        return Err(Broken {
            zh: format!("不是发布用的公钥：{key}"),
            en: format!("not a public key of a release: {key}"),
        });
    }
    let apology = Environment::new().render_named_str(
        "apology.html",
        include_str!("apology.html"),
        context! { title => &settings.title, hotline => &settings.hotline, style },
    );
    let apology = apology.map_err(|error| Broken { zh: error.to_string(), en: error.to_string() })?;
    // The safe half of the headers: those for HTTPS alone would lock a preview out.
    let headers = headers("offline/index.html", &content_security_policy(&[]), Transport::Loopback);
    Ok(json!({
        "host": settings.host,
        "keys": settings.release_keys.join("\n"),
        "apology": apology,
        "headers": headers.into_iter().filter(|(name, _)| *name != "Cache-Control").collect::<Vec<_>>(),
        "maker": { "path": maker.path, "sha": maker.sha, "length": maker.length },
        "module": hex(module),
    }))
}

/// Two digits a byte: longer than base64, but what a host compresses stays aligned to bytes, and a fifth smaller.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::example;

    fn parts() -> Parts {
        let source = include_bytes!("../../../public/worker.js").to_vec();
        let mut files = BTreeMap::from([
            ("yima-offline.js".to_owned(), b"let wasm_bindgen = {}; function initSync() {}".to_vec()),
            ("yima-offline_bg.wasm".to_owned(), [MAGIC, b"more"].concat()),
            ("yima-maker.js".to_owned(), b"let wasm_bindgen = {}; function initSync() {}".to_vec()),
            ("yima-maker_bg.wasm".to_owned(), [MAGIC, b"maker"].concat()),
            ("yima-finder-1.js".to_owned(), Vec::new()),
        ]);
        let mut parts = Parts { source: Some(source.into()), ..Parts::default() };
        let (path, bytes) = parts.take(&mut files).unwrap();
        assert_eq!(files.len(), 1, "what is in the worker is not published beside it");
        assert_eq!((&path, bytes.len()), (&parts.maker.as_ref().unwrap().path, 13));
        parts
    }

    fn settings() -> SiteSettings {
        example::city(1, &[], Vec::new()).settings
    }

    #[test]
    fn its_constants_can_be_read_back() {
        let (path, script) = parts().script(&settings(), "/assets/site-1.css").unwrap().unwrap();
        assert!(path.starts_with("sw-") && path.ends_with(".js") && path.len() == 14, "{path}");
        let text = String::from_utf8(script).unwrap();
        let (constants, _) = text.strip_prefix("const YIMA = ").unwrap().split_once(";\nlet wasm_bindgen").unwrap();
        let constants: Value = serde_json::from_str(constants).unwrap();
        assert_eq!(constants["host"], settings().host);
        assert_eq!(constants["module"], "0061736d010000006d6f7265");
        assert_eq!(constants["maker"]["length"], 13);
        assert!(constants["apology"].as_str().unwrap().contains("{date}"));
    }

    #[test]
    fn a_worker_that_would_break_devices_is_refused() {
        let whole = parts();
        let source = String::from_utf8(whole.source.clone().unwrap().to_vec()).unwrap();
        let half = source.get(..source.len() - 1).unwrap();
        for broken in ["", "// later", &source.replace("\"fetch\"", "\"fetsch\""), half] {
            let parts = Parts { source: Some(broken.as_bytes().into()), ..whole.clone() };
            assert!(parts.script(&settings(), "").is_err());
        }
        for module in [&b""[..], b"<html>"] {
            assert!(Parts { module: Some(module.into()), ..whole.clone() }.script(&settings(), "").is_err());
        }
        assert!(Parts { glue: Some(b"".as_slice().into()), ..whole.clone() }.script(&settings(), "").is_err());
        assert!(Parts { maker_glue: Some(b"".as_slice().into()), ..whole.clone() }.script(&settings(), "").is_err());
        let settings = SiteSettings { release_keys: vec!["x+1+y".to_owned()], ..settings() };
        assert!(whole.script(&settings, "").is_err());
        assert_eq!(Parts { module: None, ..whole }.script(&settings, ""), Ok(None), "a site without the app");
    }
}
