//! Fixtures with marks under the words, and the checks that read them (tests only).
//!
//! A fixture file holds cases. Each case has a title, options, and lines of text; under a line of text stand its marks,
//! one a line, carets under the words and a label behind them. Columns count characters.
//!
//! ```text
//! @only event actor
//!
//! == passive: the agent after `by` is the actor
//! @date 2024-03-06
//! Two reporters were detained by police in Minsk on Monday.
//!                    ^^^^^^^^ e1 event COERCE arrest actual
//!                                ^^^^^^ e1 actor
//! ```
//!
//! Every line of text is a paragraph of its own (paragraphs are joined by a blank line). Options before the first `==`
//! hold for all cases of the file: `@date` (day of publication), `@title`, `@only WORD…` (compare only the marks that
//! have one of these words in their label), `@some` (compare only marks on words that have an expected mark). A label
//! that ends in `…` asks for its words in any label that has them; `…` alone asks that the words are marked at all. Lines that start with `#` outside a case's text are remarks.
//! `UPDATE=1 cargo test` rewrites the marks with what the program finds; read the diff before keeping it.

pub mod fixture;
pub mod floors;
pub mod folder;
pub mod mutate;
pub mod server;
pub mod sound;
pub mod tls;

pub use fixture::{Case, Mark, check_folder};
pub use folder::Folder;
