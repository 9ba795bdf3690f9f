//! The kiosk's server beside the preview's: the same bytes, the same headers; what only a kiosk must bear.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use yima::kiosk::{self, Event, HEALTH, Options, Store, import};
use yima::language::Language;
use yima::serve::{self, serve_folder};

use super::{NUMBERS, built, folder, kiosk, run, typed};
use crate::city::{put, tree};

/// An answer.
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request line and headers; `Host` is added.
fn ask_as(address: SocketAddr, host: &str, request: &str, headers: &str) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers: BTreeMap<String, String> =
        lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.into(), value.into())).collect();
    headers.remove("date");
    Reply { status, headers, body: bytes[end + 4..].to_vec() }
}

fn ask(address: SocketAddr, request: &str, headers: &str) -> Reply {
    ask_as(address, &address.to_string(), request, headers)
}

fn get(address: SocketAddr, path: &str) -> Reply {
    ask(address, &format!("GET {path}"), "")
}

/// Serves a store; where, and what the server tells.
fn serve(store: &Store, browser_file: Option<PathBuf>) -> (SocketAddr, mpsc::Receiver<Event>) {
    let (tell, told) = mpsc::channel();
    let options = Options {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        browser_file,
        clock: || "2026-10-08T04:00:00Z".parse().unwrap(),
        language: Language::Chinese,
    };
    let store = store.clone();
    std::thread::spawn(move || kiosk::serve(store, options, move |event| drop(tell.send(event))));
    let Event::Listening(address) = told.recv_timeout(Duration::from_secs(20)).unwrap() else { panic!("no address") };
    (address, told)
}

/// Serves a folder as the preview does.
fn preview(folder: PathBuf) -> SocketAddr {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        serve_folder(folder, serve::Options { host: Ipv4Addr::LOCALHOST.into(), port: 0 }, |event| {
            if let serve::Event::Listening(address) = event {
                tell.send(address).unwrap();
            }
        })
    });
    told.recv_timeout(Duration::from_secs(20)).unwrap()
}

fn escaped(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[test]
fn every_file_is_the_one_the_host_sends_with_its_headers() {
    let temp = folder();
    let (kiosk, _told) = serve(&kiosk(&temp.path().join("kiosk"), &[0]), None);
    let preview = preview(built(0).to_owned());
    let (mut same, mut absent) = (0, Vec::new());
    let paths: Vec<String> = tree(built(0)).into_keys().collect();
    let pages = paths.iter().filter_map(|path| path.strip_suffix("index.html").map(str::to_owned));
    for path in paths.iter().cloned().chain(pages.collect::<Vec<_>>()) {
        let address = format!("/{}", escaped(&path));
        let reply = get(kiosk, &address);
        if reply.status == 404 && path != "404.html" {
            absent.push(path);
            continue;
        }
        assert_eq!(reply, get(preview, &address), "{path}");
        same += 1;
    }
    assert!(same > 150, "only {same} files");
    // What is for other programs stays on the host.
    let elsewhere = |path: &str| {
        let folders = ["data/", "feeds/", "release"].iter().any(|folder| path.starts_with(folder));
        folders || [".yima", "robots.txt", "sitemap.xml"].contains(&path)
    };
    absent.retain(|path| !elsewhere(path));
    assert_eq!(absent, [""; 0]);
    for request in [
        "GET /policies",
        "HEAD /policies/",
        "GET /policies/?page=2",
        "GET /none/",
        "HEAD /none",
        "GET /%ff",
        "GET /../x",
        "GET //policies/",
        "GET /policies/index.html",
    ] {
        assert_eq!(ask(kiosk, request, ""), ask(preview, request, ""), "{request}");
    }
    let style = paths.iter().find(|path| path.starts_with("assets/site-")).unwrap();
    let tag = get(kiosk, &format!("/{style}")).headers["etag"].clone();
    for headers in [
        "Range: bytes=0-9\r\n",
        "Range: bytes=-9\r\n",
        "Range: bytes=999999999-\r\n",
        &format!("If-None-Match: {tag}\r\n"),
    ] {
        let request = format!("GET /{style}");
        assert_eq!(ask(kiosk, &request, headers), ask(preview, &request, headers), "{headers}");
    }
    let ledger = std::fs::read_to_string(built(0).join("data/codes.csv")).unwrap();
    let code = ledger.lines().nth(1).unwrap().split(',').next().unwrap();
    let lower = format!("GET /q/{}", code.to_lowercase());
    assert_eq!(ask(kiosk, &lower, "").headers["location"], format!("/Q/{code}/"));
}

#[test]
fn only_this_machine_is_served_and_nothing_is_written() {
    let temp = folder();
    let store = kiosk(&temp.path().join("kiosk"), &[0]);
    let (address, _told) = serve(&store, None);
    let port = address.port();
    for (host, status) in [
        (address.to_string(), 200),
        (format!("localhost:{port}"), 200),
        ("evil.example".into(), 421),
        (format!("evil.example:{port}"), 421),
        ("127.0.0.1".into(), 421),
        (String::new(), 421),
    ] {
        assert_eq!(ask_as(address, &host, "GET /", "").status, status, "{host}");
        assert_eq!(ask_as(address, &host, &format!("GET {HEALTH}"), "").status, status, "{host}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let reply = ask(address, &format!("{method} /"), "");
        assert_eq!((reply.status, reply.headers["allow"].as_str()), (405, "GET, HEAD"), "{method}");
    }
    let worker = ask(address, &format!("GET /{}", "assets/yima.js"), "Service-Worker: script\r\n");
    assert_eq!(worker.status, 404, "a kiosk needs no worker");
    for address in ["0.0.0.0:8090", "192.0.2.1:8090", "[::]:8090"] {
        let said = run(&["kiosk", "serve", typed(store.folder()), "--listen", address]).unwrap_err();
        assert_eq!(said, format!("自助机只对本机服务，不能监听 {address}，请用 127.0.0.1"));
    }
}

#[test]
fn a_newer_release_answers_at_once_and_pages_keep_their_files() {
    let temp = folder();
    let store = kiosk(&temp.path().join("kiosk"), &[]);
    let (address, told) = serve(&store, None);
    let empty = get(address, "/");
    assert!(empty.status == 503 && empty.text().contains("还没有数据"), "{empty:?}");
    import(&store, built(0), &|_, _| {}).unwrap();
    let page = |which: usize| std::fs::read(built(which).join("index.html")).unwrap();
    let style = |which: usize| {
        let mut paths = tree(built(which)).into_keys();
        format!("/{}", paths.rfind(|path| path.starts_with("assets/site-")).unwrap())
    };
    assert_ne!(style(0), style(1));
    assert_eq!(get(address, "/").body, page(0));
    assert_eq!(get(address, &style(1)).status, 404);
    import(&store, built(1), &|_, _| {}).unwrap();
    assert_eq!(get(address, "/").body, page(1));
    for which in [0, 1] {
        let reply = get(address, &style(which));
        assert_eq!((reply.status, reply.body), (200, std::fs::read(built(which).join(&style(which)[1..])).unwrap()));
    }
    store.roll_back(false).unwrap();
    assert_eq!(get(address, "/").body, page(0));
    store.roll_back(true).unwrap();
    assert_eq!(get(address, "/").body, page(1));
    while told.recv_timeout(Duration::from_secs(20)).unwrap() != Event::Release(Some(NUMBERS[1])) {}
}

#[test]
fn a_damaged_object_is_answered_for_by_the_other_release() {
    let temp = folder();
    let store = kiosk(&temp.path().join("kiosk"), &[0, 1]);
    let reader = store.reader(&store.held()[0]).unwrap();
    let before = store.reader(&store.held()[1]).unwrap();
    let own = |object: &&yima_pack::Object| before.manifest().objects.iter().all(|other| other.sha != object.sha);
    for object in reader.manifest().objects.iter().filter(own) {
        put(&store.folder().join("object").join(object.sha.to_string()), b"rotten");
    }
    let (address, told) = serve(&store, None);
    assert_eq!(get(address, "/").body, std::fs::read(built(0).join("index.html")).unwrap());
    while !matches!(told.recv_timeout(Duration::from_secs(20)).unwrap(), Event::Damaged(_)) {}
    let health: serde_json::Value = serde_json::from_slice(&get(address, &format!("{HEALTH}?json")).body).unwrap();
    assert_eq!(health["release"], NUMBERS[1]);
    assert!(health["warnings"].as_array().unwrap().iter().any(|warning| warning["id"] == "damaged"), "{health}");
    // The same stick mends it, without a new start.
    import(&store, built(1), &|_, _| {}).unwrap();
    assert_eq!(get(address, "/").body, std::fs::read(built(1).join("index.html")).unwrap());
}

#[test]
fn health_is_told_in_every_form() {
    let temp = folder();
    let (address, _told) = serve(&kiosk(&temp.path().join("kiosk"), &[0]), None);
    let health =
        || -> serde_json::Value { serde_json::from_slice(&get(address, &format!("{HEALTH}?json")).body).unwrap() };
    assert_eq!((&health()["release"], &health()["age_days"]), (&NUMBERS[0].into(), &7.into()));
    assert_eq!(health()["heartbeat_seconds"], serde_json::Value::Null);
    assert_eq!(
        ask(address, &format!("GET {HEALTH}"), "Accept: application/json\r\n").headers["content-type"],
        "application/json"
    );
    let post = |headers: &str| ask(address, &format!("POST {HEALTH}"), headers);
    assert_eq!(post("Origin: http://evil.example\r\n").status, 403);
    assert_eq!(health()["heartbeat_seconds"], serde_json::Value::Null);
    let beat = post(&format!("Origin: http://{address}\r\nContent-Length: 0\r\n"));
    assert_eq!((beat.status, beat.body.len()), (204, 0));
    assert!(health()["heartbeat_seconds"].as_u64().unwrap() < 20);
    let page = get(address, HEALTH);
    assert!(page.text().contains("<svg") && page.text().contains("2026100100"), "{}", page.text());
    assert!(page.headers["content-security-policy"].contains("style-src 'sha256-"), "{page:?}");
    let text = get(address, &format!("{HEALTH}?text")).text();
    assert!(
        text.starts_with("一码自助机 zc.xiaocheng.example\n发布 2026100100\n数据日期 2026-10-01（7 天）\n"),
        "{text}"
    );
}

#[test]
fn a_silent_page_asks_for_a_new_browser() {
    let temp = folder();
    let file = temp.path().join("browser");
    let (address, told) = serve(&kiosk(&temp.path().join("kiosk"), &[0]), Some(file.clone()));
    let start = Instant::now();
    assert_eq!(ask(address, &format!("POST {HEALTH}"), "").status, 204);
    while told.recv_timeout(Duration::from_secs(60)).unwrap() != Event::Silent {}
    let waited = start.elapsed().as_secs();
    assert!((29..45).contains(&waited), "after {waited} s");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "silent\n");
    let health = get(address, &format!("{HEALTH}?json")).text();
    assert!(health.contains("\"silent\""), "{health}");
    assert_eq!(ask(address, &format!("POST {HEALTH}"), "").status, 204);
    assert!(!get(address, &format!("{HEALTH}?json")).text().contains("\"silent\""));
}
