//! Loading again opens only what has changed, and gives the same site as loading for the first time.

use std::collections::BTreeMap;

use yima::site::{Content, Render};
use yima::source::Limits;
use yima::{Loaded, Loader, NewCodes, Press};

use crate::city::Sandbox;

/// Every path of the site with its bytes (or why a city with mistakes has none), or the mistakes for which there is none.
fn bytes(sandbox: &Sandbox, loaded: Loaded) -> Result<BTreeMap<String, Result<Vec<u8>, String>>, String> {
    let told = sandbox.report(loaded.mistakes).text(Default::default()).to_string();
    let Some(project) = loaded.project else { return Err(told) };
    let press = Press::new(&project).unwrap();
    let site = press.plan().map_err(|_| told)?;
    let render = |content: &Content<_>| match content {
        Content::Bytes(bytes) => Ok(bytes.to_vec()),
        Content::Recipe(recipe) => press.render(recipe).map_err(|error| error.to_string()),
    };
    Ok(site.iter().map(|(path, entry)| (path.to_string(), render(&entry.content))).collect())
}

#[test]
fn a_second_loading_gives_what_a_first_would() {
    let sandbox = Sandbox::new();
    let options = sandbox.options(NewCodes::Provisional);
    let (mut loader, mut quick) = (Loader::default(), Loader::default());
    let mut look = |changed: &[&str], what: &str| {
        let first = bytes(&sandbox, yima::load(&options).unwrap());
        let again = loader.load(&options, Limits::default(), &|file| changed.contains(&file)).unwrap();
        assert!(bytes(&sandbox, again) == first, "{what}");
        // Who names no change does not know what came or went.
        let again = match changed {
            [] => quick.load(&options, Limits::default(), &|_| false),
            _ => quick.load_again(&options, Limits::default(), changed),
        };
        assert!(bytes(&sandbox, again.unwrap()) == first, "{what}, quickly");
        first
    };
    let files: Vec<String> = crate::city::tree(&sandbox.content()).into_keys().collect();
    let policies: Vec<&str> = files.iter().map(String::as_str).filter(|file| file.starts_with("policies/")).collect();
    let (first, second) = (policies[0], policies[1]);
    let before = look(&[], "nothing was read before").unwrap();

    let text = sandbox.text(first);
    sandbox.write(first, format!("{text}\n又写了一段。\n"));
    let after = look(&[first], "a text grew").unwrap();
    assert_ne!(before, after);

    sandbox.write(first, text.replacen("title = \"", "title = \"新的", 1));
    look(&[first], "a title that other pages show").unwrap();

    sandbox.write(first, "+++\nno head\n");
    look(&[first], "a file broke").ok();

    sandbox.write(first, &text);
    assert_eq!(look(&[first], "and was mended").unwrap(), before);

    let copy = first.replace(".md", "-kopie.md");
    sandbox.write(&copy, sandbox.text(second).replacen("index_number = \"", "index_number = \"X", 1));
    look(&[], "a file came").ok();
    std::fs::remove_file(sandbox.content().join(&copy)).unwrap();
    assert_eq!(look(&[], "and went").unwrap(), before);

    for file in files.iter().filter(|file| file.starts_with("attachments/")) {
        sandbox.write(file, "another content");
        look(&[file], "an attachment changed").unwrap();
    }
    for table in files.iter().filter(|file| file.starts_with("tables/") || file.starts_with("questions/")) {
        sandbox.write(
            table,
            sandbox.text(table).replacen("name = \"", "name = \"新", 1).replacen("question = \"", "question = \"新", 1),
        );
        look(&[table], table).unwrap();
    }
}

/// Edits of all kinds, one after the other: most leave the outline of the city alone, some do not.
#[test]
fn many_edits_give_what_a_first_loading_would() {
    let sandbox = Sandbox::new();
    let options = sandbox.options(NewCodes::Provisional);
    let mut loader = Loader::default();
    loader.load(&options, Limits::default(), &|_| true).unwrap();
    let files: Vec<String> = crate::city::tree(&sandbox.content()).into_keys().collect();
    let edited: Vec<&String> = files.iter().filter(|file| file.ends_with(".md") || file.ends_with(".toml")).collect();
    let edits: [fn(&str) -> String; 9] = [
        |text| text.replacen('。', "，真的。", 1),
        |text| format!("{text}\n又一段。\n"),
        |text| text.replacen("第三条", "第二十三条", 1),
        |text| format!("{text}\n见[那里](/policy/2021-zufang-butie/#article-1)。\n"),
        |text| format!("{text}\n依据《新的办法》（青屿人社发〔2025〕12号）。\n"),
        |text| text.replacen("202", "201", 1),
        |text| text.replacen("= \"", "= \"新", 1),
        |text| text.replacen("\n\n", "\n\n\n", 1),
        |text| {
            text.lines().rev().skip(1).collect::<Vec<_>>().into_iter().rev().map(|line| format!("{line}\n")).collect()
        },
    ];
    for step in 0..120 {
        // Two numbers without a common factor with the lengths: every kind of edit meets every kind of file.
        let (file, edit) = (edited[step * 7 % edited.len()], edits[step * 4 % edits.len()]);
        let before = sandbox.text(file);
        sandbox.write(file, edit(&before));
        let again = loader.load_again(&options, Limits::default(), &[file]).unwrap();
        let first = yima::load(&options).unwrap();
        assert!(bytes(&sandbox, again) == bytes(&sandbox, first), "step {step}: {file}");
        // Mistakes must not pile up until nothing is a city any more.
        if step % 3 != 0 {
            sandbox.write(file, before);
            loader.load_again(&options, Limits::default(), &[file]).unwrap();
        }
    }
}
