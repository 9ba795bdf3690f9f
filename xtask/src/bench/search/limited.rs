//! Running a program for so long and no longer, and saying why it failed: a peer that runs out of memory or time is a
//! finding, not an accident.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::bench::measure::Cost;
use crate::disk;
use crate::process::{Outcome, Trouble, not_started};

/// What `timeout` from coreutils ends with when the time is up.
const TIME_IS_UP: i32 = 124;

/// Runs it; `Err` inside is the reason why it failed, in words for a table.
///
/// # Errors
/// When it cannot be started at all.
pub(crate) fn run(command: &Command, limit: Duration, log: &Path) -> Outcome<Result<Cost, String>> {
    let file = std::fs::File::create(log).map_err(|error| Trouble::new(format!("{}: {error}", log.display())))?;
    // It ends the program and everything the program started, and is so small that it costs nothing itself.
    let mut timed = Command::new("timeout");
    timed.arg("--kill-after=5").arg(limit.as_secs().to_string()).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(name, value),
            None => timed.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let start = Instant::now();
    let child = timed.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn();
    let used = child.map_err(|error| not_started(&timed, &error))?.wait4();
    let used = used.map_err(|error| Trouble::new(format!("waiting: {error}")))?;
    if used.status.success() {
        let cpu = used.rusage.utime + used.rusage.stime;
        return Ok(Ok(Cost { cpu, wall: start.elapsed(), peak: used.rusage.maxrss }));
    }
    if used.status.code() == Some(TIME_IS_UP) || start.elapsed() >= limit {
        return Ok(Err(format!("not done after {} s", limit.as_secs())));
    }
    let said = String::from_utf8_lossy(&disk::read_bytes(log)?).into_owned();
    Ok(Err(reason(&said).unwrap_or_else(|| used.status.to_string())))
}

/// What of its last words says why.
fn reason(said: &str) -> Option<String> {
    if said.contains("heap out of memory") {
        return Some("out of memory".to_owned());
    }
    let line = said.lines().find(|line| line.contains("Error")).or_else(|| said.lines().next_back())?;
    Some(line.trim().chars().take(120).collect())
}

#[cfg(test)]
mod tests {
    use super::{Command, Duration, disk, run};

    #[test]
    fn every_way_to_fail_has_its_reason() {
        let log = disk::target().join("limited-test.log");
        disk::write(&log, "").unwrap();
        let of = |script: &str| run(Command::new("sh").args(["-c", script]), Duration::from_secs(1), &log).unwrap();
        assert!(of("true").is_ok());
        assert_eq!(of("sleep 20").unwrap_err(), "not done after 1 s");
        assert_eq!(of("echo 'x: heap out of memory' >&2; exit 134").unwrap_err(), "out of memory");
        assert_eq!(of("echo 'RangeError: too long' >&2; exit 1").unwrap_err(), "RangeError: too long");
    }
}
