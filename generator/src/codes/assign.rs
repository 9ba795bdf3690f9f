//! Gives every live record its code, and says which promise the content would break.
//!
//! A code in the ledger is kept for ever: by its record while that lives, by a tombstone afterwards. A record that is
//! not in the ledger draws five symbols from the hash of its name; if they are taken, the next free ones.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use yima_model::code::BODIES;
use yima_model::record::Tombstone;
use yima_model::{Code, Date};

use super::{Codes, LedgerLine, RecordKey};

/// Hashed before the name of a record, so that another rule could be told from this one.
const RULE: &[u8] = b"yima code 1\0";

/// Every code of a city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// The codes, those of [`Assigned::new`] among them.
    pub codes: Codes,
    /// What has to be appended to the ledger before anything is printed, in the order of the records.
    pub new: Vec<LedgerLine>,
    /// What stops the build, sorted.
    pub problems: Vec<CodeProblem>,
}

/// A promise that the content would break. A tombstone is named by its index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeProblem {
    /// The record is gone and nothing says why: its code, printed somewhere, would lead nowhere.
    Lost(String, Code),
    /// The tombstone's record is still there.
    StillLive(String, usize),
    /// The tombstone's record never had a code.
    NeverHadCode(String, usize),
    /// The record has an earlier tombstone already.
    TombstoneTwice(String, usize),
    /// The policy that the tombstone names as the one to read instead (second) is not there.
    NoReplacement(String, String, usize),
    /// All [`BODIES`] codes are given out.
    NoCodeLeft(String),
}

impl CodeProblem {
    /// The code whose line of the ledger shows the problem.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Lost(_, code) => Some(*code),
            _ => None,
        }
    }

    /// The index of the tombstone that shows the problem.
    #[must_use]
    pub const fn tombstone(&self) -> Option<usize> {
        match self {
            Self::StillLive(_, ix)
            | Self::NeverHadCode(_, ix)
            | Self::TombstoneTwice(_, ix)
            | Self::NoReplacement(_, _, ix) => Some(*ix),
            Self::Lost(..) | Self::NoCodeLeft(_) => None,
        }
    }
}

/// Gives out the codes.
///
/// The result depends on what is in `live` and `ledger`, not on the order it stands in. `today` becomes the date of the
/// new lines. A part of a policy whose record is gone with the whole policy needs no tombstone of its own: the code of
/// the part then opens the policy's. A part that is gone while its policy lives (a stage taken back, an article no
/// longer marked) needs one.
#[must_use]
pub fn assign(live: &[RecordKey], ledger: &[LedgerLine], tombstones: &[Tombstone], today: Date) -> Assigned {
    let live: BTreeMap<String, &RecordKey> = live.iter().map(|key| (key.to_string(), key)).collect();
    let mut problems = Vec::new();
    let graves = bury(&live, ledger, tombstones, &mut problems);

    let mut codes = Codes::default();
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    for line in ledger {
        taken.insert(line.code.body());
        match live.get(&line.record) {
            // The second code of a record is a fault that the ledger reports; the first is the one that counts.
            Some(&key) if !codes.by_record.contains_key(key) => {
                codes.by_record.insert(key.clone(), line.code);
                codes.by_code.insert(line.code, key.clone());
            }
            Some(_) => {}
            None => match grave(&line.record, &live, &graves) {
                Some(tombstone) => drop(codes.withdrawn.insert(line.code, tombstone)),
                None => problems.push(CodeProblem::Lost(line.record.clone(), line.code)),
            },
        }
    }

    let mut waiting: Vec<(&RecordKey, String)> = live
        .into_iter()
        .filter(|(_, key)| !codes.by_record.contains_key(key))
        .map(|(record, key)| (key, record))
        .collect();
    waiting.sort();
    let mut new = Vec::with_capacity(waiting.len());
    for (key, record) in waiting {
        match free_body(&record, &taken) {
            Some(body) => {
                let code = Code::from_body(body);
                taken.insert(body);
                codes.by_record.insert(key.clone(), code);
                codes.by_code.insert(code, key.clone());
                new.push(LedgerLine { code, record, since: today });
            }
            None => problems.push(CodeProblem::NoCodeLeft(record)),
        }
    }
    problems.sort();
    Assigned { codes, new, problems }
}

/// The first tombstone of every record that has one.
fn bury<'a>(
    live: &BTreeMap<String, &RecordKey>,
    ledger: &[LedgerLine],
    tombstones: &'a [Tombstone],
    problems: &mut Vec<CodeProblem>,
) -> BTreeMap<&'a str, usize> {
    // A ledger is long, and tombstones are few.
    let named: BTreeSet<&str> = tombstones.iter().map(|tombstone| tombstone.record.as_str()).collect();
    let records = ledger.iter().map(|line| line.record.as_str());
    let coded: BTreeSet<&str> = records.filter(|record| named.contains(record)).collect();
    let mut graves = BTreeMap::new();
    for (ix, tombstone) in tombstones.iter().enumerate() {
        let record = &tombstone.record;
        if live.contains_key(record) {
            problems.push(CodeProblem::StillLive(record.clone(), ix));
        } else if !coded.contains(record.as_str()) {
            problems.push(CodeProblem::NeverHadCode(record.clone(), ix));
        }
        if graves.contains_key(record.as_str()) {
            problems.push(CodeProblem::TombstoneTwice(record.clone(), ix));
        } else {
            graves.insert(record.as_str(), ix);
        }
        if let Some(instead) = &tombstone.replaced_by
            && !live.contains_key(&format!("policy:{instead}"))
        {
            problems.push(CodeProblem::NoReplacement(record.clone(), instead.clone(), ix));
        }
    }
    graves
}

/// The tombstone that speaks for a record which is gone: its own, else that of the policy it went with.
fn grave(record: &str, live: &BTreeMap<String, &RecordKey>, graves: &BTreeMap<&str, usize>) -> Option<usize> {
    if let Some(&own) = graves.get(record) {
        return Some(own);
    }
    let (_, id) = record.split_once(':')?;
    let (policy, _) = id.split_once('/')?;
    let whole = format!("policy:{policy}");
    if live.contains_key(&whole) { None } else { graves.get(whole.as_str()).copied() }
}

fn free_body(record: &str, taken: &BTreeSet<u32>) -> Option<u32> {
    let first = body_of(record);
    (0..BODIES).map(|step| (first + step) % BODIES).find(|body| !taken.contains(body))
}

/// The first 25 bits of the record's hash.
fn body_of(record: &str) -> u32 {
    let hash = Sha256::new().chain_update(RULE).chain_update(record).finalize();
    let word = hash.iter().take(4).fold(0_u32, |word, &byte| word << 8 | u32::from(byte));
    word >> 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use yima_model::Stage;

    const TODAY: Date = date(2026, 10, 1);

    fn policy(id: &str) -> RecordKey {
        RecordKey::Policy(id.to_owned())
    }

    fn tombstone(record: &str) -> Tombstone {
        Tombstone {
            record: record.to_owned(),
            title: "旧办法".into(),
            date: TODAY,
            reason: "已废止".into(),
            replaced_by: None,
        }
    }

    fn ledger_of(live: &[RecordKey]) -> Vec<LedgerLine> {
        assign(live, &[], &[], date(2025, 3, 1)).new
    }

    /// Two records whose hashes give the same body, found by walking; sorted.
    fn colliding_pair() -> (RecordKey, RecordKey) {
        let mut seen = BTreeMap::new();
        for n in 0_u32.. {
            let key = policy(&format!("x{n}"));
            if let Some(other) = seen.insert(body_of(&key.to_string()), key.clone()) {
                return if other < key { (other, key) } else { (key, other) };
            }
        }
        unreachable!()
    }

    #[test]
    fn the_rule_is_fixed() {
        // Printed codes hang on this: if it fails, the rule was changed, not the test.
        let given = ledger_of(&[policy("2025-foo"), RecordKey::Stage("2025-foo".into(), Stage::Basis)]);
        let given: Vec<String> = given.iter().map(|line| format!("{} {}", line.code, line.record)).collect();
        assert_eq!(given, ["XV0W5G policy:2025-foo", "REG5FA stage:2025-foo/basis"]);
    }

    #[test]
    fn a_collision_takes_the_next_free_code_and_keeps_it() {
        let (a, b) = colliding_pair();
        let both = assign(&[a.clone(), b.clone()], &[], &[], TODAY);
        let (first, second) = (both.codes.of(&a).unwrap(), both.codes.of(&b).unwrap());
        assert_eq!(second.body(), (first.body() + 1) % BODIES);
        // The one that came first keeps the code, whichever it is, even when it is withdrawn.
        let alone = ledger_of(std::slice::from_ref(&b));
        let later = assign(&[a.clone(), b.clone()], &alone, &[], TODAY);
        assert_eq!(later.codes.of(&b).unwrap().body(), body_of(&b.to_string()));
        assert_eq!(later.codes.of(&a).unwrap().body(), (body_of(&b.to_string()) + 1) % BODIES);
        let after = assign(std::slice::from_ref(&a), &alone, &[tombstone(&b.to_string())], TODAY);
        assert_eq!(after.problems, []);
        assert_ne!(after.codes.of(&a), Some(alone[0].code));
        assert_eq!(after.codes.withdrawn, BTreeMap::from([(alone[0].code, 0)]));
    }

    #[test]
    fn a_record_that_is_gone_without_a_word_is_named() {
        let stage = RecordKey::Stage("a".into(), Stage::Basis);
        let ledger = ledger_of(&[policy("a"), stage, RecordKey::Question("q".into())]);
        let code = |ix: usize| ledger[ix].code;
        let assigned = assign(&[policy("a")], &ledger, &[], TODAY);
        assert_eq!(
            assigned.problems,
            [CodeProblem::Lost("question:q".into(), code(2)), CodeProblem::Lost("stage:a/basis".into(), code(1)),]
        );
        // The tombstone of the policy does not speak for a part of it while the policy lives.
        let assigned = assign(&[policy("a")], &ledger[..2], &[tombstone("policy:a")], TODAY);
        assert!(assigned.problems.contains(&CodeProblem::Lost("stage:a/basis".into(), code(1))));
        // When the whole policy is gone it does, unless the part has one of its own.
        let graves = [tombstone("policy:a"), tombstone("question:q")];
        let assigned = assign(&[], &ledger, &graves, TODAY);
        assert_eq!(assigned.problems, []);
        assert_eq!(assigned.codes.withdrawn, BTreeMap::from([(code(0), 0), (code(1), 0), (code(2), 1)]));
        let graves = [tombstone("policy:a"), tombstone("stage:a/basis")];
        assert_eq!(assign(&[], &ledger[..2], &graves, TODAY).codes.withdrawn.get(&code(1)), Some(&1));
    }

    #[test]
    fn a_tombstone_must_stand_on_a_grave() {
        let ledger = ledger_of(&[policy("a"), policy("b")]);
        let mut wrong = tombstone("policy:b");
        wrong.replaced_by = Some("zz".into());
        let graves = [tombstone("policy:a"), wrong, tombstone("policy:b"), tombstone("polcy:c")];
        assert_eq!(
            assign(&[policy("a")], &ledger, &graves, TODAY).problems,
            [
                CodeProblem::StillLive("policy:a".into(), 0),
                CodeProblem::NeverHadCode("polcy:c".into(), 3),
                CodeProblem::TombstoneTwice("policy:b".into(), 2),
                CodeProblem::NoReplacement("policy:b".into(), "zz".into(), 1),
            ]
        );
    }

    #[test]
    fn bodies_are_spread_over_the_whole_range() {
        let mut tenths = [0_u32; 10];
        for n in 0..10_000 {
            let body = body_of(&format!("policy:{n}"));
            tenths[usize::try_from(u64::from(body) * 10 / u64::from(BODIES)).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|&count| (880..1120).contains(&count)), "{tenths:?}");
    }

    fn keys() -> impl Strategy<Value = Vec<RecordKey>> {
        let key = prop_oneof![
            "[a-c]{1,2}".prop_map(RecordKey::Policy),
            ("[a-c]{1,2}", 0_usize..12).prop_map(|(id, stage)| RecordKey::Stage(id, Stage::ALL[stage])),
            ("[a-c]{1,2}", 1_u16..9).prop_map(|(id, number)| RecordKey::Article(id, number)),
            "[a-c]{1,2}".prop_map(RecordKey::Question),
        ];
        prop::collection::vec(key, 0..40)
    }

    proptest! {
        #[test]
        fn new_records_never_change_a_code(old in keys(), added in keys()) {
            let before = assign(&old, &[], &[], TODAY);
            let all = [old, added].concat();
            let after = assign(&all, &before.new, &[], TODAY);
            for (key, code) in &before.codes.by_record {
                prop_assert_eq!(after.codes.of(key), Some(*code));
            }
            prop_assert_eq!(&after.problems, &[]);
            prop_assert!(after.codes.by_record.keys().eq(all.iter().collect::<BTreeSet<_>>()));
            prop_assert_eq!(after.codes.by_code.len(), after.codes.by_record.len());
            // Once the new lines are in the ledger there is nothing left to add, and nothing changes.
            let ledger = [before.new, after.new].concat();
            let again = assign(&all, &ledger, &[], date(2030, 1, 1));
            prop_assert_eq!(again.new, []);
            prop_assert_eq!(again.codes, after.codes);
        }

        #[test]
        fn no_order_matters(live in keys(), known in keys(), gone in keys(), turn in 0_usize..40) {
            let mut ledger = ledger_of(&[known, gone].concat());
            let mut shuffled = live.clone();
            let first = assign(&live, &ledger, &[], TODAY);
            shuffled.reverse();
            if !shuffled.is_empty() { shuffled.rotate_left(turn % live.len()); }
            ledger.reverse();
            if !ledger.is_empty() { let by = turn % ledger.len(); ledger.rotate_left(by); }
            prop_assert_eq!(assign(&shuffled, &ledger, &[], TODAY), first);
        }

        #[test]
        fn every_code_of_the_ledger_is_live_withdrawn_or_reported(live in keys(), known in keys(), buried in keys()) {
            let ledger = ledger_of(&known);
            let graves: Vec<Tombstone> = buried.iter().map(|key| tombstone(&key.to_string())).collect();
            let assigned = assign(&live, &ledger, &graves, TODAY);
            for line in &ledger {
                let lost = CodeProblem::Lost(line.record.clone(), line.code);
                let places = [
                    assigned.codes.by_code.get(&line.code).is_some_and(|key| key.to_string() == line.record),
                    assigned.codes.withdrawn.contains_key(&line.code),
                    assigned.problems.contains(&lost),
                ];
                prop_assert_eq!(places.iter().filter(|&&place| place).count(), 1, "{}", line.record);
            }
            for line in &assigned.new {
                prop_assert!(ledger.iter().all(|old| old.code != line.code));
            }
        }
    }
}
