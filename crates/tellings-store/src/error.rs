//! What can go wrong with a store.

use rusqlite::ErrorCode;
use std::fmt;
use std::path::{Path, PathBuf};

/// Something about the file, the disk, or another program.
#[derive(Debug)]
pub struct Error {
    doing: String,
    path: PathBuf,
    kind: Kind,
    cause: Option<Box<rusqlite::Error>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Missing,
    NotAStore,
    Newer(i64),
    Older(i64),
    Exists,
    Query,
    Other,
}

impl Error {
    pub(crate) fn new(doing: impl Into<String>, path: &Path, cause: rusqlite::Error) -> Error {
        Error { doing: doing.into(), path: path.into(), kind: Kind::Other, cause: Some(Box::new(cause)) }
    }

    pub(crate) fn missing(path: &Path) -> Error {
        Error { doing: "open".into(), path: path.into(), kind: Kind::Missing, cause: None }
    }

    pub(crate) fn foreign(path: &Path) -> Error {
        Error { doing: "open".into(), path: path.into(), kind: Kind::NotAStore, cause: None }
    }

    pub(crate) fn newer(path: &Path, version: i64) -> Error {
        Error { doing: "open".into(), path: path.into(), kind: Kind::Newer(version), cause: None }
    }

    pub(crate) fn older(path: &Path, version: i64) -> Error {
        Error { doing: "open".into(), path: path.into(), kind: Kind::Older(version), cause: None }
    }

    pub(crate) fn exists(path: &Path) -> Error {
        Error { doing: "write".into(), path: path.into(), kind: Kind::Exists, cause: None }
    }

    pub(crate) fn query(words: &str, path: &Path) -> Error {
        Error { doing: format!("search for `{words}` in"), path: path.into(), kind: Kind::Query, cause: None }
    }

    fn code(&self) -> Option<ErrorCode> {
        self.cause.as_ref()?.sqlite_error_code()
    }

    /// Another program was writing all the while.
    pub fn is_busy(&self) -> bool {
        matches!(self.code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// The file may not be written.
    pub fn is_read_only(&self) -> bool {
        matches!(self.code(), Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied))
    }

    /// There is no room left.
    pub fn is_full(&self) -> bool {
        self.code() == Some(ErrorCode::DiskFull)
    }

    /// The file has an earlier layout and may not be written, so that it cannot be brought to the present one.
    pub fn is_older(&self) -> bool {
        matches!(self.kind, Kind::Older(_))
    }

    /// What was looked for has no words.
    pub fn is_query(&self) -> bool {
        self.kind == Kind::Query
    }

    /// There is no such file.
    pub fn is_missing(&self) -> bool {
        self.kind == Kind::Missing
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {} the store `{}`: ", self.doing, self.path.display())?;
        match (self.kind, self.code()) {
            (Kind::Missing, _) => write!(out, "there is none; `tellings add --store` makes one"),
            (Kind::NotAStore, _) => write!(out, "it is not a store of Tellings"),
            (Kind::Newer(version), _) => write!(out, "it was written by a later version of Tellings (layout {version})"),
            (Kind::Older(version), _) => write!(
                out,
                "it was written by an earlier version of Tellings (layout {version}) and may not be written; copy it to where it may be"
            ),
            (Kind::Exists, _) => write!(out, "the file is there already"),
            (Kind::Query, _) => write!(out, "no words are left to look for"),
            (_, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => write!(out, "another program is writing to it"),
            (_, Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied)) => write!(out, "it may not be written"),
            (_, Some(ErrorCode::DiskFull)) => write!(out, "the disk is full; what was committed before is kept"),
            (_, Some(ErrorCode::NotADatabase)) => write!(out, "it is not a store of Tellings"),
            (_, Some(ErrorCode::DatabaseCorrupt)) => write!(out, "it is damaged"),
            (_, Some(ErrorCode::CannotOpen)) => write!(out, "it cannot be opened"),
            _ => match &self.cause {
                Some(cause) => write!(out, "{cause}"),
                None => write!(out, "for no known reason"),
            },
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|c| c as _)
    }
}
