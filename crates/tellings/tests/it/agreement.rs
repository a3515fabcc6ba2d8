//! Do two tellings of one matter agree? `testdata/agreement/pairs.toml`, a third of it kept back from the writing of rules.

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
    if events.iter().any(|e| e.status == "corrected") {
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

#[test]
fn pairs_of_tellings_are_compared_as_a_reader_would() {
    let source = std::fs::read_to_string(root().join("testdata/agreement/pairs.toml")).expect("the pairs");
    let pairs: Pairs = toml::from_str(&source).expect("pairs in TOML");
    let (mut right, mut all) = ([0.0f64; 2], [0.0f64; 2]);
    for (n, pair) in pairs.pair.iter().enumerate() {
        let days = pair.days.clone().unwrap_or(["2021-03-10".to_string(), "2021-03-10".to_string()]);
        let read = |id: &str, text: &str, day: &str| {
            let given = Given { date: Some(day.to_string()), ..Given::default() };
            read_row(models(), id, text, &given)
        };
        let docs = vec![read("a", &pair.a, &days[0]), read("b", &pair.b, &days[1])];
        let (_, record) = reconcile(models(), docs);
        let got = told(&record, &pair.attribute);
        let back = usize::from(n % 3 == 2);
        all[back] += 1.0;
        right[back] += f64::from(got == pair.expect);
        // What is kept back is counted, not shown.
        if got != pair.expect && back == 0 {
            println!("{}: {got}, not {}\n  {}\n  {}", pair.attribute, pair.expect, pair.a, pair.b);
        }
    }
    let figures: BTreeMap<String, f64> =
        [("right".to_string(), right[0] / all[0]), ("right, kept back".to_string(), right[1] / all[1])].into();
    println!("{figures:.3?}");
    floors::check(&root().join("testdata/floors.toml"), "agreement-pairs", &figures);
}
