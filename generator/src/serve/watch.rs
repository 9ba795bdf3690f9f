//! Notices that files have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long nothing must happen before changes count as done: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(60);

/// Watches folders.
pub(super) struct Watcher {
    // Watching ends when it is dropped.
    _watcher: RecommendedWatcher,
    changes: mpsc::Receiver<PathBuf>,
}

impl Watcher {
    /// Begins to watch the folders that are there.
    pub(super) fn new(folders: &[PathBuf]) -> notify::Result<Self> {
        let (tell, changes) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading is an event too; ours would wake us for ever.
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                for path in event.paths.into_iter().filter(|path| !is_passing(path)) {
                    // Nobody listens any more when the server ends.
                    let _ = tell.send(path);
                }
            }
        })?;
        for folder in folders.iter().filter(|folder| folder.exists()) {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
        Ok(Self { _watcher: watcher, changes })
    }

    /// Waits for a change and until it is over. `None` when there will be no more.
    pub(super) fn wait(&self) -> Option<Vec<PathBuf>> {
        let mut changed = BTreeSet::from([self.changes.recv().ok()?]);
        while let Ok(path) = self.changes.recv_timeout(QUIET) {
            changed.insert(path);
        }
        Some(changed.into_iter().collect())
    }
}

/// What editors put beside a file while they save it.
fn is_passing(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.starts_with('#') || name.starts_with("~$") || name.ends_with('~') || name == "4913"
}
