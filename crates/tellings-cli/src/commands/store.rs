//! The commands over a store that put reports in, find them, and look after it: `add`, `search`, `store …`.

use crate::commands::watch::Manners;
use crate::input::{Own, Reports};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tellings::store::{Added, Counts, Database, Search, Store};

/// Where the store is.
#[derive(clap::Args)]
pub(crate) struct At {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db", global = true)]
    pub(crate) store: PathBuf,
}

impl At {
    pub(crate) fn read(&self) -> Result<Database> {
        Ok(Database::open_to_read(&self.store)?)
    }
}

/// Read reports and keep them in a store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings add reports/
  tellings add --store desk.db --input jsonl corpus.jsonl
  tellings add https://ledger.example/2014/03/06/talks
  tellings add --follow https://ledger.example/rss     # a feed: its entries, here with their pages

Prints the id of each report once it is on the disk. Reports that are there already are left as they are.")]
pub(crate) struct Add {
    #[command(flatten)]
    reports: Reports,
    #[command(flatten)]
    at: At,
    /// Leave the records of stories to `tellings store refresh`: of very many reports, or where nobody waits for them
    #[arg(long)]
    later: bool,
    #[command(flatten)]
    own: Own,
    /// Fetch the pages, too, that a feed announces without their text
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    manners: Manners,
}

pub(crate) fn add(args: &Add) -> Result<ExitCode> {
    // Whom to trust is of no matter where nothing is fetched.
    let gathered = match args.reports.named().iter().any(|name| tellings::is_address(name)) {
        true => args.reports.gather_with(args.manners.web(args.follow)?),
        false => args.reports.gather(),
    };
    let models = args.own.open(&gathered)?;
    let mut store = Database::open(&args.at.store)?;
    let run = args.own.run("add")?;
    let mut out = std::io::stdout().lock();
    let mut written = Ok(());
    let (mut new, mut known) = (0usize, 0usize);
    let run = gathered.add(&models, &mut store, &run, |added| {
        match added {
            Added::New(id) => {
                new += 1;
                if written.is_ok() {
                    written = writeln!(out, "{id}").and_then(|()| out.flush());
                }
            }
            Added::Known(_) => known += 1,
        };
    })?;
    written?;
    if !args.later {
        let bar = crate::input::bar("records");
        let (_, corrections) = tellings::store::refresh(&models, &mut store, run, |made| bar.set_position(made as u64))?;
        bar.finish_and_clear();
        super::correct::conflicts(&corrections);
    }
    gathered.say(&format!("{new} reports added, {known} were there"));
    Ok(gathered.status())
}

/// Days, first and last.
#[derive(clap::Args)]
pub(crate) struct Days {
    /// Not before this day (2016-09-05)
    #[arg(long, value_name = "DAY")]
    since: Option<jiff::civil::Date>,
    /// Not after this day
    #[arg(long, value_name = "DAY")]
    until: Option<jiff::civil::Date>,
}

impl Days {
    pub(crate) fn both(&self) -> (Option<String>, Option<String>) {
        (self.since.map(|d| d.to_string()), self.until.map(|d| d.to_string()))
    }
}

/// Find reports in the store by their words
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings search ceasefire Aleppo
  tellings search '\"gaps of trust\" -football' --since 2016-09-01 --outlet Reuters
  tellings search title:truce 'negot*' Geneva OR Hangzhou")]
pub(crate) struct Find {
    /// Words that must all be there; `\"phrases\"`, `-without`, `title:word`, `begin*`, `OR`
    words: Vec<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    days: Days,
    /// Of this outlet
    #[arg(long)]
    outlet: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

pub(crate) fn search(args: &Find) -> Result<ExitCode> {
    let store = Database::open_to_read(&args.at.store)?;
    let search = Search {
        words: args.words.join(" "),
        outlet: args.outlet.clone(),
        days: args.days.both(),
        limit: args.limit,
        ..Search::default()
    };
    let hits = store.search(&search)?;
    let mut out = std::io::stdout().lock();
    for hit in &hits {
        let about = [hit.published.as_deref().or(Some("undated")), hit.outlet.as_deref(), hit.title.as_deref()];
        writeln!(out, "{}  {}\n    {}", hit.id, about.into_iter().flatten().collect::<Vec<_>>().join(" · "), hit.snippet)?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(hits.is_empty())))
}

/// Look after the store: check, compact, back up
#[derive(clap::Args)]
pub(crate) struct Care {
    #[command(flatten)]
    at: At,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Is it sound? Compares every table, index and stored byte
    Check,
    /// Make it as small and quick as it can be
    Compact,
    /// Put reports into stories, and make the records of stories, where that was not done: after a kill, or an update
    Refresh {
        #[command(flatten)]
        own: Own,
    },
    /// Write a copy of it as it is now
    Backup {
        /// The copy; must not be there
        to: PathBuf,
    },
}

/// How long `store check` and `store compact` wait for a writer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn care(args: &Care) -> Result<ExitCode> {
    let at = &args.at;
    match &args.what {
        What::Check => {
            // A store that may not be written is checked, too.
            let store = Database::open_existing(&at.store, PATIENCE)
                .or_else(|error| if error.is_read_only() { Database::open_to_read(&at.store) } else { Err(error) })?;
            let wrong = store.check()?;
            wrong.iter().for_each(|line| eprintln!("tellings: in `{}`: {line}", at.store.display()));
            if !wrong.is_empty() {
                bail!("the store `{}` is damaged; a backup, or adding the reports to a new store, mends it", at.store.display());
            }
            let counts = store.counts()?;
            let mut out = std::io::stdout().lock();
            let Counts { documents, events, stories, bytes, unplaced, stale, .. } = counts;
            writeln!(out, "sound: {documents} reports, {events} events, {stories} stories, {bytes} bytes")?;
            if unplaced + stale > 0 {
                writeln!(
                    out,
                    "{unplaced} reports are in no story yet, {stale} stories wait for their record: `tellings store refresh`"
                )?;
            }
        }
        What::Refresh { own } => return refresh(at, own),
        What::Compact => Database::open_existing(&at.store, PATIENCE)?.compact()?,
        What::Backup { to } => Database::open_to_read(&at.store)?.backup(to)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn refresh(at: &At, own: &Own) -> Result<ExitCode> {
    let mut store = Database::open_existing(&at.store, PATIENCE)?;
    let (models, failed) = own.models()?;
    let run = store.begin(&own.run("refresh")?)?;
    let placed = tellings::store::place(&models, &mut store, run)?;
    let bar = crate::input::bar("records");
    let (made, corrections) = tellings::store::refresh(&models, &mut store, run, |made| bar.set_position(made as u64))?;
    bar.finish_and_clear();
    super::correct::conflicts(&corrections);
    eprintln!("tellings: {placed} reports put into stories, {made} records made");
    Ok(ExitCode::from(if failed > 0 { 2 } else { 0 }))
}
