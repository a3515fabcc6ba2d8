//! Part of speech and features of a word.

use crate::words::{Word, mix};
use tellings_doc::{Feats, Upos, Xpos};

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

/// Key of the features table for a word with a tag.
pub fn feats_key(word: Option<&Word>, tag: Tag) -> u64 {
    mix(mix(77, tag.number()), word.map_or(0, |w| w.lower))
}

/// The features of a word with a tag, from the table.
pub fn feats(table: &crate::Table<'_>, all: &[Feats], word: &Word, tag: Tag) -> Feats {
    let found = table.get(feats_key(Some(word), tag)).or_else(|| table.get(feats_key(None, tag)));
    found.and_then(|n| all.get(n as usize)).copied().unwrap_or_default()
}
