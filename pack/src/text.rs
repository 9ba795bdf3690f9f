//! The words of a group, guessed letter by letter: what a city says, it says again and again in the same sentences.
//!
//! 1. The text is followed along the latest place that went like the last letters. Does it go on as it did there? The
//!    longer it has been right, the less the answer costs: a sentence that was there before is nearly free.
//! 2. Where it does not, the same is asked once of another place.
//! 3. Where that fails, the letter is spelt out: a walk down the tree of its code (frequent letters have short ones), each
//!    step guessed by the last letters: none, one, two, three, five of them.
//!
//! Everything begins from a text that all groups share, so that the first sentence of a group is no surprise either.
//! Letters are the characters of Unicode, and bytes where there are none: whatever goes in comes out.

#[cfg(any(test, feature = "seal"))]
use crate::alphabet::names;
use crate::alphabet::{Alphabet, BYTE, LEAF};
use crate::mix::{Counter, Weights, of_false};
#[cfg(any(test, feature = "seal"))]
use crate::range::Encoder;
use crate::range::{Coder, Decoder};

/// Bits of a letter that is not in the alphabet.
const LETTER_BITS: u32 = 21;

/// So many letters must be the same before a place is followed.
const ALIKE: [usize; 3] = [12, 5, 3];

/// The place of letters that have none: there are more of them than numbers.
const NOWHERE: u16 = u16::MAX;

/// Letters that a context looks back, at most.
const BACK: usize = 12;

/// Beyond this it makes no difference how long a place has been right.
const LONG: usize = 32;

/// Bits of the table of places, at least and at most. Opinions on places have one bit more, those on letters two.
const PLACES: (u32, u32) = (12, 16);

/// Which of the last letters have an opinion on whether the text goes on as it did, and on how a letter is spelt.
const FOLLOWED_BACK: [usize; 3] = [1, 4, 7];
const SPELT_BACK: [usize; 4] = [1, 2, 3, 5];

/// What was read so far, and what followed what in it.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    bits: u32,
    /// Letters by their places in the alphabet, those of `extra` behind.
    history: Vec<u16>,
    /// Letters that are not in the alphabet.
    extra: Vec<u32>,
    /// The latest places after so many letters, by their hash.
    places: [Vec<u32>; ALIKE.len()],
    /// The place that is followed, and how many letters it has been right; 0 is none.
    along: (usize, usize),
    /// Whether the last guesses were right, the newest lowest.
    luck: usize,
    long: Vec<Counter>,
    followed: Vec<Counter>,
    alone: Vec<Counter>,
    spelt: Vec<Counter>,
    follow: Vec<Weights<4>>,
    spell: [Weights<5>; 5],
}

impl Text {
    /// One that is going to read so many bytes and then the words of a group.
    pub(crate) fn new(alphabet: &Alphabet, bytes: usize) -> Self {
        let bits = bytes.max(1).ilog2().saturating_sub(2).clamp(PLACES.0, PLACES.1);
        Self {
            bits,
            // Whoever looks back finds something.
            history: vec![0; BACK],
            extra: Vec::new(),
            places: core::array::from_fn(|_| vec![0; 1 << bits]),
            along: (0, 0),
            luck: 0,
            long: vec![Counter::default(); (LONG + 1) * 2 * 8],
            followed: vec![Counter::default(); 2 << bits],
            alone: vec![Counter::default(); alphabet.tree.len()],
            spelt: vec![Counter::default(); 4 << bits],
            follow: vec![Weights::new(40); (LONG + 1) * 2],
            spell: [Weights::new(30); 5],
        }
    }

    /// Another text begins.
    pub(crate) const fn begin(&mut self) {
        self.along = (0, 0);
        self.luck = 0;
    }

    /// Says or hears the next letter; a reader does not look at `letter`.
    fn letter<C: Coder>(&mut self, coder: &mut C, alphabet: &Alphabet, letter: Letter) -> u32 {
        let back = self.hashes();
        let candidates = self.candidates(&back);
        let contexts = FOLLOWED_BACK.map(|count| back[count]);
        if self.along.0 == 0 {
            self.along = candidates.iter().copied().find(|found| found.1 > 0).unwrap_or((0, 0));
        }
        let mut found = None;
        let is = |guess: u16| letter.place == guess && guess != NOWHERE;
        let (at, length) = self.along;
        if let Some(&guess) = self.history.get(at).filter(|_| at > 0) {
            let right = self.goes_on(coder, &contexts, (guess, length, false), is(guess));
            self.luck = self.luck << 1 | usize::from(right);
            if right {
                found = Some((guess, (at + 1, length + 1)));
            } else if let Some((other, at, length)) = self.other(&candidates, guess)
                && self.goes_on(coder, &contexts, (other, length, true), is(other))
            {
                found = Some((other, (at + 1, length + 1)));
            }
        }
        let (place, name) = match found {
            Some((place, along)) => {
                self.along = along;
                (place, self.name(alphabet, place))
            }
            None => {
                self.along = (0, 0);
                self.spelt(coder, alphabet, letter, &back)
            }
        };
        self.history.push(place);
        name
    }

    /// The hashes of the last letters: none, one, two, and so on.
    fn hashes(&self) -> [u32; BACK + 1] {
        let mut hashes = [0; BACK + 1];
        let mut hash = 0_u32;
        for (letter, slot) in self.history.iter().rev().zip(hashes.iter_mut().skip(1)) {
            hash = (hash ^ (u32::from(*letter) + 1)).wrapping_mul(0x85EB_CA6B);
            hash ^= hash >> 15;
            *slot = hash;
        }
        hashes
    }

    /// Places that may be followed, each with how many letters before it are the same, 0 if too few; and makes the place
    /// here one of them.
    fn candidates(&mut self, back: &[u32; BACK + 1]) -> [(usize, usize); ALIKE.len()] {
        let here = self.history.len();
        let mut candidates = [(0, 0); ALIKE.len()];
        for ((least, places), candidate) in ALIKE.into_iter().zip(&mut self.places).zip(&mut candidates) {
            let Some(slot) = places.get_mut(place(back[least], self.bits)) else { continue };
            let at = core::mem::replace(slot, here as u32) as usize;
            let both = self.history.iter().take(at).rev().zip(self.history.iter().rev());
            let alike = both.take(LONG).take_while(|(one, other)| one == other).count();
            *candidate = (at, if alike >= least { alike } else { 0 });
        }
        candidates
    }

    /// A place that goes on with another letter: the letter, the place, how many letters before it are the same.
    fn other(&self, candidates: &[(usize, usize)], guess: u16) -> Option<(u16, usize, usize)> {
        let mut all = candidates.iter().filter(|(_, alike)| *alike > 0);
        all.find_map(|&(at, alike)| {
            self.history.get(at).filter(|other| **other != guess).map(|other| (*other, at, alike))
        })
    }

    /// Whether the text goes on with a letter that has followed before.
    fn goes_on<C: Coder>(
        &mut self,
        coder: &mut C,
        contexts: &[u32; 3],
        (guess, length, again): (u16, usize, bool),
        right: bool,
    ) -> bool {
        let length = length.min(LONG) * 2 + usize::from(again);
        let long = length * 8 + (self.luck & 7);
        let slots = contexts.map(|context| place(context ^ u32::from(guess), self.bits + 1));
        let opinion =
            |slot: usize| self.followed.get(slot).filter(|slot| !slot.is_fresh()).map_or(0, |slot| slot.opinion());
        let [a, b, c] = slots.map(opinion);
        let opinions = [self.long.get(long).map_or(0, |slot| slot.opinion()), a, b, c];
        let Some(weights) = self.follow.get_mut(length) else { return false };
        let mixed = weights.mix(&opinions);
        let right = coder.decide(of_false(mixed), right);
        weights.learn(&opinions, mixed, right, 6);
        self.long.get_mut(long).into_iter().for_each(|slot| slot.learn(right, 255));
        for slot in slots {
            self.followed.get_mut(slot).into_iter().for_each(|slot| slot.learn(right, 60));
        }
        right
    }

    /// A letter that nobody guessed.
    fn spelt<C: Coder>(
        &mut self,
        coder: &mut C,
        alphabet: &Alphabet,
        letter: Letter,
        back: &[u32; BACK + 1],
    ) -> (u16, u32) {
        let contexts = SPELT_BACK.map(|count| back[count].wrapping_add(count as u32));
        let mut node = alphabet.root();
        let mut left = letter.way.1;
        while node & LEAF == 0 {
            let alone = node as usize;
            let slots = contexts.map(|context| place(context ^ (node + 1).wrapping_mul(0x2545_F491), self.bits + 2));
            let mut opinions = [0; 5];
            let mut known = 0;
            let asked = self.alone.get(alone).into_iter().chain(slots.iter().filter_map(|slot| self.spelt.get(*slot)));
            for (number, (counter, opinion)) in asked.zip(&mut opinions).enumerate() {
                if !counter.is_fresh() {
                    (*opinion, known) = (counter.opinion(), number);
                }
            }
            let weights = &mut self.spell[known];
            let mixed = weights.mix(&opinions);
            left = left.wrapping_sub(1);
            let bit = coder.decide(of_false(mixed), letter.way.0 >> (left & 31) & 1 == 1);
            weights.learn(&opinions, mixed, bit, 8);
            self.alone.get_mut(alone).into_iter().for_each(|slot| slot.learn(bit, 255));
            for slot in slots {
                self.spelt.get_mut(slot).into_iter().for_each(|slot| slot.learn(bit, 127));
            }
            node = alphabet.tree.get(alone).map_or(LEAF, |next| next[usize::from(bit)]);
        }
        match node & !LEAF {
            0 => self.foreign(coder, alphabet, letter.name),
            place => (place as u16, alphabet.letters.get(place as usize).copied().unwrap_or(u32::MAX)),
        }
    }

    /// A letter that is not in the alphabet.
    fn foreign<C: Coder>(&mut self, coder: &mut C, alphabet: &Alphabet, name: u32) -> (u16, u32) {
        let bit = |heard: u32, place: u32| heard << 1 | u32::from(coder.decide(1 << 15, name >> place & 1 == 1));
        let name = (0..LETTER_BITS).rev().fold(0, bit);
        let place = self.extra.iter().position(|other| *other == name).unwrap_or_else(|| {
            self.extra.push(name);
            self.extra.len() - 1
        });
        (u16::try_from(alphabet.letters.len() + place).unwrap_or(NOWHERE), name)
    }

    fn name(&self, alphabet: &Alphabet, place: u16) -> u32 {
        let place = usize::from(place);
        let foreign = || self.extra.get(place.checked_sub(alphabet.letters.len())?).copied();
        alphabet.letters.get(place).copied().or_else(foreign).unwrap_or(u32::MAX)
    }

    /// The next so many bytes; `None` when the bytes are not what was written.
    pub(crate) fn read(&mut self, alphabet: &Alphabet, bytes: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut decoder = Decoder::new(bytes);
        // What it says of its length is not believed before it is here.
        let mut words = Vec::with_capacity(length.min(1 << 16));
        self.begin();
        while words.len() < length {
            let name = self.letter(&mut decoder, alphabet, Letter::UNKNOWN);
            match char::from_u32(name) {
                Some(letter) => words.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                None => words.push(name.checked_sub(BYTE).and_then(|byte| u8::try_from(byte).ok())?),
            }
            if decoder.is_lost() {
                return None;
            }
        }
        (words.len() == length).then_some(words)
    }

    /// The reverse of [`Text::read`].
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn write(&mut self, alphabet: &Alphabet, words: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        self.begin();
        for name in names(words) {
            let foreign = || {
                let place = self.extra.iter().position(|other| *other == name)?;
                u16::try_from(alphabet.letters.len() + place).ok()
            };
            let known = alphabet.places.get(&name).copied();
            let way = alphabet.ways.get(usize::from(known.unwrap_or(0))).copied().unwrap_or_default();
            let letter = Letter { place: known.or_else(foreign).unwrap_or(NOWHERE), way, name };
            self.letter(&mut encoder, alphabet, letter);
        }
        encoder.finish()
    }
}

/// A letter, for those who say it.
#[derive(Clone, Copy)]
struct Letter {
    place: u16,
    way: (u32, u32),
    name: u32,
}

impl Letter {
    /// For those who hear it.
    const UNKNOWN: Self = Self { place: NOWHERE, way: (0, 0), name: 0 };
}

/// A slot for a hash in a table of so many bits.
const fn place(hash: u32, bits: u32) -> usize {
    (hash.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alphabet() -> Alphabet {
        Alphabet::new("的，。0政策1".chars().map(u32::from).chain([BYTE + 0xFF]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_was_written_is_read(
            texts in prop::collection::vec("[的政策，a]{0,40}|.{0,30}", 0..12),
            bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let alphabet = alphabet();
            let mut prior = Text::new(&alphabet, 0);
            let words = [texts.join("\n").as_bytes(), &bytes, texts.concat().as_bytes()].concat();
            let written = prior.clone().write(&alphabet, &words);
            prop_assert_eq!(prior.clone().read(&alphabet, &written, words.len()), Some(words));
            // Whatever the bytes, there is an end.
            prior.clone().read(&alphabet, &bytes, 5_000);
            prior.read(&alphabet, &written, usize::MAX);
        }
    }

    #[test]
    fn an_alphabet_of_nothing_spells_everything() {
        let alphabet = Alphabet::new([]);
        let mut text = Text::new(&alphabet, 0);
        let written = text.clone().write(&alphabet, "一码一策".as_bytes());
        assert_eq!(text.read(&alphabet, &written, 12), Some("一码一策".into()));
    }

    #[test]
    fn what_was_said_before_costs_next_to_nothing() {
        let alphabet = alphabet();
        let mut text = Text::new(&alphabet, 0);
        let said = "对符合条件的单位，按照实际投入的百分之三十给予支持，最高不超过二百万元。".repeat(2);
        text.write(&alphabet, said.as_bytes());
        let again = text.write(&alphabet, said.as_bytes());
        assert!(again.len() < 16, "{} bytes", again.len());
    }
}
