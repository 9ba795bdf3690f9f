//! `yima export`: the city's questions as the table of a 12345 knowledge base.

use std::path::PathBuf;

use super::terminal::say;
use super::{Common, Failure};
use crate::project::{NewCodes, load};
use crate::{export, source, write};

/// What was typed after `yima export`.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// 写到哪个文件；扩展名决定形式：.csv 或 .xlsx / the file to write, .csv or .xlsx
    #[arg(long, value_name = "FILE", value_parser = table)]
    to: PathBuf,
}

fn table(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv" | "xlsx") => Ok(path),
        // In both languages: which one was asked for is not known while options are being read.
        _ => Err("扩展名写 .csv 或 .xlsx / end the name in .csv or .xlsx".to_owned()),
    }
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let options = common.options(None, NewCodes::Provisional)?;
    let loaded = common.with_threads(|| load(&options))?.map_err(Failure::trouble)?;
    let wrong = loaded.mistakes.errors() > 0;
    let Some(project) = loaded.project.filter(|_| !wrong) else {
        let report = source::report(&options.content, loaded.mistakes);
        common.tell(&report, &mut std::io::stderr())?;
        return Err(Failure::Mistakes);
    };
    let is_csv = args.to.extension().is_some_and(|ending| ending == "csv");
    let bytes = if is_csv {
        export::csv(&project.city).map_err(Failure::trouble)?
    } else {
        export::xlsx(&project.city).map_err(Failure::trouble)?
    };
    let shown = args.to.display();
    write::replace(&args.to, &bytes).map_err(|error| Failure::Trouble(format!("{shown}: {error}")))?;
    let count = project.city.questions.len();
    say(&common.lang.pick(format!("{count} 条问答写到了 {shown}"), format!("{count} questions written to {shown}")));
    Ok(())
}
