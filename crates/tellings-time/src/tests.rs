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
