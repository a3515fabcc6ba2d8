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

/// Days of parts that expressions are read against.
const DAYS: usize = 8;

/// The time expressions of an article, in text order, resolved against its date of publication where it has one and
/// symbolic (`XXXX-WXX-4`, with [`Time::relative`]) where it has none. Where the date is only known to be one of a few
/// days, an expression is resolved if it means the same whichever day it is. What a part of another day tells is read
/// against that day.
pub fn times(article: &Article, parse: &Parse) -> Vec<Time> {
    let published = article.published.as_ref().map(|published| published.range);
    let mut times = of(&article.text, published, parse);
    let parts = || article.part_dates.iter().map(|part| (part.span, part.published.range)).filter(|part| part.1.is_day());
    let mut days: Vec<DateRange> = parts().map(|part| part.1).filter(|day| Some(*day) != published).collect();
    days.sort_by_key(|day| day.first);
    days.dedup();
    for day in days.into_iter().take(DAYS) {
        let of_day = of(&article.text, Some(day), parse);
        let mut spans = parts().filter(|part| part.1 == day).map(|part| part.0).peekable();
        for (time, own) in times.iter_mut().zip(of_day) {
            while spans.next_if(|span| span.end() <= time.span.start()).is_some() {}
            if spans.peek().is_some_and(|span| span.covers(time.span)) {
                *time = own;
            }
        }
    }
    times
}

/// The time expressions of a text that was published on one of these days.
fn of(text: &str, published: Option<DateRange>, parse: &Parse) -> Vec<Time> {
    let Some(range) = published.filter(|range| !range.is_day() && range.days() <= NEARLY_A_DAY) else {
        return read::times(text, published, parse);
    };
    let on = |day| read::times(text, Some(DateRange::day(day)), parse);
    let (first, last, open) = (on(range.first), on(range.last), read::times(text, None, parse));
    let agree = |(one, other): (Time, Time)| (one.value == other.value && one.span == other.span).then_some(one);
    first.into_iter().zip(last).map(agree).zip(open).map(|(agreed, open)| agreed.unwrap_or(open)).collect()
}
