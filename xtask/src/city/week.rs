//! The city as it was some weeks before: what offices publish in weeks of some 150 records.

use std::collections::BTreeMap;

use super::plan::{Policy, Size};
use super::question::{self, Before};

/// Policies that come in a week.
pub(crate) const NEW: usize = 30;

/// Policies that are repealed in it.
const REPEALED: usize = 15;

/// Policies whose text is corrected.
const EDITED: usize = 5;

/// Questions that are asked for the first time.
pub(crate) const ASKED: usize = 14;

/// Answers that come to rest on each new policy, at most: with those that are new some 100 in a week.
const RESTING: usize = 3;

/// The policies that were there so many weeks before, and the numbers of those whose text was another.
pub(super) fn policies(plan: &[Policy], weeks: usize) -> (Vec<Policy>, Vec<usize>) {
    let mut before = plan.to_vec();
    before.truncate(plan.len().saturating_sub(NEW * weeks));
    for policy in before.iter_mut().rev().filter(|policy| policy.repealed.is_some()).take(REPEALED * weeks) {
        policy.repealed = None;
    }
    let edited = (0..weeks).flat_map(|week| edits(plan, week)).collect();
    (before, edited)
}

/// The numbers of the policies that are corrected in one week: of the older half, each only once.
fn edits(plan: &[Policy], week: usize) -> impl Iterator<Item = usize> {
    let step = (plan.len() / 2 / EDITED).max(1);
    (0..EDITED).map(move |edit| edit * step + week)
}

/// A text before it was corrected.
pub(super) fn edited(body: &str) -> String {
    body.replacen("应当", "须", 1)
}

/// The questions that were different, by their numbers: answers that rest on a new policy rested on one of the older half,
/// and the last questions, which have the highest numbers of their themes, were not there. Of the newer half no policy has
/// more answers than a week has room for: the others keep the older one.
pub(super) fn questions(plan: &[Policy], size: Size, weeks: usize) -> Vec<(usize, Before)> {
    let first = plan.len().saturating_sub(NEW * weeks);
    let half = plan.len() / 2;
    let lasting = |theme: usize| {
        let old = plan.get(..half).unwrap_or_default().iter().enumerate();
        old.rev().find(|(_, policy)| policy.lasts() && policy.theme == theme).map(|(number, _)| number)
    };
    let mut resting: BTreeMap<usize, usize> = BTreeMap::new();
    let mut before = BTreeMap::new();
    for (at, policy) in question::policies(plan, size).into_iter().enumerate().filter(|(_, policy)| *policy >= half) {
        let resting = resting.entry(policy).or_default();
        *resting += 1;
        if policy >= first || *resting > RESTING {
            before.insert(at, lasting(plan[policy].theme).map_or(Before::NotThere, Before::On));
        }
    }
    let last = size.questions.saturating_sub(ASKED * weeks)..size.questions;
    before.extend(last.map(|at| (at, Before::NotThere)));
    before.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan;
    use super::*;

    const SIZE: Size = Size { policies: 400, questions: 1_000, codes: 3_700, seed: 1 };

    #[test]
    fn a_week_has_its_records() {
        let plan = plan::policies(SIZE).unwrap();
        let (before, edited) = policies(&plan, 1);
        assert_eq!((before.len(), edited.len()), (370, EDITED));
        let repealed = before.iter().zip(&plan).filter(|(before, now)| before.repealed != now.repealed).count();
        assert_eq!(repealed, REPEALED);
        let questions = questions(&plan, SIZE, 1);
        let on = question::policies(&plan, SIZE);
        let was = |at: usize| questions.iter().find(|(other, _)| *other == at).map(|(_, was)| *was);
        for (at, policy) in on.iter().enumerate().filter(|(_, policy)| **policy >= before.len()) {
            let early = match was(at) {
                Some(Before::NotThere) => true,
                Some(Before::On(other)) => other < before.len() && plan[other].theme == plan[*policy].theme,
                None => false,
            };
            assert!(early, "question {at} rests on what was not there");
        }
        assert!(questions.len() >= ASKED);
    }

    #[test]
    fn what_one_week_has_the_next_one_keeps() {
        let plan = plan::policies(SIZE).unwrap();
        for weeks in 0..4 {
            let ((early, edited), (late, again)) = (policies(&plan, weeks + 1), policies(&plan, weeks));
            assert!(
                early
                    .iter()
                    .zip(&late)
                    .all(|(early, late)| early.repealed.is_none() || early.repealed == late.repealed)
            );
            assert_eq!(edited.len(), again.len() + EDITED);
            assert!(again.iter().all(|at| edited.contains(at)));
            let (early, late) = (questions(&plan, SIZE, weeks + 1), questions(&plan, SIZE, weeks));
            let other = late.iter().filter(|(at, was)| {
                !early
                    .iter()
                    .any(|(other, before)| other == at && (was == before || matches!(before, Before::NotThere)))
            });
            assert_eq!(other.count(), 0, "week {weeks}");
        }
    }
}
