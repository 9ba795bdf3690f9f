//! `FOLDER/docs.jsonl` → `FOLDER/built/`: what `yima build` makes of a city, made of records of the bench.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::fs;
    use std::hash::{DefaultHasher, Hasher};
    use std::io::{BufRead, BufReader};
    use std::path::{Path, PathBuf};

    use yima_model::catalogue::{Face, PolicyFace, QuestionFace};
    use yima_search::asked::identifiers;
    use yima_search::catalogue::faces;
    use yima_search::index::texts::TextsWriter;
    use yima_search::index::{Builder, Family, HEAD, Head, Layout, Name, Record, Sizes, Words};
    use yima_search::text::fold;

    /// How many bytes of text a file of texts holds.
    const TEXTS: usize = 160 << 10;

    struct Doc {
        id: String,
        title: String,
        body: String,
    }

    #[expect(clippy::disallowed_methods, reason = "a program of its own, which reads and writes one folder")]
    pub(super) fn run() -> Result<(), Box<dyn Error>> {
        let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
        let folder = arguments.next().ok_or("FOLDER WORDS")?;
        let words = words(&fs::read_to_string(arguments.next().ok_or("FOLDER WORDS")?)?)?;
        let built = folder.join("built");
        let docs = docs(&folder.join("docs.jsonl"))?;

        let mut builder = Builder::default();
        for doc in &docs {
            let names = identifiers(&doc.title);
            builder.push(Record { titles: &[&doc.title], identifiers: &names, body: &[&doc.body] });
        }
        let index = builder.finish(&Sizes::default());
        // A record whose title asks is a question; sets are of one kind.
        let asking = docs.iter().filter(|doc| asks(&doc.title)).count();
        let questions = asking * 2 > docs.len();
        let count = u32::try_from(docs.len())?;
        let mut head = Head {
            docs: count,
            first_question: if questions { 0 } else { count },
            title_lengths: index.title_lengths,
            body_lengths: index.body_lengths,
            words,
            ..Head::default()
        };
        let write = |family: Family, bytes: &[u8]| -> Result<Name, Box<dyn Error>> {
            let name = name(bytes);
            put(&built, &family.path(&name), bytes)?;
            Ok(name)
        };
        for (family, shards) in [(Family::Titles, index.titles), (Family::Bodies, index.bodies)] {
            let named = shards.into_iter().map(|(characters, bytes)| Ok((characters, write(family, &bytes)?)));
            *head.files.layout_mut(family) = Layout::of_characters(named.collect::<Result<Vec<_>, Box<dyn Error>>>()?);
        }
        let of_records = |family: Family, files: Vec<(u32, Vec<u8>)>| {
            let named = files.into_iter().map(|(start, bytes)| Ok((start, write(family, &bytes)?)));
            Ok::<_, Box<dyn Error>>(Layout::of_records(named.collect::<Result<Vec<_>, Box<dyn Error>>>()?))
        };
        let faces = faces::files(count).map(|range| {
            let faces: Vec<Face> =
                docs[range.start as usize..range.end as usize].iter().map(|doc| face(doc, questions)).collect();
            (range.start, faces::encode(range.start, &faces))
        });
        *head.files.layout_mut(Family::Faces) = of_records(Family::Faces, faces.collect())?;
        let (mut texts, mut writer, mut start) = (Vec::new(), TextsWriter::default(), 0);
        for (number, doc) in (0..).zip(&docs) {
            if writer.len() > TEXTS {
                texts.push((start, std::mem::take(&mut writer).finish(start).into_bytes()));
                start = number;
            }
            writer.push([doc.title.as_str(), doc.body.as_str()]);
        }
        if !writer.is_empty() {
            texts.push((start, writer.finish(start).into_bytes()));
        }
        *head.files.layout_mut(Family::Texts) = of_records(Family::Texts, texts)?;
        put(&built, HEAD, &head.encode())
    }

    #[expect(clippy::disallowed_methods, reason = "a program of its own, which writes one folder")]
    fn put(built: &Path, path: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        let path = built.join(path);
        fs::create_dir_all(path.parent().unwrap_or(built))?;
        Ok(fs::write(path, bytes)?)
    }

    fn docs(path: &Path) -> Result<Vec<Doc>, Box<dyn Error>> {
        let mut docs = Vec::new();
        for line in BufReader::new(fs::File::open(path)?).lines() {
            let value: serde_json::Value = serde_json::from_str(&line?)?;
            let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            docs.push(Doc { id: text("id"), title: text("title"), body: text("body") });
        }
        Ok(docs)
    }

    fn face(doc: &Doc, question: bool) -> Face {
        let (id, title) = (doc.id.clone(), doc.title.clone());
        if question {
            Face::Question(QuestionFace { id, question: title, ..QuestionFace::default() })
        } else {
            Face::Policy(PolicyFace { id, title, ..PolicyFace::default() })
        }
    }

    fn asks(title: &str) -> bool {
        const MARKS: [&str; 12] =
            ["？", "?", "吗", "怎么", "如何", "什么", "哪", "多少", "是否", "能不能", "可以", "呢"];
        MARKS.iter().any(|mark| title.contains(mark))
    }

    fn name(bytes: &[u8]) -> Name {
        // The bench needs names that differ, not names that prove anything.
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        hasher.finish().to_le_bytes()
    }

    /// The table of words of the demonstration city, which says nothing of the sets.
    fn words(toml: &str) -> Result<Vec<Words>, Box<dyn Error>> {
        let table: toml::Table = toml.parse()?;
        let mut means: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let list = |entry: &toml::Value, key: &str| -> Vec<String> {
            let strings = entry.get(key).and_then(toml::Value::as_array).into_iter().flatten();
            strings.filter_map(toml::Value::as_str).map(fold).collect()
        };
        for entry in table.get("words").and_then(toml::Value::as_array).into_iter().flatten() {
            let both = entry.get("both").and_then(toml::Value::as_bool).unwrap_or_default();
            for say in list(entry, "say") {
                for mean in list(entry, "means") {
                    means.entry(say.clone()).or_default().push(mean.clone());
                    if both {
                        means.entry(mean).or_default().push(say.clone());
                    }
                }
            }
        }
        let words = means.into_iter().map(|(say, mut means)| {
            means.retain(|mean| *mean != say);
            Words { say, means }
        });
        Ok(words.collect())
    }
}

fn main() -> std::process::ExitCode {
    #[cfg(not(target_arch = "wasm32"))]
    if let Err(error) = native::run() {
        eprintln!("yima-bench-index: {error}");
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}
