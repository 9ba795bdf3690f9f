//! The pages of a group as tokens, and the tokens as bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::examples::Examples;
use super::strings::{Had, Known, Strings};
use crate::alphabet::Alphabet;
use crate::day::Day;
use crate::dictionary::deflate;
use crate::model::{Learned, Model, STOP, Token};
use crate::page::{DAY, END, LEFT, SYMBOL, cut, own, passages, symbol};
use crate::range::Encoder;
use crate::table;
use crate::text::Text;

/// What a path of dark modules begins with.
const PATH: &str = "M4 4.5h";

/// Where names stand before what is said of them.
const SEPARATORS: [&str; 2] = ["：", " - "];

/// Longer texts are not looked through for names.
const NAME_IN: usize = 300;

/// A group, encoded.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) course: Vec<u8>,
    pub(super) pages: usize,
    /// Its words; after [`Group::fold`] as they travel.
    pub(super) words: Vec<u8>,
    /// How many bytes its words are.
    pub(super) length: usize,
    /// Whether some of them are no text.
    pub(super) plain: bool,
    /// Numbers of the shared strings it names.
    pub(super) shared: Vec<u32>,
}

impl Group {
    /// The tables whose strings it names.
    pub(super) fn tables(&self) -> BTreeSet<usize> {
        self.shared.iter().map(|number| *number as usize / table::STRINGS).collect()
    }

    /// Writes its words as they travel. `text` has read the words of what the group goes on from.
    pub(super) fn fold(&mut self, alphabet: &Alphabet, mut text: Text) -> std::io::Result<()> {
        self.length = self.words.len();
        self.words = if self.plain { deflate(&self.words)? } else { text.write(alphabet, &self.words) };
        Ok(())
    }
}

/// Turns pages into tokens and keeps what the group has had.
struct Writer<'a> {
    strings: &'a Strings,
    host: &'a str,
    day: &'a Day,
    /// What passages stand between.
    marks: &'a [[String; 2]],
    had: Had<'a>,
    count: u32,
    group: Group,
}

impl<'a> Writer<'a> {
    fn new(site: &Site<'a>) -> Self {
        let Site { strings, host, day, marks } = *site;
        Self { strings, host, day, marks, had: Had::default(), count: 0, group: Group::default() }
    }

    fn token(&mut self, string: &'a str) -> Token {
        if let Some(Known::Frame(number)) = self.strings.known(string) {
            return Token::Frame(number);
        }
        if let Some(number) = self.had.get(string) {
            return Token::Again(number);
        }
        self.had.put(string, self.count);
        self.count += 1;
        if let Some(Known::Shared(number)) = self.strings.known(string) {
            self.group.shared.push(number);
            return Token::Shared(number);
        }
        self.group.words.extend_from_slice(string.as_bytes());
        self.group.words.push(STOP);
        Token::New(None)
    }

    fn is_known(&self, string: &str) -> bool {
        self.had.get(string).is_some() || self.strings.known(string).is_some()
    }

    /// The tokens of a page, with phrases for runs of the frame.
    fn page(&mut self, path: &str, page: &'a str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut run = Vec::new();
        for token in self.pieces(path, page) {
            if let Token::Frame(number) = token {
                run.push(number);
                continue;
            }
            tokens.extend(self.strings.phrases(&run).map(Token::Frame));
            run.clear();
            tokens.push(token);
        }
        tokens
    }

    /// The tokens of a page, one for each piece. The last one is no string of the frame.
    fn pieces(&mut self, path: &str, page: &'a str) -> Vec<Token> {
        let own = own(self.host, path, self.day);
        let mut tokens = Vec::new();
        let mut done = 0;
        let parts = passages(page, self.marks).flat_map(|(is_passage, part)| {
            let whole = is_passage && self.strings.known(part).is_some();
            let kind = |is_day| if is_day { Kind::Day } else { Kind::Piece };
            let pieces = (!whole).then(|| cut(part, self.day).map(move |(is_day, piece)| (kind(is_day), piece)));
            whole.then_some((Kind::Passage, part)).into_iter().chain(pieces.into_iter().flatten())
        });
        let parts: Vec<(Kind, &'a str)> = parts.collect();
        for (kind, piece) in parts {
            let start = done;
            done += piece.len();
            if let Some(way) = (0..).zip(&self.day.written).find(|(_, way)| kind == Kind::Day && *way == piece) {
                tokens.push(Token::Own(DAY + way.0));
            } else if piece.starts_with(PATH) && page.get(..start).and_then(symbol).as_deref() == Some(piece) {
                tokens.push(Token::Own(SYMBOL));
            } else if self.day.left(page.as_bytes().get(..start).unwrap_or_default()).as_deref() == Some(piece) {
                tokens.push(Token::Own(LEFT));
            } else if kind == Kind::Passage
                || matches!(self.strings.known(piece), Some(Known::Frame(_)))
                || self.had.get(piece).is_some()
            {
                let token = self.token(piece);
                tokens.push(token);
            } else {
                self.split(piece, &own, &mut tokens);
            }
        }
        tokens.push(Token::Own(END));
        tokens
    }

    /// A string that nobody knows as a whole may hold one that the page knows of itself, or a name.
    fn split(&mut self, piece: &'a str, own: &[String; 8], tokens: &mut Vec<Token>) {
        let inside = own.iter().zip(0..DAY).find_map(|(own, place)| {
            let at = if own.len() < 4 { None } else { piece.find(own.as_str()) }?;
            Some((at, own.len(), place))
        });
        if let Some((at, length, place)) = inside {
            let (before, rest) = piece.split_at(at);
            let after = rest.get(length..).unwrap_or_default();
            self.rest(before, tokens);
            tokens.push(Token::Own(place));
            self.rest(after, tokens);
            return;
        }
        if piece.len() <= NAME_IN {
            for separator in SEPARATORS {
                let Some((name, after)) = piece.split_once(separator) else { continue };
                if !name.is_empty() && self.is_known(name) {
                    let between = piece.get(name.len()..piece.len() - after.len()).unwrap_or_default();
                    for part in [name, between] {
                        let token = self.token(part);
                        tokens.push(token);
                    }
                    self.rest(after, tokens);
                    return;
                }
            }
        }
        let token = self.token(piece);
        tokens.push(token);
    }

    fn rest(&mut self, piece: &'a str, tokens: &mut Vec<Token>) {
        if !piece.is_empty() {
            let token = self.token(piece);
            tokens.push(token);
        }
    }
}

/// What a part of a page is before it is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A passage that is known as a whole.
    Passage,
    /// The day of the site.
    Day,
    /// What stands between marks.
    Piece,
}

/// What a group goes on from: what was learned, and the strings that were had.
pub(super) struct Start<'a> {
    pub(super) model: Model,
    /// None where the bytes are no text.
    pub(super) had: Vec<Option<&'a str>>,
    /// Segment and place of every page that there was, in order.
    pub(super) pages: Vec<(usize, usize)>,
}

impl<'a> Start<'a> {
    /// Of a group that goes on from nothing.
    pub(super) fn new(learned: &Arc<Learned>) -> Self {
        Self { model: Model::new(Some(learned)), had: Vec::new(), pages: Vec::new() }
    }
}

/// A page to encode.
pub(super) struct Page<'a> {
    pub(super) path: &'a str,
    /// Its text, or bytes that are no text and so one string.
    pub(super) text: Result<&'a str, &'a [u8]>,
    /// The page that it was before, among those of the group.
    pub(super) before: Option<usize>,
}

/// What a page is written with.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) strings: &'a Strings,
    pub(super) host: &'a str,
    pub(super) day: &'a Day,
    /// What passages stand between.
    pub(super) marks: &'a [[String; 2]],
}

/// Encodes the pages of a group.
pub(super) fn group<'a>(site: &Site<'a>, start: Start<'a>, pages: &[Page<'a>]) -> Group {
    let mut writer = Writer::new(site);
    for had in start.had {
        if let Some(string) = had {
            writer.had.put(string, writer.count);
        }
        writer.count += 1;
    }
    let mut model = start.model;
    model.go_on();
    let mut encoder = Encoder::new();
    for Page { path, text, before } in pages {
        let tokens = match text {
            Ok(text) => writer.page(path, text),
            Err(bytes) => {
                writer.group.words.extend_from_slice(bytes);
                writer.count += 1;
                writer.group.plain = true;
                vec![Token::New(Some(u32::try_from(bytes.len()).unwrap_or(u32::MAX))), Token::Own(END)]
            }
        };
        model.page(&mut encoder, *before);
        for token in tokens {
            model.token(&mut encoder, token);
        }
    }
    let mut group = writer.group;
    group.course = encoder.finish();
    group.pages = pages.len();
    group
}

/// Runs of strings of the frame on the example pages, and how often each came.
pub(super) fn runs(site: &Site<'_>, examples: &Examples) -> BTreeMap<Vec<u32>, u64> {
    let mut runs = BTreeMap::new();
    for pages in &examples.pages {
        let mut writer = Writer::new(site);
        for (path, page) in pages {
            let mut run = Vec::new();
            for token in writer.pieces(path, page) {
                if let Token::Frame(number) = token {
                    run.push(number);
                } else if !run.is_empty() {
                    *runs.entry(std::mem::take(&mut run)).or_insert(0) += 1;
                }
            }
        }
    }
    runs
}

/// The examples as a reader of the dictionary learns them: `how many pages, how many groups, how many pages of each, all
/// these pages`. Of words, the pages say only that there are some; the groups, which of their own they are.
pub(super) fn examples(site: &Site<'_>, examples: &Examples) -> Vec<u8> {
    let mut model = Model::new(None);
    let mut encoder = Encoder::new();
    let pages = examples.pages.iter().map(|pages| (false, pages));
    for (is_group, pages) in pages.chain(examples.groups.iter().map(|pages| (true, pages))) {
        if is_group {
            model.example();
        }
        let mut writer = Writer::new(site);
        let had = model.had();
        for (path, page) in pages {
            model.page(&mut encoder, None);
            for token in writer.page(path, page) {
                let told = match token {
                    Token::New(_) => Token::New(None),
                    Token::Shared(_) => Token::Shared(model.next_shared()),
                    Token::Again(_) if is_group => token,
                    // What this page has said is named, whatever it was.
                    Token::Again(number) if model.has_said(Token::Again(had + number)) => Token::Again(had + number),
                    Token::Again(_) => Token::Again(model.next_again()),
                    other => other,
                };
                model.token(&mut encoder, told);
            }
        }
    }
    let mut out = crate::bytes::Writer::default();
    out.size(examples.pages.iter().map(Vec::len).sum());
    out.size(examples.groups.len());
    examples.groups.iter().for_each(|pages| out.size(pages.len()));
    out.bytes(&encoder.finish());
    out.0
}
