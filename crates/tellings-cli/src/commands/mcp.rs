//! `tellings mcp`: the door for assistants.

use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tellings_desk::Desk;

/// Open the door for assistants: the store as tools of the Model Context Protocol, on standard input and output
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings mcp --store desk.db                      what an assistant is told to start
  tellings mcp --store desk.db --allow-corrections  it may set events right, too

Tools: search, stories, story, events, event, actor, timeline, quotes, claims, explain. Each answer cites reports, bytes and words.
`tellings serve` answers the same over HTTP at /mcp.")]
pub(crate) struct Args {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db")]
    store: PathBuf,
    /// Let the assistant make corrections
    #[arg(long)]
    allow_corrections: bool,
    /// In whose name it makes them
    #[arg(long, value_name = "NAME", default_value = "assistant", requires = "allow_corrections")]
    author: String,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let desk = Arc::new(Desk::open(&args.store)?);
    tellings_desk::door(desk, args.allow_corrections.then(|| args.author.clone()))?;
    Ok(ExitCode::SUCCESS)
}
