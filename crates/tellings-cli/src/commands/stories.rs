//! `tellings stories`: which reports are about one matter, and which descend from which. Reads a stream: a story is printed and
//! forgotten when nothing comes on it any more.

use super::Out;
use super::events::behind;
use super::show::story_line;
use super::store::Days;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tellings::json::StoriesWriter;
use tellings::store::{Database, Store, StorySearch, pages};
use tellings::story::{Outline, Rarity, Relation, Sketch, Stories};

/// Group reports into stories and show which of them copy one another
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings stories reports/
  tellings stories --input jsonl --output json corpus.jsonl
  tellings stories --store desk.db                              those of a store, the last that moved first
  tellings stories --store desk.db Aleppo ceasefire --min-origins 3
  tellings stories --store desk.db --moved-since 2026-11-22     what moved today

Reports may come in any order as long as none comes some 2,000 reports after those of a later day; of less than 4,000 reports
the order says nothing. A story is over, and printed, when nothing came on it for 35 days.")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
    /// As `--output json`
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    kept: Kept,
    /// Tell on standard error what a report costs at 1 000, 5 000, 10 000, 50 000 … reports
    #[arg(long)]
    cost: bool,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

/// Arguments for stories that are in a store.
#[derive(clap::Args)]
#[command(next_help_heading = "Stories of a store")]
struct Kept {
    /// List the stories of this store; what else is given are words that a report or title must have
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    #[command(flatten)]
    days: Days,
    /// Changed since this day or time (2026-11-22, 2026-11-22T08:00:00Z)
    #[arg(long, value_name = "TIME", requires = "store")]
    moved_since: Option<String>,
    /// Of at least so many reports
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_reports: u64,
    /// Of at least so many independent lineages
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_origins: u64,
    /// In which this entity (its id) stands
    #[arg(long, value_name = "ID", requires = "store")]
    entity: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

fn kept(args: &Args, path: &Path) -> Result<ExitCode> {
    let store = Database::open_to_read(path)?;
    let stories = store.stories(&StorySearch {
        latest: 0,
        words: args.reports.named().join(" "),
        days: args.kept.days.both(),
        moved_since: args.kept.moved_since.clone(),
        min_documents: args.kept.min_reports,
        min_origins: args.kept.min_origins,
        entity: args.kept.entity.clone(),
        limit: args.kept.limit,
        ..StorySearch::default()
    })?;
    let mut out = args.out.open()?;
    if args.json || matches!(args.output, Form::Json) {
        let mut json = StoriesWriter::default();
        for story in &stories {
            json.write(&pages::outline(&store, story)?, &mut out)?;
        }
        json.finish(&mut out)?;
    } else {
        stories.iter().try_for_each(|story| story_line(story, &mut out))?;
    }
    out.flush()?;
    behind(&store)?;
    Ok(ExitCode::from(u8::from(stories.is_empty())))
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if let Some(path) = &args.kept.store {
        return kept(args, path);
    }
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let rarity = Rarity::shipped();
    let mut out = args.out.open()?;
    let mut json = StoriesWriter::default();
    let mut print = |stories: Vec<Outline>| -> std::io::Result<()> {
        stories.iter().try_for_each(|story| match args.output {
            _ if args.json => json.write(story, &mut out),
            Form::Json => json.write(story, &mut out),
            Form::Text => text(story, &mut out),
        })
    };
    let mut stories = Stories::new();
    let mut printed = Ok(());
    let mut cost = Cost::new(args.cost);
    gathered.read_each(&models, |doc| {
        cost.of(1, || {
            stories.add(Sketch::of(&rarity, &doc));
            if printed.is_ok() {
                printed = print(stories.take_closed());
            }
        });
    });
    printed?;
    cost.of(0, || print(stories.finish()))?;
    if args.cost {
        cost.tell();
    }
    if args.json || matches!(args.output, Form::Json) {
        json.finish(&mut out)?;
    }
    out.flush()?;
    Ok(gathered.status())
}

fn text(story: &Outline, out: &mut impl Write) -> std::io::Result<()> {
    let days = [&story.first, &story.last].map(|d| d.as_deref().unwrap_or("undated"));
    writeln!(out, "{}  {}  ({} to {}, {} origins)", story.id, story.title, days[0], days[1], story.lineages.len())?;
    for lineage in &story.lineages {
        for (document, relation) in &lineage.documents {
            let of = if *relation == Relation::Original { String::new() } else { format!(" of {}", lineage.origin) };
            writeln!(out, "    {:9}{document} {of}", relation.as_str())?;
        }
    }
    for (document, span) in &story.parts {
        writeln!(out, "    part     {document}:{}-{}", span.start(), span.end())?;
    }
    story.merged.iter().try_for_each(|id| writeln!(out, "    was also {id}"))?;
    story.parents.first().map_or(Ok(()), |id| writeln!(out, "    split from {id}"))
}

/// What reports cost, told now and then: processor time, of the thread that makes stories and of all.
struct Cost {
    told: bool,
    reports: u64,
    /// When the present stretch began: reports, time of all threads, and time spent on stories since.
    since: (u64, Duration, Duration),
    start: Instant,
}

impl Cost {
    fn new(told: bool) -> Cost {
        Cost { told, reports: 0, since: (0, Duration::ZERO, Duration::ZERO), start: Instant::now() }
    }

    /// Does some work on stories for one more report, or at the end for none.
    fn of<T>(&mut self, reports: u64, work: impl FnOnce() -> T) -> T {
        if !self.told {
            return work();
        }
        let before = self.thread();
        let done = work();
        self.since.2 += self.thread().saturating_sub(before);
        self.reports += reports;
        // At 1 000, 5 000, 10 000 …, of the half before: what a report costs then, not what all cost so far.
        let marked =
            |n: u64| n >= 1000 && n.to_string().trim_end_matches('0').len() == 1 && n.to_string().starts_with(['1', '5']);
        if marked(self.reports) {
            self.tell();
        }
        if marked(2 * self.reports) {
            self.since = (self.reports, self.process(), Duration::ZERO);
        }
        done
    }

    fn tell(&self) {
        let (before, process, stories) = self.since;
        let n = (self.reports - before).max(1) as f64;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / n;
        eprintln!(
            "tellings: at {} reports: {:.0} µs a report on stories and lineage, {:.0} µs in all; peak memory {}",
            self.reports,
            each(stories),
            each(self.process().saturating_sub(process)),
            field("/proc/self/status", "VmHWM:").map_or_else(|| "not known".to_string(), |kb| format!("{} MB", kb / 1024))
        );
    }

    /// Processor time of this thread, where the system tells it, else time.
    fn thread(&self) -> Duration {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanos = told.and_then(|t| t.split_whitespace().next()?.parse().ok());
        nanos.map_or_else(|| self.start.elapsed(), Duration::from_nanos)
    }

    /// Processor time of all threads, likewise.
    fn process(&self) -> Duration {
        let nanos = |task: std::fs::DirEntry| {
            let told = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            told.split_whitespace().next()?.parse::<u64>().ok()
        };
        match std::fs::read_dir("/proc/self/task") {
            Ok(tasks) => Duration::from_nanos(tasks.flatten().filter_map(nanos).sum()),
            Err(_) => self.start.elapsed(),
        }
    }
}

/// A number in a file of lines of a name and a number.
fn field(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|l| l.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
