//! `tellings export`: the record in a layout that other people's tools read.

use super::Out;
use crate::input::{Own, Reports};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tellings::export::{self, Layout};

/// Write the record of several reports in a layout that other tools read
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings export --layout events -o events.csv reports/
  tellings export --layout gdelt -o 20160905.export.CSV --input jsonl corpus.jsonl
  tellings export --layout geojson -o map.geojson examples/hangzhou
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
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    own: Own,
}

/// A layout by its name.
#[derive(Clone, Copy)]
struct Name(Layout);

impl ValueEnum for Name {
    fn value_variants<'a>() -> &'a [Name] {
        static ALL: [Name; Layout::ALL.len()] = {
            let mut all = [Name(Layout::Events); Layout::ALL.len()];
            let mut i = 0;
            while i < all.len() {
                all[i] = Name(Layout::ALL[i]);
                i += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.as_str()).help(self.0.about()))
    }
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
    let mut out = args.out.open()?;
    let written = export::write(args.layout.0, &record, &docs, &mut out)?;
    out.flush()?;
    if !args.reports.quiet() && written.unreal + written.unfit > 0 {
        eprintln!(
            "tellings: {} written; left out, because the layout `{}` cannot say them: {} events that did not take place or are planned, {} \
             without what it asks for",
            written.rows,
            args.layout.0.as_str(),
            written.unreal,
            written.unfit
        );
    }
    Ok(status)
}
