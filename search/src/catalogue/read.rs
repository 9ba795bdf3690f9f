//! Bytes → catalogue. Total: every way to be wrong is an error, none a panic.

use yima_model::catalogue::{Catalogue, PolicyRow, QuestionRow, Tables, Value, ValueIx};
use yima_model::record::Level;
use yima_model::validity::{date_of_day_number, day_number};
use yima_model::{Date, Lifespan};

use super::{FORMAT, Section};
use crate::wire::{DecodeError, Reader};

type Result<T> = core::result::Result<T, DecodeError>;

/// The catalogue that [`encode`](super::encode) wrote.
///
/// # Errors
/// [`DecodeError`] says what is wrong, in the order in which it is looked for: magic, version, length, checksum,
/// content.
pub fn decode(bytes: &[u8]) -> Result<Catalogue> {
    payload(FORMAT.unseal(bytes)?)
}

fn payload(bytes: &[u8]) -> Result<Catalogue> {
    let mut file = Reader(bytes);
    let (mut head_seen, mut policies_seen, mut questions_seen) = (None, None, None);
    while !file.is_empty() {
        let kind = file.byte()?;
        let length = file.count()?;
        let mut body = Reader(file.take(length)?);
        let Some(section) = Section::from_byte(kind) else { continue };
        let repeated = match section {
            Section::Head => head_seen.replace(head(&mut body)?).is_some(),
            Section::Policies => {
                let catalogue = head_seen.as_ref().ok_or(DecodeError::Malformed("缺少首节"))?;
                policies_seen.replace(policies(&mut body, &catalogue.tables)?).is_some()
            }
            Section::Questions => {
                let catalogue = head_seen.as_ref().ok_or(DecodeError::Malformed("缺少首节"))?;
                let bound_to = policies_seen.as_ref().map_or(0, Vec::len);
                questions_seen.replace(questions(&mut body, &catalogue.tables, bound_to)?).is_some()
            }
        };
        if repeated || !body.is_empty() {
            return Err(DecodeError::Malformed("有一节重复或过长"));
        }
    }
    let mut catalogue = head_seen.ok_or(DecodeError::Malformed("缺少首节"))?;
    catalogue.policies = policies_seen.unwrap_or_default();
    catalogue.questions = questions_seen.unwrap_or_default();
    Ok(catalogue)
}

fn head(body: &mut Reader<'_>) -> Result<Catalogue> {
    let built = date(body.signed()?)?;
    let expiring_days = u16::try_from(body.varint()?).map_err(|_| DecodeError::Malformed("天数超出范围"))?;
    let tables = Tables {
        themes: values(body)?,
        audiences: values(body)?,
        districts: values(body)?,
        departments: values(body)?,
        genres: values(body)?,
        sectors: values(body)?,
    };
    Ok(Catalogue { built, expiring_days, tables, policies: Vec::new(), questions: Vec::new() })
}

fn values(body: &mut Reader<'_>) -> Result<Vec<Value>> {
    let count = body.count()?;
    let columns = body.strings(count)?.into_iter().zip(body.strings(count)?).zip(body.strings(count)?);
    Ok(columns.map(|((id, name), group)| Value { id, name, group }).collect())
}

fn policies(body: &mut Reader<'_>, tables: &Tables) -> Result<Vec<PolicyRow>> {
    let count = body.count()?;
    let mut departments = lists(body, count, tables.departments.len())?.into_iter();
    let mut themes = lists(body, count, tables.themes.len())?.into_iter();
    let mut audiences = lists(body, count, tables.audiences.len())?.into_iter();
    let mut districts = lists(body, count, tables.districts.len())?.into_iter();
    let mut sectors = lists(body, count, tables.sectors.len())?.into_iter();
    let mut genres = optional_numbers(body, count, tables.genres.len())?.into_iter();
    let mut levels = body.numbers(count, Level::ALL.len())?.into_iter().map(|ix| Level::ALL.get(ix).copied());
    let mut routine = body.numbers(count, 2)?.into_iter();
    let published = dates(body, count)?;
    let effective = dates_from(body, &published)?;
    let expires = optional_dates(body, &effective)?;
    let repealed = optional_dates(body, &effective)?;
    let amended = optional_dates(body, &effective)?;

    let days = published.into_iter().zip(effective).zip(expires).zip(repealed).zip(amended);
    days.map(|((((published, effective), expires), repealed), amended)| {
        Some(PolicyRow {
            departments: departments.next()?,
            themes: themes.next()?,
            audiences: audiences.next()?,
            districts: districts.next()?,
            sectors: sectors.next()?,
            genre: value(genres.next()?),
            level: levels.next()??,
            routine: routine.next()? == 1,
            published,
            lifespan: Lifespan { effective, expires, repealed, amended },
        })
    })
    .collect::<Option<_>>()
    .ok_or(DecodeError::Malformed("各列条数不一"))
}

fn questions(body: &mut Reader<'_>, tables: &Tables, bound_to: usize) -> Result<Vec<QuestionRow>> {
    let count = body.count()?;
    let mut themes = optional_numbers(body, count, tables.themes.len())?.into_iter();
    let mut departments = optional_numbers(body, count, tables.departments.len())?.into_iter();
    let mut audiences = lists(body, count, tables.audiences.len())?.into_iter();
    let mut districts = lists(body, count, tables.districts.len())?.into_iter();
    let mut policies = lists(body, count, bound_to)?.into_iter();
    let checked = dates(body, count)?;
    let expires = optional_dates(body, &checked)?;

    let days = checked.into_iter().zip(expires);
    days.map(|(checked, expires)| {
        Some(QuestionRow {
            theme: value(themes.next()?),
            department: value(departments.next()?),
            audiences: audiences.next()?,
            districts: districts.next()?,
            policies: policies.next()?,
            checked,
            expires,
        })
    })
    .collect::<Option<_>>()
    .ok_or(DecodeError::Malformed("各列条数不一"))
}

fn total(lengths: &[usize]) -> Result<usize> {
    let sum = lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length));
    sum.ok_or(DecodeError::Malformed("条数超出文件"))
}

/// Lists of positions, each below `limit`.
fn lists<N: TryFrom<usize>>(body: &mut Reader<'_>, count: usize, limit: usize) -> Result<Vec<Vec<N>>> {
    let lengths = body.numbers(count, usize::MAX)?;
    let mut numbers = body.numbers(total(&lengths)?, limit)?.into_iter().filter_map(|number| N::try_from(number).ok());
    Ok(lengths.into_iter().map(|length| numbers.by_ref().take(length).collect()).collect())
}

fn optional_numbers(body: &mut Reader<'_>, count: usize, limit: usize) -> Result<Vec<Option<usize>>> {
    let numbers = body.numbers(count, limit.saturating_add(1))?;
    Ok(numbers.into_iter().map(|number| number.checked_sub(1)).collect())
}

fn value(position: Option<usize>) -> Option<ValueIx> {
    position.and_then(|position| ValueIx::try_from(position).ok())
}

fn date(day: i64) -> Result<Date> {
    i32::try_from(day).ok().and_then(date_of_day_number).ok_or(DecodeError::Malformed("日期超出范围"))
}

fn date_after(from: Date, distance: i64) -> Result<Date> {
    date(i64::from(day_number(from)).saturating_add(distance))
}

fn dates(body: &mut Reader<'_>, count: usize) -> Result<Vec<Date>> {
    let mut dates = Vec::with_capacity(count);
    let mut last = 0_i64;
    for _ in 0..count {
        last = last.saturating_add(body.signed()?);
        dates.push(date(last)?);
    }
    Ok(dates)
}

fn dates_from(body: &mut Reader<'_>, from: &[Date]) -> Result<Vec<Date>> {
    from.iter().map(|&from| date_after(from, body.signed()?)).collect()
}

fn optional_dates(body: &mut Reader<'_>, from: &[Date]) -> Result<Vec<Option<Date>>> {
    from.iter()
        .map(|&from| match body.varint()?.checked_sub(1) {
            None => Ok(None),
            Some(zigzag) => {
                let distance = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
                date_after(from, distance).map(Some)
            }
        })
        .collect()
}
