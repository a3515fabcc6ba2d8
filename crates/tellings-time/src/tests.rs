//! The rules' own examples, and properties that hold for any text.

use crate::read;
use crate::rules::Rules;
use jiff::civil::date;
use tellings_doc::{DateRange, Parse, Time};

/// The times of a sentence in a report of Tuesday, 6 September 2016.
fn times(text: &str) -> Vec<Time> {
    read::times(text, Some(DateRange::day(date(2016, 9, 6))), &Parse::default())
}

#[test]
fn rules_read_their_examples() {
    let mut wrong = String::new();
    for row in Rules::rows().1 {
        for example in &row.yes {
            let (sentence, value) = example.split_once('\t').unwrap_or((example, ""));
            let (start, end) = (sentence.find('[').unwrap(), sentence.find(']').unwrap() - 1);
            let text = sentence.replace(['[', ']'], "");
            let times = times(&text);
            if !times.iter().any(|t| t.span.range() == (start..end) && t.value == value && t.rule == format!("time.{}", row.name))
            {
                let got: Vec<_> = times.iter().map(|t| (t.span.of(&text), &t.value, &t.rule)).collect();
                wrong += &format!("{}: {example}\n    {got:?}\n", row.name);
            }
        }
        for example in &row.no {
            if let Some(time) = times(example).iter().find(|t| t.rule == format!("time.{}", row.name)) {
                wrong += &format!("{}: must not match `{}` in {example}\n", row.name, time.span.of(example));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
/// Pieces that time expressions are made of, with some that break them.
const PIECES: [&str; 44] = [
    "in",
    "on",
    "the",
    "a",
    "of",
    "last",
    "next",
    "this",
    "that",
    "May",
    "Aug.",
    "March",
    "Monday",
    "31",
    "5th",
    "1942",
    "'45",
    "264",
    "BC",
    "two",
    "hundred",
    "weeks",
    "day",
    "year",
    "ago",
    "later",
    "-",
    ",",
    ".",
    "\n\n",
    "“",
    "”",
    "night",
    "12:30",
    "p.m.",
    "GMT",
    "winter",
    "half",
    "quarter",
    "end",
    "é",
    "–",
    "99999999999999999999",
    "30 February",
];

#[test]
fn any_words_give_sound_times() {
    // A fixed sequence of pseudo-random pieces: the same in every run.
    let mut state = 42u64;
    let mut piece = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        PIECES[(state >> 33) as usize % PIECES.len()]
    };
    for round in 0..400 {
        let text: Vec<&str> = (0..60).map(|_| piece()).collect();
        let text = text.join(if round % 3 == 0 { "" } else { " " });
        let dates = [
            None,
            Some(DateRange::day(date(2016, 9, 6))),
            Some(DateRange::day(date(-9999, 1, 1))),
            Some(DateRange::day(date(9999, 12, 31))),
        ];
        let times = read::times(&text, dates[round % 4], &Parse::default());
        assert_eq!(times, read::times(&text, dates[round % 4], &Parse::default()));
        let mut end = 0;
        for time in &times {
            assert!(time.span.start() >= end && !time.span.of(&text).is_empty(), "{time:?} in {text}");
            assert!(!time.value.is_empty());
            end = time.span.end();
        }
    }
}

#[test]
fn an_undated_report_keeps_what_its_times_say() {
    let times = read::times("They met on Thursday. They last met on Aug. 26.", None, &Parse::default());
    let said: Vec<_> = times.iter().map(|t| (t.value.as_str(), t.relative.map(|r| r.resolve(date(2016, 9, 9)).first))).collect();
    assert_eq!(said, [("XXXX-WXX-4", Some(date(2016, 9, 8))), ("XXXX-08-26", Some(date(2016, 8, 26)))]);
    assert!(times.iter().all(|t| t.anchor == tellings_doc::Anchor::Unknown && t.range.is_none()));
}
