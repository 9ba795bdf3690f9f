//! Pages read one after the other, and what a group goes on from before them: what it had, what it learned.

use core::ops::Range;

use crate::day::Day;
use crate::dictionary::Dictionary;
use crate::model::{Model, STOP, Token};
use crate::page::{END, LEFT, SYMBOL, own, symbol};
use crate::range::Decoder;
use crate::segment::Segment;

/// Tokens of a group: beyond this the bytes are not what was written.
const MAX_TOKENS: usize = 8 << 20;

/// What came of reading a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The page.
    Page(Vec<u8>),
    /// Strings of these numbers are wanted first.
    Wanted(Vec<u32>),
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
        let (course, pages) = segment.course(group)?;
        self.decoder = Decoder::new(course);
        self.words.push(words.to_vec());
        self.at = 0;
        self.model.go_on();
        Some(pages)
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
