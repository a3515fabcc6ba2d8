//! `tellings explain`: why a value is what it is.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::{Result, bail};
use std::io::Write;
use std::process::ExitCode;

/// Show for any value the words, the stage and the rule or model that made it
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings explain v-1f0c9a3b77 examples/hangzhou        an event, claim, quote or entity of the brief
  tellings explain wire-ap:120-140 examples/hangzhou     everything that was read at bytes 120 to 140 of a report
  tellings explain report:120-140 --verbs my.verbs.txt --actors my.actors.txt report.txt")]
pub(crate) struct Args {
    /// An id of the brief, or DOCUMENT:START-END
    value: String,
    #[command(flatten)]
    reports: Reports,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let (docs, record) = tellings::reconcile(&models, gathered.read_all(&models));
    let found = tellings::explain(&docs, &record, &args.value);
    if found.is_empty() && !docs.is_empty() {
        bail!("nothing is called `{}` here\nhint: ids stand in brackets in the brief; a place is DOCUMENT:START-END", args.value);
    }
    let mut out = args.out.open()?;
    for explanation in &found {
        writeln!(out, "{explanation}")?;
    }
    out.flush()?;
    Ok(gathered.status())
}
