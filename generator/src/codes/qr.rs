//! QR symbols (ISO/IEC 18004): an address in, a square of modules out.

use std::fmt::{self, Write};

use minijinja::HtmlEscape;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use yima_model::Code;

/// Width of the quiet zone on every side, in modules.
pub const QUIET: usize = 4;

/// The one mask. Choosing the best of the eight for each symbol makes no difference that a decoder notices (measured
/// with three of them) and costs six to fifteen times the time.
const MASK: u8 = 0;

/// The address that a code's symbol holds. Upper case keeps it in alphanumeric mode, 5.5 bits per character: scheme and
/// host mean the same in any case, and the path is served in just this form. The slash spares a redirect.
#[must_use]
pub fn card_address(host: &str, code: Code) -> String {
    format!("HTTPS://{}/Q/{code}/", host.to_ascii_uppercase())
}

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

impl std::error::Error for TooLong {}

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

    /// An SVG element for use inside HTML: one unit per module, quiet zone included, dark on a white ground of its own so
    /// that it also scans on a dark page. `label` is read out in its place.
    ///
    /// Horizontal runs of dark modules are one stroked path with relative moves, the smallest of the ways that were
    /// measured once compressed. Where rows must not show hairlines (print), widen the stroke a little.
    #[must_use]
    pub fn to_svg(&self, label: &str) -> String {
        let full = self.full_size();
        let mut svg = String::with_capacity(64 * self.size());
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<svg class=\"qr\" viewBox=\"0 0 {full} {full}\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{full}v{full}H0z\"/><path stroke=\"#000\" d=\"M{QUIET} {QUIET}.5",
            HtmlEscape(label)
        );
        self.write_runs(&mut svg);
        svg.push_str("\"/></svg>");
        svg
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

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "zc.qingyu.example";

    fn symbol(body: u32) -> Symbol {
        Symbol::of_address(&card_address(HOST, Code::from_body(body))).unwrap()
    }

    #[test]
    fn a_host_of_17_characters_fits_version_3_at_level_h() {
        for (host, version, level) in [
            ("zc.qingyu.gov.cn".to_owned(), 3, Level::H),
            (HOST.to_owned(), 3, Level::H),
            ("a".repeat(18), 3, Level::Q),
            ("a".repeat(29), 3, Level::Q),
            ("a".repeat(30), 4, Level::H),
            ("a.cn".to_owned(), 2, Level::Q),
            ("127.0.0.1:8080".to_owned(), 3, Level::H),
        ] {
            let symbol = Symbol::of_address(&card_address(&host, Code::from_body(77))).unwrap();
            assert_eq!((symbol.version(), symbol.level()), (version, level), "{host}");
            assert_eq!(symbol.size(), 17 + 4 * usize::from(version));
        }
    }

    #[test]
    fn any_address_has_a_symbol_up_to_the_largest() {
        let page = Symbol::of_address("https://zc.qingyu.example/policy/2025-foo/").unwrap();
        assert_eq!(page.version(), 4);
        assert!(Symbol::of_address(&"x".repeat(1_663)).is_ok());
        assert_eq!(Symbol::of_address(&"x".repeat(1_664)), Err(TooLong));
    }

    #[test]
    fn the_svg_is_small_and_its_label_is_escaped() {
        let label = "政策身份证 \"7K3F9Q\" <&>";
        let svg = symbol(0x155_5555).to_svg(label);
        assert!(svg.contains("viewBox=\"0 0 37 37\""));
        assert!(svg.contains("aria-label=\"政策身份证 &quot;7K3F9Q&quot; &lt;&amp;&gt;\""), "{svg}");
        for body in (0..1 << 25).step_by(0x1_F001) {
            let length = symbol(body).to_svg("").len();
            assert!(length < 1_900, "{length} bytes");
        }
    }
}
