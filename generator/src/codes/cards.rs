//! The symbols of many cards of one host, without encoding each of them.
//!
//! A symbol is linear: with length, level and mask fixed, the check bytes of a Reed-Solomon code, the padding and the mask
//! make every module the exclusive or of a constant and of some bits of the text. Addresses of cards differ in six
//! characters, which are 33 to 44 bits, so that a symbol is the exclusive or of at most 45 others. The encoder makes those;
//! a test holds all others against it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use yima_model::Code;

use super::qr::{QUIET, Symbol, card_address, framed, svg};

/// The characters of alphanumeric mode, in the order of their values (ISO/IEC 18004, table 5). Two of them are 11 bits.
const CHARACTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const BITS: u32 = 11;

/// From how many symbols on those to add up are worth making.
const MANY: usize = 100;

/// Rows of modules from the top, the left one in the lowest bit.
pub(super) type Rows = Vec<u64>;

/// Draws the symbols of cards.
#[derive(Debug)]
pub struct CardSymbols {
    host: String,
    drawn: AtomicUsize,
    parts: OnceLock<Option<Parts>>,
}

/// What symbols are added up from.
#[derive(Debug)]
struct Parts {
    /// The place of the first pair of characters that differs.
    start: usize,
    /// The symbol in which all these pairs are zero.
    base: Rows,
    /// For every pair, what each of its bits changes.
    bits: Vec<[Rows; BITS as usize]>,
}

impl CardSymbols {
    /// For the cards of a host.
    #[must_use]
    pub fn of(host: &str) -> Self {
        Self { host: host.to_owned(), drawn: AtomicUsize::new(0), parts: OnceLock::new() }
    }

    /// [`svg`] of the address of a card; none when the address does not fit.
    #[must_use]
    pub fn svg(&self, code: Code, label: &str) -> Option<String> {
        let address = card_address(&self.host, code);
        let parts = if self.drawn.fetch_add(1, Ordering::Relaxed) < MANY {
            None
        } else {
            self.parts.get_or_init(|| Parts::of(&address)).as_ref()
        };
        match parts.and_then(|parts| parts.rows(&address)) {
            Some(rows) => Some(framed(rows.len() + 2 * QUIET, label, &path(&rows))),
            None => Some(svg(&Symbol::of_address(&address).ok()?, label)),
        }
    }
}

impl Parts {
    /// Of the addresses that differ from this one in the code. None when they are not in alphanumeric mode, or too long.
    fn of(address: &str) -> Option<Self> {
        let bytes = address.as_bytes();
        bytes.iter().all(|byte| value(*byte).is_some()).then_some(())?;
        // Six symbols and a slash at the end.
        let code = bytes.len().checked_sub(7)?;
        let (start, end) = (code / 2 * 2, (code + 5) / 2 * 2 + 2);
        let with = |pair: usize, number: usize| -> Option<Rows> {
            let mut bytes = bytes.to_vec();
            bytes.get_mut(start..end)?.fill(CHARACTERS[0]);
            bytes[pair] = CHARACTERS[number / 45];
            bytes[pair + 1] = CHARACTERS[number % 45];
            rows(&Symbol::of_address(&String::from_utf8(bytes).ok()?).ok()?)
        };
        let base = with(start, 0)?;
        let mut bits = Vec::new();
        for pair in (start..end).step_by(2) {
            let mut changes: [Rows; BITS as usize] = Default::default();
            for (bit, change) in changes.iter_mut().enumerate() {
                let other = with(pair, 1 << bit)?;
                *change = base.iter().zip(&other).map(|(one, other)| one ^ other).collect();
            }
            bits.push(changes);
        }
        Some(Self { start, base, bits })
    }

    fn rows(&self, address: &str) -> Option<Rows> {
        let mut rows = self.base.clone();
        let pairs = address.as_bytes().get(self.start..)?.chunks_exact(2);
        for (changes, pair) in self.bits.iter().zip(pairs) {
            let number = value(pair[0])? * 45 + value(pair[1])?;
            for (_, change) in changes.iter().enumerate().filter(|(bit, _)| number >> bit & 1 == 1) {
                rows.iter_mut().zip(change).for_each(|(row, change)| *row ^= change);
            }
        }
        Some(rows)
    }
}

fn value(character: u8) -> Option<usize> {
    CHARACTERS.iter().position(|other| *other == character)
}

/// The modules of a symbol; none when a row is longer than 64.
fn rows(symbol: &Symbol) -> Option<Rows> {
    let size = symbol.size();
    (size <= 64).then(|| rows_of(size, |x, y| symbol.module(x, y)))
}

/// Rows of at most 64 modules.
pub(super) fn rows_of(size: usize, module: impl Fn(usize, usize) -> bool) -> Rows {
    (0..size).map(|y| (0..size).fold(0, |row, x| row | u64::from(module(x, y)) << x)).collect()
}

/// As [`Symbol::path`].
pub(super) fn path(rows: &[u64]) -> String {
    let mut path = Vec::with_capacity(64 * rows.len());
    path.push(b'M');
    push(&mut path, QUIET);
    path.push(b' ');
    push(&mut path, QUIET);
    path.extend_from_slice(b".5");
    // Where the pen stands.
    let (mut pen_x, mut pen_y) = (0, 0);
    for (y, &row) in rows.iter().enumerate() {
        let mut rest = row;
        while rest != 0 {
            let start = rest.trailing_zeros() as usize;
            let run = (rest >> start).trailing_ones() as usize;
            // Nine of ten runs follow another on the same row, and have short numbers.
            if y == pen_y && (pen_x + 1..pen_x + 10).contains(&start) && run < 10 {
                path.extend_from_slice(&[b'm', digit(start - pen_x), b' ', b'0', b'h', digit(run)]);
            } else {
                if (start, y) != (pen_x, pen_y) {
                    path.push(b'm');
                    if start < pen_x {
                        path.push(b'-');
                    }
                    push(&mut path, start.abs_diff(pen_x));
                    path.push(b' ');
                    push(&mut path, y - pen_y);
                }
                path.push(b'h');
                push(&mut path, run);
            }
            (pen_x, pen_y) = (start + run, y);
            rest = if start + run < 64 { rest >> (start + run) << (start + run) } else { 0 };
        }
    }
    // Digits and letters are text.
    String::from_utf8(path).unwrap_or_default()
}

fn digit(number: usize) -> u8 {
    b'0' + (number % 10) as u8
}

/// A number below 100.
fn push(path: &mut Vec<u8>, number: usize) {
    if number >= 10 {
        path.push(digit(number / 10));
    }
    path.push(digit(number));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_usual_hosts_are_added_up() {
        for (host, fits) in [("zc.qingyu.example", true), ("a.cn", true), ("127.0.0.1:8080", true), ("x_y.cn", false)] {
            let address = card_address(host, Code::from_body(77));
            assert_eq!(Parts::of(&address).is_some(), fits, "{host}");
        }
    }

    proptest! {
        #[test]
        fn a_sum_is_what_the_encoder_makes(host in "[a-z.]{4,40}", body in 0_u32..1 << 25) {
            let symbols = CardSymbols::of(&host);
            symbols.drawn.store(MANY, Ordering::Relaxed);
            let code = Code::from_body(body);
            let symbol = Symbol::of_address(&card_address(&host, code)).unwrap();
            prop_assert_eq!(symbols.svg(Code::from_body(7), "x").is_some(), true);
            prop_assert_eq!(symbols.svg(code, "二维码"), Some(svg(&symbol, "二维码")));
            prop_assert_eq!(path(&rows(&symbol).unwrap()), symbol.path());
        }
    }
}
