//! `tellings serve`: the desk on a store.

use anyhow::{Context, Result};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tellings_desk::Desk;

/// Open the desk: the store as pages in a browser
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings serve --store desk.db                    then open http://127.0.0.1:8080/ in a browser
  tellings serve --store desk.db --listen 127.0.0.1:0 --log
  tellings serve --store desk.db --listen 10.0.0.5:8080 --name desk.example.org
  tellings serve --store postgres://desk@db/tellings

The desk shows what is in the store, also while `tellings add` and `tellings watch` write to it. It answers to this machine only, and
asks nobody who they are; on any other address, or with `--login`, it lets users in whom `tellings user` made. Put a proxy that
speaks TLS before it: passwords are sent as they are.")]
pub(crate) struct Args {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db")]
    store: PathBuf,
    /// Where to listen: an address of this machine and a port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Ask for a login on this machine, too: behind a proxy that speaks TLS
    #[arg(long)]
    login: bool,
    /// With logins: a name under which the desk may be called; may be given several times; none: any
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// Write a line of JSON to standard error for each answer, and when it opens and closes
    #[arg(long)]
    log: bool,
    /// Let assistants make corrections over HTTP at /mcp
    #[arg(long)]
    allow_corrections: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut desk = Desk::open(&args.store)?;
    // Whoever reaches it beyond this machine must be somebody.
    if args.login || !args.listen.ip().is_loopback() {
        let open = desk.with_accounts(args.name.clone());
        desk = open.with_context(|| format!("cannot listen on `{}`", args.listen))?;
    }
    if args.allow_corrections {
        desk = desk.with_hand("assistant");
    }
    if args.log {
        desk = desk.with_log(|line| {
            note(serde_json::json!({"event": "answer", "from": line.from, "method": line.method, "address": line.address,
                "status": line.status, "ms": line.took.as_secs_f64() * 1e3}));
        });
    }
    let listener = TcpListener::bind(args.listen).with_context(|| format!("cannot listen on `{}`", args.listen))?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The second one ends the program at once.
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone()).context("cannot listen to signals")?;
        signal_hook::flag::register(signal, stop.clone()).context("cannot listen to signals")?;
    }
    let address = listener.local_addr().context("cannot listen")?;
    match args.log {
        true => note(
            serde_json::json!({"event": "open", "address": format!("http://{address}/"), "version": env!("CARGO_PKG_VERSION")}),
        ),
        false => eprintln!("tellings: the desk is open at http://{address}/"),
    }
    tellings_desk::serve(Arc::new(desk), listener, &stop)?;
    if args.log {
        note(serde_json::json!({"event": "closed"}));
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of the log: JSON, with the time.
fn note(mut line: serde_json::Value) {
    line["time"] = serde_json::json!(tellings_desk::accounts::now());
    // Whoever reads it may be gone; the desk goes on.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
