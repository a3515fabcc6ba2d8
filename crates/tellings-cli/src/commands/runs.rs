//! `tellings runs`, `reread`, `diff`: what made the readings of a store, readings made again, and what is different.

use super::store::At;
use crate::input::{Own, bar};
use anyhow::{Result, bail};
use serde_json::Value;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tellings::store::{Database, Store, runs};

/// List the runs that made what is in a store, with the versions they used
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings runs
  tellings runs --store desk.db --json")]
pub(crate) struct Runs {
    #[command(flatten)]
    at: At,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn list(args: &Runs) -> Result<ExitCode> {
    let store = args.at.read()?;
    let runs = store.runs()?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let all: Vec<Value> = (runs.iter())
            .map(|(number, r)| {
                serde_json::json!({
                    "number": number, "kind": r.kind, "started": r.started, "program": r.program, "models": r.models,
                    "ontology": r.ontology, "gazetteer": r.gazetteer, "own": r.rules, "corrections": r.corrections,
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::json!({"schema": "tellings.runs/1", "runs": all}))?;
    } else {
        for (number, r) in &runs {
            let own = [("own files", &r.rules), ("corrections", &r.corrections)];
            let own: String = own.iter().filter(|o| !o.1.is_empty()).map(|o| format!(" · {} {}", o.0, o.1)).collect();
            let started = r.started.as_deref().unwrap_or("no time told");
            writeln!(out, "{number:4}  {:8} {started}  version {}", r.kind, r.program)?;
            writeln!(out, "      models {} · {} · gazetteer {}{own}", r.models, r.ontology, r.gazetteer)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(runs.is_empty())))
}

/// Read all reports of a store again with the present program
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings reread --store desk.db
  tellings reread --rules my-rules.toml          with rules of your own
  tellings reread --regroup                      and put all reports into stories anew

Readings that were made before are kept; `tellings diff` tells what is different. Corrections are applied again.")]
pub(crate) struct Reread {
    #[command(flatten)]
    at: At,
    /// Put all reports into stories anew, too
    #[arg(long)]
    regroup: bool,
    #[command(flatten)]
    own: Own,
}

/// How long another writer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn reread(args: &Reread) -> Result<ExitCode> {
    let mut store = Database::open_existing(&args.at.store, PATIENCE)?;
    let (models, failed) = args.own.models()?;
    let run = args.own.run("reread")?;
    let bar = bar("reports");
    let done = runs::reread(&models, &mut store, &run, args.regroup, |read| bar.set_position(read as u64))?;
    bar.finish_and_clear();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "run {}: {} reports read, {} read otherwise than before, {} records made",
        done.run, done.read, done.changed, done.records
    )?;
    out.flush()?;
    super::correct::conflicts(&done.corrections);
    Ok(ExitCode::from(if failed > 0 { 2 } else { 0 }))
}

/// Show what changed between two runs, and why
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings diff 1 4
  tellings diff --store desk.db --json 1 4

`tellings runs` lists the runs.")]
pub(crate) struct Diff {
    /// Number of a run
    from: i64,
    /// Number of another
    to: i64,
    #[command(flatten)]
    at: At,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn diff(args: &Diff) -> Result<ExitCode> {
    let store = args.at.read()?;
    let Some(diff) = runs::diff(&store, args.from, args.to)? else {
        bail!("no such run in `{}`\nhint: `tellings runs` lists them", args.at.store.display());
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{diff}")?;
    } else {
        tell(&diff, &mut out)?;
    }
    out.flush()?;
    let list = |name: &str| diff[name].as_array().map_or(0, Vec::len);
    Ok(ExitCode::from(u8::from(
        list("documents") + list("added") + list("versions") + list("corrections") + list("records") == 0,
    )))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_string(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => match list.is_empty() {
            true => "none".to_string(),
            false => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        },
        other => other.to_string(),
    }
}

fn tell(diff: &Value, out: &mut impl Write) -> std::io::Result<()> {
    let list = |name: &str| diff[name].as_array().cloned().unwrap_or_default();
    let (versions, corrections, added, documents) = (list("versions"), list("corrections"), list("added"), list("documents"));
    if versions.is_empty() {
        writeln!(out, "All versions are the same")?;
    } else {
        writeln!(out, "Versions that differ")?;
    }
    for v in &versions {
        let told = |v: &Value| v.as_str().filter(|v| !v.is_empty()).unwrap_or("none").to_string();
        writeln!(out, "  {:12}{} → {}", text(&v["what"]), told(&v["from"]), told(&v["to"]))?;
    }
    if !corrections.is_empty() {
        writeln!(out, "\nCorrections")?;
    }
    for c in &corrections {
        writeln!(
            out,
            "  {} {} by {}: {} {}",
            text(&c["correction"]),
            text(&c["what"]),
            text(&c["author"]),
            text(&c["action"]),
            text(&c["about"])
        )?;
    }
    if !added.is_empty() {
        writeln!(out, "\n{} reports added: {}", added.len(), added.iter().take(10).map(text).collect::<Vec<_>>().join(", "))?;
    }
    for document in &documents {
        writeln!(out, "\n{}", text(&document["document"]))?;
        for c in document["changes"].as_array().into_iter().flatten() {
            let event = format!("{}  “{}”", text(&c["type"]), text(&c["words"]));
            match c["what"].as_str() {
                Some("appeared") => writeln!(out, "  + {event}  ({})", text(&c["rule"]))?,
                Some("went") => writeln!(out, "  - {event}  ({})", text(&c["rule"]))?,
                Some("changed") => {
                    writeln!(out, "  ~ {event}\n      {}: {} → {}", text(&c["attribute"]), text(&c["from"]), text(&c["to"]))?;
                }
                Some("report") => writeln!(out, "  {}: {} → {}", text(&c["attribute"]), text(&c["from"]), text(&c["to"]))?,
                _ => writeln!(out, "  no event changed; {} did", text(&c["layers"]))?,
            }
        }
    }
    records(&list("records"), out)?;
    let same = diff["unchanged"].as_u64().unwrap_or(0);
    writeln!(out, "\n{} reports are read otherwise, {same} the same", documents.len())
}

/// Lines of one kind that are written; the others are counted.
const SHOWN: usize = 40;

/// What the records tell otherwise.
fn records(changes: &[Value], out: &mut impl Write) -> std::io::Result<()> {
    let (stories, events): (Vec<&Value>, Vec<&Value>) = changes.iter().partition(|c| c["event"].is_null());
    let sign = |c: &Value| match c["what"].as_str() {
        Some("appeared") => '+',
        Some("went") => '-',
        _ => '~',
    };
    let by = |c: &Value| format!("run {}, {}", c["run"], text(&c["by"]));
    let rest = |all: usize, out: &mut dyn Write| match all.saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more (--json tells all)"),
    };
    if !stories.is_empty() {
        writeln!(out, "\nStories")?;
    }
    for c in stories.iter().take(SHOWN) {
        let into = c["into"].as_str().map_or_else(String::new, |id| format!(", became part of {id}"));
        writeln!(out, "  {} {}  {}{into}  ({})", sign(c), text(&c["story"]), text(&c["title"]), by(c))?;
    }
    rest(stories.len(), out)?;
    if !events.is_empty() {
        writeln!(out, "\nEvents of records")?;
    }
    for c in events.iter().take(SHOWN) {
        let told = if c["after"].is_null() { &c["before"] } else { &c["after"] };
        let words = text(&told["words"]).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {} {}  “{words}” [{}]  ({})", sign(c), text(&told["type"]), text(&c["event"]), by(c))?;
        if c["what"] == "changed" {
            for (name, from) in c["before"].as_object().into_iter().flatten().filter(|(name, _)| *name != "words") {
                let to = &c["after"][name];
                if from != to {
                    writeln!(out, "      {name}: {} → {}", text(from), text(to))?;
                }
            }
        }
    }
    rest(events.len(), out)
}
