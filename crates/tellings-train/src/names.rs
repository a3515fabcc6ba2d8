//! Trains the model of names: `models/names.bin`.
//!
//! Corpora with different customs are brought to one: each word gets the *set* of labels its corpus allows (a corpus that only
//! says "place" allows country, region and building), and the perceptron learns toward the best path inside that set.

mod clusters;
mod corpora;
mod learn;
mod lists;

use anyhow::{Context, Result};
use corpora::Sentence;
use learn::Learner;
use rustc_hash::FxHashMap;
use std::path::Path;
use tellings_parse::names::{Entry, Lexicon, MAGIC, Section, Sight};

/// What every beginning of a name is worth beyond the weights learned, in natural logarithms of odds: the develop parts lose
/// less by it in wrong names than they gain in right ones.
const BIAS: f32 = 0.4;

/// Trains on the corpora under `gold` and writes the model to `out`. `towns` is the gazetteer's `cities500.json`. `cache` keeps the word clusters between runs.
/// Returns lines that tell what was done and how well the model does on the develop parts.
pub fn train(gold: &Path, towns: &Path, cache: &Path, out: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    let lists = lists::Lists::read()?;
    let words = clusters::words(gold, cache, say)?;
    let bytes = lexicon(&lists, &words, gold, towns)?;
    say(&format!("lexicon: {} bytes", bytes.len()));
    let lexicon = Lexicon::open(&mut Section::new(&bytes)).context("the lexicon just built does not open")?;
    let train = corpora::train(gold, &lists)?;
    say(&format!("{} sentences to train on, {} words", train.len(), train.iter().map(|s| s.words.len()).sum::<usize>()));
    let develop =
        [("uner-ewt dev", corpora::ewt(gold, "dev", &lists)?), ("crossner dev", corpora::crossner(gold, "dev", &lists)?)];
    let mut learner = Learner::new(&lexicon, &train);
    say(&format!("{} features", learner.len()));
    for epoch in 0..learn::EPOCHS {
        let loss = learner.epoch(&train, epoch);
        if epoch + 1 == learn::EPOCHS || epoch == 2 {
            let model = learner.model();
            let scores =
                develop.iter().map(|(name, part)| format!("{name} {}", score(&model, &lexicon, part))).collect::<Vec<_>>();
            say(&format!("epoch {}: loss {loss:.3}; {}", epoch + 1, scores.join("; ")));
        }
    }
    let (table, note) = learner.table(BIAS);
    let mut file = MAGIC.to_vec();
    file.extend(table.unit.to_le_bytes());
    file.extend(&bytes);
    file.extend(&table.bytes);
    std::fs::write(out, &file).with_context(|| format!("cannot write `{}`", out.display()))?;
    say(&format!("{note}; {} bytes in all", file.len()));
    Ok(())
}

/// Exact-match scores of a model on sentences, as the scorer counts them (places of all kinds are one).
fn score(model: &learn::Model<'_>, lexicon: &Lexicon<'_>, sentences: &[Sentence]) -> String {
    let (mut right, mut found, mut gold) = ([0u32; 4], [0u32; 4], [0u32; 4]);
    let mut sight = Sight::default();
    for sentence in sentences {
        sight.read(lexicon, sentence.words.iter().map(String::as_str));
        let guess = corpora::names(&model.labels(&sight));
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
fn lexicon(lists: &lists::Lists, words: &[clusters::Known], gold: &Path, towns: &Path) -> Result<Vec<u8>> {
    let mut entries: FxHashMap<u64, Entry> = FxHashMap::default();
    for word in words {
        entries.insert(word.hash, Entry { lists: 0, clusters: word.clusters, capital: word.capital });
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
    Ok(Lexicon::build(&entries, &phrases))
}
