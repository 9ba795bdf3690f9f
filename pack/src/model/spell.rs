//! A token spelt out: which sort it is of, and which of these.

use super::{Model, Told};
use crate::chances::{EARLY_BITS, FRAME_BITS, ORDERS, OWN_BITS};
use crate::range::Coder;
use crate::token::{SHARED, Token};

/// Nodes of the decisions whether a string is the next one, and whether it is an early one; those of its number are less.
const NEXT: u32 = 1 << EARLY_BITS;
const EARLY: u32 = NEXT + 1;

impl Model {
    /// A token that no guess named: its sort, and which of these.
    pub(super) fn spelt<C: Coder>(&mut self, coder: &mut C, token: Token, keys: &[u64; ORDERS]) -> Token {
        let sort = match token {
            Token::Frame(_) => 0,
            Token::Shared(_) => 1,
            Token::Own(_) => 2,
            Token::Again(_) => 3,
            Token::New(_) => 4,
        };
        let [.., sixth, fourth, near, last] = *keys;
        let sort = self.chances.sort.tree(coder, &[last, near, fourth, sixth], 3, sort);
        match sort {
            0 => {
                let number = if let Token::Frame(place) = token { place } else { 0 };
                Token::Frame(self.frame(coder, number, keys))
            }
            1 => self.shared(coder, token, keys),
            2 => {
                let number = if let Token::Own(place) = token { place } else { 0 };
                Token::Own(coder.tree(&mut self.chances.own, OWN_BITS, number))
            }
            3 => self.again(coder, token, keys),
            _ => self.new_string(coder, token),
        }
    }

    /// The last token as it is.
    fn last(&self) -> u64 {
        self.exact.last().copied().unwrap_or(0).into()
    }

    /// A string of the frame that no guess named.
    fn frame<C: Coder>(&mut self, coder: &mut C, number: u32, keys: &[u64; ORDERS]) -> u32 {
        let [.., sixth, fourth, near, _] = *keys;
        let last = self.last();
        self.chances.frame.tree(coder, &[0, last, near, fourth, sixth, 0, last], FRAME_BITS, number)
    }

    /// A string of the tables: how far from the next one.
    pub(super) fn shared<C: Coder>(&mut self, coder: &mut C, token: Token, keys: &[u64; ORDERS]) -> Token {
        let place = if let Token::Shared(place) = token { place } else { 0 };
        let [.., near, _] = *keys;
        let last = self.last();
        let apart = place.wrapping_sub(self.next_shared).cast_signed();
        let apart = self.chances.shared.signed(coder, &[0, last, near], apart);
        Token::Shared(self.next_shared.wrapping_add_signed(apart) & (SHARED - 1))
    }

    /// A string that was there: the next one, or one of the first, or one that is so far from the next.
    pub(super) fn again<C: Coder>(&mut self, coder: &mut C, token: Token, keys: &[u64; ORDERS]) -> Token {
        let place = if let Token::Again(place) = token { place } else { 0 };
        let [_, exact, .., fourth, near, _] = *keys;
        let last = self.last();
        if self.told != Told::Bare {
            let contexts = [0, last, near, fourth, exact];
            let early = &mut self.chances.early;
            if early.decide(coder, &contexts, NEXT, 0, place == self.next_again) {
                return Token::Again(self.next_again);
            }
            if early.decide(coder, &contexts, EARLY, 0, place < 1 << EARLY_BITS) {
                return Token::Again(early.tree(coder, &contexts, EARLY_BITS, place));
            }
        }
        let apart = place.wrapping_sub(self.next_again).cast_signed();
        let apart = self.chances.again.signed(coder, &[0, last, near, fourth], apart);
        Token::Again(self.next_again.wrapping_add_signed(apart) & (SHARED - 1))
    }

    pub(super) fn new_string<C: Coder>(&mut self, coder: &mut C, token: Token) -> Token {
        let length = if let Token::New(length) = token { length } else { None };
        let counted = coder.bit(&mut self.chances.counted, length.is_some());
        Token::New(counted.then(|| coder.number(&mut self.chances.length, length.unwrap_or(0))))
    }
}
