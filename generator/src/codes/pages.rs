//! The symbols of many addresses of one host, without encoding each of them.
//!
//! As in [`super::cards`]: with version, level and mask fixed, a symbol is linear in its data bits. The first address of a
//! kind is encoded, and so is each bit in which a later one differs, once; every further symbol is the exclusive or of
//! those. Addresses of lists and records differ in few of their bits, so that nearly all are there soon.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use qrcodegen::{Mask, QrCode, QrCodeEcc, Version};

use super::cards::{Rows, path, rows_of};
use super::qr::{Level, QUIET, Symbol, TooLong, framed, svg};

/// Data codewords of versions 1 to 9, at level Q and at level H (ISO/IEC 18004, table 7). Up to here eight bits say how
/// long a text is.
const CAPACITY: [[usize; 2]; 9] =
    [[13, 9], [22, 16], [34, 26], [48, 36], [62, 46], [76, 60], [88, 66], [110, 86], [132, 100]];

/// From how many symbols on those to add up are worth making.
const MANY: usize = 100;

/// Draws the symbols of the addresses of pages.
#[derive(Debug, Default)]
pub struct PageSymbols {
    drawn: AtomicUsize,
    /// By version and level.
    kinds: RwLock<BTreeMap<(u8, Level), Arc<Kind>>>,
}

/// Symbols of one version and level.
#[derive(Debug)]
struct Kind {
    version: u8,
    level: Level,
    /// The data codewords of the symbol that all others are made from.
    data: Vec<u8>,
    rows: Rows,
    /// What each bit of the data changes, the highest of each codeword first.
    bits: Vec<OnceLock<Rows>>,
}

impl PageSymbols {
    /// [`svg`] of an address.
    ///
    /// # Errors
    /// [`TooLong`], as for [`Symbol::of_address`].
    pub fn svg(&self, address: &str, label: &str) -> Result<String, TooLong> {
        let sum = || {
            if self.drawn.fetch_add(1, Ordering::Relaxed) < MANY {
                return None;
            }
            let (version, level) = smallest(address)?;
            let data = codewords(address, version, level)?;
            let kind = self.kind(version, level, &data);
            Some(kind.rows(&data))
        };
        match sum() {
            Some(rows) => Ok(framed(rows.len() + 2 * QUIET, label, &path(&rows))),
            None => Ok(svg(&Symbol::of_address(address)?, label)),
        }
    }

    fn kind(&self, version: u8, level: Level, data: &[u8]) -> Arc<Kind> {
        // Nothing in here panics; a poisoned lock would still hold true answers.
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = kinds.get(&(version, level)) {
            return Arc::clone(kind);
        }
        drop(kinds);
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        let kind = kinds.entry((version, level)).or_insert_with(|| Arc::new(Kind::of(version, level, data)));
        Arc::clone(kind)
    }
}

impl Kind {
    fn of(version: u8, level: Level, data: &[u8]) -> Self {
        let mut bits = Vec::new();
        bits.resize_with(data.len() * 8, OnceLock::new);
        Self { version, level, data: data.to_vec(), rows: encode(version, level, data), bits }
    }

    fn rows(&self, data: &[u8]) -> Rows {
        let mut rows = self.rows.clone();
        for (at, (mine, other)) in self.data.iter().zip(data).enumerate() {
            let differing = mine ^ other;
            for bit in (0..8).filter(|bit| differing << bit & 0x80 != 0) {
                let Some(cell) = self.bits.get(at * 8 + bit) else { continue };
                let change = cell.get_or_init(|| {
                    let mut data = self.data.clone();
                    data[at] ^= 0x80 >> bit;
                    let other = encode(self.version, self.level, &data);
                    self.rows.iter().zip(other).map(|(one, other)| one ^ other).collect()
                });
                rows.iter_mut().zip(change).for_each(|(row, change)| *row ^= change);
            }
        }
        rows
    }
}

/// The smallest version that takes the address as bytes at level Q, and the higher level where it takes it too.
fn smallest(address: &str) -> Option<(u8, Level)> {
    // What fits alphanumeric mode is encoded otherwise; addresses of pages have small letters.
    address.bytes().any(|byte| byte.is_ascii_lowercase()).then_some(())?;
    // Four bits for the mode, eight for the length, four at the end.
    let wanted = address.len() + 2;
    let (version, [_, high]) = (1..).zip(CAPACITY).find(|(_, [low, _])| *low >= wanted)?;
    Some((version, if high >= wanted { Level::H } else { Level::Q }))
}

/// The data codewords: mode, length, bytes, four zeros at the end, padding.
fn codewords(address: &str, version: u8, level: Level) -> Option<Vec<u8>> {
    let [low, high] = *CAPACITY.get(usize::from(version).checked_sub(1)?)?;
    let capacity = if level == Level::H { high } else { low };
    let mut data = Vec::with_capacity(capacity + 2);
    // Everything stands half a codeword later than in the address.
    let mut last = 0b0100;
    for byte in std::iter::once(u8::try_from(address.len()).ok()?).chain(address.bytes()).chain([0]) {
        data.push(last << 4 | byte >> 4);
        last = byte & 0x0F;
    }
    let padding = [0xEC, 0x11].into_iter().cycle().take(capacity.checked_sub(data.len())?);
    data.extend(padding);
    Some(data)
}

fn encode(version: u8, level: Level, data: &[u8]) -> Rows {
    let ecc = if level == Level::H { QrCodeEcc::High } else { QrCodeEcc::Quartile };
    let code = QrCode::encode_codewords(Version::new(version), ecc, data, Some(Mask::new(0)));
    rows_of(usize::try_from(code.size()).unwrap_or(0), |x, y| {
        let place = |at: usize| i32::try_from(at).unwrap_or(-1);
        code.get_module(place(x), place(y))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sum_is_what_the_encoder_makes(addresses in proptest::collection::vec("https://[a-zé/]{0,20}[a-z0-9/.-]{1,70}", 1..20)) {
            let symbols = PageSymbols::default();
            symbols.drawn.store(MANY, Ordering::Relaxed);
            for address in addresses {
                let symbol = Symbol::of_address(&address).unwrap();
                prop_assert_eq!(symbols.svg(&address, "二维码").unwrap(), svg(&symbol, "二维码"));
                prop_assert_eq!(smallest(&address), Some((symbol.version(), symbol.level())).filter(|(version, _)| *version < 10));
            }
        }
    }

    #[test]
    fn every_length_fits_the_same_version_as_in_the_encoder() {
        let symbols = PageSymbols::default();
        symbols.drawn.store(MANY, Ordering::Relaxed);
        for length in 1..200 {
            let address = "x".repeat(length);
            assert_eq!(symbols.svg(&address, ""), Ok(svg(&Symbol::of_address(&address).unwrap(), "")), "{length}");
        }
        assert_eq!(symbols.svg(&"x".repeat(1_664), ""), Err(TooLong));
        let shouted = "HTTPS://ZC.QINGYU.EXAMPLE/Q/";
        assert_eq!(symbols.svg(shouted, ""), Ok(svg(&Symbol::of_address(shouted).unwrap(), "")));
    }
}
