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
use crate::codes::sheet::{Form, sheet};
use crate::codes::wording::{Say, Wording};
use crate::codes::{Assigned, RecordKey, assign, describe, live_records};

/// What was typed after `yima codes`.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// 只检查：台账有误、有码会丢失、有记录还没有码，都算不通过；不写任何文件
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

/// What the command works on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The city, linked with the ledger below.
    pub city: &'a City,
    /// The bytes of `codes.csv`; empty when there is no such file yet.
    pub ledger: &'a [u8],
    /// The ledger of the site as last published, where it is at hand.
    pub published: Option<&'a [u8]>,
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
        return show(&code.concat(), input.city);
    }
    let ledger = Ledger::parse(input.ledger);
    let records = live_records(
        input.city.policies.iter().map(|entry| &entry.policy),
        input.city.questions.iter().map(|entry| &entry.question),
    );
    let assigned = assign(&records, &ledger.lines, &input.city.tombstones, input.city.today);
    let wrong = faults(&ledger, &assigned, input.published);
    if !wrong.is_empty() {
        let said = wrong + "码没有改动：先改正上面的错误。\n";
        return Outcome { said, mistakes: true, ..Outcome::default() };
    }
    match args.sheet {
        Some(form) => print(form, &args.only, input.city, &assigned),
        None => give_out(args.check, &assigned, input.ledger),
    }
}

/// Everything that is wrong, in lines for the terminal.
fn faults(ledger: &Ledger, assigned: &Assigned, published: Option<&[u8]>) -> String {
    let mut said = String::new();
    let mut say = |place: &str, Wording { reason, hint }: Wording| {
        // Writing to a string cannot fail.
        let _ = writeln!(said, "{place}：{reason}\n    {hint}");
    };
    for problem in &ledger.problems {
        say(&format!("codes.csv:{}", problem.line), problem.fault.zh());
    }
    for problem in &assigned.problems {
        let place = match (problem.code().and_then(|code| ledger.line_of(code)), problem.tombstone()) {
            (Some(line), _) => format!("codes.csv:{line}"),
            (None, Some(ix)) => format!("tombstones.toml 第 {} 条", ix + 1),
            (None, None) => "codes.csv".to_owned(),
        };
        say(&place, problem.zh());
    }
    let old = published.map(Ledger::parse).unwrap_or_default();
    for broken in permanence(&old.lines, &ledger.lines) {
        say("codes.csv", broken.zh());
    }
    said
}

fn give_out(check: bool, assigned: &Assigned, ledger: &[u8]) -> Outcome {
    let (all, new) = (assigned.codes.by_record.len(), assigned.new.len());
    let withdrawn = assigned.codes.withdrawn.len();
    let mut said = format!("{all} 条记录有码，其中新发 {new} 个；已撤下 {withdrawn} 个。\n");
    for line in assigned.new.iter().take(10) {
        let _ = writeln!(said, "  {} {}", line.code, line.record);
    }
    if new > 10 {
        let _ = writeln!(said, "  …… 另有 {} 个", new - 10);
    }
    if check {
        if new > 0 {
            said.push_str("新发的码还不在台账里：请运行 `yima codes` 并提交 codes.csv，然后才可以印。\n");
        }
        return Outcome { said, mistakes: new > 0, ..Outcome::default() };
    }
    let append = (new > 0).then(|| ledger::addition(ledger, &assigned.new));
    Outcome { said, append, ..Outcome::default() }
}

fn print(form: Form, only: &[String], city: &City, assigned: &Assigned) -> Outcome {
    let refuse = |why: String| Outcome { said: why + "\n", mistakes: true, ..Outcome::default() };
    let records = match select(city, only) {
        Ok(records) => records,
        Err(why) => return refuse(why.to_string()),
    };
    // Paper cannot be taken back: a code is printed only once the ledger has it.
    let unwritten: BTreeSet<Code> = assigned.new.iter().map(|line| line.code).collect();
    let is_unwritten = |key: &&RecordKey| assigned.codes.of(key).is_none_or(|code| unwritten.contains(&code));
    if let Some(key) = records.iter().find(is_unwritten) {
        return refuse(format!("{key} 的码还不在台账里：请先运行 `yima codes`，再印。"));
    }
    match sheet(city, &records, form) {
        Ok(html) => Outcome {
            said: format!("{} 个码。用浏览器打开，按 100 % 打印，先印一张扫一扫。\n", records.len()),
            document: Some(html),
            ..Outcome::default()
        },
        Err(why) => refuse(why.to_string()),
    }
}

fn show(typed: &str, city: &City) -> Outcome {
    let found = |said: String| Outcome { said, ..Outcome::default() };
    let code = match Code::parse(bare(typed)) {
        Ok(code) => code,
        Err(error) => {
            let Wording { reason, hint } = error.zh();
            let said = format!("「{typed}」：{reason}。\n    {hint}\n");
            return Outcome { mistakes: true, ..found(said) };
        }
    };
    let mut said = format!("{code}  https://{}/Q/{code}/\n", city.settings.host);
    if let Some(record) = city.codes.by_code.get(&code) {
        let _ = writeln!(said, "{record}");
        if let Some(words) = describe::describe(city, record) {
            let _ = writeln!(said, "{}：{}\n{} {}", words.kind, words.title, words.number, words.department);
        }
        return found(said);
    }
    let grave = city.codes.withdrawn.get(&code).and_then(|&ix| city.tombstones.get(ix));
    if let Some(grave) = grave {
        let _ = writeln!(said, "{}\n{}，{} 撤下：{}", grave.record, grave.title, grave.date, grave.reason);
        if let Some(instead) = &grave.replaced_by {
            let _ = writeln!(said, "由 policy:{instead} 接替");
        }
        return found(said);
    }
    Outcome {
        mistakes: true,
        ..found(format!("{code} 写法无误，但从未发出。\n    请照印的文字核对，或者更新内容再查\n"))
    }
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
    use crate::codes::LedgerLine;
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
        run(&typed(line), &Input { city, ledger: ledger.as_bytes(), published: None })
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
    fn nothing_is_given_out_while_something_is_wrong() {
        let (_, ledger, lines) = settled();
        let less = example::city(1, &lines, vec![]);
        let lost = on("", &less, &ledger);
        assert!(lost.mistakes && lost.append.is_none());
        let expected = format!("codes.csv:3：一码 {} 的记录 policy:2025-p1 不见了", lines[1].code);
        assert!(lost.said.contains(&expected), "{}", lost.said);
        let torn = on("", &example::city(3, &lines, vec![]), &ledger[..ledger.len() - 4]);
        assert!(torn.mistakes && torn.append.is_none());
        assert!(torn.said.starts_with("codes.csv:10：「2026-10」"), "{}", torn.said);
    }

    #[test]
    fn what_was_published_is_not_taken_back() {
        let (city, ledger, lines) = settled();
        let withdrawn = LedgerLine { code: Code::from_body(5), record: "policy:2024-old".into(), ..lines[0].clone() };
        let published = ledger::text(&[&lines[..], &[withdrawn]].concat());
        let input = Input { city: &city, ledger: ledger.as_bytes(), published: Some(published.as_bytes()) };
        let outcome = run(&typed("--check"), &input);
        assert!(outcome.mistakes && outcome.said.contains("不在台账里了"), "{}", outcome.said);
        let input = Input { published: Some(ledger.as_bytes()), ..input };
        assert!(!run(&typed("--check"), &input).mistakes);
    }

    #[test]
    fn only_codes_of_the_ledger_are_printed() {
        let (city, ledger, lines) = settled();
        let printed = on("--sheet stickers -o a.html", &city, &ledger);
        assert_eq!(printed.document.unwrap().matches("<svg").count(), 2);
        assert_eq!(on("--sheet tents --only question", &city, &ledger).document.unwrap().matches("<svg").count(), 2);
        let early = on("--sheet posters --only policy:2025-p2", &example::city(3, &lines, vec![]), &ledger);
        assert!(early.mistakes && early.document.is_none());
        assert_eq!(early.said, "policy:2025-p2 的码还不在台账里：请先运行 `yima codes`，再印。\n");
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
        assert_eq!(wrong.said, "「7K3」：一码是 6 位，这里是 3 位。\n    请照码下面印的文字输入\n");
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
        assert!(said.ends_with("旧细则，2026-10-01 撤下：已被新细则替代\n由 policy:2025-p0 接替\n"), "{said}");
    }

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        for line in ["--check --sheet posters", "--only stage", "-o x.html", "show", "--check show 7K3F9Q"] {
            let refused = Typed::try_parse_from(std::iter::once("codes").chain(line.split_whitespace()));
            assert!(refused.is_err(), "{line}");
        }
    }
}
