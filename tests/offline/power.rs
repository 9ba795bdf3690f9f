//! The power goes. Chromium does not wait for the disk when it stores something, so that what a page was told is kept may
//! be gone, or there as a file of nothing.
//!
//! The profile is on a file system of its own, which is shut as a power cut leaves it: what was not written yet is lost,
//! the journal is replayed when it is mounted again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::case::{Case, Verdict, must};
use super::host::Fault;
use super::visit::Visit;

/// `FS_IOC_SHUTDOWN` (linux/fs.h) without a flush of the journal, in the one language that every Debian can call it from.
const SHUT: &str =
    "open(my $disk, '<', $ARGV[0]) or die; my $how = pack('L', 2); ioctl($disk, 0x8004587d, $how) or die;";

/// Longer than the file system takes to write what files there are, shorter than what is in them.
const NAMES_ONLY: Duration = Duration::from_millis(2_500);

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = [150, 400, 900]
        .map(|milliseconds| {
            Case::new(format!("更新 {milliseconds} 毫秒时断电"), move |visit| {
                on_own_disk(visit, |visit| {
                    visit.host.fault("/", Fault::Slow(40));
                    visit.begin_look()?;
                    std::thread::sleep(Duration::from_millis(milliseconds));
                    Ok(())
                })
            })
        })
        .into();
    cases.push(Case::new("刚更新完就断电", |visit| on_own_disk(visit, Visit::look)));
    cases.push(Case::new("更新完断电：文件都在，内容没写上", |visit| {
        on_own_disk(visit, |visit| {
            visit.look()?;
            std::thread::sleep(NAMES_ONLY);
            Ok(())
        })
    }));
    cases.push(Case::new("接连更新两次后断电", |visit| {
        on_own_disk(visit, |visit| {
            visit.look()?;
            visit.publish(2);
            visit.look()?;
            std::thread::sleep(NAMES_ONLY);
            Ok(())
        })
    }));
    cases
}

/// A file system in a file, unmounted when dropped.
struct Disk {
    image: PathBuf,
    place: PathBuf,
}

impl Disk {
    /// None where mounting is not allowed.
    fn new(place: &Path) -> Option<Self> {
        let disk = Self { image: place.with_extension("image"), place: place.to_owned() };
        std::fs::create_dir_all(place).ok()?;
        std::fs::File::create(&disk.image).and_then(|file| file.set_len(512 << 20)).ok()?;
        let made = said(Command::new("mkfs.ext4").arg("-qF").arg(&disk.image));
        (made && disk.mount()).then_some(disk)
    }

    fn mount(&self) -> bool {
        said(Command::new("mount").args(["-o", "loop,commit=1"]).arg(&self.image).arg(&self.place))
    }

    /// Processes of the browser may be busy for a moment after it was killed.
    fn unmount(&self) -> bool {
        let start = Instant::now();
        while !said(Command::new("umount").arg(&self.place)) {
            if start.elapsed() > Duration::from_secs(20) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = said(Command::new("umount").arg("-l").arg(&self.place));
    }
}

fn said(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A device with the first release long on its disk; the power goes after `until`.
fn on_own_disk(visit: &mut Visit, until: impl Fn(&mut Visit) -> Result<(), String>) -> Verdict {
    let Some(disk) = Disk::new(&visit.folder()) else {
        return Ok("（这台机器不让挂小磁盘，未测）".into());
    };
    let said = cut(visit, &disk, until);
    visit.kill();
    said
}

fn cut(visit: &mut Visit, disk: &Disk, until: impl Fn(&mut Visit) -> Result<(), String>) -> Verdict {
    visit.install()?;
    must(visit.whole()?, &[0])?;
    visit.close();
    if !said(Command::new("sync").arg("-f").arg(&disk.place)) {
        return Err("sync".into());
    }
    visit.go("/")?;
    visit.publish(1);
    until(visit)?;
    if !said(Command::new("perl").args(["-e", SHUT]).arg(&disk.place)) {
        return Err("the file system cannot be shut".into());
    }
    visit.kill();
    if !disk.unmount() || !disk.mount() {
        return Err("the file system cannot be mounted again".into());
    }
    visit.host.heal();
    let during = visit.whole().map_err(|why| format!("来电后没有网络：{why}"))?;
    visit.look()?;
    visit.look()?;
    let last = visit.whole().map_err(|why| format!("再更新后：{why}"))?;
    must(last, &[1, 2])?;
    Ok(format!("来电后第 {} 版完整，再看是第 {} 版", during + 1, last + 1))
}
