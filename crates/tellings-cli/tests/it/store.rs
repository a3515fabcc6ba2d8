//! The store from the command line; a program that is killed while it adds.

use crate::root;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tellings_testing::Folder;

fn tellings(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tellings")).args(arguments).output().expect("tellings runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn added_reports_are_found_shown_and_listed() {
    let folder = Folder::new("store");
    let store = folder.join("desk.db");
    let store = store.to_str().expect("a UTF-8 path");
    let samples = root().join("examples/hangzhou");
    let samples = samples.to_str().expect("a UTF-8 path");
    let missing = tellings(&["search", "--store", store, "talks"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("tellings add --store"));
    let added = tellings(&["add", "--store", store, samples]);
    assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    assert_eq!(out(&added).lines().count(), 8);
    assert_eq!(out(&tellings(&["add", "--quiet", "--store", store, samples])), "");
    let found = tellings(&["search", "--store", store, "\"chlorine\"", "--since", "2016-09-08"]);
    assert!(out(&found).starts_with("norwire-0908  2016-09-08"), "{}", out(&found));
    assert_eq!(tellings(&["search", "--store", store, "unheardof"]).status.code(), Some(1));
    assert_eq!(out(&tellings(&["search", "--store", store])).matches("\n    ").count(), 8);
    let shown = tellings(&["show", "--store", store, "norwire-0905"]);
    assert!(out(&shown).contains("HANGZHOU, China"), "{}", out(&shown));
    let raw = tellings(&["show", "--raw", "--store", store, "ledger-summit"]);
    assert_eq!(raw.stdout, std::fs::read(root().join("examples/hangzhou/ledger-summit.html")).expect("a sample"));
    let reading = tellings(&["show", "--reading", "--store", store, "norwire-0905"]);
    let reading: serde_json::Value = serde_json::from_slice(&reading.stdout).expect("a reading is JSON");
    assert_eq!(reading["schema"], "tellings.reading/1");
    let events = tellings(&["events", "--store", store, "--type", "CONSULT", "--actor", "Putin", "--since", "2016-09-05"]);
    // With the sentence that tells it best, not with the first one: "The American and Russian presidents sat together …".
    let told =
        "CONSULT  Barack Obama, Vladimir Putin · Hangzhou · 5 origins differ\n    Barack Obama and Vladimir Putin met for about";
    assert!(out(&events).contains(told), "{}", out(&events));
    assert!(out(&tellings(&["store", "check", "--store", store])).starts_with("sound: 8 reports"));
    let copy = folder.join("copy.db");
    assert_eq!(tellings(&["store", "backup", "--store", store, copy.to_str().expect("a path")]).status.code(), Some(0));
    assert_eq!(tellings(&["store", "compact", "--store", store]).status.code(), Some(0));
    assert!(out(&tellings(&["store", "check", "--store", copy.to_str().expect("a path")])).starts_with("sound: 8 reports"));
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", out(output)))
}

#[test]
fn stories_of_a_store_are_those_of_its_reports() {
    let folder = Folder::new("shelf");
    let store = folder.join("desk.db");
    let store = store.to_str().expect("a UTF-8 path");
    let samples = root().join("examples");
    let samples = |name: &str| samples.join(name).to_str().expect("a UTF-8 path").to_string();
    for name in ["vienna", "hangzhou", "ceasefire"] {
        let added = tellings(&["add", "--quiet", "--store", store, &samples(name)]);
        assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    }
    let listed = json(&tellings(&["stories", "--json", "--store", store, "--min-reports", "3"]));
    let stories = listed["stories"].as_array().expect("stories");
    let sizes: Vec<usize> = stories.iter().map(|s| s["documents"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sizes, [6, 8, 6]);
    // A brief of a stored story is the brief of its reports.
    let id = stories[0]["id"].as_str().expect("an id");
    let stored = tellings(&["brief", "--store", store, id]);
    assert_eq!(out(&stored), out(&tellings(&["brief", &samples("ceasefire")])));
    // So is its record.
    let record = json(&tellings(&["show", "--json", "--store", store, id]));
    let direct = json(&tellings(&["brief", "--output", "json", &samples("ceasefire")]));
    assert_eq!(record["stories"][0]["events"], direct["stories"][0]["events"]);
    assert_eq!(record["stories"][0]["id"], direct["stories"][0]["id"]);
    // What is asked for by independence and agreement is what the record says.
    let disputed = json(&tellings(&["events", "--json", "--agreement", "disputed", "--store", store, "--story", id]));
    let event = &disputed["events"][0];
    assert!(event["facts"].as_array().expect("facts").iter().any(|f| f["agreement"] == "disputed"), "{event}");
    let several = json(&tellings(&["events", "--json", "--min-origins", "2", "--store", store]));
    assert!(several["events"].as_array().expect("events").iter().all(|e| e["origins"].as_u64() >= Some(2)));
    let shown = tellings(&["show", "--store", store, event["id"].as_str().expect("an id")]);
    assert!(out(&shown).contains("disputed") && out(&shown).contains("independent lineage"), "{}", out(&shown));
    let timeline = tellings(&["timeline", "--store", store, id]);
    assert!(out(&timeline).contains("2021-04-13\n  ASSAULT"), "{}", out(&timeline));
    let entity = json(&tellings(&["show", "--json", "--store", store, "lavrov"]));
    assert_eq!(entity["entities"][0]["id"], "person/sergey-lavrov");
    assert!(out(&tellings(&["stories", "--store", store, "ceasefire", "valley"])).starts_with(id));
    let rows = tellings(&["export", "--store", store, "--layout", "events", id]);
    assert_eq!(out(&rows), out(&tellings(&["export", "--layout", "events", &samples("ceasefire")])));
    // Added again, nothing moves.
    tellings(&["add", "--quiet", "--store", store, &samples("hangzhou")]);
    assert_eq!(json(&tellings(&["stories", "--json", "--store", store, "--min-reports", "3"])), listed);
    assert!(out(&tellings(&["store", "check", "--store", store])).starts_with("sound: 20 reports"));
}

/// Adds the corpus and kills the program some time after it wrote its first id; gives the ids that it said were on the disk.
fn killed(store: &Path, corpus: &Path, after: Duration) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["add", "--quiet", "--input", "jsonl", "--store"])
        .arg(store)
        .arg(corpus)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tellings runs");
    let stdout = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(stdout).split(b'\n').map_while(Result::ok);
        lines.filter_map(|line| String::from_utf8(line).ok()).collect::<Vec<_>>()
    });
    std::thread::sleep(after);
    let _ = child.kill();
    let _ = child.wait();
    let mut ids = reader.join().expect("its output is read");
    // The last line may have been cut.
    ids.pop();
    ids
}

#[test]
fn a_kill_at_any_moment_loses_nothing_committed() {
    let folder = Folder::new("kill");
    let (store, corpus) = (folder.join("a.db"), folder.join("corpus.jsonl"));
    let reports = if std::env::var_os("SLOW_TESTS").is_some() { 5000 } else { 1500 };
    let kills = if std::env::var_os("SLOW_TESTS").is_some() { 200 } else { 12 };
    // Twenty reports a matter.
    let name = |n: usize, end: &str| {
        let part = |n: usize| ["ka", "ro", "mel", "dun", "ver", "ist", "pol", "gar", "nim", "tos"][n % 10];
        format!("{}{}{}{end}", part(n / 7).to_uppercase(), part(n), part(n / 100 + 3))
    };
    let lines: Vec<String> = (0..reports)
        .map(|n| {
            let m = n / 20;
            let (a, b, c) = (name(m, "ia"), name(m + 1000, "land"), name(m + 2000, "burg"));
            format!(
                "{{\"id\":\"r{n}\",\"date\":\"2021-04-{:02}\",\"text\":\"Envoys of {a} and {b} met in {c} on Monday for {n} hours. They discussed the {c} dam, and {a} rejected the offer.\"}}\n",
                n % 28 + 1
            )
        })
        .collect();
    std::fs::write(&corpus, lines.concat()).expect("a corpus");
    let mut told = 0;
    let mut committed: std::collections::BTreeSet<String> = Default::default();
    for kill in 0..kills {
        // From before the store is there to well into the adding.
        let after = Duration::from_millis(20 + (kill * 7919 % if kills > 100 { 4000 } else { 1200 }) as u64);
        let ids = killed(&store, &corpus, after);
        told += ids.len();
        committed.extend(ids);
        if !store.exists() {
            assert!(committed.is_empty());
            continue;
        }
        let check = tellings(&["store", "check", "--store", store.to_str().expect("a path")]);
        let wrong = String::from_utf8_lossy(&check.stderr).into_owned();
        // Killed before the tables of a new store were committed: there is none yet.
        if committed.is_empty() && wrong.contains("tellings add --store") {
            continue;
        }
        assert_eq!(check.status.code(), Some(0), "after kill {kill}: {wrong}");
        let all = tellings(&["search", "--limit", "100000", "--store", store.to_str().expect("a path")]);
        let there: std::collections::BTreeSet<String> = out(&all)
            .lines()
            .filter(|l| !l.starts_with(' '))
            .filter_map(|l| l.split_once("  "))
            .map(|l| l.0.to_string())
            .collect();
        let lost: Vec<&String> = committed.difference(&there).collect();
        assert!(lost.is_empty(), "after kill {kill}: {lost:?}");
        if there.len() == reports {
            // All are in: begin anew.
            std::fs::remove_file(&store).expect("the store goes");
            let _ = std::fs::remove_file(folder.join("a.db-wal"));
            let _ = std::fs::remove_file(folder.join("a.db-shm"));
            committed.clear();
        }
    }
    // What the last kill left undone is done by the next run.
    let store = store.to_str().expect("a path");
    let last = tellings(&["add", "--quiet", "--input", "jsonl", "--store", store, corpus.to_str().expect("a path")]);
    assert_eq!(last.status.code(), Some(0), "{}", String::from_utf8_lossy(&last.stderr));
    let check = out(&tellings(&["store", "check", "--store", store]));
    assert!(check.starts_with(&format!("sound: {reports} reports")) && check.lines().count() == 1, "{check}");
    println!("{kills} kills, {told} reports told as added; {}", check.trim_end());
}

#[test]
fn the_record_of_a_very_long_story_tells_of_so_many_reports_and_says_so() {
    let folder = Folder::new("long-story");
    let store = folder.join("desk.db");
    let store = store.to_str().expect("a UTF-8 path");
    let goods = ["wheat", "steel", "salt", "fish", "timber", "coal", "wool", "cement", "copper", "glass"];
    let places = ["Vienna", "Geneva", "Oslo", "Doha", "Madrid", "Lisbon", "Ankara"];
    // One matter, told by many: no two in the same words.
    let report = |n: usize| {
        let (day, good, place) = (1 + n / 30, goods[n % 10], places[n % 7]);
        let text = format!(
            "President Elena Marsk of Norland and President Ivo Tarn of Sudland held talks on the Norland-Sudland ceasefire in {place} on \
             {day} September 2016, the {n}th telling by our reporter. Marsk told Tarn that {} lorries of {good} must cross the ceasefire \
             line. Tarn answered that Norland had broken the ceasefire {} times near kilometre {}.",
            n * 7 + 3,
            n % 13 + 2,
            n * 11 + 5
        );
        let date = format!("2016-09-{day:02}");
        serde_json::json!({"id": format!("r{n:03}"), "title": format!("Ceasefire talks of Norland and Sudland, report {n}"), "date": date,
            "source": format!("Paper {n}"), "text": text})
        .to_string()
    };
    let add = |name: &str, numbers: std::ops::Range<usize>| {
        let rows = folder.join(name);
        std::fs::write(&rows, numbers.map(|n| report(n) + "\n").collect::<String>()).expect("rows");
        let added = tellings(&["add", "--quiet", "--store", store, rows.to_str().expect("a path")]);
        assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    };
    let record = || -> (usize, serde_json::Value) {
        let stories: serde_json::Value =
            serde_json::from_slice(&tellings(&["stories", "--json", "--store", store]).stdout).expect("stories are JSON");
        let [story] = &stories["stories"].as_array().expect("stories")[..] else { panic!("not one story: {stories}") };
        let shown = tellings(&["show", "--json", "--store", store, story["id"].as_str().expect("an id")]);
        let record = serde_json::from_slice(&shown.stdout).expect("a record is JSON");
        (story["documents"].as_array().expect("reports").len(), record)
    };
    let ids = |record: &serde_json::Value| -> BTreeSet<String> {
        let events = record["stories"][0]["events"].as_array().expect("events");
        events.iter().map(|event| event["id"].to_string()).collect()
    };
    add("first.jsonl", 0..280);
    let (reports, first) = record();
    assert_eq!((reports, first["documents"].as_array().map(Vec::len)), (280, Some(256)));
    let told = first["stories"][0]["unresolved"].to_string();
    assert!(told.contains("What 24 more reports tell: this record is made from 256 of the story's 280 reports"), "{told}");
    let brief = out(&tellings(&["brief", "--store", store, first["stories"][0]["id"].as_str().expect("an id")]));
    assert!(brief.contains("256 of the story's 280 reports"), "{brief}");
    // It grows by another two days: as large a record, and what it told stands in it under the ids that it had.
    add("later.jsonl", 280..340);
    let (reports, later) = record();
    assert_eq!((reports, later["documents"].as_array().map(Vec::len)), (340, Some(256)));
    let (before, after) = (ids(&first), ids(&later));
    let kept = before.intersection(&after).count();
    println!("{kept} of {} events kept, {} now", before.len(), after.len());
    assert!(kept * 4 >= before.len() * 3, "{kept} of {} events", before.len());
}
