//! Times of the text, and calendar arithmetic on them.

use crate::{Id, Rule, Span};
use jiff::civil::{Date, Weekday};
use jiff::{Span as Gap, ToSpan};

/// First and last day of a stretch of days (inclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRange {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

impl DateRange {
    /// One day.
    pub fn day(day: Date) -> DateRange {
        DateRange { first: day, last: day }
    }

    /// From `first` to `last`, put in order.
    pub fn new(first: Date, last: Date) -> DateRange {
        DateRange { first: first.min(last), last: first.max(last) }
    }

    /// The month that holds `day`.
    pub fn month(day: Date) -> DateRange {
        DateRange { first: day.first_of_month(), last: day.last_of_month() }
    }

    /// The year that holds `day`.
    pub fn year(day: Date) -> DateRange {
        DateRange { first: day.first_of_year(), last: day.last_of_year() }
    }

    /// The ISO week (Monday to Sunday) that holds `day`.
    pub fn week(day: Date) -> DateRange {
        let first = plus_days(day, -i64::from(day.weekday().to_monday_zero_offset()));
        DateRange { first, last: plus_days(first, 6) }
    }

    /// Is it a single day?
    pub fn is_day(self) -> bool {
        self.first == self.last
    }

    /// Days from first to last, at least 1.
    pub fn days(self) -> i64 {
        i64::from(self.first.until(self.last).map_or(0, |gap| gap.get_days())) + 1
    }

    /// Do they share a day?
    pub fn touches(self, other: DateRange) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Does it hold all days of `other`?
    pub fn covers(self, other: DateRange) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// `day` moved by `days`; stays put at the ends of the calendar.
fn plus_days(day: Date, days: i64) -> Date {
    plus(day, days.days())
}

fn plus(day: Date, gap: Gap) -> Date {
    day.checked_add(gap).unwrap_or(day)
}

/// How exactly a date is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Precision {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Precision {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Second => "second",
            Precision::Minute => "minute",
            Precision::Hour => "hour",
            Precision::Day => "day",
            Precision::Week => "week",
            Precision::Month => "month",
            Precision::Year => "year",
        }
    }
}

/// The TIMEX3 types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}

impl TimeKind {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeKind::Date => "DATE",
            TimeKind::Time => "TIME",
            TimeKind::Duration => "DURATION",
            TimeKind::Set => "SET",
        }
    }
}

/// What a relative expression is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Nothing: it is absolute.
    Absolute,
    /// The document's date.
    Document,
    /// Another time of the text.
    Time(Id<Time>),
    /// An event that these words of the text name ("two days after *the summit*"): the value is symbolic.
    Event(Span),
    /// A date that is not known (yet): the value is symbolic.
    Unknown,
}

/// What a relative expression says, apart from what it is counted from; kept so that it can be resolved once the
/// document's date is found. Offsets count forward, so "two weeks ago" is `Weeks(-2)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relative {
    /// "today" 0, "yesterday" and "last night" -1, "three days ago" -3.
    Days(i32),
    /// "this week" 0, "last week" -1, to an ISO week.
    Weeks(i32),
    /// "this month" 0, to a month.
    Months(i32),
    /// "last year" -1, to a year.
    Years(i32),
    /// "on Monday": the nearest such day; `direction` -1 = on or before, 1 = on or after the reference, 0 = nearest.
    Weekday {
        /// The day.
        weekday: Weekday,
        /// Which side of the reference.
        direction: i8,
    },
    /// A weekday of the reference's week (0), the week before (-1), the one after (1): "Friday last week".
    WeekdayOfWeek {
        /// The day.
        weekday: Weekday,
        /// Weeks from the reference's.
        week: i32,
    },
    /// "Aug. 26": the nearest such day on that side, as `Weekday`.
    MonthDay {
        /// 1..=12
        month: i8,
        /// 1..=31
        day: i8,
        /// Which side of the reference.
        direction: i8,
    },
    /// "in August".
    Month {
        /// 1..=12
        month: i8,
        /// Which side of the reference.
        direction: i8,
    },
}

impl Relative {
    /// The days it means when counted from `reference`.
    pub fn resolve(self, reference: Date) -> DateRange {
        match self {
            Relative::Days(n) => DateRange::day(plus_days(reference, n.into())),
            Relative::Weeks(n) => DateRange::week(plus_days(reference, 7 * i64::from(n))),
            Relative::Months(n) => DateRange::month(plus(reference.first_of_month(), i64::from(n).months())),
            Relative::Years(n) => DateRange::year(plus(reference.first_of_year(), i64::from(n).years())),
            Relative::Weekday { weekday, direction } => {
                let ahead = i64::from(reference.weekday().until(weekday));
                let days = match direction {
                    1.. => ahead,
                    0 if ahead <= 3 => ahead,
                    _ if ahead == 0 => 0,
                    _ => ahead - 7,
                };
                DateRange::day(plus_days(reference, days))
            }
            Relative::WeekdayOfWeek { weekday, week } => {
                let monday = DateRange::week(plus_days(reference, 7 * i64::from(week))).first;
                DateRange::day(plus_days(monday, weekday.to_monday_zero_offset().into()))
            }
            Relative::MonthDay { month, day, direction } => {
                DateRange::day(nearest(reference, direction, |year| Date::new(year, month, day).ok()))
            }
            Relative::Month { month, direction } => {
                let first = nearest(reference.first_of_month(), direction, |year| Date::new(year, month, 1).ok());
                DateRange::month(first)
            }
        }
    }
}

/// The candidate of the years around `reference` that is nearest to it on the given side; the reference if there is none.
fn nearest(reference: Date, direction: i8, of_year: impl Fn(i16) -> Option<Date>) -> Date {
    let distance = |day: Date| reference.until(day).map_or(i32::MAX, |gap| gap.get_days());
    (-4..=4)
        .filter_map(|n| of_year(reference.year() + n))
        .filter(|&day| match direction {
            1.. => day >= reference,
            0 => true,
            _ => day <= reference,
        })
        .min_by_key(|&day| distance(day).abs())
        .unwrap_or(reference)
}

/// What part of its value an expression means, or how loosely it means it: TIMEX3's `mod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Modifier {
    /// "early May".
    Start,
    /// "mid-May".
    Mid,
    /// "late May".
    End,
    /// "about 7 p.m.".
    Approx,
    /// "less than a year".
    Less,
    /// "more than a year".
    More,
}

impl Modifier {
    /// The name in TIMEX3.
    pub fn as_str(self) -> &'static str {
        match self {
            Modifier::Start => "START",
            Modifier::Mid => "MID",
            Modifier::End => "END",
            Modifier::Approx => "APPROX",
            Modifier::Less => "LESS_THAN",
            Modifier::More => "MORE_THAN",
        }
    }
}

/// Which end of a stretch of time an expression gives, by the word before it: such a date is not simply the day of what
/// its clause tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bound {
    /// "from Friday", "since 2011", "between Monday and ...".
    From,
    /// "to Sunday", "until May", "through 2014".
    To,
    /// "by Friday": no later than.
    By,
    /// "before Friday".
    Before,
    /// "after Friday".
    After,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// The words.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// TIMEX3 value (`2016-09-05`, `2016-W36`, `PT90M`, `PRESENT_REF`); symbolic with `X` where the reference is unknown (`XXXX-WXX-4`).
    pub value: String,
    /// The days it means, where they are known. `None` for durations, sets and unresolved expressions.
    pub range: Option<DateRange>,
    /// What it says when it is relative.
    pub relative: Option<Relative>,
    /// What it was counted from.
    pub anchor: Anchor,
    /// Part of the value that is meant ("early", "late"), or how loosely.
    pub modifier: Option<Modifier>,
    /// Which end of a stretch it gives ("since", "until").
    pub bound: Option<Bound>,
    /// Minutes east of UTC, where a zone is named ("1pm AEST": 600).
    pub zone: Option<i16>,
    /// Which rule read it.
    pub rule: Rule,
}
