//! `tellings stories` on a stream: the seeds among all kinds of pages, threads, order, cost.

use crate::root;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tellings_testing::floors;

fn stories(arguments: &[PathBuf], threads: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_tellings"))
        .args(["stories", "--quiet", "--output", "json"])
        .args(arguments)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("tellings runs");
    output.stdout
}

fn html(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|e| e.path()) {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() {
            html(&path, found);
        } else if name.ends_with(".html") && name != "expected.html" {
            found.push(path);
        }
    }
}

#[test]
fn the_seeds_among_pages_of_all_kinds_are_one_story_alone() {
    let pages = root().join(".gold/pages");
    let Some(shared) = floors::shared(&root(), "stories-pages").filter(|_| pages.is_dir()) else {
        println!("skipped: stories-pages: no pages in `{}`", pages.display());
        return;
    };
    let mut files = vec![shared.join("seeds")];
    html(&pages, &mut files);
    let record: Value = serde_json::from_slice(&stories(&files, "2")).expect("stories are JSON");
    let seeds = ["000_703e06c0c5c6e456", "003_10fe72c103c1108d", "004_3f7de9f7a3c1e17e"];
    let documents = |story: &Value| -> Vec<String> {
        story["documents"].as_array().into_iter().flatten().filter_map(|d| Some(d.as_str()?.to_string())).collect()
    };
    let all: Vec<Vec<String>> = record["stories"].as_array().expect("stories").iter().map(documents).collect();
    let of: Vec<&Vec<String>> = all.iter().filter(|s| s.iter().any(|d| seeds.contains(&d.as_str()))).collect();
    println!("{} reports in {} stories", all.iter().map(Vec::len).sum::<usize>(), all.len());
    assert_eq!(of.len(), 1, "{of:?}");
    assert_eq!(of[0].len(), 3, "{of:?}");
}

#[test]
fn threads_and_order_change_no_byte() {
    let samples = ["examples/ceasefire", "examples/hangzhou"].map(|f| root().join(f));
    let one = stories(&samples, "1");
    assert!(one.len() > 1000);
    assert_eq!(one, stories(&samples, "2"));
    let [a, b] = samples;
    assert_eq!(one, stories(&[b, a], "2"));
}
