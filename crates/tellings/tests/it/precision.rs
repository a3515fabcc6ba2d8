//! Events in sentences of our own (`testdata/events/*.jsonl`), and none in pages about something else. Every third sentence
//! is held back from rule writing: nobody looks at what the rules make of it, but for the figures.

use crate::{models, root};
use std::collections::BTreeMap;
use tellings::doc::{Doc, EventType, Participant};
use tellings::{Given, read_row};
use tellings_testing::floors;

/// A sentence and, if it tells an event, what.
#[derive(serde::Deserialize)]
struct Row {
    text: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    actors: Vec<Who>,
    #[serde(default)]
    recipients: Vec<Who>,
}

#[derive(serde::Deserialize)]
struct Who {
    words: String,
}

fn rows(name: &str) -> Vec<Row> {
    let path = root().join("testdata/events").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{name}: {e}: {l}"))).collect()
}

fn read(text: &str) -> Doc {
    read_row(models(), "case", text, &Given { date: Some("2023-05-10".to_string()), ..Given::default() })
}

/// Is a participant the one with these words, by its own or by those of another mention of it?
fn is(doc: &Doc, who: &Participant, words: &str) -> bool {
    let holds = |s: &str| s.to_lowercase().contains(&words.to_lowercase()) || words.to_lowercase().contains(&s.to_lowercase());
    holds(who.span.of(doc.text()))
        || who.entity.is_some_and(|e| {
            doc.link.mentions_of(e).any(|m| m.span.of(doc.text()).to_lowercase().contains(&words.to_lowercase()))
        })
}

fn whole(doc: &Doc, event: &tellings::doc::Event, row: &Row) -> bool {
    let both = row.actors.len() > 1 && row.recipients.is_empty();
    let together = event.kind.is_mutual() || both && matches!(event.kind, EventType::Support | EventType::Assault);
    let all: Vec<Participant> = event.actors.iter().chain(&event.recipients).cloned().collect();
    let among = |who: &[Who], people: &[Participant]| who.iter().all(|w| people.iter().any(|p| is(doc, p, &w.words)));
    match together {
        true => among(&row.actors, &all) && among(&row.recipients, &all),
        false => among(&row.actors, &event.actors) && among(&row.recipients, &event.recipients),
    }
}

#[test]
fn sentences_with_and_without_events() {
    for held in [false, true] {
        let part = |rows: Vec<Row>| rows.into_iter().enumerate().filter(move |(i, _)| (i % 3 == 2) == held).map(|(_, r)| r);
        let (mut found, mut typed, mut full, mut with, mut coded, mut right) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for row in part(rows("with.jsonl")) {
            let doc = read(&row.text);
            let kinds: Vec<&str> = row.kind.iter().chain(&row.accept).map(String::as_str).collect();
            let same: Vec<_> = doc.events.iter().filter(|e| kinds.contains(&e.kind.as_str())).collect();
            with += 1.0;
            coded += doc.events.len() as f64;
            right += same.len() as f64;
            found += f64::from(u8::from(!doc.events.is_empty()));
            typed += f64::from(u8::from(!same.is_empty()));
            full += f64::from(u8::from(same.iter().any(|e| whole(&doc, e, &row))));
        }
        let (mut alarms, mut alarmed) = (0.0, 0.0);
        for row in part(rows("without.jsonl")) {
            let events = read(&row.text).events.len();
            alarms += events as f64;
            alarmed += f64::from(u8::from(events > 0));
        }
        let figures = BTreeMap::from([
            ("sentences P".to_string(), found / (found + alarmed)),
            ("sentences R".to_string(), found / with),
            ("typed P".to_string(), right / (coded + alarms)),
            ("typed R".to_string(), typed / with),
            ("typed+participants R".to_string(), full / with),
        ]);
        let section = if held { "events-sentences-held" } else { "events-sentences" };
        floors::check(&root().join("testdata/floors.toml"), section, &figures);
    }
}

/// Skipped aloud without the pages, unpacked in `.gold/pages` of the checkout.
#[test]
fn pages_without_politics() {
    let folder = root().join(".gold/pages/wcxb/ground-truth");
    if !folder.is_dir() {
        eprintln!("skipped: no pages in `{}`", folder.display());
        return;
    }
    let list = std::fs::read_to_string(root().join("testdata/events/pages.txt")).unwrap_or_default();
    let (mut sentences, mut events) = (0, 0);
    for number in list.lines().filter(|l| !l.starts_with('#')) {
        let text = std::fs::read_to_string(folder.join(format!("{number}.json"))).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let Some(content) = value["ground_truth"]["main_content"].as_str() else { continue };
        let doc = read_row(models(), number, content, &Given::default());
        sentences += doc.parse.sentences.len();
        events += doc.events.len();
    }
    assert!(sentences > 10_000, "only {sentences} sentences");
    let figures = BTreeMap::from([("sentences per event".to_string(), sentences as f64 / f64::from(events.max(1) as u32))]);
    floors::check(&root().join("testdata/floors.toml"), "events-pages", &figures);
}
