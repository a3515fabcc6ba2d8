//! A store on a PostgreSQL server: every command gives what it gives with a store in a file.

use crate::root;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tellings_testing::Folder;

/// An empty place on the server that `TELLINGS_POSTGRES` names, gone at the end.
struct Place {
    client: postgres::Client,
    schema: String,
    url: String,
}

impl Place {
    fn new(name: &str) -> Option<Place> {
        let Ok(url) = std::env::var("TELLINGS_POSTGRES") else {
            println!("skipped: TELLINGS_POSTGRES names a server to test with");
            return None;
        };
        let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a server");
        let schema = format!("it_{name}_{}", std::process::id());
        client.batch_execute(&format!("CREATE SCHEMA {schema}")).expect("an empty place");
        let mark = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{mark}options=-csearch_path%3D{schema}");
        Some(Place { client, schema, url })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.client.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}

fn tellings(store: &str, arguments: &[&str]) -> Output {
    // `store check` and the like have a command of their own behind them.
    let own = if matches!(arguments[0], "store" | "correct") { 2 } else { 1 };
    let (command, rest) = arguments.split_at(own);
    Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(command)
        .args(["--store", store])
        .args(rest)
        .output()
        .expect("tellings runs")
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// What some commands print, each in its turn.
fn flow(store: &str) -> BTreeMap<String, String> {
    let mut printed = BTreeMap::new();
    let mut step = 0;
    let mut run = |arguments: &[&str]| {
        step += 1;
        let output = tellings(store, arguments);
        let out = text(&output.stdout);
        let told = format!("{:?}\n{out}{}", output.status.code(), text(&output.stderr).replace(store, "STORE"));
        printed.insert(format!("{step:02} {}", arguments.join(" ")), told);
        out
    };
    let sample = |name: &str| root().join("examples").join(name).to_str().expect("a UTF-8 path").to_string();
    run(&["add", &sample("hangzhou")]);
    run(&["add", &sample("ceasefire")]);
    run(&["add", &sample("ceasefire")]);
    for search in
        [&["events", "--json", "--limit", "1000"][..], &["events", "--type", "CONSULT", "--actor", "Putin", "--place", "CHN"]]
    {
        run(search);
    }
    run(&["timeline", "--since", "2016-09-01"]);
    run(&["show", "Sergey Lavrov"]);
    run(&["show", "norwire-0905"]);
    run(&["show", "--raw", "ledger-summit"]);
    run(&["show", "--reading", "norwire-0905"]);
    run(&["search", "--since", "2016-09-06", "--limit", "3"]);
    run(&["search", "\" - \""]);
    run(&["stories", "--min-reports", "2"]);
    let found = run(&["stories", "ceasefire"]);
    let story = found.split_whitespace().find(|word| word.starts_with("s-")).unwrap_or("s-none").to_string();
    run(&["show", "--json", &story]);
    let events = run(&["events", "--type", "ASSAULT"]);
    let event = events.rfind("[v-").map_or("v-none", |at| events[at + 1..].split(']').next().unwrap_or("")).to_string();
    run(&["correct", "reject", &event, "--note", "a film"]);
    run(&["show", &event]);
    run(&["reread", "--regroup", "--quiet"]);
    // The correction is of the fourth run; it is told of no other.
    for (from, to) in [("1", "3"), ("1", "4"), ("4", "5")] {
        run(&["diff", from, to]);
    }
    run(&["feeds"]);
    printed
}

#[test]
fn every_command_gives_what_it_gives_with_a_file() {
    let Some(place) = Place::new("flow") else { return };
    let folder = Folder::new("server");
    let file: PathBuf = folder.join("desk.db");
    let (own, server) = (flow(file.to_str().expect("a UTF-8 path")), flow(&place.url));
    assert_eq!(own.len(), server.len());
    // Ids of corrections, their hashes and times of runs are not the same twice.
    let mended = |text: &str| -> String {
        let word = |word: &str| {
            let core = word.trim_matches(|c: char| !c.is_alphanumeric());
            let time = core.len() > 15 && core.contains('T') && core.ends_with('Z');
            if core.starts_with("k-") || time { word.replace(core, "…") } else { word.to_string() }
        };
        let hash = |word: &&str| word.trim().len() != 8 || !word.trim().chars().all(|c| c.is_ascii_hexdigit());
        let line = |line: &str| -> String {
            let words = line.split_inclusive(char::is_whitespace);
            if line.trim_start().starts_with("corrections ") { words.filter(hash).collect() } else { words.map(word).collect() }
        };
        text.split_inclusive('\n').map(line).collect()
    };
    for (command, printed) in &own {
        assert_eq!(mended(printed), mended(&server[command]), "{command}");
    }
    // Words are found in their forms, phrases, titles and beginnings; accents apart, and without what must not be there.
    let ids = |words: &str| {
        let found = text(&tellings(&place.url, &["search", words]).stdout);
        let mut ids: Vec<String> = found
            .lines()
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| Some(line.split_once("  ")?.0.to_string()))
            .collect();
        ids.sort();
        ids
    };
    assert!(ids("\"chlorine\"").contains(&"norwire-0908".to_string()), "{:?}", ids("\"chlorine\""));
    assert_eq!(ids("negotiation").is_empty(), ids("negotiations").is_empty());
    assert!(ids("chlorine -chlorine").is_empty() && !ids("chlor*").is_empty() && ids("unheardof").is_empty());
    let check = tellings(&place.url, &["store", "check"]);
    assert!(text(&check.stdout).starts_with("sound: "), "{}{}", text(&check.stdout), text(&check.stderr));
    assert_eq!(tellings(&place.url, &["store", "compact"]).status.code(), Some(0));
    assert!(text(&tellings(&place.url, &["store", "backup", "x.db"]).stderr).contains("pg_dump"));
}

#[test]
fn a_kill_loses_nothing_on_a_server() {
    let Some(place) = Place::new("kill") else { return };
    let folder = Folder::new("server-kill");
    let corpus = folder.join("corpus.jsonl");
    let line =
        |n: u32| format!("{{\"id\":\"r{n}\",\"text\":\"Envoys of Ostria and Belmark met in Lenn on Monday for {n} hours.\"}}\n");
    std::fs::write(&corpus, (0..600).map(line).collect::<String>()).expect("a corpus");
    let mut told = std::collections::BTreeSet::new();
    for kill in 0..6u64 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tellings"))
            .args(["add", "--quiet", "--store", &place.url])
            .arg(&corpus)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("tellings runs");
        std::thread::sleep(Duration::from_millis(150 + kill * 211 % 900));
        let _ = child.kill();
        let output = child.wait_with_output().expect("its output");
        let lines = text(&output.stdout);
        told.extend(lines.lines().take(lines.matches('\n').count()).map(str::to_string));
    }
    let check = tellings(&place.url, &["store", "check"]);
    assert!(check.status.success() || told.is_empty(), "{}", text(&check.stderr));
    let found = text(&tellings(&place.url, &["search", "--limit", "10000"]).stdout);
    let there: std::collections::BTreeSet<String> =
        found.lines().filter_map(|l| Some(l.split_once("  ")?.0.to_string())).collect();
    assert!(told.is_subset(&there), "{:?}", told.difference(&there).take(5).collect::<Vec<_>>());
    println!("{} reports told as added", told.len());
}
