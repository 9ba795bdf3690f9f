//! A host that serves a folder as a real one would, and misbehaves on demand.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use yima::headers::{Transport, content_security_policy, headers};

use crate::city::tree;

/// Path below the site → bytes.
pub(super) type Files = Arc<BTreeMap<String, Vec<u8>>>;

/// What the host does instead of what it should.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// An error page with this status.
    Status(u16),
    /// An error page, or a redirect to the home page, that every cache may keep for a day.
    Lasting(u16),
    /// Half of the bytes, then the connection ends.
    Cut,
    /// The right length and type, other bytes.
    Twisted,
    /// Another body, with the type of the path.
    Body(Vec<u8>),
    /// An HTML page with status 200: a portal that wants a login, a host that answers everything with its home page.
    Portal,
    /// A redirect.
    Redirect(&'static str),
    /// Another type.
    Type(&'static str),
    /// Nothing at all, for ever.
    Hang,
    /// This many milliseconds later.
    Slow(u64),
    /// One byte each so many milliseconds.
    Drip(u64),
    /// Bytes without an end.
    Endless,
}

#[derive(Default)]
struct State {
    files: Files,
    faults: Vec<(String, Fault)>,
    asked: Vec<String>,
    /// Paths from an old release that are still there.
    down: bool,
    over: bool,
}

/// A host that runs until it is dropped.
pub(super) struct Host {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
}

impl Host {
    pub(super) fn new(files: &Files) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State { files: Arc::clone(files), ..State::default() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || listen(listener, address, &shared));
        Self { state, address }
    }

    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Publishes other files instead of all that stood there.
    pub(super) fn publish(&self, files: &Files) {
        self.lock().files = Arc::clone(files);
    }

    /// From now on, paths that contain this do that. The newest rule counts.
    pub(super) fn fault(&self, path: &str, fault: Fault) {
        self.lock().faults.insert(0, (path.to_owned(), fault));
    }

    /// Behaves again.
    pub(super) fn heal(&self) {
        self.lock().faults.clear();
    }

    /// Stops listening, so that connections are refused.
    pub(super) fn down(&self, down: bool) {
        self.lock().down = down;
        // Until the listener has gone, or has come back.
        for _ in 0..400 {
            if TcpStream::connect(self.address).is_err() == down {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the host does not listen to its own switch");
    }

    /// What was asked since the last look: method and path.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().asked)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread of the host has panicked")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.lock().over = true;
    }
}

fn listen(first: TcpListener, address: SocketAddr, shared: &Arc<Mutex<State>>) {
    let mut listener = Some(first);
    loop {
        let (down, over) = shared.lock().map_or((true, true), |state| (state.down, state.over));
        if over {
            return;
        }
        if down {
            listener = None;
        } else if listener.is_none() {
            listener = TcpListener::bind(address).ok();
        }
        let Some(open) = &listener else {
            std::thread::sleep(Duration::from_millis(2));
            continue;
        };
        let _ = open.set_nonblocking(true);
        match open.accept() {
            Ok((stream, _)) => {
                let shared = Arc::clone(shared);
                std::thread::spawn(move || drop(serve(stream, &shared)));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(Duration::from_millis(1)),
            Err(_) => listener = None,
        }
    }
}

fn serve(mut stream: TcpStream, shared: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    let mut range = None;
    for line in lines.by_ref() {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        range = line.strip_prefix("range: ").map(str::to_owned).or(range);
    }
    let (method, target) = first.split_once(' ').unwrap_or_default();
    let target = target.split(' ').next().unwrap_or_default();
    let (files, fault) = {
        let Ok(mut state) = shared.lock() else { return Ok(()) };
        state.asked.push(format!("{method} {target}"));
        let fault = state.faults.iter().find(|(path, _)| target.contains(path.as_str()));
        (Arc::clone(&state.files), fault.map(|(_, fault)| fault.clone()))
    };
    let mut answer = Answer::of(&files, target);
    if method != "GET" && method != "HEAD" {
        answer = Answer::page(405, "method not allowed");
    }
    let (mut cut, mut drip) = (false, None);
    match fault {
        Some(Fault::Hang) => {
            while shared.lock().is_ok_and(|state| !state.over && !state.faults.is_empty()) {
                std::thread::sleep(Duration::from_millis(20));
            }
            return Ok(());
        }
        Some(Fault::Slow(milliseconds)) => std::thread::sleep(Duration::from_millis(milliseconds)),
        Some(Fault::Status(status)) => answer = Answer::page(status, "<h1>Error</h1>"),
        Some(Fault::Lasting(status)) => {
            answer = Answer::page(status, "<h1>Error</h1>");
            answer.set("Cache-Control", "public, max-age=86400");
            if status == 301 {
                answer.set("Location", "/");
            }
        }
        Some(Fault::Portal) => answer = Answer::page(200, "<h1>Please log in</h1>"),
        Some(Fault::Body(body)) => answer.body = body,
        Some(Fault::Twisted) => answer.body.iter_mut().for_each(|byte| *byte ^= 1),
        Some(Fault::Type(kind)) => answer.set("Content-Type", kind),
        Some(Fault::Redirect(to)) => {
            answer = Answer::page(302, "");
            answer.set("Location", to);
        }
        Some(Fault::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")?;
            while shared.lock().is_ok_and(|state| !state.over) {
                stream.write_all(&[b'x'; 4096])?;
            }
            return Ok(());
        }
        Some(Fault::Cut) => cut = true,
        Some(Fault::Drip(milliseconds)) => drip = Some(Duration::from_millis(milliseconds)),
        None => {}
    }
    answer.slice(range.as_deref());
    let mut head =
        format!("HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    if method != "HEAD" {
        if let Some(pause) = drip {
            for byte in &answer.body {
                if shared.lock().map_or(true, |state| state.over || state.faults.is_empty()) {
                    break;
                }
                stream.write_all(&[*byte])?;
                std::thread::sleep(pause);
            }
            return Ok(());
        }
        let end = if cut { answer.body.len() / 2 } else { answer.body.len() };
        stream.write_all(answer.body.get(..end).unwrap_or_default())?;
    }
    stream.flush()?;
    // A reset would take back what was sent.
    stream.shutdown(std::net::Shutdown::Write)?;
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let _ = stream.read(&mut [0; 512]);
    Ok(())
}

/// What a host sends.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// What a host that holds these files sends, when all is well.
    pub(super) fn of(files: &BTreeMap<String, Vec<u8>>, target: &str) -> Self {
        let path = decode(target.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/'));
        let page = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.clone() };
        if let Some(body) = files.get(&page) {
            return Self::file(200, &page, body);
        }
        if files.contains_key(&format!("{path}/index.html")) {
            let mut moved = Self::page(301, "");
            moved.set("Location", &format!("{}/", target.split('?').next().unwrap_or_default()));
            return moved;
        }
        files.get("404.html").map_or_else(|| Self::page(404, "not found"), |body| Self::file(404, "404.html", body))
    }

    fn file(status: u16, path: &str, body: &[u8]) -> Self {
        let policy = own_policy(body).unwrap_or_else(|| content_security_policy(&[]));
        let headers = headers(path, &policy, Transport::Https);
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { status, headers, body: body.to_vec() }
    }

    fn page(status: u16, text: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), "text/html; charset=utf-8".to_owned())];
        Self { status, headers, body: text.as_bytes().to_vec() }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn slice(&mut self, range: Option<&str>) {
        let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else { return };
        let (Ok(first), last) = (first.parse::<usize>(), last.parse().unwrap_or(usize::MAX)) else { return };
        let (all, last) = (self.body.len(), last.min(self.body.len().saturating_sub(1)));
        if first <= last {
            self.body = self.body.get(first..=last).unwrap_or_default().to_vec();
            self.status = 206;
            self.set("Content-Range", &format!("bytes {first}-{last}/{all}"));
        }
    }
}

/// The policy that a page states about itself.
fn own_policy(page: &[u8]) -> Option<String> {
    let page = std::str::from_utf8(page).ok()?;
    let (_, rest) = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    let (policy, _) = rest.split_once('"')?;
    Some(policy.replace("&#39;", "'"))
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte.unwrap_or(b'0')).to_digit(16).unwrap_or(0) as u8;
        bytes.push(if byte == b'%' { digit(rest.next()) << 4 | digit(rest.next()) } else { byte });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The files of a built site.
pub(super) fn files(folder: &Path) -> Files {
    let mut files = tree(folder);
    files.retain(|path, _| !path.starts_with('.'));
    Arc::new(files)
}
