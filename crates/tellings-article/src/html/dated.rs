//! Dates of a page: those that its markup gives and those that it shows to readers, and in which order they are to be
//! trusted as the day of publication.
//!
//! What stands beside the headline is what the page states, and goes before markup that says otherwise: markup is often the
//! template's, the system's last export, or the first of many versions. Where both name the same day, the markup's stamp is
//! taken, which has the time and the zone.

use crate::dates;
use crate::stamp::{self, Order};
use jiff::civil::Date;
use tellings_doc::{DateCandidate, DateRange};

/// What the words at a date say it is the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Published,
    Changed,
    Nothing,
}

/// A date of the page as it was found.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    /// How far its source is to be trusted: less is better.
    pub(super) rank: u8,
    /// What read it.
    pub(super) rule: &'static str,
    /// Its words.
    pub(super) value: String,
    /// Where it stands, if readers see it.
    pub(super) at: Option<usize>,
    /// What the words before it say.
    pub(super) said: Said,
}

/// Rank of dates in the data of a page's scripts: any date that is shown is better.
pub(super) const DATA: u8 = 7;

/// A page whose markup gives a first day of publication, and that shows only a later change: up to so many days apart the
/// text is taken to be that of the first day, with corrections; beyond, to be a new one.
const CORRECTED: i32 = 7;

/// Bytes of text before and after the headline where a date is likely this report's.
const BESIDE: std::ops::RangeInclusive<i64> = -600..=1800;

/// Bytes after the headline where a date that stands alone is the report's, whatever the markup says.
const BELOW: std::ops::RangeInclusive<i64> = -20..=700;

/// What the words before a date say of it: "Last updated:", "Posted on".
pub(super) fn said(before: &str) -> Said {
    let tail = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = tail.len().saturating_sub(40);
    let start = (start..=tail.len()).find(|&i| tail.is_char_boundary(i)).unwrap_or(tail.len());
    let lower = tail[start..].to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    while matches!(words.last(), Some(&("on" | "the" | "at" | "date" | "time" | "was" | "is"))) {
        words.pop();
    }
    match words.last() {
        Some(&("updated" | "update" | "modified" | "reviewed" | "edited" | "revised" | "changed" | "modification")) => {
            Said::Changed
        }
        Some(&("published" | "publish" | "posted" | "publication" | "issued")) => Said::Published,
        _ => Said::Nothing,
    }
}

/// What a name in the markup (a class, an attribute) says of a date.
pub(super) fn named(name: &str) -> Said {
    let name = name.to_ascii_lowercase();
    if name.contains("modif") || name.contains("updat") {
        Said::Changed
    } else if name.contains("publish") || name.contains("pubdate") || name.contains("posted") {
        Said::Published
    } else {
        Said::Nothing
    }
}

/// The dates in a line of the page's text, each with where it starts, its words and what the words before it say; `before`
/// is the line before.
pub(super) fn of_line<'a>(line: &'a str, before: &str) -> Vec<(usize, &'a str, Said)> {
    let mut found = Vec::new();
    let mut from = 0;
    while found.len() < 3
        && let Some(stamp) = stamp::find_as(&line[from..], from, Order::DayFirst)
            .or_else(|| stamp::find_as(&line[from..], from, Order::MonthFirst))
    {
        let words = &line[from..stamp.span.start()];
        let said = if from == 0 && words.trim().is_empty() { said(before) } else { said(words) };
        from = stamp.span.end();
        found.push((stamp.span.start(), stamp.span.of(line), said));
    }
    found
}

/// A date that was understood.
struct Read {
    dated: Dated,
    date: DateCandidate,
    /// Bytes of text from the headline to it, if it is shown beside it.
    beside: Option<i64>,
}

impl Read {
    fn day(&self) -> Option<Date> {
        self.date.range.is_day().then_some(self.date.range.first)
    }

    fn changed(&self) -> bool {
        self.dated.said == Said::Changed
    }

    /// Shown beside the headline, not as that of a change.
    fn shown(&self) -> bool {
        self.beside.is_some() && !self.changed()
    }

    fn markup(&self) -> bool {
        self.dated.at.is_none() && !self.changed() && self.dated.rank < DATA
    }
}

/// The candidates for the day of publication, best first; `offset` is how far from the headline a place is, `url` the day in
/// the page's address.
pub(super) fn settle(
    mut found: Vec<Dated>,
    offset: impl Fn(usize) -> Option<i64>,
    order: Order,
    url: Option<DateRange>,
) -> Vec<DateCandidate> {
    found.sort_by_key(|d| d.rank);
    let order = usual(&found, order);
    found.retain(|d| d.rank < OTHER);
    let read: Vec<Read> = found
        .into_iter()
        .filter_map(|dated| {
            let date = dates::metadata_as(&dated.value, dated.rule, order)?;
            let beside = dated.at.and_then(&offset).filter(|at| BESIDE.contains(at));
            Some(Read { dated, date, beside })
        })
        .collect();
    let far = |r: &Read| r.dated.at.is_some() && r.beside.is_none() && !r.changed();
    let lone = |r: &Read| read.iter().filter(|other| far(other)).all(|other| other.date.range == r.date.range);
    let class = |r: &Read| match () {
        () if r.markup() => Some(1),
        () if r.shown() => Some(2),
        () if r.dated.at.is_none() && !r.changed() => Some(3),
        () if r.beside.is_some() => Some(4),
        () if r.changed() => Some(7),
        // Of several far ones none can be told to be this report's, unless it says so.
        () if r.dated.rank == FAR_LINE => Some(5),
        () => lone(r).then_some(6),
    };
    let mut ranked: Vec<(u8, &Read)> = read.iter().filter_map(|r| Some((class(r)?, r))).collect();
    ranked.extend(lead(&read, url).map(|lead| (0, lead)));
    ranked.sort_by_key(|(class, _)| *class);
    let mut dates: Vec<DateCandidate> = Vec::new();
    for (class, r) in ranked {
        let doubtful = matches!(class, 5 | 6);
        if !dates.iter().any(|d| d.value == r.date.value) && (!doubtful || dates.is_empty()) {
            dates.push(r.date.clone());
        }
    }
    dates
}

/// The date that goes before all others, where shown and marked-up dates have to be weighed.
fn lead(read: &[Read], url: Option<DateRange>) -> Option<&Read> {
    let markup = || read.iter().filter(|r| r.markup() && r.day().is_some());
    let shown = || read.iter().filter(|r| r.shown() && r.day().is_some());
    // Markup that the address or the shown date bears out.
    let addressed = |r: &&Read| url.is_some_and(|url| url.covers(r.date.range));
    let borne = markup()
        .find(|m| url.is_some_and(|url| url.is_day()) && addressed(m))
        .or_else(|| markup().find(|m| shown().any(|s| s.day() == m.day())));
    if borne.is_some() {
        return borne;
    }
    // A date below the headline that says what it is, or that is the only one, if markup says otherwise; unless markup
    // calls it a change's.
    let changes = |day: Option<Date>| read.iter().any(|r| r.changed() && r.day() == day);
    let mut stated = shown().filter(|s| !changes(s.day()));
    let below = |s: &&Read| s.dated.rank <= LINE && s.beside.is_some_and(|at| BELOW.contains(&at));
    let first = stated.clone().find(below);
    let said = stated.clone().find(|s| below(s) && s.dated.said == Said::Published).or_else(|| shown().find(addressed));
    if let Some(stated) = said.or(first.filter(|first| markup().next().is_none() || stated.all(|s| s.day() == first.day()))) {
        return Some(stated);
    }
    let last = read.iter().find(|r| r.beside.is_some() && r.changed() && r.day().is_some())?;
    let Some(first) = markup().next() else { return shown().next().or(Some(last)) };
    let gap = first.day().zip(last.day()).and_then(|(a, b)| a.until(b).ok()).map_or(0, |gap| gap.get_days());
    // OpenGraph declares the first day on purpose; other markup is often filled in by the page's system.
    let declared = markup().any(|m| m.dated.rule == "article.published-time");
    (gap > CORRECTED && !declared).then_some(last)
}

/// In which order the page writes days and months in figures: as one of its dates shows, or as usual where it comes from.
fn usual(found: &[Dated], order: Order) -> Order {
    let day = |d: &Dated, order| dates::metadata_as(&d.value, d.rule, order).filter(|d| d.range.is_day()).map(|d| d.range.first);
    let clear: Vec<Date> = found.iter().filter(|d| !in_figures(&d.value)).filter_map(|d| day(d, Order::Unsure)).collect();
    let borne = |order| {
        let read = found.iter().filter(|d| in_figures(&d.value)).filter_map(|d| day(d, order));
        read.filter(|day| clear.contains(day)).count()
    };
    match (borne(Order::DayFirst), borne(Order::MonthFirst)) {
        (day, month) if day > month => Order::DayFirst,
        (day, month) if day < month => Order::MonthFirst,
        _ => order,
    }
}

/// Is it `06/09/2016` or `6.9.2016`?
fn in_figures(date: &str) -> bool {
    let head = date.trim().as_bytes();
    let digits = head.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=2).contains(&digits) && head.get(digits).is_some_and(|b| matches!(b, b'/' | b'.' | b'-'))
}

/// Rank of a line of the text that is little but a date.
pub(super) const LINE: u8 = 6;

/// Rank of a line anywhere on the page that says "Published" before its date.
pub(super) const FAR_LINE: u8 = 8;

/// Rank of the other dates on the page, which only show how it writes dates.
pub(super) const OTHER: u8 = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::meta::meta;

    /// The best date of a page with this head and body: value and rule.
    fn best(head: &str, body: &str) -> String {
        let page =
            format!("<html lang=\"en\"><head><title>Envoys meet again in Vienna</title>{head}</head><body>{body}</body></html>");
        meta(&page).dates.first().map(|d| format!("{} {}", d.value, d.rule)).unwrap_or_default()
    }

    const H1: &str = "<h1>Envoys meet again in Vienna</h1>";

    fn json(published: &str, modified: &str) -> String {
        format!(
            r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Envoys meet again in Vienna","datePublished":"{published}","dateModified":"{modified}"}}</script>"#
        )
    }

    #[test]
    fn shown_date_bears_out_markup() {
        let head = json("2019-03-06T22:10:00-05:00", "2019-03-08T09:00:00-05:00");
        assert_eq!(best(&head, &format!("{H1}<p>March 6, 2019</p>")), "2019-03-06T22:10:00-05:00 article.json-ld");
        // What is shown is the day of the change, says the markup.
        assert_eq!(best(&head, &format!("{H1}<p>March 8, 2019</p>")), "2019-03-06T22:10:00-05:00 article.json-ld");
        // The template's date is not the report's.
        assert_eq!(best(&head, &format!("{H1}<p>By Ann Lee | January 9, 2014</p>")), "2014-01-09 article.date-line");
        // A masthead's date is not either.
        assert_eq!(best(&head, &format!("<p>Friday, May 3, 2019</p>{H1}")), "2019-03-06T22:10:00-05:00 article.json-ld");
        // Of two dates none can be told to be the report's.
        let two = format!("{H1}<p>January 9, 2014</p><p>February 2, 2015</p>");
        assert_eq!(best(&head, &two), "2019-03-06T22:10:00-05:00 article.json-ld");
    }

    #[test]
    fn later_versions() {
        let head = json("2015-04-06T13:52:00Z", "2023-09-28T06:58:21Z");
        let body = format!("{H1}<div>Ann Lee</div><div>Last updated: Sept 28, 2023</div>");
        assert_eq!(best(&head, &body), "2023-09-28 article.shown-change");
        // Corrections of the same week leave the first day.
        let head = json("2023-09-25T13:52:00Z", "2023-09-28T06:58:21Z");
        assert_eq!(best(&head, &body), "2023-09-25T13:52:00Z article.json-ld");
        // The first day is declared.
        let head = r#"<meta property="article:published_time" content="2015-04-06T13:52:00Z">"#;
        assert_eq!(best(head, &body), "2015-04-06T13:52:00Z article.published-time");
        assert_eq!(best("", &body), "2023-09-28 article.shown-change");
        let body = format!("{H1}<p>Published Apr 26, 2021 Updated Aug 21, 2023</p>");
        assert_eq!(best(&json("2023-08-21", "2023-08-20"), &body), "2021-04-26 article.date-line");
    }

    #[test]
    fn days_and_months_in_figures() {
        let body = format!("{H1}<p>03/10/2021</p>");
        assert_eq!(best("", &body), "");
        assert_eq!(best(r#"<meta property="og:locale" content="en_GB">"#, &body), "2021-10-03 article.date-line");
        assert_eq!(best(r#"<link rel="canonical" href="https://news.example.com.au/a">"#, &body), "2021-10-03 article.date-line");
        assert_eq!(best(r#"<meta property="og:locale" content="en_US">"#, &body), "2021-03-10 article.date-line");
        // Another date of the page tells.
        let other = format!("{body}<ul><li>Envoys meet again - 3 October 2021</li></ul>");
        assert_eq!(best("", &other), "2021-10-03 article.date-line");
    }

    #[test]
    fn dates_in_odd_places() {
        assert_eq!(
            best("", &format!("{H1}<p>Text.</p><footer><span>Posted on April 13, 2021</span></footer>")),
            "2021-04-13 article.date-line"
        );
        assert_eq!(best(r#"<meta name="published-date" content="2021-02-16">"#, H1), "2021-02-16 article.meta");
        let blog = "<abbr class=\"published\" title=\"2017-09-09T10:52:00+02:00\">10:52</abbr>";
        assert_eq!(best("", &format!("{H1}{blog}")), "2017-09-09T10:52:00+02:00 article.time");
        // The words of a `time` element are the day where the report was written.
        let time = r#"<time datetime="2021-02-16T01:10:00Z">February 15, 2021</time>"#;
        assert_eq!(best("", &format!("{H1}{time}")), "2021-02-15 article.time");
        assert_eq!(
            best("", "<h2>Envoys meet again in Vienna</h2><p>Feb. 15, 2021</p><h1>What they want</h1>"),
            "2021-02-15 article.date-line"
        );
    }

    #[test]
    fn what_words_say() {
        for (words, what) in [
            ("Last updated:", Said::Changed),
            ("by Ann Lee • Updated on ", Said::Changed),
            ("Posted on the", Said::Published),
            ("Publication date", Said::Published),
            ("By Ann Lee", Said::Nothing),
            ("", Said::Nothing),
        ] {
            assert_eq!(said(words), what, "{words}");
        }
    }
}
