//! The rules' own examples, and properties that hold for any text.

use crate::read;
use crate::rules::Rules;
use jiff::civil::date;
use tellings_doc::{Article, Basis, DateRange, Parse, PartDate, Precision, Published, Span, Time};

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

#[test]
fn a_part_is_read_against_its_own_day() {
    let text = "The envoys left on Monday.\n\nThey had met on Monday.\n\nNobody came on Monday.";
    let published = |day: i8| Published {
        value: format!("2016-09-{day:02}"),
        range: DateRange::day(date(2016, 9, day)),
        precision: Precision::Day,
        basis: Basis::Metadata,
        span: None,
        from: Vec::new(),
        rule: "test".into(),
    };
    let part = |words: &str, day: i8| {
        let start = text.find(words).unwrap();
        PartDate { span: Span::new(start, start + words.len()), published: published(day), note: String::new() }
    };
    let article = Article {
        text: text.to_string(),
        published: Some(published(6)),
        part_dates: vec![part("The envoys left on Monday.", 6), part("They had met on Monday.", 13)],
        ..Article::default()
    };
    let values: Vec<String> = crate::times(&article, &Parse::default()).into_iter().map(|time| time.value).collect();
    assert_eq!(values, ["2016-09-05", "2016-09-12", "2016-09-05"]);
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

/// Why a case of the recognisers' gold is no matter of news, by the words it asks for; `None` if it is one.
fn not_news(words: &str) -> Option<&'static str> {
    let words = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word));
    let with = |list: &[&str]| list.iter().any(|piece| words.contains(piece));
    const NUMBERS: [&str; 32] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty",
        "thirty", "forty", "fifty", "second", "the", "at", "on", "th", "nd", "st", "rd", "a", "p", "m", "am", "pm", "each", "in",
    ];
    let letters: Vec<&str> = words.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let numbers = letters.iter().filter(|w| NUMBERS[..17].contains(*w)).count();
    if letters.iter().all(|w| NUMBERS[..25].contains(w)) && !words.contains(':') && words.split(['/', '-', '.']).count() < 3 {
        return Some("a bare number for a day or an hour");
    }
    if has(&["past", "ish", "noonish", "11ish", "mid", "ampm", "7ampm", "h", "midday"]) && !has(&["weeks", "years", "months"])
        || with(&["quarter to", "minutes to", "mins to", "7h01", "340pm", "1140", "midmorning", "midafternoon", "afternoon "])
        || numbers > 1 && has(&["am", "pm", "p", "night"])
        || has(&["seven", "7", "10", "five"])
            && has(&["at", "on", "around", "this", "tonight", "afternoon"])
            && !has(&["days", "weeks"])
    {
        return Some("a spoken clock time");
    }
    if has(&["nineteen", "thousand"]) || numbers > 0 && has(&["may", "jan"]) {
        return Some("a spelled-out year or day");
    }
    if with(&["oct-", "oct/", "jan-", "sep-", "/sep", "october.", "08/12", " 15", "15,", "15 at", "5th at", "on the 15"])
        && !with(&["15th"])
    {
        return Some("a date as only a calendar program writes it");
    }
    if with(&[
        "eod",
        "my day",
        "the day",
        "end of",
        "as soon as",
        "yuandan",
        "thanks giving",
        "new year eve",
        "lunchtime",
        "in the night",
    ]) {
        return Some("an assistant's command");
    }
    if has(&["few", "next", "ago", "now", "later", "decades", "every", "midnight", "tomorrow", "yesterday", "today", "business"])
        && (has(&["few", "decades", "now", "business"])
            || with(&[
                "next sunday",
                "year ago",
                "years ago",
                "month ago",
                "days from",
                "weeks from",
                "after today",
                "before yesterday",
            ])
            || with(&["every morning", "every night", "midnight", "monday later", "hours later"]))
        || words.starts_with("in ")
        || with(&[
            "half year",
            "first sunday",
            "second sunday",
            "third tuesday",
            "fifth sunday",
            "feb 30",
            "31st of",
            "mornings at",
            "9am",
            "4pm",
        ])
        || with(&["mins ago"])
    {
        return Some("another convention than TIMEX3's in news");
    }
    None
}

#[test]
fn recognizers_cases() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Some(shared) = tellings_testing::floors::shared(&root, "recognizers_cases") else { return };
    let folder = shared.join("gold/time/recognizers-cases");
    const NAMES: [&str; 19] = [
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
        "jan",
        "oct",
        "feb",
        "nov",
        "sept",
        "sep",
        "wed",
    ];
    let clock = |value: &str| {
        let value = value.trim_end_matches(":00").replace(' ', "T");
        if value.split('T').nth(1).is_some_and(|clock| clock.len() == 2 && clock.parse::<u8>().is_ok()) {
            value + ":00"
        } else {
            value
        }
    };
    let (mut asked, mut right, mut wrong) = (0, 0, String::new());
    for kind in ["Date", "Time", "Duration", "Set", "DateTime", "Holiday"] {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{kind}Parser.json"))) else { return };
        let cases: Vec<serde_json::Value> = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        for case in cases {
            let [result] = case["Results"].as_array().unwrap().as_slice() else { continue };
            let words = result["Text"].as_str().unwrap();
            if not_news(words).is_some() {
                continue;
            }
            // Months as news writes them.
            let mut input = case["Input"].as_str().unwrap().to_string();
            for name in NAMES {
                for at in input.to_lowercase().match_indices(name).map(|(at, _)| at).collect::<Vec<_>>() {
                    input[at..=at].make_ascii_uppercase();
                }
            }
            let day = case["Context"]["ReferenceDateTime"].as_str().map_or("2016-11-07", |day| &day[..10]);
            let times = read::times(&input, Some(DateRange::day(day.parse().unwrap())), &Parse::default());
            let (start, len) = (result["Start"].as_u64().unwrap() as usize, result["Length"].as_u64().unwrap() as usize);
            let value = &result["Value"];
            let timex = value["Timex"].as_str().unwrap();
            let mut values = vec![clock(timex), clock(&format!("{day}{timex}"))];
            for side in ["FutureResolution", "PastResolution"] {
                values.extend(value[side].as_object().into_iter().flatten().filter_map(|(_, v)| v.as_str()).map(clock));
            }
            asked += 1;
            let hit = |t: &&Time| t.span.start() < start + len && start < t.span.end() && values.contains(&clock(&t.value));
            if times.iter().any(|t| hit(&t)) {
                right += 1;
            } else {
                wrong += &format!("{input} [{words}] {timex}, got {:?}\n", times.iter().map(|t| &t.value).collect::<Vec<_>>());
            }
        }
    }
    let share = f64::from(right) / f64::from(asked);
    assert!(asked > 180 && share >= 0.85, "{right} of {asked}\n{wrong}");
}
