//! `tellings events` and `tellings timeline`: what happened, as the records of a store's stories tell it.

use super::store::{At, Days};
use anyhow::{Result, bail};
use std::io::Write;
use std::process::ExitCode;
use tellings::store::{Database, EventRow, EventSearch, RecordEventRow, RecordEventSearch, Store, pages};

/// Find events in the store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings events --type CONSULT --actor Lavrov --since 2016-08-01
  tellings events --place SYR --type ASSAULT --realis actual --min-origins 2
  tellings events --agreement disputed --json

An event stands once, however many reports tell it; behind it stand the independent lineages that do, and whether they differ.")]
pub(crate) struct Events {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    days: Days,
    /// PLOVER type; may be given several times
    #[arg(long = "type", value_name = "TYPE")]
    kinds: Vec<String>,
    /// Part of a participant's name, or a country's three-letter code
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Name or three-letter country code of the place
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// actual, historical, future, hypothetical or negated
    #[arg(long, value_name = "REALIS")]
    realis: Option<String>,
    /// Of this story
    #[arg(long, value_name = "STORY")]
    story: Option<String>,
    /// Several lineages tell it and differ in nothing; one tells it; they differ
    #[arg(long, value_parser = ["agreed", "single", "disputed"])]
    agreement: Option<String>,
    /// Told by at least so many independent lineages
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_origins: u64,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Each telling by itself, as single reports give it, joined with no other
    #[arg(long, conflicts_with_all = ["story", "agreement", "min_origins", "json"])]
    tellings: bool,
    /// As JSON: each event as the contract's record has it
    #[arg(long)]
    json: bool,
}

pub(crate) fn events(args: &Events) -> Result<ExitCode> {
    let store = args.at.read()?;
    if args.tellings {
        return tellings(args, &store);
    }
    let story = args.story.as_deref().map(|id| story(&store, id)).transpose()?;
    let found = store.record_events(&RecordEventSearch {
        kinds: args.kinds.clone(),
        days: args.days.both(),
        actor: args.actor.clone(),
        place: args.place.clone(),
        realis: args.realis.clone(),
        story,
        agreement: args.agreement.clone(),
        min_origins: args.min_origins,
        limit: args.limit,
        ..RecordEventSearch::default()
    })?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", pages::events(&found))?;
    } else {
        found.iter().try_for_each(|event| line(event, &mut out))?;
    }
    out.flush()?;
    behind(&store)?;
    Ok(ExitCode::from(u8::from(found.is_empty())))
}

fn tellings(args: &Events, store: &Database) -> Result<ExitCode> {
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

/// The number of a story.
pub(crate) fn story(store: &Database, id: &str) -> Result<u32> {
    match store.story(id)? {
        Some(story) => Ok(story.number),
        None => bail!("no story `{id}` in the store\nhint: `tellings stories --store FILE` lists them"),
    }
}

/// Tells on standard error that some stories have moved since their record was made.
pub(crate) fn behind(store: &Database) -> Result<()> {
    let (unplaced, stale) = store.behind()?;
    if unplaced + stale > 0 {
        eprintln!("tellings: {unplaced} reports are in no story yet, {stale} stories have moved since their record was made");
        eprintln!("hint: `tellings store refresh` brings them up to date");
    }
    Ok(())
}

/// An event in two lines: what, then the words.
pub(crate) fn line(event: &RecordEventRow, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}  {}", event.date.as_deref().unwrap_or("undated"), what(event))?;
    let words = event.words.split_whitespace().collect::<Vec<_>>().join(" ");
    writeln!(out, "    {words} [{}]", event.id)
}

/// What an event is, in one line without its date.
pub(crate) fn what(event: &RecordEventRow) -> String {
    let names = |role: &str| -> String {
        let own = event.participants.iter().filter(|p| p.role == role).map(|p| p.name.as_str());
        own.collect::<Vec<_>>().join(", ")
    };
    let (actors, recipients) = (names("actor"), names("recipient"));
    let who = match (actors.as_str(), recipients.as_str()) {
        ("", "") => "nobody named".to_string(),
        (actors, "") => actors.to_string(),
        ("", recipients) => format!("→ {recipients}"),
        (actors, recipients) => format!("{actors} → {recipients}"),
    };
    let kind = event.kind.as_deref().unwrap_or("-");
    let place = event.place.as_deref().map_or_else(String::new, |p| format!(" · {p}"));
    let realis = if event.realis == "actual" { String::new() } else { format!(" · {}", event.realis) };
    let status =
        if matches!(event.status.as_str(), "reported" | "planned") { String::new() } else { format!(" · {}", event.status) };
    let told = match (event.origins, event.agreement.as_str()) {
        (1, _) => "1 origin".to_string(),
        (n, "agreed") => format!("{n} origins agree"),
        (n, _) => format!("{n} origins differ"),
    };
    format!("{kind}  {who}{place}{realis}{status} · {told}")
}

/// Show what happened, day by day
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings timeline s-41d05f65a7bb
  tellings timeline --since 2016-09-01 --until 2016-09-30 --min-origins 2
  tellings timeline --json s-41d05f65a7bb

Told as having happened or planned, with a date; `tellings events` lists the others, too.")]
pub(crate) struct Timeline {
    /// A story's id; without one, of all stories
    story: Option<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    days: Days,
    /// Told by at least so many independent lineages
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_origins: u64,
    /// At most so many events
    #[arg(long, default_value_t = 200)]
    limit: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn timeline(args: &Timeline) -> Result<ExitCode> {
    let store = args.at.read()?;
    let story = args.story.as_deref().map(|id| story(&store, id)).transpose()?;
    let search = RecordEventSearch {
        story,
        days: args.days.both(),
        min_origins: args.min_origins,
        limit: usize::MAX >> 1,
        ..RecordEventSearch::default()
    };
    let mut found = store.record_events(&search)?;
    let told = |e: &RecordEventRow| matches!(e.realis.as_str(), "actual" | "historical" | "future") && e.status != "denied";
    found.retain(|e| told(e) && e.days.0.is_some());
    found.truncate(args.limit);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", pages::events(&found))?;
    } else {
        let mut day: Option<&str> = None;
        for event in &found {
            let date = event.date.as_deref().unwrap_or_default();
            let own = date.split('T').next().unwrap_or(date);
            if day != Some(own) {
                writeln!(out, "{}{own}", if day.is_some() { "\n" } else { "" })?;
                day = Some(own);
            }
            let other = if args.story.is_none() { format!("  ({})", event.title) } else { String::new() };
            writeln!(out, "  {}  [{}]{other}", what(event), event.id)?;
        }
    }
    out.flush()?;
    behind(&store)?;
    Ok(ExitCode::from(u8::from(found.is_empty())))
}
