//! A stick, or any folder laid out as the host is: opened file by file, trusting nothing.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

pub(super) use yima_pack::note::MAX_NOTE;
pub(super) use yima_pack::release::NOTE;

use yima_pack::Reader;

use super::refusal::Refusal;

/// The folder an update is read from.
#[derive(Debug)]
pub(super) struct Stick {
    root: PathBuf,
}

impl Stick {
    /// The stick that is mounted at `root`.
    pub(super) fn open(root: &Path) -> Result<Self, Refusal> {
        if root.is_dir() { Ok(Self { root: root.to_owned() }) } else { Err(Refusal::NoFolder(root.to_owned())) }
    }

    /// Opens the plain file at `path`, through no link. What a link might do between the look and the opening does not
    /// matter: bytes are taken only when their digest is right.
    pub(super) fn file(&self, path: &str) -> Result<File, Refusal> {
        if !is_below(path) {
            return Err(Refusal::BadPath(path.to_owned()));
        }
        let mut here = self.root.clone();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            here.push(part);
            let kind = here.symlink_metadata().map_err(|error| no_file(path, error))?.file_type();
            if !(if parts.peek().is_some() { kind.is_dir() } else { kind.is_file() }) {
                return Err(Refusal::NotAFile(path.to_owned()));
            }
        }
        options().open(&here).map_err(|error| no_file(path, error))
    }

    /// The bytes of a file that has `length` of them; one that is longer or shorter is not the file.
    pub(super) fn bytes(&self, path: &str, length: usize) -> Result<Vec<u8>, Refusal> {
        let bytes = self.up_to(path, length)?;
        if bytes.len() == length { Ok(bytes) } else { Err(Refusal::Wrong(path.to_owned())) }
    }

    /// Reads the lists of files that a release has.
    pub(super) fn lists(&self, reader: &mut Reader, host: &str) -> Result<(), Refusal> {
        for list in reader.manifest().unknown().collect::<Vec<_>>() {
            let object = reader.manifest().objects.get(list).ok_or(Refusal::BadManifest)?;
            let bytes = self.bytes(&object.path, object.length)?;
            reader.supply(list, bytes).map_err(|error| Refusal::of(error, host))?;
        }
        Ok(())
    }

    /// The signed note as it stands.
    pub(super) fn note(&self) -> Result<String, Refusal> {
        let bytes = self.up_to(NOTE, MAX_NOTE).map_err(|refusal| match refusal {
            Refusal::Missing(_) => Refusal::NoNote,
            other => other,
        })?;
        if bytes.len() > MAX_NOTE {
            return Err(Refusal::BadNote);
        }
        String::from_utf8(bytes).map_err(|_| Refusal::BadNote)
    }

    /// At most one byte more than `most`, so that a longer file is seen and never read to its end.
    fn up_to(&self, path: &str, most: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let file = self.file(path)?;
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| Refusal::Read(path.to_owned(), error))?;
        Ok(bytes)
    }
}

/// Whether a path of a manifest stays below the folder it is joined to, on every system.
pub(super) fn is_below(path: &str) -> bool {
    let odd = |ch: char| ch.is_control() || ch == '\\' || ch == ':';
    let fine = |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255 && !part.contains(odd);
    path.len() <= 4096 && path.split('/').all(fine)
}

fn no_file(path: &str, error: std::io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
            Refusal::Missing(path.to_owned())
        }
        _ => Refusal::Read(path.to_owned(), error),
    }
}

/// Follows no link, waits for no pipe.
#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn no_path_leaves_the_stick() {
        for good in ["release.note", "release/00ff", "attachment/租房/申请 表.pdf", ".well-known/security.txt"] {
            assert!(is_below(good), "{good}");
        }
        let long = "x".repeat(256);
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".", "a\\b", "C:/x", "a\0b", "a\nb", &long] {
            assert!(!is_below(bad), "{bad:?}");
        }
    }
}
