//! `tellings export`: the record in a layout that other people's tools read.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tellings::doc::Doc;
use tellings::export::{self, Form, Layout};
use tellings::story::Record;

/// Write the record of several reports in a layout that other tools read
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings export --layout events -o events.csv reports/
  tellings export --layout gdelt -o 20160905.export.CSV --input jsonl corpus.jsonl
  tellings export --layout geojson -o map.geojson examples/hangzhou
  tellings export --layout tellings -o tellings.parquet corpus.parquet
  tellings export --layout notes -o vault/ reports/
  tellings export --store desk.db -o events.csv                          all stories of a store
  tellings export --store desk.db --layout claims s-41d05f65a7bb

Every column of every layout is told in docs/exports.md.")]
pub(crate) struct Args {
    #[command(flatten)]
    reports: Reports,
    /// Take stories of this store: those whose ids are given, or all
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Layout of the output
    #[arg(long, value_name = "LAYOUT", default_value = "events")]
    layout: Name,
    /// Form of our own tables; told from the file's name otherwise (`.parquet`, else CSV)
    #[arg(long, value_name = "FORM")]
    form: Option<Table>,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// CSV with a header
    Csv,
    /// Parquet: numbers as numbers, what is unknown as null
    Parquet,
}

/// A layout by its name.
#[derive(Clone, Copy)]
enum Name {
    /// One file.
    File(Layout),
    /// A folder of them.
    Notes,
}

impl ValueEnum for Name {
    fn value_variants<'a>() -> &'a [Name] {
        static ALL: [Name; Layout::ALL.len() + 1] = {
            let mut all = [Name::Notes; Layout::ALL.len() + 1];
            let mut i = 0;
            while i < Layout::ALL.len() {
                all[i] = Name::File(Layout::ALL[i]);
                i += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        let (name, about) = match self {
            Name::File(layout) => (layout.as_str(), layout.about()),
            Name::Notes => ("notes", "A folder of linked notes, Markdown with front matter: stories, events, who, reports"),
        };
        Some(clap::builder::PossibleValue::new(name).help(about))
    }
}

/// The record that is to be written, and how the reading of it ended.
fn record(args: &Args) -> Result<((Vec<Doc>, Record), ExitCode)> {
    if let Some(path) = &args.store {
        return Ok((super::stored(path, args.reports.named(), &args.own)?, ExitCode::SUCCESS));
    }
    let gathered = args.reports.gather();
    let models = args.own.open(&gathered)?;
    let reconciled = tellings::reconcile(&models, gathered.read_all(&models));
    Ok((reconciled, gathered.status()))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Name::File(layout) = args.layout else { return notes(args) };
    let form = form(args, layout)?;
    let ((docs, record), status) = record(args)?;
    let mut out = args.out.open()?;
    let written = export::write(layout, form, &record, &docs, &mut out)?;
    out.flush()?;
    if !args.reports.quiet() && written.unreal + written.unfit > 0 {
        eprintln!(
            "tellings: {} written; left out, because the layout `{}` cannot say them: {} events that did not take place or are planned, {} \
             without what it asks for",
            written.rows,
            layout.as_str(),
            written.unreal,
            written.unfit
        );
    }
    Ok(status)
}

/// The form that was asked for, or that the file's name shows.
fn form(args: &Args, layout: Layout) -> Result<Form> {
    let named = args.out.file().and_then(Path::extension).is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    let parquet = args.form.map_or(named, |form| form == Table::Parquet);
    if parquet && !layout.is_own() {
        let own: Vec<&str> = Layout::ALL.into_iter().filter(|layout| layout.is_own()).map(Layout::as_str).collect();
        bail!("the layout `{}` has a form of its own; as Parquet there are {}", layout.as_str(), own.join(", "));
    }
    Ok(if parquet { Form::Parquet } else { Form::Csv })
}

/// Writes the record as a folder of notes; notes of the same name are written anew, other files are left.
fn notes(args: &Args) -> Result<ExitCode> {
    let Some(folder) = args.out.file() else { bail!("the layout `notes` is a folder: name it with `-o FOLDER`") };
    if args.form.is_some() {
        bail!("the layout `notes` has a form of its own");
    }
    let ((docs, record), status) = record(args)?;
    for note in export::notes(&record, &docs) {
        let path = folder.join(&note.path);
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(&path, &note.text)
        };
        write().with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(status)
}
