//! `tellings-train parse|names|coref --gold DIR --out FILE`: trains the model file of the parse stage, that of names, or that of pronouns;
//! `tellings-train coref-score --gold DIR [--show]`: scores coreference; `coref-missed` says which antecedents are never in question;
//! `tellings-train realis-score --gold DIR [--train] [--show]`: scores what is taken to have happened.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use tellings_nn::Linear;
use tellings_parse::model::MAGIC;
use tellings_parse::tagger::Tag;
use tellings_train::corpora::{self, Split};
use tellings_train::{coref, names, net, realis, splitter, tagger, vectors};

const SEED: u64 = 20_160_904;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).map(PathBuf::from);
    match args.first().map(String::as_str) {
        Some("parse") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/parse.bin"));
            let number = |name: &str, default: f32| option(name).and_then(|p| p.to_str()?.parse().ok()).unwrap_or(default);
            let options = net::Options {
                passes: number("--passes", 20.0) as usize,
                share: 0.4,
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
            let teacher = net::Options {
                passes: number("--teacher-passes", 20.0) as usize,
                rate: 0.002,
                input: 0.25,
                layer: 0.25,
                output: 0.3,
                shape: net::Shape { d: 192, layers: 3, a: 128, r: 128 },
                ..options
            };
            parse(
                &gold,
                &option("--vectors").unwrap_or_else(|| PathBuf::from("target/vectors.bin")),
                &out,
                option("--net"),
                options,
                teacher,
            )
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
            let clusters = option("--clusters").unwrap_or_else(|| PathBuf::from("target/clusters.tsv"));
            let towns =
                option("--towns").context("no `--towns FILE` given: the gazetteer's `cities500.json` (`models/gazetteer.md`)")?;
            names::train(&gold, &towns, &clusters, &out, &mut |line| println!("{line}"))
        }
        Some("coref") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            coref::train(
                &gold,
                &option("--out").unwrap_or_else(|| PathBuf::from("crates/tellings-link/data/actors/pronouns.tsv")),
            )
        }
        Some("coref-missed") => coref::missed(&option("--gold").context("no `--gold DIR` given")?),
        Some("coref-score") => {
            coref::score(&option("--gold").context("no `--gold DIR` given")?, args.iter().any(|a| a == "--show"))
        }
        Some("realis-score") => {
            let split = if args.iter().any(|a| a == "--train") { Split::Train } else { Split::Dev };
            realis::score(&option("--gold").context("no `--gold DIR` given")?, split, args.iter().any(|a| a == "--show"))
        }
        _ => bail!(
            "usage: tellings-train (parse|names|coref|coref-score|coref-missed|realis-score) --gold DIR [--out FILE] [--towns FILE] [--clusters FILE]"
        ),
    }
}

fn parse(
    gold: &Path,
    vectors: &Path,
    out: &Path,
    net: Option<PathBuf>,
    options: net::Options,
    teacher: net::Options,
) -> Result<()> {
    let mut docs = corpora::ewt(gold, Split::Train)?;
    docs.extend(corpora::gum(gold, Split::Train)?);
    let sentences = tagger::sentences(&docs);
    let labels = tagger::labels(&sentences);
    println!("{} documents, {} sentences, {} tags", docs.len(), sentences.len(), labels.len());

    let split = splitter::train(&docs, 8, SEED).finish(64.0, 2).write(2);
    println!("sentences: {} bytes", split.len());

    let net = match net {
        // The network of an older file, where only the tables are to be made again.
        Some(path) => {
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let rest = bytes.strip_prefix(MAGIC).context("not a model file")?;
            let (_, rest) = Linear::open(rest).context("bad model")?;
            let (_, after) = tellings_parse::net::Net::open(rest).context("bad model")?;
            rest[..rest.len() - after.len()].to_vec()
        }
        None => network(gold, vectors, &sentences, &labels, &split, options, teacher)?,
    };

    let (feats, all_feats) = tagger::feats(&sentences);
    let (lemmas, rules) = tagger::lemmas(&sentences);
    let mut text = String::new();
    for label in &labels {
        text += &format!("{} {}\n", label.upos.as_str(), label.xpos.as_str());
    }
    text += "\n";
    for feats in all_feats {
        text += &if feats.is_none() { "_\n".to_string() } else { format!("{feats}\n") };
    }
    text += "\n";
    for rule in rules {
        text += &format!("{} {} {}\n", rule.lower as u8, rule.cut, rule.add);
    }
    let mut bytes = MAGIC.to_vec();
    for part in [split, net, feats.write(), lemmas.write()] {
        bytes.extend(part);
    }
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    std::fs::write(out, &bytes).with_context(|| format!("cannot write `{}`", out.display()))?;
    println!("{}: {} bytes", out.display(), bytes.len());
    Ok(())
}

/// Trains the network; its bytes.
fn network(
    gold: &Path,
    vectors: &Path,
    sentences: &[tagger::Sentence],
    labels: &[Tag],
    split: &[u8],
    options: net::Options,
    teacher: net::Options,
) -> Result<Vec<u8>> {
    let vectors = vectors::Vectors::read(&std::fs::read(vectors).context("no vectors: `train vectors` makes them")?)
        .context("bad vectors")?;
    let develop = [
        ("ewt", tagger::sentences(&corpora::ewt(gold, Split::Dev)?)),
        ("gum", tagger::sentences(&corpora::gum(gold, Split::Dev)?)),
    ];
    // A larger network learns first; it reads raw text, and the one that is shipped learns from it and from the treebanks.
    let mut more = Vec::new();
    if teacher.passes > 0 {
        let mut net = net::Net::new(sentences, labels, &vectors, teacher.shape, SEED + 1);
        net::train(&mut net, sentences, &[], &develop, &teacher, SEED + 1);
        let (splitter, _) = Linear::open(split).context("bad model")?;
        let raw = vectors::raw_sentences(gold, &splitter, 1_500_000, SEED)?;
        println!("{} sentences of raw text", raw.len());
        more = net.label(&raw);
    }
    let mut net = net::Net::new(sentences, labels, &vectors, options.shape, SEED);
    net::train(&mut net, sentences, &more, &develop, &options, SEED);
    Ok(net.write())
}
