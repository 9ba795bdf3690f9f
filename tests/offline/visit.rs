//! What a person does with the site, and what must be true of it afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::browser::{Browser, Profile, Tab};
use super::host::{Answer, Files, Host};
use super::site::{Releases, releases};

/// One person with one device, and the host of the city.
pub(super) struct Visit {
    pub(super) host: Host,
    pub(super) releases: &'static Releases,
    profile: Profile,
    browser: Option<Browser>,
    pub(super) tab: Option<Tab>,
    flags: Vec<&'static str>,
}

/// Headers that are the business of a server, not of a page.
const SERVERS: [&str; 3] = ["connection", "content-length", "date"];

/// Asks the worker and waits for what it says.
const ASK: &str = "
const ask = async what => {
  const worker = (await navigator.serviceWorker.ready).active;
  return await new Promise((done, fail) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => data.error === undefined ? done(data.answer) : fail(new Error(data.error));
    worker.postMessage(what, [port2]);
  });
};";

/// Status, headers and digest of every path named.
const FETCH_ALL: &str = "
const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
const look = async path => {
  try {
    const answer = await fetch(path, { redirect: 'manual' });
    const body = await answer.arrayBuffer();
    return [answer.status, Object.fromEntries(answer.headers), hex(await crypto.subtle.digest('SHA-256', body))];
  } catch (error) { return [0, {}, String(error)]; }
};
const all = [];
for (const path of PATHS) all.push(await look(path));
return all;";

impl Visit {
    /// A fresh device, the host with the first release.
    pub(super) fn new() -> Self {
        let releases = releases();
        let host = Host::new(&releases.of[0]);
        Self { host, releases, profile: Profile::new(), browser: None, tab: None, flags: Vec::new() }
    }

    /// Chromium, started when it does not run.
    pub(super) fn browser(&mut self) -> &mut Browser {
        let (profile, flags) = (&self.profile, &self.flags);
        self.browser.get_or_insert_with(|| Browser::start(profile, flags))
    }

    /// The profile's folder.
    pub(super) fn folder(&self) -> std::path::PathBuf {
        self.profile.path().join("data")
    }

    /// The tab, opened when there is none.
    pub(super) fn tab(&mut self) -> Result<Tab, String> {
        if let Some(tab) = &self.tab {
            return Ok(tab.clone());
        }
        let tab = self.browser().tab()?;
        self.tab = Some(tab.clone());
        Ok(tab)
    }

    /// Goes to a path.
    pub(super) fn go(&mut self, path: &str) -> Result<Option<String>, String> {
        let address = format!("{}{path}", self.host.origin());
        let tab = self.tab()?;
        self.browser().open(&tab, &address)
    }

    /// What a function's body gives on the page.
    pub(super) fn js(&mut self, body: &str) -> Result<Value, String> {
        let tab = self.tab()?;
        self.browser().eval(&tab, &format!("(async () => {{ {body} }})()"))
    }

    /// What the worker answers.
    pub(super) fn ask(&mut self, what: &Value) -> Result<Value, String> {
        self.js(&format!("{ASK} return await ask({what});"))
    }

    /// Visits, takes everything along, and reads it back.
    pub(super) fn install(&mut self) -> Result<(), String> {
        self.go("/offline/")?;
        let tab = self.tab()?;
        self.browser().wait(&tab, "navigator.serviceWorker.getRegistration().then(found => !!found?.active)")?;
        self.ask(&json!({ "ask": "hold", "tier": "all" }))?;
        self.holds_all()
    }

    /// Everything of the current release can be read back.
    pub(super) fn holds_all(&mut self) -> Result<(), String> {
        let proof = self.ask(&json!({ "ask": "prove", "tier": "all" }))?;
        if proof["bad"] == 0 && proof["objects"].as_u64().is_some_and(|count| count > 20) {
            Ok(())
        } else {
            let state = self.ask(&json!({ "ask": "state" }))?;
            Err(format!("not held: {proof}, {}", state["trouble"]))
        }
    }

    /// The number of the current release.
    pub(super) fn sequence(&mut self) -> Result<u64, String> {
        let state = self.ask(&json!({ "ask": "state" }))?;
        state["releases"][0]["sequence"].as_f64().map(|number| number as u64).ok_or_else(|| format!("no release: {state}"))
    }

    /// SIGKILL; the next look starts the browser again on the same profile.
    pub(super) fn kill(&mut self) {
        self.tab = None;
        if let Some(browser) = self.browser.take() {
            browser.kill();
        }
    }

    /// Closes the browser; the next look starts it again on the same profile.
    pub(super) fn close(&mut self) {
        self.tab = None;
        if let Some(browser) = self.browser.take() {
            browser.close();
        }
    }

    /// The host is gone, the browser's own cache empty, the worker asleep.
    pub(super) fn offline(&mut self) -> Result<(), String> {
        self.host.down(true);
        let tab = self.tab()?;
        self.browser().empty(&tab)?;
        self.browser().stop_worker(&tab)
    }

    /// With no network and no cache, every page and file is the one of `files`, bytes and headers.
    pub(super) fn same_as(&mut self, files: &Files) -> Result<(), String> {
        self.offline()?;
        if let Some(error) = self.go("/")? {
            return Err(format!("/ cannot be opened: {error}"));
        }
        let expected = expected(files);
        let paths: Vec<&String> = expected.keys().collect();
        let script = FETCH_ALL.replace("PATHS", &json!(paths).to_string());
        let found = self.js(&script)?;
        let mut wrong = Vec::new();
        for (place, (path, (status, headers, digest))) in expected.iter().enumerate() {
            let found = &found[place];
            let mut got: BTreeMap<String, String> = serde_json::from_value(found[1].clone()).unwrap_or_default();
            got.retain(|name, _| !SERVERS.contains(&name.as_str()));
            if found[0] != json!(status) || found[2] != json!(digest) {
                wrong.push(format!("{path}: {} {}", found[0], found[2]));
            } else if got != *headers {
                wrong.push(format!("{path}: headers {got:?}, not {headers:?}"));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{} of {} differ: {}", wrong.len(), paths.len(), wrong[0])) }
    }

    /// The page of the tab, as text.
    pub(super) fn text(&mut self) -> Result<String, String> {
        let said = self.js("return document.documentElement.innerText;")?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }
}

type Expected = BTreeMap<String, (u16, BTreeMap<String, String>, String)>;

/// What a host says of every path that a device must hold.
fn expected(files: &Files) -> Expected {
    // Data and feeds are for other programs and stay on the host; so do the parts of a release.
    let held = |path: &str| {
        let other = ["data/", "feeds/", "release", "sw-", "sitemap", "robots.txt"];
        !other.iter().any(|start| path.starts_with(start)) && !path.ends_with(".xml") && path != "404.html"
    };
    let mut expected = BTreeMap::new();
    for path in files.keys().filter(|path| held(path)) {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        let Answer { status, headers, body } = Answer::of(files, &address);
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        expected.insert(address, (status, headers, yima_pack::Sha::of(&body).to_string()));
    }
    expected
}

/// The same files, and some of another release that a host has not removed yet.
pub(super) fn with(files: &Files, more: &[(&str, &[u8])]) -> Files {
    let mut files = (**files).clone();
    files.extend(more.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())));
    Arc::new(files)
}
