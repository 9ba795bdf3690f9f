//! Whether an engine finds the records that hold a text, no more and no fewer: pieces of the texts themselves, drawn
//! by chance, and some that people asked for.

use std::collections::BTreeSet;

use super::sets::Doc;
use crate::city::random::Random;

/// Asked in every set: a common word, a longer one, and pieces that reach across the border of two words.
const PICKED: &[&str] = &["起诉", "违法行为", "段简", "工作", "的规", "人不得"];

/// A piece of text and the numbers of the records that hold it, found by looking into every text.
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) held_by: BTreeSet<usize>,
}

/// `count` different pieces of 2 to 6 Chinese characters, and the picked ones.
pub(crate) fn pieces(docs: &[Doc], count: usize, seed: u64) -> Vec<Piece> {
    let mut texts: BTreeSet<String> = BTreeSet::new();
    let mut random = Random::new(seed, 0);
    // Sets of very short texts may not have as many.
    for _ in 0..count * 100 {
        if texts.len() == count || docs.is_empty() {
            break;
        }
        let doc = &docs[random.below(docs.len())];
        let text = if random.percent(20) || doc.body.is_empty() { &doc.title } else { &doc.body };
        let length = random.between(2, 6);
        let starts = text.chars().count().saturating_sub(length);
        let piece: String = text.chars().skip(random.below(starts + 1)).take(length).collect();
        if piece.chars().count() == length && piece.chars().all(is_chinese) {
            texts.insert(piece);
        }
    }
    texts.extend(PICKED.iter().map(|&text| text.to_owned()));
    texts.into_iter().map(|text| Piece { held_by: holders(docs, &text), text }).collect()
}

/// CJK Unified Ideographs: the block itself is enough to draw from.
const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn holders(docs: &[Doc], text: &str) -> BTreeSet<usize> {
    let holds = |doc: &Doc| doc.title.contains(text) || doc.body.contains(text);
    docs.iter().enumerate().filter(|(_, doc)| holds(doc)).map(|(number, _)| number).collect()
}

/// How the answers of an engine compare with the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Exactness {
    /// Pieces for which the records found are the records that hold it.
    pub(crate) equal: usize,
    /// Pieces asked for.
    pub(crate) asked: usize,
    /// Mean share of the right records that were found, over the pieces that some record holds.
    pub(crate) recall: f64,
    /// Mean share of the found records that are right, over the pieces for which something was found.
    pub(crate) precision: f64,
}

/// Compares.
pub(crate) fn compare<'a>(answers: impl Iterator<Item = (&'a Piece, BTreeSet<usize>)>) -> Exactness {
    let (mut equal, mut asked) = (0, 0);
    let (mut recall, mut precision) = (Vec::new(), Vec::new());
    for (piece, found) in answers {
        asked += 1;
        equal += usize::from(found == piece.held_by);
        let right = found.intersection(&piece.held_by).count() as f64;
        if !piece.held_by.is_empty() {
            recall.push(right / piece.held_by.len() as f64);
        }
        if !found.is_empty() {
            precision.push(right / found.len() as f64);
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    Exactness { equal, asked, recall: mean(&recall), precision: mean(&precision) }
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Doc, PICKED, Piece, compare, pieces};

    #[test]
    fn pieces_stand_in_the_texts_and_the_same_seed_draws_the_same() {
        let doc = |body: &str| Doc { id: String::new(), title: "题目".to_owned(), body: body.to_owned() };
        let docs = [doc("办事阶段简化，A材料减免。"), doc("对违法行为可以起诉")];
        let drawn = pieces(&docs, 8, 1);
        assert_eq!(drawn.len(), 8 + PICKED.len());
        let texts = |drawn: &[Piece]| drawn.iter().map(|piece| piece.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&drawn), texts(&pieces(&docs, 8, 1)));
        let across = drawn.iter().find(|piece| piece.text == "段简").unwrap();
        assert_eq!(across.held_by, BTreeSet::from([0]));
        assert!(drawn.iter().filter(|piece| !piece.held_by.is_empty()).count() >= 8);
    }

    #[test]
    fn too_many_costs_precision_and_too_few_recall() {
        let piece = |held: &[usize]| Piece { text: String::new(), held_by: held.iter().copied().collect() };
        let pieces = [piece(&[1, 2]), piece(&[1, 2]), piece(&[])];
        let found = [BTreeSet::from([1]), BTreeSet::from([1, 2, 3, 4]), BTreeSet::new()];
        let exactness = compare(pieces.iter().zip(found));
        assert_eq!((exactness.equal, exactness.asked), (1, 3));
        assert!((exactness.recall - 0.75).abs() < 1e-9 && (exactness.precision - 0.75).abs() < 1e-9);
    }
}
