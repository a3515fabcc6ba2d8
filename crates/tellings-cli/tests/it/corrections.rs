//! What people set right in a store: seen everywhere, held to when reports are read again or elsewhere, told when it no longer fits,
//! undone.

use crate::root;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tellings_testing::Folder;

fn tellings(store: &Path, arguments: &[&str]) -> Output {
    let (command, rest) = arguments.split_first().expect("a command");
    let mut all = vec![*command];
    let mut rest = rest.to_vec();
    if *command == "correct" {
        all.push(rest.remove(0));
    }
    let store = store.to_str().expect("a UTF-8 path");
    all.extend(["--store", store]);
    all.extend(rest);
    Command::new(env!("CARGO_BIN_EXE_tellings")).args(all).output().expect("tellings runs")
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// Runs a command that must succeed; gives what it wrote.
fn done(store: &Path, arguments: &[&str]) -> String {
    let output = tellings(store, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn json(store: &Path, arguments: &[&str]) -> Value {
    let out = done(store, arguments);
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {out}"))
}

/// A folder with a store of sample stories.
fn desk(name: &str, samples: &[&str]) -> (Folder, PathBuf) {
    let folder = Folder::new(name);
    let store = folder.join("desk.db");
    for sample in samples {
        let sample = root().join("examples").join(sample);
        done(&store, &["add", "--quiet", sample.to_str().expect("a UTF-8 path")]);
    }
    (folder, store)
}

fn events(store: &Path) -> Vec<Value> {
    let all = json(store, &["events", "--json", "--limit", "1000"]);
    all["events"].as_array().expect("events").clone()
}

/// The id of the only event of that type of which a telling has these words.
fn event(store: &Path, kind: &str, words: &str) -> String {
    let listed = done(store, &["events", "--type", kind, "--limit", "1000"]);
    let lines: Vec<&str> = listed.lines().filter(|line| line.contains(words)).collect();
    let [line] = lines[..] else { panic!("{words}: {listed}") };
    line[line.rfind('[').expect("an id") + 1..line.len() - 1].to_string()
}

fn by_id<'a>(events: &'a [Value], id: &str) -> Option<&'a Value> {
    events.iter().find(|e| e["id"] == id)
}

/// The id of the correction that was made.
fn id(output: &str) -> String {
    output.split_whitespace().next().expect("an id").to_string()
}

#[test]
fn the_store_may_be_named_before_and_after_what_is_done() {
    let (_folder, store) = desk("named", &["ceasefire"]);
    let path = store.to_str().expect("a UTF-8 path");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tellings")).args(arguments).output().expect("tellings runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    let event = events(&store)[0]["id"].as_str().expect("an id").to_string();
    let made = id(&run(&["correct", "--store", path, "reject", &event, "--by", "Ana"]));
    assert_eq!(run(&["correct", "--store", path, "list"]), run(&["correct", "list", "--store", path]));
    assert!(run(&["correct", "list", "--store", path]).contains("by Ana"));
    assert!(run(&["correct", "--store", path, "export"]).contains(&made));
    assert!(run(&["correct", "undo", &made, "--store", path]).contains("undone"));
    // The records of before and after the correction, and after it was undone.
    let diff = |from, to| run(&["diff", "--store", path, from, to]);
    let went = diff("1", "2");
    let line = went.lines().find(|line| line.contains(&format!("[{event}]"))).unwrap_or_else(|| panic!("{went}"));
    assert!(line.starts_with("  - ") && line.ends_with("(run 2, correct)"), "{went}");
    assert!(diff("2", "3").contains(&format!("[{event}]  (run 3, correct)")));
    assert!(!diff("1", "3").contains("Events of records"), "{}", diff("1", "3"));
    assert_eq!(run(&["store", "--store", path, "check"]), run(&["store", "check", "--store", path]));
}

#[test]
fn what_is_set_right_is_seen_everywhere_and_undone() {
    let (folder, store) = desk("correct", &["ceasefire"]);
    let shelled = event(&store, "ASSAULT", "Seven killed as shells hit Maresh");
    let convoy = event(&store, "MOBILIZE", "An aid convoy entered Maresh");
    let police = event(&store, "COERCE", "besieged since February");
    let refused = event(&store, "REJECT", "Orlin rejected the idea");
    let before = events(&store);
    let reject = done(&store, &["correct", "reject", &shelled, "--by", "Ana", "--note", "the toll was corrected"]);
    done(&store, &["correct", "recode", &convoy, "AID", "--by", "Ana"]);
    let retimed = done(&store, &["correct", "retime", &convoy, "2021-04-16", "--by", "Ana"]);
    done(&store, &["correct", "replace", &police, "Geneva", "--country", "CHE", "--by", "Ana"]);
    done(&store, &["correct", "accept", &refused, "--by", "Ana"]);
    let after = events(&store);
    assert_eq!(after.len(), before.len() - 1);
    assert!(by_id(&after, &shelled).is_none());
    let aid = by_id(&after, &convoy).expect("the convoy");
    assert_eq!(
        (&aid["type"], &aid["date"]["value"], &aid["date"]["basis"]),
        (&"AID".into(), &"2021-04-16".into(), &"corrected".into())
    );
    assert_eq!(aid["amended"].as_array().expect("amended").len(), 2, "{aid}");
    let besieged = by_id(&after, &police).expect("the siege");
    assert_eq!((&besieged["place"]["name"], &besieged["place"]["country"]), (&"Geneva".into(), &"CHE".into()));
    assert!(besieged["place"]["lat"].as_f64().is_some_and(|lat| (46.0..47.0).contains(&lat)));
    assert_eq!(by_id(&after, &refused).expect("the refusal")["amended"][0]["action"], "accept");
    // In the timeline, in exports and in the record of a brief.
    let story = aid["story"].as_str().expect("a story").to_string();
    assert!(done(&store, &["timeline", &story]).contains("2021-04-16\n  AID"));
    let rows = done(&store, &["export", "--layout", "events"]);
    assert!(rows.contains(&convoy) && !rows.contains(&shelled), "{rows}");
    let record = json(&store, &["brief", "--output", "json", &story]);
    let told = record["stories"][0]["events"].as_array().expect("events");
    assert_eq!(by_id(told, &convoy).expect("the convoy")["type"], "AID");
    // Read again, it holds.
    done(&store, &["reread"]);
    assert_eq!(events(&store), after);
    // Elsewhere, with the same reports, it is the same.
    let file = folder.join("corrections.jsonl");
    std::fs::write(&file, done(&store, &["correct", "export"])).expect("a file");
    let (_elsewhere, other) = desk("correct-elsewhere", &["ceasefire"]);
    done(&other, &["correct", "import", file.to_str().expect("a UTF-8 path")]);
    assert_eq!(events(&other), after);
    assert_eq!(done(&other, &["correct", "export"]), done(&store, &["correct", "export"]));
    // Undone, it is as before.
    done(&store, &["correct", "undo", &id(&reject), &id(&retimed), "--by", "Ben"]);
    let undone = events(&store);
    assert_eq!(by_id(&undone, &shelled), by_id(&before, &shelled));
    assert_eq!(by_id(&undone, &convoy).expect("the convoy")["date"], by_id(&before, &convoy).expect("the convoy")["date"]);
    assert!(done(&store, &["correct", "list", "--all"]).contains("by Ben"));
    assert!(done(&store, &["runs"]).contains("correct"));
}

#[test]
fn events_people_and_copies_are_made_one_and_two() {
    let (_folder, store) = desk("merge", &["ceasefire"]);
    let before = events(&store);
    let (one, other) =
        (event(&store, "CONSULT", "Veldania mediated"), event(&store, "AGREE", "Both sides have agreed to attend"));
    let merged = done(&store, &["correct", "merge", &one, &other]);
    let after = events(&store);
    assert!(by_id(&after, &one).is_none());
    let count = |list: &[Value], id: &str| by_id(list, id).expect("an event")["tellings"].as_array().expect("tellings").len();
    assert_eq!(count(&after, &other), count(&before, &one) + count(&before, &other));
    assert_eq!(after.len(), before.len() - 1);
    done(&store, &["correct", "undo", &id(&merged)]);
    assert_eq!(events(&store), before);
    // An event of several tellings, parted by report.
    let several = before.iter().find(|e| e["origins"].as_u64() >= Some(2)).expect("an event of two origins");
    let several_id = several["id"].as_str().expect("an id");
    let document = several["tellings"][0]["document"].as_str().expect("a document");
    done(&store, &["correct", "split", several_id, document]);
    let parted = events(&store);
    assert_eq!(parted.len(), before.len() + 1);
    assert!(count(&parted, several_id) < count(&before, several_id));
    // Two names of one.
    let entity = |name: &str| json(&store, &["show", "--json", name])["entities"][0].clone();
    let (voss, tarhan) = (entity("Karel Voss"), entity("Lena Tarhan"));
    done(&store, &["correct", "merge", "Karel Voss", "Lena Tarhan"]);
    assert_eq!(
        entity("Tarhan")["mentions"].as_u64(),
        Some(voss["mentions"].as_u64().unwrap_or(0) + tarhan["mentions"].as_u64().unwrap_or(0))
    );
    assert_eq!(tellings(&store, &["show", "Karel Voss"]).status.code(), Some(1));
    // A copy is no origin of its own.
    let origins =
        |store: &Path| json(store, &["stories", "--json"])["stories"][0]["lineages"].as_array().expect("lineages").len();
    let were = origins(&store);
    let copy = done(&store, &["correct", "copy", "valley-post-0413", "observer-notes"]);
    assert_eq!(origins(&store), were - 1);
    let all = events(&store);
    assert!(all.iter().all(|e| e["origins"].as_u64() <= Some(were as u64 - 1)));
    done(&store, &["correct", "undo", &id(&copy)]);
    assert_eq!(origins(&store), were);
}

#[test]
fn stories_are_made_one_and_two_and_stay_so() {
    let (_folder, store) = desk("join", &["ceasefire", "vienna"]);
    let stories = |store: &Path| -> Vec<(String, usize)> {
        let all = json(store, &["stories", "--json", "--min-reports", "1"]);
        let size = |s: &Value| (s["id"].as_str().unwrap_or("").to_string(), s["documents"].as_array().map_or(0, Vec::len));
        let mut all: Vec<(String, usize)> = all["stories"].as_array().expect("stories").iter().map(size).collect();
        all.sort();
        all
    };
    let before = stories(&store);
    let ids: Vec<&str> = before.iter().map(|s| s.0.as_str()).collect();
    assert_eq!(before.iter().map(|s| s.1).collect::<Vec<_>>(), [6, 6]);
    let joined = done(&store, &["correct", "merge", ids[0], ids[1]]);
    assert_eq!(stories(&store), [(ids[1].to_string(), 12)]);
    // Who asks for the one is led to the other, also after all is placed anew.
    assert!(done(&store, &["show", ids[0]]).contains(ids[1]));
    done(&store, &["reread", "--regroup"]);
    assert_eq!(stories(&store).iter().map(|s| s.1).collect::<Vec<_>>(), [12]);
    done(&store, &["correct", "undo", &id(&joined)]);
    assert_eq!(stories(&store), before);
    // Two reports of a story that are another one.
    let valley = if done(&store, &["show", ids[0]]).contains("Sarvan") { ids[0] } else { ids[1] };
    let parted = done(&store, &["correct", "split", valley, "observer-notes", "valley-post-0413"]);
    assert_eq!(stories(&store).iter().map(|s| s.1).collect::<std::collections::BTreeSet<_>>(), [2, 4, 6].into());
    done(&store, &["reread", "--regroup"]);
    assert_eq!(stories(&store).iter().map(|s| s.1).collect::<std::collections::BTreeSet<_>>(), [2, 4, 6].into());
    done(&store, &["correct", "undo", &id(&parted)]);
    assert_eq!(stories(&store), before);
    assert!(text(&tellings_check(&store).stdout).starts_with("sound: 12 reports"));
}

fn tellings_check(store: &Path) -> Output {
    let store = store.to_str().expect("a UTF-8 path");
    Command::new(env!("CARGO_BIN_EXE_tellings")).args(["store", "check", "--store", store]).output().expect("tellings runs")
}

#[test]
fn what_no_longer_fits_is_told_and_a_run_says_what_changed() {
    let (folder, store) = desk("conflict", &["ceasefire"]);
    let convoy = event(&store, "MOBILIZE", "An aid convoy entered Maresh");
    let refused = event(&store, "REJECT", "Orlin rejected the idea");
    let recoded = done(&store, &["correct", "recode", &convoy, "AID"]);
    done(&store, &["correct", "reject", &refused]);
    // Somebody's own verbs code other events than ours.
    let verbs = folder.join("verbs.txt");
    std::fs::write(&verbs, "--- EXCHANGE [060] ---\nEXCHANGE\n").expect("a file");
    let reread = tellings(&store, &["reread", "--verbs", verbs.to_str().expect("a UTF-8 path")]);
    let told = text(&reread.stderr);
    assert!(told.contains(&format!("conflict: the correction `{}`", id(&recoded))), "{told}{}", text(&reread.stdout));
    // What was wrong and is no longer read is no conflict.
    assert_eq!(told.matches("conflict").count(), 1, "{told}");
    let runs = json(&store, &["runs", "--json"]);
    let runs = runs["runs"].as_array().expect("runs");
    let (first, last) = (runs[0]["number"].to_string(), runs[runs.len() - 1]["number"].to_string());
    let diff = json(&store, &["diff", "--json", &first, &last]);
    let versions: Vec<&str> = diff["versions"].as_array().expect("versions").iter().filter_map(|v| v["what"].as_str()).collect();
    assert_eq!(versions, ["own rules", "corrections"], "{diff}");
    let changes: Vec<&Value> =
        diff["documents"].as_array().expect("documents").iter().flat_map(|d| d["changes"].as_array().expect("changes")).collect();
    assert!(changes.iter().any(|c| c["what"] == "went" && c["words"].as_str().is_some_and(|w| w.contains("An aid convoy"))));
    let told = done(&store, &["diff", &first, &last]);
    assert!(told.contains("own rules") && told.contains("verbs verbs.txt") && told.contains("  - MOBILIZE"), "{told}");
    // Read with our own rules again, all is as it was, and the correction holds.
    done(&store, &["reread"]);
    assert_eq!(by_id(&events(&store), &convoy).expect("the convoy")["type"], "AID");
}

#[test]
fn answers_of_prodigy_go_out_and_come_in() {
    let (folder, store) = desk("prodigy", &["ceasefire"]);
    let (convoy, refused) =
        (event(&store, "MOBILIZE", "An aid convoy entered Maresh"), event(&store, "REJECT", "Orlin rejected the idea"));
    done(&store, &["correct", "reject", &convoy, "--by", "Ana"]);
    done(&store, &["correct", "accept", &refused, "--by", "Ana"]);
    let lines = done(&store, &["correct", "export", "--format", "prodigy"]);
    let rows: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(
        (&rows[0]["answer"], &rows[0]["label"], &rows[1]["answer"]),
        (&"reject".into(), &"MOBILIZE".into(), &"accept".into())
    );
    let (start, end) = (rows[0]["spans"][0]["start"].as_u64(), rows[0]["spans"][0]["end"].as_u64());
    let words: String = rows[0]["text"].as_str().expect("text").chars().collect();
    assert!(start < end && end <= Some(words.chars().count() as u64));
    // What Prodigy gives back need not say of which report it is.
    let bare: Vec<String> = rows
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row.as_object_mut().expect("an object").remove("meta");
            row.to_string()
        })
        .collect();
    let file = folder.join("answers.jsonl");
    std::fs::write(&file, bare.join("\n") + "\n{\"text\":\"x\",\"answer\":\"ignore\"}\nnot JSON\n").expect("a file");
    let (_other_folder, other) = desk("prodigy-other", &["ceasefire"]);
    let imported = tellings(&other, &["correct", "import", file.to_str().expect("a UTF-8 path")]);
    assert_eq!(imported.status.code(), Some(2));
    assert!(text(&imported.stderr).contains("line 4: not JSON"), "{}", text(&imported.stderr));
    assert!(by_id(&events(&other), &convoy).is_none());
    assert_eq!(by_id(&events(&other), &refused).expect("the refusal")["amended"][0]["author"], "Ana");
}
