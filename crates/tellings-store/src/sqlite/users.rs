//! Users, their tokens, and what was done.

use crate::driver::{Connection, Row, params};
use crate::{AuditRow, TokenRow, UserRow};
use rusqlite::Result;

pub(super) fn users(connection: &Connection) -> Result<Vec<UserRow>> {
    let row = |row: &Row<'_>| Ok(UserRow { name: row.get(0)?, role: row.get(1)?, hash: row.get(2)?, made: row.get(3)? });
    connection.prepare_cached("SELECT name, role, hash, made FROM users ORDER BY name")?.query_map([], row)?.collect()
}

pub(super) fn keep_user(connection: &Connection, user: &UserRow) -> Result<()> {
    let write = "INSERT INTO users (name, role, hash, made) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash";
    let row = params![user.name, user.role, user.hash, user.made];
    connection.prepare_cached(write)?.execute(row).map(|_| ())
}

pub(super) fn drop_user(connection: &Connection, name: &str) -> Result<bool> {
    connection.execute("DELETE FROM tokens WHERE name = ?", [name])?;
    Ok(connection.execute("DELETE FROM users WHERE name = ?", [name])? > 0)
}

pub(super) fn tokens(connection: &Connection) -> Result<Vec<TokenRow>> {
    let row = |row: &Row<'_>| Ok(TokenRow { hash: row.get(0)?, name: row.get(1)?, note: row.get(2)?, made: row.get(3)? });
    connection
        .prepare_cached("SELECT hash, name, note, made FROM tokens ORDER BY name, made, hash")?
        .query_map([], row)?
        .collect()
}

pub(super) fn keep_token(connection: &Connection, token: &TokenRow) -> Result<()> {
    let write = "INSERT INTO tokens (hash, name, note, made) VALUES (?, ?, ?, ?)";
    connection.prepare_cached(write)?.execute(params![token.hash, token.name, token.note, token.made]).map(|_| ())
}

pub(super) fn drop_token(connection: &Connection, hash: &str) -> Result<bool> {
    Ok(connection.execute("DELETE FROM tokens WHERE hash = ?", [hash])? > 0)
}

pub(super) fn audit(connection: &Connection, row: &AuditRow) -> Result<()> {
    let write = "INSERT INTO audit (made, name, address, action, note) VALUES (?, ?, ?, ?, ?)";
    connection.prepare_cached(write)?.execute(params![row.made, row.name, row.address, row.action, row.note]).map(|_| ())
}

pub(super) fn audited(connection: &Connection, limit: usize, skip: usize) -> Result<Vec<AuditRow>> {
    let select = "SELECT made, name, address, action, note FROM audit ORDER BY number DESC LIMIT ? OFFSET ?";
    let row = |row: &Row<'_>| {
        Ok(AuditRow { made: row.get(0)?, name: row.get(1)?, address: row.get(2)?, action: row.get(3)?, note: row.get(4)? })
    };
    connection.prepare_cached(select)?.query_map(params![limit as i64, skip as i64], row)?.collect()
}
