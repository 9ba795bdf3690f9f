//! A browser to drive, one step after another.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{CapabilitiesHelper as _, ChromiumLikeCapabilities as _, DesiredCapabilities, TypingData, WebDriver};
use tokio::runtime::Runtime;

use super::site::{Site, site};

/// What brings everything that is missing.
const INSTALL: &str = "run `cargo xtask test`, which installs and builds what these tests need \
    (or: apt-get install --no-install-recommends chromium chromium-driver fonts-noto-cjk)";

/// How long something on a page may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(15);

/// One tab of a browser of its own; closed when dropped.
pub(crate) struct Tab {
    runtime: Runtime,
    driver: WebDriver,
    process: Child,
    site: &'static Site,
}

/// What a page asked for, and what it complained about, since the last look.
pub(crate) struct Traffic {
    /// Addresses of all requests.
    pub(crate) requests: Vec<String>,
    /// Warnings and errors of the console.
    pub(crate) complaints: Vec<String>,
}

impl Tab {
    /// A tab on the demonstration city; `None` when the browser tests are to be left out.
    pub(crate) fn new() -> Option<Self> {
        if std::env::var_os("YIMA_NO_BROWSER").is_some() {
            eprintln!("YIMA_NO_BROWSER: left out");
            return None;
        }
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; {INSTALL}; YIMA_NO_BROWSER=1 leaves them out"));
        let mut said = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let port = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
            })
            .unwrap_or_else(|| panic!("{program} names no port; {INSTALL}"));
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let driver = runtime
            .block_on(WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities()))
            .unwrap_or_else(|error| panic!("no browser: {error}; {INSTALL}"));
        Some(Self { runtime, driver, process, site: site() })
    }

    /// The same on a site with the app; `None` when these tests are to be left out.
    pub(super) fn with_app() -> Option<Self> {
        if std::env::var_os("YIMA_NO_APP").is_some() {
            eprintln!("YIMA_NO_APP: left out");
            return None;
        }
        let tab = Self::new()?;
        assert!(tab.site.app, "YIMA_SITE names no site with the app; {INSTALL}; YIMA_NO_APP=1 leaves these tests out");
        Some(tab)
    }

    /// Goes to an address of the site and waits until it is loaded.
    pub(crate) fn open(&self, path: &str) {
        // An address with a scheme is one already.
        let address = if path.starts_with('/') { format!("{}{path}", self.site.origin) } else { path.to_owned() };
        self.runtime.block_on(self.driver.goto(&address)).unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Goes to an address and, where the app has work to do, waits until it has done it.
    pub(super) fn open_ready(&self, path: &str) {
        self.open(path);
        if self.site.app {
            self.wait(
                "const place = document.querySelector('[data-search]'); return !place || place.dataset.app === 'ready'",
            );
        }
    }

    /// What a script returns.
    pub(crate) fn js(&self, script: &str) -> Value {
        let said = self.runtime.block_on(self.driver.execute(script, Vec::new()));
        said.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// A text that a script returns.
    pub(crate) fn text(&self, script: &str) -> String {
        self.js(script).as_str().unwrap_or_else(|| panic!("no text: {script}")).to_owned()
    }

    /// A number that a script returns.
    pub(super) fn number(&self, script: &str) -> f64 {
        self.js(script).as_f64().unwrap_or_else(|| panic!("no number: {script}"))
    }

    /// What a script hands to the function that is its last argument.
    pub(super) fn js_later(&self, script: &str) -> Value {
        let said = self.runtime.block_on(self.driver.execute_async(script, Vec::new()));
        said.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits until a script returns something true.
    pub(super) fn wait(&self, script: &str) {
        let start = Instant::now();
        while self.js(script) != Value::Bool(true) {
            let page = self.text("return location.href + ' ' + document.body.innerText.slice(0, 500)");
            assert!(start.elapsed() < PATIENCE, "in vain for: {script}\non {page}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key, or several, on whatever has the focus.
    pub(super) fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.driver.action_chain_with_delay(None, None).send_keys(keys);
        self.runtime.block_on(chain.perform()).expect("keys");
    }

    /// Types a text into whatever has the focus.
    pub(super) fn write(&self, text: &str) {
        self.cdp("Input.insertText", &json!({ "text": text }));
    }

    /// Clicks the first element that fits.
    pub(crate) fn click(&self, selector: &str) {
        // The page glides; a click must not wait for it.
        let center = "scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.js(&format!("document.querySelector({})?.{center}", json!(selector)));
        let click = async { self.driver.find(thirtyfour::By::Css(selector)).await?.click().await };
        self.runtime.block_on(click).unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// One step back in the history.
    pub(super) fn back(&self) {
        self.runtime.block_on(self.driver.back()).expect("a step back");
    }

    /// A command of the DevTools protocol.
    pub(super) fn cdp(&self, method: &str, parameters: &Value) -> Value {
        let answer = self.runtime.block_on(self.driver.cdp().send_raw(method, parameters));
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The size of the screen, in CSS pixels; a narrow one is a phone.
    pub(super) fn screen(&self, width: u32, height: u32) {
        let phone = width < 600;
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// Whether the person likes dark pages.
    pub(super) fn dark(&self, on: bool) {
        let features = json!([{ "name": "prefers-color-scheme", "value": if on { "dark" } else { "light" } }]);
        self.cdp("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Whether pages may run scripts; what a test itself asks of the page still works.
    pub(super) fn scripts(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": !on }));
    }

    /// What happened since the last look.
    pub(crate) fn traffic(&self) -> Traffic {
        let log = |kind: &str| self.runtime.block_on(self.driver.get_log(kind)).expect("a log");
        let requests = log("performance").into_iter().filter_map(|entry| {
            let event: Value = serde_json::from_str(&entry.message).expect("an event");
            let event = &event["message"];
            let asked = event["method"] == "Network.requestWillBeSent";
            asked.then(|| event["params"]["request"]["url"].as_str().unwrap_or_default().to_owned())
        });
        let complaints =
            log("browser").into_iter().filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"));
        Traffic { requests: requests.collect(), complaints: complaints.map(|entry| entry.message).collect() }
    }

    /// Fails when the page asked anything of another host, complained, or kept a cookie.
    pub(super) fn assert_quiet(&self, page: &str) {
        let Traffic { requests, complaints } = self.traffic();
        let ours = |address: &str| address.starts_with(&self.site.origin) || address.starts_with("data:");
        assert!(!requests.is_empty(), "{page}: nothing was asked for, so nothing was looked at");
        let foreign: Vec<&String> = requests.iter().filter(|address| !ours(address)).collect();
        assert!(foreign.is_empty(), "{page} asks another host: {foreign:?}");
        assert!(complaints.is_empty(), "{page} complains: {complaints:?}");
        let cookies = self.runtime.block_on(self.driver.get_all_cookies()).expect("cookies");
        assert!(cookies.is_empty(), "{page} keeps {cookies:?}");
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let quit = self.driver.clone().quit();
        let _ = self.runtime.block_on(quit);
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn capabilities() -> thirtyfour::ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--lang=zh-CN",
        "--window-size=1280,800",
        "--no-first-run",
        "--disable-background-networking",
    ] {
        wanted.add_arg(flag).expect("a flag");
    }
    let logs = json!({ "browser": "ALL", "performance": "ALL" });
    wanted.set("goog:loggingPrefs", logs).expect("a preference");
    wanted
}
