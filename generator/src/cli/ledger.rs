//! `yima codes`: carries out what [`super::codes`] decides.

use std::io::{self, Write as _};

use super::terminal::{say, unless_closed};
use super::{Common, Failure, codes};
use crate::project::{NewCodes, load};
use crate::{source, write};

pub(super) fn run(common: &Common, args: &codes::Args) -> Result<(), Failure> {
    let options = common.options(None, NewCodes::Provisional)?;
    let loaded = common.with_threads(|| load(&options))?.map_err(Failure::trouble)?;
    let doubtful = loaded.mistakes.errors() > 0;
    let Some(project) = loaded.project.filter(|_| !doubtful || args.look.is_some()) else {
        let report = source::report(&options.content, loaded.mistakes);
        common.tell(&report, &mut io::stderr())?;
        say(common
            .lang
            .pick("码没有改动：先改正上面的错误。", "No code was changed: correct the mistakes above first."));
        return Err(Failure::Mistakes);
    };
    #[expect(clippy::disallowed_methods, reason = "a file that was named on the command line, not content")]
    let published = match &args.published {
        Some(path) => {
            Some(std::fs::read(path).map_err(|error| Failure::Trouble(format!("{}: {error}", path.display())))?)
        }
        None => None,
    };
    let outcome = codes::run(
        args,
        &codes::Input {
            city: &project.city,
            ledger: &project.ledger,
            new: &project.new_codes,
            published: published.as_deref(),
            language: common.lang,
        },
    );
    if let Some(lines) = &outcome.append {
        let ledger = common.content.join("codes.csv");
        write::append(&ledger, lines.as_bytes()).map_err(|error| disk(&ledger, &error))?;
    }
    match (&outcome.document, &args.output) {
        (Some(document), Some(path)) => {
            write::replace(path, document.as_bytes()).map_err(|error| disk(path, &error))?;
            say(outcome.said.trim_end());
        }
        (Some(document), None) => {
            unless_closed(io::stdout().write_all(document.as_bytes()))?;
            say(outcome.said.trim_end());
        }
        (None, _) => unless_closed(io::stdout().write_all(outcome.said.as_bytes()))?,
    }
    if outcome.mistakes { Err(Failure::Mistakes) } else { Ok(()) }
}

fn disk(path: &std::path::Path, error: &io::Error) -> Failure {
    Failure::Trouble(format!("{}: {error}", path.display()))
}
