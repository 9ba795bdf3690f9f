//! What all pages of a release share: the strings of their frames, what comes after what, and what texts begin from.

use std::sync::Arc;

use ruzstd::decoding::FrameDecoder;

use crate::alphabet::{Alphabet, LETTERS};
use crate::bytes::Reader;
use crate::model::{FRAME_BITS, Learned, Model, Token};
use crate::page::END;
use crate::range::Decoder;
use crate::text::Text;

/// A text is at most so long.
const MAX_TEXT: usize = 64 << 20;

/// How hard lists of strings and numbers are compressed.
#[cfg(any(test, feature = "seal"))]
const LEVEL: i32 = 19;

/// Pages that a dictionary may have as examples.
const MAX_EXAMPLES: usize = 10_000;

/// Tokens of all examples.
const MAX_TOKENS: usize = 4 << 20;

/// What all pages of a release share.
#[derive(Debug)]
pub(crate) struct Dictionary {
    /// Host of the site.
    pub(crate) host: String,
    /// Strings of the frames.
    pub(crate) frame: Vec<String>,
    /// What comes after what.
    pub(crate) learned: Arc<Learned>,
    /// The letters of all texts.
    pub(crate) alphabet: Alphabet,
    /// What all texts begin from.
    pub(crate) text: Text,
}

impl Dictionary {
    /// The same with other names in the frames, wherever they stand.
    pub(crate) fn renamed(mut self, renamed: &[(String, String)]) -> Self {
        for (was, is) in renamed {
            for string in self.frame.iter_mut().filter(|string| string.contains(was.as_str())) {
                *string = string.replace(was.as_str(), is);
            }
        }
        self
    }

    /// Reads `host, frame strings, how many pages are examples, how many groups, how many pages each of these has, all these
    /// pages, letters, length of the common text, common text`.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let host = string(input.bytes()?)?;
        let frame = inflate(input.bytes()?)?;
        let mut strings = Reader(&frame);
        let mut frame = Vec::new();
        while !strings.0.is_empty() && frame.len() < 1 << FRAME_BITS {
            frame.push(string(strings.bytes()?)?);
        }
        let pages = input.size()?;
        let count = input.size().filter(|count| *count <= MAX_EXAMPLES)?;
        let groups = (0..count).map(|_| input.size()).collect::<Option<Vec<_>>>()?;
        let all = groups.iter().try_fold(pages, |all, pages| all.checked_add(*pages));
        all.filter(|all| *all <= MAX_EXAMPLES)?;
        let learned = Arc::new(examples(pages, &groups, Decoder::new(input.bytes()?))?);
        let letters = inflate(input.bytes()?)?;
        let (mut rest, mut letters) = (Reader(&letters), Vec::new());
        while !rest.0.is_empty() && letters.len() < LETTERS {
            letters.push(u32::try_from(rest.size()?).ok()?);
        }
        let alphabet = Alphabet::new(letters);
        let length = input.size().filter(|length| *length <= MAX_TEXT)?;
        let mut text = Text::new(&alphabet, length);
        text.read(&alphabet, input.bytes()?, length)?;
        input.0.is_empty().then_some(Self { host, frame, learned, alphabet, text })
    }

    /// A text that stands for itself: `length, letters`.
    pub(crate) fn words(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut input = Reader(bytes);
        let length = input.size().filter(|length| *length <= MAX_TEXT)?;
        self.text.clone().read(&self.alphabet, input.0, length)
    }

    /// The reverse of [`Dictionary::words`].
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn of_words(&self, words: &[u8]) -> Vec<u8> {
        let mut out = crate::bytes::Writer::default();
        out.size(words.len());
        out.0.extend(self.text.clone().write(&self.alphabet, words));
        out.0
    }
}

/// Learns from so many pages, and from groups of so many pages.
fn examples(pages: usize, groups: &[usize], mut decoder: Decoder) -> Option<Learned> {
    let mut model = Model::new(None);
    let mut tokens = 0;
    let mut learn = |model: &mut Model, pages: usize| {
        for _ in 0..pages {
            model.page(&mut decoder, None);
            while model.token(&mut decoder, Token::Own(END)) != Token::Own(END) {
                tokens += 1;
                if tokens > MAX_TOKENS || decoder.is_lost() {
                    return None;
                }
            }
        }
        Some(())
    };
    learn(&mut model, pages)?;
    for pages in groups {
        model.example();
        learn(&mut model, *pages)?;
    }
    Some(model.into_learned())
}

fn string(bytes: &[u8]) -> Option<String> {
    core::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// `length, Zstandard frame`.
pub(crate) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut input = Reader(bytes);
    let length = input.size().filter(|length| *length <= MAX_TEXT)?;
    if length == 0 {
        return Some(Vec::new());
    }
    let mut decoder = FrameDecoder::new();
    // A frame cannot hold more than some thousand times its bytes; what says so is not believed.
    if length / 40_000 > input.0.len() {
        return None;
    }
    let mut text = vec![0; length];
    let read = decoder.decode_all(input.0, &mut text).ok()?;
    (read == length).then_some(text)
}

/// The reverse of [`inflate`].
#[cfg(any(test, feature = "seal"))]
pub(crate) fn deflate(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = crate::bytes::Writer::default();
    out.size(text.len());
    if !text.is_empty() {
        let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
        compressor.set_parameter(zstd::zstd_safe::CParameter::ContentSizeFlag(false))?;
        compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(false))?;
        out.0.extend(compressor.compress(text)?);
    }
    Ok(out.0)
}
