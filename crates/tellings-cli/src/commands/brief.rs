//! `tellings brief`: reports in, a cited brief out.

use super::Out;
use crate::input::Reports;
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::process::ExitCode;
use tellings::{Models, brief, json};

/// Write a cited brief of the stories told by several reports
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings brief examples/hangzhou
  tellings brief --output html -o brief.html reports/*.txt
  tellings brief --input jsonl --output json corpus.jsonl")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
    #[command(flatten)]
    out: Out,
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
    let gathered = args.reports.gather();
    let models = Models::shipped();
    let (docs, record) = tellings::reconcile(&models, gathered.read_all(&models));
    let mut out = args.out.open()?;
    match args.output {
        Form::Json => json::write_record(&record, &mut out)?,
        _ if record.documents.is_empty() => (),
        Form::Text => out.write_all(brief::text(&record, &docs).as_bytes())?,
        Form::Markdown => out.write_all(brief::markdown(&record, &docs).as_bytes())?,
        Form::Html => out.write_all(brief::html(&record, &docs).as_bytes())?,
    }
    out.flush()?;
    Ok(gathered.status())
}
