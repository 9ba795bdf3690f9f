//! Whatever the bytes, the reader answers; what the writer wrote, the reader gives back.

use proptest::collection::vec;
use proptest::prelude::*;
use yima_model::catalogue::{Catalogue, PolicyRow, QuestionRow, Tables, Value};
use yima_model::record::Level;
use yima_model::validity::date_of_day_number;
use yima_model::{Date, Lifespan};

use super::*;
use crate::wire::{DecodeError, HEADER};

fn seal(payload: &[u8]) -> Vec<u8> {
    FORMAT.seal(payload)
}

fn dates() -> impl Strategy<Value = Date> {
    (-40_000_i32..40_000).prop_map(|number| date_of_day_number(number).unwrap())
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    vec(("[a-z]{1,6}", "\\PC{0,4}", "\\PC{0,2}").prop_map(|(id, name, group)| Value { id, name, group }), 1..5)
}

fn indexes() -> impl Strategy<Value = Vec<u16>> {
    vec(0_u16..1, 0..3)
}

fn policies() -> impl Strategy<Value = PolicyRow> {
    let values = (indexes(), indexes(), indexes(), indexes(), indexes(), proptest::option::of(0_u16..1), 0_usize..3);
    let ends = proptest::array::uniform3(proptest::option::of(dates()));
    (values, proptest::array::uniform2(dates()), ends, any::<bool>()).prop_map(|(values, days, ends, routine)| {
        PolicyRow {
            departments: values.0,
            themes: values.1,
            audiences: values.2,
            districts: values.3,
            sectors: values.4,
            genre: values.5,
            level: Level::ALL[values.6],
            routine,
            published: days[0],
            lifespan: Lifespan { effective: days[1], expires: ends[0], repealed: ends[1], amended: ends[2] },
        }
    })
}

fn questions() -> impl Strategy<Value = QuestionRow> {
    let values = (proptest::option::of(0_u16..1), proptest::option::of(0_u16..1), indexes(), indexes());
    (values, vec(0_u32..1, 0..3), dates(), proptest::option::of(dates())).prop_map(
        |(values, policies, checked, expires)| QuestionRow {
            theme: values.0,
            department: values.1,
            audiences: values.2,
            districts: values.3,
            policies,
            checked,
            expires,
        },
    )
}

fn catalogues() -> impl Strategy<Value = Catalogue> {
    let tables = (values(), values(), values(), values(), values(), values());
    (dates(), any::<u16>(), tables, vec(policies(), 1..6), vec(questions(), 0..6)).prop_map(
        |(built, expiring_days, tables, policies, questions)| Catalogue {
            built,
            expiring_days,
            tables: Tables {
                themes: tables.0,
                audiences: tables.1,
                districts: tables.2,
                departments: tables.3,
                genres: tables.4,
                sectors: tables.5,
            },
            policies,
            questions,
        },
    )
}

/// One fixed catalogue with every kind of field in use.
fn sample() -> Catalogue {
    let value = |id: &str, name: &str| vec![Value { id: id.into(), name: name.into(), group: String::new() }];
    Catalogue {
        built: Date::constant(2026, 11, 22),
        expiring_days: 90,
        tables: Tables {
            themes: value("zhufang", "住房"),
            audiences: value("qingnian", "青年"),
            districts: value("chengnan", "城南区"),
            departments: value("zhujian", "市住建局"),
            genres: value("tongzhi", "通知"),
            sectors: vec![],
        },
        policies: vec![PolicyRow {
            departments: vec![0],
            themes: vec![0],
            audiences: vec![0],
            districts: vec![],
            sectors: vec![],
            genre: Some(0),
            level: Level::Normative,
            routine: false,
            published: Date::constant(2025, 3, 1),
            lifespan: Lifespan {
                effective: Date::constant(2025, 4, 1),
                expires: Some(Date::constant(2030, 3, 31)),
                repealed: None,
                amended: Some(Date::constant(2026, 1, 1)),
            },
        }],
        questions: vec![QuestionRow {
            theme: Some(0),
            department: Some(0),
            audiences: vec![0],
            districts: vec![0],
            policies: vec![0],
            checked: Date::constant(2026, 6, 1),
            expires: None,
        }],
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(catalogue in catalogues()) {
        prop_assert_eq!(decode(&encode(&catalogue)), Ok(catalogue));
    }

    #[test]
    fn random_bytes_are_answered(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(decode(&bytes).is_err());
    }

    /// Behind a checksum that fits, the reader meets the bytes themselves.
    #[test]
    fn random_payloads_are_answered(bytes in vec(any::<u8>(), 0..400)) {
        let _ = decode(&seal(&bytes));
    }

    #[test]
    fn random_sections_are_answered(kind in 1_u8..4, length in 0_u8..120, bytes in vec(any::<u8>(), 120..200)) {
        let head = &encode(&sample())[HEADER..];
        let head_length = 2 + usize::from(head[1]);
        let _ = decode(&seal(&[&head[..head_length], &[kind, length], &bytes[..usize::from(length)]].concat()));
        let _ = decode(&seal(&[&[kind, length], &bytes[..usize::from(length)]].concat()));
    }
}

#[test]
fn every_truncation_is_named() {
    let bytes = encode(&sample());
    assert_eq!(decode(&bytes), Ok(sample()));
    for length in 0..bytes.len() {
        match decode(&bytes[..length]) {
            Err(DecodeError::Foreign) => assert_eq!(length, 0),
            Err(DecodeError::Truncated { found, wanted }) => {
                assert_eq!(found, length);
                assert_eq!(wanted, if length < HEADER { HEADER } else { bytes.len() });
            }
            other => panic!("{length} bytes: {other:?}"),
        }
    }
}

#[test]
fn every_wrong_bit_is_found() {
    let bytes = encode(&sample());
    for bit in 0..bytes.len() * 8 {
        let mut wrong = bytes.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let error = decode(&wrong).expect_err("a wrong bit must not pass");
        match bit / 8 {
            0..8 => assert_eq!(error, DecodeError::Foreign),
            8..10 => assert!(matches!(error, DecodeError::OtherVersion { wanted: 2, .. })),
            10..14 => assert!(matches!(error, DecodeError::Truncated { .. } | DecodeError::Trailing { .. })),
            _ => assert_eq!(error, DecodeError::Damaged),
        }
    }
}

#[test]
fn a_writer_at_fault_is_answered_too() {
    let payload = encode(&sample())[HEADER..].to_vec();
    for bit in 0..payload.len() * 8 {
        let mut wrong = payload.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let _ = decode(&seal(&wrong));
    }
    for length in 0..payload.len() {
        let _ = decode(&seal(&payload[..length]));
    }
    assert!(decode(&seal(&[])).is_err());
    assert!(decode(&seal(&[payload.as_slice(), payload.as_slice()].concat())).is_err());
    // Counts far beyond the file.
    let mut huge = vec![2, 10];
    huge.extend([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0]);
    assert!(decode(&seal(&[&payload[..2 + usize::from(payload[1])], &huge].concat())).is_err());
}

#[test]
fn a_section_from_the_future_is_left_alone() {
    let mut payload = encode(&sample())[HEADER..].to_vec();
    payload.extend([200, 3, 1, 2, 3]);
    assert_eq!(decode(&seal(&payload)), Ok(sample()));
}

#[test]
fn every_error_has_its_sentence() {
    let mut other = encode(&sample());
    other[8] = 9;
    let mut damaged = encode(&sample());
    damaged[40] ^= 1;
    let mut longer = encode(&sample());
    longer.push(0);
    let cases = [
        (b"<!doctype html>".to_vec(), "取到的不是目录数据"),
        (other, "目录数据是第 9 版，本页程序需要第 2 版"),
        (
            encode(&sample())[..18].to_vec(),
            &format!("目录数据不完整：应有 {} 字节，只有 18 字节", encode(&sample()).len()),
        ),
        (longer, "目录数据末尾多出 1 字节"),
        (damaged, "目录数据损坏：校验值不符"),
        (seal(&[]), "目录数据有误：缺少首节"),
    ];
    for (bytes, sentence) in cases {
        assert_eq!(decode(&bytes).unwrap_err().to_string(), sentence);
    }
}
