//! Trains the model of names: `models/names.bin`.
//!
//! Corpora with different customs are brought to one: each word gets the *set* of labels its corpus allows (a corpus that only
//! says "place" allows country, region and building), and both models learn to prefer the paths inside the sets.

mod clusters;
mod corpora;
mod learn;
mod lists;
mod net;

use anyhow::{Context, Result};
use corpora::Sentence;
use learn::{Learner, Table};
use net::Net;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use tellings_parse::names::{Entry, LABELS, Lexicon, MAGIC, Rows, Section, Sight};

/// What every beginning of a name is worth beyond the weights learned, in natural logarithms of odds: the develop parts lose
/// less by it in wrong names than they gain in right ones.
const BIAS: f32 = 0.9;

/// Weight of the network's scores beside the linear model's.
const NET: f32 = 2.5;

/// Seed of the network.
const SEED: u64 = 7;

/// Where training finds what it needs.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The corpora.
    pub gold: PathBuf,
    /// The gazetteer's `cities500.json`.
    pub towns: PathBuf,
    /// The file of word vectors.
    pub vectors: PathBuf,
    /// Folder that keeps word clusters and the two models from run to run.
    pub cache: PathBuf,
}

/// Trains the linear model and the network, each unless the cache has it, and writes both to `out` as one. `say` hears what was
/// done and how well the models do on the develop parts.
pub fn train(from: &Sources, out: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    let lists = lists::Lists::read()?;
    std::fs::create_dir_all(&from.cache).with_context(|| format!("cannot make `{}`", from.cache.display()))?;
    let (words, rows) = clusters::words(&from.gold, &from.vectors, &from.cache.join("clusters.tsv"), say)?;
    let bytes = lexicon(&lists, &words, &rows, &from.gold, &from.towns)?;
    say(&format!("lexicon: {} bytes", bytes.len()));
    let lexicon = Lexicon::open(&mut Section::new(&bytes)).context("the lexicon just built does not open")?;
    let mut train = corpora::train(&from.gold, &lists)?;
    // The small corpora with our own customs, which the network reads twice.
    let mut small = corpora::crossner(&from.gold, "train", &lists)?;
    small.extend(corpora::wikigold(&from.gold, &lists)?);
    say(&format!("{} sentences to train on, {} words", train.len(), train.iter().map(|s| s.words.len()).sum::<usize>()));
    let develop = [
        ("uner-ewt dev", corpora::ewt(&from.gold, "dev", &lists)?),
        ("crossner dev", corpora::crossner(&from.gold, "dev", &lists)?),
    ];
    let scores = |labels: &dyn Fn(&Sight) -> Vec<usize>| -> String {
        let score = |part: &[Sentence]| score(labels, &lexicon, part);
        develop.iter().map(|(name, part)| format!("{name} {}", score(part))).collect::<Vec<_>>().join("; ")
    };
    let linear = cached(&from.cache.join("linear.bin"), || {
        let mut learner = Learner::new(&lexicon, &train);
        say(&format!("{} features", learner.len()));
        for epoch in 0..learn::EPOCHS {
            let loss = learner.epoch(&train, epoch);
            if epoch + 1 == learn::EPOCHS || epoch == 2 {
                let model = learner.model();
                say(&format!("epoch {}: loss {loss:.3}; {}", epoch + 1, scores(&|sight| model.labels(sight))));
            }
        }
        let (table, note) = learner.table();
        say(&note);
        table
    })?;
    let net = cached(&from.cache.join("net.bin"), || {
        let mut net = Net::new(&lexicon, SEED);
        train.extend(small);
        net.train(&train, &mut |line, net| {
            let bytes = net.write();
            let (opened, _) = tellings_parse::names::Net::open(&bytes).expect("a network just written opens");
            say(&format!("{line}; {}", scores(&|sight| net.labels(&opened, sight))));
        });
        Table { scale: 1.0, steps: net.steps().iter().flatten().copied().collect(), bytes: net.write() }
    })?;
    let file = file(&bytes, &linear, &net, NET, BIAS);
    std::fs::write(out, &file).with_context(|| format!("cannot write `{}`", out.display()))?;
    say(&format!("{} bytes in all: lexicon {}, linear {}, net {}", file.len(), bytes.len(), linear.bytes.len(), net.bytes.len()));
    Ok(())
}

/// The model's file: `weight` is that of the network's scores, `bias` is added to every beginning of a name.
fn file(lexicon: &[u8], linear: &Table, net: &Table, weight: f32, bias: f32) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(((linear.scale * (1.0 + weight) * 256.0) as u32).to_le_bytes());
    file.extend(((linear.scale * weight * 256.0) as u32).to_le_bytes());
    file.extend(lexicon);
    for (i, (a, b)) in linear.steps.iter().zip(&net.steps).enumerate() {
        let begins = (8..24).contains(&(i % LABELS));
        let step = a + weight * b + if begins { bias } else { 0.0 };
        file.extend(((step * linear.scale).round().clamp(-32_000.0, 32_000.0) as i16).to_le_bytes());
    }
    file.extend(&linear.bytes);
    file.extend(&net.bytes);
    file
}

/// The weights kept in a file, or made now and kept.
fn cached(path: &Path, make: impl FnOnce() -> Table) -> Result<Table> {
    let float = |c: &[u8; 4]| f32::from_le_bytes(*c);
    if let Ok(bytes) = std::fs::read(path) {
        let (head, rest) = bytes.split_at(4 * (1 + LABELS * LABELS));
        let numbers: Vec<f32> = head.as_chunks::<4>().0.iter().map(float).collect();
        return Ok(Table { scale: numbers[0], steps: numbers[1..].to_vec(), bytes: rest.to_vec() });
    }
    let table = make();
    let mut bytes = table.scale.to_le_bytes().to_vec();
    bytes.extend(table.steps.iter().flat_map(|x| x.to_le_bytes()));
    bytes.extend(&table.bytes);
    std::fs::write(path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(table)
}

/// Exact-match scores of a model on sentences, as the scorer counts them (places of all kinds are one).
fn score(labels: &dyn Fn(&Sight) -> Vec<usize>, lexicon: &Lexicon<'_>, sentences: &[Sentence]) -> String {
    let (mut right, mut found, mut gold) = ([0u32; 4], [0u32; 4], [0u32; 4]);
    let mut sight = Sight::default();
    for sentence in sentences {
        sight.read(lexicon, sentence.words.iter().map(String::as_str));
        let guess = corpora::names(&labels(&sight));
        for name in &guess {
            let k = corpora::coarse(name.1);
            found[k] += 1;
            right[k] += u32::from(sentence.gold.iter().any(|g| g.0 == name.0 && corpora::coarse(g.1) == k));
        }
        for name in &sentence.gold {
            gold[corpora::coarse(name.1)] += 1;
        }
    }
    let f1 = |r: u32, f: u32, g: u32| 200.0 * f64::from(r) / f64::from((f + g).max(1));
    let sum = |n: &[u32; 4]| n[..3].iter().sum::<u32>();
    format!(
        "F1 {:.1} (P {:.1} R {:.1}; PER {:.1} LOC {:.1} ORG {:.1})",
        f1(sum(&right), sum(&found), sum(&gold)),
        100.0 * f64::from(sum(&right)) / f64::from(sum(&found).max(1)),
        100.0 * f64::from(sum(&right)) / f64::from(sum(&gold).max(1)),
        f1(right[0], found[0], gold[0]),
        f1(right[1], found[1], gold[1]),
        f1(right[2], found[2], gold[2])
    )
}

/// The tables of words and phrases, as the model file holds them.
fn lexicon(lists: &lists::Lists, words: &[clusters::Known], rows: &Rows, gold: &Path, towns: &Path) -> Result<Vec<u8>> {
    let mut entries: FxHashMap<u64, Entry> = FxHashMap::default();
    for word in words {
        entries
            .insert(word.hash, Entry { lists: 0, clusters: word.clusters, wide: [0; 3], row: word.row, capital: word.capital });
    }
    let mut phrases: FxHashMap<u64, u32> = FxHashMap::default();
    for (phrase, bits) in lists.all(gold, towns)? {
        let hashes: Vec<u64> = phrase.iter().map(|w| tellings_parse::names::lower_hash(w)).collect();
        if let [one] = hashes[..] {
            entries.entry(one).or_default().lists |= bits;
        } else if let Some(&first) = hashes.first() {
            entries.entry(first).or_default().lists |= Entry::STARTS;
            let hash =
                hashes.iter().fold(tellings_parse::names::phrase_start(), |h, &w| tellings_parse::names::hash_phrase(h, w));
            *phrases.entry(hash).or_default() |= bits;
        }
    }
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_unstable_by_key(|(hash, _)| *hash);
    let mut phrases: Vec<_> = phrases.into_iter().collect();
    phrases.sort_unstable();
    Ok(Lexicon::build(&entries, &phrases, rows))
}
