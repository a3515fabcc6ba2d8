//! What a stretch of text is about: weighted terms, and how near two such stretches are.

use rustc_hash::FxHashMap;
use tellings_doc::{Doc, Entity, Form, Kind, Span, Token, Upos};
use xxhash_rust::xxh3::xxh3_64;

/// Terms with their counts, ordered by term. A term is the hash of a lemma or of an entity's key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Ordered by hash.
    pub(crate) counts: Vec<(u64, f32)>,
}

/// Names say more about what a text is about than other words.
const NAME_WEIGHT: f32 = 2.0;

impl Terms {
    /// The terms of these spans of a document.
    pub(crate) fn of(doc: &Doc, spans: &[Span]) -> Terms {
        let mut counts: FxHashMap<u64, f32> = FxHashMap::default();
        for &span in spans {
            for i in doc.parse.tokens_in(span) {
                if is_content(&doc.parse.tokens[i]) {
                    *counts.entry(xxh3_64(lemma(doc, i).as_bytes())).or_default() += 1.0;
                }
            }
        }
        for name in spans.iter().flat_map(|&span| names(doc, span)) {
            *counts.entry(name).or_default() += NAME_WEIGHT;
        }
        let mut counts: Vec<(u64, f32)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|c| c.0);
        Terms { counts }
    }

    /// The terms alone.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.counts.iter().map(|c| c.0)
    }
}

/// The names in a span, each time they stand there, as hashes of their entities' keys.
pub(crate) fn names(doc: &Doc, span: Span) -> Vec<u64> {
    let key = |entity: &Entity| match &entity.known {
        Some(known) => xxh3_64(known.as_bytes()),
        None => xxh3_64(format!("name/{}", entity.name.to_lowercase()).as_bytes()),
    };
    (doc.link.mentions.iter())
        .filter(|m| m.form == Form::Name && span.covers(m.span))
        .filter_map(|m| m.entity.map(|id| &doc.link.entities[id.index()]))
        .filter(|entity| entity.kind != Kind::Norp)
        .map(key)
        .collect()
}

/// Nouns, names, verbs, adjectives and numbers carry matter; auxiliaries and function words do not.
pub(crate) fn is_content(token: &Token) -> bool {
    matches!(token.upos, Upos::Noun | Upos::Propn | Upos::Verb | Upos::Adj | Upos::Num) && token.span.len() > 1
}

/// Lower-cased lemma of a token; its lower-cased letters where the lemma is empty.
pub(crate) fn lemma(doc: &Doc, token: usize) -> String {
    let lemma = doc.parse.lemma(tellings_doc::Id::new(token));
    if lemma.is_empty() { doc.parse.tokens[token].span.of(doc.text()).to_lowercase() } else { lemma.to_lowercase() }
}

/// How telling each term is: rare terms weigh more. Counted over the input together with a fixed background of ordinary
/// news, so that a handful of reports on one matter do not make their own subject look common.
pub(crate) struct Rarity {
    seen: FxHashMap<u64, f32>,
    total: f32,
}

/// Number of background articles, then words and how many of them hold each; made by `cargo xtask background`.
const BACKGROUND: &str = include_str!("../data/background.tsv");

impl Rarity {
    /// Counted over these items. Input documents are damped: a large input corrects the background, a small one hardly.
    pub(crate) fn new<'a>(items: impl ExactSizeIterator<Item = &'a Terms>) -> Rarity {
        let mut lines = BACKGROUND.lines();
        let articles: f32 = lines.next().and_then(|n| n.parse().ok()).unwrap_or(1.0);
        let mut seen: FxHashMap<u64, f32> = FxHashMap::default();
        for (word, count) in lines.filter_map(|line| line.split_once('\t')) {
            seen.insert(xxh3_64(word.as_bytes()), count.parse().unwrap_or(1.0));
        }
        let share = (items.len() as f32 / articles).min(1.0);
        let total = articles + items.len() as f32 * share;
        for key in items.flat_map(Terms::keys) {
            *seen.entry(key).or_default() += share;
        }
        Rarity { seen, total }
    }

    /// How much a term tells: the rarer the more.
    pub(crate) fn weight(&self, term: u64) -> f32 {
        ((self.total + 1.0) / (self.seen.get(&term).copied().unwrap_or(0.0) + 1.0)).ln()
    }

    /// Unit vector of an item.
    pub(crate) fn vector(&self, terms: &Terms) -> Vector {
        let mut values: Vec<(u64, f32)> =
            terms.counts.iter().map(|&(term, count)| (term, (1.0 + count.ln()) * self.weight(term))).collect();
        let norm = values.iter().map(|v| v.1 * v.1).sum::<f32>().sqrt();
        if norm > 0.0 {
            values.iter_mut().for_each(|v| v.1 /= norm);
        }
        Vector { values }
    }
}

/// A weighted unit vector over terms, ordered by term.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    pub(crate) values: Vec<(u64, f32)>,
}

impl Vector {
    /// Cosine of two unit vectors, 0..=1.
    pub(crate) fn cosine(&self, other: &Vector) -> f32 {
        let (mut a, mut b, mut sum) = (self.values.iter().peekable(), other.values.iter().peekable(), 0.0);
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    sum += x.1 * y.1;
                    a.next();
                    b.next();
                }
            }
        }
        sum
    }
}
