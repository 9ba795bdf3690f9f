//! What goes wrong while something is fetched: the first time, and when a newer release comes.

use std::time::Duration;

use serde_json::json;

use super::case::{Case, Part, Verdict, must, wrongs};
use super::host::{Fault, Host};
use super::site::{CHANGED, Peer, signer};
use super::visit::{Visit, with};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![Case::new("没有故障：装、更新、再更新", |visit| {
        visit.install()?;
        must(visit.whole()?, &[0])?;
        for week in [1, 2] {
            visit.publish(week);
            visit.look()?;
            must(visit.whole()?, &[week])?;
        }
        Ok("每一步都完整".into())
    })];
    for part in [Part::Manifest, Part::Page, Part::Asset, Part::Worker] {
        for (what, fault) in wrongs() {
            // Two of the five ways each, so that the whole table takes minutes.
            if matches!((part, what), (Part::Manifest | Part::Asset, "500" | "断在半路") | (Part::Worker, "断在半路"))
            {
                continue;
            }
            cases.push(Case::new(format!("首次安装：{}{what}", part.zh()), move |visit| {
                first(visit, part, &fault)
            }));
        }
    }
    for part in [Part::List, Part::Manifest, Part::Page] {
        for (what, fault) in wrongs() {
            cases.push(Case::new(format!("更新：{}{what}", part.zh()), move |visit| update(visit, part, &fault)));
        }
    }
    cases.push(Case::new("更新：版本说明转到别处（302）", |visit| {
        update(visit, Part::List, &Fault::Redirect("/"))
    }));
    cases.push(Case::new("更新：版本说明没有尽头", |visit| update(visit, Part::List, &Fault::Endless)));
    cases.push(Case::new("更新：网页数据没有回音", |visit| update(visit, Part::Page, &Fault::Hang)));
    cases.push(Case::new("更新：内容类型不对", |visit| {
        // Right bytes under a wrong name are right bytes; the headers shown are those of the release.
        visit.install()?;
        visit.publish(1);
        let page = Part::Page.address(visit, 1);
        visit.host.fault(&page, Fault::Type("application/octet-stream"));
        visit.look()?;
        visit.host.heal();
        let found = visit.whole()?;
        must(found, &[0, 1])?;
        Ok(format!("第 {} 版完整", found + 1))
    }));
    cases.push(Case::new("更新：整个主机都是登录页", |visit| {
        visit.install()?;
        visit.publish(1);
        visit.host.fault("/", Fault::Portal);
        visit.look()?;
        visit.go("/")?;
        let text = visit.text()?;
        visit.host.heal();
        must(visit.whole()?, &[0])?;
        if text.contains("log in") {
            Err("给人看了登录页".into())
        } else {
            Ok("照常是原来的网页".into())
        }
    }));
    cases.push(Case::new("更新：主机关了", |visit| {
        visit.install()?;
        visit.publish(1);
        visit.host.down(true);
        visit.look()?;
        visit.host.down(false);
        must(visit.whole()?, &[0])?;
        visit.look()?;
        must(visit.whole()?, &[1])?;
        Ok("旧版完整，主机好了就更新".into())
    }));
    cases.push(Case::new("下载到一半又发布了新版", |visit| {
        visit.install()?;
        visit.publish(1);
        let page = Part::Page.address(visit, 1);
        visit.host.fault(&page, Fault::Slow(600));
        visit.begin_look()?;
        std::thread::sleep(Duration::from_millis(300));
        visit.publish(2);
        std::thread::sleep(Duration::from_millis(900));
        visit.host.heal();
        let during = visit.whole()?;
        visit.look()?;
        must(visit.whole()?, &[2])?;
        Ok(format!("其间第 {} 版完整，再看就是最新版", during + 1))
    }));
    for milliseconds in [120, 500, 1200] {
        cases.push(Case::new(format!("首次安装 {milliseconds} 毫秒时被杀（SIGKILL）"), move |visit| {
            visit.host.fault("/", Fault::Slow(25));
            visit.begin()?;
            std::thread::sleep(Duration::from_millis(milliseconds));
            visit.kill();
            visit.host.heal();
            visit.install()?;
            must(visit.whole()?, &[0])?;
            Ok("再来一次就装好".into())
        }));
    }
    for milliseconds in [40, 150, 400, 900] {
        cases.push(Case::new(format!("更新 {milliseconds} 毫秒时被杀（SIGKILL）"), move |visit| {
            visit.install()?;
            visit.publish(1);
            visit.host.fault("/", Fault::Slow(40));
            visit.begin_look()?;
            std::thread::sleep(Duration::from_millis(milliseconds));
            visit.kill();
            visit.host.heal();
            let during = visit.whole()?;
            must(during, &[0, 1])?;
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok(format!("重开后第 {} 版完整，再看就更新", during + 1))
        }));
    }
    cases.extend(trust());
    cases
}

fn first(visit: &mut Visit, part: Part, fault: &Fault) -> Verdict {
    let address = part.address(visit, 0);
    visit.host.fault(&address, fault.clone());
    visit.begin()?;
    std::thread::sleep(Duration::from_millis(900));
    visit.host.heal();
    visit.install()?;
    must(visit.whole()?, &[0])?;
    Ok("故障过后装好".into())
}

fn update(visit: &mut Visit, part: Part, fault: &Fault) -> Verdict {
    visit.install()?;
    visit.publish(1);
    let address = part.address(visit, 1);
    visit.host.fault(&address, fault.clone());
    visit.look()?;
    visit.host.heal();
    must(visit.whole()?, &[0]).map_err(|why| format!("故障时：{why}"))?;
    visit.look()?;
    must(visit.whole()?, &[1]).map_err(|why| format!("故障后：{why}"))?;
    Ok("旧版完整，故障过后更新".into())
}

/// Who may say what is new.
fn trust() -> Vec<Case> {
    vec![
        Case::new("重放旧版本", |visit| {
            visit.install()?;
            visit.publish(1);
            visit.look()?;
            visit.publish(0);
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok("不退回旧版".into())
        }),
        Case::new("没有密钥的人重做了一整个网站", |visit| {
            visit.install()?;
            visit.host.publish(&visit.releases.foreign);
            visit.look()?;
            visit.go("/")?;
            std::thread::sleep(Duration::from_millis(300));
            visit.publish(0);
            must(visit.whole()?, &[0])?;
            Ok("不接受".into())
        }),
        Case::own("新版的清单是这个程序读不懂的格式", |visit| {
            visit.install()?;
            unreadable(visit)?;
            visit.look()?;
            let trouble = visit.ask(&json!({ "ask": "state" }))?["trouble"].to_string();
            if !trouble.contains("另一个版本的程序") {
                return Err(trouble);
            }
            // The worker that comes with it cannot read it either.
            visit.go("/")?;
            std::thread::sleep(Duration::from_millis(700));
            must(visit.whole()?, &[0])?;
            visit.publish(2);
            visit.go("/")?;
            visit.look()?;
            must(visit.whole()?, &[2])?;
            Ok("旧版完整，有读得懂的就更新".into())
        }),
        Case::new("几个星期没有网络，其间发布了两版", |visit| {
            visit.install()?;
            visit.close();
            visit.publish(2);
            must(visit.whole()?, &[0])?;
            visit.look()?;
            must(visit.whole()?, &[2])?;
            Ok("一次更新到最新版".into())
        }),
        Case::new("新版的离线程序是空的", |visit| broken_worker(visit, Fault::Body(Vec::new()))),
        Case::new("新版的离线程序写坏了", |visit| {
            broken_worker(visit, Fault::Body(b"addEventListener('fetch', (".to_vec()))
        }),
        Case::new("新版的离线程序能运行但什么都不做", |visit| {
            broken_worker(visit, Fault::Body(b"/* later */\n".to_vec()))
        }),
        Case::new("新版的离线程序 404", |visit| broken_worker(visit, Fault::Status(404))),
        Case::new("主机上现用的离线程序变空了", |visit| {
            visit.install()?;
            must(visit.whole()?, &[0])?;
            visit.publish(1);
            let address = Part::Worker.address(visit, 0);
            visit.host.fault(&address, Fault::Body(Vec::new()));
            for _ in 0..2 {
                visit.go(CHANGED)?;
                std::thread::sleep(Duration::from_millis(1_500));
            }
            visit.close();
            let during = visit.whole()?;
            must(during, &[0, 1])?;
            visit.host.heal();
            visit.look()?;
            must(visit.whole()?, &[1])?;
            Ok(format!("第 {} 版照常可用", during + 1))
        }),
        Case::own("签名的撤销令", |visit| {
            visit.install()?;
            retire(&visit.host, visit, true)?;
            visit.look()?;
            let left = visit.js("return [await caches.keys(), !!await navigator.serviceWorker.getRegistration()]")?;
            if left == json!([[], false]) { Ok("离线数据和程序都删掉".into()) } else { Err(left.to_string()) }
        }),
        Case::own("没有密钥的人下的撤销令", |visit| {
            visit.install()?;
            retire(&visit.host, visit, false)?;
            visit.look()?;
            must(visit.whole()?, &[0])?;
            Ok("不理会".into())
        }),
    ]
}

fn retire(host: &Host, visit: &Visit, trusted: bool) -> Result<(), String> {
    let text = "zc.xiaocheng.example/release\nsequence 2099010100\ndate 2026-12-01\nretire\n";
    let other = yima_pack::Signer::of_seed("zc.xiaocheng.example", &[9; 32]).map_err(|error| error.to_string())?;
    let note = if trusted { signer() } else { other }.sign(text).map_err(|error| error.to_string())?;
    host.publish(&with(&visit.releases.of[0], &[("release.note", note.as_bytes())]));
    Ok(())
}

/// Publishes the third release with a manifest of a format to come, signed as it should be.
fn unreadable(visit: &Visit) -> Result<(), String> {
    let files = &visit.releases.of[2];
    let note = String::from_utf8_lossy(&files["release.note"]).into_owned();
    let (text, _) = note.split_once("\n\n").ok_or("a note has a signature")?;
    let (known, named) = text.split_once("manifest ").ok_or("a note names a manifest")?;
    let manifest = files.get(&format!("release/{}", &named[..64])).ok_or("the manifest is there")?;
    let manifest = String::from_utf8_lossy(manifest).replacen("yima manifest ", "yima manifest 9", 1);
    let sha = yima_pack::Sha::of(manifest.as_bytes());
    // Older than the one that can be read.
    let known = known.replace("2026101500", "2026101499");
    let text = format!("{known}manifest {sha} {}\n", manifest.len());
    let note = signer().sign(&text).map_err(|error| error.to_string())?;
    let manifest = (format!("release/{sha}"), manifest);
    visit.host.publish(&with(files, &[("release.note", note.as_bytes()), (&manifest.0, manifest.1.as_bytes())]));
    Ok(())
}

/// A release comes with a script that is no worker: the content is taken or left, the device goes on either way.
fn broken_worker(visit: &mut Visit, fault: Fault) -> Verdict {
    visit.install()?;
    visit.publish(2);
    let address = Part::Worker.address(visit, 2);
    visit.host.fault(&address, fault);
    visit.look()?;
    // Two visits, in case it is the page that registers a worker.
    for _ in 0..2 {
        visit.go(CHANGED)?;
        std::thread::sleep(Duration::from_millis(700));
    }
    visit.close();
    let during = visit.whole()?;
    must(during, &[0, 2])?;
    visit.host.heal();
    visit.go("/")?;
    std::thread::sleep(Duration::from_millis(700));
    visit.look()?;
    must(visit.whole()?, &[2])?;
    if visit.peer == Peer::Yima {
        // Its script is of the third release by now.
        visit.go("/")?;
        let tab = visit.tab()?;
        let new = format!(
            "navigator.serviceWorker.getRegistration().then(found => found.active.scriptURL.endsWith('{address}'))"
        );
        visit.browser().wait(&tab, &new)?;
    }
    Ok(format!("第 {} 版照常可用，修好后换成新的", during + 1))
}
