//! The kiosk's server: read-only, for this machine alone, from the releases of a store.
//!
//! [`HEALTH`] is the one address that is not of the site. `GET` tells how the kiosk is; `POST` is the heartbeat of the page on the screen and
//! is answered with 204, by which the page knows that it is on a kiosk.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, HOST, ORIGIN};
use axum::response::Response;
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::guard;
use super::health::{self, Health};
use super::import::free;
use super::library::{Library, Place};
use super::store::Store;
use crate::language::Language;
use crate::serve::answer::{Answer, Asked, decode, deliver, local, moved, plain};
use crate::serve::{File, ServeError, respond};

/// Where the page on the screen is heard and the kiosk tells how it is.
pub const HEALTH: &str = "/.well-known/yima-kiosk";

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; must be loopback. Port 0 for any free one.
    pub listen: SocketAddr,
    /// Touched when the page on the screen has fallen silent; something else then starts the browser anew.
    pub browser_file: Option<PathBuf>,
    /// Asks the clock, for ages that are shown and for nothing else.
    pub clock: fn() -> Timestamp,
    /// For the pages of the server's own.
    pub language: Language,
}

/// What the server tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It listens.
    Listening(SocketAddr),
    /// The release with this number answers; none when nothing is held.
    Release(Option<u64>),
    /// This file is damaged.
    Damaged(String),
    /// The page on the screen has fallen silent.
    Silent,
}

/// Why it does not serve.
#[derive(Debug)]
pub enum KioskError {
    /// Others could reach the address.
    NotLoopback(SocketAddr),
    /// The server could not run.
    Serve(ServeError),
}

impl KioskError {
    /// The error as a sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::NotLoopback(address) => language.pick(
                format!("自助机只对本机服务，不能监听 {address}，请用 127.0.0.1"),
                format!("A kiosk serves its own machine only and does not listen on {address}; use 127.0.0.1"),
            ),
            Self::Serve(error) => error.sentence(language),
        }
    }
}

/// What requests share.
pub(super) struct Kiosk {
    library: Mutex<Library>,
    beats: Mutex<Beats>,
    pub(super) options: Options,
    pub(super) address: SocketAddr,
    began: Instant,
}

/// The page on the screen.
#[derive(Debug, Default)]
pub(super) struct Beats {
    /// When it was last heard.
    pub(super) heard: Option<Instant>,
    /// When the browser was last asked to start anew, since then.
    pub(super) asked: Option<Instant>,
}

/// Serves the releases of `store` until the process is told to stop.
///
/// # Errors
/// [`KioskError`] when the address is not loopback or cannot be had.
pub fn serve(store: Store, options: Options, said: impl Fn(Event) + Send + Sync + 'static) -> Result<(), KioskError> {
    if !options.listen.ip().is_loopback() {
        return Err(KioskError::NotLoopback(options.listen));
    }
    let run = |error| KioskError::Serve(ServeError::Run(error));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(run)?;
    runtime.block_on(async {
        let listen = options.listen;
        let listener = tokio::net::TcpListener::bind(listen).await;
        let listener = listener.map_err(|error| KioskError::Serve(ServeError::Listen(listen, error)))?;
        let address = listener.local_addr().map_err(run)?;
        let library = Mutex::new(Library::new(store));
        let kiosk = Arc::new(Kiosk { library, beats: Mutex::default(), options, address, began: Instant::now() });
        said(Event::Listening(address));
        let guarded = Arc::clone(&kiosk);
        std::thread::spawn(move || guard::keep(&guarded, &said));
        let router = Router::new().fallback(answer).with_state(kiosk);
        tokio::select! {
            served = axum::serve(listener, router).into_future() => served.map_err(run),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

async fn answer(State(kiosk): State<Arc<Kiosk>>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let asked = Asked::of(&request);
    respond(kiosk.answer(asked, &request.headers).finish(asked.method))
}

impl Kiosk {
    /// Nothing panics while it is locked; a poisoned lock still holds releases that verify.
    pub(super) fn library(&self) -> MutexGuard<'_, Library> {
        self.library.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn beats(&self) -> MutexGuard<'_, Beats> {
        self.beats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, asked: Asked<'_>, headers: &HeaderMap) -> Answer {
        let field = |name| headers.get(name).and_then(|value| value.to_str().ok());
        // A page of another host that was pointed at this machine (DNS rebinding) speaks of that host.
        if !field(HOST).is_some_and(|host| self.is_own(host)) {
            return plain(421, "this is a kiosk's own server");
        }
        // A kiosk needs no service worker, and one that was once installed would outlive every update.
        if headers.contains_key("Service-Worker") {
            return plain(404, "a kiosk needs no service worker");
        }
        match (asked.method, asked.path == HEALTH) {
            ("GET" | "HEAD", true) => self.health(asked, field(ACCEPT).unwrap_or_default()),
            ("POST", true) => {
                let origin =
                    field(ORIGIN).map(|origin| origin.strip_prefix("http://").is_some_and(|host| self.is_own(host)));
                if origin == Some(false) {
                    return plain(403, "not of this site");
                }
                self.heard();
                Answer { status: 204, headers: local("answer.txt", "default-src 'none'"), body: Default::default() }
            }
            ("GET" | "HEAD", false) => self.page(asked),
            (_, true) => plain(405, "method not allowed").with("Allow", "GET, HEAD, POST"),
            _ => plain(405, "method not allowed").with("Allow", "GET, HEAD"),
        }
    }

    fn is_own(&self, host: &str) -> bool {
        let port = self.address.port();
        [format!("{}", self.address), format!("localhost:{port}"), format!("127.0.0.1:{port}")]
            .iter()
            .any(|own| own == host)
    }

    fn heard(&self) {
        *self.beats() = Beats { heard: Some(Instant::now()), asked: None };
    }

    fn page(&self, asked: Asked<'_>) -> Answer {
        let mut library = self.library();
        let place = match decode(asked.path) {
            Some(path) => library.answer(&path.nfc().collect::<String>()),
            None => Place::Missing,
        };
        match place {
            Place::Found(headers, bytes) => send(headers, bytes, asked),
            Place::Moved(address) => moved(&address, asked.query),
            Place::Missing => match library.answer("404.html") {
                Place::Found(headers, bytes) => {
                    let whole = Asked { if_none_match: None, range: None, ..asked };
                    Answer { status: 404, ..send(headers, bytes, whole) }
                }
                _ => plain(404, "not found"),
            },
            Place::Damaged => self.excuse(
                "这一页的数据损坏了，请联系工作人员重新导入更新盘。",
                "The data of this page is damaged. Please ask the staff to import the update again.",
            ),
            Place::Empty => self.excuse(
                "这台自助机还没有数据，请联系工作人员导入更新盘。",
                "This kiosk has no data yet. Please ask the staff to import an update.",
            ),
        }
    }

    /// A page that says why there is none, and looks again by itself.
    fn excuse(&self, chinese: &str, english: &str) -> Answer {
        let language = self.options.language;
        let page = format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <meta http-equiv=\"refresh\" content=\"10; url=/\"><title>{}</title></head><body><h1>{}</h1></body></html>\n",
            language.pick("zh-CN", "en"),
            language.pick("请稍候", "Please wait"),
            language.pick(chinese, english),
        );
        Answer { status: 503, headers: local("excuse.html", "default-src 'none'"), body: page.into() }
    }

    fn health(&self, asked: Asked<'_>, accept: &str) -> Answer {
        let health = self.look();
        let language = self.options.language;
        let query = asked.query.unwrap_or_default();
        let (name, policy, body) = match query {
            "json" => ("health.json", String::new(), health.json(language)),
            "text" => ("health.txt", String::new(), health.text(language)),
            _ if accept.starts_with("application/json") => ("health.json", String::new(), health.json(language)),
            _ => {
                // Whoever looks at this page in place of the site's keeps the browser alive.
                if self.beats().heard.is_some() {
                    self.heard();
                }
                match health.page(language) {
                    Ok(page) => ("health.html", health::policy(), page),
                    Err(_) => ("health.txt", String::new(), health.text(language)),
                }
            }
        };
        Answer { status: 200, headers: local(name, &policy), body: body.into() }
    }

    /// How the kiosk is now.
    pub(super) fn look(&self) -> Health {
        let mut library = self.library();
        library.refresh();
        let mut held = library.held();
        let (first, other) = (held.next(), held.next());
        let beats = self.beats();
        Health {
            host: library.store().host().to_owned(),
            release: first.map(|held| (held.head.sequence, held.head.date.clone())),
            taken: first.and_then(|held| held.taken).and_then(|taken| Timestamp::try_from(taken).ok()),
            other: other.map(|held| held.head.sequence),
            rolled_back: library.store().rolled_back(),
            free: free(library.store().folder()),
            uptime: self.began.elapsed().as_secs(),
            heartbeat: beats.heard.map(|heard| heard.elapsed().as_secs()),
            silent: beats.asked.is_some(),
            damaged: library.damaged().keys().cloned().collect(),
            now: (self.options.clock)(),
        }
    }
}

fn send(headers: Vec<(String, String)>, bytes: Vec<u8>, asked: Asked<'_>) -> Answer {
    let headers = headers.into_iter().map(|(name, value)| (name.into(), value)).collect();
    deliver(headers, File::new(bytes), asked)
}
