//! Three releases of the small city, a week after each other, built by the command as a city would.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Parser as _;
use yima::cli::{self, Cli};
use yima_pack::Signer;

use super::host::{Files, files};
use crate::city::{here, put, tree};

/// The policy that every release changes.
pub(super) const CHANGED: &str = "policy/2025-zufang-butie/index.html";

/// Days of the releases.
const DAYS: [&str; 3] = ["2026-10-01", "2026-10-08", "2026-10-15"];

/// Releases of one city.
pub(super) struct Releases {
    /// The oldest first.
    pub(super) of: [Files; 3],
    /// Newer than all, whole, of the same host, and signed by another key.
    pub(super) foreign: Files,
}

/// Who signs.
pub(super) fn signer() -> Signer {
    Signer::of_seed("zc.xiaocheng.example", &[7; 32]).expect("a key")
}

/// The releases, built once.
pub(super) fn releases() -> &'static Releases {
    static MADE: OnceLock<Releases> = OnceLock::new();
    MADE.get_or_init(|| {
        let evil = Signer::of_seed("zc.xiaocheng.example", &[8; 32]).expect("a key");
        let of = [0, 1, 2].map(|week| build(&format!("week{week}"), week, &signer()));
        Releases { of, foreign: build("foreign", 2, &evil) }
    })
}

fn build(name: &str, week: usize, signer: &Signer) -> Files {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("offline").join(name);
    let _ = std::fs::remove_dir_all(&root);
    for (path, bytes) in tree(&here().join("city")) {
        put(&root.join("content").join(path), &bytes);
    }
    let settings = root.join("content/site.toml");
    let mut text = std::fs::read_to_string(&settings).expect("settings");
    text.push_str(&format!("release_keys = [\"{}\"]\n", signer.verifier()));
    put(&settings, text.as_bytes());
    let policy = root.join("content/policies/2025/2025-zufang-butie.md");
    let text = std::fs::read_to_string(&policy).expect("a policy");
    put(&policy, format!("{text}\n本文第{}次修改后的说明。\n", week + 1).as_bytes());
    put(&root.join("key"), signer.secret().as_bytes());
    let path = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
    let typed = [
        "yima",
        "build",
        "--content",
        &path(&root.join("content")),
        "--public",
        &path(&here().join("../public")),
        "--app",
        &path(&app(&root)),
        "--key",
        &path(&root.join("key")),
        "--out",
        &path(&root.join("site")),
        "--date",
        DAYS[week],
        "--no-sync",
        "--lang",
        "en",
    ];
    cli::run(&Cli::try_parse_from(typed).expect("the command")).expect("the small city is built");
    files(&root.join("site"))
}

/// The module of the worker as it was built, beside modules of nothing: what the app does is not looked at here.
fn app(root: &Path) -> PathBuf {
    let built = std::env::var_os("YIMA_APP").map(PathBuf::from);
    let built = built.expect("YIMA_APP names no folder with the app: `cargo xtask test` builds it; YIMA_NO_APP=1 leaves this out");
    let folder = root.join("app");
    for name in ["yima-offline.js", "yima-offline_bg.wasm"] {
        let bytes = std::fs::read(built.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        put(&folder.join(name), &bytes);
    }
    for name in ["yima-finder-1.js", "yima-finder-1_bg.wasm", "yima-ask.js", "yima-ask_bg.wasm"] {
        put(&folder.join(name), b"export default async () => {};\n");
    }
    folder
}
