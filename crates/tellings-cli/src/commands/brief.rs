//! `tellings brief`: reports in, a cited brief out.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tellings::{brief, json};

/// Write a cited brief of the stories told by several reports
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings brief examples/hangzhou
  tellings brief --output html -o brief.html reports/*.txt
  tellings brief --since 2016-09-06 --words 500 reports
  tellings brief --input jsonl --output json corpus.jsonl
  tellings brief --store desk.db s-41d05f65a7bb         a story of a store")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Take stories of this store; what else is given are their ids
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
    /// In how many words a story and what is told beside it are told, its sources not counted; 0: all there is
    #[arg(long, value_name = "N", default_value_t = 1500)]
    words: usize,
    /// Put first what only reports from this day on (YYYY-MM-DD) tell
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<String>,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

/// A day of the calendar, as it was given.
fn day(words: &str) -> Result<String, String> {
    words.parse::<jiff::civil::Date>().map(|d| d.to_string()).map_err(|_| "not a day of the form 2016-09-05".to_string())
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// Plain text for a terminal
    Text,
    /// Markdown
    Markdown,
    /// One self-contained page, for a browser or for paper
    Html,
    /// The whole record
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let ((docs, record), status) = match &args.store {
        Some(path) => (super::stored(path, args.reports.named(), &args.own)?, ExitCode::SUCCESS),
        None => {
            let gathered = args.reports.gather();
            let models = args.own.open(&gathered)?;
            let reconciled = tellings::reconcile(&models, gathered.read_all(&models));
            (reconciled, gathered.status())
        }
    };
    let options = brief::Options { words: (args.words > 0).then_some(args.words), since: args.since.clone() };
    let mut out = args.out.open()?;
    match args.output {
        Form::Json => json::write_record_with(&record, &args.own.gazetteers()?, &mut out)?,
        _ if record.documents.is_empty() => (),
        Form::Text => out.write_all(brief::text(&record, &docs, &options).as_bytes())?,
        Form::Markdown => out.write_all(brief::markdown(&record, &docs, &options).as_bytes())?,
        Form::Html => out.write_all(brief::html(&record, &docs, &options).as_bytes())?,
    }
    out.flush()?;
    Ok(status)
}
