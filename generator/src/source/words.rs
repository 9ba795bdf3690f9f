//! What editors give search and the answer desk beside the records: `tables/words.toml` and `tables/best_bets.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use yima_model::record::{BestBet, Words};
use yima_search::normalise;
use yima_search::text::bare;

use super::fields::{Fields, FileContext};
use super::tables::rows;
use crate::mistake::{Fault, Mistakes};

/// Reads `tables/words.toml`: what residents say and what documents call it.
pub(super) fn words(file: &Arc<str>, content: &str) -> (Vec<Words>, Mistakes) {
    let mut said = Seen::default();
    rows(file, content, "words", |ctx, f| {
        let say = some_texts(ctx, f, "say");
        let means = some_texts(ctx, f, "means");
        let own = say.iter().filter(|(text, offset)| said.is_new(ctx, f, "say", text, *offset)).count() == say.len();
        let mut terms = Seen::default();
        for (text, offset) in &means {
            if say.iter().any(|(other, _)| folded(other) == folded(text)) {
                ctx.add(*offset, Fault::MeansItself { value: text.clone() });
            } else {
                terms.is_new(ctx, f, "means", text, *offset);
            }
        }
        let both = f.flag(ctx, "both");
        (own && !say.is_empty() && !means.is_empty()).then(|| Words { say: texts(say), means: texts(means), both })
    })
}

/// Reads `tables/best_bets.toml`: what stands first, or last, for a query.
pub(super) fn best_bets(file: &Arc<str>, content: &str) -> (Vec<BestBet>, Mistakes) {
    let mut asked = Seen::default();
    rows(file, content, "best_bets", |ctx, f| {
        let query = f.required_text(ctx, "query");
        let mut queries = vec![(query, f.offset("query"))];
        queries.extend(f.spanned_texts(ctx, "also"));
        queries.retain(|(text, _)| !text.is_empty());
        for (text, offset) in &queries {
            asked.is_new(ctx, f, "query", text, *offset);
        }
        let (records, bury) = (f.spanned_texts(ctx, "records"), f.spanned_texts(ctx, "bury"));
        if records.is_empty() && bury.is_empty() && !f.has("bury") {
            if f.has("records") {
                ctx.add(f.offset("records"), Fault::Empty { key: f.name("records") });
            } else {
                f.missing("records");
            }
        }
        let mut named = BTreeMap::new();
        for (record, offset) in records.iter().chain(&bury) {
            if let Some(line) = named.insert(record.clone(), ctx.line_of(*offset)) {
                let (key, value, line) = (f.name("records"), record.clone(), line.to_string());
                ctx.add(*offset, Fault::SaidTwice { key, value, line });
            }
        }
        (!queries.is_empty()).then(|| BestBet { queries: texts(queries), records: texts(records), bury: texts(bury) })
    })
}

/// What was said before, folded as search folds it, and on which line.
#[derive(Default)]
struct Seen(BTreeMap<String, u32>);

impl Seen {
    /// Whether nobody said it before; that somebody did is reported.
    fn is_new(&mut self, ctx: &mut FileContext<'_>, f: &Fields<'_, '_>, key: &str, text: &str, offset: usize) -> bool {
        let line = ctx.line_of(offset);
        let Some(first) = self.0.insert(folded(text), line) else { return true };
        self.0.insert(folded(text), first);
        let (key, value, line) = (f.name(key), text.to_owned(), first.to_string());
        ctx.add(offset, Fault::SaidTwice { key, value, line });
        false
    }
}

/// A text as search compares it: width, case and punctuation do not count.
fn folded(text: &str) -> String {
    bare(&normalise(text))
}

fn texts(spanned: Vec<(String, usize)>) -> Vec<String> {
    spanned.into_iter().map(|(text, _)| text).collect()
}

/// A list that must have something in it.
fn some_texts(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>, key: &'static str) -> Vec<(String, usize)> {
    if !f.has(key) {
        f.missing(key);
        return Vec::new();
    }
    let before = ctx.mistakes.0.len();
    let found = f.spanned_texts(ctx, key);
    if found.is_empty() && ctx.mistakes.0.len() == before {
        ctx.add(f.offset(key), Fault::Empty { key: f.name(key) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(mistakes: &Mistakes) -> Vec<&'static str> {
        mistakes.0.iter().map(|mistake| mistake.fault.id()).collect()
    }

    #[test]
    fn a_row_of_words_is_read_and_said_only_once() {
        let file = Arc::from("tables/words.toml");
        let (rows, mistakes) =
            words(&file, "[[words]]\nsay = [\"交社保\", \"五险\"]\nmeans = [\"社会保险\"]\nboth = true\n");
        assert_eq!(ids(&mistakes), [] as [&str; 0]);
        assert_eq!(rows[0].say, ["交社保", "五险"]);
        assert!(rows[0].both);
        let (rows, mistakes) = words(
            &file,
            "[[words]]\nsay = [\"ＡＢ 卡\"]\nmeans = [\"甲\", \"甲。\"]\n[[words]]\nsay = [\"ab卡\"]\nmeans = [\"ab卡\"]\n",
        );
        assert_eq!(ids(&mistakes), ["SaidTwice", "SaidTwice", "MeansItself"]);
        assert_eq!(rows.len(), 1);
    }

    #[test]
    fn a_bet_may_only_bury() {
        let file = Arc::from("tables/best_bets.toml");
        let (rows, mistakes) = best_bets(&file, "[[best_bets]]\nquery = \"租房\"\nbury = [\"policy:a\"]\n");
        assert_eq!((ids(&mistakes).len(), rows[0].bury.len()), (0, 1));
        let (_, mistakes) =
            best_bets(&file, "[[best_bets]]\nquery = \"租房\"\n[[best_bets]]\nquery = \"租 房\"\nrecords = []\n");
        assert_eq!(ids(&mistakes), ["MissingField", "SaidTwice", "Empty"]);
    }
}
