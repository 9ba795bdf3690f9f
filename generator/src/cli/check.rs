//! `yima check`: every mistake in the content.

use super::{Common, Failure};
use crate::project::{NewCodes, load};
use crate::source;

pub(super) fn run(common: &Common) -> Result<(), Failure> {
    let options = common.options(None, NewCodes::Refuse)?;
    let loaded = common.with_threads(|| load(&options))?.map_err(Failure::trouble)?;
    let wrong = loaded.mistakes.errors() > 0 || loaded.project.is_none();
    let report = source::report(&options.content, loaded.mistakes);
    common.tell(&report, &mut std::io::stdout())?;
    if wrong { Err(Failure::Mistakes) } else { Ok(()) }
}
