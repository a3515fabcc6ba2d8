//! `tellings watch` and `tellings feeds`: feeds that are looked at again and again, and how they are doing.

use crate::commands::store::At;
use crate::input::Own;
use anyhow::{Context, Result, anyhow, bail};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};
use tellings::fetch::{Fetcher, Policy, roots};
use tellings::store::{Added, Database, Feed, Queue, Store};
use tellings::watch::{Plan, Told, watch};
use tellings::{Web, lists};

/// How the web is asked.
#[derive(clap::Args)]
pub(crate) struct Manners {
    /// Ask hosts of this machine and of private networks, too
    #[arg(long)]
    allow_private: bool,
    /// Least time between two questions to one host
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = time)]
    pause: Duration,
    /// How those who are asked can reach you: a mail address or a page; told with each question
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,
    /// Trust the authorities in this file, too (PEM), for safe connections: your company's own; else $SSL_CERT_FILE
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Manners {
    fn policy(&self) -> Result<Policy> {
        // The variable that other programs know; an empty one is none.
        let file =
            self.ca.clone().or_else(|| std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()).map(PathBuf::from));
        let own = file.map(|file| {
            let pem = std::fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
            roots(&pem).map_err(|note| anyhow!("no authorities in `{}`: {note}", file.display()))
        });
        Ok(Policy {
            roots: own.transpose()?.unwrap_or_default(),
            private: self.allow_private,
            pause: self.pause,
            contact: self.contact.clone(),
            most: 16 << 20,
            ..Policy::default()
        })
    }

    pub(crate) fn web(&self, follow: bool) -> Result<Web> {
        Ok(Web { fetcher: Arc::new(Fetcher::new(self.policy()?)), follow })
    }
}

/// A time as people write it: `90s`, `15m`, `2h`, `1d`.
fn time(text: &str) -> Result<Duration> {
    let wrong = || anyhow!("a time is a number with s, m, h or d behind it: 90s, 15m, 2h");
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
    let seconds = match unit {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * seconds).ok().filter(|time| time.as_secs() <= 366 * 86_400).ok_or_else(wrong)
}

/// Watch feeds: look at each by its own pace and add to a store what is new
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings watch feeds.opml                             # until it is stopped (Ctrl-C); started again, it goes on
  tellings watch --store desk.db --every 5m https://ledger.example/rss https://wire.example/atom
  tellings watch --once                                 # each feed that the store knows, once: for cron

Prints the id of each report once it is on the disk. A feed that carries whole texts is read as it is; the pages that it only
announces are fetched. What a site's robots.txt asks is done. How the feeds are doing: `tellings feeds`.")]
pub(crate) struct Args {
    /// Feeds: addresses, or OPML lists of them; none: those that the store knows
    #[arg(value_name = "FEED")]
    feeds: Vec<String>,
    #[command(flatten)]
    at: At,
    /// Look at each feed once, fetch what is new, and end
    #[arg(long)]
    once: bool,
    /// Shortest time from one look at a feed to the next; quiet feeds are looked at less often, up to sixteen times
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = time)]
    every: Duration,
    /// Fetch no pages; keep what the feeds themselves carry
    #[arg(long)]
    no_follow: bool,
    /// How many hosts are asked at the same time
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    hosts: u16,
    #[command(flatten)]
    manners: Manners,
    #[command(flatten)]
    own: Own,
    /// Say less: no remarks on feeds and reports
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let feeds = addresses(&args.feeds)?;
    let mut store = Database::open(&args.at.store)?;
    if feeds.is_empty() && store.feeds()?.is_empty() {
        bail!("no feeds to watch; name some: `tellings watch feeds.opml` or `tellings watch https://…`");
    }
    let (models, mut failed) = args.own.models()?;
    let run = tellings::store::this_run(&args.own.gazetteers()?);
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The second one ends the program as it stands: the store bears that.
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone()).context("cannot listen to signals")?;
        signal_hook::flag::register(signal, stop.clone()).context("cannot listen to signals")?;
    }
    let policy = Policy { retries: 0, ..args.manners.policy()? };
    let fetcher = Arc::new(Fetcher::new(policy));
    let plan = Plan {
        feeds,
        every: args.every.max(Duration::from_secs(1)),
        once: args.once,
        follow: !args.no_follow,
        hosts: args.hosts.into(),
    };
    let mut out = std::io::stdout().lock();
    let (mut new, mut written) = (0usize, Ok(()));
    watch(&models, &mut store, &run, &fetcher, &plan, &stop, |told| match told {
        Told::Report(_, Added::Known(_)) => {}
        Told::Report(doc, Added::New(id)) => {
            new += 1;
            if written.is_ok() {
                written = writeln!(out, "{id}").and_then(|()| out.flush());
            }
            let failures = tellings::failures(doc);
            failed += failures.len();
            failures.iter().filter(|_| !args.quiet).for_each(|failure| eprintln!("tellings: {failure}"));
        }
        Told::Looked(feed, items) => {
            if items > 0 && !args.quiet {
                eprintln!("tellings: {}: {items} new", name(feed));
            }
        }
        Told::Failed(feed) => {
            failed += 1;
            eprintln!("tellings: cannot read the feed `{}`: {}", feed.address, feed.error.as_deref().unwrap_or("failed"));
        }
        Told::Unread(note) => {
            failed += 1;
            eprintln!("tellings: {note}");
        }
    })?;
    written?;
    if !args.quiet {
        eprintln!("tellings: {new} reports added");
    }
    // A watch that was stopped did what it was to do; one look at each feed tells what failed.
    Ok(ExitCode::from(if args.once && failed > 0 { 2 } else { 0 }))
}

/// The addresses behind the arguments, each once.
fn addresses(arguments: &[String]) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for argument in arguments {
        if tellings::is_address(argument) {
            found.push(argument.clone());
            continue;
        }
        let bytes = std::fs::read(argument).with_context(|| format!("cannot read the list of feeds `{argument}`"))?;
        let before = found.len();
        lists::opml(&bytes, |outline| found.push(outline.feed));
        if found.len() == before {
            bail!("there is no feed in `{argument}`; an OPML list of feeds was expected");
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|address| seen.insert(address.clone()));
    Ok(found)
}

fn name(feed: &Feed) -> &str {
    feed.title.as_deref().unwrap_or(&feed.address)
}

/// How the feeds are doing that are watched
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings feeds
  tellings feeds --forget https://ledger.example/rss     # its reports stay

One line a feed: when it was last there, how many items it announced and how many of them wait, when it last had something new,
when it is due; and what is wrong with it. `--opml` writes the list for other programs.")]
pub(crate) struct Feeds {
    #[command(flatten)]
    at: At,
    /// Forget this feed; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    forget: Vec<String>,
    /// Write them as an OPML list
    #[arg(long)]
    opml: bool,
}

pub(crate) fn feeds(args: &Feeds) -> Result<ExitCode> {
    if !args.forget.is_empty() {
        let mut store = Database::open_existing(&args.at.store, Duration::from_secs(10))?;
        for feed in &args.forget {
            if !store.forget(feed)? {
                bail!("`{feed}` is not watched");
            }
        }
    }
    let store = Database::open_to_read(&args.at.store)?;
    let (feeds, queues) = (store.feeds()?, store.queues()?);
    let mut out = std::io::stdout().lock();
    if args.opml {
        let outline =
            |feed: &Feed| lists::Outline { title: name(feed).to_string(), feed: feed.address.clone(), ..Default::default() };
        write!(out, "{}", lists::to_opml("Feeds of Tellings", &feeds.iter().map(outline).collect::<Vec<_>>()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
    for feed in &feeds {
        writeln!(out, "{}", health(feed, queues.iter().find(|queue| queue.feed == feed.address), now))?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(feeds.is_empty())))
}

/// How a feed is doing, in two lines or three.
fn health(feed: &Feed, queue: Option<&Queue>, now: i64) -> String {
    let ago = |when: Option<i64>| when.map_or("never".to_string(), |when| format!("{} ago", span(now - when)));
    let state = match (feed.gone, feed.failures) {
        (true, _) => "gone",
        (false, 0) if feed.tried.is_none() => "not looked at yet",
        (false, 0) => "well",
        (false, 1..=3) => "failing",
        _ => "ill",
    };
    let due = match feed.due - now {
        _ if feed.gone => "is not looked at any more".to_string(),
        late @ ..0 if feed.tried.is_some() => format!("due since {}", span(-late)),
        ..=0 => "due".to_string(),
        time => format!("due in {}", span(time)),
    };
    let waiting = queue.map_or(0, |queue| queue.waiting);
    let mut lines = format!(
        "{}  {}\n    {state} · there {} · news {} · {} items, {waiting} wait · every {} · {due}",
        feed.address,
        feed.title.as_deref().unwrap_or(""),
        ago(feed.succeeded),
        ago(feed.changed),
        feed.items,
        span(feed.period),
    );
    if let Some(moved) = &feed.moved {
        lines.push_str(&format!("\n    has moved to {moved}"));
    }
    if let Some(error) = &feed.error {
        lines.push_str(&format!("\n    {error} ({} times)", feed.failures));
    }
    lines
}

/// A span of time in one unit.
fn span(seconds: i64) -> String {
    match seconds.max(0) {
        s @ ..120 => format!("{s} s"),
        s @ ..7200 => format!("{} min", s / 60),
        s @ ..172_800 => format!("{} h", s / 3600),
        s => format!("{} days", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let read = |text: &str| time(text).map(|time| time.as_millis()).ok();
        assert_eq!(
            [read("90s"), read("15m"), read("2h"), read("1.5h")],
            [Some(90_000), Some(900_000), Some(7_200_000), Some(5_400_000)]
        );
        assert_eq!([read("250ms"), read("7")], [Some(250), Some(7000)]);
        assert_eq!([read("m"), read("15 minutes"), read("-1s"), read("1e99d"), read("")], [None; 5]);
    }

    #[test]
    fn health_in_words() {
        let feed = Feed { address: "https://a.example/rss".into(), period: 900, due: 1000, ..Feed::default() };
        assert!(
            health(&feed, None, 100)
                .ends_with("not looked at yet · there never · news never · 0 items, 0 wait · every 15 min · due in 15 min")
        );
        let queue = Queue { feed: feed.address.clone(), waiting: 3, due: 0 };
        let ill =
            Feed { failures: 5, error: Some("it is slow".into()), tried: Some(900), succeeded: Some(100), items: 9, ..feed };
        let told = health(&ill, Some(&queue), 8000);
        assert!(
            told.contains("ill · there 2 h ago · news never · 9 items, 3 wait") && told.contains("due since 116 min"),
            "{told}"
        );
        assert!(told.ends_with("it is slow (5 times)"));
    }
}
