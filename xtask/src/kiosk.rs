//! `cargo xtask kiosk`: a kiosk on this machine, to try it: the demonstration city on a stick that is a folder, taken,
//! served, and shown by Chromium as a kiosk shows it.

use std::path::PathBuf;
use std::process::{Child, Command};

use crate::args::Args;
use crate::process::{Outcome, not_started, run, say};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// Runs until the browser is closed; with `--shot`, for machines without a screen, until it has taken a picture.
pub(crate) fn run_chore(mut args: Args) -> Outcome {
    let content = args.path("content", "content")?;
    let work = args.path("work", "target/kiosk")?;
    let port: u16 = args.take("port")?.unwrap_or(8090);
    let shot: Option<PathBuf> = args.take("shot")?;
    args.finish()?;
    tools::for_app()?;
    let app = site::app(Profile::Dev)?;
    let yima = site::generator(Profile::Dev)?;
    let (dist, stick, folder) = (work.join("dist"), work.join("stick"), work.join("kiosk"));
    run("the site", site::build_command(&yima, &content).arg("--app").arg(app).arg("--out").arg(&dist))?;
    let kiosk = |word: &str| {
        let mut command = Command::new(&yima);
        command.args(["kiosk", word]).arg("--content").arg(&content);
        command
    };
    run("the stick", kiosk("export").arg(&stick).arg("--site").arg(&dist))?;
    if !folder.join("keys.txt").exists() {
        run("the kiosk", kiosk("init").arg(&folder).arg("--key").arg(content.join("site.toml")))?;
    }
    run("the update", kiosk("import").arg(&stick).arg("--into").arg(&folder))?;
    let address = format!("127.0.0.1:{port}");
    let mut serve = kiosk("serve");
    serve.arg(&folder).args(["--listen", &address]);
    say("the server");
    let _server = Server(serve.spawn().map_err(|error| not_started(&serve, &error))?);
    let mut chromium = Command::new(disk::root().join("kiosk/yima-kiosk-browser"));
    if let Some(shot) = shot {
        chromium.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--screen-info={1080x1920}"]);
        chromium.arg(format!("--screenshot={}", shot.display()));
    }
    run("Chromium, until it is closed", chromium.env("YIMA_KIOSK_ADDRESS", &address))
}

/// Ends with this chore.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
