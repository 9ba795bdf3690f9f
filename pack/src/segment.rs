//! The pages of some groups: for each group how its pages go, and its words.
//!
//! ```text
//! count of groups · per group: pages, bytes of its course, bytes of its words, how long these are and whether they
//! are no text, where it began · the courses · the words
//! ```
//!
//! A group may go on where one of an older segment ended: whoever reads it has read that one first, and what it had and
//! learned is had and learned. So a release that follows another says of a page that changed only what changed.

use crate::alphabet::Alphabet;
use crate::bytes::Reader;
use crate::day::Day;
use crate::dictionary::{Dictionary, inflate};
use crate::model::{Model, STOP, Token};
use crate::page::{END, LEFT, SYMBOL, own, symbol};
use crate::range::Decoder;
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
    course: core::ops::Range<usize>,
    /// Where its words are among the words.
    words: core::ops::Range<usize>,
    /// How many bytes its words are once read.
    length: usize,
    /// Whether they are no text.
    plain: bool,
    /// What it goes on from.
    before: Option<Before>,
}

/// A group of an older segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        let (mut groups, mut first, mut course, mut word) = (Vec::new(), 0_usize, 0_usize, 0_usize);
        for _ in 0..count {
            let pages = input.size()?;
            let (course_end, word_end) = (course.checked_add(input.size()?)?, word.checked_add(input.size()?)?);
            let length = input.size()?;
            let (length, plain) = (length >> 1, length & 1 == 1);
            if length > MAX_WORDS {
                return None;
            }
            let before = match input.size()? {
                0 => None,
                segment => Some(Before { segment: segment - 1, group: input.size()? }),
            };
            groups.push(Group {
                first,
                pages,
                course: course..course_end,
                words: word..word_end,
                length,
                plain,
                before,
            });
            (first, course, word) = (first.checked_add(pages)?, course_end, word_end);
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

/// The page at a place of the last of these segments, whose groups have these words; each is what the next one goes on
/// from. `shared` gives a string by its number, when it is here.
pub(crate) fn page<'t>(
    chain: &[(&Segment, usize)],
    words: &[Vec<u8>],
    place: usize,
    path: &str,
    day: &Day,
    dictionary: &Dictionary,
    shared: impl Fn(u32) -> Option<Option<&'t str>>,
) -> Option<Read> {
    let (&(last, group), earlier) = chain.split_last()?;
    let (own, before) = words.split_last()?;
    let mut course = Course::new(dictionary);
    for (&(segment, group), words) in earlier.iter().zip(before) {
        for _ in course.enter(segment, group, words)? {
            course.skip()?;
        }
    }
    let pages = course.enter(last, group, own)?;
    for _ in pages.start..place {
        course.skip()?;
    }
    course.page(path, day, shared)
}

/// A string that a group has had.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Had<'a> {
    Words(&'a [u8]),
    Shared(u32),
}

/// Reads the pages of a group one after the other, and those of the groups that go on from it.
pub(crate) struct Course<'a> {
    dictionary: &'a Dictionary,
    pub(crate) model: Model<'a>,
    decoder: Decoder<'a>,
    words: &'a [u8],
    pub(crate) had: Vec<Had<'a>>,
    tokens: usize,
}

impl<'a> Course<'a> {
    pub(crate) fn new(dictionary: &'a Dictionary) -> Self {
        let (model, decoder) = (Model::new(Some(&dictionary.learned)), Decoder::new(&[]));
        Self { dictionary, model, decoder, words: &[], had: Vec::new(), tokens: 0 }
    }

    /// Goes on with a group that has these words; the places of its pages.
    pub(crate) fn enter(
        &mut self,
        segment: &'a Segment,
        group: usize,
        words: &'a [u8],
    ) -> Option<core::ops::Range<usize>> {
        let group = segment.groups.get(group)?;
        self.decoder = Decoder::new(segment.courses.get(group.course.clone())?);
        self.words = words;
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
                let (end, stop) = match length {
                    Some(length) => (usize::try_from(length).ok()?, 0),
                    None => (self.words.iter().position(|byte| *byte == STOP)?, 1),
                };
                let (words, rest) = self.words.split_at_checked(end)?;
                self.words = rest.get(stop..)?;
                self.had.push(Had::Words(words));
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
        shared: impl Fn(u32) -> Option<Option<&'t str>>,
    ) -> Option<Read> {
        self.model.page(&mut self.decoder, None);
        let own = own(&self.dictionary.host, path, day);
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
                    page.extend(self.dictionary.frame.get(usize::try_from(place).ok()?)?.bytes());
                    continue;
                }
                Token::Again(place) => *self.had.get(usize::try_from(place).ok()?)?,
                Token::New(_) | Token::Shared(_) => *self.had.last()?,
            };
            match had {
                Had::Words(words) => page.extend_from_slice(words),
                Had::Shared(number) => match shared(number)? {
                    Some(text) => page.extend_from_slice(text.as_bytes()),
                    None => wanted.push(number),
                },
            }
        }
        Some(if wanted.is_empty() { Read::Page(page) } else { Read::Wanted(wanted) })
    }
}
