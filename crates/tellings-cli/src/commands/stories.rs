//! `tellings stories`: which reports are about one matter, and which descend from which.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::process::ExitCode;
use tellings::json;

/// Group reports into stories and show which of them copy one another
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings stories reports/
  tellings stories --input jsonl --output json corpus.jsonl")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
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
    let (_, record) = tellings::reconcile(&models, gathered.read_all(&models));
    let mut out = args.out.open()?;
    match args.output {
        Form::Json => json::write_stories(&record, &mut out)?,
        Form::Text => {
            for story in &record.stories {
                let days = [&story.first, &story.last].map(|d| d.as_deref().unwrap_or("undated"));
                writeln!(out, "{}  {}  ({} to {}, {} origins)", story.id, story.title, days[0], days[1], story.lineages.len())?;
                for lineage in &story.lineages {
                    for (document, relation) in &lineage.documents {
                        let origin = &record.documents[lineage.origin].id;
                        let of = if *document == lineage.origin { String::new() } else { format!(" of {origin}") };
                        writeln!(out, "    {:9}{} {of}", relation.as_str(), record.documents[*document].id)?;
                    }
                }
                for part in &story.parts {
                    let at = &part.at;
                    writeln!(out, "    part     {}:{}-{}", record.documents[at.document].id, at.span.start(), at.span.end())?;
                }
            }
        }
    }
    out.flush()?;
    Ok(gathered.status())
}
