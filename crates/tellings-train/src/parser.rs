//! Trains the model file of the parse stage: sentences, network, tables of features and lemmas.

use crate::corpora::{self, Split};
use crate::{net, splitter, tagger, vectors};
use anyhow::{Context, Result};
use std::path::Path;
use tellings_nn::Linear;
use tellings_parse::model::MAGIC;
use tellings_parse::tagger::Tag;

const SEED: u64 = 20_160_904;

/// What a model is made from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The corpora.
    pub gold: &'a Path,
    /// Word vectors, made by `train vectors`.
    pub vectors: &'a Path,
    /// An older model file whose network is kept: only the tables are made again.
    pub net: Option<&'a Path>,
}

/// Trains the model file of the parse stage and writes it to `out`.
pub fn train(sources: &Sources<'_>, out: &Path, options: net::Options) -> Result<()> {
    let mut docs = corpora::ewt(sources.gold, Split::Train)?;
    docs.extend(corpora::gum(sources.gold, Split::Train)?);
    let sentences = tagger::sentences(&docs);
    let labels = tagger::labels(&sentences);
    println!("{} documents, {} sentences, {} tags", docs.len(), sentences.len(), labels.len());

    let split = splitter::train(&docs, 8, SEED).finish(64.0, 2).write(2);
    println!("sentences: {} bytes", split.len());

    let net = match sources.net {
        Some(path) => {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let rest = bytes.strip_prefix(MAGIC).context("not a model file")?;
            let (_, rest) = Linear::open(rest).context("bad model")?;
            let (_, after) = tellings_parse::net::Net::open(rest).context("bad model")?;
            rest[..rest.len() - after.len()].to_vec()
        }
        None => network(sources, &sentences, &labels, options)?,
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
fn network(sources: &Sources<'_>, sentences: &[tagger::Sentence], labels: &[Tag], options: net::Options) -> Result<Vec<u8>> {
    let bytes = std::fs::read(sources.vectors).context("no vectors: `train vectors` makes them")?;
    let vectors = vectors::Vectors::read(&bytes).context("bad vectors")?;
    let develop = [
        ("ewt", tagger::sentences(&corpora::ewt(sources.gold, Split::Dev)?)),
        ("gum", tagger::sentences(&corpora::gum(sources.gold, Split::Dev)?)),
    ];
    let mut net = net::Net::new(sentences, labels, &vectors, options.shape, SEED);
    net::train(&mut net, sentences, &develop, &options, SEED);
    Ok(net.write())
}
