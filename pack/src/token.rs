//! A piece of a page, and the one number that it is to those who guess.

use crate::memory::Mark;

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Token {
    /// A string of the frame, by its place in the dictionary.
    Frame(u32),
    /// A string that several groups have, by its place in the tables.
    Shared(u32),
    /// What this page says of itself: its address, its code, its symbol.
    Own(u32),
    /// A string that this group has had, counted from 0 in the order of its coming.
    Again(u32),
    /// A string that comes for the first time: so many bytes, or all up to the byte `STOP`.
    New(Option<u32>),
}

pub(crate) const SHARED: Mark = 1 << 28;
pub(crate) const OWN: Mark = 1 << 29;
pub(crate) const AGAIN: Mark = 1 << 30;
/// Any shared, any that was there, any new one.
pub(crate) const SORT: Mark = 1 << 31;
pub(crate) const ANY_SHARED: Mark = SORT;
pub(crate) const ANY_AGAIN: Mark = SORT + 1;
pub(crate) const ANY_NEW: Mark = SORT + 2;

/// What this page has said before as its first word, its second, and so on.
pub(crate) const SAID: Mark = SORT + 16;

/// So many words of a page can be named so.
pub(crate) const MOST_SAID: usize = 64;

/// What a token is to those who look back with all words of records taken as one.
pub(crate) const WORD: Mark = SORT + 3;

impl Token {
    pub(crate) fn mark(self) -> Mark {
        match self {
            Self::Frame(place) => place + 1,
            Self::Shared(place) => SHARED | place,
            Self::Own(place) => OWN | place,
            Self::Again(place) => AGAIN | place,
            Self::New(_) => ANY_NEW,
        }
    }

    pub(crate) fn sort(self) -> Mark {
        match self {
            Self::Frame(_) | Self::Own(_) => self.mark(),
            Self::Shared(_) => ANY_SHARED,
            Self::Again(_) => ANY_AGAIN,
            Self::New(_) => ANY_NEW,
        }
    }

    /// The token that a mark names, when it names one.
    pub(crate) fn of_mark(mark: Mark) -> Option<Self> {
        match mark {
            0 => None,
            mark if mark & SORT != 0 => None,
            mark if mark & AGAIN != 0 => Some(Self::Again(mark & !AGAIN)),
            mark if mark & OWN != 0 => Some(Self::Own(mark & !OWN)),
            mark if mark & SHARED != 0 => Some(Self::Shared(mark & !SHARED)),
            mark => Some(Self::Frame(mark - 1)),
        }
    }
}
