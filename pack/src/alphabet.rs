//! The letters of a city and their codes. A letter is a character of Unicode, or a byte where there is none.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

/// Letters an alphabet may have.
pub(crate) const LETTERS: usize = 8_000;

/// A byte that is no character is this and the byte.
pub(crate) const BYTE: u32 = 0x11_0000;

/// A leaf of the tree has this bit.
pub(crate) const LEAF: u32 = 1 << 31;

/// The letters of a city, the frequent ones first, and their codes.
#[derive(Clone, Debug)]
pub(crate) struct Alphabet {
    /// The first one stands for those that are not here.
    pub(crate) letters: Vec<u32>,
    /// Node → where no and yes lead; the last one is the root.
    pub(crate) tree: Vec<[u32; 2]>,
    /// How a letter is reached: the way, lowest bit last, and how long it is.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) ways: Vec<(u32, u32)>,
    #[cfg(any(test, feature = "seal"))]
    pub(crate) places: std::collections::BTreeMap<u32, u16>,
}

impl Alphabet {
    /// Of letters, the most frequent one first. Their codes are those of Huffman (1952), as if the second came half as
    /// often as the first, the third a third as often, and so on (Zipf 1935): nobody has to say how often they come.
    pub(crate) fn new(letters: impl IntoIterator<Item = u32>) -> Self {
        let letters: Vec<u32> = core::iter::once(u32::MAX).chain(letters.into_iter().take(LETTERS)).collect();
        let mut heap: BinaryHeap<(Reverse<u64>, Reverse<u32>)> = BinaryHeap::new();
        for (place, rank) in (0..).zip(core::iter::once(letters.len() as u64 * 4).chain(2..)).take(letters.len()) {
            heap.push((Reverse((1 << 32) / rank), Reverse(LEAF | place)));
        }
        let mut tree = Vec::new();
        while let (Some(rare), Some(other)) = (heap.pop(), heap.pop()) {
            let node = u32::try_from(tree.len()).unwrap_or(0);
            tree.push([other.1.0, rare.1.0]);
            heap.push((Reverse(rare.0.0 + other.0.0), Reverse(node)));
        }
        Self {
            #[cfg(any(test, feature = "seal"))]
            ways: ways(&tree, letters.len()),
            #[cfg(any(test, feature = "seal"))]
            places: letters.iter().copied().zip(0..).skip(1).collect(),
            letters,
            tree,
        }
    }

    /// Where all ways begin.
    pub(crate) fn root(&self) -> u32 {
        u32::try_from(self.tree.len()).map_or(LEAF, |nodes| nodes.checked_sub(1).unwrap_or(LEAF))
    }
}

/// The ways to all leaves.
#[cfg(any(test, feature = "seal"))]
fn ways(tree: &[[u32; 2]], letters: usize) -> Vec<(u32, u32)> {
    let mut ways = vec![(0, 0); letters];
    let mut open: Vec<(u32, u32, u32)> =
        tree.len().checked_sub(1).map(|root| (root as u32, 0, 0)).into_iter().collect();
    while let Some((node, way, length)) = open.pop() {
        for (next, bit) in tree.get(node as usize).into_iter().flatten().zip(0..) {
            let way = way << 1 | bit;
            if next & LEAF == 0 {
                open.push((*next, way, length + 1));
            } else if let Some(slot) = ways.get_mut((next & !LEAF) as usize) {
                *slot = (way, length + 1);
            }
        }
    }
    ways
}

/// The letters of a text: characters, and bytes where there are none.
#[cfg(any(test, feature = "seal"))]
pub(crate) fn names(words: &[u8]) -> impl Iterator<Item = u32> + '_ {
    words.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().map(u32::from).chain(chunk.invalid().iter().map(|byte| BYTE + u32::from(*byte)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_letters_have_short_ways_and_every_way_leads_to_its_letter() {
        let alphabet = Alphabet::new(0x4E00..0x4F00);
        let length = |letter: u32| alphabet.ways[usize::from(alphabet.places[&letter])].1;
        assert!(length(0x4E00) < length(0x4E10) && length(0x4E10) < length(0x4EF0), "of three letters");
        for (letter, place) in &alphabet.places {
            let (way, length) = alphabet.ways[usize::from(*place)];
            let walk = |node: u32, step: u32| alphabet.tree[node as usize][(way >> step & 1) as usize];
            let leaf = (0..length).rev().fold(alphabet.root(), walk);
            assert_eq!(leaf, LEAF | u32::from(*place), "{letter:x}");
        }
        assert_eq!(names("一\u{10FFFF}".as_bytes()).collect::<Vec<_>>(), [0x4E00, 0x10_FFFF]);
        assert_eq!(names(&[0x41, 0xFF, 0xE4, 0xB8]).collect::<Vec<_>>(), [0x41, BYTE + 0xFF, BYTE + 0xE4, BYTE + 0xB8]);
    }
}
