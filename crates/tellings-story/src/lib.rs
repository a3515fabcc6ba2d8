//! Many documents to lineages, stories and one reconciled record.
//!
//! Pure and independent of the order of the input: documents are put in the order of their ids first.

pub mod blocks;
mod bytes;
mod cluster;
mod compare;
mod correct;
mod dates;
mod happenings;
mod join;
pub mod kept;
mod lexicon;
mod lineage;
mod negotiation;
mod outcomes;
mod people;
mod record;
mod same;
mod signs;
mod sketch;
mod stream;
mod terms;
mod words;

pub use dates::{Dating, anchor_parts};
use happenings::{Happenings, happenings};
pub use record::*;
use rustc_hash::{FxHashMap, FxHashSet};
pub use sketch::Sketch;
pub use stream::{Outline, OutlineLineage, Stories, Strand};
use tellings_doc::{Doc, Form, Mention, Span};
pub use terms::{Rarity, Statements, terms};

/// Dates for undated documents, worked out from their siblings. The caller reads those documents again with that date before it asks
/// for the record.
pub fn infer_dates(docs: &[Doc]) -> Vec<Dating> {
    dates::infer(docs)
}

/// The record of these documents, which must be ordered by id.
pub fn record(docs: &[Doc]) -> Record {
    let (items, groups) = stream::stories(docs);
    let mut stories: Vec<Story> = groups.iter().map(|group| story(docs, &items, group)).collect();
    stories.sort_by(|a, b| b.documents.len().cmp(&a.documents.len()).then_with(|| a.id.cmp(&b.id)));
    Record { stories, documents: documents(docs) }
}

/// A story of which it is settled already which reports, and which parts of them, are about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: String,
    /// Positions of documents, each with the number of a part (0 = its main matter).
    pub places: Vec<(usize, u32)>,
    /// Ids of stories that became one with it.
    pub merged: Vec<String>,
    /// Ids of the story that it split from, nearest first.
    pub parents: Vec<String>,
    /// Documents that people say are made from another: (the copy, the other).
    pub copies: Vec<(usize, usize)>,
    /// Its reports that are not among the documents: it has too many for one record.
    pub left_out: usize,
}

/// Dates for the undated documents of these stories, as [`infer_dates`] gives them.
pub fn infer_dates_of(rarity: &Rarity, docs: &[Doc], stories: &[Membership]) -> Vec<Dating> {
    if docs.iter().all(|doc| doc.article.published.is_some()) {
        return Vec::new();
    }
    let (items, groups) = groups(rarity, docs, stories);
    dates::infer_among(docs, &items, &groups)
}

/// The record of these stories, in their order; the documents must be ordered by id.
pub fn record_of(rarity: &Rarity, docs: &[Doc], stories: &[Membership]) -> Record {
    let (items, groups) = groups(rarity, docs, stories);
    Record { stories: groups.iter().map(|group| story(docs, &items, group)).collect(), documents: documents(docs) }
}

fn groups(rarity: &Rarity, docs: &[Doc], stories: &[Membership]) -> (Vec<stream::Item>, Vec<stream::Group>) {
    let (items, _, first) = stream::items(rarity, docs);
    let after = |d: usize| first.get(d + 1).copied().unwrap_or(items.len());
    let at = |&(d, part): &(usize, u32)| Some(*first.get(d)? + part as usize).filter(|&at| at < after(d));
    let group = |story: &Membership| {
        let mut own: Vec<usize> = story.places.iter().filter_map(at).collect();
        own.sort_unstable();
        own.dedup();
        let Membership { id, merged, parents, copies, left_out, .. } = story.clone();
        stream::Group { id, items: own, merged, parents, copies, left_out }
    };
    let groups = stories.iter().map(group).collect();
    (items, groups)
}

fn documents(docs: &[Doc]) -> Vec<RecordDocument> {
    docs.iter()
        .map(|doc| RecordDocument {
            id: doc.id.clone(),
            title: doc.article.title.as_ref().map(|t| t.text.clone()),
            published: doc.article.published.clone(),
            other_dates: (doc.article.dates.iter())
                .filter(|c| doc.article.published.as_ref().is_none_or(|p| !p.range.touches(c.range)))
                .map(|c| (c.value.clone(), c.basis))
                .collect(),
            parts: doc.article.part_dates.clone(),
            source: doc.article.source.clone(),
            credits: doc.article.credits.clone(),
            signs: signs::signs(doc),
        })
        .collect()
}

fn story(docs: &[Doc], items: &[stream::Item], story: &stream::Group) -> Story {
    let group = &story.items;
    let mut mains: Vec<usize> = group.iter().filter(|&&i| items[i].main).map(|&i| items[i].document).collect();
    let date = |d: usize| docs[d].article.published.as_ref().map(|p| p.range.first);
    let outlets = group.iter().filter_map(|&i| docs[items[i].document].article.source.outlet.as_deref()).collect();
    let passages = |d: usize| -> Vec<_> {
        let own = group.iter().filter(|&&i| items[i].document == d);
        own.flat_map(|&i| items[i].passages.iter().cloned()).collect()
    };
    let order = |&d: &usize| {
        let article = &docs[d].article;
        let range = article.published.as_ref().map(|p| p.range);
        let length = lineage::length(&passages(d));
        (stream::order(range, article.source.outlet.as_deref(), &article.credits, length, &outlets), d)
    };
    mains.sort_by_cached_key(order);
    let mut members = mains.clone();
    let mut sides: Vec<usize> =
        group.iter().filter(|&&i| !items[i].main).map(|&i| items[i].document).filter(|d| !mains.contains(d)).collect();
    sides.sort_by_cached_key(order);
    members.extend(sides);
    let areas = Areas::new(items, group);
    let inside = |d: usize, span: Span| areas.hold(d, span);
    let descent = lineage::descent(docs, &members.iter().map(|&d| (d, passages(d))).collect::<Vec<_>>(), &story.copies);
    let cast = people::cast(docs, &members, inside);
    let Happenings { mut events, disagreements, corrections } = happenings(docs, &members, &cast, &descent, inside);
    events.sort_by(|a, b| sort_date(a).cmp(&sort_date(b)).then_with(|| a.tellings[0].at.cmp(&b.tellings[0].at)));
    let parts: Vec<Part> = (group.iter().filter(|&&i| !items[i].main && !mains.contains(&items[i].document)))
        .map(|&i| Part { at: Citation { document: items[i].document, span: items[i].span() } })
        .collect();
    let days = || members.iter().filter_map(|&d| date(d));
    let (first, last) = (days().min(), days().max());
    let claims = words::claims(docs, &members, &cast, inside);
    let quotes = words::quotes(docs, &members, &cast, inside);
    let sticking_points: Vec<Citation> =
        (members.iter()).flat_map(|&d| signs::sticking_points(&docs[d], d)).filter(|c| inside(c.document, c.span)).collect();
    let negotiation = negotiation::negotiation(docs, &cast, &claims, &events, &sticking_points);
    let mut entities = cast.entities;
    entities.sort_by(|a, b| b.mentions.len().cmp(&a.mentions.len()).then_with(|| a.mentions.cmp(&b.mentions)));
    Story {
        id: story.id.clone(),
        title: title(docs, &mains, &parts),
        documents: mains,
        parts,
        first: first.map(|d| d.to_string()),
        last: last.map(|d| d.to_string()),
        entities,
        timeline: events.iter().map(|e| e.id.clone()).collect(),
        events,
        claims,
        quotes,
        disagreements,
        lineages: descent.lineages,
        merged: story.merged.clone(),
        parents: story.parents.clone(),
        corrections,
        negotiation,
        sticking_points,
        unresolved: left_out(docs, &members, story.left_out).into_iter().chain(unresolved(docs, &members, inside)).collect(),
        amended: Vec::new(),
    }
}

/// What of each document belongs to a story: spans in text order, looked up without a walk over all of them.
struct Areas {
    of: FxHashMap<usize, Area>,
}

#[derive(Default)]
struct Area {
    main: bool,
    own: Vec<Span>,
    other: Vec<Span>,
}

impl Areas {
    fn new(items: &[stream::Item], group: &[usize]) -> Areas {
        let mut of: FxHashMap<usize, Area> = FxHashMap::default();
        for &i in group {
            let area = of.entry(items[i].document).or_default();
            area.main |= items[i].main;
            area.own.extend(&items[i].spans);
        }
        let mine: FxHashSet<usize> = group.iter().copied().collect();
        for (i, item) in items.iter().enumerate().filter(|(i, _)| !mine.contains(i)) {
            if let Some(area) = of.get_mut(&item.document) {
                area.other.extend(&items[i].spans);
            }
        }
        of.values_mut().flat_map(|a| [&mut a.own, &mut a.other]).for_each(|spans| spans.sort_unstable());
        Areas { of }
    }

    /// Is it in a part of the document that belongs to the story, or, where the document is mainly about it, in none that belongs
    /// to another?
    fn hold(&self, document: usize, span: Span) -> bool {
        let touches = |spans: &[Span]| {
            let to = spans.partition_point(|s| s.start() < span.end().max(span.start() + 1));
            spans[..to].iter().rev().take(4).any(|s| s.touches(span))
        };
        self.of.get(&document).is_some_and(|a| touches(&a.own) || a.main && !touches(&a.other))
    }
}

/// Events without a date stand at the end.
fn sort_date(event: &RecordEvent) -> (bool, Option<String>) {
    (event.date.is_none(), event.date.as_ref().map(|d| d.value.clone()))
}

/// The title of the first report that has one; of a side story the start of its text.
fn title(docs: &[Doc], mains: &[usize], parts: &[Part]) -> String {
    if let Some(title) = mains.iter().find_map(|&d| docs[d].article.title.as_ref()) {
        return title.text.clone();
    }
    let start = match (mains.first(), parts.first()) {
        (Some(&d), _) => docs[d].parse.sentences.first().map(|s| s.span.of(docs[d].text())),
        (None, Some(part)) => {
            let doc = &docs[part.at.document];
            doc.parse.sentences.iter().find(|s| part.at.span.covers(s.span)).map(|s| s.span.of(doc.text()))
        }
        _ => None,
    };
    let words: Vec<&str> = start.unwrap_or("Untitled").split_whitespace().collect();
    if words.len() > 14 { format!("{} …", words[..14].join(" ")) } else { words.join(" ") }
}

/// Of a story with too many reports for one record, how many of them the record does not tell of.
fn left_out(docs: &[Doc], members: &[usize], reports: usize) -> Option<Unresolved> {
    let &first = members.first().filter(|_| reports > 0)?;
    let at = Citation { document: first, span: docs[first].parse.sentences.first().map_or(Span::default(), |s| s.span) };
    let note = format!(
        "What {reports} more reports tell: this record is made from {} of the story's {} reports: the latest, the first of each day, \
         and those in which something was set right",
        members.len(),
        members.len() + reports
    );
    Some(Unresolved { at, kind: "reports", note })
}

/// References that could not be resolved and reports that could not be dated.
fn unresolved(docs: &[Doc], members: &[usize], inside: impl Fn(usize, Span) -> bool) -> Vec<Unresolved> {
    let mut list = Vec::new();
    for &d in members {
        let doc = &docs[d];
        if doc.article.published.is_none() {
            let at = doc.parse.sentences.first().map_or(Span::default(), |s| s.span);
            list.push(Unresolved {
                at: Citation { document: d, span: at },
                kind: "date",
                note: format!("`{}` gives no date, and its siblings do not settle one", doc.id),
            });
        }
        let open = |m: &&Mention| m.entity.is_none() && m.form == Form::Nominal && inside(d, m.span);
        for mention in doc.link.mentions.iter().filter(open) {
            list.push(Unresolved {
                at: Citation { document: d, span: mention.span },
                kind: "reference",
                note: format!(
                    "who is meant by “{}” does not follow from the report ({})",
                    mention.span.of(doc.text()),
                    mention.rule
                ),
            });
        }
        for quote in doc.speech.quotes.iter().filter(|q| q.speaker.is_none() && q.content.iter().all(|&s| inside(d, s))) {
            let span = quote.content[0];
            list.push(Unresolved {
                at: Citation { document: d, span },
                kind: "speaker",
                note: format!("nobody is named who said “{}”", span.of(doc.text())),
            });
        }
    }
    list
}
