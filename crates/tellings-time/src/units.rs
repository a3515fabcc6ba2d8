//! The text as a stream of units: runs of letters, numbers and single marks. Finer than words ("mid-1943", "90-minute",
//! "1pm" and "27th" are two or three units), so that rules do not depend on how a tokeniser splits.

use crate::words::{Class, Words};
use tellings_doc::Span;

/// A run of letters, a number, or one mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// Where it stands.
    pub(crate) span: Span,
    /// What it may be: one bit per [`Class`].
    pub(crate) classes: u64,
    /// Its number as a literal of the rules and as an entry of the vocabulary; 0 = in neither.
    pub(crate) word: u16,
    /// Value of a number.
    pub(crate) number: f64,
    /// Is there white space before it?
    pub(crate) gap: bool,
    /// Is there a line end before it?
    pub(crate) line: bool,
    /// Does it start with a capital?
    pub(crate) capital: bool,
}

impl Unit {
    /// May it be of this class?
    pub(crate) fn is(&self, class: Class) -> bool {
        self.classes & class.bit() != 0
    }
}

/// The units of `text`, in order; they cover all that is not white space.
pub(crate) fn units(text: &str, words: &Words) -> Vec<Unit> {
    let bytes = text.as_bytes();
    let mut units = Vec::with_capacity(text.len() / 5);
    let (mut at, mut gap, mut line) = (0, true, true);
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        if byte.is_ascii_whitespace() {
            line |= byte == b'\n';
            gap = true;
            at += 1;
            continue;
        }
        let (classes, word, number);
        if byte.is_ascii_alphabetic() {
            at = end_of(bytes, at, u8::is_ascii_alphabetic);
            // A letter outside ASCII goes on the word: "fiancé" is no word of ours, nor is "fianc".
            let foreign = bytes.get(at).is_some_and(|b| *b >= 0xC3 && *b < 0xE2);
            (classes, word) = if foreign { (0, 0) } else { words.of_word(&bytes[start..at]) };
            number = 0.0;
        } else if byte.is_ascii_digit() {
            (at, number) = number_at(bytes, at);
            (classes, word) = (classes_of_number(&bytes[start..at], number), 0);
        } else {
            let char = text[at..].chars().next().unwrap_or(' ');
            at += char.len_utf8();
            if char.is_whitespace() {
                gap = true;
                continue;
            }
            if char.is_alphabetic() {
                while let Some(next) = text[at..].chars().next().filter(|c| c.is_alphabetic()) {
                    at += next.len_utf8();
                }
                (classes, word) = (0, 0);
            } else {
                (classes, word) = words.of_mark(char);
            }
            number = 0.0;
        }
        units.push(Unit { span: Span::new(start, at), classes, word, number, gap, line, capital: byte.is_ascii_uppercase() });
        (gap, line) = (false, false);
    }
    units
}

fn end_of(bytes: &[u8], from: usize, is: impl Fn(&u8) -> bool) -> usize {
    bytes[from..].iter().position(|b| !is(b)).map_or(bytes.len(), |n| from + n)
}

/// End and value of the number at `from`: digits, groups of three after commas, decimals. "7.45" is one number, "3.2.2019" three.
fn number_at(bytes: &[u8], from: usize) -> (usize, f64) {
    let mut end = end_of(bytes, from, u8::is_ascii_digit);
    let mut value = value_of(&bytes[from..end]);
    if end - from <= 3 {
        while bytes.get(end) == Some(&b',') && end_of(bytes, end + 1, u8::is_ascii_digit) == end + 4 {
            value = value * 1000.0 + value_of(&bytes[end + 1..end + 4]);
            end += 4;
        }
    }
    if bytes.get(end) == Some(&b'.') {
        let after = end_of(bytes, end + 1, u8::is_ascii_digit);
        let dotted = bytes.get(after) == Some(&b'.') && bytes.get(after + 1).is_some_and(u8::is_ascii_digit);
        if after > end + 1 && after < end + 10 && !dotted && (from == 0 || bytes[from - 1] != b'.') {
            value += value_of(&bytes[end + 1..after]) / 10f64.powi((after - end - 1) as i32);
            end = after;
        }
    }
    (end, value)
}

fn value_of(digits: &[u8]) -> f64 {
    digits.iter().fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'))
}

/// The classes a number written in digits may have.
fn classes_of_number(digits: &[u8], value: f64) -> u64 {
    let mut classes = Class::Number.bit();
    if digits.iter().all(u8::is_ascii_digit) {
        match digits.len() {
            1 | 2 => {
                if (1.0..=31.0).contains(&value) {
                    classes |= Class::Day.bit();
                }
                if (1.0..=12.0).contains(&value) {
                    classes |= Class::MonthNumber.bit();
                }
                if value <= 24.0 {
                    classes |= Class::Hour.bit();
                }
                if digits.len() == 2 {
                    classes |= Class::ShortYear.bit();
                    if value < 60.0 {
                        classes |= Class::Minute.bit();
                    }
                }
            }
            3 => classes |= Class::OldYear.bit(),
            4 => {
                if (1000.0..2200.0).contains(&value) {
                    classes |= Class::Year.bit();
                }
                if value < 2400.0 && value % 100.0 < 60.0 {
                    classes |= Class::Military.bit();
                }
            }
            8 => {
                let (year, month, day) = ((value / 10000.0) as i32, (value / 100.0) as i32 % 100, value as i32 % 100);
                if (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) {
                    classes |= Class::Compact.bit();
                }
            }
            _ => {}
        }
    } else if let Some(dot) = digits.iter().position(|b| *b == b'.')
        && dot <= 2
        && digits.len() == dot + 3
        && value < 24.6
        && digits[dot + 1] < b'6'
    {
        classes |= Class::DottedClock.bit();
    }
    classes
}
