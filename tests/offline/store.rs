//! What goes wrong on the device: no room, lost and damaged files, several tabs, clocks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use super::case::{Case, Verdict, must};
use super::host::{Fault, Files};
use super::site::{CHANGED, Peer};
use super::visit::Visit;
use crate::city::tree;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("存储配额用完", quota),
        Case::new("磁盘写满", full_disk),
        Case::new("丢了一个条目", |visit| evicted(visit, "at === Math.floor(all.length / 2)")),
        Case::new("丢了三分之一的条目", |visit| evicted(visit, "at % 3 === 1")),
        Case::new("整个存储被清掉", |visit| evicted(visit, "true")),
        Case::own("丢了生成的文件的清单", |visit| {
            let lists: Vec<String> = lists(&visit.releases.of[0]);
            let which = format!("{}.some(list => all[at].url.endsWith(list))", json!(lists));
            if lists.is_empty() { Err("没有清单".into()) } else { evicted(visit, &which) }
        }),
        Case::own("丢了选择的记录，又来了新版", |visit| {
            visit.install()?;
            visit.js("await (await caches.open('yima')).delete('/__m');")?;
            visit.close();
            visit.publish(1);
            visit.go("/")?;
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok("存全了的照样跟着更新".into())
        }),
        Case::own("丢了唯一一版的记录，又没有网络", |visit| {
            visit.install()?;
            visit.js("await (await caches.open('yima')).delete('/__r/0');")?;
            must(visit.whole()?, &[0])?;
            Ok("另有一份".into())
        }),
        Case::own("丢了新版的记录，又没有网络", |visit| {
            visit.install()?;
            must(visit.whole()?, &[0])?;
            visit.publish(1);
            visit.look()?;
            visit.js("await (await caches.open('yima')).delete('/__r/1');")?;
            must(visit.whole()?, &[0])?;
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok("旧版完整，再看就更新".into())
        }),
        Case::own("两个版本的记录都丢了", |visit| evicted(visit, "all[at].url.includes('/__r/')")),
        Case::new("存储里一个文件坏了一个字节", |visit| {
            damaged(visit, |bytes| {
                let at = bytes.len() / 2;
                bytes[at] ^= 1;
            })
        }),
        Case::new("存储里一个文件被截短", |visit| damaged(visit, |bytes| bytes.truncate(bytes.len() / 2))),
        Case::new("存储里每个文件都坏了，又没有网络", all_damaged),
        Case::new("两个标签页，其间更新", |visit| tabs(visit, 2)),
        Case::new("五个标签页，其间更新", |visit| tabs(visit, 5)),
        Case::new("旧网页后来才要的文件", |visit| {
            visit.install()?;
            visit.go("/")?;
            let old =
                visit.releases.of[0].keys().find(|path| path.starts_with("assets/card-")).cloned().unwrap_or_default();
            visit.publish(1);
            visit.look()?;
            let wanted = String::from_utf8_lossy(&visit.releases.of[0][&old]).into_owned();
            let said = visit.js(&format!("return await (await fetch('/{old}')).text();"))?;
            if said == json!(wanted) {
                Ok("仍然是旧网页那一版的文件".into())
            } else {
                Err(format!("得到 {said:.60}"))
            }
        }),
        Case::new("网页开着几个星期，其间更新两次", |visit| {
            visit.install()?;
            visit.go("/")?;
            for week in [1, 2] {
                visit.publish(week);
                visit.look()?;
            }
            let said = visit.js("return await (await fetch('/caf%C3%A9.txt')).text();")?;
            if said == json!("1\n") || said == json!("2\n") {
                return Err("旧网页拿到了新版的文件".into());
            }
            must(visit.whole()?, &[2])?;
            Ok("旧网页不混用新版，刷新后是最新版".into())
        }),
        Case::new("设备的时钟停在 1970 年", |visit| clock(visit, 0)),
        Case::new("设备的时钟走到 2038 年", |visit| clock(visit, 2_147_483_648_000)),
        Case::own("只存了界面，没看过的网页", |visit| {
            visit.begin()?;
            let tab = visit.tab()?;
            visit.active(&tab)?;
            visit.offline()?;
            if let Some(error) = visit.go(CHANGED)? {
                return Err(error);
            }
            let text = visit.text()?;
            let date = text.contains("2026-10-01") && text.contains("现在打不开这个网页");
            if date { Ok("说明为什么打不开、数据截至哪天".into()) } else { Err(text) }
        }),
        Case::own("看过的网页跟着更新", |visit| {
            visit.begin()?;
            let tab = visit.tab()?;
            visit.active(&tab)?;
            visit.go(CHANGED)?;
            visit.publish(2);
            visit.look()?;
            visit.publish(0);
            visit.offline()?;
            visit.go(CHANGED)?;
            let text = visit.text()?;
            if text.contains("第3次修改") {
                Ok("离线时是新版".into())
            } else {
                Err(text.chars().take(200).collect())
            }
        }),
        Case::own("下载暂停、关掉浏览器、再继续", |visit| {
            visit.begin()?;
            let tab = visit.tab()?;
            visit.active(&tab)?;
            visit.host.fault("/release/", Fault::Slow(60));
            visit.begin_ask(&json!({ "ask": "hold", "tier": "all" }))?;
            std::thread::sleep(Duration::from_millis(250));
            visit.ask(&json!({ "ask": "pause", "tier": "all" }))?;
            std::thread::sleep(Duration::from_millis(300));
            visit.close();
            visit.host.heal();
            visit.go("/offline/")?;
            visit.host.asked();
            visit.ask(&json!({ "ask": "hold", "tier": "all" }))?;
            let again = visit.host.asked().iter().filter(|asked| asked.contains("/release/")).count();
            visit.holds_all()?;
            must(visit.whole()?, &[0])?;
            let all = visit.releases.of[0].keys().filter(|path| path.starts_with("release/")).count();
            if again < all {
                Ok(format!("接着下完：只再取 {again} / {all} 个"))
            } else {
                Err("从头下载".into())
            }
        }),
        Case::own("查找用的文件在设备上生成", |visit| {
            visit.install()?;
            let fetched: Vec<String> =
                visit.host.asked().into_iter().filter(|asked| asked.contains("/search/")).collect();
            must(visit.whole()?, &[0])?;
            if fetched.is_empty() {
                Ok("一个也没有下载，与网上的逐字节相同".into())
            } else {
                Err(fetched.join(" "))
            }
        }),
        Case::own("更新只取有变化的部分", |visit| {
            visit.install()?;
            visit.host.asked();
            visit.publish(1);
            visit.look()?;
            let asked = visit.host.asked();
            let [old, new] = [0, 1].map(|week| &visit.releases.of[week]);
            let size = |asked: &String| asked.strip_prefix("GET /").and_then(|path| new.get(path)).map_or(0, Vec::len);
            let packs = asked.iter().filter(|asked| asked.contains("/release/"));
            let (count, bytes) = packs.fold((0, 0), |(count, bytes), asked| (count + 1, bytes + size(asked)));
            let again = asked.iter().filter_map(|asked| asked.strip_prefix("GET /release/"));
            let again: Vec<&str> = again.filter(|path| old.contains_key(&format!("release/{path}"))).collect();
            must(visit.whole()?, &[1])?;
            if !again.is_empty() {
                return Err(format!("又取了已有的 {}", again.join(" ")));
            }
            Ok(format!("{count} 个数据文件，{bytes} 字节"))
        }),
        Case::own("删掉下载的内容", |visit| {
            visit.install()?;
            visit.ask(&json!({ "ask": "drop", "tier": "all" }))?;
            let state = visit.ask(&json!({ "ask": "state" }))?;
            let missing = state["tiers"][0]["missing"].as_u64().unwrap_or(0);
            visit.offline()?;
            visit.go("/offline/")?;
            let text = visit.text()?;
            if missing > 1_000 && text.contains("离线") {
                Ok("只留界面".into())
            } else {
                Err(format!("{missing} {text}"))
            }
        }),
    ]
}

fn quota(visit: &mut Visit) -> Verdict {
    visit.install()?;
    let tab = visit.tab()?;
    let used = visit.js("return (await navigator.storage.estimate()).usage;")?.as_f64().unwrap_or(0.0);
    let origin = visit.host.origin();
    let limit = |size: Option<f64>| match size {
        Some(size) => json!({ "origin": origin, "quotaSize": size }),
        None => json!({ "origin": origin }),
    };
    visit.browser().cdp(Some(&tab), "Storage.overrideQuotaForOrigin", &limit(Some(used + 2000.0)))?;
    visit.publish(1);
    visit.look()?;
    visit.browser().cdp(Some(&tab), "Storage.overrideQuotaForOrigin", &limit(None))?;
    let during = visit.whole()?;
    must(during, &[0, 1])?;
    visit.look()?;
    must(visit.whole()?, &[1])?;
    Ok(format!("其间第 {} 版完整，有空间后更新", during + 1))
}

/// A disk of its own for the browser, and a file that takes what is left of it.
fn full_disk(visit: &mut Visit) -> Verdict {
    let data = visit.folder();
    std::fs::create_dir_all(&data).map_err(|error| error.to_string())?;
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=80m", "tmpfs"]).arg(&data).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return Ok("（这台机器不让挂小磁盘，未测）".into());
    }
    let said = on_full_disk(visit, &data);
    visit.kill();
    let _ = Command::new("umount").arg("-l").arg(&data).status();
    said
}

fn on_full_disk(visit: &mut Visit, data: &Path) -> Verdict {
    visit.install()?;
    must(visit.whole()?, &[0])?;
    let filler = data.join("filler");
    let _ = Command::new("dd").args(["if=/dev/zero", "bs=4k"]).arg(format!("of={}", filler.display())).output();
    visit.publish(1);
    visit.look()?;
    let during = visit.whole()?;
    let _ = std::fs::remove_file(&filler);
    must(during, &[0, 1])?;
    visit.look()?;
    must(visit.whole()?, &[1])?;
    Ok(format!("其间第 {} 版完整，有空间后更新", during + 1))
}

/// Entries for which `which` is true are gone; then one visit online, and the network goes.
fn evicted(visit: &mut Visit, which: &str) -> Verdict {
    let script = format!(
        "for (const name of await caches.keys()) {{
           const box = await caches.open(name), all = await box.keys();
           for (let at = 0; at < all.length; at += 1) if ({which}) await box.delete(all[at]);
         }}"
    );
    spoilt(visit, &script)
}

/// A script on a page spoils the store; then one visit online, and the network goes.
pub(super) fn spoilt(visit: &mut Visit, script: &str) -> Verdict {
    visit.install()?;
    visit.js(script)?;
    let tab = visit.tab()?;
    visit.browser().stop_worker(&tab)?;
    must(visit.found()?, &[0]).map_err(|why| format!("有网络时：{why}"))?;
    visit.install()?;
    must(visit.whole()?, &[0])?;
    Ok("有网络时照常，之后又完整".into())
}

/// Digests of the lists of files that devices make.
fn lists(files: &Files) -> Vec<String> {
    let text = |path: &str| files.get(path).map_or("", |bytes| std::str::from_utf8(bytes).unwrap_or_default());
    let manifest = text("release.note").lines().find_map(|line| line.strip_prefix("manifest ")?.split(' ').next());
    let manifest = text(&format!("release/{}", manifest.unwrap_or_default()));
    manifest.lines().filter_map(|line| line.strip_prefix("made ")?.split(' ').next().map(str::to_owned)).collect()
}

/// Files of the store on the disk, the largest first.
fn stored(visit: &Visit) -> Vec<PathBuf> {
    let folder = visit.folder().join("Default/Service Worker/CacheStorage");
    let mut files: Vec<(usize, PathBuf)> = tree(&folder)
        .into_iter()
        .filter(|(path, _)| path.ends_with("_0"))
        .map(|(path, bytes)| (bytes.len(), folder.join(path)))
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.into_iter().map(|(_, path)| path).collect()
}

fn change(file: &Path, how: impl Fn(&mut Vec<u8>)) -> Result<(), String> {
    let mut bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    how(&mut bytes);
    std::fs::write(file, bytes).map_err(|error| error.to_string())
}

/// One file of the store is damaged while the browser is closed; then one visit online, and the network goes.
fn damaged(visit: &mut Visit, how: fn(&mut Vec<u8>)) -> Verdict {
    visit.install()?;
    visit.close();
    let files = stored(visit);
    let file = files.get(3).ok_or("nothing is stored")?;
    change(file, how)?;
    must(visit.found()?, &[0]).map_err(|why| format!("有网络时：{why}"))?;
    must(visit.whole()?, &[0]).map_err(|why| format!("之后离线：{why}"))?;
    Ok("发现、重取，之后又完整".into())
}

/// Nothing of the store can be trusted and nothing can be fetched: whatever is shown is right or explains itself.
fn all_damaged(visit: &mut Visit) -> Verdict {
    visit.install()?;
    visit.close();
    for file in stored(visit) {
        change(&file, |bytes| {
            for at in [bytes.len() / 3, bytes.len() / 2] {
                bytes[at] ^= 1;
            }
        })?;
    }
    visit.offline()?;
    let error = visit.go(CHANGED)?;
    let text = visit.text()?;
    let said = visit.js(&format!("try {{ return (await fetch('{CHANGED}')).status; }} catch {{ return 0; }}"))?;
    match error {
        Some(error) => Err(format!("浏览器自己的错误页：{error}")),
        None if text.contains("现在打不开这个网页") => Ok(format!("说明为什么打不开（{said}）")),
        None => Err(text.chars().take(100).collect()),
    }
}

/// Tabs that were open before an update stay with their release, new ones get the new one.
fn tabs(visit: &mut Visit, count: usize) -> Verdict {
    visit.install()?;
    let mut open = Vec::new();
    let address = format!("{}{CHANGED}", visit.host.origin());
    for _ in 0..count {
        let tab = visit.browser().tab()?;
        visit.browser().open(&tab, &address)?;
        open.push(tab);
    }
    visit.publish(1);
    visit.look()?;
    let script =
        format!("fetch('{CHANGED}').then(answer => answer.text()).then(text => /第(.)次修改后的说明/.exec(text)[1])");
    for tab in &open {
        let said = visit.browser().eval(tab, &script)?;
        if said != json!("1") {
            return Err(format!("旧标签页拿到第 {said} 版的文件"));
        }
    }
    visit.browser().open(&open[0], &address)?;
    let said = visit.browser().eval(&open[0], &script)?;
    if said != json!("2") && visit.peer == Peer::Yima {
        return Err(format!("新打开的网页拿到第 {said} 版"));
    }
    must(visit.whole()?, &[1])?;
    Ok("旧页旧版，新页新版".into())
}

/// Page and worker believe another day.
fn clock(visit: &mut Visit, time: u64) -> Verdict {
    visit.install()?;
    let tab = visit.tab()?;
    let fake = format!(
        "{{ const Real = Date, at = {time} - Real.now();
           globalThis.Date = class extends Real {{ constructor(...given) {{ given.length ? super(...given) : super(Real.now() + at); }}
             static now() {{ return Real.now() + at; }} }}; }}"
    );
    visit.browser().cdp(Some(&tab), "Page.enable", &json!({}))?;
    visit.browser().cdp(Some(&tab), "Page.addScriptToEvaluateOnNewDocument", &json!({ "source": fake }))?;
    if let Ok(worker) = visit.browser().worker() {
        visit.browser().eval(&worker, &fake)?;
    }
    visit.publish(1);
    visit.look()?;
    must(visit.whole()?, &[1])?;
    visit.offline()?;
    visit.go(CHANGED)?;
    let text = visit.text()?;
    let odd = ["NaN", "Invalid", "undefined", "距今-", "1970年", "尚未施行"].into_iter().find(|odd| text.contains(odd));
    match odd {
        Some(odd) => Err(format!("页面上有 {odd}")),
        None => Ok("照常更新和显示，没有怪话".into()),
    }
}
