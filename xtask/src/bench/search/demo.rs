//! The demonstration city as a set, so that anyone can run the bench: its questions and policies are the records, the
//! other ways to ask that editors wrote down are the questions. Those are not indexed.

use toml::{Table, Value};

use super::sets::{Doc, Question, Set};
use crate::disk;
use crate::process::{Outcome, Trouble};

/// Reads `content/`.
///
/// # Errors
/// When a file of it cannot be read.
pub(crate) fn set() -> Outcome<Set> {
    let content = disk::root().join("content");
    let mut set = Set { name: "demo".to_owned(), docs: Vec::new(), questions: Vec::new() };
    for file in disk::files(&content.join("questions"))? {
        let table = table(&disk::read(&file)?)?;
        let rows = table.get("questions").and_then(Value::as_array).into_iter().flatten();
        for row in rows {
            let id = word(row.get("id"));
            let variants = row.get("variants").and_then(Value::as_array).into_iter().flatten();
            let gold = || vec![id.clone()];
            set.questions.extend(variants.map(|asked| Question { text: word(Some(asked)), gold: gold() }));
            set.docs.push(Doc { title: word(row.get("question")), body: word(row.get("answer")), id });
        }
    }
    for file in disk::files(&content.join("policies"))? {
        let text = disk::read(&file)?;
        let parts = text.strip_prefix("+++\n").and_then(|text| text.split_once("\n+++\n"));
        let (head, body) = parts.ok_or_else(|| Trouble::new(format!("{}: no head", file.display())))?;
        let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        set.docs.push(Doc { id, title: word(table(head)?.get("title")), body: body.to_owned() });
    }
    set.proved()
}

fn word(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn table(text: &str) -> Outcome<Table> {
    toml::from_str(text).map_err(|error| Trouble::new(format!("the demonstration city: {error}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demonstration_city_is_a_set() {
        let set = super::set().unwrap();
        assert!(set.docs.len() > 200 && set.questions.len() > 100, "{} {}", set.docs.len(), set.questions.len());
        let held_out = |text: &str| set.docs.iter().all(|doc| doc.title != text);
        assert!(set.questions.iter().all(|question| held_out(&question.text)));
    }
}
