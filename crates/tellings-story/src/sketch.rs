//! A report as stories and lineages need it: what it is about, its longer sentences, its date, and the parts of it that are about
//! something else. A few kilobytes, whatever the report's length.

use crate::bytes::{Reader, Writer};
use crate::cluster::{Days, Piece};
use crate::lineage::{Passage, passages};
use crate::terms::{self, Rarity, Terms, Vector};
use std::collections::BTreeSet;
use std::sync::Arc;
use tellings_doc::{Basis, BlockKind, DateRange, Doc, Span};
use xxhash_rust::xxh3::xxh3_64;

/// Cosine with the rest of its document below which a run of paragraphs is about something else.
const OTHER_MATTER: f32 = 0.15;
/// Fewer words than this are not a matter of their own.
const PART_WORDS: usize = 70;
/// Weight of a name when runs of paragraphs are compared: that of a rare word.
const NAMED: f32 = 6.0;
/// A matter of its own names at least so many people, groups and places that the rest does not.
const OWN_NAMES: usize = 3;
/// Longer documents are not searched for side stories (the search is quadratic in paragraphs).
const MAX_BLOCKS: usize = 80;
/// A date that leaves more days open than this says nothing of when a report came in the course of a story.
const ROUGH_DAYS: i64 = 7;
/// Words of a report's start that stand for a missing title.
const TITLE_WORDS: usize = 14;

/// A report, reduced to what stories and lineages are made from.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub(crate) id: String,
    /// Its title; its first words where it has none.
    pub(crate) title: String,
    pub(crate) outlet: Option<String>,
    pub(crate) credits: Vec<String>,
    /// When it was published, by its own account.
    pub(crate) date: Option<DateRange>,
    /// Its main matter, then what else it is about.
    pub(crate) parts: Vec<SketchPart>,
}

/// A report's main matter, or a run of its paragraphs that is about something else.
#[derive(Clone, Debug)]
pub(crate) struct SketchPart {
    /// Its text, as body blocks.
    pub(crate) spans: Vec<Span>,
    /// How it starts.
    pub(crate) title: String,
    pub(crate) piece: Piece,
    pub(crate) passages: Vec<Arc<Passage>>,
}

/// First to last byte of a part.
pub(crate) fn whole(spans: &[Span]) -> Span {
    let first = spans.first().copied().unwrap_or_default();
    spans.iter().fold(first, |a, &b| a.join(b))
}

impl Sketch {
    /// The sketch of a report.
    pub fn of(rarity: &Rarity, doc: &Doc) -> Sketch {
        let date = published(doc);
        let days: Option<Days> = date.map(days);
        let name = xxh3_64(doc.id.as_bytes());
        let parts = (split(doc, rarity).into_iter().enumerate())
            .map(|(number, spans)| {
                let text: Vec<&str> = spans.iter().map(|s| s.of(doc.text())).collect();
                let piece = Piece {
                    document: 0,
                    part: number as u32,
                    days,
                    key: xxh3_64(format!("{days:?}\n{}", text.join("\n")).as_bytes()),
                    name,
                    vector: rarity.vector(&Terms::of(doc, &spans)),
                };
                SketchPart { title: start(doc, &spans), passages: passages(doc, &spans), spans, piece }
            })
            .collect();
        Sketch {
            id: doc.id.clone(),
            title: doc.article.title.as_ref().map_or_else(|| start(doc, &body(doc)), |t| t.text.clone()),
            outlet: doc.article.source.outlet.clone(),
            credits: doc.article.credits.clone(),
            date,
            parts,
        }
    }
}

/// First byte of a sketch in bytes: how they are laid out.
const LAYOUT: u8 = 1;

impl Sketch {
    /// The sketch in bytes, for a store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u8(LAYOUT);
        out.string(&self.id);
        out.string(&self.title);
        out.option(self.outlet.as_deref(), Writer::string);
        out.list(&self.credits, |out, credit| out.string(credit));
        out.option(self.date, Writer::dates);
        out.list(&self.parts, |out, part| {
            out.list(&part.spans, |out, &span| out.span(span));
            out.string(&part.title);
            out.u64(part.piece.key);
            out.u64(part.piece.name);
            part.piece.vector.write(out);
            out.list(&part.passages, |out, passage| passage.write(out));
        });
        out.0
    }

    /// The sketch that these bytes are; `None` where they are none, or of another program's layout.
    pub fn from_bytes(bytes: &[u8]) -> Option<Sketch> {
        let mut bytes = Reader(bytes);
        if bytes.u8()? != LAYOUT {
            return None;
        }
        let (id, title) = (bytes.string()?, bytes.string()?);
        let outlet = bytes.option(Reader::string)?;
        let credits = bytes.list(Reader::string)?;
        let date = bytes.option(Reader::dates)?;
        let mut number = 0;
        let parts = bytes.list(|bytes| {
            let spans = bytes.list(Reader::span)?;
            let title = bytes.string()?;
            let (key, name) = (bytes.u64()?, bytes.u64()?);
            let vector = Vector::read(bytes)?;
            let piece = Piece { document: 0, part: number, days: date.map(days), key, name, vector };
            number += 1;
            let passages = bytes.list(|bytes| Passage::read(bytes).map(Arc::new))?;
            Some(SketchPart { spans, title, piece, passages })
        })?;
        Some(Sketch { id, title, outlet, credits, date, parts })
    }
}

fn days(range: DateRange) -> Days {
    (day_number(range.first), day_number(range.last))
}

/// The date that a report gives of itself, where it is not too rough. One that was inferred from its story says nothing about which
/// story it belongs to.
fn published(doc: &Doc) -> Option<DateRange> {
    let published = doc.article.published.as_ref().filter(|p| p.basis != Basis::Inferred)?;
    Some(published.range).filter(|r| r.days() <= ROUGH_DAYS)
}

/// Days since 1970.
fn day_number(day: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(day).map_or(0, |gap| gap.get_days())
}

fn start(doc: &Doc, spans: &[Span]) -> String {
    let first = doc.parse.sentences.iter().find(|s| spans.iter().any(|b| b.covers(s.span))).map(|s| s.span.of(doc.text()));
    let words: Vec<&str> = first.unwrap_or("Untitled").split_whitespace().take(TITLE_WORDS + 1).collect();
    if words.len() > TITLE_WORDS { format!("{} …", words[..TITLE_WORDS].join(" ")) } else { words.join(" ") }
}

fn body(doc: &Doc) -> Vec<Span> {
    let kinds = |k: BlockKind| k.is_body() || matches!(k, BlockKind::Title | BlockKind::Heading);
    doc.article.blocks.iter().filter(|b| kinds(b.kind)).map(|b| b.span).collect()
}

/// The blocks of a report's main matter and, where a run of its paragraphs is about something else, those of that.
fn split(doc: &Doc, rarity: &Rarity) -> Vec<Vec<Span>> {
    let blocks = body(doc);
    if blocks.len() < 4 || blocks.len() > MAX_BLOCKS {
        return vec![blocks];
    }
    match side_story(doc, &blocks, rarity) {
        Some((from, to)) => vec![[&blocks[..from], &blocks[to..]].concat(), blocks[from..to].to_vec()],
        None => vec![blocks],
    }
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
    // Whom it names says most of whether a run is about the same as the rest: names weigh in full, however common they are.
    let names: Vec<Vec<u64>> = blocks.iter().map(|&b| terms::names(doc, b)).collect();
    let named: BTreeSet<u64> = names.iter().flatten().copied().collect();
    let weights: Vec<f32> = terms.iter().map(|t| if named.contains(t) { NAMED } else { rarity.weight(*t) }).collect();
    let numbered: Vec<Vec<(usize, f32)>> = (per_block.iter())
        .map(|b| b.counts.iter().filter_map(|c| Some((terms.binary_search(&c.0).ok()?, c.1))).collect())
        .collect();
    let mut total = vec![0.0f32; terms.len()];
    numbered.iter().flatten().for_each(|&(t, n)| total[t] += n);
    let weigh = |count: f32, weight: f32| if count > 0.0 { (1.0 + count.ln()) * weight } else { 0.0 };
    let mut best: Option<(f32, usize, usize)> = None;
    // The lead is always main matter: a side story starts after the second block.
    for from in 2..blocks.len() {
        let mut inside = vec![0.0f32; terms.len()];
        let mut inside_words = 0;
        // Sums over all terms, kept up as the run grows: only the terms of the added block change.
        let (mut dot, mut a, mut b) = (0.0f64, 0.0f64, 0.0f64);
        b += (total.iter().zip(&weights)).map(|(&n, &w)| f64::from(weigh(n, w)).powi(2)).sum::<f64>();
        for to in from + 1..=blocks.len() {
            for &(t, n) in &numbered[to - 1] {
                let at = |inside: f32| (f64::from(weigh(inside, weights[t])), f64::from(weigh(total[t] - inside, weights[t])));
                let (x, y) = at(inside[t]);
                inside[t] += n;
                let (x2, y2) = at(inside[t]);
                (dot, a, b) = (dot + x2 * y2 - x * y, a + x2 * x2 - x * x, b + y2 * y2 - y * y);
            }
            inside_words += words[to - 1];
            if to < from + 2 || inside_words < PART_WORDS || 2 * inside_words > all_words {
                continue;
            }
            let likeness = (dot / (a * b).max(f64::MIN_POSITIVE).sqrt()) as f32;
            let better = likeness < OTHER_MATTER && best.is_none_or(|(known, ..)| likeness < known);
            if better && has_own_cast(&names[from..to], names[..from].iter().chain(&names[to..])) {
                best = Some((likeness, from, to));
            }
        }
    }
    let (_, mut from, mut to) = best?;
    // A paragraph at either end that names more of those in the main matter than of those in the run belongs to the main matter.
    let goes_back = |at: usize, from: usize, to: usize| {
        let among = |range: &mut dyn Iterator<Item = usize>| -> usize {
            let others: Vec<u64> = range.filter(|&b| b != at).flat_map(|b| names[b].iter().copied()).collect();
            names[at].iter().filter(|n| others.contains(n)).count()
        };
        among(&mut (0..from).chain(to..blocks.len())) > among(&mut (from..to))
    };
    while to - from > 1 && goes_back(to - 1, from, to) {
        to -= 1;
    }
    while to - from > 1 && goes_back(from, from, to) {
        from += 1;
    }
    Some((from, to))
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
