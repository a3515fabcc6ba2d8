//! Scores on the development gold, held by `testdata/floors.toml`. They are computed by the scorer that defines them.

use crate::root;
use std::collections::BTreeMap;
use std::process::Command;
use tellings_testing::floors;

/// Runs one scorer task on the readings of the shipped program and checks its figures against the floors of `section`.
/// Skipped aloud without the shared data or without `python3`.
fn score(section: &str, task: &str, gold: &str) {
    score_with(section, task, gold, &[]);
}

/// As [`score`], on saved pages, which lie unpacked in `.gold/pages` of the checkout; skipped aloud without them.
fn score_pages(section: &str, task: &str, gold: &str, pages: &str) {
    let pages = root().join(".gold/pages").join(pages);
    if !pages.is_dir() {
        eprintln!("skipped: {section}: no pages in `{}`", pages.display());
        return;
    }
    score_with(section, task, gold, &["--html".as_ref(), pages.as_os_str()]);
}

fn score_with(section: &str, task: &str, gold: &str, more: &[&std::ffi::OsStr]) {
    let Some(shared) = floors::shared(&root(), section) else { return };
    score_file(section, task, &shared.join("eval/dev").join(gold), more);
}

fn score_file(section: &str, task: &str, gold: &std::path::Path, more: &[&std::ffi::OsStr]) {
    let root = root();
    let Some(shared) = floors::shared(&root, section) else { return };
    let program = env!("CARGO_BIN_EXE_tellings");
    let output = Command::new("python3")
        .arg(shared.join("eval/score.py"))
        .args([task, "--json", "--run", program, "--gold"])
        .arg(gold)
        .args(more)
        .output()
        .unwrap_or_else(|error| panic!("cannot run python3 for {section}: {error}"));
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: BTreeMap<String, Option<f64>> =
        text.lines().find(|line| line.starts_with('{')).and_then(|line| serde_json::from_str(line).ok()).unwrap_or_else(|| {
            panic!("{section}: the scorer printed no figures: {text}{}", String::from_utf8_lossy(&output.stderr))
        });
    let figures = figures.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    floors::check(&root.join("testdata/floors.toml"), section, &figures);
}

#[test]
fn parse_ewt() {
    score("parse-ewt-dev", "parse", "parse-ewt-dev.jsonl.gz");
}

#[test]
fn parse_gum() {
    score("parse-gum-dev", "parse", "parse-gum-dev.jsonl");
}

#[test]
fn ner_ewt() {
    score("ner-ewt-dev", "ner", "ner-ewt-dev.jsonl");
}

#[test]
fn ner_crossner() {
    score("ner-crossner-dev", "ner", "ner-crossner-dev.jsonl");
}

#[test]
fn ner_re3d() {
    score("ner-re3d-dev", "ner", "ner-re3d-dev.jsonl");
}

#[test]
fn time_wikiwars() {
    score("time-wikiwars-dev", "time", "time-wikiwars-dev.jsonl");
}

#[test]
fn geo_geovirus() {
    score("geo-geovirus-dev", "geo", "geo-geovirus-dev.jsonl");
}

#[test]
fn quotes_propbank() {
    score("quotes-propbank-dev", "quotes", "quotes-propbank-dev.jsonl");
}

/// Our own annotation of Wikinews reports: offsets are in the repository, the texts in the shared data.
#[test]
fn quotes_wikinews() {
    let root = root();
    let Some(shared) = floors::shared(&root, "quotes-wikinews-own") else { return };
    let texts = shared.join("gold/raw/wikinews-2019-2020");
    if !texts.is_dir() {
        eprintln!("skipped: quotes-wikinews-own: no reports in `{}`", texts.display());
        return;
    }
    let joined = Command::new("python3").arg(root.join("testdata/quotes/join.py")).arg(&texts).output().expect("python3 runs");
    assert!(joined.status.success(), "{}", String::from_utf8_lossy(&joined.stderr));
    let gold = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("quotes-wikinews-own.jsonl");
    std::fs::write(&gold, joined.stdout).expect("the target folder can be written");
    score_file("quotes-wikinews-own", "quotes", &gold, &[]);
}

#[test]
fn events_un() {
    score("events-un-dev", "events", "events-un-dev.jsonl");
}

#[test]
fn events_petrarch() {
    score("events-petrarch-dev", "events", "events-petrarch-dev.jsonl");
}

#[test]
fn report_wikinews() {
    score("report-wikinews-dev", "report", "report-wikinews-dev.jsonl");
}

#[test]
fn pages_wcxb() {
    score_pages("pages-wcxb-dev", "pages", "pages-wcxb-dev.jsonl.gz", "wcxb");
}

#[test]
fn pagedate_wcxb() {
    score_pages("pagedate-wcxb-dev", "pagedate", "pages-wcxb-dev.jsonl.gz", "wcxb");
}

#[test]
fn xcoref_ecb() {
    score("xcoref-ecb-dev", "xcoref", "xcoref-ecb-dev.jsonl");
}

#[test]
fn stories_ecb() {
    score("stories-ecb-dev", "stories", "stories-ecb-dev.jsonl");
}
