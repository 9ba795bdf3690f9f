//! throw-away
use std::io::{BufRead, BufReader, Read};
use std::time::Instant;

use yima_search::index::*;
use yima_search::{Asked, Engine};
fn gz(name: &str) -> Vec<serde_json::Value> {
    let out = std::process::Command::new("zcat").arg(format!("/work/shared/data/{name}")).output().unwrap();
    BufReader::new(&out.stdout[..]).lines().map(|l| serde_json::from_str(&l.unwrap()).unwrap()).collect()
}
fn s<'a>(v: &'a serde_json::Value, k: &str) -> &'a str {
    v[k].as_str().unwrap_or("")
}
fn e(k: &str, d: usize) -> usize {
    std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d)
}
fn main() {
    let mut words: Vec<Words> = vec![];
    let mut t = String::new();
    std::fs::File::open("/tmp/proto/words.txt").unwrap().read_to_string(&mut t).unwrap();
    let mut map = std::collections::BTreeMap::<String, Vec<String>>::new();
    for l in t.lines() {
        let (a, b) = l.split_once(" = ").unwrap();
        for x in a.split(' ') {
            for y in b.split(' ') {
                if x != y {
                    map.entry(x.into()).or_default().push(y.into());
                }
            }
        }
    }
    for (say, means) in map {
        words.push(Words { say, means });
    }
    let q = gz("questions.jsonl.gz");
    let p = gz("policies.jsonl.gz");
    let d = gz("paraphrase-docs.jsonl.gz");
    let l = gz("laws.jsonl.gz");
    let only = std::env::args().nth(1);
    let sets: Vec<(&str, Vec<(String, String, String)>, bool, Vec<&str>)> = vec![
        (
            "qa",
            q.iter().map(|v| (s(v, "id").into(), s(v, "q").into(), s(v, "a").into())).collect(),
            true,
            vec!["queries-gov.jsonl.gz", "queries-insurance.jsonl.gz"],
        ),
        (
            "legal",
            q.iter().map(|v| (s(v, "id").into(), String::new(), s(v, "a").into())).collect(),
            true,
            vec!["queries-legal.jsonl.gz"],
        ),
        (
            "policy",
            p.iter().map(|v| (s(v, "id").into(), s(v, "title").into(), s(v, "body").into())).collect(),
            false,
            vec!["queries-policy.jsonl.gz"],
        ),
        (
            "para",
            d.iter().map(|v| (s(v, "id").into(), s(v, "q").into(), s(v, "a").into())).collect(),
            true,
            vec!["queries-paraphrase.jsonl.gz"],
        ),
        (
            "law",
            l.iter().map(|v| (s(v, "id").into(), s(v, "title").into(), s(v, "body").into())).collect(),
            false,
            vec!["queries-law.jsonl.gz"],
        ),
    ];
    for (name, docs, is_q, queries) in sets {
        if only.as_deref().is_some_and(|o| o != name) {
            continue;
        }
        let start = Instant::now();
        let mut b = Builder::default();
        for (_, t, a) in &docs {
            b.push(Record { titles: &[t], identifiers: &[], body: &[a] });
        }
        let built = b.finish(&Sizes { titles: e("ST", 8192), bodies: e("SB", 20480), most: e("SM", 160) });
        let time = start.elapsed();
        let sum = |v: &Vec<(u32, Vec<u8>)>| (v.len(), v.iter().map(|x| x.1.len()).sum::<usize>() / 1024);
        let mut head = Head {
            docs: docs.len() as u32,
            first_question: if is_q { 0 } else { docs.len() as u32 },
            title_lengths: built.title_lengths.clone(),
            body_lengths: built.body_lengths.clone(),
            words: words.clone(),
            ..Head::default()
        };
        *head.files.layout_mut(Family::Titles) =
            Layout { starts: built.titles.iter().map(|x| x.0).collect(), names: vec![[0; 8]; built.titles.len()] };
        *head.files.layout_mut(Family::Bodies) =
            Layout { starts: built.bodies.iter().map(|x| x.0).collect(), names: vec![[0; 8]; built.bodies.len()] };
        println!(
            "{name}: {} docs, {:?}, titles {:?} bodies {:?} KiB, head {} B",
            docs.len(),
            time,
            sum(&built.titles),
            sum(&built.bodies),
            head.encode().len()
        );
        for limited in [true, false] {
            for set in &queries {
                let mut engine = Engine::new(head.clone());
                let (mut h1, mut h3, mut mrr, mut n) = (0, 0, 0.0, 0);
                let (mut bytes, mut reqs) = (vec![], vec![]);
                let mut lat = vec![];
                for v in gz(set) {
                    let asked = Asked::new(s(&v, "q"), &head.words);
                    if limited {
                        engine = Engine::new(head.clone());
                        let mut tot = 0;
                        let mut r = 0;
                        for tier in [Family::Titles, Family::Bodies] {
                            for id in engine.wanted(&asked, tier) {
                                let by = if tier == Family::Titles { &built.titles } else { &built.bodies };
                                tot += by[id.file].1.len();
                                r += 1;
                                engine.supply(id, &by[id.file].1).unwrap();
                            }
                        }
                        bytes.push(tot);
                        reqs.push(r);
                    } else {
                        for id in engine.wanted_for_strings(&asked) {
                            let by = if id.family == Family::Titles { &built.titles } else { &built.bodies };
                            engine.supply(id, &by[id.file].1).unwrap();
                        }
                        for _ in 0..3 {
                            for tier in [Family::Titles, Family::Bodies] {
                                for id in engine.wanted(&asked, tier) {
                                    let by = if tier == Family::Titles { &built.titles } else { &built.bodies };
                                    engine.supply(id, &by[id.file].1).unwrap();
                                }
                            }
                        }
                    }
                    engine.prepare(&asked).unwrap();
                    let t = Instant::now();
                    let found = engine.rank(&asked);
                    lat.push(t.elapsed().as_micros());
                    let gold: Vec<&str> = v["gold"].as_array().unwrap().iter().map(|x| x.as_str().unwrap()).collect();
                    n += 1;
                    for (r, f) in found.iter().take(10).enumerate() {
                        if gold.contains(&docs[f.doc as usize].0.as_str()) {
                            if r == 0 {
                                h1 += 1
                            }
                            if r < 3 {
                                h3 += 1
                            }
                            mrr += 1.0 / (r as f64 + 1.0);
                            break;
                        }
                    }
                }
                lat.sort();
                bytes.sort();
                reqs.sort();
                let f = |x: usize| x as f64 / n as f64;
                println!(
                    "  {set:28} {} hit1 {:.3} hit3 {:.3} mrr {:.3}  p50 {}us p95 {}us  KiB {:?}/{:?} reqs {:?}/{:?}",
                    if limited { "cold" } else { "all " },
                    f(h1),
                    f(h3),
                    mrr / n as f64,
                    lat[n / 2],
                    lat[n * 95 / 100],
                    bytes.get(n / 2).map(|b| b / 1024),
                    bytes.last().map(|b| b / 1024),
                    reqs.get(n / 2),
                    reqs.last()
                );
            }
        }
    }
}
