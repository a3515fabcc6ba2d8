//! Records of stories: made from their documents, which are read again with the present program.

use super::{again, mend};
use crate::corrections::{self, Correction, Outcome};
use crate::{Models, json, read_report};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tellings_brief::best_told;
use tellings_doc::{DateRange, Doc};
use tellings_store::{EntityRow, MemberRow, RecordEventRow, RecordParticipant, RecordRow, Result, Store, Stored, StoryRow};
use tellings_story::kept::ancestry;
use tellings_story::{Agreement, Membership, Rarity, Record, RecordEvent, Story, infer_dates_of, record_of};

/// Stories whose records are made together.
const BATCH: usize = 64;
/// Documents in them, likewise.
const BATCH_DOCUMENTS: usize = 128;
/// Reports of one story that its record is made from, at most: [`chosen`] of a longer one.
const TOLD_REPORTS: usize = 256;
/// Of these, reports that came last.
const LATEST: usize = 64;

/// A story of a store with its documents: what a record is made from.
#[derive(Clone, Debug)]
pub struct StoredStory {
    /// The story.
    pub story: StoryRow,
    documents: Vec<Stored>,
    /// Its members: number of the document and of the part.
    members: Vec<(i64, u32)>,
    /// Its reports that its record does not tell of.
    left_out: usize,
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
    let mut rows = store.members(story.number)?;
    let copies = mend::copies_of(store, corrections)?;
    let all = count(&rows);
    if all > TOLD_REPORTS {
        let mut named = BTreeSet::new();
        for at in corrections.iter().flat_map(|c| c.rule.documents()) {
            named.extend(mend::number(store, at)?);
        }
        rows = chosen(rows, &named, TOLD_REPORTS, LATEST);
    }
    let left_out = all - count(&rows);
    let members: Vec<(i64, u32)> = rows.iter().map(|m| (m.document, m.part)).collect();
    let mut numbers: Vec<i64> = members.iter().map(|m| m.0).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(StoredStory { story, documents: store.documents(&numbers)?, members, left_out, copies, corrections: corrections.clone() })
}

fn count(rows: &[MemberRow]) -> usize {
    rows.iter().map(|m| m.document).collect::<BTreeSet<_>>().len()
}

/// The members of a long story that its record is made from, in their order: all of so many reports. First come those that people
/// set something right in, then those that came last, then the first of each day, the second of each day and so on; reports made
/// from others only where room is left. So a record costs the same however long its story grows, tells of its whole course, and what
/// it tells of earlier days stays much as it was; it does not depend on the order in which reports came.
fn chosen(rows: Vec<MemberRow>, named: &BTreeSet<i64>, most: usize, latest: usize) -> Vec<MemberRow> {
    let day = |m: &MemberRow| m.published.as_deref().map(|p| p.get(..10).unwrap_or(p).to_string());
    let mut reports: BTreeMap<i64, &MemberRow> = BTreeMap::new();
    rows.iter().for_each(|m| _ = reports.entry(m.document).or_insert(m));
    let mut reports: Vec<&MemberRow> = reports.into_values().collect();
    // The undated stand first: they are no news.
    reports.sort_by(|a, b| (&a.published, &a.id).cmp(&(&b.published, &b.id)));
    let originals = reports.iter().rev().filter(|m| m.relation == "original" && m.published.is_some());
    let newest: BTreeSet<i64> = originals.take(latest).map(|m| m.document).collect();
    let mut ranks: BTreeMap<(bool, Option<String>), usize> = BTreeMap::new();
    let mut ranked: Vec<_> = (reports.iter())
        .map(|m| {
            let made_from = m.relation != "original";
            let rank = ranks.entry((made_from, day(m))).or_default();
            *rank += 1;
            (!named.contains(&m.document), !newest.contains(&m.document), made_from, *rank, m.document)
        })
        .collect();
    // Sorting is stable: of the same rank the earlier day comes first.
    ranked.sort_by_key(|&(unnamed, older, made_from, rank, _)| (unnamed, older, made_from, rank));
    let taken: BTreeSet<i64> = ranked.iter().take(most).map(|r| r.4).collect();
    rows.into_iter().filter(|m| taken.contains(&m.document)).collect()
}

/// The record of stories, in their order, with what people set right; their documents in the record's order; and what became of the
/// corrections that concern it.
pub fn reconcile(models: &Models, stories: Vec<StoredStory>) -> (Vec<Doc>, Record, Vec<Outcome>) {
    reconcile_with(models, &Rarity::shipped(), stories)
}

fn reconcile_with(models: &Models, rarity: &Rarity, stories: Vec<StoredStory>) -> (Vec<Doc>, Record, Vec<Outcome>) {
    let corrections = stories.first().map(|s| s.corrections.clone()).unwrap_or_default();
    let mut documents: BTreeMap<String, Stored> = BTreeMap::new();
    let mut known: Vec<StoredStory> = Vec::new();
    for mut story in stories {
        documents.extend(std::mem::take(&mut story.documents).into_iter().map(|stored| (stored.entry.id.clone(), stored)));
        known.push(story);
    }
    let at: BTreeMap<i64, usize> = documents.values().enumerate().map(|(at, stored)| (stored.number, at)).collect();
    let memberships: Vec<Membership> = (known.into_iter())
        .map(|StoredStory { story, members, copies, left_out, .. }| {
            let (merged, parents) = ancestry(&story.gist);
            let pair = |(copy, of): (u64, u64)| Some((*at.get(&(copy as i64))?, *at.get(&(of as i64))?));
            Membership {
                id: story.id,
                places: members.iter().filter_map(|m| Some((*at.get(&m.0)?, m.1))).collect(),
                merged,
                parents,
                copies: copies.into_iter().filter_map(pair).collect(),
                left_out,
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
    use super::{MemberRow, chosen};

    #[test]
    fn of_a_long_story_the_latest_the_first_of_each_day_and_what_was_set_right() {
        // Four days with ten originals each, and as many copies; two undated reports.
        let member = |day: usize, hour: usize, relation: &str| MemberRow {
            document: (day * 100 + hour) as i64,
            id: format!("{day}-{hour:02}-{relation}"),
            published: (day > 0).then(|| format!("2016-09-0{day}T{:02}:00Z", hour % 20)),
            relation: relation.to_string(),
            ..MemberRow::default()
        };
        let mut rows = vec![member(0, 1, "original"), member(0, 2, "original")];
        for day in 1..=4 {
            rows.extend((0..10).map(|hour| member(day, hour, "original")));
            rows.extend((0..10).map(|hour| member(day, 20 + hour, "copy")));
        }
        let told = |rows: &[MemberRow], named: &[i64], most| -> Vec<i64> {
            chosen(rows.to_vec(), &named.iter().copied().collect(), most, 2).iter().map(|m| m.document).collect()
        };
        assert_eq!(told(&rows, &[], 8), [1, 2, 100, 200, 300, 400, 408, 409]);
        assert_eq!(told(&rows, &[305, 421], 8), [1, 100, 200, 300, 305, 408, 409, 421]);
        assert!(told(&rows, &[], 42).iter().all(|d| d % 100 < 20), "copies only where room is left");
        assert_eq!(told(&rows, &[], 44).into_iter().filter(|d| d % 100 >= 20).collect::<Vec<_>>(), [120, 220]);
        let mut shuffled = rows.clone();
        shuffled.reverse();
        let mut same = told(&shuffled, &[305], 20);
        same.sort_unstable();
        assert_eq!(same, told(&rows, &[305], 20));
    }

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
