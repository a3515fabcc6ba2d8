//! `tellings serve`: the desk on a store.

use anyhow::{Context, Result, bail};
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
  tellings serve --store postgres://desk@db/tellings

The desk shows what is in the store, also while `tellings add` and `tellings watch` write to it. It answers to this machine only.")]
pub(crate) struct Args {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db")]
    store: PathBuf,
    /// Where to listen: an address of this machine and a port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Write a line of JSON for each answer to standard error
    #[arg(long)]
    log: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if !args.listen.ip().is_loopback() {
        bail!(
            "cannot listen on `{}`: the desk has no accounts yet, whoever reaches it could read and correct everything\nhint: \
             listen on 127.0.0.1 and reach it through a tunnel (`ssh -L 8080:127.0.0.1:8080 this-machine`)",
            args.listen
        );
    }
    let mut desk = Desk::open(&args.store)?;
    if args.log {
        desk = desk.with_log(|line| {
            let told = serde_json::json!({"address": line.address, "status": line.status, "ms": line.took.as_secs_f64() * 1e3});
            eprintln!("{told}");
        });
    }
    let listener = TcpListener::bind(args.listen).with_context(|| format!("cannot listen on `{}`", args.listen))?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The second one ends the program at once.
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone()).context("cannot listen to signals")?;
        signal_hook::flag::register(signal, stop.clone()).context("cannot listen to signals")?;
    }
    eprintln!("tellings: the desk is open at http://{}/", listener.local_addr().context("cannot listen")?);
    tellings_desk::serve(Arc::new(desk), listener, &stop)?;
    Ok(ExitCode::SUCCESS)
}
