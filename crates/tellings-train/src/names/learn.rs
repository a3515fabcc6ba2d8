//! A linear-chain conditional random field, with sets of labels in place of single ones: it learns to make the paths inside
//! the sets likely among all paths. Steps are AdaGrad's, one sentence at a time.

// Labels index four tables at once here: plain loops read better than zips.
#![allow(clippy::needless_range_loop)]

use super::corpora::Sentence;
use rustc_hash::{FxHashMap, FxHashSet};
use tellings_parse::names::{LABELS, Label, Lexicon, Made, OUTSIDE, PARTS, Sight, features, place};

/// Rounds through the corpora.
pub(super) const EPOCHS: usize = 5;
/// A feature seen less often gets no weights.
const AT_LEAST: u8 = 2;
/// First step, before AdaGrad's own shortening.
const RATE: f32 = 0.15;
/// Weight of the squared weights against the likelihood.
const DECAY: f32 = 8.0;
/// Slots of the shipped table, and how many of them may be filled.
const SLOTS: usize = 140_400;
const FILLED: usize = 130_000;

/// Marks features of the word itself in a word's list: `DROP` words in a thousand are read without them, so that the model learns to
/// do without for words it has never seen.
const OWN: u32 = 1 << 31;
const DROP: u64 = 200;
/// Marks the silver corpus's own copies of features.
const SILVER: u64 = 0x5115_e200_0000_0001;

pub(super) type Row = [f32; PARTS];
pub(super) type Steps = [[f32; LABELS]; LABELS];

/// Weights under training.
pub(super) struct Learner {
    ids: FxHashMap<u64, u32>,
    /// Those of them that are the silver corpus's own.
    copies: FxHashSet<u64>,
    /// How often each is seen in an epoch.
    counts: Vec<f32>,
    /// Features of all words of all sentences, one after another; where each word's begin.
    features: Vec<u32>,
    starts: Vec<u32>,
    /// May the word be in a name?
    open: Vec<bool>,
    weights: Vec<Row>,
    squares: Vec<Row>,
    steps: Box<Steps>,
    step_squares: Box<Steps>,
}

/// Weights to read with.
pub(super) struct Model<'a> {
    ids: &'a FxHashMap<u64, u32>,
    weights: &'a [Row],
    steps: Box<Steps>,
}

/// The shipped form.
pub(super) struct Table {
    /// Steps of the table's weights in one natural logarithm of odds.
    pub(super) scale: f32,
    /// What one label after another is worth.
    pub(super) steps: Vec<f32>,
    /// Slots, checks and rows.
    pub(super) bytes: Vec<u8>,
}

impl Learner {
    pub(super) fn new(lexicon: &Lexicon<'_>, sentences: &[Sentence]) -> Learner {
        const SKETCH_BITS: u32 = 27;
        let cell = |f: u64| (f >> (64 - SKETCH_BITS)) as usize;
        let mut counts = vec![0u8; 1 << SKETCH_BITS];
        let mut sight = Sight::default();
        let is_open = |sight: &Sight, sentence: &Sentence, i: usize| sight.is_open(i) || sentence.allowed[i] >> OUTSIDE & 1 == 0;
        for sentence in sentences {
            sight.read(lexicon, sentence.words.iter().map(String::as_str));
            for i in (0..sight.len()).filter(|&i| is_open(&sight, sentence, i)) {
                features(&sight, i, |_, f| counts[cell(f)] = counts[cell(f)].saturating_add(1));
            }
        }
        let mut ids = FxHashMap::default();
        let mut copies = FxHashSet::default();
        let mut open = Vec::new();
        let (mut list, mut starts) = (Vec::new(), vec![0]);
        for sentence in sentences {
            sight.read(lexicon, sentence.words.iter().map(String::as_str));
            for i in 0..sight.len() {
                open.push(is_open(&sight, sentence, i));
                if is_open(&sight, sentence, i) {
                    features(&sight, i, |made, f| {
                        if counts[cell(f)] < AT_LEAST {
                            return;
                        }
                        let mut id = |f: u64| {
                            let next = ids.len() as u32;
                            *ids.entry(f).or_insert(next)
                        };
                        list.push(id(f) | if made == Made::Word { OWN } else { 0 });
                        // What only the silver corpus does is laid to features that are not shipped.
                        if sentence.corpus > 0 && made == Made::Plain {
                            list.push(id(f ^ SILVER));
                            copies.insert(f ^ SILVER);
                        }
                    });
                }
                starts.push(list.len() as u32);
            }
        }
        let n = ids.len();
        let mut counts = vec![0f32; n];
        list.iter().for_each(|f| counts[(f & !OWN) as usize] += 1.0);
        Learner {
            ids,
            copies,
            counts,
            features: list,
            starts,
            open,
            weights: vec![[0.0; PARTS]; n],
            squares: vec![[1e-3; PARTS]; n],
            steps: Box::new([[0.0; LABELS]; LABELS]),
            step_squares: Box::new([[1e-1; LABELS]; LABELS]),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Goes once through the sentences, in an order of its own; returns the mean loss of a sentence.
    pub(super) fn epoch(&mut self, sentences: &[Sentence], epoch: usize) -> f64 {
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
        let rate = RATE * (1.0 - 0.9 * epoch as f32 / EPOCHS as f32);
        let mut loss = 0f64;
        let mut scores: Vec<Row> = Vec::new();
        for s in order {
            let sentence = &sentences[s];
            let n = sentence.words.len();
            let open = &self.open[first_word[s]..first_word[s] + n];
            if !open.contains(&true) {
                continue;
            }
            scores.clear();
            for i in 0..n {
                let mut row = [0.0; PARTS];
                let word = first_word[s] + i;
                let range = self.starts[word] as usize..self.starts[word + 1] as usize;
                let drop = dropped(epoch, word);
                for &f in self.features[range].iter().filter(|f| !(drop && *f & OWN != 0)) {
                    for (sum, w) in row.iter_mut().zip(&self.weights[(f & !OWN) as usize]) {
                        *sum += w;
                    }
                }
                scores.push(row);
            }
            let mut linked: Steps = [[0.0; LABELS]; LABELS];
            for before in 0..LABELS {
                for after in (0..LABELS).filter(|&after| Label::follows(before, after)) {
                    linked[before][after] = self.steps[before][after].exp();
                }
            }
            let all: Vec<u64> = open.iter().map(|&o| if o { !0 } else { 1 << OUTSIDE }).collect();
            let any = Chain::new(&scores, &linked, &all);
            let right = Chain::new(&scores, &linked, &sentence.allowed);
            let (Some(any), Some(right)) = (any, right) else { continue };
            loss += f64::from(any.total - right.total);
            if any.total - right.total < 1e-3 {
                continue;
            }
            let size = sentence.size();
            let mut moved: Steps = [[0.0; LABELS]; LABELS];
            for i in 0..n {
                let mut pull: Row = [0.0; PARTS];
                let mut most = 0f32;
                for l in 0..PARTS {
                    pull[l] = size * (right.share(i, l) - any.share(i, l));
                    most = most.max(pull[l].abs());
                }
                if i + 1 < n && (open[i] || open[i + 1]) {
                    right.add_pairs(i, &linked, size, &mut moved);
                    any.add_pairs(i, &linked, -size, &mut moved);
                }
                if most < 2e-3 || !open[i] {
                    continue;
                }
                let word = first_word[s] + i;
                let drop = dropped(epoch, word);
                for f in self.starts[word] as usize..self.starts[word + 1] as usize {
                    let f = self.features[f];
                    if drop && f & OWN != 0 {
                        continue;
                    }
                    let f = (f & !OWN) as usize;
                    let shrink = DECAY / self.counts[f];
                    let (w, h) = (&mut self.weights[f], &mut self.squares[f]);
                    for l in 0..PARTS {
                        let g = pull[l] - shrink * w[l];
                        h[l] += g * g;
                        w[l] += rate * g / h[l].sqrt();
                    }
                }
            }
            for before in 0..LABELS {
                for after in 0..LABELS {
                    let g = moved[before][after];
                    if g != 0.0 {
                        let h = &mut self.step_squares[before][after];
                        *h += g * g;
                        self.steps[before][after] += rate * g / h.sqrt();
                    }
                }
            }
        }
        loss / sentences.len() as f64
    }

    pub(super) fn model(&self) -> Model<'_> {
        Model { ids: &self.ids, weights: &self.weights, steps: self.steps.clone() }
    }

    /// The weights that matter most, as small integers in the shipped table.
    pub(super) fn table(&self) -> (Table, String) {
        let model = self.model();
        // A feature seen in one sentence in a thousand matters more than one seen twice, at the same weight.
        let size = |id: u32| {
            let most = model.weights[id as usize].iter().fold(0f32, |m, w| m.max(w.abs()));
            most * (1.0 + self.counts[id as usize]).ln()
        };
        let mut order: Vec<(f32, u64, u32)> =
            self.ids.iter().filter(|(f, _)| !self.copies.contains(f)).map(|(&f, &id)| (size(id), f, id)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.truncate(FILLED);
        let mut tops: Vec<f32> =
            order.iter().map(|o| model.weights[o.2 as usize].iter().fold(0f32, |m, w| m.max(w.abs()))).collect();
        tops.sort_by(f32::total_cmp);
        // A few weights in ten thousand are cut off at the ends of the range.
        let limit = tops.get(tops.len() - 1 - tops.len() / 2000).copied().unwrap_or(1.0);
        let scale = 127.0 / limit.max(1e-6);
        let small = |w: f32| (w * scale).round().clamp(-127.0, 127.0) as i8;
        let mut checks = vec![0u16; SLOTS];
        let mut rows = vec![0u8; SLOTS * PARTS];
        for &(_, feature, id) in &order {
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
        bytes.extend((SLOTS as u32).to_le_bytes());
        checks.iter().for_each(|c| bytes.extend(c.to_le_bytes()));
        bytes.extend(rows);
        let note =
            format!("{} of {} features kept; largest weight kept whole {limit:.2}", order.len(), self.len() - self.copies.len());
        (Table { scale, steps: model.steps.iter().flatten().copied().collect(), bytes }, note)
    }
}

/// Sums over all paths inside sets of labels.
pub(super) struct Chain {
    /// Weight of the paths up to each word, scaled to add up to 1, and from it on.
    ahead: Vec<[f32; LABELS]>,
    behind: Vec<[f32; LABELS]>,
    /// Exponentials of the words' scores, 0 outside the sets.
    words: Vec<[f32; LABELS]>,
    scales: Vec<f32>,
    /// Logarithm of the sum over all paths.
    pub(super) total: f32,
}

impl Chain {
    /// `None` where no path fits, or all are too unlikely for the numbers.
    pub(super) fn new(scores: &[Row], linked: &Steps, allowed: &[u64]) -> Option<Chain> {
        let n = scores.len();
        let mut chain = Chain {
            ahead: Vec::with_capacity(n),
            behind: vec![[0.0; LABELS]; n],
            words: Vec::with_capacity(n),
            scales: Vec::new(),
            total: 0.0,
        };
        let mut now = [0.0; LABELS];
        now[OUTSIDE] = 1.0;
        for (row, set) in scores.iter().zip(allowed) {
            let mut word = [0f32; LABELS];
            if *set == 1 << OUTSIDE {
                word[OUTSIDE] = 1.0;
            } else {
                let may = |l: usize| set >> l & 1 == 1;
                let top = (0..PARTS).filter(|&l| may(l)).fold(if may(OUTSIDE) { 0.0 } else { f32::MIN }, |m, l| row[l].max(m));
                for l in 0..LABELS {
                    if may(l) {
                        word[l] = (row.get(l).copied().unwrap_or(0.0) - top).exp();
                    }
                }
                chain.total += top;
            }
            let mut next = [0f32; LABELS];
            for before in 0..LABELS {
                if now[before] > 0.0 {
                    for (sum, link) in next.iter_mut().zip(&linked[before]) {
                        *sum += now[before] * link;
                    }
                }
            }
            let mut scale = 0.0;
            for l in 0..LABELS {
                next[l] *= word[l];
                scale += next[l];
            }
            if !(scale > 1e-30 && scale.is_finite()) {
                return None;
            }
            next.iter_mut().for_each(|x| *x /= scale);
            chain.total += scale.ln();
            chain.scales.push(scale);
            chain.words.push(word);
            chain.ahead.push(next);
            now = next;
        }
        // A name must be closed at the end.
        let last = n - 1;
        let closed = |l: usize| l < 16 || l == OUTSIDE;
        let ends: f32 = (0..LABELS).filter(|&l| closed(l)).map(|l| now[l]).sum();
        if ends <= 1e-30 {
            return None;
        }
        chain.total += ends.ln();
        for l in (0..LABELS).filter(|&l| closed(l)) {
            chain.behind[last][l] = 1.0 / ends;
        }
        for i in (0..last).rev() {
            let mut after = [0f32; LABELS];
            for l in 0..LABELS {
                after[l] = chain.words[i + 1][l] * chain.behind[i + 1][l] / chain.scales[i + 1];
            }
            for before in 0..LABELS {
                if chain.ahead[i][before] > 0.0 {
                    chain.behind[i][before] = linked[before].iter().zip(&after).map(|(a, b)| a * b).sum();
                }
            }
        }
        Some(chain)
    }

    /// Share of the paths in which a word has a label.
    pub(super) fn share(&self, word: usize, label: usize) -> f32 {
        self.ahead[word][label] * self.behind[word][label]
    }

    /// Adds to `sums` the shares of the pairs of labels of a word and the next.
    pub(super) fn add_pairs(&self, word: usize, linked: &Steps, size: f32, sums: &mut Steps) {
        let mut after = [0f32; LABELS];
        for l in 0..LABELS {
            after[l] = size * self.words[word + 1][l] * self.behind[word + 1][l] / self.scales[word + 1];
        }
        for before in 0..LABELS {
            let share = self.ahead[word][before];
            if share > 1e-6 {
                for l in 0..LABELS {
                    sums[before][l] += share * linked[before][l] * after[l];
                }
            }
        }
    }
}

impl Model<'_> {
    /// The labels of a sentence.
    pub(super) fn labels(&self, sight: &Sight) -> Vec<usize> {
        let mut scores = Vec::new();
        let open: Vec<bool> = (0..sight.len()).map(|i| sight.is_open(i)).collect();
        for i in 0..sight.len() {
            let mut row = [0.0; PARTS];
            if open[i] {
                features(sight, i, |_, f| {
                    if let Some(&id) = self.ids.get(&f) {
                        for (sum, w) in row.iter_mut().zip(&self.weights[id as usize]) {
                            *sum += w;
                        }
                    }
                });
            }
            scores.push(row);
        }
        best(&scores, &self.steps, &open)
    }
}

/// Is the word read without the features of the word itself in this epoch?
fn dropped(epoch: usize, word: usize) -> bool {
    let x = (word as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (epoch as u64 + 1).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (x.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % 1000 < DROP
}

/// The best path.
pub(super) fn best(scores: &[Row], steps: &Steps, open: &[bool]) -> Vec<usize> {
    const NEVER: f32 = -1e30;
    let mut now = [NEVER; LABELS];
    now[OUTSIDE] = 0.0;
    let mut from: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (row, &open) in scores.iter().zip(open) {
        let mut next = [NEVER; LABELS];
        let mut by = [OUTSIDE as u8; LABELS];
        for before in (0..LABELS).filter(|&b| now[b] > NEVER / 2.0) {
            for after in (0..LABELS).filter(|&after| (open || after == OUTSIDE) && Label::follows(before, after)) {
                let sum = now[before] + steps[before][after] + row.get(after).copied().unwrap_or(0.0);
                if sum > next[after] {
                    (next[after], by[after]) = (sum, before as u8);
                }
            }
        }
        now = next;
        from.push(by);
    }
    let closed = |l: usize| l < 16 || l == OUTSIDE;
    let mut label = (0..LABELS).filter(|&l| closed(l)).max_by(|&a, &b| now[a].total_cmp(&now[b])).unwrap_or(OUTSIDE);
    let mut labels = vec![OUTSIDE; scores.len()];
    for (i, by) in from.iter().enumerate().rev() {
        labels[i] = label;
        label = by[label] as usize;
    }
    labels
}
