//! The model file: classifiers and tables in one file, opened where they lie.
//!
//! `TLP2`, then the classifier for sentences, the network, the tables of features and lemmas, then one text section
//! (`length u32`, bytes): a line per tag (`NOUN NN`), an empty line, a line per set of features, an empty line, a line per
//! lemma rule (`1 2 y`: small letters, bytes to cut, what to add).

use crate::lemma::Rule;
use crate::net::Net;
use crate::tagger::Tag;
use tellings_doc::{Feats, Upos, Xpos};
use tellings_nn::{Linear, Table};

/// Four bytes at the head of a model file.
pub const MAGIC: &[u8; 4] = b"TLP2";

/// A model file, opened.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    /// Between words: does a sentence end?
    pub sentences: Linear<'a>,
    /// Tags and trees.
    pub net: Net<'a>,
    /// Features by word and tag.
    pub feats: Table<'a>,
    /// Lemma rules by word or end of word and tag.
    pub lemmas: Table<'a>,
    /// What the network's tags stand for.
    pub labels: Vec<Tag>,
    /// What the numbers in `feats` stand for.
    pub all_feats: Vec<Feats>,
    /// What the numbers in `lemmas` stand for.
    pub rules: Vec<Rule>,
}

impl<'a> Model<'a> {
    /// Opens a file; `None` if it is not one.
    pub fn open(bytes: &'a [u8]) -> Option<Model<'a>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (sentences, rest) = Linear::open(rest)?;
        let (net, rest) = Net::open(rest)?;
        let (feats, rest) = Table::open(rest)?;
        let (lemmas, rest) = Table::open(rest)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let text = std::str::from_utf8(rest.get(..u32::from_le_bytes(*length) as usize)?).ok()?;
        let mut sections = text.split("\n\n");
        let labels = sections.next()?.lines().filter_map(|line| {
            let (upos, xpos) = line.split_once(' ')?;
            Some(Tag { upos: Upos::parse(upos)?, xpos: Xpos::parse(xpos)? })
        });
        let labels = labels.collect();
        let all_feats = sections.next()?.lines().map(Feats::parse).collect();
        let rules = sections.next()?.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ' ');
            Some(Rule { lower: parts.next()? == "1", cut: parts.next()?.parse().ok()?, add: parts.next()?.to_string() })
        });
        let rules = rules.collect();
        Some(Model { sentences, net, feats, lemmas, labels, all_feats, rules })
    }
}
