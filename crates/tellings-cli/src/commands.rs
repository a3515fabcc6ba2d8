//! One file per command.

pub(crate) mod brief;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod gazetteer;
pub(crate) mod read;
pub(crate) mod store;
pub(crate) mod stories;

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

/// Where a command writes.
#[derive(clap::Args)]
pub(crate) struct Out {
    /// Write to this file instead of standard output
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Out {
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
