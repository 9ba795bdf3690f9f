//! Looks after a kiosk that nobody visits: whether the server answers, the page is alive, and the objects are whole.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::server::{Event, HEALTH, Kiosk};
use super::systemd::Systemd;

/// A page says every ten seconds that it is alive; after this long it is not.
const SILENCE: Duration = Duration::from_secs(30);

/// A browser is asked once more after this long: it may take a minute to start.
const AGAIN: Duration = Duration::from_secs(90);

/// The objects are all read this often.
const READ_ALL: Duration = Duration::from_secs(24 * 3600);

/// How often to look.
const LOOK: Duration = Duration::from_secs(1);

/// How long the server may take to answer itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks after `kiosk` for ever.
pub(super) fn keep(kiosk: &Kiosk, said: &dyn Fn(Event)) {
    let systemd = Systemd::of_environment();
    let every = Systemd::every().unwrap_or(Duration::from_secs(10));
    let (mut answered, mut read): (Option<Instant>, Option<Instant>) = (None, None);
    let mut release = None;
    loop {
        if answered.is_none_or(|at| at.elapsed() >= every) && answers(kiosk.address) {
            systemd.tell(if answered.is_none() { "READY=1\nWATCHDOG=1" } else { "WATCHDOG=1" });
            answered = Some(Instant::now());
        }
        let now = {
            let mut library = kiosk.library();
            library.refresh();
            library.held().next().map(|held| held.head.sequence)
        };
        if release != Some(now) {
            release = Some(now);
            read = None;
            systemd.tell(&format!("STATUS={}", now.map_or("empty".to_owned(), |number| format!("release {number}"))));
            said(Event::Release(now));
        }
        if read.is_none_or(|at| at.elapsed() >= READ_ALL) {
            read = Some(Instant::now());
            read_all(kiosk, said);
        }
        listen(kiosk, said);
        std::thread::sleep(LOOK);
    }
}

/// Whether the server answers a request for the home page and for its health.
fn answers(address: SocketAddr) -> bool {
    let ask = |path: &str| -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(stream, "HEAD {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(16 << 10).read_to_string(&mut answer)?;
        Ok(answer)
    };
    let status = |path: &str, fine: &[&str]| {
        let answer = ask(path).unwrap_or_default();
        answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).is_some_and(|status| fine.contains(&status))
    };
    // With nothing to serve, or with a damaged home page, it excuses itself; a new start would mend neither.
    status(&format!("{HEALTH}?json"), &["200"]) && status("/", &["200", "503"])
}

/// Asks for a new browser when the page has fallen silent.
fn listen(kiosk: &Kiosk, said: &dyn Fn(Event)) {
    let mut beats = kiosk.beats();
    let silent = beats.heard.is_some_and(|heard| heard.elapsed() >= SILENCE);
    if !silent || beats.asked.is_some_and(|asked| asked.elapsed() < AGAIN) {
        return;
    }
    beats.asked = Some(Instant::now());
    drop(beats);
    if let Some(path) = &kiosk.options.browser_file {
        // In its place, not by a rename: what watches it watches the file. When it cannot be written, the health page
        // still says that the page is silent.
        let _ = std::fs::File::create(path).and_then(|mut file| file.write_all(b"silent\n"));
    }
    said(Event::Silent);
}

/// Reads every object, without holding up visitors, and remembers which are damaged.
fn read_all(kiosk: &Kiosk, said: &dyn Fn(Event)) {
    let (store, objects) = {
        let library = kiosk.library();
        (library.store().clone(), library.objects())
    };
    for (path, sha, length) in objects {
        let fine = store.has(sha, length);
        // An import may have swept away what was asked for a moment ago.
        let mut library = kiosk.library();
        if !library.refresh() {
            library.note(&path, fine);
        }
        drop(library);
        if !fine {
            said(Event::Damaged(path));
        }
    }
}
