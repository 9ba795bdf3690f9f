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
//! learned is had and learned. So a release that follows another says of a page that changed only what changed.

use core::ops::Range;

use crate::alphabet::Alphabet;
use crate::bytes::Reader;
use crate::day::Day;
use crate::dictionary::{Dictionary, inflate};
use crate::model::{Model, STOP, Token};
use crate::page::{END, LEFT, SYMBOL, own, symbol};
use crate::range::{Chance, Coder, Decoder, Gamma};
use crate::text::Text;

/// Tokens of a group: beyond this the bytes are not what was written.
const MAX_TOKENS: usize = 8 << 20;

/// Words of a group, at most.
const MAX_WORDS: usize = 64 << 20;

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
}

/// What a segment says of a group before its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
}

impl Heads {
    pub(crate) fn next<C: Coder>(&mut self, coder: &mut C, head: Head) -> Head {
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
        Head { pages, course, words, length, plain, before }
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

/// What came of reading a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The page.
    Page(Vec<u8>),
    /// Strings of these numbers are wanted first.
    Wanted(Vec<u32>),
}

impl Segment {
    pub(crate) fn open(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let count = input.size()?;
        let mut heads = Heads::default();
        let mut decoder = Decoder::new(input.bytes()?);
        let (mut groups, mut first, mut course, mut word) = (Vec::new(), 0_usize, 0_usize, 0_usize);
        for _ in 0..count {
            let head = heads.next(&mut decoder, Head::default());
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

    /// What a group goes on from.
    pub(crate) fn before(&self, group: usize) -> Option<Before> {
        self.groups.get(group)?.before
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

/// A string that a group has had.
#[derive(Clone, Debug)]
pub(crate) enum Had {
    /// So many bytes of the words of a part of the chain.
    Words(usize, Range<usize>),
    Shared(u32),
}

/// Reads the pages of a group one after the other, and those of the groups that go on from it. Owns what it needs, so that
/// whoever holds one can come back for the next page.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) model: Model,
    decoder: Decoder,
    /// The words of the groups that were entered.
    words: Vec<Vec<u8>>,
    /// Where the words of the last one go on.
    at: usize,
    pub(crate) had: Vec<Had>,
    tokens: usize,
}

impl Course {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let (model, decoder) = (Model::new(Some(&dictionary.learned)), Decoder::new(&[]));
        Self { model, decoder, words: Vec::new(), at: 0, had: Vec::new(), tokens: 0 }
    }

    /// Goes on with a group that has these words; the places of its pages.
    pub(crate) fn enter(&mut self, segment: &Segment, group: usize, words: &[u8]) -> Option<Range<usize>> {
        let group = segment.groups.get(group)?;
        self.decoder = Decoder::new(segment.courses.get(group.course.clone())?);
        self.words.push(words.to_vec());
        self.at = 0;
        self.model.go_on();
        Some(group.first..group.first.checked_add(group.pages)?)
    }

    fn token(&mut self) -> Option<Token> {
        self.tokens += 1;
        if self.tokens > MAX_TOKENS || self.decoder.is_lost() {
            return None;
        }
        let token = self.model.token(&mut self.decoder, Token::Own(END));
        match token {
            Token::New(length) => {
                let part = self.words.len().checked_sub(1)?;
                let rest = self.words.last()?.get(self.at..)?;
                let (length, stop) = match length {
                    Some(length) => (usize::try_from(length).ok()?, 0),
                    None => (rest.iter().position(|byte| *byte == STOP)?, 1),
                };
                rest.get(..length + stop)?;
                self.had.push(Had::Words(part, self.at..self.at + length));
                self.at += length + stop;
            }
            Token::Shared(number) => self.had.push(Had::Shared(number)),
            Token::Frame(_) | Token::Own(_) | Token::Again(_) => {}
        }
        Some(token)
    }

    pub(crate) fn skip(&mut self) -> Option<()> {
        self.model.page(&mut self.decoder, None);
        while self.token()? != Token::Own(END) {}
        Some(())
    }

    pub(crate) fn page<'t>(
        &mut self,
        path: &str,
        day: &Day,
        dictionary: &Dictionary,
        shared: impl Fn(u32) -> Option<Option<&'t str>>,
    ) -> Option<Read> {
        self.model.page(&mut self.decoder, None);
        let own = own(&dictionary.host, path, day);
        let mut page: Vec<u8> = Vec::new();
        let mut wanted = Vec::new();
        loop {
            let had = match self.token()? {
                Token::Own(END) => break,
                Token::Own(SYMBOL) => {
                    match core::str::from_utf8(&page).ok().and_then(symbol) {
                        Some(path) => page.extend(path.bytes()),
                        // Without the strings that are still wanted, the address may not be there yet.
                        None if wanted.is_empty() => return None,
                        None => {}
                    }
                    continue;
                }
                Token::Own(LEFT) => {
                    // Of a page that was written before that day came, nothing is left.
                    page.extend(day.left(&page).unwrap_or_default().bytes());
                    continue;
                }
                Token::Own(place) => {
                    page.extend(own.get(usize::try_from(place).ok()?)?.bytes());
                    continue;
                }
                Token::Frame(place) => {
                    page.extend(dictionary.frame.get(usize::try_from(place).ok()?)?.bytes());
                    continue;
                }
                Token::Again(place) => self.had.get(usize::try_from(place).ok()?)?,
                Token::New(_) | Token::Shared(_) => self.had.last()?,
            };
            match had {
                Had::Words(part, range) => page.extend_from_slice(self.words.get(*part)?.get(range.clone())?),
                Had::Shared(number) => match shared(*number)? {
                    Some(text) => page.extend_from_slice(text.as_bytes()),
                    None => wanted.push(*number),
                },
            }
        }
        Some(if wanted.is_empty() { Read::Page(page) } else { Read::Wanted(wanted) })
    }
}

/// A course that is read page by page: it stands before a page of the last group of a chain.
#[derive(Debug)]
pub(crate) struct Reading {
    course: Course,
    next: usize,
}

impl Reading {
    /// Before the first page of the last of these groups, which have these words; each is what the next one goes on from.
    pub(crate) fn begin(chain: &[(&Segment, usize)], words: &[Vec<u8>], dictionary: &Dictionary) -> Option<Self> {
        let (&(last, group), earlier) = chain.split_last()?;
        let (own, before) = words.split_last()?;
        let mut course = Course::new(dictionary);
        for (&(segment, group), words) in earlier.iter().zip(before) {
            for _ in course.enter(segment, group, words)? {
                course.skip()?;
            }
        }
        let next = course.enter(last, group, own)?.start;
        Some(Self { course, next })
    }

    /// Whether the page at a place is still to come.
    pub(crate) const fn is_before(&self, place: usize) -> bool {
        self.next <= place
    }

    /// The page at a place that is still to come. `shared` gives a string by its number, when it is here.
    pub(crate) fn page<'t>(
        &mut self,
        place: usize,
        path: &str,
        day: &Day,
        dictionary: &Dictionary,
        shared: impl Fn(u32) -> Option<Option<&'t str>>,
    ) -> Option<Read> {
        for _ in self.next..place {
            self.course.skip()?;
        }
        self.next = place + 1;
        self.course.page(path, day, dictionary, shared)
    }
}
