//! `cargo xtask serve`: the site on this machine, following every change of its sources.
//!
//! `yima serve` follows the content, the static files and the compiled app by itself. This chore follows what must be
//! compiled: it builds again, and for a new generator it starts `yima serve` anew; open pages reload when it answers.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::args::Args;
use crate::process::{Outcome, Trouble, not_started, say};
use crate::site::{self, Profile};
use crate::{disk, tools};

/// How often the sources are looked at: some hundred files, less than a millisecond of work.
const LOOK: Duration = Duration::from_millis(400);

/// Sources of both halves.
const SHARED: &[&str] = &["Cargo.lock", "Cargo.toml", "model", "search"];
/// Sources of the app alone.
const APP: &[&str] = &["app"];
/// Sources of the generator alone.
const GENERATOR: &[&str] = &["generator"];

/// Serves until it is told to stop.
pub(crate) fn run(mut args: Args) -> Outcome {
    let port: u16 = args.take("port")?.unwrap_or(8080);
    let content = args.path("content", "content")?;
    args.finish()?;
    tools::for_app()?;

    let mut sources = Sources::look()?;
    let app = site::app(Profile::Dev)?;
    let yima = site::generator(Profile::Dev)?;
    let stop = stop_signals()?;
    let mut server = Some(Server::start(&yima, &app, &content, port)?);
    loop {
        match stop.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => return Ok(()),
        }
        if let Some(running) = &mut server
            && running.ended()?
        {
            // Its own words say why: the port is taken, or the content cannot be read at all.
            return Err(Trouble::new("yima serve has ended").hint(format!("cargo xtask serve --port {}", port + 1)));
        }
        let now = Sources::look()?;
        if now == sources {
            continue;
        }
        let shared = now.shared != sources.shared;
        let (app_changed, generator_changed) = (now.app != sources.app, now.generator != sources.generator);
        sources = now;
        match rebuild(shared || app_changed, shared || generator_changed) {
            // A new app is noticed by the server itself.
            Ok(()) if !(shared || generator_changed) => {}
            Ok(()) => {
                // The old one must let go of the port first.
                drop(server.take());
                server = Some(Server::start(&yima, &app, &content, port)?);
            }
            Err(trouble) => {
                eprintln!("\n{trouble}\n    the last good build is still served; waiting for the next change");
            }
        }
    }
}

fn rebuild(app: bool, generator: bool) -> Outcome {
    if generator {
        site::generator(Profile::Dev)?;
    }
    if app {
        site::app(Profile::Dev)?;
    }
    Ok(())
}

/// A running `yima serve`; ends when it is dropped.
struct Server(Child);

impl Server {
    fn start(yima: &Path, app: &Path, content: &Path, port: u16) -> Outcome<Self> {
        let mut command = Command::new(yima);
        command.current_dir(disk::root()).args(["serve", "--public", "public", "--port", &port.to_string()]);
        command.arg("--content").arg(content).arg("--app").arg(app);
        // It prints the address itself, as soon as it listens.
        say("the site");
        command.spawn().map(Self).map_err(|error| not_started(&command, &error))
    }

    fn ended(&mut self) -> Outcome<bool> {
        let status = self.0.try_wait().map_err(|error| Trouble::new(format!("yima serve: {error}")))?;
        Ok(status.is_some())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// When each source file was last changed.
#[derive(PartialEq, Eq)]
struct Sources {
    shared: Vec<(PathBuf, Option<SystemTime>)>,
    app: Vec<(PathBuf, Option<SystemTime>)>,
    generator: Vec<(PathBuf, Option<SystemTime>)>,
}

impl Sources {
    fn look() -> Outcome<Self> {
        Ok(Self { shared: changes(SHARED)?, app: changes(APP)?, generator: changes(GENERATOR)? })
    }
}

fn changes(places: &[&str]) -> Outcome<Vec<(PathBuf, Option<SystemTime>)>> {
    let mut found = Vec::new();
    for place in places {
        let path = disk::root().join(place);
        let files = if path.is_dir() { disk::files(&path)? } else { vec![path] };
        for file in files {
            let changed = file.metadata().and_then(|data| data.modified()).ok();
            found.push((file, changed));
        }
    }
    Ok(found)
}

/// A message when somebody asks us to stop. Without this the server would stay behind and keep the port.
fn stop_signals() -> Outcome<Receiver<()>> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Trouble::new(format!("cannot listen for signals: {error}")))?;
    let (tell, stop) = channel();
    thread::spawn(move || {
        // The first ends the server in order; the second ends us at once, for a compiler that takes long.
        for (count, signal) in signals.forever().enumerate() {
            if count > 0 || tell.send(()).is_err() {
                std::process::exit(128 + signal);
            }
        }
    });
    Ok(stop)
}
