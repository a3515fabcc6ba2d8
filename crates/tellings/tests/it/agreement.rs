//! Do two tellings of one matter agree? `testdata/agreement/pairs.toml`, a third of it kept back from the writing of rules, `more.toml`
//! and `third.toml`, half of each kept back, `fourth.toml` and `sixth.toml`, shown, and `fifth.toml`, kept
//! back but for its first nine.

use crate::{models, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use tellings::doc::{Doc, Participant, Span};
use tellings::story::{Agreement, Record, RecordEvent, Statements};
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

/// What stands in the way, told without the words: for pairs that are not shown.
fn why(docs: &[Doc], record: &Record) -> &'static str {
    let joint = || record.stories.iter().flat_map(|s| &s.events).any(|e| e.articles > 1);
    match () {
        () if docs.iter().any(|d| d.events.is_empty()) => "one tells no event",
        () if record.stories.len() > 1 => "two stories",
        () if !joint() => "two events",
        () => "one event",
    }
}

/// Right answers and all, of the pairs that rules were written by and of those kept back. Pair `n` of the file is kept back where
/// `back` says so: it is counted, not shown.
fn judged(file: &str, back: impl Fn(usize) -> bool) -> [[f64; 2]; 2] {
    let source = std::fs::read_to_string(root().join("testdata/agreement").join(file)).expect("the pairs");
    let pairs: Pairs = toml::from_str(&source).expect("pairs in TOML");
    let mut counts = [[0.0; 2]; 2];
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
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
        if got != pair.expect && kept == 1 {
            *missed.entry(format!("{} {got}, not {}: {}", pair.attribute, pair.expect, why(&docs, &record))).or_default() += 1;
        }
        if got != pair.expect && kept == 0 {
            let stories = record.stories.len();
            println!("{}: {got}, not {} ({stories} stories)\n  {}\n  {}", pair.attribute, pair.expect, pair.a, pair.b);
            for (doc, event) in docs.iter().flat_map(|d| d.events.iter().map(move |e| (d, e))) {
                let words = |s: Span| s.of(doc.text());
                let who = |list: &[Participant]| list.iter().map(|p| words(p.span)).collect::<Vec<_>>().join(" + ");
                let day = event.time.as_ref().map_or("", |t| t.value.as_str());
                let place = event.place.map_or("", |p| doc.link.places[p.place.index()].name.as_str());
                let (by, to) = (who(&event.actors), who(&event.recipients));
                let (act, kind) = (words(event.trigger), event.kind.as_str());
                println!("    {}: {kind} “{act}” {} by {by} to {to} on {day} in {place}", doc.id, event.realis.as_str());
                event.facts.iter().for_each(|f| println!("        {} {}", f.attribute, f.value));
            }
            for event in record.stories.iter().flat_map(|s| &s.events) {
                let facts: Vec<String> = (event.facts.iter())
                    .map(|f| {
                        format!(
                            "{} {:?} {}",
                            f.attribute,
                            f.agreement,
                            f.values.iter().map(|v| &*v.value).collect::<Vec<_>>().join("|")
                        )
                    })
                    .collect();
                println!(
                    "    = {} of {} {facts:?} {:?}",
                    event.kind.as_str(),
                    event.articles,
                    event.tellings.iter().map(|t| t.rule.to_string()).collect::<Vec<_>>()
                );
            }
        }
    }
    println!("{file}, kept back and missed: {missed:?}");
    counts
}

#[test]
fn pairs_of_tellings_are_compared_as_a_reader_would() {
    let (first, second) = (judged("pairs.toml", |n| n % 3 == 2), judged("more.toml", |n| n % 2 == 1));
    let (third, fourth) = (judged("third.toml", |n| n % 2 == 1), judged("fourth.toml", |_| false));
    // The first nine were seen while rules were written.
    let fifth = judged("fifth.toml", |n| n >= 9);
    let share = |[right, all]: [f64; 2]| right / all;
    let figures: BTreeMap<String, f64> = [
        ("right".to_string(), share(first[0])),
        ("right, kept back".to_string(), share(first[1])),
        ("more, right".to_string(), share(second[0])),
        ("more, right, kept back".to_string(), share(second[1])),
        ("third, right".to_string(), share(third[0])),
        ("third, right, kept back".to_string(), share(third[1])),
        ("fourth, right".to_string(), share(fourth[0])),
        ("sixth, right".to_string(), share(judged("sixth.toml", |_| false)[0])),
        ("fifth, right".to_string(), share(fifth[0])),
        ("fifth, right, kept back".to_string(), share(fifth[1])),
    ]
    .into();
    println!("{figures:.3?}");
    floors::check(&root().join("testdata/floors.toml"), "agreement-pairs", &figures);
}

#[derive(Deserialize)]
struct Question {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Answer")]
    answer: String,
    cluster_global: i64,
}

/// Do two outlets' answers to one question say the same? All pairs of answers of NAnCo's validation questions, in
/// `.gold/agreement/nanco` (third-party texts, not in this repository).
#[test]
fn answers_of_outlets_say_the_same_or_not() {
    let Ok(source) = std::fs::read_to_string(root().join(".gold/agreement/nanco/nanco-val.json")) else {
        return println!("skipped: no .gold/agreement/nanco");
    };
    let questions: Vec<Question> = serde_json::from_str(&source).expect("questions");
    let statements = Statements::default();
    // Right and all, of pairs that say the same and of those that do not.
    let mut counts = [[0.0f64; 2]; 2];
    for question in &questions {
        let read = |a: &Answer| read_row(models(), "a", &a.answer, &Given::default());
        let docs: Vec<Doc> = question.answers.iter().map(read).collect();
        for (i, a) in docs.iter().enumerate() {
            for (j, b) in docs.iter().enumerate().skip(i + 1) {
                let whole = |d: &Doc| Span::new(0, d.text().len());
                let same = statements.alike((a, whole(a)), (b, whole(b))) >= Statements::SAME;
                let gold = question.answers[i].cluster_global == question.answers[j].cluster_global;
                counts[usize::from(gold)][0] += f64::from(same == gold);
                counts[usize::from(gold)][1] += 1.0;
            }
        }
    }
    let balanced = counts.map(|[right, all]| right / all).iter().sum::<f64>() / 2.0;
    let figures: BTreeMap<String, f64> = [("balanced accuracy".to_string(), balanced)].into();
    println!("{figures:.3?} on {} pairs", counts[0][1] + counts[1][1]);
    floors::check(&root().join("testdata/floors.toml"), "agreement-nanco", &figures);
}
