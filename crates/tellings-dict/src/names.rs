//! A table of names of several words, looked up by their first two.

use crate::words::{Words, pieces};
use rustc_hash::FxHashMap;

/// The words of a name, and which of them stand right after the word before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spelling {
    pub(crate) words: Box<[u32]>,
    /// One bit a word, from the second: may other words stand before it? Names have at most 32 words.
    pub(crate) open: u32,
}

impl Spelling {
    /// The name's words; `None` if it has none or too many. `_` and `-` join words, a blank lets others stand between.
    pub(crate) fn read(name: &str, words: &mut Words, buffer: &mut String) -> Option<Spelling> {
        let mut ids: Vec<u32> = Vec::new();
        let mut open = 0u32;
        for (at, part) in name.split(' ').filter(|p| !p.trim_matches('_').is_empty()).enumerate() {
            let first = ids.len();
            pieces(part, buffer, |word| ids.push(words.add(word)));
            if at > 0 && ids.len() > first && first < 32 {
                open |= 1 << first;
            }
        }
        (!ids.is_empty() && ids.len() <= 32).then(|| Spelling { words: ids.into(), open })
    }
}

/// Names by their beginnings. A name is known by its position.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) words: Words,
    spellings: Vec<Spelling>,
    /// Names that are one word.
    single: FxHashMap<u32, u32>,
    /// Names by their first two words, the longest first after [`Names::sort`].
    pairs: FxHashMap<(u32, u32), Vec<u32>>,
    /// Names whose second word need not stand right after the first, by their first word.
    gapped: FxHashMap<u32, Vec<u32>>,
    known: FxHashMap<Spelling, u32>,
}

impl Names {
    /// Adds a name; the position of the same name where it is there already, and whether it is new.
    pub(crate) fn add(&mut self, spelling: Spelling) -> (u32, bool) {
        if let Some(&at) = self.known.get(&spelling) {
            return (at, false);
        }
        let at = self.spellings.len() as u32;
        match (&*spelling.words, spelling.open & 2 != 0) {
            ([one], _) => {
                self.single.insert(*one, at);
            }
            ([first, ..], true) => self.gapped.entry(*first).or_default().push(at),
            ([first, second, ..], false) => self.pairs.entry((*first, *second)).or_default().push(at),
            ([], _) => {}
        }
        self.known.insert(spelling.clone(), at);
        self.spellings.push(spelling);
        (at, true)
    }

    /// Puts longer names before shorter ones; to be called when all are added.
    pub(crate) fn sort(&mut self) {
        let spellings = &self.spellings;
        let longest_first = |list: &mut Vec<u32>| {
            list.sort_by_key(|&at| (usize::MAX - spellings[at as usize].words.len(), at));
        };
        self.pairs.values_mut().for_each(longest_first);
        self.gapped.values_mut().for_each(longest_first);
    }

    /// The longest name that begins at word `from` of `text`, and the position after its last word. `gap` says whether the
    /// words from the first to the second position may stand inside a name.
    pub(crate) fn longest(&self, text: &[u32], from: usize, gap: impl Fn(usize, usize) -> bool) -> Option<(u32, usize)> {
        let first = *text.get(from).filter(|&&w| w != 0)?;
        let mut best: Option<(u32, usize, usize)> = None;
        let mut consider = |list: &[u32]| {
            for &at in list {
                let length = self.spellings[at as usize].words.len();
                if best.is_some_and(|(_, _, longest)| longest >= length) {
                    break;
                }
                if let Some(end) = self.end(at, text, from, &gap) {
                    best = Some((at, end, length));
                    break;
                }
            }
        };
        if let Some(&second) = text.get(from + 1).filter(|&&w| w != 0)
            && let Some(list) = self.pairs.get(&(first, second))
        {
            consider(list);
        }
        if let Some(list) = self.gapped.get(&first) {
            consider(list);
        }
        match best {
            Some((at, end, _)) => Some((at, end)),
            None => self.single.get(&first).map(|&at| (at, from + 1)),
        }
    }

    /// Where a name that begins at `from` ends, if it stands there.
    fn end(&self, at: u32, text: &[u32], from: usize, gap: &impl Fn(usize, usize) -> bool) -> Option<usize> {
        /// No more words than this stand between two of a name.
        const GAP: usize = 4;
        let spelling = &self.spellings[at as usize];
        let mut next = from + 1;
        for (i, &word) in spelling.words.iter().enumerate().skip(1) {
            if spelling.open & (1 << i) == 0 {
                if text.get(next) != Some(&word) {
                    return None;
                }
            } else {
                let end = text.len().min(next + GAP + 1);
                let found = (next..end).find(|&t| text[t] == word)?;
                if found > next && !gap(next - 1, found) {
                    return None;
                }
                next = found;
            }
            next += 1;
        }
        Some(next)
    }
}
