//! Fetches one file, and words what may go wrong.

use core::fmt;

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Uint8Array;
use web_sys::{RequestCache, RequestInit, Response};
use yima_search::DecodeError;
use yima_search::index::Single;
use yima_search::session::File;

use crate::browser;

/// A file other than the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A shard, a text, or faces.
    File(File),
    /// One of which there is one.
    Single(Single),
}

/// Why a file is not there. Its text is for the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoadError {
    /// The page names no file.
    NotNamed,
    /// The site was built anew meanwhile, and the new files are being fetched: what was asked is to be asked again.
    Renewed,
    /// No network, or the host did not answer.
    Unreachable {
        /// Whether the device knows that it is offline.
        offline: bool,
    },
    /// The host answered with this status.
    Status(u16),
    /// The bytes are nothing that this program reads.
    Bytes(DecodeError),
}

/// What a person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Load the page again: page and data come from different builds.
    Reload,
    /// Fetch again, past every cache.
    Retry,
}

impl LoadError {
    /// Whether the host says that there is no such file: another build has other names. Pages that hosts send instead
    /// of a status count as well.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self, Self::Status(404 | 410) | Self::Bytes(DecodeError::Foreign))
    }

    /// What helps.
    pub(crate) const fn remedy(&self) -> Remedy {
        match self {
            Self::NotNamed
            | Self::Renewed
            | Self::Status(404 | 410)
            | Self::Bytes(DecodeError::Foreign | DecodeError::OtherVersion { .. }) => Remedy::Reload,
            Self::Unreachable { .. } | Self::Status(_) | Self::Bytes(_) => Remedy::Retry,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { offline: true } => write!(f, "现在没有网络，查找和筛选暂不可用。"),
            Self::Unreachable { offline: false } => write!(f, "网站没有回应，查找和筛选暂不可用。"),
            Self::NotNamed | Self::Renewed | Self::Status(404 | 410) => write!(f, "页面已更新，请刷新。"),
            Self::Status(status) => write!(f, "网站暂时不能提供目录数据（{status}）。"),
            Self::Bytes(error @ (DecodeError::Foreign | DecodeError::OtherVersion { .. })) => {
                write!(f, "页面已更新，请刷新。（{error}）")
            }
            Self::Bytes(error) => write!(f, "{error}。"),
        }
    }
}

/// Fetches a file; `again` passes every cache by.
pub(crate) async fn fetch(address: &str, again: bool) -> Result<Vec<u8>, LoadError> {
    let unreachable = |_| LoadError::Unreachable { offline: browser::is_offline() };
    let options = RequestInit::new();
    options.set_cache(if again { RequestCache::Reload } else { RequestCache::Default });
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &options)).await.map_err(unreachable)?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(LoadError::Status(response.status()));
    }
    let bytes = response.array_buffer().map_err(unreachable)?;
    let bytes = JsFuture::from(bytes).await.map_err(unreachable)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_a_sentence_and_a_way_on() {
        let version = DecodeError::OtherVersion { found: 2, wanted: 1 };
        let cases = [
            (LoadError::NotNamed, Remedy::Reload, "页面已更新，请刷新。"),
            (LoadError::Status(404), Remedy::Reload, "页面已更新，请刷新。"),
            (LoadError::Status(503), Remedy::Retry, "网站暂时不能提供目录数据（503）。"),
            (LoadError::Unreachable { offline: true }, Remedy::Retry, "现在没有网络，查找和筛选暂不可用。"),
            (LoadError::Unreachable { offline: false }, Remedy::Retry, "网站没有回应，查找和筛选暂不可用。"),
            (
                LoadError::Bytes(version),
                Remedy::Reload,
                "页面已更新，请刷新。（目录数据是第 2 版，本页程序需要第 1 版）",
            ),
            (LoadError::Bytes(DecodeError::Damaged), Remedy::Retry, "目录数据损坏：校验值不符。"),
        ];
        for (error, remedy, sentence) in cases {
            assert_eq!(error.remedy(), remedy, "{error:?}");
            assert_eq!(error.to_string(), sentence);
        }
    }
}
