//! Stories, records, runs and corrections.

use super::{insert_events, unpack};
use crate::driver::{Connection, OptionalExtension, Result, Row, ToSql, params, params_from_iter};
use crate::{
    ChangeRow, CorrectionRow, EntityRow, Entry, EventOrder, Glance, Hit, MemberRow, OutletRow, Placement, ProblemRow,
    ProblemSearch, ReadingRow, RecordEventRow, RecordEventSearch, RecordParticipant, RecordRow, Run, Stored, StoryChange,
    StoryRow, StorySearch, Unplaced,
};
use rusqlite::types::Value;
use std::collections::BTreeMap;

/// Names that a statement may ask for one by one.
const NAMES: usize = 200;
/// What has no day stands at the end of the days.
const NO_DAY: i32 = 1 << 24;

fn run(row: &Row<'_>) -> Result<Run> {
    let text = |name: &str| row.get::<_, Option<String>>(name).map(Option::unwrap_or_default);
    Ok(Run {
        program: text("program")?,
        models: text("models")?,
        ontology: text("ontology")?,
        gazetteer: text("gazetteer")?,
        started: row.get("started")?,
        kind: text("run_kind")?,
        rules: text("rules")?,
        corrections: text("corrections")?,
    })
}

pub(super) fn runs(connection: &Connection) -> Result<Vec<(i64, Run)>> {
    let select = "SELECT number, program, models, ontology, gazetteer, started, kind run_kind, rules, corrections FROM runs ORDER BY number";
    connection.prepare_cached(select)?.query_map([], |row| Ok((row.get("number")?, run(row)?)))?.collect()
}

/// The body of the reading `r` is its own, or that of the reading `o` that it equals.
const READING: &str = "readings r LEFT JOIN readings o ON o.document = r.document AND o.run = r.same";

pub(super) fn document(connection: &Connection, which: &str, value: impl ToSql) -> Result<Option<Stored>> {
    let select = format!(
        "SELECT d.number, d.id, title, outlet, url, path, published, day, basis, language, text, d.kind, raw, raw_length, given,
            coalesce(r.body, o.body) body, r.run reading_run, program, models, ontology, gazetteer, started, u.kind run_kind, rules, corrections
         FROM documents d
         LEFT JOIN readings r ON r.document = d.number AND r.run = (SELECT max(run) FROM readings WHERE document = d.number)
         LEFT JOIN readings o ON o.document = d.number AND o.run = r.same
         LEFT JOIN runs u ON u.number = r.run WHERE {which}"
    );
    let read = |row: &Row<'_>| {
        let raw: Vec<u8> = row.get("raw")?;
        let body: Option<Vec<u8>> = row.get("body")?;
        let length: i64 = row.get("raw_length")?;
        let entry = Entry {
            id: row.get("id")?,
            title: row.get("title")?,
            outlet: row.get("outlet")?,
            url: row.get("url")?,
            path: row.get("path")?,
            published: row.get("published")?,
            day: row.get("day")?,
            basis: row.get("basis")?,
            language: row.get("language")?,
            text: row.get("text")?,
            kind: row.get("kind")?,
            given: row.get("given")?,
            raw: unpack(&raw, Some(length as usize)).unwrap_or_default(),
            reading: body.and_then(|b| unpack(&b, None)).unwrap_or_default(),
            ..Entry::default()
        };
        Ok(Stored {
            number: row.get("number")?,
            entry,
            by: row.get::<_, Option<i64>>("reading_run")?.unwrap_or(0),
            run: run(row)?,
        })
    };
    connection.prepare_cached(&select)?.query_row([value], read).optional()
}

pub(super) fn numbers(connection: &Connection, after: i64, limit: usize) -> Result<Vec<i64>> {
    let select = "SELECT number FROM documents WHERE number > ? ORDER BY number LIMIT ?";
    connection.prepare_cached(select)?.query_map(params![after, limit as i64], |row| row.get(0))?.collect()
}

/// A document was read again: what is now known of it, and its reading, unless that is as it was.
pub(super) fn renew(connection: &Connection, run: i64, number: i64, entry: &Entry, body: &[u8]) -> Result<()> {
    let known = format!(
        "SELECT coalesce(r.same, r.run), coalesce(r.body, o.body) FROM {READING} WHERE r.document = ? ORDER BY r.run DESC"
    );
    let before: Option<(i64, Vec<u8>)> =
        connection.prepare_cached(&known)?.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let same = before.filter(|(_, old)| unpack(old, None).is_some_and(|old| old == entry.reading)).map(|b| b.0);
    let insert = "INSERT OR REPLACE INTO readings (document, run, same, body) VALUES (?, ?, ?, ?)";
    let own = Some(body).filter(|_| same.is_none());
    connection.prepare_cached(insert)?.execute(params![number, run, same, own])?;
    let sketch = Some(&entry.sketch).filter(|s| !s.is_empty());
    connection.prepare_cached("UPDATE sketches SET body = ? WHERE document = ?")?.execute(params![sketch, number])?;
    if same.is_some() {
        return Ok(());
    }
    let update = "UPDATE documents SET title = ?, published = ?, day = ?, basis = ?, language = ?, text = ? WHERE number = ?";
    let Entry { title, published, day, basis, language, text, .. } = entry;
    connection.prepare_cached(update)?.execute(params![title, published, day, basis, language, text, number])?;
    connection.prepare_cached("DELETE FROM events WHERE document = ?")?.execute([number])?;
    insert_events(connection, number, entry)
}

pub(super) fn reading(connection: &Connection, id: &str, run: i64) -> Result<Option<ReadingRow>> {
    let select = format!(
        "SELECT r.run, coalesce(r.body, o.body) FROM {READING} WHERE r.document = (SELECT number FROM documents WHERE id = ?)
         AND r.run <= ? ORDER BY r.run DESC LIMIT 1"
    );
    let row = |row: &Row<'_>| {
        let body: Vec<u8> = row.get(1)?;
        Ok(ReadingRow { run: row.get(0)?, body: unpack(&body, None).unwrap_or_default() })
    };
    connection.prepare_cached(&select)?.query_row(params![id, run], row).optional()
}

pub(super) fn read_between(connection: &Connection, after: i64, until: i64) -> Result<Vec<String>> {
    let select = "SELECT DISTINCT id FROM readings JOIN documents ON number = document WHERE run > ? AND run <= ? ORDER BY id";
    connection.prepare_cached(select)?.query_map([after, until], |row| row.get(0))?.collect()
}

pub(super) fn unplaced(connection: &Connection, limit: usize) -> Result<Vec<Unplaced>> {
    let select = "SELECT document, body FROM sketches WHERE placed = 0 ORDER BY document LIMIT ?";
    let row = |row: &Row<'_>| Ok(Unplaced { document: row.get(0)?, sketch: row.get(1)? });
    connection.prepare_cached(select)?.query_map([limit as i64], row)?.collect()
}

pub(super) fn keep_sketches(connection: &Connection, sketches: &[(i64, Vec<u8>)]) -> Result<()> {
    let mut update = connection.prepare_cached("UPDATE sketches SET body = ? WHERE document = ?")?;
    sketches.iter().try_for_each(|(document, body)| update.execute(params![body, document]).map(|_| ()))
}

pub(super) fn sketches(connection: &Connection, documents: &[i64]) -> Result<Vec<(i64, Vec<u8>)>> {
    let mut select = connection.prepare_cached("SELECT body FROM sketches WHERE document = ? AND body IS NOT NULL")?;
    let mut found = Vec::with_capacity(documents.len());
    for &document in documents {
        found.extend(select.query_row([document], |row| row.get(0)).optional()?.map(|body| (document, body)));
    }
    Ok(found)
}

pub(super) fn listed(connection: &Connection, term: u32, days: Option<(i32, i32)>, reach: i32, limit: usize) -> Result<Vec<u32>> {
    let list = |select: &str, row: &[&dyn ToSql]| -> Result<Vec<u32>> {
        connection.prepare_cached(select)?.query_map(row, |row| row.get(0))?.collect()
    };
    let Some((first, last)) = days else {
        let select = "SELECT story FROM story_terms WHERE term = ? ORDER BY last DESC LIMIT ?";
        return list(select, &[&term, &(limit as i64)]);
    };
    // What ended shortly before or goes on, those nearest in time first; then what ended longer ago, the latest first.
    const NEAR: i32 = 3;
    let select = "SELECT story FROM story_terms WHERE term = ? AND last >= ? AND first <= ? ORDER BY last LIMIT ?";
    let mut found = list(select, &[&term, &(first - NEAR), &(last + reach), &(limit as i64)])?;
    let select = "SELECT story FROM story_terms WHERE term = ? AND last >= ? AND last < ? ORDER BY last DESC LIMIT ?";
    let rest = limit.saturating_sub(found.len()) as i64;
    found.extend(list(select, &[&term, &(first - reach), &(first - NEAR), &rest])?);
    Ok(found)
}

pub(super) fn next(connection: &Connection) -> Result<u32> {
    connection.query_row("SELECT coalesce(max(number), 0) + 1 FROM stories", [], |row| row.get(0))
}

/// An id for a story: that which it asks for, with a number where another story has that.
fn free(connection: &Connection, wanted: &str) -> Result<String> {
    let taken = |id: &str| connection.prepare_cached("SELECT 1 FROM stories WHERE id = ?")?.exists([id]);
    let (mut id, mut number) = (wanted.to_string(), 1);
    while taken(&id)? {
        number += 1;
        id = format!("{wanted}-{number}");
    }
    Ok(id)
}

pub(super) fn place(connection: &Connection, run: i64, placement: &Placement) -> Result<()> {
    // The stories first, so that what ends can lead to them.
    for change in &placement.changed {
        put(connection, run, change)?;
    }
    for &(number, into) in &placement.ended {
        connection.prepare_cached("UPDATE members SET story = ? WHERE story = ?")?.execute([into, number])?;
        let end = "UPDATE stories SET successor = ?, version = version + 1, recorded = version + 1, moved = ? WHERE number = ?";
        connection.prepare_cached(end)?.execute(params![into, run, number])?;
        super::changes::gone(connection, run, number)?;
        // Who was led here is led on.
        connection.prepare_cached("UPDATE stories SET successor = ? WHERE successor = ?")?.execute([into, number])?;
        forget(connection, number)?;
    }
    // Members last: one may have come from a story that ended.
    for change in &placement.changed {
        for member in &change.members {
            let write =
                "INSERT OR REPLACE INTO members (document, part, story, start, stop, relation, origin, parent, shared, sentences)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            connection.prepare_cached(write)?.execute(params![
                member.document,
                member.part,
                change.story.number,
                member.span.0,
                member.span.1,
                member.relation,
                member.origin,
                member.parent,
                member.shared,
                member.sentences
            ])?;
        }
    }
    let mut placed = connection.prepare_cached("UPDATE sketches SET placed = 1 WHERE document = ?")?;
    placement.placed.iter().try_for_each(|document| placed.execute([document]).map(|_| ()))
}

/// Takes away what a story that is no more is found by, and its record.
fn forget(connection: &Connection, number: u32) -> Result<()> {
    for table in ["story_terms", "gists", "records", "briefs", "record_entities"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE story = ?"))?.execute([number])?;
    }
    connection.prepare_cached("DELETE FROM record_events WHERE story = ?")?.execute([number]).map(|_| ())
}

fn put(connection: &Connection, run: i64, change: &StoryChange) -> Result<()> {
    let StoryRow { number, id, title, first, last, documents, parts, origins, gist, .. } = &change.story;
    let there = connection.prepare_cached("SELECT 1 FROM stories WHERE number = ?")?.exists([number])?;
    let counts = (*documents as i64, *parts as i64, *origins as i64);
    if there {
        let update =
            "UPDATE stories SET title = ?, first = ?, last = ?, documents = ?, parts = ?, origins = ?, version = version + 1,
            moved = ? WHERE number = ?";
        let row = params![title, first, last, counts.0, counts.1, counts.2, run, number];
        connection.prepare_cached(update)?.execute(row)?;
    } else {
        let insert = "INSERT INTO stories (number, id, title, first, last, documents, parts, origins, version, recorded, moved)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?)";
        let id = free(connection, id)?;
        let row = params![number, id, title, first, last, counts.0, counts.1, counts.2, run];
        connection.prepare_cached(insert)?.execute(row)?;
    }
    let write = "INSERT OR REPLACE INTO gists (story, body) VALUES (?, ?)";
    connection.prepare_cached(write)?.execute(params![number, gist])?;
    // By which terms it is found; most stay as they are from one report to the next.
    let (first, last) = change.days.unwrap_or((-NO_DAY, NO_DAY));
    let mut listed = connection.prepare_cached("SELECT term, last, first FROM story_terms WHERE story = ?")?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let listed: Vec<(u32, i32, i32)> = listed.query_map([number], row)?.collect::<Result<_>>()?;
    let mut delete = connection.prepare_cached("DELETE FROM story_terms WHERE term = ? AND last = ? AND story = ?")?;
    for (term, old, _) in listed.iter().filter(|row| (row.1, row.2) != (last, first) || !change.terms.contains(&row.0)) {
        delete.execute(params![term, old, number])?;
    }
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO story_terms (term, last, story, first) VALUES (?, ?, ?, ?)")?;
    let new = change.terms.iter().filter(|term| !listed.contains(&(**term, last, first)));
    new.into_iter().try_for_each(|term| insert.execute(params![term, last, number, first]).map(|_| ()))
}

pub(super) fn unplace(connection: &Connection, run: i64, documents: &[i64]) -> Result<()> {
    for document in documents {
        let mut stories: Vec<u32> = of_document(connection, *document)?.into_iter().map(|s| s.number).collect();
        stories.dedup();
        connection.prepare_cached("DELETE FROM members WHERE document = ?")?.execute([document])?;
        connection.prepare_cached("UPDATE sketches SET placed = 0 WHERE document = ?")?.execute([document])?;
        for story in stories {
            if !connection.prepare_cached("SELECT 1 FROM members WHERE story = ?")?.exists([story])? {
                super::changes::gone(connection, run, story)?;
                forget(connection, story)?;
                // Who was led to it is told again where its reports are once they are placed.
                connection.prepare_cached("DELETE FROM stories WHERE successor = ?")?.execute([story])?;
                connection.prepare_cached("DELETE FROM stories WHERE number = ?")?.execute([story])?;
            }
        }
    }
    Ok(())
}

pub(super) fn touch(connection: &Connection, run: i64, stories: &[u32]) -> Result<()> {
    let mut update = connection.prepare_cached("UPDATE stories SET version = version + 1, moved = ? WHERE number = ?")?;
    stories.iter().try_for_each(|number| update.execute(params![run, number]).map(|_| ()))
}

/// Stories, with what is known of them.
const STORY: &str =
    "SELECT s.number, s.id, title, first, last, documents, parts, origins, version, moved, recorded, started, gists.body gist
    FROM stories s LEFT JOIN runs ON runs.number = moved LEFT JOIN gists ON gists.story = s.number";
/// The same without their gists, for lists.
const STORIES: &str =
    "SELECT s.number, s.id, title, first, last, documents, parts, origins, version, moved, recorded, started, x'' gist
    FROM stories s LEFT JOIN runs ON runs.number = moved";

fn story_row(row: &Row<'_>) -> Result<StoryRow> {
    let count = |name: &str| row.get::<_, i64>(name).map(|n| n as u64);
    let (version, recorded): (i64, i64) = (row.get("version")?, row.get("recorded")?);
    Ok(StoryRow {
        number: row.get("number")?,
        id: row.get("id")?,
        title: row.get("title")?,
        first: row.get("first")?,
        last: row.get("last")?,
        documents: count("documents")?,
        parts: count("parts")?,
        origins: count("origins")?,
        gist: row.get::<_, Option<Vec<u8>>>("gist")?.unwrap_or_default(),
        version,
        moved: row.get("moved")?,
        moved_at: row.get("started")?,
        fresh: version == recorded,
    })
}

pub(super) fn story(connection: &Connection, id: &str) -> Result<Option<StoryRow>> {
    let number = "SELECT coalesce(successor, number) FROM stories WHERE id = ?";
    match connection.prepare_cached(number)?.query_row([id], |row| row.get(0)).optional()? {
        Some(number) => numbered(connection, number),
        None => Ok(None),
    }
}

pub(super) fn led_on(connection: &Connection, id: &str) -> Result<Option<u32>> {
    let select = "SELECT number FROM stories WHERE id = ? AND successor IS NOT NULL";
    connection.prepare_cached(select)?.query_row([id], |row| row.get(0)).optional()
}

pub(super) fn numbered(connection: &Connection, number: u32) -> Result<Option<StoryRow>> {
    connection.prepare_cached(&format!("{STORY} WHERE s.number = ?"))?.query_row([number], story_row).optional()
}

pub(super) fn of_document(connection: &Connection, document: i64) -> Result<Vec<StoryRow>> {
    let select = format!("{STORIES} JOIN members m ON m.story = s.number WHERE m.document = ? ORDER BY m.part");
    connection.prepare_cached(&select)?.query_map([document], story_row)?.collect()
}

/// Conditions of a search, each with its value.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition, in which `?` is the value, if there is one.
    fn with(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        let Some(value) = value else { return };
        self.values.push(value.into());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &format!("?{}", self.values.len())));
    }

    /// The number of one more value.
    fn value(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }
}

pub(super) fn stories(connection: &Connection, search: &StorySearch, words: Option<String>) -> Result<Vec<StoryRow>> {
    let mut c = Conditions::default();
    let by_words = words.is_some();
    // Common words are in all reports: where only some of the stories will be shown, the latest reports do.
    let latest = if search.latest > 0 { format!(" ORDER BY 1 DESC LIMIT {}", search.latest) } else { String::new() };
    let found = match connection {
        Connection::Sqlite(_) => "SELECT rowid FROM words WHERE words MATCH ?",
        Connection::Postgres(_) => "SELECT number FROM documents WHERE words @@ to_tsquery('tellings', ?)",
    };
    c.with(&format!("s.number IN (SELECT story FROM members WHERE document IN ({found}{latest}))"), words);
    c.with("last >= ?", search.days.0.clone());
    c.with("first <= ?", search.days.1.clone());
    c.with("started >= ?", search.moved_since.clone());
    c.with("documents >= ?", Some(search.min_documents as i64).filter(|&n| n > 0));
    c.with("origins >= ?", Some(search.min_origins as i64).filter(|&n| n > 0));
    c.with("s.number IN (SELECT story FROM record_entities WHERE record_entities.id = ?)", search.entity.clone());
    if let Some((moved, last, number)) = search.after.clone().filter(|_| !by_words) {
        let (moved, last, number) = (c.value(moved), c.value(last), c.value(number));
        c.sql.push_str(&format!(" AND (moved, coalesce(last, ''), s.number) < (?{moved}, ?{last}, ?{number})"));
    }
    let limit = c.value(search.limit as i64);
    let skip = c.value(search.skip as i64);
    // What was found by words is few; else those that moved last are taken from the index.
    let order = if by_words { "documents DESC, s.number" } else { "moved DESC, last DESC NULLS LAST, s.number DESC" };
    let select = format!("{STORIES} WHERE successor IS NULL{} ORDER BY {order} LIMIT ?{limit} OFFSET ?{skip}", c.sql);
    connection.prepare_cached(&select)?.query_map(params_from_iter(c.values), story_row)?.collect()
}

pub(super) fn members(connection: &Connection, story: u32) -> Result<Vec<MemberRow>> {
    let select = "SELECT document, id, published, part, start, stop, relation, origin, parent, shared, sentences
        FROM members JOIN documents ON number = document WHERE story = ? ORDER BY part > 0, day IS NULL, day, document, part";
    let row = |row: &Row<'_>| {
        Ok(MemberRow {
            document: row.get(0)?,
            id: row.get(1)?,
            published: row.get(2)?,
            part: row.get(3)?,
            span: (row.get(4)?, row.get(5)?),
            relation: row.get(6)?,
            origin: row.get(7)?,
            parent: row.get(8)?,
            shared: row.get(9)?,
            sentences: row.get(10)?,
        })
    };
    connection.prepare_cached(select)?.query_map([story], row)?.collect()
}

pub(super) fn latest_members(connection: &Connection, story: u32, limit: usize) -> Result<Vec<MemberRow>> {
    let select = "SELECT document, part, start, stop, relation, origin, parent, shared, sentences
        FROM members WHERE story = ? ORDER BY document DESC, part LIMIT ?";
    let row = |row: &Row<'_>| {
        Ok(MemberRow {
            document: row.get(0)?,
            part: row.get(1)?,
            span: (row.get(2)?, row.get(3)?),
            relation: row.get(4)?,
            origin: row.get(5)?,
            parent: row.get(6)?,
            shared: row.get(7)?,
            sentences: row.get(8)?,
            ..MemberRow::default()
        })
    };
    connection.prepare_cached(select)?.query_map(params![story, limit as i64], row)?.collect()
}

pub(super) fn stale(connection: &Connection, after: u32, limit: usize) -> Result<Vec<u32>> {
    let select = "SELECT number FROM stories WHERE recorded != version AND number > ? ORDER BY number LIMIT ?";
    connection.prepare_cached(select)?.query_map(params![after, limit as i64], |row| row.get(0))?.collect()
}

pub(super) fn keep_record(connection: &Connection, record: &RecordRow, body: &[u8], brief: &[u8]) -> Result<()> {
    let story = record.story;
    // It may have become part of another meanwhile, or be no more.
    let there = "SELECT 1 FROM stories WHERE number = ? AND successor IS NULL";
    if !connection.prepare_cached(there)?.exists([story])? {
        return Ok(());
    }
    super::changes::renewed(connection, record.run, story, &record.events)?;
    let write = "INSERT OR REPLACE INTO records (story, version, run, body) VALUES (?, ?, ?, ?)";
    connection.prepare_cached(write)?.execute(params![story, record.version, record.run, body])?;
    match record.brief.is_empty() {
        true => connection.prepare_cached("DELETE FROM briefs WHERE story = ?")?.execute([story])?,
        false => {
            let write = "INSERT OR REPLACE INTO briefs (story, body) VALUES (?, ?)";
            connection.prepare_cached(write)?.execute(params![story, brief])?
        }
    };
    // Of a story that moved on meanwhile the record is behind, and is made again.
    connection.prepare_cached("UPDATE stories SET recorded = ? WHERE number = ?")?.execute(params![record.version, story])?;
    connection.prepare_cached("DELETE FROM record_events WHERE story = ?")?.execute([story])?;
    connection.prepare_cached("DELETE FROM record_entities WHERE story = ?")?.execute([story])?;
    for (position, event) in record.events.iter().enumerate() {
        let insert = "INSERT INTO record_events (story, id, position, type, realis, status, date, day, last_day, place, country, agreement,
            origins, articles, words, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        connection.prepare_cached(insert)?.execute(params![
            story,
            event.id,
            position as i64,
            event.kind,
            event.realis,
            event.status,
            event.date,
            event.days.0,
            event.days.1,
            event.place,
            event.country,
            event.agreement,
            event.origins as i64,
            event.articles as i64,
            event.words,
            event.body
        ])?;
        let number = connection.last_insert_rowid();
        let insert = "INSERT INTO record_participants (event, role, entity, name, country) VALUES (?, ?, ?, ?, ?)";
        for p in &event.participants {
            connection.prepare_cached(insert)?.execute(params![number, p.role, p.entity, p.name, p.country])?;
        }
    }
    let insert =
        "INSERT INTO record_entities (story, id, name, kind, country, role, mentions, generic) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    for e in &record.entities {
        let row = params![story, e.id, e.name, e.kind, e.country, e.role, e.mentions as i64, e.generic];
        connection.prepare_cached(insert)?.execute(row)?;
    }
    Ok(())
}

pub(super) fn record(connection: &Connection, story: u32) -> Result<Option<RecordRow>> {
    let row = |row: &Row<'_>| {
        let body: Vec<u8> = row.get(2)?;
        let body = unpack(&body, None).unwrap_or_default();
        Ok(RecordRow { story, version: row.get(0)?, run: row.get(1)?, body, ..RecordRow::default() })
    };
    connection.prepare_cached("SELECT version, run, body FROM records WHERE story = ?")?.query_row([story], row).optional()
}

pub(super) fn brief(connection: &Connection, story: u32) -> Result<Option<Vec<u8>>> {
    let select = "SELECT body FROM briefs WHERE story = ?";
    let packed: Option<Vec<u8>> = connection.prepare_cached(select)?.query_row([story], |row| row.get(0)).optional()?;
    Ok(packed.and_then(|body| unpack(&body, None)))
}

pub(super) fn glance(connection: &Connection, story: u32) -> Result<Glance> {
    // Days are read from an index: the rows of documents are wide.
    let index = match connection {
        Connection::Sqlite(_) => "INDEXED BY documents_days",
        Connection::Postgres(_) => "",
    };
    let select =
        format!("SELECT part, day, document, relation FROM members JOIN documents {index} ON number = document WHERE story = ?");
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)? == "original"));
    let members: Vec<(i64, Option<String>, i64, bool)> =
        connection.prepare_cached(&select)?.query_map([story], row)?.collect::<Result<_>>()?;
    let mut days: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (_, day, _, original) in members.iter().filter(|m| m.0 == 0) {
        let Some(day) = day else { continue };
        let sum = days.entry(day).or_default();
        *sum = (sum.0 + u64::from(*original), sum.1 + 1);
    }
    let days = days.iter().map(|(day, (originals, all))| (day.to_string(), *originals, *all)).collect();
    // Those that are wholly about it before those of which a part is.
    let newest = members.iter().max_by_key(|(part, day, document, _)| (*part == 0, day, *document)).map(|m| m.2);
    let select = "SELECT id, title, outlet, published FROM documents WHERE number = ?";
    let hit = |row: &Row<'_>| {
        Ok(Hit { id: row.get(0)?, title: row.get(1)?, outlet: row.get(2)?, published: row.get(3)?, snippet: String::new() })
    };
    let newest = match newest {
        Some(number) => connection.prepare_cached(select)?.query_row([number], hit).optional()?,
        None => None,
    };
    Ok(Glance { days, newest })
}

pub(super) fn hit(connection: &Connection, id: &str) -> Result<Option<Hit>> {
    let select = "SELECT id, title, outlet, published, substr(text, 1, 300) FROM documents WHERE id = ?";
    let hit = |row: &Row<'_>| {
        Ok(Hit { id: row.get(0)?, title: row.get(1)?, outlet: row.get(2)?, published: row.get(3)?, snippet: row.get(4)? })
    };
    connection.prepare_cached(select)?.query_row([id], hit).optional()
}

pub(super) fn text(connection: &Connection, id: &str) -> Result<Option<String>> {
    let select = "SELECT text FROM documents WHERE id = ?";
    connection.prepare_cached(select)?.query_row([id], |row| row.get(0)).optional()
}

pub(super) fn moved(connection: &Connection, after: (i64, i64, i64), limit: usize) -> Result<Vec<ChangeRow>> {
    // Those that are no more are told by what their records lost; of each the last time. Only of those that are told it is read what
    // they are.
    let select = "WITH changed AS MATERIALIZED (SELECT number FROM stories
            WHERE moved >= ?1 AND (moved, CAST(0 AS BIGINT), number) > (?1, ?2, ?3) ORDER BY moved, number LIMIT ?4),
        gone AS MATERIALIZED (SELECT g.number FROM record_changes g
            WHERE g.run >= ?1 AND (g.run, CAST(1 AS BIGINT), g.number) > (?1, ?2, ?3) AND g.event IS NULL AND g.after IS NULL
            AND NOT EXISTS (SELECT 1 FROM stories k WHERE k.id = g.story)
            AND NOT EXISTS (SELECT 1 FROM record_changes l WHERE l.story = g.story AND l.event IS NULL AND l.number > g.number)
            ORDER BY g.run, g.number LIMIT ?4)
        SELECT s.moved AS run, r.started, s.id, s.title, s.version, o.id, gists.body, CAST(0 AS BIGINT) AS gone, s.number
        FROM changed JOIN stories s ON s.number = changed.number
        LEFT JOIN runs r ON r.number = s.moved LEFT JOIN stories o ON o.number = s.successor LEFT JOIN gists ON gists.story = s.number
        UNION ALL SELECT g.run, r.started, g.story, coalesce(g.before, ''), 0, NULL, NULL, CAST(1 AS BIGINT), g.number
        FROM gone JOIN record_changes g ON g.number = gone.number LEFT JOIN runs r ON r.number = g.run
        ORDER BY 1, 8, 9 LIMIT ?4";
    let row = |row: &Row<'_>| {
        Ok(ChangeRow {
            run: row.get(0)?,
            at: row.get(1)?,
            story: row.get(2)?,
            title: row.get(3)?,
            version: row.get(4)?,
            into: row.get(5)?,
            gist: row.get::<_, Option<Vec<u8>>>(6)?.unwrap_or_default(),
            place: (row.get(0)?, row.get(7)?, row.get(8)?),
        })
    };
    connection.prepare_cached(select)?.query_map(params![after.0, after.1, after.2, limit as i64], row)?.collect()
}

pub(super) fn outlets(connection: &Connection) -> Result<Vec<OutletRow>> {
    let late = match connection {
        Connection::Sqlite(_) => "julianday(substr(day, 1, 10)) - julianday(s.first)",
        Connection::Postgres(_) => "CAST(substr(day, 1, 10) AS date) - CAST(s.first AS date)",
    };
    let of = |relation: &str| format!("sum(CASE WHEN relation = '{relation}' THEN 1 ELSE 0 END)");
    let select = format!(
        "SELECT outlet, count(*), {}, {}, {}, {}, count(DISTINCT story), min(day), max(day), CAST(avg({late}) AS DOUBLE PRECISION)
         FROM members m JOIN documents d ON d.number = m.document JOIN stories s ON s.number = m.story WHERE part = 0
         GROUP BY outlet ORDER BY count(*) DESC, outlet",
        of("original"),
        of("copy"),
        of("excerpt"),
        of("rewrite")
    );
    let row = |row: &Row<'_>| {
        let count = |at: usize| row.get::<_, i64>(at).map(|n| n as u64);
        Ok(OutletRow {
            outlet: row.get(0)?,
            reports: count(1)?,
            originals: count(2)?,
            copies: count(3)?,
            excerpts: count(4)?,
            rewrites: count(5)?,
            stories: count(6)?,
            days: (row.get(7)?, row.get(8)?),
            late: row.get(9)?,
        })
    };
    connection.prepare_cached(&select)?.query_map([], row)?.collect()
}

pub(super) fn problems(connection: &Connection, search: &ProblemSearch) -> Result<Vec<ProblemRow>> {
    let mut c = Conditions::default();
    c.with("p.kind = ?", search.kind.clone());
    c.with("item = ?", search.item.clone());
    c.with("p.number < ?", search.before);
    let limit = c.value(search.limit as i64);
    let skip = c.value(search.skip as i64);
    let select = format!(
        "SELECT p.number, run, item, p.kind, note, CASE WHEN EXISTS (SELECT 1 FROM documents d WHERE d.id = item) THEN 1 ELSE 0 END FROM problems p WHERE true{}
         ORDER BY p.number DESC LIMIT ?{limit} OFFSET ?{skip}",
        c.sql
    );
    let row = |row: &Row<'_>| {
        Ok(ProblemRow {
            number: row.get(0)?,
            run: row.get(1)?,
            item: row.get(2)?,
            kind: row.get(3)?,
            note: row.get(4)?,
            kept: row.get::<_, i64>(5)? > 0,
        })
    };
    connection.prepare_cached(&select)?.query_map(params_from_iter(c.values), row)?.collect()
}

pub(super) fn problem_kinds(connection: &Connection) -> Result<Vec<(String, u64)>> {
    let select = "SELECT kind, count(*) FROM problems GROUP BY kind ORDER BY count(*) DESC, kind";
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64));
    connection.prepare_cached(select)?.query_map([], row)?.collect()
}

/// The values of an order, which are those of its index, with whether they are numbers; and whether what is greatest comes first.
fn order(order: EventOrder) -> (&'static [(&'static str, bool)], bool) {
    const LATE: (&str, bool) = ("coalesce(day, '~')", false);
    const EARLY: (&str, bool) = ("coalesce(day, '')", false);
    const STORY: (&str, bool) = ("e.story", true);
    const POSITION: (&str, bool) = ("position", true);
    const ORIGINS: (&str, bool) = ("e.origins", true);
    const RANK: (&str, bool) = ("CASE agreement WHEN 'disputed' THEN 2 WHEN 'single' THEN 1 ELSE 0 END", true);
    match order {
        EventOrder::Day => (&[LATE, STORY, POSITION], false),
        EventOrder::LastDay => (&[EARLY, STORY, POSITION], true),
        EventOrder::Kind => (&[("coalesce(type, '~')", false), LATE, STORY, POSITION], false),
        EventOrder::Place => {
            (&[("coalesce(country, '~')", false), ("coalesce(place, '~')", false), LATE, STORY, POSITION], false)
        }
        EventOrder::Origins => (&[ORIGINS, ("articles", true), EARLY, STORY, POSITION], true),
        EventOrder::Agreement => (&[RANK, ORIGINS, EARLY, STORY, POSITION], true),
    }
}

pub(super) fn events(connection: &Connection, search: &RecordEventSearch) -> Result<Vec<RecordEventRow>> {
    let mut c = Conditions::default();
    c.with("e.id = ?", search.id.clone());
    c.with("e.story = ?", search.story.map(i64::from));
    // As it stands in JSON.
    let plain = search.told_by.as_ref().filter(|id| !id.contains(char::is_control));
    c.with("instr(body, ?)", plain.map(|id| format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""))));
    // Of few days those that begin in them are read, and those that began before: by indexes of their own, and sorted then.
    let few = search.days.0.iter().zip(search.days.1.iter()).find(|(since, until)| since.get(..7) == until.get(..7));
    if let Some((since, until)) = few {
        let (since, until) = (c.value(since.clone()), c.value(until.clone()));
        c.sql.push_str(&format!(
            " AND ((coalesce(day, '~') >= ?{since} AND coalesce(day, '~') <= ?{until})
                OR (last_day > day AND last_day >= ?{since} AND coalesce(day, '~') < ?{since}))"
        ));
    } else {
        c.with("coalesce(last_day, day) >= ?", search.days.0.clone());
        c.with("coalesce(day, '~') <= ?", search.days.1.clone());
    }
    c.with("realis = ?", search.realis.clone());
    c.with("agreement = ?", search.agreement.clone());
    c.with("e.origins >= ?", Some(search.min_origins as i64).filter(|&n| n > 0));
    c.with("(lower(place) = lower(?) OR coalesce(country, '~') = upper(?))", search.place.clone());
    if let Some(actor) = &search.actor {
        let mut of = match search.named.as_deref().filter(|names| names.len() <= NAMES) {
            Some([]) => "SELECT event FROM record_participants p WHERE false".to_string(),
            Some(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("?{}", c.value(name.clone()))).collect();
                format!("SELECT event FROM record_participants p WHERE p.name IN ({})", names.join(", "))
            }
            None => {
                let actor = c.value(actor.clone());
                format!("SELECT event FROM record_participants p WHERE instr(lower(p.name), lower(?{actor}))")
            }
        };
        if actor.len() == 3 {
            let country = c.value(actor.to_uppercase());
            of.push_str(&format!(" UNION SELECT event FROM record_participants p WHERE p.country = ?{country}"));
        }
        c.sql.push_str(&format!(" AND e.number IN ({of})"));
    }
    c.with("e.number IN (SELECT event FROM record_participants p WHERE p.entity = ?)", search.entity.clone());
    if !search.kinds.is_empty() {
        let kinds: Vec<String> = search.kinds.iter().map(|kind| format!("?{}", c.value(kind.to_uppercase()))).collect();
        // The index of the order is read, and the type stands in it.
        let name = if search.order == EventOrder::Kind { "coalesce(type, '~')" } else { "type" };
        c.sql.push_str(&format!(" AND {name} IN ({})", kinds.join(", ")));
    }
    let (values, last) = order(search.order);
    if let Some(after) = &search.after {
        let mut given = Vec::new();
        for ((_, number), value) in values.iter().zip(after) {
            let value = if *number { Value::Integer(value.parse().unwrap_or(0)) } else { Value::Text(value.clone()) };
            given.push(format!("?{}", c.value(value)));
        }
        let names: Vec<&str> = values.iter().take(given.len()).map(|v| v.0).collect();
        let sign = if last { '<' } else { '>' };
        c.sql.push_str(&format!(" AND ({}) {sign} ({})", names.join(", "), given.join(", ")));
    }
    let limit = c.value(search.limit as i64);
    let skip = c.value(search.skip as i64);
    let order: Vec<String> = values.iter().map(|v| format!("{}{}", v.0, if last { " DESC" } else { "" })).collect();
    let order = order.join(", ");
    // What leaves few is read first and sorted then: a plus keeps SQLite from reading all in the order of an index.
    let sorted = matches!(connection, Connection::Sqlite(_)) && (few.is_some() || search.place.is_some());
    let sign = if sorted { "+" } else { "" };
    // Those that are shown are chosen first: only of them it is read what they say.
    let select = format!(
        "WITH shown AS MATERIALIZED (SELECT e.number FROM record_events e WHERE true{} ORDER BY {sign}{order} LIMIT ?{limit} OFFSET ?{skip})
         SELECT e.number, e.id, s.id, s.title, type, realis, status, date, day, last_day, place, country, agreement, e.origins, articles,
            words, body, e.story, position
         FROM shown JOIN record_events e ON e.number = shown.number JOIN stories s ON s.number = e.story ORDER BY {order}",
        c.sql
    );
    let row = |row: &Row<'_>| {
        let event = RecordEventRow {
            id: row.get(1)?,
            story: row.get(2)?,
            title: row.get(3)?,
            kind: row.get(4)?,
            realis: row.get(5)?,
            status: row.get(6)?,
            date: row.get(7)?,
            days: (row.get(8)?, row.get(9)?),
            place: row.get(10)?,
            country: row.get(11)?,
            agreement: row.get(12)?,
            origins: row.get::<_, i64>(13)? as u64,
            articles: row.get::<_, i64>(14)? as u64,
            words: row.get(15)?,
            body: row.get(16)?,
            participants: Vec::new(),
            at: (row.get(17)?, row.get(18)?),
        };
        Ok((row.get::<_, i64>(0)?, event))
    };
    let found: Vec<(i64, RecordEventRow)> =
        connection.prepare_cached(&select)?.query_map(params_from_iter(c.values), row)?.collect::<Result<_>>()?;
    let participant =
        |row: &Row<'_>| Ok(RecordParticipant { role: row.get(0)?, entity: row.get(1)?, name: row.get(2)?, country: row.get(3)? });
    let mut of = connection
        .prepare_cached("SELECT role, entity, name, country FROM record_participants WHERE event = ? ORDER BY rowid")?;
    let mut events = Vec::with_capacity(found.len());
    for (number, event) in found {
        let participants = of.query_map([number], participant)?.collect::<Result<_>>()?;
        events.push(RecordEventRow { participants, ..event });
    }
    Ok(events)
}

pub(super) fn entities(connection: &Connection, name: &str, limit: usize) -> Result<Vec<EntityRow>> {
    let select = |condition: &str| {
        format!(
            "SELECT s.id story, e.id, name, kind, country, role, mentions, generic FROM record_entities e
             JOIN stories s ON s.number = e.story WHERE {condition} ORDER BY mentions DESC, e.id, s.number LIMIT ?2"
        )
    };
    let row = |row: &Row<'_>| {
        Ok(EntityRow {
            story: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            country: row.get(4)?,
            role: row.get(5)?,
            mentions: row.get::<_, i64>(6)? as u64,
            generic: row.get(7)?,
        })
    };
    // An id, else a part of a name, for which all names are read, and nothing but names.
    let named =
        "generic = 0 AND name IN (SELECT n.name FROM record_entities n WHERE n.generic = 0 AND instr(lower(n.name), lower(?1)))";
    for condition in ["e.id = ?1", named] {
        let mut statement = connection.prepare_cached(&select(condition))?;
        let found: Vec<EntityRow> = statement.query_map(params![name, limit as i64], row)?.collect::<Result<_>>()?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

pub(super) fn parties(connection: &Connection) -> Result<Vec<String>> {
    let select = "SELECT DISTINCT name FROM record_participants ORDER BY name";
    connection.prepare_cached(select)?.query_map([], |row| row.get(0))?.collect()
}

pub(super) fn names(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    let select = "SELECT id, name, CAST(sum(mentions) AS BIGINT) FROM record_entities WHERE generic = 0 GROUP BY id, name ORDER BY id, name";
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)? as u64));
    connection.prepare_cached(select)?.query_map([], row)?.collect()
}

pub(super) fn corrections(connection: &Connection) -> Result<Vec<CorrectionRow>> {
    let row = |row: &Row<'_>| {
        Ok(CorrectionRow {
            id: row.get(0)?,
            rule: row.get(1)?,
            made: row.get(2)?,
            author: row.get(3)?,
            note: row.get(4)?,
            undone: row.get::<_, Option<String>>(5)?.zip(row.get(6)?),
            made_run: row.get(7)?,
            undone_run: row.get(8)?,
        })
    };
    let select = "SELECT id, rule, made, author, note, undone, undone_by, made_run, undone_run FROM corrections ORDER BY number";
    connection.prepare_cached(select)?.query_map([], row)?.collect()
}

pub(super) fn keep_correction(connection: &Connection, run: i64, correction: &CorrectionRow) -> Result<()> {
    // One that is kept again as it was stays of the runs that it was of; one that was undone and is in force again is of this run.
    let write = "INSERT INTO corrections (id, rule, made, author, note, undone, undone_by, made_run, undone_run)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (id) DO UPDATE SET rule = ?2, made = ?3, author = ?4, note = ?5, undone = ?6, undone_by = ?7,
            made_run = CASE WHEN corrections.undone IS NOT NULL AND excluded.undone IS NULL THEN excluded.made_run
                ELSE corrections.made_run END,
            undone_run = CASE WHEN corrections.undone IS NOT NULL AND excluded.undone IS NOT NULL THEN corrections.undone_run
                ELSE excluded.undone_run END";
    let undone_run = correction.undone.as_ref().map(|_| run);
    let (undone, undone_by) = correction.undone.clone().unzip();
    let CorrectionRow { id, rule, made, author, note, .. } = correction;
    let row = params![id, rule, made, author, note, undone, undone_by, run, undone_run];
    connection.prepare_cached(write)?.execute(row).map(|_| ())
}

pub(super) fn with_content(connection: &Connection, hash: i64) -> Result<Vec<i64>> {
    let select = "SELECT number FROM documents WHERE raw_hash = ? ORDER BY number";
    connection.prepare_cached(select)?.query_map([hash], |row| row.get(0))?.collect()
}

/// What is wrong with stories and records: each line one thing.
pub(super) fn wrong(connection: &Connection) -> Result<Vec<String>> {
    const ASKED: [(&str, &str); 6] = [
        (
            "SELECT id FROM documents WHERE number NOT IN (SELECT document FROM sketches)",
            "is not known to those who make stories",
        ),
        (
            "SELECT id FROM documents JOIN sketches ON document = number
             WHERE placed = 1 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.document = number)",
            "is said to be in a story and is in none",
        ),
        (
            "SELECT s.id FROM stories s WHERE successor IS NULL AND NOT EXISTS (SELECT 1 FROM members m WHERE m.story = s.number)",
            "is a story without reports",
        ),
        (
            "SELECT s.id FROM stories s WHERE successor IS NULL AND NOT EXISTS (SELECT 1 FROM gists g WHERE g.story = s.number)",
            "is a story of which is not known what it is about",
        ),
        (
            "SELECT s.id FROM stories s JOIN stories n ON n.number = s.successor WHERE n.successor IS NOT NULL",
            "leads to a story that is no more",
        ),
        (
            "SELECT s.id FROM stories s WHERE successor IS NULL AND documents + parts !=
             (SELECT count(DISTINCT document) FROM members m WHERE m.story = s.number)",
            "is a story whose reports are counted wrongly",
        ),
    ];
    let mut wrong = Vec::new();
    for (select, what) in ASKED {
        let mut statement = connection.prepare(&format!("{select} LIMIT 100"))?;
        let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
        for id in ids {
            wrong.push(format!("`{}` {what}", id?));
        }
    }
    let mut rows = connection.prepare("SELECT s.id, r.body FROM records r JOIN stories s ON s.number = r.story")?;
    rows.each([], |row| {
        let body: Vec<u8> = row.get(1)?;
        if unpack(&body, None).is_none() {
            wrong.push(format!("the record of `{}` is damaged", row.get::<_, String>(0)?));
        }
        Ok(())
    })?;
    Ok(wrong)
}

pub(super) fn behind(connection: &Connection) -> Result<(u64, u64)> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| n as u64);
    Ok((
        count("SELECT count(*) FROM sketches WHERE placed = 0")?,
        count("SELECT count(*) FROM stories WHERE recorded != version")?,
    ))
}
