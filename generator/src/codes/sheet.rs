//! Codes on paper: one HTML file that a browser prints to scale. No script, nothing loaded from anywhere.

use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use super::RecordKey;
use super::describe::{Description, describe};
use super::qr::{QUIET, Symbol, TooLong, card_address, svg};
use super::wording::{Say, Wording, wording};
use crate::City;

/// Reading distance ÷ symbol width: a rule of the trade, not of ISO/IEC 18004.
const DISTANCE_PER_WIDTH: f64 = 10.0;
/// The narrowest module that phones at hand distance read off ordinary print, in millimetres.
const NARROWEST_MODULE: f64 = 0.4;
/// Stickers on a sheet: three columns of eight.
const STICKERS: usize = 24;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A4 sheets of 3 × 8 stickers of 70 × 37 mm.
    #[value(help = "贴纸：A4 一张 3 × 8 枚，每枚 70 × 37 毫米")]
    Stickers,
    /// One A4 poster per record.
    #[value(help = "海报：每条记录 A4 一张")]
    Posters,
    /// One A4 sheet per record, folded to a three-sided table tent.
    #[value(help = "台卡：每条记录 A4 一张，折成三角立在桌上")]
    Tents,
}

impl Form {
    const fn id(self) -> &'static str {
        match self {
            Self::Stickers => "stickers",
            Self::Posters => "posters",
            Self::Tents => "tents",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::Stickers => "一码贴纸",
            Self::Posters => "一码海报",
            Self::Tents => "一码台卡",
        }
    }

    /// Width of the symbol with its quiet zone, in millimetres, as in `sheet.css`.
    const fn width(self) -> f64 {
        match self {
            Self::Stickers => 26.0,
            Self::Posters => 128.0,
            Self::Tents => 70.0,
        }
    }

    /// How large a title may be set, by its number of characters: a class of `sheet.css`.
    const fn fit(self, characters: usize) -> &'static str {
        let (s, m, l) = match self {
            Self::Stickers => (14, 30, 48),
            Self::Posters => (15, 36, 64),
            Self::Tents => (18, 36, 60),
        };
        match characters {
            n if n <= s => "s",
            n if n <= m => "m",
            n if n <= l => "l",
            _ => "xl",
        }
    }
}

/// How large a symbol must be printed, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// One module.
    pub module: f64,
    /// The symbol.
    pub symbol: f64,
    /// The symbol with its quiet zone.
    pub full: f64,
}

/// The size at which a symbol of `modules` on a side (without quiet zone) is read from `distance_mm`: a tenth of the
/// distance, and no module narrower than 0.4 mm.
#[must_use]
pub fn advice(distance_mm: f64, modules: usize) -> Size {
    let module = (distance_mm / DISTANCE_PER_WIDTH / modules as f64).max(NARROWEST_MODULE);
    Size { module, symbol: module * modules as f64, full: module * (modules + 2 * QUIET) as f64 }
}

/// From how far, in millimetres, a symbol of `modules` on a side is read when it is `full_mm` wide with its quiet zone.
#[must_use]
pub fn reach(full_mm: f64, modules: usize) -> f64 {
    full_mm * modules as f64 / (modules + 2 * QUIET) as f64 * DISTANCE_PER_WIDTH
}

/// Why there is no sheet.
#[derive(Debug)]
pub enum SheetError {
    /// The city has no such record, or the record has no code.
    NoCode(RecordKey),
    /// The host is too long for a symbol.
    TooLong(TooLong),
    /// The template is wrong, which is a fault of the program.
    Template(minijinja::Error),
}

impl Say for SheetError {
    fn zh(&self) -> Wording {
        match self {
            Self::NoCode(record) => wording(format!("{record} 没有码"), "请先运行 `yima codes`"),
            Self::TooLong(_) => wording("域名太长，放不进二维码".into(), "请缩短 site.toml 的 host"),
            Self::Template(error) => wording(format!("sheet.html：{error:#}"), "这是程序的错误，请报告"),
        }
    }

    fn en(&self) -> Wording {
        match self {
            Self::NoCode(record) => wording(format!("{record} has no code"), "run `yima codes` first"),
            Self::TooLong(_) => wording("the host is too long for a symbol".into(), "shorten `host` in site.toml"),
            Self::Template(error) => {
                wording(format!("sheet.html: {error:#}"), "this is a fault of the program, please report it")
            }
        }
    }
}

/// One symbol with what stands beside it.
#[derive(Serialize)]
struct Piece {
    kind: String,
    title: String,
    number: String,
    department: String,
    plain: Option<[String; 3]>,
    code: String,
    svg: String,
    reach: String,
    fit: &'static str,
}

/// The printable page with the codes of `records`, in their order.
///
/// # Errors
/// [`SheetError`]; an empty selection gives an empty page.
pub fn sheet(city: &City, records: &[RecordKey], form: Form) -> Result<String, SheetError> {
    let mut modules = 0;
    let mut pieces = Vec::with_capacity(records.len());
    for record in records {
        let (Some(code), Some(description)) = (city.codes.of(record), describe(city, record)) else {
            return Err(SheetError::NoCode(record.clone()));
        };
        let symbol = Symbol::of_address(&card_address(&city.settings.host, code)).map_err(SheetError::TooLong)?;
        modules = symbol.size();
        let Description { kind, title, number, department, plain } = description;
        pieces.push(Piece {
            fit: form.fit(title.chars().count()),
            svg: svg(&symbol, &format!("{title}，一码 {code}")),
            reach: format!("{}内可扫", distance(reach(form.width(), modules))),
            code: code.to_string(),
            kind,
            title,
            number,
            department,
            plain,
        });
    }
    let per_page = if form == Form::Stickers { STICKERS } else { 1 };
    let pages: Vec<&[Piece]> = pieces.chunks(per_page).collect();
    let settings = &city.settings;
    render(context! {
        name => form.zh(),
        form => form.id(),
        css => include_str!("sheet.css"),
        site => settings.title.as_str(),
        host => settings.host.as_str(),
        operator => settings.operator.as_str(),
        hotline => settings.hotline.as_str(),
        demonstration => settings.demonstration,
        count => pieces.len(),
        here => here(form, modules),
        elsewhere => elsewhere(modules),
        pages => Serde(&pages),
    })
}

fn render(values: minijinja::Value) -> Result<String, SheetError> {
    let mut environment = Environment::new();
    environment.add_template("sheet.html", include_str!("sheet.html")).map_err(SheetError::Template)?;
    let template = environment.get_template("sheet.html").map_err(SheetError::Template)?;
    template.render(values).map_err(SheetError::Template)
}

/// The size of the symbols on this sheet, in words.
fn here(form: Form, modules: usize) -> String {
    if modules == 0 {
        return "没有选中任何记录。".into();
    }
    let full = form.width();
    let module = full / (modules + 2 * QUIET) as f64;
    format!(
        "这一版的码宽 {:.1} 毫米（连白边 {full:.0} 毫米），每个码点 {module:.2} 毫米，适合在 {} 内扫。",
        module * modules as f64,
        distance(reach(full, modules))
    )
}

/// What other distances need, in words.
fn elsewhere(modules: usize) -> String {
    // Up, but not because of the last bit of a quotient.
    let whole = |millimetres: f64| (millimetres - 1e-6).ceil();
    let row = |millimetres: f64| {
        let size = advice(millimetres, modules.max(21));
        format!("{} 要码宽 {:.0} 毫米（连白边 {:.0}）", distance(millimetres), whole(size.symbol), whole(size.full))
    };
    [150.0, 300.0, 1_000.0, 3_000.0].map(row).join("；")
}

/// A distance rounded down to what a person measures: centimetres below a metre, tenths of a metre above.
fn distance(millimetres: f64) -> String {
    // A thousandth of a millimetre, so that 1 metre does not become 0.9 by the rounding of a quotient.
    let millimetres = millimetres + 1e-3;
    if millimetres < 1_000.0 {
        format!("{:.0} 厘米", (millimetres / 10.0).floor())
    } else {
        let tenths = (millimetres / 100.0).floor();
        format!("{} 米", tenths / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::example;
    use crate::codes::select::select;

    const FORMS: [Form; 3] = [Form::Stickers, Form::Posters, Form::Tents];

    #[test]
    fn every_record_is_there_with_its_code_title_and_number() {
        let city = example::city(26, &[], vec![]);
        let records = select(&city, &["policy".into(), "question".into(), "article:2025-p3/3".into()]).unwrap();
        for (form, pages, copies) in [(Form::Stickers, 2, 1), (Form::Posters, 28, 1), (Form::Tents, 28, 2)] {
            // The template engine escapes slashes too.
            let html = sheet(&city, &records, form).unwrap().replace("&#x2f;", "/");
            assert_eq!(html.matches("<section class=\"sheet ").count(), pages);
            assert_eq!(html.matches("<svg").count(), records.len() * copies);
            assert_eq!(html.matches("请用微信或相机扫码").count(), records.len() * copies);
            assert_eq!(html.matches("zc.qingyu.example/Q/").count(), records.len() * copies);
            for record in &records {
                let code = city.codes.of(record).unwrap();
                assert_eq!(html.matches(&format!("class=\"code\">{code}</span>")).count(), copies, "{record}");
            }
            for text in
                [example::TITLES[4], "我在青屿没有本地户口", "青屿人社发〔2025〕1号", "QY014/2025-00003", "第三条"]
            {
                assert!(html.contains(text), "{form:?}: {text}");
            }
        }
    }

    #[test]
    fn a_sheet_stands_alone_and_is_marked_as_demonstration() {
        let mut city = example::city(2, &[], vec![]);
        std::sync::Arc::make_mut(&mut city.policies[0].policy).title = "<script>alert(1)</script> & \"引号\"".into();
        let records = select(&city, &[]).unwrap();
        for form in FORMS {
            let html = sheet(&city, &records, form).unwrap();
            for absent in ["<script", "<link", "<img", "src=", "url(", "@import", "http:", "https:"] {
                assert!(!html.contains(absent), "{form:?}: {absent}");
            }
            assert!(html.contains("&lt;script&gt;alert(1)&lt;"));
            assert!(html.contains("演示数据"));
            city.settings.demonstration = false;
            assert!(!sheet(&city, &records, form).unwrap().contains("演示数据"));
            city.settings.demonstration = true;
        }
    }

    #[test]
    fn what_the_sheet_says_of_sizes_is_what_the_style_draws() {
        let style = include_str!("sheet.css");
        for form in FORMS {
            let rule = style.lines().find(|line| {
                line.starts_with(&format!(".{}", form.id().trim_end_matches('s'))) && line.contains("--qr")
            });
            let rule = rule.unwrap_or_else(|| panic!("no --qr for {form:?}"));
            assert!(rule.contains(&format!("--qr: {}mm", form.width())), "{rule}");
            // Legible at hand distance even when the host pushes the symbol to version 6.
            assert!(form.width() / 49.0 >= NARROWEST_MODULE);
        }
        assert_eq!(
            [Form::Stickers, Form::Posters, Form::Tents].map(|form| distance(reach(form.width(), 29))),
            ["20 厘米", "1 米", "54 厘米"]
        );
    }

    #[test]
    fn advice_follows_the_two_rules() {
        let poster = advice(1_000.0, 29);
        assert!((poster.symbol - 100.0).abs() < 1e-9 && (poster.module - 3.448).abs() < 1e-3);
        assert!((poster.full - 127.586).abs() < 1e-3);
        // Very near, the module decides: 29 × 0.4 mm.
        let near = advice(50.0, 29);
        assert!((near.module - NARROWEST_MODULE).abs() < 1e-9 && (near.symbol - 11.6).abs() < 1e-9);
        assert!((reach(poster.full, 29) - 1_000.0).abs() < 1e-9);
        assert_eq!(
            [99.0, 153.9, 999.0, 1_000.0, 2_960.0].map(distance),
            ["9 厘米", "15 厘米", "99 厘米", "1 米", "2.9 米"]
        );
    }

    #[test]
    fn a_record_without_a_code_is_refused() {
        let city = example::city(1, &[], vec![]);
        let gone = RecordKey::Policy("2020-gone".into());
        assert!(
            matches!(sheet(&city, std::slice::from_ref(&gone), Form::Posters), Err(SheetError::NoCode(key)) if key == gone)
        );
    }
}
