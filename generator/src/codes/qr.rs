//! The symbol of an address (`yima_pack::symbol`) on a page.

use minijinja::HtmlEscape;
use yima_model::Code;
pub use yima_pack::symbol::{Level, QUIET, Symbol, TooLong};

/// The address that a code's symbol holds. Upper case keeps it in alphanumeric mode, 5.5 bits per character: scheme and
/// host mean the same in any case, and the path is served in just this form. The slash spares a redirect.
#[must_use]
pub fn card_address(host: &str, code: Code) -> String {
    format!("HTTPS://{}/Q/{code}/", host.to_ascii_uppercase())
}

/// An SVG element for use inside HTML: one unit per module, quiet zone included, dark on a white ground of its own so
/// that it also scans on a dark page. `label` is read out in its place. Where rows must not show hairlines (print), widen
/// the stroke a little.
#[must_use]
pub fn svg(symbol: &Symbol, label: &str) -> String {
    framed(symbol.full_size(), label, &symbol.path())
}

/// The element around a path, for a symbol of `full` modules on a side.
pub(super) fn framed(full: usize, label: &str, path: &str) -> String {
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {full} {full}\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{full}v{full}H0z\"/><path stroke=\"#000\" d=\"{path}\"/></svg>",
        HtmlEscape(label),
    )
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
        let drawn = svg(&symbol(0x155_5555), label);
        assert!(drawn.contains("viewBox=\"0 0 37 37\""));
        assert!(drawn.contains("aria-label=\"政策身份证 &quot;7K3F9Q&quot; &lt;&amp;&gt;\""), "{drawn}");
        for body in (0..1 << 25).step_by(0x1_F001) {
            let length = svg(&symbol(body), "").len();
            assert!(length < 1_900, "{length} bytes");
        }
    }
}
