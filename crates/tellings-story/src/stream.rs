//! Stories of a stream of reports, in memory that does not grow with the stream.
//!
//! Reports wait in a buffer until it is full, then the older half of them joins the open stories day by day; hence it does not
//! matter in which order they arrive, as long as none comes a buffer's half too late. A story on which nothing comes any more is
//! handed out and forgotten. [`crate::record`] uses the same clusterer on all reports at once.

use crate::Relation;
use crate::blocks;
use crate::cluster::{Clusterer, Open, Piece};
use crate::lineage::{Lineages, Origin, Passage, length};
use crate::sketch::{Sketch, whole};
use crate::terms::Rarity;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tellings_doc::{DateRange, Doc, Span};

/// Reports that wait until their days are complete.
const BUFFER: usize = 4096;
/// Reports held with open stories, at most; beyond this the stories that were silent longest are closed early.
const HELD: usize = 100_000;
/// Reports of one story whose sentences are held.
const LONG_STORY: usize = 4096;

/// A story as its reports alone tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Stable id: that of the report it started with.
    pub id: String,
    /// The title of its first report that has one.
    pub title: String,
    /// Ids of the reports that are mainly about it: in order of their dates, the undated last.
    pub documents: Vec<String>,
    /// Parts of other reports that are about it.
    pub parts: Vec<(String, Span)>,
    /// First and last day (ISO) of its reports, where known.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Who descends from whom.
    pub lineages: Vec<OutlineLineage>,
    /// Ids of stories that became one with it.
    pub merged: Vec<String>,
    /// Ids of the story that it split from, nearest first.
    pub parents: Vec<String>,
    /// Groups of its reports that are nearer to one another than to the others.
    pub strands: Vec<Strand>,
}

/// Reports of one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineLineage {
    /// Its first report.
    pub origin: String,
    /// All its reports, the origin first.
    pub documents: Vec<(String, Relation)>,
    /// Why.
    pub notes: Vec<String>,
}

/// A part of a story that has several reports of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strand {
    /// Stable id.
    pub id: String,
    /// The title of its first report.
    pub title: String,
    /// Ids of its reports.
    pub documents: Vec<String>,
}

/// The id of the story that starts with a piece.
pub(crate) fn story_id(founder: u64) -> String {
    format!("s-{:012x}", founder >> 16)
}

/// What is kept of a report as long as its story is open.
#[derive(Clone, Debug)]
struct Report {
    id: String,
    title: String,
    outlet: Option<String>,
    credits: Vec<String>,
    date: Option<DateRange>,
    length: usize,
    parts: Vec<ReportPart>,
    /// Pieces of it that are still in an open story.
    open: usize,
}

#[derive(Clone, Debug)]
struct ReportPart {
    span: Span,
    title: String,
    /// `None`: forgotten.
    passages: Option<Vec<Arc<Passage>>>,
}

/// Where a report of a story came from, as it was settled before the story was gone through again.
struct Settled {
    origin: Origin,
    /// Number of the report that it was made from.
    parent: Option<u64>,
}

/// Stories of a stream of reports.
#[derive(Clone, Debug, Default)]
pub struct Stories {
    clusterer: Clusterer,
    reports: FxHashMap<u64, Report>,
    /// Of each open story who descends from whom.
    lineages: FxHashMap<u32, Lineages>,
    buffer: Vec<Sketch>,
    closed: Vec<Outline>,
    next: u64,
    /// Has the buffer ever been full?
    overflowed: bool,
}

impl Stories {
    /// No stories.
    pub fn new() -> Stories {
        Stories::default()
    }

    /// Takes the next report.
    pub fn add(&mut self, sketch: Sketch) {
        self.buffer.push(sketch);
        if self.buffer.len() < BUFFER {
            return;
        }
        self.overflowed = true;
        // Whole days, the oldest first, until half of the buffer is free; what has no date is taken with them.
        let mut days: BTreeMap<DateRange, usize> = BTreeMap::new();
        self.buffer.iter().filter_map(|s| s.date).for_each(|day| *days.entry(day).or_default() += 1);
        let newest = days.keys().next_back().copied();
        let (mut free, mut last) = (self.buffer.iter().filter(|s| s.date.is_none()).count(), None);
        for (&day, &n) in &days {
            if free >= BUFFER / 2 || Some(day) == newest && free > 0 {
                break;
            }
            (free, last) = (free + n, Some(day));
        }
        let (now, later) = std::mem::take(&mut self.buffer).into_iter().partition(|s| s.date <= last);
        self.buffer = later;
        self.join(now);
        self.close();
    }

    /// Puts all that waits into stories; the stories stay open. The end of a batch, when another will come.
    pub fn settle(&mut self) {
        let all = std::mem::take(&mut self.buffer);
        self.join(all);
    }

    /// The stories that were closed since this was asked last.
    pub fn take_closed(&mut self) -> Vec<Outline> {
        std::mem::take(&mut self.closed)
    }

    /// The stories that are open, those of most reports first. What waits is not yet in them.
    pub fn open(&self) -> Vec<Outline> {
        let mut outlines: Vec<Outline> =
            self.clusterer.open.iter().map(|(&number, open)| self.outline(open, self.lineages.get(&number))).collect();
        outlines.sort_by(|a, b| b.documents.len().cmp(&a.documents.len()).then_with(|| a.id.cmp(&b.id)));
        outlines
    }

    /// The end of the stream: the stories that were not yet handed out. Of a stream that fitted into the buffer these are all, those
    /// of most reports first.
    pub fn finish(mut self) -> Vec<Outline> {
        self.settle();
        if self.overflowed {
            self.close();
        }
        let mut closed = self.take_closed();
        closed.extend(self.open());
        closed
    }

    fn join(&mut self, sketches: Vec<Sketch>) {
        let mut pieces: Vec<Piece> = Vec::new();
        for sketch in sketches {
            let number = self.next;
            self.next += 1;
            let mut report = Report {
                id: sketch.id,
                title: sketch.title,
                outlet: sketch.outlet,
                credits: sketch.credits,
                date: sketch.date,
                length: sketch.parts.iter().map(|p| length(&p.passages)).sum(),
                open: sketch.parts.len(),
                parts: Vec::new(),
            };
            for part in sketch.parts {
                report.parts.push(ReportPart { span: whole(&part.spans), title: part.title, passages: Some(part.passages) });
                pieces.push(Piece { document: number, ..part.piece });
            }
            self.reports.insert(number, report);
        }
        let changes = self.clusterer.take(pieces);
        // Stories that exchanged pieces are gone through again from their first report.
        let mut before: FxHashMap<u64, Settled> = FxHashMap::default();
        let mut stories = changes.grown;
        for story in changes.mixed.into_iter().flat_map(|(a, b)| [a, b]) {
            stories.insert(story);
            let lineages = self.lineages.remove(&story).unwrap_or_default();
            let document = |at: usize| lineages.documents[at].document;
            for origin in &lineages.documents {
                before.insert(origin.document, Settled { parent: origin.parent.map(|p| document(p.0)), origin: origin.clone() });
            }
        }
        for story in stories {
            let lineages = self.lineages.remove(&story).unwrap_or_default();
            if let Some(open) = self.clusterer.open.get(&story) {
                let lineages = self.descend(open, lineages, &before);
                self.lineages.insert(story, lineages);
            }
        }
    }

    /// The lineages of a story after it grew.
    fn descend(&self, open: &Open, mut lineages: Lineages, before: &FxHashMap<u64, Settled>) -> Lineages {
        let known: BTreeSet<u64> = lineages.documents.iter().map(|d| d.document).collect();
        let mut new: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for &(document, part) in open.members.iter().filter(|m| !known.contains(&m.0)) {
            new.entry(document).or_default().push(part);
        }
        let outlets: BTreeSet<&str> = open.members.iter().filter_map(|m| self.reports.get(&m.0)?.outlet.as_deref()).collect();
        let mut new: Vec<(u64, Vec<u32>)> = new.into_iter().collect();
        new.sort_by_cached_key(|(document, parts)| {
            let report = &self.reports[document];
            (
                !parts.contains(&0),
                order(report.date, report.outlet.as_deref(), &report.credits, report.length, &outlets),
                &report.id,
            )
        });
        for (document, parts) in new {
            let report = &self.reports[&document];
            let own = parts.iter().filter_map(|&p| report.parts.get(p as usize)?.passages.as_ref());
            let own: Vec<Arc<Passage>> = own.flatten().cloned().collect();
            match before.get(&document).filter(|_| own.is_empty()) {
                Some(settled) => lineages.keep(settled.origin.clone(), settled.parent),
                None => drop(lineages.add(document, &own)),
            }
        }
        lineages
    }

    /// Hands out the stories that are over.
    fn close(&mut self) {
        let mut over = self.clusterer.close();
        over.extend(self.clusterer.evict(HELD));
        for (number, story) in over {
            let lineages = self.lineages.remove(&number);
            let outline = self.outline(&story, lineages.as_ref());
            self.closed.push(outline);
            for (document, _) in story.members {
                if let Some(report) = self.reports.get_mut(&document) {
                    report.open = report.open.saturating_sub(1);
                    if report.open == 0 {
                        self.reports.remove(&document);
                    }
                }
            }
        }
        // Of very long stories the sentences of the oldest reports are forgotten.
        for story in self.clusterer.open.values().filter(|s| s.members.len() > LONG_STORY) {
            for (document, _) in &story.members[..story.members.len() - LONG_STORY] {
                if let Some(report) = self.reports.get_mut(document) {
                    report.parts.iter_mut().for_each(|p| p.passages = None);
                }
            }
        }
    }

    fn outline(&self, open: &Open, lineages: Option<&Lineages>) -> Outline {
        let name = |document: u64| self.reports[&document].id.clone();
        let empty = Lineages::default();
        let lineages = lineages.unwrap_or(&empty);
        let main: BTreeSet<u64> = open.members.iter().filter(|m| m.1 == 0).map(|m| m.0).collect();
        let mut documents: Vec<u64> = lineages.documents.iter().map(|d| d.document).filter(|d| main.contains(d)).collect();
        documents.sort_by_key(|d| (self.reports[d].date.is_none(), self.reports[d].date.map(|r| r.first)));
        let parts: BTreeMap<u64, u32> = open.members.iter().copied().filter(|m| m.1 > 0 && !main.contains(&m.0)).collect();
        let title = match (documents.first(), parts.first_key_value()) {
            (Some(first), _) => self.reports[first].title.clone(),
            (None, Some((document, &part))) => self.reports[document].parts[part as usize].title.clone(),
            (None, None) => String::new(),
        };
        let mut groups: BTreeMap<usize, OutlineLineage> = BTreeMap::new();
        for (at, origin) in lineages.origins().into_iter().enumerate() {
            let document = &lineages.documents[at];
            let group = groups.entry(origin).or_insert_with(|| OutlineLineage {
                origin: name(document.document),
                documents: Vec::new(),
                notes: Vec::new(),
            });
            group.documents.push((name(document.document), document.relation));
            group.notes.extend(lineages.note(at, name));
        }
        let dates = || documents.iter().chain(parts.keys()).filter_map(|d| Some(self.reports[d].date?.first));
        let strands = (open.strands().into_iter())
            .map(|(founder, members)| {
                let mut own: Vec<u64> = members.iter().map(|m| m.0).collect();
                own.sort_by_key(|d| (documents.iter().position(|o| o == d), *d));
                own.dedup();
                Strand {
                    id: story_id(founder),
                    title: own.first().map_or_else(String::new, |d| self.reports[d].title.clone()),
                    documents: own.into_iter().map(name).collect(),
                }
            })
            .collect();
        Outline {
            id: story_id(open.founder),
            title,
            first: dates().min().map(|d| d.to_string()),
            last: dates().max().map(|d| d.to_string()),
            documents: documents.iter().map(|&d| name(d)).collect(),
            parts: parts.into_iter().map(|(d, part)| (name(d), self.reports[&d].parts[part as usize].span)).collect(),
            lineages: groups.into_values().collect(),
            merged: open.merged.iter().map(|&m| story_id(m)).collect(),
            parents: open.parents.iter().map(|&p| story_id(p)).collect(),
            strands,
        }
    }
}

/// A report, or the part of one that is about something else, of reports that are all at hand.
pub(crate) struct Item {
    /// Position of the report.
    pub(crate) document: usize,
    /// Its text, as body blocks.
    pub(crate) spans: Vec<Span>,
    /// Is it the report's main matter?
    pub(crate) main: bool,
    pub(crate) passages: Vec<Arc<Passage>>,
}

impl Item {
    /// First to last byte.
    pub(crate) fn span(&self) -> Span {
        whole(&self.spans)
    }
}

/// The items of one story, in order.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) items: Vec<usize>,
    pub(crate) merged: Vec<String>,
    pub(crate) parents: Vec<String>,
    /// Documents that people say are made from another.
    pub(crate) copies: Vec<(usize, usize)>,
    /// Its reports that are not at hand.
    pub(crate) left_out: usize,
}

/// The items of reports that are all at hand, their pieces, and of each report its first item.
pub(crate) fn items(rarity: &Rarity, docs: &[Doc]) -> (Vec<Item>, Vec<Piece>, Vec<usize>) {
    let (mut items, mut pieces, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for (document, doc) in docs.iter().enumerate() {
        first.push(items.len());
        for part in Sketch::of(rarity, doc).parts {
            items.push(Item { document, spans: part.spans, main: part.piece.part == 0, passages: part.passages });
            pieces.push(Piece { document: document as u64, ..part.piece });
        }
    }
    (items, pieces, first)
}

/// The stories of reports that are all at hand.
pub(crate) fn stories(docs: &[Doc]) -> (Vec<Item>, Vec<Group>) {
    let (items, pieces, first) = items(&Rarity::shipped(), docs);
    let blocks = blocks::blocks(&pieces);
    let mut pieces: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
    let of_block = |block: Vec<usize>| blocks::open(block.into_iter().filter_map(|at| pieces[at].take()).collect());
    let mut groups: Vec<Group> = (blocks.into_iter().flat_map(of_block))
        .map(|open| {
            let mut own: Vec<usize> = open.members.iter().map(|&(d, part)| first[d as usize] + part as usize).collect();
            own.sort_unstable();
            Group {
                id: story_id(open.founder),
                items: own,
                merged: open.merged.iter().map(|&m| story_id(m)).collect(),
                parents: open.parents.iter().map(|&p| story_id(p)).collect(),
                copies: Vec::new(),
                left_out: 0,
            }
        })
        .collect();
    groups.sort_by(|a, b| a.items.cmp(&b.items));
    (items, groups)
}

/// The order in which reports of a story descend from one another: dated first, by date. On one day, first who does not credit
/// another of these outlets, then who tells more, then who credits fewer agencies: what is cut or passed on is later than what it
/// is made from.
pub(crate) fn order(
    date: Option<DateRange>,
    outlet: Option<&str>,
    credits: &[String],
    length: usize,
    outlets: &BTreeSet<&str>,
) -> (bool, Option<jiff::civil::Date>, bool, Reverse<usize>, usize) {
    let passes_on = credits.iter().any(|c| outlet != Some(c.as_str()) && outlets.contains(c.as_str()));
    (date.is_none(), date.map(|d| d.first), passes_on, Reverse(length), credits.len())
}

#[cfg(test)]
mod tests;
