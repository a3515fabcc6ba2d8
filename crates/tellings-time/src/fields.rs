//! What a match says: the caught classes put together into fields.

use crate::pattern::Catch;
use crate::words::Class;

/// Units of time, by their value in the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Weekend,
    Fortnight,
    Night,
    Millennium,
}

impl Length {
    const ALL: [Length; 14] = [
        Length::Second,
        Length::Minute,
        Length::Hour,
        Length::Day,
        Length::Week,
        Length::Month,
        Length::Quarter,
        Length::Year,
        Length::Decade,
        Length::Century,
        Length::Weekend,
        Length::Fortnight,
        Length::Night,
        Length::Millennium,
    ];

    fn of(value: f64) -> Length {
        Length::ALL[(value as usize).min(Length::ALL.len() - 1)]
    }
}

/// How much of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    Number(f64),
    /// "a few", "several".
    Some,
}

/// How a shift is counted: this 0, last -1, next 1; `narrative` = from the time told of ("the previous", "that").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) by: i32,
    pub(crate) narrative: bool,
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) hour: i32,
    pub(crate) minute: Option<i32>,
    pub(crate) second: Option<i32>,
}

/// What was caught, by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    /// Negative before Christ.
    pub(crate) year: Option<i32>,
    pub(crate) short_year: Option<i32>,
    pub(crate) bc: bool,
    pub(crate) month: Option<i8>,
    pub(crate) day: Option<i8>,
    pub(crate) weekday: Option<i8>,
    pub(crate) season: Option<usize>,
    pub(crate) quarter: bool,
    pub(crate) half: bool,
    pub(crate) part: Option<usize>,
    pub(crate) clock: Option<Clock>,
    pub(crate) zone: Option<i16>,
    pub(crate) shift: Option<Shift>,
    pub(crate) length: Option<Length>,
    pub(crate) deixis: Option<i32>,
    pub(crate) decades: Option<i32>,
    pub(crate) amount: Option<Amount>,
    /// Was the unit in the plural?
    pub(crate) plural: bool,
    pub(crate) ago: bool,
    pub(crate) later: bool,
    pub(crate) earlier: bool,
    pub(crate) start: bool,
    pub(crate) mid: bool,
    pub(crate) end: bool,
    pub(crate) approx: bool,
    pub(crate) less: bool,
    pub(crate) more: bool,
    pub(crate) often: Option<i32>,
    pub(crate) other: bool,
    pub(crate) reference: Option<i32>,
    pub(crate) holiday: Option<i32>,
    pub(crate) compact: Option<i32>,
    pub(crate) numbers: [Option<f64>; 3],
    pub(crate) weekdays: Option<i8>,
    /// Amounts and units of a compound ("two years and six months"), without the last.
    pub(crate) amounts: Vec<(f64, Length)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    None,
    Of,
    More,
}

impl Fields {
    /// The fields of a match.
    pub(crate) fn of(caught: &[Catch]) -> Fields {
        let mut fields = Fields::default();
        let (mut amount, mut article, mut some, mut half, mut couple) = (None::<f64>, false, false, Half::None, false);
        let mut tens = None;
        let mut meridiem = None;
        let mut ended = false;
        let compound = caught.iter().any(|(class, _)| *class == Class::Second);
        for &(class, value) in caught {
            let whole = value as i32;
            // The amount after the end belongs to the next expression ("10" of "10 to 15 years").
            if ended && amount.is_some() && matches!(class, Class::Number | Class::Ones | Class::Tens | Class::Scale) {
                continue;
            }
            match class {
                Class::Break => ended = true,
                Class::Number => {
                    if let Some(free) = fields.numbers.iter_mut().find(|n| n.is_none()) {
                        *free = Some(value);
                    }
                    amount.get_or_insert(value);
                }
                Class::Ones => amount = Some(amount.unwrap_or(0.0) + value),
                Class::Tens => {
                    amount = Some(amount.unwrap_or(0.0) + value);
                    tens = Some(value);
                }
                Class::Scale => amount = Some(amount.unwrap_or(1.0) * value),
                Class::Article => article = true,
                Class::Fuzzy => some = true,
                Class::Couple => couple = true,
                Class::Half => {
                    // 1 stands for "and a half", 0 for "half a".
                    half = if value > 0.0 { Half::More } else { Half::Of };
                    fields.half = true;
                }
                Class::Day | Class::Ordinal => {
                    let day = (value + tens.take().unwrap_or(0.0)) as i8;
                    fields.day.get_or_insert(day);
                }
                Class::Month | Class::MonthNumber | Class::ShortMonth => _ = fields.month.get_or_insert(whole as i8),
                Class::Weekday | Class::ShortDay => _ = fields.weekday.get_or_insert(whole as i8),
                Class::Weekdays => fields.weekdays = Some(whole as i8),
                Class::Season => _ = fields.season.get_or_insert(whole as usize),
                Class::Quarter => {
                    fields.quarter = true;
                    fields.length.get_or_insert(Length::Quarter);
                }
                Class::Part => _ = fields.part.get_or_insert(whole as usize),
                Class::Year | Class::OldYear => _ = fields.year.get_or_insert(whole),
                Class::ShortYear => fields.short_year = Some(whole),
                Class::Bc => fields.bc = true,
                Class::Hour => _ = fields.clock.get_or_insert(Clock { hour: whole, minute: None, second: None }),
                Class::Minute => {
                    if let Some(clock) = &mut fields.clock {
                        if clock.minute.is_none() {
                            clock.minute = Some(whole);
                        } else {
                            clock.second = Some(whole);
                        }
                    }
                }
                Class::DottedClock => {
                    let minute = ((value - value.trunc()) * 100.0).round() as i32;
                    fields.clock = Some(Clock { hour: whole, minute: Some(minute), second: None });
                }
                Class::Military => fields.clock = Some(Clock { hour: whole / 100, minute: Some(whole % 100), second: None }),
                Class::Noon => fields.clock = Some(Clock { hour: whole, minute: None, second: None }),
                Class::Meridiem => meridiem = Some(whole),
                Class::Zone => fields.zone = Some(whole as i16),
                Class::Shift => {
                    let narrative = whole.abs() > 5;
                    fields.shift = Some(Shift { by: if narrative { whole.signum() } else { whole }, narrative });
                }
                Class::Same => fields.shift = Some(Shift { by: 0, narrative: true }),
                // The amount caught before stands already: the marker follows the new number.
                Class::Second => {}
                Class::Unit | Class::Units if compound => {
                    fields.amounts.push((amount.take().unwrap_or(1.0), Length::of(value)));
                }
                Class::Unit | Class::Units => {
                    fields.length = Some(Length::of(value));
                    fields.plural = class == Class::Units;
                }
                Class::Deixis => fields.deixis = Some(whole),
                Class::Decades => fields.decades = Some(whole),
                Class::Ago => fields.ago = true,
                Class::Later => fields.later = true,
                Class::Earlier => fields.earlier = true,
                Class::Start => fields.start = true,
                Class::Mid => fields.mid = true,
                Class::End => fields.end = true,
                Class::Approx => fields.approx = true,
                Class::Less => fields.less = true,
                Class::More => fields.more = true,
                Class::Often => fields.often = Some(whole),
                Class::Other => fields.other = true,
                Class::Ref => fields.reference = Some(whole),
                Class::Holiday => fields.holiday = Some(whole),
                Class::Compact => fields.compact = Some(whole),
                Class::Every | Class::OrdinalMark | Class::Quarters | Class::Prep | Class::Measure => {}
            }
        }
        if let Some(hour) = amount.filter(|_| meridiem.is_some() || caught.is_empty()) {
            fields.clock.get_or_insert(Clock { hour: hour as i32, minute: None, second: None });
        }
        if let (Some(clock), Some(meridiem)) = (&mut fields.clock, meridiem) {
            clock.hour = match (meridiem, clock.hour) {
                (1, 12) => 0,
                (2, hour) if hour < 12 => hour + 12,
                (_, hour) => hour,
            };
        }
        let more = if half == Half::More { 0.5 } else { 0.0 };
        fields.amount = match amount {
            _ if some => Some(Amount::Some),
            Some(amount) => Some(Amount::Number(amount + more)),
            None if couple => Some(Amount::Number(2.0)),
            None if half == Half::Of => Some(Amount::Number(0.5)),
            None if article => Some(Amount::Number(1.0 + more)),
            None => None,
        };
        if fields.bc {
            fields.year = fields.year.or(fields.numbers[0].map(|n| n as i32)).map(|year| -year);
        }
        fields.year = fields.year.filter(|year| year.abs() < 10_000);
        fields
    }

    /// Does it hold a part of a date that a following number can go on from ("March 5 to 9")?
    pub(crate) fn has_day(&self) -> bool {
        self.month.is_some() && self.day.is_some()
    }
}
