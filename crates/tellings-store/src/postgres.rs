//! A PostgreSQL server that keeps a store: the statements that SQLite is given, in its words.

use crate::encrypted;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql as PgToSql, Type, private::BytesMut};
use postgres::{Client, Statement};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Error, ErrorCode, Result, ToSql, ffi};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

/// A connection to a server.
pub(crate) struct Postgres {
    client: RefCell<Client>,
    /// Statements that the server knows, by their text and the types of their values.
    statements: RefCell<HashMap<(String, Vec<u32>), Statement>>,
    open: Cell<bool>,
}

/// Statements that are kept.
const KEPT: usize = 400;

/// What the server is taught first: functions of SQLite's, and how words are told apart (without stop words, as there; without
/// accents where the server has the means).
const PRELUDE: &str = "
CREATE TABLE tellings_store (version BIGINT NOT NULL);
INSERT INTO tellings_store VALUES (0);
CREATE FUNCTION instr(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2) > 0';
CREATE FUNCTION substr(bytea, bigint, bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS 'SELECT substr($1, $2::int, $3::int)';
CREATE TEXT SEARCH DICTIONARY tellings_stem (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION tellings (COPY = simple);
DO $do$ BEGIN
  CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
EXCEPTION WHEN OTHERS THEN NULL;
END $do$;
DO $do$ BEGIN
  ALTER TEXT SEARCH CONFIGURATION tellings ALTER MAPPING FOR asciiword, word, hword, hword_part, hword_asciipart, asciihword
    WITH public.unaccent, tellings_stem;
EXCEPTION WHEN OTHERS THEN
  ALTER TEXT SEARCH CONFIGURATION tellings ALTER MAPPING FOR asciiword, word, hword, hword_part, hword_asciipart, asciihword
    WITH tellings_stem;
END $do$;
";
/// The index of words; so much of a text as the server can bear.
const WORDS: &str = "
ALTER TABLE documents ADD COLUMN words tsvector GENERATED ALWAYS AS
  (setweight(to_tsvector('tellings', coalesce(title, '')), 'A') || to_tsvector('tellings', left(text, 200000))) STORED;
CREATE INDEX documents_words ON documents USING gin (words);
";

impl Postgres {
    /// Connects to a server; `patience`: how long another writer is waited for.
    pub(crate) fn connect(url: &str, reads: bool, patience: Duration) -> Result<Postgres> {
        let wrong = |note: String| Error::ToSqlConversionFailure(note.into());
        let (config, tls) = encrypted::settings(url).map_err(wrong)?;
        let mut client = config.connect(tls).map_err(of)?;
        let read = if reads { "SET default_transaction_read_only = on;" } else { "" };
        let settings = format!("SET lock_timeout = {}; SET client_min_messages = warning; {read}", patience.as_millis().max(1));
        client.batch_execute(&settings).map_err(of)?;
        Ok(Postgres { client: RefCell::new(client), statements: RefCell::default(), open: Cell::new(false) })
    }

    /// Which layout the store there has; `None`: there is none, and is the place empty?
    pub(crate) fn version(&self) -> Result<std::result::Result<i64, bool>> {
        let count = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
        let one = |sql: &str| {
            let mut found = 0;
            self.each(sql, &[], |row| {
                found = row.try_get(0).map_err(of)?;
                Ok(())
            })?;
            Ok::<i64, Error>(found)
        };
        if one(&format!("{count} AND tablename = 'tellings_store'"))? == 0 {
            return Ok(Err(one(count)? == 0));
        }
        one("SELECT version FROM tellings_store").map(Ok)
    }

    /// Brings the store there to the present layout, as a whole.
    pub(crate) fn migrate(&self, layouts: &[&str]) -> Result<()> {
        self.begin()?;
        let work = || {
            // Another program may have done it meanwhile.
            let done = match self.version()? {
                Ok(version) => version,
                Err(_) => {
                    self.batch(PRELUDE)?;
                    0
                }
            };
            layouts.iter().skip(done as usize).try_for_each(|layout| self.batch(&schema(layout)))?;
            self.batch(&format!("UPDATE tellings_store SET version = {}", layouts.len()))
        };
        let done = work();
        self.end(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.client.borrow_mut().batch_execute(sql).map_err(of)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Begins a transaction; nobody else writes to this store until it ends.
    pub(crate) fn begin(&self) -> Result<()> {
        if self.open.get() {
            return Err(Error::ToSqlConversionFailure("a transaction is open already".into()));
        }
        self.batch("BEGIN")?;
        self.open.set(true);
        let alone = "SELECT pg_advisory_xact_lock(hashtext('tellings ' || current_schema()))";
        self.batch(alone).inspect_err(|_| {
            let _ = self.end("ROLLBACK");
        })
    }

    pub(crate) fn end(&self, how: &str) -> Result<()> {
        self.open.set(false);
        self.batch(how)
    }

    pub(crate) fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize> {
        let values = own(values)?;
        let statement = self.statement(sql, &values)?;
        let values: Vec<&(dyn PgToSql + Sync)> = values.iter().map(|v| v as _).collect();
        self.client.borrow_mut().execute(&statement, &values).map(|n| n as usize).map_err(of)
    }

    pub(crate) fn each(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        mut take: impl FnMut(&postgres::Row) -> Result<()>,
    ) -> Result<()> {
        let values = own(values)?;
        let statement = self.statement(sql, &values)?;
        let mut client = self.client.borrow_mut();
        let mut rows = client.query_raw(&statement, values.iter().map(|v| v as &(dyn PgToSql + Sync))).map_err(of)?;
        while let Some(row) = rows.next().map_err(of)? {
            take(&row)?;
        }
        Ok(())
    }

    fn statement(&self, sql: &str, values: &[Own]) -> Result<Statement> {
        let types: Vec<Type> = values.iter().map(Own::kind).collect();
        let key = (sql.to_string(), types.iter().map(Type::oid).collect());
        if let Some(known) = self.statements.borrow().get(&key) {
            return Ok(known.clone());
        }
        let statement = self.client.borrow_mut().prepare_typed(&translated(sql), &types).map_err(of)?;
        let mut kept = self.statements.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, statement.clone());
        Ok(statement)
    }
}

/// A value on its way to the server.
#[derive(Debug)]
struct Own(Value);

fn own(values: &[&dyn ToSql]) -> Result<Vec<Own>> {
    let one = |value: &&dyn ToSql| {
        Ok(Own(match value.to_sql()? {
            ToSqlOutput::Borrowed(value) => value.try_into()?,
            ToSqlOutput::Owned(value) => value,
            _ => return Err(Error::ToSqlConversionFailure("a value that no server takes".into())),
        }))
    };
    values.iter().map(one).collect()
}

impl Own {
    fn kind(&self) -> Type {
        match &self.0 {
            Value::Null => Type::UNKNOWN,
            Value::Integer(_) => Type::INT8,
            Value::Real(_) => Type::FLOAT8,
            Value::Text(_) => Type::TEXT,
            Value::Blob(_) => Type::BYTEA,
        }
    }
}

impl PgToSql for Own {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => PgToSql::to_sql(number, kind, out),
            Value::Real(number) => PgToSql::to_sql(number, kind, out),
            // The server takes no zero byte in a text; another one keeps all places as they are.
            Value::Text(text) if text.contains('\0') => PgToSql::to_sql(&text.replace('\0', "\u{1a}"), kind, out),
            Value::Text(text) => PgToSql::to_sql(text, kind, out),
            Value::Blob(bytes) => PgToSql::to_sql(bytes, kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// What stands in a column.
pub(crate) fn value(row: &postgres::Row, place: usize) -> Result<Value> {
    let kind = row.columns().get(place).map(|column| column.type_().clone()).ok_or(Error::InvalidColumnIndex(place))?;
    let value = match kind {
        Type::BOOL => row.try_get::<_, Option<bool>>(place).map_err(of)?.map(|b| Value::Integer(b.into())),
        Type::INT2 => row.try_get::<_, Option<i16>>(place).map_err(of)?.map(|n| Value::Integer(n.into())),
        Type::INT4 => row.try_get::<_, Option<i32>>(place).map_err(of)?.map(|n| Value::Integer(n.into())),
        Type::INT8 => row.try_get::<_, Option<i64>>(place).map_err(of)?.map(Value::Integer),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(place).map_err(of)?.map(Value::Real),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place).map_err(of)?.map(Value::Blob),
        _ => row.try_get::<_, Option<String>>(place).map_err(of)?.map(Value::Text),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// What went wrong, in the words that a store's errors know.
fn of(error: postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        return Error::ToSqlConversionFailure(cause.unwrap_or_else(|| error.to_string()).into());
    };
    let code = match db.code().code() {
        "55P03" | "40P01" | "40001" | "57014" => ErrorCode::DatabaseBusy,
        "25006" | "42501" => ErrorCode::ReadOnly,
        "53100" => ErrorCode::DiskFull,
        _ => return Error::ToSqlConversionFailure(db.message().to_string().into()),
    };
    Error::SqliteFailure(ffi::Error { code, extended_code: 0 }, Some(db.message().to_string()))
}

/// Tables as this server makes them. Sorting is by bytes, as with SQLite.
fn schema(layout: &str) -> String {
    let (tables, words) = layout.split_once("CREATE VIRTUAL TABLE words").map_or((layout, ""), |(tables, _)| (tables, WORDS));
    // Comments first: they are no statements, and hold words of statements.
    let lines: String =
        tables.lines().filter(|line| !line.trim_start().starts_with("--")).map(|line| format!("{line}\n")).collect();
    let mut out = lines
        .replace("INTEGER PRIMARY KEY", "BIGSERIAL PRIMARY KEY")
        .replace(" INTEGER", " BIGINT")
        .replace(" TEXT", " TEXT COLLATE \"C\"")
        .replace(" BLOB", " BYTEA")
        .replace(" STRICT, WITHOUT ROWID;", ";")
        .replace(" STRICT;", ";")
        .replace("name COLLATE NOCASE", "lower(name)");
    // Rows of these have an order and no number.
    for table in ["participants", "record_participants"] {
        out = out.replace(&format!("CREATE TABLE {table} ("), &format!("CREATE TABLE {table} (\n  rowid BIGSERIAL,"));
    }
    out + words
}

/// By which columns rows replace each other.
const REPLACED: [(&str, &str); 5] =
    [("readings", "document, run"), ("members", "document, part"), ("gists", "story"), ("records", "story"), ("briefs", "story")];

/// A statement in the server's words.
fn translated(sql: &str) -> String {
    let mut sql =
        sql.replace(" LIKE ", " ILIKE ").replace("x'' ", "''::bytea ").replace("CAST(text AS BLOB)", "convert_to(text, 'UTF8')");
    if let Some(rest) = sql.strip_prefix("INSERT OR IGNORE INTO") {
        sql = format!("INSERT INTO{rest} ON CONFLICT DO NOTHING");
    }
    if let Some(rest) = sql.strip_prefix("INSERT OR REPLACE INTO ") {
        let table = rest.split([' ', '(']).next().unwrap_or("");
        let columns = rest.split(['(', ')']).nth(1).unwrap_or("");
        let key = REPLACED.iter().find(|known| known.0 == table).map_or("", |known| known.1);
        let own = columns.split(',').map(str::trim).filter(|column| !key.split(", ").any(|k| k == *column));
        let set: Vec<String> = own.map(|column| format!("{column} = excluded.{column}")).collect();
        sql = format!("INSERT INTO {rest} ON CONFLICT ({key}) DO UPDATE SET {}", set.join(", "));
    }
    let (mut out, mut next, mut quoted) = (String::with_capacity(sql.len() + 16), 0, false);
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        quoted ^= c == '\'';
        if c != '?' || quoted {
            out.push(c);
            continue;
        }
        out.push('$');
        if !chars.peek().is_some_and(char::is_ascii_digit) {
            next += 1;
            out.push_str(&next.to_string());
        } else if let Some(number) = chars.peek().and_then(|c| c.to_digit(10)) {
            // As with SQLite, the next one without a number has the number behind the highest.
            next = next.max(number);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_translated() {
        let cases = [
            ("SELECT a FROM b WHERE c = ? AND d LIKE ?", "SELECT a FROM b WHERE c = $1 AND d ILIKE $2"),
            ("SELECT ?2, ?1, '?'", "SELECT $2, $1, '?'"),
            ("SELECT a WHERE b = ? AND c = ? AND d = ?3", "SELECT a WHERE b = $1 AND c = $2 AND d = $3"),
            ("INSERT OR IGNORE INTO a (b) VALUES (?)", "INSERT INTO a (b) VALUES ($1) ON CONFLICT DO NOTHING"),
            (
                "INSERT OR REPLACE INTO gists (story, body) VALUES (?, ?)",
                "INSERT INTO gists (story, body) VALUES ($1, $2) ON CONFLICT (story) DO UPDATE SET body = excluded.body",
            ),
        ];
        for (sqlite, postgres) in cases {
            assert_eq!(translated(sqlite), postgres);
        }
        let table = schema("-- INTEGER\nCREATE TABLE participants (\n  event INTEGER NOT NULL,\n  name TEXT\n) STRICT;\n");
        assert_eq!(
            table,
            "CREATE TABLE participants (\n  rowid BIGSERIAL,\n  event BIGINT NOT NULL,\n  name TEXT COLLATE \"C\"\n);\n"
        );
    }
}
