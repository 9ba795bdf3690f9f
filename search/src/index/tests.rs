//! What was written is read; whatever the bytes, the readers answer.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::texts::{Texts, TextsWriter};
use super::*;
use crate::term::{END, Second};
use crate::wire::DecodeError;

/// Groups of a shard: by first character, by second character, records with counts.
type Groups = std::collections::BTreeMap<char, std::collections::BTreeMap<char, std::collections::BTreeMap<u32, u32>>>;

const DOCS: u32 = 5_000;

fn groups() -> impl Strategy<Value = Groups> {
    let postings = btree_map(0..DOCS, prop_oneof![9 => 1_u32..3, 1 => 1_u32..5_000], 1..30);
    btree_map(
        "[一-龥a-z0-9]".prop_map(|text| first(&text)),
        btree_map("[一-龥a-z0-9𠀀é]".prop_map(|text| first(&text)), postings, 1..8),
        1..6,
    )
}

fn first(text: &str) -> char {
    text.chars().next().unwrap()
}

fn encode(groups: &Groups) -> Vec<u8> {
    let group = |seconds: &std::collections::BTreeMap<char, std::collections::BTreeMap<u32, u32>>| {
        let mut pairs: Vec<(Second, Vec<Posting>)> = seconds
            .iter()
            .map(|(second, docs)| (Second::from(*second), docs.iter().map(|(d, n)| (*d, *n)).collect()))
            .collect();
        pairs.sort();
        Group::encode(DOCS, &pairs)
    };
    Shard::encode(&groups.iter().map(|(first, seconds)| (*first, group(seconds))).collect::<Vec<_>>())
}

fn head() -> impl Strategy<Value = Head> {
    let records = btree_set(0_u32..9, 0..6).prop_flat_map(|starts| {
        let names = vec(any::<[u8; 8]>(), starts.len());
        names.prop_map(move |names| Layout::of_records(starts.iter().copied().zip(names)))
    });
    let characters = btree_map(any::<char>(), 0_usize..6, 0..20).prop_flat_map(|files| {
        let names = vec(any::<[u8; 8]>(), 6);
        names.prop_map(move |names| {
            let of = |file: usize| files.iter().filter(|known| *known.1 == file).map(|known| *known.0).collect();
            Layout::of_characters((0..).zip(names).map(|(file, name)| (of(file), name)))
        })
    });
    let words = btree_map("[一-龥]{1,4}", vec("[一-龥]{1,6}", 0..3), 0..5);
    let bets = btree_map("[一-龥]{1,4}", (vec(0_u32..9, 0..3), vec(0_u32..9, 0..2)), 0..4);
    let layouts = (characters.clone(), characters, records.clone(), records);
    (vec(any::<(u8, u8)>(), 9..40), layouts, words, bets, any::<[Option<[u8; 8]>; 4]>()).prop_map(
        |(lengths, layouts, words, bets, single)| {
            let mut head = Head {
                docs: u32::try_from(lengths.len()).unwrap(),
                first_question: 4,
                title_lengths: lengths.iter().map(|lengths| lengths.0).collect(),
                body_lengths: lengths.iter().map(|lengths| lengths.1).collect(),
                words: words.into_iter().map(|(say, means)| Words { say, means }).collect(),
                bets: bets.into_iter().map(|(query, (best, bury))| Bet { query, best, bury }).collect(),
                ..Head::default()
            };
            head.files.single = single;
            for (family, layout) in Family::ALL.into_iter().zip([layouts.0, layouts.1, layouts.2, layouts.3]) {
                *head.files.layout_mut(family) = layout;
            }
            head
        },
    )
}

/// Reads a shard to its last posting.
fn read_all(bytes: &[u8]) -> Result<(), DecodeError> {
    let shard = Shard::decode(DOCS, bytes)?;
    for first in shard.characters() {
        let _ = shard.group(first)?.character();
    }
    Ok(())
}

proptest! {
    #[test]
    fn shards_round_trip(groups in groups()) {
        let bytes = encode(&groups);
        let shard = Shard::decode(DOCS, &bytes).unwrap();
        prop_assert_eq!(shard.characters().collect::<Vec<_>>(), groups.keys().copied().collect::<Vec<_>>());
        for (first, seconds) in &groups {
            let group = shard.group(*first).unwrap();
            let mut sums = std::collections::BTreeMap::<u32, u32>::new();
            for (second, docs) in seconds {
                let postings: Vec<Posting> = docs.iter().map(|(doc, times)| (*doc, *times)).collect();
                prop_assert_eq!(group.pair(Second::from(*second)), postings.as_slice());
                for (doc, times) in docs {
                    *sums.entry(*doc).or_default() += times;
                }
            }
            prop_assert_eq!(group.character(), sums.into_iter().collect::<Vec<_>>());
            prop_assert!(group.pair(END).is_empty());
        }
        prop_assert_eq!(shard.group('\u{10FFFF}').unwrap(), Group::default());
    }

    #[test]
    fn heads_round_trip(head in head()) {
        prop_assert_eq!(Head::decode(&head.encode()), Ok(head));
    }

    #[test]
    fn texts_round_trip(first in 0_u32..9_000, texts in vec(vec("\\PC{0,20}", 0..4), 0..6)) {
        let mut writer = TextsWriter::default();
        for lines in &texts {
            writer.push(lines.iter().map(String::as_str));
        }
        let file = writer.finish(first);
        let read = Texts::decode(file.as_bytes()).unwrap();
        for (doc, lines) in (first..).zip(&texts) {
            let kept: Vec<&str> = lines.iter().flat_map(|line| line.lines()).map(str::trim).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(read.of(doc).unwrap().lines().collect::<Vec<_>>(), kept);
        }
        prop_assert_eq!(read.of(first + u32::try_from(texts.len()).unwrap()), None);
    }

    #[test]
    fn random_payloads_are_answered(bytes in vec(any::<u8>(), 0..400)) {
        for magic in [(b"\x89YIMAPST", 1), (b"\x89YIMAIDX", 2)] {
            let sealed = crate::wire::Format { magic: *magic.0, version: magic.1 }.seal(&bytes);
            let _ = read_all(&sealed);
            let _ = Head::decode(&sealed);
        }
        let _ = read_all(&bytes);
        let _ = Head::decode(&bytes);
        let _ = Texts::decode(&bytes);
    }

    #[test]
    fn every_truncation_and_every_wrong_bit_is_an_error(groups in groups(), bit in any::<proptest::sample::Index>()) {
        let bytes = encode(&groups);
        for length in 0..bytes.len() {
            prop_assert!(read_all(&bytes[..length]).is_err());
        }
        let mut wrong = bytes.clone();
        let bit = bit.index(bytes.len() * 8);
        wrong[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(read_all(&wrong).is_err());
        // A writer at fault: the checksum fits and the content does not.
        let sealed = crate::wire::Format { magic: *b"\x89YIMAPST", version: 1 }.seal(&wrong[crate::wire::HEADER..]);
        let _ = read_all(&sealed);
    }
}

#[test]
fn another_version_says_so() {
    let mut bytes = Head::default().encode();
    bytes[8] = 9;
    assert_eq!(Head::decode(&bytes), Err(DecodeError::OtherVersion { found: 9, wanted: 2 }));
    assert_eq!(Head::decode(b"<!doctype html>"), Err(DecodeError::Foreign));
    assert_eq!(Texts::decode(b"<!doctype html>"), Err(DecodeError::Foreign));
}

#[test]
fn an_index_of_nothing_answers() {
    let built = Builder::default().finish(&Sizes::default());
    assert!(built.titles.is_empty() && built.bodies.is_empty());
    let mut session = crate::Session::new(Head::decode(&Head::default().encode()).unwrap());
    let asked = session.ask("租房补贴怎么领");
    assert_eq!(session.wanted(&asked, crate::session::Stage::Exact), Ok(vec![]));
    assert!(session.answer(&asked).unwrap().scores.is_empty());
}
