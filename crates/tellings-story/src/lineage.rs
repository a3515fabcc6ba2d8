//! Which documents descend from which: copies, excerpts, rewrites.
//!
//! Two sentences are one passage when their content words are largely the same in whatever order, or when the same words
//! stand in the same order with others put in for the rest: so re-ordered, re-led and re-worded text (synonyms put in by a
//! machine) is found. Direct quotes are left out, since two reporters may hear the same words; names are compared as the
//! entities they are, so that "Russian Federation" for "Russia" hides nothing. A document belongs to the lineage of the
//! earlier document from which most of its words come, or which it holds as a whole.
//!
//! Documents are added one by one. What was seen is found again by the rarest words of a sentence, and a sentence that many
//! documents copied is kept once: so one more document costs the same however many came before it.

use crate::bytes::{Reader, Writer};
use crate::terms::{is_content, lemma};
use crate::{Lineage, Relation};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use tellings_doc::{Doc, Form, QuoteKind, Span, Upos};
use xxhash_rust::xxh3::xxh3_64;

/// A sentence with enough words of its own to be recognised.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    span: Span,
    /// Content symbols, ordered, each once.
    words: Box<[u32]>,
    /// All symbols in the order of the text.
    sequence: Box<[u32]>,
}

impl Passage {
    /// Its words stand in its sequence, too: of each its first place there.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.span(self.span);
        out.list(&self.sequence, |out, &symbol| out.u32(symbol));
        out.list(&self.words, |out, word| match self.sequence.iter().take(255).position(|s| s == word) {
            Some(at) => out.u8(at as u8),
            None => {
                out.u8(255);
                out.u32(*word);
            }
        });
    }

    pub(crate) fn read(bytes: &mut Reader<'_>) -> Option<Passage> {
        let span = bytes.span()?;
        let sequence = bytes.list(Reader::u32)?;
        let words = bytes.list(|bytes| match bytes.u8()? {
            255 => bytes.u32(),
            at => sequence.get(usize::from(at)).copied(),
        })?;
        Some(Passage { span, words: words.into(), sequence: sequence.into() })
    }
}

/// Sentences with fewer content words are too common to prove descent.
const MIN_WORDS: usize = 5;
/// Share of common content words (of the union) above which two sentences are one passage.
const SAME_WORDS: f32 = 0.6;
/// Share of words in the same order (of the mean length) above which they are one, function words counted.
const SAME_ORDER: f32 = 0.6;
/// Fewer common content words than this are chance.
const MIN_COMMON: usize = 3;
/// Two reporters tell one fact in like words: one passage proves descent only from so many common content words on; shorter ones
/// prove it together with others.
const LONG: usize = 12;
/// Share of a document's words that must come from another for it to belong to its lineage.
const DESCENT: f32 = 0.3;
/// Share from which on a document is a copy or excerpt rather than a rewrite.
const WHOLE: f32 = 0.8;

/// Share of common words (of the union) from which on a sentence is kept as one with what is known already.
const IDENTICAL: f32 = 0.9;
/// Documents remembered of one sentence: the first that had it.
const HOLDERS: usize = 32;
/// Sentences of one document that are learned at most.
const LEARNED: usize = 1024;
/// Rarest words of a sentence that it is looked up by, at least; of longer ones as many as sentences that are alike must share.
const LOOKED_UP: usize = 8;
/// Known sentences that one is compared with word by word: those that share most words.
const COMPARED: usize = 64;
/// Sentences kept of one story: the latest.
const KEPT: usize = 20_000;
/// Longer sentences are compared by their words alone (the comparison of order takes time in the square of the length).
const MAX_SEQUENCE: usize = 128;

/// The sentences of a document's body within some spans that can prove descent.
pub(crate) fn passages(doc: &Doc, within: &[Span]) -> Vec<Arc<Passage>> {
    let quoted: Vec<Span> =
        (doc.speech.quotes.iter()).filter(|q| q.kind == QuoteKind::Direct).flat_map(|q| q.content.iter().copied()).collect();
    let body: Vec<Span> = doc.article.blocks.iter().filter(|b| b.kind.is_body()).map(|b| b.span).collect();
    let covered = |spans: &[Span], span: Span| spans.iter().any(|b| b.covers(span));
    let symbols = symbols(doc);
    (doc.parse.sentences.iter())
        .filter(|s| covered(&body, s.span) && covered(within, s.span))
        .map(|s| {
            let own = s.tokens.clone().filter(|&i| !quoted.iter().any(|q| q.covers(doc.parse.tokens[i].span)));
            let own: Vec<usize> = own.filter(|&i| doc.parse.tokens[i].upos != Upos::Punct).collect();
            let content = own.iter().filter(|&&i| is_content(&doc.parse.tokens[i]));
            let mut words: Vec<u32> = content.map(|&i| symbols[i]).collect();
            words.sort_unstable();
            words.dedup();
            let mut sequence: Vec<u32> = own.iter().map(|&i| symbols[i]).collect();
            // A name of several words is one symbol.
            sequence.dedup();
            Passage { span: s.span, words: words.into(), sequence: sequence.into() }
        })
        .filter(|p| p.words.len() >= MIN_WORDS)
        .map(Arc::new)
        .collect()
}

/// Words of the sentences that can prove descent: how much a document tells, whatever lines are put under it.
pub(crate) fn length(passages: &[Arc<Passage>]) -> usize {
    passages.iter().map(|p| p.words.len()).sum()
}

/// Of each token what it is compared by: the entity it names where that is known in the actor table, else its lemma.
fn symbols(doc: &Doc) -> Vec<u32> {
    let symbol = |word: &str| (xxh3_64(word.as_bytes()) >> 32) as u32;
    let mut symbols: Vec<u32> = (0..doc.parse.tokens.len()).map(|i| symbol(&lemma(doc, i))).collect();
    for mention in doc.link.mentions.iter().filter(|m| m.form == Form::Name) {
        if let Some(known) = mention.entity.and_then(|e| doc.link.entities[e.index()].known.as_ref()) {
            doc.parse.tokens_in(mention.head).for_each(|i| symbols[i] = symbol(known));
        }
    }
    symbols
}

/// A sentence prepared for comparing its order with that of others: for each symbol the places where it stands, as bits.
struct Order {
    places: Vec<(u32, u128)>,
    length: usize,
}

impl Order {
    /// `None` for what is too long.
    fn new(sequence: &[u32]) -> Option<Order> {
        if sequence.len() > MAX_SEQUENCE {
            return None;
        }
        let mut places: Vec<(u32, u128)> = sequence.iter().enumerate().map(|(i, &s)| (s, 1 << i)).collect();
        places.sort_unstable();
        places.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 |= if same { next.1 } else { 0 };
            same
        });
        Some(Order { places, length: sequence.len() })
    }

    /// Length of the longest common subsequence, a row of bits at a time (Hyyrö).
    fn common(&self, other: &[u32]) -> usize {
        let mut row = u128::MAX;
        for symbol in other {
            let places = self.places.binary_search_by_key(symbol, |p| p.0).map_or(0, |at| self.places[at].1);
            let met = row & places;
            row = row.wrapping_add(met) | (row & !places);
        }
        let used = if self.length == 128 { u128::MAX } else { (1 << self.length) - 1 };
        (!row & used).count_ones() as usize
    }
}

/// Number of words in both of two ordered lists.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, n) = (i + 1, j + 1, n + 1),
        }
    }
    n
}

/// A sentence of one document that also stands in another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    pub(crate) span: Span,
    pub(crate) other: usize,
}

/// A sentence that some document had first.
#[derive(Clone, Debug)]
struct Known {
    passage: Arc<Passage>,
    /// The first documents that have it, in order, as positions.
    holders: Vec<u32>,
}

/// Where a document came from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Number of the document.
    pub(crate) document: u64,
    /// How its lineage's origin became it.
    pub(crate) relation: Relation,
    /// The document it was made from, as its position, and of how many of its sentences that is shown.
    pub(crate) parent: Option<(usize, usize)>,
    /// Its longer sentences, and the words in them.
    pub(crate) sentences: usize,
    words: usize,
}

impl Origin {
    /// A document of which it was settled before where it came from.
    pub(crate) fn settled(document: u64, relation: Relation, shared: usize, sentences: usize) -> Origin {
        Origin { document, relation, parent: Some((0, shared)), sentences, words: 0 }
    }
}

/// Documents in the order in which they were published, and which of them was made from which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lineages {
    pub(crate) documents: Vec<Origin>,
    known: VecDeque<Known>,
    /// Number of sentences that are no longer known.
    forgotten: u32,
    /// Number of the sentences that hold a word.
    index: FxHashMap<u32, Vec<u32>>,
    /// Of documents that were settled before: which sentence has just these words.
    exact: FxHashMap<Box<[u32]>, u32>,
}

/// What a document shares with one before it.
#[derive(Clone, Copy, Default)]
struct Common {
    words: usize,
    sentences: usize,
    longest: usize,
}

impl Lineages {
    /// Adds the next document; gives its sentences that documents before it have, and which the first of these was.
    pub(crate) fn add(&mut self, document: u64, passages: &[Arc<Passage>]) -> Vec<Shared> {
        let here = self.documents.len() as u32;
        let mut from: FxHashMap<u32, Common> = FxHashMap::default();
        let mut passed_on: Vec<(Span, Vec<u32>)> = Vec::new();
        let mut learned = 0;
        for passage in passages {
            let (holders, identical) = self.holders(passage);
            for &(holder, n) in holders.iter().filter(|h| h.0 != here) {
                let common = from.entry(holder).or_default();
                common.words += passage.words.len();
                common.sentences += 1;
                common.longest = common.longest.max(n);
            }
            passed_on.push((passage.span, holders.into_iter().map(|h| h.0).filter(|&h| h != here).collect()));
            match identical {
                Some(number) => {
                    let known = &mut self.known[(number - self.forgotten) as usize];
                    if known.holders.len() < HOLDERS && known.holders.last() != Some(&here) {
                        known.holders.push(here);
                    }
                }
                // A report of very many like sentences is known by its first ones: each further one would be looked up among all.
                None if learned < LEARNED => {
                    learned += 1;
                    self.learn(passage, here);
                }
                None => (),
            }
        }
        let proven = |o: u32| from.get(&o).is_some_and(|c| c.sentences > 1 || c.longest >= LONG);
        // The earliest document that has the passage is where it came from.
        let source =
            |(span, others): (Span, Vec<u32>)| Some(Shared { span, other: others.into_iter().find(|&o| proven(o))? as usize });
        let shared = passed_on.into_iter().filter_map(source).collect();
        let total = length(passages);
        let share = |common: usize, all: usize| common as f32 / all.max(1) as f32;
        // Most of its words come from another, or it holds the whole of another.
        let parent = (from.iter().map(|(&o, &c)| (c, o)))
            .max_by_key(|&(c, o)| (c.words, std::cmp::Reverse(o)))
            .map(|(c, o)| (c, o, share(c.words, total), share(c.words, self.documents[o as usize].words)))
            .filter(|&(_, o, own, theirs)| proven(o) && (own >= DESCENT || theirs >= WHOLE));
        let relation = match parent {
            Some((.., own, theirs)) if own >= WHOLE && theirs >= WHOLE => Relation::Copy,
            Some((.., own, _)) if own >= WHOLE => Relation::Excerpt,
            Some(_) => Relation::Rewrite,
            None => Relation::Original,
        };
        let parent = parent.map(|(c, o, ..)| (o as usize, c.sentences));
        self.documents.push(Origin { document, relation, parent, sentences: passages.len(), words: total });
        shared
    }

    /// Adds a document of which it was settled before from which other it came; its sentences are no longer known.
    pub(crate) fn keep(&mut self, mut origin: Origin, parent: Option<u64>) {
        let at = parent.and_then(|p| self.documents.iter().position(|d| d.document == p));
        origin.parent = origin.parent.zip(at).map(|((_, shared), at)| (at, shared));
        if origin.parent.is_none() {
            origin.relation = Relation::Original;
        }
        self.documents.push(origin);
    }

    /// Adds a document of which it was settled before where it came from; its sentences are learned, and not compared with others.
    pub(crate) fn settle(&mut self, origin: Origin, passages: &[Arc<Passage>]) {
        let here = self.documents.len() as u32;
        for passage in passages.iter().take(LEARNED) {
            match self.exact.get(&passage.words).filter(|&&number| number >= self.forgotten) {
                Some(&number) => {
                    let known = &mut self.known[(number - self.forgotten) as usize];
                    if known.holders.len() < HOLDERS && known.holders.last() != Some(&here) {
                        known.holders.push(here);
                    }
                }
                None => {
                    self.exact.insert(passage.words.clone(), self.forgotten + self.known.len() as u32);
                    self.learn(passage, here);
                }
            }
        }
        self.documents.push(Origin { parent: None, words: length(passages), ..origin });
    }

    /// The documents that have a sentence, each with the number of common words, in order; and the sentence it is one with.
    fn holders(&mut self, passage: &Passage) -> (Vec<(u32, usize)>, Option<u32>) {
        let mut words: Vec<(usize, u32)> =
            passage.words.iter().map(|&w| (self.index.get(&w).map_or(0, Vec::len), w)).filter(|w| w.0 > 0).collect();
        words.sort_unstable();
        // Sentences that share so much of their words share one of any so many.
        let n = passage.words.len();
        words.truncate(LOOKED_UP.max(n - (SAME_WORDS * n as f32).ceil() as usize + 1));
        let mut found: Vec<u32> = Vec::new();
        for (_, word) in words {
            let Some(list) = self.index.get_mut(&word) else { continue };
            list.drain(..list.partition_point(|&n| n < self.forgotten));
            found.extend_from_slice(list);
        }
        found.sort_unstable();
        found.dedup();
        let known = |number: u32| &self.known[(number - self.forgotten) as usize];
        let mut near: Vec<(usize, u32)> = (found.into_iter())
            .map(|number| (common(&passage.words, &known(number).passage.words), number))
            .filter(|&(n, _)| n >= MIN_COMMON)
            .collect();
        near.sort_unstable_by_key(|&(n, number)| (std::cmp::Reverse(n), number));
        near.truncate(COMPARED);
        let mut order = None;
        let mut holders: Vec<(u32, usize)> = Vec::new();
        let mut identical: Option<(f32, u32)> = None;
        for (n, number) in near {
            let (other, held_by) = (&known(number).passage, &known(number).holders);
            let by_words = n as f32 / (passage.words.len() + other.words.len() - n) as f32;
            let same = by_words >= SAME_WORDS
                || other.sequence.len() <= MAX_SEQUENCE && {
                    let order = order.get_or_insert_with(|| Order::new(&passage.sequence));
                    let length = passage.sequence.len() + other.sequence.len();
                    // No more can be common than the shorter one has.
                    let most = 2 * passage.sequence.len().min(other.sequence.len());
                    most as f32 >= SAME_ORDER * length as f32
                        && order.as_ref().is_some_and(|o| 2.0 * o.common(&other.sequence) as f32 >= SAME_ORDER * length as f32)
                };
            if same {
                holders.extend(held_by.iter().map(|&h| (h, n)));
            }
            if by_words >= IDENTICAL && identical.is_none_or(|known| by_words > known.0) {
                identical = Some((by_words, number));
            }
        }
        holders.sort_unstable_by_key(|&(h, n)| (h, std::cmp::Reverse(n)));
        holders.dedup_by_key(|h| h.0);
        (holders, identical.map(|i| i.1))
    }

    fn learn(&mut self, passage: &Arc<Passage>, here: u32) {
        let number = self.forgotten + self.known.len() as u32;
        for &word in &passage.words {
            self.index.entry(word).or_default().push(number);
        }
        self.known.push_back(Known { passage: passage.clone(), holders: vec![here] });
        if self.known.len() > KEPT {
            self.known.pop_front();
            self.forgotten += 1;
        }
    }

    /// Of each document the first of its lineage, as positions.
    pub(crate) fn origins(&self) -> Vec<usize> {
        let first = |mut at: usize| {
            // What people declare may lead to a later document, but never round.
            for _ in 0..self.documents.len() {
                let Some((parent, _)) = self.documents[at].parent else { break };
                at = parent;
            }
            at
        };
        (0..self.documents.len()).map(first).collect()
    }

    /// One document was made from another, as people say, whatever the sentences show. What would lead round is not so.
    pub(crate) fn declare(&mut self, copy: u64, of: u64) {
        let at = |number: u64| self.documents.iter().position(|d| d.document == number);
        let (Some(copy), Some(of)) = (at(copy), at(of)) else { return };
        let mut up = Some(of);
        for _ in 0..self.documents.len() {
            if up == Some(copy) {
                // The other one is known to be made from this one: it becomes the origin.
                self.documents[of].parent = None;
                self.documents[of].relation = Relation::Original;
                break;
            }
            up = up.and_then(|at| self.documents[at].parent).map(|p| p.0);
        }
        self.documents[copy].parent = Some((of, 0));
        self.documents[copy].relation = Relation::Copy;
    }

    /// The sentence that says from what a document was made.
    pub(crate) fn note(&self, at: usize, name: impl Fn(u64) -> String) -> Option<String> {
        let document = &self.documents[at];
        let (parent, shared) = document.parent?;
        if shared == 0 {
            let (copy, of) = (name(document.document), name(self.documents[parent].document));
            return Some(format!("`{copy}` is a copy of `{of}`, somebody says"));
        }
        Some(format!(
            "`{}` shares {shared} of its {} longer sentences with `{}`",
            name(document.document),
            document.sentences,
            name(self.documents[parent].document)
        ))
    }
}

/// How the documents of one story descend from one another.
pub(crate) struct Descent {
    pub(crate) lineages: Vec<Lineage>,
    /// Of each document (position in the story's list): the sentences that earlier documents of other lineages also have.
    pub(crate) shared: Vec<Vec<Shared>>,
    /// Lineage of each document.
    pub(crate) of: Vec<usize>,
}

impl Descent {
    /// Lineage of the words at `span` of a document: that of the document they came from.
    pub(crate) fn at(&self, document: usize, span: Span) -> usize {
        let from = self.shared[document].iter().find(|s| s.span.touches(span));
        self.of[from.map_or(document, |s| s.other)]
    }
}

/// Lineages of the documents at `members` (positions in `docs`), which must be ordered by date, undated last; `copies` are documents
/// that people say are made from another.
pub(crate) fn descent(docs: &[Doc], members: &[(usize, Vec<Arc<Passage>>)], copies: &[(usize, usize)]) -> Descent {
    let mut all = Lineages::default();
    let shared = members.iter().map(|(m, passages)| all.add(*m as u64, passages)).collect();
    copies.iter().for_each(|&(copy, of)| all.declare(copy as u64, of as u64));
    let origins = all.origins();
    let mut numbers: FxHashMap<usize, usize> = FxHashMap::default();
    for &origin in &origins {
        let next = numbers.len();
        numbers.entry(origin).or_insert(next);
    }
    let start =
        |&origin: &usize| Lineage { origin: all.documents[origin].document as usize, documents: Vec::new(), notes: Vec::new() };
    let mut firsts: Vec<(&usize, &usize)> = numbers.iter().collect();
    firsts.sort_by_key(|(_, number)| **number);
    let mut lineages: Vec<Lineage> = firsts.into_iter().map(|(origin, _)| start(origin)).collect();
    for (here, origin) in origins.iter().enumerate() {
        let (document, lineage) = (&all.documents[here], &mut lineages[numbers[origin]]);
        let one = (document.document as usize, document.relation);
        // The origin first, also where people say that it is a later one.
        if here == *origin {
            lineage.documents.insert(0, one)
        } else {
            lineage.documents.push(one)
        }
        lineage.notes.extend(all.note(here, |d| docs[d as usize].id.clone()));
    }
    Descent { lineages, shared, of: origins.iter().map(|origin| numbers[origin]).collect() }
}

#[cfg(test)]
mod tests {
    use super::{Order, common};

    #[test]
    fn words_in_the_same_order_are_counted() {
        let order = |a: &[u32], b: &[u32]| Order::new(a).map(|o| o.common(b));
        assert_eq!(order(&[1, 2, 3, 4], &[2, 9, 4]), Some(2));
        assert_eq!(order(&[], &[1]), Some(0));
        assert_eq!(order(&[1, 2, 1, 3, 2], &[2, 1, 2, 3]), Some(3));
        let long: Vec<u32> = (0..128).collect();
        assert_eq!(order(&long, &long), Some(128));
        assert_eq!(order(&[0; 129], &[0]), None);
    }

    #[test]
    fn words_in_both() {
        assert_eq!(common(&[1, 3, 5], &[2, 3, 5, 9]), 2);
    }
}
