//! The averaged structured perceptron, with sets of labels in place of single ones.

use super::corpora::Sentence;
use rustc_hash::FxHashMap;
use tellings_parse::names::{LABELS, Label, Lexicon, OUTSIDE, PARTS, Sight, features, place};

/// Rounds through the corpora.
pub(super) const EPOCHS: usize = 9;
/// A feature seen less often gets no weights.
const AT_LEAST: u8 = 2;
/// Slots of the shipped table, and how many of them may be filled.
const SLOTS: usize = 300_000;
const FILLED: usize = 276_000;

type Row = [f32; PARTS];

/// Weights under training.
pub(super) struct Learner {
    ids: FxHashMap<u64, u32>,
    /// Features of all words of all sentences, one after another; where each word's begin.
    features: Vec<u32>,
    starts: Vec<u32>,
    weights: Vec<Row>,
    sums: Vec<Row>,
    steps: Box<[[f32; LABELS]; LABELS]>,
    step_sums: Box<[[f32; LABELS]; LABELS]>,
    time: f32,
}

/// Averaged weights.
pub(super) struct Model<'a> {
    ids: &'a FxHashMap<u64, u32>,
    weights: Vec<Row>,
    steps: Box<[[f32; LABELS]; LABELS]>,
}

/// The shipped form.
pub(super) struct Table {
    pub(super) unit: u32,
    pub(super) bytes: Vec<u8>,
}

impl Learner {
    pub(super) fn new(lexicon: &Lexicon<'_>, sentences: &[Sentence]) -> Learner {
        const SKETCH: usize = 1 << 27;
        let mut counts = vec![0u8; SKETCH];
        let mut sight = Sight::default();
        for sentence in sentences {
            sight.read(lexicon, sentence.words.iter().map(String::as_str));
            for i in 0..sight.len() {
                features(&sight, i, |f| {
                    let count = &mut counts[(f >> 37) as usize];
                    *count = count.saturating_add(1);
                });
            }
        }
        let mut ids = FxHashMap::default();
        let (mut list, mut starts) = (Vec::new(), vec![0]);
        for sentence in sentences {
            sight.read(lexicon, sentence.words.iter().map(String::as_str));
            for i in 0..sight.len() {
                features(&sight, i, |f| {
                    if counts[(f >> 37) as usize] >= AT_LEAST {
                        let next = ids.len() as u32;
                        list.push(*ids.entry(f).or_insert(next));
                    }
                });
                starts.push(list.len() as u32);
            }
        }
        let n = ids.len();
        Learner {
            ids,
            features: list,
            starts,
            weights: vec![[0.0; PARTS]; n],
            sums: vec![[0.0; PARTS]; n],
            steps: Box::new([[0.0; LABELS]; LABELS]),
            step_sums: Box::new([[0.0; LABELS]; LABELS]),
            time: 1.0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Goes once through the sentences, in an order of its own; returns how many were read wrong.
    pub(super) fn epoch(&mut self, sentences: &[Sentence], epoch: usize) -> usize {
        let mut first_word = Vec::with_capacity(sentences.len());
        let mut at = 0usize;
        for sentence in sentences {
            first_word.push(at);
            at += sentence.words.len();
        }
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        let mut random = 0x2545_f491_4f6c_dd1d_u64 ^ ((epoch as u64 + 1) << 32);
        for i in (1..order.len()).rev() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(i, (random % (i as u64 + 1)) as usize);
        }
        let mut wrong = 0;
        let mut scores: Vec<Row> = Vec::new();
        for s in order {
            let sentence = &sentences[s];
            let n = sentence.words.len();
            scores.clear();
            for i in 0..n {
                let mut row = [0.0; PARTS];
                for &f in self.of(first_word[s] + i) {
                    for (sum, w) in row.iter_mut().zip(&self.weights[f as usize]) {
                        *sum += w;
                    }
                }
                scores.push(row);
            }
            let guess = best(&scores, &self.steps, None);
            self.time += 1.0;
            if guess.iter().zip(&sentence.allowed).all(|(&l, set)| set >> l & 1 == 1) {
                continue;
            }
            wrong += 1;
            let gold = best(&scores, &self.steps, Some(&sentence.allowed));
            let size = sentence.weight;
            let (mut g0, mut h0) = (OUTSIDE, OUTSIDE);
            for i in 0..n {
                let (g, h) = (gold[i], guess[i]);
                if g != h {
                    let range = self.starts[first_word[s] + i] as usize..self.starts[first_word[s] + i + 1] as usize;
                    for f in range {
                        let f = self.features[f] as usize;
                        if g < PARTS {
                            self.weights[f][g] += size;
                            self.sums[f][g] += size * self.time;
                        }
                        if h < PARTS {
                            self.weights[f][h] -= size;
                            self.sums[f][h] -= size * self.time;
                        }
                    }
                }
                if (g0, g) != (h0, h) {
                    self.steps[g0][g] += size;
                    self.step_sums[g0][g] += size * self.time;
                    self.steps[h0][h] -= size;
                    self.step_sums[h0][h] -= size * self.time;
                }
                (g0, h0) = (g, h);
            }
        }
        wrong
    }

    fn of(&self, word: usize) -> &[u32] {
        &self.features[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// The averaged weights.
    pub(super) fn model(&self) -> Model<'_> {
        let average = |w: f32, sum: f32| w - sum / self.time;
        let weights = self.weights.iter().zip(&self.sums).map(|(w, s)| std::array::from_fn(|i| average(w[i], s[i]))).collect();
        let mut steps = self.steps.clone();
        for (row, sums) in steps.iter_mut().zip(self.step_sums.iter()) {
            for (w, s) in row.iter_mut().zip(sums) {
                *w = average(*w, *s);
            }
        }
        Model { ids: &self.ids, weights, steps }
    }

    /// The weights that matter most, as small integers in the shipped table.
    pub(super) fn table(&self) -> (Table, String) {
        let model = self.model();
        let size = |row: &Row| row.iter().fold(0f32, |m, w| m.max(w.abs()));
        let mut order: Vec<(u64, u32)> = self.ids.iter().map(|(&f, &id)| (f, id)).collect();
        order.sort_by(|a, b| {
            size(&model.weights[b.1 as usize]).total_cmp(&size(&model.weights[a.1 as usize])).then(a.0.cmp(&b.0))
        });
        let kept = order.len().min(FILLED);
        let least = order.get(kept.saturating_sub(1)).map_or(0.0, |o| size(&model.weights[o.1 as usize]));
        // A few weights in ten thousand are cut off at the ends of the range.
        let limit = order.get(kept / 2000).map_or(1.0, |o| size(&model.weights[o.1 as usize]));
        let scale = 127.0 / limit.max(1e-6);
        let small = |w: f32| (w * scale).round().clamp(-127.0, 127.0) as i8;
        let mut checks = vec![0u16; SLOTS];
        let mut rows = vec![0u8; SLOTS * PARTS];
        for &(feature, id) in &order[..kept] {
            let (slot, check) = place(feature, SLOTS as u64);
            let mut slot = slot as usize;
            while checks[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            checks[slot] = check;
            for (byte, w) in rows[slot * PARTS..][..PARTS].iter_mut().zip(&model.weights[id as usize]) {
                *byte = small(*w) as u8;
            }
        }
        let mut bytes = Vec::new();
        for row in model.steps.iter() {
            for w in row {
                bytes.extend(((w * scale).round().clamp(-32_000.0, 32_000.0) as i16).to_le_bytes());
            }
        }
        bytes.extend((SLOTS as u32).to_le_bytes());
        checks.iter().for_each(|c| bytes.extend(c.to_le_bytes()));
        bytes.extend(rows);
        let unit = (scale * 256.0 * 8.0) as u32;
        (Table { unit, bytes }, format!("{kept} features kept, least weight {least:.3}, largest kept whole {limit:.1}"))
    }
}

impl Model<'_> {
    /// The labels of a sentence.
    pub(super) fn labels(&self, sight: &Sight) -> Vec<usize> {
        let mut scores = Vec::new();
        for i in 0..sight.len() {
            let mut row = [0.0; PARTS];
            features(sight, i, |f| {
                if let Some(&id) = self.ids.get(&f) {
                    for (sum, w) in row.iter_mut().zip(&self.weights[id as usize]) {
                        *sum += w;
                    }
                }
            });
            scores.push(row);
        }
        best(&scores, &self.steps, None)
    }
}

/// The best path, inside the allowed sets if they are given.
fn best(scores: &[Row], steps: &[[f32; LABELS]; LABELS], allowed: Option<&[u64]>) -> Vec<usize> {
    const NEVER: f32 = -1e30;
    let closed = |l: usize| l < 16 || l == OUTSIDE;
    let mut now = [NEVER; LABELS];
    now[OUTSIDE] = 0.0;
    let mut from: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (i, row) in scores.iter().enumerate() {
        let mut next = [NEVER; LABELS];
        let mut by = [OUTSIDE as u8; LABELS];
        let top = now.iter().copied().fold(NEVER, f32::max);
        for before in (0..LABELS).filter(|&b| now[b] > NEVER / 2.0) {
            if closed(before) {
                if now[before] < top - 1e6 {
                    continue;
                }
                for after in (8..24).chain([OUTSIDE]) {
                    let sum = now[before] + steps[before][after];
                    if sum > next[after] {
                        (next[after], by[after]) = (sum, before as u8);
                    }
                }
            } else {
                for after in [before % 8, 24 + before % 8] {
                    let sum = now[before] + steps[before][after];
                    if sum > next[after] {
                        (next[after], by[after]) = (sum, before as u8);
                    }
                }
            }
        }
        for (l, score) in next.iter_mut().enumerate() {
            if allowed.is_some_and(|sets| sets[i] >> l & 1 == 0) {
                *score = NEVER;
            } else if *score > NEVER / 2.0 && l < PARTS {
                *score += row[l];
            }
        }
        now = next;
        from.push(by);
    }
    let mut label = (0..LABELS).filter(|&l| closed(l)).max_by(|&a, &b| now[a].total_cmp(&now[b])).unwrap_or(OUTSIDE);
    let mut labels = vec![OUTSIDE; scores.len()];
    for (i, by) in from.iter().enumerate().rev() {
        labels[i] = label;
        label = by[label] as usize;
    }
    debug_assert!(labels.windows(2).all(|w| Label::follows(w[0], w[1])));
    labels
}
