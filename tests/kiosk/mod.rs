//! A kiosk from end to end: the small city on a stick, taken, refused, served, killed.
//!
//! - [`days`]: a city built day by day into one folder, taken every day
//! - [`kills`]: kills and full disks while an update is taken
//! - [`plain`]: the copy that opens from the stick itself, in a real browser
//! - [`refused`]: every stick that is not taken, and the exact sentence
//! - [`served`]: the server's answers beside the preview's, updates while it serves, damage, heartbeats
//! - [`taken`]: every stick that is taken, going back, mending

mod days;
mod kills;
mod plain;
mod refused;
mod served;
mod taken;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Parser as _;
use tempfile::TempDir;
use yima::cli::{self, Cli, Failure};
use yima::kiosk::Store;
use yima_pack::Signer;

use crate::city::{Sandbox, TODAY, here, put, tree};

/// Who signs in these tests.
pub(super) fn signer() -> Signer {
    Signer::of_seed("zc.xiaocheng.example", &[1; 32]).unwrap()
}

/// A folder of its own, in memory where there is such a place: an import waits for the disk, and that of a busy machine
/// takes its time.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

/// Runs a command; what went wrong, as it is told.
pub(super) fn run(typed: &[&str]) -> Result<(), String> {
    cli::run(&Cli::try_parse_from([&["yima"], typed].concat()).unwrap()).map_err(|failure| match failure {
        Failure::Mistakes => "mistakes".to_owned(),
        Failure::Trouble(why) => why,
    })
}

/// A path as it is typed.
pub(super) fn typed(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Numbers of the two sites.
pub(super) const NUMBERS: [u64; 2] = [2_026_100_100, 2_026_100_101];

/// The small city built twice: the second time with another title and another style.
pub(super) fn built(which: usize) -> &'static Path {
    static BUILT: OnceLock<(Sandbox, [PathBuf; 2])> = OnceLock::new();
    let (_, folders) = BUILT.get_or_init(|| {
        let sandbox = Sandbox::new();
        let settings = sandbox.text("site.toml");
        let (key, secret) = (signer().verifier().to_string(), sandbox.beside("secret"));
        put(&secret, signer().secret().as_bytes());
        let public = sandbox.beside("public");
        copy(&here().join("../public"), &public);
        let build = |which: usize| {
            let out = sandbox.beside(&format!("dist{which}"));
            let (content, date, number) = (sandbox.content(), TODAY.to_string(), NUMBERS[which].to_string());
            run(&[
                &[
                    "build",
                    "--no-sync",
                    "--provisional-codes",
                    "--content",
                    typed(&content),
                    "--public",
                    typed(&public),
                ][..],
                &["--out", typed(&out), "--date", &date, "--key", typed(&secret), "--sequence", &number],
            ]
            .concat())
            .unwrap();
            out
        };
        sandbox.write("site.toml", format!("{settings}release_keys = [\"{key}\"]\n"));
        let first = build(0);
        let settings = settings.replace("小城政策一码通", "小城政策新一码通");
        sandbox.write("site.toml", format!("{settings}release_keys = [\"{key}\"]\n"));
        let style = std::fs::read_to_string(public.join("assets/site.css")).unwrap();
        put(&public.join("assets/site.css"), format!("{style}\nh6{{color:red}}\n").as_bytes());
        let second = build(1);
        (sandbox, [first, second])
    });
    &folders[which]
}

/// Copies what is in a folder.
pub(super) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        put(&to.join(path), &bytes);
    }
}

/// A kiosk's folder that trusts [`signer`], with the given sites taken in order.
pub(super) fn kiosk(folder: &Path, sites: &[usize]) -> Store {
    let store = Store::create(folder, &[signer().verifier()], None).unwrap();
    for &site in sites {
        yima::kiosk::import(&store, built(site), &|_, _| {}).unwrap();
    }
    store
}

/// Numbers of the releases that are held, the one that answers first; each must be whole.
pub(super) fn whole(store: &Store) -> Vec<u64> {
    let held = store.held();
    for release in &held {
        let reader = store.reader(release).unwrap();
        for object in &reader.manifest().objects {
            let bytes = store.object(object.sha, object.length).unwrap().unwrap_or_default();
            assert_eq!(yima_pack::Sha::of(&bytes), object.sha, "{} of {}", object.path, release.head.sequence);
        }
    }
    held.into_iter().map(|release| release.head.sequence).collect()
}
