//! `tellings-train parse|names|coref --gold DIR --out FILE`: trains the model file of the parse stage, that of names, or that of pronouns;
//! `tellings-train coref-score --gold DIR [--train] [--show]`: scores coreference; `actor-score --gold FILE [--show]` codes of actors; `coref-missed` says which antecedents are never in question;
//! `tellings-train kairos-score --gold FILE`: which events of WikiEvents are coded, and as what;
//! `tellings-train realis-score --gold DIR [--train] [--show]`: scores what is taken to have happened.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use tellings_train::corpora::Split;
use tellings_train::{actors, coref, kairos, names, net, parser, quad, realis, vectors};

const SEED: u64 = 20_160_904;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).map(PathBuf::from);
    let number = |name: &str, default: f32| option(name).and_then(|p| p.to_str()?.parse().ok()).unwrap_or(default);
    match args.first().map(String::as_str) {
        Some("parse") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/parse.bin"));
            let options = net::Options {
                passes: number("--passes", 20.0) as usize,
                rate: number("--rate", 0.003),
                input: number("--input", 0.2),
                layer: number("--layer", 0.2),
                output: number("--output", 0.25),
                shape: net::Shape {
                    d: number("--width", 128.0) as usize,
                    layers: number("--layers", 3.0) as usize,
                    a: number("--arcs", 64.0) as usize,
                    r: number("--relations", 64.0) as usize,
                },
            };
            let vectors = option("--vectors").unwrap_or_else(|| PathBuf::from("target/vectors.bin"));
            let net = option("--net");
            let sources = parser::Sources { gold: &gold, vectors: &vectors, net: net.as_deref() };
            parser::train(&sources, &out, options)
        }
        Some("vectors") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("target/vectors.bin"));
            let vectors = vectors::train(&vectors::raw_texts(&gold, 3)?, 6, 2, SEED);
            std::fs::write(&out, vectors.write()).with_context(|| format!("cannot write `{}`", out.display()))
        }
        Some("names") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/names.bin"));
            let cache = option("--cache").unwrap_or_else(|| PathBuf::from("target/names"));
            let towns =
                option("--towns").context("no `--towns FILE` given: the gazetteer's `cities500.json` (`models/gazetteer.md`)")?;
            let vectors = option("--vectors").context("no `--vectors FILE` given: see `models/names.md`")?;
            names::train(&names::Sources { gold, towns, vectors, cache }, &out, &mut |line| println!("{line}"))
        }
        Some("coref") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            coref::train(
                &gold,
                &option("--out").unwrap_or_else(|| PathBuf::from("crates/tellings-link/data/actors/pronouns.tsv")),
            )
        }
        Some("coref-missed") => coref::missed(&option("--gold").context("no `--gold DIR` given")?),
        Some("quad") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let dev = option("--without").context("no `--without FILE` given: sentences that are not trained on")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/quad.bin"));
            quad::train(&gold, &dev, &out, SEED, &mut |line| println!("{line}"))
        }
        Some("coref-score") => {
            let split = if args.iter().any(|a| a == "--train") { Split::Train } else { Split::Dev };
            coref::score(&option("--gold").context("no `--gold DIR` given")?, split, args.iter().any(|a| a == "--show"))
        }
        Some("actor-score") => actors::score(
            &option("--gold").context("no `--gold FILE` given: reports with gold")?,
            args.iter().any(|a| a == "--show"),
        ),
        Some("kairos-score") => kairos::score(&option("--gold").context("no `--gold FILE` given: `wikievents/dev.jsonl`")?),
        Some("realis-score") => {
            let split = if args.iter().any(|a| a == "--train") { Split::Train } else { Split::Dev };
            realis::score(&option("--gold").context("no `--gold DIR` given")?, split, args.iter().any(|a| a == "--show"))
        }
        _ => bail!(
            "usage: tellings-train (parse|names|coref|coref-score|coref-missed|actor-score|realis-score|kairos-score|quad) --gold DIR [--out FILE] [--towns FILE] [--vectors FILE] [--cache DIR]"
        ),
    }
}
