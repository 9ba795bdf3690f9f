//! `cargo xtask city`: a generated city as large as a real one, for measuring and for tests of scale.
//!
//! 1. [`plan`] decides what there is, so that the codes come to the wanted number
//! 2. [`policy`] and [`question`] write it in words of [`words`], as `content/README.md` describes
//! 3. [`week`] knows how the city was some weeks before
//! 4. [`hugo`] writes the same texts for another generator
//!
//! The same options give the same bytes. Codes are left to `yima codes`.

pub(crate) mod hugo;
pub(crate) mod plan;
mod policy;
mod question;
pub(crate) mod random;
mod tables;
pub(crate) mod week;
mod words;

use std::path::Path;

use crate::args::Args;
use crate::disk;
use crate::process::{Outcome, Trouble, say};
use plan::Size;
use random::Random;

/// Streams of chance, so that each kind of record has its own.
const TEXTS: u64 = 1 << 32;
const FILES: u64 = 2 << 32;
const QUESTIONS: u64 = 3 << 32;

/// The chore.
pub(crate) fn run(mut args: Args) -> Outcome {
    let size = size(&mut args)?;
    let hugo = args.take::<std::path::PathBuf>("hugo")?;
    let before = args.take("weeks-before")?;
    let out = args.take::<std::path::PathBuf>("out")?;
    args.finish()?;
    let Some(out) = out else {
        return Err(Trouble::new("where to?").hint("cargo xtask city --out target/city"));
    };
    before.map_or_else(|| write(size, &out, hugo.as_deref()), |weeks| write_before(size, weeks, &out))
}

/// `--policies`, `--questions`, `--codes`, `--seed`.
pub(crate) fn size(args: &mut Args) -> Outcome<Size> {
    let policies = args.take("policies")?.unwrap_or(5_100);
    let questions = args.take("questions")?.unwrap_or(13_235);
    let codes = args.take("codes")?.unwrap_or_else(|| Size::usual_codes(policies, questions));
    Ok(Size { policies, questions, codes, seed: args.take("seed")?.unwrap_or(1) })
}

/// Writes the content folder, and beside it the Hugo site if one is wanted.
pub(crate) fn write(size: Size, out: &Path, hugo: Option<&Path>) -> Outcome {
    for folder in std::iter::once(out).chain(hugo) {
        if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Trouble::new(format!("{} is not empty", folder.display())).hint("another folder"));
        }
    }
    let plan = plan::policies(size)?;
    tables::write(out)?;
    if let Some(hugo) = hugo {
        hugo::write_site(hugo)?;
    }
    for at in 0..plan.len() {
        let text = policy::text(&plan, at, &mut Random::new(size.seed, TEXTS + at as u64));
        write_policy(out, &plan, at, &text, size)?;
        if let Some(hugo) = hugo {
            hugo::write_page(hugo, &plan[at], &text)?;
        }
    }
    question::write(out, &plan, size, &[])?;
    say(&format!(
        "{}: {} policies, {} questions, {} codes to be given out",
        out.display(),
        size.policies,
        size.questions,
        size.codes
    ));
    Ok(())
}

/// Writes the content folder as it was so many weeks before: see [`week`].
pub(crate) fn write_before(size: Size, weeks: usize, out: &Path) -> Outcome {
    let plan = plan::policies(size)?;
    let (before, edited) = week::policies(&plan, weeks);
    tables::write(out)?;
    for at in 0..before.len() {
        // Later policies are known to the plan, so that words are drawn as they will be.
        let mut text = policy::text(&plan, at, &mut Random::new(size.seed, TEXTS + at as u64));
        if edited.contains(&at) {
            text.body = week::edited(&text.body);
        }
        write_policy(out, &before, at, &text, size)?;
    }
    question::write(out, &plan, size, &week::questions(&plan, size, weeks))
}

fn write_policy(out: &Path, plan: &[plan::Policy], at: usize, text: &policy::Text, size: Size) -> Outcome {
    let policy = &plan[at];
    let mut random = Random::new(size.seed, FILES + at as u64);
    let path = format!("policies/{}/{}.md", policy.year, policy.id);
    disk::write(&out.join(path), policy::file(plan, at, text, &mut random))?;
    for attachment in 1..=policy.attachments {
        let path = format!("attachments/{}/form-{attachment}.csv", policy.id);
        disk::write(&out.join(path), policy::attachment(&mut random))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Random, Size, plan, policy, words};

    #[test]
    fn texts_are_as_long_as_those_of_a_real_city() {
        let size = Size { policies: 300, questions: 0, codes: Size::usual_codes(300, 0), seed: 1 };
        let plan = plan::policies(size).unwrap();
        let lengths: Vec<usize> = (0..plan.len())
            .map(|at| words::han(&policy::text(&plan, at, &mut Random::new(1, at as u64)).body))
            .collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        assert!((1_500..=1_900).contains(&mean), "{mean}");
        assert!(lengths.iter().min().is_some_and(|least| *least >= 500), "{lengths:?}");
    }

    #[test]
    fn marked_articles_stand_in_the_text() {
        let size = Size { policies: 60, questions: 0, codes: Size::usual_codes(60, 0), seed: 5 };
        let plan = plan::policies(size).unwrap();
        for (at, planned) in plan.iter().enumerate() {
            let text = policy::text(&plan, at, &mut Random::new(5, at as u64));
            for article in 1..=planned.marked {
                assert!(text.body.contains(&format!("**第{}条**", words::numeral(article))), "{}", planned.id);
            }
        }
    }
}
