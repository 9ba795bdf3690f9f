//! `cargo xtask bench finder`: the finder of a large city in a browser: what a cold question costs, and how long typing is
//! held up.
//!
//! The city is generated, or is any site that is built already. `xtask/bench/finder/` measures: each question of
//! `questions.txt` in a page with nothing kept, as a host sends the files; then some of them typed key by key, with the
//! processor as fast as it is and slowed down, cold and once more; then what nobody should type. A key counts with the time
//! that it waited for the page, a task of the main thread with its processor time.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::build::{DATE, generated};
use crate::args::Args;
use crate::city;
use crate::process::{Outcome, Trouble, run as run_program, say};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// The chore.
pub(crate) fn run(mut args: Args) -> Outcome {
    let size = city::size(&mut args)?;
    let built = args.take::<PathBuf>("site")?.map(|path| std::path::absolute(&path).unwrap_or(path));
    let slowdown: u32 = args.take("slowdown")?.unwrap_or(4);
    let typing: usize = args.take("typing")?.unwrap_or(4);
    let pace: u32 = args.take("pace")?.unwrap_or(120);
    let parts: String = args.take("parts")?.unwrap_or_default();
    let scripts = disk::root().join("xtask/bench/finder");
    let questions = args.take("questions")?.unwrap_or_else(|| scripts.join("questions.txt"));
    let work = args.path("work", "target/bench/finder")?;
    let json = args.take::<PathBuf>("json")?.unwrap_or_else(|| work.join("finder.json"));
    args.finish()?;

    let site = match built {
        Some(site) => site,
        None => {
            tools::for_app()?;
            let app = site::app(Profile::Release)?;
            let yima = site::generator(Profile::Release)?;
            let content = work.join("content");
            generated(&yima, size, &content, None)?;
            let out = work.join("site");
            let mut build = site::build_command(&yima, &content);
            build.args(["--date", DATE, "--no-sync", "--app"]).arg(app).arg("--out").arg(&out);
            run_program("the site of the generated city", &mut build)?;
            out
        }
    };
    let lines = disk::read(&questions)?;
    let asked: Vec<Value> = lines
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(kind, text)| json!({ "kind": kind, "text": text }))
        .collect();
    if asked.is_empty() {
        return Err(Trouble::new(format!("no question in {}", questions.display())).hint("KIND, a tab, what is typed"));
    }
    let job = json!({
        "site": site, "questions": asked, "typing": typing, "slowdown": slowdown, "pace": pace, "parts": parts,
        "browser": tools::for_browser()?.program, "profile": work.join("profile"), "work": work, "out": json,
    });
    let job_file = work.join("job.json");
    disk::write(&job_file, job.to_string())?;
    let mut node: Command = tools::command("node");
    node.arg(scripts.join("measure.mjs")).arg(&job_file);
    run_program("the finder in the browser", &mut node)?;
    disk::remove_folder(&work.join("profile"))?;
    let found: Value = serde_json::from_str(&disk::read(&json)?)
        .map_err(|error| Trouble::new(format!("{}: {error}", json.display())))?;
    print!("{}", table(&found));
    say(&format!("figures as JSON: {}", json.display()));
    match found["failed"].as_str() {
        Some(reason) => Err(Trouble::new(reason)),
        None => Ok(()),
    }
}

/// Requests and bytes of some families, code apart: `page` is the page itself and its styles.
fn sum(families: &Value, without: &[&str]) -> (u64, u64) {
    let counted = families.as_object().into_iter().flatten().filter(|(name, _)| !without.contains(&name.as_str()));
    counted.fold((0, 0), |(requests, bytes), (_, one)| {
        (requests + one["requests"].as_u64().unwrap_or(0), bytes + one["bytes"].as_u64().unwrap_or(0))
    })
}

/// The figures as a page of text: one line a question, then medians and worst.
fn table(found: &Value) -> String {
    let mut text =
        String::from("first: until the first result stands there; settled: until nothing more is asked for\n");
    text.push_str("first KB  requests | settled KB  requests  of these data | kind, question\n");
    let (mut first, mut settled, mut data) = (Vec::new(), Vec::new(), Vec::new());
    for one in found["cold"].as_array().into_iter().flatten() {
        let (early, all) = (sum(&one["first"], &["code"]), sum(&one["settled"], &["code"]));
        let files = sum(&one["settled"], &["code", "page"]).0;
        if !one["first"].is_null() {
            first.push(early.1 / 1_000);
        }
        settled.push(all.0);
        data.push(files);
        let (kind, asked) = (one["kind"].as_str().unwrap_or_default(), one["text"].as_str().unwrap_or_default());
        let line = format!(
            "{:>8}  {:>8} | {:>10}  {:>8}  {:>13} | {kind}: {asked}\n",
            early.1 / 1_000,
            early.0,
            all.1 / 1_000,
            all.0,
            files
        );
        text.push_str(&line);
    }
    for (name, mut figures) in [("first KB", first), ("settled requests", settled), ("settled files of search", data)] {
        figures.sort_unstable();
        let middle = figures.get(figures.len() / 2).copied().unwrap_or_default();
        let worst = figures.last().copied().unwrap_or_default();
        text.push_str(&format!("{name}: median {middle}, worst {worst}\n"));
    }
    text.push_str("typing: longest waits of a key in ms | longest tasks in ms of processor time | ms in all\n");
    for one in found["typing"].as_array().into_iter().flatten() {
        let (rate, asked) = (&one["rate"], one["text"].as_str().unwrap_or_default());
        for how in ["cold", "warm"] {
            text.push_str(&format!("{rate}× slower, {how}: {} | {asked}\n", effort(&one[how])));
        }
    }
    for one in found["odd"].as_array().into_iter().flatten() {
        let (kind, count) = (one["kind"].as_str().unwrap_or_default(), one["count"].as_str().unwrap_or_default());
        text.push_str(&format!("{}× slower: {} | {kind}: {count}\n", one["rate"], effort(one)));
    }
    text
}

/// The three longest waits and tasks, and all processor time.
fn effort(figures: &Value) -> String {
    let three = |values: &Value, figure: &dyn Fn(&Value) -> f64| {
        let values = values.as_array().into_iter().flatten().take(3);
        values.map(|value| format!("{:.1}", figure(value))).collect::<Vec<_>>().join(" ")
    };
    let waits = three(&figures["delays"], &|wait| wait.as_f64().unwrap_or_default());
    let tasks = three(&figures["longest"], &|task| task["cpu"].as_f64().unwrap_or_default());
    format!("{waits} | {tasks} | {:.0}", figures["all"].as_f64().unwrap_or_default())
}
