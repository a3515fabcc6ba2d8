//! Words a second on one core, stage by stage and together: `cargo bench -p tellings-read`.
//!
//! Reads the sample reports in `examples/`, and the raw news of the shared data folder where it is there
//! (`TELLINGS_SHARED`, default `../shared`). The machine may be busy: the best of several rounds is printed.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use tellings_article::{Given, row};
use tellings_doc::Article;
use tellings_read::{Models, read_article};

const ROUNDS: usize = 5;
const STAGES: [&str; 7] = ["article", "parse and names", "time", "link", "speech", "event", "together"];

fn main() {
    let start = Instant::now();
    let models = Models::shipped();
    black_box(read_article(&models, "start", row("Start.", &Given::default())));
    println!("start-up to the first reading: {:.3} s", start.elapsed().as_secs_f64());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("TELLINGS_SHARED").map_or_else(|| root.join("../shared"), Into::into);
    measure(&models, "sample reports", &samples(&root.join("examples")));
    let news = column(&shared.join("gold/raw/wikinews-2019-2020/wikinews_2020.csv"));
    if news.is_empty() {
        eprintln!("skipped: raw news: no shared data at `{}` (set TELLINGS_SHARED)", shared.display());
    } else {
        measure(&models, "raw news", &news);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|l| l.starts_with("VmHWM")) {
        println!("peak memory {}", peak.trim_start_matches("VmHWM:").trim());
    }
}

/// The sample reports, repeated to some thousand words.
fn samples(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for story in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        for report in std::fs::read_dir(story.path()).into_iter().flatten().flatten() {
            if report.path().extension().is_some_and(|e| e == "txt") {
                texts.extend(std::fs::read_to_string(report.path()));
            }
        }
    }
    texts.iter().cycle().take(texts.len() * 8).cloned().collect()
}

/// The last column of a CSV file with quoted fields: the texts of its rows.
fn column(path: &Path) -> Vec<String> {
    let Ok(source) = std::fs::read_to_string(path) else { return Vec::new() };
    let (mut rows, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in source.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => field.clear(),
            '\n' if !quoted => rows.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    rows.into_iter().skip(1).filter(|r| r.len() > 200).take(100).collect()
}

/// Time of each stage over all texts, best of [`ROUNDS`].
fn measure(models: &Models, what: &str, texts: &[String]) {
    let given = Given { date: Some("2020-06-15".into()), ..Given::default() };
    let mut best = [Duration::MAX; STAGES.len()];
    let mut words = 0;
    for _ in 0..ROUNDS {
        let mut spent = [Duration::ZERO; STAGES.len()];
        words = 0;
        for text in texts {
            let mut clock = Instant::now();
            let mut lap = |stage: usize, spent: &mut [Duration; STAGES.len()]| {
                spent[stage] += clock.elapsed();
                clock = Instant::now();
            };
            let article: Article = row(text, &given);
            lap(0, &mut spent);
            let parse = models.parser.parse(&article);
            lap(1, &mut spent);
            let times = tellings_time::times(&article, &parse);
            lap(2, &mut spent);
            let link = models.linker.link(&article, &parse, &times);
            lap(3, &mut spent);
            let speech = models.speech.speech(&article, &parse, &times, &link);
            lap(4, &mut spent);
            let events = models.events.events(&article, &parse, &times, &link, &speech);
            lap(5, &mut spent);
            words += black_box((&parse, &events)).0.tokens.len();
        }
        spent[6] = spent[..6].iter().sum();
        for (known, new) in best.iter_mut().zip(spent) {
            *known = (*known).min(new);
        }
    }
    println!("{what}: {} texts, {words} words, one core", texts.len());
    for (stage, time) in STAGES.iter().zip(best) {
        println!("  {stage:16} {:>10.0} words/s", words as f64 / time.as_secs_f64());
    }
}
