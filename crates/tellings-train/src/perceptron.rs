//! The averaged perceptron: learns the weights of a [`tellings_nn::Linear`].

use rustc_hash::FxHashMap;
use tellings_nn::LinearBuilder;

#[derive(Clone, Debug)]
struct Entry {
    label: u16,
    updates: u16,
    since: u32,
    weight: f32,
    total: f64,
}

/// A perceptron in training.
#[derive(Clone, Debug, Default)]
pub struct Perceptron {
    index: FxHashMap<u64, u32>,
    rows: Vec<Vec<Entry>>,
    step: u32,
}

impl Perceptron {
    /// Adds the features' weights to the scores of the labels.
    pub fn score(&self, features: &[u64], scores: &mut [f32]) {
        scores.fill(0.0);
        for feature in features {
            if let Some(&row) = self.index.get(feature) {
                for entry in &self.rows[row as usize] {
                    scores[entry.label as usize] += entry.weight;
                }
            }
        }
    }

    /// Moves the weights toward `good` and away from `bad`.
    pub fn update(&mut self, features: &[u64], good: u16, bad: u16) {
        for &feature in features {
            let next = self.rows.len() as u32;
            let row = *self.index.entry(feature).or_insert(next);
            if row == next {
                self.rows.push(Vec::new());
            }
            for (label, by) in [(good, 1.0), (bad, -1.0)] {
                let entries = &mut self.rows[row as usize];
                let at = entries.iter().position(|e| e.label == label).unwrap_or_else(|| {
                    entries.push(Entry { label, updates: 0, since: self.step, weight: 0.0, total: 0.0 });
                    entries.len() - 1
                });
                let entry = &mut entries[at];
                entry.total += f64::from(entry.weight) * f64::from(self.step - entry.since);
                entry.since = self.step;
                entry.weight += by;
                entry.updates += 1;
            }
        }
    }

    /// Counts one decision.
    pub fn tick(&mut self) {
        self.step += 1;
    }

    /// The averaged weights as whole numbers, `scale` to one; features with fewer than `least` updates of a label are
    /// left out there.
    pub fn finish(&self, scale: f64, least: u16) -> LinearBuilder {
        let mut builder = LinearBuilder::default();
        let mut features: Vec<(u64, u32)> = self.index.iter().map(|(f, r)| (*f, *r)).collect();
        features.sort_unstable();
        for (feature, row) in features {
            let weights = self.rows[row as usize]
                .iter()
                .filter(|e| e.updates >= least)
                .filter_map(|e| {
                    let total = e.total + f64::from(e.weight) * f64::from(self.step - e.since);
                    let weight = (total / f64::from(self.step.max(1)) * scale).round().clamp(-32767.0, 32767.0) as i16;
                    (weight.abs() > 1).then_some((e.label, weight))
                })
                .collect();
            builder.set(feature, weights);
        }
        builder
    }
}

/// A small random source with a fixed seed: the same numbers on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next 64 bits (SplitMix64).
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// A number from 0 to 1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Puts the items in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
