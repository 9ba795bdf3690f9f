//! Why a site could not be written, in sentences a person can act on.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::language::Language;
use crate::site::{Claimed, RenderError, SitePath};

/// Why nothing was written. Unless it says otherwise the old site stands as it stood.
#[derive(Debug)]
pub enum WriteError {
    /// The folder holds something that this program did not write.
    NotOurs(PathBuf),
    /// The folder holds a version control folder, which a new site would take away.
    Versioned(PathBuf),
    /// A path of the site that no file system should be given.
    BadPath(SitePath),
    /// A path of the site that is a file and a folder at once.
    FileAndFolder(SitePath),
    /// What is made last wants paths that are taken.
    Claimed(Vec<Claimed>),
    /// A page could not be rendered.
    Render(RenderError),
    /// What is made last could not be made: a sentence.
    Last(String),
    /// The disk said no.
    Disk {
        /// What was being done.
        doing: Doing,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What was being done when the disk said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Waiting for, taking or giving back the lock.
    Lock,
    /// Looking at what is there already.
    Look,
    /// Preparing the new site beside the old one.
    Stage,
    /// Waiting until the disk really has it.
    Flush,
    /// Putting the new site in the place of the old one.
    Exchange,
    /// Removing what is no longer needed; when a new site was written, it is in place already.
    Clean,
}

impl WriteError {
    /// Wraps what the system said, for `map_err`.
    pub(crate) fn disk(doing: Doing, path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Disk { doing, path: path.to_path_buf(), source }
    }

    /// The error as one or two sentences.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::NotOurs(path) => {
                let path = path.display();
                language.pick(
                    format!("{path} 里有别的内容，不是 yima 写的，为免误删没有动它。请换一个文件夹，或先自行清空。"),
                    format!(
                        "{path} holds files that yima did not write, so nothing was touched. \
                         Name another folder, or empty this one yourself."
                    ),
                )
            }
            Self::Versioned(path) => {
                let path = path.display();
                language.pick(
                    format!("输出文件夹里有版本库 {path}，整体更换网站会把它丢掉。请换一个输出文件夹。"),
                    format!(
                        "The output folder holds the repository {path}, which replacing the site would take away. \
                         Name another output folder."
                    ),
                )
            }
            Self::BadPath(path) => language.pick(
                format!("网站路径 {:?} 不能作为文件名，什么都没有写。", path.as_str()),
                format!("The site path {:?} cannot be a file name; nothing was written.", path.as_str()),
            ),
            Self::FileAndFolder(path) => language.pick(
                format!("网站路径 {path} 既是文件又是文件夹，什么都没有写。"),
                format!("The site path {path} is both a file and a folder; nothing was written."),
            ),
            Self::Claimed(claimed) => {
                let paths: Vec<&str> = claimed.iter().map(|claimed| claimed.path.as_str()).collect();
                let paths = paths.join(" ");
                language.pick(
                    format!("这些网站路径留给发布数据，不能作别用：{paths}。什么都没有写。"),
                    format!("These site paths are kept for the release: {paths}; nothing was written."),
                )
            }
            Self::Last(why) => language.pick(
                format!("发布数据没有做成：{why}。什么都没有写。"),
                format!("The release could not be made: {why}; nothing was written."),
            ),
            Self::Render(error) => language.pick(
                format!("页面生成失败（程序或模板的问题，不是内容的问题）：{error}"),
                format!("A page could not be rendered (a fault of program or template, not of content): {error}"),
            ),
            Self::Disk { doing, path, source } => {
                let (path, reason, state) = (path.display(), reason(source, language), doing.state(language));
                language.pick(
                    format!("{}失败：{path}：{reason}。{state}", doing.name(language)),
                    format!("{} failed: {path}: {reason}. {state}", doing.name(language)),
                )
            }
        }
    }
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for WriteError {}

impl Doing {
    fn name(self, language: Language) -> &'static str {
        match self {
            Self::Lock => language.pick("取得构建锁", "Taking the build lock"),
            Self::Look => language.pick("查看已有网站", "Looking at the existing site"),
            Self::Stage => language.pick("写入新网站", "Writing the new site"),
            Self::Flush => language.pick("把新网站存到磁盘", "Flushing the new site to the disk"),
            Self::Exchange => language.pick("换上新网站", "Putting the new site in place"),
            Self::Clean => language.pick("清理旧文件", "Removing old files"),
        }
    }

    fn state(self, language: Language) -> &'static str {
        match self {
            Self::Clean => {
                language.pick("网站是完整的，下次构建会再清理。", "The site is whole; the next build cleans up.")
            }
            _ => language.pick("原有网站没有变动。", "The old site is untouched."),
        }
    }
}

/// What the system said, in words of everyday use where there are some.
fn reason(error: &io::Error, language: Language) -> String {
    let words = match error.kind() {
        ErrorKind::StorageFull => language.pick("磁盘已满", "the disk is full"),
        ErrorKind::QuotaExceeded => language.pick("超出磁盘配额", "the disk quota is used up"),
        ErrorKind::PermissionDenied => language.pick("没有权限", "permission denied"),
        ErrorKind::ReadOnlyFilesystem => language.pick("文件系统只读", "the file system is read-only"),
        ErrorKind::NotFound => language.pick("找不到", "not found"),
        ErrorKind::NotADirectory => language.pick("不是文件夹", "not a folder"),
        ErrorKind::ResourceBusy => language
            .pick("正被占用（挂载点请改用它下面的文件夹）", "in use (for a mount point, name a folder below it)"),
        _ => return error.to_string(),
    };
    words.to_owned()
}
