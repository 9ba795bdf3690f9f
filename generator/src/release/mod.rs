//! The release: what a device needs to be the site without a network, made of the finished files and signed.
//!
//! - [`plan`]: which file travels how, and with which others
//! - [`Release`] is made last, when every other file of the site is there ([`Last`])
//!
//! What a release is stands in `yima_pack`; here only which of a city's pages belong together.

mod plan;

use std::io;

use yima_pack::release::Order;
pub use yima_pack::release::{FOLDER, NOTE};
use yima_pack::seal::{SealError, seal};
use yima_pack::{Head, Reader, Signer, Verifier};

use crate::headers::Transport;
use crate::plan::Recipe;
use crate::project::Project;
use crate::site::{Site, SitePath};
use crate::write::Last;

/// Makes the release of a project.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// What is built.
    pub project: &'a Project,
    /// Who signs; nobody, and the release says so by bearing no signature.
    pub signer: Option<&'a Signer>,
    /// How the site is reached, which its headers depend on.
    pub transport: Transport,
    /// Number of the release; none for one that follows from the day and from the release before.
    pub sequence: Option<u64>,
}

impl Release<'_> {
    /// All files of the release of `site`. `before` is the note of the release it follows.
    ///
    /// # Errors
    /// What went wrong, as a sentence.
    pub fn files(
        &self,
        site: &Site<Recipe>,
        before: Option<&Head>,
        read: &(dyn Fn(&str) -> io::Result<Vec<u8>> + Sync),
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        let plan = plan::plan(self.project, site, self.transport, self.sequence(before));
        let bytes = |place: usize| plan.entries.get(place).map_or_else(|| Ok(Vec::new()), |entry| read(&entry.path));
        let sealed = seal(&plan, bytes).map_err(|error| match error {
            SealError::Read(error) | SealError::Compress(error) => error.to_string(),
            SealError::Differs(path) => format!("{path} does not come out of its pack as it went in"),
        })?;
        let text = sealed.head.to_string();
        let note = match self.signer {
            Some(signer) => signer.sign(&text).map_err(|error| error.to_string())?,
            None => text,
        };
        let mut files: Vec<_> = sealed.objects.into_iter().map(|(path, bytes)| (SitePath::file(path), bytes)).collect();
        files.push((SitePath::file(NOTE), note.into_bytes()));
        Ok(files)
    }

    /// Grows with every release: the day and two digits, or one more than the release before.
    fn sequence(&self, before: Option<&Head>) -> u64 {
        if let Some(sequence) = self.sequence {
            return sequence;
        }
        let day: String = self.date().chars().filter(char::is_ascii_digit).collect();
        let first = day.parse::<u64>().unwrap_or(0) * 100;
        before.map_or(first, |head| first.max(head.sequence + 1))
    }

    fn date(&self) -> String {
        self.project.city.today.to_string()
    }

    fn keys(&self) -> Vec<Verifier> {
        self.signer.map(Signer::verifier).into_iter().collect()
    }

    /// The paths of a release that stands there already, when it is of this day and signed by this key.
    fn standing(&self, head: &Head, before: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Vec<(SitePath, Vec<u8>)>> {
        let Order::Hold(sha, _) = head.order else { return None };
        let manifest = before(&sha.path())?;
        let reader = Reader::new(&manifest, sha).ok()?;
        let own = reader.manifest().objects.iter().filter(|object| object.path.starts_with(FOLDER));
        let mut files = vec![(SitePath::file(NOTE), before(NOTE)?), (SitePath::file(sha.path()), manifest)];
        for object in own {
            files.push((SitePath::file(object.path.clone()), before(&object.path)?));
        }
        Some(files)
    }
}

impl Last<Recipe> for Release<'_> {
    fn make(
        &self,
        site: &Site<Recipe>,
        changed: bool,
        finished: &(dyn Fn(&str) -> io::Result<Vec<u8>> + Sync),
        before: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        let note = before(NOTE).and_then(|bytes| String::from_utf8(bytes).ok());
        let host = &self.project.city.settings.host;
        let note = note.as_deref();
        // Without a key of its own an unsigned build still numbers on from a signed one.
        let head = note.and_then(|note| Head::open(note, &[], host).ok());
        let trusted = note.and_then(|note| Head::open(note, &self.keys(), host).ok());
        let signed_alike = note.is_some_and(|note| note.contains("\n\n") == self.signer.is_some());
        let same = trusted.filter(|head| !changed && signed_alike && head.date == self.date());
        if let Some(standing) = same.and_then(|head| self.standing(&head, before)) {
            return Ok(standing);
        }
        self.files(site, head.as_ref(), finished)
    }
}
