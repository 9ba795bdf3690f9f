//! One row of the table of faults.

use super::host::Fault;
use super::site::Peer;
use super::visit::Visit;

/// What was seen, or what went wrong.
pub(super) type Verdict = Result<String, String>;

/// A fault, and what a person does meanwhile.
pub(super) struct Case {
    /// What happens, for people.
    pub(super) name: String,
    /// Whether it means anything to a worker other than ours.
    pub(super) both: bool,
    pub(super) run: Box<dyn Fn(&mut Visit) -> Verdict + Send + Sync>,
}

impl Case {
    pub(super) fn new(name: impl Into<String>, run: impl Fn(&mut Visit) -> Verdict + Send + Sync + 'static) -> Self {
        Self { name: name.into(), both: true, run: Box::new(run) }
    }

    /// A case about what only our worker has.
    pub(super) fn own(name: &str, run: impl Fn(&mut Visit) -> Verdict + Send + Sync + 'static) -> Self {
        Self { both: false, ..Self::new(name, run) }
    }
}

/// What a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The list of the release: the note, or the worker that carries the list.
    List,
    /// The manifest that the note names.
    Manifest,
    /// What a changed page comes from.
    Page,
    /// The style sheet.
    Asset,
    /// The worker's script.
    Worker,
}

impl Part {
    pub(super) const fn zh(self) -> &'static str {
        match self {
            Self::List => "版本说明",
            Self::Manifest => "清单",
            Self::Page => "网页数据",
            Self::Asset => "样式文件",
            Self::Worker => "离线程序",
        }
    }

    /// Its address in a release.
    pub(super) fn address(self, visit: &Visit, week: usize) -> String {
        let files = &visit.releases.of[week];
        let note = || String::from_utf8_lossy(&files["release.note"]).into_owned();
        let manifest = || note().lines().find_map(|line| Some(line.strip_prefix("manifest ")?[..64].to_owned()));
        let named = |start: &str| files.keys().find(|path| path.starts_with(start)).map(|path| format!("/{path}"));
        let address = match (self, visit.peer) {
            (Self::List | Self::Manifest, Peer::Workbox) => Some("/sw.js".to_owned()),
            (Self::Worker, Peer::Workbox) => Some("/sw.js".to_owned()),
            (Self::Worker, Peer::Yima) => named("sw-"),
            (Self::List, Peer::Yima) => Some("/release.note".to_owned()),
            (Self::Manifest, Peer::Yima) => manifest().map(|sha| format!("/release/{sha}")),
            (Self::Asset, _) => named("assets/site-"),
            (Self::Page, Peer::Workbox) => Some(super::site::CHANGED.to_owned()),
            (Self::Page, Peer::Yima) => {
                // The second release has all packs of the first.
                let old = &visit.releases.of[[2, 0, 1][week]];
                let text = files.get(&format!("release/{}", manifest().unwrap_or_default()));
                let text = text.map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
                let packs = text.lines().filter_map(|line| line.strip_prefix("pack ")?.get(..64));
                let new = packs.map(|sha| format!("release/{sha}")).filter(|path| !old.contains_key(path));
                new.max_by_key(|path| files.get(path).map_or(0, Vec::len)).map(|path| format!("/{path}"))
            }
        };
        address.expect("every release has it")
    }
}

/// The ways in which one answer goes wrong.
pub(super) fn wrongs() -> Vec<(&'static str, Fault)> {
    vec![
        ("404", Fault::Status(404)),
        ("500", Fault::Status(500)),
        ("断在半路", Fault::Cut),
        ("字节不对", Fault::Twisted),
        ("登录页（200）", Fault::Portal),
    ]
}

/// Sums a verdict up that must be one of these releases.
pub(super) fn must(found: usize, wanted: &[usize]) -> Result<(), String> {
    if wanted.contains(&found) {
        Ok(())
    } else {
        Err(format!("是第 {} 版，应当是第 {} 版", found + 1, wanted[0] + 1))
    }
}
