//! The command as a person runs it: exit codes, and the same site from any folder, time zone, locale and thread count.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use yima::cli::{Cli, Failure, run};

/// Tells the command, which is this test program started once more, what was typed: one word per line.
const TYPED: &str = "YIMA_TEST_TYPED";

#[test]
#[ignore = "the command that the other tests of this file start"]
fn command() {
    use clap::Parser as _;
    let Ok(typed) = std::env::var(TYPED) else { return };
    let cli = Cli::try_parse_from(std::iter::once("yima").chain(typed.lines())).unwrap_or_else(|error| error.exit());
    std::process::exit(match run(&cli) {
        Ok(()) => 0,
        Err(Failure::Mistakes) => 1,
        Err(Failure::Trouble(why)) => {
            eprintln!("{why}");
            2
        }
    });
}

fn yima(folder: &Path, typed: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "command::command", "--ignored", "--nocapture", "--quiet"])
        .current_dir(folder)
        .env(TYPED, typed.join("\n"))
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn root(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_same_city_gives_the_same_bytes_everywhere() {
    let temp = TempDir::new().unwrap();
    let (content, public) = (root("content"), root("public"));
    let surroundings = [
        ("1", &[("TZ", "UTC"), ("LC_ALL", "C"), ("SOURCE_DATE_EPOCH", "1795276800")][..]),
        ("8", &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("SOURCE_DATE_EPOCH", "1795276800")]),
        ("3", &[("TZ", "America/Los_Angeles"), ("LANG", "zh_CN.GBK"), ("SOURCE_DATE_EPOCH", "1795276800")]),
    ];
    let mut digests = Vec::new();
    for (threads, environment) in surroundings {
        let folder = temp.path().join(format!("in/a folder/of {threads}"));
        std::fs::create_dir_all(&folder).unwrap();
        let typed = ["build", "--content", &content, "--public", &public, "--out", "site", "--threads", threads];
        let typed = [&typed[..], &["--provisional-codes", "--digest", "--no-sync", "--format", "json"]].concat();
        let output = yima(&folder, &typed, environment);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let digest = said.lines().find(|line| line.contains("\"digest\"")).unwrap().to_owned();
        digests.push((digest, said.lines().find(|line| line.contains("\"files\"")).unwrap().to_owned()));
    }
    assert!(digests[0].0.len() > 70, "{digests:?}");
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
}

#[test]
fn a_code_that_was_published_is_kept_or_the_build_stops() {
    let sandbox = crate::city::Sandbox::new();
    let folder = sandbox.beside("");
    let run = |typed: &[&str]| {
        let (date, content) = (crate::city::TODAY.to_string(), sandbox.content());
        let place = ["--content", content.to_str().unwrap(), "--public", &root("public"), "--date", &date];
        let output = yima(&folder, &[typed, &place].concat(), &[]);
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let _ = run(&["codes"]);
    let (status, said) = run(&["build", "--no-sync"]);
    assert_eq!(status, 0, "{said}");
    let before = crate::city::tree(&folder.join("dist"));

    // The first code that was given out now belongs to the second record, and the other way round.
    let ledger = sandbox.text("codes.csv");
    let mut lines: Vec<String> = ledger.lines().map(str::to_owned).collect();
    let (one, two) = (lines[1][..6].to_owned(), lines[2][..6].to_owned());
    lines[1].replace_range(..6, &two);
    lines[2].replace_range(..6, &one);
    sandbox.write("codes.csv", lines.join("\n") + "\n");
    let (status, said) = run(&["build", "--no-sync"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains(&one) && said.contains(&two), "{said}");
    assert_eq!(crate::city::tree(&folder.join("dist")), before);

    sandbox.write("codes.csv", ledger);
    assert_eq!(run(&["build", "--no-sync"]).0, 0);
}

#[test]
fn exit_codes_tell_mistakes_from_trouble() {
    let temp = TempDir::new().unwrap();
    let code = |typed: &[&str]| yima(temp.path(), typed, &[]).status.code().unwrap();
    assert_eq!(code(&["--help"]), 0);
    assert_eq!(code(&["biuld"]), 2);
    assert_eq!(code(&["check"]), 2, "no content folder");
    assert_eq!(code(&["build", "--trunk"]), 2, "not called by Trunk");
    assert_eq!(code(&["new", "policy", "2026-zufang"]), 0);
    assert_eq!(code(&["new", "policy", "2026-zufang"]), 2, "it is there already");
    assert_eq!(code(&["check"]), 1, "an empty form is full of mistakes");
    assert_eq!(code(&["build"]), 1);
    let found: Vec<PathBuf> = std::fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found, [temp.path().join("content")], "nothing is written while there are mistakes");
    let city = ["--content", &root("content"), "--public", &root("public"), "--provisional-codes"];
    assert_eq!(code(&[&["build", "--out", "."][..], &city].concat()), 2, "a folder that is somebody else's");
    let naked = ["build", "--out", "site", "--content", &root("content"), "--provisional-codes"];
    assert_eq!(code(&naked), 2, "no static files");
    assert!(!temp.path().join("site").exists());
}
