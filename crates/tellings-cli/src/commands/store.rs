//! The commands over a store: `add`, `show`, `search`, `events`, `store check|compact|backup`.

use crate::input::{Own, Reports};
use anyhow::{Result, bail};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tellings::store::{Added, EventRow, EventSearch, Search, Sqlite, Store};

/// Where the store is.
#[derive(clap::Args)]
pub(crate) struct At {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db")]
    store: PathBuf,
}

/// Read reports and keep them in a store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings add reports/
  tellings add --store desk.db --input jsonl corpus.jsonl

Prints the id of each report once it is on the disk. Reports that are there already are left as they are.")]
pub(crate) struct Add {
    #[command(flatten)]
    reports: Reports,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    own: Own,
}

pub(crate) fn add(args: &Add) -> Result<ExitCode> {
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let mut store = Sqlite::open(&args.at.store)?;
    let run = tellings::store::this_run(&args.own.gazetteers()?);
    let mut out = std::io::stdout().lock();
    let mut written = Ok(());
    let (mut new, mut known) = (0usize, 0usize);
    gathered.add(&models, &mut store, &run, |added| {
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
    gathered.say(&format!("{new} reports added, {known} were there"));
    Ok(gathered.status())
}

/// Show a report that is in the store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings show norwire-0905
  tellings show --reading norwire-0905
  tellings show --raw page-12 > page.html")]
pub(crate) struct Show {
    /// Its id
    id: String,
    #[command(flatten)]
    at: At,
    /// The bytes as they came
    #[arg(long, conflicts_with = "reading")]
    raw: bool,
    /// Its reading, as JSON
    #[arg(long)]
    reading: bool,
}

pub(crate) fn show(args: &Show) -> Result<ExitCode> {
    let store = Sqlite::open_to_read(&args.at.store)?;
    let Some(stored) = store.document(&args.id)? else {
        eprintln!("tellings: no report `{}` in `{}`", args.id, args.at.store.display());
        return Ok(ExitCode::from(1));
    };
    let mut out = std::io::stdout().lock();
    let entry = &stored.entry;
    if args.raw {
        out.write_all(&entry.raw)?;
    } else if args.reading {
        out.write_all(&entry.reading)?;
    } else {
        writeln!(out, "{}", entry.title.as_deref().unwrap_or(&entry.id))?;
        let by = [entry.outlet.as_deref(), entry.url.as_deref(), entry.path.as_deref()];
        let about = [entry.published.as_deref().or(Some("undated")), entry.basis.as_deref()].into_iter().chain(by).flatten();
        writeln!(out, "{}\n\n{}", about.collect::<Vec<_>>().join(" · "), entry.text.trim_end())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
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
    fn both(&self) -> (Option<String>, Option<String>) {
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
    let store = Sqlite::open_to_read(&args.at.store)?;
    let search = Search { words: args.words.join(" "), outlet: args.outlet.clone(), days: args.days.both(), limit: args.limit };
    let hits = store.search(&search)?;
    let mut out = std::io::stdout().lock();
    for hit in &hits {
        let about = [hit.published.as_deref().or(Some("undated")), hit.outlet.as_deref(), hit.title.as_deref()];
        writeln!(out, "{}  {}\n    {}", hit.id, about.into_iter().flatten().collect::<Vec<_>>().join(" · "), hit.snippet)?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(hits.is_empty())))
}

/// Find events in the store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings events --type CONSULT --actor Lavrov --since 2016-08-01
  tellings events --place SYR --type ASSAULT --realis actual")]
pub(crate) struct Events {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    days: Days,
    /// PLOVER type; may be given several times
    #[arg(long = "type", value_name = "TYPE")]
    kinds: Vec<String>,
    /// Part of a participant's name, or a country's three-letter code
    #[arg(long)]
    actor: Option<String>,
    /// Name or three-letter country code of the place
    #[arg(long)]
    place: Option<String>,
    /// actual, historical, future, hypothetical or negated
    #[arg(long)]
    realis: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

pub(crate) fn events(args: &Events) -> Result<ExitCode> {
    let store = Sqlite::open_to_read(&args.at.store)?;
    let found = store.events(&EventSearch {
        kinds: args.kinds.clone(),
        days: args.days.both(),
        actor: args.actor.clone(),
        place: args.place.clone(),
        realis: args.realis.clone(),
        limit: args.limit,
    })?;
    let mut out = std::io::stdout().lock();
    for event in &found {
        let names = |role: &str| -> String {
            let own = event.participants.iter().filter(|p| p.role == role).map(|p| p.name.as_str());
            own.collect::<Vec<_>>().join(", ")
        };
        let EventRow { document, span, words, kind, cameo, realis, date, place, .. } = event;
        let date = date.as_deref().unwrap_or("undated");
        let kind = kind.as_deref().or(cameo.as_deref()).unwrap_or("-");
        let place = place.as_deref().map_or_else(String::new, |p| format!(" · {p}"));
        writeln!(out, "{date}  {kind}  {} → {}{place} · {realis}", names("actor"), names("recipient"))?;
        writeln!(out, "    {} [{document}:{}-{}]", words.split_whitespace().collect::<Vec<_>>().join(" "), span.0, span.1)?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(found.is_empty())))
}

/// Look after the store: check, compact, back up
#[derive(clap::Args)]
pub(crate) struct Care {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Is it sound? Compares every table, index and stored byte
    Check(At),
    /// Make it as small and quick as it can be
    Compact(At),
    /// Write a copy of it as it is now
    Backup {
        /// The copy; must not be there
        to: PathBuf,
        #[command(flatten)]
        at: At,
    },
}

/// How long `store check` and `store compact` wait for a writer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn care(args: &Care) -> Result<ExitCode> {
    match &args.what {
        What::Check(at) => {
            // A store that may not be written is checked, too.
            let store = Sqlite::open_existing(&at.store, PATIENCE)
                .or_else(|error| if error.is_read_only() { Sqlite::open_to_read(&at.store) } else { Err(error) })?;
            let wrong = store.check()?;
            wrong.iter().for_each(|line| eprintln!("tellings: in `{}`: {line}", at.store.display()));
            if !wrong.is_empty() {
                bail!("the store `{}` is damaged; a backup, or adding the reports to a new store, mends it", at.store.display());
            }
            let counts = store.counts()?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "sound: {} reports, {} events, {} bytes", counts.documents, counts.events, counts.bytes)?;
        }
        What::Compact(at) => Sqlite::open_existing(&at.store, PATIENCE)?.compact()?,
        What::Backup { to, at } => Sqlite::open_to_read(&at.store)?.backup(to)?,
    }
    Ok(ExitCode::SUCCESS)
}
