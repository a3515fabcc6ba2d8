//! Clusters of words that stand in like places, and how often words are written with a capital: both from raw text.
//!
//! Vectors are learned by skip-gram with negative samples, clusters by spherical k-means on them.

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use tellings_parse::names::{PIECE, PIECES, Rows, STEP, WIDTH, lower_hash};

const OWN_WIDTH: usize = 64;
const AT_LEAST: u32 = 5;
const WINDOW: usize = 4;
const NEGATIVE: usize = 5;
const SIZES: [usize; 3] = [1000, 250, 64];

/// What raw text tells of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) hash: u64,
    pub(super) clusters: [u16; 3],
    /// Its row among the vectors that were learned from far more text than ours, from 1; 0 = none.
    pub(super) row: u32,
    pub(super) capital: u8,
}

/// The words of the raw texts, and of the file of `vectors`, with their clusters, and the vectors' rows; kept in `cache` from
/// run to run.
pub(super) fn words(gold: &Path, vectors: &Path, cache: &Path, say: &mut dyn FnMut(&str)) -> Result<(Vec<Known>, Rows)> {
    let own = own_words(gold, cache, say)?;
    let wide = cache.with_extension("codes.tsv");
    if !wide.exists() {
        std::fs::write(&wide, wide_words(vectors, say)?).with_context(|| format!("cannot write `{}`", wide.display()))?;
    }
    let text = std::fs::read_to_string(&wide).with_context(|| format!("cannot read `{}`", wide.display()))?;
    let mut all: FxHashMap<u64, Known> = own.into_iter().map(|known| (known.hash, known)).collect();
    let mut rows = Rows::default();
    let mut lines = text.lines();
    let pieces = lines.next().unwrap_or_default();
    rows.pieces.extend(pieces.split(' ').filter_map(|n| n.parse::<i8>().ok()).map(|n| n as u8));
    for line in lines {
        let mut fields = line.split('\t');
        let hash = lower_hash(fields.next().unwrap_or_default());
        let mut next = || fields.next().and_then(|f| f.parse::<u16>().ok()).unwrap_or_default();
        let known = all.entry(hash).or_insert(Known { hash, clusters: [0; 3], row: 0, capital: 0 });
        if known.row == 0 {
            rows.push([next(), next(), next()], std::array::from_fn(|_| next() as u8));
            known.row = (rows.rows.len() / (PIECES + 4)) as u32;
        }
    }
    let mut all: Vec<Known> = all.into_values().collect();
    all.sort_unstable_by_key(|known| known.hash);
    Ok((all, rows))
}

/// Words taken from the file of vectors, the most frequent.
const WIDE_WORDS: usize = 150_000;
/// Words that the centres of its clusters are learned from.
const WIDE_SEEDS: usize = 60_000;
const WIDE_SIZES: [usize; 3] = [2000, 500, 120];

/// The words of a file of vectors (JSON: `"vectors":{"word":[numbers …], …}`, frequent words first), a word a line with its
/// clusters and the codes of the pieces of its vector; the first line holds what the codes stand for.
fn wide_words(path: &Path, say: &mut dyn FnMut(&str)) -> Result<String> {
    let (words, mut vectors) = wide_vectors(path)?;
    say(&format!("vectors: {} words", words.len()));
    let mut mean = [0f32; WIDTH];
    for v in vectors.iter().take(WIDE_SEEDS) {
        mean.iter_mut().zip(v).for_each(|(m, x)| *m += x / WIDE_SEEDS as f32);
    }
    for v in &mut vectors {
        v.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
        let norm = v.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
        v.iter_mut().for_each(|x| *x /= norm);
    }
    let levels: Vec<Vec<u16>> = WIDE_SIZES.iter().map(|&k| k_means(&vectors, WIDE_SEEDS, k, false)).collect();
    say("vectors: clusters made");
    let mut out = String::new();
    let mut codes: Vec<Vec<u16>> = Vec::new();
    for n in 0..PIECES {
        let piece: Vec<[f32; PIECE]> =
            vectors.iter().map(|v| std::array::from_fn(|i| v[n * PIECE + i] * (WIDTH as f32).sqrt())).collect();
        let (of, centres) = means(&piece, WIDE_SEEDS, 256, true);
        for x in centres.iter().flatten() {
            out += &format!("{} ", (x / STEP).round().clamp(-127.0, 127.0) as i8);
        }
        codes.push(of);
    }
    say("vectors: codes made");
    out.push('\n');
    for (i, word) in words.iter().enumerate() {
        out += &format!("{}\t{}\t{}\t{}", word, levels[0][i] + 1, levels[1][i] + 1, levels[2][i] + 1);
        codes.iter().for_each(|of| out += &format!("\t{}", of[i]));
        out.push('\n');
    }
    Ok(out)
}

/// Words and vectors of the file.
fn wide_vectors(path: &Path) -> Result<(Vec<String>, Vec<[f32; WIDTH]>)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let start = text.find("\"vectors\":{").context("the file holds no \"vectors\"")? + 11;
    let (mut words, mut vectors) = (Vec::new(), Vec::new());
    let mut rest = &text[start..];
    while let Some((head, after)) = rest.split_once(":[") {
        let Some((numbers, after)) = after.split_once(']') else { break };
        let word: String = serde_json::from_str(head.trim_start_matches(['{', ',']).trim()).context("a word of the vectors")?;
        let mut row = [0f32; WIDTH];
        for (x, number) in row.iter_mut().zip(numbers.split(',')) {
            *x = number.trim().parse().context("a number of the vectors")?;
        }
        words.push(word);
        vectors.push(row);
        rest = after;
        if words.len() == WIDE_WORDS || rest.starts_with('}') {
            break;
        }
    }
    Ok((words, vectors))
}

/// The words of the raw texts with their clusters.
fn own_words(gold: &Path, cache: &Path, say: &mut dyn FnMut(&str)) -> Result<Vec<Known>> {
    if let Ok(text) = std::fs::read_to_string(cache) {
        let rows = text.lines().filter_map(|line| {
            let mut fields = line.split('\t').skip(1).map(|f| f.parse::<u16>().ok());
            let mut next = || fields.next().flatten();
            Some(Known {
                hash: lower_hash(line.split('\t').next()?),
                clusters: [next()?, next()?, next()?],
                row: 0,
                capital: next()? as u8,
            })
        });
        return Ok(rows.collect());
    }
    let mut corpus = Corpus::default();
    for (file, weight) in files(gold)? {
        let bytes = std::fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let name = file.to_string_lossy();
        let text = if name.ends_with("ner_dataset.csv") {
            super::corpora::gmb_text(&bytes)
        } else if name.contains("wcxb") {
            let page: serde_json::Value = serde_json::from_slice(&bytes)?;
            page["ground_truth"]["main_content"].as_str().unwrap_or_default().to_string()
        } else {
            String::from_utf8_lossy(&bytes).replace("\\n", " ")
        };
        corpus.add(&text, weight);
    }
    corpus.close();
    say(&format!("clusters: {} words, {} kinds of them", corpus.text.len(), corpus.words.len()));
    let vectors = skip_gram(&corpus);
    say("clusters: vectors learned");
    let levels: Vec<Vec<u16>> = SIZES.iter().map(|&k| k_means(&vectors, vectors.len(), k, false)).collect();
    let mut out = String::new();
    for (i, word) in corpus.words.iter().enumerate() {
        let capital = corpus.capital(i);
        out += &format!("{}\t{}\t{}\t{}\t{}\n", word, levels[0][i] + 1, levels[1][i] + 1, levels[2][i] + 1, capital);
    }
    std::fs::write(cache, &out).with_context(|| format!("cannot write `{}`", cache.display()))?;
    own_words(gold, cache, say)
}

/// Raw texts, each with how often it is read: news more often than speeches.
fn files(gold: &Path) -> Result<Vec<(PathBuf, usize)>> {
    let mut all = Vec::new();
    for (folder, endings, weight) in [
        ("raw/ungdc/TXT", &[".txt"][..], 1),
        ("raw/state-union", &[".txt"], 1),
        ("raw/wikinews-2019-2020", &[".csv"], 4),
        ("agreement/fnc1", &["train_bodies.csv"], 4),
        ("ner/gmb-ner", &[".csv"], 4),
        ("pages/wcxb/ground-truth", &[".json"], 3),
        ("parse/gum/dep", &[".conllu"], 4),
        ("parse/ud-ewt", &["train.conllu"], 4),
        ("stance/newsmtsc", &[".jsonl"], 3),
        ("events/muc4/original", &[""], 2),
    ] {
        let mut found = Vec::new();
        walk(&gold.join(folder), &mut found)?;
        found.retain(|p| endings.iter().any(|e| p.to_string_lossy().ends_with(e)));
        found.sort();
        all.extend(found.into_iter().map(|p| (p, weight)));
    }
    Ok(all)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

#[derive(Default)]
struct Corpus {
    ids: FxHashMap<String, u32>,
    words: Vec<String>,
    counts: Vec<u32>,
    /// Written with a capital, and without, inside sentences.
    cases: Vec<[u32; 2]>,
    /// Words by number; `u32::MAX` ends a line.
    text: Vec<u32>,
}

impl Corpus {
    fn add(&mut self, text: &str, weight: usize) {
        let start = self.text.len();
        let columns = text.starts_with("# newdoc") || text.starts_with("# ");
        for line in text.lines() {
            let line = match (columns, line.strip_prefix("# text = ")) {
                (true, Some(line)) => line,
                (true, None) => continue,
                (false, _) => line,
            };
            let mut begins = true;
            for piece in line.split([' ', '\t', '—', '–', '/']) {
                let core = piece.trim_matches(|c: char| !c.is_alphanumeric());
                if core.is_empty() {
                    begins |= piece.contains(['.', '!', '?', ':', '"', '“']);
                    continue;
                }
                begins |= piece.starts_with(['"', '“', '\'', '‘', '(']);
                let (stem, clitic) = match core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")) {
                    Some(stem) => (stem, true),
                    None => (core, false),
                };
                let dotted = stem.len() <= 4 && stem.contains('.') && piece.contains(&format!("{stem}."));
                let word = if dotted { format!("{stem}.") } else { stem.to_string() };
                self.push(&word, begins);
                if clitic {
                    self.push("'s", false);
                }
                begins = !dotted && piece.ends_with(['.', '!', '?', ':', '"', '”']) || piece.contains(". ");
            }
            self.text.push(u32::MAX);
        }
        let end = self.text.len();
        for _ in 1..weight {
            self.text.extend_from_within(start..end);
        }
    }

    fn push(&mut self, word: &str, begins: bool) {
        let upper = word.starts_with(char::is_uppercase);
        let lower = word.to_lowercase();
        let next = self.words.len() as u32;
        let id = match self.ids.get(&lower) {
            Some(&id) => id,
            None => {
                self.ids.insert(lower.clone(), next);
                self.words.push(lower);
                self.counts.push(0);
                self.cases.push([0; 2]);
                next
            }
        };
        self.counts[id as usize] += 1;
        if !begins {
            self.cases[id as usize][usize::from(!upper)] += 1;
        }
        self.text.push(id);
    }

    /// Drops rare words and numbers the rest by frequency.
    fn close(&mut self) {
        let mut order: Vec<usize> = (0..self.words.len()).filter(|&i| self.counts[i] >= AT_LEAST).collect();
        order.sort_by(|&a, &b| self.counts[b].cmp(&self.counts[a]).then(self.words[a].cmp(&self.words[b])));
        let mut new = vec![u32::MAX - 1; self.words.len()];
        order.iter().enumerate().for_each(|(n, &o)| new[o] = n as u32);
        self.text.iter_mut().filter(|id| **id != u32::MAX).for_each(|id| *id = new[*id as usize]);
        self.text.retain(|&id| id != u32::MAX - 1);
        self.words = order.iter().map(|&o| std::mem::take(&mut self.words[o])).collect();
        self.cases = order.iter().map(|&o| self.cases[o]).collect();
        self.counts = order.iter().map(|&o| self.counts[o]).collect();
        self.ids.clear();
    }

    fn capital(&self, i: usize) -> u8 {
        let [upper, lower] = self.cases[i];
        let all = upper + lower;
        if all < 4 {
            return 0;
        }
        match 100 * upper / all {
            0..=2 => 1,
            3..=15 => 2,
            16..=50 => 3,
            51..=85 => 4,
            86..=97 => 5,
            _ => 6,
        }
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

fn skip_gram(corpus: &Corpus) -> Vec<[f32; OWN_WIDTH]> {
    let mut random = Random(0x1234_5678_9abc_def1);
    let n = corpus.words.len();
    let mut left: Vec<[f32; OWN_WIDTH]> =
        (0..n).map(|_| std::array::from_fn(|_| (random.unit() - 0.5) / OWN_WIDTH as f32)).collect();
    let mut right = vec![[0f32; OWN_WIDTH]; n];
    let mut counts = vec![0u64; n];
    corpus.text.iter().filter(|&&id| id != u32::MAX).for_each(|&id| counts[id as usize] += 1);
    let total: u64 = counts.iter().sum();
    let mut draw = Vec::new();
    let mass: f64 = counts.iter().map(|&c| (c as f64).powf(0.75)).sum();
    for (i, &c) in counts.iter().enumerate() {
        let share = ((c as f64).powf(0.75) / mass * 4e6).ceil() as usize;
        draw.extend(std::iter::repeat_n(i as u32, share));
    }
    let keep: Vec<f32> = counts.iter().map(|&c| ((1e-4 * total as f64 / c.max(1) as f64).sqrt() as f32).min(1.0)).collect();
    let mut line: Vec<u32> = Vec::new();
    let mut done = 0u64;
    for piece in corpus.text.split(|&id| id == u32::MAX) {
        done += piece.len() as u64;
        let rate = 0.03 * (1.0 - done as f32 / (total + 1) as f32).max(1e-3);
        line.clear();
        for &id in piece {
            if keep[id as usize] >= 1.0 || random.unit() < keep[id as usize] {
                line.push(id);
            }
        }
        for i in 0..line.len() {
            let reach = 1 + (random.next() >> 33) as usize % WINDOW;
            for j in i.saturating_sub(reach)..(i + reach + 1).min(line.len()) {
                if i == j {
                    continue;
                }
                let centre = line[i] as usize;
                let mut grown = [0f32; OWN_WIDTH];
                for k in 0..=NEGATIVE {
                    let (other, label) = match k {
                        0 => (line[j] as usize, 1.0),
                        _ => (draw[(random.next() >> 20) as usize % draw.len()] as usize, 0.0),
                    };
                    let (v, u) = (&left[centre], &mut right[other]);
                    let dot: f32 = v.iter().zip(u.iter()).map(|(a, b)| a * b).sum();
                    let step = (label - 1.0 / (1.0 + (-dot).exp())) * rate;
                    for d in 0..OWN_WIDTH {
                        grown[d] += step * u[d];
                        u[d] += step * v[d];
                    }
                }
                left[centre].iter_mut().zip(&grown).for_each(|(a, g)| *a += g);
            }
        }
    }
    for v in &mut left {
        let norm = v.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
        v.iter_mut().for_each(|x| *x /= norm);
    }
    left
}

/// Cluster of each vector, by their angles or, if they are `plain`, by distance; the centres are learned from the first `seeds`.
fn k_means<const N: usize>(vectors: &[[f32; N]], seeds: usize, k: usize, plain: bool) -> Vec<u16> {
    means(vectors, seeds, k, plain).0
}

/// The same, and the centres.
fn means<const N: usize>(vectors: &[[f32; N]], seeds: usize, k: usize, plain: bool) -> (Vec<u16>, Vec<[f32; N]>) {
    let mut random = Random(0x9e37_79b9 + k as u64);
    let seeds = &vectors[..seeds.min(vectors.len())];
    // The frequent words come first: the first centres are drawn among them.
    let pool = seeds.len().min(k * 20);
    let mut centres: Vec<[f32; N]> = (0..k).map(|_| seeds[(random.next() >> 20) as usize % pool]).collect();
    for _ in 0..10 {
        let mut sums = vec![[0f32; N]; k];
        let mut counts = vec![0f32; k];
        for (v, cluster) in seeds.iter().zip(nearest(seeds, &centres, plain)) {
            sums[cluster as usize].iter_mut().zip(v).for_each(|(s, x)| *s += x);
            counts[cluster as usize] += 1.0;
        }
        for ((centre, sum), count) in centres.iter_mut().zip(&sums).zip(&counts) {
            let norm = if plain { *count } else { sum.iter().map(|x| x * x).sum::<f32>().sqrt() };
            if norm > 0.0 {
                *centre = sum.map(|x| x / norm);
            }
        }
    }
    (nearest(vectors, &centres, plain), centres)
}

/// For each vector the centre nearest to it.
fn nearest<const N: usize>(vectors: &[[f32; N]], centres: &[[f32; N]], plain: bool) -> Vec<u16> {
    let dot = |a: &[f32; N], b: &[f32; N]| {
        let mut lanes = [0f32; 16];
        let (x, y) = (a.as_chunks::<16>(), b.as_chunks::<16>());
        for (p, q) in x.0.iter().zip(y.0) {
            for l in 0..16 {
                lanes[l] += p[l] * q[l];
            }
        }
        let rest: f32 = x.1.iter().zip(y.1).map(|(p, q)| p * q).sum();
        lanes.iter().sum::<f32>() + rest
    };
    let less: Vec<f32> = centres.iter().map(|c| if plain { 0.5 * dot(c, c) } else { 0.0 }).collect();
    let near = |v: &[f32; N]| {
        let (mut top, mut at) = (f32::MIN, 0);
        for (n, centre) in centres.iter().enumerate() {
            let close = dot(v, centre) - less[n];
            if close > top {
                (top, at) = (close, n as u16);
            }
        }
        at
    };
    vectors.iter().map(near).collect()
}
