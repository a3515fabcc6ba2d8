//! `tellings correct`: what people set right in a store; kept bound to words, undone, exported and imported.

use super::store::At;
use crate::input::Own;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Subcommand, ValueEnum};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tellings::corrections::{Basis, Correction, DocumentAt, Named, Outcome, Rule, State, WordsAt};
use tellings::store::{Database, Store, StoryRow, mend};

/// Set right what was read: events, who is who, stories, copies
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings correct reject v-1f0c9a3b77 --note \"a film, not an attack\"
  tellings correct accept v-39179cba65
  tellings correct recode v-39179cba65 AGREE            a PLOVER type, or a CAMEO code
  tellings correct retime v-39179cba65 2016-08-26
  tellings correct replace v-39179cba65 Geneva --country CHE
  tellings correct merge v-14cf9aba12 v-72d3a94b53      two events, entities or stories: the second stays
  tellings correct split v-72d3a94b53 norwire-0905      what this report tells of it is another event
  tellings correct split person/wang-yi report-7 --name \"Wang Yi (footballer)\"
  tellings correct split s-41d05f65a7bb report-7 report-9
  tellings correct copy their-report our-report
  tellings correct list
  tellings correct undo k-51f1a6c6e3
  tellings correct export > corrections.jsonl
  tellings correct import corrections.jsonl

A correction is bound to the words it was made for, and is applied again whenever reports are read again. What it rests on may
have changed by then: it is still applied, and the conflict is told.")]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    #[command(subcommand)]
    what: What,
}

/// What all corrections have.
#[derive(clap::Args)]
struct Common {
    /// Who says so
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why
    #[arg(long, value_name = "WORDS")]
    note: Option<String>,
    #[command(flatten)]
    own: Own,
}

#[derive(Subcommand)]
enum What {
    /// These events are right as they are
    Accept {
        /// Ids of events
        #[arg(required = true)]
        events: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// There are no such events
    Reject {
        /// Ids of events
        #[arg(required = true)]
        events: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// An event is of another type
    Recode {
        /// Id of an event
        event: String,
        /// PLOVER type or CAMEO code
        to: String,
        #[command(flatten)]
        common: Common,
    },
    /// An event was at another time
    Retime {
        /// Id of an event
        event: String,
        /// Day, month or year: 2016-08-26, 2016-08, 2016
        to: String,
        #[command(flatten)]
        common: Common,
    },
    /// An event was elsewhere
    Replace {
        /// Id of an event
        event: String,
        /// Name of the place
        to: String,
        /// Its country, ISO 3166-1 alpha-3
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Two events, entities or stories are one; the second stays
    Merge {
        /// Id of an event, entity or story
        one: String,
        /// Id of the other
        into: String,
        #[command(flatten)]
        common: Common,
    },
    /// What some reports tell of an event, call by a name, or are about, is another event, entity or story
    Split {
        /// Id of an event, entity or story
        from: String,
        /// Ids of reports
        #[arg(required = true)]
        documents: Vec<String>,
        /// Of an entity: the other's name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// A report is a copy of another
    Copy {
        /// Id of the copy
        document: String,
        /// Id of the other report
        of: String,
        #[command(flatten)]
        common: Common,
    },
    /// Take corrections back
    Undo {
        /// Ids of corrections
        #[arg(required = true)]
        corrections: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// List corrections
    List {
        /// Also those undone
        #[arg(long)]
        all: bool,
        /// As JSON, one a line
        #[arg(long)]
        json: bool,
    },
    /// Write corrections as JSON Lines
    Export {
        /// Our own, with all corrections; or events accepted and rejected, for Prodigy
        #[arg(long, default_value = "own")]
        format: Format,
    },
    /// Read corrections from JSON Lines: our own, or answers of Prodigy
    Import {
        /// The file; `-` reads standard input
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Own,
    Prodigy,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let common = match &args.what {
        What::List { all, json } => return list(&args.at, *all, *json),
        What::Export { format } => return export(&args.at, *format),
        What::Accept { common, .. }
        | What::Reject { common, .. }
        | What::Recode { common, .. }
        | What::Retime { common, .. }
        | What::Replace { common, .. }
        | What::Merge { common, .. }
        | What::Split { common, .. }
        | What::Copy { common, .. }
        | What::Undo { common, .. }
        | What::Import { common, .. } => common,
    };
    let mut store = Database::open_existing(&args.at.store, Duration::from_secs(10))?;
    let run = common.own.run("correct")?;
    let made = run.started.clone().unwrap_or_default();
    let author = common.by.clone().or_else(|| std::env::var("USER").ok()).filter(|a| !a.is_empty());
    let author = author.unwrap_or_else(|| "unknown".to_string());
    let mut wrong = Vec::new();
    let rules = match &args.what {
        What::Undo { corrections, .. } => {
            let known = mend::all(&store)?;
            let undo = |id: &String| {
                let found = known.iter().find(|c| c.id == *id && c.undone.is_none()).cloned();
                let found =
                    found.ok_or_else(|| anyhow!("no correction `{id}` is in force\nhint: `tellings correct list` lists them"))?;
                Ok(Correction { undone: Some((made.clone(), author.clone())), ..found })
            };
            corrections.iter().map(undo).collect::<Result<Vec<Correction>>>()?
        }
        What::Import { file, .. } => {
            let mut lines = String::new();
            if file.as_os_str() == "-" {
                std::io::stdin().read_to_string(&mut lines).context("cannot read standard input")?;
            } else {
                lines = std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
            }
            let (read, faults) = mend::from_jsonl(&store, &lines, &made, &author)?;
            wrong = faults;
            read
        }
        what => rules(&store, what)?.into_iter().map(|rule| Correction::new(rule, &made, &author, common.note.clone())).collect(),
    };
    let (models, failed) = common.own.models()?;
    let outcomes = mend::correct(&models, &mut store, &run, &rules)?;
    let mut out = std::io::stdout().lock();
    for correction in &rules {
        let undone = if correction.undone.is_some() { "undone: " } else { "" };
        writeln!(out, "{}  {undone}{} {}", correction.id, correction.rule.action(), correction.rule.about())?;
    }
    out.flush()?;
    conflicts(&outcomes);
    // What is in no record was told to no avail.
    let idle = |c: &&Correction| c.undone.is_none() && !outcomes.iter().any(|o| o.correction == c.id);
    for correction in rules.iter().filter(idle) {
        eprintln!("tellings: `{}` concerns nothing that is in the store", correction.id);
    }
    wrong.iter().for_each(|line| eprintln!("tellings: {line}"));
    Ok(ExitCode::from(if failed > 0 || !wrong.is_empty() { 2 } else { 0 }))
}

/// Tells of corrections that rest on what has changed.
pub(crate) fn conflicts(outcomes: &[Outcome]) {
    let mut told: Vec<&str> = Vec::new();
    for outcome in outcomes.iter().filter(|o| o.state == State::Conflict) {
        if !told.contains(&outcome.correction.as_str()) {
            told.push(&outcome.correction);
            eprintln!("tellings: conflict: the correction `{}`: {}", outcome.correction, outcome.note);
        }
    }
}

fn list(at: &At, all: bool, json: bool) -> Result<ExitCode> {
    let store = at.read()?;
    let mut corrections = mend::all(&store)?;
    corrections.retain(|c| all || c.undone.is_none());
    let mut out = std::io::stdout().lock();
    if json {
        out.write_all(mend::to_jsonl(&corrections).as_bytes())?;
    } else {
        for c in &corrections {
            writeln!(out, "{}  {} {}", c.id, c.rule.action(), c.rule.about())?;
            let note = c.note.as_deref().map_or_else(String::new, |n| format!(": {n}"));
            let undone = c.undone.as_ref().map_or_else(String::new, |u| format!(" · undone {} by {}", u.0, u.1));
            writeln!(out, "    {} by {}{note}{undone}", c.made, c.author)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(corrections.is_empty())))
}

fn export(at: &At, format: Format) -> Result<ExitCode> {
    let corrections = mend::all(&at.read()?)?;
    let lines = match format {
        Format::Own => mend::to_jsonl(&corrections),
        Format::Prodigy => mend::to_prodigy(&corrections),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(lines.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(lines.is_empty())))
}

/// The rules that arguments mean.
fn rules(store: &Database, what: &What) -> Result<Vec<Rule>> {
    Ok(match what {
        What::Accept { events, .. } => {
            events.iter().map(|id| event(store, id).map(|(event, was)| Rule::Accept { event, was })).collect::<Result<_>>()?
        }
        What::Reject { events, .. } => {
            events.iter().map(|id| event(store, id).map(|(event, was)| Rule::Reject { event, was })).collect::<Result<_>>()?
        }
        What::Recode { event: id, to, .. } => {
            let (event, was) = event(store, id)?;
            let (to, cameo) = coded(to)?;
            vec![Rule::Recode { event, was, to, cameo }]
        }
        What::Retime { event: id, to, .. } => {
            let (event, was) = event(store, id)?;
            let known = [to.clone(), format!("{to}-01"), format!("{to}-01-01")];
            if !known.iter().any(|day| day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok()) {
                bail!("`{to}` is no day, month or year\nhint: 2016-08-26, 2016-08 or 2016");
            }
            vec![Rule::Retime { event, was, to: to.clone() }]
        }
        What::Replace { event: id, to, country, .. } => {
            let (event, was) = event(store, id)?;
            let to = mend::place_named(to, country.as_deref());
            if to.lat.is_none() {
                eprintln!("tellings: `{}` is not in the gazetteer; it is kept without coordinates", to.name);
            }
            vec![Rule::Replace { event, was, to }]
        }
        What::Merge { one, into, .. } => vec![merge(store, one, into)?],
        What::Split { from, documents, name, .. } => vec![split(store, from, documents, name.as_deref())?],
        What::Copy { document: id, of, .. } => vec![Rule::Copy { document: document(store, id)?, of: document(store, of)? }],
        What::Undo { .. } | What::List { .. } | What::Export { .. } | What::Import { .. } => Vec::new(),
    })
}

/// PLOVER type and CAMEO code of what was typed.
fn coded(to: &str) -> Result<(String, String)> {
    match tellings::corrections::coded(to) {
        Some(coded) => Ok(coded),
        None => bail!("`{to}` is no type of event\nhint: {}", tellings::corrections::ROOTS.map(|r| r.0).join(" ")),
    }
}

fn event(store: &Database, id: &str) -> Result<(WordsAt, Basis)> {
    let (tellings, was) = tellings_of(store, id)?;
    let first = tellings.into_iter().next().ok_or_else(|| anyhow!("nobody tells the event `{id}`"))?;
    Ok((first, was))
}

fn tellings_of(store: &Database, id: &str) -> Result<(Vec<WordsAt>, Basis)> {
    let found = mend::event(store, id)?;
    found.ok_or_else(|| anyhow!("no event `{id}` in the store\nhint: ids stand in brackets in `tellings events`"))
}

fn document(store: &Database, id: &str) -> Result<DocumentAt> {
    mend::document(store, id)?.ok_or_else(|| anyhow!("no report `{id}` in the store"))
}

fn named(store: &Database, id: &str) -> Result<Named> {
    mend::entity(store, id)?
        .ok_or_else(|| anyhow!("nothing is called `{id}` in the store\nhint: the id of an event, entity or story"))
}

/// A document that stands for a story.
fn of_story(store: &Database, story: &StoryRow) -> Result<DocumentAt> {
    mend::first_of(store, story)?.ok_or_else(|| anyhow!("the story `{}` has no reports", story.id))
}

fn merge(store: &Database, one: &str, into: &str) -> Result<Rule> {
    if let (Some(one), Some(into)) = (store.story(one)?, store.story(into)?) {
        if one.number == into.number {
            bail!("they are one story already: `{}`", one.id);
        }
        return Ok(Rule::MergeStories { story: of_story(store, &one)?, into: of_story(store, &into)? });
    }
    if mend::event(store, one)?.is_some() {
        if one == into {
            bail!("`{one}` is one event");
        }
        return Ok(Rule::MergeEvents { event: event(store, one)?.0, into: event(store, into)?.0 });
    }
    let (entity, into) = (named(store, one)?, named(store, into)?);
    if entity.id == into.id {
        bail!("they are one already: {} [{}]", into.name, into.id);
    }
    Ok(Rule::MergeEntities { entity, into })
}

fn split(store: &Database, from: &str, ids: &[String], name: Option<&str>) -> Result<Rule> {
    let documents: Vec<DocumentAt> = ids.iter().map(|id| document(store, id)).collect::<Result<_>>()?;
    if let Some(story) = store.story(from)? {
        let members = store.members(story.number)?;
        let rest = members.iter().find(|m| !ids.contains(&m.id));
        let rest = rest.ok_or_else(|| anyhow!("nothing would be left of the story `{from}`"))?;
        return Ok(Rule::SplitStory { documents, from: document(store, &rest.id)? });
    }
    if let Some((mut tellings, _)) = mend::event(store, from)? {
        let all = tellings.len();
        tellings.retain(|t| documents.contains(&t.at));
        if tellings.is_empty() || tellings.len() == all {
            bail!("these reports tell {} of the event `{from}`", if tellings.is_empty() { "nothing" } else { "all" });
        }
        return Ok(Rule::SplitEvent { tellings });
    }
    let entity = named(store, from)?;
    let name = name.ok_or_else(|| anyhow!("what is the other one called?\nhint: --name NAME"))?;
    Ok(Rule::SplitEntity { entity, name: name.to_string(), documents })
}
