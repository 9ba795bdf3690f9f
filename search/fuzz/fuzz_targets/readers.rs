//! Every reader of bytes, and every question asked of what it read. The checksum is put right, so that the fuzzer meets
//! the readers and not the checksum.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yima_search::index::texts::Texts;
use yima_search::index::{Head, Shard};
use yima_search::instant::Instant;
use yima_search::session::{File, Stage};
use yima_search::vocabulary::Vocabulary;
use yima_search::{Session, catalogue};

fuzz_target!(|input: (Vec<u8>, Vec<u8>, String)| {
    let (head, shard, typed) = input;
    let _ = Texts::decode(&shard);
    let _ = catalogue::decode(&sealed(b"\x89YIMACAT", 2, &shard));
    let _ = catalogue::faces::decode(&sealed(b"\x89YIMAROW", 1, &shard));
    let _ = catalogue::ids::decode(&sealed(b"\x89YIMAIDS", 1, &shard));
    let _ = Instant::decode(&shard);
    if let Ok(vocabulary) = Vocabulary::decode(&sealed(b"\x89YIMAWRD", 1, &shard)) {
        let _ = vocabulary.corrections(&typed, &[typed.clone()]);
    }
    let shard = sealed(b"\x89YIMAPST", 1, &shard);
    if let Ok(shard) = Shard::decode(1 << 16, &shard) {
        for first in shard.characters().take(100) {
            let _ = shard.group(first);
        }
    }
    let Ok(head) = Head::decode(&sealed(b"\x89YIMAIDX", 1, &head)) else { return };
    let mut session = Session::new(head);
    let asked = session.ask(&typed);
    for stage in [Stage::First, Stage::Better, Stage::Exact] {
        let Ok(files) = session.wanted(&asked, stage) else { return };
        for File { family, file } in files {
            let _ = session.supply(File { family, file }, &shard);
        }
        let _ = session.answer(&asked);
    }
});

/// A payload behind a header that fits it.
fn sealed(magic: &[u8; 8], version: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(crc32c(payload).to_le_bytes());
    bytes.extend(payload);
    bytes
}

fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |rest, _| if rest & 1 == 1 { rest >> 1 ^ 0x82F6_3B78 } else { rest >> 1 })
    })
}
