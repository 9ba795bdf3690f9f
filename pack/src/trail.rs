//! The pages of a group as they went, so that a page that changed can go along what it was.

use core::ops::Range;

use crate::memory::Mark;

/// The tokens of all pages of a group, and where in an older page the newest one is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    marks: Vec<Mark>,
    starts: Vec<usize>,
    /// The older page.
    old: Range<usize>,
    /// Where it goes on.
    at: usize,
    /// How many tokens have been as they were, up to 7.
    run: u8,
}

impl Trail {
    /// How many pages there are.
    pub(crate) const fn pages(&self) -> usize {
        self.starts.len()
    }

    /// A new page begins, which was this one before.
    pub(crate) fn page(&mut self, before: Option<usize>) {
        let end = self.marks.len();
        let start = |place: usize| self.starts.get(place).copied();
        self.old = before.and_then(|before| Some(start(before)?..start(before + 1).unwrap_or(end))).unwrap_or(0..0);
        (self.at, self.run) = (self.old.start, 0);
        self.starts.push(end);
    }

    /// What came next on the older page, and for how many tokens it was right of late.
    pub(crate) fn guess(&self) -> Option<(Mark, u8)> {
        let mark = self.marks.get(self.at).filter(|_| self.old.contains(&self.at))?;
        Some((*mark, self.run))
    }

    /// The token that came.
    pub(crate) fn push(&mut self, mark: Mark) {
        if self.guess().is_some_and(|guess| guess.0 == mark) {
            self.at += 1;
            self.run = (self.run + 1).min(7);
        } else if !self.old.is_empty() {
            self.run = 0;
            // Two tokens that stand side by side on both pages: the nearest such place, the rest of the page first.
            let last = self.marks.last().copied().filter(|_| self.starts.last() != Some(&self.marks.len()));
            let fits = |at: &usize| {
                self.marks.get(*at) == Some(&mark)
                    && at.checked_sub(1).and_then(|at| self.marks.get(at).copied()) == last
            };
            let (before, behind) = (self.old.start..self.at, self.at..self.old.end);
            if let Some(at) = behind.into_iter().find(fits).or_else(|| before.rev().find(fits)) {
                self.at = at + 1;
            }
        }
        self.marks.push(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_along_what_it_was() {
        let mut trail = Trail::default();
        let old: Vec<Mark> = (1..40).collect();
        trail.page(None);
        assert_eq!(trail.guess(), None);
        old.iter().for_each(|mark| trail.push(*mark));
        trail.page(Some(0));
        // Something was put in, something taken out.
        let new: Vec<Mark> = (1..10).chain(90..95).chain(10..20).chain(25..40).collect();
        let right = new.iter().filter(|mark| {
            let right = trail.guess().is_some_and(|guess| guess.0 == **mark);
            trail.push(**mark);
            right
        });
        assert_eq!(right.count(), new.len() - 5 - 2);
        trail.page(Some(99));
        assert_eq!((trail.guess(), trail.pages()), (None, 3));
    }
}
