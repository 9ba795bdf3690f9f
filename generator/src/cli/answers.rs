//! `yima answers`: what is done to approved answers as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clap::Subcommand;

use super::terminal::say;
use super::{Common, Failure};
use crate::project::{NewCodes, load};
use crate::{City, clause, source, write};

/// What was typed after `yima answers`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 核对过了：把所依据条文现在的校验值写进问答文件，别的字一个不动 / the answers were checked against the clauses as they stand
    Accept(Accept),
}

#[derive(clap::Args, Debug)]
#[group(required = true, multiple = true)]
struct Accept {
    /// 哪些问答，如 jiuye-001 / which questions
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// 全部问答 / all of them
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// 还没有校验值的条文也写上，从此条文一变就提醒 / also articles that have no hash yet
    #[arg(long)]
    watch: bool,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let What::Accept(args) = &args.what;
    let options = common.options(None, NewCodes::Provisional)?;
    let loaded = common.with_threads(|| load(&options))?.map_err(Failure::trouble)?;
    let Some(project) = loaded.project else {
        let report = source::report(&options.content, loaded.mistakes);
        common.tell(&report, &mut std::io::stderr())?;
        return Err(Failure::Mistakes);
    };
    let city = &project.city;
    let files = files(common, city, args)?;
    let (mut questions, mut clauses) = (BTreeSet::new(), 0);
    for (file, ids) in files {
        let path = options.content.join(&*file);
        let text = source::read_text(&path).map_err(Failure::trouble)?;
        let changed = std::cell::RefCell::new(BTreeSet::new());
        let (new, count) = source::with_hashes(&text, &|bound| {
            if !ids.contains(bound.question) || (bound.hash.is_none() && !args.watch) {
                return None;
            }
            let now = clause::hash(&city.policy(bound.policy)?.body, bound.article)?;
            if bound.hash != Some(now) {
                changed.borrow_mut().insert(bound.question.to_owned());
            }
            Some(now)
        });
        if count > 0 {
            write::replace(&path, new.as_bytes())
                .map_err(|error| Failure::Trouble(format!("{}: {error}", path.display())))?;
        }
        clauses += count;
        questions.extend(changed.into_inner());
    }
    let count = questions.len();
    say(&common.lang.pick(
        format!("写了 {clauses} 处校验值，涉及 {count} 条问答。核对日期 checked 请随手改好。"),
        format!("{clauses} hashes written in {count} questions. Renew their checked dates."),
    ));
    Ok(())
}

/// The files of the questions that were asked for, and their ids.
fn files<'c>(common: &Common, city: &'c City, args: &Accept) -> Result<BTreeMap<Arc<str>, BTreeSet<&'c str>>, Failure> {
    let there: BTreeSet<&str> = city.questions.iter().map(|entry| entry.question.id.as_str()).collect();
    if let Some(unknown) = args.ids.iter().find(|id| !there.contains(id.as_str())) {
        return Err(Failure::Trouble(
            common.lang.pick(format!("没有 id 为 {unknown} 的问答"), format!("there is no question {unknown}")),
        ));
    }
    let mut files: BTreeMap<Arc<str>, BTreeSet<&str>> = BTreeMap::new();
    for entry in &city.questions {
        if args.ids.is_empty() || args.ids.contains(&entry.question.id) {
            files.entry(Arc::clone(&entry.file)).or_default().insert(&entry.question.id);
        }
    }
    Ok(files)
}
