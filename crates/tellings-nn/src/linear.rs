//! A linear classifier over hashed features, its weights in one flat table that is used where it lies in the file.
//!
//! File: `labels u32 | slots u32 | entries u32`, then `slots` times `key u32 | start:24 len:8`, then `entries` times
//! `label u16 | weight i16`, all little-endian. A feature's slot is found by open addressing from `key & (slots - 1)`.
//! Key 0 marks an empty slot.

/// A classifier opened on bytes.
#[derive(Clone, Copy, Debug)]
pub struct Linear<'a> {
    labels: usize,
    mask: usize,
    slots: &'a [[u8; 8]],
    entries: &'a [[u8; 4]],
}

impl<'a> Linear<'a> {
    /// The classifier at the head of `bytes`, and the bytes behind it; `None` if they are not one.
    pub fn open(bytes: &'a [u8]) -> Option<(Linear<'a>, &'a [u8])> {
        let (head, rest) = bytes.split_at_checked(12)?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]) as usize;
        let (labels, slots, entries) = (number(0), number(4), number(8));
        let (slot_bytes, rest) = rest.split_at_checked(slots.checked_mul(8)?)?;
        let (entry_bytes, rest) = rest.split_at_checked(entries.checked_mul(4)?)?;
        let slots = slot_bytes.as_chunks::<8>().0;
        let entries = entry_bytes.as_chunks::<4>().0;
        slots.len().is_power_of_two().then_some((Linear { labels, mask: slots.len() - 1, slots, entries }, rest))
    }

    /// Number of labels.
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// Adds a feature's weights to the scores of the labels.
    #[inline]
    pub fn add(&self, feature: u64, scores: &mut [i32]) {
        let key = key(feature);
        let mut at = key as usize & self.mask;
        // A table that is full of other keys must not be searched for ever.
        for _ in 0..64 {
            let slot = &self.slots[at];
            let found = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if found == key {
                let start = u32::from_le_bytes([slot[4], slot[5], slot[6], 0]) as usize;
                for entry in self.entries.get(start..start + slot[7] as usize).unwrap_or(&[]) {
                    let label = u16::from_le_bytes([entry[0], entry[1]]) as usize;
                    if let Some(score) = scores.get_mut(label) {
                        *score += i32::from(i16::from_le_bytes([entry[2], entry[3]]));
                    }
                }
                return;
            }
            if found == 0 {
                return;
            }
            at = (at + 1) & self.mask;
        }
    }
}

/// A hash as a key in a table; never 0.
pub(crate) fn key(feature: u64) -> u32 {
    ((feature.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32).max(1)
}

/// Collects weights and writes the file.
#[derive(Debug, Default)]
pub struct LinearBuilder {
    rows: std::collections::BTreeMap<u32, Vec<(u16, i16)>>,
}

impl LinearBuilder {
    /// Sets the weights of a feature. Of two features with the same key the first stays.
    pub fn set(&mut self, feature: u64, weights: Vec<(u16, i16)>) {
        if !weights.is_empty() && weights.len() < 256 {
            self.rows.entry(key(feature)).or_insert(weights);
        }
    }

    /// The file's bytes.
    pub fn write(&self, labels: usize) -> Vec<u8> {
        let slots = (self.rows.len() * 3 / 2).next_power_of_two().max(2);
        let mut table = vec![[0u8; 8]; slots];
        let mut entries: Vec<u8> = Vec::new();
        for (&key, weights) in &self.rows {
            let mut at = key as usize & (slots - 1);
            while table[at][..4] != [0; 4] {
                at = (at + 1) & (slots - 1);
            }
            table[at][..4].copy_from_slice(&key.to_le_bytes());
            let start = (entries.len() / 4) as u32;
            table[at][4..].copy_from_slice(&(start | (weights.len() as u32) << 24).to_le_bytes());
            for (label, weight) in weights {
                entries.extend(label.to_le_bytes());
                entries.extend(weight.to_le_bytes());
            }
        }
        let mut bytes = Vec::new();
        for n in [labels, slots, entries.len() / 4] {
            bytes.extend((n as u32).to_le_bytes());
        }
        bytes.extend(table.as_flattened());
        bytes.extend(entries);
        bytes
    }
}
