//! Kills and full disks: whatever happens while a site is written, a whole site stands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use yima::Site;
use yima::language::Language;
use yima::site::{Content, Render, RenderError, SitePath};
use yima::write::{MARKER, Nothing, Options, WriteError, write};

/// How often the writer is killed.
const KILLS: u32 = 50;
/// Files of one site: enough that a kill mostly meets a run half done.
const FILES: u32 = 400;
/// Tells the writer, which is this test program started once more, where to write.
const FOLDER: &str = "YIMA_TEST_WRITER";
/// Tells it with which of the sites to begin.
const NEXT: &str = "YIMA_TEST_WRITER_NEXT";

struct Page;

/// A page says which site it belongs to.
#[derive(Clone)]
struct Recipe {
    site: char,
    number: u32,
}

impl Render for Page {
    type Recipe = Recipe;

    fn render(&self, recipe: &Recipe) -> Result<Vec<u8>, RenderError> {
        // Every third page is the same in all sites, and `C` is `B` but for one page.
        let site = match recipe.site {
            _ if recipe.number.is_multiple_of(3) => '-',
            'C' if recipe.number != 1 => 'B',
            site => site,
        };
        Ok(format!("{site} {}\n", recipe.number).repeat(300).into_bytes())
    }
}

/// Site `A`, `B` or `C`; `A` and the others also have pages that the other lacks.
fn site(name: char) -> Site<Recipe> {
    let mut site = Site::default();
    for number in 0..FILES {
        let own = if number.is_multiple_of(10) && name == 'A' { 'a' } else { 'p' };
        let path = SitePath::page(&format!("/{own}/{}/{number}/", number % 9));
        site.claim(path, "test", Content::Recipe(Recipe { site: name, number })).unwrap();
    }
    site
}

fn expected(name: char) -> BTreeMap<PathBuf, Vec<u8>> {
    let site = site(name);
    let pages = site.iter().map(|(path, entry)| match &entry.content {
        Content::Recipe(recipe) => (PathBuf::from(path.as_str()), Page.render(recipe).unwrap()),
        Content::Bytes(bytes) => (PathBuf::from(path.as_str()), bytes.to_vec()),
    });
    pages.collect()
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
fn found(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path != folder.join(MARKER) {
                found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn options() -> Options<'static> {
    Options { threads: 2, durable: false, ..Options::default() }
}

#[test]
#[ignore = "the writer that `a_kill_leaves_a_whole_site` starts and kills"]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let out = PathBuf::from(folder).join("out");
    let sites = ['A', 'B', 'C'].map(site);
    let next = std::env::var(NEXT).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    for site in sites.iter().cycle().skip(next) {
        write(site, &Page, &out, &Nothing, options()).unwrap();
    }
}

#[test]
fn a_kill_leaves_a_whole_site() {
    let temp = TempDir::new().unwrap();
    let out = temp.path().join("out");
    let sites = ['A', 'B', 'C'].map(expected);
    write(&site('A'), &Page, &out, &Nothing, options()).unwrap();
    // How long a run takes here and now decides how far apart the kills may lie.
    let start = Instant::now();
    write(&site('B'), &Page, &out, &Nothing, options()).unwrap();
    let run = u64::try_from(start.elapsed().as_micros()).unwrap();
    let window = (20_000 + 4 * run).min(300_000);
    let mut seen = [0_u32; 3];
    let mut random = u64::from(std::process::id()) << 17 | 1;
    let mut kill = 0;
    let mut next = 2;
    while kill < KILLS || (seen.contains(&0) && kill < 10 * KILLS) {
        kill += 1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::writer", "--ignored", "--nocapture"])
            .env(FOLDER, temp.path())
            .env(NEXT, next.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(2_000 + random % window));
        assert!(child.try_wait().unwrap().is_none(), "the writer ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
        let now = found(&out);
        let which = sites.iter().position(|site| *site == now);
        let which = which.unwrap_or_else(|| panic!("kill {kill} left a site of {} files that is neither", now.len()));
        seen[which] += 1;
        next = (which + 1) % sites.len();
    }
    println!("{kill} kills met {seen:?}");
    assert!(!seen.contains(&0), "in {kill} kills some site was never met: {seen:?}");
    write(&site('B'), &Page, &out, &Nothing, options()).unwrap();
    assert_eq!(found(&out), sites[1]);
    let mut beside: Vec<_> = fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    beside.retain(|name| name != "out" && name != ".out.yima-spare");
    assert!(beside.is_empty(), "left behind: {beside:?}");
}

/// A small disk of its own, taken away at the end.
pub(crate) struct Disk(TempDir);

impl Disk {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Needs the right to mount; says why when there is none.
    pub(crate) fn new(size: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let size = format!("size={size}");
        match Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output() {
            Ok(output) if output.status.success() => Some(Self(folder)),
            Ok(output) => {
                println!("skipped: no small disk can be mounted: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                println!("skipped: there is no `mount`: {error}");
                None
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_a_clear_error() {
    // One site takes 1.6 MB, what differs in the other 1.1 MB more: 20 sizes at which both do not fit.
    for kilobytes in (1_700..2_600).step_by(45) {
        let Some(disk) = Disk::new(&format!("{kilobytes}k")) else { return };
        let out = disk.0.path().join("out");
        write(&site('A'), &Page, &out, &Nothing, options()).unwrap();
        let error = write(&site('B'), &Page, &out, &Nothing, options()).unwrap_err();
        let WriteError::Disk { source, .. } = &error else { panic!("{error}") };
        assert_eq!(source.kind(), std::io::ErrorKind::StorageFull);
        assert!(error.sentence(Language::Chinese).ends_with("磁盘已满。原有网站没有变动。"), "{error}");
        assert!(found(&out) == expected('A'), "{kilobytes} kB: the old site changed");
        assert_eq!(fs::read_dir(disk.0.path()).unwrap().count(), 1, "the half-written site is gone");
    }
}
