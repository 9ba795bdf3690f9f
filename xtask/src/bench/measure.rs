//! What a program costs: processor time, peak memory, time on the clock, and what it changed on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use wait4::Wait4;

use crate::disk;
use crate::process::{Outcome, Trouble, line, not_started};

/// The cost of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// User and system time of the program and of all it waited for.
    pub(crate) cpu: Duration,
    /// Time on the clock.
    pub(crate) wall: Duration,
    /// Most memory that was resident at once, in bytes.
    pub(crate) peak: u64,
}

impl Cost {
    /// The least of each figure.
    pub(crate) fn least(self, other: Self) -> Self {
        Self { cpu: self.cpu.min(other.cpu), wall: self.wall.min(other.wall), peak: self.peak.min(other.peak) }
    }
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started or does not end well.
pub(crate) fn run(command: &mut Command) -> Outcome<Cost> {
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let child = child.map_err(|error| not_started(command, &error))?;
    let used = child.wait4().map_err(|error| Trouble::new(format!("waiting: {error}")))?;
    if !used.status.success() {
        return Err(Trouble::new(format!("{}", used.status)).hint(line(command)));
    }
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Cost { cpu, wall: start.elapsed(), peak: used.rusage.maxrss })
}

/// A program that keeps running, such as a server; ends when it is dropped.
pub(crate) struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts it and waits until it rests.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child = child.map_err(|error| not_started(command, &error))?;
        let running = Self { child, name: line(command) };
        running.rest()?;
        Ok(running)
    }

    /// What it costs until it rests again after `cause` was done to it. The peak is that of its whole life.
    pub(crate) fn react(&self, cause: impl FnOnce() -> Outcome) -> Outcome<Cost> {
        let (before, start) = (self.cpu()?, Instant::now());
        cause()?;
        let rested = self.rest()?;
        Ok(Cost { cpu: self.cpu()?.saturating_sub(before), wall: rested - start, peak: self.peak()? })
    }

    /// Waits until it has used no processor for two seconds; the moment when that began.
    fn rest(&self) -> Outcome<Instant> {
        let (mut used, mut since) = (self.cpu()?, Instant::now());
        while since.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(50));
            let now = self.cpu()?;
            // A server that polls uses a little all the time.
            if now.saturating_sub(used) > Duration::from_millis(10) {
                (used, since) = (now, Instant::now());
            }
        }
        Ok(since)
    }

    /// User and system time so far: fields 14 and 15 of `/proc/<pid>/stat`, in ticks of 10 ms (proc_pid_stat(5)).
    fn cpu(&self) -> Outcome<Duration> {
        let stat = disk::read(&self.proc("stat"))?;
        // The name, field 2, is in parentheses and may itself hold spaces.
        let (_, fields) = stat.rsplit_once(')').unwrap_or_default();
        let ticks: Option<u64> =
            fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().ok()).sum();
        match ticks {
            // A process that has ended shows as a zombie until it is waited for.
            Some(ticks) if !fields.trim_start().starts_with('Z') => Ok(Duration::from_millis(ticks * 10)),
            _ => Err(Trouble::new("has ended by itself").hint(self.name.clone())),
        }
    }

    /// Peak memory, in bytes.
    fn peak(&self) -> Outcome<u64> {
        let status = disk::read(&self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kib.map(|kib| kib * 1024).ok_or_else(|| Trouble::new("no VmHWM in /proc"))
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(file)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder at one moment: file below it → its size and when it was last changed.
pub(crate) struct Snapshot(BTreeMap<PathBuf, (u64, SystemTime)>);

impl Snapshot {
    /// Looks at every file below `folder`.
    pub(crate) fn of(folder: &Path) -> Outcome<Self> {
        let mut files = BTreeMap::new();
        // Whose folder it is says a file that is no part of the site and is written by every build.
        for file in disk::files(folder)?.into_iter().filter(|file| !file.ends_with(".yima")) {
            let looked = file.symlink_metadata().and_then(|data| Ok((data.len(), data.modified()?)));
            let looked = looked.map_err(|error| Trouble::new(format!("{}: {error}", file.display())))?;
            files.insert(file, looked);
        }
        Ok(Self(files))
    }

    /// How many files.
    pub(crate) fn files(&self) -> usize {
        self.0.len()
    }

    /// How many bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.values().map(|(bytes, _)| bytes).sum()
    }

    /// How many files are new or were written since `before`.
    pub(crate) fn written_since(&self, before: &Self) -> usize {
        self.0.iter().filter(|(path, looked)| before.0.get(*path) != Some(*looked)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Duration, Running, run};

    #[test]
    fn a_busy_program_costs_and_a_failing_one_is_trouble() {
        let cost = run(Command::new("sh").args(["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"])).unwrap();
        assert!(cost.cpu > Duration::from_millis(5), "{cost:?}");
        assert!(cost.peak > 100_000, "{cost:?}");
        assert!(run(&mut Command::new("false")).is_err());
    }

    #[test]
    fn a_running_program_is_watched_and_its_end_noticed() {
        let running = Running::start(Command::new("sleep").arg("30")).unwrap();
        assert!(running.peak().unwrap() > 100_000);
        assert!(running.cpu().unwrap() < Duration::from_secs(1));
        assert!(Running::start(&mut Command::new("true")).is_err());
    }
}
