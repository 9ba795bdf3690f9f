//! `yima codes`: give out codes, check them, print them, look one up.
//!
//! Nothing here touches the disk: [`run`] says what is to be appended or written, and the caller does it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use yima_model::Code;

use crate::City;
use crate::codes::ledger::{self, Ledger};
use crate::codes::permanence::permanence;
use crate::codes::select::select;
use crate::codes::sheet::{Form, SheetError, sheet};
use crate::codes::wording::{Say, Wording};
use crate::codes::{LedgerLine, RecordKey, describe};
use crate::language::Language;

/// What was typed after `yima codes`.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// 只检查：有记录还没有码，算不通过；不写任何文件
    #[arg(long, conflicts_with = "sheet")]
    pub check: bool,
    /// 生成可打印的网页
    #[arg(long, value_enum, value_name = "FORM")]
    pub sheet: Option<Form>,
    /// 选哪些记录：policy:2025-foo、theme:<主题>、department:<部门>，或一类（policy、stage、attachment、article、question）；可重复，缺省为全部政策
    #[arg(long, value_name = "WHICH", requires = "sheet")]
    pub only: Vec<String>,
    /// 写到哪个文件；缺省为标准输出
    #[arg(short, long, value_name = "FILE", requires = "sheet")]
    pub output: Option<PathBuf>,
    /// 已经公布的台账（站点上的 data/codes.csv）：其中的码若丢失或改动，算不通过
    #[arg(long, value_name = "FILE")]
    pub published: Option<PathBuf>,
    /// 查一个码
    #[command(subcommand)]
    pub look: Option<Look>,
}

/// `yima codes show`.
#[derive(clap::Subcommand, Clone, Debug)]
pub enum Look {
    /// 查一个码是哪条记录；大小写、空格、连字符、O 与 0、I 与 1 不必分清，也可以粘贴整个网址
    Show {
        /// 码，如 7K3F9Q
        #[arg(value_name = "CODE", required = true, num_args = 1..)]
        code: Vec<String>,
    },
}

/// What the command works on: a city as [`crate::load`] makes it, with provisional codes for new records.
///
/// The caller has shown the mistakes of loading. With errors among them only `show` may be run: codes must not be given
/// out on a ledger, or to records, that are in doubt.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The city.
    pub city: &'a City,
    /// The bytes of `codes.csv`; empty when there is no such file yet.
    pub ledger: &'a [u8],
    /// Codes that the ledger does not have yet.
    pub new: &'a [LedgerLine],
    /// The file that [`Args::published`] names.
    pub published: Option<&'a [u8]>,
    /// The language to speak.
    pub language: Language,
}

/// What the command came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// For the terminal. Ends with a line end.
    pub said: String,
    /// To be appended to `codes.csv`, in one write.
    pub append: Option<String>,
    /// To be written where `--output` says, or to standard output.
    pub document: Option<String>,
    /// Whether something is wrong with the content: exit code 1.
    pub mistakes: bool,
}

/// Does what was typed.
#[must_use]
pub fn run(args: &Args, input: &Input<'_>) -> Outcome {
    if let Some(Look::Show { code }) = &args.look {
        return show(&code.concat(), input);
    }
    let broken = input.published.map(|published| broken_promises(published, input)).unwrap_or_default();
    if !broken.is_empty() {
        return Outcome { said: broken, mistakes: true, ..Outcome::default() };
    }
    match args.sheet {
        Some(form) => print(form, &args.only, input),
        None => give_out(args.check, input),
    }
}

/// What the published ledger says and this one does not, in lines for the terminal.
fn broken_promises(published: &[u8], input: &Input<'_>) -> String {
    let (old, now) = (Ledger::parse(published), Ledger::parse(input.ledger));
    let mut said = String::new();
    for problem in &old.problems {
        let Wording { reason, .. } = problem.fault.say(input.language);
        // Writing to a string cannot fail.
        let _ = writeln!(
            said,
            "{}:{}: {reason}",
            input.language.pick("已公布的台账", "the published ledger"),
            problem.line
        );
    }
    for broken in permanence(&old.lines, &now.lines) {
        said += &line(broken.say(input.language));
    }
    said
}

fn line(Wording { reason, hint }: Wording) -> String {
    format!("{reason}\n    {hint}\n")
}

fn give_out(check: bool, input: &Input<'_>) -> Outcome {
    let Input { city, ledger, new, language, .. } = *input;
    let (all, count, withdrawn) = (city.codes.by_record.len(), new.len(), city.codes.withdrawn.len());
    let mut said = language.pick(
        format!("{all} 条记录有码，其中新发 {count} 个；已撤下 {withdrawn} 个。\n"),
        format!("{all} records have codes, {count} of them new; {withdrawn} withdrawn.\n"),
    );
    for line in new.iter().take(10) {
        let _ = writeln!(said, "  {} {}", line.code, line.record);
    }
    if count > 10 {
        let _ =
            writeln!(said, "  … {}", language.pick(format!("另有 {} 个", count - 10), format!("{} more", count - 10)));
    }
    if check {
        if count > 0 {
            said.push_str(language.pick(
                "新发的码还不在台账里：请运行 `yima codes` 并提交 codes.csv，然后才可以印。\n",
                "The new codes are not in the ledger yet: run `yima codes` and commit codes.csv before anything is printed.\n",
            ));
        }
        return Outcome { said, mistakes: count > 0, ..Outcome::default() };
    }
    let append = (count > 0).then(|| ledger::addition(ledger, new));
    Outcome { said, append, ..Outcome::default() }
}

fn print(form: Form, only: &[String], input: &Input<'_>) -> Outcome {
    let Input { city, new, language, .. } = *input;
    let refuse = |why: Wording| Outcome { said: line(why), mistakes: true, ..Outcome::default() };
    let records = match select(city, only) {
        Ok(records) => records,
        Err(why) => return refuse(why.say(language)),
    };
    // Paper cannot be taken back: a code is printed only once the ledger has it.
    let unwritten: BTreeSet<Code> = new.iter().map(|line| line.code).collect();
    let is_unwritten = |key: &&RecordKey| city.codes.of(key).is_none_or(|code| unwritten.contains(&code));
    if let Some(key) = records.iter().find(is_unwritten) {
        return refuse(SheetError::NoCode(key.clone()).say(language));
    }
    match sheet(city, &records, form) {
        Ok(html) => {
            let count = records.len();
            let said = language.pick(
                format!("{count} 个码。用浏览器打开，按 100 % 打印，先印一张扫一扫。\n"),
                format!("{count} codes. Open in a browser, print at 100 %, and scan a first sheet before the rest.\n"),
            );
            Outcome { said, document: Some(html), ..Outcome::default() }
        }
        Err(why) => refuse(why.say(language)),
    }
}

fn show(typed: &str, input: &Input<'_>) -> Outcome {
    let Input { city, language, .. } = *input;
    let found = |said: String| Outcome { said, ..Outcome::default() };
    let code = match Code::parse(bare(typed)) {
        Ok(code) => code,
        Err(error) => return Outcome { mistakes: true, ..found(format!("{typed}: {}", line(error.say(language)))) },
    };
    let mut said = format!("{code}  https://{}/Q/{code}/\n", city.settings.host);
    if let Some(record) = city.codes.by_code.get(&code) {
        let _ = writeln!(said, "{record}");
        if let Some(words) = describe::describe(city, record) {
            let _ = writeln!(said, "{}：{}\n{} {}", words.kind, words.title, words.number, words.department);
        }
        return found(said);
    }
    if let Some(grave) = city.codes.withdrawn.get(&code).and_then(|&ix| city.tombstones.get(ix)) {
        let withdrawn = language.pick("撤下", "withdrawn");
        let _ = writeln!(said, "{}\n{}\n{} {withdrawn}：{}", grave.record, grave.title, grave.date, grave.reason);
        if let Some(instead) = &grave.replaced_by {
            let _ = writeln!(said, "→ policy:{instead}");
        }
        return found(said);
    }
    let unknown = language.pick(
        "写法无误，但从未发出。\n    请照印的文字核对，或者更新内容再查\n",
        "is well formed but was never given out.\n    compare it with what is printed, or update the content\n",
    );
    Outcome { mistakes: true, ..found(format!("{code} {unknown}")) }
}

/// The code alone, where a whole address was pasted.
fn bare(typed: &str) -> &str {
    let after = |mark: &str| typed.rfind(mark).and_then(|at| typed.get(at + mark.len()..));
    let code = after("/Q/").or_else(|| after("/q/")).unwrap_or(typed);
    code.split(['/', '?', '#']).next().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::assign;
    use crate::codes::example::{self, TODAY};
    use clap::Parser;
    use yima_model::record::Tombstone;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        args: Args,
    }

    fn typed(line: &str) -> Args {
        Typed::try_parse_from(std::iter::once("codes").chain(line.split_whitespace())).map(|typed| typed.args).unwrap()
    }

    fn on(line: &str, city: &City, ledger: &str) -> Outcome {
        run(&typed(line), &input(city, ledger, &new(city, ledger)))
    }

    fn input<'a>(city: &'a City, ledger: &'a str, new: &'a [LedgerLine]) -> Input<'a> {
        Input { city, ledger: ledger.as_bytes(), new, published: None, language: Language::Chinese }
    }

    /// The codes of the city that are not in the ledger.
    fn new(city: &City, ledger: &str) -> Vec<LedgerLine> {
        let known = Ledger::parse(ledger.as_bytes()).lines;
        let records: Vec<RecordKey> = city.codes.by_record.keys().cloned().collect();
        assign(&records, &known, &city.tombstones, TODAY).new
    }

    /// A city of two policies whose codes are all in its ledger.
    fn settled() -> (City, String, Vec<LedgerLine>) {
        let city = example::city(2, &[], vec![]);
        let ledger = on("", &city, "").append.unwrap();
        let lines = Ledger::parse(ledger.as_bytes()).lines;
        (example::city(2, &lines, vec![]), ledger, lines)
    }

    #[test]
    fn codes_are_given_out_once() {
        let (city, ledger, lines) = settled();
        // Each policy with one stage, one attachment and one article, and the question.
        assert_eq!(lines.len(), 2 * 4 + 1);
        assert_eq!(lines.first().map(|line| (line.record.as_str(), line.since)), Some(("policy:2025-p0", TODAY)));
        let again = on("", &city, &ledger);
        assert_eq!(again.said, "9 条记录有码，其中新发 0 个；已撤下 0 个。\n");
        assert_eq!((again.append, again.mistakes), (None, false));
        // A third policy adds its four lines and no header.
        let more = on("", &example::city(3, &lines, vec![]), &ledger);
        let added = more.append.unwrap();
        assert_eq!(added.lines().count(), 4);
        assert!(added.contains(",policy,2025-p2,2026-10-01\n"), "{added}");
        assert_eq!(Ledger::parse((ledger + &added).as_bytes()).problems, []);
    }

    #[test]
    fn check_fails_while_a_code_is_not_in_the_ledger() {
        let (city, ledger, _) = settled();
        assert!(!on("--check", &city, &ledger).mistakes);
        let missing = on("--check", &city, "");
        assert!(missing.mistakes && missing.append.is_none());
        assert!(missing.said.contains("新发 9 个") && missing.said.contains("请运行 `yima codes`"), "{}", missing.said);
    }

    #[test]
    fn what_was_published_is_not_taken_back() {
        let (city, ledger, lines) = settled();
        let withdrawn = LedgerLine { code: Code::from_body(5), record: "policy:2024-old".into(), ..lines[0].clone() };
        let published = ledger::text(&[&lines[..], &[withdrawn]].concat());
        let with = |published: &[u8]| {
            let input = Input { published: Some(published), ..input(&city, &ledger, &[]) };
            run(&typed("--published data/codes.csv"), &input)
        };
        let outcome = with(published.as_bytes());
        assert!(outcome.mistakes && outcome.said.contains("不在台账里了"), "{}", outcome.said);
        assert!(!with(ledger.as_bytes()).mistakes);
        // A published ledger that cannot be read proves nothing.
        assert!(with(&ledger.as_bytes()[..ledger.len() - 4]).mistakes);
    }

    #[test]
    fn only_codes_of_the_ledger_are_printed() {
        let (city, ledger, lines) = settled();
        let printed = on("--sheet stickers -o a.html", &city, &ledger);
        assert_eq!(printed.document.unwrap().matches("<svg").count(), 2);
        assert_eq!(on("--sheet tents --only question", &city, &ledger).document.unwrap().matches("<svg").count(), 2);
        let early = on("--sheet posters --only policy:2025-p2", &example::city(3, &lines, vec![]), &ledger);
        assert!(early.mistakes && early.document.is_none());
        assert_eq!(early.said, "policy:2025-p2 没有码\n    请先运行 `yima codes`\n");
    }

    #[test]
    fn a_code_typed_sloppily_is_found() {
        let (city, _, lines) = settled();
        let code = lines[0].code.to_string();
        let expected = format!(
            "{code}  https://zc.qingyu.example/Q/{code}/\npolicy:2025-p0\n政策文件：{}\n青屿人社发〔2025〕1号 青屿市人力资源和社会保障局\n",
            example::TITLES[0]
        );
        let sloppy = code.to_lowercase().replace('0', "o").replace('1', "l");
        let (head, tail) = sloppy.split_at(3);
        for line in [
            format!("show {head}-{tail}"),
            format!("show {head} {tail}"),
            format!("show HTTPS://ZC.QINGYU.EXAMPLE/Q/{code}/"),
            format!("show https://zc.qingyu.example/q/{sloppy}?from=wx"),
        ] {
            assert_eq!(on(&line, &city, ""), Outcome { said: expected.clone(), ..Outcome::default() }, "{line}");
        }
        let wrong = on("show 7K3", &city, "");
        assert!(wrong.mistakes);
        assert_eq!(wrong.said, "7K3: 一码是 6 位，这里是 3 位\n    请照码下面印的文字输入\n");
        assert!(on("show 7K3U9Q", &city, "").said.contains("不会有字符「U」"));
        assert!(on(&format!("show {}", Code::from_body(1)), &city, "").said.contains("从未发出"));
    }

    #[test]
    fn a_withdrawn_code_says_what_happened() {
        let (_, ledger, lines) = settled();
        let grave = Tombstone {
            record: "policy:2025-p1".into(),
            title: "旧细则".into(),
            date: TODAY,
            reason: "已被新细则替代".into(),
            replaced_by: Some("2025-p0".into()),
        };
        let city = example::city(1, &lines, vec![grave]);
        assert_eq!(on("", &city, &ledger).said, "5 条记录有码，其中新发 0 个；已撤下 4 个。\n");
        let said = on(&format!("show {}", lines[1].code), &city, &ledger).said;
        assert!(said.ends_with("旧细则\n2026-10-01 撤下：已被新细则替代\n→ policy:2025-p0\n"), "{said}");
    }

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        for line in ["--check --sheet posters", "--only stage", "-o x.html", "show", "--check show 7K3F9Q"] {
            let refused = Typed::try_parse_from(std::iter::once("codes").chain(line.split_whitespace()));
            assert!(refused.is_err(), "{line}");
        }
    }
}
