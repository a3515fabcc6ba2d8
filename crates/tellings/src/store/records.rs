//! Records of stories: made from their documents, which are read again with the present program.

use super::{again, mend};
use crate::corrections::{self, Correction, Outcome};
use crate::{Models, json, read_report};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use tellings_brief::best_told;
use tellings_doc::{DateRange, Doc};
use tellings_store::{EntityRow, RecordEventRow, RecordParticipant, RecordRow, Result, Store, Stored, StoryRow};
use tellings_story::kept::ancestry;
use tellings_story::{Agreement, Membership, Rarity, Record, RecordEvent, Story, infer_dates_of, record_of};

/// Stories whose records are made together.
const BATCH: usize = 64;
/// Documents in them, likewise.
const BATCH_DOCUMENTS: usize = 128;

/// A story of a store with its documents: what a record is made from.
#[derive(Clone, Debug)]
pub struct StoredStory {
    /// The story.
    pub story: StoryRow,
    documents: Vec<Stored>,
    /// Its members: number of the document and of the part.
    members: Vec<(i64, u32)>,
    /// Documents that people say are made from another, by their numbers.
    copies: BTreeMap<u64, u64>,
    corrections: Arc<Vec<Correction>>,
}

/// A story with its documents. Of a story that became part of another, the other.
///
/// # Errors
/// The store could not be read.
pub fn story(store: &dyn Store, id: &str) -> Result<Option<StoredStory>> {
    match store.story(id)? {
        Some(story) => with_documents(store, story, &mend::corrections(store)?).map(Some),
        None => Ok(None),
    }
}

fn with_documents(store: &dyn Store, story: StoryRow, corrections: &Arc<Vec<Correction>>) -> Result<StoredStory> {
    let members: Vec<(i64, u32)> = store.members(story.number)?.iter().map(|m| (m.document, m.part)).collect();
    let mut numbers: Vec<i64> = members.iter().map(|m| m.0).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let copies = mend::copies_of(store, corrections)?;
    Ok(StoredStory { story, documents: store.documents(&numbers)?, members, copies, corrections: corrections.clone() })
}

/// The record of stories, in their order, with what people set right; their documents in the record's order; and what became of the
/// corrections that concern it.
pub fn reconcile(models: &Models, stories: Vec<StoredStory>) -> (Vec<Doc>, Record, Vec<Outcome>) {
    reconcile_with(models, &Rarity::shipped(), stories)
}

/// A story, its members, and the copies that people declared.
type Known = (StoryRow, Vec<(i64, u32)>, BTreeMap<u64, u64>);

fn reconcile_with(models: &Models, rarity: &Rarity, stories: Vec<StoredStory>) -> (Vec<Doc>, Record, Vec<Outcome>) {
    let corrections = stories.first().map(|s| s.corrections.clone()).unwrap_or_default();
    let mut documents: BTreeMap<String, Stored> = BTreeMap::new();
    let mut known: Vec<Known> = Vec::new();
    for story in stories {
        documents.extend(story.documents.into_iter().map(|stored| (stored.entry.id.clone(), stored)));
        known.push((story.story, story.members, story.copies));
    }
    let at: BTreeMap<i64, usize> = documents.values().enumerate().map(|(at, stored)| (stored.number, at)).collect();
    let memberships: Vec<Membership> = (known.into_iter())
        .map(|(story, members, copies)| {
            let (merged, parents) = ancestry(&story.gist);
            let pair = |(copy, of): (u64, u64)| Some((*at.get(&(copy as i64))?, *at.get(&(of as i64))?));
            Membership {
                id: story.id,
                places: members.iter().filter_map(|m| Some((*at.get(&m.0)?, m.1))).collect(),
                merged,
                parents,
                copies: copies.into_iter().filter_map(pair).collect(),
            }
        })
        .collect();
    let stored: Vec<Stored> = documents.into_values().collect();
    let contents: Vec<String> = if corrections.is_empty() {
        Vec::new()
    } else {
        stored.iter().map(|stored| corrections::fingerprint(&stored.entry.raw)).collect()
    };
    let mut docs: Vec<Doc> = stored.into_par_iter().map(|stored| read_report(models, &again::report(stored))).collect();
    for dating in infer_dates_of(rarity, &docs, &memberships) {
        crate::date(models, &mut docs, dating);
    }
    let mut record = record_of(rarity, &docs, &memberships);
    let outcomes = corrections::apply(&mut record, &docs, &contents, &corrections);
    (docs, record, outcomes)
}

/// Makes the records of all stories whose record does not tell all yet; `told` is given how many are made, now and then. Gives how
/// many were made, and what became of corrections.
///
/// # Errors
/// The store could not be read or written; what was told is in it.
pub fn refresh(models: &Models, store: &mut dyn Store, run: i64, told: impl FnMut(usize)) -> Result<(usize, Vec<Outcome>)> {
    refresh_some(models, store, run, usize::MAX, told)
}

/// The same for about so many stories.
///
/// # Errors
/// As [`refresh`].
pub fn refresh_some(
    models: &Models,
    store: &mut dyn Store,
    run: i64,
    limit: usize,
    mut told: impl FnMut(usize),
) -> Result<(usize, Vec<Outcome>)> {
    let made_by = store.runs()?.into_iter().find(|r| r.0 == run).map(|r| r.1).unwrap_or_default();
    let gazetteers: Vec<String> = made_by.gazetteer.split('+').skip(1).map(str::to_string).collect();
    let (corrections, rarity) = (mend::corrections(store)?, Rarity::shipped());
    let (mut after, mut made, mut outcomes) = (0, 0, Vec::new());
    loop {
        let stale = store.stale(after, BATCH)?;
        let (mut batch, mut documents) = (Vec::new(), 0);
        for number in stale {
            if documents >= BATCH_DOCUMENTS {
                break;
            }
            after = number;
            let Some(story) = store.story_numbered(number)? else { continue };
            let story = with_documents(store, story, &corrections)?;
            documents += story.documents.len();
            batch.push(story);
        }
        if batch.is_empty() || made >= limit {
            return Ok((made, outcomes));
        }
        let rows: Vec<(RecordRow, Vec<Outcome>)> =
            batch.into_par_iter().map(|story| row(models, &rarity, run, &gazetteers, story)).collect();
        let (records, became): (Vec<RecordRow>, Vec<Vec<Outcome>>) = rows.into_iter().unzip();
        outcomes.extend(became.into_iter().flatten());
        store.keep_records(&records)?;
        made += records.len();
        told(made);
    }
}

fn row(models: &Models, rarity: &Rarity, run: i64, gazetteers: &[String], story: StoredStory) -> (RecordRow, Vec<Outcome>) {
    let (number, version) = (story.story.number, story.story.version);
    let (docs, record, outcomes) = reconcile_with(models, rarity, vec![story]);
    let mut body = Vec::new();
    // Writing into memory does not fail.
    let _ = json::write_record_with(&record, gazetteers, &mut body);
    let (events, entities) = record.stories.first().map_or_else(Default::default, |story| {
        (story.events.iter().map(|e| event(&docs, &record, story, e)).collect(), entities(story))
    });
    let brief = serde_json::to_vec(&json::brief(&record, &docs)).unwrap_or_default();
    (RecordRow { story: number, version, run, body, events, entities, brief }, outcomes)
}

fn event(docs: &[Doc], record: &Record, story: &Story, event: &RecordEvent) -> RecordEventRow {
    let who = |role: &str, ids: &[String]| -> Vec<RecordParticipant> {
        let one = |id: &String| {
            let entity = story.entities.iter().find(|e| e.id == *id)?;
            let (name, country) = (entity.name.clone(), entity.country.clone());
            Some(RecordParticipant { role: role.to_string(), entity: id.clone(), name, country })
        };
        ids.iter().filter_map(one).collect()
    };
    let told = [event.date.as_ref().map(|d| d.agreement), event.place.as_ref().map(|p| p.agreement)];
    let mut values = told.into_iter().flatten().chain(event.facts.iter().map(|f| f.agreement));
    let agreement = match values.any(|a| a == Agreement::Disputed) {
        true => Agreement::Disputed,
        false if event.origins > 1 => Agreement::Agreed,
        false => Agreement::Single,
    };
    let days = event.date.as_ref().and_then(|d| days(&d.value));
    RecordEventRow {
        id: event.id.clone(),
        kind: event.kind.plover().map(str::to_string),
        realis: event.realis.as_str().to_string(),
        status: event.status.to_string(),
        date: event.date.as_ref().map(|d| d.value.clone()),
        days: (days.map(|d| d.first.to_string()), days.map(|d| d.last.to_string())),
        place: event.place.as_ref().map(|p| p.name.clone()),
        country: event.place.as_ref().and_then(|p| p.country.clone()),
        agreement: agreement.as_str().to_string(),
        origins: event.origins as u64,
        articles: event.articles as u64,
        words: best_told(record, docs, story, event)
            .map_or_else(String::new, |at| at.span.of(docs[at.document].text()).to_string()),
        body: json::event(record, story, event),
        participants: [who("actor", &event.actors), who("recipient", &event.recipients)].concat(),
        ..RecordEventRow::default()
    }
}

fn entities(story: &Story) -> Vec<EntityRow> {
    let one = |e: &tellings_story::RecordEntity| EntityRow {
        id: e.id.clone(),
        name: e.name.clone(),
        kind: e.kind.as_str().to_string(),
        country: e.country.clone(),
        role: e.roles.first().map(|r| r.0.clone()),
        mentions: e.mentions.len() as u64,
        generic: e.generic,
        ..EntityRow::default()
    };
    story.entities.iter().map(one).collect()
}

/// The days of an ISO value: a day, a month, a year or a week, with a time of day or without.
fn days(value: &str) -> Option<DateRange> {
    use jiff::civil::{Date, ISOWeekDate, Weekday};
    let date = value.split('T').next()?;
    if let Ok(day) = date.parse::<Date>() {
        return Some(DateRange::day(day));
    }
    let (year, rest) = date.split_once('-').unwrap_or((date, ""));
    let year: i16 = year.parse().ok()?;
    if let Some(week) = rest.strip_prefix('W') {
        return Some(DateRange::week(ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok()?.date()));
    }
    if rest.is_empty() {
        return Some(DateRange::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
    }
    Some(DateRange::month(Date::new(year, rest.parse().ok()?, 1).ok()?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_of_values() {
        let days = |value| super::days(value).map(|d| format!("{} {}", d.first, d.last));
        let cases = [
            ("2016-09-05", Some("2016-09-05 2016-09-05")),
            ("2016-09-05T20:00", Some("2016-09-05 2016-09-05")),
            ("2016-02", Some("2016-02-01 2016-02-29")),
            ("2016", Some("2016-01-01 2016-12-31")),
            ("2016-W36", Some("2016-09-05 2016-09-11")),
            ("2016-SU", None),
            ("PRESENT_REF", None),
        ];
        for (value, wanted) in cases {
            assert_eq!(days(value).as_deref(), wanted, "{value}");
        }
    }
}
