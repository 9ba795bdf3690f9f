//! From what was measured to what is said: shares, medians, and what failed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::engine::Engine;
use super::exact::{Exactness, Piece, compare};
use super::sets::{Doc, Question};
use crate::bench::measure::Cost;

/// An index as it lies on a host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Built {
    pub(crate) cost: Cost,
    /// Files of the index, without the code of the engine.
    pub(crate) files: usize,
    /// Their bytes on the disk.
    pub(crate) raw: u64,
    /// Their bytes as a host sends them.
    pub(crate) sent: u64,
    /// Bytes of the engine's code as a host sends it.
    pub(crate) code: u64,
}

/// The middle and the 95th of a hundred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) p95: f64,
}

/// From an empty cache to the first result, one page per question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cold {
    pub(crate) bytes: Spread,
    pub(crate) requests: Spread,
    /// Milliseconds on the loopback.
    pub(crate) time: Spread,
}

/// The records that answer, among the first ten.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quality {
    /// Share of questions with an answer in the first place.
    pub(crate) hit1: f64,
    /// … among the first three.
    pub(crate) hit3: f64,
    /// Mean of one over the place of the first answer; 0 where none is among the ten.
    pub(crate) mrr10: f64,
    /// Questions asked.
    pub(crate) asked: usize,
    /// Bytes and requests per question in one page, every question for the first time.
    pub(crate) bytes: f64,
    pub(crate) requests: f64,
}

/// One engine in one setting on one set.
pub(crate) struct Row {
    pub(crate) set: String,
    pub(crate) engine: Engine,
    pub(crate) built: Option<Built>,
    pub(crate) cold: Option<Cold>,
    pub(crate) quality: Option<Quality>,
    pub(crate) exactness: Option<Exactness>,
    /// Milliseconds per question, when everything it needs is there.
    pub(crate) warm: Option<Spread>,
    /// Why something is missing.
    pub(crate) failed: Option<String>,
}

impl Row {
    /// A row about which nothing is known yet.
    pub(crate) const fn new(set: String, engine: Engine) -> Self {
        Self { set, engine, built: None, cold: None, quality: None, exactness: None, warm: None, failed: None }
    }

    /// Takes in what `measure.mjs` wrote.
    pub(crate) fn measured(&mut self, known: &Value, docs: &[Doc], questions: &[Question], pieces: &[Piece]) {
        self.cold = cold(&known["cold"]);
        let hits = known["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !hits.is_empty() {
            let per = |key: &str| known["sent"][key].as_f64().unwrap_or_default() / hits.len() as f64;
            let quality = quality(hits.iter().map(ids), questions);
            self.quality = Some(Quality { bytes: per("bytes"), requests: per("requests"), ..quality });
        }
        if let Some(found) = known["found"].as_array().filter(|found| !found.is_empty()) {
            let numbers: BTreeMap<&str, usize> = (0..).zip(docs).map(|(n, doc)| (doc.id.as_str(), n)).collect();
            let sets = found.iter().map(|found| ids(found).filter_map(|id| numbers.get(id).copied()).collect());
            self.exactness = Some(compare(pieces.iter().zip(sets.collect::<Vec<BTreeSet<usize>>>())));
        }
        let rounds = known["warm"].as_array().into_iter().flatten();
        let rounds = rounds.map(numbers).filter(|round| round.len() == questions.len());
        let spreads: Vec<Spread> = rounds.filter_map(spread).collect();
        self.warm = spreads.into_iter().min_by(|one, other| one.median.total_cmp(&other.median));
        if let Some(reason) = known["failed"].as_str() {
            self.failed = Some(reason.to_owned());
        } else if known["complete"] != true && self.failed.is_none() {
            self.failed = Some(format!("time is up; {} of {} questions were asked", hits.len(), questions.len()));
        }
    }
}

fn ids(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn cold(runs: &Value) -> Option<Cold> {
    let of = |key: &str| {
        let runs = runs.as_array().into_iter().flatten();
        spread(runs.filter_map(|run| run[key].as_f64()).collect())
    };
    Some(Cold { bytes: of("bytes")?, requests: of("requests")?, time: of("ms")? })
}

fn quality<'a, I: Iterator<Item = &'a str>>(hits: impl Iterator<Item = I>, questions: &[Question]) -> Quality {
    let (mut hit1, mut hit3, mut sum, mut asked) = (0, 0, 0.0, 0);
    for (mut found, question) in hits.zip(questions) {
        asked += 1;
        let Some(place) = found.position(|id| question.gold.iter().any(|gold| gold == id)) else { continue };
        hit1 += usize::from(place == 0);
        hit3 += usize::from(place < 3);
        sum += 1.0 / (place + 1) as f64;
    }
    let share = |count: usize| count as f64 / asked.max(1) as f64;
    Quality { hit1: share(hit1), hit3: share(hit3), mrr10: sum / asked.max(1) as f64, asked, bytes: 0.0, requests: 0.0 }
}

/// By the nearest rank; nothing of nothing.
fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_by(f64::total_cmp);
    let rank = |of_hundred: usize| values.get((values.len() * of_hundred).div_ceil(100).checked_sub(1)?).copied();
    Some(Spread { median: rank(50)?, p95: rank(95)? })
}

/// For each engine the setting with the best mean MRR@10 over the sets; failing on a set counts as 0.
pub(crate) fn better(rows: &[Row]) -> BTreeSet<Engine> {
    let mut sums: BTreeMap<&str, BTreeMap<Engine, f64>> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.engine.name).or_default().entry(row.engine).or_default();
        *sum += row.quality.map_or(0.0, |quality| quality.mrr10);
    }
    let best = |settings: &BTreeMap<Engine, f64>| {
        settings.iter().max_by(|one, other| one.1.total_cmp(other.1)).map(|(engine, _)| *engine)
    };
    sums.values().filter_map(best).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Engine, Piece, Question, Row, Spread, better, spread};
    use crate::bench::search::sets::Doc;

    fn row(engine: Engine, hits: &[&[&str]]) -> Row {
        let doc = |id: &str| Doc { id: id.to_owned(), title: String::new(), body: String::new() };
        let question = |gold: &str| Question { text: String::new(), gold: vec![gold.to_owned()] };
        let pieces = [Piece { text: String::new(), held_by: [1].into() }];
        let known = json!({ "hits": hits, "found": [["b"]], "sent": { "bytes": 30, "requests": 3 },
            "cold": [{ "bytes": 1, "requests": 2, "ms": 3.0 }], "warm": [[2.0, 2.0, 9.0], [1.0, 1.0, 8.0]], "complete": true });
        let mut row = Row::new("x".to_owned(), engine);
        row.measured(&known, &[doc("a"), doc("b")], &["a", "a", "a"].map(question), &pieces);
        row
    }

    #[test]
    fn figures_come_from_places() {
        let one = row(Engine { name: "e", setting: "1" }, &[&["a", "b"], &["b", "a"], &["b"]]);
        let quality = one.quality.unwrap();
        assert!((quality.hit1 - 1.0 / 3.0).abs() < 1e-9 && (quality.hit3 - 2.0 / 3.0).abs() < 1e-9);
        assert!((quality.mrr10 - 0.5).abs() < 1e-9 && (quality.bytes - 10.0).abs() < 1e-9);
        assert_eq!(one.exactness.unwrap().equal, 1);
        assert_eq!(one.warm, Some(Spread { median: 1.0, p95: 8.0 }));
        assert!(one.failed.is_none());
    }

    #[test]
    fn a_setting_that_fails_is_not_the_better_one() {
        let [good, bad] = ["1", "2"].map(|setting| Engine { name: "e", setting });
        let rows = [row(good, &[&["b", "a"]]), Row::new("x".to_owned(), bad)];
        assert_eq!(better(&rows), [good].into());
        // Two of three questions were left when the time was up.
        let mut stopped = Row::new("x".to_owned(), good);
        stopped.measured(&json!({ "hits": [["a"]] }), &[], &[], &[]);
        assert!(stopped.failed.is_some());
    }

    #[test]
    fn ranks_are_nearest() {
        assert_eq!(spread((1..=100).map(f64::from).collect()), Some(Spread { median: 50.0, p95: 95.0 }));
        assert_eq!(spread(vec![7.0]), Some(Spread { median: 7.0, p95: 7.0 }));
        assert_eq!(spread(Vec::new()), None);
    }
}
