//! Query + shelf + day → hits in order, and how many there would be for every value of every facet.

use yima_model::catalogue::{Facet, ValueIx};
use yima_model::validity::days_between;
use yima_model::{Date, Validity};

use crate::engine::{Score, in_order};
use crate::query::{Query, Sort, Standing};
use crate::shelf::{Record, RowIx, Shelf};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The records, in the order asked for.
    pub hits: Vec<RowIx>,
    /// Counts by facet and value.
    counts: [Vec<usize>; Facet::ALL.len()],
}

impl Found {
    /// How many records there would be with this value, were nothing chosen in its own facet: the number to show
    /// beside it. Positions are those of [`Shelf::values`].
    #[must_use]
    pub fn count(&self, facet: Facet, value: usize) -> usize {
        self.counts.get(facet as usize).and_then(|counts| counts.get(value)).copied().unwrap_or_default()
    }

    /// How many records [`Standing::Live`] keeps out that everything else in the query admits.
    #[must_use]
    pub fn not_live(&self) -> usize {
        let counts = Validity::ALL.iter().enumerate().filter(|(_, validity)| !validity.is_live());
        counts.map(|(position, _)| self.count(Facet::Validity, position)).sum()
    }
}

/// A query on its way along a shelf, some rows at a time: whoever answers while somebody types must not be long away.
#[derive(Clone, Debug)]
pub struct Sifting {
    query: Query,
    today: Date,
    /// Rows to look at; none for all of them.
    rows: Option<Vec<Score>>,
    /// How far along it is.
    at: usize,
    /// For every value of every facet whether the query admits it; none where nothing was chosen.
    admitted: [Option<Vec<bool>>; Facet::ALL.len()],
    /// What to put the hits in order by, the smallest first, and their rows.
    keyed: Vec<(u64, RowIx)>,
    counts: [Vec<usize>; Facet::ALL.len()],
}

impl Sifting {
    /// Looks at so many rows more; whether there are others.
    pub fn step(&mut self, shelf: &Shelf, rows: usize) -> bool {
        let start = self.at;
        self.at = start.saturating_add(rows);
        match self.rows.take() {
            Some(matched) => {
                for score in matched.iter().skip(start).take(rows) {
                    self.look(shelf, score.doc as RowIx, Some(score.score.max(f32::MIN_POSITIVE)));
                }
                let more = self.at < matched.len();
                self.rows = Some(matched);
                more
            }
            None => {
                (start..self.at.min(shelf.len())).for_each(|row| self.look(shelf, row, None));
                self.at < shelf.len()
            }
        }
    }

    /// What was found, when all rows were looked at.
    #[must_use]
    pub fn finish(mut self) -> Found {
        if let Some([city, districts @ ..]) = self.counts.get_mut(Facet::District as usize).map(Vec::as_mut_slice) {
            for district in districts {
                *district += *city;
            }
        }
        let order = in_order(self.keyed.iter().map(|&(key, _)| key)).into_iter();
        let hits = order.filter_map(|at| self.keyed.get(at).map(|&(_, row)| row)).collect();
        Found { hits, counts: self.counts }
    }

    fn look(&mut self, shelf: &Shelf, row: RowIx, score: Option<f32>) {
        if row >= shelf.len() || self.query.hides_routine() && shelf.is_routine(row) {
            return;
        }
        let validity = shelf.validity(row, self.today);
        let own_validity = [position(validity)];
        let values = Facet::ALL.map(|facet| match facet {
            Facet::Validity => own_validity.as_slice(),
            facet => shelf.column(facet).map_or(&[][..], |column| column.of(row)),
        });
        // Which facets keep the row out. A row kept out by one facet alone still counts in that facet.
        let mut against = self.admitted.iter().zip(values).enumerate().filter_map(|(facet, (admitted, values))| {
            let admitted = admitted.as_ref()?;
            let inside = values.iter().any(|&value| admitted.get(usize::from(value)).copied().unwrap_or_default());
            (!inside).then_some(facet)
        });
        let first = against.next();
        if against.next().is_some() {
            return;
        }
        if first.is_none() {
            self.keyed.push((shelf.key(row, self.query.sort(), score, validity, self.today), row));
        }
        for (facet, (counts, values)) in self.counts.iter_mut().zip(values).enumerate() {
            if first.is_none_or(|first| first == facet) {
                for &value in values {
                    if let Some(count) = counts.get_mut(usize::from(value)) {
                        *count += 1;
                    }
                }
            }
        }
    }
}

impl Shelf {
    /// Answers a query as of a day, within what the index found for its text; `None` where no text was typed.
    ///
    /// Within a facet the chosen values are alternatives; facets and words narrow one another. A district includes
    /// what holds in the whole city.
    #[must_use]
    pub fn run(&self, query: &Query, matched: Option<&[Score]>, today: Date) -> Found {
        let mut sifting = self.sift(query, matched, today);
        while sifting.step(self, usize::MAX) {}
        sifting.finish()
    }

    /// Begins with such an answer.
    #[must_use]
    pub fn sift(&self, query: &Query, matched: Option<&[Score]>, today: Date) -> Sifting {
        Sifting {
            today,
            rows: matched.map(<[Score]>::to_vec),
            at: 0,
            admitted: Facet::ALL.map(|facet| self.admitted(facet, query)),
            keyed: Vec::new(),
            counts: Facet::ALL.map(|facet| vec![0_usize; self.values(facet).len()]),
            query: query.clone(),
        }
    }

    /// For every value of a facet whether the query admits it; `None` when nothing was chosen.
    fn admitted(&self, facet: Facet, query: &Query) -> Option<Vec<bool>> {
        if facet == Facet::Validity {
            let admits = |validity| query.standing().admits(validity);
            return (query.standing() != &Standing::Any).then(|| Validity::ALL.map(admits).to_vec());
        }
        query.chosen(facet).next()?;
        let chosen = self.values(facet).iter().map(|value| query.is_chosen(facet, &value.id));
        let mut admitted: Vec<bool> = chosen.collect();
        // What holds in the whole city holds in every district.
        if facet == Facet::District
            && admitted.contains(&true)
            && let Some(city) = admitted.first_mut()
        {
            *city = true;
        }
        Some(admitted)
    }

    /// What a row stands in order by, the smallest first. One number whose high bits weigh most: comparing numbers is
    /// several times faster than comparing tuples, and the order of all records is asked for at every key stroke.
    fn key(&self, row: RowIx, sort: Sort, score: Option<f32>, validity: Validity, today: Date) -> u64 {
        let dead = validity.is_dead();
        let question = row >= self.catalogue().policies.len();
        let newest = u64::from(i32::MAX.abs_diff(self.dated(row)));
        match (sort, score) {
            (Sort::Relevance, Some(score)) => {
                let score = score * if dead { DEAD } else { 1.0 };
                // Positive floats order as their bits do.
                u64::from(u32::MAX - score.to_bits()) << 32 | newest
            }
            (Sort::Relevance, None) => u64::from(question) << 33 | u64::from(dead) << 32 | newest,
            (Sort::Newest, _) => newest,
            (Sort::Ending, _) => {
                let last = self.record(row).and_then(last_day).map(|last| days_between(today, last).unsigned_abs());
                let group = if dead { 2 } else { u64::from(last.is_none()) };
                // 22 bits hold 11,000 years.
                let days = u64::from(last.unwrap_or_default()) & 0x3F_FFFF;
                group << 56 | days << 34 | newest
            }
        }
    }
}

/// What a dead record is worth against a living one that answers as well.
const DEAD: f32 = 0.7;

/// Where a validity stands among the values of its facet.
fn position(validity: Validity) -> ValueIx {
    match validity {
        Validity::InForce => 0,
        Validity::Expiring => 1,
        Validity::Amended => 2,
        Validity::NotYet => 3,
        Validity::Expired => 4,
        Validity::Repealed => 5,
    }
}

fn last_day(record: Record<'_>) -> Option<Date> {
    match record {
        Record::Policy(policy) => policy.lifespan.last_day(),
        Record::Question(question) => question.expires,
    }
}

#[cfg(test)]
mod tests;
