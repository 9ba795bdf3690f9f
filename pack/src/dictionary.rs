//! What all pages of a release share: the strings of their frames, what comes after what, and a dictionary for texts.

use ruzstd::decoding::{Dictionary as TextDictionary, FrameDecoder};

use crate::bytes::Reader;
use crate::model::{FRAME_BITS, Learned, Model, Token};
use crate::page::END;
use crate::range::Decoder;

/// A text of a segment or a table is at most so long.
const MAX_TEXT: usize = 64 << 20;

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
    pub(crate) learned: Learned,
    /// For the texts.
    pub(crate) texts: Vec<u8>,
}

impl Dictionary {
    /// Reads `host, frame strings, example pages, text dictionary`.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let host = string(input.bytes()?)?;
        let frame = inflate(input.bytes()?, &[])?;
        let mut strings = Reader(&frame);
        let mut frame = Vec::new();
        while !strings.0.is_empty() && frame.len() < 1 << FRAME_BITS {
            frame.push(string(strings.bytes()?)?);
        }
        let examples = input.size().filter(|count| *count <= MAX_EXAMPLES)?;
        let mut decoder = Decoder::new(input.bytes()?);
        let mut model = Model::new(None);
        let mut tokens = 0;
        for _ in 0..examples {
            model.page(&mut decoder, None);
            while model.token(&mut decoder, Token::Own(END)) != Token::Own(END) {
                tokens += 1;
                if tokens > MAX_TOKENS || decoder.is_lost() {
                    return None;
                }
            }
        }
        let texts = input.bytes()?.to_vec();
        input.0.is_empty().then(|| Self { host, frame, learned: model.into_learned(), texts })
    }

    /// A text that was compressed with this dictionary.
    pub(crate) fn inflate(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        inflate(bytes, &self.texts)
    }
}

fn string(bytes: &[u8]) -> Option<String> {
    core::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// `length, Zstandard frame`.
pub(crate) fn inflate(bytes: &[u8], dictionary: &[u8]) -> Option<Vec<u8>> {
    let mut input = Reader(bytes);
    let length = input.size().filter(|length| *length <= MAX_TEXT)?;
    if length == 0 {
        return Some(Vec::new());
    }
    let mut decoder = FrameDecoder::new();
    if !dictionary.is_empty() {
        decoder.add_dict(TextDictionary::decode_dict(dictionary).ok()?).ok()?;
    }
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
pub(crate) fn deflate(text: &[u8], dictionary: &[u8], level: i32) -> std::io::Result<Vec<u8>> {
    let mut out = crate::bytes::Writer::default();
    out.size(text.len());
    if !text.is_empty() {
        let mut compressor = zstd::bulk::Compressor::with_dictionary(level, dictionary)?;
        compressor.set_parameter(zstd::zstd_safe::CParameter::ContentSizeFlag(false))?;
        compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(false))?;
        out.0.extend(compressor.compress(text)?);
    }
    Ok(out.0)
}
