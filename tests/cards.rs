//! The card is the product: what every card of the demonstration city keeps to.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use yima::pages::{PageRecipe, Renderer};
use yima::{NewCodes, Options};

/// Brotli bytes of a whole card, HTML with its style and its QR symbol: the median of the policies' cards.
const MEDIAN: usize = 10 * 1024;
/// The largest card of any kind: one TCP first flight.
const LARGEST: usize = 14 * 1024;

/// Reads cards, each behind its length in four bytes, and prints the brotli size of each.
const MEASURE: &str = "
const zlib = require('zlib'), all = require('fs').readFileSync(0);
for (let at = 0; at < all.length;) {
  const end = at + 4 + all.readUInt32BE(at);
  const quality = { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 };
  console.log(zlib.brotliCompressSync(all.subarray(at + 4, end), { params: quality }).length);
  at = end;
}";

fn cards() -> Vec<(PageRecipe, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let options = Options {
        content: root.join("content"),
        public: root.join("public"),
        app: None,
        today: "2026-11-22".parse().expect("a date"),
        new_codes: NewCodes::Provisional,
    };
    let project = yima::load(&options).expect("a content folder").project.expect("content that links");
    let site = Renderer::new(&project.city, &project.assets).expect("templates that compile");
    let plan = site.plan().into_iter().map(|(_, recipe)| recipe);
    plan.filter(|recipe| matches!(recipe, PageRecipe::Card(_)))
        .map(|recipe| {
            let bytes = site.render(&recipe).unwrap_or_else(|error| panic!("{error}"));
            (recipe, String::from_utf8(bytes).expect("text"))
        })
        .collect()
}

#[test]
fn every_card_arrives_in_one_flight() {
    let cards = cards();
    let mut node = Command::new("node")
        .args(["-e", MEASURE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is on the path: install Node.js");
    let mut pipe = node.stdin.take().expect("a pipe");
    let mut all = Vec::new();
    for (_, html) in &cards {
        all.extend(u32::try_from(html.len()).expect("a card is small").to_be_bytes());
        all.extend(html.as_bytes());
    }
    pipe.write_all(&all).expect("node reads");
    drop(pipe);
    let output = node.wait_with_output().expect("node ends");
    let sizes: Vec<usize> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().expect("a number")).collect();
    assert_eq!(sizes.len(), cards.len());
    let largest = sizes.iter().copied().max().unwrap_or(0);
    assert!(largest <= LARGEST, "the largest card takes {largest} bytes, {LARGEST} allowed");
    let glance = |html: &str| html.contains("<dl class=\"glance\">");
    let mut whole: Vec<usize> =
        sizes.iter().zip(&cards).filter(|(_, (_, html))| glance(html)).map(|(&size, _)| size).collect();
    whole.sort_unstable();
    let median = whole[whole.len() / 2];
    assert!(median <= MEDIAN, "half of the policies' cards take more than {median} bytes, {MEDIAN} allowed");
}

#[test]
fn a_card_needs_nothing_else_to_be_read() {
    for (recipe, html) in cards() {
        assert!(html.contains("<style>") && html.contains("<svg class=\"qr\""), "{recipe:?}");
        assert!(!html.contains("rel=\"stylesheet\"") && !html.contains("<img"), "{recipe:?} waits for another file");
        assert!(!html.contains(".wasm") && !html.contains("type=\"module\""), "{recipe:?} loads the app");
    }
}
