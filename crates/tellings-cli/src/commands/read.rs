//! `tellings read`: every layer of every report.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::ops::ControlFlow;
use std::process::ExitCode;
use tellings::doc::Doc;
use tellings::json;

/// Read reports and write what was read: words, names, dates, places, quotes, claims, events
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings read report.txt
  tellings read --input jsonl --output jsonl corpus.jsonl > readings.jsonl
  curl -s https://example.org/news | tellings read --input html -
  tellings read --actors my.actors.txt --agents my.agents.txt --verbs my.verbs.txt corpus.jsonl")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Form of the output: one JSON object a report
    #[arg(long, value_name = "FORM", default_value = "jsonl")]
    output: Form,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Jsonl,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Form::Jsonl = args.output;
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let mut out = args.out.open()?;
    let mut written = Ok(());
    let line = |doc: Doc| {
        let mut line = Vec::new();
        json::write_reading(&doc, &mut line).map(|()| line)
    };
    gathered.read_each_with(&models, line, |line| {
        written = line.and_then(|line| out.write_all(&line));
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written.and_then(|()| out.flush())?;
    Ok(gathered.status())
}
