//! How likely the answers are from which a model makes a token.

use crate::opinions::{Opinions, SETS};
use crate::range::{Chance, Gamma};

/// Strings that a frame may have; also the bits of their numbers.
pub(crate) const FRAME_BITS: u32 = 12;

/// Bits of the number of what a page says of itself.
pub(crate) const OWN_BITS: u32 = 4;

/// The first strings of a group are named by their number, of so many bits: what they are is much the same in every group.
pub(crate) const EARLY_BITS: u32 = 7;

/// How far guesses look back: as they are, then with the words of records taken as one.
pub(crate) const EXACT: [usize; 2] = [6, 3];
pub(crate) const ALIKE: [usize; 6] = [16, 10, 6, 4, 2, 1];
pub(crate) const ORDERS: usize = EXACT.len() + ALIKE.len();

/// The guess that a page goes on as it was, behind two guesses for each order.
pub(crate) const AS_IT_WAS: usize = ORDERS * 2;

/// Guesses that are told apart before the token is spelt out.
pub(crate) const GUESSES: usize = 7;

/// Contexts of the strings of a frame, and from which on they know of the group alone.
pub(crate) const FRAME: usize = 7;
pub(crate) const FRAME_OF_GROUP: usize = 5;

/// The chances of all decisions about a token.
#[derive(Clone, Debug)]
pub(crate) struct Chances {
    /// Whether a guess is right.
    pub(crate) hit: Opinions,
    /// Sort of a token that no guess named.
    pub(crate) sort: Opinions,
    pub(crate) frame: Opinions,
    pub(crate) own: [Chance; 1 << OWN_BITS],
    /// Whether a string that was there is the next one or an early one, and which.
    pub(crate) early: Opinions,
    /// How far from the next one it is.
    pub(crate) again: Opinions,
    pub(crate) shared: Opinions,
    /// Whether a string says how long it is.
    pub(crate) counted: Chance,
    pub(crate) length: Gamma,
    /// Whether a page was another before, and how far that one is from the one behind the last such page.
    pub(crate) was: Chance,
    pub(crate) before: Gamma,
}

impl Default for Chances {
    fn default() -> Self {
        Self {
            hit: Opinions::new(6, 14, GUESSES * 8, (30, 30)),
            sort: Opinions::new(4, 11, 3, (60, 14)),
            frame: Opinions::new(FRAME, 14, SETS, (60, 14)),
            own: Default::default(),
            early: Opinions::new(5, 12, EARLY_BITS as usize, (30, 14)),
            again: again(),
            shared: shared(),
            counted: Chance::default(),
            length: Gamma::default(),
            was: Chance::default(),
            before: Gamma::default(),
        }
    }
}

impl Chances {
    /// As they are when a group begins: of the numbers of strings, examples know nothing.
    pub(crate) fn begin(&mut self) {
        (self.again, self.shared) = (again(), shared());
        (FRAME_OF_GROUP..FRAME).for_each(|context| self.frame.forget(context));
        self.go_on();
    }

    /// As they are when a group goes on.
    pub(crate) fn go_on(&mut self) {
        (self.was, self.before) = (Chance::default(), Gamma::default());
    }
}

fn again() -> Opinions {
    Opinions::new(4, 10, SETS, (120, 6))
}

fn shared() -> Opinions {
    Opinions::new(3, 10, SETS, (120, 6))
}
