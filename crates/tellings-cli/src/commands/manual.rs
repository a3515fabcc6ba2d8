//! What is written from the command's own description: completion scripts and manual pages.

use anyhow::Context;
use clap::Command;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Print a completion script for a shell
#[derive(clap::Args)]
#[command(after_help = "Example:\n  tellings completions bash > ~/.local/share/bash-completion/completions/tellings")]
pub(crate) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// Write the manual pages, one for each command
#[derive(clap::Args)]
#[command(after_help = "Example:\n  tellings man ~/.local/share/man/man1 && man tellings-brief")]
pub(crate) struct Man {
    /// The folder they are written to; made if it is not there
    folder: PathBuf,
}

/// Prints the completion script.
///
/// # Errors
///
/// If standard output cannot be written.
pub(crate) fn completions(args: &Completions, mut command: Command) -> anyhow::Result<ExitCode> {
    // Into memory first: the generator panics where a pipe is closed.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tellings", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes `tellings.1`, `tellings-brief.1` and so on.
///
/// # Errors
///
/// If the folder cannot be made or a page not be written.
pub(crate) fn man(args: &Man, command: Command) -> anyhow::Result<ExitCode> {
    let writing = || format!("writing manual pages to {}", args.folder.display());
    std::fs::create_dir_all(&args.folder).with_context(writing)?;
    clap_mangen::generate_to(command, &args.folder).with_context(writing)?;
    Ok(ExitCode::SUCCESS)
}
