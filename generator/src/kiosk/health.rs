//! How a kiosk is: for an operator's eyes, for a program, and as a QR symbol for the operator's phone, which cannot
//! reach this machine itself.

use jiff::tz::{TimeZone, offset};
use jiff::{SpanRound, Timestamp, Unit};
use minijinja::{AutoEscape, Environment, context};
use serde_json::json;
use yima_pack::base64;

use super::refusal::megabytes;
use crate::codes::qr::{Symbol, svg};
use crate::language::Language;

/// Data older than this is worth a word.
const OLD_DAYS: i64 = 30;

/// Less room than this is worth a word: a release and its successor may not fit.
const LITTLE_ROOM: u64 = 200_000_000;

const PAGE: &str = include_str!("health.html");
const STYLE: &str = include_str!("health.css");

/// What is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    pub(super) host: String,
    /// Number and day of the release that answers.
    pub(super) release: Option<(u64, String)>,
    /// When it was taken.
    pub(super) taken: Option<Timestamp>,
    /// Number of the other release.
    pub(super) other: Option<u64>,
    pub(super) rolled_back: Option<u64>,
    pub(super) free: Option<u64>,
    /// Seconds since the server began.
    pub(super) uptime: u64,
    /// Seconds since the page was last heard; none when it never was.
    pub(super) heartbeat: Option<u64>,
    /// Whether the browser was asked to start anew and has not been heard since.
    pub(super) silent: bool,
    /// Files that are damaged.
    pub(super) damaged: Vec<String>,
    /// By this machine's clock, which may be wrong.
    pub(super) now: Timestamp,
}

/// A line of the page.
struct Row {
    name: &'static str,
    value: String,
}

impl Health {
    /// Days between the day of the release and today, by this machine's clock.
    fn age(&self) -> Option<i64> {
        let date: jiff::civil::Date = self.release.as_ref()?.1.parse().ok()?;
        let today = self.now.to_zoned(TimeZone::fixed(offset(8))).date();
        today
            .since(date)
            .ok()?
            .round(SpanRound::new().largest(Unit::Day).days_are_24_hours())
            .ok()
            .map(|s| s.get_days().into())
    }

    /// What somebody should do something about: a name for programs, and a sentence.
    fn warnings(&self, language: Language) -> Vec<(&'static str, String)> {
        let mut warnings = Vec::new();
        let mut add = |id, chinese: String, english: String| warnings.push((id, language.pick(chinese, english)));
        if self.release.is_none() {
            add("empty", "还没有数据，请导入更新盘".into(), "there is no data yet: import a stick".into());
        }
        match self.age() {
            Some(age) if age > OLD_DAYS => {
                add("old", format!("数据已有 {age} 天"), format!("the data is {age} days old"));
            }
            Some(age) if age < 0 => {
                add("clock", "本机日期早于数据日期，请校时".into(), "the clock is behind the data: set it".into());
            }
            _ => {}
        }
        if let Some(free) = self.free.filter(|free| *free < LITTLE_ROOM) {
            let free = megabytes(free);
            add("disk", format!("磁盘只剩 {free}"), format!("the disk has {free} left"));
        }
        if let Some(first) = self.damaged.first() {
            let count = self.damaged.len();
            add(
                "damaged",
                format!("{count} 个文件损坏，请重新导入同一张更新盘修复（{first}）"),
                format!("{count} files are damaged, import the same stick again to mend them ({first})"),
            );
        }
        if let Some(number) = self.rolled_back {
            add("rolled_back", format!("第 {number} 号发布已退回"), format!("release {number} was rolled back"));
        }
        if self.silent {
            add(
                "silent",
                "页面没有心跳，已要求重开浏览器".into(),
                "the page is silent, the browser was asked to restart".into(),
            );
        }
        warnings
    }

    /// For programs.
    pub(super) fn json(&self, language: Language) -> String {
        let warnings: Vec<_> =
            self.warnings(language).into_iter().map(|(id, text)| json!({ "id": id, "text": text })).collect();
        let health = json!({
            "program": concat!("yima ", env!("CARGO_PKG_VERSION")),
            "host": self.host,
            "release": self.release.as_ref().map(|(number, _)| number),
            "date": self.release.as_ref().map(|(_, date)| date),
            "age_days": self.age(),
            "taken": self.taken.map(|taken| taken.to_string()),
            "other_release": self.other,
            "rolled_back": self.rolled_back,
            "free_bytes": self.free,
            "uptime_seconds": self.uptime,
            "heartbeat_seconds": self.heartbeat,
            "damaged": self.damaged,
            "now": self.now.to_string(),
            "warnings": warnings,
        });
        format!("{health:#}\n")
    }

    fn rows(&self, language: Language) -> Vec<Row> {
        let time = |time: Timestamp| time.to_zoned(TimeZone::fixed(offset(8))).strftime("%Y-%m-%d %H:%M").to_string();
        let none = || language.pick("无", "none").to_owned();
        let mut rows = Vec::new();
        let mut add = |chinese, english, value| rows.push(Row { name: language.pick(chinese, english), value });
        add("发布", "release", self.release.as_ref().map_or_else(none, |(number, _)| number.to_string()));
        if let Some((_, date)) = &self.release {
            let age = self.age().unwrap_or(0);
            add("数据日期", "date", language.pick(format!("{date}（{age} 天）"), format!("{date} ({age} days)")));
        }
        add("上次更新", "taken", self.taken.map_or_else(none, time));
        add("上一号", "other", self.other.map_or_else(none, |number| number.to_string()));
        add("磁盘剩余", "free", self.free.map_or_else(none, megabytes));
        add("已运行", "uptime", span(self.uptime, language));
        add("页面心跳", "heartbeat", self.heartbeat.map_or_else(none, |seconds| span(seconds, language)));
        add("本机时间", "clock", time(self.now));
        rows
    }

    /// The main facts, for a phone that photographs the symbol.
    pub(super) fn text(&self, language: Language) -> String {
        let mut text = format!("{} {}\n", language.pick("一码自助机", "Yima kiosk"), self.host);
        for Row { name, value } in self.rows(language) {
            text.push_str(&format!("{name} {value}\n"));
        }
        let warnings = self.warnings(language);
        if warnings.is_empty() {
            text.push_str(language.pick("一切正常\n", "all is well\n"));
        }
        for (_, warning) in warnings {
            text.push_str(&format!("{} {warning}\n", language.pick("注意", "!")));
        }
        text
    }

    /// For people.
    pub(super) fn page(&self, language: Language) -> Result<String, minijinja::Error> {
        let text = self.text(language);
        // A symbol has room for some 1,600 bytes; a long list of warnings is cut, the page has all of it.
        let short: String = text.chars().take(400).collect();
        let symbol = Symbol::of_address(&short).map(|symbol| svg(&symbol, language.pick("运行情况", "health")));
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.template_from_str(PAGE)?.render(context! {
            lang => language.pick("zh-CN", "en"),
            title => language.pick("自助机运行情况", "Kiosk health"),
            host => self.host.as_str(),
            style => minijinja::Value::from_safe_string(STYLE.to_owned()),
            symbol => minijinja::Value::from_safe_string(symbol.unwrap_or_default()),
            hint => language.pick("用手机扫一扫或拍下来", "scan or photograph it"),
            back => language.pick("返回首页", "Back to the site"),
            fine => language.pick("一切正常", "All is well"),
            warnings => self.warnings(language).into_iter().map(|(_, text)| text).collect::<Vec<_>>(),
            rows => self.rows(language).into_iter().map(|row| vec![row.name.to_owned(), row.value]).collect::<Vec<_>>(),
        })
    }
}

/// The Content Security Policy of the page: its own style and nothing else.
pub(super) fn policy() -> String {
    use sha2::Digest as _;
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64::encode(&sha2::Sha256::digest(STYLE))
    )
}

/// `3 天 4 小时`, `12 秒`.
fn span(seconds: u64, language: Language) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => language.pick(format!("{seconds} 秒"), format!("{seconds} s")),
        (0, 0, _) => language.pick(format!("{minutes} 分"), format!("{minutes} min")),
        (0, _, _) => {
            language.pick(format!("{hours} 小时 {} 分", minutes % 60), format!("{hours} h {} min", minutes % 60))
        }
        _ => language.pick(format!("{days} 天 {} 小时", hours % 24), format!("{days} d {} h", hours % 24)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> Health {
        Health {
            host: "zc.qingyu.example".into(),
            release: Some((2_026_112_200, "2026-11-22".into())),
            taken: Some("2026-11-22T04:00:00Z".parse().unwrap()),
            free: Some(12_300_000_000),
            uptime: 277_000,
            heartbeat: Some(7),
            // The 25th in China already.
            now: "2026-11-24T17:00:00Z".parse().unwrap(),
            ..Health::default()
        }
    }

    #[test]
    fn a_healthy_kiosk_says_so_in_every_form() {
        let text = health().text(Language::Chinese);
        assert_eq!(
            text,
            "一码自助机 zc.qingyu.example\n发布 2026112200\n数据日期 2026-11-22（3 天）\n上次更新 2026-11-22 12:00\n上一号 无\n\
             磁盘剩余 12300.0 MB\n已运行 3 天 4 小时\n页面心跳 7 秒\n本机时间 2026-11-25 01:00\n一切正常\n"
        );
        let page = health().page(Language::Chinese).unwrap();
        assert!(page.contains("2026112200") && page.contains("<svg") && page.contains(STYLE), "{page}");
        let json: serde_json::Value = serde_json::from_str(&health().json(Language::English)).unwrap();
        assert_eq!(json["age_days"], 3);
        assert_eq!(json["warnings"], json!([]));
    }

    #[test]
    fn every_trouble_has_its_word() {
        let ids =
            |health: &Health| health.warnings(Language::English).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(&Health { release: None, ..health() }), ["empty"]);
        let later = "2026-12-24T00:00:00Z".parse().unwrap();
        assert_eq!(ids(&Health { now: later, ..health() }), ["old"]);
        assert_eq!(ids(&Health { now: Timestamp::UNIX_EPOCH, ..health() }), ["clock"]);
        let bad = Health { free: Some(1), damaged: vec!["<b>".into()], rolled_back: Some(7), silent: true, ..health() };
        assert_eq!(ids(&bad), ["disk", "damaged", "rolled_back", "silent"]);
        assert!(bad.page(Language::English).unwrap().contains("(&lt;b&gt;)"));
    }
}
