//! Single files outside the site: what a command makes for its user.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

/// Makes a new file, and the folders it stands in. A file that is there already stays as it is.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] for a file that is there already; whatever else the disk says.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(path)?;
    File::create_new(path)?.write_all(bytes)
}

/// Makes a new file that nobody but its owner may read. A file that is there already stays as it is.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] for a file that is there already; whatever else the disk says.
pub fn secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Adds to the end of a file in one write, and makes the file when it is not there.
///
/// # Errors
/// What the disk says; on a full disk the file keeps its old length.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(path)?;
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let length = file.metadata()?.len();
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half a line would be worse than none. When this fails too, the error of the write is the one to tell.
        let _ = file.set_len(length);
    })
}

/// Writes a file in the place of one that may be there; whoever reads it sees the old one or the new one.
///
/// # Errors
/// What the disk says; the old file stays.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(path)?;
    let Some(name) = path.file_name() else { return Err(ErrorKind::InvalidFilename.into()) };
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(".yima-new");
    let new = path.with_file_name(beside);
    File::create(&new).and_then(|mut file| file.write_all(bytes)).and_then(|()| fs::rename(&new, path)).inspect_err(
        |_| {
            // The error of the write is the one to tell.
            let _ = fs::remove_file(&new);
        },
    )
}

fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_added_to_and_replaced() {
        let temp = tempfile::TempDir::new().unwrap();
        let path = temp.path().join("a/b.txt");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), ErrorKind::AlreadyExists);
        append(&path, b", two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one, two");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(temp.path().join("a")).unwrap().count(), 1);
    }
}
