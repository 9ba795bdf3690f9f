//! Sets of records and questions: any JSON Lines, named on the command line or in a manifest.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::disk;
use crate::process::{Outcome, Trouble};

/// What is indexed of a record.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Doc {
    pub(crate) id: String,
    /// May be empty.
    pub(crate) title: String,
    /// May be empty.
    pub(crate) body: String,
}

/// A question, and the records that answer it.
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) gold: Vec<String>,
}

/// Records with questions on them.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) docs: Vec<Doc>,
    pub(crate) questions: Vec<Question>,
}

/// Where a set comes from.
struct Source {
    name: String,
    docs: PathBuf,
    queries: PathBuf,
    /// The field that is the title, and the one that is the body; the usual names when none is given.
    fields: Option<[String; 2]>,
}

/// The sets of a manifest: one table per set, paths counted from the folder of the manifest.
///
/// # Errors
/// When the manifest or one of its files cannot be read or is not of the documented shape.
pub(crate) fn of_manifest(path: &Path, only: &[String]) -> Outcome<Vec<Set>> {
    let bad = |reason: String| Trouble::new(format!("{}: {reason}", path.display())).hint("docs/search-bench.md");
    let manifest: toml::Table = toml::from_str(&disk::read(path)?).map_err(|error| bad(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut sets = Vec::new();
    for (name, value) in manifest {
        if !only.is_empty() && !only.contains(&name) {
            continue;
        }
        let word = |key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let (Some(docs), Some(queries)) = (word("docs"), word("queries")) else {
            return Err(bad(format!("[{name}] needs docs and queries")));
        };
        let fields = match (word("title"), word("body")) {
            (None, None) => None,
            (title, body) => Some([title.unwrap_or_default(), body.unwrap_or_default()]),
        };
        sets.push(read(Source { name, docs: folder.join(docs), queries: folder.join(queries), fields })?);
    }
    Ok(sets)
}

/// The set of `NAME=DOCS,QUERIES`.
///
/// # Errors
/// When the words are not of this form, or a file is not of the documented shape.
pub(crate) fn of_words(words: &str) -> Outcome<Set> {
    let parts = words.split_once('=').and_then(|(name, files)| Some((name, files.split_once(',')?)));
    let Some((name, (docs, queries))) = parts else {
        return Err(Trouble::new(format!("--set {words}: not a set")).hint("--set NAME=docs.jsonl.gz,queries.jsonl.gz"));
    };
    read(Source { name: name.to_owned(), docs: docs.into(), queries: queries.into(), fields: None })
}

fn read(source: Source) -> Outcome<Set> {
    let mut docs = Vec::new();
    for value in lines(&source.docs)? {
        let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let either = |one: &str, other: &str| [word(one), word(other)].into_iter().find(|w| !w.is_empty());
        let [title, body] = match &source.fields {
            Some([title, body]) => [word(title), word(body)],
            None => [either("title", "q").unwrap_or_default(), either("body", "a").unwrap_or_default()],
        };
        docs.push(Doc { id: word("id").to_owned(), title: title.to_owned(), body: body.to_owned() });
    }
    let mut questions = Vec::new();
    for value in lines(&source.queries)? {
        let text = value.get("q").and_then(Value::as_str).unwrap_or_default().to_owned();
        let gold = value.get("gold").and_then(Value::as_array).into_iter().flatten();
        let gold = gold.filter_map(Value::as_str).map(str::to_owned).collect();
        questions.push(Question { text, gold });
    }
    let set = Set { name: source.name, docs, questions };
    set.proved()
}

impl Set {
    /// The set, if every record can be told from every other and every question has an answer.
    ///
    /// # Errors
    /// When not: figures from such a set would be wrong.
    pub(crate) fn proved(self) -> Outcome<Self> {
        let bad = |what: String| Err(Trouble::new(format!("set {}: {what}", self.name)).hint("docs/search-bench.md"));
        let mut ids: Vec<&str> = self.docs.iter().map(|doc| doc.id.as_str()).collect();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1] || pair[0].is_empty()) {
            return bad(format!("the id `{}` is empty or there twice", twice[0]));
        }
        if self.docs.iter().all(|doc| doc.title.is_empty() && doc.body.is_empty()) || self.questions.is_empty() {
            return bad("no texts or no questions".to_owned());
        }
        for question in &self.questions {
            let known = question.gold.iter().any(|id| ids.binary_search(&id.as_str()).is_ok());
            if question.text.is_empty() || !known {
                return bad(format!("the question `{}` is answered by no record", question.text));
            }
        }
        Ok(self)
    }
}

/// The objects of a file of JSON Lines, which may be compressed.
fn lines(path: &Path) -> Outcome<Vec<Value>> {
    let bytes = disk::read_bytes(path)?;
    let mut text = String::new();
    let bad = |reason: String| Trouble::new(format!("{}: {reason}", path.display()));
    let read = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text),
        false => bytes.as_slice().read_to_string(&mut text),
    };
    read.map_err(|error| bad(error.to_string()))?;
    let parse = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| bad(format!("line {number}: {error}")))
    };
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::{Doc, Question, Set, disk, of_manifest, of_words};

    fn set(ids: &[&str], gold: &str) -> Set {
        let doc = |id: &&str| Doc { id: (*id).to_owned(), title: "甲".to_owned(), body: String::new() };
        let question = Question { text: "乙".to_owned(), gold: vec![gold.to_owned()] };
        Set { name: "x".to_owned(), docs: ids.iter().map(doc).collect(), questions: vec![question] }
    }

    #[test]
    fn a_set_that_would_give_wrong_figures_is_refused() {
        assert!(set(&["1", "2"], "2").proved().is_ok());
        for (ids, gold) in [(&["1", "2"][..], "3"), (&["1", "1"], "1"), (&["", "1"], "1"), (&[], "1")] {
            assert!(set(ids, gold).proved().is_err(), "{ids:?} {gold}");
        }
    }

    #[test]
    fn a_manifest_names_files_and_fields() {
        let folder = disk::target().join("sets-test");
        let write = |file: &str, text: &str| disk::write(&folder.join(file), text).unwrap();
        write("docs", "{\"id\":\"1\",\"q\":\"问\",\"a\":\"答\"}\n\n{\"id\":\"2\",\"title\":\"题\",\"body\":\"文\"}\n");
        write("queries", "{\"q\":\"怎么问\",\"gold\":[\"1\"]}\n");
        write(
            "sets.toml",
            "[all]\ndocs = 'docs'\nqueries = 'queries'\n[part]\ndocs = 'docs'\nqueries = 'queries'\nbody = 'a'\n",
        );
        let texts =
            |set: &Set| set.docs.iter().map(|doc| format!("{}{}{}", doc.id, doc.title, doc.body)).collect::<Vec<_>>();
        let sets = of_manifest(&folder.join("sets.toml"), &[]).unwrap();
        assert_eq!(texts(&sets[0]), ["1问答", "2题文"]);
        assert_eq!(texts(&sets[1]), ["1答", "2"]);
        assert_eq!(of_manifest(&folder.join("sets.toml"), &["part".to_owned()]).unwrap().len(), 1);
        let files = format!("{0}/docs,{0}/queries", folder.display());
        assert_eq!(texts(&of_words(&format!("x={files}")).unwrap()), ["1问答", "2题文"]);
        assert!(of_words(&files).is_err() && of_manifest(&folder.join("docs"), &[]).is_err());
    }
}
