//! Stories: documents, or parts of them, that are about one developing matter.

use crate::terms::{self, Rarity, Terms, Vector};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use tellings_doc::{BlockKind, Doc, Span};

/// A document, or the part of one that is about something else, as clustering sees it.
pub(crate) struct Item {
    /// Position in the documents.
    pub(crate) document: usize,
    /// Its text, as body blocks.
    pub(crate) spans: Vec<Span>,
    /// Is it the document's main matter?
    pub(crate) main: bool,
    terms: Terms,
}

impl Item {
    /// First to last byte.
    pub(crate) fn span(&self) -> Span {
        let first = self.spans.first().copied().unwrap_or_default();
        self.spans.iter().fold(first, |a, &b| a.join(b))
    }
}

/// Cosine above which two items are about one matter.
const SAME_STORY: f32 = 0.17;
/// Cosine with the rest of its document below which a run of paragraphs is about something else.
const OTHER_MATTER: f32 = 0.15;
/// Fewer words than this are not a matter of their own.
const PART_WORDS: usize = 60;
/// A matter of its own names at least so many people, groups and places that the rest does not.
const OWN_NAMES: usize = 3;
/// Two reports that are further apart in days than this are hardly on one story; similarity halves at it.
const HALF_LIFE_DAYS: f32 = 21.0;
/// Longer documents are not searched for side stories (the search is quadratic in paragraphs).
const MAX_BLOCKS: usize = 80;

/// The items of each story, and all items.
pub(crate) fn stories(docs: &[Doc]) -> (Vec<Item>, Vec<Vec<usize>>) {
    let whole: Vec<Terms> = docs.iter().map(|doc| Terms::of(doc, &body(doc))).collect();
    let rarity = Rarity::new(whole.iter());
    let items: Vec<Item> = (0..docs.len()).flat_map(|d| split(&docs[d], d, &rarity)).collect();
    let vectors: Vec<Vector> = items.iter().map(|item| rarity.vector(&item.terms)).collect();
    let groups = group(docs, &items, &vectors);
    (items, groups)
}

fn body(doc: &Doc) -> Vec<Span> {
    let kinds = |k: BlockKind| k.is_body() || matches!(k, BlockKind::Title | BlockKind::Heading);
    doc.article.blocks.iter().filter(|b| kinds(b.kind)).map(|b| b.span).collect()
}

/// The document's main matter and, where a run of its paragraphs is about something else, that.
fn split(doc: &Doc, document: usize, rarity: &Rarity) -> Vec<Item> {
    let blocks = body(doc);
    let item = |spans: Vec<Span>, main: bool| Item { document, terms: Terms::of(doc, &spans), spans, main };
    if blocks.len() < 4 || blocks.len() > MAX_BLOCKS {
        return vec![item(blocks, true)];
    }
    let Some((from, to)) = side_story(doc, &blocks, rarity) else { return vec![item(blocks, true)] };
    vec![item([&blocks[..from], &blocks[to..]].concat(), true), item(blocks[from..to].to_vec(), false)]
}

/// The run of blocks that is least like the rest of its document, if it is unlike enough.
fn side_story(doc: &Doc, blocks: &[Span], rarity: &Rarity) -> Option<(usize, usize)> {
    let per_block: Vec<Terms> = blocks.iter().map(|&b| Terms::of(doc, &[b])).collect();
    let words: Vec<usize> = blocks.iter().map(|&b| doc.parse.tokens_in(b).len()).collect();
    let all_words: usize = words.iter().sum();
    // Terms of the document by number, so that counts of a run of blocks are a plain array.
    let mut terms: Vec<u64> = per_block.iter().flat_map(Terms::keys).collect();
    terms.sort_unstable();
    terms.dedup();
    let weights: Vec<f32> = terms.iter().map(|&t| rarity.weight(t)).collect();
    let numbered: Vec<Vec<(usize, f32)>> = (per_block.iter())
        .map(|b| b.counts.iter().filter_map(|c| Some((terms.binary_search(&c.0).ok()?, c.1))).collect())
        .collect();
    let mut total = vec![0.0f32; terms.len()];
    numbered.iter().flatten().for_each(|&(t, n)| total[t] += n);
    let weigh = |count: f32, weight: f32| if count > 0.0 { (1.0 + count.ln()) * weight } else { 0.0 };
    let names: Vec<Vec<u64>> = blocks.iter().map(|&b| terms::names(doc, b)).collect();
    let mut best: Option<(f32, usize, usize)> = None;
    // The lead is always main matter: a side story starts after the second block.
    for from in 2..blocks.len() {
        let mut inside = vec![0.0f32; terms.len()];
        let mut inside_words = 0;
        for to in from + 1..=blocks.len() {
            numbered[to - 1].iter().for_each(|&(t, n)| inside[t] += n);
            inside_words += words[to - 1];
            if to < from + 2 || inside_words < PART_WORDS || 2 * inside_words > all_words {
                continue;
            }
            let (mut dot, mut a, mut b) = (0.0, 0.0, 0.0);
            for t in 0..terms.len() {
                let (x, y) = (weigh(inside[t], weights[t]), weigh(total[t] - inside[t], weights[t]));
                dot += x * y;
                a += x * x;
                b += y * y;
            }
            let likeness = dot / (a * b).sqrt().max(f32::MIN_POSITIVE);
            let better = likeness < OTHER_MATTER && best.is_none_or(|(known, ..)| likeness < known);
            if better && has_own_cast(&names[from..to], names[..from].iter().chain(&names[to..])) {
                best = Some((likeness, from, to));
            }
        }
    }
    best.map(|(_, from, to)| (from, to))
}

/// Is this run about others than the rest of its document? It names some of its own, and they are the most of its names.
fn has_own_cast<'a>(inside: &[Vec<u64>], rest: impl Iterator<Item = &'a Vec<u64>>) -> bool {
    let mut names: Vec<u64> = inside.concat();
    names.sort_unstable();
    names.dedup();
    let others: Vec<u64> = rest.flatten().copied().collect();
    let own = names.iter().filter(|n| !others.contains(n)).count();
    own >= OWN_NAMES && 2 * own >= names.len()
}

/// A pair of clusters that may be joined, ordered by likeness; ties by the smaller numbers.
#[derive(PartialEq)]
struct Candidate {
    likeness: f32,
    pair: (usize, usize),
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.likeness.total_cmp(&other.likeness).then(other.pair.cmp(&self.pair))
    }
}

/// Average-link agglomeration over pairs that share telling terms: the likest pair is joined first. Sums of likenesses
/// are kept per pair of neighbours, and outdated candidates are dropped as they come up.
fn group(docs: &[Doc], items: &[Item], vectors: &[Vector]) -> Vec<Vec<usize>> {
    let mut clusters: Vec<Vec<usize>> = (0..items.len()).map(|i| vec![i]).collect();
    let mut neighbours: Vec<BTreeMap<usize, f32>> = vec![BTreeMap::new(); items.len()];
    let mut queue = BinaryHeap::new();
    for (a, b, likeness) in likenesses(docs, items, vectors) {
        neighbours[a].insert(b, likeness);
        neighbours[b].insert(a, likeness);
        if likeness >= SAME_STORY {
            queue.push(Candidate { likeness, pair: (a.min(b), a.max(b)) });
        }
    }
    while let Some(Candidate { likeness, pair: (a, b) }) = queue.pop() {
        let mean = |sum: f32, a: usize, b: usize| sum / (clusters[a].len() * clusters[b].len()) as f32;
        if neighbours[a].get(&b).is_none_or(|&sum| mean(sum, a, b) != likeness) {
            continue;
        }
        let moved = std::mem::take(&mut clusters[b]);
        clusters[a].extend(moved);
        for (other, sum) in std::mem::take(&mut neighbours[b]) {
            neighbours[other].remove(&b);
            if other != a {
                *neighbours[a].entry(other).or_default() += sum;
            }
        }
        for (&other, &sum) in &neighbours[a].clone() {
            neighbours[other].insert(a, sum);
            let likeness = sum / (clusters[a].len() * clusters[other].len()) as f32;
            if likeness >= SAME_STORY {
                queue.push(Candidate { likeness, pair: (a.min(other), a.max(other)) });
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = clusters.into_iter().filter(|c| !c.is_empty()).collect();
    groups.iter_mut().for_each(|g| g.sort_unstable());
    groups.sort();
    groups
}

/// Pairs of items of different documents with their likeness, where there is any to speak of.
fn likenesses(docs: &[Doc], items: &[Item], vectors: &[Vector]) -> Vec<(usize, usize, f32)> {
    const TELLING_TERMS: usize = 24;
    let mut index: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (here, vector) in vectors.iter().enumerate() {
        let mut top: Vec<(u64, f32)> = vector.values.clone();
        top.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        top.truncate(TELLING_TERMS);
        let mut others: Vec<usize> = top.iter().filter_map(|t| index.get(&t.0)).flatten().copied().collect();
        others.sort_unstable();
        others.dedup();
        for other in others.into_iter().filter(|&o| items[o].document != items[here].document) {
            let likeness = vectors[other].cosine(vector) * nearness(&docs[items[other].document], &docs[items[here].document]);
            if likeness > 0.02 {
                pairs.push((other, here, likeness));
            }
        }
        for (term, _) in top {
            index.entry(term).or_default().push(here);
        }
    }
    pairs
}

/// 1 for reports of one day or where a date is unknown, falling with the days between them.
fn nearness(a: &Doc, b: &Doc) -> f32 {
    let (Some(a), Some(b)) = (&a.article.published, &b.article.published) else { return 1.0 };
    let (early, late) = if a.range.first <= b.range.first { (a.range, b.range) } else { (b.range, a.range) };
    let gap = if early.touches(late) { 0 } else { early.last.until(late.first).map_or(0, |g| g.get_days()) };
    0.5f32.powf(gap as f32 / HALF_LIFE_DAYS)
}
