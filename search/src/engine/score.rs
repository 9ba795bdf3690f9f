//! How well records answer, weighed a few pairs at a time.

use super::{COVERAGE, EVEN, Engine, K1, SAME_QUESTION, Score, TITLE, Weights};
use crate::asked::Asked;
use crate::index::{Doc, Family, Posting};

/// Records that are being weighed.
#[derive(Clone, Debug)]
pub(crate) struct Scoring {
    /// The next of the pairs asked for.
    next: usize,
    /// What all pairs weigh that were typed.
    typed: Weights,
    sums: Sums,
}

/// Sums by record.
#[derive(Clone, Debug)]
struct Sums {
    score: Vec<f32>,
    title: Vec<f32>,
    /// Of what was typed.
    has: Vec<f32>,
}

impl Engine {
    /// Begins to weigh records.
    pub(crate) fn score(&self) -> Scoring {
        let zeros = || vec![0.0; self.head.docs as usize];
        Scoring { next: 0, typed: Weights::default(), sums: Sums { score: zeros(), title: zeros(), has: zeros() } }
    }

    /// Weighs records by as many pairs as have about so many postings; whether there are more.
    pub(crate) fn score_some(&self, asked: &Asked, scoring: &mut Scoring, postings: usize) -> bool {
        let mut taken = 0;
        for gram in asked.grams.iter().skip(scoring.next) {
            scoring.next += 1;
            let (titles, bodies) = match gram.second {
                Some(second) => {
                    (self.pair(Family::Titles, gram.first, second), self.pair(Family::Bodies, gram.first, second))
                }
                None => (self.character(Family::Titles, gram.first), self.character(Family::Bodies, gram.first)),
            };
            let weights = self.weights(gram, titles, bodies);
            if gram.typed {
                scoring.typed.question += weights.question;
                scoring.typed.other += weights.other;
            }
            self.add(&mut scoring.sums, weights, gram.typed, titles, bodies);
            taken += titles.len() + bodies.len();
            if taken >= postings {
                return scoring.next < asked.grams.len();
            }
        }
        false
    }

    /// The records that were weighed, in no order.
    pub(crate) fn scored(&self, asked: &Asked, scoring: &Scoring) -> Vec<Score> {
        let mut found = self.finish(&scoring.sums, scoring.typed);
        self.put_identified_first(asked, &mut found);
        self.follow_the_editor(asked, &mut found);
        found
    }

    fn add(&self, sums: &mut Sums, weights: Weights, typed: bool, titles: &[Posting], bodies: &[Posting]) {
        let (mut titles, mut bodies) = (titles.iter().peekable(), bodies.iter().peekable());
        loop {
            let doc = match (titles.peek(), bodies.peek()) {
                (Some(title), Some(body)) => title.0.min(body.0),
                (Some(title), None) => title.0,
                (None, Some(body)) => body.0,
                (None, None) => return,
            };
            let in_title = titles.next_if(|posting| posting.0 == doc).map_or(0, |posting| posting.1);
            let in_body = bodies.next_if(|posting| posting.0 == doc).map_or(0, |posting| posting.1);
            let mut often = 0.0;
            if in_title > 0 {
                often += TITLE * as_f32(in_title) / long(&self.long_title, &self.head.title_lengths, doc);
            }
            if in_body > 0 {
                often += as_f32(in_body) / long(&self.long_body, &self.head.body_lengths, doc);
            }
            let (at, weight) = (doc as usize, self.of(doc, weights));
            if let (Some(score), Some(title), Some(has)) =
                (sums.score.get_mut(at), sums.title.get_mut(at), sums.has.get_mut(at))
            {
                *score += weight * often / (K1 + often);
                if in_title > 0 {
                    *title += weight;
                }
                if typed {
                    *has += weight;
                }
            }
        }
    }

    const fn of(&self, doc: Doc, weights: Weights) -> f32 {
        if doc >= self.head.first_question { weights.question } else { weights.other }
    }

    fn finish(&self, sums: &Sums, typed: Weights) -> Vec<Score> {
        let mut found = Vec::new();
        // The weight of all that a title holds is not known; its length tells enough.
        let per_character = 0.8 * as_f32(self.head.docs).max(2.0).ln();
        for (doc, ((&score, &title), &has)) in (0..).zip(sums.score.iter().zip(&sums.title).zip(&sums.has)) {
            if score <= 0.0 {
                continue;
            }
            let typed = self.of(doc, typed).max(f32::EPSILON);
            let coverage = (has / typed).min(1.0);
            let mut score = score / typed;
            if doc >= self.head.first_question {
                let all = self.head.title_length(doc) * per_character;
                score += SAME_QUESTION * 2.0 * title / (typed + all);
            } else {
                score *= EVEN * (1.0 - COVERAGE + COVERAGE * coverage * coverage);
            }
            found.push(Score { doc, score, coverage });
        }
        found
    }

    fn put_identified_first(&self, asked: &Asked, found: &mut Vec<Score>) {
        for pair in &asked.identifiers {
            for &(doc, _) in self.pair(Family::Titles, pair.first, pair.second) {
                match found.iter_mut().find(|score| score.doc == doc) {
                    Some(score) => score.score += 10.0,
                    None => found.push(Score { doc, score: 10.0, coverage: 1.0 }),
                }
            }
        }
    }

    /// Best bets on top in the order given, what an editor buries at the end.
    fn follow_the_editor(&self, asked: &Asked, found: &mut Vec<Score>) {
        let Ok(at) = self.head.bets.binary_search_by(|bet| bet.query.as_str().cmp(&asked.bare)) else { return };
        let Some(bet) = self.head.bets.get(at) else { return };
        for (place, &doc) in (0_u32..).zip(&bet.best) {
            let boost = 5.0 - as_f32(place).min(40.0) * 0.1;
            match found.iter_mut().find(|score| score.doc == doc) {
                Some(score) => score.score = boost,
                None => found.push(Score { doc, score: boost, coverage: 1.0 }),
            }
        }
        for score in found.iter_mut().filter(|score| bet.bury.contains(&score.doc)) {
            score.score *= 0.01;
        }
    }
}

fn long(table: &[f32], steps: &[u8], doc: Doc) -> f32 {
    let step = steps.get(doc as usize).copied().unwrap_or_default();
    table.get(usize::from(step)).copied().unwrap_or(1.0)
}

fn as_f32(times: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "occurrences in one record")]
    let times = times as f32;
    times
}
