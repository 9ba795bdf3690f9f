//! The app's modules as a phone fetches them.

use std::path::PathBuf;
use std::process::Command;

/// Brotli bytes of a module and of the script that starts it.
const LARGEST: usize = 300 * 1024;
/// The same for the module of a kiosk, which shows nothing itself.
const KIOSK: usize = 64 * 1024;

/// Of the one in the service worker, which every device downloads that keeps the site.
const OFFLINE: usize = 90 * 1024;

/// Of the one that makes the search on a device, once for each release.
const MAKER: usize = 180 * 1024;

/// Prints the brotli size of each file named, at the quality at which a host keeps files ready.
const MEASURE: &str = "
const zlib = require('zlib'), quality = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 };
for (const file of process.argv.slice(1))
  console.log(zlib.brotliCompressSync(require('fs').readFileSync(file), { params: quality }).length);";

#[test]
fn the_module_stays_small() {
    if std::env::var_os("YIMA_NO_APP").is_some() {
        return eprintln!("YIMA_NO_APP: left out");
    }
    let folder = std::env::var_os("YIMA_APP")
        .map(PathBuf::from)
        .expect("YIMA_APP names no folder with the app: `cargo xtask test` builds it; YIMA_NO_APP=1 leaves this out");
    let files = std::fs::read_dir(&folder).expect("the app's folder").map(|entry| entry.expect("an entry").path());
    let files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|kind| kind == "wasm" || kind == "js")).collect();
    for (name, least, largest) in [
        ("yima-finder", 50, LARGEST),
        ("yima-ask", 50, LARGEST),
        ("yima-kiosk", 20, KIOSK),
        ("yima-offline", 20, OFFLINE),
        ("yima-maker", 50, MAKER),
    ] {
        let own = |file: &&PathBuf| file.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name));
        let own: Vec<&PathBuf> = files.iter().filter(own).collect();
        assert_eq!(own.len(), 2, "one module and its script: {files:?}");
        let output = Command::new("node").args(["-e", MEASURE]).args(&own).output();
        let output = output.expect("node is on the path: install Node.js");
        let sizes: Vec<usize> =
            String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().expect("a number")).collect();
        assert_eq!(sizes.len(), 2, "{}", String::from_utf8_lossy(&output.stderr));
        let all: usize = sizes.iter().sum();
        assert!(all <= largest, "{name} takes {all} bytes, {largest} allowed");
        assert!(all > least * 1024, "{name}: {all} bytes cannot be the whole of it");
    }
    assert_eq!(files.len(), 10, "five modules and their scripts: {files:?}");
}
