//! Why a kiosk takes no update, each reason one sentence for whoever stands in front of it.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use yima_pack::{NoteError, ReleaseError};

use crate::language::Language;

/// Why an update was refused. Whatever it is, the release that is held goes on working.
#[derive(Debug)]
pub enum Refusal {
    /// The folder was not made by `yima kiosk init`.
    NotSetUp(PathBuf),
    /// It was, before.
    SetUpAlready(PathBuf),
    /// A file of public keys that holds none, or something else.
    BadKeys(PathBuf),
    /// Another import is writing.
    Busy,
    /// There is no such folder to read from.
    NoFolder(PathBuf),
    /// It has no `release.note`.
    NoNote,
    /// The note is no note.
    BadNote,
    /// Nobody has signed it.
    NoSignature,
    /// Only others have signed it.
    Foreign,
    /// The signature does not fit.
    Forged,
    /// It is of another site: of theirs, ours.
    OtherHost(String, String),
    /// It is older than what is held: its number, the number held.
    NotNewer(u64, u64),
    /// It was rolled back here before: its number.
    RolledBack(u64),
    /// It has the number of the release that is held and is another one.
    SameNumber(u64),
    /// It tells readers to hold nothing; a kiosk is switched off by hand.
    Retire,
    /// The manifest was written by a program of another version.
    OtherVersion,
    /// The manifest is none.
    BadManifest,
    /// The manifest names a path that leaves the folder.
    BadPath(String),
    /// A file is not there.
    Missing(String),
    /// A link, a device, a folder where a file belongs.
    NotAFile(String),
    /// A file is not the one the manifest names.
    Wrong(String),
    /// All of it is larger than a kiosk takes: bytes.
    TooBig(u64),
    /// The disk has less room than it needs: needed, free.
    NoRoom(u64, u64),
    /// There is no earlier release.
    NothingBefore,
    /// The stick could not be read.
    Read(String, io::Error),
    /// The disk could not be written.
    Write(PathBuf, io::Error),
}

impl Refusal {
    /// The refusal as one sentence, which also says that nothing has changed.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let (chinese, english) = self.words();
        language.pick(
            format!("{chinese}，本机原有数据没有变动。"),
            format!("{english}; what this machine holds is unchanged."),
        )
    }

    /// Reason in both languages, without what follows from it.
    #[must_use]
    pub fn words(&self) -> (String, String) {
        let both = |chinese: &str, english: &str| (chinese.to_owned(), english.to_owned());
        match self {
            Self::NotSetUp(folder) => {
                let folder = folder.display();
                (
                    format!("{folder} 还不是自助机的数据文件夹，先运行 yima kiosk init {folder} --key 公钥文件"),
                    format!("{folder} is no kiosk's folder yet: first run yima kiosk init {folder} --key KEYFILE"),
                )
            }
            Self::SetUpAlready(folder) => (
                format!("{0} 已经是自助机的数据文件夹，要换公钥请直接改 {0}/keys.txt", folder.display()),
                format!("{0} is a kiosk's folder already: to change keys edit {0}/keys.txt", folder.display()),
            ),
            Self::BadKeys(path) => (
                format!("{} 里应当每行一把公钥，现在不是", path.display()),
                format!("{} should hold one public key a line and does not", path.display()),
            ),
            Self::Busy => both("另一次导入正在进行", "another import is under way"),
            Self::NoFolder(path) => {
                (format!("没有文件夹 {}", path.display()), format!("there is no folder {}", path.display()))
            }
            Self::NoNote => both(
                "里面没有 release.note，不是一码的更新盘",
                "there is no release.note, so this is no update of Yima",
            ),
            Self::BadNote => both(
                "release.note 的格式不对，可能没有写完",
                "release.note is malformed, maybe it was not written to the end",
            ),
            Self::NoSignature => both("release.note 没有签名", "release.note is not signed"),
            Self::Foreign => both(
                "release.note 不是用本机信任的密钥签的",
                "release.note is not signed with a key that this machine trusts",
            ),
            Self::Forged => both(
                "release.note 的签名不符，内容被改过",
                "the signature of release.note does not fit, so it has been altered",
            ),
            Self::OtherHost(theirs, ours) => (
                format!("这是另一个网站 {theirs} 的数据，本机是 {ours}"),
                format!("this is the data of another site, {theirs}, and this machine is for {ours}"),
            ),
            Self::NotNewer(offered, held) => (
                format!("这是第 {offered} 号发布，不比本机的第 {held} 号新"),
                format!("this is release {offered}, which is not newer than release {held} held here"),
            ),
            Self::RolledBack(number) => (
                format!("第 {number} 号发布在本机退回过，要重新启用请运行 yima kiosk rollback --undo"),
                format!("release {number} was rolled back here, to take it again run yima kiosk rollback --undo"),
            ),
            Self::SameNumber(number) => (
                format!("这份第 {number} 号发布与本机的第 {number} 号内容不同"),
                format!("this release {number} is not the release {number} held here"),
            ),
            Self::Retire => both(
                "这是停用通知，不含数据，要停用自助机请关闭它的服务",
                "this is a notice of retirement without data, to retire a kiosk stop its service",
            ),
            Self::OtherVersion => both(
                "清单是另一个版本的程序写的，请先更新本机的程序",
                "the manifest is of another version, update the program here first",
            ),
            Self::BadManifest => both("发布清单的格式不对", "the manifest is malformed"),
            Self::BadPath(path) => (
                format!("清单里的路径 {path:?} 不能用"),
                format!("the manifest names {path:?}, which is no path for a file"),
            ),
            Self::Missing(path) => (format!("缺少文件 {path}"), format!("the file {path} is missing")),
            Self::NotAFile(path) => (
                format!("{path} 是链接或特殊文件，不是普通文件"),
                format!("{path} is a link or a special file, not a plain one"),
            ),
            Self::Wrong(path) => (
                format!("{path} 与签名的清单不符，可能损坏或没有写完"),
                format!("{path} is not the file the signed manifest names, maybe damaged or not written to the end"),
            ),
            Self::TooBig(bytes) => (
                format!("这份更新有 {}，超过上限", megabytes(*bytes)),
                format!("this update has {}, more than is taken", megabytes(*bytes)),
            ),
            Self::NoRoom(needed, free) => (
                format!("磁盘只剩 {}，这份更新需要 {}", megabytes(*free), megabytes(*needed)),
                format!("the disk has {} left, this update needs {}", megabytes(*free), megabytes(*needed)),
            ),
            Self::NothingBefore => both("本机没有更早的发布可以退回", "there is no earlier release to go back to"),
            Self::Read(path, error) => {
                let (chinese, english) = system(error);
                (format!("读不出 {path}：{chinese}"), format!("{path} cannot be read: {english}"))
            }
            Self::Write(path, error) => {
                let (chinese, english, path) = {
                    let (c, e) = system(error);
                    (c, e, path.display())
                };
                (format!("写不了 {path}：{chinese}"), format!("{path} cannot be written: {english}"))
            }
        }
    }

    /// Wraps what the system said about the kiosk's own folder, for `map_err`.
    pub(super) fn write(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Write(path.to_path_buf(), error)
    }

    /// What a note or a manifest that was refused says to a kiosk for `host`.
    pub(super) fn of(error: ReleaseError, host: &str) -> Self {
        match error {
            ReleaseError::Note(NoteError::Unsigned) => Self::Foreign,
            ReleaseError::Note(NoteError::Forged) => Self::Forged,
            ReleaseError::Note(_) => Self::BadNote,
            ReleaseError::OtherHost(theirs) => Self::OtherHost(theirs, host.to_owned()),
            ReleaseError::NotNewer { offered, held } => Self::NotNewer(offered, held),
            ReleaseError::WrongObject { path } => Self::Wrong(path),
            ReleaseError::OtherVersion => Self::OtherVersion,
            ReleaseError::Malformed => Self::BadManifest,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for Refusal {}

/// `11.3 MB`.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// What the system said, in everyday words where there are some.
fn system(error: &io::Error) -> (String, String) {
    let (chinese, english) = match error.kind() {
        ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
        ErrorKind::QuotaExceeded => ("超出磁盘配额", "the disk quota is used up"),
        ErrorKind::PermissionDenied => ("没有权限", "permission denied"),
        ErrorKind::ReadOnlyFilesystem => ("文件系统只读", "the file system is read-only"),
        ErrorKind::NotFound => ("找不到", "not found"),
        _ => return (error.to_string(), error.to_string()),
    };
    (chinese.to_owned(), english.to_owned())
}
