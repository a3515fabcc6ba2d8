//! `tellings stories`: which reports are about one matter, and which descend from which. Reads a stream: a story is printed and
//! forgotten when nothing comes on it any more.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tellings::json::StoriesWriter;
use tellings::story::{Outline, Rarity, Relation, Sketch, Stories};

/// Group reports into stories and show which of them copy one another
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings stories reports/
  tellings stories --input jsonl --output json corpus.jsonl

Reports may come in any order as long as none comes some 2,000 reports after those of a later day; of less than 4,000 reports
the order says nothing. A story is over, and printed, when nothing came on it for 35 days.")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
    /// Tell on standard error what a report costs at 1 000, 10 000, 100 000 … reports
    #[arg(long)]
    cost: bool,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let rarity = Rarity::shipped();
    let mut out = args.out.open()?;
    let mut json = StoriesWriter::default();
    let mut print = |stories: Vec<Outline>| -> std::io::Result<()> {
        stories.iter().try_for_each(|story| match args.output {
            Form::Json => json.write(story, &mut out),
            Form::Text => text(story, &mut out),
        })
    };
    let mut stories = Stories::new();
    let mut printed = Ok(());
    let mut cost = Cost::new(args.cost);
    gathered.read_each(&models, |doc| {
        let start = Instant::now();
        stories.add(Sketch::of(&rarity, &doc));
        if printed.is_ok() {
            printed = print(stories.take_closed());
        }
        cost.add(start.elapsed());
    });
    printed?;
    let start = Instant::now();
    print(stories.finish())?;
    cost.end(start.elapsed());
    if let Form::Json = args.output {
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

/// What reports cost, told at each power of ten.
struct Cost {
    told: bool,
    reports: u64,
    /// When the counting of the present stretch began, with how many reports, and the time spent on stories since.
    since: (Instant, u64, Duration),
}

impl Cost {
    fn new(told: bool) -> Cost {
        Cost { told, reports: 0, since: (Instant::now(), 0, Duration::ZERO) }
    }

    fn add(&mut self, stories: Duration) {
        self.reports += 1;
        self.since.2 += stories;
        let power = 10u64.pow(self.reports.ilog10());
        // The stretch before a power of ten, from half of it on: what a report costs then, not what all cost so far.
        if self.reports >= 1000 && self.reports == power {
            self.tell();
        }
        if self.reports >= 500 && self.reports.is_multiple_of(500) && 10u64.pow((2 * self.reports).ilog10()) == 2 * self.reports {
            self.since = (Instant::now(), self.reports, Duration::ZERO);
        }
    }

    fn end(&mut self, stories: Duration) {
        self.since.2 += stories;
        self.tell();
    }

    fn tell(&self) {
        let (start, before, stories) = self.since;
        let n = (self.reports - before).max(1) as f64;
        if self.told {
            eprintln!(
                "tellings: at {} reports: {:.0} µs a report on stories and lineage, {:.0} µs in all; peak memory {}",
                self.reports,
                stories.as_secs_f64() * 1e6 / n,
                start.elapsed().as_secs_f64() * 1e6 / n,
                peak_memory().map_or_else(|| "not known".to_string(), |kb| format!("{} MB", kb / 1024))
            );
        }
    }
}

/// The most memory that the program held so far, in kB, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}
