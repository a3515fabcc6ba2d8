//! Time expressions and a reference date to dated intervals.
//!
//! The text is cut into [`units`]; a table of rules (`data/rules.toml`) over a vocabulary (`data/words.tsv`) finds expressions
//! ([`pattern`]); what a match caught becomes [`fields`]; the fields and what was told before become a value ([`resolve`]).

mod fields;
mod holidays;
mod pattern;
mod read;
mod resolve;
mod rules;
#[cfg(test)]
mod tests;
mod units;
mod words;

use tellings_doc::{Article, Parse, Time};

/// The time expressions of an article, in text order, resolved against its date of publication where it has one and
/// symbolic (`XXXX-WXX-4`, with [`Time::relative`]) where it has none.
pub fn times(article: &Article, parse: &Parse) -> Vec<Time> {
    read::times(&article.text, article.published.as_ref().map(|published| published.range), parse)
}
