//! What a store costs: generated reports added, put into stories, searched and listed. Prints rates at the start and at the end, sizes,
//! and latencies.

use crate::news::News;
use anyhow::Result;
use std::path::Path;
use std::time::Instant;
use tellings::store::{Database, RecordEventSearch, Search, Store, StorySearch};
use tellings::{Body, Given, Models, Report};

/// Searches of each kind that are timed.
const SEARCHES: usize = 500;
/// Stories of which the records are made, to see what one costs.
const RECORDS: usize = 2000;

/// Adds `n` reports of at most so many paragraphs to a new store in the temporary folder, and looks things up in it.
pub(crate) fn measure(n: usize, paragraphs: usize) -> Result<()> {
    let path = std::env::temp_dir().join(format!("tellings-bench-{}.db", std::process::id()));
    let models = Models::shipped();
    let mut store = Database::open(&path)?;
    let run = tellings::store::this_run(&[]);
    let start = Instant::now();
    let (mut done, mut words, mut last) = (0usize, 0usize, (0usize, start, cpu()));
    let step = (n / 20).max(1000);
    let reports = News::new(paragraphs).take(n).map(|report| {
        words += report.text.split(' ').count();
        let given = Given { date: Some(report.day), ..Given::default() };
        Ok(Report { id: report.id, given, body: Body::Row(report.text), problems: Vec::new(), keys: Vec::new() })
    });
    tellings::store::add_later(&models, &mut store, &run, reports, |told| {
        done += usize::from(told.is_ok());
        if done % step == 0 {
            let rate = (done - last.0) as f64 / last.1.elapsed().as_secs_f64();
            let own = (cpu() - last.2) * 1e3 / (done - last.0) as f64;
            let (size, passed) = (megabytes(&path), start.elapsed().as_secs_f64());
            println!("{done:9} reports  {rate:6.0} a second, {own:.2} ms of processor time each  {size:7.1} MB  {passed:5.0} s");
            last = (done, Instant::now(), cpu());
        }
    })?;
    println!(
        "added in {:.0} s: {done} reports of {} words, {:.1} MB",
        start.elapsed().as_secs_f64(),
        words / done.max(1),
        megabytes(&path)
    );
    let counts = store.counts()?;
    println!("{} stories, {} events, {} reports in no story", counts.stories, counts.events, counts.unplaced);
    look(&store, n)?;
    records(&models, &mut store)?;
    let wrong = if n <= 200_000 { store.check()? } else { Vec::new() };
    println!("check: {} things wrong {:?}", wrong.len(), wrong.first());
    drop(store);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    Ok(())
}

/// Seconds of processor time that this process has used, where the system tells it.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn megabytes(path: &Path) -> f64 {
    let size = |path: String| std::fs::metadata(path).map_or(0, |m| m.len());
    (size(path.display().to_string()) + size(format!("{}-wal", path.display()))) as f64 / 1e6
}

/// Times so many calls; prints median and 99th percentile.
fn time<T>(what: &str, mut call: impl FnMut(usize) -> tellings::store::Result<Vec<T>>) -> Result<()> {
    let (mut times, mut found) = (Vec::new(), 0);
    for i in 0..SEARCHES {
        let start = Instant::now();
        found += call(i)?.len();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let each = found as f64 / SEARCHES as f64;
    println!("{what:44} median {:7.2} ms  p99 {:7.2} ms  ({each:.1} found)", at(0.5), at(0.99));
    Ok(())
}

/// What people look up, with words and days of the reports that are there.
fn look(store: &Database, n: usize) -> Result<()> {
    let numbers: Vec<i64> = (0..SEARCHES).map(|i| (i * 7919 % n) as i64 + 1).collect();
    let sample = store.documents(&numbers)?;
    let words = |i: usize| -> Vec<String> {
        let text = &sample[i % sample.len()].entry.text;
        let names = text.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 4 && w.starts_with(char::is_uppercase));
        names.take(2).map(str::to_string).collect()
    };
    let day = |i: usize| sample[i % sample.len()].entry.day.clone();
    let search = |words: String, i: usize, dated: bool| Search {
        words,
        days: if dated { (day(i), day(i)) } else { (None, None) },
        limit: 20,
        ..Search::default()
    };
    time("search, a name", |i| store.search(&search(words(i).first().cloned().unwrap_or_default(), i, false)))?;
    time("search, two names", |i| store.search(&search(words(i).join(" "), i, false)))?;
    time("search, a phrase on one day", |i| store.search(&search("\"said that\"".into(), i, true)))?;
    const COMMON: [&str; 4] = ["water", "police", "vaccine", "election"];
    time("search, a common word", |i| store.search(&search(COMMON[i % 4].into(), i, false)))?;
    time("reports of one day", |i| store.search(&search(String::new(), i, true)))?;
    time("a report", |i| Ok(store.document(&sample[i % sample.len()].entry.id)?.into_iter().collect()))?;
    let latest = StorySearch { limit: 50, ..StorySearch::default() };
    time("stories, the last that moved", |_| store.stories(&latest))?;
    time("stories of a day and of five reports", |i| {
        store.stories(&StorySearch { days: (day(i), day(i)), min_documents: 5, limit: 50, ..StorySearch::default() })
    })?;
    time("stories by a name", |i| {
        store.stories(&StorySearch { words: words(i).first().cloned().unwrap_or_default(), limit: 50, ..StorySearch::default() })
    })?;
    time("the story of a report, with its reports", |i| {
        let stories = store.stories_of(sample[i % sample.len()].number)?;
        stories.first().map_or(Ok(Vec::new()), |s| store.members(s.number))
    })
}

/// Makes the records of some stories, and lists what they tell.
fn records(models: &Models, store: &mut Database) -> Result<()> {
    let run = store.begin(&tellings::store::this_run(&[]))?;
    let (start, before, mut made) = (Instant::now(), cpu(), 0);
    tellings::store::refresh_some(models, store, run, RECORDS, |n| made = n)?;
    let (passed, own) = (start.elapsed().as_secs_f64(), (cpu() - before) * 1e3 / made.max(1) as f64);
    println!("{made} records made in {passed:.1} s, {own:.1} ms of processor time each");
    time("events of a type that two lineages tell", |i| {
        let kinds = vec![["CONSULT", "ACCUSE", "ASSAULT", "PROTEST"][i % 4].to_string()];
        store.record_events(&RecordEventSearch { kinds, min_origins: 2, limit: 100, ..RecordEventSearch::default() })
    })
}
