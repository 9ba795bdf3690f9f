//! The preview server: a site with the headers of a real host, from memory, and pages that follow every change.
//!
//! - [`shelf`]: the site to serve, in a thread of its own
//! - [`mod@answer`]: what a real host would answer
//! - [`live`]: what the preview adds: reload, mistakes in the page
//! - [`watch`]: notices changes
//!
//! It is for the desk of an editor or a developer, and for tests: one small thread, no compression, no encryption.

pub(crate) mod answer;
mod live;
mod shelf;
#[cfg(test)]
mod tests;
mod watch;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

pub use shelf::{File, Found, Questions, Shelf};

use crate::headers::content_security_policy;
use crate::language::Language;
use answer::{Answer, Asked, answer, local};
use live::Now;
use watch::Watcher;

/// What is previewed: something that can be loaded again and again.
pub trait Preview: Send + 'static {
    /// Loads the site anew. `changed` is what has changed since the last time; empty the first time.
    fn load(&mut self, changed: &[PathBuf]) -> Loaded;

    /// The folders whose changes matter.
    fn folders(&self) -> Vec<PathBuf>;
}

/// What loading gave.
#[derive(Debug)]
pub enum Loaded {
    /// A site.
    Site(Shelf),
    /// What is wrong, as text for a person. The last good site stays.
    Mistakes(String),
}

/// Where to listen.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The address of this machine.
    pub host: IpAddr,
    /// The port; 0 for any free one.
    pub port: u16,
}

/// What the server tells about itself.
#[derive(Debug)]
pub enum Event<'a> {
    /// It listens.
    Listening(SocketAddr),
    /// The site was loaded, the first time or after a change; it took so long.
    Loaded(Duration),
    /// The content has mistakes.
    Mistakes(&'a str),
    /// Changes cannot be noticed.
    NotWatching(String),
}

/// Why it does not serve.
#[derive(Debug)]
pub enum ServeError {
    /// The port could not be had.
    Listen(SocketAddr, io::Error),
    /// The system gave no means to serve.
    Run(io::Error),
}

impl ServeError {
    /// The error as a sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => language.pick(
                format!(
                    "{address} 已被占用，可能另一个预览还开着。换一个端口：--port {}",
                    address.port().wrapping_add(1)
                ),
                format!("{address} is in use, maybe by another preview. Try --port {}", address.port().wrapping_add(1)),
            ),
            Self::Listen(address, error) => {
                language.pick(format!("无法监听 {address}：{error}"), format!("Cannot listen on {address}: {error}"))
            }
            Self::Run(error) => language.pick(format!("无法运行预览：{error}"), format!("Cannot serve: {error}")),
        }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for ServeError {}

/// Serves a site that is still being worked on, until the process is told to stop.
///
/// # Errors
/// [`ServeError`] when it cannot listen.
pub fn serve(
    mut preview: impl Preview,
    options: Options,
    said: impl Fn(Event<'_>) + Send + Sync + 'static,
) -> Result<(), ServeError> {
    let said = Arc::new(said);
    let (set, now) = tokio::sync::watch::channel(Now::default());
    let tell = Arc::clone(&said);
    let follow = move || {
        let watcher = Watcher::new(&preview.folders());
        let mut load = |changed: &[PathBuf]| {
            let start = Instant::now();
            match preview.load(changed) {
                Loaded::Site(shelf) => {
                    set.send_modify(|now| *now = Now { version: now.version + 1, shelf: Some(shelf), mistakes: None });
                    tell(Event::Loaded(start.elapsed()));
                }
                Loaded::Mistakes(text) => {
                    tell(Event::Mistakes(&text));
                    set.send_modify(|now| now.mistakes = Some(text.as_str().into()));
                }
            }
        };
        load(&[]);
        match watcher {
            Ok(watcher) => {
                while let Some(changed) = watcher.wait() {
                    load(&changed);
                }
            }
            Err(error) => tell(Event::NotWatching(error.to_string())),
        }
    };
    run(options, now, true, &*said, follow)
}

/// Serves a built folder as it stands, until the process is told to stop.
///
/// # Errors
/// [`ServeError`] when it cannot listen.
pub fn serve_folder(folder: PathBuf, options: Options, said: impl Fn(Event<'_>)) -> Result<(), ServeError> {
    let site = Now { version: 1, shelf: Some(Shelf::folder(folder)), mistakes: None };
    let (_set, now) = tokio::sync::watch::channel(site);
    run(options, now, false, &said, || {})
}

fn run(
    options: Options,
    now: tokio::sync::watch::Receiver<Now>,
    live: bool,
    said: &dyn Fn(Event<'_>),
    follow: impl FnOnce() + Send + 'static,
) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Run)?;
    let address = SocketAddr::new(options.host, options.port);
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))?;
        said(Event::Listening(listener.local_addr().map_err(ServeError::Run)?));
        std::thread::spawn(follow);
        // Pages that follow changes hold their connection for ever; there is nothing to wait for at the end.
        tokio::select! {
            served = axum::serve(listener, router(now, live)).into_future() => served.map_err(ServeError::Run),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

#[derive(Clone)]
struct Server {
    now: tokio::sync::watch::Receiver<Now>,
    live: bool,
}

fn router(now: tokio::sync::watch::Receiver<Now>, live: bool) -> Router {
    let mut router = Router::new();
    if live {
        router = router
            .route("/_yima/events", get(async |State(server): State<Server>| live::events(server.now)))
            .route("/_yima/live.js", get(async || respond(script())));
    }
    router.fallback(page).with_state(Server { now, live })
}

fn script() -> Answer {
    let policy = "default-src 'none'";
    Answer { status: 200, headers: local("live.js", policy), body: live::SCRIPT.into() }
}

async fn page(State(mut server): State<Server>, request: Request) -> Response {
    // The first requests may come before the first site: they wait for it, or for what is wrong with it.
    let known = |now: &Now| now.shelf.is_some() || now.mistakes.is_some();
    let now = match server.now.wait_for(known).await {
        Ok(now) => now.clone(),
        Err(_) => return respond(answer::plain(500, "the preview has ended")),
    };
    let Some(shelf) = &now.shelf else {
        let headers = local("mistakes.html", &content_security_policy(&[]));
        return respond(Answer { status: 500, headers, body: now.mistakes_page().into() });
    };
    let (request, _) = request.into_parts();
    let script = server.live.then(|| now.script());
    respond(answer(Asked::of(&request), shelf, script.as_deref()).await)
}

/// An answer on its way.
pub(crate) fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            (Ok(name), Ok(value)) => drop(response.headers_mut().insert(name, value)),
            // A policy taken from a page may hold anything; without its headers the page is not sent.
            _ => return (StatusCode::INTERNAL_SERVER_ERROR, format!("bad header {name}: {value}\n")).into_response(),
        }
    }
    response
}
