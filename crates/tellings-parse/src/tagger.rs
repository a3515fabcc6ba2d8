//! Part of speech of each word: one label for universal and Penn tag, chosen from left to right.

use crate::words::{EDGE, Word, mix};
use tellings_doc::{Feats, Upos, Xpos};
use tellings_nn::Linear;

/// The tags that a label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Tag {
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
}

impl Tag {
    /// One number for the tag.
    pub fn number(self) -> u64 {
        self.upos as u64 * 64 + self.xpos as u64 + 3
    }
}

/// What the tagger looks at for the word `i` of a sentence, given the tags of the two words before it.
pub fn features(words: &[Word], i: usize, before: u64, before2: u64, out: &mut Vec<u64>) {
    let at = |k: isize| usize::try_from(i as isize + k).ok().and_then(|k| words.get(k)).copied().unwrap_or(EDGE);
    let (w, p1, p2, n1, n2) = (at(0), at(-1), at(-2), at(1), at(2));
    out.clear();
    let mut add = |n: u64, x: u64| out.push(mix(n, x));
    add(1, w.lower);
    add(2, mix(w.lower, w.shape));
    add(3, w.suffixes[0]);
    add(4, w.suffixes[1]);
    add(5, w.suffixes[2]);
    add(6, w.prefixes[0]);
    add(7, w.prefixes[1]);
    add(8, w.shape);
    add(9, mix(w.shape, p1.shape & 0xff));
    add(10, before);
    add(11, mix(before, before2));
    add(12, mix(before, w.lower));
    add(13, mix(before, w.suffixes[1]));
    add(14, p1.lower);
    add(15, n1.lower);
    add(16, p2.lower);
    add(17, n2.lower);
    add(18, mix(p1.lower, w.lower));
    add(19, mix(n1.lower, w.lower));
    add(20, n1.suffixes[1]);
    add(21, p1.suffixes[1]);
    add(22, mix(n1.suffixes[0], before));
    add(23, mix(n1.shape, w.shape));
    add(24, mix(mix(before, before2), w.lower));
    add(25, mix(n1.lower, n2.lower));
    add(26, mix(mix(p1.lower, p2.lower), w.suffixes[0]));
    add(27, mix(w.suffixes[1], n1.suffixes[1]));
    add(28, mix(w.shape, (i == 0) as u64));
}

/// Puts the tag of each word of a sentence into `tags`.
pub fn tags(model: &Linear<'_>, labels: &[Tag], words: &[Word], scores: &mut Vec<i32>, tags: &mut Vec<Tag>) {
    let mut features = Vec::with_capacity(32);
    let (mut before, mut before2) = (0, 0);
    for i in 0..words.len() {
        self::features(words, i, before, before2, &mut features);
        scores.clear();
        scores.resize(labels.len(), 0);
        for &feature in &features {
            model.add(feature, scores);
        }
        let best = (0..labels.len()).fold(0, |best, k| if scores[k] > scores[best] { k } else { best });
        let tag = labels.get(best).copied().unwrap_or_default();
        tags.push(tag);
        (before2, before) = (before, tag.number());
    }
}

/// Key of the features table for a word with a tag.
pub fn feats_key(word: Option<&Word>, tag: Tag) -> u64 {
    mix(mix(77, tag.number()), word.map_or(0, |w| w.lower))
}

/// The features of a word with a tag, from the table.
pub fn feats(table: &crate::Table<'_>, all: &[Feats], word: &Word, tag: Tag) -> Feats {
    let found = table.get(feats_key(Some(word), tag)).or_else(|| table.get(feats_key(None, tag)));
    found.and_then(|n| all.get(n as usize)).copied().unwrap_or_default()
}
