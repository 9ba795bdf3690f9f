//! Why an import could not be carried out, in sentences a person can act on.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::source::ReadError;

/// An import that could not be carried out.
#[derive(Debug)]
pub enum ImportError {
    /// The mapping, the input or the content folder cannot be read.
    Read(ReadError),
    /// The input broke off.
    Input {
        /// Which file.
        path: PathBuf,
        /// After how many lines.
        line: u32,
        /// What the system said.
        error: io::Error,
    },
    /// A file cannot be written.
    Write {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Something stands there already.
    NotEmpty(PathBuf),
    /// Not a place for a folder.
    NotAFolder(PathBuf),
    /// A new content folder needs settings, and the mapping has none.
    NoSite,
}

impl ImportError {
    /// What a failed write becomes.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + 'static {
        let path = path.to_owned();
        |error| Self::Write { path, error }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Input { path, line, error } => {
                let path = path.display();
                write!(
                    f,
                    "{path} 在第 {line} 行之后读不下去：{error}；修好后可以照样重来 (input broke off; import again once it is whole)"
                )
            }
            Self::Write { path, error } => write!(f, "写不了 {}：{error} (cannot write)", path.display()),
            Self::NotEmpty(path) => {
                let path = path.display();
                write!(f, "{path} 里已有内容；换一个文件夹，或加 --merge 并入 (not empty; use --merge to add to it)")
            }
            Self::NotAFolder(path) => write!(f, "{} 不能作为文件夹 (not a folder)", path.display()),
            Self::NoSite => f.write_str("新的内容文件夹要有站点设置：在映射里写 [site] (the mapping needs [site])"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
