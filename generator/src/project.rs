//! The first half of the way: from folders to a linked and checked city, with its codes and its assets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use yima_model::Date;
use yima_model::record::Tombstone;

use crate::assets::Assets;
use crate::city::City;
use crate::codes::wording::Say;
use crate::codes::{self, Assigned, CodeProblem, Codes, Ledger, LedgerLine, RecordKey};
use crate::mistake::{At, Fault, Mistakes, Place};
use crate::outline::Outline;
use crate::source::{self, Limits, ReadError};
use crate::worker;

/// Where the input stands and for which day the site is built.
#[derive(Clone, Debug)]
pub struct Options {
    /// What editors write.
    pub content: PathBuf,
    /// Static files.
    pub public: PathBuf,
    /// The folder that holds what Trunk made of the app, when it was built.
    pub app: Option<PathBuf>,
    /// The build date.
    pub today: Date,
    /// What to do about records that the ledger does not know yet.
    pub new_codes: NewCodes,
}

/// What to do about records that the ledger does not know yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewCodes {
    /// A mistake: a site must not be published with codes that nobody wrote down.
    Refuse,
    /// Give them the codes they would get, for a preview or for `yima codes` to write down.
    Provisional,
}

/// Everything that pages are made of.
#[derive(Debug)]
pub struct Project {
    /// The linked city.
    pub city: City,
    /// Static files and the app.
    pub assets: Assets,
    /// The ledger as it stands in the content folder.
    pub ledger: Vec<u8>,
    /// Codes the ledger does not have yet.
    pub new_codes: Vec<LedgerLine>,
    /// What follows from the records without the words of their texts.
    pub outline: Arc<Outline>,
}

/// What loading gives: a project when there is something to show, and all mistakes.
#[derive(Debug)]
pub struct Loaded {
    /// `None` when the content is too broken to link.
    pub project: Option<Project>,
    /// All mistakes, warnings and suggestions.
    pub mistakes: Mistakes,
}

/// Reads, links, codes and checks.
///
/// # Errors
/// [`ReadError`] when the disk says no. Mistakes in the content are in [`Loaded::mistakes`].
pub fn load(options: &Options) -> Result<Loaded, ReadError> {
    load_within(options, Limits::default())
}

/// [`load`] with other limits than the usual ones.
///
/// # Errors
/// As for [`load`].
pub fn load_within(options: &Options, limits: Limits) -> Result<Loaded, ReadError> {
    Loader::default().load(options, limits, &|_| true)
}

/// Loads a project again and again, at the cost of what has changed. The result is that of [`load`].
#[derive(Debug, Default)]
pub struct Loader {
    reader: source::Reader,
    given: Option<Given>,
    outline: Option<Arc<Outline>>,
}

impl Loader {
    /// Loads. A content file is opened again only when `changed`, asked for its path below the content folder, says so.
    ///
    /// # Errors
    /// As for [`load`].
    pub fn load(
        &mut self,
        options: &Options,
        limits: Limits,
        changed: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Loaded, ReadError> {
        let sources = self.reader.read(&options.content, limits, changed)?;
        self.join(options, sources)
    }

    /// [`Loader::load`] when no content file came or went since the last time, and at most these have changed.
    ///
    /// # Errors
    /// As for [`load`].
    pub fn load_again(&mut self, options: &Options, limits: Limits, changed: &[&str]) -> Result<Loaded, ReadError> {
        let sources = self.reader.read_again(&options.content, limits, changed)?;
        self.join(options, sources)
    }

    fn join(&mut self, options: &Options, mut sources: source::Sources) -> Result<Loaded, ReadError> {
        let mut mistakes = std::mem::take(&mut sources.mistakes);
        let attachments = std::mem::take(&mut sources.attachments);
        let ledger = std::mem::take(&mut sources.ledger);
        let mut assets = Assets::new(source::read_folder(&options.public)?);
        if let Some(folder) = &options.app {
            assets = assets.with_app(source::read_folder(folder)?);
        }
        assets.files.extend(attachments);

        let Some(mut city) = City::link(sources, options.today, &mut mistakes) else {
            return Ok(Loaded { project: None, mistakes });
        };
        if let Err(broken) = assets.make_worker(&city.settings) {
            mistakes.add(Place::file(&Arc::from(worker::SOURCE)), Fault::Worker { zh: broken.zh, en: broken.en });
        }
        let outline = self.outline.take().filter(|outline| outline.fits(&city));
        let given = Given::by(self.given.take(), &city, &ledger, outline.is_some());
        given.report(&city, options.new_codes, &mut mistakes);
        city.codes = Arc::clone(&given.codes);
        let new_codes = given.new.clone();
        self.given = Some(given);
        let outline = outline.filter(|outline| outline.has_codes(&city.codes));
        let outline = outline.unwrap_or_else(|| Arc::new(Outline::of(&city)));
        mistakes.0.extend_from_slice(&outline.mistakes.0);
        self.outline = Some(Arc::clone(&outline));
        Ok(Loaded { project: Some(Project { city, assets, ledger, new_codes, outline }), mistakes })
    }
}

/// The codes of a city, and what they follow from: most changes leave them alone.
#[derive(Debug)]
struct Given {
    live: Vec<RecordKey>,
    tombstones: Vec<Tombstone>,
    today: Date,
    bytes: Vec<u8>,
    ledger: Ledger,
    codes: Arc<Codes>,
    new: Vec<LedgerLine>,
    problems: Vec<CodeProblem>,
}

impl Given {
    /// The codes of `city`; those of `last` when they follow from the same. `same` says that the records, tombstones and
    /// the day are known to be those of `last`.
    fn by(last: Option<Self>, city: &City, bytes: &[u8], same: bool) -> Self {
        let last = match last {
            Some(last) if same && last.bytes == bytes => return last,
            last => last,
        };
        let live = codes::live_records(
            city.policies.iter().map(|entry| &*entry.policy),
            city.questions.iter().map(|entry| &*entry.question),
        );
        if let Some(last) = last
            && last.bytes == bytes
            && last.live == live
            && last.today == city.today
            && last.tombstones == city.tombstones
        {
            return last;
        }
        let ledger = Ledger::parse(bytes);
        let Assigned { codes, new, problems } = codes::assign(&live, &ledger.lines, &city.tombstones, city.today);
        Self {
            live,
            tombstones: city.tombstones.clone(),
            today: city.today,
            bytes: bytes.to_vec(),
            ledger,
            codes: Arc::new(codes),
            new,
            problems,
        }
    }

    /// What the ledger and the tombstones say against the codes.
    fn report(&self, city: &City, new: NewCodes, mistakes: &mut Mistakes) {
        let ledger_file: Arc<str> = Arc::from("codes.csv");
        for problem in &self.ledger.problems {
            mistakes.add(Place::line(&ledger_file, problem.line), said(&problem.fault));
        }
        // A record that could not be read is not gone.
        let questions_troubled = city.troubled.iter().any(|file| file.starts_with("questions/"));
        let tombstones_troubled = city.troubled.contains("tombstones.toml");
        let unread = |record: &str| match record.split_once(':') {
            _ if tombstones_troubled => true,
            Some(("question", _)) => questions_troubled,
            Some((_, id)) => city.is_troubled(id.split('/').next().unwrap_or(id)),
            None => false,
        };
        for problem in &self.problems {
            let follows = match problem {
                CodeProblem::Lost(record, _) => unread(record),
                CodeProblem::NoReplacement(_, instead, _) => city.is_troubled(instead),
                _ => false,
            };
            if follows {
                continue;
            }
            let place = match problem {
                CodeProblem::Lost(_, code) => {
                    let line = self.ledger.line_of(*code);
                    line.map_or(Place::file(&ledger_file), |line| Place::line(&ledger_file, line))
                }
                CodeProblem::NoCodeLeft(_) => Place::file(&ledger_file),
                CodeProblem::StillLive(record, _)
                | CodeProblem::NeverHadCode(record, _)
                | CodeProblem::TombstoneTwice(record, _)
                | CodeProblem::NoReplacement(record, _, _) => {
                    Place { file: Arc::from("tombstones.toml"), at: At::Words(record.clone()) }
                }
            };
            mistakes.add(place, said(problem));
        }
        if new == NewCodes::Refuse
            && let Some(first) = self.new.first()
        {
            let fault = Fault::NoCode { count: self.new.len().to_string(), first: first.record.clone() };
            mistakes.add(Place::file(&ledger_file), fault);
        }
    }
}

impl Project {
    /// What this ledger no longer says although the site that stands at `out` has published it: a code that is lost,
    /// given to another record or dated anew. Empty when no site stands there.
    ///
    /// # Errors
    /// [`ReadError`] when the published ledger is there and cannot be read.
    pub fn broken_promises(&self, out: &Path) -> Result<Mistakes, ReadError> {
        let mut mistakes = Mistakes::default();
        let Some(published) = source::read_if_there(&out.join("data/codes.csv"))? else { return Ok(mistakes) };
        let (old, now) = (Ledger::parse(&published), Ledger::parse(&self.ledger));
        for broken in codes::permanence::permanence(&old.lines, &now.lines) {
            mistakes.add(Place::file(&Arc::from("codes.csv")), said(&broken));
        }
        Ok(mistakes)
    }
}

fn said(fault: &impl Say) -> Fault {
    let (zh, en) = (fault.zh(), fault.en());
    Fault::Ledger { zh: zh.reason, en: en.reason, hint_zh: zh.hint, hint_en: en.hint }
}

#[cfg(test)]
pub(crate) mod demonstration {
    //! The demonstration city, for tests that want all that can stand in a record.

    use std::path::Path;

    use super::{NewCodes, Options, Project, load};
    use yima_model::Date;

    /// The day for which its records were written.
    pub(crate) const TODAY: Date = Date::constant(2026, 11, 22);

    pub(crate) fn project() -> Project {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let options = Options {
            content: root.join("content"),
            public: root.join("public"),
            app: None,
            today: TODAY,
            new_codes: NewCodes::Provisional,
        };
        load(&options).unwrap().project.unwrap()
    }
}
