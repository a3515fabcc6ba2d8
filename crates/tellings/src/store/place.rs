//! Documents of a store into its stories.

use super::{again, mend};
use crate::{Models, read_report};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tellings_doc::Span;
use tellings_store::{MemberRow, Placement, Result, Store, StoryChange, StoryRow};
use tellings_story::kept::{self, COMPARED_REPORTS, Member, Place, PlacedStory, Placer, REACH};
use tellings_story::{Rarity, Relation, Sketch};

/// Documents that are placed together.
pub(super) const UNIT: usize = 512;
/// Stories under one term that are looked at.
const LISTED: usize = 512;

/// Puts all documents that are in no story yet into stories, so many at a time; each time all of it is kept or nothing. Gives how
/// many there were.
///
/// # Errors
/// The store could not be read or written.
pub fn place(models: &Models, store: &mut dyn Store, run: i64) -> Result<usize> {
    place_with(models, store, run, &mut Sketches::default())
}

/// The same, with sketches that were fetched before.
pub(super) fn place_with(models: &Models, store: &mut dyn Store, run: i64, known: &mut Sketches) -> Result<usize> {
    let mut all = 0;
    loop {
        sketch(models, store)?;
        let mut placed = 0;
        store.exclusively(&mut |store| {
            placed = unit(store, run, known)?;
            if placed > 0 {
                mend::enforce(store, run)?;
            }
            Ok(())
        })?;
        all += placed;
        if placed < UNIT {
            return Ok(all);
        }
    }
}

/// Makes what stories are made from, of those next documents of which it is not there: they were kept by an earlier version.
fn sketch(models: &Models, store: &mut dyn Store) -> Result<()> {
    let without = |u: &tellings_store::Unplaced| u.sketch.as_deref().and_then(Sketch::from_bytes).is_none();
    let waiting: Vec<i64> = store.unplaced(UNIT)?.iter().filter(|u| without(u)).map(|u| u.document).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let rarity = Rarity::shipped();
    let stored = store.documents(&waiting)?;
    let made: Vec<(i64, Vec<u8>)> = (stored.into_par_iter())
        .map(|stored| {
            let number = stored.number;
            let doc = read_report(models, &again::report(stored));
            (number, Sketch::of(&rarity, &doc).to_bytes())
        })
        .collect();
    store.keep_sketches(&made)
}

/// Places the next documents.
fn unit(store: &mut dyn Store, run: i64, known: &mut Sketches) -> Result<usize> {
    let waiting = store.unplaced(UNIT)?;
    let mut reports: Vec<(u64, Arc<Sketch>)> = Vec::with_capacity(waiting.len());
    for (number, bytes) in waiting.iter().filter_map(|u| Some((u.document as u64, u.sketch.as_deref()?))) {
        reports.extend(known.keep(number, bytes).map(|sketch| (number, sketch)));
    }
    if reports.is_empty() {
        return Ok(0);
    }
    let mut placer = Placer::new(store.next_story()?, &reports);
    let candidates = placer.candidates(|term, days| store.listed(term, days, REACH, LISTED))?;
    for number in candidates {
        if let Some(story) = store.story_numbered(number)? {
            placer.know(number, &story.gist);
        }
    }
    let placed = placer.place(|documents| {
        known.fetch(store, documents)?;
        Ok::<_, tellings_store::Error>(documents.iter().filter_map(|d| Some((*d, known.of.get(d)?.clone()))).collect())
    })?;
    let documents = reports.iter().map(|r| r.0 as i64).collect();
    let stories: Vec<(PlacedStory, Vec<Place>)> = placed.stories.into_iter().map(|s| (s.clone(), s.gained)).collect();
    write(store, run, known, stories, placed.ended, documents)?;
    known.forget();
    Ok(reports.len())
}

/// Sketches that were fetched.
#[derive(Default)]
pub(super) struct Sketches {
    pub(super) of: BTreeMap<u64, Arc<Sketch>>,
    /// Bytes that they were made from.
    bytes: usize,
}

/// Bytes of sketches that stay at hand from one unit to the next.
const AT_HAND: usize = 32 << 20;

impl Sketches {
    fn keep(&mut self, document: u64, bytes: &[u8]) -> Option<Arc<Sketch>> {
        let sketch = Arc::new(Sketch::from_bytes(bytes)?);
        if self.of.insert(document, sketch.clone()).is_none() {
            self.bytes += bytes.len();
        }
        Some(sketch)
    }

    /// Of too many the older half goes.
    fn forget(&mut self) {
        if self.bytes <= AT_HAND {
            return;
        }
        let Some(&middle) = self.of.keys().nth(self.of.len() / 2) else { return };
        self.of = self.of.split_off(&middle);
        self.bytes /= 2;
    }

    pub(super) fn fetch(&mut self, store: &dyn Store, documents: &[u64]) -> Result<()> {
        let missing: Vec<i64> = documents.iter().filter(|d| !self.of.contains_key(d)).map(|&d| d as i64).collect();
        for (document, bytes) in store.sketches(&missing)? {
            let _ = self.keep(document as u64, &bytes);
        }
        Ok(())
    }
}

/// Writes what became of stories: those that ended lead to others, those that changed have gained these reports and parts.
pub(super) fn write(
    store: &mut dyn Store,
    run: i64,
    known: &mut Sketches,
    stories: Vec<(PlacedStory, Vec<Place>)>,
    ended: Vec<(u32, u32)>,
    placed: Vec<i64>,
) -> Result<()> {
    let copies = mend::copies(store)?;
    let into: BTreeMap<u32, u32> = ended.iter().copied().collect();
    // Most stories only gain new reports: what they have already stays as it is.
    let mut changed = Vec::new();
    let mut stories = stories;
    let new: BTreeSet<u64> = placed.iter().map(|&d| d as u64).collect();
    let mut stirred: BTreeSet<u32> = into.iter().flat_map(|(ended, into)| [*ended, *into]).collect();
    for (document, _) in stories.iter().flat_map(|s| &s.1).filter(|place| !new.contains(&place.0)) {
        stirred.extend(store.stories_of(*document as i64)?.iter().map(|s| s.number));
    }
    let mut rest = Vec::new();
    for (story, gained) in stories.drain(..) {
        let only_new = gained.iter().all(|place| new.contains(&place.0));
        let declared = || copies.iter().any(|(copy, of)| gained.iter().any(|place| place.0 == *copy || place.0 == *of));
        if !gained.is_empty()
            && only_new
            && !stirred.contains(&story.number)
            && !declared()
            && let Some(change) = appended(store, known, &story, &gained)?
        {
            changed.push(change);
        } else {
            rest.push((story, gained));
        }
    }
    let stories = rest;
    // Of the others: who belongs where now: as before, then with what ended, then where it came to.
    let mut rows: BTreeMap<Place, MemberRow> = BTreeMap::new();
    let mut of: BTreeMap<Place, u32> = BTreeMap::new();
    let mut before: BTreeMap<u32, StoryRow> = BTreeMap::new();
    for number in stories.iter().map(|s| s.0.number).chain(into.keys().copied()) {
        let Some(story) = store.story_numbered(number)? else { continue };
        before.insert(number, story);
        for row in store.members(number)? {
            let place = (row.document as u64, row.part);
            of.insert(place, into.get(&number).copied().unwrap_or(number));
            rows.insert(place, row);
        }
    }
    let home = of.clone();
    stories.iter().for_each(|(story, gained)| {
        gained.iter().for_each(|place| {
            of.insert(*place, story.number);
        })
    });
    let mut places: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
    of.iter().for_each(|(place, number)| places.entry(*number).or_default().push(*place));
    let was = Was { rows, home, before, copies };
    for (story, _) in stories {
        let own = places.remove(&story.number).unwrap_or_default();
        if !own.is_empty() {
            changed.push(change(store, known, story, &own, &was)?);
        }
    }
    store.place(run, &Placement { ended, changed, placed })
}

/// A story that gains new reports and keeps what it has; `None`: all of it must be gone through.
fn appended(store: &dyn Store, known: &mut Sketches, story: &PlacedStory, gained: &[Place]) -> Result<Option<StoryChange>> {
    let Some(before) = store.story_numbered(story.number)? else { return Ok(None) };
    let latest: Vec<Member> = store.latest_members(story.number, COMPARED_REPORTS)?.iter().map(member).collect();
    known.fetch(store, &latest.iter().map(|m| m.document).collect::<Vec<_>>())?;
    let Some(told) = kept::append(gained, &known.of, &latest) else { return Ok(None) };
    let gained: BTreeSet<u64> = gained.iter().map(|place| place.0).collect();
    let whole = latest.len() < COMPARED_REPORTS;
    let row = StoryRow {
        number: story.number,
        id: story.id.clone(),
        title: told.title.filter(|_| whole).unwrap_or(before.title),
        first: [told.first, before.first].into_iter().flatten().min(),
        last: [told.last, before.last].into_iter().flatten().max(),
        documents: before.documents + told.documents as u64,
        parts: before.parts + (gained.len() - told.documents) as u64,
        origins: before.origins + told.origins as u64,
        gist: story.gist.clone(),
        ..StoryRow::default()
    };
    let members = told.members.iter().map(member_row).collect();
    Ok(Some(StoryChange { story: row, terms: story.terms.clone(), days: story.days, members }))
}

/// What was known of stories that change.
struct Was {
    rows: BTreeMap<Place, MemberRow>,
    /// The story that each was in, or that which this one leads to.
    home: BTreeMap<Place, u32>,
    before: BTreeMap<u32, StoryRow>,
    /// Documents that people say are made from another.
    copies: BTreeMap<u64, u64>,
}

fn change(store: &dyn Store, known: &mut Sketches, story: PlacedStory, places: &[Place], was: &Was) -> Result<StoryChange> {
    let Was { rows, home, before, copies } = was;
    let before = before.get(&story.number);
    // Of a very long story the latest reports are compared; of the others it is settled where they came from.
    let mut documents: Vec<u64> = places.iter().map(|p| p.0).collect();
    documents.dedup();
    let day = |d: &u64| rows.get(&(*d, 0)).map_or((true, None), |row| (false, row.published.clone()));
    documents.sort_by_key(|d| (day(d), *d));
    let latest = documents.split_off(documents.len().saturating_sub(COMPARED_REPORTS));
    known.fetch(store, &latest)?;
    let latest: BTreeSet<u64> = latest.into_iter().collect();
    let sketches: BTreeMap<u64, Arc<Sketch>> = latest.iter().filter_map(|d| Some((*d, known.of.get(d)?.clone()))).collect();
    let settled: BTreeMap<u64, Member> =
        (places.iter()).filter(|p| !latest.contains(&p.0)).filter_map(|p| Some((p.0, member(rows.get(p)?)))).collect();
    let told = kept::descend(places, &sketches, &settled, copies);
    let was = |name: fn(&StoryRow) -> Option<String>| before.and_then(name);
    let (mut first, mut last) = (told.first, told.last);
    if !settled.is_empty() {
        first = [first, was(|b| b.first.clone())].into_iter().flatten().min();
        last = [last, was(|b| b.last.clone())].into_iter().flatten().max();
    }
    let documents_of = places.iter().map(|p| p.0).collect::<BTreeSet<u64>>().len();
    let row = StoryRow {
        number: story.number,
        id: story.id,
        title: told.title.or_else(|| was(|b| Some(b.title.clone()))).unwrap_or_default(),
        first,
        last,
        documents: told.documents as u64,
        parts: (documents_of - told.documents) as u64,
        origins: told.origins as u64,
        gist: story.gist,
        ..StoryRow::default()
    };
    // Only what is no longer as it was is written.
    let as_before = |m: &MemberRow| {
        let place = (m.document as u64, m.part);
        let same = |row: &MemberRow| *row == MemberRow { id: row.id.clone(), published: row.published.clone(), ..m.clone() };
        home.get(&place) == Some(&story.number) && rows.get(&place).is_some_and(same)
    };
    let members = told.members.iter().map(member_row).filter(|m| !as_before(m)).collect();
    Ok(StoryChange { story: row, terms: story.terms, days: story.days, members })
}

fn member(row: &MemberRow) -> Member {
    let relation = [Relation::Copy, Relation::Excerpt, Relation::Rewrite].into_iter().find(|r| r.as_str() == row.relation);
    Member {
        document: row.document as u64,
        part: row.part,
        span: Span::new(row.span.0 as usize, row.span.1 as usize),
        relation: relation.unwrap_or(Relation::Original),
        origin: row.origin as u64,
        parent: row.parent.map(|p| p as u64),
        shared: row.shared as usize,
        sentences: row.sentences as usize,
    }
}

fn member_row(member: &Member) -> MemberRow {
    MemberRow {
        document: member.document as i64,
        part: member.part,
        span: (member.span.start() as u32, member.span.end() as u32),
        relation: member.relation.as_str().to_string(),
        origin: member.origin as i64,
        parent: member.parent.map(|p| p as i64),
        shared: member.shared as u32,
        sentences: member.sentences as u32,
        ..MemberRow::default()
    }
}
