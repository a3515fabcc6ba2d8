//! A server with every fault, on loopback: each is told in its own words, and none holds anybody up.

use crate::{Answer, Error, Fault, Fetcher, Policy, Version, roots};
use std::time::{Duration, Instant};
use tellings_testing::server::{Question, Reply, Server, gzip_of_zeros};
use tellings_testing::tls::{Authority, Door, First};

/// Limits of time are so wide that no busy machine comes near them.
fn quick() -> Policy {
    Policy {
        private: true,
        pause: Duration::ZERO,
        connect: Duration::from_secs(60),
        headers: Duration::from_secs(60),
        whole: Duration::from_secs(120),
        most: 6 << 20,
        retries: 0,
        backoff: Duration::from_millis(10),
        ..Policy::default()
    }
}

fn faults(question: &Question, reply: &mut Reply) {
    let html = ("Content-Type", "text/html; charset=\"utf-8\"");
    match question.path.as_str() {
        "/robots.txt" => reply.answer(200, &[], b"User-agent: *\nDisallow: /closed\n\nUser-agent: tellings\nDisallow: /closed"),
        "/good" if question.header("if-none-match") == Some("\"v1\"") => reply.answer(304, &[], b""),
        "/good" => reply.answer(200, &[html, ("ETag", "\"v1\""), ("Last-Modified", "Thu, 06 Mar 2014 10:00:00 GMT")], b"Talks."),
        "/agent" => reply.answer(200, &[html], question.header("user-agent").unwrap_or("").as_bytes()),
        "/gzip" => reply.answer(200, &[html, ("Content-Encoding", "gzip")], &gzip_of_zeros(1 << 20)),
        "/not-gzip" => reply.answer(200, &[html, ("Content-Encoding", "gzip")], b"Talks."),
        "/cut-gzip" => reply.answer(200, &[html, ("Content-Encoding", "gzip")], &gzip_of_zeros(1 << 20)[..300]),
        "/odd-coding" => reply.answer(200, &[html, ("Content-Encoding", "compress")], b"Talks."),
        "/bomb" => reply.answer(200, &[html, ("Content-Encoding", "gzip")], &gzip_of_zeros(16 << 20)),
        "/moved" => reply.answer(301, &[("Location", "/good")], b""),
        "/moved-twice" => reply.answer(308, &[("Location", "/moved")], b""),
        "/elsewhere" => reply.answer(302, &[("Location", "good#top")], b""),
        "/elsewhere-then-moved" => reply.answer(302, &[("Location", "/moved")], b""),
        "/loop" => reply.answer(302, &[("Location", "/loop2")], b""),
        "/loop2" => reply.answer(302, &[("Location", "/loop")], b""),
        path if path.starts_with("/many/") => reply.answer(302, &[("Location", &format!("{path}x"))], b""),
        "/to-private" => reply.answer(302, &[("Location", "http://169.254.169.254/latest/meta-data/")], b""),
        "/to-file" => reply.answer(302, &[("Location", "file:///etc/passwd")], b""),
        "/to-closed" => reply.answer(302, &[("Location", "/closed/page")], b""),
        "/to-nowhere" => reply.answer(302, &[("Location", "http://")], b""),
        "/no-headers" => _ = reply.pause(Duration::from_secs(600)),
        "/slow-headers" => {
            let _ = reply.send(b"HTTP/1.1 200 OK\r\n");
            while reply.send(b"X: y\r\n") && reply.pause(Duration::from_millis(100)) {}
        }
        "/endless-headers" => {
            let _ = reply.send(b"HTTP/1.1 200 OK\r\n");
            while reply.send(b"X-More: of the same, again and again, and never an end to it\r\n") {}
        }
        "/drip" => {
            let _ = reply.begin("text/html");
            while reply.send(b"a") && reply.pause(Duration::from_millis(50)) {}
        }
        "/endless" => {
            let _ = reply.begin("text/html");
            while reply.send(&[b'a'; 1 << 14]) {}
        }
        "/huge" => _ = reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\na"),
        "/cut" => _ = reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nTalks"),
        "/longer" => _ = reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nTalks and more"),
        "/nonsense" => _ = reply.send(b"\x00\x01\x02 no answer at all\r\n\r\n"),
        "/silence" => {}
        "/busy" => reply.answer(503, &[("Retry-After", "120")], b""),
        "/gone" => reply.answer(410, &[], b""),
        "/forbidden" => reply.answer(403, &[], b""),
        "/flaky" => reply.answer(500, &[], b""),
        _ => reply.answer(404, &[], b""),
    }
}

fn fetch(fetcher: &Fetcher, address: &str) -> Result<Answer, Error> {
    fetcher.fetch(address, &Version::default())
}

#[test]
fn good_answers() {
    let (server, fetcher) = (Server::new(faults), Fetcher::new(quick()));
    let good = fetch(&fetcher, &server.url("/good#part")).unwrap();
    assert_eq!(
        (good.bytes.as_deref(), good.kind.as_str(), good.encoding.as_deref()),
        (Some(&b"Talks."[..]), "text/html", Some("utf-8"))
    );
    assert_eq!(good.version.etag.as_deref(), Some("\"v1\""));
    let again = fetcher.fetch(&server.url("/good"), &good.version).unwrap();
    assert_eq!((again.bytes, again.version), (None, good.version));
    assert_eq!(fetch(&fetcher, &server.url("/gzip")).unwrap().bytes.unwrap().len(), 1 << 20);
    assert_eq!(fetch(&fetcher, &server.url("/not-gzip")).unwrap().bytes.unwrap(), b"Talks.");
    assert_eq!(fetch(&fetcher, &server.url("/longer")).unwrap().bytes.unwrap(), b"Talks");
    let agent = fetch(&fetcher, &server.url("/agent")).unwrap().bytes.unwrap();
    assert!(agent.starts_with(b"Tellings/0."), "{}", String::from_utf8_lossy(&agent));
    for (path, moved) in [("/moved", true), ("/moved-twice", true), ("/elsewhere", false), ("/elsewhere-then-moved", false)] {
        let answer = fetch(&fetcher, &server.url(path)).unwrap();
        assert_eq!((answer.address.clone(), answer.moved.is_some()), (server.url("/good"), moved), "{path}");
    }
    assert_eq!(server.asked("/robots.txt"), 1);
}

#[test]
fn each_fault_is_told_and_none_takes_long() {
    let (server, fetcher) = (Server::new(faults), Fetcher::new(quick()));
    let cases = [
        ("/closed/page", "the site's robots.txt asks programs not to fetch it"),
        ("/to-closed", "the site's robots.txt asks programs not to fetch it"),
        ("/none", "there is no such page (404)"),
        ("/gone", "it is gone for good (410)"),
        ("/forbidden", "the site does not let us have it (403)"),
        ("/busy", "the site is in trouble (503)"),
        ("/cut-gzip", "it ends too soon: truncated"),
        ("/odd-coding", "it is packed as `compress`, which nobody asked for"),
        ("/bomb", "it unpacks out of all measure: refused"),
        ("/loop", "where it has been before: a loop"),
        ("/many/", "it redirects more than 8 times"),
        ("/to-private", "`169.254.169.254` is an address of the local link (where clouds keep secrets), which is not asked"),
        ("/to-file", "it redirects to `file:///etc/passwd`: only http and https are fetched"),
        ("/to-nowhere", "which is no address"),
        ("/no-headers", "an answer did not come within 3 s"),
        ("/slow-headers", "an answer did not come within 3 s"),
        ("/endless-headers", "the answer is not understood"),
        ("/drip", "the whole answer did not come within 3 s"),
        ("/endless", "it is larger than 6 MiB"),
        ("/huge", "it is larger than 6 MiB"),
        ("/cut", "it ends too soon: truncated"),
        ("/nonsense", "the answer is not understood"),
        ("/silence", "it ends too soon: truncated"),
    ];
    // What holds up whoever waits is given three seconds; the rules of the host were read without haste.
    let no_headers = Fetcher::new(Policy { headers: Duration::from_secs(3), ..quick() });
    let no_end = Fetcher::new(Policy { whole: Duration::from_secs(3), ..quick() });
    let mut passing: Vec<&str> = Vec::new();
    for (path, told) in cases {
        let fetcher = match path {
            "/no-headers" | "/slow-headers" => &no_headers,
            "/drip" => &no_end,
            _ => &fetcher,
        };
        let started = Instant::now();
        let error = fetch(fetcher, &server.url(path)).unwrap_err();
        assert!(error.to_string().contains(told), "{path}: {error}");
        // Without its limit it would not end for ten minutes.
        assert!(started.elapsed() < Duration::from_secs(100), "{path} took {:?}", started.elapsed());
        passing.extend(Some(path).filter(|_| error.may_pass()));
    }
    let expected = ["/busy", "/no-headers", "/slow-headers", "/endless-headers", "/drip", "/cut", "/nonsense", "/silence"];
    assert_eq!(passing, [&expected[..1], &["/cut-gzip", "/odd-coding"], &expected[1..]].concat());
    let busy = fetch(&fetcher, &server.url("/busy")).unwrap_err();
    assert_eq!(busy.retry_after, Some(Duration::from_secs(120)));
    assert!(fetch(&fetcher, &server.url("/gone")).unwrap_err().is_gone());
    let nobody = fetch(&fetcher, "http://127.0.0.1:9/").unwrap_err().to_string();
    assert!(nobody.ends_with("its port is not one of the web"), "{nobody}");
    assert!(fetch(&fetcher, "http://nobody.invalid/").unwrap_err().to_string().contains("the host is not known"));
}

#[test]
fn own_and_private_addresses_are_refused_unless_allowed() {
    let server = Server::new(faults);
    let fetcher = Fetcher::new(Policy { private: false, ..quick() });
    let told = |address: &str| fetch(&fetcher, address).unwrap_err().to_string();
    assert!(told(&server.url("/good")).ends_with("`127.0.0.1` is an address of this machine, which is not asked"));
    // By a name, too: what is looked up is what is checked and what is connected to.
    let port = server.url("/").rsplit(':').next().unwrap().to_string();
    let named = told(&format!("http://localhost:{port}good"));
    assert!(named.contains("`localhost (") && named.contains("is an address of this machine"), "{named}");
    assert_eq!(server.times().len(), 0);
}

#[test]
fn what_may_pass_is_tried_again() {
    let server = Server::new(faults);
    let fetcher = Fetcher::new(Policy { retries: 2, ..quick() });
    assert!(fetch(&fetcher, &server.url("/flaky")).is_err());
    assert!(fetch(&fetcher, &server.url("/gone")).is_err());
    // A host that asks to be left alone for longer than anybody waits is left alone.
    assert!(fetch(&fetcher, &server.url("/busy")).is_err());
    assert_eq!((server.asked("/flaky"), server.asked("/gone"), server.asked("/busy")), (3, 1, 1));
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_with_pauses() {
    let server = Server::new(|question: &Question, reply: &mut Reply| match question.path.as_str() {
        "/robots.txt" => reply.answer(200, &[], b"User-agent: *\nCrawl-delay: 0.08"),
        _ => _ = reply.pause(Duration::from_millis(10)) && reply.begin("text/plain"),
    });
    let fetcher = Fetcher::new(quick());
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (fetcher, url) = (&fetcher, server.url(&format!("/{n}")));
            scope.spawn(move || fetch(fetcher, &url).unwrap());
        }
    });
    let times = server.times();
    let pages = &times[times.len() - 4..];
    assert!(pages.windows(2).all(|two| two[1] - two[0] >= Duration::from_millis(85)), "{times:?}");
    assert_eq!(server.most_at_once(), 1);
}

#[test]
fn a_site_that_does_not_tell_its_rules_is_left_alone() {
    let server = Server::new(|question: &Question, reply: &mut Reply| match question.path.as_str() {
        "/robots.txt" => reply.answer(503, &[], b""),
        _ => reply.answer(200, &[], b"Talks."),
    });
    let fetcher = Fetcher::new(quick());
    let error = fetch(&fetcher, &server.url("/a")).unwrap_err();
    assert!(matches!(error.fault, Fault::NoRobots(_)) && error.may_pass());
    assert!(error.to_string().ends_with("the site's robots.txt could not be read (the site is in trouble (503))"), "{error}");
    assert!(fetch(&fetcher, &server.url("/b")).is_err());
    assert_eq!((server.asked("/robots.txt"), server.asked("/a")), (1, 0));
    // No rules, and rules that cannot be found, allow all.
    let none = Server::new(|question: &Question, reply: &mut Reply| match question.path.as_str() {
        "/robots.txt" => reply.answer(302, &[("Location", "file:///x")], b""),
        _ => reply.answer(200, &[], b"Talks."),
    });
    assert!(fetch(&fetcher, &none.url("/a")).is_ok());
}

#[test]
fn safe_connections_are_made_to_those_who_prove_who_they_are() {
    let (server, authority, stranger) = (Server::new(faults), Authority::new("Ours"), Authority::new("Theirs"));
    let door = |signed| Door::new(signed, First::Nothing, server.address());
    let good = door(authority.sign(&["127.0.0.1", "localhost"]));
    let own = roots(format!("Our company's root:\n{}\n{}", authority.pem(), Authority::new("Another").pem()).as_bytes()).unwrap();
    assert_eq!(own.len(), 2);
    // Tried again only what may pass: these cannot.
    let trusting = Fetcher::new(Policy { roots: own, retries: 2, backoff: Duration::from_secs(600), ..quick() });
    for host in ["127.0.0.1", "localhost"] {
        let answer = fetch(&trusting, &format!("https://{host}:{}/gzip", good.port())).unwrap();
        assert_eq!(answer.bytes.unwrap().len(), 1 << 20);
    }
    let asked = server.asked("/robots.txt");
    let untrusted = "its certificate is from nobody who is trusted";
    let faults = [
        (door(authority.sign_expired(&["127.0.0.1"])), "its certificate has expired"),
        (door(authority.sign(&["ledger.example"])), "its certificate is for another host: ledger.example"),
        (door(stranger.sign(&["127.0.0.1"])), untrusted),
    ];
    for (door, told) in faults {
        let url = format!("https://127.0.0.1:{}/good", door.port());
        let error = fetch(&trusting, &url).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot fetch `{url}`: no safe connection: {told}"));
        assert!(!error.may_pass());
    }
    let url = format!("https://127.0.0.1:{}/good", good.port());
    let error = fetch(&Fetcher::new(quick()), &url).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot fetch `{url}`: no safe connection: {untrusted}"));
    // One that does not speak TLS at all.
    let clear = server.url("/good").replace("http:", "https:");
    assert!(fetch(&Fetcher::new(Policy { retries: 0, ..quick() }), &clear).is_err());
    // Nobody who did not prove who they are was asked anything.
    assert_eq!(server.asked("/robots.txt"), asked);
}
