//! The network of the parse stage in training: word and affix vectors, added; three layers of gated recurrences in both
//! directions; from their output the tag, the head and the relation of each word. Gradients are written out by hand.

use crate::math::{Weights, axpy, dot, gemm, softmax, transposed};
use crate::perceptron::Random;
use crate::tagger::Sentence;
use crate::vectors::{SIZE, Vectors};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tellings_doc::Deprel;
use tellings_nn::{Matrix, TableBuilder};
use tellings_parse::net::{BUCKETS, DISTANCES, RELATIONS, TAGS, distance};
use tellings_parse::tagger::Tag;
use tellings_parse::words::Word;

/// Size of a network.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Numbers that run through the layers for each word; half of them are carried forward, half backward.
    pub d: usize,
    /// Layers.
    pub layers: usize,
    /// Numbers in the comparison of word and head.
    pub a: usize,
    /// Numbers from which the relation is told.
    pub r: usize,
}

/// What the network sees of a word: rows of its tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input {
    word: u32,
    pre: u32,
    rows: [u32; 6],
}

/// a sentence with what is to be learned from it.
#[derive(Clone, Debug)]
pub struct Example {
    inputs: Vec<Input>,
    tags: Vec<u16>,
    heads: Vec<usize>,
    deprels: Vec<Deprel>,
}

/// Places of the dense weights in one vector.
#[derive(Clone, Debug)]
struct Places {
    pre: usize,
    layers: Vec<(usize, usize)>,
    tags: (usize, usize),
    heads: (usize, usize),
    words: (usize, usize),
    cross: (usize, usize),
    root: usize,
    distances: (usize, usize),
    label_head: usize,
    label_word: (usize, usize),
    label: (usize, usize),
    end: usize,
}

impl Places {
    fn new(shape: Shape) -> Places {
        let Shape { d, layers, a, r } = shape;
        let mut at = 0;
        let mut take = |n: usize| {
            at += n;
            at - n
        };
        Places {
            pre: take(SIZE * d),
            layers: (0..layers).map(|_| (take(d * 3 * d), take(3 * d))).collect(),
            tags: (take(d * TAGS), take(TAGS)),
            heads: (take(d * a), take(a)),
            words: (take(d * a), take(a)),
            cross: (take(a * a), take(a)),
            root: take(a),
            distances: (take(d * DISTANCES), take(DISTANCES)),
            label_head: take(d * r),
            label_word: (take(d * r), take(r)),
            label: (take(r * RELATIONS), take(RELATIONS)),
            end: take(0),
        }
    }
}

/// The network.
#[derive(Clone, Debug)]
pub struct Net {
    shape: Shape,
    places: Places,
    dense: Weights,
    /// Learned word vectors; row 0 stands for unknown words.
    words: Weights,
    /// Affixes and shapes, table after table.
    affixes: Weights,
    /// Vectors from raw text; row 0 is nothing.
    pre: Vec<f32>,
    word_rows: FxHashMap<u64, u32>,
    word_counts: Vec<u32>,
    pre_rows: FxHashMap<u64, u32>,
    pending: (Vec<u32>, Vec<u32>),
    labels: Vec<Tag>,
}

/// How a network is trained.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Size of the network.
    pub shape: Shape,
    /// Times all sentences are read.
    pub passes: usize,
    /// Length of a step at first; it falls to nothing along half a wave.
    pub rate: f32,
    /// Share blotted out of the summed input vectors.
    pub input: f32,
    /// Share blotted out of what a layer adds.
    pub layer: f32,
    /// Share blotted out of the output, before tags, heads and relations are told.
    pub output: f32,
}

/// Loss and hits of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Words.
    pub words: usize,
    /// Tags right.
    pub tags: usize,
    /// Universal tags right.
    pub upos: usize,
    /// Heads right.
    pub heads: usize,
    /// Heads and universal relations right.
    pub both: usize,
    /// Sum of the losses.
    pub loss: f32,
}

fn offsets() -> [usize; 6] {
    let mut at = 0;
    BUCKETS.map(|n| {
        at += n;
        at - n
    })
}

/// a smooth step from 0 to 1 that needs no exponential.
fn gate(x: f32) -> f32 {
    0.5 + 0.5 * x / (1.0 + x.abs())
}

fn gate_slope(x: f32) -> f32 {
    let y = 1.0 + x.abs();
    0.5 / (y * y)
}

impl Net {
    /// a network that has learned nothing, for these sentences' words.
    pub fn new(sentences: &[Sentence], labels: &[Tag], vectors: &Vectors, shape: Shape, seed: u64) -> Net {
        let Shape { d, a, r, .. } = shape;
        let mut random = Random::new(seed);
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        for word in sentences.iter().flat_map(|s| &s.words) {
            *counts.entry(word.lower).or_default() += 1;
        }
        let known: Vec<(u64, u32)> = counts.into_iter().filter(|(_, n)| *n >= 2).collect();
        let word_rows: FxHashMap<u64, u32> = known.iter().enumerate().map(|(i, (w, _))| (*w, i as u32 + 1)).collect();
        let word_counts: Vec<u32> = std::iter::once(0).chain(known.iter().map(|(_, n)| *n)).collect();
        let pre_rows = vectors.words.iter().enumerate().map(|(i, w)| (*w, i as u32 + 1)).collect();
        // Vectors of one size, so that their scale does not matter.
        let mut pre = vec![0.0; SIZE];
        for row in vectors.rows.chunks(SIZE) {
            let length = (dot(row, row) / SIZE as f32).sqrt().max(1e-6);
            pre.extend(row.iter().map(|x| x / length));
        }
        let mut normal = |n: usize, scale: f32| -> Vec<f32> {
            // The sum of four even numbers is near enough to a bell curve.
            (0..n).map(|_| (0..4).map(|_| random.unit() - 0.5).sum::<f32>() * 1.73 * scale).collect()
        };
        let places = Places::new(shape);
        let mut dense = vec![0.0; places.end];
        let mut fill = |at: usize, rows: usize, columns: usize, gain: f32| {
            dense[at..at + rows * columns].copy_from_slice(&normal(rows * columns, gain / (rows as f32).sqrt()));
        };
        fill(places.pre, SIZE, d, 0.5);
        for &(at, _) in &places.layers {
            fill(at, d, 3 * d, 1.2);
        }
        fill(places.tags.0, d, TAGS, 0.5);
        fill(places.heads.0, d, a, 1.0);
        fill(places.words.0, d, a, 1.0);
        fill(places.cross.0, a, a, 0.3);
        fill(places.root, 1, a, 0.1);
        fill(places.distances.0, d, DISTANCES, 0.1);
        fill(places.label_head, d, r, 1.0);
        fill(places.label_word.0, d, r, 1.0);
        fill(places.label.0, r, RELATIONS, 0.5);
        let words = normal(word_counts.len() * d, 0.1);
        let affixes = normal(BUCKETS.iter().sum::<usize>() * d, 0.15);
        Net {
            shape,
            places,
            dense: Weights::new(dense),
            words: Weights::new(words),
            affixes: Weights::new(affixes),
            pre,
            word_rows,
            word_counts,
            pre_rows,
            pending: Default::default(),
            labels: labels.to_vec(),
        }
    }

    /// a sentence as the network sees it.
    pub fn example(&self, sentence: &Sentence) -> Example {
        let number: BTreeMap<Tag, u16> = self.labels.iter().enumerate().map(|(i, t)| (*t, i as u16)).collect();
        Example {
            inputs: sentence.words.iter().map(|w| self.input(w)).collect(),
            tags: sentence.tags.iter().map(|t| number.get(t).copied().unwrap_or(u16::MAX)).collect(),
            heads: sentence.gold.iter().map(|w| w.head.unwrap_or(usize::MAX)).collect(),
            deprels: sentence.gold.iter().map(|w| w.deprel).collect(),
        }
    }

    /// Runs the network over a batch; with `train`, also adds to the moves of the weights.
    pub fn run(&mut self, batch: &[&Example], train: Option<(Options, &mut Random)>) -> Score {
        let Shape { d, a, r, .. } = self.shape;
        let n: usize = batch.iter().map(|e| e.inputs.len()).sum();
        let mut score = Score { words: n, ..Score::default() };
        let mut inputs: Vec<Input> = batch.iter().flat_map(|e| e.inputs.iter().copied()).collect();
        let learning = train.is_some();
        let mut none = Random::new(0);
        let (drop, random) = match train {
            Some((drop, random)) => (drop, random),
            None => (Options { shape: self.shape, passes: 0, rate: 0.0, input: 0.0, layer: 0.0, output: 0.0 }, &mut none),
        };
        if learning {
            for input in &mut inputs {
                let count = self.word_counts[input.word as usize] as f32;
                if random.unit() < 0.8 / (count + 0.8) {
                    input.word = 0;
                }
                if random.unit() < 0.04 {
                    (input.word, input.pre) = (0, 0);
                }
            }
        }
        let mut mask = |n: usize, p: f32| -> Vec<f32> {
            if p == 0.0 {
                return vec![1.0; n];
            }
            let keep = 1.0 / (1.0 - p);
            let limit = (p * 65536.0) as u64;
            let mut out = Vec::with_capacity(n + 4);
            while out.len() < n {
                let bits = random.bits();
                out.extend((0..4).map(|k| if (bits >> (k * 16) & 0xffff) < limit { 0.0 } else { keep }));
            }
            out.truncate(n);
            out
        };
        let places = self.places.clone();
        let w = &self.dense.w;

        // Inputs.
        let mut pre = vec![0f32; n * SIZE];
        let mut x = vec![0f32; n * d];
        for (i, input) in inputs.iter().enumerate() {
            let row = input.pre as usize * SIZE;
            pre[i * SIZE..(i + 1) * SIZE].copy_from_slice(&self.pre[row..row + SIZE]);
            let to = &mut x[i * d..(i + 1) * d];
            axpy(1.0, &self.words.w[input.word as usize * d..][..d], to);
            for row in input.rows {
                axpy(1.0, &self.affixes.w[row as usize * d..][..d], to);
            }
        }
        gemm(&pre, &w[places.pre..], &mut x, n, SIZE, d);
        let input_mask = mask(n * d, drop.input);
        multiply(&mut x, &input_mask);

        // Layers.
        let mut layers = Vec::new();
        for &(weights, bias) in &places.layers {
            let mut g = rows_of(&w[bias..bias + 3 * d], n);
            gemm(&x, &w[weights..], &mut g, n, d, 3 * d);
            let mut c = vec![0f32; n * d];
            let mut h = vec![0f32; n * d];
            let mut start = 0;
            for example in batch {
                let len = example.inputs.len();
                scan(&g, &mut c, &mut h, start, len, d);
                start += len;
            }
            let layer_mask = mask(n * d, drop.layer);
            let mut y = x.clone();
            for i in 0..n * d {
                y[i] += h[i] * layer_mask[i];
            }
            layers.push((std::mem::replace(&mut x, y), g, c, layer_mask));
        }
        let output_mask = mask(n * d, drop.output);
        multiply(&mut x, &output_mask);

        // Tags.
        let affine = |x: &[f32], at: usize, bias: Option<usize>, k: usize, m: usize| {
            let mut y = match bias {
                Some(b) => rows_of(&w[b..b + m], n),
                None => vec![0.0; n * m],
            };
            gemm(x, &w[at..], &mut y, n, k, m);
            y
        };
        let mut tags = affine(&x, places.tags.0, Some(places.tags.1), d, TAGS);
        let mut heads = affine(&x, places.heads.0, Some(places.heads.1), d, a);
        let mut words = affine(&x, places.words.0, Some(places.words.1), d, a);
        relu(&mut heads);
        relu(&mut words);
        let heads_mask = mask(n * a, drop.output);
        let words_mask = mask(n * a, drop.output);
        multiply(&mut heads, &heads_mask);
        multiply(&mut words, &words_mask);
        let cross = affine(&words, places.cross.0, Some(places.cross.1), a, a);
        let far = affine(&x, places.distances.0, Some(places.distances.1), d, DISTANCES);
        let label_head = affine(&x, places.label_head, None, d, r);
        let label_word = affine(&x, places.label_word.0, Some(places.label_word.1), d, r);

        let n_labels = self.labels.len();
        let (mut d_cross, mut d_heads, mut d_far) = (vec![0f32; n * a], vec![0f32; n * a], vec![0f32; n * DISTANCES]);
        let mut d_root = vec![0f32; a];
        let mut hidden = vec![0f32; n * r];
        let mut label_of = vec![usize::MAX; n];
        let mut guessed = vec![usize::MAX; n];
        let mut start = 0;
        let mut scores = Vec::new();
        for example in batch {
            let len = example.inputs.len();
            for j in 0..len {
                let at = start + j;
                let logits = &mut tags[at * TAGS..(at + 1) * TAGS];
                logits[n_labels..].fill(-1e9);
                let gold = example.tags[j];
                let guess = best(logits);
                score.tags += (guess == gold as usize) as usize;
                if gold != u16::MAX {
                    score.upos += (self.labels[guess].upos == self.labels[gold as usize].upos) as usize;
                    score.loss += softmax(logits, gold as usize);
                } else {
                    logits.fill(0.0);
                }
                // Heads: every other word, or the root as the last.
                let q = &cross[at * a..(at + 1) * a];
                scores.clear();
                for i in 0..len {
                    let s = if i == j {
                        -1e9
                    } else {
                        dot(q, &heads[(start + i) * a..(start + i + 1) * a]) + far[at * DISTANCES + distance(j, i)]
                    };
                    scores.push(s);
                }
                scores.push(dot(q, &w[places.root..places.root + a]) + far[at * DISTANCES]);
                let gold = example.heads[j].min(len);
                let guess = best(&scores);
                score.heads += (guess == gold) as usize;
                guessed[at] = guess;
                score.loss += softmax(&mut scores, gold);
                if learning {
                    for i in 0..=len {
                        let s = scores[i];
                        if s.abs() < 1e-7 {
                            continue;
                        }
                        if i == len {
                            axpy(s, &w[places.root..places.root + a], &mut d_cross[at * a..(at + 1) * a]);
                            axpy(s, q, &mut d_root);
                            d_far[at * DISTANCES] += s;
                        } else if i != j {
                            axpy(s, &heads[(start + i) * a..(start + i + 1) * a], &mut d_cross[at * a..(at + 1) * a]);
                            axpy(s, q, &mut d_heads[(start + i) * a..(start + i + 1) * a]);
                            d_far[at * DISTANCES + distance(j, i)] += s;
                        }
                    }
                }
                if gold < len {
                    label_of[at] = start + gold;
                    let row = &mut hidden[at * r..(at + 1) * r];
                    for l in 0..r {
                        row[l] = (label_head[(start + gold) * r + l] + label_word[at * r + l]).max(0.0);
                    }
                } else {
                    score.both += (guess == gold) as usize;
                }
            }
            start += len;
        }
        let hidden_mask = mask(n * r, drop.output);
        multiply(&mut hidden, &hidden_mask);
        let mut relations = affine(&hidden, places.label.0, Some(places.label.1), r, RELATIONS);
        let mut at = 0;
        for example in batch {
            for j in 0..example.inputs.len() {
                let logits = &mut relations[at * RELATIONS..(at + 1) * RELATIONS];
                if label_of[at] == usize::MAX {
                    logits.fill(0.0);
                } else {
                    logits[Deprel::ALL.len()..].fill(-1e9);
                    let gold = example.deprels[j];
                    let guess = Deprel::ALL[best(logits)];
                    score.both += (guess.base() == gold.base() && guessed[at] == example.heads[j]) as usize;
                    score.loss += softmax(logits, gold as usize);
                }
                at += 1;
            }
        }
        if !learning {
            return score;
        }

        // Backward.
        let g = &mut self.dense.g;
        let mut dx = vec![0f32; n * d];
        let mut back = |x: &[f32], d: &[f32], at: usize, bias: Option<usize>, k: usize, m: usize, dx: &mut [f32]| {
            gemm(&transposed(x, n, k), d, &mut g[at..at + k * m], k, n, m);
            if let Some(b) = bias {
                for row in d.chunks(m) {
                    axpy(1.0, row, &mut g[b..b + m]);
                }
            }
            gemm(d, &transposed(&w[at..at + k * m], k, m), dx, n, m, k);
        };
        back(&x, &tags, places.tags.0, Some(places.tags.1), d, TAGS, &mut dx);
        let mut d_hidden = vec![0f32; n * r];
        back(&hidden, &relations, places.label.0, Some(places.label.1), r, RELATIONS, &mut d_hidden);
        let (mut d_label_head, mut d_label_word) = (vec![0f32; n * r], vec![0f32; n * r]);
        for at in 0..n {
            if label_of[at] == usize::MAX {
                continue;
            }
            for l in 0..r {
                if hidden[at * r + l] > 0.0 {
                    let d = d_hidden[at * r + l] * hidden_mask[at * r + l];
                    d_label_head[label_of[at] * r + l] += d;
                    d_label_word[at * r + l] += d;
                }
            }
        }
        back(&x, &d_label_head, places.label_head, None, d, r, &mut dx);
        back(&x, &d_label_word, places.label_word.0, Some(places.label_word.1), d, r, &mut dx);
        back(&x, &d_far, places.distances.0, Some(places.distances.1), d, DISTANCES, &mut dx);
        let mut d_words = vec![0f32; n * a];
        back(&words, &d_cross, places.cross.0, Some(places.cross.1), a, a, &mut d_words);
        for i in 0..n * a {
            d_words[i] = if words[i] > 0.0 { d_words[i] * words_mask[i] } else { 0.0 };
            d_heads[i] = if heads[i] > 0.0 { d_heads[i] * heads_mask[i] } else { 0.0 };
        }
        back(&x, &d_heads, places.heads.0, Some(places.heads.1), d, a, &mut dx);
        back(&x, &d_words, places.words.0, Some(places.words.1), d, a, &mut dx);
        multiply(&mut dx, &output_mask);
        for ((weights, bias), (x, gates, c, layer_mask)) in places.layers.iter().copied().zip(&layers).rev() {
            let mut dh = dx.clone();
            multiply(&mut dh, layer_mask);
            let mut dg = vec![0f32; n * 3 * d];
            let mut start = 0;
            for example in batch {
                let len = example.inputs.len();
                scan_back(gates, c, &dh, &mut dg, start, len, d);
                start += len;
            }
            back(x, &dg, weights, Some(bias), d, 3 * d, &mut dx);
        }
        multiply(&mut dx, &input_mask);
        gemm(&transposed(&pre, n, SIZE), &dx, &mut g[places.pre..places.pre + SIZE * d], SIZE, n, d);
        axpy(1.0, &d_root, &mut self.dense.g[places.root..places.root + a]);
        let (mut touched_words, mut touched_affixes) = (Vec::new(), Vec::new());
        for (i, input) in inputs.iter().enumerate() {
            let moved = &dx[i * d..(i + 1) * d];
            axpy(1.0, moved, &mut self.words.g[input.word as usize * d..][..d]);
            touched_words.push(input.word);
            for row in input.rows {
                axpy(1.0, moved, &mut self.affixes.g[row as usize * d..][..d]);
                touched_affixes.push(row);
            }
        }
        self.touched(touched_words, touched_affixes);
        score
    }

    fn input(&self, word: &Word) -> Input {
        let offsets = offsets();
        Input {
            word: self.word_rows.get(&word.lower).copied().unwrap_or(0),
            pre: self.pre_rows.get(&word.lower).copied().unwrap_or(0),
            rows: std::array::from_fn(|k| (offsets[k] + tellings_parse::words::bucket(word, k, BUCKETS[k])) as u32),
        }
    }

    /// The file's bytes.
    pub fn write(&self) -> Vec<u8> {
        let Shape { d, a, r, layers } = self.shape;
        let (w, p) = (&self.dense.w, &self.places);
        let mut table = TableBuilder::default();
        let mut rows = self.words.w[..d].to_vec();
        let mut all: Vec<u64> = self.word_rows.keys().chain(self.pre_rows.keys()).copied().collect();
        all.sort_unstable();
        all.dedup();
        for word in all {
            let row = self.word_rows.get(&word).copied().unwrap_or(0) as usize;
            let mut sum = self.words.w[row * d..(row + 1) * d].to_vec();
            if let Some(&pre) = self.pre_rows.get(&word) {
                let vector = &self.pre[pre as usize * SIZE..][..SIZE];
                for (x, weights) in vector.iter().zip(w[p.pre..].chunks_exact(d)) {
                    axpy(*x, weights, &mut sum);
                }
            }
            table.set(word, (rows.len() / d) as u32);
            rows.extend(sum);
        }
        let mut bytes = (layers as u32).to_le_bytes().to_vec();
        bytes.extend(table.write());
        bytes.extend(tellings_nn::Vectors::write(&rows, d));
        bytes.extend(tellings_nn::Vectors::write(&self.affixes.w, d));
        for &(weights, bias) in &p.layers {
            bytes.extend(Matrix::write(&w[weights..], &w[bias..], d, 3 * d));
        }
        // All that is read from the last layer, side by side.
        let none = vec![0.0; r];
        let parts = [
            (p.tags.0, &w[p.tags.1..][..TAGS]),
            (p.heads.0, &w[p.heads.1..][..a]),
            (p.words.0, &w[p.words.1..][..a]),
            (p.distances.0, &w[p.distances.1..][..DISTANCES]),
            (p.label_head, &none[..]),
            (p.label_word.0, &w[p.label_word.1..][..r]),
        ];
        let mut weights = Vec::new();
        for i in 0..d {
            for (at, bias) in parts {
                weights.extend(&w[at + i * bias.len()..][..bias.len()]);
            }
        }
        let biases: Vec<f32> = parts.iter().flat_map(|(_, bias)| bias.iter().copied()).collect();
        bytes.extend(Matrix::write(&weights, &biases, d, biases.len()));
        bytes.extend(Matrix::write(&w[p.cross.0..], &w[p.cross.1..], a, a));
        bytes.extend(Matrix::write(&w[p.label.0..], &w[p.label.1..], r, RELATIONS));
        bytes.extend(w[p.root..][..a].iter().flat_map(|x| x.to_le_bytes()));
        bytes
    }

    fn touched(&mut self, words: Vec<u32>, affixes: Vec<u32>) {
        self.pending.0.extend(words);
        self.pending.1.extend(affixes);
    }

    /// One step of the optimiser on what the last batch moved.
    pub fn step(&mut self, rate: f32) {
        let d = self.shape.d;
        let all = self.dense.w.len();
        self.dense.adam(0..all, rate, 0.0);
        let (mut rows, mut affixes) = std::mem::take(&mut self.pending);
        rows.sort_unstable();
        rows.dedup();
        affixes.sort_unstable();
        affixes.dedup();
        for row in rows {
            self.words.adam(row as usize * d..(row as usize + 1) * d, rate, 0.0);
        }
        for row in affixes {
            self.affixes.adam(row as usize * d..(row as usize + 1) * d, rate, 0.0);
        }
    }
}

pub(crate) fn multiply(x: &mut [f32], by: &[f32]) {
    for (a, b) in x.iter_mut().zip(by) {
        *a *= b;
    }
}

fn relu(x: &mut [f32]) {
    for a in x {
        *a = a.max(0.0);
    }
}

pub(crate) fn rows_of(row: &[f32], n: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(row.len() * n);
    for _ in 0..n {
        out.extend_from_slice(row);
    }
    out
}

/// Position of the highest score, the first of equals.
pub fn best(scores: &[f32]) -> usize {
    (0..scores.len()).fold(0, |best, k| if scores[k] > scores[best] { k } else { best })
}

/// The recurrences of one sentence: `c = f c' + (1 - f) z`, `h = r c`, forward in the first half, backward in the second.
pub(crate) fn scan(g: &[f32], c: &mut [f32], h: &mut [f32], start: usize, len: usize, d: usize) {
    let half = d / 2;
    for side in 0..2 {
        let mut last = vec![0f32; half];
        for t in 0..len {
            let at = start + if side == 0 { t } else { len - 1 - t };
            let gates = &g[at * 3 * d + side * 3 * half..][..3 * half];
            let (z, rest) = gates.split_at(half);
            let (f, r) = rest.split_at(half);
            let to = at * d + side * half;
            for l in 0..half {
                let forget = gate(f[l]);
                last[l] = z[l] + forget * (last[l] - z[l]);
                c[to + l] = last[l];
                h[to + l] = gate(r[l]) * last[l];
            }
        }
    }
}

pub(crate) fn scan_back(g: &[f32], c: &[f32], dh: &[f32], dg: &mut [f32], start: usize, len: usize, d: usize) {
    let half = d / 2;
    for side in 0..2 {
        let mut carry = vec![0f32; half];
        for t in (0..len).rev() {
            let at = start + if side == 0 { t } else { len - 1 - t };
            let before = (t > 0).then(|| if side == 0 { at - 1 } else { at + 1 });
            let gates = &g[at * 3 * d + side * 3 * half..][..3 * half];
            let (z, rest) = gates.split_at(half);
            let (f, r) = rest.split_at(half);
            let out = &mut dg[at * 3 * d + side * 3 * half..][..3 * half];
            let (dz, rest) = out.split_at_mut(half);
            let (df, dr) = rest.split_at_mut(half);
            let from = at * d + side * half;
            for l in 0..half {
                let last = before.map_or(0.0, |b| c[b * d + side * half + l]);
                let dy = dh[from + l];
                dr[l] = dy * c[from + l] * gate_slope(r[l]);
                let dc = dy * gate(r[l]) + carry[l];
                let forget = gate(f[l]);
                df[l] = dc * (last - z[l]) * gate_slope(f[l]);
                dz[l] = dc * (1.0 - forget);
                carry[l] = dc * forget;
            }
        }
    }
}

/// Trains a network on treebank sentences.
pub fn train(net: &mut Net, sentences: &[Sentence], develop: &[(&str, Vec<Sentence>)], options: &Options, seed: u64) {
    let gold: Vec<Example> = sentences.iter().filter(|s| s.words.len() <= 160).map(|s| net.example(s)).collect();
    let develop: Vec<(&str, Vec<Example>)> =
        develop.iter().map(|(name, s)| (*name, s.iter().map(|s| net.example(s)).collect())).collect();
    let mut random = Random::new(seed);
    let (mut steps, total) = (0usize, options.passes * gold.len());
    for pass in 0..options.passes {
        let mut order: Vec<&Example> = gold.iter().collect();
        random.shuffle(&mut order);
        let mut sum = Score::default();
        let mut batch: Vec<&Example> = Vec::new();
        let mut words = 0;
        for (k, &example) in order.iter().enumerate() {
            batch.push(example);
            words += example.inputs.len();
            steps += 1;
            if words < 400 && k + 1 < order.len() {
                continue;
            }
            sum = sum.plus(net.run(&batch, Some((*options, &mut random))));
            let progress = steps as f32 / total as f32;
            let warm = (steps as f32 / 3000.0).min(1.0);
            net.step(options.rate * warm * (0.5 + 0.5 * (progress * std::f32::consts::PI).cos()).max(0.01));
            batch.clear();
            words = 0;
        }
        print!("pass {pass}: {}", sum.line());
        if pass % 4 == 3 || pass + 1 == options.passes {
            for (name, examples) in &develop {
                let mut sum = Score::default();
                for chunk in examples.chunks(32) {
                    sum = sum.plus(net.run(&chunk.iter().collect::<Vec<_>>(), None));
                }
                print!(" | {name} {}", sum.line());
            }
        }
        println!();
    }
}

impl Score {
    fn plus(self, o: Score) -> Score {
        Score {
            words: self.words + o.words,
            tags: self.tags + o.tags,
            upos: self.upos + o.upos,
            heads: self.heads + o.heads,
            both: self.both + o.both,
            loss: self.loss + o.loss,
        }
    }

    fn line(&self) -> String {
        let share = |n: usize| 100.0 * n as f64 / self.words.max(1) as f64;
        let loss = self.loss / self.words.max(1) as f32;
        format!(
            "loss {loss:.3} tags {:.2} upos {:.2} UAS {:.2} LAS {:.2}",
            share(self.tags),
            share(self.upos),
            share(self.heads),
            share(self.both)
        )
    }
}
