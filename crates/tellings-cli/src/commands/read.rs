//! `tellings read`: every layer of every report.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use tellings::doc::Doc;
use tellings::json;

/// Read reports and write what was read: words, names, dates, places, quotes, claims, events
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings read report.txt
  tellings read --input jsonl --output jsonl corpus.jsonl > readings.jsonl
  tellings read --resume --out readings.jsonl corpus.jsonl
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
    /// Go on with the file named by --out, after a run that was cut short: reports that stand in it are not read again
    #[arg(long, requires = "file")]
    resume: bool,
    #[command(flatten)]
    own: Own,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Jsonl,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Form::Jsonl = args.output;
    let (gathered, mut out) = match args.out.file().filter(|_| args.resume) {
        Some(path) => {
            let (done, file) = go_on(path).with_context(|| format!("cannot go on with `{}`", path.display()))?;
            (args.reports.gather_without(&done), Box::new(file) as Box<dyn Write>)
        }
        None => (args.reports.gather(), args.out.open()?),
    };
    let models = args.own.open(&gathered)?;
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

/// The ids of the readings in a file, and the file, to be written on behind the last whole line.
fn go_on(path: &Path) -> Result<(Vec<String>, BufWriter<File>)> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: String,
    }
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    let (mut done, mut end, mut line) = (Vec::new(), 0, Vec::new());
    let mut lines = BufReader::new(&file);
    while lines.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        let read: Line = serde_json::from_slice(&line).with_context(|| format!("line {} is no reading", done.len() + 1))?;
        done.push(read.id);
        end += line.len() as u64;
        line.clear();
    }
    file.set_len(end)?;
    file.seek(SeekFrom::End(0))?;
    Ok((done, BufWriter::new(file)))
}
