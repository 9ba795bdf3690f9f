//! The site as a value: paths, sorted, and what stands there.

use std::borrow::Cow;
use std::fmt;

/// A path of the site: relative, `/` between parts, no leading slash, a file (`policy/x/index.html`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SitePath(String);

impl SitePath {
    /// The file at `path`.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The page at the address `/…/`: `policy/x/` becomes `policy/x/index.html`.
    #[must_use]
    pub fn page(address: &str) -> Self {
        Self(format!("{}index.html", address.trim_start_matches('/')))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Two things claimed one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The path.
    pub path: SitePath,
    /// Who had it.
    pub first: &'static str,
    /// Who wanted it too.
    pub second: &'static str,
}

/// What stands at a path. `R` is a recipe: what to render, not yet how.
#[derive(Clone, Debug)]
pub struct Entry<R> {
    /// Which room of the house made it, for the error when two claim one path.
    pub owner: &'static str,
    /// The bytes, or how to get them.
    pub content: Content<R>,
}

/// Bytes, or a recipe for them.
#[derive(Clone, Debug)]
pub enum Content<R> {
    /// Known already: assets, attachments.
    Bytes(Cow<'static, [u8]>),
    /// Rendered when it is written or served, so that a large city never stands in memory as pages.
    Recipe(R),
}

/// A planned site.
#[derive(Clone, Debug)]
pub struct Site<R> {
    /// Sorted by path. No map: a large city has a million paths, which are all known before the first is looked up.
    entries: Vec<(SitePath, Entry<R>)>,
}

impl<R> Default for Site<R> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<R> Site<R> {
    /// A site in which every path belongs to who claimed it.
    ///
    /// # Errors
    /// Every [`Claimed`], when paths were claimed twice.
    pub fn of(claims: Vec<(SitePath, &'static str, Content<R>)>) -> Result<Self, Vec<Claimed>> {
        let entry = |(path, owner, content)| (path, Entry { owner, content });
        let mut entries: Vec<(SitePath, Entry<R>)> = claims.into_iter().map(entry).collect();
        // Rooms claim in runs that are sorted already, which a stable sort only has to merge.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let twice = entries.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| Claimed {
            path: pair[1].0.clone(),
            first: pair[0].1.owner,
            second: pair[1].1.owner,
        });
        let twice: Vec<Claimed> = twice.collect();
        if twice.is_empty() { Ok(Self { entries }) } else { Err(twice) }
    }

    /// Gives `path` to `owner`.
    ///
    /// # Errors
    /// [`Claimed`] when somebody owns it already.
    pub fn claim(&mut self, path: SitePath, owner: &'static str, content: Content<R>) -> Result<(), Claimed> {
        match self.entries.binary_search_by(|(other, _)| other.cmp(&path)) {
            Ok(place) => Err(Claimed { path, first: self.entries[place].1.owner, second: owner }),
            Err(place) => {
                self.entries.insert(place, (path, Entry { owner, content }));
                Ok(())
            }
        }
    }

    /// This site and more.
    ///
    /// # Errors
    /// As for [`Site::of`].
    pub fn with(self, claims: Vec<(SitePath, &'static str, Content<R>)>) -> Result<Self, Vec<Claimed>> {
        let mine = self.entries.into_iter().map(|(path, entry)| (path, entry.owner, entry.content));
        Self::of(mine.chain(claims).collect())
    }

    /// The place of `path` among all, counted from 0.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()
    }

    /// What stands at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Entry<R>> {
        self.entries.get(self.place(path)?).map(|(_, entry)| entry)
    }

    /// All entries in the order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&SitePath, &Entry<R>)> {
        self.entries.iter().map(|(path, entry)| (path, entry))
    }

    /// How many files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was planned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Turns recipes into bytes. Pure: the same recipe gives the same bytes, on any thread, in any order.
pub trait Render: Sync {
    /// What it renders.
    type Recipe: Clone + Sync;

    /// Renders one recipe.
    ///
    /// # Errors
    /// [`RenderError`] when a template is wrong, which is a fault of the program, not of the content.
    fn render(&self, recipe: &Self::Recipe) -> Result<Vec<u8>, RenderError>;
}

/// A template failed.
#[derive(Debug)]
pub struct RenderError {
    /// What was being rendered.
    pub what: String,
    /// What the template engine said.
    pub why: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for RenderError {}
