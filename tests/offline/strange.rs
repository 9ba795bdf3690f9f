//! What seldom goes wrong: what the browser keeps of the worker itself is damaged or lost, a host drips, a store holds rubbish,
//! everything is asked for at once.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::case::{Case, Part, Verdict, must};
use super::host::Fault;
use super::site::{CHANGED, Peer};
use super::store::spoilt;
use super::visit::Visit;
use crate::city::tree;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("首次安装：一点地方也没有", no_room),
        Case::own("首次安装：离线程序过一会儿才有，网页一直开着", |visit| {
            let script = Part::Worker.address(visit, 0);
            visit.host.fault(&script, Fault::Status(404));
            visit.begin()?;
            std::thread::sleep(Duration::from_millis(2_500));
            visit.host.heal();
            let tab = visit.tab()?;
            visit.active(&tab)?;
            Ok("不用再来一次".into())
        }),
        Case::new("更新：网页数据一点一点地来", |visit| {
            visit.install()?;
            visit.publish(1);
            let page = Part::Page.address(visit, 1);
            visit.host.fault(&page, Fault::Drip(300));
            visit.begin_look()?;
            std::thread::sleep(Duration::from_secs(3));
            must(visit.found()?, &[0]).map_err(|why| format!("其间：{why}"))?;
            healed(visit)
        }),
        Case::new("更新：网页数据是空的（200）", |visit| {
            visit.install()?;
            visit.publish(1);
            let page = Part::Page.address(visit, 1);
            visit.host.fault(&page, Fault::Body(Vec::new()));
            visit.look()?;
            healed(visit)
        }),
        Case::new("更新：主机对什么都答 206、304", |visit| {
            visit.install()?;
            visit.publish(1);
            for status in [206, 304] {
                visit.host.fault("/", Fault::Status(status));
                visit.look()?;
                must(visit.found()?, &[0]).map_err(|why| format!("{status}：{why}"))?;
            }
            healed(visit)
        }),
        Case::new("更新：主机答错了（404、301），浏览器自己的缓存还记着", |visit| {
            visit.install()?;
            visit.publish(1);
            let page = Part::Page.address(visit, 1);
            for status in [404, 301] {
                visit.host.fault(&page, Fault::Lasting(status));
                visit.look()?;
                must(visit.found()?, &[0]).map_err(|why| format!("{status}：{why}"))?;
            }
            visit.host.heal();
            // The browser's own cache is not emptied before.
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok("旧版完整，主机好了就更新".into())
        }),
        Case::new("浏览器存的离线程序坏了", |visit| {
            kept_by_browser(visit, "ScriptCache", |file| {
                let mut bytes = fs::read(file)?;
                bytes.iter_mut().skip(64).step_by(97).for_each(|byte| *byte ^= 0x55);
                fs::write(file, bytes)
            })
        }),
        Case::new("浏览器存的离线程序丢了", |visit| {
            kept_by_browser(visit, "ScriptCache", |file| fs::remove_file(file))
        }),
        Case::new("浏览器忘了装过离线程序", |visit| {
            kept_by_browser(visit, "Database", |file| fs::remove_file(file))
        }),
        Case::new("浏览器的存储目录丢了", |visit| {
            kept_by_browser(visit, "CacheStorage", |file| {
                if file.ends_with("index.txt") { fs::remove_file(file) } else { Ok(()) }
            })
        }),
        Case::own("存储里的记录都成了别的东西", |visit| {
            let script = "const box = await caches.open('yima');
                for (const path of ['/__m', '/__r/0', '/__r/1']) await box.put(path, new Response('[1, null'));";
            spoilt(visit, script)
        }),
        Case::own("同时下载、更新、暂停、删除、查看", |visit| {
            visit.install()?;
            visit.publish(1);
            for deed in [
                json!({ "ask": "check" }),
                json!({ "ask": "drop", "tier": "all" }),
                json!({ "ask": "hold", "tier": "all" }),
                json!({ "ask": "check" }),
                json!({ "ask": "pause", "tier": "all" }),
                json!({ "ask": "prove", "tier": "all" }),
                json!({ "ask": "keep", "paths": [CHANGED] }),
                json!({ "ask": "hold", "tier": "all" }),
            ] {
                visit.begin_ask(&deed)?;
            }
            must(visit.found()?, &[0, 1]).map_err(|why| format!("其间：{why}"))?;
            visit.ask(&json!({ "ask": "hold", "tier": "all" }))?;
            visit.look()?;
            visit.holds_all()?;
            must(visit.whole()?, &[1])?;
            Ok("最后一个说了算，完整".into())
        }),
    ]
}

/// The host behaves again: the old release is whole, and then the new one.
fn healed(visit: &mut Visit) -> Verdict {
    visit.host.heal();
    must(visit.whole()?, &[0])?;
    visit.look()?;
    must(visit.whole()?, &[1])?;
    Ok("旧版完整，故障过后更新".into())
}

/// A device without any room for the site shows it from the network, and keeps it once there is room.
fn no_room(visit: &mut Visit) -> Verdict {
    let (tab, origin) = (visit.tab()?, visit.host.origin());
    let quota = |visit: &mut Visit, limit: serde_json::Value| {
        visit.browser().cdp(Some(&tab), "Storage.overrideQuotaForOrigin", &limit).map(drop)
    };
    quota(visit, json!({ "origin": origin, "quotaSize": 2_000 }))?;
    visit.begin()?;
    std::thread::sleep(Duration::from_millis(1_500));
    for path in ["/", CHANGED] {
        if let Some(error) = visit.go(path)? {
            return Err(format!("没有地方时，{path}：{error}"));
        }
    }
    if !visit.text()?.contains("第1次修改后的说明") {
        return Err("没有地方时网页不对".into());
    }
    quota(visit, json!({ "origin": origin }))?;
    visit.install()?;
    must(visit.whole()?, &[0])?;
    Ok("网上照常看，有了地方就装好".into())
}

/// What the browser keeps of the site in this folder is struck while it is closed. What it can still show without a network
/// is its own affair; with one everything is there, and after that visit without one again.
fn kept_by_browser(visit: &mut Visit, folder: &str, strike: fn(&Path) -> std::io::Result<()>) -> Verdict {
    visit.install()?;
    must(visit.whole()?, &[0])?;
    visit.close();
    let folder = visit.folder().join("Default/Service Worker").join(folder);
    let files: Vec<_> = tree(&folder).into_keys().map(|path| folder.join(path)).collect();
    if files.is_empty() {
        return Err(format!("nothing in {}", folder.display()));
    }
    for file in files {
        strike(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    visit.host.publish(&visit.releases.of[1]);
    // The first visit may be the one in which the browser finds out.
    visit.go("/")?;
    std::thread::sleep(Duration::from_millis(700));
    must(visit.found()?, &[0, 1]).map_err(|why| format!("有网络时：{why}"))?;
    visit.install()?;
    if visit.peer == Peer::Yima {
        visit.look()?;
    }
    let found = visit.whole()?;
    must(found, &[0, 1])?;
    Ok(format!("有网络时照常，之后第 {} 版又完整", found + 1))
}
