//! Loading again opens only what has changed, and gives the same site as loading for the first time.

use std::collections::BTreeMap;

use yima::site::{Content, Render};
use yima::source::Limits;
use yima::{Loaded, Loader, NewCodes, Press};

use crate::city::Sandbox;

/// Every path of the site with its bytes, or the mistakes for which there is none.
fn bytes(sandbox: &Sandbox, loaded: Loaded) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let told = sandbox.report(loaded.mistakes).text(Default::default()).to_string();
    let Some(project) = loaded.project else { return Err(told) };
    let press = Press::new(&project).unwrap();
    let site = press.plan().map_err(|_| told)?;
    let render = |content: &Content<_>| match content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Recipe(recipe) => press.render(recipe).unwrap(),
    };
    Ok(site.iter().map(|(path, entry)| (path.to_string(), render(&entry.content))).collect())
}

#[test]
fn a_second_loading_gives_what_a_first_would() {
    let sandbox = Sandbox::new();
    let options = sandbox.options(NewCodes::Provisional);
    let mut loader = Loader::default();
    let mut look = |changed: &[&str], what: &str| {
        let again = loader.load(&options, Limits::default(), &|file| changed.contains(&file)).unwrap();
        let again = bytes(&sandbox, again);
        assert!(again == bytes(&sandbox, yima::load(&options).unwrap()), "{what}");
        again
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
