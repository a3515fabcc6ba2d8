//! Word vectors from raw text: skip-grams with one set of output vectors per place (one and two words before and behind),
//! so that words of one syntactic use lie near each other.

use crate::corpora::{self, Split};
use crate::perceptron::Random;
use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use tellings_doc::Span;
use tellings_parse::tokens::tokens;
use tellings_parse::words::Word;

/// Length of a vector.
pub const SIZE: usize = 64;

/// Words and their vectors, most frequent first.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    /// Hash of each word in small letters.
    pub words: Vec<u64>,
    /// How often it was read.
    pub counts: Vec<u64>,
    /// `SIZE` numbers a word.
    pub rows: Vec<f32>,
}

impl Vectors {
    /// As bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = (self.words.len() as u64).to_le_bytes().to_vec();
        bytes.extend(self.words.iter().chain(&self.counts).flat_map(|w| w.to_le_bytes()));
        bytes.extend(self.rows.iter().flat_map(|x| x.to_le_bytes()));
        bytes
    }

    /// From bytes.
    pub fn read(bytes: &[u8]) -> Option<Vectors> {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let n = u64::from_le_bytes(*head) as usize;
        let (words, rest) = rest.split_at_checked(n * 8)?;
        let (counts, rows) = rest.split_at_checked(n * 8)?;
        let numbers = |b: &[u8]| b.as_chunks::<8>().0.iter().map(|c| u64::from_le_bytes(*c)).collect();
        Some(Vectors {
            words: numbers(words),
            counts: numbers(counts),
            rows: rows.as_chunks::<4>().0.iter().map(|c| f32::from_le_bytes(*c)).collect(),
        })
    }
}

/// All raw text under `gold`, one string a document; of the many speeches, which are much alike, every `nth`.
pub fn raw_texts(gold: &Path, nth: usize) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for docs in [corpora::ewt(gold, Split::Train)?, corpora::gum(gold, Split::Train)?] {
        texts.extend(docs.into_iter().map(|d| d.text));
    }
    let news = gmb(&corpora_latin1(&gold.join("ner/gmb-ner/ner_dataset.csv"))?);
    texts.extend(news);
    for name in ["wikinews_2019.csv", "wikinews_2020.csv"] {
        texts.push(corpora::read(&gold.join("raw/wikinews-2019-2020").join(name))?);
    }
    texts.push(corpora::read(&gold.join("agreement/fnc1/train_bodies.csv"))?);
    for name in ["train.json", "dev.json"] {
        for line in corpora::read(&gold.join("events/muc4/processed").join(name))?.lines() {
            let value: serde_json::Value = serde_json::from_str(line).context("muc4")?;
            texts.extend(value["doctext"].as_str().map(str::to_string));
        }
    }
    for path in files(&gold.join("pages/wcxb/ground-truth"))? {
        let value: serde_json::Value = serde_json::from_str(&corpora::read(&path)?).context("wcxb")?;
        let content = value["main_content"].as_str().or_else(|| value["ground_truth"]["main_content"].as_str());
        texts.extend(content.map(str::to_string));
    }
    for path in files(&gold.join("raw/state-union"))? {
        texts.push(String::from_utf8_lossy(&std::fs::read(&path)?).into_owned());
    }
    for dir in files(&gold.join("raw/ungdc/TXT"))? {
        for (i, path) in files(&dir)?.into_iter().enumerate() {
            if i % nth == 0 {
                texts.push(String::from_utf8_lossy(&std::fs::read(&path)?).into_owned());
            }
        }
    }
    Ok(texts)
}

/// The files of a directory, in order of their names; none if there is no such directory.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .with_context(|| format!("cannot read `{}`", dir.display()))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')))
        .collect();
    paths.sort();
    Ok(paths)
}

fn corpora_latin1(path: &Path) -> Result<String> {
    Ok(std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?.iter().map(|&b| b as char).collect())
}

/// Sentences of the `Sentence #,Word,POS,Tag` table, words set off by blanks.
fn gmb(content: &str) -> Vec<String> {
    let mut texts = vec![String::new()];
    for line in content.lines().skip(1) {
        let (first, rest) = line.split_once(',').unwrap_or(("", ""));
        if !first.is_empty() {
            texts.push(String::new());
        }
        let word = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').find(|p| !p.is_empty()).unwrap_or("\""),
            None => rest.split(',').next().unwrap_or(""),
        };
        if let Some(text) = texts.last_mut() {
            text.push_str(word);
            text.push(' ');
        }
    }
    texts
}

/// Learns vectors from texts: words read at least `least` times, `passes` over the texts.
pub fn train(texts: &[String], least: u64, passes: usize, seed: u64) -> Vectors {
    let mut counts: FxHashMap<u64, u64> = FxHashMap::default();
    let mut stream: Vec<Vec<u64>> = Vec::new();
    let mut pieces = Vec::new();
    for text in texts {
        pieces.clear();
        tokens(text, Span::new(0, text.len()), &mut pieces);
        let words: Vec<u64> = pieces.iter().map(|p| Word::new(text, p.span).lower).collect();
        for word in &words {
            *counts.entry(*word).or_default() += 1;
        }
        stream.push(words);
    }
    let mut vocabulary: Vec<(u64, u64)> = counts.into_iter().filter(|(_, n)| *n >= least).collect();
    vocabulary.sort_unstable_by_key(|&(word, n)| (std::cmp::Reverse(n), word));
    let index: FxHashMap<u64, u32> = vocabulary.iter().enumerate().map(|(i, (word, _))| (*word, i as u32)).collect();
    let n = vocabulary.len();
    let total: u64 = vocabulary.iter().map(|(_, n)| n).sum();
    println!("{} texts, {total} words, {n} different", texts.len());
    let mut random = Random::new(seed);
    // Noise words are drawn by frequency to the power of 3/4.
    let mut noise = Vec::with_capacity(1 << 20);
    let mass: f64 = vocabulary.iter().map(|(_, n)| (*n as f64).powf(0.75)).sum();
    let mut sum = 0.0;
    for (i, (_, count)) in vocabulary.iter().enumerate() {
        sum += (*count as f64).powf(0.75) / mass;
        while (noise.len() as f64) < sum * (1 << 20) as f64 {
            noise.push(i as u32);
        }
    }
    let mut rows: Vec<f32> = (0..n * SIZE).map(|_| (random.unit() - 0.5) / SIZE as f32).collect();
    let mut outs = vec![vec![0f32; n * SIZE]; 4];
    let all = (total * passes as u64) as f32;
    let mut done = 0u64;
    let mut ids = Vec::new();
    for _ in 0..passes {
        for words in &stream {
            let rate = (0.04 * (1.0 - done as f32 / all)).max(0.0005);
            ids.clear();
            for word in words {
                let Some(&id) = index.get(word) else { continue };
                done += 1;
                let share = vocabulary[id as usize].1 as f32 / total as f32;
                // Very frequent words are read less often.
                let keep = (2e-4 / share).sqrt() + 2e-4 / share;
                if keep >= 1.0 || random.unit() < keep {
                    ids.push(id as usize);
                }
            }
            for i in 0..ids.len() {
                let mut step = [0f32; SIZE];
                let from = ids[i] * SIZE;
                for (place, by) in [(0, -2isize), (1, -1), (2, 1), (3, 2)] {
                    let Some(&target) = i.checked_add_signed(by).and_then(|k| ids.get(k)) else { continue };
                    for k in 0..6 {
                        let (id, label) = if k == 0 { (target, 1.0) } else { (noise[random.below(noise.len())] as usize, 0.0) };
                        let row = &rows[from..from + SIZE];
                        let out = &mut outs[place][id * SIZE..id * SIZE + SIZE];
                        let mut lanes = [0f32; 16];
                        for (a, b) in row.chunks_exact(16).zip(out.chunks_exact(16)) {
                            for l in 0..16 {
                                lanes[l] = a[l].mul_add(b[l], lanes[l]);
                            }
                        }
                        let dot: f32 = lanes.iter().sum();
                        let g = (label - 1.0 / (1.0 + (-dot).exp())) * rate;
                        for l in 0..SIZE {
                            step[l] = g.mul_add(out[l], step[l]);
                            out[l] = g.mul_add(row[l], out[l]);
                        }
                    }
                }
                for l in 0..SIZE {
                    rows[from + l] += step[l];
                }
            }
        }
    }
    let (words, counts) = vocabulary.into_iter().unzip();
    Vectors { words, counts, rows }
}
