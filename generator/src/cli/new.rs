//! `yima new`: files for editors, with every field and what it is for.

use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

use super::terminal::say;
use super::{Common, Failure};
use crate::{source, write};

/// What was typed after `yima new`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 一份政策：`policies/<年>/<id>.md` / a policy
    Policy {
        /// 编号，一经发布不再更改：小写字母、数字、连字符，如 2026-zufang-butie / id, permanent once published
        #[arg(value_name = "ID", value_parser = id)]
        id: String,
        /// 放在哪一年的文件夹；缺省取编号开头的年份 / folder of which year
        #[arg(long, value_name = "YYYY", value_parser = clap::value_parser!(u16).range(1949..=2100))]
        year: Option<u16>,
    },
    /// 一条问答，加在 questions/<主题>.toml 末尾 / a question, added to the file of its theme
    Question {
        /// 编号，全站唯一，如 jiuye-031 / id
        #[arg(value_name = "ID", value_parser = id)]
        id: String,
        /// 主题 id；缺省取编号最后一个连字符之前的部分 / theme
        #[arg(long, value_name = "THEME", value_parser = id)]
        theme: Option<String>,
    },
}

/// What is needed: which file, with what in it.
struct Plan {
    /// Below the content folder.
    path: PathBuf,
    text: String,
    /// Whether the file may be there already.
    add: bool,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let plan = plan(&args.what, common.today()?);
    let path = common.content.join(&plan.path);
    let shown = path.display();
    let written =
        if plan.add { write::append(&path, plan.text.as_bytes()) } else { write::create(&path, plan.text.as_bytes()) };
    match written {
        Ok(()) => {
            say(&common.lang.pick(
                format!("写好了 {shown}。填好后运行 yima check。"),
                format!("{shown} is ready. Fill it in, then run yima check."),
            ));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::Trouble(common.lang.pick(
                format!("{shown} 已经有了，没有动它。"),
                format!("{shown} is there already; it was not touched."),
            )))
        }
        Err(error) => Err(Failure::Trouble(format!("{shown}: {error}"))),
    }
}

fn plan(what: &What, today: Date) -> Plan {
    let fill = |template: &str, id: &str, year: u16| {
        template.replace("{{id}}", id).replace("{{year}}", &year.to_string()).replace("{{date}}", &today.to_string())
    };
    let this_year = today.year().unsigned_abs();
    match what {
        What::Policy { id, year } => {
            let stated = id.split('-').next().and_then(|head| head.parse().ok());
            let year = year.or(stated.filter(|year| (1949..=2100).contains(year))).unwrap_or(this_year);
            Plan {
                path: format!("policies/{year}/{id}.md").into(),
                text: fill(include_str!("new/policy.md"), id, year),
                add: false,
            }
        }
        What::Question { id, theme } => {
            let theme = theme.as_deref().unwrap_or_else(|| id.rsplit_once('-').map_or(id, |(theme, _)| theme));
            Plan {
                path: format!("questions/{theme}.toml").into(),
                text: format!("\n{}", fill(include_str!("new/question.toml"), id, this_year)),
                add: true,
            }
        }
    }
}

fn id(text: &str) -> Result<String, String> {
    if source::is_id(text) {
        return Ok(text.to_owned());
    }
    // In both languages: which one was asked for is not known while options are being read.
    Err("只用小写字母、数字和连字符，至多 60 字符 / lower-case letters, digits and hyphens only, at most 60".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mistake::{Fault, Mistakes};

    const TODAY: Date = Date::constant(2026, 11, 22);

    /// Every commented field is put to use.
    fn all_fields(text: &str) -> String {
        let is_field = |line: &str| {
            let key = line.split(' ').next().filter(|key| !key.is_empty()).unwrap_or("-");
            line.starts_with("[[")
                || (line.contains(" = ") && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        };
        let lines = text.lines().map(|line| match line.strip_prefix("# ") {
            Some(field) if is_field(field) => field,
            _ => line,
        });
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// What is wrong with a content folder that holds only this.
    fn faults(plan: &Plan, text: &str) -> Vec<Fault> {
        let temp = tempfile::TempDir::new().unwrap();
        write::create(&temp.path().join(&plan.path), text.as_bytes()).unwrap();
        let Mistakes(mistakes) = source::read(temp.path(), source::Limits::default()).unwrap().mistakes;
        let here = |place: &str| plan.path.to_str() == Some(place);
        mistakes.into_iter().filter(|mistake| here(&mistake.place.file)).map(|mistake| mistake.fault).collect()
    }

    #[test]
    fn a_new_policy_has_every_field_and_nothing_unknown() {
        let plan = plan(&What::Policy { id: "2025-zufang".into(), year: None }, TODAY);
        assert_eq!(plan.path.to_str(), Some("policies/2025/2025-zufang.md"));
        assert!(!plan.text.contains("{{"));
        let missing = faults(&plan, &plan.text);
        assert!(
            missing.iter().all(|fault| matches!(fault, Fault::Empty { .. } | Fault::PlainNotThree { .. })),
            "{missing:?}"
        );
        let stages = missing.iter().filter(|fault| matches!(fault, Fault::Empty { key } if key.starts_with("stages.")));
        assert_eq!(stages.count(), yima_model::Stage::ALL.len(), "{missing:?}");
        for fault in faults(&plan, &all_fields(&plan.text)) {
            assert!(
                !matches!(fault, Fault::UnknownKey { .. } | Fault::Syntax { .. } | Fault::WrongType { .. }),
                "{fault:?}"
            );
        }
        // The schema that editors are given names no field that the new file lacks.
        let schema = include_str!("../../../content/README.md");
        let policy = schema.split("## 政策 ").nth(1).unwrap().split("## 问答").next().unwrap();
        for key in policy.split('`').skip(1).step_by(2) {
            let word = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(!word || key == "id" || plan.text.contains(key), "{key} is missing");
        }
    }

    #[test]
    fn a_new_question_is_added_to_its_theme() {
        let plan = plan(&What::Question { id: "jiuye-031".into(), theme: None }, TODAY);
        assert_eq!(plan.path.to_str(), Some("questions/jiuye.toml"));
        let missing = faults(&plan, &plan.text);
        assert!(missing.iter().all(|fault| matches!(fault, Fault::Empty { .. })), "{missing:?}");
        for fault in faults(&plan, &all_fields(&plan.text)) {
            assert!(matches!(fault, Fault::Empty { .. } | Fault::AttachmentMissing { .. }), "{fault:?}");
        }
    }

    #[test]
    fn ids_are_checked_before_anything_is_written() {
        assert!(id("2026-zufang").is_ok());
        for wrong in ["../x", "Zufang", "租房", "", "a/b"] {
            assert!(id(wrong).is_err(), "{wrong}");
        }
    }
}
