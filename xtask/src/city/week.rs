//! The city as it was a week before: what an office publishes in a week of some 150 records.

use super::plan::{Policy, Size};
use super::question::{self, Before};

/// Policies that came in the week.
const NEW: usize = 30;

/// Policies that were repealed in it.
const REPEALED: usize = 15;

/// Policies whose text was corrected.
const EDITED: usize = 5;

/// Answers that were changed.
const ANSWERS_EDITED: usize = 60;

/// Questions that were asked for the first time.
const ANSWERS_NEW: usize = 40;

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

/// The questions that were different, by their numbers. Answers that rest on a new policy rested on another one, or were
/// not there.
pub(super) fn questions(plan: &[Policy], size: Size) -> Vec<(usize, Before)> {
    let first = plan.len().saturating_sub(NEW);
    let on: Vec<usize> = question::policies(plan, size);
    let lasting = |theme: usize| {
        let kept = plan.get(..first).unwrap_or_default().iter().enumerate();
        kept.rev().find(|(_, policy)| policy.lasts() && policy.theme == theme).map(|(number, _)| number)
    };
    let late = on.iter().enumerate().rev().filter(|(_, policy)| **policy >= first);
    let mut before: Vec<(usize, Before)> = Vec::new();
    for (at, policy) in late {
        let other = lasting(plan[*policy].theme).filter(|_| before.len() < ANSWERS_EDITED);
        before.push((at, other.map_or(Before::NotThere, Before::On)));
    }
    // The rest of the week: the last questions are new, some in the middle were changed.
    let is_late = |at: usize| on[at] >= first;
    let count = |before: &[(usize, Before)], new: bool| {
        before.iter().filter(|(_, was)| matches!(was, Before::NotThere) == new).count()
    };
    let more = ANSWERS_NEW.saturating_sub(count(&before, true));
    before.extend((0..size.questions).rev().filter(|at| !is_late(*at)).take(more).map(|at| (at, Before::NotThere)));
    let more = ANSWERS_EDITED.saturating_sub(count(&before, false));
    let others = (0..size.questions / 2).filter(|at| !is_late(*at));
    let others = others.filter_map(|at| Some((at, Before::On(lasting(plan[on[at]].theme)?))));
    before.extend(others.take(more).collect::<Vec<_>>());
    before
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
        let on_late = |at: &usize| question::policies(&plan, size)[*at] >= before.len();
        assert!(questions.iter().filter(|(at, _)| on_late(at)).count() > 20);
        for (at, was) in &questions {
            assert!(!matches!(was, Before::On(other) if *other >= before.len()), "{at}");
        }
    }
}
