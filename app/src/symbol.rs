//! A QR symbol drawn on the device, as the path of its dark modules.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a symbol (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Side and path of the symbol for a text, in modules, the light border included; none where the text is too long for one.
pub(crate) fn symbol(text: &str) -> Option<(i32, String)> {
    if text.is_empty() {
        return None;
    }
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += i32::try_from(run).unwrap_or(i32::MAX - x).max(1);
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_has_every_dark_module() {
        let text = "https://zc.qingyu.example/search/?q=%E7%A7%9F%E6%88%BF";
        let (size, path) = symbol(text).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        assert_eq!(size, code.size() + 8);
        let runs = path.split('M').filter(|run| !run.is_empty());
        let drawn: usize =
            runs.map(|run| run.split_once('h').unwrap().1.split_once('v').unwrap().0.parse::<usize>().unwrap()).sum();
        let dark = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|&(x, y)| code.get_module(x, y))
            .count();
        assert_eq!(drawn, dark);
        assert_eq!(symbol(""), None);
        assert_eq!(symbol(&"x".repeat(5_000)), None);
    }
}
