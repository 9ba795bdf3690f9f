//! Three releases of the small city, a week after each other, built by the command as a city would: the second follows the
//! first, the third is cut anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use clap::Parser as _;
use yima::cli::{self, Cli};
use yima_pack::Signer;

use super::host::{Files, files};
use crate::city::{here, put, tree};

/// Whose worker is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Ours.
    Yima,
    /// That of workbox-build, as its guide has it.
    Workbox,
}

/// The policy that every release changes.
pub(super) const CHANGED: &str = "/policy/2025-zufang-butie/";

const HOST: &str = "zc.xiaocheng.example";

/// Days of the releases.
const DAYS: [&str; 3] = ["2026-10-01", "2026-10-08", "2026-10-15"];

/// Releases of one city, as one program or another takes them along.
pub(super) struct Releases {
    /// The oldest first.
    pub(super) of: [Files; 3],
    /// Newer than all, whole, of the same host, and signed by another key.
    pub(super) foreign: Files,
}

/// Who signs.
pub(super) fn signer() -> Signer {
    Signer::of_seed(HOST, &[7; 32]).expect("a key")
}

/// The releases, built once.
pub(super) fn releases(peer: Peer) -> &'static Releases {
    static MADE: [OnceLock<Releases>; 2] = [const { OnceLock::new() }; 2];
    MADE[peer as usize].get_or_init(|| {
        let evil = Signer::of_seed(HOST, &[8; 32]).expect("a key");
        let of = [0, 1, 2].map(|week| build(peer, &format!("week{week}"), week, &signer()));
        Releases { of, foreign: build(peer, "foreign", 2, &evil) }
    })
}

fn build(peer: Peer, name: &str, week: usize, signer: &Signer) -> Files {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("offline").join(format!("{peer:?}-{name}"));
    let _ = std::fs::remove_dir_all(&root);
    // A style that changes every week, so that its name does; and a name that can be written in two ways.
    for (path, mut bytes) in tree(&here().join("../public")) {
        if path.ends_with(".css") {
            bytes.extend(format!("/* {week} */\n").bytes());
        }
        put(&root.join("public").join(path), &bytes);
    }
    put(&root.join("public/caf\u{e9}.txt"), format!("{week}\n").as_bytes());
    for (path, bytes) in tree(&here().join("city")) {
        put(&root.join("content").join(path), &bytes);
    }
    let settings = root.join("content/site.toml");
    let mut text = std::fs::read_to_string(&settings).expect("settings");
    // The third release has another worker, too.
    if week == 2 {
        text = text.replace("hotline = \"0998-12345\"", "hotline = \"0998-12346\"");
    }
    text.push_str(&format!("release_keys = [\"{}\"]\n", signer.verifier()));
    put(&settings, text.as_bytes());
    let policy = root.join("content/policies/2025/2025-zufang-butie.md");
    let text = std::fs::read_to_string(&policy).expect("a policy");
    put(&policy, format!("{text}\n本文第{}次修改后的说明。\n", week + 1).as_bytes());
    put(&root.join("key"), signer.secret().as_bytes());
    let path = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
    let [content, public, key, site] = ["content", "public", "key", "site"].map(|name| path(&root.join(name)));
    let (app, first) = (path(&app(peer, &root)), path(&root.with_file_name(format!("{peer:?}-week0")).join("site")));
    let mut typed = vec![
        "yima",
        "build",
        "--content",
        &content,
        "--public",
        &public,
        "--app",
        &app,
        "--key",
        &key,
        "--out",
        &site,
        "--date",
        DAYS[week],
        "--no-sync",
        "--lang",
        "en",
    ];
    if name == "week1" {
        typed.extend(["--after", &first]);
    }
    cli::run(&Cli::try_parse_from(typed).expect("the command")).expect("the small city is built");
    if peer == Peer::Workbox {
        workbox(&root.join("site"));
    }
    files(&root.join("site"))
}

/// Lets the other program make its worker of a site.
pub(super) fn workbox(site: &Path) {
    let home = std::env::var_os("YIMA_WORKBOX").map(PathBuf::from).expect("YIMA_WORKBOX: `cargo xtask bench offline`");
    let script = home.join("workbox.mjs");
    put(&script, &std::fs::read(here().join("../xtask/bench/offline/workbox.mjs")).expect("the script"));
    let made = Command::new("node").arg(script).arg(site).output().expect("node is on the path");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// The module of the worker as it was built, beside modules of nothing: what the app does is not looked at here.
fn app(peer: Peer, root: &Path) -> PathBuf {
    let built = std::env::var_os("YIMA_APP").map(PathBuf::from);
    let built = built
        .expect("YIMA_APP names no folder with the app: `cargo xtask test` builds it; YIMA_NO_APP=1 leaves this out");
    let folder = root.join("app");
    // Without our module the site has no worker of ours, which would take the place of the other.
    let own: &[&str] = if peer == Peer::Yima {
        &["yima-offline.js", "yima-offline_bg.wasm", "yima-maker.js", "yima-maker_bg.wasm"]
    } else {
        &[]
    };
    for name in own {
        let bytes = std::fs::read(built.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        put(&folder.join(name), &bytes);
    }
    for name in [
        "yima-finder-1.js",
        "yima-finder-1_bg.wasm",
        "yima-ask.js",
        "yima-ask_bg.wasm",
        "yima-kiosk.js",
        "yima-kiosk_bg.wasm",
    ] {
        put(&folder.join(name), b"export default async () => {};\n");
    }
    folder
}
