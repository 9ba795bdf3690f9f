//! Symbols as they stand in a page, read back by a decoder that shares no code with the encoder.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;

use yima::codes::Symbol;
use yima::codes::qr::{Level, QUIET, card_address, svg};
use yima_model::Code;
use yima_model::code::BODIES;

/// Share of the symbol's area, quiet zone not counted, that a blot covers.
const BLOT: f64 = 0.10;

/// A symbol taken out of its SVG: dark modules, quiet zone included.
pub(crate) struct Picture {
    side: usize,
    dark: Vec<bool>,
}

impl Picture {
    /// Draws the SVG that [`svg`] writes, out of any page: its view box, its white ground, its runs.
    pub(crate) fn of_svg(svg: &str) -> Self {
        let after = |text: &str| svg.split_once(text).unwrap_or_else(|| panic!("no `{text}` in {svg}")).1;
        let quoted = |text: &str| after(text).split('"').next().unwrap().to_owned();
        let view = quoted("viewBox=\"0 0 ");
        let side: usize = view.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(view, format!("{side} {side}"), "the symbol is square");
        assert_eq!(quoted("fill=\"#fff\" d=\""), format!("M0 0h{side}v{side}H0z"), "the ground is white");
        let path = quoted("stroke=\"#000\" d=\"");
        let runs = path.strip_prefix("M4 4.5").unwrap_or_else(|| panic!("the pen starts elsewhere: {path}"));
        let mut picture = Self { side, dark: vec![false; side * side] };
        let (mut x, mut y) = (QUIET as i64, QUIET as i64);
        let mut steps = runs;
        while !steps.is_empty() {
            let (step, rest) = steps.split_at(steps[1..].find(['m', 'h']).map_or(steps.len(), |end| end + 1));
            match step.split_at(1) {
                ("m", jump) => {
                    let (right, down) = jump.split_once(' ').unwrap();
                    (x, y) = (x + right.parse::<i64>().unwrap(), y + down.parse::<i64>().unwrap());
                }
                ("h", run) => {
                    for _ in 0..run.parse().unwrap() {
                        assert!(x < side as i64, "a run leaves the symbol");
                        picture.dark[usize::try_from(y).unwrap() * side + usize::try_from(x).unwrap()] = true;
                        x += 1;
                    }
                }
                other => panic!("unknown step {other:?}"),
            }
            steps = rest;
        }
        picture
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }

    /// Grey levels at `width` pixels on a side. A pixel takes the module under its centre, as `crispEdges` does where a
    /// module is no whole number of pixels.
    fn luma(&self, width: usize) -> Vec<u8> {
        let module = |pixel: usize| (2 * pixel + 1) * self.side / (2 * width);
        let pixel = |at: usize| if self.is_dark(module(at % width), module(at / width)) { 0 } else { 255 };
        (0..width * width).map(pixel).collect()
    }

    /// Where a blot may lie: every second module, wherever the white square leaves the three finder patterns whole.
    /// Without a finder pattern no reader finds a symbol at all, whatever its level; everything else may be hit,
    /// timing, format and alignment patterns too. The centre comes first. In pixels of 4 to the module.
    fn blots(&self) -> (usize, Vec<(usize, usize)>) {
        let size = self.side - 2 * QUIET;
        let side = ((size * size) as f64 * BLOT).sqrt();
        let pixels = (side * 4.0).ceil() as usize;
        let reach = size - side.ceil() as usize;
        let free = |x: usize, y: usize| {
            let (low, high) = (|at: usize| at < 7, |at: usize| at as f64 + side > (size - 7) as f64);
            !(low(x) && low(y) || high(x) && low(y) || low(x) && high(y))
        };
        let middle = (self.side * 4 - pixels) / 2;
        let mut places = vec![(middle, middle)];
        for (y, x) in (0..=reach).step_by(2).flat_map(|y| (0..=reach).step_by(2).map(move |x| (y, x))) {
            if free(x, y) {
                places.push(((x + QUIET) * 4, (y + QUIET) * 4));
            }
        }
        (pixels, places)
    }

    fn blotted(&self, (left, top): (usize, usize), pixels: usize) -> Vec<u8> {
        let width = self.side * 4;
        let mut luma = self.luma(width);
        for row in luma.chunks_mut(width).skip(top).take(pixels) {
            row[left..left + pixels].fill(255);
        }
        luma
    }
}

/// What stands in the symbol of a square picture, in grey levels; `nothing: …` where no reader finds one.
pub(crate) fn read(luma: Vec<u8>, width: usize) -> String {
    let width = u32::try_from(width).unwrap();
    match rxing::helpers::detect_in_luma(luma, width, width, Some(rxing::BarcodeFormat::QR_CODE)) {
        Ok(found) => found.getText().to_owned(),
        Err(why) => format!("nothing: {why:?}"),
    }
}

/// Fails unless the symbol of `svg` is read as `address` clean at 1 to 4 pixels per module, at 72 pixels in all, and with
/// a blot on its centre and on one other place. `turn` chooses the other place, so that a run over many symbols, each
/// with its number, tries them all.
pub(crate) fn assert_scans(svg: &str, address: &str, turn: usize) {
    let picture = Picture::of_svg(svg);
    for width in [picture.side, 2 * picture.side, 3 * picture.side, 4 * picture.side, 72] {
        assert_eq!(read(picture.luma(width), width), address, "clean, {width} px");
    }
    let (pixels, places) = picture.blots();
    for place in [places[0], places[turn % places.len()]] {
        let read = read(picture.blotted(place, pixels), 4 * picture.side);
        assert_eq!(read, address, "10 % blotted at {place:?}");
    }
}

fn svg_of(host: &str, body: u32) -> (String, String) {
    let address = card_address(host, Code::from_body(body));
    (svg(&Symbol::of_address(&address).unwrap(), "政策身份证"), address)
}

#[test]
fn the_svg_draws_the_dark_modules_and_no_other() {
    for host in ["a.cn", "zc.qingyu.example", "zhengce.gongkai.qingyu.example"] {
        for body in (0..BODIES).step_by(3_333_333) {
            let symbol = Symbol::of_address(&card_address(host, Code::from_body(body))).unwrap();
            let picture = Picture::of_svg(&svg(&symbol, ""));
            assert_eq!(picture.side, symbol.full_size());
            for (x, y) in (0..picture.side).flat_map(|y| (0..picture.side).map(move |x| (x, y))) {
                let module = symbol.module(x.wrapping_sub(QUIET), y.wrapping_sub(QUIET));
                assert_eq!(picture.is_dark(x, y), module, "{host} {body} ({x}, {y})");
            }
        }
    }
}

#[test]
fn symbols_all_over_the_range_of_codes_are_read() {
    for (turn, body) in (0..BODIES).step_by(149_993).enumerate() {
        let (svg, address) = svg_of("zc.qingyu.example", body);
        assert_scans(&svg, &address, turn);
    }
}

/// Level H is what this takes: a symbol at level Q (a host of 18 to 29 characters) has places that lose it.
#[test]
fn at_level_h_a_blot_may_lie_anywhere_but_on_a_finder_pattern() {
    for (host, version) in [("zc.qingyu.example", 3), ("zhengce.gongkai.qingyu.example", 4)] {
        let (svg, address) = svg_of(host, 12_345_678);
        let symbol = Symbol::of_address(&address).unwrap();
        assert_eq!((symbol.version(), symbol.level()), (version, Level::H));
        let picture = Picture::of_svg(&svg);
        let (pixels, places) = picture.blots();
        assert!(places.len() > 60, "{host}: {} places", places.len());
        for place in places {
            assert_eq!(read(picture.blotted(place, pixels), 4 * picture.side), address, "{host}, blot at {place:?}");
        }
    }
}

#[test]
fn every_symbol_of_the_demonstration_city_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let options = yima::Options {
        content: root.join("content"),
        public: root.join("public"),
        app: None,
        today: yima_model::Date::constant(2026, 10, 1),
        new_codes: yima::NewCodes::Provisional,
    };
    let city = yima::load(&options).unwrap().project.unwrap().city;
    assert!(city.codes.by_code.len() >= city.policies.len() + city.questions.len());
    for (turn, (&code, record)) in city.codes.by_code.iter().enumerate() {
        let address = card_address(&city.settings.host, code);
        let svg = svg(&Symbol::of_address(&address).unwrap(), &record.to_string());
        assert_scans(&svg, &address, turn);
    }
}
