//! The command `tellings`.
#![allow(clippy::print_stderr)]

use clap::{Parser, Subcommand, ValueEnum};
use std::io::Write;
use std::process::ExitCode;
use tellings::{Input, Models};

/// Many tellings, one record.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads reports and writes what was read, one JSON object a line.
    Read {
        #[arg(long, default_value = "detect")]
        input: InputArg,
        #[arg(long, default_value = "jsonl")]
        output: String,
        files: Vec<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum InputArg {
    Detect,
    Jsonl,
    Html,
    Text,
    Markdown,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let Command::Read { input, files, .. } = cli.command;
    let input = match input {
        InputArg::Detect => Input::Detect,
        InputArg::Jsonl => Input::Jsonl,
        InputArg::Html => Input::Html,
        InputArg::Text => Input::Text,
        InputArg::Markdown => Input::Markdown,
    };
    let (items, errors) = tellings::gather(&files, input);
    let models = Models::shipped();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for doc in tellings::read_all(&models, &items, |_| ()) {
        if tellings::json::write_reading(&doc, &mut out).is_err() {
            return ExitCode::SUCCESS;
        }
    }
    let _ = out.flush();
    for error in &errors {
        eprintln!("tellings: {error:#}");
    }
    match (items.is_empty(), errors.is_empty()) {
        (_, false) => ExitCode::from(2),
        (true, true) => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    }
}
