//! How likely the answers are from which a model makes a token.

use crate::range::{Chance, Gamma};

/// Strings that a frame may have; also the bits of their numbers.
pub(crate) const FRAME_BITS: u32 = 12;

/// Bits of the number of what a page says of itself.
pub(crate) const OWN_BITS: u32 = 4;

/// How far guesses look back: as they are, then with the words of records taken as one.
pub(crate) const EXACT: [usize; 2] = [6, 3];
pub(crate) const ALIKE: [usize; 6] = [16, 10, 6, 4, 2, 1];
pub(crate) const ORDERS: usize = EXACT.len() + ALIKE.len();

/// The guess that a page goes on as it was, behind two guesses for each order.
pub(crate) const AS_IT_WAS: usize = ORDERS * 2;

/// Guesses that are told apart before the token is spelt out.
pub(crate) const GUESSES: usize = 7;

/// The chances of all decisions about a token.
#[derive(Clone, Debug)]
pub(crate) struct Chances {
    /// By how many guesses failed before, order, trust, and whether the last token was guessed.
    pub(crate) hit: Vec<Chance>,
    /// Sort of a token that no guess named, by what came before.
    pub(crate) sort: Vec<[Chance; 8]>,
    pub(crate) frame: Vec<Chance>,
    pub(crate) own: [Chance; 1 << OWN_BITS],
    pub(crate) again: Gamma,
    pub(crate) shared: Gamma,
    /// Whether a string says how long it is.
    pub(crate) counted: Chance,
    pub(crate) length: Gamma,
    /// Whether a string of the frame was spelt out in this group before, by whether the last tokens were guessed.
    pub(crate) spelt: [Chance; 4],
    pub(crate) rank: Gamma,
    /// How many pages ago a page was another.
    pub(crate) before: Gamma,
}

impl Default for Chances {
    fn default() -> Self {
        Self {
            hit: hits(),
            sort: vec![<[Chance; 8]>::default(); 256],
            frame: vec![Chance::default(); 1 << FRAME_BITS],
            own: Default::default(),
            again: Gamma::default(),
            shared: Gamma::default(),
            counted: Chance::default(),
            length: Gamma::default(),
            spelt: Default::default(),
            rank: Gamma::default(),
            before: Gamma::default(),
        }
    }
}

/// Before anything is learned, what a page was is believed more than anything else.
fn hits() -> Vec<Chance> {
    let chance = |context: usize| match (context / 32 % (AS_IT_WAS + 1), context / 4 % 8) {
        (AS_IT_WAS, 0) => Chance::of_right(3, 4),
        (AS_IT_WAS, _) => Chance::of_right(40, 41),
        _ => Chance::default(),
    };
    (0..GUESSES * (AS_IT_WAS + 1) * 8 * 4).map(chance).collect()
}
