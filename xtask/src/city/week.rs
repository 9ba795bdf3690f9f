//! The city as it was a week before: what an office publishes in a week of some 150 records.

use std::collections::BTreeMap;

use super::plan::{Policy, Size};
use super::question::{self, Before};

/// Policies that came in the week.
const NEW: usize = 30;

/// Policies that were repealed in it.
const REPEALED: usize = 15;

/// Policies whose text was corrected.
const EDITED: usize = 5;

/// Answers that were changed, or were given for the first time.
const ANSWERS: usize = 100;

/// The policies that were there, and the numbers of those whose text was another.
pub(super) fn policies(plan: &[Policy]) -> (Vec<Policy>, Vec<usize>) {
    let mut before = plan.to_vec();
    before.truncate(plan.len().saturating_sub(NEW));
    for policy in before.iter_mut().rev().filter(|policy| policy.repealed.is_some()).take(REPEALED) {
        policy.repealed = None;
    }
    let step = (before.len() / EDITED).max(1);
    let edited = (0..before.len()).step_by(step).take(EDITED).collect();
    (before, edited)
}

/// A text before it was corrected.
pub(super) fn edited(body: &str) -> String {
    body.replacen("应当", "须", 1)
}

/// The questions that were different, by their numbers: answers that rest on a new policy rested on another one, and the
/// last questions, which have the highest numbers of their themes, were not there.
pub(super) fn questions(plan: &[Policy], size: Size) -> Vec<(usize, Before)> {
    let first = plan.len().saturating_sub(NEW);
    let on: Vec<usize> = question::policies(plan, size);
    let lasting = |theme: usize| {
        let kept = plan.get(..first).unwrap_or_default().iter().enumerate();
        kept.rev().find(|(_, policy)| policy.lasts() && policy.theme == theme).map(|(number, _)| number)
    };
    let edited = on.iter().enumerate().filter(|(_, policy)| **policy >= first);
    let edited = edited.map(|(at, policy)| (at, lasting(plan[*policy].theme).map_or(Before::NotThere, Before::On)));
    let mut before: BTreeMap<usize, Before> = edited.collect();
    for at in (0..size.questions).rev() {
        if before.len() >= ANSWERS {
            break;
        }
        before.insert(at, Before::NotThere);
    }
    before.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan;
    use super::*;

    #[test]
    fn a_week_has_its_records() {
        let size = Size { policies: 400, questions: 1_000, codes: Size::usual_codes(400, 1_000), seed: 1 };
        let plan = plan::policies(size).unwrap();
        let (before, edited) = policies(&plan);
        assert_eq!((before.len(), edited.len()), (370, EDITED));
        let repealed = before.iter().zip(&plan).filter(|(before, now)| before.repealed != now.repealed).count();
        assert_eq!(repealed, REPEALED);
        let questions = questions(&plan, size);
        let on = question::policies(&plan, size);
        let was = |at: usize| questions.iter().find(|(other, _)| *other == at).map(|(_, was)| *was);
        for (at, policy) in on.iter().enumerate().filter(|(_, policy)| **policy >= before.len()) {
            let early = match was(at) {
                Some(Before::NotThere) => true,
                Some(Before::On(other)) => other < before.len() && plan[other].theme == plan[*policy].theme,
                None => false,
            };
            assert!(early, "question {at} rests on what was not there");
        }
        assert!(questions.len() >= ANSWERS);
    }
}
