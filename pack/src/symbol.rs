//! QR symbols (ISO/IEC 18004): an address in, a square of modules out.
//!
//! Here, because a pack does not carry symbols: it carries addresses, and a page read from a pack draws its symbol anew.

use core::fmt;

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// Width of the quiet zone on every side, in modules.
pub const QUIET: usize = 4;

/// The one mask. Choosing the best of the eight for each symbol makes no difference that a decoder notices (measured
/// with three of them) and costs six to fifteen times the time.
const MASK: u8 = 0;

/// How much of a symbol may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// About a quarter.
    Q,
    /// About 30 %.
    H,
}

/// The text does not fit into the largest symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address does not fit into a QR symbol")
    }
}

impl core::error::Error for TooLong {}

/// A QR symbol, without its quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol(QrCode);

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Symbol({}-{:?})", self.version(), self.level())
    }
}

impl Symbol {
    /// The symbol that holds `address`, byte for byte: in alphanumeric mode when all its characters allow it, at level Q,
    /// or at level H where that needs no larger symbol.
    ///
    /// # Errors
    /// [`TooLong`] from 1,664 bytes on.
    pub fn of_address(address: &str) -> Result<Self, TooLong> {
        let segments = QrSegment::make_segments(address);
        let (low, high) = (Version::MIN, Version::MAX);
        let code =
            QrCode::encode_segments_advanced(&segments, QrCodeEcc::Quartile, low, high, Some(Mask::new(MASK)), true);
        code.map(Self).map_err(|_| TooLong)
    }

    /// Modules on a side, without the quiet zone: 17 + 4 × version.
    #[must_use]
    pub fn size(&self) -> usize {
        usize::try_from(self.0.size()).unwrap_or(0)
    }

    /// Modules on a side, with the quiet zone.
    #[must_use]
    pub fn full_size(&self) -> usize {
        self.size() + 2 * QUIET
    }

    /// 1 to 40.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.0.version().value()
    }

    /// Error correction level.
    #[must_use]
    pub fn level(&self) -> Level {
        if self.0.error_correction_level() == QrCodeEcc::High { Level::H } else { Level::Q }
    }

    /// Whether the module in column `x` and row `y`, counted from 0 without the quiet zone, is dark. Outside it is not.
    #[must_use]
    pub fn module(&self, x: usize, y: usize) -> bool {
        let place = |at: usize| i32::try_from(at).unwrap_or(-1);
        self.0.get_module(place(x), place(y))
    }

    /// The path of an SVG element in a view box of [`Symbol::full_size`]: one unit per module, horizontal runs of dark
    /// modules as strokes with relative moves, the smallest of the ways that were measured once compressed.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(64 * self.size());
        path.push('M');
        for end in [" ", ".5"] {
            push_number(&mut path, i32::try_from(QUIET).unwrap_or(0));
            path.push_str(end);
        }
        self.write_runs(&mut path);
        path
    }

    /// The runs of dark modules, from a pen that stands at the left of the first row.
    fn write_runs(&self, path: &mut String) {
        let size = self.0.size();
        // Where the pen stands.
        let (mut pen_x, mut pen_y) = (0, 0);
        for y in 0..size {
            let mut x = 0;
            while x < size {
                if !self.0.get_module(x, y) {
                    x += 1;
                    continue;
                }
                let start = x;
                while x < size && self.0.get_module(x, y) {
                    x += 1;
                }
                if (start, y) != (pen_x, pen_y) {
                    path.push('m');
                    push_number(path, start - pen_x);
                    path.push(' ');
                    push_number(path, y - pen_y);
                }
                path.push('h');
                push_number(path, x - start);
                (pen_x, pen_y) = (x, y);
            }
        }
    }
}

/// Decimal digits. The formatting machinery took more time than the encoder: a symbol has some 450 numbers.
fn push_number(text: &mut String, number: i32) {
    if number < 0 {
        text.push('-');
    }
    let number = number.unsigned_abs();
    for place in [100, 10, 1] {
        if number >= place || place == 1 {
            text.push(char::from(b'0' + (number / place % 10) as u8));
        }
    }
}
