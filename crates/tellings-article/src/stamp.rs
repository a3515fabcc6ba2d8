//! Dates and times as papers, pages and feeds stamp them: `12:00AM September 6, 2016`, `2016-09-06T10:00:00+02:00`,
//! `Tue, 06 Sep 2016 08:00:00 GMT`. Only absolute ones: a stamp without a year is no stamp.

use jiff::civil::{Date, Weekday};
use tellings_doc::{DateRange, Precision, Span};

/// A date of publication as it was stamped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stamp {
    /// ISO 8601, with time and zone as far as given.
    pub(crate) value: String,
    /// The days it may be.
    pub(crate) range: DateRange,
    /// How exactly it is given.
    pub(crate) precision: Precision,
    /// Its words.
    pub(crate) span: Span,
}

/// Which of `06/09/2016` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Not known: such a date is not read.
    Unsure,
    DayFirst,
    MonthFirst,
}

/// The first stamp in `text`, to the day at least; `from` is where `text` starts in the document.
pub(crate) fn find(text: &str, from: usize) -> Option<Stamp> {
    find_as(text, from, Order::Unsure)
}

/// As [`find`], where the order of days and months in figures may be known.
pub(crate) fn find_as(text: &str, from: usize, order: Order) -> Option<Stamp> {
    if !has_year(text) {
        return None;
    }
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| stamp(text, &tokens, at, from, order))
}

/// Has it four digits that stand alone, as every stamp has?
fn has_year(text: &str) -> bool {
    let mut run = 0;
    text.bytes().chain([b' ']).any(|b| {
        let ended = run == 4 && !b.is_ascii_digit();
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        ended
    })
}

/// The stamp that a metadata field holds: as [`find_as`], and also a bare month, a bare year, `20160906` and seconds
/// since 1970.
pub(crate) fn field(text: &str, order: Order) -> Option<Stamp> {
    let text = text.trim();
    if let Some(stamp) = find_as(text, 0, order) {
        return Some(stamp);
    }
    let span = Span::new(0, text.len());
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && matches!(text.len(), 10 | 13) {
        let seconds = text[..10].parse().ok()?;
        let time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        let value = format!("{}Z", time.strftime("%Y-%m-%dT%H:%M:%S"));
        return Some(Stamp { value, range: DateRange::day(time.date()), precision: Precision::Second, span });
    }
    if digits && matches!(text.len(), 8 | 14) {
        let date = date(number(&text[..4])?, number(&text[4..6])?, number(&text[6..8])?)?;
        return Some(Stamp { value: date.to_string(), range: DateRange::day(date), precision: Precision::Day, span });
    }
    let tokens = tokens(text);
    let year = |i: usize| tokens.get(i).and_then(|t| year(&text[t.range()]));
    let month = |i: usize| tokens.get(i).and_then(|t| month(&text[t.range()]));
    let first = match tokens.len() {
        1 => {
            let first = date(year(0)?, 1, 1)?;
            return Some(Stamp { value: text.to_string(), range: DateRange::year(first), precision: Precision::Year, span });
        }
        2 => date(year(1)?, month(0)?, 1)?,
        3 if matches!(&text[tokens[1].range()], "-" | "/") => date(year(0)?, number(&text[tokens[2].range()])?, 1)?,
        3 => date(year(2)?, month(0)?, 1)?,
        _ => return None,
    };
    let value = first.strftime("%Y-%m").to_string();
    Some(Stamp { value, range: DateRange::month(first), precision: Precision::Month, span })
}

/// The month of that name or abbreviation, 1..=12.
pub(crate) fn month(word: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) || word.len() < 3 {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let whole = |name: &str| {
        lower == name || lower == name[..3] || (name == "september" && lower == "sept") || (name == "june" && lower == "june")
    };
    MONTHS.iter().position(|name| whole(name)).map(|i| i as i16 + 1)
}

/// Is it the name of a day of the week, or its abbreviation?
pub(crate) fn weekday(word: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let lower = word.trim_end_matches('.').to_ascii_lowercase();
    let is = |name: &str| {
        lower == name
            || lower == name[..3]
            || matches!((name, lower.as_str()), ("tuesday", "tues") | ("thursday", "thur" | "thurs"))
    };
    DAYS.iter().find(|(name, _)| is(name)).map(|&(_, day)| day)
}

/// Runs of letters, runs of digits, and single marks.
pub(crate) fn tokens(text: &str) -> Vec<Span> {
    let mut tokens: Vec<Span> = Vec::new();
    let mut class = ' ';
    for (i, c) in text.char_indices() {
        let now = if c.is_ascii_digit() {
            '0'
        } else if c.is_alphabetic() {
            'a'
        } else if c.is_whitespace() {
            ' '
        } else {
            '.'
        };
        match (now, now == class && now != '.') {
            (' ', _) => {}
            (_, true) => {
                if let Some(last) = tokens.last_mut() {
                    *last = Span::new(last.start(), i + c.len_utf8());
                }
            }
            _ => tokens.push(Span::new(i, i + c.len_utf8())),
        }
        class = now;
    }
    tokens
}

fn number(digits: &str) -> Option<i16> {
    (digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

fn year(word: &str) -> Option<i16> {
    number(word).filter(|year| word.len() == 4 && (1800..2200).contains(year))
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A cursor over the tokens.
struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Span],
    at: usize,
    order: Order,
}

impl<'a> Reader<'a> {
    fn word(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |t| &self.text[t.range()])
    }

    fn eat(&mut self, word: &str) -> bool {
        let eaten = self.word(0).eq_ignore_ascii_case(word);
        self.at += usize::from(eaten);
        eaten
    }

    fn take<T>(&mut self, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = read(self.word(0))?;
        self.at += 1;
        Some(value)
    }

    fn day(&mut self) -> Option<i16> {
        let day = self.take(|w| number(w).filter(|d| w.len() <= 2 && (1..=31).contains(d)))?;
        if matches!(self.word(0).to_ascii_lowercase().as_str(), "st" | "nd" | "rd" | "th") {
            self.at += 1;
        }
        Some(day)
    }

    /// A month's name with its stop.
    fn month(&mut self) -> Option<i16> {
        let month = self.take(month)?;
        self.eat(".");
        Some(month)
    }

    fn date(&mut self) -> Option<Date> {
        let start = self.at;
        for form in [Reader::month_day_year, Reader::day_month_year, Reader::year_month_day, Reader::day_and_month_in_figures] {
            self.at = start;
            if let Some(date) = form(self) {
                return Some(date);
            }
        }
        self.at = start;
        None
    }

    fn month_day_year(&mut self) -> Option<Date> {
        let (month, day) = (self.month()?, self.day()?);
        self.eat(",");
        let year = self.take(year)?;
        date(year, month, day)
    }

    fn day_month_year(&mut self) -> Option<Date> {
        let day = self.day()?;
        let _ = self.eat("of") || self.eat("-") || self.eat("/");
        let month = self.month()?;
        let _ = self.eat(",") || self.eat("-") || self.eat("/");
        let year = self.take(year)?;
        date(year, month, day)
    }

    fn year_month_day(&mut self) -> Option<Date> {
        let year = self.take(year)?;
        let mark = self.take(|w| matches!(w, "-" | "/" | ".").then(|| w.to_string()))?;
        let two = |w: &str| number(w).filter(|_| w.len() <= 2);
        let month = self.take(two)?;
        if !self.eat(&mark) {
            return None;
        }
        let day = self.take(two)?;
        date(year, month, day)
    }

    /// `06.09.2016` is day first; with slashes only where no doubt is left which number is the month, or the order is known.
    fn day_and_month_in_figures(&mut self) -> Option<Date> {
        let two = |w: &str| number(w).filter(|_| w.len() <= 2);
        let first = self.take(two)?;
        let mark = self.take(|w| matches!(w, "-" | "/" | ".").then(|| w.to_string()))?;
        let second = self.take(two)?;
        if !self.eat(&mark) {
            return None;
        }
        let year = self.take(year)?;
        match (mark.as_str(), first, second) {
            (".", day, month) if self.order != Order::MonthFirst => date(year, month, day),
            (_, day @ 13.., month) | (_, month, day @ 13..) => date(year, month, day),
            (_, day, month) if day == month || self.order == Order::DayFirst => date(year, month, day),
            (_, month, day) if self.order == Order::MonthFirst => date(year, month, day),
            _ => None,
        }
    }

    /// Hour, minute, second if given, and zone.
    fn time(&mut self) -> Option<Clock> {
        let start = self.at;
        let time = self.clock();
        if time.is_none() {
            self.at = start;
        }
        time
    }

    fn clock(&mut self) -> Option<Clock> {
        let first = self.word(0);
        let mut hour = self.take(|w| number(w).filter(|_| w.len() <= 2 || w.len() == 4))?;
        let (mut minute, mut second) = (None, None);
        if first.len() == 4 {
            // 1430 GMT
            (hour, minute) = (hour / 100, Some(hour % 100));
            zone(&self.word(0).to_ascii_uppercase())?;
        } else if matches!(self.word(0), ":" | ".") && self.word(1).len() == 2 {
            self.at += 1;
            minute = Some(self.take(number)?);
            if self.word(0) == ":" && self.word(1).len() == 2 {
                self.at += 1;
                second = Some(self.take(number)?);
                if self.word(0) == "." && number(self.word(1).get(..1).unwrap_or("")).is_some() {
                    self.at += 2;
                }
            }
        } else if self.word(0).eq_ignore_ascii_case("h") && self.word(1).len() == 2 && number(self.word(1)).is_some() {
            self.at += 1;
            minute = Some(self.take(number)?);
        }
        let half = self.half();
        match half {
            Some(12) if hour < 12 => hour += 12,
            Some(0) if hour == 12 => hour = 0,
            None if minute.is_none() => return None,
            _ => {}
        }
        let zone = self.zone_ahead().map(|(zone, length)| {
            self.at += length;
            zone
        });
        let fits = (0..24).contains(&hour) && minute.is_none_or(|m| m < 60) && second.is_none_or(|s| s < 61);
        fits.then_some(Clock { hour, minute, second, zone })
    }

    /// am 0, pm 12.
    fn half(&mut self) -> Option<i16> {
        let word = self.word(0).to_ascii_lowercase();
        let (half, length) = match word.as_str() {
            "am" => (0, 1),
            "pm" => (12, 1),
            "a" | "p" => {
                let dot = usize::from(self.word(1) == ".");
                if !self.word(1 + dot).eq_ignore_ascii_case("m") {
                    return None;
                }
                let last = usize::from(dot == 1 && self.word(3) == ".");
                (if word == "a" { 0 } else { 12 }, 2 + dot + last)
            }
            _ => return None,
        };
        self.at += length;
        Some(half)
    }

    /// The zone that comes next, and its length in tokens.
    fn zone_ahead(&self) -> Option<(String, usize)> {
        let paren = usize::from(self.word(0) == "(");
        let name = self.word(paren).to_ascii_uppercase();
        let sign = |i: usize| matches!(self.word(i), "+" | "-" | "\u{2212}");
        let (start, known) = match zone(&name) {
            Some(offset) => (paren + 1, Some(offset)),
            None if sign(0) => (0, None),
            None => return None,
        };
        let offset = start < 2 + paren && sign(start) && (known.is_none() || matches!(name.as_str(), "GMT" | "UTC"));
        if offset {
            let hours = self.word(start + 1);
            let value = number(hours)?;
            let minus = self.word(start) != "+";
            let (hours, minutes, length) = match hours.len() {
                4 => (value / 100, value % 100, 2),
                1 | 2 if self.word(start + 2) == ":" && self.word(start + 3).len() == 2 => {
                    (value, number(self.word(start + 3))?, 4)
                }
                1 | 2 => (value, 0, 2),
                _ => return None,
            };
            if hours > 15 || minutes > 59 {
                return None;
            }
            let sign = if minus { '-' } else { '+' };
            return Some((format!("{sign}{hours:02}:{minutes:02}"), start + length + paren));
        }
        let closing = usize::from(paren == 1 && self.word(2) == ")");
        known.map(|zone| (zone.to_string(), paren + 1 + closing))
    }
}

struct Clock {
    hour: i16,
    minute: Option<i16>,
    second: Option<i16>,
    zone: Option<String>,
}

/// Offset of a zone's abbreviation; those that mean two zones are left out (the time is then kept without one).
fn zone(name: &str) -> Option<&'static str> {
    Some(match name {
        "Z" => "Z",
        "GMT" | "UTC" => "+00:00",
        "BST" | "CET" | "WAT" => "+01:00",
        "CEST" | "EET" | "SAST" | "CAT" => "+02:00",
        "EEST" | "MSK" | "EAT" | "TRT" => "+03:00",
        "GST" => "+04:00",
        "PKT" => "+05:00",
        "SGT" | "HKT" | "AWST" => "+08:00",
        "JST" | "KST" => "+09:00",
        "AEST" => "+10:00",
        "AEDT" => "+11:00",
        "NZST" => "+12:00",
        "NZDT" => "+13:00",
        "EDT" => "-04:00",
        "EST" | "CDT" => "-05:00",
        "MDT" => "-06:00",
        "PDT" | "MST" => "-07:00",
        "PST" => "-08:00",
        // Known to be zones, not known which offset.
        "ET" | "PT" | "CT" | "MT" | "CST" | "IST" => "",
        _ => return None,
    })
}

/// The stamp whose first token is at `at`.
fn stamp(text: &str, tokens: &[Span], at: usize, from: usize, order: Order) -> Option<Stamp> {
    let mut reader = Reader { text, tokens, at, order };
    let mut clock = None;
    if at > 0
        && matches!(reader.tokens.get(at - 1), Some(t) if t.end() == tokens[at].start() && text[t.range()].ends_with(['-', '/', '.']))
    {
        return None; // the tail of a longer number
    }
    if reader.tokens.get(at).is_some_and(|t| text[t.range()].starts_with(|c: char| c.is_ascii_digit())) {
        clock = reader.time();
        while clock.is_some()
            && matches!(reader.word(0).to_ascii_lowercase().as_str(), "," | "|" | "on" | "-" | "·" | "–" | "—" | "•")
        {
            reader.at += 1;
        }
    }
    let day = |reader: &mut Reader| {
        if weekday(reader.word(0)).is_some() {
            reader.at += 1;
            let _ = reader.eat(",") || reader.eat(".");
        }
        reader.date()
    };
    let date = match day(&mut reader) {
        Some(date) => date,
        // `06.09.2016` begins like a time.
        None => {
            (reader.at, clock) = (at, None);
            day(&mut reader)?
        }
    };
    let mut end = reader.at;
    if clock.is_none() {
        while matches!(reader.word(0).to_ascii_lowercase().as_str(), "," | "|" | "at" | "t" | "-" | "·" | "–" | "—" | "•" | "/")
        {
            reader.at += 1;
        }
        clock = reader.time();
        if clock.is_some() {
            end = reader.at;
        }
    }
    let span = Span::new(tokens[at].start(), tokens[end - 1].end()).shifted(from);
    let (mut value, mut precision) = (date.to_string(), Precision::Day);
    // Papers' systems stamp "12:00AM" on what has a day only.
    let blank = |c: &Clock| c.hour == 0 && c.minute == Some(0) && c.second.is_none() && c.zone.is_none();
    if let Some(clock) = clock.filter(|c| !blank(c)) {
        value += &format!("T{:02}:{:02}", clock.hour, clock.minute.unwrap_or(0));
        precision = if clock.minute.is_some() { Precision::Minute } else { Precision::Hour };
        if let Some(second) = clock.second {
            value += &format!(":{second:02}");
            precision = Precision::Second;
        }
        value += clock.zone.as_deref().unwrap_or("");
    }
    Some(Stamp { value, range: DateRange::day(date), precision, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        find(text, 0).map(|s| format!("{} [{}]", s.value, s.span.of(text))).unwrap_or_default()
    }

    #[test]
    fn stamps_of_papers() {
        assert_eq!(value("AP, The Ledger, 12:00AM March 6, 2014"), "2014-03-06 [12:00AM March 6, 2014]");
        assert_eq!(value("Published: 6 Sept. 2012 at 18.45 GMT"), "2012-09-06T18:45+00:00 [6 Sept. 2012 at 18.45 GMT]");
        assert_eq!(value("Updated 5:23 p.m. ET, Mon June 5, 2017"), "2017-06-05T17:23 [5:23 p.m. ET, Mon June 5, 2017]");
        assert_eq!(value("Tuesday, 3rd of May, 2011"), "2011-05-03 [Tuesday, 3rd of May, 2011]");
        assert_eq!(value("June 5, 2017 10 am EDT"), "2017-06-05T10:00-04:00 [June 5, 2017 10 am EDT]");
        assert_eq!(value("14/06/2013"), "2013-06-14 [14/06/2013]");
        assert_eq!(value("06/07/2013"), "");
        assert_eq!(value("06.07.2013"), "2013-07-06 [06.07.2013]");
        assert_eq!(find_as("06/07/2013", 0, Order::DayFirst).unwrap().value, "2013-07-06");
        assert_eq!(find_as("06/07/2013", 0, Order::MonthFirst).unwrap().value, "2013-06-07");
        assert_eq!(value("Sept 5"), "");
        assert_eq!(value("31 February 2013"), "");
    }

    #[test]
    fn stamps_of_machines() {
        assert_eq!(value("2016-03-06T10:00:05.000+02:00"), "2016-03-06T10:00:05+02:00 [2016-03-06T10:00:05.000+02:00]");
        assert_eq!(value("2016-03-06T10:00:05Z"), "2016-03-06T10:00:05Z [2016-03-06T10:00:05Z]");
        assert_eq!(value("Tue, 06 Sep 2011 08:00:00 +0100"), "2011-09-06T08:00:00+01:00 [Tue, 06 Sep 2011 08:00:00 +0100]");
        assert_eq!(value("2016-03-06 10:00"), "2016-03-06T10:00 [2016-03-06 10:00]");
        assert_eq!(field("20160306", Order::Unsure).unwrap().value, "2016-03-06");
        assert_eq!(field("1457258400", Order::Unsure).unwrap().value, "2016-03-06T10:00:00Z");
        assert_eq!(field("2016-03", Order::Unsure).unwrap().precision, Precision::Month);
        assert_eq!(field("March 2016", Order::Unsure).unwrap().value, "2016-03");
        assert_eq!(field("2016", Order::Unsure).unwrap().precision, Precision::Year);
        assert_eq!(field("soon", Order::Unsure), None);
    }
}
