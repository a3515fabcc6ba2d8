//! Stories: documents, or parts of them, that are about one developing matter.

use crate::terms::{Rarity, Terms, Vector};
use rustc_hash::FxHashMap;
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
const OTHER_MATTER: f32 = 0.12;
/// Fewer words than this are not a matter of their own.
const PART_WORDS: usize = 60;
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
    let whole = |spans: Vec<Span>| Item { document, terms: Terms::of(doc, &spans), spans, main: true };
    if blocks.len() < 4 || blocks.len() > MAX_BLOCKS {
        return vec![whole(blocks)];
    }
    let words = |spans: &[Span]| spans.iter().map(|&s| doc.parse.tokens_in(s).len()).sum::<usize>();
    let mut best: Option<(f32, usize, usize)> = None;
    // The lead is always main matter: a side story starts after the second block.
    for from in 2..blocks.len() {
        for to in from + 2..=blocks.len() {
            let (inside, rest) = (&blocks[from..to], [&blocks[..from], &blocks[to..]].concat());
            if words(inside) < PART_WORDS || words(&rest) < PART_WORDS || words(inside) > words(&rest) {
                continue;
            }
            let likeness = rarity.vector(&Terms::of(doc, inside)).cosine(&rarity.vector(&Terms::of(doc, &rest)));
            if likeness < OTHER_MATTER && best.is_none_or(|(b, ..)| likeness < b) {
                best = Some((likeness, from, to));
            }
        }
    }
    let Some((_, from, to)) = best else { return vec![whole(blocks)] };
    let side = blocks[from..to].to_vec();
    let main = [&blocks[..from], &blocks[to..]].concat();
    vec![whole(main), Item { document, terms: Terms::of(doc, &side), spans: side, main: false }]
}

/// Average-link agglomeration over pairs that share telling terms.
fn group(docs: &[Doc], items: &[Item], vectors: &[Vector]) -> Vec<Vec<usize>> {
    let mut pairs = likenesses(docs, items, vectors);
    let mut clusters: Vec<Vec<usize>> = (0..items.len()).map(|i| vec![i]).collect();
    // Sum of likenesses between two clusters (key: smaller first).
    let mut sums: FxHashMap<(usize, usize), f32> = pairs.drain(..).map(|(a, b, s)| ((a, b), s)).collect();
    loop {
        let mean = |&(a, b): &(usize, usize), sum: f32| sum / (clusters[a].len() * clusters[b].len()) as f32;
        let next = (sums.iter())
            .map(|(key, &sum)| (mean(key, sum), *key))
            .filter(|&(likeness, _)| likeness >= SAME_STORY)
            .max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        let Some((_, (a, b))) = next else { break };
        let moved = std::mem::take(&mut clusters[b]);
        clusters[a].extend(moved);
        let touched: Vec<((usize, usize), f32)> =
            sums.iter().filter(|(k, _)| k.0 == b || k.1 == b).map(|(k, s)| (*k, *s)).collect();
        for ((x, y), sum) in touched {
            sums.remove(&(x, y));
            let other = if x == b { y } else { x };
            if other != a {
                *sums.entry((a.min(other), a.max(other))).or_default() += sum;
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
