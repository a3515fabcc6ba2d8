//! The store as one SQLite file.

use crate::{Added, Counts, Entry, Error, EventRow, EventSearch, Hit, Participant, Result, Run, Search, Store, Stored, query};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};
use std::path::{Path, PathBuf};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// Marks a file as a store: `TLNG`.
const APPLICATION: i64 = 0x544c_4e47;
/// Layouts, each made from the one before; `user_version` says how many a file has.
const LAYOUTS: [&str; 1] = [include_str!("schema.sql")];
/// How long a second writer waits for the first.
const PATIENCE: Duration = Duration::from_secs(10);
/// How hard raw bytes and readings are pressed.
const LEVEL: i32 = 6;
/// Bytes that a damaged file may make us unpack for one report.
const MOST: usize = 1 << 30;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
}

impl Sqlite {
    /// Opens a store to write to; makes it if there is none.
    ///
    /// # Errors
    /// The file is no store, was written by a later version, or cannot be opened or written.
    pub fn open(path: &Path) -> Result<Sqlite> {
        Sqlite::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, PATIENCE)
    }

    /// Opens a store that must be there, to write to; another writer is waited for so long.
    ///
    /// # Errors
    /// As [`Sqlite::open`]; and there is no such file.
    pub fn open_existing(path: &Path, patience: Duration) -> Result<Sqlite> {
        if !path.exists() {
            return Err(Error::missing(path));
        }
        Sqlite::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)
    }

    /// Opens a store that must be there, to read it.
    ///
    /// # Errors
    /// As [`Sqlite::open`]; and there is no such file.
    pub fn open_to_read(path: &Path) -> Result<Sqlite> {
        if !path.exists() {
            return Err(Error::missing(path));
        }
        Sqlite::open_with(path, OpenFlags::SQLITE_OPEN_READ_ONLY, PATIENCE)
    }

    fn open_with(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Sqlite> {
        let fail = |cause| Error::new("open", path, cause);
        let reads = flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fail)?;
        connection.busy_timeout(patience).map_err(fail)?;
        let number = |connection: &Connection, name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let version = number(&connection, "user_version").map_err(fail)?;
        let application = number(&connection, "application_id").map_err(fail)?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fail)?;
        if application != APPLICATION && (tables > 0 || reads) {
            return Err(Error::foreign(path));
        }
        if version > LAYOUTS.len() as i64 {
            return Err(Error::newer(path, version));
        }
        connection.pragma_update(None, "foreign_keys", true).map_err(fail)?;
        if !reads {
            connection.pragma_update(None, "journal_mode", "wal").map_err(fail)?;
            // What is committed stays even when the power goes.
            connection.pragma_update(None, "synchronous", "full").map_err(fail)?;
            migrate(&mut connection).map_err(fail)?;
        }
        Ok(Sqlite { connection, path: path.into() })
    }

    /// Lets the file grow no more than a few pages.
    #[cfg(test)]
    pub(crate) fn limit_pages_for_tests(&self) {
        let pages: i64 = self.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap_or(0);
        let _ = self.connection.pragma_update_and_check(None, "max_page_count", pages + 4, |row| row.get::<_, i64>(0));
    }

    fn fail(&self, doing: &str) -> impl Fn(rusqlite::Error) -> Error + use<> {
        let (doing, path) = (doing.to_string(), self.path.clone());
        move |cause| Error::new(doing.clone(), &path, cause)
    }
}

/// Brings a file to the present layout, in one transaction.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version = |c: &Connection| c.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    if version(connection)? == LAYOUTS.len() as i64 {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have done it meanwhile.
    let done = version(&transaction)? as usize;
    for layout in LAYOUTS.iter().skip(done) {
        transaction.execute_batch(layout)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", LAYOUTS.len() as i64)?;
    transaction.commit()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    // Packing into memory fails for no input.
    zstd::bulk::compress(bytes, LEVEL).unwrap_or_default()
}

fn unpack(bytes: &[u8], length: Option<usize>) -> Option<Vec<u8>> {
    match length {
        Some(length) if length <= MOST => zstd::bulk::decompress(bytes, length).ok().filter(|b| b.len() == length),
        Some(_) => None,
        None => zstd::stream::decode_all(bytes).ok(),
    }
}

/// SQLite's numbers have a sign.
fn hash(bytes: &[u8]) -> i64 {
    xxh3_64(bytes) as i64
}

impl Store for Sqlite {
    fn begin(&mut self, run: &Run) -> Result<i64> {
        let insert = "INSERT INTO runs (program, models, ontology, gazetteer, started) VALUES (?, ?, ?, ?, ?)";
        let row = params![run.program, run.models, run.ontology, run.gazetteer, run.started];
        self.connection.execute(insert, row).map_err(self.fail("write to"))?;
        Ok(self.connection.last_insert_rowid())
    }

    fn add(&mut self, run: i64, entries: &[Entry]) -> Result<Vec<Added>> {
        // What takes time is done before others are kept waiting.
        let packed: Vec<(Vec<u8>, Vec<u8>)> = entries.iter().map(|e| (pack(&e.raw), pack(&e.reading))).collect();
        let fail = self.fail("write to");
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&fail)?;
        let mut added = Vec::with_capacity(entries.len());
        for (entry, (raw, reading)) in entries.iter().zip(packed) {
            added.push(insert(&transaction, run, entry, &raw, &reading).map_err(&fail)?);
        }
        transaction.commit().map_err(&fail)?;
        Ok(added)
    }

    fn note(&mut self, run: i64, faults: &[(String, String)]) -> Result<()> {
        let fail = self.fail("write to");
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&fail)?;
        for (item, note) in faults {
            problem(&transaction, run, item, "unread", note).map_err(&fail)?;
        }
        transaction.commit().map_err(&fail)
    }

    fn document(&self, id: &str) -> Result<Option<Stored>> {
        let select = "SELECT d.id, title, outlet, url, path, published, day, basis, language, text, kind, raw, raw_length, body,
            program, models, ontology, gazetteer, started
            FROM documents d LEFT JOIN readings ON document = d.number LEFT JOIN runs r ON r.number = run WHERE d.id = ?";
        let read = |row: &rusqlite::Row<'_>| {
            let raw: Vec<u8> = row.get("raw")?;
            let body: Option<Vec<u8>> = row.get("body")?;
            let length: i64 = row.get("raw_length")?;
            let text = |name: &str| row.get::<_, Option<String>>(name).map(Option::unwrap_or_default);
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
                raw: unpack(&raw, Some(length as usize)).unwrap_or_default(),
                reading: body.and_then(|b| unpack(&b, None)).unwrap_or_default(),
                ..Entry::default()
            };
            let run = Run {
                program: text("program")?,
                models: text("models")?,
                ontology: text("ontology")?,
                gazetteer: text("gazetteer")?,
                started: row.get("started")?,
            };
            Ok(Stored { entry, run })
        };
        self.connection.query_row(select, [id], read).optional().map_err(self.fail("read"))
    }

    fn search(&self, search: &Search) -> Result<Vec<Hit>> {
        let words = query::phrase(&search.words);
        if words.is_none() && !search.words.trim().is_empty() {
            return Err(Error::query(&search.words, &self.path));
        }
        let filters = "(?2 IS NULL OR outlet = ?2) AND (?3 IS NULL OR day >= ?3) AND (?4 IS NULL OR day <= ?4)";
        let select = match words {
            Some(_) => format!(
                "SELECT id, d.title, outlet, published, snippet(words, 1, '[', ']', ' … ', 24)
                 FROM words JOIN documents d ON d.number = words.rowid
                 WHERE words MATCH ?1 AND {filters} ORDER BY bm25(words, 4.0, 1.0), id LIMIT ?5"
            ),
            None => format!(
                "SELECT id, title, outlet, published, substr(text, 1, 160)
                 FROM documents WHERE ?1 IS NULL AND {filters} ORDER BY day DESC, id LIMIT ?5"
            ),
        };
        let row = params![words, search.outlet, search.days.0, search.days.1, search.limit as i64];
        let hit = |row: &rusqlite::Row<'_>| {
            let snippet: String = row.get(4)?;
            let snippet = snippet.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(Hit { id: row.get(0)?, title: row.get(1)?, outlet: row.get(2)?, published: row.get(3)?, snippet })
        };
        let found = || self.connection.prepare_cached(&select)?.query_map(row, hit)?.collect::<rusqlite::Result<_>>();
        found().map_err(self.fail("search"))
    }

    fn events(&self, search: &EventSearch) -> Result<Vec<EventRow>> {
        let mut select =
            "SELECT e.number, d.id, start, stop, substr(CAST(text AS BLOB), start + 1, stop - start), type, cameo, realis,
            date, e.day, place, country, rule
            FROM events e JOIN documents d ON d.number = document WHERE 1"
                .to_string();
        let mut values: Vec<Value> = Vec::new();
        let mut with = |condition: &str, value: Option<&String>| {
            let Some(value) = value else { return };
            values.push(Value::Text(value.clone()));
            select.push_str(" AND ");
            select.push_str(&condition.replace('?', &format!("?{}", values.len())));
        };
        with("e.day >= ?", search.days.0.as_ref());
        with("e.day <= ?", search.days.1.as_ref());
        with("realis = ?", search.realis.as_ref());
        with("(place LIKE ? OR country = upper(?))", search.place.as_ref());
        let of =
            "SELECT 1 FROM participants p WHERE p.event = e.number AND (instr(lower(p.name), lower(?)) OR p.country = upper(?))";
        with(&format!("EXISTS ({of})"), search.actor.as_ref());
        let kinds = search.kinds.join(" ").to_uppercase();
        with("instr(' ' || ? || ' ', ' ' || type || ' ')", Some(&kinds).filter(|k| !k.is_empty()));
        values.push(Value::Integer(search.limit as i64));
        select.push_str(&format!(" ORDER BY e.day IS NULL, e.day, d.id, start, e.number LIMIT ?{}", values.len()));
        let found = || {
            let mut events: Vec<(i64, EventRow)> = Vec::new();
            let mut statement = self.connection.prepare_cached(&select)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                let words: Vec<u8> = row.get(4)?;
                let event = EventRow {
                    document: row.get(1)?,
                    span: (row.get(2)?, row.get(3)?),
                    words: String::from_utf8_lossy(&words).into_owned(),
                    kind: row.get(5)?,
                    cameo: row.get(6)?,
                    realis: row.get(7)?,
                    date: row.get(8)?,
                    day: row.get(9)?,
                    place: row.get(10)?,
                    country: row.get(11)?,
                    rule: row.get(12)?,
                    participants: Vec::new(),
                };
                events.push((row.get(0)?, event));
            }
            let mut of =
                self.connection.prepare_cached("SELECT role, name, country FROM participants WHERE event = ? ORDER BY rowid")?;
            for (number, event) in &mut events {
                let participant =
                    |row: &rusqlite::Row<'_>| Ok(Participant { role: row.get(0)?, name: row.get(1)?, country: row.get(2)? });
                event.participants = of.query_map([*number], participant)?.collect::<rusqlite::Result<_>>()?;
            }
            Ok(events.into_iter().map(|e| e.1).collect())
        };
        found().map_err(self.fail("search"))
    }

    fn counts(&self) -> Result<Counts> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| n as u64);
        let counts = || {
            Ok(Counts {
                documents: count("SELECT count(*) FROM documents")?,
                events: count("SELECT count(*) FROM events")?,
                problems: count("SELECT count(*) FROM problems")?,
                bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            })
        };
        counts().map_err(self.fail("read"))
    }

    fn check(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut check = || -> rusqlite::Result<()> {
            let mut rows = self.connection.prepare("PRAGMA integrity_check(100)")?;
            let lines: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            wrong.extend(lines.into_iter().filter(|line| line != "ok"));
            let mut rows = self.connection.prepare("PRAGMA foreign_key_check")?;
            let tables: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            wrong.extend(tables.into_iter().map(|table| format!("a row of `{table}` belongs to nothing")));
            let mut rows = self.connection.prepare(
                "SELECT id, raw, raw_length, raw_hash, body FROM documents LEFT JOIN readings ON document = number ORDER BY number",
            )?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let (id, raw, length, hashed): (String, Vec<u8>, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                if unpack(&raw, Some(length as usize)).is_none_or(|bytes| hash(&bytes) != hashed) {
                    wrong.push(format!("the bytes of `{id}` are damaged"));
                }
                match row.get::<_, Option<Vec<u8>>>(4)? {
                    Some(body) if unpack(&body, None).is_some() => (),
                    Some(_) => wrong.push(format!("the reading of `{id}` is damaged")),
                    None => wrong.push(format!("`{id}` has no reading")),
                }
            }
            Ok(())
        };
        check().map_err(self.fail("check"))?;
        // The index is compared with the texts where the file may be written: the comparison is an insert that inserts nothing.
        let index = "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)";
        if !self.connection.is_readonly("main").unwrap_or(true)
            && let Err(error) = self.connection.execute(index, [])
        {
            wrong.push(format!("the index of words does not fit the texts: {error}"));
        }
        Ok(wrong)
    }

    fn compact(&mut self) -> Result<()> {
        let compact = "INSERT INTO words (words) VALUES ('optimize'); VACUUM; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);";
        self.connection.execute_batch(compact).map_err(self.fail("compact"))
    }

    fn backup(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(Error::exists(to));
        }
        // Under another name first: what has the name that was asked for is whole.
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let _ = std::fs::remove_file(&part);
        let name = part.to_string_lossy().into_owned();
        self.connection.execute("VACUUM INTO ?", [name]).map_err(self.fail("copy"))?;
        std::fs::rename(&part, to)
            .map_err(|error| Error::new("copy", to, rusqlite::Error::ToSqlConversionFailure(Box::new(error))))
    }
}

fn problem(transaction: &Transaction<'_>, run: i64, item: &str, kind: &str, note: &str) -> rusqlite::Result<()> {
    let insert = "INSERT INTO problems (run, item, kind, note) VALUES (?, ?, ?, ?)";
    transaction.prepare_cached(insert)?.execute(params![run, item, kind, note]).map(|_| ())
}

fn insert(transaction: &Transaction<'_>, run: i64, entry: &Entry, raw: &[u8], reading: &[u8]) -> rusqlite::Result<Added> {
    let hashed = hash(&entry.raw);
    let known = "SELECT id FROM documents WHERE raw_hash = ? AND raw_length = ? AND (id = ?3 OR id GLOB ?4) LIMIT 1";
    // The id with a number: what was added under it because another had it.
    let numbered = format!("{}#[0-9]*", entry.id.replace(['[', ']', '*', '?'], "?"));
    let row = params![hashed, entry.raw.len() as i64, entry.id, numbered];
    if let Some(id) = transaction.prepare_cached(known)?.query_row(row, |row| row.get(0)).optional()? {
        return Ok(Added::Known(id));
    }
    let taken = |id: &str| transaction.prepare_cached("SELECT 1 FROM documents WHERE id = ?")?.exists([id]);
    let mut id = entry.id.clone();
    let mut number = 1;
    while taken(&id)? {
        number += 1;
        id = format!("{}#{number}", entry.id);
    }
    if id != entry.id {
        let note = format!("another report has the id `{}`; this one is `{id}`", entry.id);
        problem(transaction, run, &id, "duplicate-id", &note)?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO documents (id, title, outlet, url, path, published, day, basis, language, text, kind, raw, raw_length, raw_hash)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            entry.title,
            entry.outlet,
            entry.url,
            entry.path,
            entry.published,
            entry.day,
            entry.basis,
            entry.language,
            entry.text,
            entry.kind,
            raw,
            entry.raw.len() as i64,
            hashed
        ])?;
    let document = transaction.last_insert_rowid();
    let insert = "INSERT INTO readings (document, run, body) VALUES (?, ?, ?)";
    transaction.prepare_cached(insert)?.execute(params![document, run, reading])?;
    for event in &entry.events {
        transaction
            .prepare_cached(
                "INSERT INTO events (document, start, stop, type, cameo, realis, date, day, place, country, rule)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                document,
                event.span.0,
                event.span.1,
                event.kind,
                event.cameo,
                event.realis,
                event.date,
                event.day,
                event.place,
                event.country,
                event.rule
            ])?;
        let number = transaction.last_insert_rowid();
        let insert = "INSERT INTO participants (event, role, name, country) VALUES (?, ?, ?, ?)";
        for p in &event.participants {
            transaction.prepare_cached(insert)?.execute(params![number, p.role, p.name, p.country])?;
        }
    }
    for (kind, note) in &entry.problems {
        problem(transaction, run, &id, kind, note)?;
    }
    Ok(Added::New(id))
}
