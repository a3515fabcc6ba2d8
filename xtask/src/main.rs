//! Repository chores: `cargo xtask train parse --gold DIR`, `cargo xtask gazetteer DIR`, `cargo xtask background DIR`,
//! `cargo xtask atlas DIR`, `cargo xtask news N`, `cargo xtask store N`, `cargo xtask desk STORE`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod atlas;
mod background;
mod desk;
mod gazetteer;
mod news;
mod store;

#[cfg(test)]
mod tidy;

use anyhow::{Result, bail};
use std::process::Command;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| args.get(at).map_or(Ok(otherwise), |n| n.parse());
    match (args.first().map(String::as_str), args.get(1)) {
        (Some("train"), _) => train(&args[1..]),
        (Some("gazetteer"), Some(from)) => gazetteer::build(from.as_ref(), "models/gazetteer.bin".as_ref()),
        (Some("background"), Some(from)) => {
            background::build(from.as_ref(), "crates/tellings-story/data/background.tsv".as_ref())
        }
        (Some("atlas"), Some(from)) => atlas::build(from.as_ref(), "crates/tellings-desk/data/world.bin".as_ref()),
        (Some("store"), Some(n)) => store::measure(n.parse()?, args.get(2).map_or(Ok(usize::MAX), |p| p.parse())?),
        (Some("desk"), Some(at)) => desk::measure(at.as_ref(), number(2, 30)? as u64, number(3, desk::READERS)?),
        (Some("news"), Some(n)) => Ok(news::write(n.parse()?, &mut std::io::BufWriter::new(std::io::stdout().lock()))?),
        _ => bail!(
            "usage: cargo xtask train parse --gold DIR [--out FILE]\n       cargo xtask gazetteer DIR   (models/gazetteer.md says of what)\n       cargo xtask background DIR   (the unpacked corpora)\n       cargo xtask atlas DIR   (the unpacked npm package world-atlas)\n       cargo xtask news N   (so many reports of an invented world, as JSON Lines)\n       cargo xtask store N [PARAGRAPHS]   (so many of them into a store, cut to so many paragraphs: size, rates, latencies)\n       cargo xtask desk STORE [SECONDS [READERS]]   (fifty readers at a desk on that store: what each kind of page takes)"
        ),
    }
}

/// Trains a model: `tellings-train` with the same arguments, optimised.
fn train(args: &[String]) -> Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    let status =
        Command::new(cargo).args(["run", "--release", "--quiet", "--package", "tellings-train", "--"]).args(args).status()?;
    if !status.success() {
        bail!("training failed");
    }
    Ok(())
}
