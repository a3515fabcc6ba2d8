//! One file per command.

pub(crate) mod brief;
pub(crate) mod correct;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod gazetteer;
pub(crate) mod manual;
pub(crate) mod mcp;
pub(crate) mod read;
pub(crate) mod runs;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod store;
pub(crate) mod stories;
pub(crate) mod user;
pub(crate) mod watch;

use crate::input::Own;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use tellings::doc::Doc;
use tellings::store::{Database, Store, StorySearch};
use tellings::story::Record;

/// Where a command writes.
#[derive(clap::Args)]
pub(crate) struct Out {
    /// Write to this file instead of standard output
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Out {
    /// The file or folder that was named.
    fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn open(&self) -> Result<Box<dyn Write>> {
        Ok(match &self.file {
            Some(path) => {
                let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::new(stdout().lock())),
        })
    }
}

/// The record of stories of a store, all of them if none is named, and their documents.
fn stored(path: &Path, ids: &[String], own: &Own) -> Result<(Vec<Doc>, Record)> {
    let store = Database::open_to_read(path)?;
    let mut wanted: Vec<String> = ids.to_vec();
    if wanted.is_empty() {
        wanted =
            store.stories(&StorySearch { limit: usize::MAX >> 1, ..StorySearch::default() })?.into_iter().map(|s| s.id).collect();
    }
    let (models, _) = own.models()?;
    let mut all = Vec::new();
    for id in &wanted {
        match tellings::store::story(&store, id)? {
            Some(story) => all.push(story),
            None => bail!("no story `{id}` in the store\nhint: `tellings stories --store {}` lists them", path.display()),
        }
    }
    let (docs, record, outcomes) = tellings::store::reconcile(&models, all);
    correct::conflicts(&outcomes);
    Ok((docs, record))
}
