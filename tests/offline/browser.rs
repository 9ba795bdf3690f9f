//! Chromium as a person uses it over weeks: one profile, closed, killed and started again. Driven through its own pipe, so
//! that the process is ours to kill.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A profile on the disk.
pub(super) struct Profile(TempDir);

impl Profile {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A browser that runs; killed when dropped.
pub(super) struct Browser {
    process: Child,
    to: File,
    from: Receiver<Value>,
    last: u64,
}

/// A tab, or a worker that was attached to.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    session: String,
}

impl Browser {
    /// Starts Chromium on a profile. `flags` come in addition.
    pub(super) fn start(profile: &Profile, flags: &[&str]) -> Self {
        let pipe = |name: &str| -> PathBuf {
            let path = profile.path().join(name);
            let _ = std::fs::remove_file(&path);
            assert!(Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()), "mkfifo");
            path
        };
        let (to, from) = (pipe("to"), pipe("from"));
        let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
        let process = Command::new("sh")
            .args(["-c", "program=$1; shift; exec \"$program\" \"$@\" 3<\"$TO\" 4>\"$FROM\"", "sh", &program])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--lang=zh-CN",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.path().join("data").display()))
            .args(flags)
            .env("TO", &to)
            .env("FROM", &from)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let to = OpenOptions::new().write(true).open(to).expect("the way to the browser");
        let from = BufReader::new(File::open(from).expect("the way from the browser"));
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for message in from.split(0).map_while(Result::ok) {
                if let Ok(message) = serde_json::from_slice(&message)
                    && tell.send(message).is_err()
                {
                    return;
                }
            }
        });
        Self { process, to, from: told, last: 0 }
    }

    /// A command of the DevTools protocol, to the browser or to a tab.
    pub(super) fn cdp(&mut self, tab: Option<&Tab>, method: &str, params: &Value) -> Result<Value, String> {
        self.last += 1;
        let id = self.last;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(tab) = tab {
            message["sessionId"] = json!(tab.session);
        }
        let bytes = [message.to_string().as_bytes(), b"\0"].concat();
        self.to.write_all(&bytes).map_err(|error| format!("{method}: {error}"))?;
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let answer = self.from.recv_timeout(left).map_err(|_| format!("{method}: no answer"))?;
            if answer["id"] == json!(id) {
                let error = answer["error"]["message"].as_str();
                return error.map_or_else(|| Ok(answer["result"].clone()), |error| Err(format!("{method}: {error}")));
            }
        }
    }

    /// A new tab.
    pub(super) fn tab(&mut self) -> Result<Tab, String> {
        let made = self.cdp(None, "Target.createTarget", &json!({ "url": "about:blank" }))?;
        self.attach(made["targetId"].as_str().unwrap_or_default())
    }

    /// Attaches to a tab or a worker.
    pub(super) fn attach(&mut self, target: &str) -> Result<Tab, String> {
        let attached = self.cdp(None, "Target.attachToTarget", &json!({ "targetId": target, "flatten": true }))?;
        let session = attached["sessionId"].as_str().unwrap_or_default().to_owned();
        Ok(Tab { session })
    }

    /// The running service worker.
    pub(super) fn worker(&mut self) -> Result<Tab, String> {
        let targets = self.cdp(None, "Target.getTargets", &json!({}))?;
        let targets = targets["targetInfos"].as_array().cloned().unwrap_or_default();
        let worker = targets.iter().find(|target| target["type"] == "service_worker").ok_or("no worker runs")?;
        self.attach(worker["targetId"].as_str().unwrap_or_default())
    }

    /// Goes to an address and waits until the page is loaded. What the browser says against it, if anything.
    pub(super) fn open(&mut self, tab: &Tab, address: &str) -> Result<Option<String>, String> {
        // The answer comes before the new page is there: until then the old one, which is complete too, would be asked.
        let _ = self.eval(tab, "window.isLeft = true");
        let went = self.cdp(Some(tab), "Page.navigate", &json!({ "url": address }))?;
        self.wait(tab, "!window.isLeft && document.readyState === 'complete'")?;
        Ok(went["errorText"].as_str().map(str::to_owned))
    }

    /// What an expression gives; a promise is waited for.
    pub(super) fn eval(&mut self, tab: &Tab, script: &str) -> Result<Value, String> {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let said = self.cdp(Some(tab), "Runtime.evaluate", &params)?;
        if said["exceptionDetails"].is_object() {
            let text = &said["exceptionDetails"]["exception"]["description"];
            return Err(format!("{text} in {}", script.chars().take(200).collect::<String>()));
        }
        Ok(said["result"]["value"].clone())
    }

    /// Waits until an expression is true.
    pub(super) fn wait(&mut self, tab: &Tab, script: &str) -> Result<(), String> {
        let start = Instant::now();
        loop {
            // While a page goes and the next comes, nothing can be asked.
            if self.eval(tab, script).is_ok_and(|value| value == Value::Bool(true)) {
                return Ok(());
            }
            if start.elapsed() > Duration::from_secs(30) {
                return Err(format!("in vain for {script}"));
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Empties the browser's own cache, so that nothing but the worker's store is left.
    pub(super) fn empty(&mut self, tab: &Tab) -> Result<(), String> {
        self.cdp(Some(tab), "Network.clearBrowserCache", &json!({})).map(drop)
    }

    /// Ends the worker, as the browser does after half a minute of nothing to do.
    pub(super) fn stop_worker(&mut self, tab: &Tab) -> Result<(), String> {
        self.cdp(Some(tab), "ServiceWorker.enable", &json!({}))?;
        self.cdp(Some(tab), "ServiceWorker.stopAllWorkers", &json!({})).map(drop)
    }

    /// SIGKILL, as when a phone has no memory left or the power goes.
    pub(super) fn kill(mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Closes as a person would.
    pub(super) fn close(mut self) {
        let _ = self.cdp(None, "Browser.close", &json!({}));
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
