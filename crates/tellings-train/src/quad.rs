//! Trains the quad classes of institutional prose: softmax regression over hashed features, one pass order, no chance but a seed.

use crate::corpora;
use crate::perceptron::Random;
use anyhow::{Context, Result};
use rustc_hash::FxHashSet;
use std::path::Path;
use tellings_event::quad::{BUCKETS, CLASSES, MAGIC, OTHER, features, group};

const PASSES: usize = 12;
const RATE: f32 = 2.0;
/// How freely the weights may grow: the larger, the freer.
const STRENGTH: f32 = 0.5;

struct Case {
    features: Vec<u32>,
    class: usize,
    weight: f32,
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Sentences of the UN set with their class, but for those in `dev`, then sentences of news and pages.
fn sentences(gold: &Path, dev: &Path) -> Result<Vec<(String, usize)>> {
    let held: FxHashSet<String> = corpora::read(dev)?
        .lines()
        .filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok())
        .filter_map(|v| v["text"].as_str().map(plain))
        .collect();
    let mut out = Vec::new();
    let mut seen: FxHashSet<String> = held;
    let mut add = |text: &str, class: usize, out: &mut Vec<(String, usize)>| {
        let text = text.trim().trim_matches('"').replace("\"\"", "\"");
        if text.len() > 20 && seen.insert(plain(&text)) {
            out.push((text, class));
        }
    };
    let folder = gold.join("events/un-quadclass");
    for line in corpora::read(&folder.join("en_annotations_quad_multiclass.tsv"))?.lines().skip(1) {
        if let Some((text, class)) = line.rsplit_once('\t')
            && let Ok(class) = class.trim().trim_matches('"').parse::<usize>()
        {
            add(text, class.min(4), &mut out);
        }
    }
    // What the numbers mean is told by the set's files of one class against the rest: 1 = material conflict, 2 = material
    // cooperation, 3 = verbal conflict, 4 = verbal cooperation.
    let mut other: Vec<String> = Vec::new();
    for name in ["wikinews_2019.csv", "wikinews_2020.csv"] {
        other.push(corpora::read(&gold.join("raw/wikinews-2019-2020").join(name))?);
    }
    for line in corpora::read(&gold.join("events/muc4/processed/train.json"))?.lines() {
        let value: serde_json::Value = serde_json::from_str(line).context("muc4")?;
        other.extend(value["doctext"].as_str().map(str::to_string));
    }
    other.push(corpora::read(&gold.join("agreement/fnc1/train_bodies.csv"))?);
    let mut number = 0;
    for text in &other {
        for sentence in text.split(['\n']).flat_map(|line| line.split(". ")).filter(|s| s.len() > 25 && s.len() < 600) {
            number += 1;
            match number % 9 {
                0 => add(sentence, OTHER, &mut out),
                // A piece of one: sentences of news are short, too.
                1 => add(sentence.split(", ").next().unwrap_or(sentence), OTHER, &mut out),
                _ => {}
            }
        }
    }
    Ok(out)
}

/// Trains on what `gold` holds but not `dev`, and writes the model to `out`.
pub fn train(gold: &Path, dev: &Path, out: &Path, seed: u64, say: &mut dyn FnMut(String)) -> Result<()> {
    let sentences = sentences(gold, dev)?;
    let mut counts = [0usize; CLASSES];
    let mut known = vec![0u32; BUCKETS];
    let mut cases: Vec<Case> = Vec::new();
    let mut buffer = Vec::new();
    for (text, class) in &sentences {
        features(text, &mut buffer);
        counts[*class] += 1;
        buffer.iter().for_each(|&f| known[f as usize] += 1);
        cases.push(Case { features: buffer.clone(), class: *class, weight: 1.0 });
    }
    say(format!("{} sentences, by class {counts:?}", cases.len()));
    let n = cases.len() as f32;
    let rare: Vec<u8> = known
        .iter()
        .map(|&d| if d < 2 { 0 } else { ((((1.0 + n) / (1.0 + d as f32)).ln() + 1.0) * 16.0).round().min(255.0) as u8 })
        .collect();
    for case in &mut cases {
        case.weight = n / (CLASSES as f32 * counts[case.class] as f32);
        case.features.retain(|&f| rare[f as usize] > 0);
    }
    let lengths = |case: &Case| {
        let mut squares = [0i64; 2];
        case.features.iter().for_each(|&f| squares[group(f)] += i64::from(rare[f as usize]).pow(2));
        squares.map(|square| (square.max(1) as f32).sqrt())
    };
    let mut weights = vec![0f32; BUCKETS * CLASSES];
    let mut sums = vec![0f32; BUCKETS * CLASSES];
    let mut bias = [0f32; CLASSES];
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let scores = |weights: &[f32], bias: &[f32; CLASSES], decay: f32, case: &Case| {
        let lengths = lengths(case);
        let mut s = [0f32; CLASSES];
        for &f in &case.features {
            let x = decay * f32::from(rare[f as usize]) / lengths[group(f)];
            for (c, s) in s.iter_mut().enumerate() {
                *s += weights[f as usize * CLASSES + c] * x;
            }
        }
        s.iter_mut().zip(bias).for_each(|(s, b)| *s += b);
        (s, lengths)
    };
    // Weights are kept as `weights * decay`, so that all shrink at every step. Every tenth sentence is kept aside to say how
    // well it goes.
    let shrink = 1.0 / (STRENGTH * n);
    let mut step = 0.0f32;
    for pass in 0..PASSES {
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        let mut decay = 1.0f32;
        for &i in order.iter().filter(|&&i| i % 10 != 9) {
            let case = &cases[i];
            step += 1.0;
            let rate = RATE / (1.0 + RATE * shrink * step);
            let (mut p, lengths) = scores(&weights, &bias, decay, case);
            let top = p.iter().fold(f32::MIN, |a, &b| a.max(b));
            p.iter_mut().for_each(|x| *x = (*x - top).exp());
            let total: f32 = p.iter().sum();
            for (c, x) in p.iter_mut().enumerate() {
                *x = (*x / total - f32::from(u8::from(c == case.class))) * case.weight;
            }
            decay *= 1.0 - rate * shrink;
            for &f in &case.features {
                let x = rate * f32::from(rare[f as usize]) / lengths[group(f)] / decay;
                for (c, d) in p.iter().enumerate() {
                    weights[f as usize * CLASSES + c] -= d * x;
                }
            }
            bias.iter_mut().zip(&p).for_each(|(b, d)| *b -= 0.02 * d);
        }
        weights.iter_mut().for_each(|w| *w *= decay);
        // The mean of the later passes is steadier than the last.
        if pass >= PASSES / 2 {
            sums.iter_mut().zip(&weights).for_each(|(s, w)| *s += w);
        }
        let mut table = [[0usize; CLASSES]; CLASSES];
        for case in cases.iter().skip(9).step_by(10) {
            let (s, _) = scores(&weights, &bias, 1.0, case);
            let best = (0..CLASSES).fold(0, |b, c| if s[c] > s[b] { c } else { b });
            table[case.class][best] += 1;
        }
        let f1 = |c: usize| {
            let (gold, found): (usize, usize) = (table[c].iter().sum(), table.iter().map(|row| row[c]).sum());
            2.0 * table[c][c] as f32 / (gold + found).max(1) as f32
        };
        let macro_f1: f32 = (0..OTHER).map(f1).sum::<f32>() / OTHER as f32;
        say(format!("pass {pass}: macro F1 {macro_f1:.3}, other prose F1 {:.3}", f1(OTHER)));
    }
    let weights: Vec<f32> = sums.iter().map(|s| s / (PASSES - PASSES / 2) as f32).collect();
    let largest = weights.iter().fold(1e-6f32, |a, &b| a.max(b.abs()));
    let scale = largest / 127.0;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(scale.to_le_bytes());
    bytes.extend(bias.iter().flat_map(|b| b.to_le_bytes()));
    for (f, &r) in rare.iter().enumerate() {
        bytes.extend(weights[f * CLASSES..][..CLASSES].iter().map(|w| (w / scale).round() as i8 as u8));
        bytes.push(r);
    }
    std::fs::write(out, bytes).with_context(|| format!("cannot write `{}`", out.display()))
}
