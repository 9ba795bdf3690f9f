//! The pages of some groups: for each group how its pages go, and its words.
//!
//! ```text
//! count of groups · their heads · the courses · the words
//! ```
//!
//! A head says how many pages there are, how many bytes the course and the words are, how long the words are once read and
//! whether they are no text, and what the group goes on from ([`Head`]).
//!
//! A group may go on where one of an older segment ended: whoever reads it has read that one first, and what it had and
//! learned is had and learned. So a release that follows another says of a page that changed only what changed. A page that
//! changes with every release goes on from many; a head names the segments of the last ones, so that these are loaded together.

use core::ops::Range;

use crate::alphabet::Alphabet;
use crate::bytes::Reader;
use crate::dictionary::{Dictionary, inflate};
use crate::range::{Chance, Coder, Decoder, Gamma};
use crate::text::Text;

/// Words of a group, at most.
const MAX_WORDS: usize = 64 << 20;

/// Segments that a head names besides that of the group that its own goes on from, at most. Each of them names its own, so
/// that a long chain is loaded in a few strides.
pub(crate) const TRAIL: usize = 8;

/// A group in a segment.
#[derive(Clone, Debug)]
struct Group {
    /// The first page, counted through the segment.
    first: usize,
    pages: usize,
    /// Where its course is among the courses.
    course: Range<usize>,
    /// Where its words are among the words.
    words: Range<usize>,
    /// How many bytes its words are once read.
    length: usize,
    /// Whether they are no text.
    plain: bool,
    /// What it goes on from.
    before: Option<Before>,
    /// The segments of the last groups that that one goes on from, the newest first.
    trail: Vec<usize>,
}

/// What a segment says of a group before its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) pages: usize,
    /// Bytes of its course, and of its words as they travel.
    pub(crate) course: usize,
    pub(crate) words: usize,
    /// How many bytes its words are once read.
    pub(crate) length: usize,
    /// Whether they are no text.
    pub(crate) plain: bool,
    /// What it goes on from.
    pub(crate) before: Option<Before>,
    /// The segments of the last groups that that one goes on from, the newest first.
    pub(crate) trail: Vec<usize>,
}

/// Says or hears the heads of the groups of a segment, one after the other.
#[derive(Default)]
pub(crate) struct Heads {
    /// Pages, bytes of the course and of the words; how much longer the words are than that.
    numbers: [Gamma; 4],
    plain: Chance,
    /// Whether there are words, and whether the group goes on from another.
    has_words: Chance,
    goes_on: Chance,
    /// How far what it goes on from is behind that of the group before: segments, and groups in it.
    segments: Gamma,
    groups: Gamma,
    last: Before,
    /// The segments behind that of the last group that went on; whether there is one more, when that group had one and when
    /// not; whether it is the same, and how far it is behind the one before it when not.
    trail: Vec<usize>,
    more: [Chance; 2],
    same: Chance,
    steps: Gamma,
}

impl Heads {
    pub(crate) fn next<C: Coder>(&mut self, coder: &mut C, head: &Head) -> Head {
        let [pages, course, words, longer] = &mut self.numbers;
        let (pages, course) = (number(coder, pages, head.pages), number(coder, course, head.course));
        let (words, length) = if coder.bit(&mut self.has_words, head.length > 0) {
            let words = number(coder, words, head.words);
            (words, step(coder, longer, words, head.length))
        } else {
            (0, 0)
        };
        let plain = length > 0 && coder.bit(&mut self.plain, head.plain);
        let before = coder.bit(&mut self.goes_on, head.before.is_some()).then(|| {
            let before = head.before.unwrap_or_default();
            let segments = step(coder, &mut self.segments, self.last.segment, before.segment);
            // In the same segment, those behind the last one.
            let from = if segments == self.last.segment { self.last.group + 1 } else { 0 };
            let group = step(coder, &mut self.groups, from, before.group);
            self.last = Before { segment: segments, group };
            self.last
        });
        let trail = before.map(|before| self.trail(coder, before.segment, &head.trail)).unwrap_or_default();
        Head { pages, course, words, length, plain, before, trail }
    }

    /// Segments that are each older than the one before it, beginning behind `newest`.
    fn trail<C: Coder>(&mut self, coder: &mut C, newest: usize, wanted: &[usize]) -> Vec<usize> {
        let mut trail: Vec<usize> = Vec::new();
        while trail.len() < TRAIL {
            let (last, next) = (trail.last().copied().unwrap_or(newest), wanted.get(trail.len()).copied());
            let guess = self.trail.iter().copied().find(|other| *other < last);
            if !coder.bit(&mut self.more[usize::from(guess.is_some())], next.is_some()) {
                break;
            }
            let same = guess.filter(|guess| coder.bit(&mut self.same, next == Some(*guess)));
            trail.push(same.unwrap_or_else(|| {
                let behind =
                    number(coder, &mut self.steps, last.wrapping_sub(next.unwrap_or_default()).wrapping_sub(1));
                last.saturating_sub(behind).saturating_sub(1)
            }));
        }
        self.trail.clone_from(&trail);
        trail
    }
}

fn number<C: Coder>(coder: &mut C, chances: &mut Gamma, number: usize) -> usize {
    let number = coder.number(chances, u32::try_from(number).unwrap_or(u32::MAX));
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A number as the step from another one.
fn step<C: Coder>(coder: &mut C, chances: &mut Gamma, from: usize, to: usize) -> usize {
    let apart = i32::try_from(to.wrapping_sub(from).cast_signed()).unwrap_or(0);
    from.saturating_add_signed(isize::try_from(coder.signed(chances, apart)).unwrap_or(0))
}

/// A group of an older segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Before {
    /// Number of the segment among the packs.
    pub(crate) segment: usize,
    /// Number of the group in it.
    pub(crate) group: usize,
}

/// A segment, opened.
#[derive(Debug)]
pub(crate) struct Segment {
    groups: Vec<Group>,
    courses: Vec<u8>,
    words: Vec<u8>,
}

impl Segment {
    pub(crate) fn open(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let count = input.size()?;
        let mut heads = Heads::default();
        let mut decoder = Decoder::new(input.bytes()?);
        let (mut groups, mut first, mut course, mut word) = (Vec::new(), 0_usize, 0_usize, 0_usize);
        for _ in 0..count {
            let head = heads.next(&mut decoder, &Head::default());
            let (course_end, word_end) = (course.checked_add(head.course)?, word.checked_add(head.words)?);
            if head.length > MAX_WORDS || decoder.is_lost() {
                return None;
            }
            groups.push(Group {
                first,
                pages: head.pages,
                course: course..course_end,
                words: word..word_end,
                length: head.length,
                plain: head.plain,
                before: head.before,
                trail: head.trail,
            });
            (first, course, word) = (first.checked_add(head.pages)?, course_end, word_end);
        }
        let courses = input.take(course)?.to_vec();
        let words = input.take(word)?.to_vec();
        if !input.0.is_empty() {
            return None;
        }
        Some(Self { groups, courses, words })
    }

    /// The group of the page at a place.
    pub(crate) fn group_of(&self, place: usize) -> Option<usize> {
        let at = self.groups.partition_point(|group| group.first <= place).checked_sub(1)?;
        self.groups.get(at).filter(|group| place - group.first < group.pages).map(|_| at)
    }

    /// The course of a group, and the places of its pages.
    pub(crate) fn course(&self, group: usize) -> Option<(&[u8], Range<usize>)> {
        let group = self.groups.get(group)?;
        let pages = group.first..group.first.checked_add(group.pages)?;
        Some((self.courses.get(group.course.clone())?, pages))
    }

    /// What a group goes on from.
    pub(crate) fn before(&self, group: usize) -> Option<Before> {
        self.groups.get(group)?.before
    }

    /// The segments of the last groups that what a group goes on from goes on from, the newest first.
    pub(crate) fn trail(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], |group| &group.trail)
    }

    /// The words of a group. `text` has read those of the groups that it goes on from.
    pub(crate) fn words(&self, group: usize, alphabet: &Alphabet, text: &mut Text) -> Option<Vec<u8>> {
        let group = self.groups.get(group)?;
        let words = self.words.get(group.words.clone())?;
        if group.plain {
            return inflate(words).filter(|words| words.len() == group.length);
        }
        text.read(alphabet, words, group.length)
    }

    /// How many groups there are.
    #[cfg(feature = "seal")]
    pub(crate) const fn len(&self) -> usize {
        self.groups.len()
    }
}

/// The words of some groups, each of which is what the next one goes on from.
pub(crate) fn words(chain: &[(&Segment, usize)], dictionary: &Dictionary) -> Option<(Vec<Vec<u8>>, Text)> {
    let mut text = dictionary.text.clone();
    let words = chain.iter().map(|(segment, group)| segment.words(*group, &dictionary.alphabet, &mut text));
    Some((words.collect::<Option<_>>()?, text))
}
