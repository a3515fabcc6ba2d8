//! Articles of saved pages and what is wrong with them, as JSON Lines, and how many pages a second one core reads: what `docs/scores.md` compares.
//!
//! `cargo run --release -p tellings-article --example pages -- FOLDER > texts.jsonl`

#![allow(clippy::print_stderr, clippy::print_stdout)]

use tellings_article::{Format, Given, article};

/// Seconds of processor time of this process so far: what other processes take does not count.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".gold/pages/wcxb/html".to_string());
    let mut paths: Vec<_> = std::fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|e| e == "html"));
    let pages: Vec<(String, Vec<u8>)> = (paths.iter())
        .map(|path| {
            (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), std::fs::read(path).unwrap_or_default())
        })
        .collect();
    let started = cpu_seconds();
    let articles: Vec<_> = pages.iter().map(|(_, bytes)| article(bytes, Format::Html, &Given::default())).collect();
    let seconds = cpu_seconds() - started;
    for ((id, _), article) in pages.iter().zip(&articles) {
        let problems: Vec<&str> = article.problems.iter().map(|problem| problem.kind).collect();
        println!("{}", serde_json::json!({"id": id, "text": article.text, "problems": problems}));
    }
    let bytes: usize = pages.iter().map(|(_, bytes)| bytes.len()).sum();
    eprintln!(
        "{} pages, {:.1} MB in {seconds:.2} s: {:.0} pages/s, {:.1} MB/s",
        pages.len(),
        bytes as f64 / 1e6,
        pages.len() as f64 / seconds,
        bytes as f64 / 1e6 / seconds
    );
}
