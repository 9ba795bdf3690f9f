//! The site under test: what `cargo xtask test` built, else the demonstration city without the app.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, mpsc};

use clap::Parser as _;
use yima::cli::{self, Cli};
use yima::serve::{Event, Options, serve_folder};

use crate::city::here;

/// A site that is being served.
pub(super) struct Site {
    /// `http://127.0.0.1:<port>`
    pub(super) origin: String,
    /// Whether the app is part of it.
    pub(super) app: bool,
}

/// The site, built and served once for all tests.
pub(super) fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let built = std::env::var_os("YIMA_SITE").map(PathBuf::from);
        let app = built.is_some();
        let folder = built.unwrap_or_else(build);
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let options = Options { host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 0 };
            let served = serve_folder(folder, options, |event| {
                if let Event::Listening(address) = event {
                    let _ = tell.send(format!("http://{address}"));
                }
            });
            assert!(served.is_ok(), "{}", served.err().map_or(String::new(), |error| format!("{error:?}")));
        });
        Site { origin: told.recv().expect("the site is served"), app }
    })
}

/// Writes the demonstration city without the app; its folder.
fn build() -> PathBuf {
    let root = here().join("..");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser-site");
    let path = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
    let (content, public, folder) = (path(&root.join("content")), path(&root.join("public")), path(&out));
    let typed = ["yima", "build", "--content", &content, "--public", &public, "--out", &folder];
    let typed = typed.into_iter().chain(["--no-sync", "--provisional-codes", "--lang", "en"]);
    cli::run(&Cli::try_parse_from(typed).expect("the command")).expect("the demonstration city is built");
    out
}

/// The addresses of the cards of a kind of record, from the ledger of the demonstration city.
pub(super) fn cards(kind: &str) -> Vec<String> {
    let ledger = std::fs::read_to_string(here().join("../content/codes.csv")).expect("the ledger");
    let lines = ledger.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let cards: Vec<String> = lines.filter(|line| line[1] == kind).map(|line| format!("/Q/{}/", line[0])).collect();
    assert!(!cards.is_empty(), "no record of kind {kind} has a code");
    cards
}
