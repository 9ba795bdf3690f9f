//! The command line: what was typed, and what it comes to.
//!
//! One file per command. [`Cli`] is what was typed; each command turns it into what it needs. `main` maps the outcome
//! to an exit code: 0 fine, 1 mistakes in the content, 2 wrong use, or the disk or the network said no.

mod answers;
mod build;
mod check;
pub mod codes;
mod export;
mod import;
mod key;
mod kiosk;
mod ledger;
mod new;
mod serve;
mod terminal;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::language::Language;
use crate::mistake::Report;
use crate::project::{self, NewCodes};

/// 一码 Yima：把一座城市的政策变成可以扫、可以查、可以离线读的网站
///
/// Turns a city's policy records into a public static site: one policy, one QR code.
#[derive(Debug, Parser)]
#[command(name = "yima", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
常用 / Typical:
  yima new policy 2026-zufang-butie    新建一份政策 / start a policy
  yima serve                           边写边看 / preview while writing
  yima check                           查出所有错误 / find every mistake
  yima build                           生成网站到 dist/ / write the site to dist/

退出码 / Exit codes: 0 成功 fine · 1 内容有错误 mistakes in the content · 2 用法、磁盘或网络问题 wrong use or I/O";

/// What every command takes.
#[derive(Args, Clone, Debug)]
struct Common {
    /// 内容文件夹 / content folder
    #[arg(long, global = true, value_name = "DIR", default_value = "content")]
    content: PathBuf,
    /// 静态文件夹（样式、图标、脚本）/ folder of static files
    #[arg(long, global = true, value_name = "DIR", default_value = "public")]
    public: PathBuf,
    /// 提示用的语言 / language of messages
    #[arg(long, global = true, value_name = "LANG", default_value = "zh")]
    lang: Language,
    /// 结果的形式：给人看，或给程序读 / for people, or for programs
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// 按哪一天生成；缺省为 SOURCE_DATE_EPOCH，再缺省为北京时间今天 / build date
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// 线程数，0 为每核一个 / threads, 0 for one per core
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    threads: usize,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新建政策或问答的文件，字段和说明都写好 / start a policy or a question, every field explained
    New(new::Args),
    /// 检查内容，一次列出所有错误 / list every mistake in the content
    Check,
    /// 生成整个网站 / write the whole site
    Build(build::Args),
    /// 把别的系统里的记录变成内容文件夹 / turn records of another system into a content folder
    Import(import::Args),
    /// 把全部问答写成 12345 知识库的表（CSV 或 XLSX）/ write the questions as a table, CSV or XLSX
    Export(export::Args),
    /// 给新记录发码、印码、查码 / give out codes, print them, look one up
    Codes(codes::Args),
    /// 答复口径：条文变动后的复核 / answers: review after a clause has changed
    Answers(answers::Args),
    /// 在本机预览，改了就刷新 / preview on this machine, reload on change
    Serve(serve::Args),
    /// 没有网络的自助机：更新盘、导入、本机服务 / a kiosk without a network: sticks, import, server
    Kiosk(kiosk::Args),
    /// 签发布数据用的密钥 / keys that sign releases
    Key(key::Args),
}

/// How results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    // Sentences.
    Text,
    // One JSON document on standard output. (No doc comments: they would stand in the help, in English only.)
    Json,
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Chinese, Self::English]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Chinese => PossibleValue::new("zh"),
            Self::English => PossibleValue::new("en"),
        })
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The content has mistakes, which have been told already.
    Mistakes,
    /// Anything else, as a sentence.
    Trouble(String),
}

impl Failure {
    #[expect(clippy::needless_pass_by_value, reason = "takes what `map_err` gives")]
    fn trouble(why: impl ToString) -> Self {
        Self::Trouble(why.to_string())
    }
}

/// Does what was typed.
///
/// # Errors
/// [`Failure`] says which exit code it deserves.
pub fn run(cli: &Cli) -> Result<(), Failure> {
    let common = &cli.common;
    match &cli.command {
        Command::New(args) => new::run(common, args),
        Command::Check => check::run(common),
        Command::Build(args) => build::run(common, args),
        Command::Import(args) => import::run(common, args),
        Command::Export(args) => export::run(common, args),
        Command::Codes(args) => ledger::run(common, args),
        Command::Answers(args) => answers::run(common, args),
        Command::Serve(args) => serve::run(common, args),
        Command::Kiosk(args) => kiosk::run(common, args),
        Command::Key(args) => key::run(common, args),
    }
}

impl Cli {
    /// The language in which to speak, also of what went wrong.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.common.lang
    }
}

impl Common {
    /// What loading needs.
    fn options(&self, app: Option<PathBuf>, new_codes: NewCodes) -> Result<project::Options, Failure> {
        if !self.content.is_dir() {
            let content = self.content.display();
            return Err(Failure::Trouble(self.lang.pick(
                format!("没有内容文件夹 {content}。请在项目文件夹里运行，或用 --content 指明。"),
                format!(
                    "There is no content folder {content}. Run this in the project's folder, or name it with --content."
                ),
            )));
        }
        Ok(project::Options {
            content: self.content.clone(),
            public: self.public.clone(),
            app,
            today: self.today()?,
            new_codes,
        })
    }

    /// Refuses to go on where the static files are not: a whole site would stand there naked.
    fn needs_public(&self) -> Result<(), Failure> {
        if self.public.is_dir() {
            return Ok(());
        }
        let public = self.public.display();
        Err(Failure::Trouble(self.lang.pick(
            format!("没有静态文件夹 {public}，网站会没有样式。请在项目文件夹里运行，或用 --public 指明。"),
            format!(
                "There is no folder {public} of static files: the site would have no styles. Run this in the project's folder, or name it with --public."
            ),
        )))
    }

    /// The build date: what was typed, else what the environment says, else today in China.
    fn today(&self) -> Result<Date, Failure> {
        match (self.date, std::env::var("SOURCE_DATE_EPOCH")) {
            (Some(date), _) => Ok(date),
            (None, Ok(text)) => {
                let instant = text.parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
                instant.map(day_in_china).ok_or_else(|| {
                    Failure::Trouble(self.lang.pick(
                        format!("环境变量 SOURCE_DATE_EPOCH 不是秒数：{text}"),
                        format!("SOURCE_DATE_EPOCH is not a number of seconds: {text}"),
                    ))
                })
            }
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the clock, when nobody named a day")]
            (None, Err(_)) => Ok(day_in_china(jiff::Timestamp::now())),
        }
    }

    /// Tells the mistakes of a run: to programs on standard output, to people where the command's own words go.
    fn tell(&self, report: &Report, to: &mut dyn std::io::Write) -> Result<(), Failure> {
        let told = match self.format {
            Format::Json => std::io::Write::write_all(&mut std::io::stdout(), report.json(self.lang).as_bytes()),
            Format::Text => write!(to, "{}", report.text(self.lang)),
        };
        terminal::unless_closed(told)
    }

    /// Runs with as many threads as were asked for.
    fn with_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().map_err(Failure::trouble)?;
        Ok(pool.install(work))
    }
}

/// The day on which an instant falls in China, which has one time zone and has had no summer time since 1991.
fn day_in_china(instant: jiff::Timestamp) -> Date {
    instant.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        let day = |seconds| day_in_china(jiff::Timestamp::from_second(seconds).unwrap()).to_string();
        assert_eq!(day(1_767_196_799), "2025-12-31");
        assert_eq!(day(1_767_196_800), "2026-01-01");
    }

    #[test]
    fn a_typed_date_wins() {
        let cli = Cli::try_parse_from(["yima", "check", "--date", "2026-02-28"]).unwrap();
        assert_eq!(cli.common.today().unwrap().to_string(), "2026-02-28");
        for wrong in [&["yima", "check", "--date", "2026-02-29"][..], &["yima"], &["yima", "biuld"]] {
            assert_eq!(Cli::try_parse_from(wrong).unwrap_err().exit_code(), 2, "{wrong:?}");
        }
    }
}
