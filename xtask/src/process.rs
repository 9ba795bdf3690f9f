//! Running other programs: what a person sees meanwhile, and what goes wrong.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How a chore, or a part of one, ended.
pub(crate) type Outcome<T = ()> = Result<T, Trouble>;

/// What stopped a chore, in words, and what to do about it.
#[derive(Debug)]
pub(crate) struct Trouble {
    what: String,
    hint: Option<String>,
}

impl Trouble {
    /// What went wrong.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    /// The command or step that gets a person on.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  try: {hint}"),
            None => Ok(()),
        }
    }
}

/// Says what happens next.
pub(crate) fn say(text: &str) {
    eprintln!("\n==> {text}");
}

/// Runs a program that shows its own progress.
///
/// # Errors
/// When it cannot be started or does not end well.
pub(crate) fn run(title: &str, command: &mut Command) -> Outcome {
    say(title);
    let start = Instant::now();
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if !status.success() {
        return Err(Trouble::new(format!("{title}: {status}")).hint(line(command)));
    }
    eprintln!("    {} s", start.elapsed().as_secs());
    Ok(())
}

/// Runs a program that says nothing while it works: the seconds are counted here, its output is shown when it fails.
///
/// # Errors
/// When it cannot be started or does not end well.
pub(crate) fn run_quiet(title: &str, command: &mut Command) -> Outcome {
    say(title);
    let start = Instant::now();
    let (done, wait) = channel::<()>();
    let clock = thread::spawn(move || {
        let (step, end) = if std::io::stderr().is_terminal() { (1, "\r") } else { (20, "\n") };
        while wait.recv_timeout(Duration::from_secs(step)) == Err(RecvTimeoutError::Timeout) {
            eprint!("    … {} s{end}", start.elapsed().as_secs());
            let _ = std::io::stderr().flush();
        }
    });
    let output = command.stdin(Stdio::null()).output();
    drop(done);
    let _ = clock.join();
    let output = output.map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        return Err(Trouble::new(format!("{title}: {}", output.status)).hint(line(command)));
    }
    eprintln!("    {} s", start.elapsed().as_secs());
    Ok(())
}

/// What a program prints, or `None` when it is not there or does not end well.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let settings = command.get_envs().filter(|(name, _)| *name != "PATH").filter_map(|(name, value)| {
        value.map(|value| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()))
    });
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = settings.chain(words).collect();
    words.join(" ")
}

/// The trouble of a program that did not even start.
pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> Trouble {
    Trouble::new(format!("cannot start {}: {error}", command.get_program().to_string_lossy()))
}
