//! Templates made ready: what minijinja's parser reads of them, with all that is the same on every page already shown.
//!
//! The templates are minijinja's, in the part of its language that they use; a word beyond that part is refused when the
//! program starts. minijinja's own machine looks up every name anew for every page and keeps every value on the heap, which
//! took a third of a build. Here
//!
//! 1. [`tree`] copies a view into one piece of memory
//! 2. [`compile`] joins a template with what it extends and includes, gives every name its place, and shows what only
//!    depends on the site: the frame of a page becomes a few long texts
//! 3. [`show`] fills in the rest
//!
//! In tests every page is shown by minijinja too, and the two must be the same (`yardstick`).

mod compile;
mod show;
mod tree;
#[cfg(test)]
pub(super) mod yardstick;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

pub(super) use tree::Tree;

/// HTML that is inserted as it stands.
#[derive(Clone, Serialize)]
pub(super) struct Safe<'a>(pub(super) Cow<'a, str>);

/// The HTML that [`Stencils::show`] is given beside a view: too long to be copied into the view first.
#[derive(Serialize)]
pub(super) struct Inserted;

impl<'a> From<&'a str> for Safe<'a> {
    fn from(html: &'a str) -> Self {
        Self(Cow::Borrowed(html))
    }
}

impl From<String> for Safe<'_> {
    fn from(html: String) -> Self {
        Self(Cow::Owned(html))
    }
}

/// What can be wrong with a template or with what it shows, as a sentence.
pub(super) type Fault = String;

/// All templates of a site.
pub(super) struct Stencils {
    /// What all templates know.
    globals: Tree<'static>,
    stencils: BTreeMap<&'static str, compile::Stencil>,
}

impl Stencils {
    /// Makes the templates of `wanted` ready: each with the names of what it will show.
    ///
    /// # Errors
    /// What is wrong with which template.
    pub(super) fn new(
        sources: &[(&'static str, &'static str)],
        globals: Tree<'static>,
        wanted: &[(&'static str, &'static [&'static str])],
    ) -> Result<Self, Fault> {
        let stencils = wanted.iter().map(|&(name, roots)| {
            let stencil = compile::stencil(sources, &globals, name, roots);
            Ok((name, stencil.map_err(|fault| format!("{name}: {fault}"))?))
        });
        let stencils = stencils.collect::<Result<_, Fault>>()?;
        Ok(Self { globals, stencils })
    }

    /// Shows a view, which holds the names that the template was made ready for and some `room` bytes of text. `inserted`
    /// stands where it says [`Inserted`].
    ///
    /// # Errors
    /// What cannot be shown.
    pub(super) fn show(
        &self,
        template: &str,
        view: &impl Serialize,
        room: usize,
        inserted: &str,
    ) -> Result<String, Fault> {
        let stencil = self.stencils.get(template).ok_or("no such template")?;
        let page = Tree::of(view, room, inserted)?;
        let html = show::show(stencil, &self.globals, &page)?;
        #[cfg(test)]
        yardstick::compare(template, &self.globals, &page, &html);
        Ok(html)
    }
}
