//! Time expressions and a reference date to dated intervals.

use tellings_doc::{Article, Parse, Time};

/// The time expressions of an article, in text order, resolved against its date of publication where it has one and
/// symbolic (`XXXX-WXX-4`, with [`Time::relative`]) where it has none.
pub fn times(article: &Article, parse: &Parse) -> Vec<Time> {
    let _ = (article, parse);
    Vec::new()
}
