//! `cargo xtask bench build`: the demonstration city, a generated city, a folder of your own, and Hugo on the same texts.
//!
//! What a run built is put aside and removed at the very end: see [`Subject::put_aside`].
//!
//! All subjects are measured in turn in every round, so that a busy machine is busy for all of them; the least of
//! each figure counts. For each: a cold build, a second one with nothing changed, one after a changed policy, and the
//! same change under a running server. These are builds without a release; what sealing one costs on top of a cold build
//! stands on a line of its own. `--only` picks the subjects whose names have these words.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::measure::{Cost, Running, Snapshot, run as measure};
use super::subject::{Program, Subject, middle};
use super::table;
use crate::args::Args;
use crate::city::{self, plan::Size};
use crate::process::{Outcome, Trouble, say};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// The day the generated city is made for.
pub(crate) const DATE: &str = "2026-10-01";

/// What is done to a subject, in this order.
pub(crate) const RUNS: [&str; 5] =
    ["cold", "nothing changed", "one policy changed", "the same, served", "sealing, beside"];

/// The least of all rounds.
#[derive(Clone, Copy)]
pub(crate) struct Best {
    pub(crate) cost: Cost,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Files written; unknown for a server, which writes none.
    pub(crate) written: Option<usize>,
}

/// A subject and its figures, one per name in [`RUNS`].
pub(crate) struct Row {
    pub(crate) subject: Subject,
    pub(crate) best: [Option<Best>; 5],
}

/// The chore.
pub(crate) fn run(mut args: Args) -> Outcome {
    let rounds: usize = args.take("rounds")?.unwrap_or(3);
    let size = city::size(&mut args)?;
    let own = args.take::<PathBuf>("content")?.map(|path| std::path::absolute(&path).unwrap_or(path));
    let work = args.path("work", "target/bench")?;
    let only = args.take::<String>("only")?.unwrap_or_default();
    let json = args.take::<PathBuf>("json")?.unwrap_or_else(|| work.join("build.json"));
    args.finish()?;

    let yima = site::generator(Profile::Release)?;
    let hugo = tools::hugo()?;
    let removed = work.join("removed");
    settle(&removed);
    let subjects = subjects(&yima, &hugo, size, own, &work)?.into_iter();
    // Without the one that all are compared with the figures say nothing.
    let picked = subjects.filter(|subject| subject.program == Program::Hugo || subject.name.contains(&only));
    let mut rows: Vec<Row> = picked.map(|subject| Row { subject, best: [None; 5] }).collect();
    for round in 1..=rounds {
        for row in &mut rows {
            say(&format!("round {round} of {rounds}: {}", row.subject.name));
            one_round(row, round)?;
        }
    }
    for row in &rows {
        same_as_cold(&row.subject)?;
    }
    print!("{}", table::text(&rows));
    disk::write(&json, table::json(&rows))?;
    say(&format!("figures as JSON: {}", json.display()));
    for row in &rows {
        row.subject.tidy()?;
    }
    disk::write(&removed, "")?;
    Ok(())
}

/// Waits until the file system has forgotten what the last run removed: see [`super::subject::Subject::put_aside`].
fn settle(removed: &Path) {
    let ago = disk::age(removed).unwrap_or(FORGOTTEN);
    if let Some(rest) = FORGOTTEN.checked_sub(ago).filter(|rest| !rest.is_zero()) {
        say(&format!("waiting {} s, until the removal of the last run's sites costs nothing any more", rest.as_secs()));
        std::thread::sleep(rest);
    }
}

/// For how long ext4 remembers an inode that was freed, and some more for the journal.
const FORGOTTEN: Duration = Duration::from_secs(330);

fn subjects(yima: &Path, hugo: &Path, size: Size, own: Option<PathBuf>, work: &Path) -> Outcome<Vec<Subject>> {
    let subject = |name: String, program, path: &Path, input: &Path, place: &str| Subject {
        name,
        program,
        path: path.to_path_buf(),
        input: input.to_path_buf(),
        work: work.join(place),
        date: None,
        only: None,
        edited: None,
    };
    let demo = disk::root().join("content");
    let mut all = vec![subject("yima: demonstration city".to_owned(), Program::Yima, yima, &demo, "demo")];
    // Of the same texts: the pages that Hugo makes too, these and the lists by theme, department, …, the whole site of
    // them; and then the whole city.
    let bare = Size { questions: 0, codes: Size::fewest_codes(size.policies), ..size };
    for (size, place) in [(bare, "bare"), (size, "city")] {
        let content = work.join(place).join("content");
        generated(yima, size, &content, (place == "city").then(|| work.join("hugo/content")).as_deref())?;
        let name = format!("yima: {} policies, {} questions, {} codes", size.policies, size.questions, size.codes);
        let edited = Some(middle(&content.join("policies"))?);
        if place == "bare" {
            for (part, says) in PARTS {
                let name = format!("yima: {} policies, {says}", size.policies);
                let subject = subject(name, Program::Yima, yima, &content, part);
                all.push(Subject { edited: edited.clone(), date: Some(DATE), only: Some(part), ..subject });
            }
        }
        all.push(Subject { edited, date: Some(DATE), ..subject(name, Program::Yima, yima, &content, place) });
    }
    let pages = work.join("hugo/content");
    let edited = Some(middle(&pages.join("content/policy"))?);
    let name = format!("hugo: {} policies", size.policies);
    all.push(Subject { edited, ..subject(name, Program::Hugo, hugo, &pages, "hugo") });
    if let Some(own) = own {
        all.push(subject(format!("yima: {}", own.display()), Program::Yima, yima, &own, "own"));
    }
    Ok(all)
}

/// The parts of a site that are built by themselves, and what is in them: as much as Hugo makes, and with all lists.
const PARTS: [(&str, &str); 2] =
    [("policies", "their pages and one list only"), ("lists", "their pages and all lists only")];

/// A generated city with its codes, unless it stands there from the last time.
pub(crate) fn generated(yima: &Path, size: Size, content: &Path, hugo: Option<&Path>) -> Outcome {
    let stamp = content.with_extension("size");
    let wanted = format!("{size:?}\n");
    if stamp.is_file() && disk::read(&stamp)? == wanted {
        return Ok(());
    }
    for folder in std::iter::once(content).chain(hugo) {
        disk::remove_folder(folder)?;
    }
    city::write(size, content, hugo)?;
    let mut codes = Command::new(yima);
    codes.args(["codes", "--lang", "en", "--date", DATE, "--content"]).arg(content);
    crate::process::run_quiet("codes of the generated city", &mut codes)?;
    // Last, so that what an interrupted run left is made anew.
    disk::write(&stamp, wanted)
}

fn one_round(row: &mut Row, round: usize) -> Outcome {
    let Row { subject, best } = row;
    subject.restore()?;
    subject.forget()?;
    let out = subject.out();
    let mut before = Snapshot::of(&out)?;
    for (at, slot) in best.iter_mut().take(3).enumerate() {
        if at == 2 {
            if subject.edited.is_none() {
                return Ok(());
            }
            subject.edit(round)?;
        }
        let cost = measure(&mut subject.build(&out))?;
        let after = Snapshot::of(&out)?;
        let written = Some(after.written_since(&before));
        keep(slot, Best { cost, files: after.files(), bytes: after.bytes(), written });
        before = after;
    }
    if subject.seals() {
        subject.restore()?;
        let again = subject.again();
        let cost = measure(&mut subject.seal(&again))?;
        let after = Snapshot::of(&again)?;
        // The figures of sealing alone; memory is that of the whole run.
        let without = best[0].map_or(Duration::ZERO, |best| best.cost.cpu);
        let files = after.files().saturating_sub(before.files());
        let bytes = after.bytes().saturating_sub(before.bytes());
        let cost = Cost { cpu: cost.cpu.saturating_sub(without), ..cost };
        keep(&mut best[4], Best { cost, files, bytes, written: Some(files) });
        subject.put_aside(&again)?;
    }
    if subject.only.is_some() {
        return subject.restore();
    }
    let server = Running::start(&mut subject.serve())?;
    let cost = server.react(|| subject.edit(round + 1_000))?;
    drop(server);
    if cost.cpu == Duration::ZERO {
        return Err(Trouble::new(format!("{}: the server did not notice the change", subject.name)));
    }
    keep(&mut best[3], Best { cost, files: 0, bytes: 0, written: None });
    Ok(())
}

/// Keeps the least of each figure.
fn keep(slot: &mut Option<Best>, new: Best) {
    *slot = Some(match *slot {
        None => new,
        Some(old) => Best { cost: old.cost.least(new.cost), ..new },
    });
}

/// Proves that what the changes left behind is what a build from nothing gives.
fn same_as_cold(subject: &Subject) -> Outcome {
    if subject.program == Program::Hugo {
        return subject.restore();
    }
    let (out, cold) = (subject.out(), subject.again());
    for folder in [&out, &cold] {
        measure(&mut subject.build(folder))?;
    }
    subject.restore()?;
    match disk::difference(&out, &cold)? {
        Some(path) => {
            Err(Trouble::new(format!("{}: after a change {} is not as in a cold build", subject.name, path.display())))
        }
        None => Ok(()),
    }
}
