//! The page script says what the model says, on any device: one table of cases, run by both.

use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_script_agrees_with_the_model_in_every_zone() {
    for zone in ["Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Niue"] {
        let ran = Command::new("node").arg(root().join("page_script.mjs")).env("TZ", zone).output();
        let output = ran.expect("node is on the path: install Node.js");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "in {zone}:\n{said}");
        let held: usize = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a count");
        assert!(held > 40, "only {held} cases in {zone}");
    }
}

#[test]
fn the_script_stays_small() {
    const LARGEST: u64 = 4_096;
    let size = std::fs::metadata(root().join("../public/assets/yima.js")).expect("the page script").len();
    assert!(size <= LARGEST, "{size} bytes, {LARGEST} allowed");
}
