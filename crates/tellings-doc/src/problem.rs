//! Remarks on content.

use crate::Span;

/// Something about the content that a reader should know: never an error, always beside a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case name: `no-date`, `future-date`, `not-english`, `unbalanced-quote` …
    pub kind: &'static str,
    /// The words it is about, if it is about some.
    pub span: Option<Span>,
    /// One sentence for people.
    pub note: String,
}

impl Problem {
    /// A problem of the whole document.
    pub fn new(kind: &'static str, note: impl Into<String>) -> Problem {
        Problem { kind, span: None, note: note.into() }
    }

    /// A problem of the words at `span`.
    pub fn at(kind: &'static str, span: Span, note: impl Into<String>) -> Problem {
        Problem { kind, span: Some(span), note: note.into() }
    }
}
