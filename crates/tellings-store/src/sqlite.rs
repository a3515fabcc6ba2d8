//! The store: one SQLite file, or a PostgreSQL server.

mod changes;
mod feeds;
mod stories;
mod users;

use crate::driver::{Connection, OptionalExtension, Row, params, params_from_iter};
use crate::postgres::Postgres;
use crate::{
    Added, ChangeRow, CorrectionRow, Counts, EntityRow, Entry, Error, EventRow, EventSearch, Feed, Glance, Hit, Item, MemberRow,
    OutletRow, Participant, Placement, ProblemRow, ProblemSearch, Queue, ReadingRow, RecordChange, RecordEventRow,
    RecordEventSearch, RecordRow, Result, Run, Search, Store, Stored, StoryRow, StorySearch, Unplaced, Waiting, content, query,
};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks a file as a store: `TLNG`.
const APPLICATION: i64 = 0x544c_4e47;
/// Layouts, each made from the one before; `user_version` says how many a file has.
const LAYOUTS: [&str; 8] = [
    include_str!("schema.sql"),
    include_str!("feeds.sql"),
    include_str!("stories.sql"),
    include_str!("corrections.sql"),
    include_str!("briefs.sql"),
    include_str!("changes.sql"),
    include_str!("users.sql"),
    include_str!("orders.sql"),
];
/// How long a second writer waits for the first.
const PATIENCE: Duration = Duration::from_secs(10);
/// Statements that are kept prepared.
const STATEMENTS: usize = 128;
/// Kibibytes of the file that are kept in memory.
const CACHE: i64 = 64 << 10;
/// How hard raw bytes and readings are pressed.
const LEVEL: i32 = 6;
/// Bytes that a damaged file may make us unpack for one report.
const MOST: usize = 1 << 30;

/// Reports of some days that are few enough to be looked up before their words are.
const FEW: i64 = 20_000;

/// A store: in one SQLite file, or on a PostgreSQL server (`postgres://…`).
pub struct Database {
    connection: Connection,
    path: PathBuf,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Database({})", self.path.display())
    }
}

impl Database {
    /// Opens a store to write to; makes it if there is none.
    ///
    /// # Errors
    /// The file is no store, was written by a later version, or cannot be opened or written.
    pub fn open(path: &Path) -> Result<Database> {
        if let Some(url) = server(path) {
            return Database::connect(url, Some(true), PATIENCE);
        }
        Database::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, PATIENCE)
    }

    /// Opens a store that must be there, to write to; another writer is waited for so long.
    ///
    /// # Errors
    /// As [`Database::open`]; and there is no such file.
    pub fn open_existing(path: &Path, patience: Duration) -> Result<Database> {
        if let Some(url) = server(path) {
            return Database::connect(url, Some(false), patience);
        }
        if !path.exists() {
            return Err(Error::missing(path));
        }
        Database::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)
    }

    /// Opens a store that must be there, to read it.
    ///
    /// # Errors
    /// As [`Database::open`]; and there is no such file.
    pub fn open_to_read(path: &Path) -> Result<Database> {
        if let Some(url) = server(path) {
            return match Database::connect(url, None, PATIENCE) {
                Err(error) if error.is_older() => match Database::connect(url, Some(false), PATIENCE) {
                    Ok(_) => Database::connect(url, None, PATIENCE),
                    Err(_) => Err(error),
                },
                opened => opened,
            };
        }
        if !path.exists() {
            return Err(Error::missing(path));
        }
        match Database::open_with(path, OpenFlags::SQLITE_OPEN_READ_ONLY, PATIENCE) {
            // Brought to the present layout, where that may be done.
            Err(error) if error.is_older() => match Database::open_existing(path, PATIENCE) {
                Ok(_) => Database::open_with(path, OpenFlags::SQLITE_OPEN_READ_ONLY, PATIENCE),
                Err(_) => Err(error),
            },
            opened => opened,
        }
    }

    /// Opens a store on a server: to write to, made if there is none (`Some(true)`); to write to; to read (`None`).
    fn connect(url: &str, writes: Option<bool>, patience: Duration) -> Result<Database> {
        let path = PathBuf::from(told(url));
        let fail = |cause| Error::new("open", &path, cause);
        let postgres = Postgres::connect(url, writes.is_none(), patience).map_err(fail)?;
        match postgres.version().map_err(fail)? {
            Err(true) if writes == Some(true) => postgres.migrate(&LAYOUTS).map_err(fail)?,
            Err(true) => return Err(Error::missing(&path)),
            Err(false) => return Err(Error::foreign(&path)),
            Ok(version) if version > LAYOUTS.len() as i64 => return Err(Error::newer(&path, version)),
            Ok(version) if version < LAYOUTS.len() as i64 && writes.is_none() => return Err(Error::older(&path, version)),
            Ok(version) if version < LAYOUTS.len() as i64 => postgres.migrate(&LAYOUTS).map_err(fail)?,
            Ok(_) => {}
        }
        Ok(Database { connection: Connection::Postgres(postgres), path })
    }

    fn open_with(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Database> {
        let fail = |cause| Error::new("open", path, cause);
        let reads = flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut connection =
            rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fail)?;
        connection.busy_timeout(patience).map_err(fail)?;
        let number =
            |connection: &rusqlite::Connection, name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let version = number(&connection, "user_version").map_err(fail)?;
        let application = number(&connection, "application_id").map_err(fail)?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fail)?;
        if application != APPLICATION && tables > 0 {
            return Err(Error::foreign(path));
        }
        // An empty file is what is left where the first writer was killed before it committed anything.
        if application != APPLICATION && reads {
            return Err(Error::missing(path));
        }
        if version > LAYOUTS.len() as i64 {
            return Err(Error::newer(path, version));
        }
        if reads && version < LAYOUTS.len() as i64 {
            return Err(Error::older(path, version));
        }
        connection.pragma_update(None, "foreign_keys", true).map_err(fail)?;
        // All that is asked again and again stays prepared; the upper pages of the indexes stay in memory.
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // And is not planned anew for each value that it is asked with.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fail)?;
        connection.pragma_update(None, "cache_size", -CACHE).map_err(fail)?;
        if !reads {
            connection.pragma_update(None, "journal_mode", "wal").map_err(fail)?;
            // What is committed stays even when the power goes.
            connection.pragma_update(None, "synchronous", "full").map_err(fail)?;
            migrate(&mut connection).map_err(fail)?;
        }
        Ok(Database { connection: Connection::Sqlite(connection), path: path.into() })
    }

    /// Lets the file grow no more than a few pages.
    #[cfg(test)]
    pub(crate) fn limit_pages_for_tests(&self) {
        let Connection::Sqlite(connection) = &self.connection else { return };
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap_or(0);
        let _ = connection.pragma_update_and_check(None, "max_page_count", pages + 4, |row| row.get::<_, i64>(0));
    }

    /// Does something in a transaction of its own, or in the one that is open.
    fn write<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let fail = self.fail("write to");
        if !self.connection.is_autocommit() {
            return work(&self.connection).map_err(fail);
        }
        let transaction = self.connection.transaction().map_err(&fail)?;
        let done = work(&transaction).map_err(&fail)?;
        transaction.commit().map_err(&fail)?;
        Ok(done)
    }

    fn is_server(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    /// A condition that keeps the index of words near the reports of these days, where they are few: between their numbers, which lie
    /// close together where reports came in as they were published, and no others.
    fn near(&self, days: &(Option<String>, Option<String>), values: &mut Vec<Value>) -> rusqlite::Result<String> {
        if days.0.is_none() && days.1.is_none() {
            return Ok(String::new());
        }
        let of_days = |first: usize| {
            let bounds = [(">=", &days.0), ("<=", &days.1)].into_iter().filter(|(_, day)| day.is_some()).enumerate();
            let bounds: Vec<String> = bounds.map(|(i, (sign, _))| format!("day {sign} ?{}", first + i)).collect();
            format!("SELECT number FROM documents WHERE {}", bounds.join(" AND "))
        };
        let given: Vec<Value> = [&days.0, &days.1].into_iter().flatten().cloned().map(Value::Text).collect();
        let select = format!("SELECT min(number), max(number), count(*) FROM ({} LIMIT {FEW})", of_days(1));
        let row = |row: &Row<'_>| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, i64>(2)?));
        let (first, last, count) = self.connection.query_row(&select, given.clone(), row)?;
        if count >= FEW {
            return Ok(String::new());
        }
        let at = values.len() + 1;
        values.extend([Value::Integer(first.unwrap_or(0)), Value::Integer(last.unwrap_or(0))]);
        values.extend(given);
        Ok(format!(" AND words.rowid BETWEEN ?{at} AND ?{} AND +words.rowid IN ({})", at + 1, of_days(at + 2)))
    }

    /// What the index of words is asked; nothing where no words are given.
    fn query(&self, words: &str) -> Result<Option<String>> {
        let query = if self.is_server() { query::tsquery(words) } else { query::phrase(words) };
        if query.is_none() && !words.trim().is_empty() {
            return Err(Error::query(words, &self.path));
        }
        Ok(query)
    }

    fn fail(&self, doing: &str) -> impl Fn(rusqlite::Error) -> Error + use<> {
        let (doing, path) = (doing.to_string(), self.path.clone());
        move |cause| Error::new(doing.clone(), &path, cause)
    }
}

/// The address of a server, if a store is on one.
fn server(path: &Path) -> Option<&str> {
    path.to_str().filter(|path| path.starts_with("postgres://") || path.starts_with("postgresql://"))
}

/// The address of a server without the password, as it is told.
fn told(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?))) {
        Some((scheme, (user, rest))) => format!("{scheme}://{}@{rest}", user.split(':').next().unwrap_or("")),
        None => url.to_string(),
    }
}

/// Brings a file to the present layout, in one transaction.
fn migrate(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    let version = |c: &rusqlite::Connection| c.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
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

impl Store for Database {
    fn begin(&mut self, run: &Run) -> Result<i64> {
        let insert = "INSERT INTO runs (program, models, ontology, gazetteer, started, kind, rules, corrections) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let Run { program, models, ontology, gazetteer, started, kind, rules, corrections } = run;
        let row = params![program, models, ontology, gazetteer, started, kind, rules, corrections];
        self.connection.execute(insert, row).map_err(self.fail("write to"))?;
        Ok(self.connection.last_insert_rowid())
    }

    fn add(&mut self, run: i64, entries: &[Entry]) -> Result<Vec<Added>> {
        // What takes time is done before others are kept waiting.
        let packed: Vec<(Vec<u8>, Vec<u8>)> = entries.iter().map(|e| (pack(&e.raw), pack(&e.reading))).collect();
        let fail = self.fail("write to");
        let transaction = self.connection.transaction().map_err(&fail)?;
        let mut added = Vec::with_capacity(entries.len());
        for (entry, (raw, reading)) in entries.iter().zip(packed) {
            let known = feeds::known(&transaction, &entry.keys).map_err(&fail)?.map(Added::Known);
            let one = known.map_or_else(|| insert(&transaction, run, entry, &raw, &reading), Ok).map_err(&fail)?;
            let (Added::New(id) | Added::Known(id)) = &one;
            feeds::name(&transaction, id, &entry.keys).map_err(&fail)?;
            added.push(one);
        }
        transaction.commit().map_err(&fail)?;
        Ok(added)
    }

    fn note(&mut self, run: i64, faults: &[(String, String)]) -> Result<()> {
        let fail = self.fail("write to");
        let transaction = self.connection.transaction().map_err(&fail)?;
        for (item, note) in faults {
            problem(&transaction, run, item, "unread", note).map_err(&fail)?;
        }
        transaction.commit().map_err(&fail)
    }

    fn known(&self, keys: &[String]) -> Result<Option<String>> {
        feeds::known(&self.connection, keys).map_err(self.fail("read"))
    }

    fn feeds(&self) -> Result<Vec<Feed>> {
        feeds::feeds(&self.connection).map_err(self.fail("read"))
    }

    fn announce(&mut self, feed: &Feed, items: &[Item]) -> Result<usize> {
        let fail = self.fail("write to");
        let transaction = self.connection.transaction().map_err(&fail)?;
        let new = feeds::announce(&transaction, feed, items).map_err(&fail)?;
        transaction.commit().map_err(&fail)?;
        Ok(new)
    }

    fn forget(&mut self, feed: &str) -> Result<bool> {
        let fail = self.fail("write to");
        let transaction = self.connection.transaction().map_err(&fail)?;
        let gone = feeds::forget(&transaction, feed).map_err(&fail)?;
        transaction.commit().map_err(&fail)?;
        Ok(gone)
    }

    fn queues(&self) -> Result<Vec<Queue>> {
        feeds::queues(&self.connection).map_err(self.fail("read"))
    }

    fn waiting(&self, feed: &str, now: i64, limit: usize) -> Result<Vec<Waiting>> {
        feeds::waiting(&self.connection, feed, now, limit).map_err(self.fail("read"))
    }

    fn put_off(&mut self, number: i64, again: Option<(i64, &str)>) -> Result<()> {
        let fail = self.fail("write to");
        let transaction = self.connection.transaction().map_err(&fail)?;
        feeds::put_off(&transaction, number, again).map_err(&fail)?;
        transaction.commit().map_err(&fail)
    }

    fn document(&self, id: &str) -> Result<Option<Stored>> {
        stories::document(&self.connection, "d.id = ?", id).map_err(self.fail("read"))
    }

    fn hit(&self, id: &str) -> Result<Option<Hit>> {
        stories::hit(&self.connection, id).map_err(self.fail("read"))
    }

    fn text(&self, id: &str) -> Result<Option<String>> {
        stories::text(&self.connection, id).map_err(self.fail("read"))
    }

    fn exclusively(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<()>) -> Result<()> {
        let fail = self.fail("write to");
        self.connection.begin().map_err(&fail)?;
        let done = work(self).and_then(|()| self.connection.commit().map_err(&fail));
        if done.is_err() {
            self.connection.roll_back();
        }
        done
    }

    fn runs(&self) -> Result<Vec<(i64, Run)>> {
        stories::runs(&self.connection).map_err(self.fail("read"))
    }

    fn numbers(&self, after: i64, limit: usize) -> Result<Vec<i64>> {
        stories::numbers(&self.connection, after, limit).map_err(self.fail("read"))
    }

    fn documents(&self, numbers: &[i64]) -> Result<Vec<Stored>> {
        let all = numbers.iter().map(|number| stories::document(&self.connection, "d.number = ?", number));
        all.filter_map(rusqlite::Result::transpose).collect::<rusqlite::Result<_>>().map_err(self.fail("read"))
    }

    fn renew(&mut self, run: i64, entries: &[(i64, Entry)]) -> Result<()> {
        let packed: Vec<Vec<u8>> = entries.iter().map(|e| pack(&e.1.reading)).collect();
        self.write(|connection| {
            let mut all = entries.iter().zip(&packed);
            all.try_for_each(|((number, entry), body)| stories::renew(connection, run, *number, entry, body))
        })
    }

    fn reading(&self, id: &str, run: i64) -> Result<Option<ReadingRow>> {
        stories::reading(&self.connection, id, run).map_err(self.fail("read"))
    }

    fn read_between(&self, after: i64, until: i64) -> Result<Vec<String>> {
        stories::read_between(&self.connection, after, until).map_err(self.fail("read"))
    }

    fn unplaced(&self, limit: usize) -> Result<Vec<Unplaced>> {
        stories::unplaced(&self.connection, limit).map_err(self.fail("read"))
    }

    fn keep_sketches(&mut self, sketches: &[(i64, Vec<u8>)]) -> Result<()> {
        self.write(|connection| stories::keep_sketches(connection, sketches))
    }

    fn sketches(&self, documents: &[i64]) -> Result<Vec<(i64, Vec<u8>)>> {
        stories::sketches(&self.connection, documents).map_err(self.fail("read"))
    }

    fn listed(&self, term: u32, days: Option<(i32, i32)>, reach: i32, limit: usize) -> Result<Vec<u32>> {
        stories::listed(&self.connection, term, days, reach, limit).map_err(self.fail("read"))
    }

    fn behind(&self) -> Result<(u64, u64)> {
        stories::behind(&self.connection).map_err(self.fail("read"))
    }

    fn next_story(&self) -> Result<u32> {
        stories::next(&self.connection).map_err(self.fail("read"))
    }

    fn place(&mut self, run: i64, placement: &Placement) -> Result<()> {
        self.write(|connection| stories::place(connection, run, placement))
    }

    fn unplace(&mut self, run: i64, documents: &[i64]) -> Result<()> {
        self.write(|connection| stories::unplace(connection, run, documents))
    }

    fn story_changes(&self, story: &str, after: i64) -> Result<Vec<RecordChange>> {
        changes::of_story(&self.connection, story, after).map_err(self.fail("read"))
    }

    fn touch(&mut self, run: i64, stories: &[u32]) -> Result<()> {
        self.write(|connection| stories::touch(connection, run, stories))
    }

    fn story(&self, id: &str) -> Result<Option<StoryRow>> {
        stories::story(&self.connection, id).map_err(self.fail("read"))
    }

    fn led_on(&self, id: &str) -> Result<Option<u32>> {
        stories::led_on(&self.connection, id).map_err(self.fail("read"))
    }

    fn story_numbered(&self, number: u32) -> Result<Option<StoryRow>> {
        stories::numbered(&self.connection, number).map_err(self.fail("read"))
    }

    fn stories_of(&self, document: i64) -> Result<Vec<StoryRow>> {
        stories::of_document(&self.connection, document).map_err(self.fail("read"))
    }

    fn stories(&self, search: &StorySearch) -> Result<Vec<StoryRow>> {
        let words = self.query(&search.words)?;
        stories::stories(&self.connection, search, words).map_err(self.fail("search"))
    }

    fn members(&self, story: u32) -> Result<Vec<MemberRow>> {
        stories::members(&self.connection, story).map_err(self.fail("read"))
    }

    fn record_changes(&self, after: i64, until: i64) -> Result<Vec<RecordChange>> {
        changes::between(&self.connection, after, until).map_err(self.fail("read"))
    }

    fn latest_members(&self, story: u32, limit: usize) -> Result<Vec<MemberRow>> {
        stories::latest_members(&self.connection, story, limit).map_err(self.fail("read"))
    }

    fn stale(&self, after: u32, limit: usize) -> Result<Vec<u32>> {
        stories::stale(&self.connection, after, limit).map_err(self.fail("read"))
    }

    fn keep_records(&mut self, records: &[RecordRow]) -> Result<()> {
        let packed: Vec<(Vec<u8>, Vec<u8>)> = records.iter().map(|r| (pack(&r.body), pack(&r.brief))).collect();
        self.write(|connection| {
            let mut all = records.iter().zip(&packed);
            all.try_for_each(|(record, (body, brief))| stories::keep_record(connection, record, body, brief))
        })
    }

    fn record(&self, story: u32) -> Result<Option<RecordRow>> {
        stories::record(&self.connection, story).map_err(self.fail("read"))
    }

    fn brief(&self, story: u32) -> Result<Option<Vec<u8>>> {
        stories::brief(&self.connection, story).map_err(self.fail("read"))
    }

    fn glance(&self, story: u32) -> Result<Glance> {
        stories::glance(&self.connection, story).map_err(self.fail("read"))
    }

    fn moved(&self, after: (i64, i64, i64), limit: usize) -> Result<Vec<ChangeRow>> {
        stories::moved(&self.connection, after, limit).map_err(self.fail("read"))
    }

    fn outlets(&self) -> Result<Vec<OutletRow>> {
        stories::outlets(&self.connection).map_err(self.fail("read"))
    }

    fn problems(&self, search: &ProblemSearch) -> Result<Vec<ProblemRow>> {
        stories::problems(&self.connection, search).map_err(self.fail("read"))
    }

    fn problem_kinds(&self) -> Result<Vec<(String, u64)>> {
        stories::problem_kinds(&self.connection).map_err(self.fail("read"))
    }

    fn changes(&self) -> Result<i64> {
        match &self.connection {
            Connection::Sqlite(connection) => connection.pragma_query_value(None, "data_version", |row| row.get(0)),
            // Whatever was begun since, here or in another store of that server.
            Connection::Postgres(_) => {
                let select = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)";
                self.connection.query_row(select, [], |row| row.get(0))
            }
        }
        .map_err(self.fail("read"))
    }

    fn record_events(&self, search: &RecordEventSearch) -> Result<Vec<RecordEventRow>> {
        stories::events(&self.connection, search).map_err(self.fail("search"))
    }

    fn entities(&self, name: &str, limit: usize) -> Result<Vec<EntityRow>> {
        stories::entities(&self.connection, name, limit).map_err(self.fail("search"))
    }

    fn parties(&self) -> Result<Vec<String>> {
        stories::parties(&self.connection).map_err(self.fail("read"))
    }

    fn names(&self) -> Result<Vec<(String, String, u64)>> {
        stories::names(&self.connection).map_err(self.fail("read"))
    }

    fn corrections(&self) -> Result<Vec<CorrectionRow>> {
        stories::corrections(&self.connection).map_err(self.fail("read"))
    }

    fn keep_correction(&mut self, run: i64, correction: &CorrectionRow) -> Result<()> {
        self.write(|connection| stories::keep_correction(connection, run, correction))
    }

    fn users(&self) -> Result<Vec<crate::UserRow>> {
        users::users(&self.connection).map_err(self.fail("read"))
    }

    fn keep_user(&mut self, user: &crate::UserRow) -> Result<()> {
        self.write(|c| users::keep_user(c, user))
    }

    fn drop_user(&mut self, name: &str) -> Result<bool> {
        self.write(|c| users::drop_user(c, name))
    }

    fn tokens(&self) -> Result<Vec<crate::TokenRow>> {
        users::tokens(&self.connection).map_err(self.fail("read"))
    }

    fn keep_token(&mut self, token: &crate::TokenRow) -> Result<()> {
        self.write(|c| users::keep_token(c, token))
    }

    fn drop_token(&mut self, hash: &str) -> Result<bool> {
        self.write(|c| users::drop_token(c, hash))
    }

    fn audit(&mut self, row: &crate::AuditRow) -> Result<()> {
        self.write(|c| users::audit(c, row))
    }

    fn audited(&self, limit: usize, skip: usize) -> Result<Vec<crate::AuditRow>> {
        users::audited(&self.connection, limit, skip).map_err(self.fail("read"))
    }

    fn with_content(&self, hash: i64) -> Result<Vec<i64>> {
        stories::with_content(&self.connection, hash).map_err(self.fail("read"))
    }

    fn search(&self, search: &Search) -> Result<Vec<Hit>> {
        let words = self.query(&search.words)?;
        // Marks that are no words of a statement.
        let (open, close) = search.marks;
        let plain = |mark: char| !mark.is_alphanumeric() && !matches!(mark, '\'' | '"' | '?' | ',' | '=');
        let (open, close) = if plain(open) && plain(close) { (open, close) } else { ('[', ']') };
        // Only what was asked for stands in the statement, so that it can be planned for that.
        let mut values = vec![Value::Integer(search.limit as i64), Value::Integer(search.skip as i64)];
        let mut filters = String::new();
        for (condition, value) in [("d.outlet =", &search.outlet), ("d.day >=", &search.days.0), ("d.day <=", &search.days.1)] {
            let Some(value) = value else { continue };
            values.push(Value::Text(value.clone()));
            filters.push_str(&format!(" AND {condition} ?{}", values.len()));
        }
        let mut matched = String::new();
        if let Some(words) = &words {
            values.push(Value::Text(words.clone()));
            matched = format!("?{}", values.len());
        }
        let select = match words {
            Some(_) if self.is_server() && search.latest_first => format!(
                "WITH best AS MATERIALIZED (SELECT d.number FROM documents d
                    WHERE d.words @@ to_tsquery('tellings', {matched}){filters} ORDER BY d.number DESC LIMIT ?1 OFFSET ?2)
                 SELECT d.id, d.title, d.outlet, d.published, ts_headline('tellings', left(d.text, 200000),
                    to_tsquery('tellings', {matched}), 'StartSel={open}, StopSel={close}, MaxWords=24, MinWords=12, MaxFragments=1')
                 FROM best JOIN documents d ON d.number = best.number ORDER BY d.number DESC"
            ),
            Some(_) if self.is_server() => format!(
                "SELECT d.id, d.title, d.outlet, d.published, ts_headline('tellings', left(d.text, 200000), query,
                    'StartSel={open}, StopSel={close}, MaxWords=24, MinWords=12, MaxFragments=1')
                 FROM documents d, to_tsquery('tellings', {matched}) query WHERE d.words @@ query{filters}
                 ORDER BY ts_rank('{{0.25, 0.25, 0.25, 1}}', d.words, query) DESC, d.number LIMIT ?1 OFFSET ?2"
            ),
            // What is shown of a report is cut out of those that are shown, not of all that have the words.
            Some(_) => {
                let near = self.near(&search.days, &mut values).map_err(self.fail("search"))?;
                let score = if search.latest_first { "-words.rowid" } else { "bm25(words, 4.0, 1.0)" };
                // Of those that are as good the one that came first; what else a report is, is looked up where that is asked for.
                let order = if search.latest_first { "words.rowid DESC" } else { "score, words.rowid" };
                let joined = if filters.is_empty() { "" } else { "CROSS JOIN documents d ON d.number = words.rowid" };
                format!(
                    "WITH best AS MATERIALIZED (
                        SELECT words.rowid AS number, {score} AS score
                        FROM words {joined}
                        WHERE words MATCH {matched}{near}{filters} ORDER BY {order} LIMIT ?1 OFFSET ?2)
                     SELECT d.id, d.title, d.outlet, d.published, snippet(words, 1, '{open}', '{close}', ' … ', 24)
                     FROM best CROSS JOIN words CROSS JOIN documents d ON d.number = best.number
                     WHERE words MATCH {matched} AND words.rowid = best.number ORDER BY best.score, best.number"
                )
            }
            None => format!(
                "SELECT d.id, d.title, d.outlet, d.published, substr(d.text, 1, 160)
                 FROM documents d WHERE true{filters} ORDER BY d.day DESC NULLS LAST, d.id LIMIT ?1 OFFSET ?2"
            ),
        };
        let hit = |row: &Row<'_>| {
            let snippet: String = row.get(4)?;
            let snippet = snippet.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(Hit { id: row.get(0)?, title: row.get(1)?, outlet: row.get(2)?, published: row.get(3)?, snippet })
        };
        let found = || self.connection.prepare_cached(&select)?.query_map(values, hit)?.collect::<rusqlite::Result<_>>();
        found().map_err(self.fail("search"))
    }

    fn more_than(&self, words: &str, reports: usize) -> Result<bool> {
        let Some(words) = self.query(words)? else { return Ok(false) };
        let found = match self.is_server() {
            true => "SELECT 1 AS one FROM documents WHERE words @@ to_tsquery('tellings', ?1)",
            false => "SELECT 1 AS one FROM words WHERE words MATCH ?1",
        };
        let select = format!("SELECT count(*) FROM ({found} LIMIT ?2) few");
        let count: i64 = self
            .connection
            .prepare_cached(&select)
            .and_then(|mut statement| statement.query_row(params![words, reports as i64 + 1], |row| row.get(0)))
            .map_err(self.fail("search"))?;
        Ok(count > reports as i64)
    }

    fn events(&self, search: &EventSearch) -> Result<Vec<EventRow>> {
        let mut select =
            "SELECT e.number, d.id, start, stop, substr(CAST(text AS BLOB), start + 1, stop - start), type, cameo, realis,
            date, e.day, place, country, rule
            FROM events e JOIN documents d ON d.number = document WHERE true"
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
            statement.each(params_from_iter(values), |row| {
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
                Ok(())
            })?;
            let mut of =
                self.connection.prepare_cached("SELECT role, name, country FROM participants WHERE event = ? ORDER BY rowid")?;
            for (number, event) in &mut events {
                let participant = |row: &Row<'_>| Ok(Participant { role: row.get(0)?, name: row.get(1)?, country: row.get(2)? });
                event.participants = of.query_map([*number], participant)?.collect::<rusqlite::Result<_>>()?;
            }
            Ok(events.into_iter().map(|e| e.1).collect())
        };
        found().map_err(self.fail("search"))
    }

    fn counts(&self) -> Result<Counts> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| n as u64);
        let counts = || {
            let behind = stories::behind(&self.connection)?;
            Ok(Counts {
                stories: count("SELECT count(*) FROM stories WHERE successor IS NULL")?,
                unplaced: behind.0,
                stale: behind.1,
                documents: count("SELECT count(*) FROM documents")?,
                events: count("SELECT count(*) FROM events")?,
                problems: count("SELECT count(*) FROM problems")?,
                bytes: match self.is_server() {
                    true => count("SELECT pg_database_size(current_database())")?,
                    false => count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
                },
            })
        };
        counts().map_err(self.fail("read"))
    }

    fn check(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut check = || -> rusqlite::Result<()> {
            // A server looks after its pages and references itself.
            if !self.is_server() {
                let mut rows = self.connection.prepare("PRAGMA integrity_check(100)")?;
                let lines: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                wrong.extend(lines.into_iter().filter(|line| line != "ok"));
                let mut rows = self.connection.prepare("PRAGMA foreign_key_check")?;
                let tables: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                wrong.extend(tables.into_iter().map(|table| format!("a row of `{table}` belongs to nothing")));
            }
            let mut rows = self.connection.prepare(
                "SELECT id, raw, raw_length, raw_hash, (SELECT coalesce(r.body, o.body) FROM readings r
                    LEFT JOIN readings o ON o.document = r.document AND o.run = r.same
                    WHERE r.document = number ORDER BY r.run DESC LIMIT 1)
                 FROM documents ORDER BY number",
            )?;
            rows.each([], |row| {
                let (id, raw, length, hashed): (String, Vec<u8>, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                if unpack(&raw, Some(length as usize)).is_none_or(|bytes| content(&bytes) != hashed) {
                    wrong.push(format!("the bytes of `{id}` are damaged"));
                }
                match row.get::<_, Option<Vec<u8>>>(4)? {
                    Some(body) if unpack(&body, None).is_some() => (),
                    Some(_) => wrong.push(format!("the reading of `{id}` is damaged")),
                    None => wrong.push(format!("`{id}` has no reading")),
                }
                Ok(())
            })?;
            wrong.extend(stories::wrong(&self.connection)?);
            Ok(())
        };
        check().map_err(self.fail("check"))?;
        // The index is compared with the texts where the file may be written: the comparison is an insert that inserts nothing.
        let index = "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)";
        if let Connection::Sqlite(connection) = &self.connection
            && !connection.is_readonly("main").unwrap_or(true)
            && let Err(error) = connection.execute(index, [])
        {
            wrong.push(format!("the index of words does not fit the texts: {error}"));
        }
        Ok(wrong)
    }

    fn compact(&mut self) -> Result<()> {
        let compact = "INSERT INTO words (words) VALUES ('optimize'); VACUUM; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);";
        match &self.connection {
            Connection::Sqlite(connection) => connection.execute_batch(compact),
            Connection::Postgres(postgres) => postgres.batch("VACUUM (ANALYZE)"),
        }
        .map_err(self.fail("compact"))
    }

    fn backup(&self, to: &Path) -> Result<()> {
        if self.is_server() {
            let hint = "a server is backed up by its own means: `pg_dump`";
            return Err(self.fail("copy")(rusqlite::Error::ToSqlConversionFailure(hint.into())));
        }
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

fn problem(transaction: &Connection, run: i64, item: &str, kind: &str, note: &str) -> rusqlite::Result<()> {
    let insert = "INSERT INTO problems (run, item, kind, note) VALUES (?, ?, ?, ?)";
    transaction.prepare_cached(insert)?.execute(params![run, item, kind, note]).map(|_| ())
}

fn insert(transaction: &Connection, run: i64, entry: &Entry, raw: &[u8], reading: &[u8]) -> rusqlite::Result<Added> {
    let hashed = content(&entry.raw);
    let known = "SELECT id FROM documents WHERE raw_hash = ? AND raw_length = ? AND (id = ?3 OR substr(id, 1, length(?3) + 1) = ?3 || '#') LIMIT 1";
    // The id with a number: what was added under it because another had it.
    let row = params![hashed, entry.raw.len() as i64, entry.id];
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
            "INSERT INTO documents (id, title, outlet, url, path, published, day, basis, language, text, kind, raw, raw_length, raw_hash,
             given) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            hashed,
            entry.given
        ])?;
    let document = transaction.last_insert_rowid();
    let insert = "INSERT INTO readings (document, run, body) VALUES (?, ?, ?)";
    transaction.prepare_cached(insert)?.execute(params![document, run, reading])?;
    let insert = "INSERT INTO sketches (document, body) VALUES (?, ?)";
    let sketch = Some(&entry.sketch).filter(|s| !s.is_empty());
    transaction.prepare_cached(insert)?.execute(params![document, sketch])?;
    insert_events(transaction, document, entry)?;
    for (kind, note) in &entry.problems {
        problem(transaction, run, &id, kind, note)?;
    }
    Ok(Added::New(id))
}

fn insert_events(transaction: &Connection, document: i64, entry: &Entry) -> rusqlite::Result<()> {
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
    Ok(())
}
