//! `cargo xtask bench search`: finding Chinese texts in a browser with no server behind it, side by side.
//!
//! For every engine, in each of its settings, on every set:
//! 1. build the index: processor time, peak memory, files, bytes, bytes as a host sends them;
//! 2. all questions in one page: which records come first, bytes and requests per question;
//! 3. cold: pages with nothing kept, one question each: bytes, requests, time to the first result;
//! 4. exactness: for pieces of the texts, whether the records found are those that hold them;
//! 5. warm: all questions again in the first page, when everything is there.
//!
//! The engines' own side is in `xtask/bench/search/`; how to run this with texts of one's own, in `docs/search-bench.md`.

mod demo;
mod engine;
mod exact;
mod figures;
mod limited;
mod ours;
mod sets;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::args::Args;
use crate::bench::measure::Cost;
use crate::disk;
use crate::process::{Outcome, Trouble, say};
use engine::{Engine, Scripts};
use exact::Piece;
use figures::{Built, Row};
use sets::Set;

/// How the run goes.
struct Plan {
    rounds: usize,
    limit: Duration,
    /// Questions asked cold.
    cold: usize,
    pieces: usize,
    seed: u64,
    work: PathBuf,
}

/// The chore.
pub(crate) fn run(mut args: Args) -> Outcome {
    let list = |words: Option<String>| -> Vec<String> {
        words.iter().flat_map(|words| words.split(',')).map(|word| word.trim().to_owned()).collect()
    };
    let engines = engine::named(&list(args.take("engines")?))?;
    let only = list(args.take("only")?);
    let mut sets = match args.take::<PathBuf>("sets")? {
        Some(manifest) => sets::of_manifest(&manifest, &only)?,
        None => Vec::new(),
    };
    while let Some(words) = args.take::<String>("set")? {
        sets.push(sets::of_words(&words)?);
    }
    if sets.is_empty() && only.is_empty() {
        sets.push(demo::set()?);
    }
    let plan = Plan {
        rounds: args.take("rounds")?.unwrap_or(1),
        limit: Duration::from_secs(args.take("seconds")?.unwrap_or(600)),
        cold: args.take("cold")?.unwrap_or(30),
        pieces: args.take("pieces")?.unwrap_or(100),
        seed: args.take("seed")?.unwrap_or(1),
        work: args.path("work", "target/bench/search")?,
    };
    let to_json = args.path("json", "target/bench/search.json")?;
    args.finish()?;
    if sets.is_empty() {
        return Err(Trouble::new("no set has a name given by --only"));
    }

    let scripts = Scripts::ready()?;
    let mut rows = Vec::new();
    // Sets may ask different questions on the same records.
    let mut built: BTreeMap<(Engine, usize), Result<Built, String>> = BTreeMap::new();
    for (at, set) in sets.iter().enumerate() {
        let pieces = exact::pieces(&set.docs, plan.pieces, plan.seed);
        let first = sets.iter().position(|other| other.docs == set.docs).unwrap_or(at);
        for &engine in &engines {
            say(&format!("{}: {}, {}", set.name, engine.name, engine.setting));
            let folder = plan.work.join(&sets[first].name).join(format!("{} {}", engine.name, engine.setting));
            if first == at {
                built.insert((engine, first), make(&scripts, &plan, set, engine, &folder)?);
            }
            let mut row = Row::new(set.name.clone(), engine);
            match &built[&(engine, first)] {
                Ok(built) => {
                    row.built = Some(*built);
                    ask(&scripts, &plan, set, &pieces, &folder, &mut row)?;
                }
                Err(reason) => row.failed = Some(reason.clone()),
            }
            if let Some(reason) = &row.failed {
                eprintln!("    {reason}");
            }
            rows.push(row);
            // What is known so far survives whatever happens next.
            disk::write(&to_json, table::json(&rows))?;
        }
    }
    let text = table::markdown(&sets, &rows);
    print!("{text}");
    disk::write(&to_json.with_extension("md"), text)?;
    say(&format!("figures as JSON: {}", to_json.display()));
    Ok(())
}

/// Builds as often as there are rounds and packs once.
fn make(scripts: &Scripts, plan: &Plan, set: &Set, engine: Engine, folder: &Path) -> Outcome<Result<Built, String>> {
    disk::remove_folder(folder)?;
    let doc = |doc: &sets::Doc| format!("{}\n", json!({ "id": doc.id, "title": doc.title, "body": doc.body }));
    disk::write(&folder.join("docs.jsonl"), set.docs.iter().map(doc).collect::<String>())?;
    let log = folder.join("log");
    let mut best = None;
    for _ in 0..plan.rounds.max(1) {
        disk::remove_folder(&folder.join("built"))?;
        scripts.prepare(engine, folder)?;
        match limited::run(&scripts.build(engine, folder), plan.limit, &log)? {
            Ok(cost) => best = Some(best.map_or(cost, |best: Cost| best.least(cost))),
            Err(reason) => return Ok(Err(format!("build: {reason}"))),
        }
    }
    let Some(cost) = best else { return Ok(Err("never built".to_owned())) };
    // Packing is a host's work and takes its time.
    if let Err(reason) = limited::run(&scripts.pack(engine, folder), plan.limit * 3, &log)? {
        return Ok(Err(format!("packing: {reason}")));
    }
    let list: Value = parse(&folder.join("sent.json"))?;
    let files = |code: bool| list["files"].as_array().into_iter().flatten().filter(move |file| file["code"] == code);
    let sum = |code: bool, key: &str| files(code).filter_map(|file| file[key].as_u64()).sum();
    let (raw, sent, code) = (sum(false, "raw"), sum(false, "sent"), sum(true, "sent"));
    Ok(Ok(Built { cost, files: files(false).count(), raw, sent, code }))
}

/// Asks everything in the browser.
fn ask(scripts: &Scripts, plan: &Plan, set: &Set, pieces: &[Piece], folder: &Path, row: &mut Row) -> Outcome {
    let out = folder.join(format!("measured-{}.json", set.name));
    let profile = folder.join("profile");
    let questions: Vec<&str> = set.questions.iter().map(|question| question.text.as_str()).collect();
    // Spread over the whole list, the same in every run.
    let count = plan.cold.min(questions.len());
    let cold: Vec<&str> = (0..count).map(|at| questions[at * questions.len() / count]).collect();
    let job = json!({
        "folder": folder,
        "setting": row.engine.setting,
        "questions": questions,
        "texts": pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>(),
        "cold": cold,
        "rounds": plan.rounds.max(1),
        "seconds": plan.limit.as_secs(),
        "browser": scripts.browser,
        "profile": profile,
        "out": out,
    });
    let file = folder.join("job.json");
    disk::write(&file, job.to_string())?;
    disk::write(&out, "{}")?;
    disk::remove_folder(&profile)?;
    let mut command = scripts.script("measure.mjs");
    command.arg(&file);
    // It watches the time itself and has a little more for the step it is in.
    let done = limited::run(&command, plan.limit + Duration::from_secs(60), &folder.join("log"))?;
    row.failed = done.err();
    row.measured(&parse(&out)?, &set.docs, &set.questions, pieces);
    disk::remove_folder(&profile)
}

fn parse(path: &Path) -> Outcome<Value> {
    serde_json::from_str(&disk::read(path)?).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
}
