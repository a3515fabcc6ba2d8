//! What runs change in the records of stories: written where records are written, so that two runs can be compared.

use crate::driver::{Connection, OptionalExtension, Result, Row, ToSql, params};
use crate::{RecordChange, RecordEventRow, RecordTold};
use std::collections::BTreeMap;

/// Between the values of an event.
const SEPARATOR: char = '\u{1f}';

fn told(event: &RecordEventRow) -> String {
    let origins = event.origins.to_string();
    let values: [Option<&str>; 8] = [
        event.kind.as_deref(),
        Some(&event.realis),
        Some(&event.status),
        event.date.as_deref(),
        event.place.as_deref(),
        Some(&event.agreement),
        Some(&origins),
        Some(&event.words),
    ];
    values.map(|value| value.unwrap_or("").replace(SEPARATOR, " ")).join(&SEPARATOR.to_string())
}

fn read(line: &str) -> RecordTold {
    let mut values = line.split(SEPARATOR).map(|value| Some(value.to_string()).filter(|v| !v.is_empty()));
    let mut next = || values.next().flatten();
    RecordTold {
        kind: next(),
        realis: next(),
        status: next(),
        date: next(),
        place: next(),
        agreement: next(),
        origins: next().and_then(|n| n.parse().ok()).unwrap_or(0),
        words: next().unwrap_or_default(),
    }
}

/// The events of a story's record as they stand, by id.
fn standing(connection: &Connection, story: u32) -> Result<BTreeMap<String, String>> {
    let select = "SELECT id, type, realis, status, date, place, agreement, origins, words FROM record_events WHERE story = ?";
    let row = |row: &Row<'_>| {
        let event = RecordEventRow {
            id: row.get(0)?,
            kind: row.get(1)?,
            realis: row.get(2)?,
            status: row.get(3)?,
            date: row.get(4)?,
            place: row.get(5)?,
            agreement: row.get(6)?,
            origins: row.get::<_, i64>(7)? as u64,
            words: row.get(8)?,
            ..RecordEventRow::default()
        };
        let line = told(&event);
        Ok((event.id, line))
    };
    connection.prepare_cached(select)?.query_map([story], row)?.collect()
}

type Line<'a> = Option<&'a str>;

fn write(connection: &Connection, run: i64, story: &str, event: Line<'_>, before: Line<'_>, after: Line<'_>) -> Result<()> {
    let insert = "INSERT INTO record_changes (run, story, event, before, after) VALUES (?, ?, ?, ?, ?)";
    connection.prepare_cached(insert)?.execute(params![run, story, event, before, after]).map(|_| ())
}

/// Id and title of a story that has a record.
fn recorded(connection: &Connection, story: u32) -> Result<Option<(String, String)>> {
    let select = "SELECT id, title FROM stories WHERE number = ? AND EXISTS (SELECT 1 FROM records WHERE story = ?)";
    let numbers: [&dyn ToSql; 2] = [&story, &story];
    connection.prepare_cached(select)?.query_row(&numbers[..], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Before a record is written in place of the one that stands.
pub(super) fn renewed(connection: &Connection, run: i64, story: u32, events: &[RecordEventRow]) -> Result<()> {
    let first = recorded(connection, story)?.is_none();
    let select = "SELECT id, title FROM stories WHERE number = ?";
    let (id, title): (String, String) =
        connection.prepare_cached(select)?.query_row([story], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if first {
        write(connection, run, &id, None, None, Some(&title))?;
    }
    let mut before = if first { BTreeMap::new() } else { standing(connection, story)? };
    for event in events {
        let (old, new) = (before.remove(&event.id), told(event));
        if old.as_ref() != Some(&new) {
            write(connection, run, &id, Some(&event.id), old.as_deref(), Some(&new))?;
        }
    }
    before.iter().try_for_each(|(event, old)| write(connection, run, &id, Some(event), Some(old), None))
}

/// Before a story that is no more is forgotten with its record.
pub(super) fn gone(connection: &Connection, run: i64, story: u32) -> Result<()> {
    let Some((id, title)) = recorded(connection, story)? else { return Ok(()) };
    for (event, old) in standing(connection, story)? {
        write(connection, run, &id, Some(&event), Some(&old), None)?;
    }
    write(connection, run, &id, None, Some(&title), None)
}

const CHANGES: &str = "SELECT run, story, event, before, after FROM record_changes";

fn change(row: &Row<'_>) -> Result<RecordChange> {
    let (event, before, after): (Option<String>, Option<String>, Option<String>) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let told = |line: Option<String>| match event {
        Some(_) => line.as_deref().map(read),
        None => line.map(|title| RecordTold { words: title, ..RecordTold::default() }),
    };
    Ok(RecordChange { run: row.get(0)?, story: row.get(1)?, before: told(before), after: told(after), event: event.clone() })
}

pub(super) fn between(connection: &Connection, after: i64, until: i64) -> Result<Vec<RecordChange>> {
    let select = format!("{CHANGES} WHERE run > ? AND run <= ? ORDER BY number");
    connection.prepare_cached(&select)?.query_map([after, until], change)?.collect()
}

pub(super) fn of_story(connection: &Connection, story: &str, after: i64) -> Result<Vec<RecordChange>> {
    let select = format!("{CHANGES} WHERE story = ? AND run > ? ORDER BY number");
    connection.prepare_cached(&select)?.query_map(params![story, after], change)?.collect()
}
