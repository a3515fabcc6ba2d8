//! Feeds, what they announced, and the names of reports.

use crate::driver::{Connection, OptionalExtension, Row, params};
use crate::{Feed, Item, Queue, Waiting};

pub(super) fn feeds(connection: &Connection) -> rusqlite::Result<Vec<Feed>> {
    let select =
        "SELECT address, moved, title, etag, modified, period, due, tried, succeeded, changed, failures, error, items, gone
        FROM feeds ORDER BY address";
    let feed = |row: &Row<'_>| {
        Ok(Feed {
            address: row.get(0)?,
            moved: row.get(1)?,
            title: row.get(2)?,
            etag: row.get(3)?,
            modified: row.get(4)?,
            period: row.get(5)?,
            due: row.get(6)?,
            tried: row.get(7)?,
            succeeded: row.get(8)?,
            changed: row.get(9)?,
            failures: row.get(10)?,
            error: row.get(11)?,
            items: row.get::<_, i64>(12)? as u64,
            gone: row.get(13)?,
        })
    };
    connection.prepare_cached(select)?.query_map([], feed)?.collect()
}

/// Writes how a feed is doing and queues what is new in it; gives how many were new.
pub(super) fn announce(transaction: &Connection, feed: &Feed, items: &[Item]) -> rusqlite::Result<usize> {
    let write = "INSERT INTO feeds (address, moved, title, etag, modified, period, due, tried, succeeded, changed, failures, error, items, gone)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (address) DO UPDATE SET moved = ?2, title = ?3, etag = ?4, modified = ?5, period = ?6, due = ?7, tried = ?8,
        succeeded = ?9, changed = ?10, failures = ?11, error = ?12, gone = ?14";
    transaction.prepare_cached(write)?.execute(params![
        feed.address,
        feed.moved,
        feed.title,
        feed.etag,
        feed.modified,
        feed.period,
        feed.due,
        feed.tried,
        feed.succeeded,
        feed.changed,
        feed.failures,
        feed.error,
        feed.items as i64,
        feed.gone
    ])?;
    let mut new = 0;
    for item in items {
        if !item.keys.is_empty() && of_keys(transaction, &item.keys)?.is_some() {
            continue;
        }
        let queue = "INSERT INTO waiting (feed, body, tries, due) VALUES (?, ?, 0, 0)";
        transaction.prepare_cached(queue)?.execute(params![feed.address, item.body])?;
        let number = transaction.last_insert_rowid();
        for key in &item.keys {
            let name = "INSERT INTO keys (key, waiting) VALUES (?, ?) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(name)?.execute(params![key, number])?;
        }
        new += 1;
    }
    let count = "UPDATE feeds SET items = items + ? WHERE address = ?";
    transaction.prepare_cached(count)?.execute(params![new as i64, feed.address])?;
    Ok(new)
}

/// The first of these names that is known, and its report where there is one. What is known under one name is known under all of them
/// from now on.
fn of_keys(transaction: &Connection, keys: &[String]) -> rusqlite::Result<Option<String>> {
    let mut select = transaction.prepare_cached("SELECT key FROM keys WHERE key = ?")?;
    for key in keys {
        if let Some(known) = select.query_row([key], |row| row.get::<_, String>(0)).optional()? {
            for other in keys {
                let name = "INSERT INTO keys (key, document, waiting) SELECT ?, document, waiting FROM keys WHERE key = ?
                    ON CONFLICT DO NOTHING";
                transaction.prepare_cached(name)?.execute([other, &known])?;
            }
            return Ok(Some(known));
        }
    }
    Ok(None)
}

pub(super) fn forget(transaction: &Connection, feed: &str) -> rusqlite::Result<bool> {
    // What waited is as if it had never been announced.
    let names = "DELETE FROM keys WHERE document IS NULL AND waiting IN (SELECT number FROM waiting WHERE feed = ?)";
    transaction.execute(names, [feed])?;
    Ok(transaction.execute("DELETE FROM feeds WHERE address = ?", [feed])? > 0)
}

pub(super) fn queues(connection: &Connection) -> rusqlite::Result<Vec<Queue>> {
    let select = "SELECT feed, count(*), min(due) FROM waiting GROUP BY feed ORDER BY feed";
    let queue = |row: &Row<'_>| Ok(Queue { feed: row.get(0)?, waiting: row.get::<_, i64>(1)? as u64, due: row.get(2)? });
    connection.prepare_cached(select)?.query_map([], queue)?.collect()
}

pub(super) fn waiting(connection: &Connection, feed: &str, now: i64, limit: usize) -> rusqlite::Result<Vec<Waiting>> {
    let select = "SELECT number, body, tries, error FROM waiting WHERE feed = ? AND due <= ? ORDER BY due, number LIMIT ?";
    let read = |row: &Row<'_>| {
        let item = Item { keys: Vec::new(), body: row.get(1)? };
        Ok(Waiting { number: row.get(0)?, item, tries: row.get(2)?, error: row.get(3)? })
    };
    let mut found: Vec<Waiting> =
        connection.prepare_cached(select)?.query_map(params![feed, now, limit as i64], read)?.collect::<rusqlite::Result<_>>()?;
    let mut keys = connection.prepare_cached("SELECT key FROM keys WHERE waiting = ? ORDER BY key")?;
    for waiting in &mut found {
        waiting.item.keys = keys.query_map([waiting.number], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(found)
}

pub(super) fn put_off(transaction: &Connection, number: i64, again: Option<(i64, &str)>) -> rusqlite::Result<()> {
    match again {
        Some((due, error)) => transaction
            .prepare_cached("UPDATE waiting SET tries = tries + 1, due = ?, error = ? WHERE number = ?")?
            .execute(params![due, error, number])?,
        None => transaction.prepare_cached("DELETE FROM waiting WHERE number = ?")?.execute([number])?,
    };
    Ok(())
}

/// The report that is known under one of these names.
pub(super) fn known(connection: &Connection, keys: &[String]) -> rusqlite::Result<Option<String>> {
    let mut select = connection.prepare_cached("SELECT id FROM keys JOIN documents ON number = document WHERE key = ?")?;
    for key in keys {
        if let Some(id) = select.query_row([key], |row| row.get(0)).optional()? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// These names are the report's from now on, and nothing waits for it.
pub(super) fn name(transaction: &Connection, id: &str, keys: &[String]) -> rusqlite::Result<()> {
    for key in keys {
        let done = "DELETE FROM waiting WHERE number = (SELECT waiting FROM keys WHERE key = ?)";
        transaction.prepare_cached(done)?.execute([key])?;
        let name = "INSERT INTO keys (key, document) SELECT ?1, number FROM documents WHERE id = ?2
            ON CONFLICT (key) DO UPDATE SET document = coalesce(keys.document, excluded.document)";
        transaction.prepare_cached(name)?.execute([key, id])?;
    }
    Ok(())
}
