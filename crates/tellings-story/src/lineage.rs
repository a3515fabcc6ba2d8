//! Which documents descend from which: copies, excerpts, rewrites.
//!
//! Two sentences are one passage when their content words (lemmas, direct quotes left out, since two reporters may hear
//! the same words) are largely the same, in whatever order; so re-ordered, re-led and re-worded text is still found.
//! A document belongs to the lineage of the earlier document from which most of its words come.

use crate::terms::{is_content, lemma};
use crate::{Lineage, Relation};
use rustc_hash::FxHashMap;
use tellings_doc::{Doc, QuoteKind, Span};
use xxhash_rust::xxh3::xxh3_64;

/// A sentence with enough words of its own to be recognised.
struct Passage {
    span: Span,
    /// Hashes of its content lemmas, ordered, each once.
    words: Vec<u64>,
}

/// Sentences with fewer content words are too common to prove descent.
const MIN_WORDS: usize = 5;
/// Share of common words (of the union) above which two sentences are one passage.
const SAME_PASSAGE: f32 = 0.6;
/// Share of a document's words that must come from another for it to belong to its lineage.
const DESCENT: f32 = 0.3;
/// Share from which on a document is a copy or excerpt rather than a rewrite.
const WHOLE: f32 = 0.8;

fn passages(doc: &Doc) -> Vec<Passage> {
    let quoted: Vec<Span> =
        (doc.speech.quotes.iter()).filter(|q| q.kind == QuoteKind::Direct).flat_map(|q| q.content.iter().copied()).collect();
    let body: Vec<Span> = doc.article.blocks.iter().filter(|b| b.kind.is_body()).map(|b| b.span).collect();
    (doc.parse.sentences.iter())
        .filter(|s| body.iter().any(|b| b.covers(s.span)))
        .map(|s| {
            let own = |i: &usize| {
                let token = &doc.parse.tokens[*i];
                is_content(token) && !quoted.iter().any(|q| q.covers(token.span))
            };
            let mut words: Vec<u64> = s.tokens.clone().filter(own).map(|i| xxh3_64(lemma(doc, i).as_bytes())).collect();
            words.sort_unstable();
            words.dedup();
            Passage { span: s.span, words }
        })
        .filter(|p| p.words.len() >= MIN_WORDS)
        .collect()
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
        let mut found: Vec<Shared> = Vec::new();
        let mut from: Vec<(usize, usize)> = vec![(0, 0); here];
        let total: usize = own.iter().map(|p| p.words.len()).sum();
        for passage in own {
            let mut seen: FxHashMap<(usize, usize), usize> = FxHashMap::default();
            for at in passage.words.iter().filter_map(|w| index.get(w)).flatten() {
                *seen.entry(*at).or_default() += 1;
            }
            let mut best: Vec<Option<f32>> = vec![None; here];
            for (&(other, number), &n) in &seen {
                let union = passage.words.len() + passages[other][number].words.len() - n;
                let share = n as f32 / union as f32;
                if share >= SAME_PASSAGE && best[other].is_none_or(|b| share > b) {
                    best[other] = Some(share);
                }
            }
            for other in (0..here).filter(|&o| best[o].is_some()) {
                from[other] = (from[other].0 + passage.words.len(), from[other].1 + 1);
            }
            // The earliest document that has the passage is where it came from.
            if let Some(other) = (0..here).find(|&o| best[o].is_some()) {
                found.push(Shared { span: passage.span, other });
            }
        }
        let parent = (0..here)
            .max_by_key(|&o| (from[o].0, std::cmp::Reverse(o)))
            .filter(|&o| total > 0 && from[o].0 as f32 / total as f32 >= DESCENT);
        match parent {
            Some(parent) => {
                let theirs: usize = passages[parent].iter().map(|p| p.words.len()).sum();
                let (own_share, their_share) =
                    (from[parent].0 as f32 / total as f32, from[parent].0 as f32 / theirs.max(1) as f32);
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
