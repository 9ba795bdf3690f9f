use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use super::*;

const PAGE: &str = "<!doctype html><html><head><meta http-equiv=\"Content-Security-Policy\" \
                    content=\"default-src &#39;none&#39;; style-src 'sha256-x'\"></head><body>青屿</body></html>";

fn shelf() -> Shelf {
    let code = yima_model::Code::from_body(0).to_string();
    let files: BTreeMap<String, &str> = [
        ("index.html".to_owned(), PAGE),
        ("policy/x/index.html".to_owned(), "<html><head></head>x</html>"),
        (format!("Q/{code}/index.html"), "card"),
        ("assets/site-00112233.css".to_owned(), "0123456789"),
        ("文.txt".to_owned(), "text"),
        ("404.html".to_owned(), "nothing here"),
        ("bad.html".to_owned(), "!"),
    ]
    .into();
    Shelf::start(move |questions| {
        questions.answer(|path| match files.get(path) {
            Some(&"!") => Err("template bad.html:1".to_owned()),
            found => Ok(found.map(|text| text.as_bytes().to_vec())),
        });
    })
}

/// Status, headers as text, body.
async fn ask(asked: Asked<'_>) -> (u16, String, String) {
    let live = asked.query.filter(|query| *query == "live").map(|_| "/_yima/live.js?v=7");
    let answer = answer(asked, &shelf(), live).await;
    let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    (answer.status, headers, String::from_utf8(answer.body.to_vec()).unwrap())
}

fn get_path(path: &str) -> Asked<'_> {
    Asked { method: "GET", path, ..Asked::default() }
}

#[tokio::test]
async fn addresses_lead_where_a_real_host_leads() {
    let code = yima_model::Code::from_body(0).to_string();
    let lower = format!("/q/{}", code.to_lowercase().replace('0', "o"));
    let spaced = format!("/Q/{}%20{}", &code[..3], &code[3..]);
    let card = format!("Location: /Q/{code}/\n");
    for (path, status, holds) in [
        ("/", 200, "Content-Type: text/html; charset=utf-8"),
        ("/policy/x/", 200, "no-cache"),
        ("/policy/x", 301, "Location: /policy/x/\n"),
        ("/Policy/X/", 301, "Location: /policy/x/\n"),
        ("/POLICY/X", 301, "Location: /policy/x/\n"),
        ("/policy/x/index.html", 200, ""),
        ("/%E6%96%87.txt", 200, "text/plain; charset=utf-8"),
        (&lower, 301, &card),
        (&spaced, 301, &card),
        ("/q/zzzzzz", 404, ""),
        ("/assets/site-00112233.css", 200, "immutable"),
        ("/none", 404, "text/html"),
        ("/bad.html", 500, ""),
        ("//policy/x", 404, ""),
        ("/policy//x/", 404, ""),
        ("/../etc/passwd", 404, ""),
        ("/%2e%2e/etc/passwd", 404, ""),
        ("/policy/..%2f..%2fx", 404, ""),
        ("/%ff", 404, ""),
        ("/%0", 404, ""),
        ("/a%00b", 404, ""),
        ("/a%5cb", 404, ""),
    ] {
        let (got, headers, _) = ask(get_path(path)).await;
        assert_eq!(got, status, "{path}");
        assert!(headers.contains(holds), "{path}: {headers}");
        assert!(headers.contains("nosniff") && headers.contains("Content-Security-Policy"), "{path}: {headers}");
    }
    let (_, headers, _) = ask(Asked { query: Some("a=b"), ..get_path("/policy/x") }).await;
    assert!(headers.contains("Location: /policy/x/?a=b\n"), "{headers}");
    let (_, _, body) = ask(get_path("/none")).await;
    assert_eq!(body, "nothing here");
    let odd = format!("{:?}", super::answer::moved("/文 100%?#", None).headers);
    assert!(odd.contains("\"/%E6%96%87%20100%25%3F%23\""), "{odd}");
    let (status, headers, _) = ask(Asked { method: "POST", ..get_path("/") }).await;
    assert!(status == 405 && headers.contains("Allow: GET, HEAD"), "{status} {headers}");
}

#[tokio::test]
async fn a_page_is_sent_with_its_own_policy() {
    let (_, headers, body) = ask(get_path("/")).await;
    let policy = "Content-Security-Policy: default-src 'none'; style-src 'sha256-x'; frame-ancestors 'none'\n";
    assert!(headers.contains(policy), "{headers}");
    assert_eq!(body, PAGE);
    let (_, _, body) = ask(Asked { query: Some("live"), ..get_path("/") }).await;
    assert!(body.contains("<script src=\"/_yima/live.js?v=7\" defer></script></head>"), "{body}");
}

#[tokio::test]
async fn conditions_and_ranges_follow_rfc_9110() {
    let path = "/assets/site-00112233.css";
    let (_, headers, _) = ask(get_path(path)).await;
    let tag = headers.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let weak = format!("\"a\", W/{tag}");
    for (if_none_match, status) in [(tag, 304), (&*weak, 304), ("*", 304), ("\"other\"", 200)] {
        let (got, _, body) = ask(Asked { if_none_match: Some(if_none_match), ..get_path(path) }).await;
        assert_eq!((got, body.is_empty()), (status, status == 304), "{if_none_match}");
    }
    for (range, status, body) in [
        ("bytes=0-0", 206, "0"),
        ("bytes=4-6", 206, "456"),
        ("bytes=7-", 206, "789"),
        ("bytes=7-99", 206, "789"),
        ("bytes=-3", 206, "789"),
        ("bytes=-99", 206, "0123456789"),
        ("bytes=10-", 416, "no such range\n"),
        ("bytes=-0", 416, "no such range\n"),
        ("bytes=5-2", 200, "0123456789"),
        ("bytes=0-1,3-4", 200, "0123456789"),
        ("lines=1-2", 200, "0123456789"),
    ] {
        let (got, headers, text) = ask(Asked { range: Some(range), ..get_path(path) }).await;
        assert_eq!((got, text.as_str()), (status, body), "{range}");
        assert!(headers.contains(&format!("Content-Length: {}\n", body.len())), "{range}: {headers}");
    }
    let other = Asked { range: Some("bytes=0-0"), if_range: Some("\"other\""), ..get_path(path) };
    assert_eq!(ask(other).await.0, 200, "the file has changed meanwhile");
    let (status, headers, body) = ask(Asked { method: "HEAD", ..get_path(path) }).await;
    assert!(status == 200 && body.is_empty() && headers.contains("Content-Length: 10\n"), "{headers}");
}

/// A preview that is what its one file says: a page, or a mistake.
struct OneFile(PathBuf);

impl Preview for OneFile {
    #[expect(clippy::disallowed_methods, reason = "a test reads its own file")]
    fn load(&mut self, _: &[PathBuf]) -> Loaded {
        let text = std::fs::read_to_string(self.0.join("page")).unwrap();
        if text.starts_with("mistake") {
            return Loaded::Mistakes(text);
        }
        Loaded::Site(Shelf::start(|questions| {
            questions.answer(move |path| Ok((path == "index.html").then(|| text.clone().into_bytes())));
        }))
    }

    fn folders(&self) -> Vec<PathBuf> {
        vec![self.0.clone(), self.0.join("not there")]
    }
}

fn request(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test writes its own file")]
fn the_preview_follows_changes_and_keeps_the_last_good_site() {
    let temp = tempfile::TempDir::new().unwrap();
    let file = temp.path().join("page");
    std::fs::write(&file, "mistake <1>").unwrap();
    let (tell, told) = mpsc::channel();
    let preview = OneFile(temp.path().to_path_buf());
    std::thread::spawn(move || {
        serve(preview, Options { host: Ipv4Addr::LOCALHOST.into(), port: 0 }, move |event| {
            if let Event::Listening(address) = event {
                tell.send(address).unwrap();
            }
        })
    });
    let address = told.recv_timeout(Duration::from_secs(10)).unwrap();
    let first = request(address, "/");
    assert!(first.starts_with("HTTP/1.1 500 ") && first.contains("mistake &lt;1>"), "{first}");

    let mut events = TcpStream::connect(address).unwrap();
    events.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(events, "GET /_yima/events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut heard = String::new();
    let mut until = |words: &str| {
        let mut buffer = [0; 4096];
        while !heard.contains(words) {
            let count = events.read(&mut buffer).unwrap();
            assert!(count > 0, "closed after {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        heard.clear();
    };
    until("mistake <1>");
    std::fs::write(&file, "<head></head>good").unwrap();
    until("\"mistakes\":null");
    let good = request(address, "/");
    assert!(good.contains("live.js?v=") && good.ends_with("</head>good"), "{good}");
    std::fs::write(&file, "mistake two").unwrap();
    until("mistake two");
    assert!(request(address, "/").ends_with("</head>good"), "the last good site is kept");
    assert!(request(address, "/_yima/live.js?v=1").contains("EventSource"));
    // The port is taken now.
    let taken = Options { host: Ipv4Addr::LOCALHOST.into(), port: address.port() };
    let error = serve_folder(temp.path().to_path_buf(), taken, |_| {}).unwrap_err();
    assert!(error.sentence(Language::Chinese).contains("已被占用"), "{error}");
}
