//! What was answered, counted: for `/metrics` and for who wants a line of each answer.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper edges of the classes of time, in seconds.
const EDGES: [f64; 8] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 1.0];

/// An answer, as it is told to a log.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// `GET` …
    pub method: &'a str,
    /// Where it was asked from.
    pub from: &'a str,
    /// Path and query.
    pub address: &'a str,
    /// `200` …
    pub status: u16,
    /// How long it took.
    pub took: Duration,
}

type Log = Box<dyn Fn(&Line<'_>) + Send + Sync>;

#[derive(Default)]
pub(crate) struct Tally {
    /// By the first figure of the status.
    classes: [AtomicU64; 6],
    /// By time; the last: longer.
    times: [AtomicU64; EDGES.len() + 1],
    micros: AtomicU64,
    pub(crate) log: Option<Log>,
}

impl Tally {
    pub(crate) fn add(&self, line: &Line<'_>) {
        let (status, took) = (line.status, line.took);
        self.classes[usize::from(status / 100).min(5)].fetch_add(1, Ordering::Relaxed);
        let class = EDGES.iter().position(|edge| took.as_secs_f64() <= *edge).unwrap_or(EDGES.len());
        self.times[class].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
        if let Some(log) = &self.log {
            log(line);
        }
    }

    /// As Prometheus reads it.
    pub(crate) fn metrics(&self) -> String {
        let mut out = String::new();
        out.push_str("# HELP tellings_desk_answers_total Answers by the class of their status.\n# TYPE tellings_desk_answers_total counter\n");
        for (class, count) in self.classes.iter().enumerate().skip(2) {
            let _ = writeln!(out, "tellings_desk_answers_total{{class=\"{class}xx\"}} {}", count.load(Ordering::Relaxed));
        }
        out.push_str("# HELP tellings_desk_seconds How long answers took.\n# TYPE tellings_desk_seconds histogram\n");
        let mut sum = 0;
        for (at, count) in self.times.iter().enumerate() {
            sum += count.load(Ordering::Relaxed);
            let edge = EDGES.get(at).map_or("+Inf".to_string(), f64::to_string);
            let _ = writeln!(out, "tellings_desk_seconds_bucket{{le=\"{edge}\"}} {sum}");
        }
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "tellings_desk_seconds_sum {seconds}\ntellings_desk_seconds_count {sum}");
        out
    }
}
