//! One way to speak to SQLite and to PostgreSQL, in the words of `rusqlite`: the statements of a store are written once, and only
//! where the two differ (full-text search, looking after the store) is there one for each.

use crate::postgres::{Postgres, value};
use rusqlite::types::{FromSql, Value};
pub(crate) use rusqlite::{OptionalExtension, Result, ToSql, params};
use std::ops::Deref;

/// Somebody who keeps tables.
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Postgres),
}

/// A row of an answer.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

/// A column of a row: its place or its name.
pub(crate) trait Column: rusqlite::RowIndex {
    fn place(&self, row: &postgres::Row) -> Result<usize>;
}

impl Column for usize {
    fn place(&self, _: &postgres::Row) -> Result<usize> {
        Ok(*self)
    }
}

impl Column for &str {
    fn place(&self, row: &postgres::Row) -> Result<usize> {
        let found = row.columns().iter().position(|column| column.name().eq_ignore_ascii_case(self));
        found.ok_or_else(|| rusqlite::Error::InvalidColumnName(self.to_string()))
    }
}

impl Row<'_> {
    pub(crate) fn get<I: Column, T: FromSql>(&self, column: I) -> Result<T> {
        match self {
            Row::Sqlite(row) => row.get(column),
            Row::Postgres(row) => {
                let place = column.place(row)?;
                let value = value(row, place)?;
                T::column_result((&value).into())
                    .map_err(|error| rusqlite::Error::FromSqlConversionFailure(place, value.data_type(), Box::new(error)))
            }
        }
    }
}

/// Values for the `?` of a statement.
pub(crate) trait Params {
    fn values(&self) -> Vec<&dyn ToSql>;
}

impl Params for [&(dyn ToSql + Send + Sync); 0] {
    fn values(&self) -> Vec<&dyn ToSql> {
        Vec::new()
    }
}

macro_rules! lists {
    ($($length:literal)*) => {
        $(impl<T: ToSql> Params for [T; $length] {
            fn values(&self) -> Vec<&dyn ToSql> {
                self.iter().map(|value| value as &dyn ToSql).collect()
            }
        })*
    };
}
lists!(1 2 3 4 5 6);

impl Params for &[&dyn ToSql] {
    fn values(&self) -> Vec<&dyn ToSql> {
        self.to_vec()
    }
}

impl Params for Vec<Value> {
    fn values(&self) -> Vec<&dyn ToSql> {
        self.iter().map(|value| value as &dyn ToSql).collect()
    }
}

/// The values in a list.
pub(crate) fn params_from_iter(values: Vec<Value>) -> Vec<Value> {
    values
}

/// A statement that can be run again and again.
pub(crate) enum Statement<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(&'c Postgres, String),
}

impl Statement<'_> {
    pub(crate) fn execute(&mut self, params: impl Params) -> Result<usize> {
        match self {
            Statement::Sqlite(statement) => statement.execute(rusqlite::params_from_iter(params.values())),
            Statement::Postgres(postgres, sql) => postgres.execute(sql, &params.values()),
        }
    }

    /// Hands on one row after the other.
    pub(crate) fn each(&mut self, params: impl Params, mut take: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match self {
            Statement::Sqlite(statement) => {
                let mut rows = statement.query(rusqlite::params_from_iter(params.values()))?;
                while let Some(row) = rows.next()? {
                    take(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Statement::Postgres(postgres, sql) => postgres.each(sql, &params.values(), |row| take(&Row::Postgres(row))),
        }
    }

    pub(crate) fn query_map<T>(
        &mut self,
        params: impl Params,
        mut of: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<std::vec::IntoIter<Result<T>>> {
        let mut found = Vec::new();
        self.each(params, |row| {
            found.push(of(row));
            Ok(())
        })?;
        Ok(found.into_iter())
    }

    pub(crate) fn query_row<T>(&mut self, params: impl Params, of: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        let (mut of, mut found) = (Some(of), None);
        self.each(params, |row| {
            if let Some(of) = of.take() {
                found = Some(of(row)?);
            }
            Ok(())
        })?;
        found.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    pub(crate) fn exists(&mut self, params: impl Params) -> Result<bool> {
        self.query_row(params, |_| Ok(())).optional().map(|found| found.is_some())
    }
}

impl Connection {
    pub(crate) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Connection::Sqlite(connection) => connection.prepare_cached(sql).map(Statement::Sqlite),
            Connection::Postgres(postgres) => Ok(Statement::Postgres(postgres, sql.to_string())),
        }
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        self.prepare_cached(sql)
    }

    pub(crate) fn query_row<T>(&self, sql: &str, params: impl Params, of: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        self.prepare_cached(sql)?.query_row(params, of)
    }

    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    /// The number of the row that was inserted last.
    pub(crate) fn last_insert_rowid(&self) -> i64 {
        match self {
            Connection::Sqlite(connection) => connection.last_insert_rowid(),
            Connection::Postgres(_) => self.query_row("SELECT lastval()", [], |row| row.get(0)).unwrap_or(0),
        }
    }

    /// Is no transaction open?
    pub(crate) fn is_autocommit(&self) -> bool {
        match self {
            Connection::Sqlite(connection) => connection.is_autocommit(),
            Connection::Postgres(postgres) => !postgres.is_open(),
        }
    }

    /// Nobody else writes from now on.
    pub(crate) fn begin(&self) -> Result<()> {
        match self {
            Connection::Sqlite(connection) => connection.execute_batch("BEGIN IMMEDIATE"),
            Connection::Postgres(postgres) => postgres.begin(),
        }
    }

    /// Keeps what was done since.
    pub(crate) fn commit(&self) -> Result<()> {
        match self {
            Connection::Sqlite(connection) => connection.execute_batch("COMMIT"),
            Connection::Postgres(postgres) => postgres.end("COMMIT"),
        }
    }

    /// Undoes what was done since; a full disk may have ended it already.
    pub(crate) fn roll_back(&self) {
        let _ = match self {
            Connection::Sqlite(connection) => connection.execute_batch("ROLLBACK"),
            Connection::Postgres(postgres) => postgres.end("ROLLBACK"),
        };
    }

    /// A transaction in which nobody else writes; undone unless it is committed.
    pub(crate) fn transaction(&self) -> Result<Transaction<'_>> {
        self.begin()?;
        Ok(Transaction { connection: self, open: true })
    }
}

/// Several changes as one.
pub(crate) struct Transaction<'c> {
    connection: &'c Connection,
    open: bool,
}

impl Transaction<'_> {
    pub(crate) fn commit(mut self) -> Result<()> {
        self.connection.commit()?;
        self.open = false;
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.connection.roll_back();
        }
    }
}
