//! Catalogue → bytes.

use yima_model::Date;
use yima_model::catalogue::{Catalogue, PolicyRow, QuestionRow, Value};
use yima_model::record::Level;
use yima_model::validity::day_number;

use super::{FORMAT, Section};
use crate::wire::Writer;

/// The bytes of a catalogue. The same catalogue gives the same bytes.
#[must_use]
pub fn encode(catalogue: &Catalogue) -> Vec<u8> {
    let mut payload = Writer::default();
    for section in Section::ALL {
        let mut body = Writer::default();
        match section {
            Section::Head => head(&mut body, catalogue),
            Section::Policies => policies(&mut body, &catalogue.policies),
            Section::Questions => questions(&mut body, &catalogue.questions),
        }
        payload.0.push(section as u8);
        payload.size(body.0.len());
        payload.0.extend(body.0);
    }
    FORMAT.seal(&payload.0)
}

fn head(out: &mut Writer, catalogue: &Catalogue) {
    out.signed(day_number(catalogue.built).into());
    out.varint(catalogue.expiring_days.into());
    let tables = &catalogue.tables;
    for table in
        [&tables.themes, &tables.audiences, &tables.districts, &tables.departments, &tables.genres, &tables.sectors]
    {
        values(out, table);
    }
}

fn values(out: &mut Writer, table: &[Value]) {
    out.size(table.len());
    out.strings(table.iter().map(|value| value.id.as_str()));
    out.strings(table.iter().map(|value| value.name.as_str()));
    out.strings(table.iter().map(|value| value.group.as_str()));
}

fn policies(out: &mut Writer, rows: &[PolicyRow]) {
    out.size(rows.len());
    numbers(out, rows.iter().map(|row| row.departments.as_slice()));
    numbers(out, rows.iter().map(|row| row.themes.as_slice()));
    numbers(out, rows.iter().map(|row| row.audiences.as_slice()));
    numbers(out, rows.iter().map(|row| row.districts.as_slice()));
    numbers(out, rows.iter().map(|row| row.sectors.as_slice()));
    optional_numbers(out, rows.iter().map(|row| row.genre.map(u64::from)));
    for row in rows {
        out.size(Level::ALL.iter().position(|&level| level == row.level).unwrap_or_default());
    }
    for row in rows {
        out.0.push(row.routine.into());
    }
    dates(out, rows.iter().map(|row| row.published));
    // The other dates lie near one already written.
    for row in rows {
        out.signed(between(row.published, row.lifespan.effective));
    }
    optional_dates(out, rows.iter().map(|row| (row.lifespan.effective, row.lifespan.expires)));
    optional_dates(out, rows.iter().map(|row| (row.lifespan.effective, row.lifespan.repealed)));
    optional_dates(out, rows.iter().map(|row| (row.lifespan.effective, row.lifespan.amended)));
}

fn questions(out: &mut Writer, rows: &[QuestionRow]) {
    out.size(rows.len());
    optional_numbers(out, rows.iter().map(|row| row.theme.map(u64::from)));
    optional_numbers(out, rows.iter().map(|row| row.department.map(u64::from)));
    numbers(out, rows.iter().map(|row| row.audiences.as_slice()));
    numbers(out, rows.iter().map(|row| row.districts.as_slice()));
    numbers(out, rows.iter().map(|row| row.policies.as_slice()));
    dates(out, rows.iter().map(|row| row.checked));
    optional_dates(out, rows.iter().map(|row| (row.checked, row.expires)));
}

fn lists(out: &mut Writer, lengths: impl Iterator<Item = usize>) {
    for length in lengths {
        out.size(length);
    }
}

fn numbers<'a, N>(out: &mut Writer, rows: impl Iterator<Item = &'a [N]> + Clone)
where
    N: Copy + Into<u64> + 'a,
{
    lists(out, rows.clone().map(<[N]>::len));
    for &number in rows.flatten() {
        out.varint(number.into());
    }
}

fn optional_numbers(out: &mut Writer, numbers: impl Iterator<Item = Option<u64>>) {
    for number in numbers {
        out.varint(number.map_or(0, |number| number + 1));
    }
}

/// Each date as its distance from the one before.
fn dates(out: &mut Writer, dates: impl Iterator<Item = Date>) {
    let mut last = 0;
    for date in dates {
        let day = i64::from(day_number(date));
        out.signed(day - last);
        last = day;
    }
}

/// 0 for no date, else one more than the zigzag of the distance from a date the reader already has.
fn optional_dates(out: &mut Writer, dates: impl Iterator<Item = (Date, Option<Date>)>) {
    for (from, date) in dates {
        let distance = date.map(|date| between(from, date));
        out.varint(distance.map_or(0, |distance| (distance << 1 ^ distance >> 63).cast_unsigned() + 1));
    }
}

fn between(from: Date, to: Date) -> i64 {
    i64::from(day_number(to)) - i64::from(day_number(from))
}
