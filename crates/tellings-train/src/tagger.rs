//! Learns tags, features and lemmas.

use crate::corpora::{self, Document};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tellings_doc::Feats;
use tellings_nn::TableBuilder;
use tellings_parse::lemma::{LONGEST, Rule, end_key, pack, word_key};
use tellings_parse::tagger::{Tag, feats_key};
use tellings_parse::words::Word;

/// One sentence as the models see it.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// What the models see of each word.
    pub words: Vec<Word>,
    /// The treebank's words.
    pub gold: Vec<corpora::Word>,
    /// The treebank's tags.
    pub tags: Vec<Tag>,
}

/// The sentences of documents.
pub fn sentences(docs: &[Document]) -> Vec<Sentence> {
    let mut out = Vec::new();
    for doc in docs {
        for gold in &doc.sentences {
            out.push(Sentence {
                words: gold.iter().map(|w| Word::new(&doc.text, w.span)).collect(),
                tags: gold.iter().map(|w| Tag { upos: w.upos, xpos: w.xpos }).collect(),
                gold: gold.clone(),
            });
        }
    }
    out
}

/// The tags that occur at least five times, most frequent first.
pub fn labels(sentences: &[Sentence]) -> Vec<Tag> {
    let mut counts: BTreeMap<Tag, usize> = BTreeMap::new();
    for tag in sentences.iter().flat_map(|s| &s.tags) {
        *counts.entry(*tag).or_default() += 1;
    }
    let mut labels: Vec<(Tag, usize)> = counts.into_iter().filter(|(_, n)| *n >= 5).collect();
    labels.sort_by_key(|(tag, n)| (std::cmp::Reverse(*n), *tag));
    labels.into_iter().map(|(tag, _)| tag).collect()
}

/// The table of features and the list it points into.
pub fn feats(sentences: &[Sentence]) -> (TableBuilder, Vec<Feats>) {
    let mut counts: BTreeMap<u64, BTreeMap<Feats, usize>> = BTreeMap::new();
    for sentence in sentences {
        for (i, word) in sentence.gold.iter().enumerate() {
            for key in [feats_key(Some(&sentence.words[i]), sentence.tags[i]), feats_key(None, sentence.tags[i])] {
                *counts.entry(key).or_default().entry(word.feats).or_default() += 1;
            }
        }
    }
    let mut default = FxHashMap::default();
    for (key, sets) in &counts {
        default.insert(*key, *sets.iter().max_by_key(|(_, n)| **n).map(|(f, _)| f).unwrap_or(&Feats::NONE));
    }
    let (mut table, mut all) = (TableBuilder::default(), Vec::new());
    let mut numbers: BTreeMap<Feats, u32> = BTreeMap::new();
    let mut set = |table: &mut TableBuilder, key: u64, feats: Feats| {
        let number = *numbers.entry(feats).or_insert_with(|| {
            all.push(feats);
            all.len() as u32 - 1
        });
        table.set(key, number);
    };
    for sentence in sentences {
        for i in 0..sentence.gold.len() {
            let general = feats_key(None, sentence.tags[i]);
            set(&mut table, general, default[&general]);
            let own = feats_key(Some(&sentence.words[i]), sentence.tags[i]);
            if default[&own] != default[&general] {
                set(&mut table, own, default[&own]);
            }
        }
    }
    (table, all)
}

/// The table of lemma rules and the list it points into.
pub fn lemmas(sentences: &[Sentence]) -> (TableBuilder, Vec<Rule>) {
    let mut words: BTreeMap<u64, BTreeMap<Rule, usize>> = BTreeMap::new();
    let mut ends: BTreeMap<u64, BTreeMap<Rule, usize>> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for sentence in sentences {
        for (word, tag) in sentence.gold.iter().zip(&sentence.tags) {
            if word.lemma == "_" {
                continue;
            }
            let rule = Rule::between(&word.form, &word.lemma);
            *words.entry(word_key(&word.form, *tag)).or_default().entry(rule.clone()).or_default() += 1;
            if seen.insert((word.form.clone(), *tag)) {
                // A rule says nothing of words that have only a part of what it cuts: `better` is no model for `greater`.
                for n in rule.cut.min(LONGEST + 1)..=LONGEST.min(word.form.len()) {
                    *ends.entry(end_key(word.form.as_bytes(), n, *tag)).or_default().entry(rule.clone()).or_default() += 1;
                }
            }
        }
    }
    let (mut table, mut rules) = (TableBuilder::default(), Vec::new());
    let mut numbers: BTreeMap<Rule, u16> = BTreeMap::new();
    for (key, counts) in ends.iter().filter(|(_, c)| c.values().sum::<usize>() >= 2).chain(&words) {
        let mut best: Vec<(&Rule, usize)> = counts.iter().map(|(rule, n)| (rule, *n)).collect();
        best.sort_by_key(|&(rule, n)| (std::cmp::Reverse(n), rule));
        let mut number = |k: usize| match best.get(k) {
            None => u16::MAX,
            Some((rule, _)) => *numbers.entry((*rule).clone()).or_insert_with(|| {
                rules.push((*rule).clone());
                rules.len() as u16 - 1
            }),
        };
        let (first, second) = (number(0), number(1));
        table.set(*key, pack(first, second));
    }
    (table, rules)
}
