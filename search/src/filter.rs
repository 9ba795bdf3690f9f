//! Query + shelf + day → hits in order, and how many there would be for every value of every facet.

use core::cmp::Reverse;

use yima_model::catalogue::{Facet, ValueIx};
use yima_model::validity::days_between;
use yima_model::{Code, Date, Validity};

use crate::query::{Query, Sort, Standing};
use crate::shelf::{Record, RowIx, Shelf, Span};
use crate::text::{bare, normalise};

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

impl Shelf {
    /// Answers a query as of a day.
    ///
    /// Within a facet the chosen values are alternatives; facets and words narrow one another. A district includes
    /// what holds in the whole city.
    #[must_use]
    pub fn run(&self, query: &Query, today: Date) -> Found {
        let ranks = self.ranks(query.text());
        let validities = self.validities(today);
        let admitted = Facet::ALL.map(|facet| self.admitted(facet, query));
        let mut counts = Facet::ALL.map(|facet| vec![0_usize; self.values(facet).len()]);
        let mut hits: Vec<RowIx> = Vec::new();

        for (row, &validity) in validities.iter().enumerate() {
            if ranks.as_ref().is_some_and(|ranks| ranks.get(row).is_none_or(|&rank| rank == NONE)) {
                continue;
            }
            let own_validity = [position(validity)];
            let values = Facet::ALL.map(|facet| match facet {
                Facet::Validity => own_validity.as_slice(),
                facet => self.column(facet).map_or(&[][..], |column| column.of(row)),
            });
            // Which facets keep the row out. A row kept out by one facet alone still counts in that facet.
            let mut against = admitted.iter().zip(values).enumerate().filter_map(|(facet, (admitted, values))| {
                let admitted = admitted.as_ref()?;
                let inside = values.iter().any(|&value| admitted.get(usize::from(value)).copied().unwrap_or_default());
                (!inside).then_some(facet)
            });
            let first = against.next();
            if against.next().is_some() {
                continue;
            }
            if first.is_none() {
                hits.push(row);
            }
            for (facet, (counts, values)) in counts.iter_mut().zip(values).enumerate() {
                if first.is_none_or(|first| first == facet) {
                    for &value in values {
                        if let Some(count) = counts.get_mut(usize::from(value)) {
                            *count += 1;
                        }
                    }
                }
            }
        }
        if let Some([city, districts @ ..]) = counts.get_mut(Facet::District as usize).map(Vec::as_mut_slice) {
            for district in districts {
                *district += *city;
            }
        }
        self.sort(&mut hits, query.sort(), ranks.as_deref(), &validities, today);
        Found { hits, counts }
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

    /// Puts the hits in order. Every key is one number whose high bits weigh most: comparing numbers is several times
    /// faster than comparing tuples, and the order of all records is asked for at every key stroke.
    fn sort(&self, hits: &mut Vec<RowIx>, sort: Sort, ranks: Option<&[u8]>, validities: &[Validity], today: Date) {
        let key = |row: RowIx| {
            let rank = u64::from(IDENTIFIER - ranks.and_then(|ranks| ranks.get(row)).copied().unwrap_or(NONE));
            let dead = validities.get(row).is_some_and(|validity| validity.is_dead());
            let question = row >= self.catalogue().policies.len();
            let newest = u64::from(i32::MAX.abs_diff(self.dated(row)));
            match sort {
                Sort::Relevance => rank << 34 | u64::from(question) << 33 | u64::from(dead) << 32 | newest,
                Sort::Newest => newest << 2 | rank,
                Sort::Ending => {
                    let last = self.record(row).and_then(last_day).map(|last| days_between(today, last).unsigned_abs());
                    let group = if dead { 2 } else { u64::from(last.is_none()) };
                    // 22 bits hold 11,000 years.
                    let days = u64::from(last.unwrap_or_default()) & 0x3F_FFFF;
                    group << 56 | days << 34 | rank << 32 | newest
                }
            }
        };
        let mut keyed: Vec<(u64, RowIx)> = hits.iter().map(|&row| (key(row), row)).collect();
        keyed.sort_unstable();
        hits.clear();
        hits.extend(keyed.into_iter().map(|(_, row)| row));
    }

    /// How well each row matches the text; `None` when the text asks for nothing.
    fn ranks(&self, text: &str) -> Option<Vec<u8>> {
        let folded = normalise(text);
        let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        // A mark alone is on no record that its neighbours are not on.
        if words.iter().any(|word| word.chars().any(char::is_alphanumeric)) {
            words.retain(|word| word.chars().any(char::is_alphanumeric));
        }
        words.sort_unstable_by_key(|word| Reverse(word.len()));
        words.dedup();
        let (&first, others) = words.split_first()?;

        let haystack = &self.haystack;
        let mut ranks = vec![NONE; self.len()];
        self.scan(first, |row, span, at| {
            let rank = if at < span.titles_end { TITLE } else { ELSEWHERE };
            if let Some(slot) = ranks.get_mut(row) {
                *slot = rank.max(*slot);
            }
        });
        // The longest word has cut the rows down; the others are looked for in those that are left.
        for (rank, span) in ranks.iter_mut().zip(&haystack.rows).filter(|(rank, _)| **rank != NONE) {
            for word in others {
                let found = |from, to| haystack.text.get(from..to).is_some_and(|part| part.contains(word));
                if found(span.start, span.titles_end) {
                    // Stays what the other words made it.
                } else if found(span.titles_end, span.end) {
                    *rank = ELSEWHERE;
                } else {
                    *rank = NONE;
                    break;
                }
            }
        }
        // A number or a code typed whole, with or without its punctuation, is that record and no other.
        let number = folded.contains(|ch: char| ch.is_ascii_digit()).then(|| bare(&folded));
        let code = Code::parse(text).ok().map(|code| normalise(code.as_str()));
        for identifier in [number, code].into_iter().flatten() {
            self.scan(&format!("\n{identifier}\n"), |row, span, at| {
                if at >= span.titles_end
                    && at < span.identifiers_end
                    && let Some(slot) = ranks.get_mut(row)
                {
                    *slot = IDENTIFIER;
                }
            });
        }
        Some(ranks)
    }

    /// Calls `hit` with row, span and place of every match of `needle`.
    fn scan(&self, needle: &str, mut hit: impl FnMut(RowIx, &Span, usize)) {
        let mut rows = self.haystack.rows.iter().enumerate().peekable();
        for (at, _) in self.haystack.text.match_indices(needle) {
            while rows.next_if(|(_, span)| span.end <= at).is_some() {}
            if let Some(&(row, span)) = rows.peek() {
                hit(row, span, at);
            }
        }
    }
}

const NONE: u8 = 0;
const ELSEWHERE: u8 = 1;
const TITLE: u8 = 2;
const IDENTIFIER: u8 = 3;

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
