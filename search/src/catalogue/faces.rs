//! Faces ⇄ bytes: what a list shows of neighbouring records, in columns.

use core::ops::Range;

use yima_model::catalogue::{Face, PolicyFace, QuestionFace, Span};
use yima_model::code::BODIES;
use yima_model::validity::{date_of_day_number, day_number};
use yima_model::{Code, Date};

use crate::index::Doc;
use crate::wire::{DecodeError, Format, Reader, Writer};

const FORMAT: Format = Format { magic: *b"\x89YIMAROW", version: 2 };

/// How many records a file holds: what a screen shows of a list lies in two or three files of some ten kilobytes. Larger
/// cities get larger files, not more than [`MOST_FILES`].
pub const FACES_IN_A_FILE: u32 = 128;

/// Most files.
pub const MOST_FILES: u32 = 40;

/// The records of each file, for so many records.
pub fn files(docs: u32) -> impl Iterator<Item = Range<Doc>> {
    let in_a_file = FACES_IN_A_FILE.max(docs.div_ceil(MOST_FILES));
    (0..docs).step_by(in_a_file as usize).map(move |start| start..docs.min(start + in_a_file))
}

/// The bytes of the faces of neighbouring records, policies before questions.
#[must_use]
pub fn encode(first: Doc, faces: &[Face]) -> Vec<u8> {
    let policies = || faces.iter().filter_map(|face| if let Face::Policy(policy) = face { Some(policy) } else { None });
    let questions = || faces.iter().filter_map(|face| if let Face::Question(ask) = face { Some(ask) } else { None });
    let mut out = Writer::default();
    out.varint(first.into());
    out.size(policies().count());
    out.size(questions().count());
    for code in policies().map(|policy| policy.code).chain(questions().map(|question| question.code)) {
        out.varint(code.map_or(0, |code| u64::from(code.body()) + 1));
    }
    for day in faces.iter().map(|face| face.span().first).chain(faces.iter().map(|face| face.span().last)) {
        out.varint(day.map_or(0, |day| u64::from(day_number(day).max(0).unsigned_abs()) + 1));
    }
    out.strings(policies().map(|policy| policy.id.as_str()));
    out.strings(policies().map(|policy| policy.title.as_str()));
    out.strings(policies().map(|policy| policy.short_title.as_str()));
    out.strings(policies().map(|policy| policy.gives.as_str()));
    out.strings(policies().map(|policy| policy.document_number.as_str()));
    out.strings(questions().map(|question| question.id.as_str()));
    out.strings(questions().map(|question| question.question.as_str()));
    out.strings(questions().map(|question| question.short.as_str()));
    FORMAT.seal(&out.0)
}

/// The faces [`encode`] wrote, and the number of the first. Total: whatever the bytes, it answers.
///
/// # Errors
/// [`DecodeError`] says what is wrong.
pub fn decode(bytes: &[u8]) -> Result<(Doc, Vec<Face>), DecodeError> {
    let mut reader = Reader(FORMAT.unseal(bytes)?);
    let first = u32::try_from(reader.varint()?).map_err(|_| DecodeError::Malformed("编号超出范围"))?;
    let policies = reader.count()?;
    let questions = reader.count()?;
    let limit = usize::try_from(BODIES).unwrap_or(usize::MAX).saturating_add(1);
    let codes = reader.numbers(policies.saturating_add(questions), limit)?;
    let code = |code: usize| code.checked_sub(1).and_then(|body| u32::try_from(body).ok()).map(Code::from_body);
    let mut codes = codes.into_iter().map(code);
    let firsts = days(&mut reader, policies + questions)?;
    let mut spans =
        firsts.into_iter().zip(days(&mut reader, policies + questions)?).map(|(first, last)| Span { first, last });
    let mut faces = Vec::with_capacity(policies + questions);
    let columns = [(); 5].map(|()| reader.strings(policies));
    let [ids, titles, short_titles, gives, numbers] = columns;
    let columns = ids?.into_iter().zip(titles?).zip(short_titles?).zip(gives?).zip(numbers?);
    for ((((id, title), short_title), gives), document_number) in columns {
        let (code, span) = (codes.next().flatten(), spans.next().unwrap_or_default());
        faces.push(Face::Policy(PolicyFace { id, code, title, short_title, gives, document_number, span }));
    }
    let [ids, texts, shorts] = [(); 3].map(|()| reader.strings(questions));
    for ((id, question), short) in ids?.into_iter().zip(texts?).zip(shorts?) {
        let (code, span) = (codes.next().flatten(), spans.next().unwrap_or_default());
        faces.push(Face::Question(QuestionFace { id, code, question, short, span }));
    }
    if reader.is_empty() { Ok((first, faces)) } else { Err(DecodeError::Malformed("有一节重复或过长")) }
}

/// Days, each none or the number of days since 1970.
fn days(reader: &mut Reader<'_>, count: usize) -> Result<Vec<Option<Date>>, DecodeError> {
    let mut days = Vec::with_capacity(count);
    for _ in 0..count {
        let Some(number) = reader.varint()?.checked_sub(1) else {
            days.push(None);
            continue;
        };
        let day = i32::try_from(number).ok().and_then(date_of_day_number);
        days.push(Some(day.ok_or(DecodeError::Malformed("日期超出范围"))?));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn span() -> impl Strategy<Value = Span> {
        let day = || proptest::option::of((0..60_000).prop_map(|number| date_of_day_number(number).unwrap()));
        (day(), day()).prop_map(|(first, last)| Span { first, last })
    }

    fn faces() -> impl Strategy<Value = Vec<Face>> {
        let policy =
            ("[a-z0-9-]{1,12}", "\\PC{0,20}", "\\PC{0,8}", "\\PC{0,12}", "\\PC{0,12}", proptest::option::of(0..BODIES));
        let policy = (policy, span()).prop_map(|((id, title, short_title, gives, document_number, code), span)| {
            let code = code.map(Code::from_body);
            Face::Policy(PolicyFace { id, code, title, short_title, gives, document_number, span })
        });
        let question = ("[a-z0-9-]{1,12}", "\\PC{0,20}", "\\PC{0,8}", proptest::option::of(0..BODIES));
        let question = (question, span()).prop_map(|((id, question, short, code), span)| {
            Face::Question(QuestionFace { id, code: code.map(Code::from_body), question, short, span })
        });
        (vec(policy, 0..5), vec(question, 0..5)).prop_map(|(policies, questions)| [policies, questions].concat())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(first in 0_u32..1 << 20, faces in faces()) {
            let bytes = encode(first, &faces);
            prop_assert_eq!(decode(&bytes), Ok((first, faces)));
            for length in 0..bytes.len() {
                prop_assert!(decode(&bytes[..length]).is_err());
            }
        }

        #[test]
        fn random_payloads_are_answered(bytes in vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
            let _ = decode(&FORMAT.seal(&bytes));
        }
    }

    #[test]
    fn files_lie_side_by_side() {
        let ranges: Vec<Range<Doc>> = files(300).collect();
        assert_eq!(ranges, [0..128, 128..256, 256..300]);
        assert_eq!(files(0).count(), 0);
        assert_eq!(files(48_000).count(), 40);
    }
}
