//! Standard output and standard error.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Failure;
use crate::language::Language;
use crate::write::Notice;

/// A reader that went away (`yima check | head`) is no trouble of ours.
pub(super) fn unless_closed(told: io::Result<()>) -> Result<(), Failure> {
    match told {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::trouble(error)),
        _ => Ok(()),
    }
}

/// A line for the user on standard error.
pub(super) fn say(text: &str) {
    // When standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Shows how far a build is, in one line that is written over again; nothing when nobody watches.
pub(super) struct Progress {
    shown: bool,
    language: Language,
    percent: AtomicUsize,
}

impl Progress {
    pub(super) fn new(language: Language) -> Self {
        Self { shown: io::stderr().is_terminal(), language, percent: AtomicUsize::new(usize::MAX) }
    }

    pub(super) fn hear(&self, notice: Notice) {
        match notice {
            Notice::Waiting => say(self.language.pick(
                "另一个构建正在写同一个文件夹，等它完成……",
                "Another build is writing the same folder; waiting for it …",
            )),
            Notice::Rendered { done, total } => {
                let percent = done * 100 / total.max(1);
                if self.shown && self.percent.swap(percent, Ordering::Relaxed) != percent {
                    let words = self.language.pick("生成页面", "Rendering");
                    let end = if done == total { "\r\u{1b}[K" } else { "" };
                    let _ = write!(io::stderr(), "\r{words} {done}/{total} ({percent}%){end}");
                }
            }
        }
    }
}
