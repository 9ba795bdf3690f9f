//! What a person does with the site, and what must be true of it afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::browser::{Browser, Profile, Tab};
use super::host::{Answer, Files, Host};
use super::site::{Peer, Releases, releases};

/// One person with one device, and the host of the city.
pub(super) struct Visit {
    pub(super) peer: Peer,
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

/// What workbox-window does when the visitor agrees to an update.
const UPDATE: &str = "
const found = await navigator.serviceWorker.getRegistration();
await found.update().catch(() => {});
const settled = worker => new Promise(done => {
  const look = () => { if (['installed', 'activated', 'redundant'].includes(worker.state)) done(); };
  worker.addEventListener('statechange', look);
  look();
  setTimeout(done, 20000);
});
if (found.installing) await settled(found.installing);
const { waiting } = found;
if (waiting) {
  waiting.postMessage({ type: 'SKIP_WAITING' });
  for (let tried = 0; tried < 200 && waiting.state !== 'activated'; tried += 1) await new Promise(done => setTimeout(done, 25));
}";

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
    pub(super) fn new(peer: Peer) -> Self {
        Self::with(peer, releases(peer))
    }

    /// The same with releases of another city.
    pub(super) fn with(peer: Peer, releases: &'static Releases) -> Self {
        let host = Host::new(&releases.of[0]);
        Self { peer, host, releases, profile: Profile::new(), browser: None, tab: None, flags: Vec::new() }
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

    /// The same without waiting for an answer.
    pub(super) fn begin_ask(&mut self, what: &Value) -> Result<(), String> {
        self.js(&format!("{ASK} void ask({what}).catch(() => {{}});")).map(drop)
    }

    /// Visits, takes everything along, and reads it back.
    pub(super) fn install(&mut self) -> Result<(), String> {
        self.begin()?;
        let tab = self.tab()?;
        self.active(&tab)?;
        if self.peer == Peer::Workbox {
            return Ok(());
        }
        self.ask(&json!({ "ask": "hold", "tier": "all" }))?;
        self.holds_all()
    }

    /// Waits for a worker that is active; says what there is when none comes.
    pub(super) fn active(&mut self, tab: &Tab) -> Result<(), String> {
        let is_active = "navigator.serviceWorker.getRegistration().then(found => !!found?.active)";
        let Err(why) = self.browser().wait(tab, is_active) else { return Ok(()) };
        let state = "const found = await navigator.serviceWorker.getRegistration();
            const of = worker => worker && worker.state + worker.scriptURL;
            return found ? [of(found.installing), of(found.waiting), of(found.active)] : document.body.innerText.slice(0, 300);";
        let state = self.js(state)?;
        Err(format!("{why}: {state}, asked: {:?}", self.host.asked()))
    }

    /// Visits, and does not wait for what comes of it.
    pub(super) fn begin(&mut self) -> Result<(), String> {
        self.go("/offline/")?;
        if self.peer == Peer::Workbox {
            self.js("void navigator.serviceWorker.register('/sw.js').catch(() => {});")?;
        }
        Ok(())
    }

    /// Looks for something newer and takes it, as a page does that stays open. Waits until nothing more happens.
    pub(super) fn look(&mut self) -> Result<(), String> {
        match self.peer {
            Peer::Yima => self.ask(&json!({ "ask": "check" })).map(drop),
            Peer::Workbox => self.js(UPDATE).map(drop),
        }
    }

    /// The same without waiting.
    pub(super) fn begin_look(&mut self) -> Result<(), String> {
        match self.peer {
            Peer::Yima => self.js(&format!("{ASK} void ask({{ ask: 'check' }});")).map(drop),
            Peer::Workbox => self.js(&format!("void (async () => {{ {UPDATE} }})();")).map(drop),
        }
    }

    /// Publishes a release: 0, 1, 2.
    pub(super) fn publish(&self, week: usize) {
        self.host.publish(&self.releases.of[week]);
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

    /// With no network and no cache: the release whose every page and file is there, bytes and headers.
    pub(super) fn whole(&mut self) -> Result<usize, String> {
        self.offline()?;
        let said = self.found();
        self.host.down(false);
        said
    }

    /// The release whose every page and file the device gives now.
    pub(super) fn found(&mut self) -> Result<usize, String> {
        if let Some(error) = self.go("/")? {
            return Err(format!("首页打不开：{error}"));
        }
        let releases = self.releases;
        let all: Vec<Expected> = releases.of.iter().chain([&releases.foreign]).map(expected).collect();
        let mut paths: Vec<&String> = all.iter().flat_map(BTreeMap::keys).collect();
        paths.sort();
        paths.dedup();
        let said = self.js(&FETCH_ALL.replace("PATHS", &json!(paths).to_string()))?;
        let found: BTreeMap<&str, &Value> =
            paths.iter().map(|path| path.as_str()).zip(said.as_array().into_iter().flatten()).collect();
        let wrong: Vec<Vec<String>> = all.iter().map(|expected| differences(self.peer, expected, &found)).collect();
        if let Some(week) = wrong.iter().position(Vec::is_empty) {
            return if week == 3 { Err("伪造的版本".into()) } else { Ok(week) };
        }
        let closest = wrong
            .iter()
            .min_by_key(|wrong| wrong.len())
            .map_or(String::new(), |wrong| format!("{} / {} 个文件不对，例如 {}", wrong.len(), paths.len(), wrong[0]));
        Err(closest)
    }

    /// The page of the tab, as text.
    pub(super) fn text(&mut self) -> Result<String, String> {
        let said = self.js("return document.documentElement.innerText;")?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }
}

type Expected = BTreeMap<String, (u16, BTreeMap<String, String>, String)>;

/// What is not as it should be.
fn differences(peer: Peer, expected: &Expected, found: &BTreeMap<&str, &Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, (status, headers, digest)) in expected {
        let found = found[path.as_str()];
        let mut got: BTreeMap<String, String> = serde_json::from_value(found[1].clone()).unwrap_or_default();
        let mut headers = headers.clone();
        // The browser's own cache forgets this one over plain HTTP, which only a test has.
        let forgotten = |name: &str| peer == Peer::Workbox && name == "strict-transport-security";
        got.retain(|name, _| !SERVERS.contains(&name.as_str()) && !forgotten(name));
        headers.retain(|name, _| !forgotten(name));
        if found[0] != json!(status) || found[2] != json!(digest) {
            wrong.push(format!("{path} {}", found[0]));
        } else if got != headers {
            wrong.push(format!("{path} headers {got:?}, not {headers:?}"));
        }
    }
    wrong
}

/// What a host says of every path that a device must hold.
fn expected(files: &Files) -> Expected {
    // Data and feeds are for other programs and stay on the host; so do the parts of a release.
    let held = |path: &str| {
        let other = ["data/", "feeds/", "release", "sw", "workbox", "sitemap", "robots.txt"];
        !other.iter().any(|start| path.starts_with(start)) && !path.ends_with(".xml") && path != "404.html"
    };
    let mut expected = BTreeMap::new();
    for path in files.keys().filter(|path| held(path)) {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path)).replace('\u{e9}', "%C3%A9");
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
