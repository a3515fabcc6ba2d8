//! Users' own dictionaries of the TABARI and PETRARCH family: text to tables, and a list of the lines that could not be read.
//!
//! Nothing here stops at a bad line: it is told with file, line and a hint, and the rest is read. What the formats are and how
//! the tables are used is told in `docs/dictionaries.md`.

mod actors;
mod discards;
mod lines;
mod names;
mod verbs;
mod words;

#[cfg(test)]
mod tests;

pub use actors::{ActorDictionary, Code, Entry, Piece};
pub use discards::Discards;
pub use verbs::{Element, EventCodes, Gap, Pattern, VerbDictionary, VerbEntry, What};
pub use words::{Words, pieces, singulars};

use std::fmt;

/// A line of a dictionary that could not be used, in full or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The file's name, as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n  hint: {}", self.file, self.line, self.message, self.hint)
    }
}

/// Collects the bad lines of one file.
pub(crate) struct Report<'a> {
    pub(crate) file: &'a str,
    pub(crate) bad: Vec<BadLine>,
}

impl Report<'_> {
    pub(crate) fn add(&mut self, line: usize, message: impl Into<String>, hint: &'static str) {
        self.bad.push(BadLine { file: self.file.to_string(), line, message: message.into(), hint });
    }
}

/// The name of a file without its folders: what values name as their source, the same on every machine.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
