//! A site to serve: a thread that owns it and hands out its files.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::File as DiskFile;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

/// A file and the tag by which a browser knows it again.
#[derive(Clone, Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Bytes,
    /// Half of their SHA-256, in hex.
    pub tag: String,
}

/// A file, or that there is none, or why it could not be made.
pub type Found = Result<Option<File>, String>;

/// How many files are kept as they were last made.
const KEPT: usize = 128;

/// The way to the thread that owns a site. The thread ends when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Shelf(mpsc::Sender<Question>);

struct Question {
    path: String,
    answer: oneshot::Sender<Found>,
}

/// The questions that come to the owner of a site.
pub struct Questions(mpsc::Receiver<Question>);

impl Shelf {
    /// Starts a thread that runs `owner`. It makes whatever the site needs on its own stack, pages that borrow from the
    /// city among it, and then gives [`Questions::answer`] the way to a file.
    pub fn start(owner: impl FnOnce(Questions) + Send + 'static) -> Self {
        let (ask, questions) = mpsc::channel();
        std::thread::spawn(move || owner(Questions(questions)));
        Self(ask)
    }

    /// Serves a folder as it stands on the disk.
    #[must_use]
    pub fn folder(root: PathBuf) -> Self {
        Self::start(move |questions| questions.answer_fresh(|path| read(&root, path)))
    }

    /// The file at a site path.
    pub async fn get(&self, path: &str) -> Found {
        let (answer, found) = oneshot::channel();
        let gone = || "the thread that makes the pages has ended".to_owned();
        self.0.send(Question { path: path.to_owned(), answer }).map_err(|_| gone())?;
        found.await.map_err(|_| gone())?
    }
}

impl Questions {
    /// Answers until nobody can ask any more. What was made lately is not made again.
    pub fn answer(self, mut make: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>) {
        let mut kept: VecDeque<(String, File)> = VecDeque::with_capacity(KEPT);
        for Question { path, answer } in self.0 {
            let known = kept.iter().find(|(kept, _)| *kept == path).map(|(_, file)| file.clone());
            let found = match known {
                Some(file) => Ok(Some(file)),
                None => make(&path).map(|bytes| bytes.map(File::new)),
            };
            if let Ok(Some(file)) = &found {
                kept.retain(|(kept, _)| *kept != path);
                kept.truncate(KEPT - 1);
                kept.push_front((path, file.clone()));
            }
            // The browser may have gone away meanwhile.
            let _ = answer.send(found);
        }
    }

    /// Answers, and makes every file anew.
    fn answer_fresh(self, mut make: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>) {
        for Question { path, answer } in self.0 {
            let _ = answer.send(make(&path).map(|bytes| bytes.map(File::new)));
        }
    }
}

impl File {
    /// A file with its tag.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let mut tag = String::with_capacity(32);
        for byte in Sha256::digest(&bytes).iter().take(16) {
            let _ = write!(tag, "{byte:02x}");
        }
        Self { bytes: bytes.into(), tag }
    }
}

/// A file below `root`. `path` has been checked: it names no folder above.
fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>, String> {
    let path = root.join(path);
    let mut bytes = Vec::new();
    match DiskFile::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::InvalidFilename => {
                Ok(None)
            }
            _ => Err(format!("{}: {error}", path.display())),
        },
    }
}
