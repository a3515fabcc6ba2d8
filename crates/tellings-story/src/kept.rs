//! Stories that are kept outside of memory: what is new is placed among those of them that may be meant.
//!
//! A store keeps of each report its sketch, and of each story its gist: what it is about, and which its latest reports are. To
//! place reports, it looks up the stories that share telling terms with them ([`Placer::candidates`]) and hands over their gists; so a
//! report costs the same however many stories there are, and no story is ever too old to be found again. The clusterer is that of
//! [`crate::Stories`].

use crate::Relation;
use crate::bytes::{Reader, Writer};
use crate::cluster::{CLOSED_AFTER, Clusterer, Days, FEWEST_TERMS, LOOKED_AT, NEIGHBOURS, Open, Piece, TELLING_TERMS};
use crate::lineage::{Lineages, Origin, Passage};
use crate::sketch::{Sketch, whole};
use crate::stream::{order, story_id};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tellings_doc::Span;

/// First byte of a gist in bytes: how they are laid out.
const LAYOUT: u8 = 1;
/// Reports of one story whose sentences are compared with those of a new one: the latest.
pub const COMPARED_REPORTS: usize = 512;
/// Days that lie between a report and the stories that it may belong to.
pub const REACH: i32 = CLOSED_AFTER;

/// A report or part of one: number of the report, number of the part (0 = its main matter).
pub type Place = (u64, u32);

/// A story that placing made or changed.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedStory {
    /// Its number.
    pub number: u32,
    /// Its id, from what it began with.
    pub id: String,
    /// What it is about, for the next time.
    pub gist: Vec<u8>,
    /// By which terms it is found.
    pub terms: Vec<u32>,
    /// First and last day of its reports, in days since 1970.
    pub days: Option<(i32, i32)>,
    /// What came to it.
    pub gained: Vec<Place>,
    /// Ids of stories that became one with it.
    pub merged: Vec<String>,
    /// Ids of the story that it split from, nearest first.
    pub parents: Vec<String>,
}

/// What placing changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// Stories made or changed, by number.
    pub stories: Vec<PlacedStory>,
    /// Stories that were there and became part of another: number, and number of the other. What they gained before goes with them.
    pub ended: Vec<(u32, u32)>,
}

/// A story that may be meant.
#[derive(Clone, Debug)]
struct Candidate {
    open: Open,
    recent: Vec<Place>,
    recalled: bool,
}

/// Places new reports among stories that are kept.
#[derive(Clone, Debug)]
pub struct Placer {
    next: u32,
    pieces: Vec<Piece>,
    known: BTreeMap<u32, Candidate>,
}

fn pieces(document: u64, sketch: &Sketch) -> impl Iterator<Item = Piece> {
    sketch.parts.iter().map(move |part| Piece { document, ..part.piece.clone() })
}

impl Placer {
    /// Reports to be placed, with their numbers; new stories are numbered from `next` on.
    pub fn new(next: u32, reports: &[(u64, Arc<Sketch>)]) -> Placer {
        let pieces = reports.iter().flat_map(|(number, sketch)| pieces(*number, sketch)).collect();
        Placer { next, pieces, known: BTreeMap::new() }
    }

    /// Numbers of the stories that may be meant: those that share the most telling terms with a report. `listed` gives the stories
    /// under a term that are near some days (first and last, in days since 1970; `None` = undated).
    ///
    /// # Errors
    /// Those of `listed`.
    pub fn candidates<E>(&self, mut listed: impl FnMut(u32, Option<(i32, i32)>) -> Result<Vec<u32>, E>) -> Result<Vec<u32>, E> {
        let mut known: FxHashMap<(u32, Option<Days>), Vec<u32>> = FxHashMap::default();
        let mut found: BTreeSet<u32> = BTreeSet::new();
        for piece in &self.pieces {
            let top = piece.vector.top(TELLING_TERMS);
            for &(term, _) in &top {
                if let Entry::Vacant(place) = known.entry((term, piece.days)) {
                    place.insert(listed(term, piece.days)?);
                }
            }
            let mut lists: Vec<(&Vec<u32>, f32)> =
                top.iter().map(|&(term, weight)| (&known[&(term, piece.days)], weight)).collect();
            lists.sort_by_key(|list| list.0.len());
            let mut shared: FxHashMap<u32, f32> = FxHashMap::default();
            let mut looked_at = 0;
            for (number, (list, weight)) in lists.into_iter().enumerate() {
                looked_at += list.len();
                if number >= FEWEST_TERMS && looked_at > LOOKED_AT {
                    break;
                }
                list.iter().for_each(|&story| *shared.entry(story).or_default() += weight * weight);
            }
            let mut shared: Vec<(u32, f32)> = shared.into_iter().collect();
            shared.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            found.extend(shared.into_iter().take(NEIGHBOURS).map(|s| s.0));
        }
        Ok(found.into_iter().collect())
    }

    /// A story that may be meant, by its number and gist; `false`: the gist is damaged, or of another layout.
    pub fn know(&mut self, number: u32, gist: &[u8]) -> bool {
        let Some((open, recent)) = read(gist) else { return false };
        self.known.insert(number, Candidate { open, recent, recalled: false });
        true
    }

    /// Places the reports; `sketches` gives the sketches of reports that were placed before, for those stories that change.
    ///
    /// # Errors
    /// Those of `sketches`.
    pub fn place<E>(mut self, mut sketches: impl FnMut(&[u64]) -> Result<Vec<(u64, Arc<Sketch>)>, E>) -> Result<Placed, E> {
        loop {
            let stories = self.known.iter().map(|(&number, known)| (number, known.open.clone()));
            let mut clusterer = Clusterer::resume(self.next, stories);
            let changes = clusterer.take(self.pieces.clone());
            let touched: BTreeSet<u32> = changes.mixed.iter().flat_map(|m| [m.0, m.1]).chain(changes.grown).collect();
            // Whether a story has become two is seen from its latest reports: they are fetched once it is known that it changes.
            let missing: Vec<u32> =
                touched.iter().copied().filter(|n| self.known.get(n).is_some_and(|known| !known.recalled)).collect();
            if missing.is_empty() {
                return Ok(placed(&clusterer, &touched, &changes.mixed, |n| self.known.contains_key(&n)));
            }
            let mut reports: Vec<u64> = missing.iter().flat_map(|n| self.known[n].recent.iter().map(|p| p.0)).collect();
            reports.sort_unstable();
            reports.dedup();
            let own: BTreeMap<u64, Arc<Sketch>> = sketches(&reports)?.into_iter().collect();
            for number in missing {
                if let Some(known) = self.known.get_mut(&number) {
                    known.open.recall(recall(&known.recent, &own));
                    known.recalled = true;
                }
            }
        }
    }
}

fn recall(recent: &[Place], sketches: &BTreeMap<u64, Arc<Sketch>>) -> Vec<Piece> {
    let piece = |&(document, part): &Place| {
        let piece = &sketches.get(&document)?.parts.get(part as usize)?.piece;
        Some(Piece { document, ..piece.clone() })
    };
    recent.iter().filter_map(piece).collect()
}

fn placed(clusterer: &Clusterer, touched: &BTreeSet<u32>, mixed: &[(u32, u32)], was: impl Fn(u32) -> bool) -> Placed {
    let successor: BTreeMap<u32, u32> =
        mixed.iter().filter(|(_, other)| !clusterer.open.contains_key(other)).map(|&(into, other)| (other, into)).collect();
    let last = |mut number: u32| {
        while let Some(&next) = successor.get(&number) {
            number = next;
        }
        number
    };
    Placed {
        stories: touched.iter().filter_map(|n| Some(story(*n, clusterer.open.get(n)?))).collect(),
        ended: successor.keys().copied().filter(|&n| was(n)).map(|n| (n, last(n))).collect(),
    }
}

fn story(number: u32, open: &Open) -> PlacedStory {
    let mut out = Writer::default();
    out.u8(LAYOUT);
    open.write(&mut out);
    PlacedStory {
        number,
        id: story_id(open.founder),
        gist: out.0,
        terms: open.terms(),
        days: open.days,
        gained: open.members.clone(),
        merged: open.merged.iter().map(|&founder| story_id(founder)).collect(),
        parents: open.parents.iter().map(|&founder| story_id(founder)).collect(),
    }
}

fn read(gist: &[u8]) -> Option<(Open, Vec<Place>)> {
    let mut bytes = Reader(gist);
    if bytes.u8()? != LAYOUT { None } else { Open::read(&mut bytes) }
}

/// Ids of the stories that became one with a story, and of those that it split from; from its gist.
pub fn ancestry(gist: &[u8]) -> (Vec<String>, Vec<String>) {
    let ids = |founders: &[u64]| founders.iter().map(|&founder| story_id(founder)).collect();
    read(gist).map_or_else(Default::default, |(open, _)| (ids(&open.merged), ids(&open.parents)))
}

/// A story as it was.
pub fn unchanged(number: u32, gist: &[u8]) -> Option<PlacedStory> {
    // Its latest reports are not at hand: what was written of them stands.
    read(gist).map(|(open, _)| PlacedStory { gist: gist.to_vec(), ..story(number, &open) })
}

/// A story made of these reports and parts, whatever they are about: by people, not by what they say. It goes on from `before`;
/// `joined` are the gists of stories that become one with it.
pub fn gather(
    number: u32,
    before: &[u8],
    joined: &[&[u8]],
    places: &[Place],
    sketches: &BTreeMap<u64, Arc<Sketch>>,
) -> Option<PlacedStory> {
    let (before, _) = read(before)?;
    let mut open = made_of(places, sketches, before.parents);
    (open.founder, open.merged) = (before.founder, before.merged);
    for (other, _) in joined.iter().filter_map(|gist| read(gist)) {
        open.merged.push(other.founder);
        open.merged.extend(other.merged);
    }
    Some(story(number, &open))
}

/// A story of its own made of these reports and parts, which people take out of another.
pub fn part(number: u32, from: &[u8], places: &[Place], sketches: &BTreeMap<u64, Arc<Sketch>>) -> Option<PlacedStory> {
    let (from, _) = read(from)?;
    Some(story(number, &made_of(places, sketches, [vec![from.founder], from.parents].concat())))
}

fn made_of(places: &[Place], sketches: &BTreeMap<u64, Arc<Sketch>>, parents: Vec<u64>) -> Open {
    let own = recall(places, sketches);
    let as_of = own.iter().filter_map(|p| p.days).map(|d: Days| d.0).max();
    let mut open = Open::of(own, parents, 0, as_of);
    open.forget();
    open
}

/// What is known of a report in its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub document: u64,
    /// Which of its parts.
    pub part: u32,
    /// The part: first to last byte.
    pub span: Span,
    /// How its lineage's origin became it.
    pub relation: Relation,
    /// The first report of its lineage.
    pub origin: u64,
    /// The report that it was made from.
    pub parent: Option<u64>,
    /// Of how many of its longer sentences that is shown.
    pub shared: usize,
    /// Its longer sentences.
    pub sentences: usize,
}

/// A story as its reports alone tell it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Descended {
    /// Its reports and parts of reports, in the order in which they descend from one another.
    pub members: Vec<Member>,
    /// Its title; `None` where that is of a report of which no sketch was given.
    pub title: Option<String>,
    /// First and last day (ISO) of its reports, of those of which a sketch was given.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Reports that are mainly about it.
    pub documents: usize,
    /// Independent lineages.
    pub origins: usize,
}

/// Reports of a story with their parts, in the order in which they descend from one another; those without a sketch first.
fn in_order(parts: BTreeMap<u64, Vec<u32>>, sketches: &BTreeMap<u64, Arc<Sketch>>) -> Vec<(u64, Vec<u32>)> {
    let outlets: BTreeSet<&str> = parts.keys().filter_map(|d| sketches.get(d)?.outlet.as_deref()).collect();
    let mut reports: Vec<(u64, Vec<u32>)> = parts.into_iter().collect();
    reports.sort_by_cached_key(|(document, parts)| {
        let known = sketches.get(document).map(|sketch| {
            let length = sketch.parts.iter().map(|p| crate::lineage::length(&p.passages)).sum();
            (
                !parts.contains(&0),
                order(sketch.date, sketch.outlet.as_deref(), &sketch.credits, length, &outlets),
                sketch.id.clone(),
            )
        });
        (known, *document)
    });
    reports
}

fn passages_of(sketch: &Sketch, parts: &[u32]) -> Vec<Arc<Passage>> {
    parts.iter().filter_map(|&p| Some(&sketch.parts.get(p as usize)?.passages)).flatten().cloned().collect()
}

/// What new reports add to a story of which these are the latest members: the same as [`descend`] gives for all, but only the new
/// reports, and those that come after them, are compared with the others; so one more report costs the same however many the story
/// has. Of the story as a whole only what is new is counted. `None`: reports that were there descend otherwise now, or there is no
/// sketch of one; then all must be gone through.
pub fn append(new: &[Place], sketches: &BTreeMap<u64, Arc<Sketch>>, latest: &[Member]) -> Option<Descended> {
    let mut parts: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    let mut before: BTreeMap<u64, &Member> = BTreeMap::new();
    for member in latest {
        parts.entry(member.document).or_default().push(member.part);
        before.insert(member.document, member);
    }
    for &(document, part) in new {
        // A report that was there with another part is not new.
        if before.contains_key(&document) || !sketches.contains_key(&document) {
            return None;
        }
        parts.entry(document).or_default().push(part);
    }
    parts.values_mut().for_each(|parts| parts.sort_unstable());
    let reports = in_order(parts, sketches);
    let first = reports.iter().position(|r| !before.contains_key(&r.0))?;
    let mut lineages = Lineages::default();
    let mut origins: Vec<u64> = Vec::with_capacity(reports.len());
    let mut told = Descended::default();
    for (at, (document, parts)) in reports.iter().enumerate() {
        let known = before.get(document).copied();
        let sketch = sketches.get(document)?;
        let passages = passages_of(sketch, parts);
        if let Some(member) = known.filter(|_| at < first) {
            lineages.settle(Origin::settled(*document, member.relation, member.shared, member.sentences), &passages);
            origins.push(member.origin);
            continue;
        }
        lineages.add(*document, &passages);
        let own = &lineages.documents[at];
        let parent = own.parent.map(|(at, _)| lineages.documents[at].document);
        let origin = own.parent.map_or(*document, |(at, _)| origins[at]);
        let shared = own.parent.map_or(0, |p| p.1);
        origins.push(origin);
        if let Some(member) = known {
            let same = (member.relation, member.parent, member.origin, member.shared, member.sentences)
                == (own.relation, parent, origin, shared, own.sentences);
            if !same {
                return None;
            }
            continue;
        }
        let main = parts.contains(&0);
        told.documents += usize::from(main);
        told.origins += usize::from(origin == *document);
        told.days(sketch);
        for &part in parts {
            let span = sketch.parts.get(part as usize).map(|p| whole(&p.spans));
            told.members.push(Member {
                document: *document,
                part,
                span: span.unwrap_or_default(),
                relation: own.relation,
                origin,
                parent,
                shared,
                sentences: own.sentences,
            });
        }
    }
    let (document, parts) = reports.first()?;
    told.title = title(sketches.get(document)?, parts);
    Some(told)
}

/// The title of a story that begins with these parts of a report.
fn title(sketch: &Sketch, parts: &[u32]) -> Option<String> {
    let part = parts.first().copied().unwrap_or(0) as usize;
    if parts.contains(&0) { Some(sketch.title.clone()) } else { sketch.parts.get(part).map(|p| p.title.clone()) }
}

impl Descended {
    /// Counts the days of a report.
    fn days(&mut self, sketch: &Sketch) {
        if let Some(range) = sketch.date {
            let day = Some(range.first.to_string());
            self.first = self.first.take().map_or(day.clone(), |first| Some(first).min(day.clone()));
            self.last = self.last.take().max(day);
        }
    }
}

/// Who descends from whom in a story of these reports and parts. Of a report without a sketch (that of one long ago) what was settled
/// before is kept. `copies` are reports that people say are made from another: (report, the other).
pub fn descend(
    places: &[Place],
    sketches: &BTreeMap<u64, Arc<Sketch>>,
    settled: &BTreeMap<u64, Member>,
    copies: &BTreeMap<u64, u64>,
) -> Descended {
    let mut parts: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    places.iter().for_each(|&(document, part)| parts.entry(document).or_default().push(part));
    let reports = in_order(parts, sketches);
    let mut lineages = Lineages::default();
    for (document, parts) in &reports {
        match (sketches.get(document), settled.get(document)) {
            (Some(sketch), _) => drop(lineages.add(*document, &passages_of(sketch, parts))),
            (None, Some(before)) => {
                lineages.keep(Origin::settled(*document, before.relation, before.shared, before.sentences), before.parent);
            }
            (None, None) => lineages.keep(Origin::settled(*document, Relation::Original, 0, 0), None),
        }
    }
    for (copy, of) in copies {
        lineages.declare(*copy, *of);
    }
    let origins = lineages.origins();
    let mut told = Descended::default();
    for (at, (document, parts)) in reports.iter().enumerate() {
        let own = &lineages.documents[at];
        let sketch = sketches.get(document);
        let main = parts.contains(&0);
        told.documents += usize::from(main);
        told.origins += usize::from(origins[at] == at);
        sketch.iter().for_each(|sketch| told.days(sketch));
        if at == 0 {
            told.title = sketch.and_then(|sketch| title(sketch, parts));
        }
        for &part in parts {
            let before = settled.get(document).filter(|m| m.part == part).map(|m| m.span);
            let span = sketch.and_then(|s| s.parts.get(part as usize)).map(|p| whole(&p.spans));
            told.members.push(Member {
                document: *document,
                part,
                span: span.or(before).unwrap_or_default(),
                relation: own.relation,
                origin: lineages.documents[origins[at]].document,
                parent: own.parent.map(|p| lineages.documents[p.0].document),
                shared: own.parent.map_or(0, |p| p.1),
                sentences: own.sentences,
            });
        }
    }
    told
}

#[cfg(test)]
mod tests;
