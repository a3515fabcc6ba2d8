//! Documents of a store into its stories.

use super::{again, mend};
use crate::{Models, read_report};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
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
    let mut all = 0;
    loop {
        sketch(models, store)?;
        let mut placed = 0;
        store.exclusively(&mut |store| {
            placed = unit(store, run)?;
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
fn unit(store: &mut dyn Store, run: i64) -> Result<usize> {
    let waiting = store.unplaced(UNIT)?;
    let reports: Vec<(u64, Sketch)> =
        waiting.iter().filter_map(|u| Some((u.document as u64, Sketch::from_bytes(u.sketch.as_deref()?)?))).collect();
    if reports.is_empty() {
        return Ok(0);
    }
    let mut known = Sketches { of: reports.iter().cloned().collect() };
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
    write(store, run, &mut known, stories, placed.ended, documents)?;
    Ok(reports.len())
}

/// Sketches that were fetched.
#[derive(Default)]
pub(super) struct Sketches {
    pub(super) of: BTreeMap<u64, Sketch>,
}

impl Sketches {
    pub(super) fn fetch(&mut self, store: &dyn Store, documents: &[u64]) -> Result<()> {
        let missing: Vec<i64> = documents.iter().filter(|d| !self.of.contains_key(d)).map(|&d| d as i64).collect();
        for (document, bytes) in store.sketches(&missing)? {
            self.of.extend(Sketch::from_bytes(&bytes).map(|sketch| (document as u64, sketch)));
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
    // Who belongs where now: as before, then with what ended, then where it came to.
    let mut rows: BTreeMap<Place, MemberRow> = BTreeMap::new();
    let mut of: BTreeMap<Place, u32> = BTreeMap::new();
    let mut before: BTreeMap<u32, StoryRow> = BTreeMap::new();
    let into: BTreeMap<u32, u32> = ended.iter().copied().collect();
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
    let copies = mend::copies(store)?;
    let was = Was { rows, home, before, copies };
    let mut changed = Vec::new();
    for (story, _) in stories {
        let own = places.remove(&story.number).unwrap_or_default();
        if !own.is_empty() {
            changed.push(change(store, known, story, &own, &was)?);
        }
    }
    store.place(run, &Placement { ended, changed, placed })
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
    let sketches: BTreeMap<u64, Sketch> = latest.iter().filter_map(|d| Some((*d, known.of.get(d)?.clone()))).collect();
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
