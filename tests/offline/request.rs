//! What is asked for in ways that nobody planned.

use serde_json::{Value, json};

use super::case::{Case, Verdict};
use super::host::Answer;
use super::site::CHANGED;
use super::visit::Visit;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("扫码网址带着聊天软件加的参数", |visit| {
            let card = card(visit);
            same(
                visit,
                &format!("/Q/{card}/?from=groupmessage&isappinstalled=0&scene=1#wechat_redirect"),
                &format!("/Q/{card}/"),
            )
        }),
        Case::own("手打的码：小写、少斜杠、形近字母", |visit| {
            let card = card(visit);
            let typed = format!("/q/{}", card.to_lowercase().replace('0', "o"));
            same(visit, &typed, &format!("/Q/{card}/"))
        }),
        Case::own("大写的网址", |visit| same(visit, "/POLICY/2025-Zufang-Butie", CHANGED)),
        Case::own("大写的文件名", |visit| same(visit, "/CAF%C3%A9.TXT", "/caf%C3%A9.txt")),
        Case::new("少了末尾的斜杠", |visit| same(visit, CHANGED.trim_end_matches('/'), CHANGED)),
        Case::new("百分号编码的网址", |visit| same(visit, &CHANGED.replace("/policy", "/%70olic%79"), CHANGED)),
        Case::new("分解形式（NFD）的文件名", |visit| same(visit, "/cafe%CC%81.txt", "/caf%C3%A9.txt")),
        Case::new("HEAD 请求", |visit| {
            ready(visit)?;
            let said = visit.js(&format!(
                "const answer = await fetch('{CHANGED}', {{ method: 'HEAD' }});
                 return [answer.status, (await answer.arrayBuffer()).byteLength, answer.headers.get('content-type')];"
            ))?;
            expect(&said, &json!([200, 0, "text/html; charset=utf-8"]))
        }),
        Case::new("POST 请求不经离线程序", |visit| {
            visit.install()?;
            visit.go("/")?;
            let said =
                visit.js(&format!("return (await fetch('{CHANGED}', {{ method: 'POST', body: 'x' }})).status;"))?;
            expect(&said, &json!(405))
        }),
        Case::new("Range 请求", |visit| {
            ready(visit)?;
            let mut all = Vec::new();
            for range in ["bytes=2-5", "bytes=-4", "bytes=10-", "bytes=999999-"] {
                all.push(visit.js(&format!(
                    "const whole = await (await fetch('{CHANGED}')).arrayBuffer();
                     const answer = await fetch('{CHANGED}', {{ headers: {{ Range: '{range}' }} }});
                     const part = await answer.arrayBuffer(), length = whole.byteLength;
                     const text = bytes => Array.from(new Uint8Array(bytes)).join();
                     const [, first] = /bytes (\\d+)-/.exec(answer.headers.get('content-range')) || [0, 0];
                     return [answer.status, answer.status === 416 || text(part) === text(whole.slice(+first, +first + part.byteLength)),
                       part.byteLength === {{ 'bytes=2-5': 4, 'bytes=-4': 4, 'bytes=10-': length - 10, 'bytes=999999-': 0 }}['{range}']];"
                ))?);
            }
            expect(&json!(all), &json!([[206, true, true], [206, true, true], [206, true, true], [416, true, true]]))
        }),
        Case::new("没有网络时打开不存在的网址", |visit| {
            ready(visit)?;
            if let Some(error) = visit.go("/no/such/page/")? {
                return Err(format!("浏览器自己的错误页：{error}"));
            }
            let text = visit.text()?;
            let status = visit.js("return performance.getEntriesByType('navigation')[0].responseStatus;")?;
            if status == json!(404) && text.contains("没有找到这个网页") {
                Ok("本站的 404 网页".into())
            } else {
                Err(format!("{status}"))
            }
        }),
        Case::own("写坏的百分号编码", |visit| {
            ready(visit)?;
            let said = visit.js("return (await fetch('/%E4%B8/%ff')).status;")?;
            expect(&said, &json!(404))
        }),
    ]
}

/// Everything held, and no network.
fn ready(visit: &mut Visit) -> Result<(), String> {
    visit.install()?;
    visit.offline()?;
    visit.go("/").map(drop)
}

/// Opened by one address, it is the page of another.
fn same(visit: &mut Visit, typed: &str, meant: &str) -> Verdict {
    ready(visit)?;
    let body = Answer::of(&visit.releases.of[0], &meant.replace("%C3%A9", "\u{e9}")).body;
    let said =
        visit.js(&format!("const answer = await fetch('{typed}'); return [answer.status, await answer.text()];"))?;
    if said != json!([200, String::from_utf8_lossy(&body)]) {
        return Err(format!("{typed}: {}", said[0]));
    }
    if meant.ends_with('/')
        && let Some(error) = visit.go(typed)?
    {
        return Err(format!("{typed}: {error}"));
    }
    Ok("同一个网页".into())
}

fn expect(said: &Value, wanted: &Value) -> Verdict {
    if said == wanted { Ok("合规".into()) } else { Err(format!("得到 {said}")) }
}

/// The code of the policy that has all kinds of letters and digits.
fn card(visit: &Visit) -> String {
    let codes = visit.releases.of[0].keys().filter_map(|path| path.strip_prefix("Q/")?.strip_suffix("/index.html"));
    codes.max_by_key(|code| code.matches('0').count() * 10 + code.matches('1').count()).unwrap_or_default().to_owned()
}
