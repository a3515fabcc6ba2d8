//! Date candidates, and which of them is the day of publication.

use crate::stamp::{self, Order, Stamp};
use jiff::ToSpan;
use jiff::civil::Date;
use tellings_doc::{Basis, DateCandidate, Precision, Problem, Published};

/// A date from markup or an input field.
pub(crate) fn metadata(field: &str, rule: &'static str) -> Option<DateCandidate> {
    metadata_as(field, rule, Order::Unsure)
}

/// As [`metadata`], where the order of days and months in figures may be known.
pub(crate) fn metadata_as(field: &str, rule: &'static str, order: Order) -> Option<DateCandidate> {
    stamp::field(field, order).map(|stamp| DateCandidate { span: None, ..candidate(stamp, Basis::Metadata, rule) })
}

fn candidate(stamp: Stamp, basis: Basis, rule: &'static str) -> DateCandidate {
    let Stamp { value, range, precision, span } = stamp;
    DateCandidate { value, range, precision, basis, span: Some(span), rule: rule.into() }
}

/// Dates stamped in the text's own credit lines; those of changes come last.
pub(crate) fn stated(stamps: &[(Stamp, bool)]) -> Vec<DateCandidate> {
    let of = |changed: bool, rule: &'static str| {
        let stamps = stamps.iter().filter(move |(_, c)| *c == changed);
        stamps.map(move |(stamp, _)| candidate(stamp.clone(), Basis::Stated, rule))
    };
    of(false, "article.credit-line").chain(of(true, "article.updated-line")).collect()
}

/// The date in an address: `/2016/09/06/`, `/2016-09-06-`, `/20160906/`; a month where no day follows.
pub(crate) fn url(url: &str) -> Option<DateCandidate> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let parts: Vec<&str> = path.split(['/', '-', '_', '.', '+']).collect();
    let figures = |word: &str, lengths: std::ops::RangeInclusive<usize>| {
        (lengths.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse::<i16>().ok()).flatten()
    };
    let year = |word: &str| figures(word, 4..=4).filter(|y| (1990..2100).contains(y));
    let month = |word: &str| {
        figures(word, 1..=2).filter(|m| (1..=12).contains(m)).or_else(|| stamp::month(word).filter(|_| word.len() <= 9))
    };
    let day = |y: i16, m: i16, d: i16| Date::new(y, m as i8, i8::try_from(d).ok()?).ok();
    let at_day = |date: Date| {
        let range = tellings_doc::DateRange::day(date);
        DateCandidate {
            value: date.to_string(),
            range,
            precision: Precision::Day,
            basis: Basis::Url,
            span: None,
            rule: "article.url".into(),
        }
    };
    for (i, part) in parts.iter().enumerate().skip(1) {
        if let (Some(y), Some(m), Some(d)) =
            (year(part), parts.get(i + 1).and_then(|p| month(p)), parts.get(i + 2).and_then(|p| figures(p, 1..=2)))
            && let Some(date) = day(y, m, d)
        {
            return Some(at_day(date));
        }
        if part.len() == 8
            && part.bytes().all(|b| b.is_ascii_digit())
            && let (Some(y), Some(m), Some(d)) = (year(&part[..4]), month(&part[4..6]), figures(&part[6..], 2..=2))
            && let Some(date) = day(y, m, d)
        {
            return Some(at_day(date));
        }
    }
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(2).skip(1).find_map(|pair| {
        let first = day(year(pair[0])?, figures(pair[1], 2..=2).filter(|m| (1..=12).contains(m))?, 1)?;
        Some(DateCandidate {
            value: first.strftime("%Y-%m").to_string(),
            range: tellings_doc::DateRange::month(first),
            precision: Precision::Month,
            basis: Basis::Url,
            span: None,
            rule: "article.url".into(),
        })
    })
}

/// The date of publication among the candidates (best first): the best one that is not in the future. Moves it to the
/// front, and says where the candidates contradict each other.
pub(crate) fn choose(dates: &mut Vec<DateCandidate>, today: Option<Date>, problems: &mut Vec<Problem>) -> Option<Published> {
    // A day's grace: it may be tomorrow already where the report was written.
    let limit = today.and_then(|today| today.checked_add(1.day()).ok());
    let future = |date: &DateCandidate| limit.is_some_and(|limit| date.range.first > limit);
    for date in dates.iter().filter(|d| future(d)) {
        let note = format!("a date of publication, {}, lies in the future and is not used", date.value);
        problems.push(Problem { kind: "future-date", span: date.span, note });
    }
    let usable = |date: &DateCandidate| !future(date);
    let to_day = |date: &DateCandidate| date.range.is_day();
    let best = dates.iter().position(|d| usable(d) && to_day(d)).or_else(|| dates.iter().position(usable))?;
    let best = local(dates, best);
    let date = dates.remove(best);
    // Two papers' clocks may be a day apart; a change is later by nature.
    let differs = |other: &DateCandidate| {
        let apart = date.range.first.until(other.range.first).map_or(0, |gap| gap.get_days()).abs();
        !date.range.touches(other.range) && apart > 1 && other.rule != "article.updated-line" && other.rule != "article.modified"
    };
    if let Some(other) = dates.iter().find(|d| usable(d) && differs(d)) {
        let note = format!(
            "dates of publication differ: {} ({}) is used, {} ({}) is not",
            date.value,
            date.basis.as_str(),
            other.value,
            other.basis.as_str()
        );
        problems.push(Problem { kind: "date-conflict", span: other.span, note });
    }
    dates.insert(0, date.clone());
    let DateCandidate { value, range, precision, basis, span, rule } = date;
    Some(Published { value, range, precision, basis, span, from: Vec::new(), rule })
}

/// Where the best stamp is in universal time and another gives the same moment with its own zone, or the address gives the
/// day before or after: that other one, as it has the day on which the report was published where it was written.
fn local(dates: &[DateCandidate], best: usize) -> usize {
    let date = &dates[best];
    let universal = date.value.ends_with('Z') || date.value.ends_with("+00:00");
    if !universal || date.value.len() < 17 {
        return best;
    }
    let moment = |value: &str| {
        value.parse::<jiff::Timestamp>().ok().or_else(|| format!("{}:00{}", value.get(..16)?, value.get(16..)?).parse().ok())
    };
    let own = moment(&date.value);
    let same = |other: &DateCandidate| {
        own.is_some()
            && other.value.len() > 16
            && moment(&other.value).zip(own).is_some_and(|(a, b)| (a.as_second() - b.as_second()).abs() <= 120)
    };
    let zoned = dates.iter().position(|other| same(other) && other.range != date.range);
    let apart = |other: &DateCandidate| date.range.first.until(other.range.first).map_or(0, |gap| gap.get_days()).abs();
    zoned
        .or_else(|| dates.iter().position(|other| other.basis == Basis::Url && other.range.is_day() && apart(other) == 1))
        .unwrap_or(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_addresses() {
        let value = |u: &str| url(u).map(|d| d.value).unwrap_or_default();
        assert_eq!(value("https://news.example/2014/03/06/talks-resume"), "2014-03-06");
        assert_eq!(value("https://news.example/world/2014/mar/06/talks"), "2014-03-06");
        assert_eq!(value("https://news.example/talks-2014-03-06.html"), "2014-03-06");
        assert_eq!(value("https://news.example/20140306/talks"), "2014-03-06");
        assert_eq!(value("https://news.example/2014/03/talks"), "2014-03");
        assert_eq!(value("https://news.example/id/20149906"), "");
    }
}
