//! Ordinary ways of telling one thing (`testdata/events/ways.tsv`, which rules may be written by, and `ways-held.tsv`, of which only the
//! figures are looked at): is an event of the right type told, and is what the sentence says of it read?

use crate::{models, root};
use std::collections::BTreeMap;
use tellings::doc::{Doc, Event, FactValue, Participant};
use tellings::{Given, read_row};
use tellings_testing::floors;

/// What one sentence gave.
pub(crate) struct Read {
    pub(crate) line: String,
    /// Is there an event of a right type?
    pub(crate) told: bool,
    /// Is all that is asked for read of one such event?
    pub(crate) whole: bool,
}

fn among(doc: &Doc, people: &[&Participant], words: &str) -> bool {
    let words = words.to_lowercase();
    people.iter().any(|p| {
        p.span.of(doc.text()).to_lowercase().contains(&words)
            || p.entity.is_some_and(|e| {
                let named = || doc.link.mentions_of(e).any(|m| m.span.of(doc.text()).to_lowercase().contains(&words));
                doc.link.entities[e.index()].name.to_lowercase().contains(&words) || named()
            })
    })
}

fn holds(doc: &Doc, event: &Event, want: &str) -> bool {
    let (name, value) = want.split_once('=').unwrap_or((want, ""));
    let everybody: Vec<&Participant> = event.actors.iter().chain(&event.recipients).collect();
    match name {
        "" => true,
        "who" => value.split('+').all(|w| w.split('|').any(|w| among(doc, &everybody, w))),
        "date" => event.time.as_ref().is_some_and(|t| t.value.starts_with(value)),
        "place" => event.place.is_some_and(|p| doc.link.places[p.place.index()].name.contains(value)),
        "attributed" => event.attributed_to.as_ref().is_some_and(|p| among(doc, &[p], value)),
        _ => event.facts.iter().any(|f| {
            f.attribute == name
                && match &f.value {
                    FactValue::Count { best, .. } => {
                        value.is_empty() || value.parse() == Ok(*best) || (f.value.to_string() == value)
                    }
                    FactValue::Duration(v) | FactValue::Text(v) => v.contains(value) || same_length(v, value),
                }
        }),
    }
}

/// "PT90M" and "PT1H30M", "P7D" and "P1W".
fn same_length(a: &str, b: &str) -> bool {
    let minutes = |text: &str| {
        let (mut sum, mut number, mut clock) = (0.0, String::new(), false);
        for c in text.chars() {
            let unit = match c {
                'T' => {
                    clock = true;
                    continue;
                }
                'W' => 7.0 * 1440.0,
                'D' => 1440.0,
                'H' => 60.0,
                'M' if clock => 1.0,
                'M' => 30.0 * 1440.0,
                'Y' => 365.0 * 1440.0,
                'P' => continue,
                c => {
                    number.push(c);
                    continue;
                }
            };
            sum += unit * number.parse::<f64>().unwrap_or(f64::NAN);
            number.clear();
        }
        sum
    };
    minutes(a) > 0.0 && minutes(a) == minutes(b)
}

/// What the rules make of the sentences of a file.
pub(crate) fn judged(name: &str) -> Vec<Read> {
    let path = root().join("testdata/events").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut out = Vec::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let mut columns = line.split('\t');
        let (kinds, wants, text) = (columns.next(), columns.next(), columns.next());
        let (Some(kinds), Some(wants), Some(text)) = (kinds, wants, text) else { panic!("{name}: three columns: {line}") };
        let doc = read_row(models(), "case", text, &Given { date: Some("2023-05-10".to_string()), ..Given::default() });
        let right: Vec<&Event> = doc.events.iter().filter(|e| kinds.split('|').any(|k| k == e.kind.as_str())).collect();
        let whole = right.iter().any(|e| wants.split(';').all(|want| holds(&doc, e, want)));
        out.push(Read { line: line.to_string(), told: !right.is_empty(), whole });
    }
    out
}

#[test]
fn ordinary_ways_of_telling_are_read() {
    for (name, section) in [("ways.tsv", "events-ways"), ("ways-held.tsv", "events-ways-held")] {
        let read = judged(name);
        let share = |fits: &dyn Fn(&Read) -> bool| read.iter().filter(|r| fits(r)).count() as f64 / read.len() as f64;
        let figures = BTreeMap::from([("told".to_string(), share(&|r| r.told)), ("whole".to_string(), share(&|r| r.whole))]);
        // Of those kept back only the figures are shown.
        for one in read.iter().filter(|r| !r.whole && name == "ways.tsv") {
            println!("{}: {}", if one.told { "a value is missing" } else { "nothing is told" }, one.line);
        }
        println!("{name}: {figures:.3?}");
        floors::check(&root().join("testdata/floors.toml"), section, &figures);
    }
}
