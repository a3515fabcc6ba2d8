//! Words that mean one thing.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

/// The first word of the line of `data/synonyms.tsv` that a word stands on, both as hashes.
static SAME: LazyLock<FxHashMap<u64, u64>> = LazyLock::new(|| {
    let mut same: FxHashMap<u64, u64> = FxHashMap::default();
    for line in include_str!("../data/synonyms.tsv").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let mut words = line.split(' ').map(|w| xxh3_64(w.as_bytes()));
        let Some(first) = words.next() else { continue };
        // A word of two meanings stands for the first.
        let first = same.get(&first).copied().unwrap_or(first);
        for word in words {
            same.entry(word).or_insert(first);
        }
    }
    same
});

/// The hash that stands for all words of one meaning.
pub(crate) fn sense(lemma: &str) -> u64 {
    let hash = xxh3_64(lemma.as_bytes());
    SAME.get(&hash).copied().unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_meaning_have_one_sense() {
        assert_eq!(sense("lorry"), sense("truck"));
        assert_ne!(sense("lorry"), sense("hotel"));
    }
}
