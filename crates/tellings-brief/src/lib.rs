//! A record to a brief for people: composed, cited, as text, Markdown or HTML.
//!
//! [`compose`] makes a list of blocks from the record; the three writers only set them. Every line carries the citations it
//! rests on; nothing is said that is not in the record.

mod compose;
mod html;
mod markdown;
mod phrases;
mod text;

pub use compose::{Block, Line, compose};
pub use html::html;
pub use markdown::markdown;
pub use text::text;
