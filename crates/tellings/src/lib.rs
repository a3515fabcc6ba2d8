//! The engine the front ends share: open, gather, read, reconcile, explain.

pub mod corrections;
mod explain;
mod gather;
pub mod json;
mod own;
pub mod spread;
pub mod store;
pub mod watch;
mod web;

pub use explain::{Explanation, explain};
pub use gather::{Gather, failures, gather, read_report, reports};
pub use own::{OwnFiles, coded_dyads, models};
pub use tellings_brief as brief;
pub use tellings_doc as doc;
pub use tellings_export as export;
pub use tellings_fetch as fetch;
pub use tellings_input::{Body, Kind, Report, lists};
pub use tellings_read::article::{Format, Given};
pub use tellings_read::link;
pub use tellings_read::speech::{Evidence, Stance, stances};
pub use tellings_read::{Models, read, read_article, read_row};
pub use tellings_story as story;
pub use web::{Web, is_address};

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use tellings_doc::Doc;

/// Reports that are on their way at a time: enough to keep all cores busy, few enough to keep memory flat.
const WINDOW: usize = 64;
/// Bytes in them, likewise.
const WINDOW_BYTES: usize = 16 << 20;

/// Reads reports in parallel, as they come, and hands the documents on in the same order, with what could not be read
/// in its place.
pub fn read_each(
    models: &Models,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    mut take: impl FnMut(anyhow::Result<Doc>),
) {
    read_each_with(
        models,
        reports,
        |doc| doc,
        |doc| {
            take(doc);
            ControlFlow::Continue(())
        },
    );
}

/// The same; what `make` makes of each document, in parallel, is handed on, until there is no more or nothing more is wanted.
/// Who is slow to take it, or to give reports, makes reading wait: never are more on their way than a fixed number.
pub fn read_each_with<T: Send>(
    models: &Models,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    make: impl Fn(Doc) -> T + Sync,
    mut take: impl FnMut(anyhow::Result<T>) -> ControlFlow<()>,
) {
    let (mut reports, make) = (reports.into_iter(), &make);
    rayon::in_place_scope(|scope| {
        let (mut window, mut bytes, mut more) = (VecDeque::with_capacity(WINDOW), 0, true);
        loop {
            while more && window.len() < WINDOW && (window.is_empty() || bytes < WINDOW_BYTES) {
                let Some(report) = reports.next() else {
                    more = false;
                    break;
                };
                let (done, made) = sync_channel(1);
                let len = report.as_ref().map_or(0, |report| report.body.len());
                scope.spawn(move |_| {
                    // Nobody waits for it any more only if another reading panicked.
                    let _ = done.send(report.map(|report| make(read_report(models, &report))));
                });
                bytes += len;
                window.push_back((made, len));
            }
            let Some((made, len)) = window.pop_front() else { return };
            bytes -= len;
            // Without an answer a reading has panicked; so will the scope.
            let Some(made) = wait(&made) else { return };
            if take(made).is_break() {
                return;
            }
        }
    });
}

/// What comes out of a channel; a thread of the pool works on other things until then.
fn wait<T>(made: &Receiver<T>) -> Option<T> {
    loop {
        match made.try_recv() {
            Ok(made) => return Some(made),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => match rayon::yield_now() {
                None => return made.recv().ok(),
                Some(rayon::Yield::Executed) => {}
                Some(rayon::Yield::Idle) => std::thread::yield_now(),
            },
        }
    }
}

/// The record of these documents: put in the order of their ids, undated ones dated from their siblings where the
/// evidence suffices and read again with that date, then reconciled. The documents come back in the record's order.
pub fn reconcile(models: &Models, mut docs: Vec<Doc>) -> (Vec<Doc>, story::Record) {
    docs.sort_by(|a, b| a.id.cmp(&b.id));
    for dating in story::infer_dates(&docs) {
        date(models, &mut docs, dating);
    }
    let record = story::record(&docs);
    (docs, record)
}

/// Reads a document again with the date that its siblings suggest.
pub(crate) fn date(models: &Models, docs: &mut [Doc], dating: story::Dating) {
    let doc = &mut docs[dating.document];
    let mut article = std::mem::take(&mut doc.article);
    article.problems.retain(|p| p.kind != "no-date" || dating.published.is_none());
    let span = dating.published.as_ref().and_then(|p| p.span);
    let kind = if dating.published.is_some() { "inferred-date" } else { "open-date" };
    article.problems.push(doc::Problem { kind, span, note: dating.evidence });
    article.dates.extend(dating.others);
    if !dating.parts.is_empty() {
        article.part_dates = dating.parts;
    }
    article.published = dating.published;
    *doc = read_article(models, &doc.id, article);
    story::anchor_parts(doc);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn report(n: usize) -> Report {
        let row = format!("{{\"id\":\"{n}\",\"text\":\"The talks resumed.\"}}\n");
        reports("in.jsonl", row.into_bytes(), None).next().unwrap().unwrap()
    }

    #[test]
    fn who_is_slow_to_take_documents_makes_reading_wait() {
        let models = Models::shipped();
        let (given, taken) = (Cell::new(0), Cell::new(0));
        let endless = std::iter::from_fn(|| {
            given.set(given.get() + 1);
            assert!(given.get() - taken.get() <= WINDOW, "{} on their way", given.get() - taken.get());
            Some(Ok(report(given.get())))
        });
        read_each_with(
            &models,
            endless,
            |doc| doc.id,
            |id| {
                taken.set(taken.get() + 1);
                assert_eq!(id.unwrap(), taken.get().to_string());
                if taken.get() < 300 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        assert_eq!(taken.get(), 300);
    }

    #[test]
    fn one_thread_of_a_pool_reads_what_it_waits_for() {
        let models = Models::shipped();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let mut ids = Vec::new();
        pool.install(|| read_each(&models, (0..100).map(|n| Ok(report(n))), |doc| ids.push(doc.unwrap().id)));
        assert_eq!(ids, (0..100).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
