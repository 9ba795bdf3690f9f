//! The code on a page: a QR symbol of an address as inline SVG.

use std::fmt::Write as _;

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// Light modules around the symbol, as ISO/IEC 18004 asks.
const QUIET_ZONE: i32 = 4;

/// The address of a card, in the upper case that keeps its symbol in alphanumeric mode.
pub(super) fn card_address(host: &str, code: yima_model::Code) -> String {
    format!("HTTPS://{}/Q/{code}/", host.to_ascii_uppercase())
}

/// The symbol of `address` as SVG, drawn as stroked runs of dark modules; `None` when the address is too long for one.
///
/// The mask is fixed: finding the best of eight costs fifteen times as much and gains nothing that decoders notice.
pub(super) fn svg(address: &str, label: &str) -> Option<String> {
    let segments = QrSegment::make_segments(address);
    let code =
        QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, Version::MIN, Version::MAX, Some(Mask::new(2)), true)
            .ok()?;
    let size = code.size();
    let whole = size + 2 * QUIET_ZONE;
    let mut svg = String::with_capacity(2_048);
    svg.push_str("<svg class=\"qr\" role=\"img\" aria-label=\"");
    for ch in label.chars().filter(|ch| !matches!(ch, '<' | '>' | '"' | '&')) {
        svg.push(ch);
    }
    let _ = write!(
        svg,
        "\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/>\
         <path stroke=\"#000\" d=\""
    );
    for y in 0..size {
        // The pen stands at the end of the last run of the row.
        let mut pen = None;
        let mut x = 0;
        while x < size {
            if !code.get_module(x, y) {
                x += 1;
                continue;
            }
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            let _ = match pen {
                None => write!(svg, "M{} {}.5h{}", start + QUIET_ZONE, y + QUIET_ZONE, x - start),
                Some(pen) => write!(svg, "m{} 0h{}", start - pen, x - start),
            };
            pen = Some(x);
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}
