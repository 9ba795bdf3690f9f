//! The release: what a device needs to be the site without a network, made of the finished files and signed.
//!
//! - [`plan`]: which file travels how, and with which others; [`corpus`]: what a device makes the search from
//! - [`Release`] is made last, when every other file of the site is there ([`Last`])
//!
//! What a release is stands in `yima_pack`; here only which of a city's pages belong together.

mod corpus;
mod plan;

use std::io;
use std::path::Path;

use yima_pack::note::is_signed;
use yima_pack::release::Order;
pub use yima_pack::release::{FOLDER, NOTE};
use yima_pack::seal::{Before, SealError, seal};
use yima_pack::{Head, Reader, Signer, Verifier, patch};

use crate::headers::Transport;
use crate::plan::Recipe;
use crate::project::Project;
use crate::site::{Site, SitePath};
use crate::source;
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
    /// Folder of the site as it was published last; none for the folder that the site is written to.
    pub after: Option<&'a Path>,
    /// Whether everything is cut anew: devices fetch all of it again.
    pub anew: bool,
}

/// The release before: its note, and what stands at a path beside it.
struct Published<'r> {
    note: String,
    read: &'r dyn Fn(&str) -> Option<Vec<u8>>,
}

impl Published<'_> {
    /// What it says of itself. With keys, it must be signed by one of them.
    fn head(&self, keys: &[Verifier], host: &str) -> Option<Head> {
        Head::open(&self.note, keys, host).ok()
    }

    /// The release itself, whole.
    fn release(&self, head: &Head) -> Option<Before> {
        let Order::Hold(sha, _) = head.order else { return None };
        Before::new(&(self.read)(&sha.path())?, sha, self.read).ok()
    }
}

impl Release<'_> {
    /// All files of the release of `site`, which follows no other.
    ///
    /// # Errors
    /// What went wrong, as a sentence.
    pub fn files(
        &self,
        site: &Site<Recipe>,
        read: &(dyn Fn(&str) -> io::Result<Vec<u8>> + Sync),
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        self.following(site, None, read)
    }

    fn following(
        &self,
        site: &Site<Recipe>,
        before: Option<&Published<'_>>,
        read: &(dyn Fn(&str) -> io::Result<Vec<u8>> + Sync),
    ) -> Result<Vec<(SitePath, Vec<u8>)>, String> {
        // Without a key of its own an unsigned build still numbers on from a signed one.
        let head = before.and_then(|before| before.head(&[], &self.project.city.settings.host));
        if let (Some(sequence), Some(head)) = (self.sequence, &head)
            && sequence <= head.sequence
        {
            return Err(format!("{sequence} does not follow {}: no device would take this release", head.sequence));
        }
        let plan = plan::plan(self.project, site, self.transport, self.sequence(head.as_ref()));
        let bytes = |place: usize| {
            let path = plan.entries.get(place).map_or("", |entry| entry.path.as_str());
            corpus::text(&self.project.city, path).map_or_else(|| read(path), |text| Ok(text.into_bytes()))
        };
        let last = before.zip(head).and_then(|(before, head)| before.release(&head));
        // Whoever names a release to follow does not want all devices to fetch everything again.
        if let (Some(after), None) = (self.after, &last) {
            return Err(format!("{} holds no whole release of this host to follow", after.display()));
        }
        let sealed = seal(&plan, last.as_ref().filter(|_| !self.anew), bytes).map_err(|error| match error {
            SealError::Read(error) | SealError::Compress(error) => error.to_string(),
            SealError::Differs(path) => format!("{path} does not come out of its pack as it went in"),
        })?;
        let text = sealed.head.to_string();
        let note = match self.signer {
            Some(signer) => signer.sign(&text).map_err(|error| error.to_string())?,
            None => text,
        };
        let mut sealed = sealed;
        if let (Some(last), Order::Hold(sha, _)) = (&last, &sealed.head.order)
            && let Some(manifest) = sealed.objects.get(&sha.path())
        {
            let texts = (std::str::from_utf8(last.manifest()), std::str::from_utf8(manifest));
            if let (Ok(old), Ok(new)) = texts {
                let patch = patch::make(old, new).map_err(|error| error.to_string())?;
                sealed.objects.insert(patch::path(*sha), patch);
            }
        }
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
        let objects = reader.manifest().objects.iter().chain(&reader.manifest().paths);
        let own = objects.filter(|object| object.path.starts_with(FOLDER));
        let mut files = vec![(SitePath::file(NOTE), before(NOTE)?), (SitePath::file(sha.path()), manifest)];
        for object in own {
            files.push((SitePath::file(object.path.clone()), before(&object.path)?));
        }
        let patch = patch::path(sha);
        files.extend(before(&patch).map(|bytes| (SitePath::file(patch), bytes)));
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
        let elsewhere = |path: &str| {
            let file = self.after?.join(path);
            source::read_if_there(&file).ok().flatten()
        };
        let read: &dyn Fn(&str) -> Option<Vec<u8>> = if self.after.is_some() { &elsewhere } else { before };
        let note = read(NOTE).and_then(|bytes| String::from_utf8(bytes).ok());
        let published = note.map(|note| Published { note, read });
        if let (Some(published), false, None, false) = (&published, changed, self.after, self.anew) {
            let trusted = published.head(&self.keys(), &self.project.city.settings.host);
            let signed_alike = is_signed(&published.note) == self.signer.is_some();
            let own = |head: &Head| self.sequence.is_none_or(|sequence| sequence == head.sequence);
            let same = trusted.filter(|head| signed_alike && head.date == self.date() && own(head));
            if let Some(standing) = same.and_then(|head| self.standing(&head, before)) {
                return Ok(standing);
            }
        }
        self.following(site, published.as_ref(), finished)
    }
}
