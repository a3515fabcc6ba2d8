//! The command `tellings`: typed arguments in, exit status out. 0 = all done, 1 = nothing found to read, 2 = something
//! failed (what could be done was done, and standard error says what and why).
#![allow(clippy::print_stderr)]

mod commands;
mod gazetteers;
mod input;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Many tellings, one record: reads news reports on diplomacy and conflict from many sources and writes down what
/// happened, who says so, and where the reports agree, differ or copy one another.
#[derive(Parser)]
#[command(
    name = "tellings",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit status: 0 all done, 1 nothing found to read, 2 something failed (what could be done was done)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Brief(commands::brief::Args),
    Read(commands::read::Args),
    Stories(commands::stories::Args),
    Explain(commands::explain::Args),
    Add(commands::store::Add),
    Watch(commands::watch::Args),
    Feeds(commands::watch::Feeds),
    Search(commands::store::Find),
    Show(commands::show::Show),
    Events(commands::events::Events),
    Timeline(commands::events::Timeline),
    Correct(commands::correct::Args),
    Runs(commands::runs::Runs),
    Reread(commands::runs::Reread),
    Diff(commands::runs::Diff),
    Store(commands::store::Care),
    Serve(commands::serve::Args),
    Mcp(commands::mcp::Args),
    User(commands::user::Args),
    Export(commands::export::Args),
    Gazetteer(commands::gazetteer::Args),
    Completions(commands::manual::Completions),
    Man(commands::manual::Man),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Brief(args) => commands::brief::run(&args),
        Command::Read(args) => commands::read::run(&args),
        Command::Stories(args) => commands::stories::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Add(args) => commands::store::add(&args),
        Command::Watch(args) => commands::watch::run(&args),
        Command::Feeds(args) => commands::watch::feeds(&args),
        Command::Search(args) => commands::store::search(&args),
        Command::Show(args) => commands::show::show(&args),
        Command::Events(args) => commands::events::events(&args),
        Command::Timeline(args) => commands::events::timeline(&args),
        Command::Correct(args) => commands::correct::run(&args),
        Command::Runs(args) => commands::runs::list(&args),
        Command::Reread(args) => commands::runs::reread(&args),
        Command::Diff(args) => commands::runs::diff(&args),
        Command::Store(args) => commands::store::care(&args),
        Command::Serve(args) => commands::serve::run(&args),
        Command::Mcp(args) => commands::mcp::run(&args),
        Command::User(args) => commands::user::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::Gazetteer(args) => commands::gazetteer::run(&args),
        Command::Completions(args) => commands::manual::completions(&args, Cli::command()),
        Command::Man(args) => commands::manual::man(&args, Cli::command()),
    };
    outcome.unwrap_or_else(|error| {
        // A reader that went away (`tellings read … | head`) wants no more: that is success.
        let closed =
            error.chain().filter_map(|e| e.downcast_ref::<std::io::Error>()).any(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
        if closed {
            return ExitCode::SUCCESS;
        }
        eprintln!("tellings: {error:#}");
        ExitCode::from(2)
    })
}
