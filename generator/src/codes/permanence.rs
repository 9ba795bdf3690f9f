//! Whether the ledger about to be published keeps every promise of the one that is public already.

use std::collections::BTreeMap;

use yima_model::{Code, Date};

use super::LedgerLine;

/// What a newer ledger no longer says although an older one, already public, did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The code is gone.
    Lost(LedgerLine),
    /// The code now belongs to another record.
    Reused(LedgerLine, String),
    /// The day on which the code was given out was changed.
    Redated(LedgerLine, Date),
}

/// Compares the ledger `old` that a site has published (`data/codes.csv`) with the one about to be published.
/// Lines may be added anywhere, since two editors' additions can be merged in either order; none may go or change.
#[must_use]
pub fn permanence(old: &[LedgerLine], new: &[LedgerLine]) -> Vec<Broken> {
    let now: BTreeMap<Code, &LedgerLine> = new.iter().map(|line| (line.code, line)).collect();
    let broken = old.iter().filter_map(|line| match now.get(&line.code) {
        None => Some(Broken::Lost(line.clone())),
        Some(kept) if kept.record != line.record => Some(Broken::Reused(line.clone(), kept.record.clone())),
        Some(kept) if kept.since != line.since => Some(Broken::Redated(line.clone(), kept.since)),
        Some(_) => None,
    });
    broken.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(body: u32, record: &str) -> LedgerLine {
        LedgerLine { code: Code::from_body(body), record: record.to_owned(), since: jiff::civil::date(2025, 3, 1) }
    }

    #[test]
    fn permanence_names_what_was_broken() {
        let old = [line(1, "policy:a"), line(2, "policy:b"), line(3, "policy:c"), line(4, "policy:d")];
        let redated = LedgerLine { since: jiff::civil::date(2025, 4, 1), ..line(4, "policy:d") };
        let new = [line(5, "policy:e"), line(3, "policy:b"), redated, line(1, "policy:a")];
        assert_eq!(
            permanence(&old, &new),
            [
                Broken::Lost(line(2, "policy:b")),
                Broken::Reused(line(3, "policy:c"), "policy:b".into()),
                Broken::Redated(line(4, "policy:d"), jiff::civil::date(2025, 4, 1)),
            ]
        );
    }

    #[test]
    fn additions_in_any_place_keep_every_promise() {
        let old = [line(1, "policy:a"), line(2, "policy:b")];
        let new = [line(9, "policy:z"), line(2, "policy:b"), line(1, "policy:a"), line(4, "policy:d")];
        assert_eq!(permanence(&old, &new), []);
        assert_eq!(permanence(&[], &new), []);
    }
}
