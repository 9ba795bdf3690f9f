//! Every reader of bytes, and every question asked of what it read. Under a fuzzer files have no header (`wire::Format`).
#![no_main]

use libfuzzer_sys::fuzz_target;
use yima_search::corpus::{Common, Maker, Record};
use yima_search::index::texts::Texts;
use yima_search::index::{Head, Shard};
use yima_search::instant::Instant;
use yima_search::session::{File, Stage};
use yima_search::vocabulary::Vocabulary;
use yima_search::{Query, Session, catalogue};

fuzz_target!(|input: (Vec<u8>, Vec<u8>, String)| {
    let (head, shard, typed) = input;
    let _ = Texts::decode(&shard);
    let _ = catalogue::decode(&shard);
    let _ = catalogue::faces::decode(&shard);
    let _ = catalogue::ids::decode(&shard);
    let _ = Instant::decode(&shard);
    let _ = Query::from_query_string(&typed);
    let (common, record) = (Common::parse(&typed), Record::parse(&typed));
    if let (Ok(common), Ok(record)) = (common, record) {
        let mut maker = Maker::new(common);
        maker.push(record);
        while maker.step().is_some() {}
        let _ = maker.files();
    }
    if let Ok(vocabulary) = Vocabulary::decode(&shard) {
        let _ = vocabulary.corrections(&typed, &[typed.clone()]);
    }
    if let Ok(shard) = Shard::decode(1 << 16, &shard) {
        for first in shard.characters().take(100) {
            let _ = shard.group(first);
        }
    }
    let Ok(head) = Head::decode(&head) else { return };
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
