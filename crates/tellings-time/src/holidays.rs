//! Feasts and days of remembrance: number to date.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// How a feast is found in a year.
enum Rule {
    /// Month and day.
    Fixed(i8, i8),
    /// The n-th such weekday of a month; -1 the last.
    Nth(i8, i8, Weekday),
    /// Days after Easter Sunday.
    Easter(i64),
    /// Days after another feast.
    After(i32, i64),
    /// One day of history.
    Once(i16, i8, i8),
}

/// Feasts in the order of their numbers in the rule `date.holiday`, from 1.
const HOLIDAYS: [Rule; 43] = [
    Rule::Fixed(12, 25),
    Rule::Fixed(12, 24),
    Rule::Fixed(1, 1),
    Rule::Fixed(12, 31),
    Rule::Fixed(12, 26),
    Rule::Fixed(10, 31),
    Rule::Fixed(2, 14),
    Rule::Nth(11, 4, Weekday::Thursday),
    Rule::Easter(0),
    Rule::Easter(-2),
    Rule::Easter(1),
    Rule::Easter(-7),
    Rule::Easter(-46),
    Rule::Easter(39),
    Rule::Easter(50),
    Rule::Nth(9, 1, Weekday::Monday),
    Rule::Nth(5, -1, Weekday::Monday),
    Rule::Fixed(11, 11),
    Rule::Nth(1, 3, Weekday::Monday),
    Rule::Nth(2, 3, Weekday::Monday),
    Rule::Nth(10, 2, Weekday::Monday),
    Rule::Fixed(5, 1),
    Rule::Fixed(7, 14),
    Rule::Fixed(11, 11),
    Rule::Fixed(3, 17),
    Rule::Fixed(4, 1),
    Rule::Fixed(2, 2),
    Rule::Fixed(1, 6),
    Rule::Fixed(11, 1),
    Rule::Fixed(1, 26),
    Rule::Fixed(4, 25),
    Rule::Fixed(7, 1),
    Rule::Fixed(11, 5),
    Rule::Fixed(6, 19),
    Rule::Fixed(3, 21),
    Rule::Fixed(1, 7),
    Rule::Fixed(1, 20),
    Rule::Fixed(4, 22),
    Rule::Nth(5, 2, Weekday::Sunday),
    Rule::Nth(6, 3, Weekday::Sunday),
    Rule::Once(1944, 6, 6),
    Rule::After(8, 1),
    Rule::After(8, 4),
];

/// The day of a feast in a year.
pub(crate) fn date(number: i32, year: i16) -> Option<Date> {
    match HOLIDAYS.get(usize::try_from(number - 1).ok()?)? {
        Rule::Fixed(month, day) => Date::new(year, *month, *day).ok(),
        Rule::Nth(month, nth, weekday) => Date::new(year, *month, 1).ok()?.nth_weekday_of_month(*nth, *weekday).ok(),
        Rule::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
        Rule::After(other, days) => date(*other, year)?.checked_add(days.days()).ok(),
        Rule::Once(year, month, day) => Date::new(*year, *month, *day).ok(),
    }
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year as i16, month as i8, day as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn feasts_fall_where_the_calendar_has_them() {
        assert_eq!(date(9, 2016), Some(day(2016, 3, 27)));
        assert_eq!(date(9, 2024), Some(day(2024, 3, 31)));
        assert_eq!(date(8, 2016), Some(day(2016, 11, 24)));
        assert_eq!(date(17, 2016), Some(day(2016, 5, 30)));
        assert_eq!(date(0, 2016), None);
    }
}
