//! A table from hashes to numbers, used where it lies in the file.
//!
//! File: `slots u32`, then `slots` times `key u32 | value u32`, little-endian; open addressing, key 0 empty.

use crate::linear::key;

/// A table opened on bytes.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    slots: &'a [[u8; 8]],
}

impl<'a> Table<'a> {
    /// The table at the head of `bytes`, and the bytes behind it; `None` if they are not one.
    pub fn open(bytes: &'a [u8]) -> Option<(Table<'a>, &'a [u8])> {
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        let (slots, rest) = rest.split_at_checked((u32::from_le_bytes(*head) as usize).checked_mul(8)?)?;
        let slots = slots.as_chunks::<8>().0;
        slots.len().is_power_of_two().then_some((Table { slots }, rest))
    }

    /// The number stored for a hash.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<u32> {
        let key = key(hash);
        let mask = self.slots.len() - 1;
        for step in 0..64 {
            let slot = &self.slots[(key as usize + step) & mask];
            let found = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if found == key {
                return Some(u32::from_le_bytes([slot[4], slot[5], slot[6], slot[7]]));
            }
            if found == 0 {
                return None;
            }
        }
        None
    }
}

/// Collects numbers and writes the file.
#[derive(Debug, Default)]
pub struct TableBuilder {
    rows: std::collections::BTreeMap<u32, u32>,
}

impl TableBuilder {
    /// Stores a number for a hash. Of two hashes with the same key the first stays.
    pub fn set(&mut self, hash: u64, value: u32) {
        self.rows.entry(key(hash)).or_insert(value);
    }

    /// The file's bytes.
    pub fn write(&self) -> Vec<u8> {
        let slots = (self.rows.len() * 3 / 2).next_power_of_two().max(2);
        let mut table = vec![[0u8; 8]; slots];
        for (key, value) in &self.rows {
            let mut at = *key as usize & (slots - 1);
            while table[at][..4] != [0; 4] {
                at = (at + 1) & (slots - 1);
            }
            table[at][..4].copy_from_slice(&key.to_le_bytes());
            table[at][4..].copy_from_slice(&value.to_le_bytes());
        }
        let mut bytes = (slots as u32).to_le_bytes().to_vec();
        bytes.extend(table.as_flattened());
        bytes
    }
}
