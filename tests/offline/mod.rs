//! Offline, in a real browser, against a host that misbehaves.
mod browser;
mod host;
mod site;
mod visit;

#[test]
fn try_it() {
    let mut visit = visit::Visit::new();
    visit.install().unwrap();
    let files = &visit.releases.of[0];
    visit.same_as(files).unwrap();
}
