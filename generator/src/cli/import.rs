//! `yima import`: records of another system become a content folder.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::terminal::unless_closed;
use super::{Common, Failure, Format};
use crate::import::{Options, import};

/// What was typed after `yima import`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// 映射：哪个字段变成哪个键；写法见 docs/import.md。不写则按 12345 知识库的列名 / which field becomes which key
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// 数据：JSON Lines（可以是 gzip）、CSV 或 XLSX / the rows: JSON Lines (plain or gzip), CSV or XLSX
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// 写到哪个内容文件夹；必须不存在或为空 / the content folder to make
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// 并入已有的内容文件夹，不改其中已有的文件 / add to a folder that holds content already
    #[arg(long)]
    merge: bool,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let Args { mapping, from, into, merge } = args.clone();
    let options = Options { mapping, from, into, merge };
    let outcome = common.with_threads(|| import(&options))?.map_err(Failure::trouble)?;
    let told = match common.format {
        Format::Json => outcome.json(common.lang),
        Format::Text => format!("{}\n{}", outcome.report.text(common.lang), outcome.summary(common.lang)),
    };
    unless_closed(io::stdout().write_all(told.as_bytes()))?;
    if outcome.is_clean() { Ok(()) } else { Err(Failure::Mistakes) }
}
