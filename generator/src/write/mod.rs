//! The site goes to the disk, all or nothing.
//!
//! 1. [`lock`]: one build at a time
//! 2. [`place`]: whose folder is it, what did a killed build leave
//! 3. [`present`]: what stands there already
//! 4. [`stage`]: render every entry, compare it with the file of the same name, stage what differs
//! 5. [`Last`]: what is made of the finished files is staged like them; then what did not differ is linked
//! 6. [`place`]: exchange the staged folder with the old one in one step, keep the old one as a spare
//!
//! When nothing differs, steps 4 to 6 stage and move nothing. A kill at any moment leaves the whole old or the whole
//! new site.

mod error;
mod lock;
mod place;
mod present;
mod single;
mod stage;
#[cfg(test)]
mod tests;

use std::path::Path;

use rayon::ThreadPoolBuilder;

pub use error::{Doing, WriteError};
pub use place::MARKER;
pub use single::{append, create, replace, secret};
pub use stage::Digest;

use crate::site::{Render, Site, SitePath};
use lock::Lock;
use place::Place;
use present::Present;
use stage::Staging;

/// How to write.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Threads that render and write; 0 for one per core. Called on a thread of a pool, it works on that pool.
    pub threads: usize,
    /// Wait until the disk really has the new site before it takes the place of the old one. Without it a power cut,
    /// but not a kill, may leave empty files.
    pub durable: bool,
    /// Compute [`Written::digest`].
    pub digest: bool,
    /// The folder was given to be replaced, whatever it holds: a build step that owns it handed it over.
    pub given: bool,
    /// Hears how it goes.
    pub notice: &'a (dyn Fn(Notice) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { threads: 0, durable: true, digest: false, given: false, notice: &|_| {} }
    }
}

/// What [`Options::notice`] hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Another build holds the lock; this one waits.
    Waiting,
    /// So many entries were rendered, now and then.
    Rendered {
        /// So far.
        done: usize,
        /// Of how many.
        total: usize,
    },
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files of the site.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were new or differed.
    pub written: usize,
    /// Files that were left as they stood.
    pub unchanged: usize,
    /// Files of the old site that the new one does not have.
    pub removed: usize,
    /// Digest of the whole site, when asked for.
    pub digest: Option<Digest>,
}

/// What is made last, of the files of the finished site.
pub trait Last<R>: Sync {
    /// The files to add. `site` is the site without them, `changed` whether any of its files differs from the one that
    /// stands in the output folder; `finished` gives a file of the site as it will stand, and `before` one of the site
    /// that stands there now, none when it has no such file.
    ///
    /// # Errors
    /// What went wrong, as a sentence.
    fn make(
        &self,
        site: &Site<R>,
        changed: bool,
        finished: &(dyn Fn(&str) -> std::io::Result<Vec<u8>> + Sync),
        before: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String>;
}

/// Nothing is made last.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl<R> Last<R> for Nothing {
    fn make(
        &self,
        _: &Site<R>,
        _: bool,
        _: &(dyn Fn(&str) -> std::io::Result<Vec<u8>> + Sync),
        _: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        Ok(Vec::new())
    }
}

/// Puts `site` at `out`, so that the folder holds the site, [`MARKER`] and nothing else.
///
/// Pages are rendered on several threads and go to the disk one by one; memory does not grow with the site's bytes.
/// A file whose bytes are right already keeps its modification time.
///
/// # Errors
/// [`WriteError`]; the old site stands untouched, whole, unless the error says that only cleaning up failed.
pub fn write<R: Render>(
    site: &Site<R::Recipe>,
    render: &R,
    out: &Path,
    last: &impl Last<R::Recipe>,
    options: Options<'_>,
) -> Result<Written, WriteError> {
    stage::check_paths(site)?;
    let place = Place::of(out)?;
    let _lock = Lock::take(place.lock.clone(), || (options.notice)(Notice::Waiting))?;
    place.recover()?;
    let ours = place.holds_site(options.given)?;
    let work = || {
        let present = Present::look(&place.out)?;
        let staging = Staging::new(site, &place);
        let written = stage::draft(&staging, render, &present, options).and_then(|draft| {
            let (site, draft) = stage::finish(&staging, &present, draft, last, options)?;
            if !(ours && draft.is_present(&present)) {
                let cheap = stage::complete(&staging, &site, &present, &draft, options)?;
                place.exchange(options.durable, ours && cheap)?;
            }
            Ok(draft.sum(&present))
        });
        // After an error give the disk its space back; what cannot be removed now is removed at the next start.
        if written.is_err() && place.spare.join(MARKER).exists() {
            let _ = place::remove(&place.spare);
        }
        written
    };
    if rayon::current_thread_index().is_some() {
        return work();
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|error| WriteError::disk(Doing::Stage, &place.out)(std::io::Error::other(error)))?;
    pool.install(work)
}
