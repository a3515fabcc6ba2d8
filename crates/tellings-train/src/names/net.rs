//! The network of names in training: rows for what is seen of a word and its vector, added; layers of gated recurrences; scores
//! for the parts of names, and over them the same sums over paths inside sets as for the linear model.

// Labels index several tables at once here: plain loops read better than zips.
#![allow(clippy::needless_range_loop)]

use super::corpora::Sentence;
use super::learn::{Chain, Row, Steps, best};
use crate::math::{Weights, axpy, gemm, transposed};
use crate::net::{multiply, rows_of, scan, scan_back};
use crate::perceptron::Random;
use tellings_nn::{Matrix, Vectors};
use tellings_parse::names::{LABELS, Label, Lexicon, OUTSIDE, PARTS, ROWS, Sight, TABLES, WIDTH, WORDS};

/// Numbers that run through the layers.
const D: usize = 96;
const LAYERS: usize = 2;
/// Rounds through the corpora.
const PASSES: usize = 4;
/// Share of the sentences of corpora with customs of their own that a round takes.
const SHARE: f32 = 0.35;
/// First step; it falls to nothing along half a wave.
const RATE: f32 = 2e-3;
/// Share blotted out of the inputs, of what a layer adds, and of the last layer.
const DROP_INPUT: f32 = 0.25;
const DROP_LAYER: f32 = 0.3;
const DROP_OUTPUT: f32 = 0.4;
/// Words in a batch.
const BATCH: usize = 400;
/// Corpora with customs of their own; each has a row that is not shipped.
const CORPORA: usize = 4;

/// A sentence as the network sees it.
struct Example {
    /// Rows of all words, one after another, and where each word's begin.
    rows: Vec<u16>,
    starts: Vec<u32>,
    vectors: Vec<u32>,
    open: Vec<bool>,
    allowed: Vec<u64>,
    size: f32,
}

impl Example {
    fn new(lexicon: &Lexicon<'_>, sentence: &Sentence, sight: &mut Sight) -> Example {
        sight.read(lexicon, sentence.words.iter().map(String::as_str));
        let (mut rows, mut starts, mut vectors, mut open) = (Vec::new(), vec![0], Vec::new(), Vec::new());
        for i in 0..sight.len() {
            sight.rows(i, |row| rows.push(row as u16));
            if sentence.corpus > 0 {
                rows.push((ROWS + sentence.corpus) as u16);
            }
            starts.push(rows.len() as u32);
            vectors.push(sight.vector(i));
            open.push(sight.is_open(i) || sentence.allowed[i] >> OUTSIDE & 1 == 0);
        }
        Example { rows, starts, vectors, open, allowed: sentence.allowed.clone(), size: sentence.size() }
    }

    fn len(&self) -> usize {
        self.vectors.len()
    }

    fn rows(&self, i: usize) -> &[u16] {
        &self.rows[self.starts[i] as usize..self.starts[i + 1] as usize]
    }
}

/// The network.
pub(super) struct Net<'a> {
    lexicon: &'a Lexicon<'a>,
    dense: Weights,
    rows: Weights,
    steps: Weights,
    random: Random,
}

/// Places of the dense weights: of the vectors, of each layer, of the output; each with its biases behind it.
fn places() -> (usize, [usize; LAYERS], usize, usize) {
    let vectors = 0;
    let first = WIDTH * D + D;
    let layer = D * 3 * D + 3 * D;
    let output = first + LAYERS * layer;
    (vectors, std::array::from_fn(|i| first + i * layer), output, output + D * PARTS + PARTS)
}

impl<'a> Net<'a> {
    /// One that has learned nothing.
    pub(super) fn new(lexicon: &'a Lexicon<'a>, seed: u64) -> Net<'a> {
        let mut random = Random::new(seed);
        let (vectors, layers, output, end) = places();
        let mut normal = |n: usize, scale: f32| -> Vec<f32> {
            // The sum of four even numbers is near enough to a bell curve.
            (0..n).map(|_| (0..4).map(|_| random.unit() - 0.5).sum::<f32>() * 1.73 * scale).collect()
        };
        let mut dense = vec![0.0; end];
        let mut fill = |at: usize, rows: usize, columns: usize, gain: f32| {
            dense[at..at + rows * columns].copy_from_slice(&normal(rows * columns, gain / (rows as f32).sqrt()));
        };
        fill(vectors, WIDTH, D, 0.5);
        layers.iter().for_each(|&at| fill(at, D, 3 * D, 1.2));
        fill(output, D, PARTS, 0.3);
        let rows = normal((ROWS + CORPORA) * D, 0.1);
        Net {
            lexicon,
            dense: Weights::new(dense),
            rows: Weights::new(rows),
            steps: Weights::new(vec![0.0; LABELS * LABELS]),
            random,
        }
    }

    /// What one label after another is worth.
    pub(super) fn steps(&self) -> Steps {
        let mut steps = [[0.0; LABELS]; LABELS];
        steps.iter_mut().zip(self.steps.w.chunks(LABELS)).for_each(|(to, from)| to.copy_from_slice(from));
        steps
    }

    /// Trains on sentences; `say` hears how it goes.
    pub(super) fn train(&mut self, sentences: &[Sentence], say: &mut dyn FnMut(&str, &mut Net<'a>)) {
        let mut sight = Sight::default();
        let examples: Vec<Example> = sentences
            .iter()
            .filter(|s| (1..=160).contains(&s.words.len()))
            .map(|s| Example::new(self.lexicon, s, &mut sight))
            .filter(|e| e.open.contains(&true))
            .collect();
        let total: f32 = examples.iter().map(|e| PASSES as f32 * if e.size < 1.0 { SHARE } else { 1.0 }).sum();
        let mut done = 0usize;
        for pass in 0..PASSES {
            let random = &mut self.random;
            let mut order: Vec<usize> =
                (0..examples.len()).filter(|&i| examples[i].size == 1.0 || random.unit() < SHARE).collect();
            random.shuffle(&mut order);
            let mut loss = 0f64;
            let (mut batch, mut words): (Vec<&Example>, usize) = (Vec::new(), 0);
            for (k, &i) in order.iter().enumerate() {
                batch.push(&examples[i]);
                words += examples[i].len();
                done += 1;
                if words < BATCH && k + 1 < order.len() {
                    continue;
                }
                loss += self.learn(&batch);
                let wave = 0.5 + 0.5 * (done as f32 / total * std::f32::consts::PI).cos();
                self.step(&batch, RATE * (done as f32 / 3000.0).min(1.0) * wave.max(0.01));
                batch.clear();
                words = 0;
            }
            say(&format!("pass {}: loss {:.3}", pass + 1, loss / order.len() as f64), self);
        }
    }

    /// One step of the optimiser on what the batch moved.
    fn step(&mut self, batch: &[&Example], rate: f32) {
        let all = self.dense.w.len();
        self.dense.adam(0..all, rate, 0.0);
        self.steps.adam(0..LABELS * LABELS, rate, 0.0);
        let mut rows: Vec<u16> = batch.iter().flat_map(|e| e.rows.iter().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            self.rows.adam(usize::from(row) * D..(usize::from(row) + 1) * D, rate, 0.0);
        }
    }

    fn mask(&mut self, n: usize, p: f32) -> Vec<f32> {
        if p == 0.0 {
            return vec![1.0; n];
        }
        let keep = 1.0 / (1.0 - p);
        let limit = (p * 65536.0) as u64;
        let mut out = Vec::with_capacity(n + 4);
        while out.len() < n {
            let bits = self.random.bits();
            out.extend((0..4).map(|k| if (bits >> (k * 16) & 0xffff) < limit { 0.0 } else { keep }));
        }
        out.truncate(n);
        out
    }

    /// Adds to the moves of the weights what a batch asks for; returns its loss.
    fn learn(&mut self, batch: &[&Example]) -> f64 {
        let n: usize = batch.iter().map(|e| e.len()).sum();
        let words = {
            let before: usize = TABLES[..WORDS].iter().sum();
            before..before + TABLES[WORDS]
        };
        // Some words are read without their own row, some without their vector too.
        let dropped: Vec<u8> = (0..n)
            .map(|_| match self.random.unit() {
                x if x < 0.08 => 2,
                x if x < 0.5 => 1,
                _ => 0,
            })
            .collect();
        let kept = |row: u16, dropped: u8| dropped == 0 || !words.contains(&usize::from(row));
        let masks = [
            self.mask(n * D, DROP_INPUT),
            self.mask(n * D, DROP_LAYER),
            self.mask(n * D, DROP_LAYER),
            self.mask(n * D, DROP_OUTPUT),
        ];
        let (at_vectors, at_layers, at_output, _) = places();
        let w = &self.dense.w;
        let mut vectors = Vec::with_capacity(n * WIDTH);
        let mut x = rows_of(&w[at_vectors + WIDTH * D..][..D], n);
        let mut k = 0;
        for example in batch {
            for i in 0..example.len() {
                self.lexicon.vector(if dropped[k] == 2 { 0 } else { example.vectors[i] }, &mut vectors);
                for &row in example.rows(i).iter().filter(|r| kept(**r, dropped[k])) {
                    axpy(1.0, &self.rows.w[usize::from(row) * D..][..D], &mut x[k * D..(k + 1) * D]);
                }
                k += 1;
            }
        }
        gemm(&vectors, &w[at_vectors..], &mut x, n, WIDTH, D);
        multiply(&mut x, &masks[0]);
        let mut layers = Vec::new();
        for (l, &at) in at_layers.iter().enumerate() {
            let mut g = rows_of(&w[at + D * 3 * D..][..3 * D], n);
            gemm(&x, &w[at..], &mut g, n, D, 3 * D);
            let (mut c, mut h) = (vec![0f32; n * D], vec![0f32; n * D]);
            let mut start = 0;
            for example in batch {
                scan(&g, &mut c, &mut h, start, example.len(), D);
                start += example.len();
            }
            let mut y = x.clone();
            y.iter_mut().zip(&h).zip(&masks[1 + l]).for_each(|((y, h), m)| *y += h * m);
            layers.push((std::mem::replace(&mut x, y), g, c));
        }
        multiply(&mut x, &masks[3]);
        let mut out = rows_of(&w[at_output + D * PARTS..][..PARTS], n);
        gemm(&x, &w[at_output..], &mut out, n, D, PARTS);

        // What the paths ask for.
        let mut linked: Steps = [[0.0; LABELS]; LABELS];
        for before in 0..LABELS {
            for after in (0..LABELS).filter(|&after| Label::follows(before, after)) {
                linked[before][after] = self.steps.w[before * LABELS + after].exp();
            }
        }
        let mut moved: Steps = [[0.0; LABELS]; LABELS];
        let mut d_out = vec![0f32; n * PARTS];
        let (mut start, mut loss) = (0, 0f64);
        for example in batch {
            let len = example.len();
            let scores: Vec<Row> = out[start * PARTS..(start + len) * PARTS].as_chunks::<PARTS>().0.to_vec();
            let all: Vec<u64> = example.open.iter().map(|&o| if o { !0 } else { 1 << OUTSIDE }).collect();
            let (any, right) = (Chain::new(&scores, &linked, &all), Chain::new(&scores, &linked, &example.allowed));
            if let (Some(any), Some(right)) = (any, right) {
                loss += f64::from(any.total - right.total);
                for i in (0..len).filter(|&i| example.open[i]) {
                    for (l, d) in d_out[(start + i) * PARTS..][..PARTS].iter_mut().enumerate() {
                        *d = example.size * (any.share(i, l) - right.share(i, l));
                    }
                }
                for i in (0..len.saturating_sub(1)).filter(|&i| example.open[i] || example.open[i + 1]) {
                    any.add_pairs(i, &linked, example.size, &mut moved);
                    right.add_pairs(i, &linked, -example.size, &mut moved);
                }
            }
            start += len;
        }
        self.steps.g.iter_mut().zip(moved.iter().flatten()).for_each(|(g, m)| *g += m);

        // Backward.
        let g = &mut self.dense.g;
        let mut back = |x: &[f32], d: &[f32], at: usize, k: usize, m: usize, dx: Option<&mut [f32]>| {
            gemm(&transposed(x, n, k), d, &mut g[at..at + k * m], k, n, m);
            for row in d.chunks(m) {
                axpy(1.0, row, &mut g[at + k * m..at + k * m + m]);
            }
            if let Some(dx) = dx {
                gemm(d, &transposed(&w[at..at + k * m], k, m), dx, n, m, k);
            }
        };
        let mut dx = vec![0f32; n * D];
        back(&x, &d_out, at_output, D, PARTS, Some(&mut dx));
        multiply(&mut dx, &masks[3]);
        for (l, (x, gates, c)) in layers.iter().enumerate().rev() {
            let mut dh = dx.clone();
            multiply(&mut dh, &masks[1 + l]);
            let mut dg = vec![0f32; n * 3 * D];
            let mut start = 0;
            for example in batch {
                scan_back(gates, c, &dh, &mut dg, start, example.len(), D);
                start += example.len();
            }
            back(x, &dg, at_layers[l], D, 3 * D, Some(&mut dx));
        }
        multiply(&mut dx, &masks[0]);
        back(&vectors, &dx, at_vectors, WIDTH, D, None);
        let mut k = 0;
        for example in batch {
            for i in 0..example.len() {
                for &row in example.rows(i).iter().filter(|r| kept(**r, dropped[k])) {
                    axpy(1.0, &dx[k * D..(k + 1) * D], &mut self.rows.g[usize::from(row) * D..][..D]);
                }
                k += 1;
            }
        }
        loss
    }

    /// The file's bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let (at_vectors, at_layers, at_output, _) = places();
        let w = &self.dense.w;
        let mut bytes = (LAYERS as u32).to_le_bytes().to_vec();
        bytes.extend(Vectors::write(&self.rows.w[..ROWS * D], D));
        bytes.extend(Matrix::write(&w[at_vectors..], &w[at_vectors + WIDTH * D..], WIDTH, D));
        for at in at_layers {
            bytes.extend(Matrix::write(&w[at..], &w[at + D * 3 * D..], D, 3 * D));
        }
        bytes.extend(Matrix::write(&w[at_output..], &w[at_output + D * PARTS..], D, PARTS));
        bytes
    }

    /// The labels of a sentence.
    pub(super) fn labels(&self, opened: &tellings_parse::names::Net<'_>, sight: &Sight) -> Vec<usize> {
        let open: Vec<bool> = (0..sight.len()).map(|i| sight.is_open(i)).collect();
        let scores = opened.scores(sight, self.lexicon);
        best(scores.as_chunks::<PARTS>().0, &self.steps(), &open)
    }
}
