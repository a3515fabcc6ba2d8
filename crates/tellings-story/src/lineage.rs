//! Which documents descend from which: copies, excerpts, rewrites.
//!
//! Two sentences are one passage when their content words are largely the same in whatever order, or when the same words
//! stand in the same order with others put in for the rest: so re-ordered, re-led and re-worded text (synonyms put in by a
//! machine) is found. Direct quotes are left out, since two reporters may hear the same words; names are compared as the
//! entities they are, so that "Russian Federation" for "Russia" hides nothing. A document belongs to the lineage of the
//! earlier document from which most of its words come, or which it holds as a whole.

use crate::terms::{is_content, lemma};
use crate::{Lineage, Relation};
use rustc_hash::FxHashMap;
use tellings_doc::{Doc, Form, QuoteKind, Span, Upos};
use xxhash_rust::xxh3::xxh3_64;

/// A sentence with enough words of its own to be recognised.
struct Passage {
    span: Span,
    /// Content symbols, ordered, each once.
    words: Vec<u64>,
    /// All symbols in the order of the text.
    sequence: Vec<u64>,
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
const LONG: usize = 10;
/// Share of a document's words that must come from another for it to belong to its lineage.
const DESCENT: f32 = 0.3;
/// Share from which on a document is a copy or excerpt rather than a rewrite.
const WHOLE: f32 = 0.8;

fn passages(doc: &Doc) -> Vec<Passage> {
    let quoted: Vec<Span> =
        (doc.speech.quotes.iter()).filter(|q| q.kind == QuoteKind::Direct).flat_map(|q| q.content.iter().copied()).collect();
    let body: Vec<Span> = doc.article.blocks.iter().filter(|b| b.kind.is_body()).map(|b| b.span).collect();
    let symbols = symbols(doc);
    (doc.parse.sentences.iter())
        .filter(|s| body.iter().any(|b| b.covers(s.span)))
        .map(|s| {
            let own = s.tokens.clone().filter(|&i| !quoted.iter().any(|q| q.covers(doc.parse.tokens[i].span)));
            let own: Vec<usize> = own.filter(|&i| doc.parse.tokens[i].upos != Upos::Punct).collect();
            let content = own.iter().filter(|&&i| is_content(&doc.parse.tokens[i]));
            let mut words: Vec<u64> = content.map(|&i| symbols[i]).collect();
            words.sort_unstable();
            words.dedup();
            let mut sequence: Vec<u64> = own.iter().map(|&i| symbols[i]).collect();
            // A name of several words is one symbol.
            sequence.dedup();
            Passage { span: s.span, words, sequence }
        })
        .filter(|p| p.words.len() >= MIN_WORDS)
        .collect()
}

/// Words of the sentences that can prove descent: how much a document tells, whatever lines are put under it.
pub(crate) fn length(doc: &Doc) -> usize {
    passages(doc).iter().map(|p| p.words.len()).sum()
}

/// Of each token what it is compared by: the entity it names where that is known in the actor table, else its lemma.
fn symbols(doc: &Doc) -> Vec<u64> {
    let mut symbols: Vec<u64> = (0..doc.parse.tokens.len()).map(|i| xxh3_64(lemma(doc, i).as_bytes())).collect();
    for mention in doc.link.mentions.iter().filter(|m| m.form == Form::Name) {
        if let Some(known) = mention.entity.and_then(|e| doc.link.entities[e.index()].known.as_ref()) {
            doc.parse.tokens_in(mention.head).for_each(|i| symbols[i] = xxh3_64(known.as_bytes()));
        }
    }
    symbols
}

/// Length of the longest common subsequence.
fn in_order(a: &[u64], b: &[u64]) -> usize {
    let mut row = vec![0usize; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Longer sentences are compared by their words alone (the comparison of order is quadratic).
const MAX_SEQUENCE: usize = 200;

/// How much of one passage two sentences are (0..=1), given the number of their common content words; `None` = not one.
fn likeness(a: &Passage, b: &Passage, common: usize) -> Option<f32> {
    let union = a.words.len() + b.words.len() - common;
    let by_words = common as f32 / union as f32;
    if by_words >= SAME_WORDS {
        return Some(by_words);
    }
    if common < MIN_COMMON || a.sequence.len().max(b.sequence.len()) > MAX_SEQUENCE {
        return None;
    }
    let by_order = 2.0 * in_order(&a.sequence, &b.sequence) as f32 / (a.sequence.len() + b.sequence.len()) as f32;
    Some(by_order).filter(|&share| share >= SAME_ORDER)
}

/// A sentence of one document that also stands in another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    pub(crate) span: Span,
    pub(crate) other: usize,
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

/// Lineages of the documents at `members` (positions in `docs`), which must be ordered by date, undated last.
pub(crate) fn descent(docs: &[Doc], members: &[usize]) -> Descent {
    let passages: Vec<Vec<Passage>> = members.iter().map(|&m| passages(&docs[m])).collect();
    let mut index: FxHashMap<u64, Vec<(usize, usize)>> = FxHashMap::default();
    let mut lineages: Vec<Lineage> = Vec::new();
    let (mut shared, mut of) = (Vec::new(), Vec::new());
    for (here, own) in passages.iter().enumerate() {
        let mut from: Vec<(usize, usize)> = vec![(0, 0); here];
        let mut longest: Vec<usize> = vec![0; here];
        let mut passed_on: Vec<(Span, Vec<usize>)> = Vec::new();
        let total: usize = own.iter().map(|p| p.words.len()).sum();
        for passage in own {
            let mut seen: FxHashMap<(usize, usize), usize> = FxHashMap::default();
            for at in passage.words.iter().filter_map(|w| index.get(w)).flatten() {
                *seen.entry(*at).or_default() += 1;
            }
            let mut best: Vec<Option<f32>> = vec![None; here];
            for (&(other, number), &n) in &seen {
                let share = likeness(passage, &passages[other][number], n);
                if share.is_some() {
                    longest[other] = longest[other].max(n);
                }
                best[other] = if share > best[other] { share } else { best[other] };
            }
            for other in (0..here).filter(|&o| best[o].is_some()) {
                from[other] = (from[other].0 + passage.words.len(), from[other].1 + 1);
            }
            passed_on.push((passage.span, (0..here).filter(|&o| best[o].is_some()).collect()));
        }
        let proven = |o: usize| from[o].1 > 1 || longest[o] >= LONG;
        // The earliest document that has the passage is where it came from.
        let source = |(span, others): (Span, Vec<usize>)| Some(Shared { span, other: others.into_iter().find(|&o| proven(o))? });
        let found: Vec<Shared> = passed_on.into_iter().filter_map(source).collect();
        let length = |o: usize| passages[o].iter().map(|p| p.words.len()).sum::<usize>();
        let share = |common: usize, all: usize| common as f32 / all.max(1) as f32;
        // Most of its words come from another, or it holds the whole of another.
        let parent = (0..here)
            .max_by_key(|&o| (from[o].0, std::cmp::Reverse(o)))
            .filter(|&o| proven(o) && (share(from[o].0, total) >= DESCENT || share(from[o].0, length(o)) >= WHOLE));
        match parent {
            Some(parent) => {
                let (own_share, their_share) = (share(from[parent].0, total), share(from[parent].0, length(parent)));
                let relation = match (own_share >= WHOLE, their_share >= WHOLE) {
                    (true, true) => Relation::Copy,
                    (true, false) => Relation::Excerpt,
                    _ => Relation::Rewrite,
                };
                let lineage: usize = of[parent];
                lineages[lineage].documents.push((members[here], relation));
                lineages[lineage].notes.push(format!(
                    "`{}` shares {} of its {} longer sentences with `{}`",
                    docs[members[here]].id,
                    from[parent].1,
                    own.len(),
                    docs[members[parent]].id
                ));
                of.push(lineage);
            }
            None => {
                of.push(lineages.len());
                let origin = members[here];
                lineages.push(Lineage { origin, documents: vec![(origin, Relation::Original)], notes: Vec::new() });
            }
        }
        shared.push(found);
        for (number, passage) in own.iter().enumerate() {
            for &word in &passage.words {
                index.entry(word).or_default().push((here, number));
            }
        }
    }
    Descent { lineages, shared, of }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn words_in_the_same_order_are_counted() {
        assert_eq!(in_order(&[1, 2, 3, 4], &[2, 9, 4]), 2);
        assert_eq!(in_order(&[], &[1]), 0);
    }
}
