//! Every file of the demonstration city: follows its schema, leads to pages that are there, says what the record says.

use std::collections::{BTreeMap, BTreeSet};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

use super::*;
use crate::feeds::Feeds;
use crate::plan::Press;
use crate::project::Project;
use crate::project::demonstration;
use crate::site::Render;

/// Every file of data that is JSON, by its path.
fn files(press: &Press<'_>) -> BTreeMap<String, Value> {
    let data = press.data();
    let plan = data.plan().into_iter().filter(|(path, _)| path.ends_with(".json"));
    plan.map(|(path, recipe)| {
        let value = serde_json::from_slice(&data.render(&recipe).unwrap()).unwrap_or_else(|e| panic!("{path}: {e}"));
        (path, value)
    })
    .collect()
}

fn with_files(test: impl FnOnce(&Project, &Press<'_>, &BTreeMap<String, Value>)) {
    let project = demonstration::project();
    let press = Press::new(&project).unwrap();
    test(&project, &press, &files(&press));
}

/// The published schemas, compiled, by their address.
fn compiled(files: &BTreeMap<String, Value>) -> (Schemas, BTreeMap<String, SchemaIndex>) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    let published: Vec<(&str, &Value)> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/schema/"))
        .map(|(_, schema)| (schema["$id"].as_str().unwrap(), schema))
        .collect();
    for (id, schema) in &published {
        compiler.add_resource(id, (*schema).clone()).unwrap();
    }
    let index = |(id, _): &(&str, _)| {
        let index = compiler.compile(id, &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        ((*id).to_owned(), index)
    };
    let by_id = published.iter().map(index).collect();
    (schemas, by_id)
}

#[test]
fn every_file_follows_its_published_schema() {
    with_files(|_, _, files| {
        let (schemas, by_id) = compiled(files);
        assert_eq!(by_id.len(), Schema::ALL.len());
        for (path, file) in files.iter().filter(|(path, _)| !path.starts_with("data/schema/")) {
            let named = file["$schema"].as_str().unwrap();
            let schema = by_id.get(named).unwrap_or_else(|| panic!("{path} names {named}"));
            if let Err(error) = schemas.validate(file, *schema) {
                panic!("{path}: {error}");
            }
            assert_eq!(file["format"], FORMAT, "{path}");
            assert_eq!(file["as_of"], "2026-11-22", "{path}");
            assert_eq!(file["demonstration"], true, "{path}");
        }
    });
}

#[test]
fn a_file_that_breaks_its_schema_is_seen() {
    with_files(|_, _, files| {
        let (schemas, by_id) = compiled(files);
        let good = &files["data/policy/2025-qingnian-zufang-butie.json"];
        let schema = by_id[good["$schema"].as_str().unwrap()];
        let breaks: [fn(&mut Value); 6] = [
            |file| file["unknown"] = Value::from(1),
            |file| file["published"] = Value::from("2025-02-30"),
            |file| drop(file.as_object_mut().unwrap().remove("text")),
            |file| file["validity"]["id"] = Value::from("valid"),
            |file| drop(file["stages"].as_array_mut().unwrap().pop()),
            |file| file["benefits"][0]["extra"] = Value::from(1),
        ];
        for (place, make) in breaks.into_iter().enumerate() {
            let mut file = good.clone();
            make(&mut file);
            assert!(schemas.validate(&file, schema).is_err(), "break {place}");
        }
    });
}

/// The names of all keys below `value`.
fn keys<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.insert(key);
                keys(value, found);
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| keys(row, found)),
        _ => {}
    }
}

/// The names of all properties that a schema describes.
fn described<'a>(schema: &'a Value, found: &mut BTreeSet<&'a str>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                found.extend(properties.keys().map(String::as_str));
            }
            map.values().for_each(|value| described(value, found));
        }
        Value::Array(rows) => rows.iter().for_each(|row| described(row, found)),
        _ => {}
    }
}

#[test]
fn no_schema_describes_what_no_file_has() {
    with_files(|_, _, files| {
        let (mut there, mut promised) = (BTreeSet::new(), BTreeSet::new());
        for (path, file) in files {
            if path.starts_with("data/schema/") {
                described(file, &mut promised);
            } else {
                keys(file, &mut there);
            }
        }
        let absent: Vec<_> = promised.difference(&there).collect();
        // No article of the demonstration city is a 第X条之一, and every answer of it rests on a document.
        assert_eq!(absent, [&"sub", &"unbound"]);
    });
}

/// All texts below `value` that are addresses of this site.
fn addresses<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| addresses(value, found)),
        Value::Array(rows) => rows.iter().for_each(|row| addresses(row, found)),
        Value::String(text) if !text.contains('{') => found.extend(text.strip_prefix("https://zc.qingyu.example/")),
        _ => {}
    }
}

#[test]
fn every_address_leads_to_something() {
    with_files(|_, press, files| {
        let site = press.plan().unwrap();
        let mut found = BTreeSet::new();
        files.values().for_each(|file| addresses(file, &mut found));
        assert!(found.len() > 1_000, "{}", found.len());
        let mut pages: BTreeMap<String, String> = BTreeMap::new();
        for address in found {
            let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
            let path =
                if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
            let entry = site.get(&path).unwrap_or_else(|| panic!("nothing stands at {address}"));
            if anchor.is_empty() {
                continue;
            }
            let crate::site::Content::Recipe(recipe) = &entry.content else { continue };
            let page = pages.entry(path).or_insert_with(|| String::from_utf8(press.render(recipe).unwrap()).unwrap());
            assert!(page.contains(&format!("id=\"{anchor}\"")), "no anchor for {address}");
        }
    });
}

#[test]
fn the_index_names_every_file_of_data_and_every_feed() {
    with_files(|_, press, files| {
        let index = &files["data/index.json"];
        let mut named = BTreeSet::new();
        addresses(&index["files"], &mut named);
        let feeds = Feeds::plan(press.data().shelves, 0)
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.starts_with("feeds/"));
        for path in press.data().plan().into_iter().map(|(path, _)| path).chain(feeds) {
            let known = named.contains(path.as_str()) || path.starts_with("data/policy/") || path == "data/index.json";
            assert!(known, "{path}");
        }
        assert_eq!(index["templates"][0]["template"], "https://zc.qingyu.example/data/policy/{id}.json");
    });
}

#[test]
fn a_policy_says_all_that_is_known_about_it() {
    with_files(|project, _, files| {
        let new = &files["data/policy/2025-qingnian-zufang-butie.json"];
        assert_eq!(new["validity"]["id"], "in_force");
        assert_eq!(new["relations"]["outgoing"][0]["id"], "2020-biyesheng-zufang");
        assert_eq!(new["relations"]["outgoing"][0]["kind"]["name"], "替代");
        assert_eq!(new["citywide"], false);
        let old = &files["data/policy/2020-biyesheng-zufang.json"];
        let back = old["relations"]["incoming"].as_array().unwrap();
        let replaced = back.iter().find(|row| row["kind"]["id"] == "replaces").unwrap();
        assert_eq!(replaced["kind"]["name"], "被其替代");
        assert_eq!(replaced["url"], new["url"]);
        for entry in &project.city.policies {
            let file = &files[&format!("data/policy/{}.json", entry.policy.id)];
            assert_eq!(file["text"], entry.body.text());
            assert_eq!(file["articles"].as_array().unwrap().len(), entry.body.articles.len());
            let codes = project.city.codes.by_record.keys().filter(|key| key.policy_id() == Some(&entry.policy.id));
            let parts = ["attachments", "stages", "articles"].into_iter().flat_map(|key| file[key].as_array().unwrap());
            let shown = parts.chain([file]).filter(|part| part.get("code").is_some()).count();
            assert_eq!(shown, codes.count(), "{}", entry.policy.id);
            for (paper, shown) in entry.policy.attachments.iter().zip(file["attachments"].as_array().unwrap()) {
                let bytes = &project.assets.files[&format!("attachment/{}/{}", entry.policy.id, paper.file)];
                assert_eq!(shown["bytes"], bytes.len());
            }
        }
    });
}

#[test]
fn lists_are_whole_and_stand_newest_first() {
    with_files(|project, _, files| {
        let all = files["data/policies.json"]["policies"].as_array().unwrap();
        assert_eq!(all.len(), project.city.policies.len());
        for (path, list) in files.iter().filter(|(_, file)| file.get("policies").is_some_and(Value::is_array)) {
            let days: Vec<&str> =
                list["policies"].as_array().unwrap().iter().map(|row| row["published"].as_str().unwrap()).collect();
            assert!(days.is_sorted_by(|a, b| a >= b), "{path}");
            assert_eq!(list["total"], days.len(), "{path}");
        }
        let questions = |path: &String| path.starts_with("data/questions/");
        let asked = files.iter().filter(|(path, _)| questions(path)).map(|(_, file)| file["total"].as_u64().unwrap());
        assert_eq!(asked.sum::<u64>(), project.city.questions.len() as u64);
    });
}

#[test]
fn the_list_of_a_district_holds_what_applies_there() {
    with_files(|project, _, files| {
        let citywide = project.city.policies.iter().filter(|entry| entry.policy.districts.is_empty()).count();
        let rows = files["data/district/dengtadao.json"]["policies"].as_array().unwrap();
        let (everywhere, own): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row["citywide"] == true);
        assert_eq!(everywhere.len(), citywide);
        let own: BTreeSet<_> = own.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert!(own.contains("2026-dengtadao-yuyue") && !own.contains("2023-chayuan-tisheng"), "{own:?}");
    });
}

#[test]
fn the_published_ledger_holds_every_code() {
    with_files(|project, press, _| {
        let ledger = press.data().render(&DataRecipe::Ledger).unwrap();
        let lines = crate::codes::Ledger::parse(&ledger);
        assert_eq!(lines.problems, []);
        let codes: BTreeSet<_> = lines.lines.iter().map(|line| line.code).collect();
        assert!(project.city.codes.by_code.keys().all(|code| codes.contains(code)));
    });
}

#[test]
fn a_recipe_of_another_city_is_an_error() {
    with_files(|_, press, _| {
        let data = press.data();
        for recipe in [
            DataRecipe::Policy(9_999),
            DataRecipe::Questions(9_999),
            DataRecipe::List { facet: Facet::Theme, value: 9_999 },
        ] {
            assert!(data.render(&recipe).is_err(), "{recipe:?}");
        }
    });
}
