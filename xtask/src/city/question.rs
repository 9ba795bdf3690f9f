//! Questions and approved answers, a file per theme.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::plan::{Policy, Size, TODAY, date};
use super::policy::department_id;
use super::random::Random;
use super::tables::{AUDIENCES, THEMES};
use super::words::{fill, numeral};
use super::{QUESTIONS, words};
use crate::disk;
use crate::process::{Outcome, Trouble};

/// Ways to ask.
const ASKED: &[&str] = &[
    "M怎么申请？",
    "申请M需要哪些材料？",
    "C，可以享受M吗？",
    "M多久能到账？",
    "M每月能领多少钱？",
    "M在哪里办理？",
    "M和其他补贴能同时领吗？",
    "换了单位还能继续享受M吗？",
    "M的申请被退回了怎么办？",
    "外地户籍能申请M吗？",
    "M可以由家人代办吗？",
    "M的申请期限是什么时候？",
    "企业申请M有哪些条件？",
    "M停发的情形有哪些？",
];

/// Ways to answer.
const ANSWERED: &[&str] = &[
    "可以。申请人应当C，到L提交P和P。",
    "A自受理之日起T内D。",
    "标准为每人每月#元，最长不超过十二个月。",
    "材料包括P、P和P，能够共享的不再提交。",
    "同一事项按照就高不重复的原则享受。",
    "未通过的，A会说明理由，补正后可以重新提出。",
    "资金在审核通过后T内拨付到社会保障卡。",
    "具体条件以文件原文为准，也可以拨打政务服务热线咨询。",
];

/// How a question was before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Before {
    /// Nobody had asked it.
    NotThere,
    /// Its answer rested on another policy, by its number.
    On(usize),
}

/// The numbers of the policies that the answers rest on.
pub(super) fn policies(plan: &[Policy], size: Size) -> Vec<usize> {
    let alive: Vec<usize> = (0..plan.len()).filter(|number| plan[*number].lasts()).collect();
    let policy = |at: usize| alive[Random::new(size.seed, QUESTIONS + at as u64).below(alive.len())];
    if alive.is_empty() { Vec::new() } else { (0..size.questions).map(policy).collect() }
}

/// Writes `questions/*.toml`: each question as it is now, or as `before` says of it by its number.
pub(super) fn write(out: &Path, plan: &[Policy], size: Size, before: &[(usize, Before)]) -> Outcome {
    let mut files: Vec<(String, usize)> = vec![(String::new(), 0); THEMES.len()];
    let alive: Vec<&Policy> = plan.iter().filter(|policy| policy.lasts()).collect();
    let before: BTreeMap<usize, Before> = before.iter().copied().collect();
    if alive.is_empty() && size.questions > 0 {
        return Err(Trouble::new("no policy lasts long enough to answer a question").hint("more --policies"));
    }
    for at in 0..size.questions {
        let mut random = Random::new(size.seed, QUESTIONS + at as u64);
        let policy = alive[random.below(alive.len())];
        let (text, count) = &mut files[policy.theme];
        *count += 1;
        let on = match before.get(&at) {
            Some(Before::NotThere) => continue,
            Some(Before::On(other)) => &plan[*other],
            None => policy,
        };
        one(text, &format!("{}-{count:04}", THEMES[policy.theme].0), on, &mut random);
    }
    for ((theme, _), (text, count)) in THEMES.iter().zip(files) {
        if count > 0 && !text.is_empty() {
            disk::write(&out.join(format!("questions/{theme}.toml")), text.trim_end().to_owned() + "\n")?;
        }
    }
    Ok(())
}

fn one(out: &mut String, id: &str, policy: &Policy, random: &mut Random) {
    let asked = random.of(ASKED);
    let matter = fill("M", random);
    // One question is about one matter, however it is asked.
    let question = fill(&asked.replace('M', &matter), random);
    let mut answer = String::new();
    for _ in 0..random.between(2, 5) {
        answer.push_str(&fill(random.of(ANSWERED), random));
    }
    let article = numeral(random.between(1, policy.articles));
    let short: String = answer.chars().take_while(|letter| *letter != '。').take(55).chain(['。']).collect();
    let checked = date((policy.effective + random.between(0, 300)).min(TODAY));
    let _ = write!(
        out,
        "[[questions]]\nid = \"{id}\"\nquestion = \"{question}\"\nshort = \"{short}\"\nanswer = \"{answer}\"\ndepartment = \"{}\"\nchecked = {checked}\n",
        department_id(policy.department),
    );
    let _ = writeln!(out, "policies = [{{ id = \"{}\", articles = [\"第{article}条\"] }}]", policy.id);
    if random.percent(40) {
        let _ = writeln!(out, "variants = [\"{}\"]", fill(&random.of(ASKED).replace('M', &matter), random));
    }
    let _ = write!(out, "audiences = [\"{}\"]\nkeywords = [\"{matter}\"]\n\n", AUDIENCES[policy.audience].0);
    debug_assert!(words::han(&answer) > 10);
}
