//! Events of WikiEvents (KAIROS types) against ours, where a type has a counterpart in PLOVER: how many of its triggers are
//! coded, and as what. Ours are acts in politics and with arms, merged where a clause tells one twice; the gold marks every word
//! that tells anything, so that only recall says something.

use crate::corpora;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tellings_article::Given;
use tellings_doc::{EventType, Span};
use tellings_event::EventRules;
use tellings_link::Linker;
use tellings_parse::Parser;
use tellings_speech::SpeechRules;

/// PLOVER types that a KAIROS type may be; empty where PLOVER has none (illness, transport, trade, talk as such).
fn plover(kind: &str) -> &'static [EventType] {
    use EventType::*;
    let mut parts = kind.split('.');
    match (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or("")) {
        ("Conflict", "Attack", _) | ("Life", "Die" | "Injure", _) => &[Assault],
        ("ArtifactExistence", "DamageDestroyDisableDismantle", "Damage" | "Destroy") => &[Assault],
        ("Conflict", "Demonstrate", _) => &[Protest],
        ("Justice", "ArrestJailDetain", _) => &[Coerce],
        ("Justice", "ReleaseParole", _) | ("Personnel", "EndPosition", _) => &[Retreat, Concede],
        ("Justice", "ChargeIndict" | "InvestigateCrime" | "TrialHearing", _) => &[Accuse, Sanction],
        ("Justice", "Convict" | "Sentence", _) => &[Sanction],
        ("Contact", "RequestCommand", _) => &[Request],
        ("Contact", "ThreatenCoerce", _) => &[Threaten],
        ("Contact", "Contact", "Meet") => &[Consult],
        _ => &[],
    }
}

/// Triggers of one type: all, coded at their words, so with a fitting type, and with a fitting type somewhere in their sentence.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    all: usize,
    found: usize,
    typed: usize,
    sentence: usize,
}

/// A report put together from its sentences (the offsets of the file are into another text than it holds), and where each begins.
fn text(doc: &Value) -> (String, Vec<usize>) {
    let (mut text, mut starts) = (String::new(), Vec::new());
    for sentence in doc["sentences"].as_array().into_iter().flatten() {
        if !text.is_empty() {
            text.push('\n');
        }
        starts.push(text.len());
        text.push_str(sentence[1].as_str().unwrap_or_default());
    }
    (text, starts)
}

/// Where a trigger and its sentence stand.
fn trigger(doc: &Value, event: &Value, starts: &[usize]) -> Option<(Span, Span)> {
    let at = |v: &Value| v.as_u64().map(|n| n as usize);
    let index = at(&event["trigger"]["sent_idx"])?;
    let sentences = doc["sentences"].as_array()?;
    let before: usize = sentences.get(..index)?.iter().map(|s| s[0].as_array().map_or(0, Vec::len)).sum();
    let words = sentences.get(index)?[0].as_array()?;
    let own = sentences[index][1].as_str()?;
    let from = words.get(at(&event["trigger"]["start"])?.checked_sub(before)?)?;
    let to = words.get(at(&event["trigger"]["end"])?.checked_sub(before + 1)?)?;
    let first = at(&words.first()?[1])?;
    let byte = |chars: usize| own.char_indices().nth(chars).map_or(own.len(), |(i, _)| i);
    let start = *starts.get(index)?;
    let span = Span::new(start + byte(at(&from[1])?.checked_sub(first)?), start + byte(at(&to[2])?.checked_sub(first)?));
    Some((span, Span::new(start, start + own.len())))
}

fn count(path: &Path) -> Result<BTreeMap<String, Row>> {
    let (parser, linker, speaker, rules) = (Parser::shipped(), Linker::shipped(), SpeechRules::shipped(), EventRules::shipped());
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for line in corpora::read(path)?.lines().filter(|line| !line.is_empty()) {
        let doc: Value = serde_json::from_str(line).with_context(|| format!("`{}` is not JSON Lines", path.display()))?;
        let (text, starts) = text(&doc);
        let article = tellings_article::row(&text, &Given::default());
        let parse = parser.parse(&article);
        let times = tellings_time::times(&article, &parse);
        let link = linker.link(&article, &parse, &times);
        let speech = speaker.speech(&article, &parse, &times, &link);
        let (events, _) = rules.events(&article, &parse, &times, &link, &speech);
        for event in doc["event_mentions"].as_array().into_iter().flatten() {
            let kind = event["event_type"].as_str().unwrap_or_default();
            let fitting = plover(kind);
            let Some((span, sentence)) = trigger(&doc, event, &starts).filter(|_| !fitting.is_empty()) else { continue };
            for name in [kind, "all"] {
                let row = rows.entry(name.to_string()).or_default();
                let at = || events.iter().filter(|e| e.trigger.touches(span));
                row.all += 1;
                row.found += usize::from(at().next().is_some());
                row.typed += usize::from(at().any(|e| fitting.contains(&e.kind)));
                row.sentence += usize::from(events.iter().any(|e| e.trigger.touches(sentence) && fitting.contains(&e.kind)));
            }
        }
    }
    Ok(rows)
}

/// Prints the figures, by type.
pub fn score(path: &Path) -> Result<()> {
    println!("{:50} {:>5} {:>7} {:>7} {:>9}", "type", "gold", "found", "typed", "sentence");
    for (name, row) in count(path)? {
        let share = |n: usize| n as f64 / row.all.max(1) as f64;
        println!("{name:50} {:5} {:7.3} {:7.3} {:9.3}", row.all, share(row.found), share(row.typed), share(row.sentence));
    }
    Ok(())
}
