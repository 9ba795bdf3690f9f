//! Where pages are: path → segment, place in it, class of headers.
//!
//! A directory holds the paths that begin with its prefix, sorted, each as what it shares with the one before and the
//! rest. A release has several, so that one page does not cost the addresses of a whole city. A release that follows
//! another says in one of its own, an overlay, which pages are elsewhere now, and which are gone.

use crate::bytes::Reader;
#[cfg(any(test, feature = "seal"))]
use crate::bytes::Writer;
#[cfg(any(test, feature = "seal"))]
use crate::dictionary::deflate;
use crate::dictionary::inflate;

/// Where a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let mut out = Writer::default();
        out.size(spots.len());
        let mut before = "";
        for (path, _) in spots {
            let shared = path.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
            out.size(shared);
            out.bytes(path.as_bytes().get(shared..).unwrap_or_default());
            before = path;
        }
        // Numbers by kind: like beside like compresses better.
        for number in [|spot: &Spot| spot.segment + 1, |spot: &Spot| spot.page, |spot: &Spot| spot.class] {
            spots.iter().for_each(|(_, spot)| out.size(spot.as_ref().map_or(0, number)));
        }
        deflate(&out.0)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = inflate(bytes)?;
        let mut input = Reader(&bytes);
        let count = input.size().filter(|count| *count <= bytes.len())?;
        let mut paths: Vec<String> = Vec::with_capacity(count);
        let mut path: Vec<u8> = Vec::new();
        for _ in 0..count {
            let shared = input.size()?;
            if shared > path.len() {
                return None;
            }
            path.truncate(shared);
            path.extend_from_slice(input.bytes()?);
            let text = String::from_utf8(path.clone()).ok()?;
            if paths.last().is_some_and(|before| *before >= text) {
                return None;
            }
            paths.push(text);
        }
        let mut column = || (0..count).map(|_| input.size()).collect::<Option<Vec<usize>>>();
        let (segments, pages, classes) = (column()?, column()?, column()?);
        let spots = segments.into_iter().zip(pages).zip(classes);
        let spots = spots.map(|((segment, page), class)| Some(Spot { segment: segment.checked_sub(1)?, page, class }));
        input.0.is_empty().then(|| Self(paths.into_iter().zip(spots).collect()))
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

#[cfg(test)]
mod tests {
    use super::*;

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
