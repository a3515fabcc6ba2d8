//! Pages and feeds from a server on loopback that has every fault: what is good comes in once, what is not is told, a kill loses and
//! doubles nothing. `WATCH_SECONDS=3600 cargo test … watch::an_hour` polls for an hour and prints the memory it took.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tellings_testing::Folder;
use tellings_testing::server::{Question, Reply, Server};
use tellings_testing::tls::{Authority, Door, First};

/// The program; one that was set aside where a long run must not be disturbed by builds.
fn program() -> Command {
    Command::new(std::env::var("TELLINGS_PROGRAM").unwrap_or(env!("CARGO_BIN_EXE_tellings").to_string()))
}

fn tellings(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("tellings runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_string).collect()
}

/// The ids of all reports in a store.
fn ids(store: &str) -> BTreeSet<String> {
    let found = tellings(&["search", "--limit", "1000000", "--store", store]);
    let ids: Vec<String> =
        lines(&found).iter().filter_map(|l| l.split_once("  ").filter(|l| !l.0.is_empty()).map(|l| l.0.to_string())).collect();
    let once: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(once.len(), ids.len());
    once
}

const HTML: (&str, &str) = ("Content-Type", "text/html; charset=utf-8");

/// Whom and what the talks of a number are about: twenty each are one matter.
fn matter(number: u64) -> [String; 4] {
    let n = (number / 20) as usize;
    if n == 0 {
        return ["Ostria", "Belmark", "Lenn", "dam"].map(str::to_string);
    }
    let name = |salt: usize, end: &str| {
        let part = |n: usize| ["ka", "ro", "mel", "dun", "ver", "ist", "pol", "gar", "nim", "tos"][n % 10];
        let (first, rest) = part(n / 7 + salt).split_at(1);
        format!("{}{rest}{}{}{end}", first.to_uppercase(), part(n + 3 * salt), part(n / 10 + salt))
    };
    let what = ["bridge", "port", "mine", "canal", "pipeline", "fishery", "railway", "airfield", "reactor", "forest"][n % 10];
    [name(1, "ia"), name(4, "land"), name(7, "burg"), what.to_string()]
}

fn page(number: u64, head: &str) -> String {
    let [a, b, place, what] = matter(number);
    format!(
        "<!DOCTYPE html><html><head><title>Talks {number} on the {what}</title>{head}</head><body><nav><a href='/'>Home</a></nav><article><h1>Talks {number} on \
         the {what}</h1><p>{}, March 6 — Envoys of {a} and {b} met in {place} on Thursday for {number} hours, officials of both countries said.</p>\
         <p>They discussed the {what} of {place}, which {b} wants to finish before the rains of the year {number}, and who pays for \
         it.</p><p>“We are closer than we were, but not there,” the foreign minister of {a} said after round {number} of the talks.</p>\
         </article><script src='/never.js'></script><img src='/never.png'></body></html>",
        place.to_uppercase()
    )
}

fn item(number: u64, guid: &str, link: &str, text: &str) -> String {
    let guid = if guid.is_empty() { String::new() } else { format!("<guid isPermaLink=\"false\">{guid}</guid>") };
    format!(
        "<item><title>Talks {number} on the dam</title>{guid}<link>{}</link><description>{text}</description></item>",
        link.replace('&', "&amp;")
    )
}

fn rss(items: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>The Lenn Courier</title>{items}</channel></rss>").into_bytes()
}

const SUMMARY: &str = "Envoys of two countries met on Thursday.";

#[test]
fn addresses_are_added() {
    let folder = Folder::new("watch-add");
    let store = folder.file("a.db");
    let server = Server::new(|question: &Question, reply: &mut Reply| match question.path.split('?').next().unwrap_or("") {
        "/talks" => reply.answer(200, &[HTML], page(7, "<link rel=canonical href='/2014/talks'>").as_bytes()),
        "/latin" => reply.answer(
            200,
            &[("Content-Type", "text/html; charset=iso-8859-1")],
            &page(8, "")
                .replace('é', "e")
                .chars()
                .map(|c| if c as u32 > 255 { b'-' } else { c as u32 as u8 })
                .collect::<Vec<_>>(),
        ),
        "/lying-type" => reply.answer(200, &[("Content-Type", "text/plain")], page(9, "").as_bytes()),
        "/picture" => reply.answer(200, &[HTML], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0"),
        "/rss" => reply.answer(
            200,
            &[("Content-Type", "application/rss+xml")],
            &rss(&[
                item(1, "first-of-all", "/p/1", SUMMARY),
                item(2, "second-one", "/none", SUMMARY),
                item(3, "third-one", "/none3", ""),
            ]
            .concat()
            .replace("<link>", &format!("<link>http://{}", question.header("host").unwrap_or("")))),
        ),
        "/p/1" => reply.answer(200, &[HTML], page(1, "").as_bytes()),
        "/loop" => reply.answer(302, &[("Location", "/loop")], b""),
        _ => reply.answer(404, &[], b""),
    });
    let (url, host) = (|path: &str| server.url(path), server.url("").replace("http://", ""));
    let add =
        |arguments: &[&str]| tellings(&[&["add", "--store", &store, "--allow-private", "--pause", "1ms"], arguments].concat());
    let refused = tellings(&["add", "--store", &store, &url("/talks")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(told(&refused).contains("`127.0.0.1` is an address of this machine, which is not asked"), "{}", told(&refused));
    let reading = tellings(&["read", &url("/talks")]);
    assert!(told(&reading).contains("nothing is fetched by reading"), "{}", told(&reading));
    assert_eq!(server.times().len(), 0);

    let added = add(&[&url("/talks?utm_source=x"), &url("/latin"), &url("/lying-type")]);
    assert_eq!(
        lines(&added),
        [format!("{host}/2014/talks"), format!("{host}/latin"), format!("{host}/lying-type")],
        "{}",
        told(&added)
    );
    assert_eq!(added.status.code(), Some(0), "{}", told(&added));
    let shown = tellings(&["show", "--store", &store, &format!("{host}/2014/talks")]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        shown.starts_with("Talks 7 on the dam\n") && shown.contains(&url("/2014/talks")) && shown.contains("met in Lenn"),
        "{shown}"
    );
    // The same page under another address is the same.
    assert_eq!(lines(&add(&[&url("/talks?fbclid=2#x")])), Vec::<String>::new());
    let picture = add(&[&url("/picture"), &url("/loop"), &url("/none")]);
    let notes = told(&picture);
    assert!(notes.contains("binary") && notes.contains("a loop") && notes.contains("there is no such page (404)"), "{notes}");
    // A feed: as it is, and with its pages.
    let feed = add(&[&url("/rss")]);
    assert_eq!(lines(&feed), [format!("{host}/p/1"), format!("{host}/none")], "{}", told(&feed));
    let other = folder.file("b.db");
    let followed = tellings(&["add", "--follow", "--store", &other, "--allow-private", "--pause", "1ms", &url("/rss")]);
    assert_eq!(lines(&followed).len(), 2, "{}", told(&followed));
    assert!(
        told(&followed)
            .contains(&format!("cannot read `{}`: there is no such page (404); the feed carries no text of it", url("/none3"))),
        "{}",
        told(&followed)
    );
    let shown = tellings(&["show", "--store", &other, &format!("{host}/p/1")]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("who pays for it"));
    // Nothing was fetched that was not asked for.
    assert_eq!((server.asked("/never.js"), server.asked("/never.png")), (0, 0));
}

/// A site with every fault; each kind has a server, and so a host, of its own.
struct Site {
    servers: BTreeMap<&'static str, Server>,
    /// How many items there are by now.
    items: Arc<AtomicU64>,
}

/// Given how many items there are, how often this was asked, and the address of the server.
type Answer = Box<dyn Fn(u64, u64, &str, &Question, &mut Reply) + Send + Sync>;

/// Items that a feed shows.
const SHOWN: u64 = 60;

impl Site {
    fn new(long: bool) -> Site {
        let items = Arc::new(AtomicU64::new(0));
        let mut servers = BTreeMap::new();
        let mut add = |name: &'static str, answer: Answer| {
            let (items, times) = (items.clone(), AtomicU64::new(0));
            servers.insert(
                name,
                Server::new(move |question, reply| {
                    let host = format!("http://{}", question.header("host").unwrap_or(""));
                    match question.path.as_str() {
                        "/robots.txt" => reply.answer(404, &[], b""),
                        _ => answer(items.load(Ordering::SeqCst), times.fetch_add(1, Ordering::SeqCst), &host, question, reply),
                    }
                }),
            );
        };
        let shown = |last: u64| last.saturating_sub(SHOWN)..last;
        let numbered = |question: &Question| {
            question.path.rsplit('/').next().and_then(|n| n.split('?').next()).and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        // Summaries and pages, unchanged answers, each page failing at first for a while; the same pages under other names.
        add(
            "good",
            Box::new(move |last, times, host, question, reply| {
                let etag = format!("\"{last}\"");
                match question.path.split('/').nth(1).unwrap_or("") {
                    "feed" if question.header("if-none-match") == Some(&etag) => reply.answer(304, &[], b""),
                    "feed" => {
                        let items: String =
                            shown(last).map(|n| item(n, &format!("courier-{n}"), &format!("{host}/p/{n}"), SUMMARY)).collect();
                        reply.answer(200, &[("ETag", &etag)], &rss(&items));
                    }
                    "again" => {
                        let items: String = shown(last)
                            .map(|n| {
                                item(n, &format!("again-{n}-{times}"), &format!("{host}/p/{n}?utm_source=again&amp=1"), SUMMARY)
                            })
                            .collect();
                        reply.answer(200, &[], &rss(&items));
                    }
                    _ if times % 11 == 3 => reply.answer(500, &[], b""),
                    _ => reply.answer(
                        200,
                        &[HTML],
                        page(numbered(question), &format!("<link rel='canonical' href='{host}/p/{}'>", numbered(question)))
                            .as_bytes(),
                    ),
                }
            }),
        );
        // Whole texts; order and dates change with each look.
        add(
            "moody",
            Box::new(move |last, times, host, _, reply| {
                let mut numbers: Vec<u64> = shown(last / 2).collect();
                let half = numbers.len() / 2;
                numbers.rotate_left(if times % 2 == 0 { 0 } else { half });
                let entry = |n: &u64| {
                    let [a, b, place, what] = matter(*n + 7000);
                    format!(
                        "<entry><id>tag:moody,2014:{n}</id><title>Talks {n}</title><link href='{host}/m/{n}?utm_medium={times}'/><updated>2014-03-{:02}T10:00:00Z</updated>\
                     <content type='html'>&lt;p>{}&lt;/p></content></entry>",
                        times % 28 + 1,
                        format!("Envoys of {a} and {b} met in {place} for {n} hours on Thursday and spoke of the {what}. ")
                            .repeat(9)
                    )
                };
                let entries: String = numbers.iter().map(entry).collect();
                reply.answer(
                    200,
                    &[("Content-Type", "application/atom+xml")],
                    format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>Moody</title>{entries}</feed>").as_bytes(),
                );
            }),
        );
        // Broken in many ways, and good every third time.
        add(
            "broken",
            Box::new(move |last, times, host, question, reply| {
                if question.path != "/feed" {
                    return reply.answer(200, &[HTML], page(numbered(question), "").as_bytes());
                }
                let items: String = shown(last / 3).map(|n| item(n, "identical", &format!("{host}/b/{n}"), SUMMARY)).collect();
                let body = rss(&items);
                match times % 9 {
                    0 => reply.answer(200, &[], &body[..body.len() * 2 / 3]),
                    1 => reply.answer(500, &[], b""),
                    3 => _ = reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<rss>"),
                    4 => reply.answer(200, &[HTML], b"<html><body>Please wait</body></html>"),
                    6 => reply.answer(200, &[], b""),
                    7 => reply.answer(200, &[("Content-Encoding", "gzip")], b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no gzip at all"),
                    _ => reply.answer(200, &[], &body),
                }
            }),
        );
        // Declares UTF-8 and is not.
        add(
            "encoding",
            Box::new(move |last, _, host, _, reply| {
                let text = |n: u64| {
                    let [a, b, place, what] = matter(n + 14_000);
                    let sentence =
                        format!("N\u{e9}gociations of {a} and {b} in {place} on the {what} went on for a day and are to go on. ");
                    format!("{}{n}", sentence.repeat(7))
                };
                let items: String = shown(last / 4).map(|n| item(n, "", &format!("{host}/e/{n}"), &text(n))).collect();
                let bytes: Vec<u8> = String::from_utf8(rss(&items)).expect("text").chars().map(|c| c as u32 as u8).collect();
                reply.answer(200, &[("Content-Type", "text/xml; charset=utf-8")], &bytes);
            }),
        );
        // A good feed with pages that are nothing of the kind; three carry a summary.
        add(
            "pages",
            Box::new(move |_, _, host, question, reply| match question.path.as_str() {
                "/feed" => {
                    // One that drips holds up its host for a minute.
                    let bad = ["none", "bomb", "loop", "meta", "cut", "picture", "gone", "drip"];
                    let bad = bad.iter().filter(|bad| long || **bad != "drip");
                    let with = |bad: &str| if matches!(bad, "none" | "loop" | "cut" | "gone") { SUMMARY } else { "" };
                    let items: String =
                        bad.map(|bad| item(0, &format!("page-{bad}"), &format!("{host}/{bad}"), with(bad))).collect();
                    reply.answer(200, &[], &rss(&items));
                }
                "/drip" => {
                    let _ = reply.begin("text/html");
                    while reply.send(b"a") && reply.pause(Duration::from_millis(100)) {}
                }
                "/bomb" => bomb(reply),
                "/loop" => reply.answer(301, &[("Location", "/loop")], b""),
                "/meta" => reply.answer(302, &[("Location", "http://169.254.169.254/latest/meta-data/")], b""),
                "/cut" => _ = reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>"),
                "/picture" => reply.answer(200, &[HTML], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0"),
                "/gone" => reply.answer(410, &[], b""),
                _ => reply.answer(404, &[], b""),
            }),
        );
        add(
            "moved",
            Box::new(move |last, _, host, question, reply| match question.path.as_str() {
                "/feed" => reply.answer(301, &[("Location", "/new")], b""),
                _ => {
                    let items: String = shown(last / 5)
                        .map(|n| item(n, &(n % 5).to_string(), &format!("{host}/v/{n}"), &"They met for a day. ".repeat(150)))
                        .collect();
                    reply.answer(200, &[], &rss(&items));
                }
            }),
        );
        add(
            "drip",
            Box::new(|_, _, _, _, reply| {
                let _ = reply.begin("application/rss+xml");
                while reply.send(b"<item>") && reply.pause(Duration::from_millis(200)) {}
            }),
        );
        add(
            "endless",
            Box::new(|_, _, _, _, reply| {
                let _ = reply.begin("application/rss+xml");
                while reply.send("<item><title>More</title></item>".repeat(512).as_bytes()) {}
            }),
        );
        add("silent", Box::new(|_, _, _, _, reply| _ = reply.pause(Duration::from_secs(300))));
        add("loop", Box::new(|_, times, _, _, reply| reply.answer(302, &[("Location", &format!("/feed?{}", times % 3))], b"")));
        add("private", Box::new(|_, _, _, _, reply| reply.answer(302, &[("Location", "http://[fe80::1]/feed")], b"")));
        add("file", Box::new(|_, _, _, _, reply| reply.answer(302, &[("Location", "file:///etc/passwd")], b"")));
        add("bomb", Box::new(|_, _, _, _, reply| bomb(reply)));
        add("busy", Box::new(|_, _, _, _, reply| reply.answer(503, &[("Retry-After", "30")], b"")));
        add("gone", Box::new(|_, _, _, _, reply| reply.answer(410, &[], b"")));
        Site { servers, items }
    }

    /// The feeds, as an OPML list.
    fn opml(&self) -> String {
        let feed = |url: String| format!("<outline type='rss' xmlUrl='{url}'/>");
        let feeds: String = self.servers.values().map(|server| feed(server.url("/feed"))).collect();
        format!("<opml version='2.0'><body>{feeds}{}</body></opml>", feed(self.servers["good"].url("/again")))
    }

    /// The ids that a store must hold in the end.
    fn expected(&self) -> BTreeSet<String> {
        let last = self.items.load(Ordering::SeqCst);
        let host = |name: &str| self.servers[name].url("").replace("http://", "");
        let mut ids = BTreeSet::new();
        for (name, path, count) in [
            ("good", "p", last),
            ("moody", "m", last / 2),
            ("broken", "b", last / 3),
            ("encoding", "e", last / 4),
            ("moved", "v", last / 5),
        ] {
            ids.extend((0..count).map(|n| format!("{}/{path}/{n}", host(name))));
        }
        // Those with a summary; a picture is kept as what it is, with what is wrong with it.
        ids.extend(["none", "loop", "cut", "gone", "picture"].iter().map(|path| format!("{}/{path}", host("pages"))));
        ids
    }
}

fn bomb(reply: &mut Reply) {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let bytes = BOMB.get_or_init(|| tellings_testing::server::gzip_of_zeros(64 << 20));
    reply.answer(200, &[("Content-Encoding", "gzip")], bytes);
}

fn start(store: &str, list: &str) -> Child {
    let err = std::fs::OpenOptions::new().create(true).append(true).open(format!("{store}.log")).expect("a log");
    program()
        .args(["watch", "--store", store, "--allow-private", "--every", "1s", "--pause", "5ms", list])
        .stdout(Stdio::null())
        .stderr(err)
        .spawn()
        .expect("tellings runs")
}

/// Memory of a program in KiB.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).and_then(|l| l.split_whitespace().nth(1));
    line.and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn stop(child: &mut Child) -> Duration {
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs").success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    asked.elapsed()
}

/// How long anything is waited for: some seconds are enough on an idle machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// What must be told in the end.
const TOLD: [&str; 7] = [
    "it redirects to `file:///etc/passwd`: only http and https are fetched",
    "`[fe80::1]` is an address of the local link",
    "a loop",
    "it unpacks out of all measure: refused",
    "it is larger than 16 MiB",
    "the site is in trouble (503)",
    "it is gone for good (410)",
];

/// Polls for so long, with a new item each so often, and checks that all that is good is in the store once.
fn poll(name: &str, time: Duration, each: Duration, kills: u32) {
    let folder = Folder::new(&format!("watch-{name}"));
    let (store, list) = (folder.file("a.db"), folder.file("feeds.opml"));
    let site = Site::new(kills == 0);
    std::fs::write(&list, site.opml()).expect("a list");
    let mut child = start(&store, &list);
    let began = Instant::now();
    let (mut killed, mut marks) = (0, Vec::new());
    while began.elapsed() < time || killed < kills {
        assert!(began.elapsed() < time + PATIENCE, "nothing came in to kill it at");
        std::thread::sleep(each.min(Duration::from_millis(100)));
        site.items.store((began.elapsed().as_secs_f64() / each.as_secs_f64()) as u64, Ordering::SeqCst);
        if killed < kills && began.elapsed() > time * (killed + 1) / (kills + 1) && !ids(&store).is_empty() {
            killed += 1;
            child.kill().expect("a kill");
            let _ = child.wait();
            let check = tellings(&["store", "check", "--store", &store]);
            assert!(check.status.success(), "after a kill: {}", told(&check));
            child = start(&store, &list);
        }
        let quarter = marks.len() as u32;
        if kills == 0 && began.elapsed() > (time * quarter / 4).max(Duration::from_secs(20).min(time / 8)) {
            marks.push(memory(&child));
            println!("{:5} s: {} reports, {} KiB", began.elapsed().as_secs(), ids(&store).len(), marks[marks.len() - 1]);
            let _ = std::io::stdout().flush();
        }
        if let Some(status) = child.try_wait().expect("its state") {
            let log = std::fs::read_to_string(format!("{store}.log")).unwrap_or_default();
            panic!("it ended by itself, {status}: {}", &log[log.len().saturating_sub(2000)..]);
        }
    }
    // No more news: what is announced comes in within the longest time between two looks, and the retries of pages.
    let expected = site.expected();
    let patience = Instant::now() + PATIENCE;
    let log = || std::fs::read_to_string(format!("{store}.log")).unwrap_or_default();
    let mut there = ids(&store);
    while Instant::now() < patience && !(expected.is_subset(&there) && TOLD.iter().all(|told| log().contains(told))) {
        std::thread::sleep(Duration::from_secs(1));
        there = ids(&store);
    }
    marks.push(memory(&child));
    let ended = stop(&mut child);
    let log = log();
    let health = tellings(&["feeds", "--store", &store]);
    let health = String::from_utf8_lossy(&health.stdout).into_owned();
    let missing: Vec<&String> = expected.difference(&there).take(20).collect();
    assert!(missing.is_empty(), "missing {missing:?}\n{health}\n{}", &log[log.len().saturating_sub(3000)..]);
    let doubled: Vec<&String> = there.difference(&expected).take(20).collect();
    assert!(doubled.is_empty(), "more than there is: {doubled:?}");
    assert!(ended < PATIENCE, "it took {ended:?} to stop");
    let check = tellings(&["store", "check", "--store", &store]);
    assert!(check.status.success(), "{}", told(&check));
    println!(
        "{} reports once each after {:?}; memory {marks:?} KiB; stopped in {ended:?}\n{health}",
        there.len(),
        began.elapsed()
    );
    for told in TOLD {
        assert!(log.contains(told), "nobody was told: {told}\n{log}");
    }
    // 60 MB of models, 64 MiB of the store's pages at hand, 256 reports of a story's record, and what the C library keeps for each of
    // ten threads: it fills up, and then it is all.
    let most = marks.iter().max().copied().unwrap_or(0);
    assert!(kills > 0 || most < 352 * 1024, "memory grew to {most} KiB: {marks:?}");
}

#[test]
fn good_items_come_in_once_whatever_happens_and_whoever_kills() {
    poll("kills", Duration::from_secs(12), Duration::from_millis(400), 3);
}

#[test]
fn an_hour() {
    let Some(seconds) = std::env::var("WATCH_SECONDS").ok().and_then(|s| s.parse().ok()) else {
        return println!("skipped: WATCH_SECONDS says how long to poll");
    };
    poll("hour", Duration::from_secs(seconds), Duration::from_secs(2), 0);
}

#[test]
fn once_looks_at_each_feed_once_and_tells_what_failed() {
    let folder = Folder::new("watch-once");
    let store = folder.file("a.db");
    let server = Server::new(|question: &Question, reply: &mut Reply| {
        let host = format!("http://{}", question.header("host").unwrap_or(""));
        match question.path.as_str() {
            "/" => reply.answer(
                200,
                &[HTML],
                b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Home</body></html>",
            ),
            "/rss" => reply.answer(200, &[], &rss(&item(1, "first-one", &format!("{host}/p/1"), SUMMARY))),
            "/p/1" => reply.answer(200, &[HTML], page(1, "").as_bytes()),
            _ => reply.answer(404, &[], b""),
        }
    });
    let watch =
        |more: &[&str]| tellings(&[&["watch", "--once", "--store", &store, "--allow-private", "--pause", "1ms"], more].concat());
    let none = watch(&[]);
    assert!(told(&none).contains("no feeds to watch"), "{}", told(&none));
    let first = watch(&[&server.url("/"), &server.url("/none")]);
    assert_eq!((first.status.code(), lines(&first).len()), (Some(2), 1), "{}", told(&first));
    assert!(
        told(&first).contains("it names `http://") && told(&first).contains("there is no such page (404)"),
        "{}",
        told(&first)
    );
    assert_eq!(server.asked("/p/1"), 1);
    // Again, those that the store knows: nothing is new, and no page is fetched.
    let again = watch(&[]);
    assert_eq!((lines(&again).len(), server.asked("/p/1"), server.asked("/rss")), (0, 1, 2), "{}", told(&again));
    let health = tellings(&["feeds", "--store", &store]);
    let health = String::from_utf8_lossy(&health.stdout).into_owned();
    assert!(health.contains("The Lenn Courier") && health.contains("well · there "), "{health}");
    assert!(health.contains("there is no such page (404) (2 times)"), "{health}");
    let opml = tellings(&["feeds", "--opml", "--store", &store, "--forget", &server.url("/none")]);
    assert_eq!(lines(&opml).iter().filter(|l| l.contains("xmlUrl")).count(), 1);
}

#[test]
fn a_root_of_ones_own_is_trusted_by_option_or_variable() {
    let folder = Folder::new("watch-trust");
    let (store, file, authority) = (folder.file("a.db"), folder.file("own.pem"), Authority::new("Ours"));
    let server = Server::new(|question: &Question, reply: &mut Reply| match question.path.as_str() {
        "/robots.txt" => reply.answer(404, &[], b""),
        _ => reply.answer(200, &[HTML], page(1, "").as_bytes()),
    });
    let door = Door::new(authority.sign(&["127.0.0.1"]), First::Nothing, server.address());
    let url = format!("https://127.0.0.1:{}/2014/1", door.port());
    std::fs::write(&file, authority.pem()).unwrap();
    let add = |variable: &str, more: &[&str]| {
        let mut command = program();
        command.args(["add", "--store", &store, "--allow-private", "--pause", "1ms"]).args(more);
        command.env("SSL_CERT_FILE", variable).output().expect("tellings runs")
    };
    let refused = add("", &[&url]);
    assert!(told(&refused).contains(&format!("cannot read `{url}`: no safe connection: its certificate is from nobody")));
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(lines(&add("", &["--ca", &file, &url])).len(), 1);
    let known = add(&file, &[&url]);
    assert_eq!((known.status.code(), lines(&known).len()), (Some(0), 0), "{}", told(&known));
    // A file that holds none is told; where nothing is fetched it is of no matter.
    let page_file = folder.file("page.html");
    std::fs::write(&page_file, page(2, "")).unwrap();
    let wrong = add(&page_file, &[&url]);
    assert!(told(&wrong).contains(&format!("no authorities in `{page_file}`: no certificate is in it")), "{}", told(&wrong));
    assert_eq!(lines(&add("/none", &[&page_file])).len(), 1);
}
