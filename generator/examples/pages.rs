//! Writes the pages of a content folder to another folder, to be looked at, and says how long rendering takes.
//!
//! `cargo run --release -p yima --example pages -- content public /tmp/pages 2026-11-22`
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a look at the pages, not part of the build")]

use std::path::Path;
use std::time::Instant;

use yima::pages::Renderer;
use yima::project::{NewCodes, Options, load};

/// Each page is rendered so many times and the fastest counts: what else the machine does is not the page's fault.
const TIMES: u32 = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [content, public, out, today] = arguments.as_slice() else { panic!("content public out date") };
    let options = Options {
        content: content.into(),
        public: public.into(),
        app: None,
        today: today.parse().unwrap(),
        new_codes: NewCodes::Provisional,
    };
    let loaded = load(&options).unwrap();
    println!("{} mistakes", loaded.mistakes.0.len());
    let project = loaded.project.expect("content that can be linked");
    let begun = Instant::now();
    let site = Renderer::new(&project.city, &project.assets).unwrap();
    println!("new {:?}", begun.elapsed());
    let mut kinds: std::collections::BTreeMap<String, (u32, u128, usize)> = std::collections::BTreeMap::new();
    for (address, recipe) in site.plan() {
        let (nanos, bytes) = (0..TIMES)
            .map(|_| {
                let begun = Instant::now();
                let bytes = site.render(&recipe).unwrap_or_else(|error| panic!("{error}"));
                (begun.elapsed().as_nanos(), bytes)
            })
            .min_by_key(|(nanos, _)| *nanos)
            .unwrap();
        let name = format!("{recipe:?}");
        let kind = kinds.entry(name.split(['(', ' ']).next().unwrap().to_owned()).or_default();
        kind.0 += 1;
        kind.1 += nanos;
        kind.2 += bytes.len();
        let path = if address.ends_with('/') || address.is_empty() { format!("{address}index.html") } else { address };
        put(&Path::new(out).join(path), &bytes);
    }
    for (path, bytes) in &project.assets.files {
        put(&Path::new(out).join(path), bytes);
    }
    for (kind, (pages, nanos, bytes)) in kinds {
        let pages_wide = u128::from(pages);
        println!(
            "{kind:14} {pages:6} pages {:8} µs each, {:8} bytes each",
            nanos / pages_wide / 1000,
            bytes / pages as usize
        );
    }
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}
