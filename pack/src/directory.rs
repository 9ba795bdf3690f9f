//! Where pages are: path → segment, place in it, class of headers.
//!
//! A directory holds the paths that begin with its prefix. A release has several, so that one page does not cost the
//! addresses of a whole city. A release that follows another says in one of its own, an overlay, which pages are elsewhere
//! now, and which are gone.
//!
//! Paths stand in the order of their pages, so that where these are says itself: those that are gone, then segment by
//! segment. The address of a code is written as the number of the code: its symbols are drawn at random, and nothing makes
//! them smaller than their bits. All other paths are written as what they share with the one before, and the rest.
//!
//! ```text
//! paths that are gone, paths that are somewhere
//! how many paths in turn are text, then codes, then text …   until that is all of them
//! segments   each as the step from the one before
//! places     the step from the one before in the same segment
//! classes
//! texts      shared lengths · lengths of the rests · the rests
//! ───────    up to here compressed; codes: lowest number · bits · their steps from the lowest number, so many bits each
//! ```

use yima_model::Code;
use yima_model::code::BODIES;

use crate::bytes::Reader;
#[cfg(any(test, feature = "seal"))]
use crate::bytes::Writer;
#[cfg(any(test, feature = "seal"))]
use crate::dictionary::deflate;
use crate::dictionary::inflate;

/// Where a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Place of the segment's object in the manifest.
    pub(crate) segment: usize,
    /// Place of the page in the segment.
    pub(crate) page: usize,
    /// Class of headers.
    pub(crate) class: usize,
}

/// Paths, sorted, with where they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Directory(Vec<(String, Option<Spot>)>);

impl Directory {
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn encode(spots: &[(String, Option<Spot>)]) -> std::io::Result<Vec<u8>> {
        let mut spots: Vec<(&str, Option<Spot>)> = spots.iter().map(|(path, spot)| (path.as_str(), *spot)).collect();
        spots.sort_by_key(|(path, spot)| (spot.map(|spot| (spot.segment, spot.page)), *path));
        let here = || spots.iter().filter_map(|(_, spot)| *spot);
        let mut out = Writer::default();
        out.size(spots.len() - here().count());
        out.size(here().count());
        let names: Vec<Name<'_>> = spots.iter().map(|(path, _)| Name::of(path)).collect();
        let mut code = false;
        for run in names.chunk_by(|a, b| a.is_code() == b.is_code()) {
            if run.first().is_some_and(|name| name.is_code() != code) {
                out.size(0);
                code = !code;
            }
            out.size(run.len());
            code = !code;
        }
        // Numbers by kind: like beside like compresses better.
        let before = || core::iter::once(Spot::default()).chain(here());
        for (spot, before) in here().zip(before()) {
            out.size(spot.segment - before.segment);
        }
        for (spot, before) in here().zip(before()) {
            out.size(if spot.segment == before.segment { spot.page - before.page } else { spot.page });
        }
        here().for_each(|spot| out.size(spot.class));
        let texts: Vec<&str> = names.iter().filter_map(Name::text).collect();
        let shared =
            |(text, before): (&&str, &str)| text.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        let before = core::iter::once("").chain(texts.iter().copied());
        let shared: Vec<usize> = texts.iter().zip(before).map(shared).collect();
        shared.iter().for_each(|shared| out.size(*shared));
        texts.iter().zip(&shared).for_each(|(text, shared)| out.size(text.len() - shared));
        texts.iter().zip(&shared).for_each(|(text, shared)| out.0.extend(text.bytes().skip(*shared)));

        let mut all = Writer::default();
        all.bytes(&deflate(&out.0)?);
        let codes: Vec<u32> = names.iter().filter_map(Name::code).collect();
        let lowest = codes.iter().copied().min().unwrap_or_default();
        let bits = codes.iter().map(|code| u32::BITS - (code - lowest).leading_zeros()).max().unwrap_or_default();
        all.size(lowest as usize);
        all.size(bits as usize);
        let (mut word, mut filled) = (0_u64, 0);
        for code in codes {
            word |= u64::from(code - lowest) << filled;
            filled += bits;
            while filled >= 8 {
                all.0.push((word & 0xFF) as u8);
                (word, filled) = (word >> 8, filled - 8);
            }
        }
        if filled > 0 {
            all.0.push((word & 0xFF) as u8);
        }
        Ok(all.0)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let columns = inflate(input.bytes()?)?;
        let mut codes = Codes::new(input)?;
        let mut input = Reader(&columns);
        let (gone, here) = (input.size()?, input.size()?);
        // Every path has some bytes, or some bits.
        let count = gone.checked_add(here).filter(|count| *count <= columns.len() + 8 * bytes.len())?;
        let mut is_code: Vec<bool> = Vec::new();
        let mut code = false;
        while is_code.len() < count {
            let run = input.size().filter(|run| *run <= count - is_code.len())?;
            is_code.resize(is_code.len() + run, code);
            code = !code;
        }
        let mut column = |count: usize| (0..count).map(|_| input.size()).collect::<Option<Vec<usize>>>();
        let (segments, pages, classes) = (column(here)?, column(here)?, column(here)?);
        let texts = is_code.iter().filter(|code| !**code).count();
        let (shared, rests) = (column(texts)?, column(texts)?);
        let mut texts = shared.into_iter().zip(rests);
        let mut text: Vec<u8> = Vec::new();
        let mut spots = Vec::with_capacity(count);
        let mut at = Spot::default();
        let mut places = segments.into_iter().zip(pages).zip(classes);
        for (number, is_code) in is_code.into_iter().enumerate() {
            let path = if is_code {
                Name::Code(codes.next()?).path()
            } else {
                let (shared, rest) = texts.next().filter(|(shared, _)| *shared <= text.len())?;
                text.truncate(shared);
                text.extend_from_slice(input.take(rest)?);
                Name::Text(core::str::from_utf8(&text).ok()?).path()
            };
            let spot = if number < gone {
                None
            } else {
                let ((segment, page), class) = places.next()?;
                at.page = if segment == 0 { at.page.checked_add(page)? } else { page };
                at.segment = at.segment.checked_add(segment)?;
                at.class = class;
                Some(at)
            };
            spots.push((path, spot));
        }
        spots.sort_by(|a, b| a.0.cmp(&b.0));
        let whole = input.0.is_empty() && codes.is_at_end() && spots.windows(2).all(|pair| pair[0].0 != pair[1].0);
        whole.then_some(Self(spots))
    }

    /// Where a page is: nowhere any more, as `Some(None)`; `None` when this directory does not know it.
    pub(crate) fn find(&self, path: &str) -> Option<Option<Spot>> {
        let place = self.0.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()?;
        self.0.get(place).map(|(_, spot)| *spot)
    }

    /// All that it knows, sorted by path.
    pub(crate) fn spots(&self) -> impl Iterator<Item = (&str, Option<Spot>)> {
        self.0.iter().map(|(path, spot)| (path.as_str(), *spot))
    }

    /// The same, to keep.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn into_spots(self) -> Vec<(String, Option<Spot>)> {
        self.0
    }
}

/// A path as a directory writes it.
enum Name<'p> {
    /// Number of the code of which it is the address.
    Code(u32),
    /// The path, without the name that a folder's page has.
    Text(&'p str),
}

/// What a folder's page is called.
const INDEX: &str = "index.html";

impl<'p> Name<'p> {
    #[cfg(any(test, feature = "seal"))]
    fn of(path: &'p str) -> Self {
        let code = path.strip_prefix("Q/").and_then(|path| Code::parse(path.strip_suffix("/index.html")?).ok());
        let name = code.map(|code| Name::Code(code.body())).filter(|name| name.path() == path);
        let folder = || path.strip_suffix(INDEX).filter(|folder| folder.is_empty() || folder.ends_with('/'));
        name.unwrap_or_else(|| Name::Text(folder().unwrap_or(path)))
    }

    fn path(&self) -> String {
        match self {
            Self::Code(body) => format!("Q/{}/{INDEX}", Code::from_body(*body)),
            Self::Text(text) if text.is_empty() || text.ends_with('/') => format!("{text}{INDEX}"),
            Self::Text(text) => (*text).to_owned(),
        }
    }

    #[cfg(any(test, feature = "seal"))]
    const fn is_code(&self) -> bool {
        matches!(self, Self::Code(_))
    }

    #[cfg(any(test, feature = "seal"))]
    const fn code(&self) -> Option<u32> {
        if let Self::Code(body) = self { Some(*body) } else { None }
    }

    #[cfg(any(test, feature = "seal"))]
    const fn text(&self) -> Option<&'p str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The numbers of codes, as they were packed.
struct Codes<'a> {
    rest: &'a [u8],
    lowest: u32,
    bits: u32,
    word: u64,
    filled: u32,
}

impl<'a> Codes<'a> {
    fn new(mut input: Reader<'a>) -> Option<Self> {
        let (lowest, bits) = (u32::try_from(input.size()?).ok()?, u32::try_from(input.size()?).ok()?);
        (bits <= u32::BITS).then_some(Self { rest: input.0, lowest, bits, word: 0, filled: 0 })
    }

    fn next(&mut self) -> Option<u32> {
        while self.filled < self.bits {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            self.word |= u64::from(byte) << self.filled;
            self.filled += 8;
        }
        let step = self.word & ((1 << self.bits) - 1);
        (self.word, self.filled) = (self.word >> self.bits, self.filled - self.bits);
        self.lowest.checked_add(u32::try_from(step).ok()?).filter(|body| *body < BODIES)
    }

    /// Whether there is nothing behind the last one.
    const fn is_at_end(&self) -> bool {
        self.rest.is_empty() && self.word == 0 && self.filled < 8
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_paths_there_and_back(
            codes in prop::collection::btree_map(0..BODIES, prop::option::of((0_usize..9, 0_usize..900, 0_usize..3)), 0..60),
            texts in prop::collection::btree_map("[a-c/甲]{0,6}(index.html)?", prop::option::of((0_usize..9, 1000_usize..1900, 0_usize..3)), 0..60),
        ) {
            let codes = codes.into_iter().map(|(body, spot)| (Name::Code(body).path(), spot));
            let texts = texts.into_iter().map(|(text, spot)| (Name::of(&text).path(), spot));
            let all: std::collections::BTreeMap<_, _> = codes.chain(texts).collect();
            let spot = |(segment, page, class)| Spot { segment, page, class };
            let spots: Vec<_> = all.into_iter().map(|(path, at)| (path, at.map(spot))).collect();
            let bytes = Directory::encode(&spots).unwrap();
            prop_assert_eq!(Directory::decode(&bytes).map(Directory::into_spots), Some(spots));
        }
    }

    #[test]
    fn paths_there_and_back() {
        let spot = |page| Spot { segment: 300, page, class: 1 };
        let paths = ["Q/01F1VT/index.html", "Q/01F45S/index.html", "policy/甲/index.html"];
        let mut spots: Vec<_> =
            paths.iter().zip(0..).map(|(path, page)| ((*path).to_owned(), Some(spot(page)))).collect();
        spots.push(("policy/甲二/index.html".to_owned(), None));
        let bytes = Directory::encode(&spots).unwrap();
        let directory = Directory::decode(&bytes).unwrap();
        assert_eq!(directory.find("Q/01F45S/index.html"), Some(Some(spot(1))));
        assert_eq!(directory.find("policy/甲二/index.html"), Some(None));
        assert_eq!(directory.find("Q/01F45T/index.html"), None);
        for cut in 0..bytes.len() {
            assert_eq!(Directory::decode(&bytes[..cut]), None, "cut at {cut}");
        }
    }
}
