//! A record to a brief for people: composed, cited, as text, Markdown or HTML.
//!
//! [`compose`] makes a list of blocks from the record; the three writers only set them. Every line carries the citations it
//! rests on; nothing is said that is not in the record.

mod acts;
mod budget;
mod cast;
mod chart;
mod compose;
mod events;
mod html;
mod markdown;
mod phrases;
mod stance;
mod statement;
mod svg;
mod tell;
mod text;

pub use budget::length;
pub use chart::{Chart, Lane, Mark, Node};
pub use compose::{Block, Line, best_told, compose};
pub use html::html;
pub use markdown::markdown;
pub use svg::figure;
pub use text::text;

/// What a brief is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// About so many words for a main story and the side stories told beside it, sources not counted; `None`: all there is.
    pub words: Option<usize>,
    /// A day (ISO): what only reports from this day on tell is put first.
    pub since: Option<String>,
}
