//! What comes next on a page, guessed from what came before: a few answers in the order of trust, told apart by a yes
//! or a no each. Pages of one kind share their frame, and pages of one record their words, so that nearly every guess
//! is right and costs next to nothing.
//!
//! A page is a row of tokens (`cut`). A guess looks at the last tokens as they are, and at the last tokens with all
//! words of records taken as one and the same. Guesses are learned first from the examples of the dictionary, pages
//! from everywhere and whole groups, then from the pages of the group.

use std::sync::Arc;

pub(crate) use crate::chances::FRAME_BITS;
use crate::chances::{ALIKE, AS_IT_WAS, Chances, EXACT, GUESSES, ORDERS};
use crate::memory::{Followed, Mark, Memory};
use crate::range::Coder;
pub(crate) use crate::token::Token;
use crate::token::{AGAIN, ANY_AGAIN, ANY_SHARED, MOST_SAID, SAID, WORD};
use crate::trail::Trail;

/// No text has this byte (RFC 3629): among the words it ends a string, for less than it costs to say how long it is.
pub(crate) const STOP: u8 = 0xFF;

/// From this order on a guess does not say which word of a record comes, only of which sort.
const SORTS_FROM: usize = EXACT.len() + 2;

/// Trust at which a guess is taken before those that look back less far.
const TRUSTED: u8 = 2;

/// What was learned from the example pages.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    memory: Memory,
    chances: Chances,
}

/// What a model knows of the words of the pages it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// That there are some: pages from everywhere.
    Bare,
    /// Which of the group they are, and nothing of those that several groups have: a whole group.
    Example,
    /// All.
    All,
}

/// The guesser of one group of pages.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    learned: Option<Arc<Learned>>,
    told: Told,
    memory: Memory,
    chances: Chances,
    exact: Vec<Mark>,
    alike: Vec<Mark>,
    /// Whether the last tokens were guessed, the newest lowest.
    luck: usize,
    /// The strings of records on this page, each once.
    said: Vec<Mark>,
    /// How many strings the group has had.
    had: u32,
    next_again: u32,
    next_shared: u32,
    trail: Trail,
    /// The page behind the last one that a page was.
    next_before: usize,
}

impl Model {
    /// A guesser that knows the example pages; without them, one that is to learn them.
    pub(crate) fn new(learned: Option<&Arc<Learned>>) -> Self {
        let mut chances = learned.map_or_else(Chances::default, |learned| learned.chances.clone());
        chances.begin();
        let told = if learned.is_some() { Told::All } else { Told::Bare };
        let memory = Memory::new(if learned.is_some() { 16 } else { 18 });
        let (exact, alike, said, trail) = (Vec::new(), Vec::new(), Vec::new(), Trail::default());
        let (had, next_again, next_shared, next_before, luck) = (0, 0, 0, 0, 0);
        Self {
            learned: learned.cloned(),
            told,
            memory,
            chances,
            exact,
            alike,
            luck,
            said,
            had,
            next_again,
            next_shared,
            trail,
            next_before,
        }
    }

    /// A whole group follows, as an example.
    pub(crate) const fn example(&mut self) {
        self.told = Told::Example;
        (self.had, self.next_again, self.next_shared) = (0, 0, 0);
    }

    /// What a later release says of the group follows.
    pub(crate) fn go_on(&mut self) {
        self.chances.go_on();
        self.next_before = 0;
    }

    /// What it has learned, as a start for others.
    pub(crate) fn into_learned(self) -> Learned {
        Learned { memory: self.memory, chances: self.chances }
    }

    /// A new page begins. `before` is the number of the page that it was, among those of the group; a reader is told it.
    pub(crate) fn page<C: Coder>(&mut self, coder: &mut C, before: Option<usize>) {
        self.exact.clear();
        self.alike.clear();
        self.said.clear();
        self.luck = 0;
        let was = coder.bit(&mut self.chances.was, before.is_some());
        let before = was.then(|| {
            let apart = before.unwrap_or(0).wrapping_sub(self.next_before);
            let apart = coder.signed(&mut self.chances.before, i32::try_from(apart.cast_signed()).unwrap_or(0));
            let before = self.next_before.saturating_add_signed(isize::try_from(apart).unwrap_or(0));
            self.next_before = before.saturating_add(1);
            before
        });
        let pages = self.trail.pages();
        self.trail.page(before.filter(|before| *before < pages));
    }

    /// How many strings there were.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) const fn had(&self) -> u32 {
        self.had
    }

    /// Whether this page has said a string before.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn has_said(&self, token: Token) -> bool {
        self.said.contains(&token.mark())
    }

    /// The number that costs least for a string that was there.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) const fn next_again(&self) -> u32 {
        self.next_again
    }

    /// The number that costs least for a shared string.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) const fn next_shared(&self) -> u32 {
        self.next_shared
    }

    /// Says or hears the next token; a reader does not look at `token`.
    pub(crate) fn token<C: Coder>(&mut self, coder: &mut C, token: Token) -> Token {
        let keys = self.keys();
        let guesses = self.guesses(&keys);
        let mut found = None;
        let mut failed = 0;
        for &(guess, order, trust) in guesses.iter().flatten() {
            let context = ((failed * (AS_IT_WAS + 1) + order) * 8 + usize::from(trust.min(7))) * 4 + (self.luck & 3);
            let right = guess == token.mark() || guess == token.sort();
            let [_, exact, .., alike, _, near, last] = keys;
            let contexts = [
                context as u64,
                alike ^ order as u64,
                near,
                last ^ u64::from(guess),
                exact,
                u64::from(guess) * 8 + failed as u64,
            ];
            let set = (failed * 4 + (self.luck & 3)) * 2 + usize::from(order == AS_IT_WAS);
            if self.chances.hit.decide(coder, &contexts, failed as u32, set, right) {
                found = Some(guess);
                break;
            }
            failed += 1;
        }
        let token = match found.map(|mark| (mark, Token::of_mark(mark))) {
            Some((_, Some(token))) => token,
            Some((ANY_SHARED, None)) => self.shared(coder, token, &keys),
            Some((ANY_AGAIN, None)) => self.again(coder, token, &keys),
            Some((_, None)) => self.new_string(coder, token),
            None => self.spelt(coder, token, &keys),
        };
        self.luck = self.luck << 1 | usize::from(failed == 0 && found.is_some());
        self.learn(&keys, token);
        token
    }

    /// The hashes of what came before, in the order of [`EXACT`] and [`ALIKE`].
    fn keys(&self) -> [u64; ORDERS] {
        let mut keys = [0; ORDERS];
        let exact = EXACT.iter().map(|&back| (&self.exact, back));
        let alike = ALIKE.iter().map(|&back| (&self.alike, back));
        for (order, ((row, back), key)) in exact.chain(alike).zip(&mut keys).enumerate() {
            let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ (order as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            for mark in row.iter().rev().take(back) {
                hash = (hash ^ u64::from(*mark)).wrapping_mul(0x2545_F491_4F6C_DD1D);
                hash ^= hash >> 29;
            }
            *key = hash;
        }
        keys
    }

    fn recall(&self, key: u64, order: usize) -> Option<Followed> {
        // What examples said word for word is of other records.
        let before =
            || self.learned.as_ref().filter(|_| order >= EXACT.len()).and_then(|learned| learned.memory.get(key));
        self.memory.get(key).or_else(before)
    }

    /// The guesses, each with its order and the trust in it; what followed before last counts as an order of its own.
    fn guesses(&self, keys: &[u64; ORDERS]) -> [Option<(Mark, usize, u8)>; GUESSES] {
        let mut all = [None; ORDERS * 2];
        let (last, before) = all.split_at_mut(ORDERS);
        for (order, ((key, last), before)) in keys.iter().zip(last).zip(before).enumerate() {
            let Some(Followed { mark, trust, other }) = self.recall(*key, order) else { continue };
            *last = self.meant(mark).map(|mark| (mark, order, trust));
            *before = self.meant(other).map(|other| (other, ORDERS + order, 0));
        }
        // First what the page was, then the one that looks back furthest and can be trusted.
        let was = self.trail.guess().map(|(mark, run)| (mark, AS_IT_WAS, run));
        let first = was.or_else(|| all.iter().flatten().find(|guess| guess.2 >= TRUSTED).copied());
        let mut guesses = [None; GUESSES];
        let mut count = 0;
        for guess in first.iter().chain(all.iter().flatten()) {
            let known = guesses.iter().flatten().any(|other: &(Mark, usize, u8)| other.0 == guess.0);
            if !known && let Some(place) = guesses.get_mut(count) {
                *place = Some(*guess);
                count += 1;
            }
        }
        guesses
    }

    /// What a mark stands for on this page.
    fn meant(&self, mark: Mark) -> Option<Mark> {
        match mark {
            0 => None,
            SAID.. => self.said.get(usize::try_from(mark - SAID).ok()?).copied(),
            other => Some(other),
        }
    }

    fn learn(&mut self, keys: &[u64; ORDERS], token: Token) {
        // A string that is new or shared is, from here on, one that this group has had.
        let own = match token {
            Token::New(_) | Token::Shared(_) => {
                self.had += 1;
                AGAIN | (self.had - 1)
            }
            other => other.mark(),
        };
        let before = self.said.iter().position(|other| *other == own);
        let said = (SAID..).nth(before.unwrap_or(0)).filter(|_| before.is_some());
        for (order, key) in keys.iter().enumerate() {
            let mark = match said.filter(|_| order >= EXACT.len()) {
                Some(said) => said,
                None if order >= SORTS_FROM => token.sort(),
                None => match (self.told, token) {
                    (Told::All, _) => own,
                    (Told::Example, Token::Again(_)) => token.mark(),
                    // That it is some word is what looking back less far says, too.
                    (Told::Bare, Token::Again(_) | Token::Shared(_)) => continue,
                    (Told::Bare | Told::Example, _) => token.sort(),
                },
            };
            let followed = match self.recall(*key, order) {
                Some(known) if known.mark == mark => Followed { trust: (known.trust + 1).min(7), ..known },
                Some(known) if known.trust > 1 => Followed { trust: known.trust / 2, other: mark, ..known },
                Some(known) => Followed { mark, trust: 1, other: known.mark },
                None => Followed { mark, trust: 1, other: 0 },
            };
            self.memory.set(*key, followed);
        }
        match token {
            Token::Shared(place) => self.next_shared = place + 1,
            Token::Again(place) => self.next_again = place + 1,
            Token::New(_) | Token::Frame(_) | Token::Own(_) => {}
        }
        if matches!(token, Token::New(_) | Token::Shared(_)) {
            self.next_again = self.had;
        }
        if self.learned.is_some() {
            self.trail.push(own);
        }
        let word = !matches!(token, Token::Frame(_) | Token::Own(_));
        if word && before.is_none() && self.said.len() < MOST_SAID {
            self.said.push(own);
        }
        self.exact.push(own);
        self.alike.push(if matches!(token, Token::Frame(_) | Token::Own(_)) { own } else { WORD });
    }
}

mod spell;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::{Decoder, Encoder};
    use proptest::prelude::*;

    fn tokens() -> impl Strategy<Value = Vec<Token>> {
        let token = prop_oneof![
            4 => (0_u32..20).prop_map(Token::Frame),
            1 => (0_u32..100_000).prop_map(Token::Shared),
            1 => (0_u32..8).prop_map(Token::Own),
            2 => (0_u32..50).prop_map(Token::Again),
            1 => prop::option::of(0_u32..70_000).prop_map(Token::New),
        ];
        prop::collection::vec(token, 0..400)
    }

    /// Pages of 97 tokens, every other one of which was the one before.
    fn page<C: Coder>(model: &mut Model, coder: &mut C, place: usize) {
        if place.is_multiple_of(97) {
            model.page(coder, (place / 97).checked_sub(1).filter(|before| before % 2 == 0));
        }
    }

    fn write(model: &mut Model, tokens: &[Token]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        for (place, &token) in tokens.iter().enumerate() {
            page(model, &mut encoder, place);
            assert_eq!(model.token(&mut encoder, token), token);
        }
        encoder.finish()
    }

    proptest! {
        #[test]
        fn what_is_said_is_heard(examples in tokens(), said in tokens()) {
            let mut model = Model::new(None);
            write(&mut model, &examples);
            let learned = Arc::new(model.into_learned());
            let bytes = write(&mut Model::new(Some(&learned)), &said);
            let mut model = Model::new(Some(&learned));
            let mut decoder = Decoder::new(&bytes);
            for (place, &token) in said.iter().enumerate() {
                if place.is_multiple_of(97) {
                    model.page(&mut decoder, None);
                }
                prop_assert_eq!(model.token(&mut decoder, Token::New(None)), token);
            }
        }
    }

    #[test]
    fn a_page_like_the_others_costs_little() {
        let page: Vec<Token> =
            (0..97).map(|place| if place % 9 == 4 { Token::New(None) } else { Token::Frame(place % 31) }).collect();
        let mut model = Model::new(None);
        write(&mut model, &page.repeat(6));
        let learned = Arc::new(model.into_learned());
        let first = write(&mut Model::new(Some(&learned)), &page);
        assert!(first.len() < 20, "{} bytes", first.len());
    }
}
