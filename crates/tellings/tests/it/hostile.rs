//! Any input: no panic, no hang, sound layers, the same output in any order and on any number of threads.
//!
//! `TELLINGS_FUZZ_MINUTES=20 cargo test -p tellings --test it mutations` runs the seeded mutations that long;
//! `TELLINGS_FUZZ_SEED` starts them elsewhere. What breaks the reading is kept in `testdata/crashes` and read ever after.

use crate::{models, root};
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tellings::doc::Doc;
use tellings::{Format, Given, Kind, Report, json, read, read_report, read_row, reconcile, reports};
use tellings_testing::mutate::{Dice, mutate};
use tellings_testing::sound;

/// Reads bytes as the kind that a file's ending tells, and all that follows; panics on what is unsound.
fn swallow(name: &str, bytes: &[u8]) {
    let docs: Vec<Doc> = match name.rsplit('.').next() {
        Some("row") => vec![read_row(models(), name, &String::from_utf8_lossy(bytes), &Given::default())],
        Some("html") => vec![read(models(), name, bytes, Format::Html, &Given::default())],
        Some("md") => vec![read(models(), name, bytes, Format::Markdown, &Given::default())],
        Some("jsonl") => {
            (reports(name, bytes.to_vec(), Some(Kind::Jsonl)).flatten()).map(|report| read_report(models(), &report)).collect()
        }
        _ => vec![read(models(), name, bytes, Format::Text, &Given::default())],
    };
    for doc in &docs {
        if let Some(fault) = sound::fault(doc) {
            panic!("{name}: {fault}");
        }
        let mut out = Vec::new();
        json::write_reading(doc, &mut out).unwrap();
        serde_json::from_slice::<serde_json::Value>(&out).unwrap();
    }
    let (_, record) = reconcile(models(), docs);
    let mut out = Vec::new();
    json::write_record(&record, &mut out).unwrap();
    serde_json::from_slice::<serde_json::Value>(&out).unwrap();
}

#[test]
fn what_once_broke_the_reading_is_read() {
    // What broke a reader of files lies in a folder of its own and is read by that reader's tests.
    let own = |path: &PathBuf| path.is_file();
    for path in std::fs::read_dir(root().join("testdata/crashes")).unwrap().map(|entry| entry.unwrap().path()).filter(own) {
        let (started, bytes) = (Instant::now(), std::fs::read(&path).unwrap());
        let before = computed(started);
        swallow(&path.to_string_lossy(), &bytes);
        let spent = computed(started).saturating_sub(before);
        assert!(spent < Duration::from_secs(5), "{} took {spent:?}", path.display());
    }
}

/// Texts that cost most where cost grows with the square of something.
#[test]
fn huge_texts_are_read_in_time() {
    const MB: usize = 1 << 20;
    const LONGEST: Duration = Duration::from_secs(10); // most take some tenths of a second
    let huge = [
        ("a sentence of 5 000 words", "the envoy and ".repeat(1667)),
        ("a sentence of 5 000 names", "Anna Keller, ".repeat(1667)),
        ("no blank", "a".repeat(MB)),
        ("no blank, marks", "a-b.c/d'".repeat(MB / 128)),
        ("no blank, wide", "京".repeat(MB / 3)),
        ("quotes without end", "“He said ‘".repeat(MB / 128)),
        ("brackets", "(".repeat(MB / 64)),
        ("stops", ".".repeat(MB / 4)),
        ("short sentences", "He left. ".repeat(MB / 64)),
        ("short lines", "He\nleft\n".repeat(MB / 64)),
        ("short paragraphs", "Mali attacked Chad.\n\n".repeat(2000)),
        ("times", "on Monday, 3 May 2016 at 9 a.m. ".repeat(3000)),
        ("the same person", "President Anna Keller met her. She said she would meet them. ".repeat(2000)),
        ("claims", "Mali accused Chad of lying. Chad denied it. ".repeat(2000)),
        ("combining marks", format!("e{}", "\u{301}".repeat(MB / 8))),
        ("digits", "1".repeat(MB / 4)),
        ("numbers", "1,000,000 ".repeat(MB / 32)),
    ];
    for (what, text) in huge {
        let started = Instant::now();
        let before = computed(started);
        swallow("huge.row", text.as_bytes());
        let spent = computed(started).saturating_sub(before);
        if std::env::var_os("TELLINGS_SHOW").is_some() {
            eprintln!("{what}: {} bytes in {spent:?}", text.len());
        }
        assert!(spent < LONGEST, "{what}: {spent:?} for {} bytes", text.len());
    }
}

/// One report that tells of very many events: four times the events cost about four times as much to reconcile, not sixteen times.
#[test]
fn reconciling_costs_in_proportion_to_the_events() {
    let towns = ["Mopti", "Gao", "Kidal", "Sikasso", "Segou"];
    let acts = ["Gunmen killed", "Rebels attacked", "The army arrested", "Mali accused Chad of hiding", "Protesters injured"];
    let report = |sentences: usize| -> String {
        let sentence = |n: usize| {
            let (act, town) = (acts[n % acts.len()], towns[n / 7 % towns.len()]);
            format!("{act} {} soldiers in {town} on {} May. Chad denied it. ", n % 90 + 2, n / 11 % 28 + 1)
        };
        (0..sentences).map(sentence).collect()
    };
    let spent = |sentences: usize| {
        let given = Given { date: Some("2019-06-02".into()), ..Given::default() };
        let doc = read_row(models(), "many", &report(sentences), &given);
        let events = doc.events.len();
        let started = Instant::now();
        let before = computed(started);
        reconcile(models(), vec![doc]);
        (events, computed(started).saturating_sub(before))
    };
    let ((few, short), (many, long)) = (spent(3000), spent(12_000));
    if std::env::var_os("TELLINGS_SHOW").is_some() {
        eprintln!("{few} events in {short:?}, {many} in {long:?}");
    }
    assert!(many > 10_000, "{many} events");
    assert!(long < short * 8 + Duration::from_millis(300), "{few} events in {short:?}, {many} in {long:?}");
}

/// Time that this thread has computed; where that is not told, time that has passed.
fn computed(started: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    told.and_then(|s| s.split(' ').next()?.parse().ok()).map_or_else(|| started.elapsed(), Duration::from_nanos)
}

/// Some sentences of news, cut into pieces that the properties put together at will.
const PIECES: [&str; 48] = [
    "The army",
    "rebels",
    "President Keller",
    "Mali",
    "France",
    "the U.N.",
    "she",
    "their",
    "it",
    "who",
    "killed",
    "met",
    "attacked",
    "denied",
    "accused",
    "said",
    "will sign",
    "has been arrested by",
    "not",
    "two",
    "12 soldiers",
    "in Geneva",
    "on Monday",
    "last week",
    "of",
    "and",
    "but",
    "if",
    "that",
    "to leave",
    "the talks",
    "a truce",
    ".",
    ",",
    ";",
    "“",
    "”",
    "\"",
    "'s",
    "(AP) —",
    "\n",
    "\n\n",
    "…",
    "!",
    "3.5%",
    "U.S.",
    "\u{200b}",
    "\u{202e}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}|(\\p{Arabic}|\\p{Hebrew}|[ \u{200b}-\u{200f}\u{202a}-\u{202e}]){0,80}") {
        swallow("any.row", text.as_bytes());
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..4usize) {
        swallow(["any.txt", "any.html", "any.md", "any.jsonl"][kind], &bytes);
    }

    #[test]
    fn any_news_is_read(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: Vec<&str> = pieces.iter().map(|&p| PIECES[p]).collect();
        swallow("any.row", text.join(" ").as_bytes());
    }
}

/// Reports of the repository: samples and cases of the article stage.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for folder in ["examples/ceasefire", "examples/hangzhou", "testdata/articles"] {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.retain(|path| {
            path.extension().is_some_and(|e| ["txt", "md", "html"].iter().any(|known| e == *known))
                && !path.ends_with("README.md")
        });
        for path in paths {
            found.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
        }
    }
    let lines: Vec<String> = (found.iter())
        .map(|(name, bytes)| serde_json::json!({"id": name, "text": String::from_utf8_lossy(bytes)}).to_string())
        .collect();
    found.push(("rows.jsonl".to_string(), lines.join("\n").into_bytes()));
    found
}

#[test]
fn order_and_threads_change_nothing() {
    let given = || Given { date: Some("2016-09-06".into()), ..Given::default() };
    let items: Vec<Report> = (samples().into_iter())
        .flat_map(|(name, bytes)| reports(&name, bytes, None).flatten())
        .map(|report| Report { given: given(), ..report })
        .collect();
    let run = |threads: usize, backwards: bool| {
        let mut items = items.clone();
        if backwards {
            items.reverse();
        }
        let mut docs = Vec::new();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| tellings::read_each(models(), items.into_iter().map(Ok), |doc| docs.push(doc.unwrap())));
        if backwards {
            docs.reverse();
        }
        let mut out = Vec::new();
        docs.iter().for_each(|doc| json::write_reading(doc, &mut out).unwrap());
        if backwards {
            docs.reverse();
        }
        json::write_record(&reconcile(models(), docs).1, &mut out).unwrap();
        out
    };
    let first = run(1, false);
    assert!(first == run(2, false), "two threads change the output");
    assert!(first == run(1, true), "the order of documents changes the output");
}

#[test]
fn mutations_are_read() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<f64>().ok());
    let time = Duration::from_secs_f64(number("TELLINGS_FUZZ_MINUTES").map_or(3.0, |minutes| minutes * 60.0));
    let mut seed = number("TELLINGS_FUZZ_SEED").map_or(0, |n| n as u64);
    let (samples, started) = (samples(), Instant::now());
    let mut broken = Vec::new();
    while started.elapsed() < time && broken.len() < 20 {
        let mut dice = Dice::new(seed);
        let (name, input) = &samples[dice.below(samples.len())];
        let other = &samples[dice.below(samples.len())].1;
        let bytes = mutate(input, other, &mut dice);
        let before = computed(started);
        let fell = catch_unwind(AssertUnwindSafe(|| swallow(name, &bytes))).is_err();
        let spent = computed(started).saturating_sub(before);
        if fell || spent > Duration::from_secs(5) {
            let ending = name.rsplit('.').next().unwrap();
            let path = std::env::temp_dir().join(format!("tellings-crash-{seed}.{ending}"));
            std::fs::write(&path, &bytes).unwrap();
            broken.push(format!("seed {seed}: {} ({spent:?})", path.display()));
        }
        seed += 1;
    }
    eprintln!("{seed} mutations in {:?}", started.elapsed());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
