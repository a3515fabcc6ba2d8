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

use tellings_doc::{Article, DateRange, Parse, Time};

/// Days that a date of publication may leave open for expressions to be read against it all the same.
const NEARLY_A_DAY: i64 = 4;

/// The time expressions of an article, in text order, resolved against its date of publication where it has one and
/// symbolic (`XXXX-WXX-4`, with [`Time::relative`]) where it has none. Where the date is only known to be one of a few
/// days, an expression is resolved if it means the same whichever day it is.
pub fn times(article: &Article, parse: &Parse) -> Vec<Time> {
    let text = article.text.as_str();
    let published = article.published.as_ref().map(|published| published.range);
    let Some(range) = published.filter(|range| !range.is_day() && range.days() <= NEARLY_A_DAY) else {
        return read::times(text, published, parse);
    };
    let on = |day| read::times(text, Some(DateRange::day(day)), parse);
    let (first, last, open) = (on(range.first), on(range.last), read::times(text, None, parse));
    let agree = |(one, other): (Time, Time)| (one.value == other.value && one.span == other.span).then_some(one);
    first.into_iter().zip(last).map(agree).zip(open).map(|(agreed, open)| agreed.unwrap_or(open)).collect()
}
