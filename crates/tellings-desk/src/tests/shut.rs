//! What must not be possible: the desk opens no address that somebody names, gives no file, and waits for nobody for ever.

use super::{HOSTILE, Served, desk, filled, ids, samples, store};
use crate::server::Patience;
use crate::{Desk, Request};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tellings::{Body as Bytes, Given, Report};

/// Somebody who waits to be called.
struct Ear {
    listener: TcpListener,
    at: SocketAddr,
}

impl Ear {
    fn new() -> Ear {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        Ear { listener, at }
    }

    /// Was it called? Its own call comes last: whoever called before stands before it.
    fn called(&self) -> bool {
        let own = std::net::TcpStream::connect(self.at).unwrap();
        let (_, first) = self.listener.accept().unwrap();
        first != own.local_addr().unwrap()
    }
}

#[test]
fn an_ear_hears() {
    let ear = Ear::new();
    let caller = std::net::TcpStream::connect(ear.at).unwrap();
    assert!(ear.called());
    drop(caller);
    let ear = Ear::new();
    assert!(!ear.called());
}

#[test]
fn no_address_that_is_named_is_opened() {
    let ear = Ear::new();
    let url = format!("http://{}/x", ear.at);
    let bare = ear.at.to_string();
    // Reports that name it wherever a report can: as its own address, as what it loads, as an entity of its markup.
    let html = format!(
        "<!DOCTYPE html [<!ENTITY x SYSTEM \"{url}\"><!ENTITY % y SYSTEM \"{url}\"> %y;]><html><head><base href=\"{url}\">\
         <link rel=stylesheet href=\"{url}\"><meta http-equiv=refresh content=\"0;url={url}\"><script src=\"{url}\"></script></head>\
         <body><article><h1>Talks at {url}</h1><p>Officials of {url} met in Geneva on Monday, and the talks over the truce &x; went on. \
         <img src=\"{url}\"><iframe src=\"{url}\"></iframe></p></article></body></html>"
    );
    let mut given = Given { title: Some(url.clone()), date: Some("2024-03-05".to_string()), ..Given::default() };
    given.source.outlet = Some(url.clone());
    given.source.url = Some(url.clone());
    let report = |id: &str, body: Bytes| Report {
        id: id.to_string(),
        given: given.clone(),
        body,
        problems: Vec::new(),
        keys: vec![url.clone()],
    };
    let file = std::env::temp_dir().join(format!("tellings-ear-{}.html", std::process::id()));
    std::fs::write(&file, html).unwrap();
    let read = tellings::gather(&[file.display().to_string()], None).next().unwrap().unwrap();
    let _ = std::fs::remove_file(&file);
    let page = report("page", read.body);
    let row =
        Report { keys: Vec::new(), ..report(&url, Bytes::Row(format!("Ministers met {url} in Vienna on Tuesday over {url}."))) };
    let (path, _) = filled("ear", samples().into_iter().chain([page, row]));
    let desk = Desk::open(&path).unwrap();
    let (story, event, who) = ids();
    let id = crate::http::encoded;
    // Every parameter that any page or the API has, and some that others have.
    let names = "q since until origins reports actor entity place realis agreement sort skip after all outlet mark layer view from kind item \
         type event story done note by to cursor limit cited section rows name of speaker toward form url uri link src href feed callback \
         redirect next return proxy host file path target dest image";
    let places = [
        "/".to_string(),
        "/search".into(),
        "/events".into(),
        "/events.csv".into(),
        "/events.parquet".into(),
        "/review".into(),
        "/sources".into(),
        "/problems".into(),
        "/about".into(),
        "/login".into(),
        "/account".into(),
        "/audit".into(),
        format!("/story/{}", id(&story)),
        format!("/event/{}", id(&event)),
        format!("/actor/{}", id(&who)),
        "/report/page".into(),
        "/report/page?view=original".into(),
        "/report/page?view=bytes".into(),
        format!("/report/{}", id(&url)),
        format!("/story/{}", id(&url)),
        format!("/event/{}", id(&url)),
        format!("/actor/{}", id(&url)),
        format!("/assets/{}", id(&url)),
        format!("/{}", id(&url)),
        format!("/{url}"),
    ];
    let mut asked = 0;
    let mut ask = |request: Request| {
        for request in [request.clone(), request.with("host", "localhost").with("referer", &url).with("x-forwarded-for", &bare)] {
            assert!(desk.answer(&request).status != 500, "{request:?}");
            asked += 1;
        }
    };
    let api: Vec<String> = crate::api::paths().as_object().unwrap().keys().cloned().collect();
    for place in places
        .iter()
        .cloned()
        .chain(api.iter().map(|p| p.replace("{id}", &id(&event)).replace("{layout}", "prov")))
        .chain(api.iter().map(|p| p.replace("{id}", &id(&url)).replace("{layout}", &id(&url))))
    {
        let mark = if place.contains('?') { '&' } else { '?' };
        ask(Request::get(&place));
        for value in [&url, &bare, &format!("//{bare}/"), &format!("file:///proc/self/environ#{bare}")] {
            let all: Vec<String> = names.split_whitespace().map(|name| format!("{name}={}", id(value))).collect();
            ask(Request::get(&format!("{place}{mark}{}", all.join("&"))));
            // Alone, too, where one that is wrong would stop the others.
            for one in &all {
                ask(Request::get(&format!("{place}{mark}{one}")));
            }
        }
    }
    let token = desk.token(&Request::get("/")).to_string();
    for action in ["accept", "reject", "recode", "retime", "replace", "undo", "fetch"] {
        for address in ["/review", "/login", "/logout"] {
            let fields: Vec<(&str, &str)> = names
                .split_whitespace()
                .chain(["back", "correction", "date", "country", "password"])
                .map(|name| (name, url.as_str()))
                .collect();
            let form: Vec<(&str, &str)> = [("token", token.as_str()), ("action", action)].into_iter().chain(fields).collect();
            ask(Request::post(address, &form));
        }
    }
    assert!(asked > 10_000, "{asked}");
    // Over a socket: as a proxy would be asked, and as an assistant may.
    let served = Served::new(desk);
    for line in [
        format!("GET {url} HTTP/1.1"),
        format!("CONNECT {bare} HTTP/1.1"),
        format!("GET /{url} HTTP/1.1"),
        format!("OPTIONS {url} HTTP/1.1"),
    ] {
        served.raw(format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
        served.raw(format!("{line}\r\nHost: {bare}\r\nConnection: close\r\n\r\n").as_bytes());
    }
    for tool in ["search", "stories", "story", "events", "event", "actor", "timeline", "quotes", "claims", "explain", "fetch"] {
        let arguments: Vec<String> =
            ["id", "q", "of", "story", "section", "actor"].iter().map(|name| format!("\"{name}\":\"{url}\"")).collect();
        for arguments in arguments.iter().cloned().chain([arguments.join(",")]) {
            let body = format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\"arguments\":{{{arguments}}}}}}}"
            );
            let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\n";
            served.raw(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        }
    }
    served.end();
    assert!(!ear.called(), "the desk opened an address that somebody named");
}

#[test]
fn no_path_leads_to_a_file() {
    // A file beside the store, as a thief would want it.
    let folder = std::env::temp_dir();
    let name = format!("tellings-secret-{}.txt", std::process::id());
    std::fs::write(folder.join(&name), "a-secret-that-nobody-may-see").unwrap();
    let served = Served::new(desk());
    let file = folder.join(&name).display().to_string();
    let up = "../".repeat(12);
    let mut tried = 0;
    for place in [
        "/",
        "/assets/",
        "/report/",
        "/story/",
        "/event/",
        "/actor/",
        "/api/v1/",
        "/api/v1/reports/",
        "/api/v1/stories/x/export/",
    ] {
        for way in [
            file.clone(),
            format!("{up}{file}"),
            format!("..{file}"),
            format!("{}{file}", up.replace("../", "%2e%2e%2f")),
            format!("{}{file}", up.replace("../", "..%2f")),
            format!("{}{file}", up.replace("../", "..%5c")),
            format!("{}{file}", up.replace("../", "%252e%252e%252f")),
            format!("{}{file}", up.replace("../", "%c0%ae%c0%ae/")),
            format!("{}{file}", up.replace("../", "....//")),
            format!("{up}{file}%00.css"),
            format!("file://{file}"),
            name.clone(),
            store().display().to_string(),
        ] {
            for ending in ["", "?view=bytes", "?view=original"] {
                let answer = served
                    .raw(format!("GET {place}{way}{ending} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
                let status = answer.split(' ').nth(1).unwrap_or_default();
                assert!(matches!(status, "400" | "404"), "{place}{way}{ending}: {status}");
                assert!(!answer.contains("a-secret") && !answer.contains("SQLite format"), "{place}{way}{ending}");
                tried += 1;
            }
        }
    }
    served.end();
    let _ = std::fs::remove_file(folder.join(&name));
    assert!(tried > 300 && HOSTILE.lines().count() > 20);
}

#[test]
fn who_is_slow_is_left() {
    // Long enough for a machine that has other things to do between two lines of this test.
    let patience = Patience { sends: Duration::from_secs(3), takes: Duration::from_secs(1) };
    let served = Served::with(desk(), patience);
    let told = |begun: &[u8]| {
        let mut stream = served.connect();
        stream.write_all(begun).unwrap();
        // Nothing more is sent: what comes is what the desk does of itself; an error is that it did not in half a minute.
        let mut answer = Vec::new();
        let left = stream.read_to_end(&mut answer);
        assert!(left.is_ok() || left.as_ref().is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset), "{left:?}");
        String::from_utf8_lossy(&answer).into_owned()
    };
    std::thread::scope(|all| {
        // In the middle of the header; before it; between two requests.
        for begun in ["GET / HTTP/1.1\r\nHost: loc", "GET / HT", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
            let told = &told;
            all.spawn(move || {
                let answer = told(begun.as_bytes());
                let whole = begun.starts_with("GET /healthz") && answer.ends_with("ok\n");
                assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 ") || whole, "{answer}");
            });
        }
        // In the middle of the body.
        all.spawn(|| {
            let body = told(b"POST /review HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ntoken=");
            assert!(body.starts_with("HTTP/1.1 408 "), "{body}");
        });
    });
    // Who takes nothing of what is sent, and asks for ever more: when nothing more fits on the way, only the desk can end it.
    let mut deaf = served.connect();
    deaf.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500);
    let end = (0..100_000).find_map(|_| deaf.write_all(&ask).err());
    let end = end.expect("it cannot go on").kind();
    assert!(!matches!(end, std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "who takes nothing is waited for");
    served.end();
}
