//! `tellings-train parse|names --gold DIR --out FILE`: trains the model file of the parse stage, or that of names.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use tellings_nn::Linear;
use tellings_parse::model::MAGIC;
use tellings_train::corpora::{self, Split};
use tellings_train::{names, parser, splitter, tagger};

const SEED: u64 = 20_160_904;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).map(PathBuf::from);
    match args.first().map(String::as_str) {
        Some("parse") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/parse.bin"));
            parse(&gold, &out)
        }
        Some("names") => {
            let gold = option("--gold").context("no `--gold DIR` given")?;
            let out = option("--out").unwrap_or_else(|| PathBuf::from("models/names.bin"));
            let clusters = option("--clusters").unwrap_or_else(|| PathBuf::from("target/clusters.tsv"));
            names::train(&gold, &clusters, &out, &mut |line| println!("{line}"))
        }
        _ => bail!("usage: tellings-train (parse|names) --gold DIR [--out FILE] [--clusters FILE]"),
    }
}

fn parse(gold: &Path, out: &Path) -> Result<()> {
    let mut docs = corpora::ewt(gold, Split::Train)?;
    docs.extend(corpora::gum(gold, Split::Train)?);
    let sentences = tagger::sentences(&docs);
    let labels = tagger::labels(&sentences);
    println!("{} documents, {} sentences, {} tags", docs.len(), sentences.len(), labels.len());

    let split = splitter::train(&docs, 8, SEED).finish(64.0, 2).write(2);
    println!("sentences: {} bytes", split.len());

    // The parser learns on tags as it will see them: from taggers that have not read the sentence.
    const FOLDS: usize = 5;
    let mut tags = vec![Vec::new(); sentences.len()];
    for fold in 0..FOLDS {
        let others: Vec<&tagger::Sentence> = (0..sentences.len()).filter(|s| s % FOLDS != fold).map(|s| &sentences[s]).collect();
        let bytes = tagger::train(&others, &labels, 4, SEED).finish(64.0, 1).write(labels.len());
        let (model, _) = Linear::open(&bytes).context("bad model")?;
        for s in (fold..sentences.len()).step_by(FOLDS) {
            tags[s] = tagger::tags(&model, &labels, &sentences[s]);
        }
    }
    let right: usize = tags.iter().zip(&sentences).map(|(a, s)| a.iter().zip(&s.tags).filter(|(a, b)| a == b).count()).sum();
    println!(
        "folds: {:.2} % of tags right",
        100.0 * right as f64 / sentences.iter().map(|s| s.words.len()).sum::<usize>() as f64
    );
    let all: Vec<&tagger::Sentence> = sentences.iter().collect();
    let tag = tagger::train(&all, &labels, 7, SEED).finish(64.0, 3).write(labels.len());
    println!("tags: {} bytes", tag.len());

    let trees = parser::train(&sentences, &tags, 8, SEED).finish(64.0, 6).write(tellings_parse::trees::Step::COUNT);
    println!("trees: {} bytes", trees.len());

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
    for part in [split, tag, trees, feats.write(), lemmas.write()] {
        bytes.extend(part);
    }
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    std::fs::write(out, &bytes).with_context(|| format!("cannot write `{}`", out.display()))?;
    println!("{}: {} bytes", out.display(), bytes.len());
    Ok(())
}
