//! What every page must hold: asked without a socket where that will do, over one where it will not.

mod accounts;
mod door;
mod server;
mod shut;
mod weight;

use crate::{Body, Desk, Request, Response};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tellings::store::{Database, Store, StorySearch};
use tellings::{Body as Bytes, Given, Models, Report};

/// Markup and script where a report may have them, as attackers write it.
pub(crate) const HOSTILE: &str = include_str!("../../../testdata/desk/hostile.txt");

pub(crate) fn samples() -> Vec<Report> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let names: Vec<String> =
        ["hangzhou", "ceasefire"].iter().map(|name| folder.join(name).to_string_lossy().into_owned()).collect();
    let mut all: Vec<Report> = tellings::gather(&names, None).filter_map(Result::ok).collect();
    // Hostile words as title, outlet, address, text and id.
    for (at, line) in HOSTILE.lines().filter(|line| !line.is_empty()).enumerate() {
        let text = format!(
            "Officials of {line} met {line} in Geneva on Monday.\n\nThe president of France said: \"{line}\" and accused Russia of {line}."
        );
        let mut given = Given { title: Some(format!("Talks {line}")), date: Some("2024-03-05".to_string()), ..Given::default() };
        given.source.outlet = Some(line.to_string());
        given.source.url = Some(line.to_string());
        let id = format!("hostile-{at}-{line}");
        all.push(Report { id, given, body: Bytes::Row(text), problems: Vec::new(), keys: Vec::new() });
    }
    all
}

/// A new store of this process with these reports, and where it is.
fn filled(name: &str, reports: impl IntoIterator<Item = Report>) -> (PathBuf, Database) {
    let path = std::env::temp_dir().join(format!("tellings-desk-{name}-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let mut store = Database::open(&path).unwrap();
    let run = tellings::store::this_run(&[]);
    tellings::store::add(&Models::shipped(), &mut store, &run, reports.into_iter().map(Ok), |_| ()).unwrap();
    (path, store)
}

/// A store with the sample stories and hostile reports, made once for all tests of a process.
pub(crate) fn store() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| filled("samples", samples()).0)
}

fn desk() -> Desk {
    Desk::open(store()).unwrap()
}

/// A sample story, an event of it, and one of its people.
fn ids() -> (String, String, String) {
    let store = Database::open_to_read(store()).unwrap();
    let stories = store.stories(&StorySearch { words: "Hangzhou".into(), limit: 1, ..StorySearch::default() }).unwrap();
    let search = tellings::store::RecordEventSearch { story: Some(stories[0].number), limit: 1, ..Default::default() };
    let event = store.record_events(&search).unwrap().remove(0);
    (stories[0].id.clone(), event.id, "person/barack-obama".to_string())
}

fn pages() -> Vec<String> {
    let (story, event, _) = ids();
    let id = crate::http::encoded;
    let mut all: Vec<String> = [
        "/",
        "/search",
        "/search?q=talks",
        "/events",
        "/events?realis=actual&sort=origins",
        "/sources",
        "/problems",
        "/about",
        "/review",
    ]
    .map(str::to_string)
    .to_vec();
    all.extend([
        format!("/story/{}", id(&story)),
        format!("/event/{}", id(&event)),
        "/report/norwire-0905?mark=10-60&layer=names".to_string(),
        "/report/norwire-0905?view=original".to_string(),
    ]);
    all
}

#[test]
fn every_page_is_there_and_says_what_it_is() {
    let desk = desk();
    for address in pages() {
        let response = desk.answer(&Request::get(&address));
        let text = response.text();
        assert_eq!(response.status, 200, "{address}: {text}");
        assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"), "{address}");
        assert!(response.header("content-security-policy").is_some_and(|p| p.starts_with("default-src 'none'")), "{address}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert!(text.starts_with("<!DOCTYPE html><html lang=\"en\">") && text.matches("<h1>").count() == 1, "{address}: {text}");
        assert!(text.len() < 100 << 10, "{address}: {} bytes", text.len());
        // Nothing of it is inline, nothing is elsewhere.
        inert(&text, &address);
        let scripts = text.matches("<script").count();
        assert_eq!((scripts, text.matches("<script src=\"/assets/desk.js?").count()), (1, 1), "{address}");
    }
}

#[test]
fn pages_tell_what_the_store_holds() {
    let desk = desk();
    let text = |address: &str| desk.answer(&Request::get(address)).text();
    let (story, event, _) = ids();
    let home = text("/");
    assert!(home.contains(&format!("/story/{story}")) && home.contains("class=\"spark\""), "{home}");
    let page = text(&format!("/story/{story}"));
    for part in [
        "Timeline",
        "Who is who",
        "Sources and their lineage",
        "independent",
        "/event/v-",
        "class=\"axis\"",
        "class=\"tie ",
        "class=\"land\"",
        "class=\"node\"",
    ] {
        assert!(page.contains(part), "the story has no {part}");
    }
    // Every citation leads to a report in which those words are marked.
    let cited: Vec<&str> = page.split("class=\"cite\" href=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
    assert!(cited.len() > 10);
    for address in cited {
        let (address, anchor) = address.split_once('#').unwrap();
        let report = text(&address.replace("&amp;", "&"));
        assert!(report.contains(&format!("id=\"{anchor}\"")) && report.contains("<mark>"), "{address}");
    }
    let one = text(&format!("/event/{event}"));
    assert!(one.contains("How each report tells it") && one.contains("As recorded"), "{one}");
    let report = text("/report/norwire-0905?layer=names");
    assert!(report.contains("id=\"l-names\" checked") && report.contains("class=\"n\"") && report.contains(&story), "{report}");
    let found = text("/search?q=Obama");
    assert!(found.contains("<mark>Obama</mark>") && found.contains("/actor/"), "{found}");
    assert!(text("/search?q=zzzzqq").contains("No reports have these words"));
    assert!(text("/events?actor=obama").contains("Obama"));
    assert!(text("/sources").contains("Own words"));
}

#[test]
fn what_is_not_there_is_said_to_be_missing() {
    let desk = desk();
    let status = |address: &str| desk.answer(&Request::get(address)).status;
    for address in [
        "/story/none",
        "/report/none",
        "/event/none",
        "/actor/zzzqqq",
        "/none",
        "/report/..%2f..%2fetc%2fpasswd",
        "/assets/..%2fdesk.css",
        "/assets/",
    ] {
        assert_eq!(status(address), 404, "{address}");
    }
    assert_eq!(status("/search?q=-war"), 400);
    assert_eq!(status("/api/v1/none"), 404);
    assert_eq!(desk.answer(&Request::get("/api/v1/none")).header("content-type"), Some("application/problem+json"));
    // Numbers and marks out of all bounds are no fault of ours.
    for address in [
        "/?skip=99999999999999999999",
        "/events?skip=-1&origins=x",
        "/report/norwire-0905?mark=5-2",
        "/report/norwire-0905?mark=0-99999999",
        "/report/norwire-0905?mark=x",
    ] {
        assert_eq!(status(address), 200, "{address}");
    }
}

#[test]
fn hostile_words_stay_words() {
    let desk = desk();
    let mut seen = 0;
    let store = Database::open_to_read(store()).unwrap();
    let numbers = store.numbers(0, 10_000).unwrap();
    let mut addresses = pages();
    for stored in store.documents(&numbers).unwrap() {
        if stored.entry.id.starts_with("hostile-") {
            let id = crate::http::encoded(&stored.entry.id);
            addresses.extend([format!("/report/{id}"), format!("/report/{id}?view=original")]);
            addresses.extend(
                store.stories_of(stored.number).unwrap().iter().map(|s| format!("/story/{}", crate::http::encoded(&s.id))),
            );
            addresses.push(format!("/search?q={}", crate::http::encoded(&stored.entry.text)));
            seen += 1;
        }
    }
    let search = tellings::store::RecordEventSearch { limit: 500, ..Default::default() };
    addresses.extend(store.record_events(&search).unwrap().iter().map(|e| format!("/event/{}", crate::http::encoded(&e.id))));
    addresses.sort_unstable();
    addresses.dedup();
    assert!(seen > 20);
    for address in &addresses {
        let response = desk.answer(&Request::get(address));
        assert!(matches!(response.status, 200 | 303 | 400), "{address}: {}", response.status);
        let text = response.text();
        inert(&text, address);
    }
}

/// Only elements, attributes and addresses that the desk itself writes.
fn inert(page: &str, address: &str) {
    const ELEMENTS: &str = " a article b blockquote body br button circle code dd defs desc details div dl dt fieldset figcaption figure footer form g h1 h2 h3 head header html image input kbd label legend li line link main mark marker meta nav ol optgroup option p path pre q rect script section select small span strong style summary svg table tbody td text textarea th thead time title tr ul use ";
    for tag in page.split('<').skip(1) {
        let name: String = tag.trim_start_matches(['/', '!']).chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        assert!(name == "DOCTYPE" || ELEMENTS.contains(&format!(" {} ", name.to_lowercase())), "{address}: <{name}> in {tag}");
        assert!(name != "style", "{address}");
        let attributes = tag.split('>').next().unwrap_or_default();
        for attribute in attributes.split(' ').skip(1).filter_map(|a| a.split_once('=')) {
            let (name, value) = attribute;
            // What follows a blank inside a value is no attribute: our values have no quotes in them.
            if value.starts_with('"') && matches!(name, "href" | "src" | "action") {
                let value = value.trim_matches('"');
                let ours = value.starts_with('/') && !value.starts_with("//") || value.starts_with(['#', '?']);
                assert!(ours || value.starts_with("https://") || value.starts_with("http://"), "{address}: {name}={value}");
            }
        }
        let quotes = attributes.matches('"').count();
        assert!(quotes % 2 == 0, "{address}: {tag}");
        // Outside of quotes there is no handler.
        let outside: String = attributes.split('"').step_by(2).collect();
        assert!(!outside.contains(" on") && !outside.contains("style=") && !outside.contains('\''), "{address}: {tag}");
    }
}

#[test]
fn only_this_machine_and_this_desk_may_ask() {
    let desk = desk();
    let get = |host: &str| desk.answer(&Request::get("/").with("host", host)).status;
    assert_eq!(["127.0.0.1:8080", "localhost", "[::1]:80", "LocalHost:1"].map(get), [200; 4]);
    assert_eq!(["evil.example", "127.0.0.1.evil.example:80", "evil.example:127", ""].map(get), [403; 4]);
    assert_eq!(desk.answer(&Request { method: "PUT".into(), ..Request::get("/") }).status, 405);
    assert_eq!(desk.answer(&Request::post("/api/v1/stories", &[])).header("allow"), Some("GET, HEAD"));
    let post = |token: &str, headers: &[(&str, &str)]| {
        let mut request =
            Request::post("/review", &[("token", token), ("action", "accept"), ("event", "none")]).with("host", "localhost");
        for (name, value) in headers {
            request = request.with(name, value);
        }
        desk.answer(&request).status
    };
    assert_eq!(post("", &[]), 403);
    assert_eq!(post(&"0".repeat(32), &[]), 403);
    assert_eq!(post(desk.token(&Request::get("/")), &[("origin", "http://evil.example")]), 403);
    assert_eq!(post(desk.token(&Request::get("/")), &[("origin", "null")]), 403);
    assert_eq!(post(desk.token(&Request::get("/")), &[("sec-fetch-site", "cross-site")]), 403);
    // It may be asked, but there is no such event.
    assert_eq!(post(desk.token(&Request::get("/")), &[("origin", "http://localhost"), ("sec-fetch-site", "same-origin")]), 404);
}

#[test]
fn what_is_known_is_not_sent_again() {
    let desk = desk();
    let first = desk.answer(&Request::get("/events"));
    let mark = first.header("etag").unwrap().to_string();
    let again = desk.answer(&Request::get("/events").with("if-none-match", &format!("\"x\", W/{mark}")));
    assert_eq!((again.status, again.text().len(), again.header("etag")), (304, 0, Some(mark.as_str())));
    assert_eq!(desk.answer(&Request::get("/events").with("if-none-match", "\"x\"")).status, 200);
    let style = first.text().split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let style = desk.answer(&Request::get(&style));
    assert!(style.header("cache-control").unwrap().contains("immutable") && style.text().contains("--ink"));
}

#[test]
fn the_api_is_as_its_document_says() {
    let desk = desk();
    let json = |address: &str| -> serde_json::Value {
        let response = desk.answer(&Request::get(address));
        assert_eq!(response.status, 200, "{address}: {}", response.text());
        serde_json::from_str(&response.text()).unwrap_or_default()
    };
    let (story, event, who) = ids();
    let document = json("/api/v1/openapi.json");
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert!(paths.len() > 20);
    for path in paths {
        let id = if path.contains("/stories/") {
            &story
        } else if path.contains("/events/") {
            &event
        } else if path.contains("/reports/") {
            "norwire-0905"
        } else {
            &who
        };
        let address = path.replace("{id}", &crate::http::encoded(id)).replace("{layout}", "claims");
        let asked = match path.rsplit('/').next() {
            Some("entities") => format!("{address}?name=obama"),
            Some("search") => format!("{address}?q=Obama"),
            Some("explain") => format!("{address}?of={event}"),
            _ => address,
        };
        let response = desk.answer(&Request::get(&asked));
        assert_eq!(response.status, 200, "{asked}: {}", response.text());
        let kinds = document["paths"][path]["get"]["responses"]["200"]["content"].as_object();
        let kind = response.header("content-type").unwrap().split(';').next().unwrap().to_string();
        assert!(kinds.is_none_or(|kinds| kinds.contains_key(&kind)), "{asked} is {kind}");
    }
    // Whatever a parameter may not be is refused, and said.
    for wrong in [
        "stories?limit=0",
        "stories?limit=x",
        "stories?since=soon",
        "events?type=WAR",
        "events?until=",
        "events?sort=x",
        "problems?cursor=",
        "problems?cursor=zz",
        "entities",
        "changes?after=-1",
        "stories/s-1/export/claims?form=xls",
    ] {
        let response = desk.answer(&Request::get(&format!("/api/v1/{wrong}")));
        assert_eq!((response.status, response.header("content-type")), (400, Some("application/problem+json")), "{wrong}");
    }
    // Page by page it is the same list.
    let all = json("/api/v1/events?limit=500");
    let (mut cursor, mut ids, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let page = json(&format!("/api/v1/events?limit=7{cursor}"));
        ids.extend(page["events"].as_array().unwrap().iter().map(|e| e["id"].clone()));
        pages += 1;
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let whole: Vec<_> = all["events"].as_array().unwrap().iter().map(|e| e["id"].clone()).collect();
    assert!(pages > 5 && ids.iter().take(whole.len()).eq(whole.iter()));
    // The file has the rows of the table, in its order.
    let csv = desk.answer(&Request::get("/events.csv?realis=actual&sort=origins"));
    assert!(csv.header("content-disposition").unwrap().contains("events.csv"));
    let rows: Vec<String> = csv
        .text()
        .lines()
        .skip(1)
        .filter_map(|l| l.split(',').next().map(str::to_string))
        .filter(|id| id.starts_with("v-"))
        .collect();
    let shown = desk.answer(&Request::get("/events?realis=actual&sort=origins")).text();
    let shown: Vec<&str> = shown
        .split("<td class=\"date inline\" data-name=\"Date\"><a href=\"/event/")
        .skip(1)
        .filter_map(|p| p.split('"').next())
        .collect();
    assert!(shown.len() > 10 && rows.iter().zip(&shown).all(|(a, b)| a == b), "{:?} {:?}", &rows[..3], &shown[..3]);
    assert!(matches!(&desk.answer(&Request::get("/events.parquet")).body, Body::Whole(bytes) if bytes.starts_with(b"PAR1")));
    // What became of stories.
    let changes = json("/api/v1/changes");
    assert_eq!(changes["changes"][0]["change"], "created");
    assert_eq!(json(&format!("/api/v1/changes?after={}", changes["last"]))["changes"].as_array().map(Vec::len), Some(0));
    // Feeds are well-formed and lead back.
    let atom = desk.answer(&Request::get(&format!("/api/v1/stories/{story}.atom")).with("host", "localhost:1")).text();
    assert!(
        atom.starts_with("<?xml") && atom.contains("<entry>") && atom.contains("href=\"http://localhost:1/report/"),
        "{atom}"
    );
    assert_eq!(json(&format!("/api/v1/stories/{story}.feed.json"))["version"], "https://jsonfeed.org/version/1.1");
    let talks = desk.answer(&Request::get(&format!("/api/v1/stories/{story}.ics"))).text();
    assert!(talks.starts_with("BEGIN:VCALENDAR"), "{talks}");
}

/// The desk on a socket of its own; ends with the value.
struct Served {
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<anyhow::Result<()>>>,
}

impl Served {
    fn new(desk: Desk) -> Served {
        let usual = Duration::from_secs(10);
        Served::with(desk, crate::server::Patience { sends: usual, takes: usual * 3 })
    }

    fn with(desk: Desk, patience: crate::server::Patience) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let thread = Some(std::thread::spawn(move || crate::server::serve_with(Arc::new(desk), listener, &told, patience)));
        Served { port, stop, thread }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Sends bytes as they are; gives all that comes back.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // The other side may refuse before it has read all.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn end(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

#[test]
fn a_socket_answers_and_stops_gracefully() {
    let served = Served::new(desk());
    let ask = |line: &str| served.raw(format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
    let page = ask("GET / HTTP/1.1");
    assert!(
        page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("\r\ncontent-length: ") && page.contains("<h1>Stories</h1>"),
        "{page}"
    );
    let head = ask("HEAD / HTTP/1.1");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && !head.contains("<h1>"), "{head}");
    assert!(ask("GET /healthz HTTP/1.1").ends_with("\r\n\r\nok\n"));
    let metrics = ask("GET /metrics HTTP/1.1");
    assert!(metrics.contains("tellings_desk_answers_total{class=\"2xx\"} 3"), "{metrics}");
    // Live: greets at once, and ends with the desk.
    let mut live = served.connect();
    live.write_all(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut begun = [0; 16];
    live.read_exact(&mut begun).unwrap();
    served.end();
    let mut rest = String::new();
    live.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("event: hello"), "{rest}");
}

#[test]
fn a_socket_refuses_what_is_too_much() {
    let served = Served::new(desk());
    let host = "Host: localhost\r\n";
    // A body larger than is taken, announced or not.
    let announced = served.raw(format!("POST /review HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\nx").as_bytes());
    assert!(announced.starts_with("HTTP/1.1 413 "), "{announced}");
    let mut chunked = format!("POST /review HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..40 {
        chunked.extend(b"1000\r\n");
        chunked.extend(vec![b'x'; 4096]);
        chunked.extend(b"\r\n");
    }
    let chunked = served.raw(&chunked);
    assert!(chunked.starts_with("HTTP/1.1 413 ") || chunked.is_empty(), "{chunked}");
    // Headers without end, and what is no HTTP.
    let long = served.raw(format!("GET / HTTP/1.1\r\n{host}X: {}\r\n\r\n", "x".repeat(200_000)).as_bytes());
    assert!(long.starts_with("HTTP/1.1 431 ") || long.is_empty(), "{long}");
    assert!(served.raw(b"\x16\x03\x01 no http\r\n\r\n").starts_with("HTTP/1.1 400 "));
    // A header cannot be put in by an address.
    let split = served.raw(
        format!("GET /story/x%0d%0aset-cookie:%20a=b?q=%0d%0aset-cookie:%20c HTTP/1.1\r\n{host}Connection: close\r\n\r\n")
            .as_bytes(),
    );
    let head = split.split("\r\n\r\n").next().unwrap();
    assert!(split.starts_with("HTTP/1.1 404 ") && !head.to_lowercase().contains("set-cookie"), "{split}");
    // A request of another host, and two that disagree where they end.
    assert!(served.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 403 "));
    let smuggled = served.raw(format!("POST / HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes());
    assert!(!smuggled.contains("tellings_desk_seconds"), "{smuggled}");
    served.end();
}

#[test]
fn a_slow_client_keeps_nobody_waiting() {
    let served = Served::new(desk());
    let mut slow: Vec<TcpStream> = (0..40).map(|_| served.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
    }
    let page = served.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    // It is not waited for when the desk stops, either.
    served.end();
}

#[test]
fn bodies_are_whole_or_come_in_pieces() {
    let response: Response = desk().answer(&Request::get("/live"));
    assert!(matches!(response.body, Body::Live));
}
