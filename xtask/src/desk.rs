//! How quick the desk is on a store that is there: fifty readers at once ask for pages of every kind, each address once (nothing is kept of
//! it), then all of them again. Prints, for each kind, the time that the desk took, as it says itself in `server-timing`, and the
//! time until the reader had all of the page.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tellings::store::{Database, EventOrder, ProblemSearch, RecordEventSearch, Store, StorySearch};

/// Readers at a time, where no other number is given; each asks again as soon as it was answered.
pub(crate) const READERS: usize = 50;
/// What a page may take, in milliseconds: in the middle, and of a hundred the slowest but one.
const BOUNDS: (f64, f64) = (50.0, 200.0);
/// Answers that are asked for before anything is measured: statements are prepared, and the disk has been read.
const BEFORE: usize = 2000;
/// Addresses of each kind, where the store has so many.
const EACH: usize = 4000;

/// What was measured of one answer, in milliseconds: by the desk, by the reader.
type Took = (f64, f64);

/// Starts a desk on the store and measures it for so many seconds.
pub(crate) fn measure(store: &Path, seconds: u64, readers: usize) -> Result<()> {
    let addresses = addresses(store)?;
    let program = std::env::var("TELLINGS").unwrap_or_else(|_| "target/release/tellings".to_string());
    let mut served = Command::new(&program)
        .args(["serve", "--listen", "127.0.0.1:0", "--store"])
        .arg(store)
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}: build it, or name another in TELLINGS"))?;
    let done = asked(&mut served, &addresses, seconds, readers);
    served.kill()?;
    served.wait()?;
    if !done? {
        bail!("some pages took longer than {} ms in the middle or {} ms at the 99th percentile", BOUNDS.0, BOUNDS.1);
    }
    Ok(())
}

fn asked(served: &mut Child, addresses: &[(&'static str, String)], seconds: u64, readers: usize) -> Result<bool> {
    let mut line = String::new();
    BufReader::new(served.stderr.take().context("no stderr")?).read_line(&mut line)?;
    let host = line.split("http://").nth(1).and_then(|rest| rest.split(['/', ' ', '\n']).next());
    let host = host.with_context(|| format!("the desk says {line:?}"))?.to_string();
    let mut well = true;
    let mut reader = Reader::new(&host)?;
    for (_, address) in addresses.iter().rev().take(BEFORE) {
        reader.ask(address)?;
    }
    for round in ["each address for the first time", "the same again"] {
        let (start, used) = (Instant::now(), cpu(served.id()));
        let (next, end) = (AtomicUsize::new(0), start + Duration::from_secs(seconds));
        let read = || -> Result<Vec<(&'static str, Took)>> {
            let (mut all, mut reader) = (Vec::new(), Reader::new(&host)?);
            while Instant::now() < end {
                let Some((kind, address)) = addresses.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                all.push((*kind, reader.ask(address)?));
            }
            Ok(all)
        };
        let told: Vec<Result<Vec<(&'static str, Took)>>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..readers).map(|_| scope.spawn(read)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a reader broke off"))).collect()
        });
        let (passed, used) = (start.elapsed().as_secs_f64(), cpu(served.id()) - used);
        let mut kinds: BTreeMap<&'static str, Vec<Took>> = BTreeMap::new();
        for told in told {
            for (kind, took) in told? {
                kinds.entry(kind).or_default().push(took);
                kinds.entry("all").or_default().push(took);
            }
        }
        let count = kinds.get("all").map_or(0, Vec::len);
        println!(
            "\n{round}: {count} pages, {:.0} a second, {readers} readers; {:.2} ms of the desk's processor time each",
            count as f64 / passed,
            used * 1e3 / count.max(1) as f64
        );
        println!("{:24} {:>6} | desk: median     p99  longest | reader: median     p99", "", "pages");
        for (kind, all) in &kinds {
            let of = |which: fn(&Took) -> f64| {
                let mut times: Vec<f64> = all.iter().map(which).collect();
                times.sort_by(f64::total_cmp);
                [0.5, 0.99, 1.0].map(|share| times[((times.len() - 1) as f64 * share) as usize])
            };
            let (desk, reader) = (of(|t| t.0), of(|t| t.1));
            let over = desk[0] > BOUNDS.0 || desk[1] > BOUNDS.1;
            well &= !over;
            println!(
                "{kind:24} {:>6} | {:12.1} {:7.1} {:8.1} | {:14.1} {:7.1}{}",
                all.len(),
                desk[0],
                desk[1],
                desk[2],
                reader[0],
                reader[1],
                if over { "  too slow" } else { "" }
            );
        }
    }
    Ok(well)
}

/// Seconds of processor time that a program has used, where the system tells it.
fn cpu(program: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{program}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Addresses of every kind of page, kinds taken in turn; always the same of the same store.
fn addresses(store: &Path) -> Result<Vec<(&'static str, String)>> {
    let store = Database::open_to_read(store)?;
    let stories = store.stories(&StorySearch { limit: 100_000, ..StorySearch::default() })?;
    let mut big: Vec<_> = stories.iter().collect();
    big.sort_by_key(|s| std::cmp::Reverse(s.documents + s.parts));
    let names = store.names()?;
    let events = store.record_events(&RecordEventSearch { limit: 3 * EACH, ..RecordEventSearch::default() })?;
    // Reports from all over the store.
    let documents = store.counts()?.documents as i64;
    let numbers: Vec<i64> = (0..EACH as i64).map(|n| n * 7919 % documents.max(1) + 1).collect();
    let reports = store.documents(&numbers)?;
    println!("{documents} reports, {} stories, {} names", stories.len(), names.len());
    let id = |id: &str| {
        id.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    let word = |n: usize| {
        let text = reports.get(n % reports.len().max(1)).map_or("", |r| r.entry.text.as_str());
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 5).collect();
        words.get(n * 31 % words.len().max(1)).map_or_else(String::new, |w| w.to_string())
    };
    let day = |n: usize| reports.get(n % reports.len().max(1)).and_then(|r| r.entry.day.clone()).unwrap_or_default();
    let name = |n: usize| names.get(n * 7919 % names.len().max(1)).map_or("", |n| n.1.as_str());
    let whose = |n: usize| names.get(n * 7919 % names.len().max(1)).map_or("", |n| n.0.as_str());
    let kind = |n: usize| ["CONSULT", "ACCUSE", "ASSAULT", "PROTEST", "AGREE", "REQUEST", "COERCE"][n % 7];
    let sort = |n: usize| ["last", "day", "type", "place", "origins", "agreement"][n % 6];
    let last = stories.len().max(1);
    // Lists are gone through as their pages lead on.
    let stories_after: Vec<String> = (stories.iter().step_by(30))
        .map(|s| {
            let (moved, last, number) = s.place_in();
            id(&format!("{moved}\u{1f}{last}\u{1f}{number}"))
        })
        .collect();
    let mut events_after: Vec<(&str, String)> = Vec::new();
    for (name, order) in [
        ("last", EventOrder::LastDay),
        ("day", EventOrder::Day),
        ("type", EventOrder::Kind),
        ("place", EventOrder::Place),
        ("origins", EventOrder::Origins),
        ("agreement", EventOrder::Agreement),
    ] {
        let found = store.record_events(&RecordEventSearch { order, limit: EACH * 3, ..RecordEventSearch::default() })?;
        events_after.extend(found.iter().step_by(100).map(|e| (name, id(&e.place_in(order).join("\u{1f}")))));
    }
    let problems = store.problems(&ProblemSearch { limit: 1, ..ProblemSearch::default() })?.first().map_or(1, |p| p.number);
    let stories_after = |n: usize| stories_after.get(n % stories_after.len().max(1)).map_or("", String::as_str);
    let events_after = |n: usize| events_after.get(n % events_after.len().max(1)).map_or(("", ""), |e| (e.0, e.1.as_str()));
    let mut all: Vec<(&'static str, Vec<String>)> = vec![
        ("stories", (0..EACH / 4).map(|n| format!("/?after={}&n={n}", stories_after(n))).collect()),
        (
            "stories, filtered",
            (0..EACH)
                .map(|n| match n % 4 {
                    0 => format!("/?q={}", id(name(n))),
                    1 => format!("/?since={0}&until={0}", day(n)),
                    2 => format!("/?origins={}&after={}", n % 7 + 2, stories_after(n / 28)),
                    _ => format!("/?actor={}", id(whose(n))),
                })
                .collect(),
        ),
        ("story, the largest", big.iter().take(EACH / 8).map(|s| format!("/story/{}", id(&s.id))).collect()),
        ("story", (0..EACH).map(|n| format!("/story/{}", id(&stories[n * 7919 % last].id))).collect()),
        ("event", events.iter().step_by(3).map(|e| format!("/event/{}", id(&e.id))).collect()),
        ("actor", (0..EACH).map(|n| format!("/actor/{}", id(whose(n)))).collect()),
        ("report", reports.iter().map(|r| format!("/report/{}?mark=0-40&layer=names&layer=events", id(&r.entry.id))).collect()),
        ("report, as it came", reports.iter().map(|r| format!("/report/{}?view=original", id(&r.entry.id))).collect()),
        (
            "search",
            (0..EACH)
                .map(|n| match n % 5 {
                    0 => format!("/search?q={}", id(name(n))),
                    1 => format!("/search?q={}+{}", word(n), word(n + 1)),
                    2 => format!("/search?q={}&since={1}&until={1}", word(n), day(n)),
                    3 => format!("/search?q=%22{}%22", id(name(n))),
                    _ => format!("/search?q={}", word(n)),
                })
                .collect(),
        ),
        (
            "search, common words",
            ["officials", "said", "people", "court", "river", "talks", "police", "company", "law", "school"]
                .iter()
                .flat_map(|one| {
                    ["", "+said", "+officials", "+the", "&skip=25", "+Monday", "+people"]
                        .map(|more| format!("/search?q={one}{more}"))
                })
                .collect(),
        ),
        (
            "events",
            (0..EACH)
                .map(|n| match n % 6 {
                    0 => format!("/events?sort={}&after={}&n={n}", events_after(n / 6).0, events_after(n / 6).1),
                    1 => format!("/events?type={}&sort={}&after={}", kind(n), events_after(n / 6).0, events_after(n / 6).1),
                    2 => format!("/events?actor={}", id(name(n))),
                    3 => format!("/events?since={0}&until={0}&sort={1}", day(n), sort(n)),
                    4 => format!(
                        "/events?realis=actual&agreement={}&origins={}&sort={}",
                        ["agreed", "disputed", "single"][n % 3],
                        n / 18 % 5,
                        sort(n / 6)
                    ),
                    _ => format!("/events?entity={}", id(whose(n))),
                })
                .collect(),
        ),
        (
            "review",
            (0..EACH / 4)
                .map(|n| format!("/review?type={}&skip={}", ["", "CONSULT", "ACCUSE", "ASSAULT", "PROTEST"][n % 5], n / 5))
                .collect(),
        ),
        ("sources", (0..EACH / 20).map(|n| format!("/sources?n={n}")).collect()),
        ("problems", (0..EACH / 8).map(|n| format!("/problems?after={}", problems.saturating_sub(n as i64 * 7))).collect()),
        ("about", (0..EACH / 20).map(|n| format!("/about?n={n}")).collect()),
    ];
    let api = |n: usize| {
        let story = id(&stories[n * 104_729 % last].id);
        let (event, report) = (id(&events[n * 31 % events.len()].id), id(&reports[n % reports.len()].entry.id));
        [
            ("API: stories", format!("stories?limit=20&origins={}&n={n}", n % 9), EACH / 8),
            ("API: story", format!("stories/{story}"), EACH / 8),
            ("API: brief", format!("stories/{story}/brief?cited=2&rows=10"), EACH / 8),
            ("API: timeline", format!("stories/{story}/timeline"), EACH / 8),
            ("API: quotes", format!("stories/{story}/quotes?cited=1"), EACH / 8),
            ("API: feed of a story", format!("stories/{story}.atom"), EACH / 8),
            ("API: events", format!("events?type={}&limit={}", kind(n), n / 7 + 1), EACH / 8),
            ("API: event", format!("events/{event}?cited=2"), EACH / 8),
            ("API: report", format!("reports/{report}"), EACH / 8),
            ("API: search", format!("search?q={}&limit=10", word(n)), EACH / 8),
            ("API: entity", format!("entities/{}?cited=2", id(whose(n))), EACH / 8),
            ("API: changes", format!("changes?limit={}", n % 500 + 1), EACH / 8),
        ]
    };
    for n in 0..EACH / 8 {
        for (kind, address, most) in api(n) {
            if n < most {
                match all.iter_mut().find(|one| one.0 == kind) {
                    Some((_, of)) => of.push(format!("/api/v1/{address}")),
                    None => all.push((kind, vec![format!("/api/v1/{address}")])),
                }
            }
        }
    }
    let mut mixed = Vec::new();
    for n in 0..EACH {
        mixed.extend(all.iter_mut().filter_map(|(kind, of)| Some((*kind, std::mem::take(of.get_mut(n)?)))));
    }
    Ok(mixed)
}

/// A connection that stays.
struct Reader {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Reader {
    fn new(host: &str) -> Result<Reader> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Reader { host: host.to_string(), stream: BufReader::new(stream) })
    }

    /// Asks for a page as a browser does, and reads all of it.
    fn ask(&mut self, address: &str) -> Result<Took> {
        let start = Instant::now();
        let request = format!("GET {address} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: gzip\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length, mut desk) = (String::new(), 0, None);
        self.stream.read_line(&mut status)?;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                bail!("{address}: the answer broke off");
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse()?,
                "server-timing" => desk = value.split("dur=").nth(1).and_then(|d| d.parse().ok()),
                _ => (),
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        // A name may be that of several, or of nobody any more.
        if !status.contains(" 200 ") && !status.contains(" 303 ") && !status.contains(" 404 ") {
            bail!("{address}: {status}");
        }
        let desk = desk.with_context(|| format!("{address}: the desk does not say what it took"))?;
        Ok((desk, start.elapsed().as_secs_f64() * 1e3))
    }
}
