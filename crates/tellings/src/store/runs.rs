//! Runs: what made readings, readings made again, and what is different between two runs.

use super::{again, entry, mend, records};
use crate::corrections::Outcome;
use crate::{Models, OwnFiles, read_report};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use tellings_store::{RecordChange, RecordTold, Result, Run, Store, content};
use tellings_story::Rarity;

/// Documents that are read again together.
const BATCH: usize = 64;

/// A hash in few letters.
pub(super) fn short(bytes: &[u8]) -> String {
    format!("{:08x}", (content(bytes) as u64) >> 32)
}

/// A run of this program, from now on: versions with hashes of what they name, of models, tables and rules, of gazetteers and of the
/// user's own files.
pub fn this_run(kind: &str, gazetteers: &[String], own: &OwnFiles) -> Run {
    let version = env!("CARGO_PKG_VERSION");
    let named = |hash: &str| format!("{version} {hash}");
    let gazetteer = std::iter::once(named(env!("TELLINGS_GAZETTEER"))).chain(gazetteers.iter().cloned());
    let files = [("actors", &own.actors), ("verbs", &own.verbs), ("discards", &own.discards), ("rules", &own.rules)];
    let files = files.into_iter().flat_map(|(what, paths)| paths.iter().map(move |path| (what, path)));
    let rules: Vec<String> = files
        .map(|(what, path)| {
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            format!("{what} {name} {}", short(&std::fs::read(path).unwrap_or_default()))
        })
        .collect();
    Run {
        program: version.to_string(),
        models: named(env!("TELLINGS_MODELS")),
        ontology: format!("PLOVER 2.0 {}", env!("TELLINGS_RULES")),
        gazetteer: gazetteer.collect::<Vec<_>>().join("+"),
        started: Some(jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        kind: kind.to_string(),
        rules: rules.join("; "),
        corrections: String::new(),
    }
}

/// What was read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// The run that did it.
    pub run: i64,
    /// Documents.
    pub read: usize,
    /// Those of which the reading is another now.
    pub changed: usize,
    /// Records made anew.
    pub records: usize,
    /// What became of corrections.
    pub corrections: Vec<Outcome>,
}

/// Reads all documents again with the present program; `told` is given how many were, now and then. Stories of which a reading
/// changed get a new record; with `regroup` all documents are put into stories anew. What was read before is kept.
///
/// # Errors
/// The store could not be read or written; what was told is in it.
pub fn reread(models: &Models, store: &mut dyn Store, run: &Run, regroup: bool, mut told: impl FnMut(usize)) -> Result<Reread> {
    let number = store.begin(&Run { corrections: mend::in_force(store)?, ..run.clone() })?;
    let rarity = Rarity::shipped();
    let mut done = Reread { run: number, ..Reread::default() };
    let mut after = 0;
    loop {
        let numbers = store.numbers(after, BATCH)?;
        let Some(&last) = numbers.last() else { break };
        after = last;
        let stored = store.documents(&numbers)?;
        let entries: Vec<(i64, tellings_store::Entry, bool)> = (stored.into_par_iter())
            .map(|stored| {
                let (number, before) = (stored.number, stored.entry.reading.clone());
                let report = again::report(stored);
                let doc = read_report(models, &report);
                let entry = entry(&rarity, &doc, report);
                let changed = entry.reading != before;
                (number, entry, changed)
            })
            .collect();
        let changed: Vec<i64> = entries.iter().filter(|e| e.2).map(|e| e.0).collect();
        let entries: Vec<(i64, tellings_store::Entry)> = entries.into_iter().map(|e| (e.0, e.1)).collect();
        store.exclusively(&mut |store| {
            store.renew(number, &entries)?;
            let mut stories = Vec::new();
            for document in &changed {
                stories.extend(store.stories_of(*document)?.iter().map(|s| s.number));
            }
            stories.sort_unstable();
            stories.dedup();
            store.touch(number, &stories)?;
            if regroup { store.unplace(number, &entries.iter().map(|e| e.0).collect::<Vec<_>>()) } else { Ok(()) }
        })?;
        done.read += entries.len();
        done.changed += changed.len();
        told(done.read);
    }
    super::place(models, store, number)?;
    (done.records, done.corrections) = records::refresh(models, store, number, |_| ())?;
    Ok(done)
}

/// What is different between two runs, as JSON: the versions that differ, and of each document whose reading is another the events
/// that appeared, went or changed. `None`: there is no such run.
///
/// # Errors
/// The store could not be read.
pub fn diff(store: &dyn Store, before: i64, after: i64) -> Result<Option<Value>> {
    let runs: BTreeMap<i64, Run> = store.runs()?.into_iter().collect();
    let (Some(a), Some(b)) = (runs.get(&before), runs.get(&after)) else { return Ok(None) };
    let versions: Vec<Value> = [
        ("program", &a.program, &b.program),
        ("models", &a.models, &b.models),
        ("ontology", &a.ontology, &b.ontology),
        ("gazetteer", &a.gazetteer, &b.gazetteer),
        ("own rules", &a.rules, &b.rules),
        ("corrections", &a.corrections, &b.corrections),
    ]
    .into_iter()
    .filter(|(_, a, b)| a != b)
    .map(|(what, a, b)| json!({"what": what, "from": a, "to": b}))
    .collect();
    let mut documents = Vec::new();
    let (mut added, mut same) = (Vec::new(), 0);
    for id in store.read_between(before.min(after), before.max(after))? {
        let (old, new) = (store.reading(&id, before)?, store.reading(&id, after)?);
        let (Some(old), Some(new)) = (old, new) else {
            added.push(id);
            continue;
        };
        if old.body == new.body {
            same += 1;
            continue;
        }
        let parse = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap_or_default();
        let changes = compare(&parse(&old.body), &parse(&new.body));
        documents.push(json!({"document": id, "from_run": old.run, "to_run": new.run, "changes": changes}));
    }
    let between = |run: Option<i64>| run.is_some_and(|run| run > before.min(after) && run <= before.max(after));
    let mut corrections = Vec::new();
    for row in store.corrections()? {
        let (made, undone) = (between(row.made_run), between(row.undone_run));
        let Some(c) = mend::read(row) else { continue };
        if made {
            corrections.push(json!({"correction": c.id, "what": "made", "action": c.rule.action(), "author": c.author, "about": c.rule.about()}));
        }
        if let Some((time, author)) = c.undone.as_ref().filter(|_| undone) {
            let about = c.rule.about();
            corrections.push(json!({"correction": c.id, "what": "undone", "at": time, "action": c.rule.action(), "author": author, "about": about}));
        }
    }
    let records = record_changes(store, before.min(after), before.max(after), &runs)?;
    let run = |number: i64, run: &Run| json!({"number": number, "kind": run.kind, "started": run.started});
    Ok(Some(json!({
        "schema": "tellings.diff/1", "from": run(before, a), "to": run(after, b), "versions": versions, "corrections": corrections,
        "added": added, "unchanged": same, "documents": documents, "records": records,
    })))
}

/// What the records tell otherwise after the last of some runs than before the first: stories and events that appeared, went, changed, each
/// with the run that did it last.
fn record_changes(store: &dyn Store, after: i64, until: i64, runs: &BTreeMap<i64, Run>) -> Result<Vec<Value>> {
    // Of several changes of one thing the first tells what was, the last what is.
    let mut net: BTreeMap<(Option<String>, String), RecordChange> = BTreeMap::new();
    for change in store.record_changes(after, until)? {
        match net.entry((change.event.clone(), change.story.clone())) {
            Entry::Vacant(place) => drop(place.insert(change)),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                (known.run, known.after) = (change.run, change.after);
            }
        }
    }
    // An event that went from one story and appeared in another came with its reports.
    let gone: Vec<(Option<String>, String)> =
        net.iter().filter(|(key, c)| key.0.is_some() && c.after.is_none() && c.before.is_some()).map(|c| c.0.clone()).collect();
    for key in gone {
        let other = net.iter().find(|(k, c)| k.0 == key.0 && c.before.is_none() && c.after.is_some()).map(|c| c.0.clone());
        if let Some(other) = other
            && let Some(went) = net.remove(&key)
            && let Some(here) = net.get_mut(&other)
        {
            here.before = went.before;
        }
    }
    let told = |t: &RecordTold| {
        json!({
            "type": t.kind, "realis": t.realis, "status": t.status, "date": t.date, "place": t.place, "agreement": t.agreement,
            "origins": t.origins, "words": t.words,
        })
    };
    let mut lines = Vec::new();
    for ((event, story), change) in net {
        let what = match (&change.before, &change.after) {
            // Another sentence that tells the same is no change.
            (Some(before), Some(after)) if *before == (RecordTold { words: before.words.clone(), ..after.clone() }) => continue,
            (Some(_), Some(_)) => "changed",
            (None, Some(_)) => "appeared",
            (Some(_), None) => "went",
            (None, None) => continue,
        };
        let kind = runs.get(&change.run).map(|run| run.kind.as_str());
        let mut line = json!({"what": what, "story": story, "run": change.run, "by": kind});
        match event {
            Some(event) => {
                line["event"] = json!(event);
                line["before"] = change.before.as_ref().map_or(Value::Null, told);
                line["after"] = change.after.as_ref().map_or(Value::Null, told);
            }
            None => {
                line["title"] = json!(change.after.or(change.before).map(|t| t.words));
                // Of one that became part of another, the other.
                let now = store.story(&story)?.map(|s| s.id).filter(|id| *id != story);
                line["into"] = json!(now.filter(|_| what == "went"));
            }
        }
        lines.push(line);
    }
    // Stories first, then events; each kind of change together.
    let order = |line: &Value| (line["event"].is_string(), line["story"].to_string(), line["what"].to_string());
    lines.sort_by_cached_key(order);
    Ok(lines)
}

/// What differs between two readings of one document.
fn compare(old: &Value, new: &Value) -> Vec<Value> {
    let mut changes = Vec::new();
    for field in ["title", "published", "language", "text"] {
        if old[field] != new[field] {
            let short =
                |v: &Value| if field == "text" { json!(format!("{} bytes", v.as_str().map_or(0, str::len))) } else { v.clone() };
            changes.push(json!({"what": "report", "attribute": field, "from": short(&old[field]), "to": short(&new[field])}));
        }
    }
    let (before, after) = (events(old), events(new));
    let mut taken = vec![false; after.len()];
    // The same act: of the same words and type; then of the same words; then of the same sentence where the text is another.
    let ways: [fn(&Told, &Told) -> bool; 3] = [
        |a, b| a.at == b.at && a.words == b.words && a.kind == b.kind,
        |a, b| a.at == b.at && a.words == b.words,
        |a, b| a.trigger == b.trigger && a.words == b.words && a.kind == b.kind,
    ];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for same in ways {
        for (i, event) in before.iter().enumerate() {
            if pairs.iter().any(|p| p.0 == i) {
                continue;
            }
            if let Some(j) = (0..after.len()).find(|&j| !taken[j] && same(event, &after[j])) {
                taken[j] = true;
                pairs.push((i, j));
            }
        }
    }
    for (i, event) in before.iter().enumerate() {
        match pairs.iter().find(|p| p.0 == i) {
            Some(&(_, j)) => {
                for (attribute, from) in &event.values {
                    let to = &after[j].values[attribute];
                    if from != to {
                        changes.push(json!({"what": "changed", "type": event.kind, "words": event.words, "attribute": attribute, "from": from, "to": to}));
                    }
                }
            }
            None => changes.push(json!({"what": "went", "type": event.kind, "words": event.words, "rule": event.values["rule"]})),
        }
    }
    for (event, _) in after.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        changes.push(json!({"what": "appeared", "type": event.kind, "words": event.words, "rule": event.values["rule"]}));
    }
    if changes.is_empty() {
        let layers = [
            "sentences",
            "tokens",
            "mentions",
            "entities",
            "times",
            "places",
            "quantities",
            "quotes",
            "claims",
            "stances",
            "uncoded",
            "problems",
        ];
        let layers: Vec<&str> = layers.into_iter().filter(|layer| old[*layer] != new[*layer]).collect();
        changes.push(json!({"what": "layers", "layers": layers}));
    }
    changes
}

/// An event of a reading, as it is compared.
struct Told {
    at: Value,
    kind: String,
    trigger: String,
    words: String,
    values: BTreeMap<&'static str, Value>,
}

fn events(reading: &Value) -> Vec<Told> {
    let text = reading["text"].as_str().unwrap_or_default();
    let words = |span: &Value| -> String {
        let at = |n: usize| span[n].as_u64().unwrap_or(0) as usize;
        text.get(at(0)..at(1)).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let who = |list: &Value| -> Value {
        let name = |p: &Value| match p["entity"].as_u64() {
            Some(entity) => reading["entities"][entity as usize]["name"].clone(),
            None => json!(words(&p["span"])),
        };
        list.as_array().into_iter().flatten().map(name).collect()
    };
    let told = |event: &Value| {
        let kind = event["type"].as_str().unwrap_or("-").to_string();
        let place = event["place"]["place"].as_u64().map_or(Value::Null, |p| reading["places"][p as usize]["name"].clone());
        let facts: Vec<Value> =
            event["facts"].as_array().into_iter().flatten().map(|f| json!([f["attribute"], f["value"]])).collect();
        let values = [
            ("type", event["type"].clone()),
            ("modes", event["modes"].clone()),
            ("contexts", event["contexts"].clone()),
            ("cameo", event["cameo"].clone()),
            ("actors", who(&event["actors"])),
            ("recipients", who(&event["recipients"])),
            ("date", event["time"]["value"].clone()),
            ("place", place),
            ("realis", event["realis"].clone()),
            ("facts", json!(facts)),
            ("rule", event["rule"].clone()),
        ];
        Told {
            at: event["trigger"].clone(),
            kind,
            trigger: words(&event["trigger"]),
            words: words(&event["span"]),
            values: values.into_iter().collect(),
        }
    };
    reading["events"].as_array().into_iter().flatten().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tellings_store::{CorrectionRow, Database};

    #[test]
    fn corrections_are_told_by_their_runs_whatever_the_clock_says() {
        let folder = std::env::temp_dir().join(format!("tellings-diff-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut store = Database::open(&folder.join("a.db")).expect("a store");
        // All within one second.
        let now = Some("2026-11-22T08:00:00Z".to_string());
        let runs: Vec<i64> =
            (0..4).map(|_| store.begin(&Run { started: now.clone(), ..Run::default() }).expect("a run")).collect();
        let at = |id: &str| json!({"document": id, "content": "00"});
        let rule = json!({"action": "copy", "document": at("a"), "of": at("b")}).to_string();
        let made = now.clone().unwrap_or_default();
        let one = CorrectionRow { id: "k-1".into(), rule, made: made.clone(), author: "Ana".into(), ..CorrectionRow::default() };
        let other = CorrectionRow { id: "k-2".into(), ..one.clone() };
        store.keep_correction(runs[1], &one).expect("kept");
        store.keep_correction(runs[2], &other).expect("kept");
        store.keep_correction(runs[3], &CorrectionRow { undone: Some((made, "Ben".into())), ..one }).expect("kept");
        let told = |from: usize, to: usize| -> Vec<String> {
            let diff = diff(&store, runs[from], runs[to]).expect("a diff").expect("the runs");
            let lines = diff["corrections"].as_array().expect("a list").iter();
            lines.map(|c| format!("{} {}", c["correction"], c["what"]).replace('"', "")).collect()
        };
        assert_eq!(told(0, 1), ["k-1 made"]);
        assert_eq!(told(1, 2), ["k-2 made"]);
        assert_eq!(told(2, 3), ["k-1 undone"]);
        assert_eq!(told(0, 3), ["k-1 made", "k-1 undone", "k-2 made"]);
        let _ = std::fs::remove_dir_all(folder);
    }
}
