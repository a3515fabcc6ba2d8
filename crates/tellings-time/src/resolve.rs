//! Fields and a context to a value: what is missing in an expression comes from the document's date, from the time told of
//! last, or stays open.

use crate::fields::{Amount, Fields, Length, Shift};
use crate::rules::Reading;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use tellings_doc::{Anchor, DateRange, Modifier, Relative, TimeKind};

const SEASONS: [&str; 5] = ["", "SP", "SU", "FA", "WI"];
const PARTS: [&str; 6] = ["", "MO", "AF", "EV", "NI", "DT"];

/// A date as exact as the text gives it. The year is negative before Christ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) year: i32,
    pub(crate) month: Option<i8>,
    pub(crate) day: Option<i8>,
}

impl Point {
    pub(crate) fn of(date: Date) -> Point {
        Point { year: date.year().into(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// The first day it may be.
    pub(crate) fn date(self) -> Option<Date> {
        Date::new(i16::try_from(self.year).ok()?, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    pub(crate) fn value(self) -> String {
        let mut value = year_value(self.year);
        if let Some(month) = self.month {
            value += &format!("-{month:02}");
            if let Some(day) = self.day {
                value += &format!("-{day:02}");
            }
        }
        value
    }

    fn range(self) -> Option<DateRange> {
        let first = self.date()?;
        Some(match (self.month, self.day) {
            (_, Some(_)) => DateRange::day(first),
            (Some(_), None) => DateRange::month(first),
            (None, None) => DateRange::year(first),
        })
    }
}

fn year_value(year: i32) -> String {
    if year < 0 { format!("BC{:04}", -year) } else { format!("{year:04}") }
}

/// What an expression is read against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// The date that "today" and "on Monday" are counted from: the document's, or a quote's.
    pub(crate) now: Option<Date>,
    /// What that date is.
    pub(crate) anchor: Anchor,
    /// The time told of last.
    pub(crate) narrative: Option<(Point, Anchor)>,
    /// The last one with a month, and the last one with a day.
    pub(crate) narrative_month: Option<(Point, Anchor)>,
    pub(crate) narrative_day: Option<(Point, Anchor)>,
    /// Is it a history, where months and seasons are counted from the time told of last?
    pub(crate) history: bool,
    /// Of the clause.
    pub(crate) tense: Tense,
}

impl Context {
    /// Side of the reference for a weekday: the coming one in the future and the present tense ("they meet on Friday").
    fn side_of_weekday(&self) -> i8 {
        if matches!(self.tense, Tense::Future | Tense::Present) { 1 } else { -1 }
    }

    /// Side of the reference for a day of the year: the nearest where the tense does not say.
    fn side_of_day(&self) -> i8 {
        match self.tense {
            Tense::Future => 1,
            Tense::Past => -1,
            _ => 0,
        }
    }

    /// Side of the reference for a month: the last one unless the tense says otherwise.
    fn side_of_month(&self) -> i8 {
        match self.tense {
            Tense::Future => 1,
            Tense::Present => 0,
            _ => -1,
        }
    }
}

/// Tense of a clause, as far as it tells past from future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    /// Present, or an infinitive: past or to come.
    Present,
    Future,
    Unknown,
}

/// An expression with its value.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) kind: TimeKind,
    pub(crate) value: String,
    pub(crate) range: Option<DateRange>,
    pub(crate) relative: Option<Relative>,
    pub(crate) anchor: Anchor,
    /// The time told of from here on.
    pub(crate) point: Option<Point>,
}

impl Resolved {
    fn plain(kind: TimeKind, value: String) -> Resolved {
        Resolved { kind, value, range: None, relative: None, anchor: Anchor::Absolute, point: None }
    }

    fn point(point: Point, anchor: Anchor, relative: Option<Relative>) -> Resolved {
        Resolved { kind: TimeKind::Date, value: point.value(), range: point.range(), relative, anchor, point: Some(point) }
    }

    fn open(value: String, relative: Option<Relative>) -> Resolved {
        Resolved { kind: TimeKind::Date, value, range: None, relative, anchor: Anchor::Unknown, point: None }
    }
}

/// The modifier that the fields speak of.
pub(crate) fn modifier(fields: &Fields) -> Option<Modifier> {
    [
        (fields.start, Modifier::Start),
        (fields.mid, Modifier::Mid),
        (fields.end, Modifier::End),
        (fields.less, Modifier::Less),
        (fields.more, Modifier::More),
        (fields.approx, Modifier::Approx),
    ]
    .into_iter()
    .find(|(is, _)| *is)
    .map(|(_, modifier)| modifier)
}

/// The value of an expression read in this way, or `None` where it is no time after all.
pub(crate) fn resolve(reading: Reading, fields: &Fields, context: &Context) -> Option<Resolved> {
    match reading {
        Reading::Calendar | Reading::Month | Reading::Year | Reading::YearShort | Reading::Weekday | Reading::DayAlone => {
            calendar(fields, context)
        }
        Reading::Holiday => holiday(fields, context),
        Reading::Nth => nth(fields, context),
        Reading::Compound => compound(fields, context),
        Reading::Numeric => numeric(fields, context),
        Reading::Decade => decade(fields),
        Reading::Century => century(fields),
        Reading::Shift => shift(fields, context),
        Reading::Offset => offset(fields, context),
        Reading::Duration => duration(fields),
        Reading::Set => set(fields),
        Reading::Anchored => anchored(fields),
        Reading::Ref => {
            let value = ["PRESENT_REF", "PAST_REF", "FUTURE_REF"][fields.reference.unwrap_or(0).clamp(0, 2) as usize];
            Some(Resolved::plain(TimeKind::Date, value.to_string()))
        }
    }
}

fn plus(date: Date, gap: jiff::Span) -> Date {
    date.checked_add(gap).unwrap_or(date)
}

fn weekday(number: i8) -> Weekday {
    Weekday::from_monday_one_offset(number.clamp(1, 7)).unwrap_or(Weekday::Monday)
}

fn week_value(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// Year of a two-digit year: the one nearest to the reference.
fn long_year(short: i32, context: &Context) -> i32 {
    let near = context.narrative.map(|(point, _)| point.year).or(context.now.map(|now| now.year().into())).unwrap_or(2000);
    let century = near.div_euclid(100) * 100;
    [century - 100, century, century + 100].into_iter().map(|c| c + short).min_by_key(|year| (year - near).abs()).unwrap_or(short)
}

fn calendar(fields: &Fields, context: &Context) -> Option<Resolved> {
    let mut resolved = date_of(fields, context)?;
    if let Some(clock) = fields.clock {
        if clock.hour > 24 || clock.minute.is_some_and(|m| m > 59) {
            return None;
        }
        resolved.kind = TimeKind::Time;
        resolved.value += &match (clock.minute, clock.second) {
            (Some(minute), Some(second)) => format!("T{:02}:{minute:02}:{second:02}", clock.hour),
            (Some(minute), None) => format!("T{:02}:{minute:02}", clock.hour),
            (None, _) => format!("T{:02}:00", clock.hour),
        };
    } else if let Some(part) = fields.part {
        resolved.kind = TimeKind::Time;
        resolved.value = format!("{}T{}", resolved.value, PARTS[part.min(5)]);
    }
    Some(resolved)
}

/// A feast: of the year given, or the nearest on the side that the tense speaks for.
fn holiday(fields: &Fields, context: &Context) -> Option<Resolved> {
    let number = fields.holiday?;
    let year = fields.year.or(fields.short_year.map(|short| long_year(short, context)));
    let of = |year: i32| crate::holidays::date(number, i16::try_from(year).ok()?);
    let (date, anchor) = match (year, fields.shift, context.narrative, context.now) {
        (Some(year), ..) => (of(year)?, Anchor::Absolute),
        (None, Some(shift), _, _) if fields.length == Some(Length::Year) => {
            let (base, anchor) = base(shift, Some(Length::Year), context);
            (of(base?.year + shift.by)?, anchor)
        }
        (None, _, Some((told, anchor)), _) if context.history => (of(told.year)?, anchor),
        (None, shift, _, Some(now)) => {
            let year = i32::from(now.year());
            let side = shift.map_or(context.side_of_day(), |shift| shift.by as i8);
            let near = [year - 1, year, year + 1].into_iter().filter_map(of).filter(|date| match side {
                1.. => *date >= now,
                0 => true,
                _ => *date <= now,
            });
            (near.min_by_key(|date| now.until(*date).map_or(i32::MAX, |gap| gap.get_days().abs()))?, context.anchor)
        }
        _ => {
            let date = of(2001)?;
            let fixed = of(2002)?.strftime("%m-%d").to_string() == date.strftime("%m-%d").to_string();
            let value = if fixed { format!("XXXX-{:02}-{:02}", date.month(), date.day()) } else { "XXXX-XX-XX".to_string() };
            let relative = Relative::MonthDay { month: date.month(), day: date.day(), direction: context.side_of_day() };
            return Some(Resolved::open(value, fixed.then_some(relative)));
        }
    };
    let mut resolved = Resolved::point(Point::of(date), anchor, None);
    if let Some(part) = fields.part {
        resolved.kind = TimeKind::Time;
        resolved.value = format!("{}T{}", resolved.value, PARTS[part.min(5)]);
    }
    Some(resolved)
}

/// The date of the fields, without its time of day.
fn date_of(fields: &Fields, context: &Context) -> Option<Resolved> {
    if let Some(compact) = fields.compact {
        let point = Point { year: compact / 10000, month: Some((compact / 100 % 100) as i8), day: Some((compact % 100) as i8) };
        return Some(Resolved::point(point, Anchor::Absolute, None));
    }
    let year = fields.year.or(fields.short_year.map(|short| long_year(short, context)));
    if let Some(by) = fields.deixis {
        return Some(days_from(by, context));
    }
    if let Some(month) = fields.month {
        return month_date(month, year, fields, context);
    }
    if let Some(season) = fields.season {
        return season_date(season, year, fields, context);
    }
    if fields.quarter || fields.half {
        return quarter_date(year, fields, context);
    }
    if let Some(day) = fields.weekday {
        if let (Some(of_month), Some(now)) = (fields.day, context.now) {
            // "Friday the 15th": the nearest day that is both.
            let side = i64::from(context.side_of_weekday());
            let near = (0..200).chain(-200..0).map(|days: i64| plus(now, (side * days).days()));
            let date = { near }.find(|date| date.day() == of_month && date.weekday() == weekday(day))?;
            return Some(Resolved::point(Point::of(date), context.anchor, None));
        }
        return Some(weekday_date(day, fields, context));
    }
    if let Some(year) = year {
        return Some(Resolved::point(Point { year, month: None, day: None }, Anchor::Absolute, None));
    }
    if let Some(day) = fields.day {
        return day_date(day, context);
    }
    if fields.clock.is_some() || fields.part.is_some() {
        return Some(same_day(context));
    }
    None
}

/// The day `by` days from now.
fn days_from(by: i32, context: &Context) -> Resolved {
    let relative = Some(Relative::Days(by));
    match context.now {
        Some(now) => Resolved::point(Point::of(plus(now, i64::from(by).days())), context.anchor, relative),
        None => Resolved::open("XXXX-XX-XX".to_string(), relative),
    }
}

/// The day told of last; today where none is.
fn same_day(context: &Context) -> Resolved {
    match if context.history { context.narrative } else { context.narrative_day } {
        Some((point, anchor)) if point.day.is_some() => Resolved::point(point, anchor, None),
        Some((point, anchor)) if context.history => {
            let value = point
                .month
                .map_or(format!("{}-XX-XX", year_value(point.year)), |m| format!("{}-{m:02}-XX", year_value(point.year)));
            Resolved { anchor, point: Some(point), ..Resolved::open(value, None) }
        }
        _ => days_from(0, context),
    }
}

fn month_date(month: i8, year: Option<i32>, fields: &Fields, context: &Context) -> Option<Resolved> {
    let day = fields.day;
    if !(1..=12).contains(&month) || day.is_some_and(|day| Date::new(2000, month, day).is_err()) {
        return None;
    }
    let point = |year| Point { year, month: Some(month), day };
    if let Some(year) = year {
        return Some(Resolved::point(point(year), Anchor::Absolute, None));
    }
    let symbol = || Point { year: 0, month: Some(month), day }.value().replacen("0000", "XXXX", 1);
    if let Some(shift) = fields.shift {
        // "of that year", "last year", "last April".
        if fields.length == Some(Length::Year) {
            let (base, anchor) = base(shift, Some(Length::Year), context);
            return Some(match base {
                Some(base) => Resolved::point(point(base.year + shift.by), anchor, None),
                None => Resolved::open(symbol(), None),
            });
        }
        let (base, anchor) = base(shift, Some(Length::Month), context);
        let Some(base) = base else {
            return Some(Resolved::open(symbol(), Some(Relative::Month { month, direction: shift.by.signum() as i8 })));
        };
        let of_base = base.month.unwrap_or(if shift.by < 0 { 13 } else { 0 });
        let year = match shift.by {
            -1 if month >= of_base => base.year - 1,
            1 if month <= of_base => base.year + 1,
            _ => base.year,
        };
        return Some(Resolved::point(point(year), anchor, None));
    }
    let relative = |direction| match day {
        Some(day) => Relative::MonthDay { month, day, direction },
        None => Relative::Month { month, direction },
    };
    match (context.narrative, context.now) {
        (Some((told, anchor)), _) if context.history => {
            let year = told.year + years_on(told, month);
            Some(Resolved::point(point(year), anchor, None))
        }
        (_, Some(now)) => {
            let mut side = if day.is_some() { context.side_of_day() } else { context.side_of_month() };
            if context.tense == Tense::Present {
                // "takes effect on December 10": to come, unless it is long to go and was just now.
                let days = |side| now.until(relative(side).resolve(now).first).map_or(i32::MAX, |gap| gap.get_days().abs());
                side = if days(-1).saturating_mul(2) < days(1) { -1 } else { 1 };
            }
            let relative = relative(side);
            let date = relative.resolve(now);
            Some(Resolved::point(point(date.first.year().into()), context.anchor, Some(relative)))
        }
        _ => Some(Resolved::open(
            symbol(),
            Some(relative(if day.is_some() { context.side_of_day() } else { context.side_of_month() })),
        )),
    }
}

/// Years to go on from the time told of last to a month without a year: none, unless that would lead back over the turn of the year.
fn years_on(told: Point, month: i8) -> i32 {
    match told.month {
        Some(of) if of >= 10 && month <= 3 => 1,
        Some(of) if of <= 2 && month >= 11 => -1,
        _ => 0,
    }
}

/// The reference that a shift by units of `length` is counted from. In news a shift by days is counted from the last day told of,
/// whatever years were mentioned since.
fn base(shift: Shift, length: Option<Length>, context: &Context) -> (Option<Point>, Anchor) {
    let narrative = match length {
        _ if context.history => context.narrative,
        Some(
            Length::Day | Length::Night | Length::Week | Length::Weekend | Length::Fortnight | Length::Hour | Length::Minute,
        ) => context.narrative_day,
        Some(Length::Month | Length::Quarter) => context.narrative_month,
        _ => context.narrative,
    };
    match narrative {
        Some((point, anchor)) if shift.narrative || context.history => (Some(point), anchor),
        _ => (context.now.map(Point::of), if context.now.is_some() { context.anchor } else { Anchor::Unknown }),
    }
}

fn season_date(season: usize, year: Option<i32>, fields: &Fields, context: &Context) -> Option<Resolved> {
    let name = SEASONS.get(season)?;
    let shift = fields.shift.unwrap_or(Shift { by: 0, narrative: false });
    let (base, anchor) = match year {
        Some(year) => (Some(Point { year, month: None, day: None }), Anchor::Absolute),
        None => base(shift, fields.length, context),
    };
    let Some(base) = base else { return Some(Resolved::open(format!("XXXX-{name}"), None)) };
    let mut year = base.year;
    if fields.length == Some(Length::Year) {
        year += shift.by;
    } else if let Some(month) = base.month.filter(|_| fields.year.is_none()) {
        // The first month of the season, to tell whether this year's is past.
        let start = [0, 3, 6, 9, 12][season];
        year += match shift.by {
            -1 if month < start + 3 && season != 4 => -1,
            -1 if season == 4 => -1,
            1 if month >= start => 1,
            0 if fields.shift.is_none() && !context.history && month < start && context.tense == Tense::Past => -1,
            _ => 0,
        };
    }
    let point = Point { year, month: None, day: None };
    let start = Point { year, month: Some([1, 3, 6, 9, 12][season]), day: Some(1) }.date();
    let range = start.map(|first| DateRange::new(first, plus(plus(first, 2.months()), 30.days())));
    Some(Resolved {
        kind: TimeKind::Date,
        value: format!("{}-{name}", year_value(year)),
        range,
        relative: None,
        anchor,
        point: Some(Point { month: [None, Some(4), Some(7), Some(10), None][season], ..point }),
    })
}

fn quarter_date(year: Option<i32>, fields: &Fields, context: &Context) -> Option<Resolved> {
    let (letter, months) = if fields.quarter { ('Q', 3) } else { ('H', 6) };
    let shift = fields.shift.unwrap_or(Shift { by: 0, narrative: false });
    let number = match (fields.day, fields.numbers[0]) {
        (Some(number), _) => number,
        (None, Some(number)) => number as i8,
        _ if fields.half && fields.end => 2,
        _ if fields.half && shift.by < 0 => 2,
        _ => return None,
    };
    if !(1..=12 / months).contains(&number) {
        return None;
    }
    let (base, anchor) = match year {
        Some(year) => (Some(Point { year, month: None, day: None }), Anchor::Absolute),
        None => base(shift, fields.length, context),
    };
    let Some(base) = base else { return Some(Resolved::open(format!("XXXX-{letter}{number}"), None)) };
    let by_year = if fields.length == Some(Length::Year) { shift.by } else { 0 };
    // A quarter that has not begun is last year's, unless the clause speaks of the future.
    let ahead =
        base.month.is_some_and(|month| (number - 1) * months + 1 > month) && context.tense != Tense::Future && year.is_none();
    let year = base.year + by_year - i32::from(ahead && by_year == 0 && !context.history);
    let first = Point { year, month: Some((number - 1) * months + 1), day: None };
    let range = first.date().map(|day| DateRange::new(day, plus(plus(day, i64::from(months).months()), (-1).days())));
    Some(Resolved {
        kind: TimeKind::Date,
        value: format!("{}-{letter}{number}", year_value(year)),
        range,
        relative: None,
        anchor,
        point: Some(first),
    })
}

fn weekday_date(day: i8, fields: &Fields, context: &Context) -> Resolved {
    let named = weekday(day);
    let relative = match fields.shift {
        Some(shift) if fields.length == Some(Length::Week) => Relative::WeekdayOfWeek { weekday: named, week: shift.by },
        Some(Shift { by, .. }) if by != 0 => Relative::Weekday { weekday: named, direction: by as i8 },
        Some(_) => Relative::Weekday { weekday: named, direction: context.side_of_weekday() },
        None => Relative::Weekday { weekday: named, direction: context.side_of_weekday() },
    };
    let told = context
        .narrative
        .filter(|(point, _)| (context.history || fields.shift.is_some_and(|shift| shift.narrative)) && point.day.is_some());
    let (now, anchor) = match told {
        Some((point, anchor)) => (point.date(), anchor),
        None => (context.now, context.anchor),
    };
    match now {
        Some(now) => {
            let mut date = relative.resolve(now).first;
            // "last Tuesday" on a Tuesday is a week back.
            if let (Relative::Weekday { .. }, Some(shift)) = (relative, fields.shift)
                && date == now
                && shift.by != 0
            {
                date = plus(date, i64::from(7 * shift.by).days());
            }
            Resolved::point(Point::of(date), anchor, Some(relative))
        }
        None => Resolved::open(format!("XXXX-WXX-{day}"), Some(relative)),
    }
}

/// "the 20th": a day of the month told of last.
fn day_date(day: i8, context: &Context) -> Option<Resolved> {
    let (base, anchor) = base(Shift { by: 0, narrative: true }, Some(Length::Month), context);
    let base = base?;
    Date::new(2000, base.month?, day).ok()?;
    Some(Resolved::point(Point { day: Some(day), ..base }, anchor, None))
}

/// Three numbers between slashes: month first where it can be, as in American papers, unless it cannot.
fn numeric(fields: &Fields, context: &Context) -> Option<Resolved> {
    let [first, second, _] = fields.numbers.map(|n| n.unwrap_or(0.0) as i32);
    let year = fields.year.or(fields.short_year.map(|short| long_year(short, context)))?;
    let (month, day) = if first <= 12 { (first, second) } else { (second, first) };
    Date::new(2000, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    let point = Point { year, month: Some(month as i8), day: Some(day as i8) };
    Some(Resolved::point(point, Anchor::Absolute, None))
}

fn decade(fields: &Fields) -> Option<Resolved> {
    let year = match (fields.year, fields.short_year, fields.decades) {
        (Some(year), _, _) => year,
        (None, Some(short), _) => 1900 + short,
        (None, None, decades) => 1900 + decades? * 10,
    };
    if year % 10 != 0 {
        return None;
    }
    let value = if year < 0 { format!("BC{:03}", -year / 10) } else { format!("{:03}", year / 10) };
    let range = Point { year, month: None, day: None }
        .date()
        .map(|first| DateRange::new(first, plus(plus(first, 10.years()), (-1).days())));
    Some(Resolved { range, ..Resolved::plain(TimeKind::Date, value) })
}

fn century(fields: &Fields) -> Option<Resolved> {
    let number = i32::from(fields.day?) - 1;
    let value = if fields.bc { format!("BC{number:02}") } else { format!("{number:02}") };
    Some(Resolved::plain(TimeKind::Date, value))
}

/// This, last, next, that, the previous … unit or part of the day.
fn shift(fields: &Fields, context: &Context) -> Option<Resolved> {
    // "the evening" is that of the day told of; "the end of the year" is this year's.
    let shift = fields.shift.unwrap_or(Shift { by: 0, narrative: fields.part.is_some() });
    let length = if fields.part.is_some() { Some(Length::Day) } else { fields.length };
    let (base, anchor) = base(shift, length, context);
    let by = shift.by;
    if let Some(part) = fields.part {
        let mut resolved = match base {
            Some(Point { day: None, .. }) if context.history => same_day(context),
            Some(point) => Resolved::point(moved(point, Length::Day, by), anchor, None),
            None => Resolved::open("XXXX-XX-XX".to_string(), None),
        };
        resolved.kind = TimeKind::Time;
        resolved.value = format!("{}T{}", resolved.value, PARTS[part.min(5)]);
        return Some(resolved);
    }
    let length = fields.length?;
    let relative = if shift.narrative { None } else { relative(length, by) };
    let Some(base) = base else {
        let value = match length {
            Length::Week => "XXXX-WXX",
            Length::Month => "XXXX-XX",
            Length::Year => "XXXX",
            Length::Weekend => "XXXX-WXX-WE",
            Length::Quarter => "XXXX-QX",
            Length::Day => "XXXX-XX-XX",
            _ => return None,
        };
        return Some(Resolved::open(value.to_string(), relative));
    };
    let date = base.date();
    Some(match length {
        Length::Day => match base.day {
            Some(_) => Resolved::point(moved(base, Length::Day, by), anchor, relative),
            None => unknown_day(base, anchor),
        },
        Length::Night => {
            let point = moved(base, Length::Day, by);
            Resolved { kind: TimeKind::Time, value: format!("{}TNI", point.value()), ..Resolved::point(point, anchor, None) }
        }
        Length::Week | Length::Fortnight => {
            base.day?;
            let date = plus(date?, i64::from(7 * by).days());
            Resolved {
                value: week_value(date),
                range: Some(DateRange::week(date)),
                ..Resolved::point(Point::of(date), anchor, relative)
            }
        }
        Length::Weekend => {
            // "the weekend", "last weekend": the one before, unless the clause speaks of the future.
            let monday = DateRange::week(date?).first;
            let by = match fields.shift {
                Some(shift) if shift.by != 0 => shift.by,
                _ if context.tense == Tense::Future || date?.weekday().to_monday_one_offset() >= 6 => 0,
                _ => -1,
            };
            let saturday = plus(monday, i64::from(7 * by + 5).days());
            Resolved {
                value: format!("{}-WE", week_value(saturday)),
                range: Some(DateRange::new(saturday, plus(saturday, 1.days()))),
                ..Resolved::point(Point::of(saturday), anchor, None)
            }
        }
        Length::Month => match base.month {
            Some(_) if fields.day.is_some() => {
                let point = Point { day: fields.day, ..moved(base, Length::Month, by) };
                point.date()?;
                Resolved::point(point, anchor, None)
            }
            Some(_) => Resolved::point(moved(base, Length::Month, by), anchor, relative),
            None => Resolved { anchor, point: Some(base), ..Resolved::open(format!("{}-XX", year_value(base.year)), None) },
        },
        Length::Quarter => {
            let quarters = base.year * 4 + i32::from((base.month? - 1) / 3) + by;
            let (year, quarter) = (quarters.div_euclid(4), quarters.rem_euclid(4));
            let first = Point { year, month: Some(quarter as i8 * 3 + 1), day: None };
            let range = first.date().map(|day| DateRange::new(day, plus(plus(day, 3.months()), (-1).days())));
            Resolved { value: format!("{year:04}-Q{}", quarter + 1), range, ..Resolved::point(first, anchor, None) }
        }
        Length::Year => Resolved::point(Point { year: base.year + by, month: None, day: None }, anchor, relative),
        Length::Decade => Resolved::plain(TimeKind::Date, format!("{:03}", base.year.div_euclid(10) + by)),
        Length::Century => Resolved::plain(TimeKind::Date, format!("{:02}", base.year.div_euclid(100) + by)),
        Length::Second | Length::Minute | Length::Hour | Length::Millennium => return None,
    })
}

/// What so many units from now are, where that can be kept.
fn relative(length: Length, by: i32) -> Option<Relative> {
    match length {
        Length::Day => Some(Relative::Days(by)),
        Length::Week => Some(Relative::Weeks(by)),
        Length::Month => Some(Relative::Months(by)),
        Length::Year => Some(Relative::Years(by)),
        _ => None,
    }
}

/// "the day before the vote", "the night of the coup": open until it is known when that was.
fn anchored(fields: &Fields) -> Option<Resolved> {
    if let Some(part) = fields.part {
        let value = format!("XXXX-XX-XXT{}", PARTS[part.min(5)]);
        return Some(Resolved { kind: TimeKind::Time, ..Resolved::open(value, None) });
    }
    let value = match fields.length? {
        Length::Night => "XXXX-XX-XXTNI",
        Length::Day => "XXXX-XX-XX",
        Length::Week => "XXXX-WXX",
        Length::Month => "XXXX-XX",
        Length::Year => "XXXX",
        _ => return None,
    };
    let kind = if fields.length == Some(Length::Night) { TimeKind::Time } else { TimeKind::Date };
    Some(Resolved { kind, ..Resolved::open(value.to_string(), None) })
}

/// What an expression that hangs on an event says, counted from that event: `side` is -1 before it, 0 on it, 1 after it.
pub(crate) fn from_event(fields: &Fields, side: i32) -> Option<Relative> {
    let by = match fields.amount {
        Some(Amount::Number(n)) if n.fract() == 0.0 && n < 9_999.0 => n as i32,
        Some(_) => return None,
        None => 1,
    };
    let length = fields.length.filter(|length| *length != Length::Night).or(Some(Length::Day))?;
    relative(length, by * side)
}

/// The value of an expression that hangs on an event, once it is known when that was.
pub(crate) fn at_event(relative: Relative, fields: &Fields, day: Date) -> (String, DateRange) {
    let range = relative.resolve(day);
    let value = match relative {
        Relative::Weeks(n) if fields.amount.is_some() => {
            return (Point::of(plus(day, i64::from(7 * n).days())).value(), DateRange::day(plus(day, i64::from(7 * n).days())));
        }
        Relative::Weeks(_) => week_value(range.first),
        Relative::Months(_) => Point { day: None, ..Point::of(range.first) }.value(),
        Relative::Years(_) => year_value(range.first.year().into()),
        _ => Point::of(range.first).value(),
    };
    let night = (fields.length == Some(Length::Night)).then_some(4);
    (fields.part.or(night).map_or(value.clone(), |part| format!("{value}T{}", PARTS[part.min(5)])), range)
}

/// A day of a month or year that is known while the day is not.
fn unknown_day(base: Point, anchor: Anchor) -> Resolved {
    let value = match base.month {
        Some(month) => format!("{}-{month:02}-XX", year_value(base.year)),
        None => format!("{}-XX-XX", year_value(base.year)),
    };
    Resolved { anchor, point: Some(base), ..Resolved::open(value, None) }
}

/// A point moved by so many units, cut to the unit.
fn moved(point: Point, length: Length, by: i32) -> Point {
    let by = i64::from(by);
    match length {
        Length::Day => point.date().map_or(point, |date| Point::of(plus(date, by.days()))),
        Length::Month => {
            let months = i64::from(point.year) * 12 + i64::from(point.month.unwrap_or(1) - 1) + by;
            Point { year: months.div_euclid(12) as i32, month: Some(months.rem_euclid(12) as i8 + 1), day: None }
        }
        _ => Point { year: point.year + by as i32, month: None, day: None },
    }
}

/// An amount ago, from now, later, earlier.
fn offset(fields: &Fields, context: &Context) -> Option<Resolved> {
    let length = fields.length?;
    let backward = fields.ago || fields.earlier;
    let from_now = fields.ago || fields.reference.is_some();
    let vague = |value: &str| Some(Resolved::plain(TimeKind::Date, value.to_string()));
    let (Some(Amount::Number(number)), false) = (fields.amount, fields.amount.is_none()) else {
        return vague(if backward { "PAST_REF" } else { "FUTURE_REF" });
    };
    let shift = Shift { by: 0, narrative: !from_now };
    let (base, anchor) = base(shift, Some(length), context);
    let sign = if backward { -1.0 } else { 1.0 };
    let whole = (sign * number.min(9_999.0)).round() as i32;
    let relative = if from_now { relative(length, whole) } else { None };
    let Some(base) = base else {
        let value = match length {
            Length::Day => "XXXX-XX-XX",
            Length::Week => "XXXX-WXX",
            Length::Month => "XXXX-XX",
            _ => "XXXX",
        };
        return Some(Resolved::open(value.to_string(), relative));
    };
    let halves = number.fract() != 0.0;
    // The calendar has ten thousand years.
    let number = number.min(9_999.0);
    Some(match length {
        Length::Second | Length::Minute | Length::Hour => {
            let value = base.value();
            let kind = TimeKind::Time;
            Resolved { kind, value: format!("{value}TXX"), ..Resolved::point(base, anchor, None) }
        }
        Length::Day | Length::Night => match base.day {
            Some(_) => Resolved::point(moved(base, Length::Day, whole), anchor, relative),
            None => unknown_day(base, anchor),
        },
        Length::Week | Length::Fortnight | Length::Weekend => {
            let weeks = if length == Length::Fortnight { 2 * whole } else { whole };
            let Some(_) = base.day else { return Some(unknown_day(base, anchor)) };
            let date = plus(base.date()?, i64::from(7 * weeks).days());
            if context.history || !from_now {
                Resolved::point(Point::of(date), anchor, relative)
            } else {
                Resolved {
                    value: week_value(date),
                    range: Some(DateRange::week(date)),
                    ..Resolved::point(Point::of(date), anchor, relative)
                }
            }
        }
        Length::Month | Length::Quarter => {
            let months = if length == Length::Quarter { 3 * whole } else { whole };
            match base.month {
                Some(_) => Resolved::point(moved(base, Length::Month, months), anchor, relative),
                None => Resolved { anchor, point: Some(base), ..Resolved::open(format!("{}-XX", year_value(base.year)), None) },
            }
        }
        Length::Year if halves => {
            Resolved::point(moved(base, Length::Month, (sign * number * 12.0).round() as i32), anchor, None)
        }
        Length::Year => Resolved::point(moved(base, Length::Year, whole), anchor, relative),
        Length::Decade => Resolved::point(moved(base, Length::Year, (sign * number * 10.0) as i32), anchor, None),
        Length::Century => Resolved::point(moved(base, Length::Year, (sign * number * 100.0) as i32), anchor, None),
        Length::Millennium => return None,
    })
}

/// Letters of a unit in a period ("D"), and whether it stands after the `T`.
fn letters(length: Length) -> (&'static str, bool) {
    match length {
        Length::Second => ("S", true),
        Length::Minute => ("M", true),
        Length::Hour => ("H", true),
        Length::Day => ("D", false),
        Length::Week => ("W", false),
        Length::Fortnight => ("W", false),
        Length::Month => ("M", false),
        Length::Quarter => ("Q", false),
        Length::Year => ("Y", false),
        Length::Decade => ("DE", false),
        Length::Century => ("CE", false),
        Length::Millennium => ("ML", false),
        Length::Weekend => ("WE", false),
        Length::Night => ("NI", true),
    }
}

fn period(amount: Amount, length: Length) -> String {
    let (letters, clock) = letters(length);
    let number = match amount {
        Amount::Some => "X".to_string(),
        Amount::Number(n) if length == Length::Fortnight => format!("{}", n * 2.0),
        Amount::Number(n) if length == Length::Hour && n < 1.0 => return format!("PT{}M", (n * 60.0).round()),
        Amount::Number(n) => format!("{n}"),
    };
    format!("P{}{number}{letters}", if clock { "T" } else { "" })
}

/// Amounts of several units, largest first: `P2Y6M`, `PT3H20M`; the day they lead to, where they are counted from one.
fn compound(fields: &Fields, context: &Context) -> Option<Resolved> {
    if fields.ago || fields.later || fields.earlier {
        let (base, anchor) = base(Shift { by: 0, narrative: !fields.ago }, Some(Length::Day), context);
        let mut date = base?.date()?;
        for &(amount, length) in &fields.amounts {
            let amount = amount.min(9_999.0).round() as i64 * if fields.later { 1 } else { -1 };
            date = plus(
                date,
                match length {
                    Length::Day => amount.days(),
                    Length::Week => amount.weeks(),
                    Length::Month => amount.months(),
                    Length::Year => amount.years(),
                    _ => 0.days(),
                },
            );
        }
        return Some(Resolved::point(Point::of(date), anchor, None));
    }
    let (mut days, mut clock) = (String::new(), String::new());
    let mut amounts = fields.amounts.clone();
    amounts.sort_by_key(|(_, length)| std::cmp::Reverse(*length as u8));
    for (amount, length) in amounts {
        let (letters, after) = letters(length);
        let part = if after { &mut clock } else { &mut days };
        *part += &format!("{amount}{letters}");
    }
    let time = if clock.is_empty() { String::new() } else { format!("T{clock}") };
    Some(Resolved::plain(TimeKind::Duration, format!("P{days}{time}")))
}

/// "the first Friday of July": the n-th such weekday of a month.
fn nth(fields: &Fields, context: &Context) -> Option<Resolved> {
    let (nth, day) = (fields.day?, fields.weekday?);
    let month = Fields { day: None, weekday: None, ..fields.clone() };
    let month = if fields.month.is_some() { date_of(&month, context)? } else { shift(&month, context)? };
    let Some(first) = month.range.map(|range| range.first) else { return Some(month) };
    let date = first.nth_weekday_of_month(nth, weekday(day)).ok()?;
    Some(Resolved::point(Point::of(date), month.anchor, None))
}

fn duration(fields: &Fields) -> Option<Resolved> {
    let length = fields.length?;
    let amount = fields.amount.unwrap_or(if fields.plural { Amount::Some } else { Amount::Number(1.0) });
    Some(Resolved::plain(TimeKind::Duration, period(amount, length)))
}

fn set(fields: &Fields) -> Option<Resolved> {
    let value = if let Some(often) = fields.often {
        period(
            Amount::Number(f64::from(often / 100)),
            [
                Length::Second,
                Length::Minute,
                Length::Hour,
                Length::Day,
                Length::Week,
                Length::Month,
                Length::Quarter,
                Length::Year,
            ][(often % 100).clamp(0, 7) as usize],
        )
    } else if let Some(day) = fields.weekday.or(fields.weekdays) {
        format!("XXXX-WXX-{day}")
    } else if let Some(month) = fields.month {
        format!("XXXX-{month:02}")
    } else if let Some(season) = fields.season {
        format!("XXXX-{}", SEASONS.get(season)?)
    } else if let Some(part) = fields.part {
        format!("XXXX-XX-XXT{}", PARTS[part.min(5)])
    } else {
        let amount = match fields.amount {
            Some(Amount::Number(n)) => n,
            _ if fields.other => 2.0,
            _ => 1.0,
        };
        period(Amount::Number(amount), fields.length?)
    };
    Some(Resolved::plain(TimeKind::Set, value))
}
