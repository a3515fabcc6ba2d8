//! Do two tellings of one matter agree? `testdata/agreement/pairs.toml`, a third of it kept back from the writing of rules, and
//! `more.toml`, half of it kept back.

use crate::{models, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use tellings::story::{Agreement, Record, RecordEvent};
use tellings::{Given, read_row, reconcile};
use tellings_testing::floors;

#[derive(Deserialize)]
struct Pairs {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    attribute: String,
    a: String,
    b: String,
    expect: String,
    days: Option<[String; 2]>,
}

/// What the record says of the attribute.
fn told(record: &Record, attribute: &str) -> &'static str {
    let stories = || record.stories.iter();
    let joint = |e: &&RecordEvent| e.articles > 1;
    let differ =
        |event: &RecordEvent| stories().flat_map(|s| &s.disagreements).any(|d| d.about == event.id && d.attribute == attribute);
    let events: Vec<&RecordEvent> = stories().flat_map(|s| &s.events).filter(joint).collect();
    if stories().flat_map(|s| &s.corrections).any(|c| c.attribute == attribute) {
        return "corrected";
    }
    let denied = attribute == "happened" && stories().flat_map(|s| &s.disagreements).any(|d| d.attribute == attribute);
    if denied || events.iter().any(|e| differ(e)) {
        return "disputed";
    }
    let agreed = |event: &&&RecordEvent| match attribute {
        "participants" | "happened" => true,
        "date" => event.date.as_ref().is_some_and(|d| d.agreement == Agreement::Agreed),
        "place" => event.place.as_ref().is_some_and(|p| p.agreement == Agreement::Agreed),
        _ => event.facts.iter().any(|f| f.attribute == attribute && f.agreement == Agreement::Agreed),
    };
    if events.iter().any(|e| agreed(&e)) { "agreed" } else { "apart" }
}

/// Right answers and all, of the pairs that rules were written by and of those kept back. Pair `n` of the file is kept back where
/// `back` says so: it is counted, not shown.
fn judged(file: &str, back: impl Fn(usize) -> bool) -> [[f64; 2]; 2] {
    let source = std::fs::read_to_string(root().join("testdata/agreement").join(file)).expect("the pairs");
    let pairs: Pairs = toml::from_str(&source).expect("pairs in TOML");
    let mut counts = [[0.0; 2]; 2];
    for (n, pair) in pairs.pair.iter().enumerate() {
        let days = pair.days.clone().unwrap_or(["2021-03-10".to_string(), "2021-03-10".to_string()]);
        let read = |id: &str, text: &str, day: &str| {
            let given = Given { date: Some(day.to_string()), ..Given::default() };
            read_row(models(), id, text, &given)
        };
        let (docs, record) = reconcile(models(), vec![read("a", &pair.a, &days[0]), read("b", &pair.b, &days[1])]);
        let got = told(&record, &pair.attribute);
        let kept = usize::from(back(n));
        counts[kept][0] += f64::from(got == pair.expect);
        counts[kept][1] += 1.0;
        if got != pair.expect && kept == 0 {
            println!("{}: {got}, not {}\n  {}\n  {}", pair.attribute, pair.expect, pair.a, pair.b);
            for (doc, event) in docs.iter().flat_map(|d| d.events.iter().map(move |e| (d, e))) {
                let words = event.trigger.of(doc.text());
                println!("    {}: {} “{words}” {}", doc.id, event.kind.as_str(), event.realis.as_str());
            }
        }
    }
    counts
}

#[test]
fn pairs_of_tellings_are_compared_as_a_reader_would() {
    let (first, second) = (judged("pairs.toml", |n| n % 3 == 2), judged("more.toml", |n| n % 2 == 1));
    let share = |[right, all]: [f64; 2]| right / all;
    let figures: BTreeMap<String, f64> = [
        ("right".to_string(), share(first[0])),
        ("right, kept back".to_string(), share(first[1])),
        ("more, right".to_string(), share(second[0])),
        ("more, right, kept back".to_string(), share(second[1])),
    ]
    .into();
    println!("{figures:.3?}");
    floors::check(&root().join("testdata/floors.toml"), "agreement-pairs", &figures);
}
