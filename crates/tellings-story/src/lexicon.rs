//! Words that mean one thing, and words that name one kind of act.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tellings_doc::{Event, EventType};
use xxhash_rust::xxh3::xxh3_64;

/// A set of lines of `data/acts.tsv`.
pub(crate) type Acts = u32;

struct Act {
    types: Vec<(EventType, Option<&'static str>)>,
}

struct Tables {
    /// The first word of the line that a word stands on, both as hashes.
    same: FxHashMap<u64, u64>,
    named: FxHashMap<u64, Acts>,
    acts: Vec<Act>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { same: FxHashMap::default(), named: FxHashMap::default(), acts: Vec::new() };
    let lines = |text: &'static str| text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    for line in lines(include_str!("../data/synonyms.tsv")) {
        let mut words = line.split(' ').map(|w| xxh3_64(w.as_bytes()));
        let Some(first) = words.next() else { continue };
        // A word of two meanings stands for the first: lines share no word of their own otherwise.
        let first = tables.same.get(&first).copied().unwrap_or(first);
        for word in words {
            tables.same.entry(word).or_insert(first);
        }
    }
    for line in lines(include_str!("../data/acts.tsv")) {
        let mut columns = line.split('\t').skip(1);
        let (Some(types), Some(words)) = (columns.next(), columns.next()) else { continue };
        let bit = 1 << tables.acts.len();
        let types = types.split(' ').filter_map(|t| {
            let (kind, mode) = t.split_once(':').map_or((t, None), |(k, m)| (k, Some(m)));
            Some((EventType::parse(kind)?, mode))
        });
        tables.acts.push(Act { types: types.collect() });
        words.split(' ').for_each(|w| *tables.named.entry(xxh3_64(w.as_bytes())).or_default() |= bit);
    }
    tables
});

/// The hash that stands for all words of one meaning.
pub(crate) fn sense(lemma: &str) -> u64 {
    let hash = xxh3_64(lemma.as_bytes());
    TABLES.same.get(&hash).copied().unwrap_or(hash)
}

/// The kinds of acts that a word names.
pub(crate) fn acts(lemma: &str) -> Acts {
    TABLES.named.get(&xxh3_64(lemma.as_bytes())).copied().unwrap_or(0)
}

/// The kinds of acts that an event of its type and modes may be called by.
pub(crate) fn acts_of(event: &Event) -> Acts {
    let fits = |act: &Act| {
        let mode = |m: Option<&str>| m.is_none_or(|m| event.modes.iter().any(|x| x.as_str() == m));
        act.types.iter().any(|&(kind, m)| kind == event.kind && mode(m))
    };
    TABLES.acts.iter().enumerate().filter(|(_, act)| fits(act)).fold(0, |all, (i, _)| all | 1 << i)
}

/// The kinds of acts that do something to somebody.
pub(crate) fn acts_of_deeds() -> Acts {
    ["kill", "wound", "bomb", "kidnap", "arrest", "march", "expel", "release", "deploy", "launch", "seize", "withdraw"]
        .iter()
        .fold(0, |all, word| all | acts(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_meaning_have_one_sense() {
        assert_eq!(sense("lorry"), sense("truck"));
        assert_ne!(sense("lorry"), sense("hotel"));
    }

    #[test]
    fn every_line_of_the_tables_is_read() {
        let lines = include_str!("../data/acts.tsv").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(TABLES.acts.len(), lines);
        assert!(TABLES.acts.iter().all(|a| !a.types.is_empty()));
        assert!(lines <= 32, "more kinds of acts than bits");
        assert_ne!(acts("kill") & acts("death"), 0);
        assert_eq!(acts("kill") & acts("meet"), 0);
    }
}
