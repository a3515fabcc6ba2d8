//! What a stretch of text is about: weighted terms, and how near two such stretches are.

use crate::bytes::{Reader, Writer};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
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
    named(doc, span).map(|entity| xxh3_64(key(entity).as_bytes())).collect()
}

fn named(doc: &Doc, span: Span) -> impl Iterator<Item = &Entity> {
    (doc.link.mentions.iter())
        .filter(move |m| m.form == Form::Name && span.covers(m.span))
        .filter_map(|m| m.entity.map(|id| &doc.link.entities[id.index()]))
        .filter(|entity| entity.kind != Kind::Norp)
}

fn key(entity: &Entity) -> Cow<'_, str> {
    match &entity.known {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(format!("name/{}", entity.name.to_lowercase())),
    }
}

/// The terms that a report is compared by, as words, each once: what the table of background counts is made from.
pub fn terms(doc: &Doc) -> BTreeSet<String> {
    let body = doc.article.blocks.iter().filter(|b| b.kind.is_body()).map(|b| b.span);
    let mut all = BTreeSet::new();
    for span in body {
        let words = doc.parse.tokens_in(span).filter(|&i| is_content(&doc.parse.tokens[i]));
        all.extend(words.map(|i| lemma(doc, i)));
        all.extend(named(doc, span).map(|entity| key(entity).into_owned()));
    }
    all
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

/// How telling each term is: rare terms weigh more. Counted over a fixed background of ordinary news, so that how near two reports
/// are never changes with what else comes in.
#[derive(Clone, Debug)]
pub struct Rarity {
    seen: FxHashMap<u64, f32>,
    total: f32,
}

/// Number of background articles, then terms and how many of them hold each; made by `cargo xtask background`.
const BACKGROUND: &str = include_str!("../data/background.tsv");

impl Rarity {
    /// The table that is shipped.
    pub fn shipped() -> Rarity {
        let mut lines = BACKGROUND.lines();
        let total: f32 = lines.next().and_then(|n| n.parse().ok()).unwrap_or(1.0);
        let seen = lines.filter_map(|line| line.split_once('\t'));
        let seen = seen.map(|(term, count)| (xxh3_64(term.as_bytes()), count.parse().unwrap_or(1.0))).collect();
        Rarity { seen, total }
    }

    /// How much a term tells: the rarer the more.
    pub(crate) fn weight(&self, term: u64) -> f32 {
        ((self.total + 1.0) / (self.seen.get(&term).copied().unwrap_or(0.0) + 1.0)).ln()
    }

    /// Unit vector of a text: its most telling terms.
    pub(crate) fn vector(&self, terms: &Terms) -> Vector {
        let values = terms.counts.iter().map(|&(term, count)| ((term >> 32) as u32, (1.0 + count.ln()) * self.weight(term)));
        let mut vector = Vector { values: values.collect() };
        vector.values.dedup_by_key(|v| v.0);
        vector.keep(VECTOR_TERMS);
        vector.scale(1.0 / vector.dot(&vector).sqrt().max(f32::MIN_POSITIVE));
        vector
    }
}

/// Compares what two statements say: an answer, a reason, a claim of one report with that of another.
pub struct Statements {
    rarity: Rarity,
}

impl Default for Statements {
    fn default() -> Statements {
        Statements { rarity: Rarity::shipped() }
    }
}

impl Statements {
    /// Likeness from which two statements about one question are taken to say the same.
    pub const SAME: f32 = 0.14;

    /// How much of the shorter of two statements the other says, too, 0..=1: the words that tell something, the rarer the more.
    pub fn alike(&self, a: (&Doc, Span), b: (&Doc, Span)) -> f32 {
        let (x, y) = (stems(a.0, a.1), stems(b.0, b.1));
        let weight = |words: &[u64]| words.iter().map(|&w| self.rarity.weight(w)).sum::<f32>();
        let both: Vec<u64> = x.iter().copied().filter(|w| y.binary_search(w).is_ok()).collect();
        let least = weight(&x).min(weight(&y));
        if least > 0.0 { weight(&both) / least } else { 0.0 }
    }
}

/// Content words without their endings ("inspect" of "inspections"), ordered, each once; as hashes.
fn stems(doc: &Doc, span: Span) -> Vec<u64> {
    const ENDINGS: [&str; 12] = ["ations", "ation", "ings", "ing", "ments", "ment", "ions", "ion", "ies", "ed", "es", "s"];
    let content = |&i: &usize| is_content(&doc.parse.tokens[i]) || doc.parse.tokens[i].upos == Upos::Adv;
    let mut list: Vec<u64> = (doc.parse.tokens_in(span).filter(content))
        .map(|i| {
            let word = lemma(doc, i);
            let bare = ENDINGS.iter().find_map(|e| word.strip_suffix(e).filter(|w| w.len() > 3));
            xxh3_64(bare.unwrap_or(&word).as_bytes())
        })
        .collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// Terms kept of one text: the others tell little, and a report is to be a small thing.
const VECTOR_TERMS: usize = 128;

/// Weights of terms, ordered by term.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vector {
    pub(crate) values: Vec<(u32, f32)>,
}

impl Vector {
    pub(crate) fn write(&self, out: &mut Writer) {
        out.list(&self.values, |out, &(term, weight)| {
            out.u32(term);
            out.f32(weight);
        });
    }

    pub(crate) fn read(bytes: &mut Reader<'_>) -> Option<Vector> {
        let values = bytes.list(|bytes| Some((bytes.u32()?, bytes.f32()?)))?;
        Some(Vector { values })
    }

    /// Sum of products: the cosine, where both are unit vectors.
    pub(crate) fn dot(&self, other: &Vector) -> f32 {
        let (a, b) = (&self.values, &other.values);
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while i < a.len() && j < b.len() {
            match a[i].0.cmp(&b[j].0) {
                Ordering::Less => i += 1,
                Ordering::Greater => j += 1,
                Ordering::Equal => {
                    sum += a[i].1 * b[j].1;
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        sum
    }

    /// Adds the weights of another.
    pub(crate) fn add(&mut self, other: &Vector) {
        let mut sum = Vec::with_capacity(self.values.len() + other.values.len());
        let (mut a, mut b) = (self.values.iter().peekable(), other.values.iter().peekable());
        loop {
            match (a.peek(), b.peek()) {
                (Some(x), Some(y)) if x.0 == y.0 => {
                    sum.push((x.0, x.1 + y.1));
                    a.next();
                    b.next();
                }
                (Some(x), y) if y.is_none_or(|y| x.0 < y.0) => sum.extend(a.next()),
                (_, Some(_)) => sum.extend(b.next()),
                (_, None) => break,
            }
        }
        self.values = sum;
    }

    /// Multiplies all weights.
    pub(crate) fn scale(&mut self, factor: f32) {
        self.values.iter_mut().for_each(|v| v.1 *= factor);
    }

    /// Keeps the `n` terms of most weight.
    pub(crate) fn keep(&mut self, n: usize) {
        if self.values.len() > n {
            self.values.select_nth_unstable_by(n, heavier);
            self.values.truncate(n);
            self.values.sort_unstable_by_key(|v| v.0);
            self.values.shrink_to_fit();
        }
    }

    /// The `n` terms of most weight, ordered by weight.
    pub(crate) fn top(&self, n: usize) -> Vec<(u32, f32)> {
        let mut top = self.values.clone();
        if top.len() > n {
            top.select_nth_unstable_by(n, heavier);
            top.truncate(n);
        }
        top.sort_unstable_by(heavier);
        top
    }
}

fn heavier(a: &(u32, f32), b: &(u32, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}
